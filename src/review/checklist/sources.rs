//! Where it is said why the items matter.

use super::Source;

const fn source(title: &'static str, url: &'static str) -> Source {
    Source { title, url: Some(url) }
}

pub(super) const MICROSOFT_MODES: Source = source(
    "Microsoft: Configure network infrastructure to support the NLB operation mode",
    "https://learn.microsoft.com/troubleshoot/windows-server/networking/configure-network-to-support-nlb-operation-mode",
);
pub(super) const MICROSOFT_OVERVIEW: Source = source(
    "Microsoft: Network Load Balancing",
    "https://learn.microsoft.com/windows-server/networking/technologies/network-load-balancing",
);
pub(super) const MICROSOFT_REMOVED: Source = source(
    "Microsoft: Features removed or no longer developed in Windows Server",
    "https://learn.microsoft.com/windows-server/get-started/removed-deprecated-features-windows-server",
);
pub(super) const MICROSOFT_PRIMARY: Source = source(
    "Microsoft: NLB uses only the primary cluster network address",
    "https://blogs.technet.microsoft.com/networking/2008/12/11/windows-server-2008-nlb-uses-only-the-primary-cluster-network-address/",
);
pub(super) const MICROSOFT_EVENTS: Source = source(
    "Microsoft: NLB Host Configuration",
    "https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-r2-and-2008/dd348807(v=ws.10)",
);
pub(super) const MICROSOFT_PORT_RULES: Source = source(
    "Microsoft: Event ID 20, port rules",
    "https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-server-2008-r2-and-2008/dd364048(v=ws.10)",
);
pub(super) const MICROSOFT_SETTINGS: Source = source(
    "Microsoft: NLB cluster settings",
    "https://learn.microsoft.com/en-us/windows-hardware/customize/desktop/unattend/microsoft-windows-networkloadbalancing-core-clusters-cluster",
);
pub(super) const MICROSOFT_HYPERV: Source = source(
    "Microsoft: Deploying NLB and virtual machines",
    "https://techcommunity.microsoft.com/blog/failoverclustering/deploying-network-load-balancing-nlb-and-virtual-machines-on-windows-server-2008/371631",
);
pub(super) const MICROSOFT_IGMP: Source = source(
    "Microsoft KB 283028: IGMP support for Network Load Balancing",
    "https://support.microsoft.com/en-us/help/283028/igmp-support-for-network-load-balancing",
);
pub(super) const MICROSOFT_TIMEOUT: Source =
    source("Microsoft KB 838408: IGMP reports of NLB", "https://mskb.pkisolutions.com/kb/838408");
pub(super) const MICROSOFT_MUX: Source =
    source("Microsoft SDN, issue 134: NLB beside a MUX", "https://github.com/microsoft/SDN/issues/134");
pub(super) const EXCHANGE_DAG: Source =
    source("Microsoft: NLB with DAG", "https://github.com/MicrosoftDocs/OfficeDocs-Exchange/issues/1797");
pub(super) const CLOUD: Source = source(
    "Microsoft: Azure Virtual Network FAQ",
    "https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
);
pub(super) const ROUTERS: Source =
    source("RFC 1812, section 3.3.2", "https://www.rfc-editor.org/rfc/rfc1812#section-3.3.2");
pub(super) const PEERS: Source = source(
    "Cisco: Nexus 9000 and unicast NLB",
    "https://cisco.com/c/en/us/support/docs/switches/nexus-9000-series-switches/118951-config-nexus9000-unicast-nlb-00.html",
);
pub(super) const FIREWALLS: Source = source(
    "Fortinet: Transparent mode and layer 2 clusters",
    "https://community.fortinet.com/t5/FortiGate/Technical-Tip-Transparent-mode-Layer-2-Ethernet-issues-with-3rd/ta-p/191634",
);
pub(super) const CATALYST: Source = source(
    "Cisco: Catalyst switches and Microsoft NLB",
    "https://cisco.com/c/en/us/support/docs/switches/catalyst-6500-series-switches/216092-configure-catalyst-switches-for-microsof.html",
);
pub(super) const CATALYST_IGMP: Source = source(
    "Cisco: IGMP for NLB on Catalyst 9000",
    "https://cisco.com/c/en/us/support/docs/switches/catalyst-9300-series-switches/220657-troubleshoot-igmp-for-nlb-deployments-on.html",
);
pub(super) const AGGREGATES: Source = source(
    "H3C: Multiport ARP",
    "http://azmanual.top/manuals/795152/h3c-technologies-h3c-s12500-series-switches.html?page=18",
);
pub(super) const STORM_CONTROL: Source = source(
    "Dell: Storm control",
    "https://www.manualshelf.com/manual/dell/powerswitch-n2200-on-series/3-2-1-users-guide-english/page-1152.html",
);
pub(super) const PORT_BLOCKING: Source =
    source("Cisco: Flood blocking", "https://manualsbrain.com/es/manuals/1237164/?page=581");
pub(super) const STIG: Source = source(
    "DISA STIG V-101131: unknown unicast flood blocking",
    "https://vaulted.io/library/disa-stigs-srgs/cisco_ios_switch_l2s_security_technical_implementation_guide/V-101131",
);
pub(super) const MASKING: Source = source(
    "Microsoft: MaskSourceMacEnabled",
    "https://learn.microsoft.com/en-us/windows-hardware/customize/desktop/unattend/microsoft-windows-networkloadbalancing-core-clusters-cluster-masksourcemacenabled",
);
pub(super) const ARP_INSPECTION: Source = source(
    "Cisco: ip arp inspection validate",
    "https://manualshive.com/ru/manual/dell/catalyst-3032/85989?page=229",
);
pub(super) const PRIVATE_VLAN: Source = source(
    "Cisco: Static addresses and private VLANs",
    "https://manualsdump.com/en/manuals/cisco_systems-ie_2000/120877/159",
);
pub(super) const HEARTBEATS: Source =
    source("The NLB overview on heartbeats", "http://www.seclist.org/incidents/2000/Dec/110");
pub(super) const UNREGISTERED: Source = source(
    "Allied Telesis: arp-mac-disparity",
    "https://www.easymanua.ls/allied-telesis/alliedware-plus/manual?p=708",
);
pub(super) const TOPOLOGY_CHANGES: Source = source(
    "Unicast flooding and topology changes",
    "https://www.johnkeen.tech/ccnp-rs-002-unicast-flooding/",
);
pub(super) const VSPHERE_UNICAST: Source = source(
    "VMware KB 1556: NLB in unicast mode",
    "https://knowledge.broadcom.com/external/article?legacyId=1556",
);
pub(super) const LIVE_MIGRATION: Source = source(
    "D. Van Hoye: NLB nodes misconfigured after simultaneous live migration",
    "https://blog.workinghardinit.work/2014/03/24/windows-nlb-nodes-misconfigured-after-simultaneous-live-migration-on-windows-server-2012-r2/",
);
/// What follows from the design of NLB, and what no text that was read says so.
pub(super) const PRACTICE: Source = Source { title: "nlbswitch: its own advice, from the above", url: None };
