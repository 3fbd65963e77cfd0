//! A long config of a switch: what the benchmarks of the reader measure.

#![allow(clippy::expect_used)]

use std::fmt::Write;

/// A Catalyst's config of about this many lines: mostly ports, with a banner, a certificate, VLANs and static entries.
pub(crate) fn config(lines: usize, line_end: &str) -> String {
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
