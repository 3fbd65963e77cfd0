//! The line of each finding with its neighbours and a caret, the places that belong to it, and what to do.

use std::borrow::Cow;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Element, Level, Renderer, Snippet};

use super::Report;
use crate::diagnostic::{Diagnostic, Severity, is_treacherous};
use crate::source::{SourceFile, Sources, Span};

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
        true => renderer.render(&[annotate_snippets::Group::with_title(title)]),
        false => renderer.render(&[title.elements(elements)]),
    }
}

/// The lines around a place, as one text whose offsets are the file's less `offset`.
struct Window<'s> {
    path: &'s str,
    text: Cow<'s, str>,
    line: usize,
    offset: usize,
    file: crate::source::FileId,
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
        Self {
            path: file.path(),
            text: harmless(&file.text()[start..end]),
            line,
            offset: start,
            file: span.file,
        }
    }

    fn holds(&self, span: Span) -> bool {
        span.file == self.file
            && span.start as usize >= self.offset
            && (span.start as usize) < self.offset + self.text.len()
    }

    /// Marks the part of `span` that is on its first line.
    fn mark<'a>(&self, span: Span, kind: AnnotationKind, label: Option<&'a str>) -> Annotation<'a> {
        let start = (span.start as usize).saturating_sub(self.offset).min(self.text.len());
        let end = (span.end as usize).saturating_sub(self.offset).clamp(start, self.text.len());
        let line_end = self.text[start..end].find('\n').map_or(end, |newline| start + newline);
        kind.span(start..line_end.max(start)).label(label)
    }

    fn snippet<'a>(&self, marks: Vec<Annotation<'a>>) -> Snippet<'a, Annotation<'a>> {
        Snippet::source(self.text.as_ref().to_owned())
            .path(self.path.to_owned())
            .line_start(self.line)
            .fold(false)
            .annotations(marks)
    }
}

/// `text` without what a terminal would act on. Each such character gives way to one of the same length, so that places
/// stay where they are; the renderer itself shows those of one octet.
fn harmless(text: &str) -> Cow<'_, str> {
    let acts = |c: char| c.len_utf8() > 1 && is_treacherous(c);
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let shown = |c: char| match c.len_utf8() {
        2 if acts(c) => '\u{b7}',
        3 if acts(c) => char::REPLACEMENT_CHARACTER,
        _ => c,
    };
    Cow::Owned(text.chars().map(shown).collect())
}
