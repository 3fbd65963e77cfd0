//! Texts of others without what would act where they are shown: on a terminal, or in the log of a CI server.

use std::borrow::Cow;

/// Whether a terminal would act on `character` instead of showing it: control characters, line separators, marks that
/// turn the direction of writing, and blanks without width.
pub fn is_treacherous(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// `text` with everything escaped that a terminal would act on or not show, and the commands of CI servers disarmed.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let text = disarmed(text);
    if !text.contains(is_treacherous) {
        return text;
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match is_treacherous(character) {
            true => shown.extend(character.escape_debug()),
            false => shown.push(character),
        }
    }
    Cow::Owned(shown)
}

/// `text` in which `##[error]`, `##vso[…]` and `##teamcity[…]` are no commands: runners of GitHub, Azure and TeamCity
/// obey these anywhere in a line of a job's output. As many octets as before, so that places stay where they are.
pub fn disarmed(text: &str) -> Cow<'_, str> {
    let mut brackets = Vec::new();
    // Each pair of signs, those that overlap too: `###[error]`.
    let pairs = text.as_bytes().windows(2).enumerate().filter(|(_, pair)| *pair == b"##");
    for word in pairs.map(|(at, pair)| at + pair.len()) {
        let length = text[word..].bytes().take_while(u8::is_ascii_alphabetic).count();
        if text[word + length..].starts_with('[') {
            brackets.push(word + length);
        }
    }
    if brackets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut shown = text.to_owned();
    for bracket in brackets {
        shown.replace_range(bracket..=bracket, "(");
    }
    Cow::Owned(shown)
}

/// A line that is no command of GitHub's runner, which obeys `::error …` at the start of a line.
pub fn inert(line: Cow<'_, str>) -> Cow<'_, str> {
    match line.trim_start().starts_with("::") {
        true => Cow::Owned(line.replacen("::", ": :", 1)),
        false => line,
    }
}

/// A path that may be shown. It often stands at the start of a line, where `::error …` would be a command to GitHub's
/// runner.
pub fn path(path: &str) -> Cow<'_, str> {
    let shown = harmless(path);
    match shown.trim_start().starts_with("::") {
        true => Cow::Owned(format!("./{shown}")),
        false => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_ci_servers_are_disarmed_where_they_stand() {
        for (text, shown) in [
            ("a ##[error]b", "a ##(error]b"),
            ("##vso[task.x]##[y]", "##vso(task.x]##(y]"),
            ("###teamcity[x]", "###teamcity(x]"),
            ("# [x] ## [y] ##1[z]", "# [x] ## [y] ##1[z]"),
            ("K\u{f6}ln\u{9b}\u{202e}", "K\u{f6}ln\\u{9b}\\u{202e}"),
        ] {
            assert_eq!(harmless(text), shown);
        }
        assert_eq!(inert(Cow::Borrowed("  ::error::x")), "  : :error::x");
        assert_eq!(path("::error::x"), "./::error::x");
        assert_eq!(path("a/::b"), "a/::b");
    }
}
