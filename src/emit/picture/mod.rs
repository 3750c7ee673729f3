//! A picture as text, one file per format.

pub mod mermaid;
pub mod dot;
pub mod layout;
pub mod labels;
pub mod svg;
pub mod html;

use crate::picture::Picture;

/// How many pictures a format holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capacity {
    /// The first that it is given.
    One,
    /// All of them.
    Many,
}

/// A format of `graph`.
#[derive(Clone, Copy)]
pub struct Format {
    /// As `--format` takes it.
    pub name: &'static str,
    /// What it is for, as the help says it.
    pub purpose: &'static str,
    /// How many pictures it holds.
    pub capacity: Capacity,
    /// So many edges its readers draw; none where they draw any number.
    pub most_edges: Option<usize>,
    /// The whole text.
    pub print: fn(&[Picture]) -> String,
}

/// All formats, the one for pages of Markdown first.
pub const FORMATS: &[Format] = &[
    Format {
        name: "mermaid",
        purpose: "Text that GitHub and GitLab draw in Markdown",
        capacity: Capacity::One,
        most_edges: Some(mermaid::MOST_EDGES),
        print: |pictures| each(pictures, mermaid::mermaid),
    },
    Format {
        name: "dot",
        purpose: "For Graphviz",
        capacity: Capacity::One,
        most_edges: None,
        print: |pictures| each(pictures, dot::dot),
    },
    Format {
        name: "svg",
        purpose: "An image, for light and dark",
        capacity: Capacity::One,
        most_edges: None,
        print: |pictures| each(pictures, svg::svg),
    },
    Format {
        name: "html",
        purpose: "One page to move and to ask, with every profile that the stack names",
        capacity: Capacity::Many,
        most_edges: None,
        print: html::html,
    },
];

impl Format {
    /// The format with this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }
}

fn each(pictures: &[Picture], print: fn(&Picture) -> String) -> String {
    pictures.iter().map(print).collect()
}
