//! What is wrong with snapshots, for people: which files, and what differs in them.

use super::changes::human::human as differences;
use super::report::human::Style;
use crate::change::Changes;
use crate::drift::Drift;
use std::fmt::Write;

/// The files of one folder, each with what is wrong with it, then the differences in those that are stale; the empty text
/// where nothing is wrong.
pub fn human(folder: &str, drift: &Drift, changes: &Changes, style: Style) -> String {
    let mut text = String::new();
    for (word, names) in [("missing", &drift.missing), ("orphaned", &drift.orphaned), ("stale", &drift.stale)] {
        for name in names {
            writeln!(text, "{word:<8}  {folder}/{name}").expect("a String takes every character");
        }
    }
    if drift.stale.is_empty() {
        return text;
    }
    text.push('\n');
    match changes.is_empty() {
        true => text.push_str("only the form of the stale files differs, not what they mean\n"),
        false => text.push_str(&differences(changes, style)),
    }
    text
}
