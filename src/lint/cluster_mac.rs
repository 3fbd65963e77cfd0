//! The MAC of a cluster, where somebody wrote it down: a `mac_override`, the static ARP and static MAC lines of a
//! config. One wrong MAC is one finding: the rule that names the mistake speaks, NLB101 is for the rest.

mod alone;
mod lines;

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr};

use macaddr::MacAddr6;

use super::words::Mender;
use super::{Estate, Findings, Rule, Scope};
use crate::design::Cluster;
use crate::diagnostic::{Code, Severity};
use crate::entry::Entry;
use crate::net::mac::{Notation, format};
use crate::nlb::{self, Mode, Verdict};
use crate::source::Span;

pub(super) const RULES: &[Rule] = &[
    MAC_MISMATCH,
    SECONDARY_VIP_OWN_MAC,
    MODE_PREFIX_MISMATCH,
    DECIMAL_OCTETS,
    REVERSED_OCTETS,
    PLACEHOLDER_MAC,
    LEGACY_00BF,
    MAC_OVERRIDE,
];

/// A MAC of a cluster that is another one than the primary IP and the mode give.
const MAC_MISMATCH: Rule = Rule {
    code: Code(101),
    name: "mac-mismatch",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB101.md"),
    check: |estate, findings| report(&MAC_MISMATCH, estate, findings),
};

/// A secondary VIP's own derived MAC, where the primary's belongs.
const SECONDARY_VIP_OWN_MAC: Rule = Rule {
    code: Code(102),
    name: "secondary-vip-own-mac",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB102.md"),
    check: |estate, findings| report(&SECONDARY_VIP_OWN_MAC, estate, findings),
};

/// The right IP and the wrong mode.
const MODE_PREFIX_MISMATCH: Rule = Rule {
    code: Code(103),
    name: "mode-prefix-mismatch",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB103.md"),
    check: |estate, findings| report(&MODE_PREFIX_MISMATCH, estate, findings),
};

/// The IP's octets, written in decimal.
const DECIMAL_OCTETS: Rule = Rule {
    code: Code(104),
    name: "decimal-octets",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB104.md"),
    check: |estate, findings| report(&DECIMAL_OCTETS, estate, findings),
};

/// The IP's octets, last one first.
const REVERSED_OCTETS: Rule = Rule {
    code: Code(105),
    name: "reversed-octets",
    severity: Severity::Error,
    scope: Scope::Both,
    page: include_str!("../../docs/rules/NLB105.md"),
    check: |estate, findings| report(&REVERSED_OCTETS, estate, findings),
};

/// A MAC out of a vendor's document.
const PLACEHOLDER_MAC: Rule = Rule {
    code: Code(106),
    name: "placeholder-mac",
    severity: Severity::Error,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB106.md"),
    check: |estate, findings| report(&PLACEHOLDER_MAC, estate, findings),
};

/// The MAC of NLB's predecessor.
const LEGACY_00BF: Rule = Rule {
    code: Code(107),
    name: "legacy-00bf",
    severity: Severity::Warning,
    scope: Scope::Config,
    page: include_str!("../../docs/rules/NLB107.md"),
    check: |estate, findings| report(&LEGACY_00BF, estate, findings),
};

/// A cluster MAC or group that was set by hand.
const MAC_OVERRIDE: Rule = Rule {
    code: Code(115),
    name: "mac-override",
    severity: Severity::Warning,
    scope: Scope::Design,
    page: include_str!("../../docs/rules/NLB115.md"),
    check: mac_override,
};

/// A MAC that does not belong to its cluster.
#[derive(Debug)]
pub(super) struct Misfit {
    rule: &'static Rule,
    /// Whether the mistake is only likely, and so never an error.
    likely: bool,
    /// The cluster of the design, by its position.
    cluster: Option<usize>,
    /// The config it stands in, by its position.
    config: Option<usize>,
    switch: Option<String>,
    span: Option<Span>,
    /// Other places that share the mistake, or show it.
    related: Vec<(Span, String)>,
    message: String,
    help: String,
    /// The entry of the config.
    entry: Option<Entry>,
    /// The MAC that belongs there, where that is sure.
    right: Option<MacAddr6>,
}

impl Misfit {
    /// Whether it is about an entry with this MAC in this config.
    pub(super) fn is_about(&self, config: usize, mac: MacAddr6) -> bool {
        let found = match self.entry {
            Some(Entry::StaticArp { mac, .. } | Entry::StaticMac { mac, .. }) => Some(mac),
            _ => None,
        };
        self.config == Some(config) && found == Some(mac)
    }
}

fn report(rule: &Rule, estate: &Estate<'_>, findings: &mut Findings) {
    let mender = Mender::default();
    for misfit in estate.misfits().iter().filter(|misfit| misfit.rule.code == rule.code) {
        let finding = findings.report(rule, misfit.span, misfit.message.clone());
        finding.help(misfit.help.clone());
        if misfit.likely {
            finding.severity(rule.severity.min(Severity::Warning));
        }
        if let Some(cluster) = misfit.cluster.map(|index| &estate.design().clusters[index]) {
            finding.cluster(cluster.name.to_string());
            match (&cluster.mac_override, misfit.config) {
                (Some(mac), Some(_)) => finding.related(mac.span, "the cluster's MAC is set here"),
                _ => finding.related(cluster.primary_ip.span, "the MAC is derived from this address"),
            };
        }
        for (span, label) in &misfit.related {
            finding.related(*span, label.clone());
        }
        let Some(config) = misfit.config.map(|config| &estate.configs[config]) else { continue };
        let switch = misfit.switch.clone().unwrap_or_else(|| config.name.clone());
        finding.switch(switch.clone());
        if let Some((right, entry)) = misfit.right.zip(misfit.entry.clone()) {
            mender.on_config(config, &switch, finding, &lines::correction(entry, right));
        }
    }
}

/// Every wrong MAC: of the design's clusters in the design and in its configs, and in the configs that no design speaks
/// of.
pub(super) fn misfits(estate: &Estate<'_>) -> Vec<Misfit> {
    let clusters = &estate.design().clusters;
    if estate.configs.is_empty() && clusters.iter().all(|cluster| cluster.mac_override.is_none()) {
        return Vec::new();
    }
    let owners = Owners::new(clusters);
    let mut misfits: Vec<Misfit> =
        (0..clusters.len()).filter_map(|index| misfit_of_override(index, &owners)).collect();
    for device in 0..estate.plan.devices.len() {
        lines::misfits_of_arp(estate, device, &owners, &mut misfits);
        lines::misfits_of_static_mac(estate, device, &owners, &mut misfits);
    }
    alone::misfits_without_design(estate, &owners, &mut misfits);
    misfits
}

/// Which clusters a MAC or a VIP belongs to.
struct Owners<'e> {
    clusters: &'e [Cluster],
    by_mac: HashMap<MacAddr6, Vec<usize>>,
    by_vip: HashMap<Ipv4Addr, Vec<usize>>,
}

impl<'e> Owners<'e> {
    fn new(clusters: &'e [Cluster]) -> Self {
        let mut by_mac: HashMap<MacAddr6, Vec<usize>> = HashMap::new();
        let mut by_vip: HashMap<Ipv4Addr, Vec<usize>> = HashMap::new();
        for (index, cluster) in clusters.iter().enumerate() {
            by_mac.entry(cluster.mac()).or_default().push(index);
            for vip in cluster.vips() {
                if let IpAddr::V4(ip) = vip.value {
                    by_vip.entry(ip).or_default().push(index);
                }
            }
        }
        Self { clusters, by_mac, by_vip }
    }

    /// Another cluster whose MAC this is.
    fn other(&self, mac: MacAddr6, than: &Cluster) -> Option<&'e Cluster> {
        let owners = self.by_mac.get(&mac)?.iter().map(|index| &self.clusters[*index]);
        owners.into_iter().find(|owner| !std::ptr::eq(*owner, than))
    }
}

/// A MAC that somebody wrote, with all that is needed to judge it.
struct Written<'a, 'e> {
    cluster: &'e Cluster,
    primary: Ipv4Addr,
    /// The VIP it was written for.
    vip: Ipv4Addr,
    mac: MacAddr6,
    notation: Notation,
    /// Whether it stands in a config; NLB106 and NLB107 are about configs.
    in_config: bool,
    /// What carries it, for the headline.
    subject: String,
    owners: &'a Owners<'e>,
}

impl Written<'_, '_> {
    /// The rule that names the mistake, and the mistake in words; `None` when nothing shows that it is one.
    fn mistake(&self, verdict: &Verdict) -> Option<(&'static Rule, String)> {
        let Self { cluster, primary, vip, .. } = self;
        let other = self.owners.other(self.mac, cluster);
        let rule = match verdict {
            Verdict::OtherMode { .. } => &MODE_PREFIX_MISMATCH,
            Verdict::OwnMacOfSecondary { .. } => &SECONDARY_VIP_OWN_MAC,
            Verdict::DecimalOctets { .. } if other.is_none() => &DECIMAL_OCTETS,
            Verdict::ReversedOctets { .. } if other.is_none() => &REVERSED_OCTETS,
            Verdict::Placeholder(_) if self.in_config => &PLACEHOLDER_MAC,
            Verdict::Legacy00bf { .. } if self.in_config => &LEGACY_00BF,
            _ => &MAC_MISMATCH,
        };
        let what = match verdict {
            Verdict::OtherMode { found, asked } => {
                format!(
                    "the {} MAC of {primary}, and the cluster runs in {} mode",
                    found.title(),
                    asked.title()
                )
            }
            Verdict::OwnMacOfSecondary { .. } => {
                format!("the MAC of {vip} itself, and every VIP answers with that of the primary {primary}")
            }
            _ if other.is_some() => {
                format!("the MAC of cluster `{}`", other.map_or("", |other| other.name.as_str()))
            }
            Verdict::DecimalOctets { .. } => format!("the digits of {vip} in decimal instead of hexadecimal"),
            Verdict::ReversedOctets { .. } => format!("the octets of {vip} in reverse order"),
            Verdict::OtherIp { mode, ip } | Verdict::SecondaryVip { mode, primary: ip } => {
                format!("the {} MAC of {ip}, not of {primary}", mode.title())
            }
            Verdict::OtherIgmp(found) => {
                format!("the MAC of addresses that end in .{}.{}, not of {primary}", found.y, found.z)
            }
            Verdict::MaskedSource { host, .. } => {
                format!("what host {host} sends with: nothing listens there")
            }
            Verdict::Legacy00bf { ip } => format!("the old 00-BF form of {ip}, which NLB does not use"),
            Verdict::Placeholder(example) => format!("an example out of {}", example.document),
            Verdict::NotNlb { address_fits: true } => "the right octets behind a wrong prefix".to_owned(),
            Verdict::NotNlb { address_fits: false } => "no MAC that NLB makes".to_owned(),
            Verdict::Match { .. } => {
                format!("what follows from {primary}, and the cluster's MAC is set to another")
            }
        };
        let written = format(self.mac, self.notation);
        Some((rule, format!("{} has `{written}`, {what}", self.subject)))
    }

    /// What to write instead.
    fn help(&self, verdict: &Verdict) -> String {
        let right = format(self.cluster.mac(), self.notation);
        match verdict {
            Verdict::OtherMode { found, .. } => {
                format!("write `{right}`; or say `mode: {found}` if that is how the nodes run")
            }
            _ if self.cluster.mac_override.is_some() => format!("write `{right}`, as the cluster states"),
            _ => format!("write `{right}`; until then no node listens to what is sent there"),
        }
    }
}

fn misfit_of_override(index: usize, owners: &Owners<'_>) -> Option<Misfit> {
    let cluster = &owners.clusters[index];
    let (mac, primary) = (cluster.mac_override?, cluster.primary_v4()?);
    let mode = cluster.mode.value;
    let mut verdict = nlb::diagnose(primary, Some(mode), mac.value);
    let mut vip = primary;
    if !matches!(verdict, Verdict::Match { .. } | Verdict::OtherMode { .. }) {
        let own = cluster.further_vips().find_map(|vip| match vip.value {
            IpAddr::V4(ip) => Some((ip, Mode::ALL.into_iter().find(|mode| mode.mac(ip) == mac.value)?)),
            IpAddr::V6(_) => None,
        });
        if let Some((ip, mode)) = own {
            (vip, verdict) = (ip, Verdict::OwnMacOfSecondary { mode });
        }
    }
    match verdict {
        Verdict::Match { .. } | Verdict::NotNlb { address_fits: false } => return None,
        // Locally administered and old MACs may begin so by chance; the address tells.
        Verdict::MaskedSource { ip, .. } | Verdict::Legacy00bf { ip } if ip != primary => return None,
        _ => {}
    }
    let written = Written {
        cluster,
        primary,
        vip,
        mac: mac.value,
        notation: Notation::Colon,
        in_config: false,
        subject: format!("the override of cluster `{}`", cluster.name),
        owners,
    };
    let (rule, message) = written.mistake(&verdict)?;
    let right = format(mode.mac(primary), Notation::Colon);
    let help = match verdict {
        Verdict::OtherMode { found, .. } => {
            format!("leave `mac_override` out, `{right}` is derived; or say `mode: {found}`")
        }
        _ => format!("leave `mac_override` out: {primary} gives `{right}` in {} mode", mode.title()),
    };
    let span = Some(mac.span);
    Some(Misfit {
        rule,
        likely: false,
        cluster: Some(index),
        config: None,
        switch: None,
        span,
        related: Vec::new(),
        message,
        help,
        entry: None,
        right: None,
    })
}

fn mac_override(estate: &Estate<'_>, findings: &mut Findings) {
    let clusters = &estate.design().clusters;
    let misfits: HashSet<usize> = estate
        .misfits()
        .iter()
        .filter(|misfit| misfit.config.is_none())
        .filter_map(|misfit| misfit.cluster)
        .collect();
    for (index, cluster) in clusters.iter().enumerate() {
        if cluster.mac_override.is_some() && !misfits.contains(&index) {
            manual_mac(cluster, findings);
        }
    }
    for cluster in clusters {
        super::igmp_group::manual_group(cluster, &MAC_OVERRIDE, findings);
    }
}

fn manual_mac(cluster: &Cluster, findings: &mut Findings) {
    let Some(mac) = cluster.mac_override else { return };
    let mode = cluster.mode.value;
    let name = &cluster.name;
    if mac.is_multicast() != (mode != Mode::Unicast) {
        let (found, needed) = if mac.is_multicast() { ("multicast", "even") } else { ("unicast", "odd") };
        let message = format!(
            "the override of cluster `{name}` is a {found} MAC, and the cluster runs in {} mode",
            mode.title()
        );
        findings
            .report(&MAC_OVERRIDE, mac.span, message)
            .severity(Severity::Error)
            .related(cluster.mode.span, "the mode")
            .help(format!(
                "in {} mode the first octet is {needed}: correct `mac_override` or `mode`",
                mode.title()
            ))
            .cluster(name.to_string());
        return;
    }
    let Some(primary) = cluster.primary_v4() else { return };
    let derived = mode.mac(primary);
    let (message, help) = match mac.value == derived {
        true => (
            format!("the override of cluster `{name}` repeats the MAC that {primary} gives anyway"),
            "leave `mac_override` out: it would not follow when the address or the mode changes".to_owned(),
        ),
        false => (
            format!("the MAC of cluster `{name}` is set by hand"),
            format!(
                "leave `mac_override` out if the nodes answer with `{}`, which follows from {primary}",
                format(derived, Notation::Colon)
            ),
        ),
    };
    findings
        .report(&MAC_OVERRIDE, mac.span, message)
        .related(cluster.primary_ip.span, "the MAC would be derived from this address")
        .help(help)
        .cluster(name.to_string());
}
