//! What a file is called and what is in it never acts: no terminal obeys it, no CI server, no browser; and no secret is
//! shown. Through the program, in every format and on both outputs.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use nlbswitch::entry::EntryKind;
use nlbswitch::harmless::is_treacherous;
use nlbswitch::report::Format;
use nlbswitch::vendor::Packs;
use support::{Workshop, repository};

/// What would act: on a terminal, on GitHub's runner (at the start of a line, and anywhere), on Azure's, on TeamCity's.
const ACTING: [&str; 7] = [
    "\u{1b}[31mred",
    "\u{9b}2J",
    "::error title=x::gone",
    "##[error]gone",
    "##vso[task.setvariable variable=x]y",
    "##teamcity[message text='x']",
    "\u{202e}txet",
];

/// The name of the command that GitHub's runner takes `line` for: as `ActionCommand.TryParseV2` of actions/runner does it.
fn command(line: &str) -> Option<&str> {
    let (head, _) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    let name = head.split(' ').next()?;
    (!name.is_empty() && name.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-_".contains(&octet)))
        .then_some(name)
}

/// The first line of `text` that a terminal or a CI server would obey. GitHub's own format may annotate.
fn acts(text: &str, format: Option<Format>) -> Option<String> {
    let acting = text.split(['\n', '\r']).find(|line| {
        let own = format == Some(Format::Github)
            && matches!(command(line), Some("error" | "warning" | "notice"))
            && !line.starts_with("::error title=x::");
        let lower = line.to_lowercase();
        line.chars().any(is_treacherous)
            || ["##[", "##vso[", "##teamcity["].iter().any(|command| lower.contains(command))
            || command(line).is_some() && !own
    });
    acting.map(|line| line.escape_debug().to_string())
}

/// A config of `core`, and a design with its cluster, each of whose words may be `hostile`.
fn workshop(hostile: &str) -> Workshop {
    let workshop = Workshop::new();
    let arp = "arp 10.0.0.4 03bf.0a00.0063 ARPA";
    workshop
        .file(&format!("{hostile}.cfg"), format!("version 15.2\nhostname {hostile}\n!\nbanner motd ^C\n{hostile}\n^C\ninterface Vlan10\n description {hostile}\n{arp}\n{arp} {hostile}\nmac address-table static 03bf.0a00.0063 vlan 10 interface {hostile}\nmac address-table static {hostile}\nline vty 0 4\nend\n"))
        .file(&format!("{hostile}2.cfg"), format!("version 15.2\nhostname {hostile}\n{arp}\nline vty 0 4\nend\n"))
        .file("foreign.cfg", format!("{hostile} set system host-name x\nset system services ssh\nset interfaces ge-0/0/0 unit 0 family inet\n"))
        .file(&format!("{hostile}.yaml"), format!("clusters:\n  - name: \"{}\"\n    mode: {hostile}\n    {hostile}: 1\n", hostile.escape_debug()))
        .file(&format!("{hostile}.txt"), "nothing\n");
    workshop
}

#[test]
fn nothing_in_a_name_or_a_config_acts() {
    let mut wrong = Vec::new();
    for hostile in ACTING {
        let workshop = workshop(hostile);
        let mut runs: Vec<(Option<Format>, Vec<String>)> = Vec::new();
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        for format in Format::ALL {
            runs.push((Some(format), words(&["lint", "--format", format.as_str()])));
            runs.push((
                Some(format),
                words(&["lint", "--verbose", "--format", format.as_str(), ".", "gone.cfg"]),
            ));
        }
        let named = format!("{hostile}.txt");
        let missing = format!("{hostile}.no");
        let config = format!("{hostile}.cfg");
        for line in [
            &["lint", "--show-files"][..],
            &["lint", "--statistics"],
            &["lint", "--show-settings"],
            &["lint", &named, &missing, &config],
            &["lint", "--baseline", &missing],
            &["lint", "--select", hostile],
            &["lint", "--dialect", hostile],
            &["lint", "--output", &config],
            &["adopt", &config],
            &["adopt", "."],
            &["adopt", &missing],
            &["generate", &missing],
            &["generate", &format!("{hostile}.yaml")],
            &["explain", hostile],
            &["mac", hostile],
        ] {
            runs.push((None, words(line)));
        }
        for (format, line) in runs {
            let words: Vec<&str> = line.iter().map(String::as_str).collect();
            let output = workshop.command(&words).output().unwrap();
            assert!(output.status.code().is_some_and(|code| code <= 3), "{line:?}");
            for (stream, text, format) in [("out", &output.stdout, format), ("err", &output.stderr, None)] {
                if let Some(acting) = acts(&String::from_utf8_lossy(text), format) {
                    wrong.push(format!("{line:?}, {stream}: {acting}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_would_act_is_seen_by_this_test() {
    for hostile in ACTING {
        assert!(acts(&format!("  {hostile}"), None).is_some(), "{hostile}");
    }
    assert!(acts("::error file=x::y", None).is_some());
    assert_eq!(acts("::error file=x::y", Some(Format::Github)), None);
    assert_eq!(acts("a ::error::y", None), None);
}

#[test]
fn no_secret_of_any_dialect_is_shown() {
    const SECRET: &str = "ZqS3cr3t0fM1neQz";
    let secrets = support::secrets();
    let of = |dialect: &str| secrets.iter().find(|(of, _)| *of == dialect).map(|(_, lines)| lines.clone());
    let packs = Packs::embedded().all().unwrap().into_iter();
    // One with facts alone reads no config.
    for pack in packs.filter(|pack| !pack.lines().is_empty()) {
        let dialect = pack.name();
        // What has no section of its own keeps its secrets as its kin do.
        let lines = of(dialect).or_else(|| of("dell-powerconnect-5400")).unwrap();
        let base = repository(&format!("fixtures/spellings/{dialect}.cfg"));
        let base = std::fs::read_to_string(base)
            .or_else(|_| {
                std::fs::read_to_string(repository(&format!("fixtures/dialects/{dialect}.saved.cfg")))
            })
            .unwrap();
        let writes = [EntryKind::StaticArp, EntryKind::StaticMac].iter().any(|kind| pack.speaks_of(*kind));
        let workshop = Workshop::new();
        let (config, port) = (with_secrets(&base, &lines, SECRET), &pack.ports.examples[0]);
        let nodes = format!("nodes: [{{name: n, attach: core {port}}}]");
        let cluster = format!("{{name: w, mode: multicast, primary_ip: 10.0.0.4/24, vlan: 10, {nodes}}}");
        let switch = format!("{{name: core, vendor: {dialect}, gateway: true, config: core.cfg}}");
        workshop.file("d.yaml", format!("clusters: [{cluster}]\nswitches: [{switch}]\n"));
        workshop.file("core.cfg", &config).file("more.cfg", &config);
        let against = "generate d.yaml --against core.cfg --switch core";
        let mut runs: Vec<String> = ["", " --diff", " --format json", " --rollback"]
            .iter()
            .map(|more| format!("{against}{more}"))
            .collect();
        runs.push("adopt core.cfg".to_owned());
        runs.push(format!("lint --write-baseline --baseline known.json --dialect {dialect}"));
        // Every format at once
        let reports = |name: &str| -> String {
            Format::ALL.iter().map(|format| format!(" --format {format} --output {name}.{format}")).collect()
        };
        runs.push(format!("lint --verbose --dialect {dialect} core.cfg{}", reports("bare")));
        runs.push(format!("lint --verbose d.yaml more.cfg{}", reports("design")));
        for run in &runs {
            let shown = workshop.run(run);
            let leak = shown.lines().find(|line| line.contains(SECRET));
            assert_eq!(leak, None, "{dialect}: nlbswitch {run}");
        }
        for (name, format) in
            ["bare", "design"].iter().flat_map(|name| Format::ALL.map(|format| (name, format)))
        {
            let report = workshop.read(&format!("{name}.{format}"));
            assert!(!report.contains(SECRET), "{dialect}: {name} in {format}");
            let digits = report.to_lowercase().replace([':', '.'], "");
            // Of what a pack does not write the lines need not be wrong.
            assert!(
                !writes || digits.replace('-', "").contains("03bf0a000063"),
                "{dialect}: {name} in {format} says nothing of the lines"
            );
        }
        assert!(!workshop.read("known.json").contains(SECRET), "{dialect}");
    }
}

/// `base` with each of `lines` around lines that have findings, within them, and in lines that are not understood.
fn with_secrets(base: &str, lines: &[&str], secret: &str) -> String {
    let entries = [
        "arp 10.0.0.4 03bf.0a00.0063 ARPA",
        "interface vlan 10\n bridge address 03:bf:0a:00:00:63 ethernet g1 permanent",
        "interface vlan 10\n bridge multicast address 03:bf:0a:00:00:63 add ethernet g1",
        "mac address-table multicast 03bf.0a00.0063 vlan 10 interface Ethernet1/1",
        "mac-address-table static 03:bf:0a:00:00:63 vlan 10 output-range TenGigabitEthernet 0/1",
        "arp static 10.0.0.4 03bf-0a00-0063",
        "mac address-table static 03bf.0a00.0063 vlan 10 interface Gi1/0/1",
        "configure iparp add 10.0.0.4 03:bf:0a:00:00:63",
        "ip arp static-mcast 10.0.0.4 03:bf:0a:00:00:63 vid 10 1/1",
        "set interfaces irb unit 7 family inet address 10.0.0.254/24 arp 10.0.0.4 multicast-mac 03:bf:0a:00:00:63",
        "interface vlan 10\n    arp ipv4 10.0.0.4 mac 03:bf:0a:00:00:63",
        "ip neigh replace 10.0.0.4 lladdr 03:bf:0a:00:00:63 dev br10 nud permanent",
        "/ip arp add address=10.0.0.4 interface=vlan10 mac-address=03:bf:0a:00:00:63",
        "config switch static-mac edit 5 set interface port1 set mac 03:bf:0a:00:00:63 set vlan-id 10",
    ];
    let mut config = base.replace("\nend\n", "\n");
    for (number, line) in lines.iter().enumerate() {
        let line = support::with_secret(line, secret);
        let words = line.trim();
        for entry in entries {
            config.push_str(&format!("{line}\n{entry}\n{line}\n{entry} {words}\n"));
        }
        config.push_str(&format!("mac address-table static {words}\narp {number} {words}\n"));
        config.push_str(&format!("interface Vlan{}\n description {words}\n{line}\n!\n", number + 2));
    }
    config
}
