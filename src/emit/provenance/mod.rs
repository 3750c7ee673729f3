//! Where values come from as text, one file per format.

pub mod human;
pub mod json;

use super::report::human::Style;
use crate::provenance::Answer;

/// A format of the answers of `why`.
#[derive(Clone, Copy)]
pub struct Format {
    /// As `--format` takes it.
    pub name: &'static str,
    /// What it is for, as the help says it.
    pub purpose: &'static str,
    /// The whole answer; in formats for machines the width does not count.
    pub print: fn(&Answer, Style) -> String,
}

/// All formats, the one for people first.
pub const FORMATS: &[Format] = &[
    Format { name: "human", purpose: "A line for each layer, with what it says", print: human::human },
    Format {
        name: "json",
        purpose: "One document with every writing of every field",
        print: |answer, _| json::json(answer),
    },
];

impl Format {
    /// The format with this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }
}
