//! Where lines end: LF, CRLF, the CR of old consoles, and the CR CR LF of terminals that add one of their own.

use std::ops::Range;

use memchr::memchr;

/// Octets that are looked at together.
const WORD: usize = size_of::<u64>();

/// The physical lines of a text, without their ends.
///
/// Lines of switch configs are short: a search for the end of each would be called and left again after two or three
/// dozen octets. So the ends within a word are all found at once.
pub(super) struct PhysicalLines<'t> {
    octets: &'t [u8],
    at: usize,
    /// What stands behind the word whose line ends are at hand.
    word: usize,
    /// The line ends in it that were not met yet: the highest bit of each of their octets.
    ends: u64,
    has_returns: bool,
    /// Up to here, carriage returns are known to stand before no line feed.
    lone_returns: usize,
}

impl<'t> PhysicalLines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let octets = text.as_bytes();
        let has_returns = memchr(b'\r', octets).is_some();
        Self { octets, at: 0, word: 0, ends: 0, has_returns, lone_returns: 0 }
    }

    /// The octet behind the line end whose carriage return is at `end`.
    fn behind_return(&mut self, end: usize) -> usize {
        if end < self.lone_returns {
            return end + 1;
        }
        let returns = self.octets[end..].iter().take_while(|octet| **octet == b'\r').count();
        if self.octets.get(end + returns) == Some(&b'\n') {
            return end + returns + 1;
        }
        self.lone_returns = end + returns;
        end + 1
    }

    /// The next line end.
    #[inline]
    fn next_end(&mut self) -> Option<usize> {
        if self.ends == 0 {
            let rest = self.octets.get(self.word..)?;
            let (words, ends) = match self.has_returns {
                true => first_ends(rest, |word| equal(word, b'\n') | equal(word, b'\r')),
                false => first_ends(rest, |word| equal(word, b'\n')),
            };
            self.ends = ends;
            self.word += words * WORD;
            if ends == 0 {
                return None;
            }
        }
        let end = self.word - WORD + self.ends.trailing_zeros() as usize / 8;
        self.ends &= self.ends - 1;
        Some(end)
    }
}

/// How many words of `octets` it takes to meet the first line ends, and these; zero where there is none.
#[inline]
fn first_ends(octets: &[u8], ends: impl Fn(u64) -> u64) -> (usize, u64) {
    let mut words = octets.chunks_exact(WORD);
    let mut count = 0;
    for word in words.by_ref() {
        count += 1;
        // A chunk has this length.
        let found = ends(word.try_into().map_or(0, u64::from_le_bytes));
        if found != 0 {
            return (count, found);
        }
    }
    let mut last = [0; WORD];
    last[..words.remainder().len()].copy_from_slice(words.remainder());
    (count + 1, ends(u64::from_le_bytes(last)))
}

/// The highest bit of each octet of `word` that is `octet`.
#[inline]
fn equal(word: u64, octet: u8) -> u64 {
    const LOW: u64 = u64::from_ne_bytes([0x7f; WORD]);
    let differs = word ^ u64::from_ne_bytes([octet; WORD]);
    // A sum carries into the highest bit unless the octet is zero, and never beyond.
    !(((differs & LOW) + LOW) | differs | LOW)
}

impl Iterator for PhysicalLines<'_> {
    type Item = Range<usize>;

    #[inline]
    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        if start >= self.octets.len() {
            return None;
        }
        let end = loop {
            match self.next_end() {
                None => break self.octets.len(),
                Some(end) if end >= start => break end,
                Some(_) => {} // a part of the last line's end
            }
        };
        self.at = match self.octets.get(end) {
            Some(b'\r') => self.behind_return(end),
            _ => end + 1,
        };
        Some(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_ends_one_line() {
        for (text, expected) in [
            ("", vec![]),
            ("a", vec!["a"]),
            ("a\nb", vec!["a", "b"]),
            ("a\r\nb\r\n", vec!["a", "b"]),
            ("a\rb\r", vec!["a", "b"]),
            ("a\r\r\nb", vec!["a", "b"]),
            ("a\r\rb", vec!["a", "", "b"]),
            ("a\r\r\rb\r\r\n\r\n", vec!["a", "", "", "b", ""]),
            ("\n\na", vec!["", "", "a"]),
        ] {
            // Wherever in a word they stand.
            for before in 0..=WORD {
                let text = format!("{}{text}", "é\n".repeat(before));
                let expected: Vec<&str> =
                    std::iter::repeat_n("é", before).chain(expected.iter().copied()).collect();
                let lines: Vec<&str> = PhysicalLines::new(&text).map(|range| &text[range]).collect();
                assert_eq!(lines, expected, "{text:?}");
            }
        }
    }

    #[test]
    fn octets_near_a_line_end_are_none() {
        for octet in 0..=u8::MAX {
            for at in 0..WORD {
                let mut octets = [octet; WORD];
                octets[at] = b'\n';
                let expected =
                    (0..WORD).filter(|at| octets[*at] == b'\n').fold(0, |bits, at| bits | 0x80 << (8 * at));
                assert_eq!(equal(u64::from_le_bytes(octets), b'\n'), expected, "{octet} {at}");
            }
        }
    }
}
