//! `nlbswitch trace`, as it is typed.
#![allow(clippy::unwrap_used)]

mod support;

use support::{Workshop, repository};

/// Two nodes below two access switches below a gateway, and a third host that no entry of `acc1` names.
const DESIGN: &str = "\
clusters:
  - {name: web, mode: multicast, primary_ip: 10.0.0.1/24, vlan: 10, nodes: [{name: n1, host: hv1}, {name: n2, host: hv2}]}
hosts:
  - {name: hv1, group: g, team: {mode: switch-independent}, links: [acc1 Gi1/0/1, acc2 Gi1/0/1]}
  - {name: hv2, group: g, team: {mode: switch-independent}, links: [acc1 Gi1/0/2, acc2 Gi1/0/2]}
  - {name: hv3, group: g, team: {mode: switch-independent}, links: [acc1 Gi1/0/3, acc2 Gi1/0/3]}
host_groups: [{name: g}]
switches:
  - {name: core, vendor: ios, platform: catalyst-3750, gateway: true}
  - {name: acc1, vendor: ios, platform: catalyst-3750, links: [Gi1/0/48 core Gi1/0/1]}
  - {name: acc2, vendor: ios, platform: catalyst-3750, links: [Gi1/0/48 core Gi1/0/2]}
";

const CORE: &str = "\
hostname core
!
interface Vlan10
 ip address 10.0.0.254 255.255.255.0
!
arp 10.0.0.1 03bf.0a00.0001 ARPA
mac address-table static 03bf.0a00.0001 vlan 10 interface Gi1/0/1 Gi1/0/2
end
";

const ACC1: &str = "\
hostname acc1
!
interface GigabitEthernet1/0/9
 switchport mode access
 switchport access vlan 10
!
mac address-table static 03bf.0a00.0001 vlan 10 interface Gi1/0/1 Gi1/0/2 Gi1/0/9 Gi1/0/48
end
";

fn workshop() -> Workshop {
    let workshop = Workshop::with_design(DESIGN);
    workshop.file("configs/core.cfg", CORE).file("configs/acc1.cfg", ACC1);
    workshop
}

#[test]
fn a_design_alone_is_traced_as_it_is_planned() {
    insta::assert_snapshot!(workshop().run("trace design.yaml --what-if migration"));
}

#[test]
fn configs_say_who_is_flooded_and_who_is_cut_off_after_a_move() {
    insta::assert_snapshot!(workshop().run("trace design.yaml configs --what-if migration,failover"));
}

#[test]
fn what_a_link_that_goes_down_does_is_told() {
    insta::assert_snapshot!(workshop().run("trace design.yaml --from gateway --what-if link"));
}

#[test]
fn one_side_is_traced_alone() {
    insta::assert_snapshot!(workshop().run("trace design.yaml configs --from vlan --what-if none"));
}

#[test]
fn json_has_the_same_and_fits_its_schema() {
    let workshop = workshop();
    let printed =
        workshop.output("trace design.yaml configs --from gateway --what-if migration --format json");
    assert_eq!(printed.code, 0, "{printed}");
    let document: serde_json::Value = serde_json::from_str(&printed.out).unwrap();
    let schema = std::fs::read_to_string(repository("schemas/trace.schema.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    insta::assert_snapshot!(printed.out);
}

#[test]
fn the_order_of_a_design_changes_no_answer() {
    let turned: Vec<&str> = {
        let lines: Vec<&str> = DESIGN.lines().collect();
        let section = |from: usize, to: usize| lines[from..to].iter().rev().copied().collect::<Vec<_>>();
        [&lines[..3], &section(3, 6), &lines[6..8], &section(8, 11)].concat()
    };
    let json = |design: &str| {
        let workshop = Workshop::with_design(design);
        let document: serde_json::Value =
            serde_json::from_str(&workshop.output("trace design.yaml --format json").out).unwrap();
        let mut traces = document["traces"].as_array().unwrap().clone();
        for trace in &mut traces {
            for switch in trace["switches"].as_array_mut().unwrap() {
                switch["location"] = serde_json::Value::Null;
            }
        }
        traces
    };
    assert_eq!(json(DESIGN), json(&(turned.join("\n") + "\n")));
}

#[test]
fn mistakes_are_told_and_nothing_is_printed() {
    let workshop = workshop();
    for (line, code, said) in [
        ("trace design.yaml --cluster wep", 2, "did you mean `web`?"),
        ("trace missing.yaml", 2, "missing.yaml"),
        ("trace design.yaml missing.cfg", 2, "cannot read missing.cfg"),
        ("trace design.yaml --what-if weather", 2, "weather"),
    ] {
        let answer = workshop.output(line);
        assert_eq!((answer.code, answer.out.as_str()), (code, ""), "{line}: {answer}");
        assert!(answer.err.contains(said), "{line}: {answer}");
    }
    workshop.file("empty.yaml", "switches: [{name: sw1, vendor: ios}]\n");
    assert_eq!(workshop.output("trace empty.yaml").code, 3);
    workshop.file("broken.yaml", "clusters: [{name: web}]\n");
    assert_eq!(workshop.output("trace broken.yaml").code, 2);
}

#[test]
fn a_file_is_written_whole_and_not_over_another() {
    let workshop = workshop();
    assert_eq!(workshop.output("trace design.yaml -o trace.txt").code, 0);
    assert!(workshop.read("trace.txt").starts_with("web: multicast"));
    workshop.file("trace.txt", "mine");
    assert_eq!(workshop.output("trace design.yaml -o trace.txt").code, 2);
    assert_eq!(workshop.output("trace design.yaml -o trace.txt --force").code, 0);
}

#[test]
fn a_config_that_is_not_there_is_said_and_the_plan_is_taken() {
    let workshop =
        Workshop::with_design(DESIGN.replace("gateway: true}", "gateway: true, config: gone.cfg}"));
    let answer = workshop.output("trace design.yaml --what-if none");
    assert_eq!(answer.code, 0);
    assert!(answer.err.contains("cannot read gone.cfg, the config of core"), "{answer}");
    assert!(answer.out.contains("confined"), "{answer}");
}
