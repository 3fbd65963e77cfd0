//! How wide a text is at most, and what is left of one that is too wide. Nobody knows the font that a picture is shown
//! in: widths are those of the widest of the usual ones, and a little more.

/// The size of a text, in the picture's units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    /// The heading.
    Heading,
    /// The name of a box.
    Name,
    /// Everything else.
    Small,
}

impl Size {
    /// The height of the letters: `font-size` in the style sheet.
    pub(super) fn units(self) -> f64 {
        match self {
            Self::Heading => 15.0,
            Self::Name => 13.0,
            Self::Small => 11.0,
        }
    }

    fn is_bold(self) -> bool {
        self != Self::Small
    }
}

/// The width of a character at the size of 1: DejaVu Sans, the widest of the usual ones, rounded up.
fn advance(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | '\'' | '|' => 0.36,
        ' ' | '.' | ',' | ':' | ';' | '!' | '/' | '\\' | '-' | 'f' | 't' | 'r' | '(' | ')' | '[' | ']'
        | 'I' => 0.46,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 1.06,
        'A'..='Z' | '&' | '#' | '+' | '<' | '>' | '=' | '~' | '_' | '…' => 0.88,
        ' '..='~' => 0.68,
        // Latin letters with accents are as wide as those without; of others nobody knows.
        '\u{a1}'..='\u{24f}' => 0.92,
        _ => 1.15,
    }
}

/// How wide `text` is at most.
pub(super) fn width(text: &str, size: Size) -> i32 {
    let sum: f64 = text.chars().map(advance).sum();
    let bold = if size.is_bold() { 1.12 } else { 1.0 };
    (sum * size.units() * bold).ceil() as i32
}

/// `text`, or its beginning and its end: names of machines differ at the end.
pub(super) fn fit(text: &str, size: Size, room: i32) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let characters: Vec<char> = text.chars().collect();
    for kept in (2..characters.len()).rev() {
        let end = kept * 2 / 5;
        let beginning = characters[..kept - end].iter();
        let shown: String = beginning.chain(&['…']).chain(&characters[characters.len() - end..]).collect();
        if width(&shown, size) <= room {
            return shown;
        }
    }
    "…".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_too_wide_keeps_its_beginning_and_its_end() {
        assert_eq!(fit("core1", Size::Name, 100), "core1");
        let name = "datacentre-frankfurt-access-switch-07";
        let shown = fit(name, Size::Name, 150);
        assert_eq!(shown, "datacentr…tch-07");
        assert!(width(&shown, Size::Name) <= 150);
        assert_eq!(fit(name, Size::Name, 3), "…");
    }
}
