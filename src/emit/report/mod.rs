//! Messages as text, one file per format.

pub mod human;
pub mod json;

use crate::diagnostic::Diagnostic;
use crate::source::Sources;

/// What `lint` found once: a message, and where it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The message.
    pub diagnostic: Diagnostic,
    /// The profiles with which it was found; none where there is no stack.
    pub profiles: Vec<String>,
}

/// A format of the report of `lint`.
#[derive(Clone, Copy)]
pub struct Format {
    /// As `--format` takes it.
    pub name: &'static str,
    /// What it is for, as the help says it.
    pub purpose: &'static str,
    /// The whole report; in formats for machines the width does not count.
    pub print: fn(&[Remark], &Sources, human::Style) -> String,
}

/// All formats, the one for people first.
pub const FORMATS: &[Format] = &[
    Format { name: "human", purpose: "The source lines with carets, and what to type next", print: human::remarks },
    Format {
        name: "json",
        purpose: "One document with a list of findings",
        print: |remarks, sources, _| json::json(remarks, sources),
    },
];

impl Format {
    /// The format with this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }
}
