//! What every check needs: the texts, the places in them, and the report that it writes to.

use super::{OriginId, Origins};
use crate::diagnostic::Report;
use crate::source::{Sources, Span};

/// What finds mistakes: in one layer, or between components.
pub struct Checking<'a> {
    /// All texts.
    pub sources: &'a Sources,
    /// All places.
    pub origins: &'a Origins,
    /// What was found.
    pub report: &'a mut Report,
}

impl Checking<'_> {
    /// The place of a value.
    pub fn span(&self, origin: OriginId) -> Span {
        self.origins.get(origin).span
    }

    /// Whether a message already points into this value.
    pub fn is_reported(&self, origin: OriginId) -> bool {
        self.report.points_into(self.span(origin))
    }

    /// The place where a name stands: the key, where it spells the name and the value does not; else the value.
    pub fn name_span(&self, name: &str, origin: OriginId) -> Span {
        let origin = self.origins.get(origin);
        let spells = |span: &Span| self.sources.text(*span).trim_matches(['"', '\'']) == name;
        origin.key.filter(|key| spells(key) && !spells(&origin.span)).unwrap_or(origin.span)
    }

    /// The place of a key; of the value where there is none.
    pub fn key_span(&self, origin: OriginId) -> Span {
        let origin = self.origins.get(origin);
        origin.key.unwrap_or(origin.span)
    }
}
