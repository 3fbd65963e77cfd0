//! Whether a line can begin with certain words, told by its first four octets: of thousands of lines few can, and the
//! others need no further question.

/// The octets that are looked at.
const LENGTH: usize = 4;
/// Bits of the table; more make fewer lines look as if they could.
const BITS: usize = 1 << 13;

/// The beginnings of some texts, in any case and with any blanks between their words.
#[derive(Debug, Clone)]
pub struct FirstOctets {
    /// By the first octet: whether a text shorter than what is looked at begins so.
    short: [bool; 256],
    /// By the first octet: whether any text begins so.
    any: [bool; 256],
    /// By a hash of the first octets.
    table: Box<[u64; BITS / 64]>,
}

impl Default for FirstOctets {
    fn default() -> Self {
        Self { short: [false; 256], any: [false; 256], table: Box::new([0; BITS / 64]) }
    }
}

impl FirstOctets {
    /// Adds a text.
    pub fn add(&mut self, text: &str) {
        let Some(first) = text.bytes().next() else { return };
        self.octet(first, text.len() < LENGTH);
        if text.len() >= LENGTH {
            self.spellings(&mut [0; LENGTH], 0, text.as_bytes(), false);
        }
    }

    /// Adds every text that begins with `octet`.
    pub fn add_all(&mut self, octet: u8) {
        self.octet(octet, true);
    }

    fn octet(&mut self, first: u8, is_short: bool) {
        for octet in [first.to_ascii_lowercase(), first.to_ascii_uppercase()].map(usize::from) {
            self.any[octet] = true;
            self.short[octet] |= is_short;
        }
    }

    /// Marks each way in which `rest` can be written behind the first `count` octets: one blank may be several, or tabs.
    fn spellings(&mut self, octets: &mut [u8; LENGTH], count: usize, rest: &[u8], behind_blank: bool) {
        if count == LENGTH {
            let at = place(*octets);
            self.table[at / 64] |= 1 << (at % 64);
            return;
        }
        let mut go_on = |octet: u8, rest: &[u8], behind_blank: bool| {
            octets[count] = octet;
            self.spellings(octets, count + 1, rest, behind_blank);
        };
        match rest.split_first() {
            Some((b' ', behind)) => [b' ', b'\t'].into_iter().for_each(|blank| go_on(blank, behind, true)),
            Some((octet, behind)) => go_on(*octet, behind, false),
            None => {}
        }
        if behind_blank {
            [b' ', b'\t'].into_iter().for_each(|blank| go_on(blank, rest, true));
        }
    }

    /// Whether `line` may begin with one of the texts: never no when it does.
    #[inline]
    pub fn may_begin(&self, line: &[u8]) -> bool {
        match (line.first_chunk::<LENGTH>(), line.first()) {
            (Some(octets), _) => {
                let at = place(*octets);
                self.short[usize::from(octets[0])] || self.table[at / 64] >> (at % 64) & 1 == 1
            }
            (None, Some(first)) => self.any[usize::from(*first)],
            (None, None) => false,
        }
    }
}

/// The bit of the table that these octets are told by, the same for small and capital letters.
#[inline]
fn place(octets: [u8; LENGTH]) -> usize {
    let folded = u32::from_ne_bytes(octets) | 0x2020_2020;
    (folded.wrapping_mul(0x9e37_79b1) >> (u32::BITS - BITS.trailing_zeros())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_begins_with_a_text_is_never_passed_over() {
        let mut texts = FirstOctets::default();
        for text in ["hostname ", "ip address ", "a b c d", "wr", "!"] {
            texts.add(text);
        }
        texts.add_all(b'%');
        for line in [
            "hostname sw1",
            "HOSTNAME sw1",
            "ip address 10.0.0.1",
            "ip  address",
            "IP\taddress",
            "ip \t address",
            "a b c d",
            "a  b c d",
            "a\tb\tc d",
            "a b",
            "wr",
            "wr memory",
            "! x",
            "!",
            "%LINK-3-UPDOWN",
            "%",
        ] {
            assert!(texts.may_begin(line.as_bytes()), "{line:?}");
        }
        for line in ["", "switchport", "hot", "ipv6 address", "ip verify source", "interface Vlan10", "x"] {
            let is_beginning = line == "hot"; // shorter than what is looked at: its first letter counts
            assert_eq!(texts.may_begin(line.as_bytes()), is_beginning, "{line:?}");
        }
    }
}
