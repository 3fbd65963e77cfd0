//! Writes a picture: coordinates for the template, which knows how each thing looks.

use super::Frame;
use super::content::{Band, Content, Kind, Look, Part, Sign, Wire};
use super::layout::{
    HEAD, LINE, Layout, MARGIN, NAME, PADDING, SIGN, Side, Spot, Way, from_left, port_label,
};
use super::text::{Size, width};
use super::view::{Arrow, BandView, BoxView, Entry, Mark, Text, View, WireView};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value};

const TEMPLATE: &str = include_str!("../../templates/picture/picture.svg.j2");
/// A picture is no narrower: its heading needs room.
const NARROWEST: i32 = 560;
/// The line of a sample in the legend.
const SAMPLE: i32 = 26;
/// How far from its box a port-channel's ring is, as a part of the curve.
const RING: f64 = 0.14;
/// How far from its box an arrow ends: there is a port.
const PORT: i32 = 3;

/// The picture as SVG, with a line end.
pub(super) fn draw(
    content: &Content,
    layout: &Layout,
    frame: &Frame<'_>,
) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_template("picture.svg", TEMPLATE)?;
    let mut text =
        environment.get_template("picture.svg")?.render(Value::from(Serde(&view(content, layout, frame))))?;
    text.truncate(text.trim_end().len());
    text.push('\n');
    Ok(text)
}

fn view<'v>(content: &'v Content, layout: &Layout, frame: &'v Frame<'_>) -> View<'v> {
    let whole = layout.width.max(NARROWEST);
    let aside = (whole - layout.width) / 2;
    let room = whole - 2 * MARGIN;
    let mut wires: Vec<(&Wire, &Way)> = content.wires.iter().zip(&layout.ways).collect();
    // What matters lies above what does not.
    wires.sort_by_key(|(wire, _)| std::cmp::Reverse(wire.look.weight()));
    let texts = vec![
        Text::new(MARGIN, 27, Size::Heading, &content.heading, room),
        Text::new(MARGIN, 46, Size::Small, &content.frame, room),
        Text::new(MARGIN + SIGN, 63, Size::Name, &content.fares, room - SIGN),
    ];
    let (legend, bottom) = legend(content, layout.height.max(HEAD), room);
    View {
        id: frame.id,
        style: frame.alone.then_some(super::STYLE),
        width: whole,
        height: bottom,
        title: format!("{}. {}: {}", content.heading, content.frame, content.fares),
        told: content.told.join("\n"),
        texts,
        verdict: Mark { sign: content.sign.class(), x: MARGIN + 6, y: 59 },
        wires: wires.into_iter().map(|(wire, way)| wire_view(content, wire, way, aside)).collect(),
        boxes: content
            .parts
            .iter()
            .zip(&layout.spots)
            .map(|(part, spot)| box_view(content, part, spot, aside))
            .collect(),
        legend,
    }
}

fn wire_view<'v>(content: &Content, wire: &'v Wire, way: &Way, aside: i32) -> WireView<'v> {
    let points: Vec<(i32, i32)> = way.points.iter().map(|(x, y)| (x + aside, *y)).collect();
    let order = from_left(wire, &content.parts);
    let (first, last) = (points[0], points[points.len() - 1]);
    let sides = match way.beside {
        Some(side) => [side, side],
        None => [Side::Right, Side::Left],
    };
    let ends = [(order[0], first, sides[0]), (order[1], last, sides[1])];
    let arrows = ends.iter().filter(|(end, ..)| wire.ends[*end].arrives);
    let pairs = [[points[0], points[1]], [points[points.len() - 2], last]];
    let curves = pairs.map(|pair| Curve::of(&pair, way.beside));
    let near_ends = [curves[0].at(RING), curves[1].at(1.0 - RING)];
    let rings = ends.iter().zip(near_ends).filter(|((end, ..), _)| wire.ends[*end].lag);
    let crossed = matches!(wire.look, Look::Lost | Look::Down);
    // A frame that does not leave a switch is crossed out near the switch.
    let near_switch = wire.ends.iter().position(|end| end.port.is_some()).unwrap_or(0);
    let part = if wire.look == Look::Down {
        0.5
    } else if order[0] == near_switch {
        0.3
    } else {
        0.7
    };
    WireView {
        look: wire.look.class(),
        path: path(&points, way.beside),
        title: &wire.title,
        arrows: arrows
            .map(|(end, point, side)| arrow(wire.ends[*end].port.is_some(), *point, *side))
            .collect(),
        rings: rings.map(|(_, point)| point).collect(),
        cross: crossed.then(|| curves[0].at(part)),
    }
}

fn arrow(is_port: bool, (x, y): (i32, i32), side: Side) -> Arrow {
    let before = if is_port { PORT } else { 0 };
    match side {
        Side::Left => Arrow { x: x - before, y, to_right: true },
        Side::Right => Arrow { x: x + before, y, to_right: false },
    }
}

/// A curve of a link.
struct Curve([(f64, f64); 4]);

impl Curve {
    fn of(points: &[(i32, i32)], beside: Option<Side>) -> Self {
        let [(x1, y1), (x2, y2)] = [points[0], points[1]].map(|(x, y)| (f64::from(x), f64::from(y)));
        let [left, right] = match beside {
            Some(side) => {
                let out = f64::from(bulge(points[0], points[1], side));
                [x1 + out, x2 + out]
            }
            None => [x1.midpoint(x2); 2],
        };
        Self([(x1, y1), (left, y1), (right, y2), (x2, y2)])
    }

    /// The point at this part of its way, from 0 to 1.
    fn at(&self, part: f64) -> (i32, i32) {
        let rest = 1.0 - part;
        let weights = [rest.powi(3), 3.0 * rest * rest * part, 3.0 * rest * part * part, part.powi(3)];
        let sum = |pick: fn(&(f64, f64)) -> f64| {
            self.0.iter().zip(weights).map(|(point, weight)| pick(point) * weight).sum::<f64>().round() as i32
        };
        (sum(|point| point.0), sum(|point| point.1))
    }
}

fn bulge(from: (i32, i32), to: (i32, i32), side: Side) -> i32 {
    let out = (20 + (from.1 - to.1).abs() / 8).min(46);
    if side == Side::Left { -out } else { out }
}

fn path(points: &[(i32, i32)], beside: Option<Side>) -> String {
    let mut path = format!("M{} {}", points[0].0, points[0].1);
    for (number, pair) in points.windows(2).enumerate() {
        let [(x1, y1), (x2, y2)] = [pair[0], pair[1]];
        match beside {
            Some(side) => {
                let out = bulge(pair[0], pair[1], side);
                path.push_str(&format!("C{} {y1} {} {y2} {x2} {y2}", x1 + out, x2 + out));
            }
            None if number % 2 == 0 => {
                let middle = i32::midpoint(x1, x2);
                path.push_str(&format!("C{middle} {y1} {middle} {y2} {x2} {y2}"));
            }
            None => path.push_str(&format!("H{x2}")),
        }
    }
    path
}

fn box_view<'v>(content: &Content, part: &'v Part, spot: &Spot, aside: i32) -> BoxView<'v> {
    let x = spot.x + aside;
    let room = spot.width - 2 * PADDING;
    let mut texts = Vec::new();
    let mut y = spot.y + PADDING;
    if part.kind != Kind::Node {
        texts.push(Text::new(x + PADDING, y + 14, Size::Name, &part.name, room));
        y += NAME;
        for note in &part.notes {
            texts.push(Text::new(x + PADDING, y + 11, Size::Small, note, room));
            y += LINE;
        }
    }
    let mut ports = Vec::new();
    if spot.rows > 0 {
        for (side, rows) in spot.ports.iter().enumerate() {
            for (row, (wire, end)) in rows.iter().enumerate() {
                let Some(port) = &content.wires[*wire].ends[*end].port else { continue };
                let middle = spot.y + spot.rows + row as i32 * LINE + LINE / 2;
                let (edge, inside) = match side {
                    0 => (x, x + PADDING),
                    _ => (x + spot.width, x + spot.width - PADDING),
                };
                let shown = port_label(port);
                let full = (shown != *port).then(|| port.clone());
                let (y, size) = (middle + 4, Size::Small.class());
                texts.push(Text { x: inside, y, size, at_end: side == 1, text: shown, full });
                ports.push((edge, middle));
            }
        }
        y += spot.ports.iter().map(Vec::len).max().unwrap_or(0) as i32 * LINE;
    }
    // What is in a box that is higher than it needs to be stands in its middle.
    let bands = part.bands.len() as i32 * LINE;
    if spot.rows == 0 && part.kind == Kind::Node {
        y = spot.y + (spot.height - bands) / 2;
    }
    let band = |(row, band): (usize, &'v Band)| {
        let top = y + row as i32 * LINE;
        BandView {
            sign: band.sign.class(),
            x: x + 4,
            y: top,
            width: spot.width - 8,
            height: LINE,
            mark: Mark { sign: band.sign.class(), x: x + PADDING + 5, y: top + LINE / 2 },
            title: &band.title,
            text: Text::new(x + PADDING + SIGN, top + 12, Size::Small, &band.text, room - SIGN),
        }
    };
    let members = match part.kind {
        Kind::Switch { members } => members,
        Kind::Others => 3,
        _ => 1,
    };
    BoxView {
        kind: match part.kind {
            Kind::Switch { .. } | Kind::Others => "switch",
            Kind::Host => "host",
            Kind::Node => "node",
        },
        gets: part.gets,
        x,
        y: spot.y,
        width: spot.width,
        height: spot.height,
        behind: (1..members.min(3) as i32).rev().map(|member| member * 4).collect(),
        link: part.link.as_deref(),
        title: &part.title,
        texts,
        ports,
        bands: part.bands.iter().enumerate().map(band).collect(),
    }
}

/// What the signs and lines of the picture mean, in rows; and where the picture ends.
fn legend(content: &Content, top: i32, room: i32) -> (Vec<Entry>, i32) {
    let signs = [Sign::Enters, Sign::Reached, Sign::Missed, Sign::Unknown, Sign::Flood, Sign::Stop];
    let looks = [Look::Way, Look::Flood, Look::Lost, Look::Idle, Look::Down];
    let shown = |sign: &Sign| {
        content.sign == *sign
            || content.parts.iter().flat_map(|part| &part.bands).any(|band| band.sign == *sign)
    };
    let drawn = |look: &Look| content.wires.iter().any(|wire| wire.look == *look);
    let lags = content.wires.iter().flat_map(|wire| &wire.ends).any(|end| end.lag);
    let mut lines: Vec<(Option<&'static str>, Option<&'static str>, &str)> = Vec::new();
    lines.extend(signs.iter().filter(|sign| shown(sign)).map(|sign| (Some(sign.class()), None, sign.text())));
    lines.extend(looks.iter().filter(|look| drawn(look)).map(|look| (None, Some(look.class()), look.text())));
    lines.extend(lags.then_some((None, Some("lag"), "port-channel")));
    let mut entries = Vec::new();
    let (mut x, mut y) = (MARGIN, top + LINE);
    for (sign, look, text) in lines {
        let before = if sign.is_some() { SIGN } else { SAMPLE + 6 };
        let wide = before + width(text, Size::Small);
        if x > MARGIN && x + wide > MARGIN + room {
            (x, y) = (MARGIN, y + NAME);
        }
        let text = Text::new(x + before, y + 4, Size::Small, text, room);
        entries.push(Entry { x, y, sign, look, text });
        x += wide + 2 * MARGIN;
    }
    (entries, y + MARGIN)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::picture::content::End;
    use crate::picture::layout::layout;

    /// No design may hold such names; whatever else is shown one day must not act either.
    #[test]
    fn no_text_acts() {
        let hostile = "</text><script>alert(1)</script> \" onload='x' ]]> &lt;";
        let band = || Band { sign: Sign::Flood, text: hostile.to_owned(), title: hostile.to_owned() };
        let part = |column| Part {
            kind: Kind::Switch { members: 2 },
            name: hostile.to_owned(),
            notes: vec![hostile.to_owned()],
            title: hostile.to_owned(),
            column,
            gets: true,
            bands: vec![band()],
            link: Some(format!("#{hostile}")),
        };
        let end = |part| End { part, port: Some(hostile.to_owned()), lag: true, arrives: true };
        let content = Content {
            heading: hostile.to_owned(),
            frame: hostile.to_owned(),
            sign: Sign::Flood,
            fares: hostile.to_owned(),
            told: vec![hostile.to_owned()],
            parts: vec![part(0), part(1)],
            wires: vec![Wire { ends: [end(0), end(1)], look: Look::Lost, title: hostile.to_owned() }],
        };
        let text = draw(&content, &layout(&content), &Frame::ALONE).unwrap();
        let document = roxmltree::Document::parse(&text).unwrap();
        let mut elements = document.descendants().filter(roxmltree::Node::is_element);
        assert!(elements.all(|node| node.tag_name().name() != "script"));
        let mut attributes = document.descendants().flat_map(|node| node.attributes());
        assert!(attributes.all(|attribute| !attribute.name().starts_with("on")));
        let texts: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
        // As titles whole, as labels shortened.
        assert!(texts.iter().filter(|text| **text == hostile).count() > 8, "{texts:?}");
        assert!(texts.iter().any(|text| text.contains('…')), "{texts:?}");
    }
}
