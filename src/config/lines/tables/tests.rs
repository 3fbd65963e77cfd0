use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use crate::config::lines::{Tree, tree};
use crate::config::read;
use crate::vendor::{Pack, Packs};

fn pack() -> Arc<Pack> {
    Packs::embedded().get("fortiswitch").unwrap().unwrap()
}

/// The lines of `text`, each with its own octets there.
fn lines(text: &str) -> Vec<(String, String)> {
    let pack = pack();
    let Tree { lines, .. } = tree(&pack, text);
    lines.into_iter().map(|line| (line.text.into_owned(), text[line.range].to_owned())).collect()
}

fn statements(text: &str) -> Vec<String> {
    lines(text).into_iter().map(|(statement, _)| statement).collect()
}

const SAVED: &str = "config switch vlan\n    edit 10\n        set description \"the web\"\n        \
                     set igmp-snooping enable\n    next\nend\n";

#[test]
fn a_value_has_all_words_from_the_root_and_points_at_its_own_line() {
    assert_eq!(
        lines(SAVED),
        [
            ("config switch vlan edit 10", "edit 10"),
            ("config switch vlan edit 10 set description \"the web\"", "set description \"the web\""),
            ("config switch vlan edit 10 set igmp-snooping enable", "set igmp-snooping enable"),
        ]
        .map(|(statement, own)| (statement.to_owned(), own.to_owned()))
    );
    let global = "config system global\n    set hostname \"sw1\"\nend\n";
    assert_eq!(statements(global), ["config system global set hostname sw1"]);
}

#[test]
fn typed_lines_and_lines_that_hold_all_words_say_what_saved_ones_do() {
    let flat: String = SAVED.lines().map(|line| format!("{}\n", line.trim_start())).collect();
    assert_eq!(statements(&flat), statements(SAVED));
    let prompts = "sw1 # config switch vlan\nsw1 (vlan) # edit 10\nsw1 (10) # set description 'the web'\n\
                   sw1 (10) # set igmp-snooping enable\nsw1 (10) # end\nsw1 # ";
    assert_eq!(statements(&prompts.replace('\'', "\"")), statements(SAVED));
    let whole = &lines(&statements(SAVED)[2])[1];
    assert_eq!(*whole, (statements(SAVED)[2].clone(), "set igmp-snooping enable".to_owned()));
    // A whole line leaves the blocks around it as they are.
    let within =
        "config switch vlan\nedit 10\nconfig switch global set name x\nset igmp-snooping enable\nend\n";
    assert_eq!(
        statements(within),
        [
            "config switch vlan edit 10",
            "config switch global set name x",
            "config switch vlan edit 10 set igmp-snooping enable"
        ]
    );
}

#[test]
fn a_record_that_means_something_as_a_whole_is_one_statement() {
    let text = "config switch static-mac\n    edit 1\n        set vlan-id 10\n        set mac 03:bf:0a:00:00:01\n        \
                set description \"03:bf:0a:00:00:01 of web\"\n        set interface \"port1\"\n    next\n    edit 2\n    next\nend\n";
    let whole =
        "config switch static-mac edit 1 set interface port1 set mac 03:bf:0a:00:00:01 set vlan-id 10";
    let found = lines(text);
    assert_eq!(found[0], (whole.to_owned(), "set mac 03:bf:0a:00:00:01".to_owned()));
    assert_eq!(found[1], ("config switch static-mac edit 2".to_owned(), "edit 2".to_owned()));
    assert_eq!(statements(&format!("{whole}\n")), [whole]);
    // A finding points at the MAC itself.
    let pack = pack();
    let reading = read(&pack, text);
    assert_eq!(&text[reading.facts[0].mac().unwrap()], "03:bf:0a:00:00:01");
    assert_eq!(reading.facts[0].mac().unwrap().start, text.find("03:bf").unwrap());
}

#[test]
fn what_is_taken_back_or_stated_anew_is_gone() {
    let text = "config switch vlan\nedit 10\nset igmp-snooping enable\nnext\nedit 20\nset igmp-snooping enable\nnext\n\
                delete 20\nedit 10\nunset igmp-snooping\nend\n";
    assert_eq!(
        statements(text),
        [
            "config switch vlan edit 10",
            "config switch vlan delete 20",
            "config switch vlan edit 10",
            "config switch vlan edit 10 unset igmp-snooping"
        ]
    );
    let anew = "config switch interface\nedit port1\nset allowed-vlans 10\nset allowed-vlans 20\nend\n";
    assert_eq!(statements(anew)[1..], ["config switch interface edit port1 set allowed-vlans 20"]);
    let macs = "config switch static-mac\nedit 1\nset mac 00:15:5d:00:00:01\nset vlan-id 10\nnext\nedit 1\nset vlan-id 20\n\
                set interface port2\nnext\nedit 2\nset mac 00:15:5d:00:00:02\nunset mac\nend\n";
    assert_eq!(
        statements(macs),
        [
            "config switch static-mac edit 1 set interface port2 set mac 00:15:5d:00:00:01 set vlan-id 20",
            "config switch static-mac edit 2"
        ]
    );
    // What is deleted has left nothing to the next of its name, nor has a table that was emptied.
    let again = "config switch static-mac\nedit 1\nset vlan-id 10\nnext\ndelete 1\nedit 1\nset interface port1\nend\n";
    assert_eq!(statements(again)[1], "config switch static-mac edit 1 set interface port1");
    let emptied = "config switch vlan\nedit 10\nset igmp-snooping enable\nnext\npurge\nedit 20\nnext\nend\n";
    assert_eq!(statements(emptied), ["config switch vlan purge", "config switch vlan edit 20"]);
}

#[test]
fn a_key_of_nothing_is_a_record_of_its_own() {
    let text = "config switch static-mac\nedit 0\nset vlan-id 10\nnext\nedit 0\nset vlan-id 20\nend\n";
    let expected =
        ["config switch static-mac edit 0 set vlan-id 10", "config switch static-mac edit 0 set vlan-id 20"];
    assert_eq!(statements(text), expected);
}

#[test]
fn tables_stand_in_records() {
    let text = "config switch vlan\nedit 10\nconfig igmp-snooping-static-group\nedit \"a b\"\nset members \"port1\" \"port2\"\n\
                set mcast-addr 239.0.0.1\nnext\nend\nset igmp-snooping enable\nnext\nend\n";
    assert_eq!(
        statements(text),
        [
            "config switch vlan edit 10",
            "config switch vlan edit 10 config igmp-snooping-static-group edit \"a b\" set mcast-addr 239.0.0.1 set members port1 port2",
            "config switch vlan edit 10 set igmp-snooping enable",
        ]
    );
}

#[test]
fn a_text_of_several_lines_is_one_value_and_a_lone_mark_is_none() {
    let banner = "config system global\nset banner \"a \\\"b\\\"\nconfig switch vlan\nedit 10\nend\nc\"\nset hostname x\nend\n";
    assert_eq!(
        statements(banner),
        ["config system global set banner \"a \\\"b\\\"", "config system global set hostname x"]
    );
    let lone = "config switch vlan\nedit 10\nset description \"a\nset igmp-snooping enable\nnext\nedit \"20\"\nend\n";
    assert_eq!(statements(lone)[2], "config switch vlan edit 10 set igmp-snooping enable");
    assert_eq!(statements(lone)[3], "config switch vlan edit 20");
    assert_eq!(statements(&lone.replacen('"', "'", 1)).len(), 4);
    assert_eq!(statements(&lone.replace('"', "'")).len(), 4);
}

#[test]
fn lines_without_a_place_are_lines_of_their_own() {
    for text in [
        "set igmp-snooping enable",
        "edit 10",
        "next",
        "end",
        "unset mac",
        "delete 10",
        "purge",
        "config",
        "show switch vlan",
        "config switch vlan\nend\nend",
        "config switch vlan\nend\nnext",
        "config switch vlan\nend\nset mac 03:bf:0a:00:00:01",
    ] {
        let last = text.lines().last().unwrap();
        assert_eq!(statements(text), [last], "{text}");
        assert!(read(&pack(), text).facts.is_empty(), "{text}");
    }
    for (text, expected) in [
        ("config switch vlan\nnext", "config switch vlan next"),
        ("config switch vlan\nedit", "config switch vlan edit"),
        ("config switch vlan\nset", "config switch vlan set"),
        (
            "config switch trunk\nedit t\nappend members port3",
            "config switch trunk edit t append members port3",
        ),
        ("config switch vlan\nedit 10\ndelete 10", "config switch vlan edit 10 delete 10"),
        ("config switch vlan\nedit 10\nend now", "config switch vlan edit 10 end now"),
    ] {
        assert_eq!(statements(text).last().unwrap(), expected, "{text}");
    }
    // The MAC of a cluster is named wherever it stands.
    for text in ["set mac 03:bf:0a:00:00:01", "config switch x\nedit 1\nset mac 03:bf:0a:00:00:01\nend\n"] {
        assert_eq!(read(&pack(), text).unparsed.len(), 1, "{text}");
    }
    // A record that was not left ends with the next one, and with the text.
    let unleft = "config switch vlan\nedit 10\nset igmp-snooping enable\nedit 20\nset igmp-snooping enable";
    assert_eq!(statements(unleft)[3], "config switch vlan edit 20 set igmp-snooping enable");
    let cut = "config switch static-mac\nedit 1\nset vlan-id 10";
    assert_eq!(statements(cut), ["config switch static-mac edit 1 set vlan-id 10"]);
}

#[test]
fn hostile_texts_cost_little() {
    let many = 100_000;
    let name = "n".repeat(900);
    for text in [
        "config a\nedit b\n".repeat(many),
        format!("{}set x y\n", "config a\nedit b\n".repeat(many)),
        "end\n".repeat(many),
        "edit 1\n".repeat(many),
        format!(
            "config switch static-mac\n{}",
            "edit 1\nset mac 03:bf:0a:00:00:01\nset vlan-id 10\n".repeat(many)
        ),
        format!(
            "config switch static-mac\nedit 1\n{}",
            (0..many).map(|n| format!("set a{n} b\n")).collect::<String>()
        ),
        format!(
            "config switch static-mac\nedit 1\n{}{}",
            (0..many).map(|n| format!("set a{n} b\n")).collect::<String>(),
            "edit 1\nset c d\nnext\n".repeat(many)
        ),
        format!(
            "config switch static-mac\nedit 1\n{}{}",
            (0..1_000).map(|n| format!("set a{n} b\n")).collect::<String>(),
            "edit 1\nset c d\nnext\n".repeat(many)
        ),
        format!("config {name}\n{}", "set a b\n".repeat(many)),
        format!("config switch vlan\n{}", "edit 0\n".repeat(many)),
        format!("config switch vlan\n{}", "purge\nedit 1\n".repeat(many)),
        "set a \"b\n".repeat(many),
        "set a \"b\n\\\"\n".repeat(many),
        format!("set a \"{}\n\"", "\\\"\n".repeat(many)),
        "config a edit b set c d ".repeat(many),
        format!("config a {}", "set b ".repeat(2_000)),
        "x".repeat(1 << 20),
        format!("config {}\nset a b\n", "x".repeat(10_000)),
        "\"".repeat(many),
        "a # # #\n".repeat(many),
    ] {
        let begun = Instant::now();
        let found = lines(&text);
        let octets: usize = found.iter().map(|(statement, _)| statement.len()).sum();
        assert!(octets <= text.len() * 10 + (1 << 20), "{octets} of {}", text.len());
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?} {:.40}", begun.elapsed(), text);
    }
}

/// A table's name and its records, each with its key and the lines in it.
type Stated = (&'static str, Vec<(u8, Vec<&'static str>)>);

fn stated() -> impl Strategy<Value = Vec<Stated>> {
    let tables = prop::sample::select(
        &["switch vlan", "switch static-mac", "system arp-table", "switch interface"][..],
    );
    let values = prop::sample::select(
        &[
            "set igmp-snooping enable",
            "set mac 03:bf:0a:00:00:01",
            "set vlan-id 10",
            "set interface \"port1\"",
            "set ip 10.0.10.50",
            "set description \"a b\"",
            "set description \"\"",
            "unset mac",
            "unset igmp-snooping",
            "set members \"port1\" \"port2\"",
            "append members port3",
        ][..],
    );
    let record = (0..4u8, prop::collection::vec(values, 0..4));
    prop::collection::vec((tables, prop::collection::vec(record, 0..4)), 0..5)
}

proptest! {
    #[test]
    fn indented_typed_and_whole_lines_say_the_same(stated in stated()) {
        let (mut saved, mut typed, mut whole) = (String::new(), String::new(), String::new());
        for (table, records) in &stated {
            writeln!(saved, "config {table}").unwrap();
            for (key, values) in records {
                writeln!(saved, "    edit \"{key}\"").unwrap();
                let words: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
                for value in &words {
                    writeln!(saved, "        {value}").unwrap();
                }
                if words.iter().all(|value| !value.starts_with("append")) {
                    writeln!(whole, "config {table} edit {key} {}", words.join(" ")).unwrap();
                }
                writeln!(saved, "    next").unwrap();
            }
            writeln!(saved, "end").unwrap();
        }
        for line in saved.lines() {
            writeln!(typed, "{}", line.trim_start()).unwrap();
        }
        // The last record need not be left before its table is.
        let typed = typed.replace("next\nend\n", "end\n");
        let said = statements(&saved);
        prop_assert_eq!(&said, &statements(&typed));
        if !saved.contains("append") {
            let pack = pack();
            let facts = pack.facts(None);
            prop_assert!(read(&pack, &saved).state(&facts) == read(&pack, &whole).state(&facts));
        }
    }

    #[test]
    fn any_text_has_lines_within_it(text in "(config|edit|set|unset|next|end|delete|purge|0|a|b|\"|'|\\\\| |\n|\r|#){0,80}") {
        for (statement, own) in lines(&text) {
            prop_assert!(!statement.is_empty() && !own.is_empty());
        }
        read(&pack(), &text);
    }
}
