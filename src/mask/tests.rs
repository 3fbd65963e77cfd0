use proptest::prelude::*;

use super::*;

/// Lines of every dialect; `@` stands for the secret, `^` for an at sign.
const LINES: &[&str] = &[
    // Cisco IOS and IOS XE
    "enable secret 5 @",
    "enable secret level 5 9 @",
    "enable password @",
    "enable password 7 @",
    "username admin privilege 15 secret 9 @",
    "username admin password 0 @",
    "username admin privilege 15 common-criteria-policy strong password 7 @",
    " password 7 @",
    "snmp-server community @ RO 10",
    "snmp-server community @ view all RW",
    "snmp-server host 10.0.0.1 version 2c @ udp-port 162",
    "snmp-server host 10.0.0.1 @",
    "snmp-server host 10.0.0.1 traps version 3 auth @",
    "snmp-server user ops readers v3 auth sha @ priv aes 128 @",
    "snmp-server user ops readers v3 encrypted auth md5 @",
    "tacacs-server key 7 @",
    "tacacs-server host 10.0.0.1 key @",
    "radius-server host 10.0.0.1 auth-port 1812 acct-port 1813 key 7 @",
    " key 7 @",
    " pac key 7 @",
    " client 10.0.0.1 server-key 7 @",
    "  key-string 7 @",
    "crypto isakmp key @ address 10.0.0.1",
    "crypto isakmp key 6 @ address 0.0.0.0 0.0.0.0",
    "  pre-shared-key address 0.0.0.0 0.0.0.0 key @",
    "  pre-shared-key local @",
    " ip ospf message-digest-key 1 md5 7 @",
    " ip ospf authentication-key @",
    " area 1 virtual-link 10.0.0.1 message-digest-key 1 md5 @",
    " neighbor 10.0.0.1 password 7 @",
    "ntp authentication-key 1 md5 @ 7",
    " standby 10 authentication md5 key-string 7 @",
    " standby 10 authentication text @",
    " standby 10 authentication @",
    " vrrp 1 authentication text @",
    " ip nhrp authentication @",
    " ppp chap password 0 @",
    " ppp pap sent-username router password 0 @",
    "vtp password @",
    " wpa-psk ascii 0 @",
    " wpa-psk hex 7 @",
    " security wpa psk set-key ascii 0 @",
    "key config-key password-encrypt @",
    "ip ftp password 7 @",
    "ip http client password 0 @",
    " isis password @ level-2",
    " path scp://backup:@^10.0.0.1/configs",
    " bind authenticate root-dn cn=reader password 7 @",
    "l2tp tunnel password 7 @",
    "mka pre-shared-key @",
    // NX-OS
    "username admin password 5 @  role network-admin",
    "tacacs-server key 7 \"@\"",
    "snmp-server user admin network-admin auth md5 @ priv @ localizedkey",
    "snmp-server community @ group network-operator",
    "  key-octet-string 7 @ cryptographic-algorithm AES_256_CMAC",
    "  authentication text @",
    "  authentication md5 key-string 7 @",
    "  ip ospf message-digest-key 1 md5 3 @",
    "    password 3 @",
    "bfd authentication Keyed-SHA1 key-id 1 hex-key @",
    // EOS
    "username admin privilege 15 role network-admin secret sha512 @",
    "enable password sha512 @",
    "radius-server host 10.0.0.1 key 7 @",
    "   neighbor 10.0.0.1 password 7 @",
    "   exec /usr/bin/TerminAttr -ingestgrpcurl=10.0.0.1:9910 -ingestauth=key,@ -taillogs",
    "aaa root secret sha512 @",
    "   key 0abc1234 7 @",
    // FTOS
    "enable sha256-password 8 @",
    "username admin password 7 @ privilege 15 role sysadmin",
    "tacacs-server host 10.0.0.1 key 7 @",
    "snmp-server user ops readers 3 encrypted auth md5 @ priv des56 @",
    "ntp authentication-key 345 md5 7 @",
    " authentication-type simple 7 @",
    // PowerConnect
    "enable password level 15 @ encrypted",
    "username admin password @ level 15 encrypted",
    "password @ encrypted",
    "snmp-server host 10.0.0.1 @ 2",
    "encrypted radius-server key @",
    "encrypted snmp-server community @ ro view Default",
    "encrypted sntp authentication-key 1 md5 @",
    "radius-server host 10.0.0.1 key @",
    "rmon event 1 log trap @ owner me",
    // Junos, Comware, Huawei, ArubaOS
    "set system root-authentication encrypted-password \"@\"",
    "            encrypted-password \"@\"; ## SECRET-DATA",
    "set snmp community @ authorization read-only",
    "    community @ {",
    "set security ike policy p pre-shared-key ascii-text \"@\"",
    "  description \"@\"; ## SECRET-DATA",
    " password cipher @",
    " password irreversible-cipher @",
    "super password level 3 cipher @",
    "set authentication password simple @",
    " snmp-agent community read cipher @",
    "snmp-agent community write @",
    "snmp-agent usm-user v3 ops readers cipher authentication-mode sha @ privacy-mode aes128 @",
    "snmp-agent target-host trap address udp-domain 10.0.0.1 params securityname cipher @ v2c",
    "key authentication cipher @",
    "ospf authentication-mode md5 1 cipher @",
    "vrrp vrid 1 authentication-mode simple @",
    "password manager plaintext @",
    "radius-server host 10.0.0.1 encrypted-key \"@\"",
    "user admin password ciphertext @",
    "snmp-server community \"@\" unrestricted",
    // What is pasted from elsewhere
    "password=@",
    "secret: @",
    "  \"password\": \"@\",",
    "core1(config)# enable secret 5 @",
];

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
    for line in LINES {
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
fn the_expressions_are_right() {
    assert!(EXPRESSIONS.is_some());
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
        line in proptest::sample::select(LINES),
        before in "([a-z]{0,8} ?){0,3}",
        secret in "Q[A-Za-z0-9!#&*+./<>?^_{|}~-]{3,30}Q",
    ) {
        let text = format!("hostname x\n{before}\n{}\n!\n", with(line, &secret));
        // In a URL these end the password.
        prop_assume!(!line.contains("://") || !secret.contains(['/', '@']));
        prop_assert!(!lines(&text).contains(&secret), "{}", lines(&text));
    }
}
