//! `nlbswitch mac`: cluster MACs from IP addresses, IP addresses from MACs, and whether the two belong together.
//!
//! With `--format json` the answers come as one document. A change that could break a reader gets a new `version`.
//!
//! ```json
//! {"version": 1,
//!  "macs": [
//!   {"kind": "derived", "input": "10.0.0.1", "ip": "10.0.0.1",
//!    "modes": [{"mode": "igmp-multicast",
//!               "mac": {"colon": "01:00:5e:7f:00:01", "hyphen": "…", "dotted": "…", "comware": "…", "bare": "…"},
//!               "igmp_group": "239.255.0.1", "group_also_used_by": "DDS/RTPS discovery"}]},
//!   {"kind": "decoded", "input": "03bf.0a00.0001", "mac": "03:bf:0a:00:00:01",
//!    "what": "multicast", "cluster_mac": true, "mode": "multicast", "ip": "10.0.0.1", "explanation": "…"},
//!   {"kind": "checked", "input": "10.0.0.1 03bf.0a00.0002", "ip": "10.0.0.1", "mac": "03:bf:0a:00:00:02",
//!    "belongs": false, "verdict": "secondary-vip", "decoded_ip": "10.0.0.2",
//!    "right": [{"mode": "multicast", "mac": "03:bf:0a:00:00:01"}], "explanation": "…"}]}
//! ```
//!
//! - `derived`: `--mode` and `--notation` leave only the entries of `modes` and `mac` that they name. `igmp_group`
//!   stands in IGMP mode only, `group_also_used_by` where another protocol is known to use that group.
//! - `decoded`: `what` is `unicast`, `multicast`, `igmp-multicast`, `masked-source`, `legacy-00bf`, `placeholder`,
//!   `broadcast`, `ip-multicast`, `other-multicast` or `not-nlb`. Where they apply there are also `mode`, `ip`,
//!   `host`, `octets` (the two that IGMP mode keeps), `igmp_group`, `shared_groups` (all 32), `document` and `url`.
//! - `checked`: `verdict` is `match`, `other-mode`, `decimal-octets`, `reversed-octets`, `secondary-vip`, `other-ip`,
//!   `other-igmp`, `masked-source`, `legacy-00bf`, `placeholder` or `not-nlb`; `right` has one entry, or three when
//!   neither `--mode` nor the MAC tells the mode.
//!
//! MACs are in colon notation unless `--notation` says otherwise. What could not be read is reported on standard
//! error and missing here; the exit code is then 2.

use std::io::{BufRead, Write};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::net::mac::Notation;
use crate::nlb::Mode;

mod explain;
mod input;
mod json;
mod text;

use input::{Rejected, Request};

/// Derive cluster MACs from IP addresses, decode MACs, or check pairs
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  nlbswitch mac 172.31.1.232                           every mode, every notation
  nlbswitch mac 172.31.1.232 --mode multicast --notation dotted
  nlbswitch mac 03bf.ac1f.01e8                         what is this MAC?
  nlbswitch mac 172.31.1.232 03bf.bc1f.0164            do these belong together?
  nlbswitch mac - < addresses.txt                      one IP, MAC or pair a line

The MAC of a cluster comes from its primary IP address. Every further virtual IP answers with that same MAC.

Exit codes: 0 done; 1 a pair does not belong together; 2 something could not be read.")]
pub struct MacArgs {
    /// IP addresses to derive from, MACs to decode, or an IP directly followed by a MAC to check the pair;
    /// `-` reads a list from standard input
    #[arg(value_name = "IP|MAC|-", required = true)]
    pub items: Vec<String>,

    /// Only this mode. For an IP: print the bare MAC; for a pair: the mode it must be right for
    #[arg(long, value_name = "MODE", value_parser = names::<Mode, _>(Mode::ALL.map(Mode::as_str)))]
    pub mode: Option<Mode>,

    /// Only this notation: print bare MACs, one a line (all three modes in the order unicast, multicast,
    /// igmp-multicast if `--mode` is not given)
    #[arg(long, value_name = "NOTATION", value_parser = names::<Notation, _>(Notation::ALL.map(Notation::as_str)))]
    pub notation: Option<Notation>,

    /// How to print the answers
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// The output formats of `nlbswitch mac`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, and with `--mode` or `--notation` for scripts
    Text,
    /// One JSON document, versioned
    Json,
}

/// Lets clap list and check the names of a type of the library, which knows nothing of clap.
fn names<T, const N: usize>(names: [&'static str; N]) -> impl TypedValueParser<Value = T>
where
    T: std::str::FromStr + Clone + Send + Sync + 'static,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    PossibleValuesParser::new(names).try_map(|name| name.parse())
}

/// Answers every request on `out`, complains on `err`, and returns the exit code.
///
/// # Errors
///
/// When `input` cannot be read or `out` or `err` cannot be written.
pub fn run(
    args: &MacArgs,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<u8> {
    let mut session = Session { args, answers: Answers::new(args), unfit: false, rejected: false, out, err };
    let segments: Vec<&[String]> = args.items.split(|item| item == "-").collect();
    for (number, segment) in segments.iter().enumerate() {
        match number {
            0 => {}
            1 => session.read_list(input)?,
            _ => session.reject(
                &Rejected::new("`-` is given twice, and standard input can be read only once"),
                None,
            )?,
        }
        for request in input::requests(segment.iter().map(String::as_str)) {
            session.take(request, None)?;
        }
    }
    session.finish()
}

/// One run: what was asked for, what came of it, and where it goes.
struct Session<'a> {
    args: &'a MacArgs,
    answers: Answers<'a>,
    /// A pair did not belong together.
    unfit: bool,
    /// Something could not be read.
    rejected: bool,
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
}

/// Text goes out as it comes, JSON is one document at the end.
enum Answers<'a> {
    Text(text::Writer<'a>),
    Json(Vec<json::Entry>),
}

impl<'a> Answers<'a> {
    fn new(args: &'a MacArgs) -> Self {
        match args.format {
            Format::Text => Answers::Text(text::Writer::new(args)),
            Format::Json => Answers::Json(Vec::new()),
        }
    }
}

impl Session<'_> {
    fn read_list(&mut self, input: &mut dyn BufRead) -> anyhow::Result<()> {
        let mut empty = true;
        for line in input::Lines::new(input) {
            let (number, line) = line?;
            empty = false;
            match line {
                Ok(line) => {
                    let requests = input::requests(line.split_whitespace());
                    // An IP beside a MAC that cannot be read was meant to be checked, not derived from.
                    let bad = requests.iter().any(Result::is_err);
                    for request in requests.into_iter().filter(|request| !bad || request.is_err()) {
                        self.take(request, Some(number))?;
                    }
                }
                Err(rejected) => self.reject(&rejected, Some(number))?,
            }
        }
        if empty {
            writeln!(self.err, "note: standard input holds no address")?;
        }
        Ok(())
    }

    fn take(&mut self, request: Result<Request, Rejected>, line: Option<u64>) -> anyhow::Result<()> {
        let request = match request.and_then(|request| self.fitting(request)) {
            Ok(request) => request,
            Err(rejected) => return self.reject(&rejected, line),
        };
        self.unfit |= !request.belongs(self.args.mode);
        match &mut self.answers {
            Answers::Text(writer) => writer.answer(&request, self.out)?,
            Answers::Json(entries) => entries.push(json::Entry::new(&request, self.args)),
        }
        Ok(())
    }

    /// Refuses an option that cannot apply to a request, rather than ignoring it.
    fn fitting(&self, request: Request) -> Result<Request, Rejected> {
        match (&request, self.args.mode) {
            (Request::Decode { input, .. }, Some(_)) => Err(Rejected::new(format!(
                "`--mode` is for IP addresses and pairs, and {} is a MAC by itself",
                input::quoted(input)
            ))
            .help("leave out `--mode` to decode it")),
            _ => Ok(request),
        }
    }

    fn reject(&mut self, rejected: &Rejected, line: Option<u64>) -> anyhow::Result<()> {
        self.rejected = true;
        match line {
            Some(line) => writeln!(self.err, "error: standard input, line {line}: {}", rejected.message)?,
            None => writeln!(self.err, "error: {}", rejected.message)?,
        }
        if let Some(help) = &rejected.help {
            writeln!(self.err, "  help: {help}")?;
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<u8> {
        match self.answers {
            Answers::Text(writer) => {
                self.out.flush()?;
                if let Some(note) = writer.note() {
                    writeln!(self.err, "{note}")?;
                }
            }
            Answers::Json(entries) => {
                json::write(&entries, self.out)?;
                self.out.flush()?;
            }
        }
        Ok(match (self.rejected, self.unfit) {
            (true, _) => 2,
            (false, true) => 1,
            (false, false) => 0,
        })
    }
}
