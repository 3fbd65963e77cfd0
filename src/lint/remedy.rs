//! Lines that mend findings about configs and that no template writes.

use std::collections::BTreeSet;

use super::ConfigFile;
use super::membership::holders;
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, EntryKind, Subject, Value};
use crate::net::port::PortName;
use crate::render::removal_lines;

/// Gives a finding about a config lines that were written without templates, where there are any.
pub(super) fn give_lines(config: &ConfigFile<'_>, finding: &mut Diagnostic, lines: Option<Vec<String>>) {
    if let Some(lines) = lines.filter(|lines| !lines.is_empty()) {
        finding.remedy(config.name.clone(), lines);
    }
}

/// Gives a finding about a config the lines that set the setting `kind` of `of` to `value`.
pub(super) fn give_setting(
    config: &ConfigFile<'_>,
    finding: &mut Diagnostic,
    kind: EntryKind,
    of: Subject,
    value: Value,
) {
    let lines = crate::render::setting_lines(config.pack, &Entry::Setting { kind, of, value });
    give_lines(config, finding, lines);
}

/// The lines that take the setting `kind` off everything that holds one of these ports.
pub(super) fn lines_without(
    config: &ConfigFile<'_>,
    kind: EntryKind,
    ports: &BTreeSet<PortName>,
) -> Option<Vec<String>> {
    let held: BTreeSet<Subject> = ports.iter().flat_map(|port| holders(config, port)).collect();
    let taken = held.into_iter().filter_map(|of| {
        let value = config.state.setting(kind, &of)?.clone();
        Some(removal_lines(config.pack, &Entry::Setting { kind, of, value }))
    });
    Some(taken.collect::<Option<Vec<_>>>()?.concat())
}
