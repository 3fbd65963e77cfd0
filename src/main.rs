//! The command line of nlbswitch.

use std::io::{self, BufWriter, IsTerminal};
use std::process::ExitCode;

use clap::Parser;
use nlbswitch::cli::{self, Cli, Console};
use terminal_size::terminal_size;

/// A run over a large design hands out and takes back millions of small texts, on every thread: the system's own
/// allocator takes a fifth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let mut out = BufWriter::new(io::stdout().lock());
    let mut console = Console {
        input: &mut io::stdin().lock(),
        out: &mut out,
        // Not locked: a bar may be drawn there meanwhile.
        err: &mut io::stderr(),
        color_out: !no_color && io::stdout().is_terminal(),
        color_err: !no_color && io::stderr().is_terminal(),
        columns_out: io::stdout()
            .is_terminal()
            .then(|| terminal_size().map_or(80, |(columns, _)| columns.0.into())),
        watched: io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
        working_directory: std::env::current_dir().unwrap_or_default(),
        vendor_directories: Vec::new(),
    };
    let result = cli::run(&cli, &mut console).and_then(|code| Ok(console.out.flush().map(|()| code)?));
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) if cli::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(console.err, "error: {}", cli::in_words(&error));
            ExitCode::from(cli::FAILED)
        }
    }
}
