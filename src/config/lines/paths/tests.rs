//! Both forms, what deletes and deactivates, and what no device would write.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::super::tree;
use crate::config::read;
use crate::entry::{Entry, Subject};
use crate::vendor::{Pack, Packs};

fn junos() -> std::sync::Arc<Pack> {
    Packs::embedded().get("juniper-junos").unwrap().unwrap()
}

/// The lines of `text`, and where in it each of them stands.
fn lines(text: &str) -> Vec<(String, String)> {
    let tree = tree(&junos(), text);
    assert!(tree.lines.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start), "{text}");
    tree.lines.iter().map(|line| (line.text.to_string(), text[line.range.clone()].to_owned())).collect()
}

fn paths(text: &str) -> Vec<String> {
    lines(text).into_iter().map(|(path, _)| path).collect()
}

#[test]
fn a_statement_in_braces_is_a_path_and_stands_where_its_own_words_do() {
    let text = "a {\n    b 1 {\n        c d; /* no */ e;\n    }\n    f \"x; {\"; ## SECRET-DATA\n}\ng;\n";
    let found = lines(text);
    let expected = [("a b 1 c d", "c d"), ("a b 1 e", "e"), ("a f \"x; {\"", "f \"x; {\""), ("g", "g")];
    assert_eq!(found, expected.map(|(path, own)| (path.to_owned(), own.to_owned())));
}

#[test]
fn a_list_is_a_statement_for_each_of_its_items_in_both_forms() {
    let braces = lines("a {\n  b [ c d\n    e ];\n}\n");
    let expected = [("a b c", "b [ c"), ("a b d", "d"), ("a b e", "e")];
    assert_eq!(braces, expected.map(|(path, own)| (path.to_owned(), own.to_owned())));
    assert_eq!(paths("set a b [ c d e ]\n"), ["a b c", "a b d", "a b e"]);
}

#[test]
fn comments_are_no_words() {
    for text in [
        "/* a { */\na b;\n",
        "# a {\na b; # c\n",
        "a /* over\n several\n lines */ {\n b;\n}\n",
        "## a\nset a b ## SECRET-DATA\n",
        "\u{feff}set a b\n",
    ] {
        assert_eq!(paths(text), ["a b"], "{text}");
    }
    assert_eq!(paths("set a \"b # c\"\n"), ["a \"b # c\""]);
    // One that never ends takes no more than its line.
    assert_eq!(paths("a {\n /* b\n c;\n}\n"), ["a c"]);
}

#[test]
fn what_is_deactivated_or_deleted_is_gone() {
    for (text, left) in [
        ("a {\n inactive: b {\n  c;\n }\n d;\n inactive: e;\n}\n", vec!["a d"]),
        ("set a b c\nset a d\ndeactivate a b\n", vec!["a d"]),
        ("deactivate a b\nset a b c\n", vec![]),
        ("set a b c\ndeactivate a b\nactivate a b\n", vec!["a b c"]),
        ("set a b c\nset a bc\ndelete a b\n", vec!["a bc", "delete a b"]),
        ("set a b c\ndelete a\nset a b d\n", vec!["delete a", "a b d"]),
        ("set a b\ndeactivate a\ndelete a\nset a b\n", vec!["delete a", "a b"]),
        ("a {\n protect: b;\n replace: c;\n delete: d;\n}\n", vec!["a b", "a c", "delete a d"]),
    ] {
        assert_eq!(paths(text), left, "{text}");
    }
}

#[test]
fn a_session_around_the_config_is_no_part_of_it() {
    let shown = "user@sw1> show configuration\n## Last commit: x\nversion 1;\na {\n---(more 12%)---\r   b;\n}\n\n\
                 {master:0}\nuser@sw1> edit\n{master:0}[edit]\nuser@sw1# set c d\n";
    assert_eq!(paths(shown), ["version 1", "a b", "c d"]);
}

#[test]
fn broken_braces_are_read_as_far_as_they_make_sense() {
    for (text, left) in [
        ("a {\n b;\n", vec!["a b"]),
        ("a {\n b\n", vec!["a b"]),
        ("a {\n b;\nset c d\n", vec!["a b", "c d"]),
        ("}\na b;\n", vec!["}", "a b"]),
        ("a { b \"c;\n d; }\n", vec!["a b \"c; d"]),
        ("{ { ; } } ; [ ] ;\n", vec![]),
        ("set\nset ;\n", vec!["set", "set"]),
    ] {
        assert_eq!(paths(text), left, "{text:?}");
    }
}

#[test]
fn hostile_texts_cost_no_more_than_they_are_long() {
    let deep = 200_000;
    let inside = format!("{}arp 10.0.0.1 multicast-mac 03:bf:0a:00:00:01;", "a {\n".repeat(deep));
    let found = lines(&inside);
    assert_eq!(found.len(), 1);
    assert!(found[0].0.starts_with("{ arp"), "too deep for a path, and still there");
    assert_eq!(
        read(&junos(), &inside).unparsed.len(),
        1,
        "a line about a cluster is never passed over in silence"
    );

    let wide = format!("{} {{\n{}", "long-word ".repeat(1000), "b;\n".repeat(100_000));
    let expanded: usize = lines(&wide).iter().map(|(path, _)| path.len()).sum();
    assert!(expanded < 10 * wide.len() + (1 << 17), "{expanded}");

    let items = format!("a b {} [ {}];\n", "x ".repeat(3000), "c ".repeat(3000));
    let expanded: usize = lines(&items.repeat(20)).iter().map(|(path, _)| path.len()).sum();
    assert!(expanded < 12 * 20 * items.len() + (1 << 17), "{expanded}");

    let long = "a ".repeat(1 << 20);
    for text in [
        long.clone(),
        format!("set {long}"),
        format!("a {{ {long};\n b; }}"),
        "/*".repeat(100_000),
        "\"".repeat(100_001),
        "}".repeat(1000),
        "[ ".repeat(100_000),
        "inactive: ".repeat(10_000),
        "a { ".repeat(1000) + &"} ".repeat(2000),
    ] {
        lines(&text);
    }
}

#[test]
fn names_of_vlans_and_units_mean_what_they_are_called_before_and_behind() {
    let text = "set protocols igmp-snooping vlan web l2-querier\nset interfaces irb unit 7 disable\n\
                set vlans web vlan-id 10\nset vlans web l3-interface irb.7\nset routing-instances r interface irb.7\n\
                set vlans other l3-interface irb.8\ndelete vlans web l3-interface\n";
    let said = |text: &str| -> Vec<String> {
        let junos = junos();
        let reading = read(&junos, text);
        let state = reading.state(&junos.facts(None));
        let about_svis = state.entries().filter(|entry| {
            matches!(entry, Entry::IgmpQuerier { .. } | Entry::Setting { of: Subject::Svi(_), .. })
        });
        about_svis.map(|entry| serde_json::to_string(entry).unwrap()).collect()
    };
    let with = text.lines().take(6).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(said(&with).join("\n"));
    // What was deleted says nothing, and a unit is no VLAN id.
    insta::assert_snapshot!(said(text).join("\n"));
}

/// A tree of statements: its words, and what stands in it.
#[derive(Debug, Clone)]
struct Stated {
    words: String,
    inside: Vec<Stated>,
    is_off: bool,
}

fn stated() -> impl Strategy<Value = Vec<Stated>> {
    let top = |words: &'static [&'static str]| prop::sample::select(words);
    let leaf = (
        top(&[
            "arp 10.0.10.1 multicast-mac 03:bf:0a:00:0a:01",
            "arp 10.0.10.2 mac 00:11:22:33:44:55",
            "disable",
            "vlan-id 10",
            "vlan-id 20",
            "l3-interface irb.7",
            "interface-mode trunk",
            "members web",
            "members 20-22",
            "host-name sw1",
            "description \"a; { # b\"",
            "multicast-router-interface",
            "l2-querier source-address 10.0.10.9",
            "static-mac 00:15:5d:00:00:01",
        ]),
        prop::bool::weighted(0.1),
    )
        .prop_map(|(words, is_off)| Stated { words: words.to_owned(), inside: Vec::new(), is_off });
    let block = top(&[
        "interfaces",
        "irb",
        "unit 7",
        "unit 10",
        "family inet",
        "address 10.0.10.254/24",
        "vlans",
        "web",
        "protocols",
        "igmp-snooping",
        "vlan web",
        "vlan 20",
        "interface ge-0/0/1.0",
        "ge-0/0/1",
        "unit 0",
        "family ethernet-switching",
        "vlan",
        "switch-options",
        "system",
        "irb unit 7 family inet address 10.0.10.254/24",
        "interfaces irb unit 10 family inet address 10.0.10.254/24",
        "vlans web",
        "protocols igmp-snooping vlan web",
        "interfaces ge-0/0/1 unit 0 family ethernet-switching",
    ]);
    let tree = leaf.prop_recursive(5, 40, 6, move |inner| {
        (block.clone(), prop::collection::vec(inner, 1..6), prop::bool::weighted(0.1))
            .prop_map(|(words, inside, is_off)| Stated { words: words.to_owned(), inside, is_off })
    });
    prop::collection::vec(tree, 1..8)
}

fn braces(statements: &[Stated], depth: usize, text: &mut String) {
    for stated in statements {
        let off = if stated.is_off { "inactive: " } else { "" };
        let margin = "    ".repeat(depth);
        if stated.inside.is_empty() {
            writeln!(text, "{margin}{off}{};", stated.words).unwrap();
        } else {
            writeln!(text, "{margin}{off}{} {{", stated.words).unwrap();
            braces(&stated.inside, depth + 1, text);
            writeln!(text, "{margin}}}").unwrap();
        }
    }
}

/// The flat form of what holds: a path that is off in one place may hold in another, so that what is off is left out.
fn flat(statements: &[Stated], path: &str, text: &mut String) {
    for stated in statements.iter().filter(|stated| !stated.is_off) {
        if stated.inside.is_empty() {
            writeln!(text, "set {path}{}", stated.words).unwrap();
        } else {
            flat(&stated.inside, &format!("{path}{} ", stated.words), text);
        }
    }
}

proptest! {
    #[test]
    fn both_forms_of_a_config_say_the_same(statements in stated()) {
        let (mut curly, mut set) = (String::new(), String::new());
        braces(&statements, 0, &mut curly);
        flat(&statements, "", &mut set);
        prop_assert_eq!(paths(&curly), paths(&set));
        let pack = junos();
        let facts = pack.facts(None);
        let (curly, set) = (read(&pack, &curly), read(&pack, &set));
        prop_assert!(curly.state(&facts) == set.state(&facts));
        prop_assert_eq!(curly.unparsed.len(), set.unparsed.len());
    }

    #[test]
    fn any_text_has_lines_within_it(text in "[ab/*#;{}\\[\\]\"\\\\ \n\r]{0,200}") {
        for (path, own) in lines(&text) {
            prop_assert!(!path.is_empty() && !own.is_empty());
        }
    }
}
