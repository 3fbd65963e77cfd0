//! A cluster on one switch of a pack: what there is to be tried where nothing is known but the pack.

use std::path::PathBuf;

use crate::design::{self, Loaded};
use crate::entry::EntryKind;
use crate::nlb::Mode;
use crate::source::Sources;
use crate::vendor::{Acceptance, Pack, Platform};

/// Whether a switch can be the gateway of a multicast cluster: it routes, as far as is known, and the pack writes the
/// static ARP entries that it takes, or tells its interface the mode. Another one is the gateway where it cannot.
pub(super) fn is_gateway(pack: &Pack, platform: Option<&Platform>) -> bool {
    let facts = pack.facts(platform.and_then(|platform| pack.platform(&platform.name)));
    facts.routes().is_none_or(|fact| fact.value)
        && (facts.static_arp() != Acceptance::Refused && facts.speaks_of(EntryKind::StaticArp)
            || facts.cluster_modes().is_some_and(|fact| fact.value.contains(Mode::Multicast))
                && facts.speaks_of(EntryKind::ClusterMode)
            || facts.lets_learn_instead())
}

/// Two nodes on two ports of one switch, which is the gateway where it can be, and asks for IGMP reports. `None` for a pack that has
/// no port to put a node on.
pub(super) fn lone(
    pack: &Pack,
    platform: Option<&Platform>,
    mode: Mode,
    sources: &mut Sources,
) -> Option<Loaded> {
    let gateway = is_gateway(pack, platform);
    let kind = pack.ports.kinds.iter().find(|kind| !kind.lag)?;
    let mut ports = (1..=2).filter_map(|last| {
        let numbers: Vec<u32> =
            std::iter::repeat_n(1, kind.parts.0.saturating_sub(1)).chain([last]).collect();
        pack.ports.numbered(kind, &numbers).map(|port| port.to_string())
    });
    let quote = |text: String| serde_json::Value::from(text).to_string();
    let mut node = |name: &str| {
        Some(format!("{{name: {name}, attach: {}}}", quote(format!("switch {}", ports.next()?))))
    };
    let (one, other) = (node("node1")?, node("node2")?);
    let platform = platform.map(|platform| format!(", platform: {}", quote(platform.name.clone())));
    let text = format!(
        "clusters:\n  - {{name: web, mode: {mode}, primary_ip: 192.0.2.10/24, vlan: 10, nodes: [{one}, {other}]}}\n\
         switches:\n  - {{name: switch, vendor: {}{}, gateway: {gateway}, querier: 192.0.2.9}}\n",
        quote(pack.name().to_owned()),
        platform.unwrap_or_default(),
    );
    let loaded = design::load_text("design.yaml", text, sources);
    Some(Loaded { base: PathBuf::new(), ..loaded })
}
