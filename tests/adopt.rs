//! `adopt`: a design that was written out and read back from configs is the same plan.
//!
//! What is compared is all that configs can say: for every switch the static ARP and static MAC entries, IGMP snooping and
//! the querier, and for gateways their peers. What no config shows stays out of the designs: models and releases,
//! names of clusters and nodes, links, unicast clusters (nothing is written for them), and clusters whose nodes stand
//! behind two switches (a port may lead to a node or to a switch). A switch that holds an IGMP cluster by snooping alone
//! shows none of its nodes, and a cluster without nodes is that of every gateway: such a switch stands alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use nlbswitch::adopt;
use nlbswitch::design::load_text;
use nlbswitch::diagnostic::has_errors;
use nlbswitch::entry::{Entry, EntryKind, Subject, Value};
use nlbswitch::lint::ConfigFile;
use nlbswitch::net::port::Naming;
use nlbswitch::plan::plan;
use nlbswitch::render::{Dialect, Options, setting_lines, snippets};
use nlbswitch::source::Sources;
use nlbswitch::vendor::{Lookup, Model, Pack, Packs, PortCount, bind};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;

static PACKS: LazyLock<Packs> = LazyLock::new(Packs::embedded);

/// A switch of a random design with its clusters.
#[derive(Clone)]
struct Site {
    pack: Arc<Pack>,
    gateway: bool,
    querier: bool,
    clusters: Vec<Cluster>,
}

impl std::fmt::Debug for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { pack, gateway, querier, clusters } = self;
        write!(f, "{} gateway {gateway} querier {querier} {clusters:?}", pack.name())
    }
}

#[derive(Debug, Clone)]
struct Cluster {
    mode: &'static str,
    /// How many further VIPs.
    vips: u8,
    /// The ports of its nodes, by number.
    ports: Vec<u32>,
    /// Whether it shares the VLAN and the subnet of the cluster before it.
    beside: bool,
}

fn a_cluster() -> impl Strategy<Value = Cluster> {
    let modes = select(vec!["multicast", "igmp-multicast"]);
    let ports = prop::collection::btree_set(1u32..20, 1..5).prop_map(|ports| ports.into_iter().collect());
    (modes, 0u8..4, ports, any::<bool>()).prop_map(|(mode, vips, ports, beside)| Cluster {
        mode,
        vips,
        ports,
        beside,
    })
}

fn a_site() -> impl Strategy<Value = Site> {
    // What is written for a cluster must show it: the mode alone that an interface is told names no VIP and no MAC.
    let all = PACKS.all().unwrap().into_iter();
    let packs = all.filter(|pack| pack.facts(None).speaks_of(EntryKind::StaticMac));
    let packs: Vec<Arc<Pack>> = packs.collect();
    (select(packs), any::<bool>(), any::<bool>(), prop::collection::vec(a_cluster(), 1..4)).prop_map(
        |(pack, gateway, querier, clusters)| {
            // A switch that has no static ARP for a cluster tells nobody that it is the gateway.
            let routes = pack.facts(None).routes().is_none_or(|fact| fact.value)
                && pack.speaks_of(EntryKind::StaticArp);
            // Only a gateway shows the whole primary of an IGMP cluster, and its VLAN where the pack reads its interfaces.
            let shows_igmp = routes && pack.grade_of(EntryKind::Address).is_some();
            // A static MAC of one port shows no node behind another.
            let most = if pack.facts(None).static_mac_ports() == PortCount::One { 1 } else { usize::MAX };
            let clusters = clusters.into_iter().map(|cluster| Cluster {
                mode: if shows_igmp { cluster.mode } else { "multicast" },
                ports: cluster.ports.into_iter().take(most).collect(),
                ..cluster
            });
            let clusters: Vec<Cluster> = clusters.collect();
            let gateway = routes && (gateway || clusters.iter().any(|cluster| cluster.mode != "multicast"));
            Site { pack, gateway, querier, clusters }
        },
    )
}

/// The design of these switches, and what each config holds beside the planned lines.
fn written(sites: &[Site]) -> (String, Vec<String>) {
    let (mut clusters, mut switches) = (String::new(), String::new());
    let mut around = Vec::new();
    for (number, site) in sites.iter().enumerate() {
        let name = format!("sw{number}");
        let mut own = format!("hostname {name}\n");
        let mut home = 0;
        for (at, cluster) in site.clusters.iter().enumerate() {
            if !cluster.beside || at == 0 {
                home = at;
                own += &svi(site, vlan(number, home), &subnet(number, home));
            }
            let ip = |last: usize| format!("{}.{}", subnet(number, home), 40 + at * 10 + last);
            let further: Vec<String> = (1..=usize::from(cluster.vips)).map(ip).collect();
            // Without a gateway nothing tells of them.
            let further = match further.is_empty() || !site.gateway {
                true => String::new(),
                false => format!("virtual_ips: [{}], ", further.join(", ")),
            };
            let kinds = &site.pack.ports.kinds;
            let kind = kinds.iter().find(|kind| !kind.lag).unwrap();
            let nodes = cluster.ports.iter().enumerate().map(|(node, port)| {
                let numbers = vec!["1".to_owned(); kind.parts.0 - 1].into_iter().chain([port.to_string()]);
                let numbers: Vec<String> = numbers.collect();
                let port = format!("{}{}{}", kind.name, site.pack.ports.between, numbers.join("/"));
                let port = site.pack.ports.show(&site.pack.ports.parse(&port).unwrap(), Naming::Long);
                format!("{{name: n{at}-{node}, attach: \"{name} {port}\"}}")
            });
            let nodes: Vec<String> = nodes.collect();
            writeln!(
                clusters,
                "  - {{name: c{number}-{at}, mode: {}, primary_ip: {}/24, vlan: {}, {further}nodes: [{}]}}",
                cluster.mode,
                ip(0),
                vlan(number, home),
                nodes.join(", ")
            )
            .unwrap();
        }
        let gateway = if site.gateway { ", gateway: true" } else { "" };
        // Every dialect takes an address, and one of them needs it.
        let asks = site.querier && site.clusters.iter().any(|cluster| cluster.mode == "igmp-multicast");
        let querier = if asks { ", querier: 10.9.9.9" } else { "" };
        writeln!(switches, "  - {{name: {name}, vendor: {}{gateway}{querier}}}", site.pack.name()).unwrap();
        around.push(own);
    }
    (format!("clusters:\n{clusters}switches:\n{switches}"), around)
}

fn vlan(site: usize, cluster: usize) -> usize {
    100 + site * 10 + cluster
}

fn subnet(site: usize, cluster: usize) -> String {
    format!("10.{}.{}", 20 + site, 100 + cluster * 3 + site * 20)
}

/// The lines of the interface that routes a VLAN.
fn svi(site: &Site, vlan: usize, subnet: &str) -> String {
    let of = Subject::Svi(vlan as u16);
    let address = Value::Address(format!("{subnet}.1").parse().unwrap(), 24);
    let address = Entry::Setting { kind: EntryKind::Address, of, value: address };
    match setting_lines(Dialect::of(&site.pack), &address).filter(|_| site.gateway) {
        Some(lines) => lines.join("\n") + "\n!\n",
        None => String::new(),
    }
}

/// What each switch of a design must hold, and the texts that say so.
fn planned(design: &str) -> (BTreeMap<String, Vec<Entry>>, BTreeMap<String, String>) {
    let mut loaded = load_text("design.yaml", design, &mut Sources::new());
    let bound = bind(&loaded.design, &PACKS, &mut loaded.problems).unwrap();
    assert!(!has_errors(&loaded.problems), "{design}\n{:#?}", loaded.problems);
    let plan = plan(&bound);
    let devices: Vec<_> = plan.devices.iter().collect();
    let needs = devices
        .iter()
        .map(|device| (device.name.clone(), device.needs.iter().map(|need| need.entry.clone()).collect()));
    let needs = needs.collect();
    let written = snippets(&plan, &devices, &loaded.design, &Options::default()).unwrap();
    let texts = written.into_iter().map(|(device, snippet)| {
        let lines = snippet.apply.iter().map(|line| format!("{}\n", line.text));
        (device.name.clone(), lines.collect())
    });
    (needs, texts.collect())
}

/// The design behind these configs.
fn adopted(configs: &[(Arc<Pack>, String)]) -> String {
    let mut sources = Sources::new();
    let files: Vec<_> = configs
        .iter()
        .enumerate()
        .map(|(number, (pack, text))| {
            (sources.add_config(format!("sw{number}.cfg"), text.clone()), pack, format!("sw{number}"))
        })
        .collect();
    let configs: Vec<ConfigFile<'_>> = files
        .iter()
        .map(|(file, pack, name)| {
            ConfigFile::read(*file, sources.file(*file).text(), pack, Model::UNKNOWN, name)
        })
        .collect();
    let recovered = adopt::recover(&configs);
    assert_eq!(recovered.orphans, [], "{:?}", configs.iter().map(|config| &config.name).collect::<Vec<_>>());
    adopt::yaml(&recovered)
}

/// Some switches, each with clusters of its own.
fn some_sites() -> impl Strategy<Value = Vec<Site>> {
    prop::collection::vec(a_site(), 1..4).prop_map(|mut sites| {
        let several = sites.len() > 1;
        let snooping = |site: &Site| site.pack.facts(None).lookup() != Lookup::Ip;
        for site in sites.iter_mut().filter(|site| several && snooping(site)) {
            site.clusters.iter_mut().for_each(|cluster| cluster.mode = "multicast");
        }
        sites
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn what_was_generated_is_adopted_as_the_same_plan(sites in some_sites()) {
        let (design, around) = written(&sites);
        let (needs, texts) = planned(&design);
        let configs: Vec<(Arc<Pack>, String)> = sites
            .iter()
            .zip(&around)
            .enumerate()
            .map(|(number, (site, around))| {
                let lines = texts.get(&format!("sw{number}")).cloned().unwrap_or_default();
                (Arc::clone(&site.pack), format!("{around}{lines}"))
            })
            .collect();
        let configs_text: String = configs.iter().map(|(_, text)| format!("{text}\n")).collect();
        let recovered = adopted(&configs);
        let (again, _) = planned(&recovered);
        prop_assert_eq!(&needs, &again, "{}\n{}\n{}", design, configs_text, recovered);
    }
}

/// The gateways of a pair each hold the entries; that they are one is told by the address they share.
#[test]
fn two_gateways_that_share_an_address_are_peers_again() {
    let design = "clusters:\n  - {name: a, mode: multicast, primary_ip: 10.1.1.40/24, virtual_ips: [10.1.1.41], vlan: 10}\n\
                  switches:\n  - {name: sw0, vendor: cisco-ios, gateway: {protocol: hsrp, peers: [sw1]}}\n  \
                  - {name: sw1, vendor: cisco-ios, gateway: {protocol: hsrp, peers: [sw0]}}\n";
    let (needs, texts) = planned(design);
    let pack = PACKS.get("cisco-ios").unwrap().unwrap();
    let config = |number: u8| {
        let own = format!(
            "interface Vlan10\n ip address 10.1.1.{} 255.255.255.0\n standby 10 ip 10.1.1.1\n!\n",
            number + 2
        );
        (Arc::clone(&pack), own + &texts[&format!("sw{number}")])
    };
    let recovered = adopted(&[config(0), config(1)]);
    assert_eq!(planned(&recovered).0, needs, "{recovered}");
    assert!(recovered.contains("gateway: {protocol: hsrp, peers: [\"sw1\"]}"), "{recovered}");
    assert!(
        needs["sw0"].iter().filter(|entry| entry.kind() == EntryKind::StaticArp).count() == 2,
        "{needs:?}"
    );
}

/// Such a gateway learns a cluster by itself: its config shows that there is one, and in which mode.
#[test]
fn of_a_cluster_whose_mode_alone_is_told_it_is_said_what_is_missing() {
    let voss = "config terminal\nprompt \"core1\"\nvlan create 10 name \"web\" type port-mstprstp 0\n\
                interface vlan 10\nip address 10.0.10.1 255.255.255.0 0\nnlb-mode multicast\nexit\n";
    let plus = "hostname core2\n!\ninterface vlan20\n ip address 10.0.20.1/24\n arp-mac-disparity multicast-igmp\n!\n\
                interface vlan30\n ip address 10.0.30.1/24\n arp-mac-disparity unicast\n no arp-mac-disparity\n!\n";
    let ios = "hostname core3\n!\ninterface Vlan10\n ip address 10.0.10.2 255.255.255.0\n!\narp 10.0.10.50 03bf.0a00.0a32 ARPA\n";
    let recovered = |configs: &[(&str, &str)]| {
        let mut sources = Sources::new();
        let packs: Vec<_> = configs.iter().map(|(pack, _)| PACKS.get(pack).unwrap().unwrap()).collect();
        let read = configs.iter().zip(&packs).enumerate().map(|(number, ((_, text), pack))| {
            let file = sources.add_config(format!("core{}.cfg", number + 1), *text);
            ConfigFile::read(file, text, pack, Model::UNKNOWN, &format!("core{}", number + 1))
        });
        let read: Vec<_> = read.collect();
        let recovered = adopt::recover(&read);
        let orphans = recovered.orphans.iter().map(|orphan| format!("{}: {}", orphan.switch, orphan.what));
        (orphans.collect::<Vec<_>>(), adopt::yaml(&recovered))
    };
    let (orphans, design) = recovered(&[("extreme-voss", voss), ("allied-awplus", plus)]);
    let told = [
        "core1: VLAN 10: its interface takes the ARP replies of multicast clusters; no config shows a VIP of one",
        "core2: VLAN 20: its interface takes the ARP replies of igmp-multicast clusters; no config shows a VIP of one",
    ];
    assert_eq!(orphans, told, "{design}");
    assert!(design.contains("# orphan on core1: VLAN 10: its interface takes"), "{design}");
    assert!(!design.contains("clusters:\n") && design.matches("gateway: true").count() == 2, "{design}");
    // Where another config shows the cluster, nothing is missing.
    let (orphans, design) = recovered(&[("extreme-voss", voss), ("cisco-ios", "!\n"), ("cisco-ios", ios)]);
    assert_eq!(orphans, [""; 0], "{design}");
    assert!(
        design.contains("primary_ip: 10.0.10.50/24") && design.matches("gateway: true").count() == 2,
        "{design}"
    );
}
