//! Which switch it is: its platform, and the software that it runs.

/// What a switch is, so far as a design or a config tells it: what a pack says may hold for some models alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Model {
    /// Its platform, by its position in the pack.
    pub platform: Option<usize>,
    /// The release of its software.
    pub release: Option<Release>,
}

impl Model {
    /// A switch of which nothing is known.
    pub const UNKNOWN: Self = Self { platform: None, release: None };

    /// What it says, and what `other` says where it is silent.
    pub fn or(self, other: impl FnOnce() -> Self) -> Self {
        if self.platform.is_some() && self.release.is_some() {
            return self;
        }
        let other = other();
        Self { platform: self.platform.or(other.platform), release: self.release.or(other.release) }
    }
}

impl From<Option<usize>> for Model {
    /// A platform of which no release is known.
    fn from(platform: Option<usize>) -> Self {
        Self { platform, release: None }
    }
}

/// The numbers of a software release, in the order in which releases follow one another: `7.0(3)I7(8)` is 7, 0, 3. Letters and
/// what follows them tell trains apart, and are no order between these releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release([u32; 4]);

impl Release {
    /// Reads `text`, as the maker writes it: at least two numbers before the first letter. `None` when it is no release, or one
    /// that is told by letters.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let numbers = &text[..text.find(char::is_alphabetic).unwrap_or(text.len())];
        let mut numbers = numbers.split(|c: char| !c.is_ascii_digit());
        let mut read = [0; 4];
        for (place, number) in read.iter_mut().enumerate() {
            match numbers.next().map(str::parse) {
                Some(Ok(stated)) => *number = stated,
                _ if place < 2 => return None,
                _ => break,
            }
        }
        Some(Self(read))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn releases_follow_one_another_by_their_numbers() {
        let first = Release::parse("9.2(1)").unwrap();
        for (text, enough) in [
            ("9.2(1)", Some(true)),
            ("9.2(2)", Some(true)),
            ("9.3(5)", Some(true)),
            ("10.2(1)F", Some(true)),
            ("9.2.4", Some(true)),
            ("9.2(1a)", Some(true)),
            (" 9.14(1.0P2) ", Some(true)),
            ("7.0(3)I7(8)", Some(false)),
            ("9.1(2)", Some(false)),
            ("6.0(2)U6(10)", Some(false)),
            ("9", None),
            ("V200R005C00", None),
            ("newest", None),
            ("", None),
            ("99999999999.1", None),
        ] {
            assert_eq!(Release::parse(text).map(|release| release >= first), enough, "{text}");
        }
        assert!(Release::parse("10.4.3.0") > Release::parse("10.4.2.9"));
        assert!(Release::parse("6.3.3.10") > Release::parse("6.3.3.9"));
    }

    #[test]
    fn what_is_told_elsewhere_fills_the_gaps() {
        let release = Release::parse("9.2(1)");
        let stated = Model { platform: Some(1), release: None };
        let told = Model { platform: Some(2), release };
        assert_eq!(stated.or(|| told), Model { platform: Some(1), release });
        assert_eq!(told.or(|| unreachable!()), told);
    }
}
