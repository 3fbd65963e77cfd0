//! Port rules: alike on every node, and free of contradictions.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr};

use super::{Estate, Findings, Rule, Scope};
use crate::design::{Affinity, Cluster, Filtering, Node, PortRange, PortRule, Protocol, RuleVip};
use crate::diagnostic::{Code, Severity};
use crate::nlb::MAX_HOSTS;
use crate::source::Span;

pub(super) const RULES: &[Rule] =
    &[PORT_RULES_DIFFER, HANDLING_PRIORITY_DUPLICATE, PORT_RULES_OVERLAP, AFFINITY_NONE_UDP];

/// Nodes with different rules.
const PORT_RULES_DIFFER: Rule = Rule {
    code: Code(306),
    name: "port-rules-differ",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB306.md"),
    check: port_rules_differ,
};

/// Handling priorities that do not fit together.
const HANDLING_PRIORITY_DUPLICATE: Rule = Rule {
    code: Code(307),
    name: "handling-priority-duplicate",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB307.md"),
    check: handling_priority_duplicate,
};

/// Two rules for one port.
const PORT_RULES_OVERLAP: Rule = Rule {
    code: Code(308),
    name: "port-rules-overlap",
    severity: Severity::Error,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB308.md"),
    check: port_rules_overlap,
};

/// UDP without affinity.
const AFFINITY_NONE_UDP: Rule = Rule {
    code: Code(309),
    name: "affinity-none-udp",
    severity: Severity::Warning,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB309.md"),
    check: affinity_none_udp,
};

/// How NLB's own settings write "all VIPs".
/// <https://learn.microsoft.com/en-us/previous-versions/windows/desktop/wlbsprov/microsoftnlb-portruleex>
const ALL_VIPS: IpAddr = IpAddr::V4(Ipv4Addr::BROADCAST);

/// What a rule is about: all of it but the node's own weight. Absent values are Windows' own
/// (<https://learn.microsoft.com/en-us/previous-versions/windows/desktop/wlbsprov/microsoftnlb-portruleex>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Subject {
    /// `None` is all VIPs.
    vip: Option<IpAddr>,
    ports: (u16, u16),
    protocol: Protocol,
    filtering: Filtering,
    /// Only where several hosts share the load.
    affinity: Option<Affinity>,
}

impl Subject {
    fn new(rule: &PortRule) -> Self {
        let vip = match rule.vip.map(|vip| vip.value) {
            Some(RuleVip::One(ip)) if ip != ALL_VIPS => Some(ip),
            _ => None,
        };
        let ports = rule.ports.map_or(PortRange::ALL, |ports| ports.value);
        let filtering = rule.filtering.map_or(Filtering::Multiple, |filtering| filtering.value);
        let affinity = rule.affinity.map_or(Affinity::Single, |affinity| affinity.value);
        Self {
            vip,
            ports: (ports.first, ports.last),
            protocol: rule.protocol.map_or(Protocol::Both, |protocol| protocol.value),
            filtering,
            affinity: (filtering == Filtering::Multiple).then_some(affinity),
        }
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (first, last) = self.ports;
        write!(f, "{}", PortRange { first, last })?;
        match self.protocol {
            Protocol::Both => write!(f, " tcp and udp")?,
            protocol => write!(f, " {protocol}")?,
        }
        if let Some(vip) = self.vip {
            write!(f, " of {vip}")?;
        }
        match (self.filtering, self.affinity) {
            (Filtering::Multiple, Some(Affinity::Single) | None) => Ok(()),
            (Filtering::Multiple, Some(affinity)) => write!(f, ", affinity {affinity}"),
            (filtering, _) => write!(f, ", filtering {filtering}"),
        }
    }
}

/// The rules a node has: its own where it states them, else the cluster's; `None` when neither does.
fn rules_of<'d>(cluster: &'d Cluster, node: &'d Node) -> Option<&'d [PortRule]> {
    match &node.port_rules {
        Some(own) => Some(own.value.as_slice()),
        None => (!cluster.port_rules.is_empty()).then_some(cluster.port_rules.as_slice()),
    }
}

fn subjects(rules: &[PortRule]) -> Vec<Subject> {
    let mut subjects: Vec<Subject> = rules.iter().map(Subject::new).collect();
    subjects.sort_unstable();
    subjects
}

/// The first of `these` that `those` lack; both are sorted.
fn first_missing<'s>(these: &'s [Subject], those: &[Subject]) -> Option<&'s Subject> {
    let mut those = those.iter().peekable();
    these.iter().find(|subject| {
        while those.next_if(|other| other < subject).is_some() {}
        those.next_if(|other| other == subject).is_none()
    })
}

fn port_rules_differ(estate: &Estate<'_>, findings: &mut Findings) {
    for cluster in estate.design().clusters.iter().filter(|cluster| cluster.nodes.len() > 1) {
        // The norm: the cluster's rules where a node takes them, else those of the first node that states any.
        let inherits = cluster.nodes.iter().any(|node| node.port_rules.is_none());
        let (norm, span, whose) = match cluster.port_rules.first().filter(|_| inherits) {
            Some(first) => (subjects(&cluster.port_rules), first.span, "the cluster".to_owned()),
            None => {
                let own = cluster.nodes.iter().find_map(|node| Some((node, node.port_rules.as_ref()?)));
                let Some((node, rules)) = own else { continue };
                (subjects(rules), rules.span, format!("node `{}`", node.name))
            }
        };
        for node in &cluster.nodes {
            let Some(own) = &node.port_rules else { continue };
            let rules = subjects(own);
            let what = match (first_missing(&norm, &rules), first_missing(&rules, &norm)) {
                (Some(lacking), _) => format!("lacks the port rule `{lacking}` of {whose}"),
                (None, Some(extra)) => format!("has the port rule `{extra}`, and {whose} has not"),
                (None, None) => continue,
            };
            findings
                .report(&PORT_RULES_DIFFER, own.span, format!("node `{}` {what}", node.name))
                .related(span, format!("the rules of {whose}"))
                .help("state the rules once, at the cluster: a node with others cannot join")
                .cluster(cluster.name.to_string());
        }
    }
}

fn handling_priority_duplicate(estate: &Estate<'_>, findings: &mut Findings) {
    for cluster in &estate.design().clusters {
        out_of_range(cluster, findings);
        // Of each rule: who has which handling priority.
        let mut taken: HashMap<(Subject, u32), (&Node, Span)> = HashMap::new();
        let mut told: HashSet<Span> = HashSet::new();
        for node in &cluster.nodes {
            for rule in rules_of(cluster, node).unwrap_or_default() {
                let subject = Subject::new(rule);
                let Some(weight) = rule.weight.filter(|_| subject.filtering == Filtering::Single) else {
                    continue;
                };
                if !in_range(weight.value) {
                    continue;
                }
                let (first, span) = *taken.entry((subject, weight.value)).or_insert((node, weight.span));
                if std::ptr::eq(first, node) || !told.insert(weight.span) {
                    continue; // two equal rules of one node are NLB308
                }
                let shared = span == weight.span;
                let number = weight.value;
                let message = match shared {
                    true => format!(
                        "every node of cluster `{}` takes the handling priority {number} for `{subject}`",
                        cluster.name
                    ),
                    false => format!(
                        "nodes `{}` and `{}` have the handling priority {number} for `{subject}`",
                        first.name, node.name
                    ),
                };
                let finding = findings.report(&HANDLING_PRIORITY_DUPLICATE, weight.span, message);
                if !shared {
                    finding.related(span, format!("the priority of `{}`", first.name));
                }
                finding
                    .help(match shared {
                        true => {
                            "state the rule at each node with its own `weight`: the cluster does not converge"
                        }
                        false => "give each node its own number: the cluster does not converge",
                    })
                    .cluster(cluster.name.to_string());
            }
        }
    }
}

fn in_range(priority: u32) -> bool {
    (1..=u32::from(MAX_HOSTS)).contains(&priority)
}

fn out_of_range(cluster: &Cluster, findings: &mut Findings) {
    for rule in rule_lists(cluster).flatten() {
        let single = rule.filtering.is_some_and(|filtering| filtering.value == Filtering::Single);
        let Some(weight) = rule.weight.filter(|weight| single && !in_range(weight.value)) else { continue };
        findings
            .report(
                &HANDLING_PRIORITY_DUPLICATE,
                weight.span,
                format!("`{}` has the handling priority {}", Subject::new(rule), weight.value),
            )
            .help(format!("handling priorities run from 1 to {MAX_HOSTS}, one for each node"))
            .cluster(cluster.name.to_string());
    }
}

/// Every list of rules in a cluster: its own and its nodes'.
fn rule_lists(cluster: &Cluster) -> impl Iterator<Item = &[PortRule]> {
    let own = cluster.nodes.iter().filter_map(|node| node.port_rules.as_ref());
    std::iter::once(cluster.port_rules.as_slice()).chain(own.map(|rules| rules.value.as_slice()))
}

/// Rules for all VIPs and rules for one VIP do not overlap; Microsoft's sample has both:
/// <https://learn.microsoft.com/en-us/windows-hardware/customize/desktop/unattend/microsoft-windows-networkloadbalancing-core-clusters-cluster-portrules>.
fn port_rules_overlap(estate: &Estate<'_>, findings: &mut Findings) {
    for cluster in &estate.design().clusters {
        for rules in rule_lists(cluster) {
            for (later, earlier) in overlaps(rules) {
                let (one, other) = (Subject::new(&rules[earlier]), Subject::new(&rules[later]));
                let place = |rule: &PortRule| rule.ports.map_or(rule.span, |ports| ports.span);
                findings
                    .report(
                        &PORT_RULES_OVERLAP,
                        place(&rules[later]),
                        format!("port rules `{one}` and `{other}` of cluster `{}` share ports", cluster.name),
                    )
                    .related(place(&rules[earlier]), "the first of the two")
                    .help("give each port one rule; NLB Manager likely refuses the second")
                    .cluster(cluster.name.to_string());
            }
        }
    }
}

/// The ports one rule of a list claims for one VIP and protocol. Ordered by the first port.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    first: u16,
    last: u16,
    rule: usize,
}

/// Pairs of rules that share a port, the later one of each pair first: one pair for each rule that comes too late.
/// Sorted and swept, so that a long list costs no square.
fn overlaps(rules: &[PortRule]) -> BTreeMap<usize, usize> {
    let mut lanes: BTreeMap<(Option<IpAddr>, Protocol), Vec<Claim>> = BTreeMap::new();
    for (index, rule) in rules.iter().enumerate() {
        let subject = Subject::new(rule);
        let protocols: &[Protocol] = match subject.protocol {
            Protocol::Tcp => &[Protocol::Tcp],
            Protocol::Udp => &[Protocol::Udp],
            Protocol::Both => &[Protocol::Tcp, Protocol::Udp],
        };
        let (first, last) = subject.ports;
        for protocol in protocols {
            let lane = lanes.entry((subject.vip, *protocol)).or_default();
            lane.push(Claim { first, last, rule: index });
        }
    }
    let mut pairs = BTreeMap::new();
    for lane in lanes.values_mut() {
        lane.sort_unstable();
        let mut widest: Option<Claim> = None;
        for claim in lane.iter().copied() {
            if let Some(other) = widest.filter(|other| claim.first <= other.last) {
                pairs.entry(claim.rule.max(other.rule)).or_insert(claim.rule.min(other.rule));
            }
            if widest.is_none_or(|other| claim.last > other.last) {
                widest = Some(claim);
            }
        }
    }
    pairs
}

fn affinity_none_udp(estate: &Estate<'_>, findings: &mut Findings) {
    for cluster in &estate.design().clusters {
        for rule in rule_lists(cluster).flatten() {
            let subject = Subject::new(rule);
            let Some(affinity) = rule
                .affinity
                .filter(|_| subject.affinity == Some(Affinity::None) && subject.protocol != Protocol::Tcp)
            else {
                continue;
            };
            let (first, last) = subject.ports;
            let ports = PortRange { first, last };
            let finding = findings.report(
                &AFFINITY_NONE_UDP,
                affinity.span,
                format!("the port rule for {ports} has no affinity and covers UDP: fragments may part"),
            );
            if let Some(protocol) = rule.protocol {
                finding.related(protocol.span, "the protocol");
            }
            finding
                .help(match rule.protocol {
                    Some(_) => "set `affinity: single`, or `protocol: tcp` where UDP is not served",
                    None => "it covers UDP too: add `protocol: tcp`, or set `affinity: single`",
                })
                .cluster(cluster.name.to_string());
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use crate::design::load_text;
    use crate::source::Sources;

    /// The port rules of a design, each given as a flow mapping.
    fn rules(mappings: &[&str]) -> Vec<PortRule> {
        let list: String = mappings.iter().map(|mapping| format!("      - {{{mapping}}}\n")).collect();
        let text = format!(
            "clusters:\n  - name: web\n    mode: multicast\n    primary_ip: 10.0.0.1/24\n    vlan: 10\n    port_rules:\n{list}"
        );
        let mut loaded = load_text("design.yaml", &text, &mut Sources::new());
        assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
        loaded.design.clusters.remove(0).port_rules
    }

    #[test]
    fn rules_overlap_when_a_packet_could_fall_under_both() {
        for (mappings, expected) in [
            (&["ports: 80", "ports: 80"][..], &[(1, 0)][..]),
            (&["ports: 80", "ports: 81"], &[]),
            (&["ports: 80-90", "ports: 90-100"], &[(1, 0)]),
            (&["ports: 80-89", "ports: 90-100"], &[]),
            (&["ports: 0", "ports: 65535"], &[]),
            (&["protocol: tcp", "ports: 65535, protocol: tcp"], &[(1, 0)]), // no ports: all of them
            (&["ports: 53, protocol: tcp", "ports: 53, protocol: udp"], &[]),
            (&["ports: 53, protocol: tcp", "ports: 53"], &[(1, 0)]), // both unless it says otherwise
            (&["ports: 53, vip: 10.0.0.1", "ports: 53, vip: 10.0.0.2"], &[]),
            (&["ports: 53, vip: 10.0.0.1", "ports: 53, vip: all"], &[]),
            (&["ports: 53, vip: 255.255.255.255", "ports: 53, vip: all"], &[(1, 0)]),
            (&["ports: 0-100", "ports: 10", "ports: 50-60", "ports: 200"], &[(1, 0), (2, 0)]),
            (&["ports: 10", "ports: 20", "ports: 0-100"], &[(2, 0)]), // one finding for the one that is too wide
        ] {
            let found: Vec<(usize, usize)> = overlaps(&rules(mappings)).into_iter().collect();
            assert_eq!(found, expected, "{mappings:?}");
        }
    }

    #[test]
    fn rules_are_alike_when_only_weight_and_order_differ() {
        for (one, other, alike) in [
            ("ports: 80", "ports: 80, protocol: both, filtering: multiple, affinity: single, vip: all", true),
            ("ports: 80, weight: 30", "ports: 80, weight: 70", true),
            ("ports: 80, filtering: single, weight: 1", "ports: 80, filtering: single, weight: 2", true),
            ("ports: 80, filtering: single", "ports: 80, filtering: single, affinity: none", true),
            ("ports: 80, filtering: single", "ports: 80, filtering: disabled", false),
            ("ports: 80", "ports: 80, affinity: network", false),
            ("ports: 80", "ports: 80, protocol: tcp", false),
            ("ports: 80", "ports: 80-81", false),
            ("ports: 80", "ports: 80, vip: 10.0.0.1", false),
        ] {
            assert_eq!(subjects(&rules(&[one])) == subjects(&rules(&[other])), alike, "{one} | {other}");
        }
        let (one, other) = (rules(&["ports: 80", "ports: 443"]), rules(&["ports: 443", "ports: 80"]));
        assert_eq!(subjects(&one), subjects(&other));
    }

    #[test]
    fn the_first_missing_rule_counts_how_often_one_is_there() {
        let of = |ports: &[&str]| subjects(&rules(ports));
        let (two, one) = (of(&["ports: 80", "ports: 80"]), of(&["ports: 80"]));
        assert_eq!(first_missing(&two, &one), two.first());
        assert_eq!(first_missing(&one, &two), None);
        let (more, less) = (of(&["ports: 80", "ports: 443", "ports: 25"]), of(&["ports: 80", "ports: 25"]));
        assert_eq!(first_missing(&more, &less).map(ToString::to_string).as_deref(), Some("443 tcp and udp"));
        assert_eq!(first_missing(&less, &[]), less.first());
    }
}
