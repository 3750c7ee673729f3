//! What differs between two bundles as text, one file per format.

mod wording;
pub mod human;
pub mod json;
pub mod unified;
pub mod github;
pub mod matrix;

use super::report::human::Style;
use crate::change::Changes;

/// A format of `diff`.
#[derive(Clone, Copy)]
pub struct Format {
    /// As `--format` takes it.
    pub name: &'static str,
    /// What it is for, as the help says it.
    pub purpose: &'static str,
    /// The whole text; in formats for machines the style does not count.
    pub print: fn(&Changes, Style) -> String,
    /// Whether what a cluster refuses is in it.
    pub has_risks: bool,
}

/// All formats, the one for people first.
pub const FORMATS: &[Format] = &[
    Format {
        name: "human",
        purpose: "Grouped by component, each difference with its reason",
        print: human::human,
        has_risks: true,
    },
    Format {
        name: "json",
        purpose: "One document; the changes of an object are a JSON Patch",
        print: |changes, _| json::json(changes),
        has_risks: true,
    },
    Format {
        name: "unified",
        purpose: "A patch of the first one's YAML for `patch -p1`, without Secrets",
        print: |changes, _| unified::unified(changes),
        has_risks: false,
    },
    Format {
        name: "github",
        purpose: "Markdown for a comment on a pull request",
        print: |changes, _| github::github(changes),
        has_risks: true,
    },
];

impl Format {
    /// The format with this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }
}
