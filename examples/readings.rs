//! What configs say, as JSON, one line each: whose they are, and the entries and settings that hold after the last line.
//! For comparisons with other readers, such as `benches/netcanon.py`.
//!
//!     cargo run --release --example readings -- FILE...

#![allow(missing_docs, clippy::print_stdout)]

use anyhow::Context;
use nlbswitch::config::{Detection, detect, model_told, read};
use nlbswitch::vendor::Packs;

fn main() -> anyhow::Result<()> {
    let packs = Packs::embedded();
    let clues = packs.clues()?;
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read {path}"))?;
        let text = String::from_utf8_lossy(&bytes);
        let line = match detect(clues, &text) {
            Detection::Dialect { pack, .. } => {
                let reading = read(&pack, &text);
                let state = reading.state(&pack.facts(model_told(&pack, &reading)));
                let entries: Vec<_> = state.entries().collect();
                serde_json::json!({"path": path, "pack": pack.name(), "entries": entries})
            }
            _ => serde_json::json!({"path": path, "pack": null, "entries": []}),
        };
        println!("{line}");
    }
    Ok(())
}
