//! Lists the vendor packs and their templates, so that adding one takes no Rust, and parses their YAML, so that the program
//! does not when it starts (`src/yaml/tape.rs` describes the result). `vendors/foreign.yaml` is no pack: it holds the
//! dialects that no pack reads.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use granit_parser::{Event, Parser, ScalarStyle};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=vendors");
    println!("cargo::rerun-if-changed=templates");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let mut packs = String::from("&[\n");
    for path in sorted(&root.join("vendors"))? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_none_or(|ending| ending != "yaml") {
            continue;
        }
        let tape = out.join(format!("{name}.tape"));
        fs::write(&tape, parsed(&path)?)?;
        let yaml = format!("EmbeddedYaml {{ text: include_str!({path:?}), tape: include_bytes!({tape:?}) }}");
        if name == "foreign" {
            fs::write(out.join("foreign.rs"), yaml)?;
            continue;
        }
        let templates = root.join("templates").join(&name);
        let text = |part: &str| {
            let file = templates.join(format!("{part}.j2"));
            if file.is_file() { format!("Some(include_str!({file:?}))") } else { "None".to_owned() }
        };
        writeln!(
            packs,
            "EmbeddedPack {{ name: {name:?}, yaml: {yaml}, apply: {}, remove: {}, verify: {} }},",
            text("apply"),
            text("remove"),
            text("verify"),
        )
        .map_err(io::Error::other)?;
    }
    packs.push(']');
    fs::write(out.join("packs.rs"), packs)
}

fn sorted(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(directory)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}

/// The tape of the YAML file at `path`.
fn parsed(path: &Path) -> io::Result<Vec<u8>> {
    let text = fs::read_to_string(path)?;
    let wrong = |what: &dyn std::fmt::Display| io::Error::other(format!("{}: {what}", path.display()));
    let number = |number: usize| u32::try_from(number).map(u32::to_le_bytes).map_err(|error| wrong(&error));
    let mut tape = Vec::new();
    for event in Parser::new_from_str(&text) {
        let (event, span) = event.map_err(|error| wrong(&error))?;
        let range = span.byte_range().unwrap_or_default();
        let (sign, own_text) = match &event {
            Event::SequenceStart(_, _, None) => (b'[', None),
            Event::SequenceEnd => (b']', None),
            Event::MappingStart(_, _, None) => (b'{', None),
            Event::MappingEnd => (b'}', None),
            Event::Alias(_) => (b'*', None),
            Event::Scalar(value, style, _, None) => {
                let as_written = text.get(range.clone()) == Some(value);
                match (*style == ScalarStyle::Plain, as_written) {
                    (true, true) => (b'p', None),
                    (false, true) => (b'q', None),
                    (true, false) => (b'P', Some(value)),
                    (false, false) => (b'Q', Some(value)),
                }
            }
            Event::StreamStart | Event::StreamEnd | Event::DocumentStart(..) | Event::DocumentEnd => continue,
            other => return Err(wrong(&format!("a pack has no tags: {other:?}"))),
        };
        if let Event::SequenceStart(_, anchor, _)
        | Event::MappingStart(_, anchor, _)
        | Event::Scalar(_, _, anchor, _) = &event
            && *anchor != 0
        {
            tape.push(b'&');
            tape.extend(number(*anchor)?);
        }
        tape.push(sign);
        tape.extend(number(range.start)?);
        tape.extend(number(range.end)?);
        if let Event::Alias(anchor) = &event {
            tape.extend(number(*anchor)?);
        }
        if let Some(value) = own_text {
            tape.extend(number(value.len())?);
            tape.extend(value.as_bytes());
        }
    }
    Ok(tape)
}
