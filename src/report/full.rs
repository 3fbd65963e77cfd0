//! The line of each finding with its neighbours and a caret, the places that belong to it, and what to do.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Renderer, Snippet};

use super::Report;
use super::shown::REACH;
use crate::diagnostic::{Diagnostic, Severity};
use crate::harmless::{disarmed, harmless as escaped, is_treacherous};
use crate::mask;
use crate::source::{FileId, SourceFile, Sources, Span};

/// Lines shown before and after the one a finding points at.
const CONTEXT: usize = 1;
/// The longest part of a line that is shown, in octets.
const LINE: usize = 240;

/// The findings for people. `color` adds terminal colours.
pub(super) fn full(report: &Report<'_>, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut out = String::new();
    for finding in report.current() {
        out.push_str(&one(finding, report.sources, &renderer));
        out.push_str("\n\n");
    }
    for gone in report.gone {
        let title = Level::NOTE.primary_title(super::gone(gone)).id(gone.code.to_string());
        out.push_str(&renderer.render(&[Group::with_title(title)]));
        out.push_str("\n\n");
    }
    out
}

fn one(finding: &Diagnostic, sources: &Sources, renderer: &Renderer) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title = level.primary_title(finding.message.as_str()).id(finding.code.to_string());
    let mut elements: Vec<Element<'_>> = Vec::new();
    // Places that lie on lines already shown are marked there.
    let mut windows: Vec<(Window<'_>, Vec<Annotation<'_>>)> = Vec::new();
    let primary = finding.span.map(|span| (span, AnnotationKind::Primary, None));
    let related = finding
        .related
        .iter()
        .map(|related| (related.span, AnnotationKind::Context, Some(related.label.as_str())));
    for (span, kind, label) in primary.into_iter().chain(related) {
        match windows.iter_mut().find(|(window, _)| window.holds(span)) {
            Some((window, marks)) => marks.push(window.mark(span, kind, label)),
            None => {
                let window = Window::around(span, sources);
                let mark = window.mark(span, kind, label);
                windows.push((window, vec![mark]));
            }
        }
    }
    elements.extend(windows.into_iter().map(|(window, marks)| window.snippet(marks).into()));
    if let Some(help) = &finding.help {
        elements.push(Level::HELP.message(help.as_str()).into());
    }
    let remedy = finding
        .remediation
        .as_ref()
        .map(|remedy| format!("on {}, type:\n{}", remedy.switch, remedy.lines.join("\n")));
    if let Some(remedy) = &remedy {
        elements.push(Level::HELP.message(remedy.as_str()).into());
    }
    match elements.is_empty() {
        true => renderer.render(&[Group::with_title(title)]),
        false => renderer.render(&[title.elements(elements)]),
    }
}

/// The lines around a place, as they may be shown.
struct Window<'s> {
    path: String,
    /// The text, without its secrets.
    text: Cow<'s, str>,
    /// The number of its first line, from 1.
    line: usize,
    /// The octets of the file that it shows.
    octets: Range<usize>,
    /// The secrets in it, in octets of the file.
    secrets: Vec<Range<usize>>,
    file: FileId,
}

impl<'s> Window<'s> {
    fn around(span: Span, sources: &'s Sources) -> Self {
        let file: &SourceFile = sources.file(span.file);
        let index = file.line_index((span.start as usize).min(file.text().len()));
        let context = if file.is_config() { 0 } else { CONTEXT };
        let first = index.saturating_sub(context);
        let own = file.line_range(index);
        let (mut start, mut end) =
            (file.line_range(first).start, file.line_range(index + context).end.max(own.end));
        let mut line = first + 1;
        if end - start > LINE {
            // A long line: the part around the place is enough.
            line = index + 1;
            start = own.start.max((span.start as usize).saturating_sub(LINE / 2));
            end = own.end.min(start + LINE);
            while !file.text().is_char_boundary(start) {
                start -= 1;
            }
            while !file.text().is_char_boundary(end) {
                end += 1;
            }
        }
        // What announces a secret may stand before the window.
        let mut reach = own.start.max(start.saturating_sub(REACH)).min(start);
        while !file.text().is_char_boundary(reach) {
            reach += 1;
        }
        let found = mask::secrets(&file.text()[reach..end]).into_iter();
        let within = found.map(|secret| (secret.start + reach).max(start)..secret.end + reach);
        let secrets: Vec<Range<usize>> = within.filter(|secret| secret.start < secret.end).collect();
        let octets = start..end;
        Self {
            path: escaped(file.path()).into_owned(),
            text: shown(file.text(), octets.clone(), &secrets),
            line,
            octets,
            secrets,
            file: span.file,
        }
    }

    fn holds(&self, span: Span) -> bool {
        span.file == self.file && self.octets.contains(&(span.start as usize))
    }

    /// Where octet `at` of the file is in the text. All octets of a secret are where it is hidden: columns stay right
    /// before it, and behind it a line has hardly anything that a finding could be about.
    fn position(&self, at: usize, end: bool) -> usize {
        let at = at.clamp(self.octets.start, self.octets.end);
        let mut position = at - self.octets.start;
        for secret in self.secrets.iter().take_while(|secret| secret.start < at) {
            let hidden = at.min(secret.end) - secret.start;
            let shown = if at >= secret.end || end { mask::MASK.len() } else { 0 };
            position = position - hidden + shown;
        }
        position
    }

    /// Marks the part of `span` that is on its first line.
    fn mark<'a>(&self, span: Span, kind: AnnotationKind, label: Option<&'a str>) -> Annotation<'a> {
        let start = self.position(span.start as usize, false);
        let end = self.position(span.end as usize, true).max(start);
        let line_end = self.text[start..end].find('\n').map_or(end, |newline| start + newline);
        kind.span(start..line_end).label(label)
    }

    fn snippet<'a>(&self, marks: Vec<Annotation<'a>>) -> Snippet<'a, Annotation<'a>> {
        Snippet::source(self.text.as_ref().to_owned())
            .path(self.path.clone())
            .line_start(self.line)
            .fold(false)
            .annotations(marks)
    }
}

/// The part `octets` of `text` with its secrets hidden.
fn shown<'t>(text: &'t str, octets: Range<usize>, secrets: &[Range<usize>]) -> Cow<'t, str> {
    if secrets.is_empty() {
        return harmless(&text[octets]);
    }
    let mut shown = String::new();
    let mut at = octets.start;
    for secret in secrets {
        shown.push_str(&text[at..secret.start]);
        shown.push_str(mask::MASK);
        at = secret.end;
    }
    shown.push_str(&text[at..octets.end]);
    Cow::Owned(harmless(&shown).into_owned())
}

/// `text` without what a terminal would act on. Each such character gives way to one of the same length, so that places
/// stay where they are; the renderer itself shows those of one octet.
fn harmless(text: &str) -> Cow<'_, str> {
    let text = disarmed(text);
    let acts = |c: char| c.len_utf8() > 1 && is_treacherous(c);
    if !text.contains(acts) {
        return text;
    }
    let shown = |c: char| match c.len_utf8() {
        2 if acts(c) => '\u{b7}',
        3 if acts(c) => char::REPLACEMENT_CHARACTER,
        _ => c,
    };
    Cow::Owned(text.chars().map(shown).collect())
}
