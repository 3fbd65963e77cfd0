//! The design review: a checklist with evidence, what to type, what to test, and who signs.
//!
//! [`document`] makes one [`Document`] of what rules found and of where frames go; [`render`] writes it as Markdown, HTML,
//! JSON, or for a terminal. An item passes only when all that it rests on was seen: a plan is not what a switch holds.

mod checklist;
mod deliveries;
mod document;
mod evidence;
mod html;
mod judge;
mod lines;
mod markdown;
mod pictures;
mod record;
mod scope;
mod sight;
mod text;
mod trials;

use rayon::prelude::*;

pub use checklist::{Known, items};
pub use document::{
    Accepted, Arguments, ClusterFacts, Commands, Deliveries, Delivery, Document, Evidence, Hop, Input,
    InputKind, Item, Line, Place, Port, Record, Section, Source, Summary, SwitchLines, Test, VERSION,
    Verdict,
};
pub use pictures::{Decided, Picture, Pictures};
pub use record::{NoRecord, changes, record_of, sha256};

use self::checklist::CHECKLIST;
use self::judge::Found;
use self::lines::Checks;
use self::scope::Subject;
use self::sight::View;
use crate::diagnostic::{Diagnostic, Severity, Suppressed};
use crate::forwarding::{Answer, Question};
use crate::lint::{Estate, Policy};
use crate::source::Sources;

/// How a review is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Markdown, in the dialect of GitHub and GitLab.
    Markdown,
    /// One page with all that it needs.
    Html,
    /// The document itself.
    Json,
    /// For a terminal: how many columns it has, and whether it has colours.
    Text {
        /// The columns.
        width: usize,
        /// Whether there are colours.
        color: bool,
    },
}

/// What rules said of a design and its configs.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'j> {
    /// The findings, in their order for output.
    pub findings: &'j [Diagnostic],
    /// What is accepted.
    pub suppressed: &'j [Suppressed],
    /// Which rules spoke.
    pub policy: &'j Policy,
}

/// Reviews a design with its configs.
///
/// # Errors
/// [`crate::render::RenderError`] when lines for a switch do not read back as what was meant.
pub fn document(
    estate: &Estate<'_>,
    judged: Judged<'_>,
    record: Record,
    sources: &Sources,
) -> anyhow::Result<Document> {
    let design = estate.design();
    let fabric = estate.fabric();
    // The test plan tells every condition, all else those that change something: only these are kept, since in a large
    // network a flood gets to every switch under every condition.
    let question = Question { unchanged: true, ..Question::all() };
    let follow = |cluster: usize| {
        let tried = fabric.traces(cluster, &question);
        let tests = trials::tests(cluster, &tried, &fabric);
        (tried.told(), tests)
    };
    let clusters = (0..design.clusters.len()).into_par_iter();
    let (answers, tests): (Vec<Answer>, Vec<Vec<Test>>) = clusters.map(follow).unzip();
    let view = View { estate, fabric: &fabric, answers: &answers, sources };
    let told = vec![0; judged.findings.len()];
    let mut found =
        Found { findings: judged.findings, suppressed: judged.suppressed, policy: judged.policy, told };
    let sections = sections(&view, &mut found);
    let each = |number: usize| deliveries::deliveries(number, &answers[number], &fabric, sources);
    let switches = lines::lines(estate, sources)?;
    let pictures = pictures::pictures(&fabric, &answers, &switches, sources)?;
    Ok(Document {
        generator: "nlbswitch",
        version: VERSION,
        title: title(design),
        summary: summary(&sections),
        clusters: (0..design.clusters.len()).map(|number| cluster_facts(estate, number)).collect(),
        sections,
        deliveries: (0..design.clusters.len()).map(each).collect(),
        switches,
        tests: tests.into_iter().flatten().collect(),
        sign_off: [
            "Designed by",
            "Reviewed by (network)",
            "Reviewed by (servers)",
            "Tested by",
            "Accepted by",
        ]
        .map(str::to_owned)
        .to_vec(),
        record,
        pictures,
    })
}

/// The document in a format, with a line end.
pub fn render(document: &Document, format: Format) -> anyhow::Result<String> {
    match format {
        Format::Markdown => Ok(markdown::markdown(document)),
        Format::Html => html::html(document),
        Format::Json => Ok(serde_json::to_string_pretty(document)? + "\n"),
        Format::Text { width, color } => Ok(text::text(document, width, color)),
    }
}

/// The JSON Schema of the document.
pub fn schema() -> serde_json::Value {
    let generator =
        schemars::SchemaGenerator::new(schemars::generate::SchemaSettings::draft2020_12().for_serialize());
    generator.into_root_schema_for::<Document>().to_value()
}

fn sections(view: &View<'_>, found: &mut Found<'_>) -> Vec<Section> {
    let checks = Checks::new(view.estate);
    let mut sections = Vec::new();
    for (index, part) in CHECKLIST.iter().enumerate() {
        let mut items = Vec::new();
        for entry in part.items {
            for subject in Subject::all(entry.about, view.estate) {
                items.push(judge::item(entry, subject, view, found, &checks));
            }
        }
        sections.push(Section { number: index + 1, key: part.key, title: part.title, items });
    }
    let others: Vec<Item> = found
        .findings
        .iter()
        .zip(&found.told)
        .filter(|(_, told)| **told == 0)
        .map(|(finding, _)| other(finding, view.sources))
        .collect();
    if !others.is_empty() {
        let number = sections.len() + 1;
        sections.push(Section { number, key: "other", title: "What else was found", items: others });
    }
    sections
}

/// A finding that no item is about.
fn other(finding: &Diagnostic, sources: &Sources) -> Item {
    let evidence = Evidence::finding(finding, sources);
    let shown = crate::report::shown_finding(finding, sources);
    Item {
        id: "other.finding",
        question: "Is this as it should be?",
        cluster: shown.cluster,
        switch: shown.switch,
        verdict: if finding.severity >= Severity::Warning { Verdict::Fail } else { Verdict::Check },
        reason: format!("{}: {}", finding.code, evidence.text),
        evidence: vec![evidence],
        rules: vec![finding.code.to_string()],
        by_hand: None,
        commands: Vec::new(),
        source: Source { title: "The page of the rule: `nlbswitch explain`", url: None },
    }
}

fn summary(sections: &[Section]) -> Summary {
    let mut summary = Summary::default();
    for item in sections.iter().flat_map(|section| &section.items) {
        *match item.verdict {
            Verdict::Pass => &mut summary.pass,
            Verdict::Fail => &mut summary.fail,
            Verdict::Check => &mut summary.check,
            Verdict::NotApplicable => &mut summary.not_applicable,
        } += 1;
    }
    summary
}

fn title(design: &crate::design::Design) -> String {
    let names: Vec<&str> = design.clusters.iter().map(|cluster| cluster.name.as_str()).collect();
    match names.as_slice() {
        [] => "no cluster".to_owned(),
        [one] => format!("cluster {one}"),
        few if few.len() <= 4 => format!("clusters {}", few.join(", ")),
        many => format!("{} clusters", many.len()),
    }
}

fn cluster_facts(estate: &Estate<'_>, number: usize) -> ClusterFacts {
    let cluster = &estate.design().clusters[number];
    let plan = &estate.plan.clusters[number];
    let names = |devices: &std::collections::BTreeSet<usize>| {
        devices.iter().map(|device| estate.device(*device).name.clone()).collect()
    };
    ClusterFacts {
        name: cluster.name.to_string(),
        mode: cluster.mode.to_string(),
        primary: cluster.primary_ip.to_string(),
        vips: cluster.vips().map(|vip| vip.to_string()).collect(),
        mac: cluster.mac().to_string().to_lowercase(),
        group: cluster.group().map(|group| group.to_string()),
        vlan: cluster.vlan.value.get(),
        vrf: cluster.vrf.as_ref().map(ToString::to_string),
        nodes: cluster.nodes.iter().map(|node| node.name.to_string()).collect(),
        gateways: names(&plan.gateways),
        switches: names(&plan.devices),
    }
}
