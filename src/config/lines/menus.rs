//! Configs whose lines are commands of menus: `/ip arp` names one, and `add address=10.0.0.1 …` under it says what
//! `/ip arp add address=10.0.0.1 …` says in one line. Both become the same line, so that a pack writes its patterns once.
//!
//! Values have names and stand in any order: named words in a row are put in that of their names. A line that ends in a
//! backslash goes on in the next one.

use std::borrow::Cow;
use std::ops::{ControlFlow, Range};

use super::{Line, MAX_LINE, PhysicalLines, Tree, visit_lines};
use crate::vendor::Pack;

/// The longest name of a menu, in octets: it is written before each of its lines.
const MAX_MENU: usize = 100;

/// The lines of `text`, in their order.
pub(super) fn tree<'t>(pack: &Pack, text: &'t str) -> Tree<'t> {
    let mut lines: Vec<Line<'t>> = Vec::new();
    visit(pack, text, |text, range| {
        lines.push(Line { range, text, parent: None });
        ControlFlow::Continue(())
    });
    let passed_over = PhysicalLines::new(text).count() - lines.len();
    Tree { lines, passed_over }
}

/// Shows `visit` every line from its menu on. One that goes on in others has the octets of its first.
pub(super) fn visit<'t>(
    pack: &Pack,
    text: &'t str,
    mut visit: impl FnMut(Cow<'t, str>, Range<usize>) -> ControlFlow<()>,
) {
    let mut menus = Menus { pack, menu: String::new() };
    let mut begun: Option<(String, Range<usize>)> = None;
    visit_lines(pack, text, |line, range| {
        let (mut whole, first) = match begun.take() {
            Some((whole, first)) => (whole + &line, first),
            None => (line.into_owned(), range),
        };
        if whole.ends_with('\\') {
            whole.pop();
            begun = Some((whole, first));
            return ControlFlow::Continue(());
        }
        menus.command(&whole).map_or(ControlFlow::Continue(()), |line| visit(Cow::Owned(line), first))
    });
    // The text ends where a line should go on.
    if let Some(line) = begun.as_ref().and_then(|(whole, _)| menus.command(whole))
        && let Some((_, first)) = begun
    {
        _ = visit(Cow::Owned(line), first);
    }
}

struct Menus<'p> {
    pack: &'p Pack,
    /// The one that the lines stand in, from the root.
    menu: String,
}

impl Menus<'_> {
    /// The command that `line` is, from its menu on; `None` of a line that only goes to a menu.
    fn command(&mut self, line: &str) -> Option<String> {
        if line.len() > MAX_LINE {
            return None;
        }
        if !line.starts_with('/') {
            let mut words = words(line);
            if !self.menu.is_empty() {
                words.insert(0, &self.menu);
            }
            return self.line(words);
        }
        // `/ip/arp` is `/ip arp`.
        let path = line.find([' ', '\t']).unwrap_or(line.len());
        let spaced = format!("/{}{}", line[1..path].replace('/', " "), &line[path..]);
        let words = words(&spaced);
        if words.iter().any(|word| self.pack.layout.is_command(word)) {
            return self.line(words);
        }
        self.menu = words.join(" ");
        self.menu.truncate(if self.menu.len() > MAX_MENU { 0 } else { MAX_MENU });
        None
    }

    /// Words as a line: those with names in the order of these, without the ones that say nothing.
    fn line(&self, mut words: Vec<&str>) -> Option<String> {
        words.retain(|word| !name(word).is_some_and(|name| self.pack.layout.is_remark(name)));
        words.chunk_by_mut(|one, next| name(one).is_some() == name(next).is_some()).for_each(|alike| {
            if alike.first().is_some_and(|word| name(word).is_some()) {
                alike.sort_by_key(|word| name(word));
            }
        });
        let line = words.join(" ");
        (!line.trim().is_empty()).then_some(line)
    }
}

/// The name of a word that has one: `address` of `address=10.0.0.1`.
fn name(word: &str) -> Option<&str> {
    let (name, _) = word.split_once('=')?;
    let is_name = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'-' || octet == b'.';
    (!name.is_empty() && name.bytes().all(is_name)).then_some(name)
}

/// The words of a line: blanks within quotation marks divide none, and brackets are words.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut begins = 0;
    let (mut quoted, mut escaped) = (false, false);
    for (at, octet) in line.bytes().enumerate() {
        let divides = !quoted && matches!(octet, b' ' | b'\t' | b'[' | b']');
        if divides {
            words.extend([&line[begins..at]].into_iter().filter(|word| !word.is_empty()));
            begins = at + usize::from(matches!(octet, b' ' | b'\t'));
            if begins == at {
                words.push(&line[at..=at]);
                begins = at + 1;
            }
        }
        quoted ^= octet == b'"' && !escaped;
        escaped = octet == b'\\' && !escaped;
    }
    words.extend([&line[begins..]].into_iter().filter(|word| !word.is_empty()));
    words
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::config::lines::tree;
    use crate::vendor::Packs;

    fn lines(text: &str) -> Vec<String> {
        let pack = Packs::embedded().get("mikrotik").unwrap().unwrap();
        tree(&pack, text).lines.into_iter().map(|line| line.text.into_owned()).collect()
    }

    #[test]
    fn a_line_under_its_menu_and_one_that_names_it_are_the_same() {
        let typed = "/ip arp add address=10.0.0.1 interface=vlan10 mac-address=03:BF:0A:00:00:01";
        let saved = "/ip arp\nadd address=10.0.0.1 interface=vlan10 mac-address=03:BF:0A:00:00:01\n";
        assert_eq!(lines(saved), [typed]);
        assert_eq!(lines(typed), [typed]);
        assert_eq!(lines(&typed.replacen("/ip arp add", "/ip/arp/add", 1)), [typed]);
        // A whole line leaves the menu as it is.
        assert_eq!(lines("/ip arp\n/ip dns set servers=10.0.0.9\nprint")[1], "/ip arp print");
    }

    #[test]
    fn named_values_stand_in_any_order_and_remarks_say_nothing() {
        let other = "/ip arp add mac-address=03:BF:0A:00:00:01 comment=\"the web's\" address=10.0.0.1";
        assert_eq!(lines(other), ["/ip arp add address=10.0.0.1 mac-address=03:BF:0A:00:00:01"]);
        assert_eq!(lines("/ip arp set [find b=1 a=2] z=1 c=2"), ["/ip arp set [ find a=2 b=1 ] c=2 z=1"]);
    }

    #[test]
    fn a_backslash_goes_on_in_the_next_line_within_a_word_too() {
        let text = "/ip arp\nadd address=10.0.0.1 \\\n    inter\\\n    face=vlan10\n";
        assert_eq!(lines(text), ["/ip arp add address=10.0.0.1 interface=vlan10"]);
        assert_eq!(lines("/ip arp add address=10.0.0.1 \\"), ["/ip arp add address=10.0.0.1"]);
    }
}
