//! Answers for people: tables and short blocks, understandable without colour. With `--mode` or `--notation`, bare MACs
//! for scripts.

use std::io::{self, Write};
use std::net::Ipv4Addr;

use super::explain::{self, Explanation};
use super::input::{Request, quoted};
use super::{MacArgs, Mode, Notation};
use crate::net::mac::format;
use crate::nlb;

/// Writes one answer after the other.
pub(super) struct Writer<'a> {
    args: &'a MacArgs,
    blocks: usize,
    tables: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(args: &'a MacArgs) -> Self {
        Writer { args, blocks: 0, tables: 0 }
    }

    pub(super) fn answer(&mut self, request: &Request, out: &mut dyn Write) -> io::Result<()> {
        let MacArgs { mode, notation, .. } = *self.args;
        match (request, mode, notation) {
            (Request::Derive { ip, .. }, None, None) => {
                self.tables += 1;
                self.gap(out)?;
                table(*ip, out)
            }
            (Request::Derive { ip, .. }, only, notation) => {
                for mode in Mode::ALL.into_iter().filter(|mode| only.is_none_or(|only| only == *mode)) {
                    writeln!(out, "{}", format(mode.mac(*ip), notation.unwrap_or(Notation::Colon)))?;
                }
                Ok(())
            }
            (Request::Decode { mac, .. }, _, Some(notation)) => writeln!(out, "{}", format(*mac, notation)),
            (Request::Decode { input, mac, notation }, _, None) => {
                self.gap(out)?;
                block(input, &explain::decoded(*mac, *notation), out)
            }
            (Request::Check { input, ip, mac, notation: typed }, asked, notation) => {
                self.gap(out)?;
                block(input, &explain::checked(*ip, asked, *mac, notation.unwrap_or(*typed)), out)
            }
        }
    }

    /// What a reader of the tables must know, once; for standard error.
    pub(super) fn note(&self) -> Option<&'static str> {
        (self.tables > 0).then_some(
            "note: use these for a cluster's primary IP only; its further virtual IPs answer with the primary's MAC",
        )
    }

    fn gap(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.blocks > 0 {
            writeln!(out)?;
        }
        self.blocks += 1;
        Ok(())
    }
}

/// Modes across, notations down: this way it fits a terminal of 80 columns.
fn table(ip: Ipv4Addr, out: &mut dyn Write) -> io::Result<()> {
    let macs = Mode::ALL.map(|mode| mode.mac(ip));
    let [unicast, multicast, igmp] = Mode::ALL.map(Mode::as_str);
    writeln!(out, "{ip}\n")?;
    writeln!(out, "{:<12}{unicast:<19}{multicast:<19}{igmp}", "")?;
    for notation in Notation::ALL {
        let [unicast, multicast, igmp] = macs.map(|mac| format(mac, notation));
        writeln!(out, "{notation:<12}{unicast:<19}{multicast:<19}{igmp}")?;
    }
    let group = nlb::group(ip);
    writeln!(out, "{:<12}{:<19}{:<19}{group}", "IGMP group", "-", "-")?;
    match nlb::known_group_user(group) {
        Some(user) => writeln!(out, "\nbeware: {user} uses {group} too"),
        None => Ok(()),
    }
}

fn block(input: &str, explanation: &Explanation, out: &mut dyn Write) -> io::Result<()> {
    // Readable input holds no control characters; quoting it keeps that true whatever the readers come to accept.
    let input = quoted(input);
    writeln!(out, "{}: {}", input.trim_matches('`'), explanation.headline)?;
    for (label, detail) in &explanation.details {
        writeln!(out, "  {label:<9} {detail}")?;
    }
    Ok(())
}
