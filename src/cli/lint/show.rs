//! What `lint` prints instead of findings: the settings that hold, the files that are read, how often each rule speaks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::cli::Console;
use crate::diagnostic::{Code, Severity};
use crate::lint::{self, Policy, Seen};
use crate::report::Report;
use crate::settings::{Settings, Suppression};
use crate::source::Sources;

/// The settings that hold, in a shape that can be read as settings again.
pub(super) fn settings(
    settings: &Settings,
    policy: &Policy,
    sources: &Sources,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    let origin = match settings.file {
        Some(file) => format!("{} and the command line", sources.file(file).path()),
        None => "the command line; there is no .nlbswitch.yaml, or it was not read".to_owned(),
    };
    writeln!(console.out, "# {origin}")?;
    console.out.write_all(yaml(settings, policy).as_bytes())?;
    Ok(())
}

fn yaml(settings: &Settings, policy: &Policy) -> String {
    let mut yaml = String::new();
    let mut list = |key: &str, items: Vec<String>| {
        if !items.is_empty() {
            let _ = writeln!(yaml, "{key}: [{}]", items.join(", "));
        }
    };
    list("designs", settings.designs.iter().map(|path| word(path)).collect());
    list("configs", settings.configs.iter().map(|pattern| word(pattern.as_str())).collect());
    list("exclude", settings.exclude.iter().map(|pattern| word(pattern.as_str())).collect());
    list("vendor_dirs", settings.vendor_dirs.iter().map(|path| word(path)).collect());
    for (index, stated) in settings.dialects.iter().enumerate() {
        let head = if index == 0 { "dialects:\n" } else { "" };
        let _ = writeln!(
            yaml,
            "{head}  - {{path: {}, dialect: {}}}",
            word(stated.path.as_str()),
            word(&stated.dialect)
        );
    }
    let (speak, silent): (Vec<Code>, Vec<Code>) =
        lint::rules().map(|rule| rule.code).partition(|code| policy.speaks(*code));
    let (key, named) = if speak.len() < silent.len() { ("select", speak) } else { ("ignore", silent) };
    if !named.is_empty() {
        let named: Vec<String> = named.iter().map(Code::to_string).collect();
        let _ = writeln!(yaml, "rules:\n  {key}: [{}]", named.join(", "));
    }
    for (index, (code, severity)) in policy.severities().enumerate() {
        let head = if index == 0 { "severity:\n" } else { "" };
        let _ = writeln!(yaml, "{head}  {code}: {severity}");
    }
    let _ = writeln!(yaml, "fail_level: {}", policy.fail_level);
    if let Some(baseline) = &settings.baseline {
        let _ = writeln!(yaml, "baseline: {}", word(baseline));
    }
    for (index, suppression) in settings.suppressions.iter().enumerate() {
        yaml.push_str(if index == 0 { "suppressions:\n" } else { "" });
        yaml.push_str(&accepted(suppression));
    }
    yaml
}

fn accepted(suppression: &Suppression) -> String {
    let Suppression { rule, switch, cluster, path, reason, owner, until, .. } = suppression;
    let fields = [
        ("switch", switch.as_ref().map(|name| word(name.as_str()))),
        ("cluster", cluster.as_ref().map(|name| word(name.as_str()))),
        ("path", path.as_ref().map(|path| word(path.as_str()))),
        ("reason", Some(word(reason))),
        ("owner", owner.as_ref().map(|owner| word(owner))),
        ("until", until.as_ref().map(ToString::to_string)),
    ];
    let mut yaml = format!("  - rule: {}\n", word(rule));
    for (key, value) in fields {
        if let Some(value) = value {
            let _ = writeln!(yaml, "    {key}: {value}");
        }
    }
    yaml
}

/// `text` as a YAML value. A JSON string is a YAML string in double quotes.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._/-".contains(c);
    let bare = text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.') && text.chars().all(plain);
    if bare { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

/// The files that were looked at, sorted: which configs there are is known when the designs are read.
pub(super) fn files(
    settings: &Settings,
    seen: &Seen,
    sources: &Sources,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    let own = settings.file.map(|file| sources.file(file).path());
    for path in paths(seen, sources).into_iter().filter(|path| Some(*path) != own) {
        writeln!(console.out, "{path}")?;
    }
    Ok(())
}

/// Every file of the run, as output shows it: most configs are looked at and not kept.
pub(super) fn paths<'s>(seen: &'s Seen, sources: &'s Sources) -> BTreeSet<&'s str> {
    let kept = sources.files().map(|file| file.path());
    seen.files.iter().map(String::as_str).chain(kept).collect()
}

/// How often each rule speaks, the most frequent first.
pub(super) fn statistics(report: &Report<'_>, console: &mut Console<'_>) -> anyhow::Result<()> {
    let mut counts: BTreeMap<(Code, Severity, &str), usize> = BTreeMap::new();
    for finding in report.current() {
        *counts.entry((finding.code, finding.severity, finding.name)).or_default() += 1;
    }
    let mut lines: Vec<_> = counts.into_iter().collect();
    lines.sort_by_key(|(_, count)| std::cmp::Reverse(*count)); // stable: codes stay in order
    let width = lines.first().map_or(0, |(_, count)| count.to_string().len());
    for ((code, severity, name), count) in lines {
        writeln!(console.out, "{count:width$}  {code}  {severity:7}  {name}")?;
    }
    Ok(console.out.flush()?)
}
