//! `recommend`: the modes for the switches at hand, tried and ranked.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use serde_json::Value;
use support::Workshop;

fn design(mode: &str, vendor: &str, more: &str) -> String {
    format!(
        "clusters:\n  - {{name: web, mode: {mode}, primary_ip: 172.31.1.232/24, vlan: 10, \
         nodes: [{{name: n1, attach: sw1 Gi1/0/1}}, {{name: n2, attach: sw1 Gi1/0/2}}]}}\n\
         switches:\n  - {{name: sw1, vendor: {vendor}, gateway: true{more}}}\n"
    )
}

fn recommend(design: &str, config: Option<&str>) -> (i32, Value) {
    let workshop = Workshop::with_design(design);
    let line = match config {
        Some(config) => {
            workshop.file("sw1.cfg", config);
            "recommend design.yaml sw1.cfg --dialect ios --format json"
        }
        None => "recommend design.yaml --format json",
    };
    let answer = workshop.output(line);
    (answer.code, serde_json::from_str(&answer.out).unwrap_or_else(|error| panic!("{error}: {answer}")))
}

fn modes(answer: &Value) -> Vec<(String, String)> {
    let modes = answer["clusters"][0]["modes"].as_array().unwrap();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    modes.iter().map(|mode| (word(&mode["mode"]), word(&mode["fares"]))).collect()
}

#[test]
fn what_is_recommended_does_not_depend_on_the_mode_that_the_design_states() {
    let of = |mode| {
        recommend(&design(mode, "cisco-ios", ", platform: catalyst-9300"), None).1["clusters"][0]["modes"]
            .clone()
    };
    let (unicast, multicast) = (of("unicast"), of("multicast"));
    let order =
        |modes: &Value| modes.as_array().unwrap().iter().map(|mode| mode["mode"].clone()).collect::<Vec<_>>();
    assert_eq!(order(&unicast), order(&multicast));
    assert_eq!(order(&multicast)[0], "multicast");
}

#[test]
fn unicast_floods_and_a_static_mac_entry_does_not() {
    let (code, answer) = recommend(&design("unicast", "cisco-ios", ", platform: catalyst-9300"), None);
    assert_eq!(code, 0);
    let modes = answer["clusters"][0]["modes"].as_array().unwrap();
    let of = |mode: &str| modes.iter().find(|one| one["mode"] == mode).unwrap();
    assert_eq!(of("unicast")["floods"][0]["switch"], "sw1");
    assert_eq!(of("unicast")["frames"][0]["verdict"], "flood");
    assert_eq!(of("multicast")["floods"], serde_json::json!([]));
    assert_eq!(of("multicast")["frames"][0]["verdict"], "confined");
    assert_eq!(of("multicast")["switches"][0]["lines"], 2);
}

#[test]
fn a_mode_that_a_rule_calls_an_error_comes_last() {
    let (_, answer) = recommend(support::TEAM, None);
    let modes = modes(&answer);
    assert_eq!(modes.last().unwrap(), &("unicast".to_owned(), "fails".to_owned()), "{modes:?}");
    let last = answer["clusters"][0]["modes"].as_array().unwrap().last().unwrap();
    assert!(last["reasons"].to_string().contains("NLB201"), "{last}");
}

#[test]
fn where_no_mode_works_that_is_said_and_the_exit_code_is_1() {
    let text = support::TEAM
        .replace("windows: '2016'", "windows: '2016'\n    mac_override: 02-bf-00-00-00-01")
        .replace("name: nlb1, host: hv1", "name: nlb1, failover_cluster: true, host: hv1");
    let (code, answer) = recommend(&text, None);
    assert_eq!(code, 1, "{answer}");
    assert_eq!(answer["clusters"][0]["recommended"], Value::Null);
    let shown = Workshop::with_design(&text).output("recommend design.yaml");
    assert!(shown.out.contains("no mode works"), "{shown}");
}

#[test]
fn what_is_only_unverified_is_never_recommended_without_saying_so() {
    for vendor in ["cisco-ios", "arista-eos", "cisco-nxos"] {
        let text = design("multicast", vendor, "").replace(
            "Gi1/0/",
            match vendor {
                "cisco-ios" => "Gi1/0/",
                "arista-eos" => "Et",
                _ => "Eth1/",
            },
        );
        let (_, answer) = recommend(&text, None);
        let best = &answer["clusters"][0]["modes"][0];
        let shown = Workshop::with_design(&text).output("recommend design.yaml").out;
        let first = shown.lines().next().unwrap();
        let unsure = best["evidence"] == "unverified" || best["fares"] != "works";
        assert_eq!(first.contains("try it first"), unsure, "{shown}");
        for work in best["switches"].as_array().unwrap() {
            for fact in work["facts"].as_array().unwrap() {
                assert_eq!(fact["evidence"] == "unverified", fact["source"].is_null(), "{fact}");
            }
        }
    }
}

#[test]
fn what_a_config_holds_beside_the_cluster_counts() {
    let text = design("unicast", "cisco-ios", ", platform: catalyst-3750");
    let ports = "interface GigabitEthernet1/0/1\n switchport access vlan 10\n!\ninterface GigabitEthernet1/0/2\n \
                 switchport access vlan 10\n!\ninterface GigabitEthernet1/0/3\n switchport access vlan 10\n!\n";
    let (_, open) = recommend(&text, Some(&format!("hostname sw1\n!\n{ports}")));
    let unicast = |answer: &Value| {
        let modes = answer["clusters"][0]["modes"].as_array().unwrap().clone();
        modes.into_iter().find(|mode| mode["mode"] == "unicast").unwrap()
    };
    assert_eq!(unicast(&open)["floods"][0]["bystanders"], 1, "{open}");
    let blocked = ports.replacen(
        " switchport access vlan 10\n",
        " switchport access vlan 10\n switchport block unicast\n",
        1,
    );
    let (_, blocked) = recommend(&text, Some(&format!("hostname sw1\n!\n{blocked}")));
    assert_eq!(unicast(&blocked)["fares"], "fails", "{blocked}");
    let reasons = unicast(&blocked)["reasons"].to_string();
    assert!(reasons.contains("n1 does not get it"), "{reasons}");
}

#[test]
fn what_is_said_of_entries_that_a_pack_does_not_write_or_read_is_true_of_it() {
    let told = |vendor: &str, ports: [&str; 2], config: Option<&str>| {
        let text = design("multicast", vendor, "").replace("Gi1/0/1", ports[0]).replace("Gi1/0/2", ports[1]);
        let (_, answer) = recommend(&text, config);
        let modes = answer["clusters"][0]["modes"].as_array().unwrap().clone();
        let multicast = modes.into_iter().find(|mode| mode["mode"] == "multicast").unwrap();
        let reasons = multicast["reasons"].as_array().unwrap().clone();
        reasons.iter().map(|reason| reason.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let unplanned = |what: &str| {
        format!("sw1: not known: there is no config of this switch, and its pack writes no {what} for it")
    };
    for (vendor, ports, whats) in [
        ("hpe-arubaos-switch", ["1", "2"], &["static ARP", "static MAC entry"][..]),
        ("brocade-icx", ["ethernet 1/1/1", "ethernet 1/1/2"], &["static ARP", "static MAC entry"]),
        ("juniper-junos", ["ge-0/0/1", "ge-0/0/2"], &["static MAC entry"]),
    ] {
        let expected: Vec<String> = whats.iter().map(|what| unplanned(what)).collect();
        assert_eq!(told(vendor, ports, None), expected, "{vendor}");
    }
    let config = "# software id =\n/system identity\nset name=sw1\n";
    assert_eq!(
        told("mikrotik", ["ether1", "ether2"], Some(config)),
        ["sw1: not known: its pack reads no lines for a static MAC entry"]
    );
}

#[test]
fn a_design_without_clusters_has_no_mode() {
    let answer =
        Workshop::with_design("switches: [{name: sw1, vendor: ios}]\n").output("recommend design.yaml");
    assert_eq!((answer.code, answer.out.as_str()), (3, ""), "{answer}");
}

#[test]
fn a_config_that_cannot_be_read_is_said_once_and_the_plan_is_taken() {
    let text = design("multicast", "cisco-ios", ", platform: catalyst-9300, config: gone.cfg");
    let workshop = Workshop::with_design(&text);
    let answer = workshop.output("recommend design.yaml");
    assert_eq!(answer.code, 0, "{answer}");
    assert_eq!(answer.err.matches("cannot read gone.cfg, the config of sw1").count(), 1, "{answer}");
    workshop.file("gone.cfg", "hostname sw1\n");
    assert_eq!(workshop.output("recommend design.yaml").err, "");
}

#[test]
fn configs_of_unknown_or_other_dialects_are_told_and_stop_nothing() {
    let asa = |name: &str| format!(": Saved\n:\nASA Version 9.8(4)\n!\nhostname {name}\nnames\n!\n");
    let text = design("multicast", "cisco-ios", ", platform: catalyst-9300, config: own.cfg");
    let workshop = Workshop::with_design(&text);
    workshop.file("own.cfg", asa("sw1")).file("fw1.cfg", asa("fw1")).file("notes.txt", "buy milk\n");
    workshop.file("other.cfg", "version 20.4R3-S1;\nsystem {\n    host-name other;\n}\n");
    let told = "note: notes.txt is no switch config\n\
                note: fw1.cfg was not read: it seems to be Cisco ASA\n\
                note: 1 config is of no switch of the design and was not read\n";
    let own = "warning: own.cfg, the config of sw1, seems to be Cisco ASA: it is read as cisco-ios, which the design says\n";
    for command in ["recommend", "trace", "review --exit-zero"] {
        let answer = workshop.output(&format!("{command} design.yaml fw1.cfg other.cfg notes.txt"));
        let own = if command.starts_with("review") { "" } else { own };
        assert_eq!((answer.code, answer.err.as_str()), (0, format!("{told}{own}").as_str()), "{answer}");
    }
    let linted = workshop.output("lint design.yaml fw1.cfg --select NLB902,NLB906 -f concise");
    assert_eq!(
        (linted.code, linted.out.as_str()),
        (
            0,
            "own.cfg:1:1: warning[NLB906] the config of `sw1` seems to be Cisco ASA, and is read as `cisco-ios`\n\
             fw1.cfg:1:1: info[NLB902] nobody looked into this config: it seems to be Cisco ASA\n"
        ),
        "{linted}"
    );
}
