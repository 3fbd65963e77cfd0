//! `nlbswitch trace`: where the frames of a cluster go.

mod json;
mod svg;
mod text;

pub(super) use json::schema;

use std::io::Write;
use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum, ValueHint};
use rayon::prelude::*;

use super::beside::{self, Asked, Looked};
use super::files::{Overwrite, write_as_it_comes};
use super::{CLEAN, Console};
use crate::design::Loaded;
use crate::forwarding::{Answer, Fabric, Question, Side, WhatIfKind};
use crate::lint;
use crate::plan;
use crate::source::Sources;

/// Show where the frames of a cluster go: who gets them, and what decided that on every switch
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  nlbswitch trace nlb.yaml                           what is planned, and what may happen to it
  nlbswitch trace nlb.yaml configs/                  what the configs do
  nlbswitch trace nlb.yaml --cluster web --from gateway --what-if none
  nlbswitch trace nlb.yaml --what-if migration --format json -o trace.json
  nlbswitch trace nlb.yaml --format svg > web.svg    a picture of the first frame of the one cluster
  nlbswitch trace nlb.yaml --format svg -o pictures  one of each frame and condition, of every cluster

Without a config of a switch, what the design plans for it is taken. Every answer says what decided, how sure that is
(vendor, lab, field, unverified), and where it is said; what nobody knows is named, and taken for the best.
A bystander is a port that gets the frame, leads to no node, and is not the way to one.
What may happen is told where it changes something: nodes move to the other hosts of their group, another gateway takes
over, one link goes down, the querier goes silent.

Exit codes: 0 done; 2 it could not be done; 3 the design has no cluster.")]
pub(super) struct TraceArgs {
    #[command(flatten)]
    asked: Asked,

    /// Only what clients send from there, and no heartbeats
    #[arg(long, value_enum)]
    from: Option<Side>,

    /// What else may happen: of these kinds only
    #[arg(long, value_enum, value_name = "KIND", value_delimiter = ',', default_value = "all")]
    what_if: Vec<Condition>,

    /// How to print
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Write it into this file; pictures into this directory, unless its name ends in `.svg`
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,

    /// Write over a file that is there
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// A versioned document.
    Json,
    /// A picture of one frame; with `-o DIR` one of each.
    Svg,
}

/// What may happen, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    All,
    None,
    Kind(WhatIfKind),
}

impl ValueEnum for Condition {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [Condition; 6] = [
            Condition::All,
            Condition::None,
            Condition::Kind(WhatIfKind::Migration),
            Condition::Kind(WhatIfKind::Failover),
            Condition::Kind(WhatIfKind::Link),
            Condition::Kind(WhatIfKind::Querier),
        ];
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (word, help) = match self {
            Self::All => ("all", "all of these"),
            Self::None => ("none", "as things are, and nothing else"),
            Self::Kind(kind) => (
                kind.as_str(),
                match kind {
                    WhatIfKind::Migration => "a node runs on another host of its group",
                    WhatIfKind::Failover => "another gateway is the active one",
                    WhatIfKind::Link => "one link is down",
                    WhatIfKind::Querier => "nobody asks for IGMP reports any more",
                },
            ),
        };
        Some(PossibleValue::new(word).help(help))
    }
}

impl ValueEnum for Side {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Gateway, Self::Vlan]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Gateway => PossibleValue::new("gateway").help("from other subnets, through the gateway"),
            Self::Vlan => PossibleValue::new("vlan").help("from within the VLAN"),
        })
    }
}

impl TraceArgs {
    fn question(&self) -> Question {
        let kinds = self.what_if.iter().flat_map(|condition| match condition {
            Condition::All => WhatIfKind::ALL.to_vec(),
            Condition::None => Vec::new(),
            Condition::Kind(kind) => vec![*kind],
        });
        Question { from: self.from, what_ifs: kinds.collect(), unchanged: false }
    }
}

pub(super) fn run(args: &TraceArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    let question = args.question();
    beside::look(&args.asked, "trace", console, |looked, sources, console| {
        let Looked { loaded: Loaded { base, files, .. }, bound, clusters, found, .. } = looked;
        let plan = plan::plan(bound);
        let working_directory = console.working_directory.clone();
        let origin = lint::Origin { files, base, working_directory: &working_directory };
        lint::with_estate(bound, &plan, origin, found, sources, |estate, sources| {
            beside::tell_missing(&estate.missing_configs, estate.design(), console)?;
            beside::tell_other_dialects(&estate.other_dialects, estate.design(), sources, console)?;
            show(args, &Shown { fabric: &estate.fabric(), clusters: &clusters, question, sources }, console)
        })?;
        Ok(CLEAN)
    })
}

/// What is asked, and of what.
struct Shown<'s, 'f> {
    fabric: &'s Fabric<'f>,
    clusters: &'s [usize],
    question: Question,
    sources: &'s Sources,
}

impl Shown<'_, '_> {
    /// Gives out what `tell` says of each cluster, in their order. Some are followed at a time, while what was said of
    /// those before is given out: all that is said of a large network can be hundreds of megabytes.
    fn each(
        &self,
        tell: impl Fn(&Answer) -> anyhow::Result<String> + Sync,
        mut take: impl FnMut(String) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        // A cluster whose frames flood takes many times as long as one whose frames do not.
        let at_once = rayon::current_num_threads() * 8;
        let told = |clusters: &[usize]| {
            let told = clusters.par_iter().map(|cluster| tell(&self.fabric.traces(*cluster, &self.question)));
            told.collect::<anyhow::Result<Vec<_>>>()
        };
        let mut ready = Vec::new();
        for clusters in self.clusters.chunks(at_once) {
            let mut next = Ok(Vec::new());
            rayon::in_place_scope(|scope| {
                scope.spawn(|_| next = told(clusters));
                std::mem::take(&mut ready).into_iter().try_for_each(&mut take)
            })?;
            ready = next?;
        }
        ready.into_iter().try_for_each(take)
    }

    fn json(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        let mut document = json::Document::begin(out)?;
        self.each(|answer| json::lines(self.fabric, answer, self.sources), |lines| document.add(&lines))?;
        document.end()
    }

    fn text(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        let mut between = "";
        self.each(
            |answer| Ok(text::page(self.fabric, answer, &self.question, self.sources)),
            |page| Ok(write!(out, "{}{page}", std::mem::replace(&mut between, "\n"))?),
        )
    }
}

fn show(args: &TraceArgs, shown: &Shown<'_, '_>, console: &mut Console<'_>) -> anyhow::Result<()> {
    let write: &dyn Fn(&mut dyn Write) -> anyhow::Result<()> = match args.format {
        Format::Json => &|out| shown.json(out),
        Format::Text => &|out| shown.text(out),
        Format::Svg => {
            let answers = shown.clusters.par_iter();
            let answers: Vec<Answer> =
                answers.map(|cluster| shown.fabric.traces(*cluster, &shown.question)).collect();
            let pictures = svg::pictures(shown.fabric, &answers, args.output.as_deref())?;
            return pictures.write(args.output.as_deref(), args.force, console);
        }
    };
    match &args.output {
        Some(file) => {
            let overwrite = if args.force { Overwrite::Always } else { Overwrite::Never };
            write_as_it_comes(file, overwrite, write)
        }
        None => write(console.out),
    }
}
