//! `nlbswitch adopt`: the design behind bare configs.

use std::path::PathBuf;

use clap::Args;

use super::files::{Overwrite, write_all};
use super::{CLEAN, Console, FAILED, NOTHING, shown};
use crate::adopt;
use crate::harmless::harmless;
use crate::lint::{self, ConfigFile};
use crate::source::Sources;
use crate::vendor::Model;

/// Recover the design from switch configs
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  nlbswitch adopt configs/ > nlb.yaml
  nlbswitch adopt core1.cfg core2.cfg -o nlb.yaml

What the configs cannot show is marked `unknown` in the design.
Exit codes: 0 done; 2 it could not be done; 3 no config shows an NLB cluster.")]
pub(super) struct AdoptArgs {
    /// Configs, or directories of them
    #[arg(value_name = "CONFIG", required = true)]
    paths: Vec<PathBuf>,

    /// The dialect of all of them, as a pack's name
    #[arg(long, value_name = "PACK")]
    dialect: Option<String>,

    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Overwrite a file that is there
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &AdoptArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    let packs = crate::cli::packs(console)?;
    let dialect = args.dialect.as_deref().map(|name| super::pack_named(name, &packs)).transpose()?;
    let taking = lint::Taking {
        working_directory: &console.working_directory,
        dialect,
        dialect_of: &|_| None,
        excluded: &|_| false,
        progress: &|_, _| {},
    };
    let inputs = lint::gather(&args.paths, &packs, &taking)?;
    for input in &inputs.unreadable {
        writeln!(console.err, "error: {}", input.message)?;
    }
    for foreign in &inputs.foreign {
        writeln!(console.err, "note: {} was left out: it seems to be {}", foreign.shown, foreign.title)?;
    }
    let mut sources = Sources::new();
    let mut files = Vec::new();
    for mut candidate in inputs.configs {
        match candidate.take_text() {
            Ok(text) => {
                let file = sources.add_config(candidate.shown.clone(), text);
                files.push((file, candidate.pack.clone(), candidate.name()));
            }
            Err(error) => {
                let why = crate::source::system_reason(&error);
                writeln!(console.err, "error: cannot read {}: {why}", candidate.shown)?;
            }
        }
    }
    let configs: Vec<ConfigFile<'_>> = files
        .iter()
        .map(|(file, pack, name)| {
            ConfigFile::read(*file, sources.file(*file).text(), pack, Model::UNKNOWN, name)
        })
        .collect();
    let recovered = adopt::recover(&configs);
    if recovered.clusters.is_empty() && recovered.orphans.is_empty() {
        writeln!(console.err, "error: {} configs were read, and none shows an NLB cluster", configs.len())?;
        return Ok(if inputs.unreadable.is_empty() { NOTHING } else { FAILED });
    }
    let text = adopt::yaml(&recovered);
    match &args.output {
        Some(file) => {
            let overwrite = if args.force { Overwrite::Always } else { Overwrite::Never };
            write_all(&[(file.clone(), text)], overwrite)?;
            writeln!(console.err, "wrote {}; now: nlbswitch lint {0}", shown(file))?;
        }
        None => console.out.write_all(text.as_bytes())?,
    }
    for orphan in &recovered.orphans {
        writeln!(console.err, "note: on {}, {}", harmless(&orphan.switch), harmless(&orphan.what))?;
    }
    Ok(if inputs.unreadable.is_empty() { CLEAN } else { FAILED })
}
