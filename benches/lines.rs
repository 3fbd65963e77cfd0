//! The lines of a long config, each with its block: `cargo bench --bench lines`.

#![allow(missing_docs, clippy::expect_used)]

use std::fmt::Write;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use nlbswitch::config::lines::tree;
use nlbswitch::vendor::Packs;

const LINES: usize = 300_000;

fn main() {
    divan::main();
}

/// A Catalyst's config of about this many lines: mostly ports, with a banner, a certificate, VLANs and static entries.
fn config(lines: usize, line_end: &str) -> String {
    let mut text = String::from("version 15.2\nservice password-encryption\n!\nhostname sw1\n!\n");
    text.push_str("crypto pki certificate chain TP-self-signed-1\n certificate self-signed 01\n");
    for _ in 0..24 {
        text.push_str("  30820229 30820192 A0030201 02020101 300D0609 2A864886 F70D0101 04050030 \n");
    }
    text.push_str("  \tquit\n!\n");
    for index in 0..lines / 9 {
        let (unit, port, vlan) = (index % 8 + 1, index % 48 + 1, index % 4094 + 1);
        writeln!(
            text,
            "interface GigabitEthernet{unit}/0/{port}\n description office {index}\n switchport access vlan {vlan}\n \
             switchport mode access\n storm-control broadcast level 1.00\n spanning-tree portfast\n ip dhcp snooping \
             limit rate 15\n!\narp 10.{unit}.{port}.9 03bf.0a00.0001 ARPA"
        )
        .expect("a string takes everything");
    }
    text.push_str(
        "banner motd ^C\n  authorised people only\n^C\n!\nline con 0\nline vty 0 4\n login\n!\nend\n",
    );
    text.replace('\n', line_end)
}

/// The text as switches save it, as terminals log it, and with a pager's mark every 24 lines.
#[divan::bench(args = ["lf", "crlf", "pager"])]
fn lines(bencher: Bencher<'_, '_>, kind: &str) {
    let text = match kind {
        "lf" => config(LINES, "\n"),
        "crlf" => config(LINES, "\r\n"),
        _ => {
            let wiped = format!(" --More-- {0}        {0}", "\u{8}".repeat(9));
            let logged = |(number, line): (usize, &str)| match number % 24 {
                23 => format!("{wiped}{line}\r\n"),
                _ => format!("{line}\r\n"),
            };
            config(LINES, "\n").lines().enumerate().map(logged).collect()
        }
    };
    let pack = Packs::embedded().get("cisco-ios").expect("packs are whole").expect("it is there");
    bencher.counter(BytesCount::new(text.len())).bench(|| tree(&pack, black_box(&text)).lines.len());
}
