//! A design from arguments: `generate --mode multicast --vip 172.31.1.232/24 --vlan 10 …` becomes the YAML that a
//! file would hold, so that every check and message is the same.

use clap::Args;

/// A small design without a file
#[derive(Debug, Args)]
#[command(next_help_heading = "Without a design file")]
pub(super) struct DesignArguments {
    /// The cluster's mode: unicast, multicast or igmp-multicast
    #[arg(long, conflicts_with = "design")]
    mode: Option<String>,

    /// The primary VIP with its prefix length, then further VIPs
    #[arg(long, value_name = "IP/LEN", conflicts_with = "design")]
    vip: Vec<String>,

    /// The VLAN id
    #[arg(long, conflicts_with = "design")]
    vlan: Option<String>,

    /// The VRF
    #[arg(long, conflicts_with = "design")]
    vrf: Option<String>,

    /// The vendor pack or an alias of it
    #[arg(long, conflicts_with = "design")]
    vendor: Option<String>,

    /// The model or family
    #[arg(long, conflicts_with = "design")]
    platform: Option<String>,

    /// A port with a node behind it; once for each
    #[arg(long, conflicts_with = "design")]
    port: Vec<String>,

    /// The switch routes for the VLAN
    #[arg(long, conflicts_with = "design")]
    gateway: bool,

    /// The switch is the IGMP querier; with an address, from that address
    #[arg(long, value_name = "IP", num_args = 0..=1, default_missing_value = "true", conflicts_with = "design")]
    querier: Option<String>,
}

impl DesignArguments {
    /// Whether any of them was given.
    pub(super) fn given(&self) -> bool {
        self.mode.is_some() || !self.vip.is_empty() || self.vlan.is_some() || self.vendor.is_some()
    }

    /// The arguments that are missing for a design.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        let given = [
            ("--mode", self.mode.is_some()),
            ("--vip", !self.vip.is_empty()),
            ("--vlan", self.vlan.is_some()),
            ("--vendor", self.vendor.is_some()),
        ];
        given.into_iter().filter(|(_, there)| !there).map(|(name, _)| name).collect()
    }

    /// The design as YAML.
    pub(super) fn to_yaml(&self) -> String {
        use std::fmt::Write;
        // A JSON string is a YAML string in double quotes: whatever was typed stays one value.
        let quote = |text: &str| serde_json::Value::from(text).to_string();
        let bare = |text: &str| match text.chars().all(|c| c.is_ascii_alphanumeric() || ".:/-".contains(c)) {
            true => text.to_owned(),
            false => quote(text),
        };
        let mut yaml = String::from("clusters:\n  - name: nlb\n");
        let mut field = |key: &str, value: &str| {
            let _ = writeln!(yaml, "    {key}: {value}");
        };
        field("mode", &bare(self.mode.as_deref().unwrap_or_default()));
        if let Some((primary, further)) = self.vip.split_first() {
            field("primary_ip", &bare(primary));
            if !further.is_empty() {
                let further: Vec<String> = further.iter().map(|vip| bare(vip)).collect();
                field("virtual_ips", &format!("[{}]", further.join(", ")));
            }
        }
        field("vlan", &bare(self.vlan.as_deref().unwrap_or_default()));
        if let Some(vrf) = &self.vrf {
            field("vrf", &quote(vrf));
        }
        if !self.port.is_empty() {
            let _ = writeln!(yaml, "    nodes:");
            for (index, port) in self.port.iter().enumerate() {
                let attach = quote(&format!("switch {port}"));
                let _ = writeln!(yaml, "      - {{name: node{}, attach: {attach}}}", index + 1);
            }
        }
        let _ = writeln!(yaml, "switches:\n  - name: switch");
        let mut field = |key: &str, value: &str| {
            let _ = writeln!(yaml, "    {key}: {value}");
        };
        field("vendor", &quote(self.vendor.as_deref().unwrap_or_default()));
        if let Some(platform) = &self.platform {
            field("platform", &quote(platform));
        }
        if self.gateway {
            field("gateway", "true");
        }
        if let Some(querier) = &self.querier {
            field("querier", &bare(querier));
        }
        yaml
    }
}
