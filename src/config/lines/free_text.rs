//! Texts that are no commands although they may look like them: where a banner, a script or a certificate ends.

use memchr::{memchr, memmem, memrchr2};

use super::screen::behind_mark;

/// Searches of one text that may find nothing. Each costs a look at the rest of the text, and a config whose banners have
/// no end has one or two of them.
const FRUITLESS_SEARCHES: usize = 32;

/// The longest blank or wiped-out beginning of a line that ends a text, in octets.
const MAX_BEFORE: usize = 256;

/// Finds the ends of free texts in one config.
pub(super) struct Ends<'p, 't> {
    text: &'t str,
    /// The comment sign: alone on a line it stands between two parts of a config.
    separator: &'p str,
    fruitless: usize,
}

impl<'p, 't> Ends<'p, 't> {
    pub(super) fn new(text: &'t str, separator: &'p str) -> Self {
        Self { text, separator, fruitless: 0 }
    }

    /// Where `search` finds something at or behind `from`.
    fn search(&mut self, from: usize, search: impl Fn(&str) -> Option<usize>) -> Option<usize> {
        if self.fruitless >= FRUITLESS_SEARCHES {
            return None;
        }
        let found = search(&self.text[from..]).map(|at| from + at);
        self.fruitless += usize::from(found.is_none());
        found
    }

    /// The octet behind which lines are commands again, for a text that begins at `from` and whose first character ends
    /// it. `line_end` is where the line ends. `None` when no such text begins here.
    ///
    /// A device ends the text where that character comes again, also in the middle of a line, and passes over the
    /// rest of the line. It saves the control character it is told by most people as `^C`, or as it is.
    pub(super) fn of_delimited(&mut self, from: usize, line_end: usize) -> Option<usize> {
        let begun = &self.text[from..line_end];
        let text = begun.trim_start();
        let start = line_end - text.len();
        let text = text.trim_end();
        let Some(first) = text.chars().next() else { return Some(from) };
        let behind = start + first.len_utf8();
        if first == '\u{3}' || text.starts_with("^C") {
            let behind = if first == '^' { start + 2 } else { behind };
            let end = self.search(behind, |rest| {
                let written = memmem::find(rest.as_bytes(), b"^C");
                let before = &rest.as_bytes()[..written.unwrap_or(rest.len())];
                memchr(3, before).or(written)
            });
            return Some(end.unwrap_or_else(|| self.separator_behind(line_end)));
        }
        // A word of its own, as shells end a text: `banner motd EOF` … `EOF`, `banner motd ###` … `###`.
        let is_word = text.len() > first.len_utf8() && !text.contains(char::is_whitespace);
        let repeats = text.len() >= 3 && text.chars().all(|character| character == first);
        if is_word && (first.is_alphanumeric() || repeats) {
            let end = self.search(line_end, |rest| line_that_is(rest, text));
            if end.is_some() || first.is_alphanumeric() {
                return end;
            }
        }
        // A text with words and no delimiter, and characters no keyboard of a device has.
        let one_of_a_word =
            first.is_alphanumeric() && text[first.len_utf8()..].starts_with(char::is_alphanumeric);
        if one_of_a_word || first > '\u{ff}' {
            return None;
        }
        let mut encoded = [0; 4];
        let needle = first.encode_utf8(&mut encoded).as_bytes();
        let end = self.search(behind, |rest| memmem::find(rest.as_bytes(), needle));
        Some(end.unwrap_or_else(|| self.separator_behind(line_end)))
    }

    /// The octet behind which lines are commands again, for a text from `from` to the line that is `until`.
    pub(super) fn of_script(&mut self, from: usize, until: &str) -> usize {
        let end = self.search(from, |rest| line_that_is(rest, until));
        end.unwrap_or_else(|| self.separator_behind(from))
    }

    /// Where a text without an end has to end: before the next line that only separates, else with the file, which was
    /// cut off in it.
    fn separator_behind(&self, from: usize) -> usize {
        let found = line_that_is(&self.text[from..], self.separator);
        found.map_or(self.text.len(), |at| (from + at).saturating_sub(1))
    }
}

/// The first octet of the first line of `text` that holds `words` and nothing else; blanks, and what a pager wrote before
/// and wiped out, do not count.
fn line_that_is(text: &str, words: &str) -> Option<usize> {
    let octets = text.as_bytes();
    let silent = |octet: &u8| *octet <= b' ';
    let line_end = |octet: &u8| matches!(octet, b'\n' | b'\r');
    memmem::find_iter(octets, words.as_bytes()).find(|at| {
        let rest = &octets[at + words.len()..];
        let behind = rest.iter().take_while(|octet| silent(octet) && !line_end(octet)).count();
        if rest.get(behind).is_some_and(|octet| !line_end(octet)) {
            return false;
        }
        let before = &octets[at.saturating_sub(MAX_BEFORE)..*at];
        let own = memrchr2(b'\n', b'\r', before).map_or(before, |end| &before[end + 1..]);
        let wiped = own.iter().rev().take_while(|octet| silent(octet)).count();
        let visible = &own[..own.len() - wiped];
        visible.is_empty() || wiped > 0 && std::str::from_utf8(visible).is_ok_and(is_mark)
    })
}

fn is_mark(visible: &str) -> bool {
    let visible = visible.trim_start();
    behind_mark(visible).is_some_and(|behind| visible[behind..].trim().is_empty())
}

/// Whether a line can be one of those that hold the digits of a certificate or key: hexadecimal words, or one long word
/// in base 64, which may be short `in_armour`.
pub(super) fn is_blob(line: &str, in_armour: bool) -> bool {
    let octets = line.as_bytes();
    if octets.iter().all(|octet| octet.is_ascii_hexdigit() || matches!(octet, b' ' | b'\t')) {
        return true;
    }
    let base64 = |octet: &u8| octet.is_ascii_alphanumeric() || b"+/=".contains(octet);
    let closes = || ["exit", "end"].iter().any(|word| line.eq_ignore_ascii_case(word));
    octets.iter().all(base64) && (octets.len() >= 24 || octets.ends_with(b"=") || in_armour && !closes())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_where_its_first_character_comes_again() {
        for (text, rest) in [
            ("^C hi ^C\nx", Some("^C\nx")),
            ("^CC\nhi\n^C\nx", Some("^C\nx")),
            ("^CCCC\nhi\n^C\nx", Some("^C\nx")),
            ("^C^C\nx", Some("^C\nx")),
            ("\u{3}\nhi # ^\n\u{3}\nx", Some("\u{3}\nx")),
            ("\u{3}\nhi\n^C\nx", Some("^C\nx")),
            ("^C\nhi\n\u{3}\nx\n^C\n", Some("\u{3}\nx\n^C\n")),
            ("#\nhi # rest\nx", Some("# rest\nx")),
            ("^First\nsecond^\nx", Some("^\nx")),
            ("*multi\nline*garbage\nx", Some("*garbage\nx")),
            ("**\nx", Some("*\nx")),
            ("c hello c\nx", Some("c\nx")),
            ("Z\nhello\nZ\nx", Some("Z\nx")),
            ("§\nhello §\nx", Some("§\nx")),
            ("EOF\nhello # c\n EOF \nx", Some("EOF \nx")),
            ("###\nhello # c\n###\nx", Some("###\nx")),
            ("%%%\nx", Some("%%\nx")),
            ("\"a b\"\nx", Some("\"\nx")),
            ("write\nx", None),
            ("Welcome to here\nx", None),
            ("語\nx\n語", None),
        ] {
            let end = text.find('\n').unwrap();
            let found = Ends::new(text, "!").of_delimited(0, end).map(|at| &text[at..]);
            assert_eq!(found, rest, "{text:?}");
        }
    }

    #[test]
    fn a_text_without_an_end_stops_at_a_separator_or_takes_the_rest() {
        for (text, rest) in
            [("^C\nhi\n!\narp\n", "\n!\narp\n"), ("#\nhi\narp ! x\n", ""), ("EOF\nhi\n!\nx", "none")]
        {
            let end = text.find('\n').unwrap();
            let found = Ends::new(text, "!").of_delimited(0, end).map_or("none", |at| &text[at..]);
            assert_eq!(found, rest, "{text:?}");
        }
        assert_eq!(Ends::new("a\nb", "!").of_script(1, "EOF"), 3);
    }

    #[test]
    fn a_line_that_ends_a_text_stands_alone() {
        for (text, at) in [
            ("EOF", Some(0)),
            ("a\n\t EOF\t\r\nb", Some(4)),
            ("a EOF\nEOF b\nxEOF\nEOF", Some(17)),
            ("--More--\u{8}\u{8}  \u{8}\u{8}EOF\n", Some(14)),
            ("--EOF\n", None),
            ("", None),
        ] {
            assert_eq!(line_that_is(text, "EOF"), at, "{text:?}");
        }
    }

    #[test]
    fn looking_for_ends_that_are_not_there_costs_no_more_than_some_looks() {
        let text = "banner motd a\n".repeat(100);
        let mut ends = Ends::new(&text, "!");
        for line in 0..100 {
            let end = line * 14 + 13;
            let delimiter = ["#\n", "@\n", "%\n"][line % 3];
            assert!(!text.contains(delimiter));
            ends.of_script(end, "EOF");
        }
        assert_eq!(ends.fruitless, FRUITLESS_SEARCHES);
    }

    #[test]
    fn digits_are_told_from_commands() {
        for (line, plain, armoured) in [
            ("30820229 30820192", true, true),
            ("  1F ", true, true),
            ("MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEA", true, true),
            ("Zm9vYg==", true, true),
            ("Zm9vYmFy", false, true),
            ("MIIB", false, true),
            ("exit", false, false),
            ("shutdown", false, true),
            ("arp 10.0.0.1", false, false),
            ("certificate ca 01", false, false),
        ] {
            assert_eq!((is_blob(line, false), is_blob(line, true)), (plain, armoured), "{line}");
        }
    }
}
