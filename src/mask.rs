//! Secrets in switch configs: where they stand in a line, and the line without them.
//!
//! It errs on the side of hiding. Behind a word that announces a secret everything to the end of the line is hidden,
//! since a password may hold blanks, and nothing behind it is what a reader of a finding looks for. The lines that this
//! tool judges (static ARP, static MAC, snooping) have no such word.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// What stands in the place of a secret. It does not tell how long the secret is.
pub const MASK: &str = "***";

/// What stands before a secret that reaches to the end of its line. `~` is one or more blanks.
///
/// The parts in `(?:…)?` are what may stand between the word and the secret, such as the type of a hash. Where nothing
/// would be left to hide they are the secret themselves: in `password 7` the password is `7`.
const ANNOUNCED: &[&str] = &[
    // enable secret 9 …, username x password 7 …, encrypted-password "…", secret sha512 …, enable password level 15 …
    r"\w*(?:password|passwd|secret|passphrase|passcode)(?:~level~\d+)?(?:~(?:sha-?\d*|md5|hash|irreversible-cipher|cipher|ciphertext|plaintext|simple|encrypted|\d))?",
    // key 7 …, server-key …, ntp authentication-key 1 md5 7 …, message-digest-key 1 md5 …, pre-shared-key ascii-text …
    r"(?:\w+_)?key(?:-?(?:octet-)?string)?(?:~(?:ascii-text|hexadecimal|ciphertext|cipher|plaintext|authentication|local|remote))?(?:~\d{1,5})?(?:~(?:md5|sha-?\d*|hmac-\S+))?(?:~\d)?",
    // wpa-psk ascii 0 …, psk set-key ascii …, sap pmk …
    r"(?:psk|pmk|set-key)(?:~(?:set-key|ascii|hex))*(?:~\d)?",
    // snmp-server community …, snmp-agent community read cipher …, set snmp community …, and Junos's own block
    r"(?:snmp|snmp-server|snmp-agent|trap)(?:~mib)?~community(?:-map|-group)?(?:~(?:read|write|cipher|simple))*",
    r"^[ \t]*(?:no~)?community",
    // Behind the receiver of traps stands the community, or the user
    r"snmp-server~host~\S+",
    r"snmp-agent~target-host~.*securityname",
    r"rmon~event~.*trap",
    // The keys of an SNMPv3 user, with all that is said of them
    r"snmp-server~user~\S+",
    r"snmp-agent~usm-user~\S+~\S+",
    r"(?:auth|authentication|priv|privacy)(?:-mode|-type)?~(?:md5|sha\S*|hmac\S*|simple|plain|text|des\S*|3des\S*|aes\S*)(?:~(?:128|192|256))?(?:~\d)?",
    // standby 1 authentication …, without a kind
    r"(?:standby|vrrp|glbp|nhrp)~(?:\d+~)?authentication(?:~(?:text|md5))?",
    r"(?:irreversible-cipher|cipher|ciphertext|plaintext|ascii-text|hexadecimal|localizedkey)",
    r"md5~\d",
    r"(?:token|credential|sent-username~\S+)(?:~\d)?",
];

/// What looks like the above and announces nothing.
const HARMLESS: &str = "key~(?:chain|generate|zeroize)(?:~|$)";

/// Before the word: the line's start, or a character that is no part of it. `!secret` is a tag of YAML.
const START: &str = r"(?:^|[^\w!])";

/// What shows by itself that it is a secret, wherever it stands; the group is what is hidden.
const TELLTALE: &[&str] = &[
    // Hashes: $1$…, $5$…, $6$…, $8$…, $9$…, $14$…, $c$3$…, and Huawei's
    r#"(\$[0-9A-Za-z]{1,5}\$[^ \t"'`;\r\n]{3,})"#,
    r"(%\^%#\S+|%\$%\$\S+|%@%@\S+)",
    // scp://user:password@host/, also where the password has signs that a URL would write otherwise
    r"://[^/:@ \t\r\n]+:([^ \t\r\n]+)@",
    // The arguments of agents on switches that are Linux machines: -ingestauth=key,…
    r"-\w*auth=(\S+)",
    // What Junos marks
    r#""([^"\n]+)"[;,]?[ \t]*##[ \t]*SECRET-DATA"#,
];

/// Both as one expression each. Were one wrong, everything would be hidden; a test holds that none is.
static EXPRESSIONS: LazyLock<Option<[Regex; 2]>> = LazyLock::new(|| {
    // ASCII alone: the tables of all letters cost more time than all else in a short run.
    let ascii = |expression: &str| {
        let short =
            [(r"[^\w", "[^0-9A-Za-z_"), (r"\w", "[0-9A-Za-z_]"), (r"\d", "[0-9]"), (r"\S", r"[^ \t\r\n]")];
        let spelt = short
            .iter()
            .fold(expression.replace('~', r"[ \t]+"), |spelt, (short, class)| spelt.replace(short, class));
        Regex::new(&format!("(?im){spelt}")).ok()
    };
    let announced = ANNOUNCED.join("|");
    // `=` and `:` separate too: `password=…`, `secret: …`.
    let separator = r#"(?:["']?[ \t]*[=:][ \t]*|~)"#;
    let announced = format!(r"{START}{HARMLESS}|{START}(?:{announced}){separator}(\S[^\n]*)");
    Some([ascii(&announced)?, ascii(&TELLTALE.join("|"))?])
});

/// The places of the secrets in `text`, which may have several lines: in their order, none within another.
pub fn secrets(text: &str) -> Vec<Range<usize>> {
    let Some(expressions) = &*EXPRESSIONS else { return std::iter::once(0..text.len()).collect() };
    let found = |expression: &Regex| -> Vec<Range<usize>> {
        let hidden =
            |found: regex::Captures<'_>| found.iter().skip(1).flatten().next().map(|group| group.range());
        expression.captures_iter(text).filter_map(hidden).collect()
    };
    let mut places: Vec<Range<usize>> = expressions.iter().flat_map(found).collect();
    for place in &mut places {
        place.end = place.start + text[place.clone()].trim_end().len();
    }
    united(places)
}

/// `text` without its secrets: lines of a config, or commands for one.
pub fn lines(text: &str) -> Cow<'_, str> {
    hide(text, &secrets(text))
}

/// A message without the secrets of the lines that it quotes between backticks, and without `known` ones.
///
/// Outside of quotations only what shows by itself that it is secret is hidden: "unknown key `vlna`" is a sentence.
pub fn message<'t>(text: &'t str, known: &[String]) -> Cow<'t, str> {
    let mut places = Vec::new();
    let mut start = 0;
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            places.extend(secrets(part).into_iter().map(|place| start + place.start..start + place.end));
        }
        start += part.len() + 1;
    }
    match &*EXPRESSIONS {
        Some([_, telltale]) => {
            let groups = telltale.captures_iter(text).flat_map(|found| {
                found.iter().skip(1).flatten().map(|group| group.range()).collect::<Vec<_>>()
            });
            places.extend(groups);
        }
        None => places.push(0..text.len()),
    }
    let stands_alone = |place: &Range<usize>| {
        let before = text[..place.start].chars().next_back();
        let after = text[place.end..].chars().next();
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    };
    for word in known {
        let found = text.match_indices(word.as_str()).map(|(at, word)| at..at + word.len());
        places.extend(found.filter(stands_alone));
    }
    hide(text, &united(places))
}

/// The words of the secrets in `text`: what a message about these lines must not quote.
pub fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = secrets(text)
        .into_iter()
        .flat_map(|place| text[place].split_whitespace())
        // `key,SECRET` of an agent's arguments: what is behind the comma is a secret by itself.
        .flat_map(|word| [word, word.rsplit(',').next().unwrap_or(word)])
        // `name=SECRET`: so is a value behind its name.
        .flat_map(|word| [word, word.split_once('=').map_or(word, |(_, value)| value)])
        .flat_map(|word| [word, word.trim_matches(|c: char| c.is_ascii_punctuation())])
        .filter(|word| word.len() > 2)
        .map(str::to_owned)
        .collect();
    // The longest first: one may be part of another.
    words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    words.dedup();
    words
}

/// The places in their order, those that touch made one.
fn united(mut places: Vec<Range<usize>>) -> Vec<Range<usize>> {
    places.retain(|place| !place.is_empty());
    places.sort_by_key(|place| (place.start, place.end));
    let mut united: Vec<Range<usize>> = Vec::with_capacity(places.len());
    for place in places {
        match united.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => united.push(place),
        }
    }
    united
}

fn hide<'t>(text: &'t str, places: &[Range<usize>]) -> Cow<'t, str> {
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for place in places {
        shown.push_str(&text[at..place.start]);
        shown.push_str(MASK);
        at = place.end;
    }
    shown.push_str(&text[at..]);
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests;
