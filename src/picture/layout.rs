//! Where everything in a picture stands. A label is part of a box, and boxes stand in columns with room between them: no
//! label overlaps another, whatever the network looks like. Links run between the columns; one that passes a column has a
//! lane of its own there.

use super::content::{Content, Kind, Part, Wire};
use super::order::{Columns, spread};
use super::text::{Size, fit, width};

/// Room between the edge of the picture and what is in it.
pub(super) const MARGIN: i32 = 16;
/// Room between the edge of a box and what is in it.
pub(super) const PADDING: i32 = 9;
/// The same above and below a physical node.
const NODE_PADDING: i32 = 4;
/// The line of a name.
pub(super) const NAME: i32 = 20;
/// A line of anything else.
pub(super) const LINE: i32 = 16;
/// Room for a sign before a text.
pub(super) const SIGN: i32 = 18;
/// A lane for a link that passes a column.
const LANE: i32 = 10;
const GAP: i32 = 14;
/// Room between two columns.
const BETWEEN: i32 = 84;
/// A column is no narrower and no wider.
const WIDTHS: std::ops::RangeInclusive<i32> = 118..=250;
/// The widest port label.
const PORT: i32 = 104;
/// Sweeps over the columns to straighten links.
const SWEEPS: usize = 8;

/// A box with its place.
#[derive(Debug, Default, Clone)]
pub(super) struct Spot {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
    /// The rows of ports at its left and at its right: wire and end.
    pub(super) ports: [Vec<(usize, usize)>; 2],
    /// Where the rows of ports begin, from its top.
    pub(super) rows: i32,
}

/// A way through the picture: points in pairs, each pair a straight piece, with curves between the pairs.
#[derive(Debug, Default, Clone)]
pub(super) struct Way {
    pub(super) points: Vec<(i32, i32)>,
    /// Whether both ends are in one column: then it is one curve beside it, on the left or the right.
    pub(super) beside: Option<Side>,
}

/// A side of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// Where everything is.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) width: i32,
    pub(super) height: i32,
    /// The boxes, as the parts of the content.
    pub(super) spots: Vec<Spot>,
    /// The links, as the wires of the content.
    pub(super) ways: Vec<Way>,
}

/// A port as it is shown.
pub(super) fn port_label(port: &str) -> String {
    fit(port, Size::Small, PORT)
}

/// Room above the boxes.
pub(super) const HEAD: i32 = 74;

/// Finds a place for everything in `content`.
pub(super) fn layout(content: &Content) -> Layout {
    let mut plan = Plan::new(content);
    plan.columns.untangle();
    let mut spots = plan.sizes();
    let centres = plan.heights(&spots);
    plan.place(&mut spots, &centres);
    let ways = plan.ways(&mut spots, &centres);
    let right = spots.iter().map(|spot| spot.x + spot.width).max().unwrap_or(0);
    let bottom = spots.iter().map(|spot| spot.y + spot.height).max().unwrap_or(HEAD);
    Layout { width: right + MARGIN, height: bottom + MARGIN, spots, ways }
}

struct Plan<'p> {
    content: &'p Content,
    /// Parts by their number, then lanes.
    columns: Columns,
    /// For each wire the lanes it takes, by the column, from the left.
    lanes: Vec<Vec<usize>>,
    /// Where each column begins, and how wide it is.
    across: Vec<(i32, i32)>,
}

impl<'p> Plan<'p> {
    fn new(content: &'p Content) -> Self {
        let parts = &content.parts;
        let count = parts.iter().map(|part| part.column + 1).max().unwrap_or(0);
        let mut columns: Vec<Vec<usize>> = vec![Vec::new(); count];
        parts.iter().enumerate().for_each(|(number, part)| columns[part.column].push(number));
        let mut near: Vec<Vec<usize>> = vec![Vec::new(); parts.len()];
        let mut lanes = Vec::new();
        for wire in &content.wires {
            let [left, right] = from_left(wire, parts).map(|end| wire.ends[end].part);
            let mut taken = Vec::new();
            let mut last = left;
            let (first, end) = (parts[left].column + 1, parts[right].column);
            for column in columns.iter_mut().take(end).skip(first) {
                let lane = near.len();
                column.push(lane);
                near.push(vec![last]);
                near[last].push(lane);
                taken.push(lane);
                last = lane;
            }
            if parts[left].column != parts[right].column {
                near[last].push(right);
                near[right].push(last);
            }
            lanes.push(taken);
        }
        Self { content, columns: Columns { columns, near }, lanes, across: Vec::new() }
    }

    /// The side of a part that a wire ends at.
    fn side(&self, wire: &Wire, end: usize) -> Side {
        let [here, there] = [end, 1 - end].map(|end| self.content.parts[wire.ends[end].part].column);
        match here.cmp(&there) {
            std::cmp::Ordering::Less => Side::Right,
            std::cmp::Ordering::Greater => Side::Left,
            std::cmp::Ordering::Equal if here == 0 => Side::Left,
            std::cmp::Ordering::Equal => Side::Right,
        }
    }

    /// How large each box is; all of a column are equally wide.
    fn sizes(&mut self) -> Vec<Spot> {
        let parts = &self.content.parts;
        let mut spots: Vec<Spot> = vec![Spot::default(); parts.len()];
        for (number, wire) in self.content.wires.iter().enumerate() {
            for end in 0..2 {
                let side = self.side(wire, end) as usize;
                spots[wire.ends[end].part].ports[side].push((number, end));
            }
        }
        let mut widths = vec![*WIDTHS.start(); self.columns.columns.len()];
        for (spot, part) in spots.iter_mut().zip(parts) {
            let rows = spot.ports.iter().map(Vec::len).max().unwrap_or(0) as i32;
            let labels = |side: &Vec<(usize, usize)>| {
                let ports =
                    side.iter().filter_map(|(wire, end)| self.content.wires[*wire].ends[*end].port.as_ref());
                ports.map(|port| width(&port_label(port), Size::Small)).max().unwrap_or(0)
            };
            let bands = part.bands.len() as i32 * LINE;
            let notes = part.notes.len() as i32 * LINE;
            let named = if part.kind == Kind::Node { 0 } else { NAME + notes };
            // The links of a machine have no labels, and meet it beside what is in it.
            let ports = if matches!(part.kind, Kind::Switch { .. }) { rows * LINE } else { 0 };
            spot.rows = if ports > 0 { PADDING + named } else { 0 };
            let inside = named + ports + bands;
            let padding = if part.kind == Kind::Node { NODE_PADDING } else { PADDING };
            spot.height = inside.max(rows * LANE) + 2 * padding;
            let texts = part.notes.iter().map(|note| width(note, Size::Small));
            let bands = part.bands.iter().map(|band| width(&band.text, Size::Small) + SIGN);
            let name = if part.kind == Kind::Node { 0 } else { width(&part.name, Size::Name) };
            let sides: i32 = spot.ports.iter().map(labels).sum();
            let widest = texts.chain(bands).chain([name, sides + 2 * PADDING]).max().unwrap_or(0);
            let column = &mut widths[part.column];
            *column = (*column).max((widest + 2 * PADDING).min(*WIDTHS.end()));
        }
        let beside = |column: usize| {
            let inside = |wire: &&Wire| wire.ends.iter().all(|end| parts[end.part].column == column);
            self.content.wires.iter().any(|wire| inside(&wire))
        };
        let mut x = MARGIN + if beside(0) { BETWEEN / 2 } else { 0 };
        for (column, width) in widths.into_iter().enumerate() {
            self.across.push((x, width));
            x += width + BETWEEN + if column > 0 && beside(column) { BETWEEN / 3 } else { 0 };
        }
        for (spot, part) in spots.iter_mut().zip(parts) {
            (spot.x, spot.width) = self.across[part.column];
        }
        spots
    }

    fn height(&self, thing: usize, spots: &[Spot]) -> i32 {
        spots.get(thing).map_or(LANE, |spot| spot.height)
    }

    /// How high the middle of each thing is: near the middle of those it is linked with.
    fn heights(&self, spots: &[Spot]) -> Vec<f64> {
        let count = self.columns.near.len();
        let mut centres = vec![0.0; count];
        let apart: Vec<Vec<f64>> = self
            .columns
            .columns
            .iter()
            .map(|column| {
                let both = |pair: &[usize]| {
                    let nodes = pair.iter().all(|thing| {
                        self.content.parts.get(*thing).is_some_and(|part| part.kind == Kind::Node)
                    });
                    let gap = if nodes { GAP / 3 } else { GAP };
                    let sum: i32 = pair.iter().map(|thing| self.height(*thing, spots)).sum();
                    f64::from(sum) / 2.0 + f64::from(gap)
                };
                column.windows(2).map(both).collect()
            })
            .collect();
        for (column, apart) in self.columns.columns.iter().zip(&apart) {
            let places = spread(&vec![0.0; column.len()], apart);
            column.iter().zip(places).for_each(|(thing, place)| centres[*thing] = place);
        }
        let last = self.columns.columns.len();
        for sweep in 0..SWEEPS {
            for step in 0..last {
                let at = if sweep % 2 == 0 { last - 1 - step } else { step };
                let column = &self.columns.columns[at];
                let wanted = |thing: &usize| {
                    let near = &self.columns.near[*thing];
                    match near.is_empty() {
                        true => centres[*thing],
                        false => near.iter().map(|other| centres[*other]).sum::<f64>() / near.len() as f64,
                    }
                };
                let wanted: Vec<f64> = column.iter().map(wanted).collect();
                let places = spread(&wanted, &apart[at]);
                column.iter().zip(places).for_each(|(thing, place)| centres[*thing] = place);
            }
        }
        let tops = (0..count).map(|thing| centres[thing] - f64::from(self.height(thing, spots)) / 2.0);
        let top = tops.fold(f64::INFINITY, f64::min);
        centres.into_iter().map(|centre| centre - top + f64::from(HEAD)).collect()
    }

    fn place(&self, spots: &mut [Spot], centres: &[f64]) {
        for (spot, centre) in spots.iter_mut().zip(centres) {
            spot.y = (centre - f64::from(spot.height) / 2.0).round() as i32;
        }
    }

    /// The ways of the links. Ports stand in the order of where their links go.
    fn ways(&self, spots: &mut [Spot], centres: &[f64]) -> Vec<Way> {
        let next = |wire: usize, end: usize| {
            let [left, right] = from_left(&self.content.wires[wire], &self.content.parts);
            let lanes = &self.lanes[wire];
            let other = self.content.wires[wire].ends[1 - end].part;
            if end == left && left != right {
                lanes.first().copied().unwrap_or(other)
            } else {
                lanes.last().copied().unwrap_or(other)
            }
        };
        for spot in spots.iter_mut() {
            for side in &mut spot.ports {
                side.sort_by(|one, other| {
                    let height = |(wire, end): &(usize, usize)| centres[next(*wire, *end)];
                    height(one).total_cmp(&height(other)).then_with(|| one.cmp(other))
                });
            }
        }
        let ends = |wire: usize| {
            [0, 1].map(|end| {
                let part = self.content.wires[wire].ends[end].part;
                let side = self.side(&self.content.wires[wire], end);
                let row = spots[part].ports[side as usize].iter().position(|one| *one == (wire, end));
                (port_at(&spots[part], side, row.unwrap_or(0)), side)
            })
        };
        let way = |(wire, lanes): (usize, &Vec<usize>)| {
            let order = from_left(&self.content.wires[wire], &self.content.parts);
            let both = ends(wire);
            let [(start, side), (end, other)] = order.map(|end| both[end]);
            let lane = |lane: &usize| {
                let column =
                    self.columns.columns.iter().position(|column| column.contains(lane)).unwrap_or(0);
                let (x, width) = self.across[column];
                let y = centres[*lane].round() as i32;
                [(x, y), (x + width, y)]
            };
            let mut points = vec![start];
            points.extend(lanes.iter().flat_map(lane));
            points.push(end);
            Way { points, beside: (side == other).then_some(side) }
        };
        self.lanes.iter().enumerate().map(way).collect()
    }
}

/// Where a link meets a box: beside the label of its port, and where there are none, evenly along its side.
fn port_at(spot: &Spot, side: Side, row: usize) -> (i32, i32) {
    let x = match side {
        Side::Left => spot.x,
        Side::Right => spot.x + spot.width,
    };
    let count = spot.ports[side as usize].len() as i32;
    let row = row as i32;
    let y = match spot.rows {
        0 => spot.y + spot.height / 2 + (2 * row - (count - 1)) * LANE / 2,
        rows => spot.y + rows + row * LINE + LINE / 2,
    };
    (x, y)
}

/// The ends of a link, the one in the left column first.
pub(super) fn from_left(wire: &Wire, parts: &[Part]) -> [usize; 2] {
    let [one, other] = [0, 1].map(|end| parts[wire.ends[end].part].column);
    if one <= other { [0, 1] } else { [1, 0] }
}
