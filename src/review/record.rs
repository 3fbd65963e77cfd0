//! What was reviewed: SHA-256 of every input, kept in every format so that a program finds it again.

use sha2::{Digest, Sha256};

use super::document::{Input, Record};

/// What stands before the record in Markdown and HTML: a comment that both take.
const OPENING: &str = "<!-- nlbswitch-review ";
/// What stands behind it.
const CLOSING: &str = " -->";

/// SHA-256 of octets, in hexadecimal digits, as `sha256sum` prints it.
pub fn sha256(octets: &[u8]) -> String {
    Sha256::digest(octets).iter().map(|octet| format!("{octet:02x}")).collect()
}

/// The record as a comment of one line. Nothing in it ends the comment, whatever files are called.
pub(super) fn comment(record: &Record) -> String {
    let json = serde_json::to_string(record).unwrap_or_default();
    // These stand in strings only, where JSON takes their numbers in their place.
    let mut shown = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' | '>' | '&' => shown.push_str(&format!("\\u{:04x}", u32::from(character))),
            '-' if shown.ends_with('-') => shown.push_str("\\u002d"),
            _ => shown.push(character),
        }
    }
    format!("{OPENING}{shown}{CLOSING}")
}

/// Why a file holds no record.
#[derive(Debug, thiserror::Error)]
pub enum NoRecord {
    /// Nothing in it looks like one.
    #[error("it is no review of nlbswitch: it does not say what was reviewed")]
    Missing,
    /// What looks like one cannot be read.
    #[error("what it says of its inputs cannot be read: {0}")]
    Broken(String),
    /// There are several.
    #[error("it says several times what was reviewed: it is not one review")]
    Several,
}

/// The record that a review holds, in whichever format it was written.
///
/// # Errors
/// [`NoRecord`] when there is none, or not one.
pub fn record_of(text: &str) -> Result<Record, NoRecord> {
    let broken = |error: serde_json::Error| NoRecord::Broken(error.to_string());
    if text.trim_start().starts_with('{') {
        let mut document: serde_json::Value = serde_json::from_str(text).map_err(broken)?;
        return match document.get_mut("record").map(serde_json::Value::take) {
            Some(record) => serde_json::from_value(record).map_err(broken),
            None => Err(NoRecord::Missing),
        };
    }
    let mut found = text.match_indices(OPENING).map(|(at, opening)| &text[at + opening.len()..]);
    let record = found.next().ok_or(NoRecord::Missing)?;
    if found.next().is_some() {
        return Err(NoRecord::Several);
    }
    let end = record.find(CLOSING).ok_or_else(|| NoRecord::Broken("it has no end".to_owned()))?;
    serde_json::from_str(&record[..end]).map_err(broken)
}

/// How an input is not what was reviewed, one line each, in the order of the inputs.
pub fn changes(reviewed: &[Input], current: &[Input]) -> Vec<String> {
    let same = |one: &Input, other: &Input| one.kind == other.kind && one.name == other.name;
    let mut changes: Vec<(&Input, String)> = Vec::new();
    for input in reviewed {
        let now = current.iter().find(|one| same(one, input));
        let how = match (input.sha256.as_deref(), now.map(|now| now.sha256.as_deref())) {
            (_, None) => "is no longer an input",
            (Some(_), Some(None)) => "cannot be read any more",
            (None, Some(Some(_))) => "could not be read then, and can now",
            (then, Some(now)) if then == now => continue,
            _ => "has changed",
        };
        changes.push((input, how.to_owned()));
    }
    for input in current.iter().filter(|input| !reviewed.iter().any(|one| same(one, input))) {
        changes.push((input, "was not reviewed".to_owned()));
    }
    changes.sort();
    changes.into_iter().map(|(input, how)| format!("{} {} {how}", input.kind.title(), input.name)).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::document::{Arguments, InputKind};
    use super::*;

    fn input(kind: InputKind, name: &str, sha256: Option<&str>) -> Input {
        Input { kind, name: name.to_owned(), sha256: sha256.map(str::to_owned) }
    }

    #[test]
    fn digests_are_those_of_sha256sum() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn a_record_comes_back_whatever_its_files_are_called() {
        let names = ["a-->b", "--", "---->", "<!-- nlbswitch-review {} -->", "\"\\", "ä\u{202e}", "<script>"];
        let inputs = names.iter().map(|name| input(InputKind::Design, name, Some("00"))).collect();
        let record = Record { tool: "1".to_owned(), arguments: Arguments::default(), inputs };
        let comment = comment(&record);
        assert_eq!(comment.matches("-->").count(), 1, "{comment}");
        assert_eq!(comment.matches("<!--").count(), 1, "{comment}");
        assert!(!comment[4..comment.len() - 3].contains("--"), "HTML takes no `--` in a comment: {comment}");
        assert_eq!(record_of(&format!("# x\n{comment}\ntext")).unwrap(), record);
    }

    #[test]
    fn what_is_no_review_has_no_record() {
        for (text, why) in [
            ("", "it is no review"),
            ("# notes", "it is no review"),
            ("{\"version\": 1}", "it is no review"),
            ("{\"version\":", "cannot be read"),
            ("{\"record\": {\"tool\": 1}}", "cannot be read"),
            ("<!-- nlbswitch-review {\"tool\"", "has no end"),
            ("<!-- nlbswitch-review {} -->", "cannot be read"),
            ("<!-- nlbswitch-review {} --><!-- nlbswitch-review {} -->", "several times"),
        ] {
            let error = record_of(text).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
        let deep = "{\"record\":".to_owned() + &"[".repeat(100_000);
        assert!(record_of(&deep).is_err());
    }

    #[test]
    fn every_way_to_differ_is_told() {
        use InputKind::{Config, Design, Pack};
        let then = [
            input(Design, "a.yaml", Some("1")),
            input(Design, "b.yaml", Some("1")),
            input(Config, "gone.cfg", Some("1")),
            input(Config, "late.cfg", None),
            input(Config, "still.cfg", None),
            input(Config, "lost.cfg", Some("1")),
            input(Pack, "cisco-ios", Some("1")),
        ];
        let now = [
            input(Config, "late.cfg", Some("1")),
            input(Config, "new.cfg", Some("1")),
            input(Config, "still.cfg", None),
            input(Config, "lost.cfg", None),
            input(Design, "a.yaml", Some("1")),
            input(Design, "b.yaml", Some("2")),
            input(Pack, "cisco-ios", Some("2")),
        ];
        assert_eq!(
            changes(&then, &now),
            [
                "design b.yaml has changed",
                "config gone.cfg is no longer an input",
                "config late.cfg could not be read then, and can now",
                "config lost.cfg cannot be read any more",
                "config new.cfg was not reviewed",
                "vendor pack cisco-ios has changed",
            ]
        );
        assert_eq!(changes(&then, &then), [""; 0]);
    }
}
