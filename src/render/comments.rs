//! Comment lines in the device's own comment sign.

/// The widest comment line, in characters.
const WIDTH: usize = 100;

/// `text` as comment lines: `sign`, then the text, wrapped, later lines indented by `hang` more blanks.
pub(super) fn comment(sign: &str, text: &str, hang: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let lead = text.len() - text.trim_start().len();
    let mut line = format!("{sign} {}", " ".repeat(lead));
    let mut empty = true;
    for word in text.split_whitespace() {
        let blank = usize::from(!empty);
        if !empty && line.chars().count() + blank + word.chars().count() > WIDTH {
            lines.push(std::mem::replace(&mut line, format!("{sign} {}", " ".repeat(lead + hang))));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    lines.push(line.trim_end().to_owned());
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
    }
}
