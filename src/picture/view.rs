//! What the template of a picture gets: coordinates and words.

use serde::Serialize;

use super::content::{Look, Sign};
use super::text::{Size, fit};

#[derive(Serialize)]
pub(super) struct View<'v> {
    pub(super) id: &'v str,
    pub(super) style: Option<&'static str>,
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) title: String,
    pub(super) told: String,
    pub(super) texts: Vec<Text>,
    pub(super) verdict: Mark,
    pub(super) wires: Vec<WireView<'v>>,
    pub(super) boxes: Vec<BoxView<'v>>,
    pub(super) legend: Vec<Entry>,
}

/// A text, at the left end of its line or at the right.
#[derive(Serialize)]
pub(super) struct Text {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) size: &'static str,
    pub(super) at_end: bool,
    pub(super) text: String,
    /// The whole of it, where it was too wide.
    pub(super) full: Option<String>,
}

impl Text {
    pub(super) fn new(x: i32, y: i32, size: Size, text: &str, room: i32) -> Self {
        let shown = fit(text, size, room);
        let full = (shown != text).then(|| text.to_owned());
        Self { x, y, size: size.class(), at_end: false, text: shown, full }
    }
}

#[derive(Serialize)]
pub(super) struct Mark {
    pub(super) sign: &'static str,
    pub(super) x: i32,
    pub(super) y: i32,
}

#[derive(Serialize)]
pub(super) struct WireView<'v> {
    pub(super) look: &'static str,
    pub(super) path: String,
    pub(super) title: &'v str,
    pub(super) arrows: Vec<Arrow>,
    pub(super) rings: Vec<(i32, i32)>,
    pub(super) cross: Option<(i32, i32)>,
}

#[derive(Serialize)]
pub(super) struct Arrow {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) to_right: bool,
}

#[derive(Serialize)]
pub(super) struct BoxView<'v> {
    pub(super) kind: &'static str,
    pub(super) gets: bool,
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
    /// How far the switches of a stack stand out behind it.
    pub(super) behind: Vec<i32>,
    pub(super) link: Option<&'v str>,
    pub(super) title: &'v str,
    pub(super) texts: Vec<Text>,
    pub(super) ports: Vec<(i32, i32)>,
    pub(super) bands: Vec<BandView<'v>>,
}

#[derive(Serialize)]
pub(super) struct BandView<'v> {
    pub(super) sign: &'static str,
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) mark: Mark,
    pub(super) title: &'v str,
    pub(super) text: Text,
}

/// A line of the legend.
#[derive(Serialize)]
pub(super) struct Entry {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) sign: Option<&'static str>,
    pub(super) look: Option<&'static str>,
    pub(super) text: Text,
}

impl Size {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Heading => "heading",
            Self::Name => "name",
            Self::Small => "small",
        }
    }
}

impl Sign {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Missed => "missed",
            Self::Unknown => "unknown",
            Self::Enters => "enters",
            Self::Flood => "flood",
            Self::Stop => "stop",
            Self::None => "none",
        }
    }

    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Reached => "gets the frame",
            Self::Missed => "cut off",
            Self::Unknown => "not known",
            Self::Enters => "the frame comes from here",
            Self::Flood => "flooded beside the nodes",
            Self::Stop => "the frame stops here",
            Self::None => "",
        }
    }
}

impl Look {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Way => "way",
            Self::Flood => "flooded",
            Self::Lost => "lost",
            Self::Idle => "idle",
            Self::Down => "down",
        }
    }

    /// Less for what matters more.
    pub(super) fn weight(self) -> u8 {
        match self {
            Self::Lost | Self::Down => 0,
            Self::Way => 1,
            Self::Flood => 2,
            Self::Idle => 3,
        }
    }
}
