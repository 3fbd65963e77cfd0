//! A vendor pack, key by key: what `vendors/<pack>.yaml` may hold.

use std::fmt;

use crate::entry::{EntryKind, Unregistered};
use crate::nlb::Mode;
use crate::source::Spanned;
use crate::yaml::{Decode, Decoder, Kind, Name, Node, Text, choice, record};

choice! {
    /// How sure a statement is. Shown to the user wherever it decides.
    pub enum Evidence: "a grade of evidence" {
        /// The vendor's own documentation says it.
        Vendor = "vendor",
        /// Measured in a laboratory.
        Lab = "lab",
        /// Seen in the field by somebody who says so in public.
        Field = "field",
        /// General knowledge or an inference: likely, and shown by nobody.
        Unverified = "unverified",
    }
}

/// A statement about a platform, with its grade and source.
#[derive(Debug, Clone)]
pub struct Statement<T> {
    /// What holds.
    pub value: T,
    /// How sure that is.
    pub evidence: Evidence,
    /// Where it is said: a URL; empty when nobody does.
    pub source: String,
    /// What else there is to know.
    pub note: Option<String>,
    /// Where the pack states it.
    pub span: crate::source::Span,
}

impl<T: Decode> Decode for Statement<T> {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        let fields = cx.fields(node, "a statement", &["value", "evidence", "source", "note"])?;
        let value = fields.take::<T>("value", cx);
        let evidence = fields.take::<Evidence>("evidence", cx);
        let source = fields.take::<Option<Text>>("source", cx)?;
        let note = fields.take::<Option<Text>>("note", cx)?;
        let evidence = evidence?;
        if source.is_none() && evidence != Evidence::Unverified {
            cx.error(node.span, format!("a statement graded `{evidence}` needs its source"))
                .help("add `source: URL`, or grade it `unverified`");
        }
        Some(Self {
            value: value?,
            evidence,
            source: source.map(String::from).unwrap_or_default(),
            note: note.map(String::from),
            span: fields.span(),
        })
    }

    fn schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "object", "required": ["value", "evidence"]})
    }
}

choice! {
    /// Whether a platform takes a static ARP entry with a multicast MAC.
    pub enum Acceptance: "an answer" {
        /// It does.
        Accepted = "accepted",
        /// It takes one with a MAC of IP multicast, 01-00-5E-00-00-00 to 01-00-5E-7F-FF-FF, as clusters in IGMP mode have, and no other.
        IpMulticast = "ip-multicast",
        /// It refuses it, or has no routing to use it.
        Refused = "refused",
        /// Nobody says.
        Unknown = "unknown",
    }
}

choice! {
    /// How many ports a static entry of a multicast MAC may have.
    pub enum PortCount: "a number of ports" {
        /// Several.
        Many = "many",
        /// Several, and then the CPU forwards the frames.
        Software = "software",
        /// One.
        One = "one",
        /// Several, and only frames that are not IP are looked up by it: NLB's heartbeats, and no client's.
        NonIp = "non-ip",
        /// There is no such entry.
        None = "none",
        /// Nobody says.
        Unknown = "unknown",
    }
}

choice! {
    /// What becomes of multicast that no entry knows while IGMP snooping knows a querier.
    pub enum WithQuerier: "an answer" {
        /// It goes to every port of the VLAN, as without one.
        Flood = "flood",
        /// It goes to router ports only.
        RouterPorts = "router-ports",
        /// Nobody says.
        Unknown = "unknown",
    }
}

choice! {
    /// What a switch looks multicast frames up by.
    pub enum Lookup: "a lookup key" {
        /// The destination MAC.
        Mac = "mac",
        /// The destination IP: NLB's unicast IP never matches a group.
        Ip = "ip",
        /// Nobody says, or it depends on the model.
        Unknown = "unknown",
    }
}

choice! {
    /// What a router does with an ARP reply that claims a multicast MAC.
    pub enum DynamicArp: "an answer" {
        /// It refuses it, as RFC 1812 demands.
        Refused = "refused",
        /// It learns it.
        Learned = "learned",
        /// Nobody says.
        Unknown = "unknown",
    }
}

choice! {
    /// The multicast MACs that ARP takes once its check is switched off.
    pub enum UncheckedArp: "a range of MACs" {
        /// Any.
        Any = "any",
        /// Those of IP multicast, 01-00-5E-00-00-00 to 01-00-5E-7F-FF-FF, as clusters in IGMP mode have.
        IpMulticast = "ip-multicast",
    }
}

choice! {
    /// What lets a router that binds a unicast ARP entry to one port reach all nodes.
    pub enum UnicastProvision: "a provision" {
        /// A global command that floods NLB frames in routed VLANs.
        VlanFlooding = "vlan-flooding",
        /// A static entry of the cluster MAC.
        StaticMac = "static-mac",
        /// The mode of the clusters, told to the interface of their VLAN.
        ClusterMode = "cluster-mode",
        /// Nothing.
        None = "none",
    }
}

/// Modes of clusters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modes(Vec<Mode>);

impl Modes {
    /// Whether `mode` is among them.
    pub fn contains(&self, mode: Mode) -> bool {
        self.0.contains(&mode)
    }
}

impl fmt::Display for Modes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [] => f.pad("none"),
            modes => f.pad(&modes.iter().map(|mode| mode.as_str()).collect::<Vec<_>>().join(", ")),
        }
    }
}

impl Decode for Modes {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        Vec::decode(node, cx).map(Self)
    }

    fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<Mode>::schema(generator)
    }
}

choice! {
    /// Whose address a querier needs to have been given before it asks anything.
    pub enum QuerierAddress: "an owner of an address" {
        /// The routed interface of the VLAN.
        Svi = "svi",
        /// Any interface of the switch will do, or the querier's own.
        Any = "any",
    }
}

record! {
    /// What a platform does with NLB's frames and entries. What is absent is unknown.
    pub struct Capabilities: "capabilities" {
        /// Whether it routes.
        routes: Option<Statement<bool>>,
        /// Whether it takes a static ARP entry with a multicast MAC.
        static_arp_multicast: Option<Statement<Acceptance>>,
        /// What it does with an ARP reply that claims a multicast MAC.
        dynamic_arp_multicast: Option<Statement<DynamicArp>>,
        /// How many ports a static entry of a multicast MAC may have.
        static_multicast_mac: Option<Statement<PortCount>>,
        /// What it looks multicast up by.
        multicast_lookup: Option<Statement<Lookup>>,
        /// What it does with multicast no entry knows.
        unregistered_multicast: Option<Statement<Unregistered>>,
        /// Which multicast MACs it takes in ARP once the check of them is switched off: any, if nothing is said.
        unchecked_arp: Option<Statement<UncheckedArp>>,
        /// Whether it has IGMP snooping at all.
        igmp_snooping: Option<Statement<bool>>,
        /// Whether IGMP snooping is on for the switch when the config does not say.
        igmp_snooping_default: Option<Statement<bool>>,
        /// Whether it is on in a VLAN, once it is on for the switch, when the config does not say.
        igmp_snooping_vlan_default: Option<Statement<bool>>,
        /// Whether a static MAC entry may hold the MAC of an IP multicast group (01-00-5E).
        static_ip_multicast_mac: Option<Statement<bool>>,
        /// Whether it ties a unicast ARP entry to the one port the reply came from.
        unicast_arp_binds_one_port: Option<Statement<bool>>,
        /// What helps against that.
        unicast_provision: Option<Statement<UnicastProvision>>,
        /// The modes of clusters that the interface of a VLAN can be told: it then takes their ARP replies.
        cluster_modes: Option<Statement<Modes>>,
        /// Whether frames to a static multicast MAC are forwarded by the CPU.
        software_switched: Option<Statement<bool>>,
        /// Whether spanning tree takes an access port for an edge of which nothing is stated.
        edge_port_default: Option<Statement<bool>>,
        /// Whether a static MAC entry may name a member of a port-channel.
        static_mac_on_lag_member: Option<Statement<bool>>,
        /// Whether a static MAC entry may name a port-channel.
        static_mac_on_lag: Option<Statement<bool>>,
        /// Whether a static entry of a multicast MAC may stand in a VLAN that the switch itself routes.
        static_mac_in_routed_vlan: Option<Statement<bool>>,
        /// How many clusters it can hold.
        max_clusters: Option<Statement<u32>>,
        /// The first release that routes to a multicast cluster MAC.
        multicast_since: Option<Statement<Text>>,
        /// Whose address its querier needs.
        querier_address: Option<Statement<QuerierAddress>>,
        /// Whether a static MAC entry of one VLAN holds in the others of its private VLAN too.
        private_vlan_shares_static_mac: Option<Statement<bool>>,
        /// Whether a MAC ACL stops what none of its rules knows.
        mac_acl_ends_in_deny: Option<Statement<bool>>,
        /// Which VLANs a trunk carries of which a config states none.
        unstated_trunk_vlans: Option<Statement<VlanScope>>,
        /// What becomes of multicast no entry knows while IGMP snooping knows a querier.
        unregistered_with_querier: Option<Statement<WithQuerier>>,
    }
}

record! {
    /// One line of advice.
    pub struct Advice: "an advice" {
        /// What to know, in one line.
        value: Text,
        /// How sure that is.
        evidence: Evidence,
        /// Where it is said.
        source: Option<Text>,
        /// What else there is to know.
        note: Option<Text>,
        /// The kind of entry it is about; it is shown where such an entry is written. Always when absent.
        about: Option<EntryKind>,
    }
}

record! {
    /// What holds for some releases of the software, where a design or a config tells which one runs.
    pub struct ReleaseRecord: "what holds for some releases" {
        /// The first release that it holds for.
        since: Option<Spanned<Text>>,
        /// The first one that it no longer holds for.
        before: Option<Spanned<Text>>,
        /// What holds there.
        capabilities: Capabilities,
    }
}

record! {
    /// Lines that a platform does not take.
    pub struct RefusalRecord: "lines that a platform refuses" {
        /// The lines, whatever block they stand in.
        lines: Vec<Spanned<Text>>,
        /// How sure that is.
        evidence: Evidence,
        /// Where it is said.
        source: Option<Text>,
        /// What else there is to know.
        note: Option<Text>,
    }
}

record! {
    /// A model or family that differs from its pack's cautious defaults.
    pub struct PlatformRecord: "a platform" {
        /// Its name, as a design states it.
        name: Spanned<Name>,
        /// Further names and models.
        aliases: Vec<Spanned<Name>>,
        /// How the words begin by which a config names such models or their images.
        models: Vec<Spanned<Text>>,
        /// Where it differs.
        capabilities: Option<Capabilities>,
        /// What holds for some of its releases.
        releases: Vec<ReleaseRecord>,
        /// The entries of the pack that are not written for it.
        reads_only: Vec<Spanned<EntryKind>>,
        /// The entries of the pack that are written for it, and for others only where they say so too.
        writes: Vec<Spanned<EntryKind>>,
        /// Lines of the dialect that it does not take: a config that holds one is another platform's.
        refuses: Vec<RefusalRecord>,
        /// What its users should know: one comment line each.
        advice: Vec<Advice>,
    }
}

choice! {
    /// How MAC addresses are written.
    pub enum MacNotation: "a MAC notation" {
        /// `03:bf:ac:1f:01:e8`.
        Colon = "colon",
        /// `03-bf-ac-1f-01-e8`.
        Hyphen = "hyphen",
        /// `03bf.ac1f.01e8`.
        Dotted = "dotted",
        /// `03bf-ac1f-01e8`.
        Comware = "comware",
        /// `03bfac1f01e8`.
        Bare = "bare",
    }
}

choice! {
    /// How blocks of lines are told apart.
    pub enum BlockStyle: "a block style" {
        /// Children are indented.
        Indent = "indent",
        /// A block runs to `exit`, or to the next block.
        Exit = "exit",
    }
}

choice! {
    /// What a second line for the same MAC does.
    pub enum RepeatedLine: "an effect" {
        /// It adds its ports.
        Adds = "adds",
        /// It replaces the first: one line must hold all ports.
        Replaces = "replaces",
        /// Nobody says: one line is written with all ports, and several that stand in a config add up, since a device
        /// where the last replaced the others would have saved it alone.
        Unknown = "unknown",
    }
}

choice! {
    /// What stands at the end of a range of ports that is written.
    pub enum RangeEndRecord: "the end of a range" {
        /// The last number.
        Number = "number",
        /// All numbers.
        Path = "path",
        /// The whole port.
        Port = "port",
    }
}

record! {
    /// One kind of port.
    pub struct PortKindRecord: "a kind of port" {
        /// The long name, as it is saved.
        name: Spanned<Text>,
        /// The short name.
        short: Spanned<Text>,
        /// Further spellings.
        also: Vec<Text>,
        /// Whether its ports are numbers alone; the name is for people then.
        nameless: Option<bool>,
        /// Whether it is a port-channel.
        lag: Option<bool>,
        /// The least and the most numbers in the name.
        parts: Vec<u32>,
        /// What stands between two of the numbers, one for each place. A slash where nothing is said.
        between_numbers: Vec<Text>,
        /// The word before a list of such ports.
        keyword: Option<Text>,
        /// Whether such a list holds bare numbers.
        number_only: Option<bool>,
    }
}

record! {
    /// Lines between two lines that are words to the device and no commands.
    pub struct ScriptRecord: "a script" {
        /// The whole line before them; any that begins so when it ends in ` *`.
        after: Text,
        /// The whole line behind them.
        until: Text,
    }
}

choice! {
    /// What a statement of a config is.
    pub enum ConfigForm: "a form of a config" {
        /// A line, in the block it stands in.
        Lines = "lines",
        /// A path of words from the root: braces around the words that several share, or each whole behind `set`.
        Paths = "paths",
        /// A command of a menu, which the line or one before it names: `/ip arp`.
        Menus = "menus",
        /// A value of a record in a table, or such a record whole: words open and close both.
        Tables = "tables",
    }
}

record! {
    /// The words of a config of tables.
    pub struct TablesRecord: "words of tables" {
        /// Before the name of a table: it opens that.
        table: Text,
        /// Before the key of a record: it opens that.
        record: Text,
        /// Before the name of a value.
        value: Text,
        /// It leaves a record.
        next: Text,
        /// It leaves a table, and the record that is open in it.
        end: Text,
        /// Before the key of a record: that is gone.
        delete: Text,
        /// All records of the table are gone.
        purge: Option<Text>,
        /// The key of a record that gets one of its own.
        new: Option<Text>,
        /// The tables whose records are one statement each.
        whole: Vec<WholeRecord>,
    }
}

record! {
    /// A table whose records are one statement each.
    pub struct WholeRecord: "a table of whole records" {
        /// Its name.
        table: Text,
        /// The value that a finding about a record points at.
        at: Text,
    }
}

record! {
    /// How the text of a config is laid out: what stands in it beside the lines that configure something.
    pub struct LayoutRecord: "a layout" {
        /// What a statement is: a line if nothing else is said.
        form: Option<ConfigForm>,
        /// Further comment signs, which people and archives write and the device does not.
        comments: Vec<Text>,
        /// Whether a comment may stand behind a line, with a blank on both sides of its sign.
        inline_comments: Option<bool>,
        /// Words before a free text whose first character ends it: banners.
        delimited: Vec<Text>,
        /// Free texts of several lines that end with a line of their own.
        scripts: Vec<ScriptRecord>,
        /// Words before lines that hold the digits of a certificate or a key.
        blobs: Vec<Text>,
        /// Beginnings of lines that a command shows around the config.
        chatter: Vec<Text>,
        /// Whole lines that act and configure nothing.
        acts: Vec<Text>,
        /// Beginnings of lines behind which no config follows.
        tails: Vec<Text>,
        /// Words of lines that stand in no block and open none.
        alone: Vec<Text>,
        /// Whether the comment sign alone on a line ends the blocks that began at its indentation or further in.
        sign_ends_blocks: Option<bool>,
        /// Words before a command that a block has run: it means what it means at the top.
        run_by: Vec<Text>,
        /// The words behind the name of a menu that begin its commands.
        commands: Vec<Text>,
        /// Names of values that say nothing of NLB: a line with them says what it says without.
        remarks: Vec<Text>,
        /// The words of a config of tables.
        tables: Option<TablesRecord>,
    }
}

choice! {
    /// What has a name.
    pub enum NameOf: "what has a name" {
        /// A VLAN; its interface is called by the same name.
        Vlan = "vlan",
        /// The routed interface of a VLAN.
        Svi = "svi",
        /// A port: where a line names it and no VLAN, the VLAN of its untagged frames is meant.
        Port = "port",
    }
}

record! {
    /// How VLANs, or their interfaces, get names that stand for them.
    pub struct VlanNameRecord: "a naming of VLANs" {
        /// What has the name.
        of: NameOf,
        /// The line of the block that the naming line stands in.
        under: Blocks,
        /// The line that names it.
        line: Option<Spanned<Text>>,
        /// A name that stands without a line.
        name: Option<Text>,
        /// The VLAN of that name, or of a port whose block holds no such line.
        vlan: Option<u32>,
    }
}

record! {
    /// What a snippet says to do with its lines.
    pub struct TypedInRecord: "where lines are typed" {
        /// With those that set and take back: `paste in configuration mode`.
        lines: Text,
        /// With the checks: `type in privileged mode`.
        checks: Text,
    }
}

record! {
    /// How the dialect writes things.
    pub struct SyntaxRecord: "a syntax" {
        /// The MAC notation that is written. All are read.
        mac: MacNotation,
        /// The comment sign.
        comment: Text,
        /// Where its lines are pasted and its checks typed.
        typed_in: Option<TypedInRecord>,
        /// How blocks are told apart.
        blocks: BlockStyle,
        /// The words that open a block, where it is not indented.
        openers: Vec<Text>,
        /// What else stands in the text of a config.
        layout: Option<LayoutRecord>,
        /// The word that takes a line back.
        negation: Text,
        /// The longest line the device takes, in octets.
        line_limit: Option<Statement<u32>>,
        /// What a second static line for the same MAC does.
        repeated_static_mac: Statement<RepeatedLine>,
        /// Whether a second static ARP line for the same IP takes the place of the first. It does not when absent.
        static_arp_replaces: Option<Statement<bool>>,
        /// Whether a static ARP names one of the cluster's ports.
        static_arp_names_port: Option<bool>,
        /// The kinds of ports.
        ports: Vec<PortKindRecord>,
        /// What stands between a port's name and number: nothing when absent.
        between: Option<String>,
        /// What stands between two ports of a list.
        separator: String,
        /// Whether written lists use ranges.
        ranges: Option<bool>,
        /// The word between the ends of a range of ports or VLANs.
        range_word: Option<Text>,
        /// What is written at the end of a range of ports.
        range_end: Option<RangeEndRecord>,
        /// The most ports and ranges that a list may have.
        list_items: Option<Statement<u32>>,
        /// Whether lines take effect together, once they are committed.
        commits: Option<bool>,
        /// Whether lists of VLANs are several words.
        vlan_words: Option<bool>,
        /// How VLANs and their interfaces get names that stand for them.
        vlan_names: Vec<VlanNameRecord>,
        /// The lines that give ports a name, by which others then mean them.
        port_names: Vec<Spanned<Text>>,
        /// Whether two such names that differ in case alone are two.
        exact_names: Option<bool>,
        /// Whether lines speak of VLANs by their names alone: an id will not do.
        names_alone: Option<bool>,
        /// Whether beginnings of port names are accepted.
        abbreviate: Option<bool>,
        /// Whether a subinterface can be a port of a VLAN.
        subinterfaces_switch: Option<bool>,
        /// The number of the subinterface that is the port itself.
        own_unit: Option<u32>,
        /// Ports as they are right.
        examples: Vec<Text>,
    }
}

impl Decode for String {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        cx.scalar(node, "a text").map(str::to_owned)
    }

    fn schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string"})
    }
}

record! {
    /// Values that a line implies without naming them.
    pub struct Implied: "implied values" {
        /// On or off.
        enabled: Option<bool>,
        /// What happens to unregistered multicast.
        action: Option<Unregistered>,
        /// The word that a setting holds.
        value: Option<Text>,
        /// The number that a setting holds.
        number: Option<u32>,
        /// The VLANs that a setting holds.
        vlans: Option<VlanScope>,
    }
}

choice! {
    /// A set of VLANs in one word.
    pub enum VlanScope: "a set of VLANs" {
        /// Every VLAN.
        All = "all",
        /// No VLAN.
        None = "none",
    }
}

choice! {
    /// What a line does to what the config has stated before.
    pub enum SetChange: "a change" {
        /// It takes its place.
        Replaces = "replaces",
        /// Its VLANs are added.
        Adds = "adds",
        /// Its VLANs are taken out.
        Removes = "removes",
        /// All but its VLANs take its place.
        AllBut = "all-but",
        /// It holds where no other line says otherwise.
        UnlessStated = "unless-stated",
    }
}

choice! {
    /// A class of MACs, told by the lowest bit of the first octet.
    pub enum MacClass: "a class of MACs" {
        /// Of one station: the first octet is even.
        Unicast = "unicast",
        /// Of a group: the first octet is odd.
        Multicast = "multicast",
    }
}

impl MacClass {
    /// The class of `mac`.
    pub fn of(mac: macaddr::MacAddr6) -> Self {
        if mac.is_multicast() { Self::Multicast } else { Self::Unicast }
    }
}

/// The lines that open the blocks around a line, the outermost first.
#[derive(Debug, Clone, Default)]
pub struct Blocks(pub Vec<Spanned<Text>>);

impl Decode for Blocks {
    fn decode(node: &Node<'_>, cx: &mut Decoder) -> Option<Self> {
        match &node.kind {
            Kind::Sequence(_) => Vec::decode(node, cx).map(Self),
            _ => Spanned::decode(node, cx).map(|one| Self(vec![one])),
        }
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<Text>::schema(generator)
    }
}

record! {
    /// Lines that state an entry.
    pub struct Recogniser: "a recogniser" {
        /// The entry.
        entry: EntryKind,
        /// The line of the block they stand in, or those of blocks in blocks; none for lines at the top.
        under: Blocks,
        /// The spellings.
        lines: Vec<Spanned<Text>>,
        /// The lines that take the entry back.
        removed_by: Vec<Spanned<Text>>,
        /// What the lines imply.
        implies: Option<Implied>,
        /// What they do to a set of VLANs.
        change: Option<SetChange>,
        /// Which MACs their words are for, where the dialect has others for the rest.
        macs: Option<MacClass>,
        /// How sure it is that the device takes and saves these lines so.
        evidence: Evidence,
        /// Where that is said.
        source: Option<Text>,
        /// What else there is to know.
        note: Option<Text>,
    }
}

record! {
    /// A line that speaks for a dialect.
    pub struct ClueRecord: "a clue" {
        /// The line, a pattern.
        line: Spanned<Text>,
        /// How much it says: 10 for a line that no other dialect writes, 1 for one that several do.
        weight: Spanned<u32>,
        /// By how many blanks it is indented, where that tells dialects apart.
        indent: Option<u32>,
        /// What it holds somewhere, in any case, where words are too coarse.
        holds: Option<Text>,
    }
}

record! {
    /// A dialect that is known when it is met, and that no pack reads.
    pub struct ForeignRecord: "a foreign dialect" {
        /// The name its pack would have.
        name: Spanned<Name>,
        /// What it is, for people.
        title: Text,
        /// The lines that speak for it.
        detect: Vec<ClueRecord>,
    }
}

record! {
    /// The dialects that no pack reads.
    pub struct ForeignFile: "a file of foreign dialects" {
        /// The dialects.
        dialects: Vec<ForeignRecord>,
    }
}

record! {
    /// An entry that does nothing without others.
    pub struct PrerequisiteRecord: "a prerequisite" {
        /// The entry that needs another.
        entry: EntryKind,
        /// The other.
        needs: Vec<EntryKind>,
        /// The platforms on which alone it does.
        platforms: Vec<Spanned<Name>>,
        /// How the lines begin of which alone it holds, where the entry can be stated by several.
        lines: Vec<Spanned<Text>>,
        /// How sure that is.
        evidence: Evidence,
        /// Where it is said.
        source: Option<Text>,
        /// What else there is to know.
        note: Option<Text>,
    }
}

record! {
    /// Lines that may say something about entries, and nothing is made of.
    pub struct UnreadRecord: "lines that are not read" {
        /// The lines.
        lines: Vec<Spanned<Text>>,
        /// The entries that they may be about.
        entries: Vec<Spanned<EntryKind>>,
    }
}

record! {
    /// A vendor pack.
    pub struct PackFile: "a vendor pack" {
        /// Its name.
        name: Spanned<Name>,
        /// What it is about, for people.
        title: Text,
        /// Further names.
        aliases: Vec<Spanned<Name>>,
        /// The lines that a config of this dialect is known by.
        detect: Vec<ClueRecord>,
        /// How the dialect writes things.
        syntax: SyntaxRecord,
        /// What holds for a platform the design does not name: the cautious answers.
        capabilities: Capabilities,
        /// What holds for some releases, where nothing holds for the platform.
        releases: Vec<ReleaseRecord>,
        /// The platforms that differ.
        platforms: Vec<PlatformRecord>,
        /// The settings that the templates write.
        writes: Vec<Spanned<EntryKind>>,
        /// The entries and settings that are read, and of which no line is written.
        reads_only: Vec<Spanned<EntryKind>>,
        /// What needs what.
        prerequisites: Vec<PrerequisiteRecord>,
        /// The lines that are understood.
        recognise: Vec<Recogniser>,
        /// Lines that begin like those and say nothing about NLB, negated or not: they are passed over.
        irrelevant: Vec<Spanned<Text>>,
        /// Lines that may say something about entries, and nothing is made of: they are told.
        unread: Vec<UnreadRecord>,
        /// Beginnings of lines that have nothing to do with NLB, negated or not, with all that stands under them.
        unrelated: Vec<Spanned<Text>>,
        /// What its users should know: one comment line each.
        advice: Vec<Advice>,
    }
}
