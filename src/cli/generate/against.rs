//! `generate --against`: only what is missing or wrong on switches whose configs are at hand.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::bail;

use super::super::{CLEAN, Console};
use super::configs::{Config, Search};
use super::{Format, GenerateArgs, diff, document, text, write_files};
use crate::config::of_another_dialect;
use crate::design::Design;
use crate::diagnostic::quoted;
use crate::plan::{DevicePlan, Plan};
use crate::render::{Amended, ConfigText, Options, all_against};
use crate::vendor::Packs;

/// What is compared.
pub(super) struct Compared<'c> {
    pub(super) design: &'c Design,
    pub(super) plan: &'c Plan<'c>,
    /// The directory that the design's paths are seen from.
    pub(super) base: &'c Path,
    pub(super) devices: &'c BTreeSet<usize>,
    pub(super) options: &'c Options,
    pub(super) packs: &'c Packs,
}

pub(super) fn run(
    args: &GenerateArgs,
    compared: &Compared<'_>,
    console: &mut Console<'_>,
) -> anyhow::Result<u8> {
    let Compared { design, plan, base, devices, options, packs } = *compared;
    if args.diff && args.format == Format::Json {
        bail!("--diff is for people and --format json for programs: give one of them");
    }
    let by_name = !args.switch.is_empty();
    let nameless = args.design.is_none();
    let search = Search { design, plan, base, devices, by_name, nameless };
    let configs = search.find(&args.against, console)?;
    let mut pairs: Vec<(&DevicePlan, ConfigText<'_>)> = Vec::new();
    let mut lacking: Vec<&str> = Vec::new();
    for number in devices {
        let device = &plan.devices[*number];
        match configs.get(number) {
            Some(Config { shown, text }) => pairs.push((device, ConfigText { path: shown, text })),
            None if device.clusters.is_empty() => {}
            None => lacking.push(&device.name),
        }
    }
    if !lacking.is_empty() {
        let said = format!("no config of {} is among those given", lacking.join(", "));
        if by_name || pairs.is_empty() {
            bail!(
                "{said}: a config belongs to a switch by the design's `config`, its hostname, or its file name"
            );
        }
        // A file stands for itself; a directory is expected to hold them all.
        if args.against.iter().any(|path| path.is_dir()) {
            writeln!(console.err, "note: {said}: not compared")?;
        }
    }
    let clues = packs.clues()?;
    for (device, config) in &pairs {
        if let Some(title) = of_another_dialect(clues, config.text, &device.pack) {
            let pack = device.pack.name();
            writeln!(
                console.err,
                "warning: {} seems to be {title}, and is compared as `{pack}`",
                config.path
            )?;
        }
    }
    let amended = all_against(plan, &pairs, design, options)?;
    if amended.is_empty() {
        bail!("there is nothing to compare: the frames of the chosen clusters pass none of these switches");
    }
    for (_, one) in &amended {
        say(one, console)?;
    }
    let shown_design = args.design.as_ref().map_or("<arguments>".to_owned(), |path| crate::cli::shown(path));
    let shown = |device: &DevicePlan, one: &Amended, color: bool| match (args.format, args.diff) {
        (Format::Json, _) => document(std::iter::once(one)),
        (_, true) => Ok(diff::diff(one, &shown_design, color)),
        (_, false) => Ok(text(args, &one.snippet, &device.pack)),
    };
    if let Some(directory) = &args.output {
        // A file for every switch: one of an earlier run would tell what is no longer true.
        let file =
            |(device, one): &(&DevicePlan, Amended)| Ok((device.name.clone(), shown(device, one, false)?));
        let files: Vec<(String, String)> = amended.iter().map(file).collect::<anyhow::Result<_>>()?;
        return write_files(args, directory, files, console);
    }
    if args.format == Format::Json {
        let all = document(amended.iter().map(|(_, one)| one))?;
        console.out.write_all(all.as_bytes())?;
        return Ok(CLEAN);
    }
    let changed = amended.iter().filter(|(_, one)| !one.changes.is_empty());
    for (index, (device, one)) in changed.enumerate() {
        if index > 0 {
            writeln!(console.out)?;
        }
        console.out.write_all(shown(device, one, console.color_out)?.as_bytes())?;
    }
    Ok(CLEAN)
}

/// What belongs on standard error: doubts, and that there is nothing to do.
fn say(one: &Amended, console: &mut Console<'_>) -> anyhow::Result<()> {
    for doubt in &one.not_understood {
        writeln!(
            console.err,
            "warning: {}:{}: `{}` begins like a line about NLB and was not understood: it may hold an entry",
            one.config,
            doubt.line,
            quoted(&doubt.text)
        )?;
    }
    if one.changes.is_empty() {
        writeln!(console.err, "{}: nothing to change in {}", one.snippet.switch, one.config)?;
        for left_out in &one.snippet.left_out {
            writeln!(console.err, "note: {}: {left_out}", one.snippet.switch)?;
        }
    }
    Ok(())
}
