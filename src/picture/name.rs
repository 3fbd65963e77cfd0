//! The order of names as people count: `sw2` before `sw10`.

use std::cmp::Ordering;

/// Compares two names, numbers in them by their value. Different names are never equal.
pub(super) fn compare(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    loop {
        let (ours, theirs) = (digits(left), digits(right));
        if ours > 0 && theirs > 0 {
            let (a, b) = (left[..ours].trim_start_matches('0'), right[..theirs].trim_start_matches('0'));
            match a.len().cmp(&b.len()).then_with(|| a.cmp(b)) {
                Ordering::Equal => (left, right) = (&left[ours..], &right[theirs..]),
                different => return different,
            }
            continue;
        }
        match (left.chars().next(), right.chars().next()) {
            (Some(a), Some(b)) if a == b => (left, right) = (&left[a.len_utf8()..], &right[b.len_utf8()..]),
            (None, None) => return one.cmp(other),
            (a, b) => return a.cmp(&b),
        }
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_count() {
        let mut names = vec!["sw10", "sw2", "sw02", "core", "sw", "sw2a", "Gi1/0/10", "Gi1/0/9"];
        names.sort_by(|one, other| compare(one, other));
        assert_eq!(names, ["Gi1/0/9", "Gi1/0/10", "core", "sw", "sw02", "sw2", "sw2a", "sw10"]);
    }
}
