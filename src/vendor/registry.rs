//! What holds for every pack that comes with the program.

use std::collections::BTreeMap;

use super::*;

/// Every statement of a pack in words: where it stands, its grade, its source, its note.
fn statements(pack: &str) -> Vec<(String, Evidence, String, Option<String>)> {
    let embedded = EMBEDDED.iter().find(|embedded| embedded.name == pack).unwrap();
    let (file, _): (PackFile, _) = embedded.yaml.decode(embedded.name).unwrap();
    let mut all = Vec::new();
    macro_rules! gather {
        ($place:expr, $capabilities:expr, $($name:ident)*) => {
            $(if let Some(fact) = &$capabilities.$name {
                let place = format!("{} {}", $place, stringify!($name));
                all.push((place, fact.evidence, fact.source.clone(), fact.note.clone()));
            })*
        };
    }
    let mut capabilities = vec![("capabilities".to_owned(), file.capabilities.clone())];
    for platform in &file.platforms {
        capabilities.extend(platform.capabilities.clone().map(|own| (platform.name.to_string(), own)));
    }
    let releases = file.releases.iter().chain(file.platforms.iter().flat_map(|platform| &platform.releases));
    capabilities.extend(releases.map(|record| ("releases".to_owned(), record.capabilities.clone())));
    for (place, facts) in &capabilities {
        gather!(place, facts, edge_port_default static_mac_on_lag_member static_mac_on_lag static_mac_in_routed_vlan
            routes unregistered_with_querier static_arp_multicast dynamic_arp_multicast static_multicast_mac multicast_lookup
            unregistered_multicast static_ip_multicast_mac unchecked_arp igmp_snooping igmp_snooping_default igmp_snooping_vlan_default unicast_arp_binds_one_port
            unicast_provision cluster_modes software_switched max_clusters multicast_since
                querier_address private_vlan_shares_static_mac mac_acl_ends_in_deny
                unstated_trunk_vlans);
    }
    let syntax = &file.syntax;
    let repeated = &syntax.repeated_static_mac;
    all.push(("repeated".into(), repeated.evidence, repeated.source.clone(), repeated.note.clone()));
    if let Some(limit) = &syntax.line_limit {
        all.push(("line_limit".into(), limit.evidence, limit.source.clone(), limit.note.clone()));
    }
    let text = |text: &Option<crate::yaml::Text>| text.as_ref().map(ToString::to_string);
    for recogniser in &file.recognise {
        let place = recogniser.lines.first().or(recogniser.removed_by.first()).unwrap().to_string();
        all.push((
            place,
            recogniser.evidence,
            text(&recogniser.source).unwrap_or_default(),
            text(&recogniser.note),
        ));
    }
    for refused in file.platforms.iter().flat_map(|platform| &platform.refuses) {
        let place = refused.lines.first().unwrap().to_string();
        let source = text(&refused.source).unwrap_or_default();
        all.push((place, refused.evidence, source, text(&refused.note)));
    }
    let advice = file.platforms.iter().flat_map(|platform| &platform.advice).chain(&file.advice);
    for said in advice {
        all.push((
            said.value.to_string(),
            said.evidence,
            text(&said.source).unwrap_or_default(),
            text(&said.note),
        ));
    }
    for needed in &file.prerequisites {
        let source = needed.source.as_ref().map(ToString::to_string).unwrap_or_default();
        all.push((format!("{} needs", needed.entry), needed.evidence, source, text(&needed.note)));
    }
    all
}

#[test]
fn every_pack_loads() {
    for pack in EMBEDDED {
        let templates = Templates::from_parts(pack.apply, pack.remove, pack.verify);
        if let Err(error) = Pack::read(pack.name, pack.yaml.text, templates) {
            let all: Vec<String> =
                error.problems.iter().map(|p| format!("{:?} {}", p.span, p.message)).collect();
            panic!("{}:\n{}", pack.name, all.join("\n"));
        }
    }
    assert!(EMBEDDED.len() >= 4);
}

#[test]
fn what_the_build_parsed_is_what_the_text_says() {
    let files = EMBEDDED.iter().map(|pack| pack.yaml).chain([FOREIGN]);
    for EmbeddedYaml { text, tape } in files {
        let file = named("any", text);
        let replayed = yaml::replay(file, text, tape, &mut Vec::new()).unwrap();
        let parsed = yaml::parse(file, text, &mut Vec::new()).unwrap();
        assert_eq!(format!("{replayed:?}"), format!("{parsed:?}"));
        assert!(yaml::replay(file, text, &tape[..tape.len() - 1], &mut Vec::new()).is_none(), "a torn tape");
    }
}

#[test]
fn every_name_leads_to_one_pack_and_every_platform_name_to_one_platform() {
    let packs = Packs::embedded();
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for pack in packs.all().unwrap() {
        for name in pack.called() {
            let before = owners.insert(name.to_lowercase(), pack.name().to_owned());
            assert_eq!(before, None, "`{name}` names two packs");
            assert_eq!(packs.get(&name.to_uppercase()).unwrap().unwrap().name(), pack.name());
        }
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for (index, platform) in pack.platforms.iter().enumerate() {
            for name in std::iter::once(&platform.name).chain(&platform.aliases) {
                assert_eq!(seen.insert(name.to_lowercase(), index), None, "{} `{name}` twice", pack.name());
                assert_eq!(pack.platform(&name.to_lowercase()), Some(index), "{} {name}", pack.name());
            }
        }
    }
    assert!(packs.get("zebra").unwrap().is_none());
}

#[test]
fn the_platforms_that_designs_may_state_are_known() {
    let packs = Packs::embedded();
    for (pack, platforms) in [
        (
            "ios",
            "catalyst-2950 catalyst-2960 catalyst-2960-x catalyst-3560 catalyst-3750 catalyst-3650 catalyst-3850 \
             catalyst-4500 catalyst-4900 catalyst-6500 catalyst-9000 catalyst-9200 catalyst-9300 catalyst-9400 \
             catalyst-9500 catalyst-9600",
        ),
        ("powerconnect", "5424 5448"),
        ("ftos", "S4810 S4820T S6000 Z9000 S3048-ON S4048-ON MXL FN-IOM io-aggregator C9000"),
        ("nxos", "nexus-5000 nexus-7000 nexus-9000"),
    ] {
        let pack = packs.get(pack).unwrap().unwrap();
        for platform in platforms.split_whitespace() {
            assert!(pack.platform(platform).is_some(), "{} knows no {platform}", pack.name());
        }
    }
}

#[test]
fn every_grade_rests_on_something() {
    for pack in EMBEDDED {
        for (place, evidence, source, note) in statements(pack.name) {
            let place = format!("{}: {place}", pack.name);
            match evidence {
                Evidence::Unverified => {
                    assert!(source.is_empty(), "{place}: unverified, and yet it claims a source");
                    assert!(note.is_some(), "{place}: unverified, and it does not say on what it rests");
                }
                // What the project measured itself, it shows.
                Evidence::Lab if source.starts_with("docs/") => {
                    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(&source);
                    assert!(page.is_file(), "{place}: there is no `{source}`");
                }
                _ => assert!(
                    source.starts_with("https://") || source.starts_with("http://"),
                    "{place}: `{source}` is no URL"
                ),
            }
        }
    }
}

#[test]
fn examples_of_ports_are_ports_and_short_names_lead_back() {
    for pack in Packs::embedded().all().unwrap() {
        assert!(!pack.ports.examples.is_empty(), "{}", pack.name());
        for example in &pack.ports.examples {
            pack.ports.parse(example).unwrap_or_else(|error| panic!("{} {example}: {error}", pack.name()));
        }
        for kind in &pack.ports.kinds {
            let number = vec!["1"; kind.parts.0].join("/");
            for name in
                [&*kind.name, kind.short.as_str()].into_iter().chain(kind.also.iter().map(String::as_str))
            {
                let port = pack.ports.parse(&format!("{name} {number}"));
                assert_eq!(
                    port.map(|port| port.kind().to_owned()).as_deref(),
                    Ok(&*kind.name),
                    "{}",
                    pack.name()
                );
            }
        }
    }
}

#[test]
fn what_the_platforms_can_do_is_as_the_sources_say() {
    let packs = Packs::embedded();
    let facts = |pack: &str, platform: Option<&str>| {
        let pack = packs.get(pack).unwrap().unwrap();
        let facts = pack.facts(platform.map(|name| pack.platform(name).unwrap()));
        (facts.lookup(), facts.static_arp(), facts.static_mac_ports(), facts.snooping_default(false))
    };
    use Acceptance as Arp;
    use PortCount as Mac;
    for (pack, platform, expected) in [
        ("cisco-ios", None, (Lookup::Unknown, Arp::Accepted, Mac::Many, Some(true))),
        ("cisco-ios", Some("catalyst-3750"), (Lookup::Mac, Arp::Accepted, Mac::Many, Some(true))),
        ("cisco-ios", Some("catalyst-3850"), (Lookup::Ip, Arp::Accepted, Mac::Many, Some(true))),
        ("cisco-ios", Some("catalyst-9300"), (Lookup::Ip, Arp::Accepted, Mac::Many, Some(true))),
        ("cisco-ios", Some("catalyst-4500"), (Lookup::Mac, Arp::Accepted, Mac::Software, Some(true))),
        ("dell-powerconnect-5400", Some("5424"), (Lookup::Mac, Arp::Refused, Mac::Many, Some(false))),
        ("dell-force10", Some("S4810"), (Lookup::Ip, Arp::Accepted, Mac::Many, Some(false))),
        ("dell-force10", Some("io-aggregator"), (Lookup::Ip, Arp::Accepted, Mac::None, Some(true))),
        ("dell-os6", Some("n3000"), (Lookup::Mac, Arp::Unknown, Mac::Many, Some(true))),
        ("dell-os6", Some("8000"), (Lookup::Mac, Arp::Unknown, Mac::Many, None)),
        ("dell-os10", None, (Lookup::Unknown, Arp::Unknown, Mac::One, None)),
        ("cisco-nxos", None, (Lookup::Unknown, Arp::Unknown, Mac::Unknown, Some(true))),
        ("linux-bridge", None, (Lookup::Ip, Arp::Accepted, Mac::NonIp, Some(true))),
        ("linux-bridge", Some("spectrum"), (Lookup::Unknown, Arp::Unknown, Mac::Unknown, Some(true))),
        ("cisco-nxos", Some("nexus-5000"), (Lookup::Mac, Arp::Unknown, Mac::Many, Some(true))),
    ] {
        assert_eq!(facts(pack, platform), expected, "{pack} {platform:?}");
    }
    for platform in ["catalyst-4500", "catalyst-4900", "catalyst-6500"] {
        let pack = packs.get("cisco-ios").unwrap().unwrap();
        assert!(pack.facts(pack.platform(platform)).software_switched().unwrap().value, "{platform}");
    }
}

#[test]
fn what_differs_by_release_holds_where_the_release_is_known() {
    let packs = Packs::embedded();
    for (pack, platform, release, in_switch, in_vlan) in [
        ("dell-os10", None, None, None, None),
        ("dell-os10", None, Some("10.4.2.9"), Some(false), None),
        ("dell-os10", Some("S4100-ON"), Some("10.4.3.0"), Some(true), Some(true)),
        ("dell-os10", None, Some("10.5.2.3"), Some(true), Some(true)),
        ("dell-os6", Some("8000"), Some("4.1.0.7"), None, None),
        ("dell-os6", Some("8000"), Some("5.1.8.2"), Some(true), None),
        ("dell-os6", None, Some("6.3.3.10"), Some(true), Some(true)),
        ("dell-os6", Some("n3000"), None, Some(true), Some(true)),
    ] {
        let known = packs.get(pack).unwrap().unwrap();
        let platform = platform.map(|name| known.platform(name).unwrap());
        let facts = known.facts(Model { platform, release: release.and_then(Release::parse) });
        let defaults = (facts.snooping_default(false), facts.snooping_default(true));
        assert_eq!(defaults, (in_switch, in_vlan), "{pack} {release:?}");
    }
}

#[test]
fn a_platform_speaks_before_the_releases_of_its_pack_and_the_later_release_before_the_earlier() {
    let statement =
        |value: &str| format!("{{igmp_snooping_default: {{value: {value}, evidence: unverified, note: n}}}}");
    let (on, off) = (statement("true"), statement("false"));
    let text = format!(
        "name: some\ntitle: T\nsyntax:\n  mac: dotted\n  comment: \"!\"\n  blocks: indent\n  negation: \"no\"\n  \
         repeated_static_mac: {{value: adds, evidence: unverified}}\n  separator: \",\"\n  examples: [e1]\n  \
         ports: [{{name: e, short: e, parts: [1]}}]\ncapabilities: {{}}\n\
         releases:\n  - {{since: \"2.0\", capabilities: {on}}}\n  - {{since: \"3.0\", capabilities: {off}}}\n\
         platforms:\n  - {{name: a, capabilities: {on}, releases: [{{since: \"2.0\", before: \"2.5\", capabilities: {off}}}]}}\n"
    );
    let pack = Pack::read("some", &text, None).unwrap();
    for (platform, release, expected) in [
        (None, "1.9", None),
        (None, "2.1", Some(true)),
        (None, "3.0", Some(false)),
        (Some(0), "1.9", Some(true)),
        (Some(0), "2.4.9", Some(false)),
        (Some(0), "2.5", Some(true)),
        (Some(0), "3.0", Some(true)),
    ] {
        let model = Model { platform, release: Release::parse(release) };
        assert_eq!(pack.facts(model).snooping_default(false), expected, "{platform:?} {release}");
    }
    let told: Vec<Option<String>> =
        pack.facts(None).stated_by_release().into_iter().map(|stated| stated.releases).collect();
    assert_eq!(told, [Some("from release 2.0 on".into()), Some("from release 3.0 on".into())]);
    for (wrong, expected) in [
        ("{since: nine, capabilities: {}}", "a release is told by its numbers"),
        ("{capabilities: {}}", "says for which"),
        ("{since: \"2.0\", before: \"2.0\", capabilities: {}}", "no release is both"),
    ] {
        let text = text.replace("releases:\n", &format!("releases:\n  - {wrong}\n"));
        let problems = Pack::read("some", &text, None).unwrap_err().problems;
        assert!(
            problems.iter().any(|problem| problem.message.contains(expected)),
            "{expected}: {problems:?}"
        );
    }
}

#[test]
fn a_broken_pack_says_everything_that_is_wrong_with_it() {
    let text = "name: other\ntitle: T\nsyntax:\n  mac: dotted\n  comment: \"!\"\n  blocks: indent\n  negation: \"no\"\n  \
                repeated_static_mac: {value: adds, evidence: vendor}\n  separator: \",\"\n  ports: []\n  \
                vlan_names: [{of: vlan, line: \"vlan <vlan>\"}, {of: port, line: \"x <vlan>\", vlan: 1}]\ncapabilities: {}\n\
                recognise:\n  - {entry: static-arp, lines: [\"arp <ip>\"], evidence: unverified}\n  \
                - {entry: vlan-flooding, lines: [\"x <zebra>\"], evidence: field}\nirrelevant: [\"[x]\"]\n\
                prerequisites:\n  - {entry: static-mac, needs: [igmp-snooping], platforms: [s9], lines: [mac x], evidence: field}\n\
                detect:\n  - {line: \"version <level>\", weight: 11}\n  - {line: \"x<word> y\", weight: 1}\n";
    let problems = Pack::read("some", text, None).unwrap_err().problems;
    let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    for expected in [
        "calls itself `other`",
        "needs its source",
        "at least one kind of port",
        "names <mac>",
        "a naming of VLANs is a `line`",
        "the VLAN of a port is a `line` with `<vlan>`, `under` one",
        "`<zebra>` is no placeholder",
        "need their source",
        "there is no platform `s9`",
        "no line that states `static-mac` begins so",
        "a prerequisite graded `field` needs its source",
        "begins with a word",
        "weighs from 1 to 10",
        "one fixed word",
    ] {
        assert!(messages.iter().any(|message| message.contains(expected)), "{expected}: {messages:#?}");
    }
}

/// The names of keys and the words of choices in a JSON Schema.
fn words(schema: &serde_json::Value, found: &mut std::collections::BTreeSet<String>) {
    match schema {
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), value) {
                    ("properties", serde_json::Value::Object(keys)) => found.extend(keys.keys().cloned()),
                    ("enum", serde_json::Value::Array(choices)) => {
                        found.extend(choices.iter().filter_map(|word| word.as_str().map(str::to_owned)));
                    }
                    _ => {}
                }
                words(value, found);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| words(item, found)),
        _ => {}
    }
}

#[test]
fn the_guide_explains_every_key_every_choice_and_every_placeholder() {
    let guide = include_str!("../../docs/packs.md");
    let schema = schemars::generate::SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<yaml::Schemed<PackFile>>();
    let mut named = std::collections::BTreeSet::new();
    words(&serde_json::to_value(&schema).unwrap(), &mut named);
    assert!(named.contains("static_arp_names_port") && named.contains("vlan-flooding"), "{named:?}");
    named.extend(super::pattern::PLACEHOLDERS.iter().map(|(name, _)| format!("<{name}>")));
    let spans = guide.split('`').skip(1).step_by(2);
    let inside = |c: char| c.is_ascii_alphanumeric() || "_-<>".contains(c);
    let explained: std::collections::BTreeSet<&str> =
        spans.flat_map(|span| span.split(move |c| !inside(c))).collect();
    let unexplained: Vec<&String> = named.iter().filter(|name| !explained.contains(name.as_str())).collect();
    assert!(unexplained.is_empty(), "docs/packs.md says nothing about {unexplained:?}");
}

#[test]
fn a_check_that_is_off_lets_in_what_the_pack_says() {
    let packs = Packs::embedded();
    let takes = |pack: &str, mac: &str| {
        let pack = packs.get(pack).unwrap().unwrap();
        pack.facts(None).takes_unchecked(crate::net::mac::parse(mac).unwrap())
    };
    for (mac, of_ip_multicast) in
        [("01005e7f0101", true), ("01005e800101", false), ("03bf0a000101", false), ("01005f7f0101", false)]
    {
        assert_eq!(takes("hpe-arubaos-switch", mac), of_ip_multicast, "{mac}");
        assert!(takes("hpe-comware", mac));
    }
}
