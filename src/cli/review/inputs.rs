//! The inputs of a review: what was asked for, what it leads to, and the SHA-256 of each.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};

use super::ReviewArgs;
use crate::cli::{Console, STDIN, beside, shown, stdin_octets};
use crate::design::{self, Loaded};
use crate::lint::{self, Estate, Inputs};
use crate::review::{Arguments, Document, Input, InputKind, Record, sha256};
use crate::settings::Settings;
use crate::source::{FileId, Sources, decode_config, decode_utf, read_config, shown_path};
use crate::vendor::{Bound, Packs};

/// What a design is called that came through standard input.
const PIPED: &str = "<stdin>";

/// What is to be reviewed.
pub(super) struct Asked {
    pub(super) design: PathBuf,
    pub(super) configs: Vec<PathBuf>,
    pub(super) dialect: Option<String>,
    pub(super) no_config: bool,
}

impl Asked {
    pub(super) fn of(args: &ReviewArgs) -> anyhow::Result<Self> {
        let Some(design) = args.design.clone() else { bail!("name a design") };
        let configs: BTreeSet<PathBuf> = args.configs.iter().cloned().collect();
        Ok(Self {
            design,
            configs: configs.into_iter().collect(),
            dialect: args.dialect.clone(),
            no_config: args.no_config,
        })
    }

    /// What a review says was asked for then.
    pub(super) fn again(arguments: &Arguments) -> Self {
        Self {
            design: PathBuf::from(&arguments.design),
            configs: arguments.configs.iter().map(PathBuf::from).collect(),
            dialect: arguments.dialect.clone(),
            no_config: arguments.no_config,
        }
    }

    pub(super) fn is_piped(&self) -> bool {
        self.design.as_os_str() == STDIN
    }

    fn arguments(&self, working_directory: &Path) -> Arguments {
        let path = |path: &PathBuf| shown_path(path, working_directory);
        Arguments {
            design: if self.is_piped() { STDIN.to_owned() } else { path(&self.design) },
            configs: self.configs.iter().map(path).collect(),
            dialect: self.dialect.clone(),
            no_config: self.no_config,
        }
    }
}

/// What was asked for leads to this.
pub(super) struct Gathered {
    pub(super) loaded: Loaded,
    pub(super) inputs: Inputs,
    /// The octets of a design that came through standard input.
    pub(super) piped: Option<Vec<u8>>,
}

/// Reads the design, and finds the configs; `None` when something cannot be read, which is said then.
pub(super) fn gather(
    asked: &Asked,
    settings: &Settings,
    packs: &Packs,
    sources: &mut Sources,
    console: &mut Console<'_>,
) -> anyhow::Result<Option<Gathered>> {
    let (loaded, piped) = match asked.is_piped() {
        true => {
            let octets = stdin_octets(console)?;
            let text = decode_utf(octets.clone()).map_err(|error| anyhow!("standard input is {error}"))?;
            (design::load_text(PIPED, &text, sources), Some(octets))
        }
        false => (design::load(&asked.design, &console.working_directory, sources)?, None),
    };
    let inputs = beside::gather(&asked.configs, asked.dialect.as_deref(), settings, packs, console)?;
    let whole = beside::are_readable(&inputs.unreadable, console)?;
    Ok(whole.then_some(Gathered { loaded, inputs, piped }))
}

/// The configs of the design's own switches; `None` when something cannot be read, which is said then.
pub(super) fn configs(
    inputs: Inputs,
    bound: &Bound<'_>,
    base: &Path,
    sources: &mut Sources,
    console: &mut Console<'_>,
) -> anyhow::Result<Option<lint::Found>> {
    let (found, unreadable, strangers) = lint::configs_of(inputs, bound, base, sources);
    let whole = beside::are_readable(&unreadable, console)?;
    beside::tell_strangers(&strangers, console)?;
    Ok(whole.then_some(found))
}

/// Where what was asked for is found, and what it is made of.
#[derive(Clone, Copy)]
pub(super) struct Origin<'o> {
    pub(super) asked: &'o Asked,
    pub(super) packs: &'o Packs,
    /// The octets of a design that came through standard input.
    pub(super) piped: Option<&'o [u8]>,
    /// The settings, where there are any.
    pub(super) settings: Option<FileId>,
    /// The design's files, its directory, and the directory that shown paths are relative to.
    pub(super) design: lint::Origin<'o>,
}

/// What is reviewed, with the SHA-256 of each input as it was read.
///
/// # Errors
/// That a file is no longer what was read of it.
pub(super) fn record(origin: Origin<'_>, estate: &Estate<'_>, sources: &Sources) -> anyhow::Result<Record> {
    let Origin { asked, packs, piped, settings, design } = origin;
    let lint::Origin { files, base, working_directory } = design;
    let mut inputs = BTreeSet::new();
    let mut take = |kind: InputKind, file: FileId| -> anyhow::Result<()> {
        let file = sources.file(file);
        let name = file.path().to_owned();
        let octets = match piped.filter(|_| kind == InputKind::Design) {
            Some(octets) => octets.to_vec(),
            None => read_again(&name, file.text(), kind, working_directory)?,
        };
        inputs.insert(Input { kind, name, sha256: Some(sha256(&octets)) });
        Ok(())
    };
    for file in files {
        take(InputKind::Design, *file)?;
    }
    for config in &estate.configs {
        take(InputKind::Config, config.file)?;
    }
    if let Some(file) = settings {
        take(InputKind::Settings, file)?;
    }
    for missing in &estate.missing_configs {
        if let Some(config) = &estate.design().switches[missing.switch].config {
            let name = shown_path(&base.join(config.as_str()), working_directory);
            inputs.insert(Input { kind: InputKind::Config, name, sha256: None });
        }
    }
    for pack in estate.bound.switches.iter().filter_map(|switch| switch.pack.as_ref()) {
        let Some(texts) = packs.texts(pack.name()) else { continue };
        let digests: String = texts.iter().map(|text| sha256(text.as_bytes())).collect();
        let name = pack.name().to_owned();
        inputs.insert(Input { kind: InputKind::Pack, name, sha256: Some(sha256(digests.as_bytes())) });
    }
    Ok(Record {
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        arguments: asked.arguments(working_directory),
        inputs: inputs.into_iter().collect(),
    })
}

/// The octets of a file that was read as `text`.
fn read_again(name: &str, text: &str, kind: InputKind, working_directory: &Path) -> anyhow::Result<Vec<u8>> {
    let octets = read_config(&working_directory.join(name))
        .map_err(|error| anyhow!("cannot read {name}: {}", crate::source::system_reason(&error)))?;
    let read = match kind {
        InputKind::Config => Some(decode_config(octets.clone()).0),
        _ => decode_utf(octets.clone()).ok(),
    };
    match read.as_deref() == Some(text) {
        true => Ok(octets),
        false => bail!("{name} has changed while it was read: try again"),
    }
}

/// Keeps the output off the inputs.
///
/// # Errors
/// That it would go over one of them.
pub(super) fn keep_apart(output: &Path, document: &Document, working_directory: &Path) -> anyhow::Result<()> {
    let real = |path: &Path| path.canonicalize().ok();
    let Some(output_real) = real(output) else { return Ok(()) };
    let inputs = document.record.inputs.iter().filter(|input| input.kind != InputKind::Pack);
    for input in inputs {
        if real(&working_directory.join(&input.name)).is_some_and(|path| path == output_real) {
            bail!("{} is what is reviewed: write the review elsewhere", shown(output));
        }
    }
    Ok(())
}
