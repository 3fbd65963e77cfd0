//! What the configs of the design tell of the switches whose lines have to name it: names of VLANs, and addresses.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::Console;
use crate::config;
use crate::design::Design;
use crate::plan::DevicePlan;
use crate::render::Known;
use crate::source::{decode_config, read_plain, shown_path, system_reason};

/// What is known of those of `devices` whose packs need to know it, by their names. A config that cannot be read is said.
pub(super) fn known(
    devices: &[&DevicePlan],
    design: &Design,
    base: &Path,
    console: &mut Console<'_>,
) -> anyhow::Result<BTreeMap<String, Known>> {
    let mut known = BTreeMap::new();
    for device in devices.iter().filter(|device| device.pack.needs_ground()) {
        let stated = device.members.iter().find_map(|member| design.switches[*member].config.as_ref());
        let Some(stated) = stated else { continue };
        let path = base.join(stated.as_str());
        match read_plain(&path) {
            Ok(octets) => {
                let (text, _) = decode_config(octets);
                let reading = config::read(&device.pack, &text);
                known.insert(device.name.clone(), Known::new(&reading, &device.facts()));
            }
            Err(error) => {
                let shown = shown_path(&path, &console.working_directory);
                writeln!(
                    console.err,
                    "note: the config of {}, {shown}: {}",
                    device.name,
                    system_reason(&error)
                )?;
            }
        }
    }
    Ok(known)
}
