//! The command line of nlbswitch.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use nlbswitch::cli::mac::{self, MacArgs};

/// The right switch lines for Windows NLB clusters
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Mac(MacArgs),
}

fn main() -> ExitCode {
    let Cli { command: Command::Mac(args) } = Cli::parse();
    let mut out = BufWriter::new(io::stdout().lock());
    let result = mac::run(&args, &mut io::stdin().lock(), &mut out, &mut io::stderr().lock())
        .and_then(|code| Ok(out.flush().map(|()| code)?));
    match result {
        Ok(code) => ExitCode::from(code),
        // The reader has seen enough, as in `… | head -1`.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
