//! What is said of a difference beyond its values: the places that make it, and what it does to a cluster.

use crate::document::Act as Writing;

/// Which of the two bundles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The first one.
    Before,
    /// The second one.
    After,
}

impl Side {
    /// The other one.
    pub fn opposite(self) -> Self {
        match self {
            Self::Before => Self::After,
            Self::After => Self::Before,
        }
    }
}

/// A place that one of two bundles goes back to and the other does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Which bundle goes back to it.
    pub side: Side,
    /// The file, as the user would name it.
    pub file: String,
    /// The line in it, from 1.
    pub line: usize,
    /// The header of the table in which it stands, with its brackets; none at the top of a file.
    pub table: Option<String>,
    /// Whether something was written there or taken away.
    pub act: Writing,
    /// The rule that made the field of it; none where the field was written.
    pub rule: Option<&'static str>,
}

/// A difference that a cluster refuses, or that hurts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// The rule, in kebab-case.
    pub rule: &'static str,
    /// What comes of it.
    pub harm: Harm,
    /// What happens, as a lower-case phrase.
    pub message: String,
    /// What to do, in the imperative.
    pub help: String,
}

/// What comes of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Harm {
    /// The server refuses it.
    Refused,
    /// It is taken, and something is lost or does not work.
    Hurts,
}

impl Harm {
    /// `refused` or `hurts`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Hurts => "hurts",
        }
    }
}
