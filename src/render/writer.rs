//! The templates of one pack, ready to write.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior, Value};

use super::ground::Target;
use super::view::{ClusterFacts, Style, View};
use crate::diagnostic::Diagnostic;
use crate::entry::Entry;
use crate::net::port::Naming;
use crate::source::Span;
use crate::vendor::{OwnPack, Pack, RepeatedLine};

/// What a template may use up whatever there is to write: an end to any loop, and to any memory it asks for. One is an
/// instruction, or 64 octets of data.
const FUEL: u64 = 1_000_000;
/// What it may use up for each entry and each cluster.
const FUEL_PER_ENTRY: u64 = 2_000;

/// Octets that the words around a port list may take, where lists are cut to fit a line.
const LINE_HEAD: usize = 80;

/// What of a snippet is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The lines that set the entries.
    Apply,
    /// The lines that take them back.
    Rollback,
    /// The lines that take their ports from entries that keep others.
    RollbackPorts,
    /// The commands that show them.
    Verify,
}

impl Part {
    fn template(self) -> &'static str {
        match self {
            Self::Apply => "apply.j2",
            Self::Rollback | Self::RollbackPorts => "remove.j2",
            Self::Verify => "verify.j2",
        }
    }
}

/// Why lines could not be written.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The pack holds facts only.
    #[error("the pack `{0}` holds facts about its platforms and no commands yet")]
    FactsOnly(String),
    /// A template is wrong.
    #[error("template {pack}/{template}{}: {message}", line.map(|line| format!(", line {line}")).unwrap_or_default())]
    Template {
        /// The pack.
        pack: String,
        /// The template.
        template: &'static str,
        /// The line in it.
        line: Option<usize>,
        /// What is wrong.
        message: String,
    },
    /// Lines are longer than the device takes, and cannot be cut.
    #[error("a line would have {} octets and the device takes {limit}: {first}", first.len())]
    LineTooLong {
        /// The first of them.
        first: String,
        /// The others.
        others: Vec<String>,
        /// The device's limit.
        limit: usize,
    },
    /// What was written does not read back as what was meant.
    #[error(
        "{device}: the lines do not read back as what was meant ({what}); nothing is printed. This is a defect of the pack `{pack}`"
    )]
    NotReadBack {
        /// The device.
        device: String,
        /// The pack.
        pack: String,
        /// What differs.
        what: String,
    },
}

/// The templates of a pack.
#[derive(Debug)]
pub struct Writer {
    pack: Arc<Pack>,
    environment: Environment<'static>,
}

impl Writer {
    /// Compiles the templates of `pack`.
    ///
    /// # Errors
    /// [`RenderError::FactsOnly`] when it has none, [`RenderError::Template`] when one is wrong.
    pub fn new(pack: Arc<Pack>) -> Result<Self, RenderError> {
        let Some(templates) = &pack.templates else {
            return Err(RenderError::FactsOnly(pack.name().to_owned()));
        };
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(|error| template_error(&pack, Part::Apply, &error))?);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.set_formatter(write_value);
        let parts = [
            (Part::Apply, &templates.apply),
            (Part::Rollback, &templates.remove),
            (Part::Verify, &templates.verify),
        ];
        for (part, text) in parts {
            environment
                .add_template_owned(part.template(), text.clone())
                .map_err(|error| template_error(&pack, part, &error))?;
        }
        Ok(Self { pack, environment })
    }

    /// The lines of `part` for `entries`, without comments about them. The order of `entries` does not matter.
    ///
    /// # Errors
    /// [`RenderError::Template`] when a template fails, [`RenderError::LineTooLong`] when a line cannot be made to fit.
    pub fn lines(
        &self,
        part: Part,
        target: Target<'_>,
        clusters: &[ClusterFacts],
        entries: &[Entry],
    ) -> Result<Vec<String>, RenderError> {
        self.sheet(target, clusters, entries.iter().collect()).lines(part)
    }

    /// What the templates of every part see of `entries`.
    pub(super) fn sheet<'a>(
        &'a self,
        target: Target<'a>,
        clusters: &'a [ClusterFacts],
        mut entries: Vec<&'a Entry>,
    ) -> Sheet<'a> {
        entries.sort();
        Sheet { writer: self, target, clusters, entries, long: OnceCell::new(), short: OnceCell::new() }
    }

    fn run(&self, part: Part, view: &Value, entries: usize) -> Result<Vec<String>, RenderError> {
        let failed = |error: Error| template_error(&self.pack, part, &error);
        let mut environment = self.environment.clone();
        environment.set_fuel(Some(FUEL + FUEL_PER_ENTRY * entries as u64));
        let template = environment.get_template(part.template()).map_err(failed)?;
        let text = template.render(view).map_err(failed)?;
        let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
        Ok(lines.map(str::to_owned).collect())
    }

    /// The pack whose templates these are.
    pub fn pack(&self) -> &Arc<Pack> {
        &self.pack
    }
}

/// Entries on their way into the templates of one pack. Each view of them is made once, for all parts.
pub(super) struct Sheet<'a> {
    writer: &'a Writer,
    target: Target<'a>,
    clusters: &'a [ClusterFacts],
    entries: Vec<&'a Entry>,
    long: OnceCell<Value>,
    short: OnceCell<Value>,
}

impl Sheet<'_> {
    /// The lines of `part`.
    pub(super) fn lines(&self, part: Part) -> Result<Vec<String>, RenderError> {
        let pack = &self.writer.pack;
        let only_ports = part == Part::RollbackPorts;
        let view = |naming, list_limit| {
            let style = Style { naming, list_limit, only_ports };
            Value::from(Serde(&View::new(pack, self.target, self.clusters, &self.entries, style)))
        };
        // Only the other parts see the same.
        let kept = |cell: &OnceCell<Value>, make: &dyn Fn() -> Value| match only_ports {
            true => make(),
            false => cell.get_or_init(make).clone(),
        };
        let entries = self.entries.len() + self.clusters.len();
        let lines = self.writer.run(part, &kept(&self.long, &|| view(Naming::Long, usize::MAX)), entries)?;
        let Some(limit) = pack.line_limit.as_ref().map(|limit| limit.value as usize) else {
            return Ok(lines);
        };
        if part == Part::Verify || lines.iter().all(|line| line.len() <= limit) {
            return Ok(lines);
        }
        let cut = pack.repeated_static_mac.value == RepeatedLine::Adds;
        let list_limit = if cut { limit.saturating_sub(LINE_HEAD).max(1) } else { usize::MAX };
        let lines =
            self.writer.run(part, &kept(&self.short, &|| view(Naming::Short, list_limit)), entries)?;
        let mut long = lines.iter().filter(|line| line.len() > limit).cloned();
        match long.next() {
            Some(first) => Err(RenderError::LineTooLong { first, others: long.collect(), limit }),
            None => Ok(lines),
        }
    }
}

/// Lets only text and numbers through, and no control characters: a template never prints `none` or a list, and a
/// value never breaks a line.
fn write_value(out: &mut minijinja::Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let refuse = |why: String| Err(Error::new(ErrorKind::InvalidOperation, why));
    match value.kind() {
        ValueKind::Number => write!(out, "{value}").map_err(Error::from),
        ValueKind::String => match value.as_str() {
            Some(text) if text.chars().any(char::is_control) => {
                refuse("a value holds a control character".to_owned())
            }
            Some(text) => out.write_str(text).map_err(Error::from),
            None => refuse("a text is not UTF-8".to_owned()),
        },
        kind => refuse(format!("a {kind} cannot be written into a line")),
    }
}

fn template_error(pack: &Pack, part: Part, error: &Error) -> RenderError {
    RenderError::Template {
        pack: pack.name().to_owned(),
        template: part.template(),
        line: error.line(),
        message: error.detail().map_or_else(|| error.kind().to_string(), str::to_owned),
    }
}

/// What is wrong with the templates of a pack of the user's own, before anything is written: a template at a time.
pub fn template_problems(own: &OwnPack) -> Vec<Diagnostic> {
    let Some(templates) = &own.pack.templates else { return Vec::new() };
    let texts = [&templates.apply, &templates.remove, &templates.verify];
    let mut problems = Vec::new();
    for (text, file) in texts.into_iter().zip(own.files.iter().skip(1)) {
        let mut environment = Environment::new();
        if let Err(error) = environment.add_template_owned("template", text.clone()) {
            let line = error.line().unwrap_or(1).saturating_sub(1);
            let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
            let length = text[start..].lines().next().map_or(0, str::len);
            let range = error.range().filter(|range| range.end <= text.len());
            let span = Span::new(*file, range.unwrap_or(start..start + length));
            let why = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
            problems.push(Diagnostic::invalid(span, format!("not a template: {why}")));
        }
    }
    problems
}

/// The writers of the packs in use, each compiled once.
#[derive(Debug, Default)]
pub struct Writers {
    ready: Mutex<HashMap<String, Arc<Writer>>>,
}

impl Writers {
    /// The writer of `pack`.
    ///
    /// # Errors
    /// As [`Writer::new`].
    pub fn get(&self, pack: &Arc<Pack>) -> Result<Arc<Writer>, RenderError> {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(writer) = ready.get(pack.name()) {
            return Ok(Arc::clone(writer));
        }
        let writer = Arc::new(Writer::new(Arc::clone(pack))?);
        ready.insert(pack.name().to_owned(), Arc::clone(&writer));
        Ok(writer)
    }
}
