//! What is wrong with snapshots, for people: which files, and what differs in them.

use super::changes::human::human as differences;
use super::ink::{Ink, Style};
use crate::change::Changes;
use crate::drift::Drift;

/// The files of one folder, each with what is wrong with it, then the differences in those that are stale; the empty text
/// where nothing is wrong.
pub fn human(folder: &str, drift: &Drift, changes: &Changes, style: Style) -> String {
    let mut text = String::new();
    for name in &drift.missing {
        text.push_str(&line(Ink::Removed, "missing", &format!("{folder}/{name}"), style));
    }
    for name in &drift.orphaned {
        text.push_str(&orphaned(&format!("{folder}/{name}"), style));
    }
    for name in &drift.stale {
        text.push_str(&line(Ink::Changed, "stale", &format!("{folder}/{name}"), style));
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

/// The line of a file that no snapshot is kept in any more.
pub fn orphaned(path: &str, style: Style) -> String {
    line(Ink::Changed, "orphaned", path, style)
}

fn line(ink: Ink, word: &str, path: &str, style: Style) -> String {
    format!("{}  {path}\n", style.paint(ink, &format!("{word:<8}")))
}
