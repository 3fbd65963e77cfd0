//! The events of a YAML text that the build has parsed already: what comes with the program is not parsed again each time
//! it starts. `build.rs` writes the tapes; a test holds that a tape gives the tree that its text does.
//!
//! A tape is a row of events: a sign, the first octet and the one behind the last (four octets each, the lowest first),
//! then what the sign asks for. An anchor's number stands before the event that it is on. Tags do not occur.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{Event, ScalarStyle, StructureStyle};

/// Where a tape stops making sense, which no tape of a build does.
#[derive(Debug)]
pub(super) struct Torn;

/// The events on a tape of `text`, each with its octets.
pub(super) struct Tape<'t> {
    text: &'t str,
    rest: &'t [u8],
}

impl<'t> Tape<'t> {
    pub(super) fn new(text: &'t str, tape: &'t [u8]) -> Self {
        Self { text, rest: tape }
    }

    fn number(&mut self) -> Option<usize> {
        let (number, rest) = self.rest.split_first_chunk::<4>()?;
        self.rest = rest;
        Some(u32::from_le_bytes(*number) as usize)
    }

    fn sign(&mut self) -> Option<u8> {
        let (sign, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*sign)
    }

    fn event(&mut self) -> Option<(Event<'t>, Range<usize>)> {
        let mut sign = self.sign()?;
        let mut anchor = 0;
        if sign == b'&' {
            anchor = self.number()?;
            sign = self.sign()?;
        }
        let range = self.number()?..self.number()?;
        let scalar = |text, plain| {
            let style = if plain { ScalarStyle::Plain } else { ScalarStyle::DoubleQuoted };
            Event::Scalar(text, style, anchor, None)
        };
        let event = match sign {
            b'[' => Event::SequenceStart(StructureStyle::Block, anchor, None),
            b']' => Event::SequenceEnd,
            b'{' => Event::MappingStart(StructureStyle::Block, anchor, None),
            b'}' => Event::MappingEnd,
            b'*' => Event::Alias(self.number()?),
            // The text stands in the file as it is meant.
            b'p' | b'q' => scalar(Cow::Borrowed(self.text.get(range.clone())?), sign == b'p'),
            // Quotes, escapes or line breaks made it another one: it stands on the tape.
            b'P' | b'Q' => {
                let length = self.number()?;
                let (text, rest) = self.rest.split_at_checked(length)?;
                self.rest = rest;
                scalar(Cow::Borrowed(std::str::from_utf8(text).ok()?), sign == b'P')
            }
            _ => return None,
        };
        Some((event, range))
    }
}

impl<'t> Iterator for Tape<'t> {
    type Item = Result<(Event<'t>, Range<usize>), Torn>;

    fn next(&mut self) -> Option<Self::Item> {
        (!self.rest.is_empty()).then(|| self.event().ok_or(Torn))
    }
}
