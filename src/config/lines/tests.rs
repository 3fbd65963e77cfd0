//! What real configs do to their lines.

use std::sync::{Arc, OnceLock};

use proptest::prelude::*;

use super::*;
use crate::vendor::{Packs, Templates};

fn pack(name: &str) -> Arc<Pack> {
    packs().iter().find(|pack| pack.name() == name).unwrap().clone()
}

/// A pack that indents, and ends banners, comments and scripts with a line of their own.
fn scripted() -> Arc<Pack> {
    let yaml = r#"
name: scripted
title: a dialect with scripts
syntax:
  mac: colon
  comment: "!"
  blocks: indent
  negation: "no"
  layout:
    scripts:
      - {after: banner login, until: EOF}
      - {after: comment, until: EOF}
      - {after: action bash, until: EOF}
  repeated_static_mac: {value: adds, evidence: unverified}
  separator: ","
  examples: [Et1]
  ports: [{name: Ethernet, short: Et, parts: [1]}]
capabilities: {}
"#;
    let none = Templates::from_parts(None, None, None);
    Arc::new(Pack::read("scripted", yaml, none).unwrap())
}

/// Every pack, read once.
fn packs() -> &'static [Arc<Pack>] {
    static PACKS: OnceLock<Vec<Arc<Pack>>> = OnceLock::new();
    PACKS.get_or_init(|| {
        let mut packs = Packs::embedded().all().unwrap();
        packs.push(scripted());
        packs
    })
}

/// The lines of `text`, each with its parents before it, behind `<`.
fn shown(pack: &Pack, text: &str) -> Vec<String> {
    let tree = tree(pack, text);
    let show = |line: &Line<'_>| {
        let mut shown = line.text.to_string();
        tree.openers(line).iter().rev().for_each(|opener| shown += &format!(" < {opener}"));
        shown
    };
    tree.lines.iter().map(show).collect()
}

fn check(pack: &Pack, cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(shown(pack, text), *expected, "{}: {text:?}", pack.name());
    }
}

#[test]
fn indentation_tells_blocks_of_any_depth() {
    let bgp =
        "router bgp 1\n address-family ipv4\n  neighbor a\n exit-address-family\n !\n neighbor b\n!\narp x\n";
    let bgp_lines: &[&str] = &[
        "router bgp 1",
        "address-family ipv4 < router bgp 1",
        "neighbor a < address-family ipv4 < router bgp 1",
        "neighbor b < router bgp 1",
        "arp x",
    ];
    check(
        &pack("cisco-ios"),
        &[
            (bgp, bgp_lines),
            (
                "interface Vlan10\n no shutdown\nip routing",
                &["interface Vlan10", "no shutdown < interface Vlan10", "ip routing"],
            ),
            ("interface Vlan10\n a\n exit\n b\n", &["interface Vlan10", "a < interface Vlan10", "b"]),
            ("interface Vlan10\n a\nexit\n b\n", &["interface Vlan10", "a < interface Vlan10", "b"]),
            ("interface Vlan10\n a\nend\n b\n", &["interface Vlan10", "a < interface Vlan10", "b"]),
            // A paste that is indented as a whole, also where its first line is not.
            (
                "  hostname a\n  vlan 1\n   name b\n  arp x\n",
                &["hostname a", "vlan 1", "name b < vlan 1", "arp x"],
            ),
            (
                "hostname a\n  vlan 1\n   name b\n  arp x\n",
                &["hostname a", "vlan 1", "name b < vlan 1", "arp x"],
            ),
            (
                "interface Gi1\n enable\n shutdown\nenable\n",
                &["interface Gi1", "enable < interface Gi1", "shutdown < interface Gi1"],
            ),
            ("no a\n b\n  c\n", &["no a", "b", "c < b"]),
            ("\tvlan 1\n\t name b\n", &["vlan 1", "name b < vlan 1"]),
            ("vlan 1\n\tname b\n        state c\n", &["vlan 1", "name b < vlan 1", "state c < vlan 1"]),
            ("vlan 1\n\u{a0}name b\n", &["vlan 1", "name b < vlan 1"]),
            (
                "vlan 1\n! a hint\n name b\n! another\n state c\n",
                &["vlan 1", "name b < vlan 1", "state c < vlan 1"],
            ),
        ],
    );
    check(
        &pack("cisco-nxos"),
        &[(
            "interface Vlan10\n  ip address a\n  hsrp 10\n    ip b\n  no shutdown\n\ninterface Vlan11\n",
            &[
                "interface Vlan10",
                "ip address a < interface Vlan10",
                "hsrp 10 < interface Vlan10",
                "ip b < hsrp 10 < interface Vlan10",
                "no shutdown < interface Vlan10",
                "interface Vlan11",
            ],
        )],
    );
    check(
        &pack("dell-force10"),
        &[(
            "interface TenGigabitEthernet 0/1\n no ip address\n!\n protocol lldp\n  advertise a\n no shutdown\n",
            &[
                "interface TenGigabitEthernet 0/1",
                "no ip address < interface TenGigabitEthernet 0/1",
                "protocol lldp < interface TenGigabitEthernet 0/1",
                "advertise a < protocol lldp < interface TenGigabitEthernet 0/1",
                "no shutdown < interface TenGigabitEthernet 0/1",
            ],
        )],
    );
}

#[test]
fn a_paste_without_its_indentation_still_has_blocks() {
    check(
        &pack("cisco-ios"),
        &[
            (
                "interface Gi1/0/1\nshutdown\n!\narp x\nvlan 10\nname b\nmac address-table static y\n",
                &[
                    "interface Gi1/0/1",
                    "shutdown < interface Gi1/0/1",
                    "arp x",
                    "vlan 10",
                    "name b < vlan 10",
                    "mac address-table static y",
                ],
            ),
            (
                "interface Gi1/0/1\nshutdown\nexit\narp x\n",
                &["interface Gi1/0/1", "shutdown < interface Gi1/0/1", "arp x"],
            ),
            (
                "interface Gi1/0/1\ninterface Gi1/0/2\n!\narp x\n",
                &["interface Gi1/0/1", "interface Gi1/0/2", "arp x"],
            ),
            ("arp x\narp y\n", &["arp x", "arp y"]),
        ],
    );
}

#[test]
fn a_replay_opens_and_leaves_blocks_by_words() {
    check(
        &pack("dell-powerconnect-5400"),
        &[
            (
                "interface ethernet g1\n\na\nexit\nvlan database\nvlan 4-6\nexit\nb\ninterface ethernet g1\nc\nhostname x\nd",
                &[
                    "interface ethernet g1",
                    "a < interface ethernet g1",
                    "vlan database",
                    "vlan 4-6 < vlan database",
                    "b",
                    "interface ethernet g1",
                    "c < interface ethernet g1",
                    "hostname x",
                    "d",
                ],
            ),
            (
                "vlan database\nvlan 4\ninterface vlan 4\nname x\n",
                &["vlan database", "vlan 4 < vlan database", "interface vlan 4", "name x < interface vlan 4"],
            ),
            (
                "interface vlan 4\n name x\n!\n ip y\n!\nip route z\n",
                &["interface vlan 4", "name x < interface vlan 4", "ip y < interface vlan 4", "ip route z"],
            ),
            ("name \"a ! b\" ! c\nvlan 4! d\n", &["name \"a ! b\"", "vlan 4! d"]),
            (
                "hostname x\nDefault settings:\nService tag: 1\nno shutdown\ninterface vlan 1\n",
                &["hostname x"],
            ),
            ("Default settings:\nno shutdown\nconsole# show x\nhostname x\n", &["hostname x"]),
        ],
    );
}

#[test]
fn banners_hold_no_commands() {
    let ios = pack("cisco-ios");
    for (before, after) in [
        ("banner motd ^C", "^C"),
        ("banner motd ^CC", "^C"),
        ("banner motd \u{3}", "\u{3}"),
        ("Banner  LOGIN  ^C hello", " bye ^C rest"),
        ("banner #", "text # text"),
        ("banner exec §", "§"),
        ("banner motd ###", "###"),
        ("banner motd EOF", "EOF"),
        ("aaa authentication fail-message ^C", "^C"),
        ("line con 0\n vacant-message ^C", "^C"),
        ("macro name DESKTOP", "@"),
        ("\u{feff}banner motd ^C", "^C"),
        (
            " --More-- \u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}         \u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}banner motd ^C",
            "^C",
        ),
        ("banner motd ^C", " --More-- \n^C"),
        ("sw1(config)#banner motd ^C", "^C"),
    ] {
        let text = format!(
            "{before}\n!\ninterface Vlan1\n arp 10.0.0.1 03bf.0a00.0001 ARPA\nexit\n\n{after}\narp 10.0.0.9 x\n"
        );
        let lines = shown(&ios, &text);
        let lines: Vec<_> = lines.iter().filter(|line| *line != "line con 0").collect();
        assert_eq!(lines, ["arp 10.0.0.9 x"], "{text:?}");
    }
    check(
        &ios,
        &[
            ("banner motd ^C one line ^C\narp x\n", &["arp x"]),
            ("banner exec **\narp x\n", &["arp x"]),
            (
                "archive\n banner write\n  arp\n",
                &["archive", "banner write < archive", "arp < banner write < archive"],
            ),
            // Cut off within: nothing is read. Without an end, it ends where the next part begins.
            ("banner motd ^C\narp x\n arp y", &[]),
            ("banner motd ^C\ntext\n!\narp x\n", &["arp x"]),
            // Odd indentation behind it is not that of the block before it.
            (
                "vlan 1\n name a\nbanner motd ^C\n^C\n line con 0\n  login\n",
                &["vlan 1", "name a < vlan 1", "line con 0", "login < line con 0"],
            ),
        ],
    );
    check(
        &scripted(),
        &[
            ("banner login\n! arp\ninterface x\nEOF\narp x\n", &["arp x"]),
            (
                "interface x\n   a\n   comment\n   b\n   EOF\n   !! comment\n   c\nevent d\n   action bash\necho e\n   EOF\n   f\n",
                &["interface x", "a < interface x", "c < interface x", "event d", "f < event d"],
            ),
            ("bgp\n   comment yo\n   a\n", &["bgp", "comment yo < bgp", "a < bgp"]),
        ],
    );
}

#[test]
fn certificates_and_keys_hold_no_commands() {
    check(
        &pack("cisco-ios"),
        &[
            (
                "crypto pki certificate chain A\n certificate self-signed 01\n  30820229 30820192\n --More-- \n  DEAD BEEF\n  \tquit\n certificate ca 02\n  00\n  quit\n!\narp x\n",
                &["crypto pki certificate chain A", "arp x"],
            ),
            (
                "crypto pki certificate chain A\n certificate self-signed 01 nvram:x.cer\narp x\n",
                &["crypto pki certificate chain A", "arp x"],
            ),
            (
                "crypto pki certificate chain A\n certificate self-signed 01\n  30820229\narp x\n",
                &["crypto pki certificate chain A", "arp x"],
            ),
            (
                "ip ssh pubkey-chain\n  username u\n   key-string\n    AAAAB3NzaC1yc2EAAAADAQABAAABgQC\n    AAAAB3NzaC1yc2EAAAADAQ==\n   exit\n  quit\narp x\n",
                &["ip ssh pubkey-chain", "username u < ip ssh pubkey-chain", "arp x"],
            ),
            (
                "-----BEGIN CERTIFICATE-----\nMIIB\nshutdown\nabcdefgh\n-----END CERTIFICATE-----\narp x\n",
                &["arp x"],
            ),
        ],
    );
}

#[test]
fn what_shows_a_config_is_none_of_it() {
    let nine = "\u{8}".repeat(9);
    let paged =
        format!("vlan 1\n --More-- {nine}        {nine} name a\n --More-- {nine}        {nine}vlan 2\n");
    let vlans: &[&str] = &["vlan 1", "name a < vlan 1", "vlan 2"];
    check(
        &pack("cisco-ios"),
        &[
            (&paged, vlans),
            ("vlan 1\n --More-- \r         \r name a\nvlan 2\n", vlans),
            ("vlan 1\n--More--          name a\n<--- More --->\n-- More -- vlan 2\n", vlans),
            ("vlan 1\n\u{1b}[7m--More--\u{1b}[m\u{1b}[8D\u{1b}[K name a\nv\0lan 2", vlans),
            (
                "sw1#show running-config\nBuilding configuration...\n\nCurrent configuration : 9 bytes\n!\nvlan 1\n name a\nvlan 2\n!\nsw1#",
                vlans,
            ),
            (
                "sw1>\nsw1(config)#vlan 1\nsw1(config-vlan)#name a\nsw1(config-vlan)#vlan 2\nsw1(config-vlan)#\nsw1(config-vlan)#end\nsw1#write",
                vlans,
            ),
            (
                "sw1(config)#vlan 1\nsw1(config-vlan)#name a\nsw1(config-vlan)#exit\nsw1(config)#vlan 2\n",
                vlans,
            ),
            (
                "vlan 1\n name a\n*Mar  1 00:01:02.123: %SYS-5-CONFIG_I: Configured\n% Invalid input detected at '^' marker.\n^\nvlan 2\n",
                vlans,
            ),
            ("!RANCID-CONTENT-TYPE: cisco\n# Last change\n!\nvlan 1\n name a\n### text\nvlan 2\n", vlans),
            ("\u{feff}vlan 1\n name a  \t\n\u{feff}vlan 2\u{a0}\n", vlans),
            ("configure terminal\nvlan 1\n name a\nvlan 2\nend\nwrite memory\n", vlans),
        ],
    );
}

#[test]
fn ranges_name_the_octets_a_line_came_from() {
    let text = "\u{feff} a  b \r\n --More-- \u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}ärp 1      \nsw1(config)#vlan 1";
    let pack = pack("cisco-ios");
    let tree = tree(&pack, text);
    let slices: Vec<_> = tree.lines.iter().map(|line| (&text[line.range.clone()], &*line.text)).collect();
    assert_eq!(slices, [("a  b", "a  b"), ("ärp 1", "ärp 1"), ("vlan 1", "vlan 1")]);
}

#[test]
fn what_is_passed_over_is_counted() {
    let text = "!\n\nbanner motd ^C\na\nb ^C\nvlan 1\n name a\nexit\nend\nsw1#\n";
    for text in
        [text.to_owned(), text.replace('\n', "\r\n"), text.replace('\n', "\r"), text.replace('\n', "\r\r\n")]
    {
        let pack = pack("cisco-ios");
        let tree = tree(&pack, &text);
        assert_eq!((tree.lines.len(), tree.passed_over), (2, 8), "{text:?}");
    }
}

#[test]
fn a_line_longer_than_any_switch_takes_is_passed_over() {
    let pack = pack("cisco-ios");
    let long = "x".repeat(MAX_LINE + 1);
    let just = "y".repeat(MAX_LINE);
    let text = format!("vlan 1\n {long}\n name a\n{just}\nbanner motd # {long}\narp no\n#\narp x");
    let expected = ["vlan 1", "name a < vlan 1", &just, "arp x"];
    assert_eq!(shown(&pack, &text), expected);
    assert_eq!(tree(&pack, &"z ".repeat(1 << 20)), Tree { lines: vec![], passed_over: 1 });
}

#[test]
fn lines_borrow_what_nothing_was_wiped_out_of() {
    let pack = pack("dell-powerconnect-5400");
    let text = "interface ethernet g1 ! x\r\n a\t\n-- More --  b\nconsole(config)#vlan database\n\u{a0}c\n";
    assert!(tree(&pack, text).lines.iter().all(|line| matches!(line.text, Cow::Borrowed(_))));
}

/// Lines as configs have them, and as they had better not.
fn any_line() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "interface Vlan10",
        " ip address 10.0.0.1 255.0.0.0",
        "!",
        "",
        " exit",
        "exit",
        "end",
        "  hsrp 10",
        "vlan database",
        "arp 10.0.0.1 03bf.0a00.0001 ARPA",
        "banner motd ^C",
        "^C",
        "banner login #",
        "EOF",
        "banner motd EOF",
        "comment",
        "sw1#show run",
        "sw1(config)#vlan 1",
        "sw1(config-if)#shutdown",
        " --More-- ",
        "--More--    name a",
        "\tquit",
        " certificate ca 01",
        "  30820229 30820192",
        "-----BEGIN X-----",
        "-----END X-----",
        "Default settings:",
        "macro name x",
        "@",
        "a\u{8}\u{8}b",
        "\u{1b}[2Kvlan 1",
        "\0a\0r\0p",
        "router bgp 1",
        "  address-family ipv4",
        "   exit-address-family",
        "name \"a ! b\" ! c",
        "hostname x",
        "no vlan 1",
        "\u{feff}vlan 1",
        "\u{a0}name b",
        "banner exec **",
        "\u{3}",
        "banner motd \u{3}",
    ]);
    prop_oneof![6 => known.prop_map(str::to_owned), 1 => "[^\r\n]{0,20}", 1 => "[ \t]{0,4}[a-z#^!\"-]{1,8} [a-z ]{0,12}"]
}

fn any_text() -> impl Strategy<Value = String> {
    prop::collection::vec(any_line(), 0..24).prop_map(|lines| lines.join("\n"))
}

/// Lines of which none begins a text of several lines.
fn calm_text() -> impl Strategy<Value = String> {
    let lines = vec![
        "interface Vlan10",
        " ip address 10.0.0.1 255.0.0.0",
        "!",
        "",
        " exit",
        "exit",
        "end",
        "  hsrp 10",
        "arp 10.0.0.1 x",
        "# text",
        " --More-- ",
        "--More--    name a",
        "router bgp 1",
        "  address-family ipv4",
        "   exit-address-family",
        "no vlan 1",
        "mac address-table static x",
        "vlan 10",
        " name b",
        "% complaint",
        "\tindented",
        "^",
    ];
    prop::collection::vec(prop::sample::select(lines), 0..16).prop_map(|lines| lines.join("\n"))
}

type Outline = (Vec<(String, Option<u32>)>, usize);

fn outline(pack: &Pack, text: &str) -> Outline {
    let tree = tree(pack, text);
    (tree.lines.iter().map(|line| (line.text.to_string(), line.parent)).collect(), tree.passed_over)
}

fn holds_together(pack: &Pack, text: &str) {
    let tree = tree(pack, text);
    let mut end = 0;
    for (number, line) in tree.lines.iter().enumerate() {
        assert!(line.range.start >= end && line.range.start < line.range.end, "{text:?}");
        end = line.range.end;
        if let Cow::Borrowed(borrowed) = line.text {
            assert_eq!(&text[line.range.clone()], borrowed);
        }
        assert!(text.get(line.range.clone()).is_some_and(|slice| !slice.contains(['\n', '\r'])), "{text:?}");
        assert!(!line.text.trim().is_empty());
        assert!(line.parent.is_none_or(|parent| (parent as usize) < number));
    }
    let begins = |physical: &Range<usize>| tree.lines.iter().any(|line| physical.contains(&line.range.start));
    let (says, passed_over): (Vec<_>, Vec<_>) = PhysicalLines::new(text).partition(begins);
    assert_eq!(passed_over.len(), tree.passed_over, "{text:?}");
    // Where a statement is a path, one line may hold several.
    if pack.layout.form == ConfigForm::Lines {
        assert_eq!(says.len(), tree.lines.len(), "{text:?}");
    }
}

proptest! {
    #[test]
    fn any_text_has_lines(text in any::<String>(), octets in prop::collection::vec(0u8..=255, 0..300)) {
        let latin: String = octets.into_iter().map(char::from).collect();
        for pack in packs() {
            holds_together(pack, &text);
            holds_together(pack, &latin);
        }
    }

    #[test]
    fn ranges_ascend_and_no_line_is_lost(text in any_text()) {
        for pack in packs() {
            holds_together(pack, &text);
        }
    }

    #[test]
    fn line_ends_change_nothing(text in any_text()) {
        for pack in packs() {
            let expected = outline(pack, &text);
            for end in ["\r\n", "\r", "\r\r\n"] {
                prop_assert_eq!(&outline(pack, &text.replace('\n', end)), &expected, "{:?}", end);
            }
        }
    }

    #[test]
    fn a_banner_changes_no_other_line(before in calm_text(), body in calm_text(), after in calm_text()) {
        let ios = pack("cisco-ios");
        // What has no indentation at all is read in another way.
        let indented = "vlan 9\n name x\n";
        let without = format!("{indented}{before}\nend\n{after}");
        let with = format!("{indented}{before}\nend\nbanner motd ^C\n{body}\n^C\n{after}");
        prop_assert_eq!(outline(&ios, &with).0, outline(&ios, &without).0);
    }
}
