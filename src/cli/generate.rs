//! `nlbswitch generate`: the lines for each switch.

mod against;
mod configs;
mod diff;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::decided::{self, Decided};
use super::design_arguments::DesignArguments;
use super::files::{Overwrite, stem, write_into};
use super::{CLEAN, Console, FAILED, FOUND, STDIN, named, read_stdin};
use crate::design::{self, Design, Loaded};
use crate::diagnostic::{Diagnostic, Severity, one_of};
use crate::lint::{self, Terms, Verdict};
use crate::plan::{self, DevicePlan, Plan};
use crate::render::{Options, Snippet, SnippetLine, snippets};
use crate::report;
use crate::source::Sources;
use crate::vendor::Pack;

/// Print the lines each switch needs, with their rollback and checks
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  nlbswitch generate nlb.yaml                        the lines for every switch
  nlbswitch generate nlb.yaml --switch sw1 --rollback
  nlbswitch generate nlb.yaml -o snippets            one file a switch
  nlbswitch generate nlb.yaml --against configs/     only what is missing or wrong there
  nlbswitch generate nlb.yaml --against sw1.cfg --diff
  nlbswitch generate --mode multicast --vip 172.31.1.232/24 --vlan 10 \\
      --vendor cisco-ios --port Gi1/0/1 --port Gi1/0/2 --gateway

Every line was read back before it was printed. Lines nobody has shown to work carry a comment that says so;
--verified-only leaves them out. A design with errors of its own gives no lines, unless --force; the severities and
suppressions of `.nlbswitch.yaml` hold here too.

Exit codes: 0 done; 1 the design has errors (`nlbswitch lint` shows them); 2 it could not be done.")]
pub(super) struct GenerateArgs {
    /// The design: a file, a directory of files, or `-` for standard input
    #[arg(value_name = "DESIGN")]
    design: Option<PathBuf>,

    #[command(flatten)]
    small: DesignArguments,

    /// Only this switch (or stack); once for each
    #[arg(long, value_name = "NAME")]
    switch: Vec<String>,

    /// Only this cluster; once for each
    #[arg(long, value_name = "NAME")]
    cluster: Vec<String>,

    /// Only what is missing or wrong in these running-configs: files, directories of files, or `-` for standard input
    #[arg(long, value_name = "CONFIG")]
    against: Vec<PathBuf>,

    /// Show the changes as `-` and `+` lines, instead
    #[arg(long, requires = "against", conflicts_with_all = ["rollback", "verify"])]
    diff: bool,

    /// Print the lines that take the change back, instead
    #[arg(long)]
    rollback: bool,

    /// Print the commands that check the change and what to look for, instead
    #[arg(long)]
    verify: bool,

    /// Leave out lines that nobody has shown to work
    #[arg(long)]
    verified_only: bool,

    /// Write one file a switch into this directory
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Write over files the tool did not write, and generate in spite of errors
    #[arg(long)]
    force: bool,

    /// Do not read `.nlbswitch.yaml`
    #[arg(long)]
    no_config: bool,

    /// How to print
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines to paste in configuration mode.
    Text,
    /// Entries and lines as a versioned document.
    Json,
}

pub(super) fn run(args: &GenerateArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    let mut sources = Sources::new();
    let Decided { settings, policy, packs, mistakes } =
        decided::settings(!args.no_config, &mut sources, console)?;
    if decided::are_unusable(mistakes, &sources, console)? {
        return Ok(FAILED);
    }
    let loaded = load(args, console, &mut sources)?;
    let Loaded { design, mut problems, base, files } = loaded;
    let bound = crate::vendor::bind(&design, &packs, &mut problems)?;
    if crate::diagnostic::has_errors(&problems) {
        decided::refuse("the design", problems, &sources, console)?;
        return Ok(FAILED);
    }
    let plan = plan::plan(&bound);
    let devices = chosen_devices(args, &plan, &design)?;
    let origin = lint::Origin { files: &files, base: &base, working_directory: &console.working_directory };
    let (outcome, known) =
        lint::with_estate(&bound, &plan, origin, lint::Found::default(), &mut sources, |estate, sources| {
            (lint::judge_estate(estate, &files, problems, sources), estate.known())
        });
    let terms = Terms { settings: &settings, policy: &policy, today: decided::today(), whole: false };
    let mut findings = Verdict::new(outcome, terms, &sources).findings;
    // What is to be said of the settings themselves `lint` says.
    findings.retain(|finding| settings.file.is_none() || finding.span.map(|span| span.file) != settings.file);
    if report_findings(&findings, args.force, &sources, console)? {
        return Ok(FOUND);
    }
    let options = Options {
        clusters: named::clusters(&args.cluster, &design)?,
        verified_only: args.verified_only,
        known: Arc::new(known),
    };
    if !args.against.is_empty() {
        let compared = against::Compared {
            design: &design,
            plan: &plan,
            base: &base,
            devices: &devices,
            options: &options,
            packs: &packs,
        };
        return against::run(args, &compared, console);
    }
    let devices: Vec<&DevicePlan> = devices.into_iter().map(|device| &plan.devices[device]).collect();
    let written = snippets(&plan, &devices, &design, &options)?;
    let snippets: Vec<(Snippet, Arc<Pack>)> =
        written.into_iter().map(|(device, snippet)| (snippet, Arc::clone(&device.pack))).collect();
    if snippets.is_empty() {
        bail!(
            "there is nothing to generate: {}",
            match (design.clusters.is_empty(), design.switches.is_empty()) {
                (true, _) => "the design describes no cluster",
                (_, true) => "the design describes no switch",
                _ =>
                    "the frames of the chosen clusters pass none of the chosen switches, as far as the design says",
            }
        );
    }
    match (&args.output, args.format) {
        (Some(directory), format) => {
            let content = |snippet: &Snippet, pack: &Pack| match format {
                Format::Json => document(std::iter::once(snippet)),
                Format::Text => Ok(text(args, snippet, pack)),
            };
            let file = |(snippet, pack): &(Snippet, Arc<Pack>)| {
                Ok((snippet.switch.clone(), content(snippet, pack)?))
            };
            let files = snippets.iter().map(file).collect::<anyhow::Result<_>>()?;
            write_files(args, directory, files, console)
        }
        (None, Format::Json) => {
            let document = document(snippets.iter().map(|(snippet, _)| snippet))?;
            console.out.write_all(document.as_bytes())?;
            Ok(CLEAN)
        }
        (None, Format::Text) => {
            for (index, (snippet, pack)) in snippets.iter().enumerate() {
                if index > 0 {
                    writeln!(console.out)?;
                }
                console.out.write_all(text(args, snippet, pack).as_bytes())?;
            }
            Ok(CLEAN)
        }
    }
}

fn load(args: &GenerateArgs, console: &mut Console<'_>, sources: &mut Sources) -> anyhow::Result<Loaded> {
    match &args.design {
        Some(path) if path.as_os_str() == STDIN => {
            let text = read_stdin(console)?;
            Ok(design::load_text("<stdin>", &text, sources))
        }
        Some(path) => Ok(design::load(path, &console.working_directory, sources)?),
        None if !args.small.given() => {
            bail!(
                "name a design file, or give --mode, --vip, --vlan and --vendor; `nlbswitch init` writes a starter file"
            )
        }
        None => {
            let missing = args.small.missing();
            if !missing.is_empty() {
                bail!("without a design file {} must be given too", one_of(missing).replace(" or ", " and "));
            }
            Ok(design::load_text("<arguments>", args.small.to_yaml(), sources))
        }
    }
}

/// Says what was found in the design; true when it must not be acted on.
fn report_findings(
    findings: &[Diagnostic],
    force: bool,
    sources: &Sources,
    console: &mut Console<'_>,
) -> anyhow::Result<bool> {
    let own = |finding: &Diagnostic| {
        let in_design = finding.span.is_some_and(|span| !sources.file(span.file).is_config());
        lint::rule_of(finding.code).is_none_or(|rule| rule.faults_design(in_design))
    };
    let stops = |finding: &&Diagnostic| finding.severity == Severity::Error && own(finding);
    let shown: Vec<Diagnostic> =
        findings.iter().filter(|finding| finding.severity >= Severity::Warning).cloned().collect();
    console.err.write_all(
        report::render(report::Format::Concise, &report::Report::new(&shown, sources), false).as_bytes(),
    )?;
    let errors = findings.iter().filter(stops).count();
    if errors == 0 || force {
        return Ok(false);
    }
    writeln!(
        console.err,
        "error: no lines for a design with errors: `nlbswitch lint` says more; --force prints the lines all the same"
    )?;
    Ok(true)
}

fn chosen_devices(args: &GenerateArgs, plan: &Plan<'_>, design: &Design) -> anyhow::Result<BTreeSet<usize>> {
    if args.switch.is_empty() {
        return Ok((0..plan.devices.len()).collect());
    }
    let mut devices = BTreeSet::new();
    for name in &args.switch {
        let by_switch = design.switch_position(name).map(|position| plan.topology.device_of(position));
        let found = by_switch.or_else(|| plan.devices.iter().position(|device| device.name == *name));
        let Some(device) = found else {
            let names: Vec<&str> = design.switches.iter().map(|switch| switch.name.as_str()).collect();
            return Err(named::unknown("switch", name, &names));
        };
        devices.insert(device);
    }
    Ok(devices)
}

/// The parts that were asked for, as one text to paste.
fn text(args: &GenerateArgs, snippet: &Snippet, pack: &Pack) -> String {
    let sign = pack.comment.as_str();
    let (paste, check) = &pack.typed_in;
    let mut lines = snippet.header.clone();
    if !args.rollback && !args.verify {
        lines.extend(snippet.remarks.iter().cloned());
    }
    let mut part = |title: &str, part: &[SnippetLine]| {
        let empty = if part.is_empty() { " (nothing)" } else { "" };
        lines.push(format!("{sign} {title}{empty}"));
        lines.extend(part.iter().map(|line| line.text.clone()));
    };
    if args.rollback {
        part(&format!("ROLLBACK: takes the change back; {paste}"), &snippet.rollback);
    }
    if args.verify {
        part(&format!("CHECKS: {check} and compare"), &snippet.verify);
    }
    if !args.rollback && !args.verify && !snippet.apply.is_empty() {
        part(paste, &snippet.apply);
    }
    lines.join("\n") + "\n"
}

/// The versioned document that holds `switches`.
fn document<'s, T: serde::Serialize + 's>(switches: impl Iterator<Item = &'s T>) -> anyhow::Result<String> {
    let document =
        serde_json::json!({"generator": "nlbswitch", "version": 1, "switches": switches.collect::<Vec<_>>()});
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// Writes a file for each switch, named after it.
fn write_files(
    args: &GenerateArgs,
    directory: &std::path::Path,
    contents: Vec<(String, String)>,
    console: &mut Console<'_>,
) -> anyhow::Result<u8> {
    let ending = match (args.format, args.diff, args.rollback, args.verify) {
        (Format::Json, ..) => "json",
        (_, true, ..) => "diff",
        (_, _, true, false) => "rollback.txt",
        (_, _, false, true) => "verify.txt",
        (_, _, true, true) => "rollback-verify.txt",
        (_, _, false, false) => "txt",
    };
    let mut names = BTreeSet::new();
    let mut files = Vec::new();
    for (switch, content) in contents {
        let stem = stem(&switch, "switch");
        if !names.insert(stem.to_lowercase()) {
            bail!("two switches would be written to the file `{stem}.{ending}`: rename one");
        }
        files.push((directory.join(format!("{stem}.{ending}")), content));
    }
    let overwrite = if args.force { Overwrite::Always } else { Overwrite::Own };
    write_into(directory, &files, overwrite, console)?;
    Ok(CLEAN)
}
