//! What the forwarding model says of the same lines and frames.

use std::collections::BTreeSet;

use nlbswitch::config;
use nlbswitch::forwarding::{Frame, Held, Lines, Plane, Switch, decide};
use nlbswitch::net::PortSet;
use nlbswitch::source::Sources;
use nlbswitch::vendor::{Model, Pack};

use crate::bench::Source;
use crate::frames::Shot;

/// The VLAN that the bridge is.
pub(crate) const VLAN: u16 = 10;

/// What a bridge has heard from the stations behind its ports.
#[derive(Debug, Clone, Default)]
pub(crate) struct Heard {
    /// The ports behind which nodes have reported the group.
    pub(crate) joined: PortSet,
    /// Whether somebody else asks for reports.
    pub(crate) queried: bool,
    /// The ports behind which it knows somebody who does.
    pub(crate) asking: PortSet,
    /// Whether it has asked long enough itself, where it is told to.
    pub(crate) settled: bool,
}

/// The ports of `all` that get each of `probes`, by the model, on a bridge that was told `lines`.
pub(crate) fn expected(
    pack: &Pack,
    lines: &[String],
    heard: &Heard,
    all: &[&str],
    probes: &[(Source, Shot)],
) -> Vec<BTreeSet<String>> {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let reading = config::read(pack, &text);
    let odd: Vec<&str> = reading.unparsed.iter().map(|line| &text[line.range.clone()]).collect();
    assert!(odd.is_empty(), "not understood: {odd:?}");
    let state = reading.state(&pack.facts(None));
    let file = Sources::new().add("lines", text.as_str());
    let lines = Lines { file, reading: &reading };
    let switch =
        Switch::new(Held { state: &state, pack, model: Model::UNKNOWN, config: Some(lines), design: None });
    let own = heard.settled && switch.queries(VLAN);
    let plane = Plane {
        switch: &switch,
        joined: heard.joined.clone(),
        router_ports: heard.asking.clone(),
        queried: own || heard.queried,
    };
    let port = |name: &str| pack.ports.parse(name).expect("a port");
    let in_vlan: PortSet = all.iter().map(|name| port(name)).collect();
    let of_probe = |(source, shot): &(Source, Shot)| {
        let decision = decide(&plane, &Frame { mac: shot.mac, vlan: VLAN, ip: shot.ip });
        assert!(!decision.is_unknown(), "{shot:?}: {decision:?}");
        let ingress = match source {
            Source::Port(name) => Some(port(name)),
            Source::Itself => None,
        };
        decision.ports(&in_vlan, ingress.as_ref()).iter().map(ToString::to_string).collect()
    };
    probes.iter().map(of_probe).collect()
}
