//! The matrix: every platform, what it does with NLB's entries, and the mode to choose there.

use std::path::Path;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::blocks::{Page, Piece};
use super::lone::{is_gateway, lone};
use crate::lint::Found;
use crate::nlb::Mode;
use crate::recommend::{self, Fares, WeighError};
use crate::source::Sources;
use crate::vendor::{Evidence, Pack, Packs, Platform, Stated};

/// The platforms of all packs.
#[derive(Debug, Clone, Serialize)]
pub struct Matrix {
    /// By pack, each with what holds where no platform is stated first.
    pub rows: Vec<Row>,
}

/// One platform.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Row {
    /// The pack.
    pub pack: String,
    /// The platform; none for what holds where a design states none.
    pub platform: Option<String>,
    /// Whether it takes a static ARP entry with a multicast MAC.
    pub static_arp_to_multicast_mac: Cell,
    /// How many ports a static multicast MAC may have.
    pub static_mac_on_many_ports: Cell,
    /// What IGMP snooping looks up by.
    pub igmp_lookup_key: Cell,
    /// The mode to choose, for a cluster on one such switch.
    pub recommended: Recommended,
}

/// One statement about a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Cell {
    /// What holds; `unknown` where nobody says.
    pub value: String,
    /// How sure that is; none where nobody says.
    pub evidence: Option<Evidence>,
    /// Where it is said.
    pub source: Option<String>,
    /// What else there is to know.
    pub note: Option<String>,
}

/// The mode to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Recommended {
    /// The mode; none where none works.
    pub mode: Option<Mode>,
    /// How it fares.
    pub fares: Option<Fares>,
    /// Whether the switch is the gateway there; another one is where it cannot be.
    pub gateway: bool,
    /// Whether it floods the VLAN.
    pub floods: bool,
    /// The weakest of what says so.
    pub evidence: Option<Evidence>,
}

/// The matrix of these packs.
///
/// # Errors
/// [`WeighError`] when a pack is broken.
pub fn matrix(packs: &Packs, chosen: &[Arc<Pack>]) -> Result<Matrix, WeighError> {
    let mut rows = Vec::new();
    for pack in chosen {
        rows.push(row(packs, pack, None)?);
        for platform in &pack.platforms {
            rows.push(row(packs, pack, Some(platform))?);
        }
    }
    Ok(Matrix { rows })
}

fn row(packs: &Packs, pack: &Pack, platform: Option<&Platform>) -> Result<Row, WeighError> {
    let facts = pack.facts(platform.and_then(|platform| pack.platform(&platform.name))).stated();
    Ok(Row {
        pack: pack.name().to_owned(),
        platform: platform.map(|platform| platform.name.clone()),
        static_arp_to_multicast_mac: cell(&facts, "static_arp_multicast"),
        static_mac_on_many_ports: cell(&facts, "static_multicast_mac"),
        igmp_lookup_key: cell(&facts, "multicast_lookup"),
        recommended: recommended(packs, pack, platform)?,
    })
}

fn cell(facts: &[Stated<'_>], key: &str) -> Cell {
    match facts.iter().find(|fact| fact.key == key) {
        Some(fact) => Cell {
            value: fact.value.clone(),
            evidence: Some(fact.evidence),
            source: fact.source.map(str::to_owned),
            note: fact.note.map(str::to_owned),
        },
        None => Cell { value: "unknown".to_owned(), evidence: None, source: None, note: None },
    }
}

fn recommended(packs: &Packs, pack: &Pack, platform: Option<&Platform>) -> Result<Recommended, WeighError> {
    let gateway = is_gateway(pack, platform);
    let nothing = Recommended { mode: None, fares: None, gateway, floods: false, evidence: None };
    let mut sources = Sources::new();
    let Some(loaded) = lone(pack, platform, Mode::Multicast, &mut sources) else { return Ok(nothing) };
    let weighed = recommend::weigh(&loaded, &[0], &Found::default(), packs, Path::new(""), &mut sources)?;
    let best = weighed.choices.first().and_then(|choice| choice.recommended.and(choice.modes.first()));
    Ok(best.map_or(nothing, |best| Recommended {
        mode: Some(best.mode),
        fares: Some(best.fares),
        gateway,
        floods: !best.floods.is_empty(),
        evidence: Some(best.evidence),
    }))
}

impl Cell {
    fn pieces(&self) -> Vec<Piece> {
        let grade = self.evidence.map(|evidence| format!(" [{evidence}]")).unwrap_or_default();
        vec![Piece::text(format!("{}{grade}", self.value)), Piece::source(self.source.as_deref())]
    }
}

impl Recommended {
    /// In words.
    pub fn text(&self) -> String {
        let Some(mode) = self.mode else { return "none works".to_owned() };
        let floods = if self.floods { ", floods" } else { "" };
        let doubt = match self.fares {
            Some(Fares::WorksAsFarAsKnown) => ", as far as is known",
            _ => "",
        };
        let elsewhere = if self.gateway { "" } else { ", gateway elsewhere" };
        format!("{}{floods}{doubt}{elsewhere}", mode.title())
    }
}

impl Matrix {
    /// As a page; without sources for a terminal, where they would not fit.
    pub fn page(&self, with_sources: bool) -> Page {
        let mut page = Page::default();
        self.add_to(&mut page, with_sources, |name| Piece::code(name));
        page
    }

    /// Adds it to a page, with `name` saying how packs are named there.
    pub(super) fn add_to(&self, page: &mut Page, with_sources: bool, name: fn(&str) -> Piece) {
        let row = |row: &Row| {
            let pack = name(&row.pack);
            let platform = match &row.platform {
                Some(platform) => Piece::code(platform),
                None => Piece::text("(not stated)"),
            };
            let mut pieces = vec![pack, platform];
            for cell in
                [&row.static_arp_to_multicast_mac, &row.static_mac_on_many_ports, &row.igmp_lookup_key]
            {
                pieces.extend(cell.pieces().into_iter().take(if with_sources { 2 } else { 1 }));
            }
            let evidence = row.recommended.evidence.map(|evidence| evidence.to_string()).unwrap_or_default();
            pieces.extend([Piece::text(row.recommended.text()), Piece::text(evidence)]);
            pieces
        };
        let (arp, mac, key) = ("static ARP to multicast MAC", "static MAC on many ports", "IGMP lookup key");
        let head = match with_sources {
            true => vec![
                "pack",
                "platform",
                arp,
                "source",
                mac,
                "source",
                key,
                "source",
                "recommended mode",
                "evidence",
            ],
            false => vec!["pack", "platform", arp, mac, key, "recommended mode", "evidence"],
        };
        page.table(head, self.rows.iter().map(row).collect());
    }
}
