//! What holds for every run of `lint`, whatever it reads: the order of the files, the number of threads and the ends of
//! the lines change nothing, and a finding stands where the text is that it speaks of.
//!
//! The configs are made of the lines of `fixtures/splice/`, right ones and wrong ones of all dialects.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, dead_code)]

#[path = "splice/bases.rs"]
mod bases;
#[path = "splice/cases.rs"]
mod cases;
mod support;

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use nlbswitch::config;
use nlbswitch::diagnostic::Diagnostic;
use nlbswitch::entry::{Change, Entry, Subject};
use nlbswitch::lint::{self, gather, lint_inputs};
use nlbswitch::net::mac;
use nlbswitch::net::port::PortName;
use nlbswitch::report::{Format, Report, render};
use nlbswitch::source::Sources;
use nlbswitch::vendor::{Pack, Packs};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::RngSeed;
use support::Workshop;
use support::packs::splices;

use bases::{Base, bases};
use cases::{Case, cases};

static PACKS: LazyLock<Packs> = LazyLock::new(Packs::embedded);

/// Every case with a blank base of its dialect.
static CASES: LazyLock<Vec<(Base, Vec<Case>)>> = LazyLock::new(|| {
    let blank = bases(&PACKS, false).into_iter().filter(|base| base.name == "blank");
    let texts = splices();
    let text_of = |base: &Base| &texts[base.pack.name()];
    blank.map(|base| (cases(text_of(&base)), base)).map(|(cases, base)| (base, cases)).collect()
});

/// As many cases as are quick in a debug build, the same in every run.
fn some(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(0x03bf_ac1f_01e8), ..ProptestConfig::default() }
}

/// A file: its name and its text.
type File = (String, String);

/// A few configs, each of one or two cases of one dialect, and designs of some of them.
fn some_files() -> impl Strategy<Value = Vec<File>> {
    let one = (any::<Index>(), any::<Index>(), any::<Option<Index>>());
    prop::collection::vec(one, 1..5).prop_map(|chosen| {
        let mut files = Vec::new();
        for (number, (dialect, first, second)) in chosen.into_iter().enumerate() {
            let (base, cases) = dialect.get(&CASES);
            let mut text = format!("hostname sw{number}\n");
            for case in [Some(first), second].into_iter().flatten().map(|index| index.get(cases)) {
                let filled = case.fill(&base.site, base.pack.mac);
                text += &(filled.spliced.lines.join("\n") + "\n");
                if let Some(partner) = filled.partner {
                    files.push((
                        format!("{number}/partner.{}.cfg", base.pack.name()),
                        partner.lines.join("\n") + "\n",
                    ));
                }
                if let Some(design) = filled.design {
                    // Names of its own, so that designs in one run do not share switches.
                    let design = design.lines.join("\n") + "\n";
                    let design = design
                        .replace("sw1", &format!("sw{number}"))
                        .replace("sw2", &format!("partner{number}"));
                    files.push((format!("{number}/design{}.yaml", files.len()), design));
                }
            }
            files.push((format!("{number}/sw{number}.{}.cfg", base.pack.name()), text));
        }
        files
    })
}

/// Where the files are.
fn laid_out(files: &[File]) -> Workshop {
    let workshop = Workshop::new();
    for (name, text) in files {
        workshop.file(name, text);
    }
    workshop
}

/// The dialect that a config's name says.
fn pack_of(path: &Path) -> Option<Arc<Pack>> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    PACKS.get(name.split('.').nth(1)?).unwrap()
}

/// Every report of a run over these paths, and the findings with the lines they stand in.
fn reports(workshop: &Workshop, paths: &[PathBuf], threads: usize) -> (Vec<String>, Vec<Spoken>) {
    let work = || {
        let directory = workshop.path("");
        let taking = lint::Taking {
            working_directory: &directory,
            dialect: None,
            dialect_of: &pack_of,
            excluded: &|_| false,
            progress: &|_, _| {},
        };
        let inputs = gather(paths, &PACKS, &taking).unwrap();
        let mut sources = Sources::new();
        let outcome = lint_inputs(inputs, &directory, &PACKS, &mut sources).unwrap();
        assert_eq!(outcome.unreadable, []);
        let report = Report::new(&outcome.findings, &sources);
        let reports = Format::ALL.into_iter().map(|format| render(format, &report, false)).collect();
        let spoken = outcome.findings.iter().map(|finding| Spoken::new(finding, &sources));
        (reports, spoken.collect())
    };
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

/// A finding with the text it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Spoken {
    code: u16,
    said: String,
    path: String,
    place: (usize, usize, usize, usize),
    /// The text under its span.
    span: String,
    /// The lines of its span, whole.
    lines: String,
    in_config: bool,
    /// The ports that the lines are about.
    ports: Vec<PortName>,
    /// The ports that the message quotes.
    quoted_ports: Vec<PortName>,
}

impl Spoken {
    fn new(finding: &Diagnostic, sources: &Sources) -> Self {
        let span =
            finding.span.unwrap_or_else(|| panic!("{} stands nowhere: {}", finding.code, finding.message));
        let file = sources.file(span.file);
        let text =
            file.text().get(span.range()).unwrap_or_else(|| panic!("{finding:?} stands outside the text"));
        let at = sources.locate(span);
        let (first, last) = (file.line_index(span.start as usize), file.line_index(span.end as usize));
        let (mut ports, mut quoted_ports) = (Vec::new(), Vec::new());
        if let Some(pack) = pack_of(Path::new(file.path())) {
            let reading = config::read(&pack, file.text());
            let here = reading
                .facts
                .iter()
                .filter(|fact| (first..=last).contains(&file.line_index(fact.range().start)));
            for entry in here.filter_map(|fact| match &fact.change {
                Change::Add(entry) | Change::Replace(entry) => Some(entry),
                _ => None,
            }) {
                match entry {
                    Entry::Setting { of: Subject::Port(port), .. } => ports.push(port.clone()),
                    entry => ports.extend(entry.ports().into_iter().flatten().cloned()),
                }
            }
            quoted_ports.extend(quoted(&finding.message).filter_map(|word| pack.ports.parse(word).ok()));
        }
        let lines: Vec<&str> = (first..=last).map(|line| &file.text()[file.line_range(line)]).collect();
        Self {
            code: finding.code.0,
            said: format!(
                "{} {} {:?} {:?}",
                finding.severity, finding.message, finding.help, finding.remediation
            ),
            path: at.path,
            place: (at.line, at.column, at.end_line, at.end_column),
            span: text.to_owned(),
            lines: lines.join("\n"),
            in_config: file.is_config(),
            ports,
            quoted_ports,
        }
    }
}

/// Rules that speak of ports that a line leaves out.
const ABOUT_MISSING_PORTS: [u16; 4] = [209, 502, 503, 703];

/// What a message quotes.
fn quoted(message: &str) -> impl Iterator<Item = &str> {
    message.split('`').skip(1).step_by(2)
}

proptest! {
    #![proptest_config(some(48))]

    #[test]
    fn neither_the_order_of_the_paths_nor_the_number_of_threads_changes_a_report(
        files in some_files(),
        order in prop::collection::vec(any::<Index>(), 12),
    ) {
        let workshop = laid_out(&files);
        let mut paths: Vec<PathBuf> = files.iter().map(|(name, _)| workshop.path(name)).collect();
        let (first, _) = reports(&workshop, &paths, 1);
        for (place, with) in (1..paths.len()).zip(&order) {
            paths.swap(place, with.index(place + 1));
        }
        paths.push(paths[0].clone());
        let (second, _) = reports(&workshop, &paths, 5);
        for (first, second) in first.iter().zip(&second) {
            prop_assert_eq!(first, second);
        }
    }

    #[test]
    fn the_ends_of_the_lines_change_no_finding(files in some_files()) {
        let of = |end: &str| {
            let files: Vec<File> = files
                .iter()
                .map(|(name, text)| (name.clone(), text.replace('\n', end)))
                .collect();
            let workshop = laid_out(&files);
            reports(&workshop, &[workshop.path("")], 2).1
        };
        let plain = of("\n");
        for end in ["\r\n", "\r"] {
            prop_assert_eq!(&plain, &of(end), "{:?}", end);
        }
    }

    #[test]
    fn a_finding_stands_where_the_text_is_that_it_speaks_of(files in some_files()) {
        let workshop = laid_out(&files);
        let (_, found) = reports(&workshop, &[workshop.path("")], 2);
        for spoken in found.iter().filter(|spoken| spoken.in_config) {
            let message = spoken.said.split(" Some(").next().unwrap();
            let names_mac = |wanted| quoted(message).any(|word| mac::parse(word) == Ok(wanted));
            // What is marked is the MAC: then it is one that the message quotes.
            if let Ok(marked) = mac::parse(&spoken.span) {
                prop_assert!(names_mac(marked), "{spoken:?}");
            }
            // A line with a MAC: then it is of that MAC, or of its address, that the message speaks.
            let words: Vec<&str> = spoken.lines.split_whitespace().collect();
            let macs: Vec<_> = words.iter().filter_map(|word| mac::parse(word).ok()).collect();
            let ips: Vec<Ipv4Addr> = words.iter().filter_map(|word| word.parse().ok()).collect();
            let by_ip = |ip: &Ipv4Addr| {
                message.split([' ', '`', ',', ':']).any(|word| word.parse() == Ok(*ip))
            };
            // Of the clusters of a design it speaks by name.
            let by_name = message.contains("cluster") && !quoted(message).any(|word| mac::parse(word).is_ok());
            prop_assert!(
                macs.is_empty() || by_name || macs.iter().any(|mac| names_mac(*mac)) || ips.iter().any(by_ip),
                "{spoken:?}"
            );
            // A line about ports: then it is one of these that the message speaks of, where it speaks of any.
            let Spoken { ports, quoted_ports, .. } = spoken;
            prop_assert!(
                ports.is_empty()
                    || quoted_ports.is_empty()
                    || ABOUT_MISSING_PORTS.contains(&spoken.code)
                    || quoted_ports.iter().any(|port| ports.contains(port)),
                "{spoken:?}"
            );
        }
    }

    #[test]
    fn a_secret_beside_a_fault_is_in_no_report(
        files in some_files(),
        secret in "Zq[A-Za-z0-9$./!#%&*+=?^_|~-]{6,20}Qz",
        lines in prop::collection::vec((any::<Index>(), any::<Index>()), 1..6),
    ) {
        let files: Vec<File> = files
            .into_iter()
            .map(|(name, text)| {
                if name.ends_with(".yaml") {
                    return (name, text);
                }
                let mut own: Vec<String> = text.lines().map(str::to_owned).collect();
                for (place, line) in &lines {
                    let line = line.get(SECRETS).replace('@', &secret);
                    own.insert(place.index(own.len() + 1), line);
                }
                (name, own.join("\n") + "\n")
            })
            .collect();
        let workshop = laid_out(&files);
        let (reports, _) = reports(&workshop, &[workshop.path("")], 2);
        for report in reports {
            prop_assert!(!report.contains(&secret), "{}", report);
        }
    }
}

/// Lines with a secret, which is `@`.
const SECRETS: &[&str] = &[
    "enable secret 5 @",
    "enable password @",
    "enable sha256-password 8 @",
    "username admin privilege 15 secret 9 @",
    "username admin password @ level 15 encrypted",
    "snmp-server community @ RO",
    "snmp-server host 10.0.0.1 version 2c @",
    "snmp-server user ops readers v3 auth sha @ priv aes 128 @",
    "tacacs-server host 10.0.0.1 key @",
    "radius-server host 10.0.0.1 auth-port 1812 acct-port 1813 key 7 @",
    "ntp authentication-key 1 md5 @ 7",
    " standby 10 authentication md5 key-string 7 @",
    " ip ospf message-digest-key 1 md5 7 @",
    " neighbor 10.0.0.1 password 7 @",
    " wpa-psk ascii 0 @",
    "encrypted radius-server key @",
    " security wpa psk set-key ascii 0 @",
];

/// Of every rule about a line with a MAC, the reports are tried: else the property above holds of nothing.
#[test]
fn the_cases_give_findings_of_many_rules() {
    let mut codes = std::collections::BTreeSet::new();
    for (base, cases) in CASES.iter() {
        for (number, case) in cases.iter().enumerate() {
            let filled = case.fill(&base.site, base.pack.mac);
            let name = format!("{number}.{}.cfg", base.pack.name());
            let workshop = laid_out(&[(name, filled.spliced.lines.join("\n") + "\n")]);
            codes.extend(reports(&workshop, &[workshop.path("")], 1).1.into_iter().map(|spoken| spoken.code));
        }
    }
    assert!(codes.len() > 35, "{codes:?}");
}
