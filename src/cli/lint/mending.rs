//! Mends what has one right answer, round by round, until nothing more has.

use super::call::Call;
use super::linting::{Linting, Texts};
use crate::cli::rewrite::rewrite;
use crate::diagnostic::Diagnostic;
use crate::emit::patch::patch;
use crate::lint::Amendments;
use std::path::Path;

/// What is found once it is mended may be mended too, as in a table whose name was wrong. More rounds than a stack has levels
/// would be two fixes that undo each other.
const ROUNDS: usize = 10;

/// Texts before and behind.
pub struct Mending {
    /// What is found in the texts as they are to be.
    pub linting: Linting,
    /// How many edits were made.
    pub edits: usize,
    /// Name, text before and text behind of each that changes, by name.
    changes: Vec<(String, String, String)>,
}

impl Mending {
    /// Mends in memory what `first` found.
    pub fn of(first: Linting, texts: &Texts, call: &Call) -> Self {
        let mut amendments = Amendments::default();
        let mut next: Option<Linting> = None;
        for _ in 0..ROUNDS {
            let last = next.as_ref().unwrap_or(&first);
            if !amendments.add(&last.remarks, &last.session.sources) {
                break;
            }
            next = Some(Linting::of(texts, call, &amendments));
        }
        let before = |name: &str| first.session.sources.iter().find(|(_, file)| file.name == name);
        let changes = amendments.texts.into_iter().filter_map(|(name, after)| {
            let text = before(&name)?.1.text.clone();
            (text != after).then_some((name, text, after))
        });
        Self { changes: changes.collect(), edits: amendments.edits, linting: next.unwrap_or(first) }
    }

    /// The changes as one patch.
    pub fn patch(&self) -> String {
        self.changes
            .iter()
            .map(|(name, before, after)| patch(name.strip_prefix("./").unwrap_or(name), before, after))
            .collect()
    }

    /// Writes each text into its file.
    ///
    /// # Errors
    /// What to say of the first file that cannot be written; those before it are.
    pub fn write(&self) -> Result<(), Box<Diagnostic>> {
        self.changes.iter().try_for_each(|(name, before, after)| rewrite(Path::new(name), before, after))
    }

    /// The names of the files that change.
    pub fn names(&self) -> Vec<&str> {
        self.changes.iter().map(|(name, ..)| name.as_str()).collect()
    }
}
