//! One mode, tried on a design: planned, followed, judged.

use std::collections::{BTreeSet, HashSet};
use std::net::IpAddr;
use std::sync::Arc;

use macaddr::MacAddr6;

use super::{Fact, Fares, Fate, Flood, Remark, Trial, WeighError, Work};
use crate::design::{Cluster, Design};
use crate::diagnostic::{Diagnostic, Severity};
use crate::entry::{Entry, State};
use crate::forwarding::{Answer, Fabric, FrameKind, Held, Question, Trace, Verdict};
use crate::lint::{self, Estate, Found, Origin};
use crate::nlb::Mode;
use crate::plan::{self, DevicePlan, Plan};
use crate::render::{Options, Snippet, snippets};
use crate::source::Sources;
use crate::vendor::{Evidence, Packs, bind};

/// Tries `mode` for all the clusters of a design at once; what came of each of `chosen`. The configs that it names are among
/// those `found`.
pub(super) fn try_mode(
    mode: Mode,
    design: &Design,
    chosen: &[usize],
    found: &Found,
    packs: &Packs,
    origin: Origin<'_>,
    sources: &mut Sources,
) -> Result<Vec<Trial>, WeighError> {
    let design = without_configs(in_mode(mode, design));
    let bound = bind(&design, packs, &mut Vec::new())?;
    let plan = plan::plan(&bound);
    let question = Question { from: None, what_ifs: Default::default(), unchanged: false };
    let (followed, known): (Vec<Followed>, _) =
        lint::with_estate(&bound, &plan, origin, found.clone(), sources, |estate, _| {
            let states: Vec<State> = plan
                .devices
                .iter()
                .enumerate()
                .map(|(number, device)| told(estate, number, device))
                .collect();
            let held = states.iter().enumerate().map(|(number, state)| {
                let device = &plan.devices[number];
                let design = Some(design.switches[device.members[0]].name.span);
                match estate.config(number) {
                    Some(config) => Held { state, design, ..config.held() },
                    None => Held { state, pack: &device.pack, model: device.model, config: None, design },
                }
            });
            let fabric = Fabric::new(&bound, &plan, held);
            let followed =
                chosen.iter().map(|cluster| follow(&fabric, *cluster, &fabric.traces(*cluster, &question)));
            (followed.collect(), estate.known())
        });
    let options = Options { known: Arc::new(known), ..Options::default() };
    // The rules judge the plan: what a config lacks of a mode that it was not made for is no fault.
    let findings = lint::judge(&bound, &plan, origin, Vec::new(), Found::default(), sources).findings;
    let mut trials = Vec::new();
    for (cluster, followed) in chosen.iter().zip(followed) {
        trials.push(sum_up(mode, &design, &plan, *cluster, followed, &findings, options.clone())?);
    }
    Ok(trials)
}

/// The design with all its clusters in `mode`. What was overridden for another mode is not.
fn in_mode(mode: Mode, design: &Design) -> Design {
    let mut design = design.clone();
    for cluster in &mut design.clusters {
        if cluster.mode.value != mode {
            cluster.mode.value = mode;
            cluster.mac_override = None;
            cluster.igmp_group_override = None;
        }
    }
    design
}

fn without_configs(mut design: Design) -> Design {
    for switch in &mut design.switches {
        switch.config = None;
    }
    design
}

/// What a device holds once it has what a mode needs: its config's own entries, but for those about a cluster of the
/// design, and the planned ones.
fn told(estate: &Estate<'_>, number: usize, device: &DevicePlan) -> State {
    let planned = device.needs.iter().map(|need| need.entry.clone());
    let Some(config) = estate.config(number) else { return planned.collect() };
    let clusters = &estate.design().clusters;
    let vips: HashSet<IpAddr> = clusters.iter().flat_map(Cluster::vips).map(|vip| vip.value).collect();
    let macs: HashSet<MacAddr6> = clusters
        .iter()
        .flat_map(|cluster| {
            let derived = cluster.primary_v4().map(|primary| Mode::ALL.map(|mode| mode.mac(primary)));
            derived.into_iter().flatten().chain([cluster.mac()])
        })
        .collect();
    let foreign = |entry: &&Entry| match entry {
        Entry::StaticArp { ip, .. } => !vips.contains(&IpAddr::V4(*ip)),
        Entry::StaticMac { mac, .. } => !macs.contains(mac),
        _ => true,
    };
    config.state.entries().filter(foreign).cloned().chain(planned).collect()
}

/// What the frames of a cluster say about a mode.
struct Followed {
    frames: Vec<Fate>,
    floods: Vec<Flood>,
    lost: Vec<String>,
    doubts: Vec<String>,
    evidence: Option<Evidence>,
}

fn follow(fabric: &Fabric<'_>, cluster: usize, answer: &Answer) -> Followed {
    let design = &fabric.bound.design.clusters[cluster];
    let name = |device: usize| fabric.plan.devices[device].name.as_str();
    let node = |node: usize| design.nodes[node].name.to_string();
    let (mut lost, mut doubts, mut floods) = (Vec::new(), Vec::new(), Vec::new());
    let once = |list: &mut Vec<String>, text: String| {
        if !list.contains(&text) {
            list.push(text);
        }
    };
    for trace in &answer.traces {
        for missed in &trace.missed {
            let hop = missed.at.and_then(|at| trace.switches.get(at));
            let why = hop.map_or_else(
                || "no way leads there".to_owned(),
                |hop| format!("on {} {}", name(hop.device), hop.decided_by),
            );
            once(
                &mut lost,
                format!("{}: {} does not get it: {why}", from(fabric, trace, design), node(missed.node)),
            );
        }
        for hop in trace.switches.iter().filter(|hop| hop.is_unknown()) {
            once(&mut doubts, format!("{}: {}", name(hop.device), hop.decided_by));
        }
        for hop in trace.switches.iter().filter(|hop| hop.decided_by.floods()) {
            let bystanders = trace.bystanders.iter().filter(|one| one.device == hop.device).count();
            let flood = Flood {
                switch: name(hop.device).to_owned(),
                why: hop.decided_by.to_string(),
                bystanders,
                evidence: hop.evidence,
            };
            let known = floods.iter_mut().find(|known: &&mut Flood| known.switch == flood.switch);
            match (known, trace.frame) {
                (_, FrameKind::Heartbeat) => {} // small, and a broadcast in unicast mode
                (Some(known), _) => known.bystanders = known.bystanders.max(bystanders),
                (None, _) => floods.push(flood),
            }
        }
    }
    let fate = |trace: &Trace| Fate {
        from: from(fabric, trace, design),
        verdict: match trace.verdict {
            // Which other ports of the VLAN there are no design says, and no config was read.
            Verdict::Confined if trace.switches.iter().any(|hop| hop.decided_by.floods()) => {
                Verdict::Flood.as_str()
            }
            verdict => verdict.as_str(),
        },
        missed: trace.missed.iter().map(|missed| node(missed.node)).collect(),
        evidence: trace.evidence(),
    };
    let mut frames: Vec<Fate> = answer.traces.iter().map(fate).collect();
    frames.dedup();
    if answer.traces.is_empty() {
        doubts
            .push("no frame can be followed: the design does not say where nodes or gateways are".to_owned());
    }
    for trace in answer.traces.iter().filter(|trace| !trace.unknown.is_empty()) {
        let unknown: Vec<String> = trace.unknown.iter().map(|unknown| node(*unknown)).collect();
        once(&mut doubts, format!("the design states no way to {}", unknown.join(", ")));
    }
    if lost.is_empty() {
        let bad = |trace: &&Trace| matches!(trace.verdict, Verdict::BlackHole | Verdict::Split);
        lost.extend(answer.traces.iter().filter(bad).map(|trace| from(fabric, trace, design)));
    }
    let evidence = answer.traces.iter().map(Trace::evidence).max();
    Followed { frames, floods, lost, doubts, evidence }
}

fn from(fabric: &Fabric<'_>, trace: &Trace, cluster: &Cluster) -> String {
    trace.from.text(fabric, cluster)
}

fn sum_up(
    mode: Mode,
    design: &Design,
    plan: &Plan<'_>,
    cluster: usize,
    followed: Followed,
    findings: &[Diagnostic],
    options: Options,
) -> Result<Trial, WeighError> {
    let devices: Vec<&DevicePlan> =
        plan.devices.iter().filter(|device| device.clusters.contains(&cluster)).collect();
    let options = Options { clusters: Some(BTreeSet::from([cluster])), ..options };
    let written = snippets(plan, &devices, design, &options)?;
    let mut switches: Vec<Work> =
        written.iter().map(|(device, snippet)| work(mode, device, snippet)).collect();
    switches.sort_by(|one, other| one.switch.cmp(&other.switch));
    let name = design.clusters[cluster].name.to_string();
    let about = |finding: &&Diagnostic| finding.cluster.as_ref().is_none_or(|about| *about == name);
    let remark = |finding: &Diagnostic| Remark {
        code: finding.code,
        severity: finding.severity,
        message: finding.message.clone(),
        help: finding.help.clone(),
    };
    let findings: Vec<Remark> = findings.iter().filter(about).map(remark).collect();
    let errors = findings.iter().filter(|said| said.severity == Severity::Error);
    let mut reasons = followed.lost;
    let errors: Vec<String> = errors.map(|said| format!("{}: {}", said.code, said.message)).collect();
    let fares = match (reasons.is_empty() && errors.is_empty(), followed.doubts.is_empty()) {
        (false, _) => Fares::Fails,
        (true, true) => Fares::Works,
        (true, false) => Fares::WorksAsFarAsKnown,
    };
    reasons.extend(errors);
    reasons.extend(followed.doubts);
    let unverified = switches.iter().any(|work| work.unverified_lines > 0);
    let lines = unverified.then_some(Evidence::Unverified);
    let evidence = followed.evidence.max(lines).unwrap_or(Evidence::Unverified);
    Ok(Trial {
        mode,
        fares,
        evidence,
        reasons,
        frames: followed.frames,
        floods: followed.floods,
        switches,
        findings,
    })
}

/// What decides about a mode, by the packs' own keys.
fn deciding(mode: Mode) -> &'static [&'static str] {
    match mode {
        Mode::Unicast => &["unicast_arp_binds_one_port", "unicast_provision", "cluster_modes"],
        Mode::Multicast => &[
            "static_arp_multicast",
            "dynamic_arp_multicast",
            "cluster_modes",
            "static_multicast_mac",
            "unregistered_multicast",
            "software_switched",
            "multicast_since",
        ],
        Mode::IgmpMulticast => &[
            "static_arp_multicast",
            "dynamic_arp_multicast",
            "cluster_modes",
            "multicast_lookup",
            "igmp_snooping_default",
            "unregistered_multicast",
            "unregistered_with_querier",
            "querier_address",
            "multicast_since",
        ],
    }
}

fn work(mode: Mode, device: &DevicePlan, snippet: &Snippet) -> Work {
    let mut entries: Vec<String> = Vec::new();
    for entry in &snippet.entries {
        let words = plan::in_words(entry.entry.kind()).to_owned();
        if !entries.contains(&words) {
            entries.push(words);
        }
    }
    let commands = snippet.apply.iter().filter(|line| line.evidence.is_some());
    let unverified = commands.clone().filter(|line| line.evidence == Some(Evidence::Unverified)).count();
    let stated = device.facts().stated();
    let facts = stated.into_iter().filter(|fact| deciding(mode).contains(&fact.key)).map(Fact::from);
    Work {
        switch: snippet.switch.clone(),
        vendor: snippet.vendor.clone(),
        platform: snippet.platform.clone(),
        entries,
        lines: commands.count(),
        unverified_lines: unverified,
        left_out: snippet.left_out.clone(),
        facts: facts.collect(),
    }
}
