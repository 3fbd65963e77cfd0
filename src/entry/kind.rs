//! The kinds of entries: what a switch can be told that matters to NLB.

use crate::yaml::choice;

choice! {
    /// The kinds of entries.
    pub enum EntryKind: "a kind of entry" {
        /// An IP bound to a MAC on a router.
        StaticArp = "static-arp",
        /// A MAC bound to ports in a VLAN.
        StaticMac = "static-mac",
        /// IGMP snooping, on or off.
        IgmpSnooping = "igmp-snooping",
        /// The IGMP querier, on or off.
        IgmpQuerier = "igmp-querier",
        /// Ports behind which a multicast router or querier stands.
        MrouterPort = "mrouter-port",
        /// Multicast filtering of the whole switch (without it static entries and snooping do nothing).
        MulticastFiltering = "multicast-filtering",
        /// What a port does with multicast that no entry knows.
        UnregisteredMulticast = "unregistered-multicast",
        /// Flooding of NLB unicast frames in routed VLANs.
        VlanFlooding = "vlan-flooding",
        /// A multicast group bound to ports in a VLAN.
        StaticGroup = "static-group",
        /// The switch's own name.
        Hostname = "hostname",
        /// The software release.
        Release = "release",
        /// The model, where the config names it.
        Model = "model",
        /// A VLAN that exists.
        Vlan = "vlan",
        /// Its name.
        VlanName = "vlan-name",
        /// Its part in a private VLAN: `primary`, `isolated` or `community`.
        PrivateVlan = "private-vlan",
        /// The secondary VLANs of a primary one.
        PrivateVlanAssociation = "private-vlan-association",
        /// What multicast is looked up by: `mac` or `ip`.
        MulticastLookup = "multicast-lookup",
        /// How multicast groups are kept in a VLAN: `mac-group` or one of the `ipv4-…-group` modes.
        MulticastMode = "multicast-mode",
        /// Whether multicast that no group knows goes to router ports only.
        UnregisteredToRouters = "unregistered-to-routers",
        /// A MAC whose frames are thrown away.
        DroppedMac = "dropped-mac",
        /// A MAC that the forwarding table of a software bridge binds to a port.
        FdbEntry = "fdb-entry",
        /// Whether the queriers of VLANs run at all, where that takes a line of the whole switch.
        QuerierSwitch = "querier-switch",
        /// Seconds between the querier's queries.
        QueryInterval = "query-interval",
        /// Seconds after which a group without a report is forgotten.
        GroupTimeout = "group-timeout",
        /// The least IGMP version whose reports count.
        IgmpMinimumVersion = "igmp-minimum-version",
        /// Whether reports without the router-alert option are refused.
        RouterAlertCheck = "router-alert-check",
        /// Whether multicast is routed.
        MulticastRouting = "multicast-routing",
        /// Whether ARP refuses multicast MACs, as it does unless a line says otherwise.
        ArpCheck = "arp-check",
        /// The mode of the clusters whose ARP replies the routed interface of a VLAN takes.
        ClusterMode = "cluster-mode",
        /// A routed interface of a VLAN that exists.
        Svi = "svi",
        /// The address of an interface, with its prefix length.
        Address = "address",
        /// A further address of an interface, with its prefix length.
        SecondaryAddress = "secondary-address",
        /// An address that several gateways share (HSRP, VRRP, GLBP, VARP).
        VirtualAddress = "virtual-address",
        /// The VRF of an interface.
        Vrf = "vrf",
        /// Whether PIM runs on an interface: a PIM router is an IGMP querier.
        Pim = "pim",
        /// Whether an interface is shut.
        Shutdown = "shutdown",
        /// A port that the config speaks of.
        Port = "port",
        /// `access`, `trunk`, `general`, `dynamic`, `routed`, `private-vlan-host` or `promiscuous`.
        PortMode = "port-mode",
        /// The VLAN of untagged frames on an access port.
        AccessVlan = "access-vlan",
        /// The VLAN of untagged frames on a trunk.
        NativeVlan = "native-vlan",
        /// The VLANs that a port carries with tags.
        TrunkVlans = "trunk-vlans",
        /// The port-channel a port is a member of: its number, or the port that stands for it.
        Lag = "lag",
        /// The number of the vPC or MLAG a port-channel is a part of.
        MultiChassisLag = "multi-chassis-lag",
        /// Whether a port leads to the vPC or MLAG peer.
        PeerLink = "peer-link",
        /// Whether unknown unicast does not leave the port.
        BlockUnknownUnicast = "block-unknown-unicast",
        /// Whether all multicast leaves the port in every VLAN, as if a multicast router stood behind it.
        RouterPort = "router-port",
        /// Whether port-channels share unknown unicast and the frames of MACs with several ports by their enhanced profile.
        UnknownUnicastBalance = "unknown-unicast-balance",
        /// Whether unknown multicast does not leave the port.
        BlockMulticast = "block-multicast",
        /// Whether the port exchanges no frames with other protected ports.
        Protected = "protected",
        /// Whether the port takes frames from a limited set of MACs.
        PortSecurity = "port-security",
        /// How many MACs that set has.
        PortSecurityMaximum = "port-security-maximum",
        /// The VLANs whose ARP is inspected.
        ArpInspection = "arp-inspection",
        /// Whether inspection compares the frame's source MAC with the ARP's.
        ArpInspectionSource = "arp-inspection-source",
        /// The VLANs for which the config itself binds addresses to MACs: ARP ACLs and static bindings.
        ArpBindings = "arp-bindings",
        /// Whether a port is trusted by ARP inspection.
        ArpInspectionTrust = "arp-inspection-trust",
        /// The VLANs whose DHCP is snooped.
        DhcpSnooping = "dhcp-snooping",
        /// Whether a port is trusted by DHCP snooping.
        DhcpSnoopingTrust = "dhcp-snooping-trust",
        /// Whether a port lets only known IPs through.
        SourceGuard = "source-guard",
        /// The level above which unknown unicast is cut, in the config's own unit.
        StormControlUnicast = "storm-control-unicast",
        /// The level above which multicast is cut, in the config's own unit.
        StormControlMulticast = "storm-control-multicast",
        /// The level above which broadcast is cut, in the config's own unit.
        StormControlBroadcast = "storm-control-broadcast",
        /// What else happens then: `shutdown` or `trap`.
        StormControlAction = "storm-control-action",
        /// Whether spanning tree takes a port for an edge; of the whole switch: every access port.
        EdgePort = "edge-port",
        /// The MAC ACL that a port or VLAN applies to incoming frames.
        MacAcl = "mac-acl",
        /// A rule of a MAC ACL that lets frames through, as it is written.
        MacAclPermit = "mac-acl-permit",
        /// A rule of a MAC ACL that stops frames, as it is written.
        MacAclDeny = "mac-acl-deny",
        /// The IGMP profile or ACL that limits the groups of an interface.
        IgmpFilter = "igmp-filter",
        /// How many groups an interface may have.
        IgmpGroupLimit = "igmp-group-limit",
        /// What an IGMP profile does with its ranges: `permit` or `deny`.
        IgmpProfileAction = "igmp-profile-action",
        /// A range of groups of an IGMP profile: first and last, or one.
        IgmpProfileRange = "igmp-profile-range",
    }
}

/// What a setting is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// The whole switch.
    Switch,
    /// A VLAN.
    Vlan,
    /// The routed interface of a VLAN.
    Svi,
    /// A port or port-channel.
    Port,
    /// An access list or profile.
    Acl,
}

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// On or off.
    Flag,
    /// A whole number.
    Number,
    /// A word or a text.
    Word,
    /// The number of a port-channel, or a port that stands for one.
    Bundle,
    /// A set of VLANs.
    Vlans,
    /// An address with its prefix length.
    Address,
    /// An address.
    Ip,
    /// A MAC.
    Mac,
}

/// What a kind of setting is about, and what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingShape {
    /// What it can be about; the first that a line names counts.
    pub of: &'static [Of],
    /// What it holds.
    pub takes: Takes,
    /// Whether several stand side by side, each under its value.
    pub many: bool,
}

impl EntryKind {
    /// Where things begin that stand in the order of their kinds, kind by kind, and where the last ones end.
    pub(super) fn begins(kinds: impl Iterator<Item = Self>) -> [u32; Self::ALL.len() + 1] {
        let mut begins = [0; Self::ALL.len() + 1];
        kinds.for_each(|kind| begins[kind as usize + 1] += 1);
        (1..begins.len()).for_each(|kind| begins[kind] += begins[kind - 1]);
        begins
    }

    /// Whether a plan may demand it. Settings are read and not written, but for those that a pack says it
    /// writes.
    pub fn may_be_demanded(self) -> bool {
        self.is_written_on_request() || self.setting().is_none()
    }

    /// Whether it is a setting that only those packs write that say so.
    pub fn is_written_on_request(self) -> bool {
        use EntryKind::{
            ArpCheck, BlockUnknownUnicast, ClusterMode, MulticastLookup, QuerierSwitch, RouterPort,
            UnknownUnicastBalance,
        };
        matches!(
            self,
            MulticastLookup
                | RouterPort
                | BlockUnknownUnicast
                | UnknownUnicastBalance
                | ArpCheck
                | ClusterMode
                | QuerierSwitch
        )
    }

    /// The shape of a setting; `None` for the entries that have fields of their own.
    #[inline]
    pub fn setting(self) -> Option<SettingShape> {
        /// Asked for each line of each config.
        const SHAPES: [Option<SettingShape>; EntryKind::ALL.len()] = {
            let mut shapes = [None; EntryKind::ALL.len()];
            let mut at = 0;
            while at < shapes.len() {
                shapes[at] = EntryKind::ALL[at].shape();
                at += 1;
            }
            shapes
        };
        SHAPES[self as usize]
    }

    const fn shape(self) -> Option<SettingShape> {
        let (of, takes, many): (&'static [Of], Takes, bool) = match self {
            Self::StaticArp
            | Self::StaticMac
            | Self::IgmpSnooping
            | Self::IgmpQuerier
            | Self::MrouterPort
            | Self::MulticastFiltering
            | Self::UnregisteredMulticast
            | Self::VlanFlooding
            | Self::StaticGroup => return None,
            Self::Hostname => (&[Of::Switch], Takes::Word, false),
            Self::Release => (&[Of::Switch], Takes::Word, false),
            Self::Model => (&[Of::Switch], Takes::Word, false),
            Self::Vlan => (&[Of::Vlan], Takes::Flag, false),
            Self::VlanName => (&[Of::Vlan], Takes::Word, false),
            Self::PrivateVlan => (&[Of::Vlan], Takes::Word, false),
            Self::PrivateVlanAssociation => (&[Of::Vlan], Takes::Vlans, false),
            Self::MulticastLookup => (&[Of::Switch, Of::Vlan], Takes::Word, false),
            Self::MulticastMode => (&[Of::Switch, Of::Vlan], Takes::Word, false),
            Self::UnregisteredToRouters => (&[Of::Switch, Of::Vlan], Takes::Flag, false),
            Self::DroppedMac => (&[Of::Vlan], Takes::Mac, true),
            Self::FdbEntry => (&[Of::Port], Takes::Mac, true),
            Self::QuerierSwitch => (&[Of::Switch], Takes::Flag, false),
            Self::QueryInterval => (&[Of::Switch, Of::Vlan, Of::Svi], Takes::Number, false),
            Self::GroupTimeout => (&[Of::Switch, Of::Vlan, Of::Svi, Of::Port], Takes::Number, false),
            Self::IgmpMinimumVersion => (&[Of::Switch, Of::Vlan, Of::Svi], Takes::Number, false),
            Self::RouterAlertCheck => (&[Of::Switch, Of::Vlan], Takes::Flag, false),
            Self::MulticastRouting => (&[Of::Switch], Takes::Flag, false),
            Self::ArpCheck => (&[Of::Switch], Takes::Flag, false),
            Self::ClusterMode => (&[Of::Svi], Takes::Word, false),
            Self::Svi => (&[Of::Svi], Takes::Flag, false),
            Self::Address => (&[Of::Svi, Of::Port], Takes::Address, false),
            Self::SecondaryAddress => (&[Of::Svi, Of::Port], Takes::Address, true),
            Self::VirtualAddress => (&[Of::Svi, Of::Port], Takes::Ip, true),
            Self::Vrf => (&[Of::Svi, Of::Port], Takes::Word, false),
            Self::Pim => (&[Of::Svi, Of::Port], Takes::Flag, false),
            Self::Shutdown => (&[Of::Svi, Of::Port], Takes::Flag, false),
            Self::Port => (&[Of::Port], Takes::Flag, false),
            Self::PortMode => (&[Of::Port], Takes::Word, false),
            Self::AccessVlan => (&[Of::Port], Takes::Number, false),
            Self::NativeVlan => (&[Of::Port], Takes::Number, false),
            Self::TrunkVlans => (&[Of::Port], Takes::Vlans, false),
            Self::Lag => (&[Of::Port], Takes::Bundle, false),
            Self::MultiChassisLag => (&[Of::Port], Takes::Number, false),
            Self::PeerLink => (&[Of::Port], Takes::Flag, false),
            Self::BlockUnknownUnicast => (&[Of::Port], Takes::Flag, false),
            Self::RouterPort => (&[Of::Port], Takes::Flag, false),
            Self::UnknownUnicastBalance => (&[Of::Switch], Takes::Flag, false),
            Self::BlockMulticast => (&[Of::Port], Takes::Flag, false),
            Self::Protected => (&[Of::Port], Takes::Flag, false),
            Self::PortSecurity => (&[Of::Port], Takes::Flag, false),
            Self::PortSecurityMaximum => (&[Of::Port], Takes::Number, false),
            Self::ArpInspection => (&[Of::Switch], Takes::Vlans, false),
            Self::ArpInspectionSource => (&[Of::Switch], Takes::Flag, false),
            Self::ArpBindings => (&[Of::Switch], Takes::Vlans, false),
            Self::ArpInspectionTrust => (&[Of::Port], Takes::Flag, false),
            Self::DhcpSnooping => (&[Of::Switch], Takes::Vlans, false),
            Self::DhcpSnoopingTrust => (&[Of::Port], Takes::Flag, false),
            Self::SourceGuard => (&[Of::Port], Takes::Flag, false),
            Self::StormControlUnicast => (&[Of::Switch, Of::Port], Takes::Word, false),
            Self::StormControlMulticast => (&[Of::Switch, Of::Port], Takes::Word, false),
            Self::StormControlBroadcast => (&[Of::Switch, Of::Port], Takes::Word, false),
            Self::StormControlAction => (&[Of::Switch, Of::Port], Takes::Word, false),
            Self::EdgePort => (&[Of::Port, Of::Switch], Takes::Flag, false),
            Self::MacAcl => (&[Of::Port, Of::Vlan], Takes::Word, false),
            Self::MacAclPermit => (&[Of::Acl], Takes::Word, true),
            Self::MacAclDeny => (&[Of::Acl], Takes::Word, true),
            Self::IgmpFilter => (&[Of::Port, Of::Svi], Takes::Word, false),
            Self::IgmpGroupLimit => (&[Of::Port, Of::Svi, Of::Vlan], Takes::Number, false),
            Self::IgmpProfileAction => (&[Of::Acl], Takes::Word, false),
            Self::IgmpProfileRange => (&[Of::Acl], Takes::Word, true),
        };
        Some(SettingShape { of, takes, many })
    }
}
