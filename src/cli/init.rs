//! `nlbswitch init`: a commented description to start from.

use std::path::PathBuf;

use clap::Args;

use super::files::{Overwrite, write_all};
use super::{CLEAN, Console, shown};
use crate::design::STARTER;

/// Write a commented starter description
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The file to write; `-` prints it
    #[arg(value_name = "FILE", default_value = "nlb.yaml")]
    file: PathBuf,

    /// Overwrite a file that is there
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &InitArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    if args.file.as_os_str() == "-" {
        console.out.write_all(STARTER.as_bytes())?;
        return Ok(CLEAN);
    }
    let overwrite = if args.force { Overwrite::Always } else { Overwrite::Never };
    let written = write_all(&[(args.file.clone(), STARTER.to_owned())], overwrite)?;
    let done = if written == 0 { "unchanged:" } else { "wrote" };
    writeln!(console.err, "{done} {}; now: nlbswitch lint {0}", shown(&args.file))?;
    Ok(CLEAN)
}
