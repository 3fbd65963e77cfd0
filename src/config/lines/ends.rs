//! Where lines end: LF, CRLF, the CR of old consoles, and the CR CR LF of terminals that add one of their own.

use std::ops::Range;

use memchr::memchr2;

/// The physical lines of a text, without their ends.
pub(super) struct PhysicalLines<'t> {
    octets: &'t [u8],
    at: usize,
    /// Up to here, carriage returns are known to stand before no line feed.
    lone_returns: usize,
}

impl<'t> PhysicalLines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { octets: text.as_bytes(), at: 0, lone_returns: 0 }
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
}

impl Iterator for PhysicalLines<'_> {
    type Item = Range<usize>;

    #[inline]
    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        if start >= self.octets.len() {
            return None;
        }
        let end = match memchr2(b'\n', b'\r', &self.octets[start..]) {
            None => {
                self.at = self.octets.len();
                self.at
            }
            Some(length) => {
                let end = start + length;
                self.at = if self.octets[end] == b'\n' { end + 1 } else { self.behind_return(end) };
                end
            }
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
            let lines: Vec<&str> = PhysicalLines::new(text).map(|range| &text[range]).collect();
            assert_eq!(lines, expected, "{text:?}");
        }
    }
}
