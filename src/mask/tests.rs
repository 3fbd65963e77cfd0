use proptest::prelude::*;

use super::*;

/// The lines of `fixtures/secrets.txt`: `@` stands for the secret, `^` for an at sign.
static LINES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let all = include_str!("../../fixtures/secrets.txt").lines();
    all.filter(|line| !line.starts_with(['#', '=']) && !line.is_empty()).collect()
});

fn with(line: &str, secret: &str) -> String {
    let (before, after) = line.split_once('@').unwrap_or((line, ""));
    format!("{before}{secret}{}", after.replace('@', secret).replace('^', "@"))
}

/// Lines that hold no secret.
const PLAIN: &[&str] = &[
    "service password-encryption",
    "no service password-recovery",
    "security passwords min-length 8",
    "arp 172.31.1.232 03bf.ac1f.01e8 ARPA",
    "mac address-table static 03bf.ac1f.01e8 vlan 10 interface GigabitEthernet1/0/1",
    "bridge address 03:bf:ac:1f:01:e8 ethernet g1 permanent",
    "ip igmp snooping vlan 10 static 239.255.1.232 interface Gi1/0/1",
    "key chain ospf",
    "crypto key generate rsa modulus 2048",
    " ip ospf authentication message-digest",
    " ip authentication key-chain eigrp 1 mine",
    "ip community-list 10 permit 65000:1",
    " private-vlan community",
    "aaa authentication login default group tacacs+ local",
    "snmp-server group readers v3 priv",
    "snmp-server location Cologne",
    "snmp-server enable traps",
    " standby 10 priority 110",
    "clusters: [{name: web, mode: multicast}]",
];

#[test]
fn no_listed_secret_is_shown() {
    assert!(LINES.len() > 100, "the list was read");
    for line in LINES.iter() {
        for secret in ["S3cr3t", "$1$mERr$hx5rVt7rPNoS4wqbXKX7m0", "0822455D0A16", "two words", "a`b"] {
            // In these a blank ends the secret.
            if secret.contains(' ') && (line.contains("://") || line.contains("auth=")) {
                continue;
            }
            let written = with(line, secret);
            let shown = lines(&written);
            assert!(!shown.contains(secret), "{written}\n{shown}");
            assert!(shown.contains(MASK), "{written}\n{shown}");
        }
    }
}

#[test]
fn lines_without_a_secret_stay_as_they_are() {
    for line in PLAIN {
        assert_eq!(lines(line), *line);
    }
    let all = PLAIN.join("\n");
    assert_eq!(lines(&all), all);
}

#[test]
fn what_is_hidden_is_the_secret_and_not_what_announces_it() {
    for (line, shown) in [
        ("enable secret 5 $1$mERr$hx5", "enable secret 5 ***"),
        ("username admin privilege 15 password 7 0822455D0A16", "username admin privilege 15 password 7 ***"),
        ("snmp-server community public RO 10", "snmp-server community ***"),
        ("/snmp community add addresses=::/0 name=public", "/snmp community add addresses=::/0 name=***"),
        ("set auth-pwd ENC AAk7Qz==", "set auth-pwd ENC ***"),
        ("snmp-server host 10.0.0.1 version 2c public", "snmp-server host 10.0.0.1 ***"),
        ("password 7", "password ***"),
        ("password 7 \r", "password *** \r"),
        (" path scp://backup:pw@10.0.0.1/x", " path scp://backup:***@10.0.0.1/x"),
        ("key 7 secret 9\nhostname x", "key 7 ***\nhostname x"),
    ] {
        assert_eq!(lines(line), shown);
    }
}

#[test]
fn messages_are_sentences_and_what_they_quote_are_lines() {
    for (said, shown) in [
        ("unknown key `vlna`; did you mean `vlan`?", "unknown key `vlna`; did you mean `vlan`?"),
        ("`enable secret 5 abc` is not understood", "`enable secret 5 ***` is not understood"),
        ("the line has $1$mERr$hx5rVt7 in it", "the line has *** in it"),
        ("the word `hidden1` is no port", "the word `***` is no port"),
        ("the word `hidden12` is a port", "the word `hidden12` is a port"),
        ("an open `password abc", "an open `password ***"),
    ] {
        assert_eq!(message(said, &["hidden1".to_owned()]), shown);
    }
}

#[test]
fn the_words_of_a_secret_are_known_without_what_names_them() {
    for (line, word) in [
        ("enable secret 5 hidden1", "hidden1"),
        ("-ingestauth=key,hidden1", "hidden1"),
        ("/snmp community add name=hidden1", "hidden1"),
        ("/snmp community add name=\"hid=den1\"", "hid=den1"),
    ] {
        assert!(words(line).contains(&word.to_owned()), "{line}: {:?}", words(line));
    }
}

#[test]
fn the_expressions_are_right() {
    assert!(EXPRESSIONS.is_some());
}

#[test]
fn what_stands_behind_a_name_or_a_comma_is_a_secret_by_itself() {
    for (line, secret) in [
        ("/snmp community add name=hunter2", "hunter2"),
        ("snmp-server community alpha,hunter2", "hunter2"),
        ("/snmp community add name=hun=ter2==", "hun=ter2=="),
        ("/snmp community set [ find default=yes ] name=\"hunter2\"", "hunter2"),
    ] {
        assert!(words(line).iter().any(|word| word == secret), "{line}: {:?}", words(line));
    }
}

proptest! {
    #[test]
    fn whatever_the_text_is_hiding_keeps_the_rest(text in "[ -~äß€\t\n`$%]{0,200}") {
        let places = secrets(&text);
        prop_assert!(places.windows(2).all(|pair| pair[0].end < pair[1].start));
        let shown = lines(&text);
        let hidden: usize = places.iter().map(|place| place.len()).sum();
        prop_assert_eq!(shown.len(), text.len() - hidden + places.len() * MASK.len());
        prop_assert!(words(&text).iter().all(|word| places.iter().any(|place| text[place.clone()].contains(word))));
    }

    #[test]
    fn a_marked_secret_is_hidden_in_any_surroundings(
        line in proptest::sample::select(&LINES[..]),
        before in "([a-z]{0,8} ?){0,3}",
        secret in "Q[A-Za-z0-9!#&*+./<>?^_{|}~-]{3,30}Q",
    ) {
        let text = format!("hostname x\n{before}\n{}\n!\n", with(line, &secret));
        prop_assert!(!lines(&text).contains(&secret), "{}", lines(&text));
    }
}
