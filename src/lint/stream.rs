//! What comes on standard input: a design or a config. It has no ending to tell which.

use std::path::Path;

use super::inputs::{foreign, is_yaml, unclear};
use super::{Candidate, Foreign, Inputs, Taking};
use crate::config::{Detection, detect};
use crate::design::looks_like_design;
use crate::source::{DecodeError, decode_config, decode_utf};
use crate::vendor::{PackError, Packs};

/// Adds to `inputs` what a stream gave, under the name `shown`.
///
/// A config is told by what is in it, since its banner may begin like a design; what nothing tells is taken for a
/// design, whose mistakes are shown.
///
/// # Errors
/// [`PackError`] when a pack is broken; [`DecodeError`] when a design is no text.
pub fn take_stream(
    inputs: &mut Inputs,
    shown: &str,
    octets: Vec<u8>,
    packs: &Packs,
    taking: &Taking<'_>,
) -> Result<Result<(), DecodeError>, PackError> {
    let path = Path::new(shown);
    let design = decode_utf(octets.clone());
    if !is_yaml(path) {
        let (text, _) = decode_config(octets);
        let said = taking.dialect.clone().or_else(|| (taking.dialect_of)(path));
        let detected = detect(packs.clues()?, &text);
        let is_design = design.as_ref().is_ok_and(|text| looks_like_design(text));
        let title = match (detected, said) {
            (Detection::Dialect { pack, .. }, said) => {
                inputs.configs.push(Candidate::from_text(shown, text, said.unwrap_or(pack)));
                return Ok(Ok(()));
            }
            (_, Some(pack)) if !is_design => {
                inputs.configs.push(Candidate::from_text(shown, text, pack));
                return Ok(Ok(()));
            }
            (Detection::Foreign { title, .. }, None) if !is_design => Some(title),
            (Detection::Unclear { likely }, None) if !is_design => Some(unclear(&likely)),
            _ => None,
        };
        if let Some(title) = title {
            let known = foreign(path, shown.to_owned(), &text, title);
            inputs.foreign.push(Foreign { text: Some(text), ..known });
            return Ok(Ok(()));
        }
    }
    Ok(design.map(|text| inputs.streamed.push((shown.to_owned(), text))))
}
