//! `nlbswitch completions` and `nlbswitch man`.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{CLEAN, Cli, Console};

/// Print the completion script of a shell
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Print the manual page
#[derive(Debug, Args)]
pub(super) struct ManArgs {}

pub(super) fn completions(args: &CompletionsArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "nlbswitch", &mut script);
    console.out.write_all(&script)?;
    Ok(CLEAN)
}

pub(super) fn man(_: &ManArgs, console: &mut Console<'_>) -> anyhow::Result<u8> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    console.out.write_all(&page)?;
    Ok(CLEAN)
}
