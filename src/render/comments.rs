//! Comment lines in the device's own comment sign.

/// The widest comment line, in characters.
const WIDTH: usize = 100;

/// `text` as comment lines: `sign`, then the text, wrapped, later lines indented by `hang` more blanks.
pub(super) fn comment(sign: &str, text: &str, hang: usize) -> Vec<String> {
    let lead = text.len() - text.trim_start().len();
    if !text.bytes().all(|octet| (b' '..0x7f).contains(&octet)) {
        return wrapped(sign, text.split_whitespace(), lead, hang);
    }
    if sign.len() + 1 + text.len() <= WIDTH && !text[lead..].contains("  ") {
        let mut line = [sign, " ", text].concat(); // nearly every one
        line.truncate(line.trim_end().len());
        return vec![line];
    }
    wrapped(sign, text.split(' ').filter(|word| !word.is_empty()), lead, hang)
}

fn wrapped<'t>(sign: &str, words: impl Iterator<Item = &'t str>, lead: usize, hang: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let begin = |indent: usize| {
        let mut line = String::with_capacity(WIDTH);
        line.push_str(sign);
        line.extend(std::iter::repeat_n(' ', 1 + indent));
        (line, sign.chars().count() + 1 + indent)
    };
    let (mut line, mut width) = begin(lead);
    let mut empty = true;
    for word in words {
        let length = word.chars().count();
        if !empty && width + 1 + length > WIDTH {
            let (next, indent) = begin(lead + hang);
            lines.push(std::mem::replace(&mut line, next));
            (width, empty) = (indent, true);
        }
        if !empty {
            line.push(' ');
            width += 1;
        }
        line.push_str(word);
        width += length;
        empty = false;
    }
    line.truncate(line.trim_end().len());
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_wrapped_and_never_break_a_line() {
        assert_eq!(comment("!", "  a short one", 2), ["!   a short one"]);
        let long = comment("#", &"word ".repeat(40), 4);
        assert!(
            long.len() == 3 && long.iter().all(|line| line.starts_with('#') && line.chars().count() <= WIDTH)
        );
        assert!(long[1].starts_with("#     word"));
        assert_eq!(comment("!", "", 0), ["!"]);
        assert_eq!(comment("!", "   ", 0), ["!"]);
        assert_eq!(comment("!", "a  b\tc\u{a0}d ", 0), ["! a b c d"]);
        let (fits, wraps) = ("x".repeat(WIDTH - 2), format!("{} y", "x".repeat(WIDTH - 2)));
        assert_eq!(comment("!", &fits, 2), [format!("! {fits}")]);
        assert_eq!(comment("!", &wraps, 2), [format!("! {fits}"), "!   y".to_owned()]);
    }
}
