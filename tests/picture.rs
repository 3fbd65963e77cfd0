//! Pictures: nothing overlaps, nothing lies outside, nothing acts, and the order of the inputs does not matter.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use nlbswitch::design::load_text;
use nlbswitch::forwarding::Question;
use nlbswitch::lint::{Candidate, Inputs, Origin, configs_of, with_estate};
use nlbswitch::picture::{Frame, svg};
use nlbswitch::plan::plan;
use nlbswitch::source::Sources;
use nlbswitch::vendor::{Packs, bind};
use proptest::prelude::*;
use support::repository;

/// The pictures of every frame of a design and its configs (by the name of the switch), under every condition.
fn pictures(text: &str, configs: &[(&str, &str)], question: &Question) -> Vec<String> {
    let mut sources = Sources::new();
    let loaded = load_text("design.yaml", text, &mut sources);
    let mut problems = loaded.problems;
    let packs = Packs::embedded();
    let bound = bind(&loaded.design, &packs, &mut problems).unwrap();
    assert!(!nlbswitch::diagnostic::has_errors(&problems), "{problems:#?}");
    let plan = plan(&bound);
    let candidate = |(name, text): &(&str, &str)| {
        let device = plan.devices.iter().find(|device| device.name == *name).unwrap();
        Candidate::from_text(&format!("{name}.cfg"), (*text).to_owned(), Arc::clone(&device.pack))
    };
    let inputs = Inputs { configs: configs.iter().map(candidate).collect(), ..Inputs::default() };
    let here = Path::new("");
    let (found, _, strangers) = configs_of(inputs, &bound, here, &mut sources);
    assert_eq!(strangers.configs, 0);
    let origin = Origin { files: &loaded.files, base: here, working_directory: here };
    with_estate(&bound, &plan, origin, found, &mut sources, |estate, _| {
        let fabric = estate.fabric();
        let clusters = 0..loaded.design.clusters.len();
        let traces = clusters.flat_map(|cluster| fabric.traces(cluster, question).traces);
        traces.map(|trace| svg(&fabric, &trace, &Frame::ALONE).unwrap()).collect()
    })
}

fn first(text: &str, configs: &[(&str, &str)]) -> String {
    pictures(text, configs, &Question::default()).into_iter().next().unwrap()
}

/// A rectangle of a picture, and what it is.
#[derive(Debug, Clone)]
struct Area {
    what: String,
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn holds(&self, other: &Self) -> bool {
        self.left <= other.left
            && other.right <= self.right
            && self.top <= other.top
            && other.bottom <= self.bottom
    }
}

fn number(node: roxmltree::Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).map_or(0.0, |value| value.parse().unwrap())
}

/// How much room a text takes at most: the advances of DejaVu Sans, the widest of the usual fonts, in thousandths.
fn width(text: &str, size: f64, bold: bool) -> f64 {
    let advance = |c: char| match c {
        'i' | 'j' | 'l' => 280.0,
        'I' | 'f' | 't' | 'r' | ' ' | '.' | ',' | ':' | ';' | '-' | '/' | '(' | ')' | '\'' | '!' => 410.0,
        'm' | 'M' | 'W' | '@' => 1000.0,
        'w' | '&' | '%' | '…' => 1000.0,
        'A'..='Z' | '<' | '>' | '=' | '+' => 838.0,
        ' '..='~' => 640.0,
        '\u{a1}'..='\u{24f}' => 850.0,
        _ => 1100.0,
    };
    let sum: f64 = text.chars().map(advance).sum();
    sum / 1000.0 * size * if bold { 1.1 } else { 1.0 }
}

fn labels(document: &roxmltree::Document<'_>) -> Vec<Area> {
    let texts =
        document.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "text")));
    texts
        .map(|node| {
            let class = node.attribute("class").unwrap();
            let (size, bold) = match class.split(' ').next().unwrap() {
                "nlb-heading" => (15.0, true),
                "nlb-name" => (13.0, true),
                "nlb-small" => (11.0, false),
                other => panic!("a text of an unknown size: {other}"),
            };
            let what: String =
                node.children().filter(roxmltree::Node::is_text).filter_map(|child| child.text()).collect();
            let (x, y, wide) = (number(node, "x"), number(node, "y"), width(&what, size, bold));
            let left = if class.contains("nlb-end") { x - wide } else { x };
            // Letters reach from 0.76 above the line to 0.24 below it.
            Area { what, left, top: y - size * 0.76, right: left + wide, bottom: y + size * 0.24 }
        })
        .collect()
}

/// The boxes that stand for something; the other switches of a stack lie behind their box.
fn boxes(document: &roxmltree::Document<'_>) -> Vec<Area> {
    let all = document.descendants().filter(|node| node.attribute("class") == Some("nlb-box"));
    let fronts = all.filter(|node| {
        node.next_siblings()
            .skip(1)
            .find(roxmltree::Node::is_element)
            .is_none_or(|next| next.attribute("class") != Some("nlb-box"))
    });
    fronts.map(|node| area(node, "box")).collect()
}

fn area(node: roxmltree::Node<'_, '_>, what: &str) -> Area {
    let (left, top) = (number(node, "x"), number(node, "y"));
    let (right, bottom) = (left + number(node, "width"), top + number(node, "height"));
    Area { what: format!("{what} at {left} {top}"), left, top, right, bottom }
}

/// The points that the curves of a picture go through and are drawn by: a curve lies among its points.
fn points(document: &roxmltree::Document<'_>) -> Vec<(f64, f64)> {
    let lines = document.descendants().filter(|node| node.attribute("class") == Some("nlb-wire nlb-line"));
    let mut points = Vec::new();
    for line in lines {
        let path = line.attribute("d").unwrap();
        let mut last = (0.0, 0.0);
        let mut rest = path;
        while let Some(command) = rest.chars().next() {
            let end = rest[1..].find(|c: char| c.is_ascii_alphabetic()).map_or(rest.len(), |end| end + 1);
            let numbers: Vec<f64> =
                rest[1..end].split_whitespace().map(|word| word.parse().unwrap()).collect();
            match command {
                'H' => last.0 = numbers[0],
                'h' => last.0 += numbers[0],
                _ => {
                    points.extend(numbers.chunks(2).map(|pair| (pair[0], pair[1])));
                    last = (numbers[numbers.len() - 2], numbers[numbers.len() - 1]);
                }
            }
            points.push(last);
            rest = &rest[end..];
        }
    }
    points
}

/// The areas of one kind that lie over each other.
fn overlaps(areas: &[Area]) -> Vec<String> {
    let mut found = Vec::new();
    for (at, one) in areas.iter().enumerate() {
        let others = areas[at + 1..].iter().filter(|other| one.overlaps(other));
        found.extend(others.map(|other| format!("`{}` overlaps `{}`", one.what, other.what)));
    }
    found
}

/// What is wrong with how a picture is laid out.
fn faults(picture: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(picture).unwrap();
    let root = document.root_element();
    let whole = Area {
        what: "picture".into(),
        left: 0.0,
        top: 0.0,
        right: number(root, "width"),
        bottom: number(root, "height"),
    };
    assert_eq!(root.attribute("viewBox").unwrap(), format!("0 0 {} {}", whole.right, whole.bottom));
    let (labels, boxes) = (labels(&document), boxes(&document));
    assert!(labels.len() > 5 && !boxes.is_empty());
    let mut faults = Vec::new();
    faults.extend(overlaps(&labels));
    for one in &labels {
        // A label is inside a box, or it touches none.
        faults.extend(
            boxes
                .iter()
                .filter(|area| one.overlaps(area) && !area.holds(one))
                .map(|area| format!("`{}` sticks out of a {}", one.what, area.what)),
        );
    }
    faults.extend(overlaps(&boxes));
    faults.extend(
        labels
            .iter()
            .chain(&boxes)
            .filter(|one| !whole.holds(one))
            .map(|one| format!("`{}` lies outside", one.what)),
    );
    for (x, y) in points(&document) {
        let point = Area { what: format!("a link at {x} {y}"), left: x, top: y, right: x, bottom: y };
        if !whole.holds(&point) {
            faults.push(format!("{} lies outside", point.what));
        }
        // Ends of links lie on the edge of a box.
        let inside = |area: &&Area| area.left < x && x < area.right && area.top < y && y < area.bottom;
        faults
            .extend(boxes.iter().find(inside).map(|area| format!("{} crosses a {}", point.what, area.what)));
    }
    faults
}

/// Hosts below a ring, a chain, a star or a pair of gateways with access switches; machines on the switches in turn.
#[derive(Debug, Clone)]
struct Site {
    shape: usize,
    switches: usize,
    nodes: usize,
    hosts: usize,
    mode: usize,
    name: String,
}

impl Site {
    const MODES: [&str; 3] = ["unicast", "multicast", "igmp-multicast"];

    /// The parts of the design: nodes, hosts, switches.
    fn parts(&self) -> [Vec<String>; 3] {
        let switch = |number: usize| format!("{}sw{number}", self.name);
        let place = |number: usize| number % self.switches;
        let nodes = (0..self.nodes).map(|number| match self.hosts {
            0 => format!(
                "{{name: \"{}nlb{number}\", attach: \"{} Gi1/0/{}\"}}",
                self.name,
                switch(place(number)),
                number / self.switches + 1
            ),
            hosts => {
                format!("{{name: \"{}nlb{number}\", host: \"{}hv{}\"}}", self.name, self.name, number % hosts)
            }
        });
        let hosts = (0..self.hosts).map(|number| {
            let links = [place(number), place(number + 1)].map(|at| format!("\"{} Gi1/1/{}\"", switch(at), number + 1));
            format!("{{name: \"{}hv{number}\", platform: hyper-v, group: g, team: {{kind: set, mode: switch-independent}}, links: [{}]}}", self.name, links.join(", "))
        });
        let links = |number: usize| -> Vec<usize> {
            match self.shape {
                0 => vec![(number + 1) % self.switches],
                1 => (number > 0).then(|| number - 1).into_iter().collect(),
                2 => (number > 0).then_some(0).into_iter().collect(),
                _ => {
                    if number > 1 {
                        vec![0, 1]
                    } else {
                        (number == 1).then_some(0).into_iter().collect()
                    }
                }
            }
        };
        let switches = (0..self.switches).map(|number| {
            let links: Vec<String> = links(number).into_iter().filter(|to| *to != number).enumerate().map(|(at, to)| format!("\"Gi1/0/{} {} Gi1/0/{}\"", 40 + at, switch(to), 48 + number)).collect();
            // Which of two gateways is the querier is stated: else it is the first one listed.
            let querier = number == 0;
            let gateway = number == 0 || self.shape == 3 && number == 1;
            format!("{{name: \"{}\", vendor: cisco-ios, platform: catalyst-3750, gateway: {gateway}, querier: {querier}, links: [{}]}}", switch(number), links.join(", "))
        });
        [nodes.collect(), hosts.collect(), switches.collect()]
    }

    fn yaml(&self, parts: &[Vec<String>; 3]) -> String {
        let [nodes, hosts, switches] = parts;
        let mut yaml = format!(
            "clusters:\n  - {{name: \"{}web\", mode: {}, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{}]}}\n",
            self.name,
            Self::MODES[self.mode],
            nodes.join(", ")
        );
        if !hosts.is_empty() {
            let _ = writeln!(yaml, "hosts: [{}]\nhost_groups: [{{name: g}}]", hosts.join(", "));
        }
        let _ = writeln!(yaml, "switches: [{}]", switches.join(", "));
        yaml
    }
}

fn sites() -> impl Strategy<Value = Site> {
    let names = prop_oneof![
        Just(String::new()),
        Just("datacentre-frankfurt-rack-17-".to_owned()),
        Just("WWWWWWWWWWWWWWWW".to_owned()),
        Just("机房".to_owned()),
    ];
    (0usize..4, 2usize..=12, 1usize..=32, 0usize..=8, 0usize..3, names).prop_map(
        |(shape, switches, nodes, hosts, mode, name)| Site { shape, switches, nodes, hosts, mode, name },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_label_overlaps_another_and_all_lies_in_the_picture(site in sites()) {
        let picture = first(&site.yaml(&site.parts()), &[]);
        prop_assert_eq!(faults(&picture), Vec::<String>::new(), "{}", site.yaml(&site.parts()));
    }

    #[test]
    fn the_order_of_the_inputs_does_not_matter(site in sites(), seed in any::<u64>()) {
        let parts = site.parts();
        let mut shuffled = parts.clone();
        let mut state = seed;
        for list in &mut shuffled {
            for at in (1..list.len()).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                list.swap(at, (state >> 33) as usize % (at + 1));
            }
        }
        let one = pictures(&site.yaml(&parts), &[], &Question::default());
        let other = pictures(&site.yaml(&shuffled), &[], &Question::default());
        // Heartbeats come in the order of the nodes: each picture is there, wherever.
        let sorted = |mut all: Vec<String>| { all.sort(); all };
        prop_assert!(sorted(one) == sorted(other), "{}", site.yaml(&shuffled));
    }
}

/// Two access switches below a pair of gateways, hosts on both.
const SITE: &str = include_str!("../fixtures/browser/site.yaml");

/// A config that floods.
const FLOODS: &str = include_str!("../fixtures/browser/acc1.cfg");

/// A config that forgets a node.
const FORGETS: &str = include_str!("../fixtures/browser/acc2.cfg");

/// Compares a picture with what is kept of it. The style sheet is in the repository already.
fn kept(name: &str, picture: &str) {
    insta::with_settings!({filters => [(r"(?s)<style>.*</style>", "<style/>")]}, {
        insta::assert_snapshot!(name, picture);
    });
}

/// What two of its switches hold.
const CONFIGS: [(&str, &str); 2] = [("acc1", FLOODS), ("acc2", FORGETS)];

#[test]
fn a_picture_of_what_is_planned_stays() {
    kept("planned", &first(SITE, &[]));
}

#[test]
fn a_picture_of_flooding_and_of_a_node_cut_off_stays() {
    kept("flooded_and_cut_off", &first(SITE, &CONFIGS));
}

#[test]
fn every_picture_of_the_fixtures_is_well_laid_out() {
    let mut drawn = 0;
    for directory in ["fixtures/generate", "fixtures/story"] {
        for entry in std::fs::read_dir(repository(directory)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "yaml") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for picture in pictures(&text, &[], &Question::all()) {
                assert_eq!(faults(&picture), Vec::<String>::new(), "{}", path.display());
                drawn += 1;
            }
        }
    }
    assert!(drawn > 60, "{drawn}");
    for picture in pictures(SITE, &CONFIGS, &Question::all()) {
        assert_eq!(faults(&picture), Vec::<String>::new());
    }
}

#[test]
fn trace_prints_one_picture_and_writes_each_into_a_directory() {
    let workshop = support::Workshop::with_design(SITE);
    workshop.file("acc1.cfg", FLOODS).file("acc2.cfg", FORGETS);
    let printed = workshop.output("trace design.yaml --format svg");
    assert_eq!(printed.code, 0, "{}", printed.err);
    assert_eq!(printed.out, first(SITE, &CONFIGS));
    let written = workshop.output("trace design.yaml --format svg --what-if none -o pictures");
    assert_eq!(written.code, 0, "{}", written.err);
    let names =
        ["web-01-gateway.svg", "web-02-vlan.svg", "web-03-nlb1.svg", "web-04-nlb2.svg", "web-05-nlb3.svg"];
    assert_eq!(workshop.names("pictures"), names);
    assert_eq!(workshop.read("pictures/web-01-gateway.svg"), printed.out);
    let again = workshop.output("trace design.yaml --format svg --what-if none -o pictures");
    assert_eq!(again.err, "0 written, 5 unchanged in pictures\n");
    let file = workshop.output("trace design.yaml --format svg -o web.svg");
    assert_eq!((file.code, file.out.as_str()), (0, ""), "{}", file.err);
    assert_eq!(workshop.read("web.svg"), printed.out);
}

#[test]
fn a_picture_of_several_clusters_is_refused_with_the_way_out() {
    let second = SITE.replacen(
        "hosts:",
        "  - {name: mail, mode: multicast, primary_ip: 10.0.0.2/24, vlan: 10, nodes: [{name: m1, host: hv3}]}\nhosts:",
        1,
    );
    let workshop = support::Workshop::with_design(second);
    let refused = workshop.output("trace design.yaml --format svg");
    assert_eq!(refused.code, 2);
    assert_eq!(refused.out, "");
    assert!(refused.err.contains("--cluster") && refused.err.contains("-o DIR"), "{}", refused.err);
    let one = workshop.output("trace design.yaml --format svg --cluster mail");
    assert!(one.code == 0 && one.out.contains("mail: multicast"), "{}", one.err);
}

#[test]
fn switches_that_only_flood_stand_in_one_box_where_they_are_many() {
    let mut yaml = "clusters:\n  - {name: web, mode: unicast, primary_ip: 10.0.0.1/24, vlan: 10, \
                    nodes: [{name: a, attach: sw1 Gi1/0/1}, {name: b, attach: sw2 Gi1/0/1}]}\nswitches:\n"
        .to_owned();
    for number in 0..60 {
        let link = (number > 0).then(|| format!("Gi1/0/48 sw{} Gi2/0/{}", (number - 1) / 8, number % 8 + 1));
        let _ = writeln!(
            yaml,
            "  - {{name: sw{number}, vendor: ios, platform: catalyst-3750, gateway: {}, links: [{}]}}",
            number == 0,
            link.unwrap_or_default()
        );
    }
    let picture = first(&yaml, &[]);
    assert_eq!(faults(&picture), Vec::<String>::new());
    let document = roxmltree::Document::parse(&picture).unwrap();
    let shown: Vec<String> = labels(&document).into_iter().map(|label| label.what).collect();
    assert!(shown.contains(&"57 more switches".to_owned()), "{shown:?}");
    // They are named for those who point at the box.
    let title =
        document.descendants().filter_map(|node| node.text()).find(|text| text.starts_with("57 more"));
    assert!(title.unwrap().contains("sw3, sw4"), "{title:?}");
}

#[test]
fn the_switches_in_the_pictures_of_a_review_lead_to_their_lines() {
    let workshop = support::Workshop::with_design(SITE);
    workshop.file("acc1.cfg", FLOODS).file("acc2.cfg", FORGETS);
    let page = workshop.output("review design.yaml --format html").out;
    let targets: Vec<&str> =
        page.split("href=\"#switch-").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    // Both clients' frames and a heartbeat that does not get everywhere, with four switches each.
    assert_eq!(page.matches("<svg xmlns").count(), 3);
    assert_eq!(targets.len(), 12);
    for target in targets {
        assert_eq!(page.matches(&format!("id=\"switch-{target}\"")).count(), 1, "{target}");
    }
    // Nothing in it asks the network for anything, and nothing may.
    assert!(page.contains("default-src &#x27;none&#x27;") || page.contains("default-src 'none'"));
    for asking in ["src=", "url(", "@import", "<link", "<iframe", "<object", "fetch("] {
        assert!(!page.contains(asking), "{asking}");
    }
}
