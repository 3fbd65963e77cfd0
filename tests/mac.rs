//! `nlbswitch mac` as its users meet it: arguments in; standard output, standard error and an exit code out.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::Write;
use std::process::{Command, Stdio};

use insta::assert_snapshot;

/// Runs the binary and shows everything that came of it.
fn mac(args: &[&str], input: &[u8]) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_nlbswitch"))
        .arg("mac")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    format!("exit {}\n--- stdout\n{out}--- stderr\n{err}", output.status.code().unwrap())
}

/// The answers to several command lines, each with its exit code; none may complain.
fn answers(command_lines: &[&str]) -> String {
    let answer = |line: &&str| {
        let words: Vec<&str> = line.split(' ').collect();
        let shown = mac(&words, b"");
        let (exit, rest) = shown.split_once("\n--- stdout\n").unwrap();
        let (out, err) = rest.split_once("--- stderr\n").unwrap();
        assert_eq!(err, "", "{line}");
        format!("$ mac {line}\n{out}[{exit}]\n")
    };
    command_lines.iter().map(answer).collect::<Vec<_>>().join("\n")
}

#[test]
fn one_ip_gives_every_mode_and_notation() {
    assert_snapshot!(mac(&["172.31.1.232"], b""));
}

#[test]
fn a_group_that_others_use_is_told() {
    assert_snapshot!(mac(&["10.1.255.250/16", "10.1.0.9"], b""));
}

#[test]
fn mode_and_notation_leave_bare_macs() {
    assert_snapshot!(answers(&[
        "172.31.1.232 --mode multicast",
        "172.31.1.232 --notation comware",
        "172.31.1.232 172.31.1.233 --mode igmp-multicast --notation dotted",
        "03bf.ac1f.01e8 02-BF-1-2-3-4 --notation bare",
    ]));
}

#[test]
fn each_kind_of_mac_is_decoded() {
    assert_snapshot!(answers(&[
        "03bf.ac1f.01e8",
        "02-BF-1-2-3-4",
        "3:bf:a:1:1:a",
        "03BFAC1F01E8",
        "0100-5e7f-01e8",
        "01-00-5E-7F-FF-FA",
        "02-1-1-2-3-4",
        "00bf.ac10.0001",
        "0300.5e01.0101",
        "0100.5e01.0101",
        "01:00:5e:00:00:05",
        "0100.5e74.0001",
        "01:00:5e:ff:01:e8",
        "33:33:00:00:00:01",
        "ffff.ffff.ffff",
        "00:15:5d:01:02:03",
        "03bf.e000.0001",
    ]));
}

#[test]
fn a_right_pair_belongs_together() {
    assert_snapshot!(answers(&[
        "172.31.1.232 03bf.ac1f.01e8",
        "172.31.1.232 03bf.ac1f.01e8 --mode multicast",
        "172.31.1.232 0100.5e7f.01e8",
    ]));
}

#[test]
fn the_pair_that_circulates_on_the_web_is_refused_with_the_right_mac() {
    assert_snapshot!(mac(&["172.31.1.232", "03bf.bc1f.0164"], b""));
}

#[test]
fn a_wrong_pair_is_told_why() {
    assert_snapshot!(answers(&[
        "172.31.1.232 03bf.ac1f.01e8 --mode unicast",
        "10.10.20.30 03bf.1010.2030",
        "10.0.0.10 03bf.0a00.0010",
        "10.20.30.41 03bf.291e.140a",
        "172.24.1.202 03-BF-AC-18-01-C9",
        "172.24.1.202 0100.5e7f.01c9",
        "10.0.100.115 0100.5e7f.9271",
        "10.100.1.99 0300.5e01.0101 --notation colon",
        "172.16.0.1 00-bf-ac-10-00-01",
        "1.2.3.4 02-1-1-2-3-4",
        "1.2.3.4 03fb.0102.0304",
        "1.2.3.4 00:15:5d:01:02:03 --mode multicast",
        "1.2.3.4 00:15:5d:01:02:03",
    ]));
}

#[test]
fn json_tells_the_same() {
    let words = [
        "--format",
        "json",
        "10.1.0.1",
        "172.31.1.232",
        "03bf.bc1f.0164",
        "0100.5e01.0101",
        "02-1-1-2-3-4",
        "172.24.1.202",
        "03bf.ac18.01c9",
    ];
    assert_snapshot!(mac(&words, b""));
}

#[test]
fn json_is_narrowed_by_mode_and_notation() {
    assert_snapshot!(mac(
        &["10.0.9.1", "-f", "json", "--mode", "igmp-multicast", "--notation", "dotted"],
        b""
    ));
}

#[test]
fn json_is_a_document_even_without_an_answer() {
    assert_snapshot!(mac(&["-", "--format", "json"], b"# nothing yet\n"));
}

#[test]
fn a_list_is_read_from_standard_input() {
    let list = b"# our VIPs\r\n\r\n172.31.1.232   # web\r\n  172.31.1.233\r\n";
    assert_snapshot!(mac(&["-", "--mode", "multicast", "--notation", "dotted"], list));
}

#[test]
fn a_bad_line_is_named_and_the_others_still_work() {
    let list =
        b"10.0.0.1 03bf.0a00.0001\n10.0.0.256\n\n10.0.0.2 03bf.0a00.00\n\xff\xfe\n10.0.0.3 03bf.0a00.0004\n";
    assert_snapshot!(mac(&["-"], list));
}

#[test]
fn a_pair_does_not_reach_across_lines() {
    assert_snapshot!(mac(&["-"], b"10.0.7.1\n03bf.0a00.0701\n"));
}

#[test]
fn what_cannot_be_read_is_an_error() {
    let words = [
        "2001:db8::1",
        "239.255.1.2",
        "255.255.255.255",
        "172.31.1.256",
        "03bf.ac1f",
        "\x1b[31mnlb",
        "-",
        "-",
    ];
    assert_snapshot!(mac(&words, b""));
}

#[test]
fn a_mode_is_refused_where_it_says_nothing() {
    assert_snapshot!(mac(&["03bf.ac1f.01e8", "--mode", "unicast"], b""));
}

#[test]
fn no_address_at_all_is_an_error_of_usage() {
    assert_snapshot!(mac(&[], b""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_a_closed_pipe_is_none() {
    let run = |args: &str| {
        let script = format!("'{}' mac {args}; echo \"exit $?\" >&2", env!("CARGO_BIN_EXE_nlbswitch"));
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    assert_snapshot!(run("10.0.7.1 --mode unicast > /dev/full"), @"
    error: cannot write the output: no space is left
    exit 2
    ");
    let many = format!("{} | true", "10.0.7.1 ".repeat(5000));
    assert!(!run(&format!("--format json {many}")).contains("error"));
}
