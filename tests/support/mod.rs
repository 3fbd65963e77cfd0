//! The binary in a directory of its own: files in; standard output, standard error and an exit code out.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

pub(crate) mod packs;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A cluster in unicast mode on a team that the switch takes part in, an error (NLB201), with a node that has one
/// adapter, a warning (NLB221), and on a Windows that grows old (NLB218).
pub(crate) const TEAM: &str = "\
clusters:
  - name: web
    mode: unicast
    primary_ip: 172.31.1.232/24
    vlan: 10
    windows: '2016'
    nodes: [{name: nlb1, host: hv1, nics: 1}, {name: nlb2, host: hv2}]
hosts:
  - {name: hv1, platform: hyper-v, team: {kind: lbfo, mode: lacp}, links: [sw1 Gi1/0/1, sw2 Gi1/0/1]}
  - {name: hv2, platform: hyper-v, team: {kind: lbfo, mode: lacp}, links: [sw1 Gi1/0/2, sw2 Gi1/0/2]}
switches:
  - {name: sw1, vendor: cisco-ios, links: [Gi1/0/48 sw2 Gi1/0/48]}
  - {name: sw2, vendor: cisco-ios}
";

/// A directory that goes away with it.
pub(crate) struct Workshop {
    directory: tempfile::TempDir,
}

impl Workshop {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    /// One with the file `design.yaml`.
    pub(crate) fn with_design(content: impl AsRef<[u8]>) -> Self {
        let workshop = Self::new();
        workshop.file("design.yaml", content);
        workshop
    }

    /// Where `name` is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file, and the directories above it.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// The text of a file.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names in a directory, sorted, hidden ones too.
    pub(crate) fn names(&self, directory: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(directory)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The command, ready to be run here, with what it reads and writes piped.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nlbswitch"));
        command.args(args).current_dir(self.directory.path());
        command.env_remove("NO_COLOR").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// What comes of a command line, its words separated by blanks.
    pub(crate) fn output(&self, line: &str) -> Answer {
        let words: Vec<&str> = line.split_whitespace().collect();
        Answer::new(line, &self.command(&words).output().unwrap())
    }

    /// What comes of `args` when `input` is on standard input.
    pub(crate) fn piped(&self, args: &[&str], input: impl AsRef<[u8]>) -> Answer {
        use std::io::Write;
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_ref()).unwrap();
        Answer::new(&args.join(" "), &child.wait_with_output().unwrap())
    }

    /// What comes of a command line, as one text.
    pub(crate) fn run(&self, line: &str) -> String {
        self.output(line).to_string()
    }

    /// What comes of several command lines, one after the other.
    pub(crate) fn runs(&self, lines: &[&str]) -> String {
        lines.iter().map(|line| self.run(line)).collect::<Vec<_>>().join("\n")
    }
}

/// What came of a command line.
pub(crate) struct Answer {
    pub(crate) line: String,
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Answer {
    fn new(line: &str, output: &Output) -> Self {
        Self {
            line: line.to_owned(),
            code: output.status.code().unwrap_or_else(|| panic!("{line} was killed: {output:?}")),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "$ nlbswitch {}\n{}", self.line, self.out.trim_end())?;
        if !self.err.is_empty() {
            writeln!(f, "--- stderr\n{}", self.err.trim_end())?;
        }
        writeln!(f, "[exit {}]", self.code)
    }
}

/// The lines of `fixtures/secrets.txt`, by dialect.
pub(crate) fn secrets() -> Vec<(&'static str, Vec<&'static str>)> {
    let mut all: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in include_str!("../../fixtures/secrets.txt").lines().filter(|line| !line.starts_with('#')) {
        match (line.strip_prefix("== "), all.last_mut()) {
            (Some(dialect), _) => all.push((dialect, Vec::new())),
            (None, Some((_, lines))) => lines.push(line),
            (None, None) => panic!("a line of no dialect: {line}"),
        }
    }
    all
}

/// `line` of `fixtures/secrets.txt` with `secret` in its place.
pub(crate) fn with_secret(line: &str, secret: &str) -> String {
    line.replace('@', secret).replace('^', "@")
}

/// The repository's own `path`.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
