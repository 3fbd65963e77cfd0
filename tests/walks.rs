//! What `lint` looks at: directories, mixtures, links, standard input, and files in whatever they are written in.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{Workshop, repository};

/// The file that is shown, the place, and the code of each finding, in their order.
fn places(workshop: &Workshop, arguments: &str) -> Vec<String> {
    let answer = workshop.output(&format!("lint --format concise --select NLB101 {arguments}"));
    assert!(answer.code <= 1, "{answer}");
    let place = |line: &str| Some(line.split_once(": ")?.0.to_owned());
    answer.out.lines().filter_map(place).collect()
}

/// A config with a wrong MAC in its static ARP, in line 4, column 17.
fn config(name: &str) -> String {
    format!(
        "version 15.2\nhostname {name}\n!\narp 10.0.0.{} 03bf.0a00.0063 ARPA\n!\nline vty 0 4\nend\n",
        name.len()
    )
}

/// A design of one switch, `core`, and its cluster, whose VIP is the one of [`config`].
const DESIGN: &str = "\
clusters:
  - name: web
    mode: multicast
    primary_ip: 10.0.0.4/24
    vlan: 10
    nodes: [{name: n1, attach: core Gi1/0/1}, {name: n2, attach: core Gi1/0/2}]
switches:
  - {name: core, vendor: cisco-ios, gateway: true}
";

/// What `lint` gives for standard input: the exit code, standard output and standard error.
fn piped(workshop: &Workshop, arguments: &[&str], input: &[u8]) -> (Option<i32>, String, String) {
    let words = [&["lint", "--format", "concise", "--select", "NLB101,NLB901,NLB902"], arguments].concat();
    let answer = workshop.piped(&words, input);
    (Some(answer.code), answer.out, answer.err)
}

/// `text` in UTF-16.
fn wide(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn the_working_directory_is_looked_at_when_nothing_is_named() {
    let workshop = Workshop::new();
    workshop.file("deep/er/one.cfg", config("one")).file("two.cfg", config("two"));
    let found = ["deep/er/one.cfg:4:14", "two.cfg:4:14"];
    assert_eq!(places(&workshop, ""), found);
    assert_eq!(places(&workshop, "."), found);
    assert_eq!(places(&workshop, "./deep ./two.cfg deep/er"), found);
}

#[test]
fn what_is_ignored_is_not_looked_at_unless_it_is_named() {
    let workshop = Workshop::new();
    workshop
        .file(".gitignore", "old/\n*.bak\n")
        .file("sites/.ignore", "lab-*\n!lab-1.cfg\n")
        .file("old/a.cfg", config("one"))
        .file("b.cfg.bak", config("one"))
        .file("sites/lab-1.cfg", config("one"))
        .file("sites/lab-2.cfg", config("one"))
        .file("sites/live.cfg", config("one"))
        .file(".hidden/c.cfg", config("one"));
    assert_eq!(places(&workshop, ""), ["sites/lab-1.cfg:4:14", "sites/live.cfg:4:14"]);
    assert_eq!(places(&workshop, "sites/lab-2.cfg b.cfg.bak"), ["b.cfg.bak:4:14", "sites/lab-2.cfg:4:14"]);
}

#[cfg(unix)]
#[test]
fn links_that_lead_in_circles_are_survived() {
    use std::os::unix::fs::symlink;
    let workshop = Workshop::new();
    workshop.file("configs/one.cfg", config("one"));
    symlink(workshop.path("configs"), workshop.path("configs/again")).unwrap();
    symlink("..", workshop.path("configs/up")).unwrap();
    symlink("itself", workshop.path("configs/itself")).unwrap();
    symlink("nowhere", workshop.path("configs/broken.cfg")).unwrap();
    assert_eq!(places(&workshop, ""), ["configs/one.cfg:4:14"]);
    // A link that is named is followed, once.
    assert_eq!(places(&workshop, "configs/again"), ["configs/again/one.cfg:4:14"]);
    let circle = workshop.output("lint configs/itself configs/one.cfg --select NLB101");
    assert_eq!(circle.code, 2, "{circle}");
    assert!(circle.err.starts_with("error: cannot read configs/itself: "), "{circle}");
    assert!(circle.out.contains("configs/one.cfg:4:14"), "{circle}");
}

#[test]
fn designs_configs_and_directories_are_judged_together() {
    let workshop = Workshop::new();
    workshop
        .file("design.yaml", DESIGN)
        .file("configs/sw.cfg", config("core"))
        .file("more.cfg", config("one"));
    // The VIP is the design's, and the config is the one of its switch.
    let right = config("core").replace("03bf.0a00.0063", "03bf.0a00.0004");
    workshop.file("right/core.cfg", &right);
    let all = workshop.output("lint -f json design.yaml right more.cfg");
    let report: serde_json::Value = serde_json::from_str(&all.out).unwrap();
    assert_eq!((&report["summary"]["designs"], &report["summary"]["configs"]), (&1.into(), &2.into()));
    assert_eq!(places(&workshop, "design.yaml right more.cfg"), ["more.cfg:4:14"]);
    assert_eq!(places(&workshop, "configs design.yaml more.cfg"), ["configs/sw.cfg:4:14", "more.cfg:4:14"]);
}

#[test]
fn a_config_of_a_switch_is_read_in_the_dialect_that_the_design_says() {
    let workshop = Workshop::with_design(
        "clusters:\n  - {name: web, mode: multicast, primary_ip: 10.0.0.10/24, vlan: 10, nodes: [{name: n1, attach: sw1 Gi1/0/1}]}\n\
         switches:\n  - {name: sw1, vendor: cisco-ios, platform: catalyst-9300, gateway: true}\n",
    );
    // The platform is one of the design's dialect: in another it would be any, or none.
    workshop.file("other.cfg", "version 20.4R3-S1;\nsystem {\n    host-name sw1;\n}\n");
    for line in [
        "lint design.yaml other.cfg",
        "lint design.yaml other.cfg --dialect junos",
        "trace design.yaml other.cfg",
    ] {
        let answer = workshop.output(line);
        assert!(answer.code < 2 && !answer.err.contains("panicked"), "{answer}");
        assert!(!answer.out.contains("set vlans") && !answer.out.contains("set interfaces"), "{answer}");
    }
}

#[test]
fn standard_input_may_be_a_design_or_a_config() {
    let workshop = Workshop::new();
    let (code, out, _) = piped(&workshop, &["-"], config("core").as_bytes());
    assert_eq!((code, out.split(": ").next()), (Some(0), Some("<stdin>:4:14")), "{out}");
    // A banner may look like a design.
    let banner = config("core").replace("!\narp", "banner motd ^C\nSite: Cologne\nSwitches: all\n^C\narp");
    let (code, out, _) = piped(&workshop, &["-", "--stdin-filename", "new/core.cfg"], banner.as_bytes());
    assert_eq!((code, out.split(": ").next()), (Some(0), Some("new/core.cfg:7:14")), "{out}");
    let (code, out, err) = piped(&workshop, &["-"], DESIGN.as_bytes());
    assert_eq!((code, out.as_str()), (Some(0), ""), "{err}");
    assert!(err.contains("1 design"), "{err}");
    let (code, out, _) = piped(&workshop, &["-", "--dialect", "ios"], b"arp 10.0.0.4 03bf.0a00.0063 ARPA\n");
    assert_eq!((code, out.split(": ").next()), (Some(0), Some("<stdin>:1:14")), "{out}");
    // What is neither is taken for a design, whose mistakes are told.
    let (code, out, _) = piped(&workshop, &["-"], b"bananas: 7\n");
    assert!(code == Some(1) && out.contains("NLB901"), "{out}");
    let foreign = std::fs::read(repository("fixtures/dialects/nokia-sros.cfg")).unwrap();
    let (code, out, _) = piped(&workshop, &["-"], &foreign);
    assert!(code == Some(0) && out.starts_with("<stdin>:1:1: info[NLB902]"), "{out}");
}

#[test]
fn standard_input_and_files_are_judged_together() {
    let workshop = Workshop::new();
    workshop.file("design.yaml", DESIGN).file("configs/core.cfg", config("core"));
    let (_, out, err) = piped(&workshop, &["-", "design.yaml"], config("core").as_bytes());
    assert!(out.starts_with("<stdin>:4:14: error[NLB101]"), "{out}{err}");
    let (_, out, err) = piped(&workshop, &["configs", "-"], DESIGN.as_bytes());
    assert!(out.starts_with("configs/core.cfg:4:14: error[NLB101]"), "{out}{err}");
    assert!(err.contains("1 design, 1 config"), "{err}");
    // Too short to be told, and known by the design
    let unclear = std::fs::read_to_string(repository("fixtures/dialects/unclear.few-words.cfg")).unwrap();
    let short = unclear.replace("sw1", "core") + "arp 10.0.0.4 03bf.0a00.0063\n";
    let (code, out, _) = piped(&workshop, &["-"], short.as_bytes());
    assert!(code == Some(0) && out.starts_with("<stdin>:1:1: info[NLB902]"), "{out}");
    let (_, out, _) =
        piped(&workshop, &["-", "--stdin-filename", "else/core.cfg", "design.yaml"], short.as_bytes());
    assert!(out.starts_with("else/core.cfg:6:14: error[NLB101]"), "{out}");
}

#[test]
fn columns_are_right_in_every_encoding() {
    let workshop = Workshop::new();
    let text = config("core").replace("arp 10", "! Büro Köln\narp 10").replace('\n', "\r\n");
    let little = wide(&text, u16::to_le_bytes);
    let big = wide(&text, u16::to_be_bytes);
    let latin: Vec<u8> = text.chars().map(|character| u8::try_from(character).unwrap()).collect();
    workshop
        .file("a.cfg", &text)
        .file("b.cfg", [b"\xef\xbb\xbf", text.as_bytes()].concat())
        .file("c.cfg", [b"\xff\xfe", &little[..]].concat())
        .file("d.cfg", [b"\xfe\xff", &big[..]].concat())
        .file("e.cfg", &little)
        .file("f.cfg", &big)
        .file("g.cfg", &latin);
    let expected: Vec<String> = "abcdefg".chars().map(|name| format!("{name}.cfg:5:14")).collect();
    assert_eq!(places(&workshop, ""), expected);
    let (_, out, _) = piped(&workshop, &["-"], &[b"\xff\xfe", &little[..]].concat());
    assert!(out.starts_with("<stdin>:5:14: warning[NLB101]"), "{out}");
}

#[test]
fn zeros_in_a_log_are_no_reason_to_pass_a_config_over() {
    let workshop = Workshop::new();
    let text = config("core");
    workshop
        .file("a.cfg", text.replacen("version", "\0version", 1))
        .file("b.cfg", text.replace('\n', "\r\n\0\0\0\0"))
        .file("c.cfg", text.replace("core", "c\0ore"))
        .file("d.cfg", text.clone() + "\0\0\0")
        .file("e.cfg", text.replace("!\narp", "!\n\0arp"));
    // Of a line with zeros the whole is shown: what stands on a screen has no columns in the file.
    let mut found = places(&workshop, "");
    found.sort();
    assert_eq!(found, ["a.cfg:4:14", "b.cfg:4:5", "c.cfg:4:14", "d.cfg:4:14", "e.cfg:4:2"]);
}

#[test]
fn the_log_of_a_session_is_a_config_too() {
    let workshop = Workshop::new();
    for (name, before, column) in [
        ("a.cfg", "core(config)#", 27),
        ("b.cfg", &format!(" --More-- {0}          {0}", "\u{8}".repeat(10)), 0),
        ("c.cfg", "--More-- ", 23),
        ("d.cfg", "\u{1b}[7m--More--\u{1b}[m\r\u{1b}[K", 0),
    ] {
        workshop.file(name, config("core").replace("!\narp", &format!("!\n{before}arp")));
        let found = places(&workshop, name);
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert!(column == 0 || found == [format!("{name}:4:{column}")], "{found:?}");
    }
}

#[test]
fn what_is_no_text_is_counted_and_said_when_it_was_named() {
    let workshop = Workshop::new();
    let program: Vec<u8> = (0..4096u32).map(|at| if at % 3 == 0 { 0 } else { (at % 251) as u8 }).collect();
    workshop.file("one.cfg", config("one")).file("program", &program).file("notes.txt", "buy milk\n");
    let quiet = workshop.output("lint --select NLB101 .");
    assert!(!quiet.err.contains("program") && !quiet.err.contains("notes.txt"), "{quiet}");
    let report: serde_json::Value = serde_json::from_str(&workshop.output("lint -f json .").out).unwrap();
    assert_eq!(report["summary"]["skipped"], 2);
    let named = workshop.output("lint --select NLB101 one.cfg program notes.txt");
    let notes: Vec<&str> = named.err.lines().filter(|line| line.starts_with("note: ")).collect();
    assert_eq!(
        notes,
        [
            "note: notes.txt is neither a design nor a switch config",
            "note: program is neither a design nor a switch config"
        ]
    );
    assert_eq!(workshop.output("lint --quiet --exit-zero one.cfg program").err, "");
    for number in 0..7 {
        workshop.file(&format!("n{number}.txt"), "");
    }
    let many = workshop.output("lint one.cfg n0.txt n1.txt n2.txt n3.txt n4.txt n5.txt n6.txt");
    assert!(many.err.contains("n4.txt is neither") && many.err.contains("nor are 2 files more"), "{many}");
}
