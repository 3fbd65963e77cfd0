//! Fingerprints of findings: what a finding is about, as a number that stays while lines move.
//!
//! A fingerprint is made of the rule, the device, the cluster and the words of the lines, never of line numbers. So a
//! baseline still knows a finding when lines were added above it, and stops knowing it when its line changes. Secrets
//! do not go in: a baseline is often public, and a short password can be guessed from a digest.

use std::borrow::Cow;
use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::diagnostic::Diagnostic;
use crate::mask;
use crate::net::mac::{self, Notation};
use crate::source::{SourceFile, Sources, Span};

/// The longest text that is looked at for one finding, in octets: a place may be a block, or a line of megabytes.
const LONGEST: usize = 4096;
/// The octets of a digest that are kept: 128 bits tell any number of findings apart.
const KEPT: usize = 16;

/// One fingerprint for each finding, in hexadecimal digits, all different. Findings that nothing tells apart are
/// counted through in their order.
pub fn fingerprints(findings: &[Diagnostic], sources: &Sources) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let one = |finding: &Diagnostic| {
        let about = about(finding, sources);
        let first = digest(&about, 0);
        let count = seen.entry(first.clone()).and_modify(|count| *count += 1).or_insert(0);
        if *count == 0 { first } else { digest(&about, *count) }
    };
    findings.iter().map(one).collect()
}

/// What makes a finding the same in another run. No part can hold the separator: [`normal`] leaves no line break.
fn about(finding: &Diagnostic, sources: &Sources) -> String {
    let file = finding.span.map(|span| sources.file(span.file));
    let device = match (&finding.switch, file) {
        (Some(switch), _) => normal(switch),
        (None, file) => file.map_or_else(String::new, |file| normal(file.path())),
    };
    let words = match (finding.span, file) {
        (Some(span), Some(file)) => normal(&mask::lines(&lines_of(span, file))),
        // Without a place only the words of the finding are left to tell it by.
        _ => normal(&finding.message),
    };
    let cluster = normal(finding.cluster.as_deref().unwrap_or_default());
    [finding.code.to_string(), device, cluster, words].join("\n")
}

/// The lines that `span` touches; of very long ones the part that it marks.
fn lines_of(span: Span, file: &SourceFile) -> Cow<'_, str> {
    let octets = file.text().as_bytes();
    let first = file.line_range(file.line_index(span.start as usize));
    let last = file.line_range(file.line_index(span.end.max(span.start + 1) as usize - 1));
    let whole = first.start..last.end.max(first.end);
    let range = if whole.len() <= LONGEST { whole } else { span.range() };
    let start = range.start.min(octets.len());
    // A character cut in two is the same at every place that the text may move to.
    String::from_utf8_lossy(&octets[start..range.end.min(octets.len()).clamp(start, start + LONGEST)])
}

/// `text` in lower case, each run of blanks as one, each MAC address in one notation.
fn normal(text: &str) -> String {
    let word = |word: &str| {
        let bare = word.trim_matches([',', ';', '"', '\'', '[', ']', '{', '}']);
        match mac::parse(bare) {
            Ok(mac) => word.replace(bare, &mac::format(mac, Notation::Bare)),
            Err(_) => word.to_lowercase(),
        }
    };
    text.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

fn digest(about: &str, count: usize) -> String {
    let mut hash = Sha256::new();
    hash.update(about.as_bytes());
    if count > 0 {
        hash.update(format!("\n#{count}"));
    }
    hash.finalize().iter().take(KEPT).map(|octet| format!("{octet:02x}")).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Severity};

    /// The fingerprint of a finding about `word` in a config with this text.
    fn of(text: &str, word: &str, shape: impl Fn(&mut Diagnostic)) -> String {
        let mut sources = Sources::new();
        let file = sources.add_config("sw1.cfg", text);
        let at = text.find(word).unwrap();
        let mut finding = Diagnostic::new(Code(101), "mac-mismatch", Severity::Error, "wrong");
        finding.span = Some(Span::new(file, at..at + word.len()));
        shape(&mut finding);
        fingerprints(&[finding], &sources).remove(0)
    }

    #[test]
    fn moved_lines_and_other_spellings_keep_the_fingerprint() {
        let base = of("arp 10.0.0.1 03bf.0a00.0001 ARPA\n", "10.0.0.1", |_| {});
        assert_eq!(base.len(), 2 * KEPT);
        for text in [
            "!\n! more\nhostname x\r\n  arp  10.0.0.1 03bf.0a00.0001\tARPA\r\n",
            "ARP 10.0.0.1 03-BF-0A-00-00-01 arpa",
            "arp 10.0.0.1 03:bf:0a:00:00:01 ARPA\n",
        ] {
            assert_eq!(of(text, "10.0.0.1", |_| {}), base, "{text}");
        }
    }

    #[test]
    fn another_rule_switch_cluster_or_line_changes_the_fingerprint() {
        let text = "arp 10.0.0.1 03bf.0a00.0001 ARPA\n";
        let shapes: [fn(&mut Diagnostic); 4] = [
            |_| {},
            |finding| finding.code = Code(102),
            |finding| finding.switch = Some("sw1".to_owned()),
            |finding| finding.cluster = Some("sw1".to_owned()),
        ];
        let mut all: Vec<String> = shapes.iter().map(|shape| of(text, "10.0.0.1", shape)).collect();
        all.push(of("arp 10.0.0.1 03bf.0a00.0002 ARPA\n", "10.0.0.1", |_| {}));
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn equal_findings_are_counted_through() {
        let sources = Sources::new();
        let finding = Diagnostic::new(Code(901), "invalid-design", Severity::Error, "no design");
        let three = fingerprints(&[finding.clone(), finding.clone(), finding.clone()], &sources);
        assert_eq!(three[0], fingerprints(&[finding], &sources)[0]);
        assert!(three[0] != three[1] && three[1] != three[2] && three[0] != three[2], "{three:?}");
    }

    #[test]
    fn a_place_in_a_line_of_megabytes_costs_little() {
        let text = format!("{}\u{e4}mark{}", "\u{fc}".repeat(1 << 20), "x".repeat(1 << 20));
        assert_eq!(of(&text, "mark", |_| {}), of(&text[2..], "mark", |_| {}));
    }
}
