//! Whatever is handed to the tool: one clear message for each mistake, the exit code that DESIGN promises, and nothing
//! half-written.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod support;

use std::time::{Duration, Instant};

use insta::assert_snapshot;
use support::Workshop;

/// A design that is good until `further` keys of its cluster make it bad.
fn cluster(further: &str) -> String {
    format!("clusters:\n  - name: web\n    mode: multicast\n    primary_ip: 172.31.1.232/24\n{further}")
}

/// A design whose nodes and switches are given.
fn site(nodes: &str, rest: &str) -> String {
    format!("{}    vlan: 10\n    nodes: [{nodes}]\n{rest}", cluster(""))
}

/// What `lint` says of each bad design. It exits 1; `generate` says the same and exits 2, and prints no line.
fn complaints(designs: &[impl AsRef<[u8]>]) -> String {
    let mut shown = String::new();
    for design in designs {
        let workshop = Workshop::with_design(design);
        let lint = workshop.output("lint design.yaml");
        let generate = workshop.output("generate design.yaml");
        let text = String::from_utf8_lossy(design.as_ref());
        assert_eq!((lint.code, generate.code), (1, 2), "{text}\n{lint}\n{generate}");
        assert_eq!(generate.out, "", "{text}");
        assert!(generate.err.starts_with(&lint.out), "{text}\n{generate}");
        assert!(!lint.out.contains('\u{1b}'), "{text}");
        shown.push_str(&lint.out);
    }
    shown
}

/// That each of the good designs lints without a word about its shape.
fn accepted(designs: &[impl AsRef<[u8]>]) {
    for design in designs {
        let answer = Workshop::with_design(design).output("lint design.yaml");
        assert_eq!(answer.code, 0, "{}\n{answer}", String::from_utf8_lossy(design.as_ref()));
        assert!(!answer.out.contains("NLB901"), "{answer}");
    }
}

#[test]
fn what_is_not_there_is_named() {
    let workshop = Workshop::new();
    workshop.file("notes/readme.txt", "no design").file("nlb.yaml", cluster("    vlan: 10\n"));
    workshop.file("bare/.hidden.yaml", "clusters: []");
    assert_snapshot!(workshop.runs(&[
        "lint missing.yaml",
        "lint nlb.yml",
        "generate missing.yaml",
        "lint nlb.yaml/inside.yaml",
        "lint notes",
        "lint bare notes",
        "generate notes",
        "generate",
        "generate --mode multicast --vlan 10",
        "lint missing.yaml nlb.yaml",
    ]));
}

#[test]
fn an_empty_directory_has_nothing_to_lint() {
    assert_snapshot!(Workshop::new().run("lint"));
}

#[test]
fn what_is_no_text_is_unreadable() {
    let workshop = Workshop::new();
    workshop.file("latin1.yaml", b"clusters:\n  - name: web\n    vrf: K\xf6ln\n");
    workshop.file("half.yaml", b"\xff\xfec\0l");
    workshop.file("half-unit.yaml", b"\xff\xfec\0l\0x");
    workshop.file("picture.yaml", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    assert_snapshot!(workshop.runs(&[
        "lint latin1.yaml",
        "generate latin1.yaml",
        "lint half-unit.yaml",
        "lint picture.yaml",
        "lint half.yaml",
    ]));
}

#[test]
fn what_is_no_yaml_document_is_shown_where_it_breaks() {
    let good = cluster("    vlan: 10\n");
    assert_snapshot!(complaints(&[
        "".to_owned(),
        "\n\n".to_owned(),
        "# nothing but this\n".to_owned(),
        format!("{good}---\n{good}"),
        good.replace("    vlan", "\tvlan"),
        good.replace("    vlan", "  \tvlan"),
        good.replace("    mode", "   mode"),
        good.replace("name: web", "name: \"web"),
        good.replace("vlan: 10", "vlan: *ten"),
        good.replace("vlan: 10", "vlan: 10: 11"),
        good.replace("name: web", "name: @web"),
        "clusters: [{name: web}\nswitches: [{name: sw1}]\n".to_owned(),
        good.replace("name: web", "name: {{ cluster }}"),
        good.replace("web", "we\0b"),
        good.replace("web", "we\u{7}b"),
        "clusters: [&a [*a]]\n".to_owned(),
        "just words\n".to_owned(),
        "- a\n- b\n".to_owned(),
        "clusters: web\n".to_owned(),
        "clusters: []\n".to_owned(),
        "clusters: [web]\n".to_owned(),
        "hosts: [{name: hv1}]\n".to_owned(),
    ]));
}

#[test]
fn numbers_out_of_range_and_in_doubt_are_refused() {
    let vlans = [
        "0",
        "4095",
        "010",
        "-1",
        "+10",
        "1e3",
        "0x10",
        "10.0",
        "ten",
        "10-20",
        "99999999999999999999",
        "",
        "[10]",
        "{id: 10}",
        "null",
    ];
    let mut designs: Vec<String> = vlans.iter().map(|vlan| cluster(&format!("    vlan: {vlan}\n"))).collect();
    for further in [
        "    heartbeat: {period_ms: 1e3, tolerance: 99999999999}\n",
        "    nodes: [{name: a, priority: 01}]\n",
        "    port_rules: [{ports: 80-79}, {ports: 70000}, {ports: 0080}]\n",
    ] {
        designs.push(cluster(&format!("    vlan: 10\n{further}")));
    }
    assert_snapshot!(complaints(&designs));
}

#[test]
fn addresses_that_cannot_be_are_refused_with_what_would_be_right() {
    let mut designs: Vec<String> = Vec::new();
    for primary in [
        "172.31.1.232/33",
        "172.31.1.232",
        "172.31.1.232/",
        "172.31.1.232/024",
        "172.31.1.232/255.255.255.0",
        "172.31.1/24",
        "172.31.1.256/24",
        "172.031.1.232/24",
        "172.31.1.232 /24",
        "2001:db8::e8/64",
        "2001:db8::e8/129",
        "fe80::1%eth0/64",
        "web.example.com",
        "",
    ] {
        designs.push(cluster("    vlan: 10\n").replace("172.31.1.232/24", primary));
    }
    designs.push(cluster("    vlan: 10\n").replace("    primary_ip: 172.31.1.232/24\n", ""));
    for further in [
        "virtual_ips: []",
        "virtual_ips:",
        "virtual_ips: 172.31.1.233",
        "virtual_ips: [172.31.1.300, 172.31.1.233/40]",
        "mac_override: 03bf.ac1f.01",
        "mac_override: 02-bf-zz-1f-01-e8",
        "igmp_group_override: 239.255.1",
    ] {
        designs.push(cluster(&format!("    vlan: 10\n    {further}\n")));
    }
    assert_snapshot!(complaints(&designs));
}

#[test]
fn words_that_do_not_exist_bring_the_nearest_that_do() {
    let switch = |text: &str| format!("switches:\n  - {{name: sw1, {text}}}\n");
    assert_snapshot!(complaints(&[
        cluster("    vlan: 10\n").replace("multicast", "igmp"),
        cluster("    vlan: 10\n").replace("multicast", "multi-cast"),
        cluster("    vlan: 10\n").replace("multicast", "anycast"),
        cluster("    vlan: 10\n    windows: 2013\n"),
        cluster("    vlan: 10\n    windows: 2012r3\n"),
        cluster("    vlan: 10\n    clients: everywhere\n"),
        cluster("    vlan: 10\n    vlan_id: 10\n"),
        cluster("    vlan: 10\n    gateway: sw1\n"),
        cluster("    vlna: 10\n"),
        switch("vendor: cisco-iso"),
        switch("vendor: powerconect"),
        switch("vendor: zyxel"),
        switch("vendor: cisco-ios, gateway: maybe"),
        switch("vendor: cisco-ios, gateway: \"true\""),
        switch("vendor: cisco-ios, querier: 10.0.0"),
        switch("vendor: cisco-ios, gateway: {ip: 10.0.0.1, protocol: hrsp}"),
    ]));
}

#[test]
fn an_unknown_platform_warns_and_is_taken_for_the_cautious_case() {
    let workshop =
        Workshop::with_design("switches: [{name: sw1, vendor: cisco-ios, platform: catalyst-3751}]\n");
    assert_snapshot!(workshop.run("lint design.yaml"));
}

#[test]
fn ports_of_another_vendors_shape_are_refused_with_what_would_be_right() {
    let attached = |vendor: &str, port: &str| {
        site(
            &format!("{{name: nlb1, attach: \"sw1 {port}\"}}"),
            &format!("switches: [{{name: sw1, vendor: {vendor}}}]\n"),
        )
    };
    assert_snapshot!(complaints(&[
        attached("cisco-ios", "g1"),
        attached("cisco-ios", "Gi1/0/1 Gi1/0/2"),
        attached("cisco-ios", "Gi1/0/1-2"),
        attached("cisco-ios", "Gi"),
        attached("cisco-ios", "1/0/1"),
        attached("cisco-ios", "xe-0/0/1"),
        attached("powerconnect", "Gi1/0/1"),
        attached("powerconnect", "Te 0/1"),
        attached("powerconnect", "g1/2"),
        attached("ftos", "g1"),
        attached("ftos", "Gi1/0/1/2/3"),
        attached("ftos", "Te"),
        attached("cisco-nxos", "Gi1/0/1"),
    ]));
    accepted(&[
        attached("cisco-ios", "Gi1/0/1"),
        attached("cisco-ios", "gigabitethernet 1/0/1"),
        attached("cisco-ios", "Po1"),
        attached("powerconnect", "g1"),
        attached("powerconnect", "port-channel 3"),
        attached("ftos", "Te 0/1"),
        attached("ftos", "TenGigabitEthernet 0/1"),
        attached("ftos", "Po 3"),
    ]);
}

#[test]
fn references_to_nothing_and_names_given_twice_are_refused() {
    assert_snapshot!(complaints(&[
        site("{name: nlb1, attach: sw9 Gi1/0/1}", ""),
        site("{name: nlb1, attach: sw2 Gi1/0/1}", "switches: [{name: sw1, vendor: cisco-ios}]\n"),
        site("{name: nlb1, attach: sw1}", "switches: [{name: sw1, vendor: cisco-ios}]\n"),
        site("{name: nlb1, host: hv9}", "hosts: [{name: hv1}, {name: hv2}]\n"),
        site(
            "{name: nlb1, host: hv1, attach: sw1 Gi1/0/1}",
            "hosts: [{name: hv1}]\nswitches: [{name: sw1, vendor: ios}]\n"
        ),
        site("{name: nlb1, host: hv1}", "hosts: [{name: hv1, group: hvs}]\nhost_groups: [{name: hv}]\n"),
        site("{name: nlb1, host: hv1}", "hosts: [{name: hv1, links: [sw1 g1]}]\n"),
        "switches:\n  - {name: a, vendor: ios, gateway: {protocol: hsrp, peers: [b, a]}}\n".to_owned(),
        "switches:\n  - {name: a, vendor: ios, links: [Gi1/0/1 b Gi1/0/1, Gi1/0/2 a Gi1/0/3, Gi1/0/4 b]}\n"
            .to_owned(),
        "switches:\n  - {name: core 1, vendor: ios}\n".to_owned(),
        site("{name: nlb1}, {name: nlb1}", "switches: [{name: a, vendor: ios}, {name: a, vendor: ftos}]\n"),
        format!("{0}    vlan: 10\n{1}    vlan: 11\n", cluster(""), cluster("").replace("clusters:\n", "")),
        cluster("    vlan: 10\n    vlan: 11\n"),
    ]));
}

#[test]
fn what_contradicts_itself_is_refused() {
    let switches = "switches:\n  - {name: sw1, vendor: ios, stack: x}\n  - {name: sw2, vendor: powerconnect, stack: x}\n";
    assert_snapshot!(complaints(&[
        cluster("    vlan: 10\n    virtual_ips: [172.31.1.233, 172.31.1.232, 172.31.1.233/24]\n"),
        switches.to_owned(),
        site("{name: nlb1, attach: sw1 Gi1/0/1.100}", "switches: [{name: sw1, vendor: ios}]\n"),
    ]));
}

#[test]
fn the_same_name_in_two_files_of_a_directory_is_refused() {
    let workshop = Workshop::new();
    workshop.file("d/a.yaml", cluster("    vlan: 10\n")).file("d/b.yml", cluster("    vlan: 11\n"));
    assert_snapshot!(workshop.run("lint d"));
}

#[test]
fn every_mistake_of_a_file_is_said_in_one_run() {
    let design = "\
clusters:
  - name: web
    mode: igmp
    primary-ip: 172.31.1.232/33
    vlan: 4095
    vlan: 10
    nodes:
      - {name: nlb1, attach: sw9 Gi1/0/1}
      - {name: nlb1, host: hv9, priority: first}
      - {name: nlb2, attach: sw2 g1}
  - name: web
    mode: multicast
    primary_ip: 10.0.0.1
    virtual_ips: []
    vlan: 5
switches:
  - {name: sw1, vendor: cisco-iso}
  - {name: sw2, vendor: cisco-ios, links: [g48 sw1 Gi1/0/48]}
";
    let shown = complaints(&[design]);
    assert_eq!(shown.matches("error[NLB901]").count(), 15, "{shown}");
    assert_snapshot!(Workshop::with_design(design).run("lint --format concise design.yaml"));
}

#[test]
fn too_many_nodes_are_a_finding() {
    let nodes: Vec<String> = (1..=33).map(|number| format!("{{name: nlb{number}}}")).collect();
    let workshop = Workshop::with_design(site(&nodes.join(", "), ""));
    let answer = workshop.output("lint --format concise --select NLB301 design.yaml");
    assert_eq!((answer.code, answer.out.matches("error[NLB301]").count()), (1, 1), "{answer}");
}

#[test]
fn names_and_values_that_could_become_a_command_are_refused() {
    let hostile = [
        r#""a\nno ip routing""#,
        r#""a\rno ip routing""#,
        r#""a\tb""#,
        r#""a\"b""#,
        r#""a'b""#,
        r#""{{ 7 * 7 }}""#,
        r#""{% raw %}""#,
        r#""a!b""#,
        r#""a\x1b[31mred""#,
        r#""a\u2028b""#,
        r#""a\u202eb""#,
        r#""""#,
        r#"" ""#,
        r#"" a""#,
    ];
    let named = |name: &str| cluster("    vlan: 10\n").replace("web", name);
    let designs: Vec<String> = hostile.iter().map(|name| named(name)).collect();
    assert_snapshot!("names", complaints(&designs));
    let mut designs: Vec<String> = Vec::new();
    for vrf in [r#""a b""#, r#""a\nb""#, "{{x}}", "RED!", r#""""#, "K\u{f6}ln"] {
        designs.push(cluster(&format!("    vlan: 10\n    vrf: {vrf}\n")));
    }
    for switch in [
        r#"platform: "a\nb""#,
        r#"version: "12\x1b[2J""#,
        r#"flood_accepted: "yes\nno arp""#,
        r#"stack: "a\nb""#,
        r#"config: "a\0b""#,
        r#""\x1b[2Jkey": 1"#,
    ] {
        designs.push(format!("switches:\n  - {{name: sw1, vendor: cisco-ios, {switch}}}\n"));
    }
    for port in [r"sw1 Gi1/0/1\nreload", r"sw1 Gi1/0/1;reload", r"sw1\tGi1/0/1\treload", "sw1 Gi1/0/{{1}}"] {
        let switches = "switches: [{name: sw1, vendor: cisco-ios}]\n";
        designs.push(site(&format!("{{name: nlb1, attach: \"{port}\"}}"), switches));
    }
    assert_snapshot!("values", complaints(&designs));
}

#[test]
fn terminal_escapes_are_shown_escaped_in_every_format() {
    let design = cluster("    \"\\x1b[2Jkey\": 1\n    \"raw\u{9b}2J\": 1\n    vlan: 10\n");
    let workshop = Workshop::with_design(design);
    for format in ["full", "concise", "json"] {
        let answer = workshop.output(&format!("lint --format {format} design.yaml"));
        let shown = answer.out.clone() + &answer.err;
        let odd = shown.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(odd, None, "{format}: {answer}");
    }
    let arguments = ["generate", "--mode", "multi\u{1b}[2Jcast", "--vip", "10.0.0.1/24\u{1b}", "--vlan", "1"];
    let output = workshop.command(&arguments).args(["--vendor", "ios\u{1b}]0;x\u{7}"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(!output.stderr.contains(&0x1b), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn other_encodings_line_ends_and_yaml_forms_work() {
    let good = cluster("    vlan: 10\n");
    let wide = |swap: bool, mark: bool| -> Vec<u8> {
        let text = if mark { format!("\u{feff}{good}") } else { good.clone() };
        let octets = |unit: u16| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() };
        text.encode_utf16().flat_map(octets).collect()
    };
    accepted(&[
        good.clone().into_bytes(),
        good.replace('\n', "\r\n").into_bytes(),
        format!("\u{feff}{good}").into_bytes(),
        format!("\u{feff}{}", good.replace('\n', "\r\n")).into_bytes(),
        wide(false, true),
        wide(true, true),
        wide(false, false),
        wide(true, false),
        format!("%YAML 1.2\n---\n{good}...\n").into_bytes(),
        format!("---\n{good}").into_bytes(),
        good.trim_end().as_bytes().to_vec(),
    ]);
    let anchored = |text: &str| text.to_owned();
    accepted(&[
        anchored(
            "clusters:\n  - &web {name: web, mode: multicast, primary_ip: 10.0.0.1/24, vlan: 10}\n  - {<<: *web, name: app, primary_ip: 10.0.0.2/24}\n  - {<<: [*web], name: db, primary_ip: 10.0.0.3/24}\n",
        ),
        anchored(
            "clusters:\n  - {name: web, mode: unicast, primary_ip: 10.0.0.1/24, vlan: &v 10}\n  - {name: app, mode: unicast, primary_ip: 10.0.0.2/24, vlan: *v}\n",
        ),
        anchored(
            "clusters:\n  - !!map {name: !!str web, mode: \"multicast\", primary_ip: '10.0.0.1/24', vlan: !!int 10}\n",
        ),
        anchored(
            "clusters:\n  - name: >-\n      web\n    mode: |-\n      multicast\n    primary_ip: 10.0.0.1/24\n    vlan: \"10\"\n",
        ),
        anchored(
            "{\"clusters\": [{\"name\": \"web\", \"mode\": \"MULTICAST\", \"primary_ip\": \"10.0.0.1/24\", \"vlan\": 10}]}",
        ),
        anchored(
            "clusters:\n- name: K\u{f6}ln 1\n  mode: multicast\n  primary_ip: 10.0.0.1/24\n  vlan: 10\n",
        ),
    ]);
}

#[test]
fn tags_and_merges_that_would_be_ignored_are_refused() {
    assert_snapshot!(complaints(&[
        "clusters:\n  - {name: !secret web, mode: multicast, primary_ip: 10.0.0.1/24, vlan: 10}\n",
        "clusters: !include other.yaml\n",
        "clusters:\n  - {<<: 1, name: web, mode: multicast, primary_ip: 10.0.0.1/24, vlan: 10}\n",
        "clusters:\n  - {<<: [[a]], name: web, mode: multicast, primary_ip: 10.0.0.1/24, vlan: 10}\n",
    ]));
}

#[test]
fn columns_are_right_behind_wide_characters_and_windows_line_ends() {
    let design =
        "\u{feff}clusters:\r\n  - {name: K\u{f6}ln, mode: multicats, primary_ip: 10.0.0.1/24, vlan: 0}\r\n";
    let answer = Workshop::with_design(design).output("lint --format concise design.yaml");
    assert_snapshot!(answer.out, @r"
    design.yaml:2:24: error[NLB901] `multicats` is not a mode of NLB
    design.yaml:2:66: error[NLB901] `0` is not a VLAN id: it is a number from 1 to 4094
    ");
}

/// A design of about `octets` octets that would grow without end.
fn bomb(octets: usize) -> String {
    let mut text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1.. {
        let inner = format!("*a{}", level - 1);
        text.push_str(&format!("a{level}: &a{level} [{}]\n", [inner.as_str(); 10].join(",")));
        if text.len() > octets {
            return text;
        }
    }
    text
}

#[test]
fn bombs_and_deep_nesting_end_at_once() {
    let mut shown = String::new();
    for (what, design) in [
        ("a 1 MB alias bomb", bomb(1_000_000)),
        ("10,000 lists", "[".repeat(10_000)),
        ("10,000 mappings", "{a: ".repeat(10_000)),
        ("10,000 dashes", "- ".repeat(10_000)),
        ("2,000 indented blocks", (0..2000).map(|depth| " ".repeat(depth) + "a:\n").collect()),
    ] {
        let workshop = Workshop::with_design(design);
        let start = Instant::now();
        let answer = workshop.output("lint --format concise design.yaml");
        // 50 ms in a release build; here the build is unoptimised and the machine may be busy.
        assert!(start.elapsed() < Duration::from_secs(2), "{what}: {:?}", start.elapsed());
        assert_eq!(answer.code, 1, "{what}");
        shown.push_str(&format!("{what}: {}", answer.out));
    }
    assert_snapshot!(shown);
}

#[test]
fn a_huge_file_is_refused_before_it_is_read() {
    let workshop = Workshop::new();
    // 100 MB on one line; the file system need not hold the zeros.
    let file = std::fs::File::create(workshop.path("huge.yaml")).unwrap();
    file.set_len(100 * 1024 * 1024).unwrap();
    let start = Instant::now();
    assert_snapshot!(workshop.run("lint huge.yaml"));
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_file_with_a_million_mistakes_lists_a_thousand() {
    let workshop = Workshop::with_design(format!("clusters: [{}]\n", "x, ".repeat(100_000)));
    let answer = workshop.output("lint --format concise design.yaml");
    let last = answer.out.lines().last().unwrap_or_default();
    assert_eq!((answer.code, answer.out.lines().count()), (1, 1001));
    assert_snapshot!(last, @"error[NLB901] 99000 more mistakes are not listed: mend these first");
}

#[test]
fn arguments_are_checked_like_a_file() {
    let workshop = Workshop::new();
    let generate = |rest: &str| format!("generate --vlan 10 --vendor ios --gateway {rest}");
    assert_snapshot!(workshop.runs(&[
        &generate("--mode igmp --vip 172.31.1.232/24"),
        &generate("--mode multicast --vip 172.31.1.232"),
        &generate("--mode multicast --vip 172.31.1.232/24 --port g1"),
        &generate("--mode multicast --vip 172.31.1.232/24 design.yaml"),
        "lint --select NLB999 .",
        "explain NLB20",
        "generate --port Gi1/0/1",
    ]));
}

const SMALL: &str = "\
clusters:
  - name: web
    mode: multicast
    primary_ip: 172.31.1.232/24
    vlan: 10
    nodes: [{name: nlb1, attach: sw1 Gi1/0/1}, {name: nlb2, attach: sw1 Gi1/0/2}]
switches:
  - {name: sw1, vendor: cisco-ios, gateway: true}
";

#[test]
fn files_of_others_are_not_written_over_and_nothing_is_left_behind() {
    let workshop = Workshop::with_design(SMALL);
    workshop.file("taken", "a file").file("out/sw1.txt", "my own notes\n");
    let mut shown = workshop.runs(&[
        "generate design.yaml -o taken",
        "generate design.yaml -o taken/below",
        "generate design.yaml -o out",
        "init taken",
    ]);
    assert_eq!(
        (workshop.read("taken"), workshop.read("out/sw1.txt")),
        ("a file".into(), "my own notes\n".into())
    );
    assert_eq!(workshop.names("out"), ["sw1.txt"]);
    std::fs::create_dir(workshop.path("out2")).unwrap();
    std::fs::create_dir(workshop.path("out2/sw1.txt")).unwrap();
    shown.push_str(&workshop.runs(&["generate design.yaml -o out2", "init out2"]));
    assert_eq!(workshop.names("out2"), ["sw1.txt"]);
    assert_snapshot!(shown);
    let forced = workshop.output("generate design.yaml -o out --force");
    assert_eq!((forced.code, forced.out.as_str()), (0, ""), "{forced}");
    assert!(workshop.read("out/sw1.txt").contains("arp 172.31.1.232"));
}

#[test]
fn one_file_that_cannot_be_written_keeps_all_from_being_written() {
    let design = format!(
        "{SMALL}  - {{name: sw2, vendor: cisco-ios, links: [Gi1/0/48 sw1 Gi1/0/48], gateway: true}}\n"
    );
    let workshop = Workshop::with_design(design);
    workshop.file("out/sw2.txt", "my own notes\n");
    assert_eq!(workshop.output("generate design.yaml -o out").code, 2);
    assert_eq!(workshop.names("out"), ["sw2.txt"]);
}

#[cfg(unix)]
mod unix {
    use std::fs::{File, Permissions};
    use std::io::Read;
    use std::os::unix::fs::PermissionsExt;
    use std::process::Stdio;

    use super::*;

    #[test]
    fn a_read_only_directory_is_said() {
        let workshop = Workshop::with_design(SMALL);
        std::fs::create_dir(workshop.path("sealed")).unwrap();
        std::fs::set_permissions(workshop.path("sealed"), Permissions::from_mode(0o555)).unwrap();
        if File::create(workshop.path("sealed/probe")).is_ok() {
            // The superuser writes anywhere, except where the kernel has no files to make.
            eprintln!(
                "SKIPPED with permissions: this user may write into read-only directories; trying /proc instead"
            );
            let answer = workshop.output("generate design.yaml -o /proc/nlbswitch-test");
            assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{answer}");
            assert!(answer.err.contains("cannot make the directory /proc/nlbswitch-test: "), "{answer}");
            return;
        }
        for (line, file) in
            [("generate design.yaml -o sealed", "sw1.txt"), ("init sealed/nlb.yaml", "nlb.yaml")]
        {
            let answer = workshop.output(line);
            assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{answer}");
            assert_eq!(answer.err, format!("error: cannot write sealed/{file}: permission denied\n"));
        }
        let answer = workshop.output("generate design.yaml -o sealed/below");
        assert_eq!(answer.err, "error: cannot make the directory sealed/below: permission denied\n");
        assert_eq!(workshop.names("sealed"), Vec::<String>::new());
    }

    #[test]
    fn a_full_disk_is_said() {
        if !std::path::Path::new("/dev/full").exists() {
            eprintln!("SKIPPED: this system has no /dev/full");
            return;
        }
        let workshop = Workshop::with_design(SMALL);
        let bad = Workshop::with_design("clusters: web\n");
        for (place, line) in [
            (&workshop, "generate design.yaml"),
            (&workshop, "generate design.yaml --format json"),
            (&workshop, "lint design.yaml --format json"),
            (&bad, "lint design.yaml"),
            (&workshop, "mac 172.31.1.232"),
            (&workshop, "schema"),
            (&workshop, "rules"),
            (&workshop, "explain NLB201"),
            (&workshop, "man"),
            (&workshop, "completions bash"),
            (&workshop, "init -"),
        ] {
            let words: Vec<&str> = line.split(' ').collect();
            let full = File::options().write(true).open("/dev/full").unwrap();
            let output = place.command(&words).stdout(full).output().unwrap();
            let err = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{line}: {err}");
            assert!(err.contains("error: cannot write the output: no space is left"), "{line}: {err}");
        }
    }

    #[test]
    fn a_reader_that_has_seen_enough_is_no_error() {
        let clusters: Vec<String> = (0..2000)
            .map(|number| {
                let (high, low) = (number / 250, number % 250 + 1);
                format!(
                    "  - {{name: c{number}, mode: multicast, primary_ip: 10.0.{high}.{low}/16, vlan: 10}}\n"
                )
            })
            .collect();
        let design = format!(
            "clusters:\n{}switches:\n  - {{name: sw1, vendor: ios, gateway: true}}\n",
            clusters.concat()
        );
        let workshop = Workshop::with_design(design);
        for line in ["generate design.yaml", "lint design.yaml --format json", "schema"] {
            let words: Vec<&str> = line.split(' ').collect();
            let mut child = workshop.command(&words).stderr(Stdio::null()).spawn().unwrap();
            let mut first = [0; 16];
            let _ = child.stdout.take().unwrap().read(&mut first).unwrap();
            let code = child.wait().unwrap().code();
            assert!(matches!(code, Some(0 | 1)), "{line}: {code:?}");
        }
    }

    #[test]
    fn what_comes_through_a_pipe_is_read() {
        let workshop = Workshop::new();
        let piped = |args: &[&str], text: &[u8]| {
            let answer = workshop.piped(args, text);
            (Some(answer.code), answer.out, answer.err)
        };
        for place in ["/dev/stdin", "-"] {
            let (code, out, err) = piped(&["generate", place], SMALL.as_bytes());
            assert!(code == Some(0) && out.contains("arp 172.31.1.232"), "{place}: {err}");
        }
        let (code, out, _) = piped(&["lint", "-", "--format", "concise"], b"clusters: web\n");
        assert_eq!((code, out.as_str()), (Some(1), "<stdin>:1:11: error[NLB901] a list is expected here\n"));
        let (code, _, err) = piped(&["lint", "-"], b"name: \xff\n");
        assert_eq!(code, Some(2));
        assert_eq!(
            err,
            "error: standard input is no UTF-8 text: the octet 0xff in line 1, column 7 (`name: \\xff`); save the file as UTF-8\n"
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_never_ends_is_not_read() {
        let workshop = Workshop::new();
        for config in ["/dev/zero", "/proc/self", "/dev/full"] {
            workshop.file(
                "design.yaml",
                SMALL.replace("gateway: true", &format!("gateway: true, config: {config}")),
            );
            let answer = workshop.output("lint --format concise design.yaml");
            assert!(answer.out.contains("NLB"), "{config}: {answer}");
        }
        for line in ["lint /dev/zero", "init /dev/zero", "init /dev/full"] {
            let answer = workshop.output(line);
            assert_eq!(answer.code, 2, "{answer}");
        }
    }
}
