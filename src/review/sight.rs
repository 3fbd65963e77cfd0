//! What was seen of what an item rests on. What was not seen never passes.

use super::checklist::Sees;
use super::deliveries;
use super::document::Evidence as Shown;
use super::scope::{Subject, runs_on};
use crate::config::Unparsed;
use crate::design::{Cluster, Hypervisor, Node, TeamKind};
use crate::entry::EntryKind;
use crate::forwarding::{Answer, Fabric};
use crate::lint::{ConfigFile, Estate};
use crate::nlb::Mode;
use crate::plan::in_words;
use crate::source::{Sources, Span};
use crate::vendor::{Acceptance, Evidence, Lookup, PlatformFacts, PortCount};

/// What comes of looking.
#[derive(Debug)]
pub(super) enum Sight {
    /// It was seen, and is so.
    Seen(Vec<Shown>),
    /// It was not: why.
    Unseen(String, Vec<Shown>),
    /// It was seen, and is not so: why.
    Against(String, Vec<Shown>),
}

/// What there is to be looked at.
pub(super) struct View<'v> {
    pub(super) estate: &'v Estate<'v>,
    pub(super) fabric: &'v Fabric<'v>,
    /// What becomes of the frames of each cluster.
    pub(super) answers: &'v [Answer],
    pub(super) sources: &'v Sources,
}

impl<'v> View<'v> {
    /// Looks for what `sees` names.
    pub(super) fn look(&self, sees: Sees, subject: Subject) -> Sight {
        match sees {
            Sees::Config(kinds) => self.configs(subject, kinds),
            Sees::Platform => self.platforms(subject),
            Sees::TakesArp => self.shown(subject, "static ARP entries with a multicast MAC", |facts| {
                facts
                    .static_arp_multicast()
                    .map(|fact| (fact.value != Acceptance::Unknown, fact.value.as_str(), fact.evidence))
            }),
            Sees::TakesMac => self.shown(subject, "ports of a static MAC entry", |facts| {
                facts
                    .static_multicast_mac()
                    .map(|fact| (fact.value != PortCount::Unknown, fact.value.as_str(), fact.evidence))
            }),
            Sees::LooksUp => self.shown(subject, "multicast is looked up by", |facts| {
                facts
                    .multicast_lookup()
                    .map(|fact| (fact.value != Lookup::Unknown, fact.value.as_str(), fact.evidence))
            }),
            Sees::Frames => self.frames(subject, deliveries::now),
            Sees::Conditions => self.frames(subject, deliveries::then),
            Sees::Site => match &self.estate.design().site {
                Some(_) => Sight::Seen(vec![Shown::fact("the design says what else is in the site")]),
                None => unseen("the design has no `site`: what else is in the VLAN is not known"),
            },
            _ => self.clusters(subject, sees),
        }
    }

    /// Looks at the clusters of `subject` for something that a design states.
    fn clusters(&self, subject: Subject, sees: Sees) -> Sight {
        let mut seen = Vec::new();
        for number in subject.clusters(self.estate) {
            let cluster = &self.estate.design().clusters[number];
            match self.stated(number, cluster, sees) {
                Ok(text) => seen.push(Shown::fact(text)),
                Err(missing) => return unseen(missing),
            }
        }
        Sight::Seen(seen)
    }

    /// What the design states of a cluster, or what it does not.
    fn stated(&self, number: usize, cluster: &Cluster, sees: Sees) -> Result<String, String> {
        let name = &cluster.name.value;
        let design = self.estate.design();
        // The nodes that lack something, in words.
        let all = |what: &str, has: &dyn Fn(&Node) -> bool, said: String| {
            let lacking: Vec<&str> =
                cluster.nodes.iter().filter(|node| !has(node)).map(|node| node.name.as_str()).collect();
            match lacking.is_empty() {
                true => Ok(said),
                false => Err(format!("the design does not state {what} of {}", some(&lacking))),
            }
        };
        let on = |node: &Node, platform: Hypervisor| {
            let hosts = design.possible_hosts(node);
            hosts.iter().any(|host| host.platform.is_some_and(|stated| stated.value == platform))
        };
        match sees {
            Sees::Nodes => match cluster.nodes.len() {
                0 => Err(format!("the design names no node of {name}")),
                1 => Ok("1 node".to_owned()),
                count => Ok(format!("{count} nodes")),
            },
            Sees::Places => match &self.estate.plan.clusters[number].unpinnable {
                None => Ok("the design says behind which ports every node is, or may be".to_owned()),
                Some(_) => {
                    Err(format!("the design does not say behind which ports every node of {name} may be"))
                }
            },
            Sees::Priorities => {
                let stated: Vec<String> = cluster
                    .nodes
                    .iter()
                    .filter_map(|node| node.priority)
                    .map(|one| one.to_string())
                    .collect();
                all(
                    "the priority",
                    &|node| node.priority.is_some(),
                    format!("priorities {}", stated.join(", ")),
                )
            }
            Sees::Addresses => {
                let stated: Vec<String> =
                    cluster.nodes.iter().filter_map(|node| node.ip).map(|one| one.to_string()).collect();
                all(
                    "the dedicated IP",
                    &|node| node.ip.is_some(),
                    format!("dedicated IPs {}", stated.join(", ")),
                )
            }
            Sees::Windows => match &cluster.windows {
                Some(windows) => Ok(format!("Windows Server {windows}")),
                None => Err(format!("the design does not state the Windows release of {name}")),
            },
            Sees::PortRules => match cluster.port_rules.len() {
                0 => Err(format!("the design states no port rules of {name}")),
                1 => Ok("1 port rule".to_owned()),
                count => Ok(format!("{count} port rules")),
            },
            Sees::Adapters => all(
                "the number of adapters",
                &|node| node.nics.is_some(),
                "adapters of every node".to_owned(),
            ),
            Sees::Heartbeat => {
                let heartbeat = cluster.heartbeat.as_ref();
                if heartbeat.is_none_or(|stated| stated.period_ms.is_none() || stated.tolerance.is_none()) {
                    return Err(format!("the design does not state the heartbeat of {name}"));
                }
                let masks = "whether source MACs are masked";
                let said = "heartbeat, and masked source MACs".to_owned();
                all(
                    masks,
                    &|node| cluster.mode.value != Mode::Unicast || node.mask_source_mac.is_some(),
                    said,
                )
            }
            Sees::Hypervisors => {
                let is_known = |node: &Node| {
                    let hosts = design.possible_hosts(node);
                    !node.attach.is_empty()
                        || !hosts.is_empty() && hosts.iter().all(|host| host.platform.is_some())
                };
                all("the hypervisor", &is_known, "what every node runs on".to_owned())
            }
            Sees::Teams => {
                let is_known = |node: &Node| {
                    let several =
                        design.possible_hosts(node).into_iter().filter(|host| host.links.len() != 1);
                    let mut teams = several.map(|host| host.team.as_ref());
                    !teams.any(|team| {
                        team.is_none_or(|team| {
                            team.mode.is_none() || team.kind.is_none_or(|kind| kind.value == TeamKind::Set)
                        })
                    })
                };
                all("the team under the hosts", &is_known, "the teams of every host".to_owned())
            }
            Sees::FailoverCluster => all(
                "whether there is a failover cluster",
                &|node| node.failover_cluster.is_some(),
                "whether each node is in a failover cluster".to_owned(),
            ),
            Sees::Spoofing => all(
                "MAC spoofing",
                &|node| !on(node, Hypervisor::HyperV) || node.mac_spoofing.is_some(),
                "MAC spoofing of every node on Hyper-V".to_owned(),
            ),
            Sees::VsphereSettings => self.vsphere(cluster),
            Sees::Placement => {
                let is_known = |node: &Node| {
                    let group = design.host_of(node).and_then(|host| host.group.as_ref());
                    let Some(group) = group.and_then(|group| design.group(group)) else { return false };
                    !design.machines_move(&group.name)
                        || group.anti_affinity.is_some() && group.cluster_aware_updating.is_some()
                };
                let is_known = |node: &Node| !node.attach.is_empty() || is_known(node);
                all("what keeps apart the machines", &is_known, "what keeps the nodes apart".to_owned())
            }
            Sees::Site
            | Sees::Platform
            | Sees::TakesArp
            | Sees::TakesMac
            | Sees::LooksUp
            | Sees::Config(_)
            | Sees::Frames
            | Sees::Conditions => Ok(String::new()), // looked for elsewhere
        }
    }

    fn vsphere(&self, cluster: &Cluster) -> Result<String, String> {
        let design = self.estate.design();
        let hosts = cluster.nodes.iter().flat_map(|node| design.possible_hosts(node));
        let on_vsphere =
            hosts.filter(|host| host.platform.is_some_and(|stated| stated.value == Hypervisor::Vsphere));
        for host in on_vsphere {
            let missing = match cluster.mode.value {
                Mode::Unicast if host.notify_switches.is_none() => "notify_switches",
                Mode::Unicast if host.forged_transmits.is_none() => "forged_transmits",
                Mode::Multicast | Mode::IgmpMulticast if host.notify_switches.is_none() => "notify_switches",
                Mode::Multicast | Mode::IgmpMulticast if host.multicast_filter.is_none() => {
                    "multicast_filter"
                }
                _ => continue,
            };
            return Err(format!("the design does not state `{missing}` of {}", host.name));
        }
        match runs_on(cluster, self.estate, &[Hypervisor::Vsphere]) {
            true => Ok("the settings of every vSphere host".to_owned()),
            false => Ok("no host is a vSphere host".to_owned()),
        }
    }

    fn platforms(&self, subject: Subject) -> Sight {
        let mut seen = Vec::new();
        for device in subject.devices(self.estate) {
            let plan = self.estate.device(device);
            let told = self.estate.config(device).and_then(ConfigFile::platform_name);
            match plan.platform_name().or(told) {
                Some(platform) => seen.push(Shown::fact(format!("{}: {platform}", plan.name))),
                None => return unseen(format!("which platform {} is, is not known", plan.name)),
            }
        }
        Sight::Seen(seen)
    }

    /// Whether somebody has shown a fact about the platforms, for clusters with a multicast MAC.
    fn shown(
        &self,
        subject: Subject,
        what: &str,
        fact: impl Fn(&PlatformFacts<'_>) -> Option<(bool, &'static str, Evidence)>,
    ) -> Sight {
        let is_multicast =
            |cluster: &usize| self.estate.design().clusters[*cluster].mode.value != Mode::Unicast;
        let mut seen = Vec::new();
        if !subject.clusters(self.estate).iter().any(is_multicast) {
            return Sight::Seen(seen);
        }
        for device in subject.devices(self.estate) {
            let name = &self.estate.device(device).name;
            let config = self.estate.config(device);
            let facts = config.map_or_else(|| self.estate.facts(device), ConfigFile::facts);
            match fact(&facts) {
                Some((true, value, grade)) if grade != Evidence::Unverified => {
                    seen.push(Shown::fact(format!("{name}: {what}: {value} ({grade})")));
                }
                Some((true, value, grade)) => {
                    return unseen(format!(
                        "nobody has shown it for {name}: {what}: likely {value} ({grade})"
                    ));
                }
                _ => return unseen(format!("nobody says it of {name}: {what}")),
            }
        }
        Sight::Seen(seen)
    }

    fn configs(&self, subject: Subject, kinds: &[EntryKind]) -> Sight {
        let devices = subject.devices(self.estate);
        if devices.is_empty() {
            return unseen("the design says of no switch that the frames pass it");
        }
        let mut seen = Vec::new();
        for device in devices {
            let name = &self.estate.device(device).name;
            let Some(config) = self.estate.config(device) else {
                return unseen(format!("planned, not seen on the device: no config of {name} was read"));
            };
            let routes = !self.estate.device(device).gateway_for.is_empty();
            let wanted = |kind: &&EntryKind| routes || **kind != EntryKind::StaticArp;
            if let Some(kind) = kinds.iter().filter(wanted).find(|kind| !config.shows(**kind)) {
                return unseen(format!(
                    "which line of {name} is about it ({}) nobody here knows",
                    kind.as_str()
                ));
            }
            let about =
                |line: &&Unparsed| kinds.is_empty() || line.kinds.iter().any(|kind| kinds.contains(kind));
            if let Some(line) = config.reading.unparsed.iter().find(about) {
                let span = Span::new(config.file, line.range.clone());
                let evidence =
                    Shown::at("this line may be about it, and is not understood", span, self.sources);
                return Sight::Unseen(format!("a line of {name} is not understood"), vec![evidence]);
            }
            seen.push(self.read(device, config));
        }
        Sight::Seen(seen)
    }

    /// That a config was read.
    fn read(&self, device: usize, config: &ConfigFile<'_>) -> Shown {
        let ledger = config.reading.ledger;
        let path = self.sources.file(config.file).path();
        Shown::fact(format!(
            "config of {}: {path}, {} lines understood, {} of something else, {} unknown and nothing like NLB",
            self.estate.device(device).name,
            ledger.understood,
            ledger.unrelated,
            ledger.unknown.saturating_sub(config.reading.unparsed.len()),
        ))
    }

    fn frames(&self, subject: Subject, judge: fn(&View<'_>, usize) -> Sight) -> Sight {
        let mut seen = Vec::new();
        for cluster in subject.clusters(self.estate) {
            match judge(self, cluster) {
                Sight::Seen(evidence) => seen.extend(evidence),
                other => return other,
            }
        }
        Sight::Seen(seen)
    }

    /// The lines of configs that state what the design asks for, of these kinds.
    pub(super) fn stated_lines(&self, subject: Subject, kinds: &[EntryKind]) -> Vec<Shown> {
        let clusters = subject.clusters(self.estate);
        let mut found = Vec::new();
        for device in subject.devices(self.estate) {
            let Some(config) = self.estate.config(device) else { continue };
            let needs = self.estate.device(device).needs.iter();
            let wanted = needs.filter(|need| {
                kinds.contains(&need.entry.kind()) && need.clusters.iter().any(|one| clusters.contains(one))
            });
            for need in wanted {
                if let Some(span) = config.span_of(&need.entry) {
                    let text = format!("{} on {}", in_words(need.entry.kind()), config.name);
                    found.push(Shown::at(text, span, self.sources));
                }
            }
        }
        found
    }
}

pub(super) fn unseen(why: impl Into<String>) -> Sight {
    Sight::Unseen(why.into(), Vec::new())
}

/// `a`, `a and b`, `a, b and 3 more`.
pub(super) fn some(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [one, other] => format!("{one} and {other}"),
        [one, other, more @ ..] => format!("{one}, {other} and {} more", more.len()),
    }
}
