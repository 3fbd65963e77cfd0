//! The YAML description, key by key. The names are the contract; the JSON Schema is made from these types.

use std::net::Ipv4Addr;

use ipnetwork::IpNetwork;
use macaddr::MacAddr6;

use super::values::{
    Address, GatewayRole, Link, PortRange, PortRef, PortRefs, QuerierRole, RuleVip, Vips, VlanId, VlanSpec,
};
use crate::nlb::Mode;
use crate::source::Spanned;
use crate::yaml::{Name, Text, choice, record};

record! {
    /// One Windows NLB cluster.
    pub struct Cluster: "a cluster" {
        /// The cluster's name, unique among clusters.
        name: Spanned<Name>,
        /// How the cluster answers: `unicast`, `multicast` or `igmp-multicast`.
        mode: Spanned<Mode>,
        /// The primary cluster IP with its prefix length. The cluster MAC is derived from it.
        primary_ip: Spanned<IpNetwork>,
        /// Further cluster IPs. All of them answer with the MAC of the primary.
        virtual_ips: Option<Spanned<Vips>>,
        /// The VLAN id, 1 to 4094.
        vlan: Spanned<VlanId>,
        /// The VRF the VIPs are routed in; the global table when absent.
        vrf: Option<Spanned<VrfName>>,
        /// A cluster MAC that was set by hand or measured.
        mac_override: Option<Spanned<MacAddr6>>,
        /// An IGMP group that was set by hand (Windows Server 2003).
        igmp_group_override: Option<Spanned<Ipv4Addr>>,
        /// The Windows Server release of the nodes.
        windows: Option<Spanned<Windows>>,
        /// What the cluster serves: free words such as `exchange` or `rds-gateway`.
        roles: Vec<Spanned<Text>>,
        /// The nodes.
        nodes: Vec<Node>,
        /// The port rules of the cluster.
        port_rules: Vec<PortRule>,
        /// Heartbeat settings where they differ from Windows' own.
        heartbeat: Option<Heartbeat>,
        /// Where the clients are: behind a gateway, in the cluster's VLAN, or both.
        clients: Option<Spanned<Clients>>,
    }
}

pub use super::values::VrfName;

choice! {
    /// Where clients come from.
    pub enum Clients: "a place of clients" {
        /// From other subnets, through the gateway.
        Routed = "routed",
        /// From the cluster's own VLAN.
        SameVlan = "same-vlan",
        /// From both.
        Both = "both",
    }
}

choice! {
    /// A Windows Server release, oldest first.
    pub enum Windows: "a Windows Server release" {
        /// Windows NT 4 (WLBS).
        Nt4 = "NT 4" | "nt4",
        /// Windows 2000.
        W2000 = "2000",
        /// Windows Server 2003.
        W2003 = "2003",
        /// Windows Server 2003 R2.
        W2003R2 = "2003 R2" | "2003r2",
        /// Windows Server 2008.
        W2008 = "2008",
        /// Windows Server 2008 R2.
        W2008R2 = "2008 R2" | "2008r2",
        /// Windows Server 2012.
        W2012 = "2012",
        /// Windows Server 2012 R2.
        W2012R2 = "2012 R2" | "2012r2",
        /// Windows Server 2016.
        W2016 = "2016",
        /// Windows Server 2019.
        W2019 = "2019",
        /// Windows Server 2022.
        W2022 = "2022",
        /// Windows Server 2025.
        W2025 = "2025",
    }
}

record! {
    /// One node of a cluster.
    pub struct Node: "a node" {
        /// The node's name, unique in its cluster.
        name: Spanned<Name>,
        /// The host priority, 1 to 32.
        priority: Option<Spanned<u32>>,
        /// The dedicated IP, with or without prefix length.
        ip: Option<Spanned<Address>>,
        /// Whether the NLB adapter takes its address from DHCP.
        dhcp: Option<Spanned<bool>>,
        /// The node's own mode, where it differs from the cluster's.
        mode: Option<Spanned<Mode>>,
        /// The switch port of a physical node, or a list of them.
        attach: PortRefs,
        /// The hypervisor host a virtual node runs on.
        host: Option<Spanned<Name>>,
        /// How many network adapters the node has.
        nics: Option<Spanned<u32>>,
        /// Whether MAC address spoofing is allowed on the virtual adapter.
        mac_spoofing: Option<Spanned<bool>>,
        /// Whether the virtual adapter's MAC address is dynamic or static.
        mac_address: Option<Spanned<MacAddressKind>>,
        /// Whether Windows masks the source MAC (its default).
        mask_source_mac: Option<Spanned<bool>>,
        /// Whether the node is a member of a failover cluster too.
        failover_cluster: Option<Spanned<bool>>,
        /// Whether the virtual machine has a SCSI controller.
        scsi_controller: Option<Spanned<bool>>,
        /// The node's own port rules, where they differ from the cluster's.
        port_rules: Option<Spanned<Vec<PortRule>>>,
    }
}

choice! {
    /// How a virtual adapter gets its MAC address.
    pub enum MacAddressKind: "a kind of MAC address" {
        /// The hypervisor chooses it.
        Dynamic = "dynamic",
        /// It was typed in.
        Static = "static",
    }
}

record! {
    /// One port rule.
    pub struct PortRule: "a port rule" {
        /// The VIP it is about, or `all`.
        vip: Option<Spanned<RuleVip>>,
        /// A port or a range of ports, `0-65535` when absent.
        ports: Option<Spanned<PortRange>>,
        /// `tcp`, `udp` or `both`.
        protocol: Option<Spanned<Protocol>>,
        /// `multiple`, `single` or `disabled` hosts.
        filtering: Option<Spanned<Filtering>>,
        /// `none`, `single` or `network`.
        affinity: Option<Spanned<Affinity>>,
        /// The load weight; with `filtering: single` the handling priority, 1 to 32.
        weight: Option<Spanned<u32>>,
    }
}

choice! {
    /// The protocols of a port rule.
    pub enum Protocol: "a protocol" {
        /// TCP.
        Tcp = "tcp",
        /// UDP.
        Udp = "udp",
        /// Both.
        Both = "both",
    }
}

choice! {
    /// Which hosts answer a port rule.
    pub enum Filtering: "a filtering mode" {
        /// All hosts share the load.
        Multiple = "multiple",
        /// The host with the best handling priority answers.
        Single = "single",
        /// Nobody answers.
        Disabled = "disabled",
    }
}

choice! {
    /// What keeps a client on one host.
    pub enum Affinity: "an affinity" {
        /// Nothing.
        None = "none",
        /// Its address.
        Single = "single",
        /// Its class C network.
        Network = "network",
    }
}

record! {
    /// Heartbeat settings.
    pub struct Heartbeat: "a heartbeat" {
        /// Milliseconds between two heartbeats; Windows' own is 1000.
        period_ms: Option<Spanned<u32>>,
        /// Heartbeats that may be missed; Windows' own is 5.
        tolerance: Option<Spanned<u32>>,
    }
}

record! {
    /// A hypervisor host.
    pub struct Host: "a host" {
        /// The host's name.
        name: Spanned<Name>,
        /// The hypervisor or cloud.
        platform: Option<Spanned<Hypervisor>>,
        /// The group of hosts among which its virtual machines may move.
        group: Option<Spanned<Name>>,
        /// The team under its virtual switch.
        team: Option<Team>,
        /// The switch ports of its uplinks: `SWITCH PORT`. A port-channel is named as such.
        links: Vec<Spanned<PortRef>>,
        /// vSphere: whether the host tells the switches of moved machines.
        notify_switches: Option<Spanned<bool>>,
        /// vSphere: whether frames with another source MAC may leave (`accept`) or not (`reject`).
        forged_transmits: Option<Spanned<super::values::Accept>>,
        /// vSphere distributed switch: the multicast filtering mode.
        multicast_filter: Option<Spanned<MulticastFilter>>,
    }
}

choice! {
    /// What runs the virtual machines.
    pub enum Hypervisor: "a hypervisor" {
        /// Microsoft Hyper-V.
        HyperV = "hyper-v" | "hyperv",
        /// VMware vSphere.
        Vsphere = "vsphere" | "esxi",
        /// Nutanix AHV.
        Ahv = "ahv",
        /// KVM.
        Kvm = "kvm",
        /// Proxmox VE.
        Proxmox = "proxmox",
        /// Xen.
        Xen = "xen",
        /// Microsoft Azure.
        Azure = "azure",
        /// Amazon Web Services.
        Aws = "aws",
        /// Google Cloud.
        Gcp = "gcp",
    }
}

choice! {
    /// The multicast filtering mode of a vSphere distributed switch.
    pub enum MulticastFilter: "a multicast filtering mode" {
        /// By MAC address.
        Basic = "basic",
        /// By IP address.
        Snooping = "snooping",
    }
}

record! {
    /// A team of network adapters under a virtual switch.
    pub struct Team: "a team" {
        /// Which teaming it is.
        kind: Option<Spanned<TeamKind>>,
        /// How the switch takes part in it.
        mode: Option<Spanned<TeamMode>>,
        /// The load balancing mode, in the hypervisor's words.
        load_balancing: Option<Spanned<Text>>,
    }
}

choice! {
    /// Which teaming it is.
    pub enum TeamKind: "a kind of team" {
        /// Windows Server NIC Teaming (load balancing and failover).
        Lbfo = "lbfo",
        /// Switch Embedded Teaming.
        Set = "set",
        /// A Linux or vSphere bond.
        Bond = "bond",
    }
}

choice! {
    /// How the switch takes part in a team.
    pub enum TeamMode: "a teaming mode" {
        /// Not at all: every member is a port of its own.
        SwitchIndependent = "switch-independent",
        /// A static port-channel.
        Static = "static",
        /// A port-channel with LACP.
        Lacp = "lacp",
    }
}

impl TeamMode {
    /// Whether the switch has to know of the team.
    pub fn is_switch_dependent(self) -> bool {
        self != Self::SwitchIndependent
    }
}

record! {
    /// Hosts among which virtual machines may move.
    pub struct HostGroup: "a host group" {
        /// The group's name.
        name: Spanned<Name>,
        /// Whether the nodes of a cluster are kept on different hosts.
        anti_affinity: Option<Spanned<bool>>,
        /// Whether Cluster-Aware Updating drains the hosts.
        cluster_aware_updating: Option<Spanned<bool>>,
        /// Whether machines move at all; they do when absent.
        live_migration: Option<Spanned<bool>>,
        /// Whether the domain controllers run inside or outside the group.
        domain_controllers: Option<Spanned<Placement>>,
    }
}

choice! {
    /// Where something runs, seen from a host group.
    pub enum Placement: "a placement" {
        /// On the group's own hosts.
        Inside = "inside",
        /// Elsewhere.
        Outside = "outside",
    }
}

record! {
    /// A switch.
    pub struct Switch: "a switch" {
        /// The switch's name.
        name: Spanned<Name>,
        /// The vendor pack that speaks its dialect, or an alias of it.
        vendor: Spanned<Text>,
        /// The model or family, as the pack names it.
        platform: Option<Spanned<Text>>,
        /// The software version.
        version: Option<Spanned<Text>>,
        /// Whether it routes for the clusters' VLANs: `true`, or the mapping that says how.
        gateway: GatewayRole,
        /// Switches with one stack name are one switch.
        stack: Option<Spanned<Name>>,
        /// Links to other switches: `PORT SWITCH PORT`, stated on either end.
        links: Vec<Link>,
        /// Whether it is the IGMP querier; an address when it needs one of its own.
        querier: Option<Spanned<QuerierRole>>,
        /// Its running-config: a path, seen from the design file.
        config: Option<Spanned<Text>>,
        /// Why flooding in the cluster's VLAN is accepted on this switch.
        flood_accepted: Option<Spanned<Text>>,
        /// Its ports that frames of clusters must not be flooded to, where it can be told so: no node may be behind them,
        /// and no way to one.
        no_flood: Vec<Spanned<Text>>,
        /// The fabric it belongs to.
        fabric: Option<Spanned<Fabric>>,
    }
}

choice! {
    /// A fabric of switches.
    pub enum Fabric: "a fabric" {
        /// None.
        None = "none",
        /// A Cisco vPC pair.
        Vpc = "vpc",
        /// An MLAG pair.
        Mlag = "mlag",
        /// EVPN over VXLAN.
        Evpn = "evpn",
        /// Cisco ACI.
        Aci = "aci",
        /// Overlay Transport Virtualization.
        Otv = "otv",
    }
}

record! {
    /// How a switch routes for the clusters' VLANs.
    pub struct Gateway: "a gateway" {
        /// The gateway's address in the cluster's VLAN.
        ip: Option<Spanned<Address>>,
        /// The VRF of its interface.
        vrf: Option<Spanned<VrfName>>,
        /// What it shares the gateway's address by.
        protocol: Option<Spanned<GatewayProtocol>>,
        /// The switches it shares the gateway's address with.
        peers: Vec<Spanned<Name>>,
    }
}

choice! {
    /// How gateways stand in for each other.
    pub enum GatewayProtocol: "a gateway protocol" {
        /// HSRP.
        Hsrp = "hsrp",
        /// VRRP.
        Vrrp = "vrrp",
        /// A vPC pair.
        Vpc = "vpc",
        /// An MLAG pair.
        Mlag = "mlag",
    }
}

record! {
    /// What else is in the site.
    pub struct Site: "the site" {
        /// VLANs that a load balancer MUX of a software-defined network uses.
        sdn_slb_mux_vlans: Vec<Spanned<VlanId>>,
        /// VLANs that are bridged to wireless.
        wireless_vlans: Vec<Spanned<VlanId>>,
        /// Firewalls: names, or mappings that say more.
        firewalls: Vec<super::values::Firewall>,
    }
}

choice! {
    /// How a firewall stands in the path.
    pub enum FirewallMode: "a firewall mode" {
        /// It routes.
        Gateway = "gateway",
        /// It bridges.
        Transparent = "transparent",
    }
}

record! {
    /// A firewall, described.
    pub struct FirewallRecord: "a firewall" {
        /// Its name.
        name: Spanned<Name>,
        /// The VLANs it stands in; all of them when absent.
        vlans: Vec<Spanned<VlanId>>,
        /// Whether it routes or bridges.
        mode: Option<Spanned<FirewallMode>>,
    }
}

record! {
    /// A link, described.
    pub struct LinkRecord: "a link" {
        /// The port on this switch.
        port: Spanned<Text>,
        /// The other end: `SWITCH PORT`.
        to: Spanned<PortRef>,
        /// The VLANs it carries; all of them when absent.
        vlans: Vec<Spanned<VlanSpec>>,
    }
}

record! {
    /// A cluster description: clusters, and what they stand on.
    pub struct Document: "a design" {
        /// The NLB clusters.
        clusters: Vec<Cluster>,
        /// The hypervisor hosts.
        hosts: Vec<Host>,
        /// The groups among whose hosts virtual machines move.
        host_groups: Vec<HostGroup>,
        /// The switches.
        switches: Vec<Switch>,
        /// What else is in the site.
        site: Option<Site>,
    }
}
