//! Lists the vendor packs and their templates, so that adding one takes no Rust. `vendors/foreign.yaml` is no pack: it
//! holds the dialects that no pack reads.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=vendors");
    println!("cargo::rerun-if-changed=templates");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut packs = String::from("&[\n");
    for path in sorted(&root.join("vendors"))? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|ending| ending == "yaml") && name != "foreign" {
            let templates = root.join("templates").join(&name);
            let text = |part: &str| {
                let file = templates.join(format!("{part}.j2"));
                if file.is_file() { format!("Some(include_str!({file:?}))") } else { "None".to_owned() }
            };
            writeln!(
                packs,
                "EmbeddedPack {{ name: {name:?}, yaml: include_str!({path:?}), apply: {}, remove: {}, verify: {} }},",
                text("apply"),
                text("remove"),
                text("verify"),
            )
            .map_err(io::Error::other)?;
        }
    }
    packs.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("packs.rs"), packs)
}

fn sorted(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(directory)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}
