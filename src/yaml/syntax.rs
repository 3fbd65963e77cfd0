//! What the parser says of a text that is no YAML, in words that tell what to do.

use super::node::MAX_DEPTH;
use crate::diagnostic::{Diagnostic, quoted};
use crate::source::{FileId, Span};

/// The parser's complaint about `text`.
pub(super) fn syntax_error(file: FileId, text: &str, error: &granit_parser::ScanError) -> Diagnostic {
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let info = error.info();
    let mut found = Diagnostic::invalid(Span::new(file, at..at), format!("not valid YAML: {info}"));
    if let Some(tab) = indenting_tab(text, at) {
        found.span = Some(Span::new(file, tab..tab + 1));
        found.message = "a tab in the indentation: YAML indents with blanks only".to_owned();
        found.help("replace the tab by blanks");
    } else if info.contains("nesting") || info.contains("recursion") {
        found.message = format!("nested more than {MAX_DEPTH} levels deep");
        found.help("a design needs five levels; is this the file you meant?");
    } else if let Some((at, odd)) = control_character(text, at) {
        found.span = Some(Span::new(file, at..at + odd.len_utf8()));
        found.message = format!("`{}` is a control character and no part of YAML", odd.escape_default());
        found.help("remove it; is this a text file?");
    } else if info.contains("unknown anchor") {
        let name: String =
            text[at..].chars().skip(1).take_while(|c| c.is_alphanumeric() || "_-".contains(*c)).collect();
        found.span = Some(Span::new(file, at..at + 1 + name.len()));
        found.message = format!("there is no anchor `{}` above this line", quoted(&name));
        found.help(format!("write `&{}` before the value that `*` shall repeat", quoted(&name)));
    } else if info.contains("quote") {
        found.help("close the text with the quote sign it begins with");
    } else if info.contains("mapping values") {
        found.help("look at the indentation; a text that holds `: ` stands in quotes");
    } else if info.contains("block") {
        found.help("look at the indentation: what belongs to one list or mapping begins in one column");
    } else if info.contains("unexpected character") {
        found.help("a text that begins with this sign stands in quotes");
    } else if info.contains("flow") || info.contains("indicator") {
        found.help("`{` and `[` are closed by `}` and `]`, with a comma between what stands in them");
    }
    found
}

/// A control character behind octet `at` on the same line: the scanner may stop at the start of the text it is in.
fn control_character(text: &str, at: usize) -> Option<(usize, char)> {
    let line = text[at..].split('\n').next().unwrap_or_default();
    let found = line.char_indices().find(|(_, c)| c.is_control() && !matches!(c, '\t' | '\r'));
    found.map(|(offset, odd)| (at + offset, odd))
}

/// A tab that indents the line at octet `at` or the one behind it: the scanner may stop before the line it trips over.
fn indenting_tab(text: &str, at: usize) -> Option<usize> {
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let next = text[line_start..].find('\n').map(|newline| line_start + newline + 1);
    [Some(line_start), next].into_iter().flatten().find_map(|start| {
        let indent = text[start..].bytes().take_while(|octet| matches!(octet, b' ' | b'\t'));
        indent.enumerate().find(|(_, octet)| *octet == b'\t').map(|(column, _)| start + column)
    })
}
