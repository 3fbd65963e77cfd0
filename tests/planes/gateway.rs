//! The bridge as a router: its neighbour table takes a multicast MAC, typed or heard, and its own frames go where a
//! client's go.

use macaddr::MacAddr6;
use nlbswitch::entry::Entry;
use nlbswitch::render::Part;

use crate::bench::{Bench, Case, Kind, Source, Step, measure, skipped};
use crate::frames::{Shot, arp_reply};
use crate::model::{Heard, expected};
use crate::{
    HURRIED, HURRY, MULTICAST, PORTS, QUERIER, UNICAST, VIP, bound, digits, no_multicast, pack, router_port,
    written,
};

const ADDRESS: &str = "10.0.0.254/24";

#[test]
fn a_gateway_takes_the_cluster_mac_and_sends_where_a_client_would() {
    if skipped(Kind::Linux, "the Linux bridge as a gateway") {
        return;
    }
    let pack = pack();
    let bound_to = |mac| Entry::StaticArp { ip: VIP, mac, vrf: None, port: None, svi: Some(10) };
    let nodes = ["swp1", "swp2"];
    let probe = |mac| vec![(Source::Itself, Shot { mac, ip: Some(VIP) })];
    let row = |name, mac, more: &[Entry], ports| (name, mac, [&[bound_to(mac)], more].concat(), ports);
    let rows: [(&str, MacAddr6, Vec<Entry>, &str); 5] = [
        row("no querier", MULTICAST, &[], "1234"),
        row("mdb entries", MULTICAST, &[bound(&pack, MULTICAST, &nodes)], "1234"),
        row("querier", MULTICAST, &[QUERIER], ""),
        row(
            "querier, router ports",
            MULTICAST,
            &[QUERIER, router_port(&pack, "swp1"), router_port(&pack, "swp2")],
            "12",
        ),
        row("unicast mode", UNICAST, &[], "1234"),
    ];
    let mut order: Vec<Case> = rows
        .iter()
        .map(|(_, mac, entries, _)| {
            // The line that is typed second takes the place of the first.
            let mut run = written(&pack, Part::Apply, &[bound_to(MacAddr6::new(2, 2, 2, 2, 2, 2))]);
            run.extend(written(&pack, Part::Apply, entries));
            let wait = if entries.contains(&QUERIER) { HURRIED } else { 0 };
            let step = Step { run, wait, probes: probe(*mac), ..Step::default() };
            Case { setup: vec![HURRY.to_owned()], steps: vec![step] }
        })
        .collect();
    // Nobody answers, then a node does.
    let reply = arp_reply(VIP, MULTICAST, [10, 0, 0, 254].into());
    let answered =
        Step { send: vec![("swp1", reply)], wait: 50, probes: probe(MULTICAST), ..Step::default() };
    order.push(Case {
        setup: Vec::new(),
        steps: vec![Step { probes: probe(MULTICAST), ..Step::default() }, answered],
    });
    let seen = measure(Bench { kind: Kind::Linux, address: Some(ADDRESS), ports: &PORTS }, &order);
    for ((name, mac, entries, ports), steps) in rows.iter().zip(&seen) {
        assert_eq!(steps[0].failed, [], "{name}");
        assert_eq!(digits(&steps[0].got[0]), *ports, "{name}");
        let heard = Heard { settled: true, ..Heard::default() };
        let said = expected(&pack, &written(&pack, Part::Apply, entries), &heard, &PORTS, &probe(*mac));
        assert_eq!(digits(&said[0]), *ports, "what the model says of {name}");
    }
    let [silent, answered] = seen[rows.len()].as_slice() else { panic!("{seen:?}") };
    assert_eq!((digits(&silent.got[0]), digits(&answered.got[0])), (String::new(), "1234".to_owned()));
}

#[test]
fn what_is_kept_off_a_port_is_all_multicast_neighbour_discovery_too() {
    if skipped(Kind::Linux, "what else a Linux bridge keeps off a port") {
        return;
    }
    let pack = pack();
    let solicitation = Shot { mac: MacAddr6::new(0x33, 0x33, 0xff, 0, 0, 1), ip: None };
    let probes = vec![(Source::Port("swp3"), solicitation)];
    let run = written(&pack, Part::Apply, &[no_multicast(&pack, "swp4")]);
    let steps = vec![
        Step { probes: probes.clone(), ..Step::default() },
        Step { run: run.clone(), probes: probes.clone(), ..Step::default() },
    ];
    let seen = measure(
        Bench { kind: Kind::Linux, address: None, ports: &PORTS },
        &[Case { setup: Vec::new(), steps }],
    );
    for ((lines, ports), step) in [(vec![], "124"), (run, "12")].iter().zip(&seen[0]) {
        assert_eq!((step.failed.as_slice(), digits(&step.got[0])), (&[][..], (*ports).to_owned()));
        assert_eq!(digits(&expected(&pack, lines, &Heard::default(), &PORTS, &probes)[0]), *ports);
    }
}
