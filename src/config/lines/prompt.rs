//! Prompts that a log of a session holds: `sw1#show running-config`, `sw1(config-if)#shutdown`, `sw1>`.

use memchr::memchr2_iter;

/// The longest prompt, in octets.
const MAX_PROMPT: usize = 128;

/// The prompt at the beginning of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Prompt {
    /// How deep in the config what is typed here stands; `None` where nothing is configured.
    pub(super) depth: Option<usize>,
    /// The first octet of what was typed.
    pub(super) typed: usize,
}

fn belongs(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b".-_/:@~+()".contains(&octet)
}

/// Whether any line of `text` may begin with a prompt. Most texts hold none, and then no line needs to be asked.
pub(super) fn may_hold_prompts(text: &str) -> bool {
    let octets = text.as_bytes();
    memchr2_iter(b'#', b'>', octets).any(|sign| {
        let window = &octets[sign.saturating_sub(MAX_PROMPT)..sign];
        let name = window.iter().rev().take_while(|octet| belongs(**octet)).count();
        let before = window[..window.len() - name].iter().rev().find(|octet| !matches!(octet, b' ' | b'\t'));
        name > 0
            && before.is_none_or(|octet| matches!(octet, b'\n' | b'\r' | 0x80..) || octet.is_ascii_control())
    })
}

/// The prompt that `line` begins with.
pub(super) fn prompt(line: &str) -> Option<Prompt> {
    let octets = line.as_bytes();
    let name = octets.iter().take(MAX_PROMPT).take_while(|octet| belongs(**octet)).count();
    if name == 0 || !matches!(octets.get(name), Some(b'#' | b'>')) {
        return None;
    }
    let mode = line[..name].strip_suffix(')').and_then(|text| text.split_once('(')).map(|(_, mode)| mode);
    let depth = mode.filter(|mode| mode.starts_with("config")).map(|mode| mode.matches('-').count());
    let blanks = octets[name + 1..].iter().take_while(|octet| matches!(octet, b' ' | b'\t')).count();
    Some(Prompt { depth, typed: name + 1 + blanks })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_told_from_lines() {
        for (line, expected) in [
            ("sw1#show running-config", Some((None, "show running-config"))),
            ("sw1# ", Some((None, ""))),
            ("sw1>", Some((None, ""))),
            ("RP/0/RP0/CPU0:sw1#x", Some((None, "x"))),
            ("sw1(config)#arp 10.0.0.1", Some((Some(0), "arp 10.0.0.1"))),
            ("sw1(config-if)# shutdown", Some((Some(1), "shutdown"))),
            ("sw1(config-if-hsrp)#ip 10.0.0.1", Some((Some(2), "ip 10.0.0.1"))),
            ("console(vlan)#", Some((None, ""))),
            ("description a#b", None),
            ("#", None),
            ("# text", None),
            (">", None),
            ("arp 10.0.0.1", None),
        ] {
            let found = prompt(line).map(|prompt| (prompt.depth, &line[prompt.typed..]));
            assert_eq!(found, expected, "{line}");
            if expected.is_some() {
                assert!(may_hold_prompts(line) && may_hold_prompts(&format!("x\n  {line}\r")), "{line}");
            }
        }
        assert!(!may_hold_prompts("description a#b\n description C#\n#\n ###\n"));
    }
}
