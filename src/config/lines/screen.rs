//! What a terminal showed: pagers write a mark, wait for a key, and wipe it out again with backspaces, blanks and escapes.
//! A log keeps all of these.

use std::ops::Range;

/// A line as it stood on the screen.
pub(super) struct Shown {
    /// What was left of it, without blanks at its end.
    pub(super) text: String,
    /// The octets that its visible characters came from, counted from the line's first one.
    pub(super) range: Range<usize>,
}

/// Columns that a cursor may be moved behind the last character, as wide as terminals are.
const MAX_GAP: usize = 512;

#[derive(Default)]
struct Screen {
    /// Each character and the octets it came from.
    cells: Vec<(char, Range<usize>)>,
    cursor: usize,
}

impl Screen {
    fn put(&mut self, character: char, from: Range<usize>) {
        while self.cells.len() < self.cursor {
            self.cells.push((' ', from.clone()));
        }
        match self.cells.get_mut(self.cursor) {
            Some(cell) => *cell = (character, from),
            None => self.cells.push((character, from)),
        }
        self.cursor += 1;
    }

    fn move_to(&mut self, column: usize) {
        self.cursor = column.min(self.cells.len().max(MAX_GAP));
    }

    /// Does what the control sequence `ESC [ number… letter` asks for.
    fn control(&mut self, number: Option<usize>, letter: char) {
        let step = number.unwrap_or(1).max(1);
        match letter {
            'C' => self.move_to(self.cursor.saturating_add(step)),
            'D' => self.cursor = self.cursor.saturating_sub(step),
            'G' => self.move_to(step - 1),
            'H' => self.cursor = 0,
            'K' | 'J' => match number {
                Some(1) => {
                    let wiped = (self.cursor + 1).min(self.cells.len());
                    self.cells[..wiped].iter_mut().for_each(|cell| cell.0 = ' ');
                }
                Some(2) => self.cells.clear(),
                _ => self.cells.truncate(self.cursor),
            },
            _ => {}
        }
    }
}

/// What was left on the screen of one line of a log.
pub(super) fn show(raw: &str) -> Shown {
    let mut screen = Screen::default();
    let mut characters = raw.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '\u{8}' => screen.cursor = screen.cursor.saturating_sub(1),
            '\u{1b}' => match characters.next() {
                Some((_, '[')) => {
                    let mut number = None;
                    for (_, character) in characters.by_ref() {
                        match character {
                            '0'..='9' => {
                                let digit = character as usize - '0' as usize;
                                number =
                                    Some(number.unwrap_or(0usize).saturating_mul(10).saturating_add(digit));
                            }
                            ' '..='?' => {}
                            letter => {
                                screen.control(number, letter);
                                break;
                            }
                        }
                    }
                }
                // A window's title, up to a bell.
                Some((_, ']')) => while characters.next_if(|(_, next)| *next != '\u{7}').is_some() {},
                // A choice of characters.
                Some((_, '(' | ')')) => drop(characters.next()),
                _ => {}
            },
            // The end of a banner may be a control character of its own.
            '\t' | '\u{3}' => screen.put(character, at..at + 1),
            _ if character.is_control() => {}
            _ => screen.put(character, at..at + character.len_utf8()),
        }
    }
    let text: String = screen.cells.iter().map(|(character, _)| *character).collect();
    let visible = screen.cells.iter().filter(|(character, _)| !character.is_whitespace());
    let octets = visible.map(|(_, octets)| octets.clone());
    let range = octets.reduce(|all, own| all.start.min(own.start)..all.end.max(own.end)).unwrap_or(0..0);
    Shown { text: text.trim_end().to_owned(), range }
}

/// The octet behind the mark of a pager that `line` begins with.
pub(super) fn behind_mark(line: &str) -> Option<usize> {
    let begins = |at: usize, word: &str| {
        line.get(at..at + word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word))
    };
    if begins(0, "more: <") {
        return Some(line.len());
    }
    let octets = line.as_bytes();
    let skip =
        |at: usize, set: &[u8]| at + octets[at..].iter().take_while(|octet| set.contains(octet)).count();
    let at = skip(0, b"<-");
    let word = skip(at, b" ");
    if at == 0 || !begins(word, "more") {
        return None;
    }
    let closed = |at: usize| {
        let behind = skip(at, b" ");
        let end = skip(behind, b"->");
        (end > behind).then_some(end)
    };
    let in_brackets = |at: usize| {
        let open = skip(at, b" ");
        let length = line.get(open..)?.strip_prefix('(')?.find(')')?;
        Some(open + length + 2)
    };
    let word = word + "more".len();
    let end = closed(in_brackets(word).unwrap_or(word))?;
    let end = in_brackets(end).unwrap_or(end);
    if begins(end, ",") {
        return Some(line.len());
    }
    let hint = " or (q)uit";
    Some(if begins(end, hint) { end + hint.len() } else { end })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_pager_wiped_out_is_gone() {
        let nine = "\u{8}".repeat(9);
        for (raw, expected) in [
            (format!(" --More-- {nine}        {nine} switchport"), " switchport"),
            (format!(" --More-- {nine}        {nine}"), ""),
            ("--More--\u{1b}[8D        \u{1b}[8Dinterface X".to_owned(), "interface X"),
            ("  ---- More ----\u{1b}[16D                \u{1b}[16D name a".to_owned(), " name a"),
            ("--More--\u{1b}[2K\u{1b}[1Gvlan 10".to_owned(), "vlan 10"),
            ("\u{1b}[7m--More--\u{1b}[m\u{1b}[8D\u{1b}[Kvlan 10".to_owned(), "vlan 10"),
            ("\u{1b}]0;sw1\u{7}vlan 10".to_owned(), "vlan 10"),
            ("a\0r\0p\0".to_owned(), "arp"),
            ("vlan 1\u{8}20".to_owned(), "vlan 20"),
            ("\u{8}\u{8}a\u{1b}".to_owned(), "a"),
            ("a\u{1b}[999999999999999999999C.".to_owned(), &format!("a{}.", " ".repeat(511))),
        ] {
            assert_eq!(show(&raw).text, expected, "{raw:?}");
        }
    }

    #[test]
    fn what_is_left_knows_the_octets_it_came_from() {
        let raw = format!("More {0}     {0} ärp 1", "\u{8}".repeat(5));
        assert_eq!(&raw[show(&raw).range], "ärp 1");
        assert_eq!(show("\u{8}\0 ").range, 0..0);
    }

    #[test]
    fn marks_of_pagers_are_known() {
        for (line, rest) in [
            ("--More--", Some("")),
            ("-- More --", Some("")),
            ("---- More ----", Some("")),
            ("<--- More --->", Some("")),
            ("--More--(34%)", Some("")),
            ("--More(34%)--", Some("")),
            ("--More-- or (q)uit", Some("")),
            ("-- MORE --, next page: Space, next line: Enter, quit: Control-C", Some("")),
            ("More: <space>,  Quit: q or CTRL+Z, One line: <return>", Some("")),
            ("--More--         switchport", Some("         switchport")),
            ("-- more", None),
            ("--", None),
            ("More text", None),
            ("moreover", None),
            ("- x", None),
        ] {
            assert_eq!(behind_mark(line).map(|behind| &line[behind..]), rest, "{line}");
        }
    }
}
