//! Remedies that are edits of a file.
//!
//! A remedy is lines to type on a device, and most often no text of a file: the lines belong into a block, come in an
//! order that keeps traffic alive, or the finding is in the design. Where the lines take back just the line that the
//! finding points at and put others of its kind in its place, the config would afterwards hold the new lines there: that,
//! and nothing else, is offered as an edit.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::mask::MASK;
use crate::source::{SourceFile, Sources};

/// A piece of a file and what belongs there instead.
pub(super) struct Edit<'s> {
    /// The file.
    pub file: &'s SourceFile,
    /// The octets that go: a line, with its end when nothing takes its place.
    pub octets: Range<usize>,
    /// What comes: lines, without the last one's end.
    pub text: String,
}

/// The remedy of `finding` as an edit of the config it points into, when it is one.
pub(super) fn edit<'s>(finding: &Diagnostic, sources: &'s Sources) -> Option<Edit<'s>> {
    let (span, remediation) = (finding.span?, finding.remediation.as_ref()?);
    let file = sources.file(span.file);
    let octets = file.line_range(file.line_index(span.start as usize));
    let line = &file.text()[octets.clone()];
    // A line within a block stands where the block is opened, which the remedy has to say and an edit does not.
    if !file.is_config() || line.is_empty() || line.starts_with([' ', '\t']) || span.end as usize > octets.end
    {
        return None;
    }
    let removal = format!("no {line}");
    let (removed, added): (Vec<&String>, Vec<&String>) =
        remediation.lines.iter().partition(|line| line.starts_with("no "));
    let kind = |line: &str| line.split_whitespace().next().map(str::to_lowercase);
    let takes_back = removed.len() == 1 && same_words(removed[0], &removal);
    if !takes_back
        || added.iter().any(|new| new.starts_with(' ') || kind(new) != kind(line) || new.contains(MASK))
    {
        return None;
    }
    let text = added.iter().map(|line| line.as_str()).collect::<Vec<_>>();
    let end = if text.is_empty() { next_line(file, octets.end) } else { octets.end };
    Some(Edit { file, octets: octets.start..end, text: text.join("\n") })
}

/// Whether two lines differ in blanks and case at most.
fn same_words(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.split_whitespace(), b.split_whitespace());
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a.eq_ignore_ascii_case(b) => {}
            _ => return false,
        }
    }
}

/// The octet behind the line end at `at`.
fn next_line(file: &SourceFile, at: usize) -> usize {
    file.text()[at..].find('\n').map_or(file.text().len(), |newline| at + newline + 1)
}
