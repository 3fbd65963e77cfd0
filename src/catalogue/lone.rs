//! A cluster on one switch of a pack: what there is to be tried where nothing is known but the pack.

use std::path::PathBuf;

use crate::design::{self, Loaded};
use crate::nlb::Mode;
use crate::source::Sources;
use crate::vendor::{Pack, Platform};

/// Two nodes on two ports of one switch, which routes where it can, and asks for IGMP reports. `None` for a pack that has
/// no port to put a node on.
pub(super) fn lone(
    pack: &Pack,
    platform: Option<&Platform>,
    mode: Mode,
    sources: &mut Sources,
) -> Option<Loaded> {
    let number = platform.and_then(|platform| pack.platform(&platform.name));
    let routes = pack.facts(number).routes().is_none_or(|fact| fact.value);
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
         switches:\n  - {{name: switch, vendor: {}{}, gateway: {routes}, querier: 192.0.2.9}}\n",
        quote(pack.name().to_owned()),
        platform.unwrap_or_default(),
    );
    let loaded = design::load_text("design.yaml", text, sources);
    Some(Loaded { base: PathBuf::new(), ..loaded })
}
