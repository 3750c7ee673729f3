//! Compares a stack with the snapshots beside it: `cargo run --example snapshot -- examples/todo`.
#![allow(clippy::print_stdout, reason = "an example prints what it finds")]

use std::path::Path;
use stowplan::drift::File;
use stowplan::lint::Profiles;
use stowplan::profile::Session;
use stowplan::snapshot::{FOLDER, Question, snapshots};
use stowplan::source::Files;

/// What is wrong with the files of each profile, where `present` knows those that are there.
pub fn drift(stack: &str, present: impl Fn(&str) -> Vec<File>) -> Result<Vec<String>, Vec<String>> {
    let mut session = Session::default();
    let stack = session.sources.add("stack.toml", stack);
    let question = Question { stack, profiles: &Profiles::All, set: &[] };
    let snapshots = snapshots(&question, &mut session, &Files::default())
        .map_err(|mistakes| mistakes.into_iter().map(|mistake| mistake.title).collect::<Vec<_>>())?;
    let mut lines = Vec::new();
    for snapshot in &snapshots {
        let path = format!("{FOLDER}/{}", snapshot.profile);
        let drift = snapshot.drift(&present(&snapshot.profile), &path, &mut session);
        for (word, names) in [("missing", &drift.missing), ("stale", &drift.stale), ("orphaned", &drift.orphaned)] {
            lines.extend(names.iter().map(|name| format!("{word}: {path}/{name}")));
        }
    }
    Ok(lines)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name the folder of a stack")?;
    let present = |profile: &str| {
        let entries = std::fs::read_dir(Path::new(&folder).join(FOLDER).join(profile)).into_iter().flatten().flatten();
        let file = |entry: std::fs::DirEntry| {
            let name = entry.file_name().into_string().ok()?;
            Some(File { name, text: std::fs::read_to_string(entry.path()).ok()? })
        };
        entries.filter_map(file).collect()
    };
    let stack = std::fs::read_to_string(Path::new(&folder).join("stack.toml"))?;
    for line in drift(&stack, present).map_err(|mistakes| mistakes.join("\n"))? {
        println!("{line}");
    }
    Ok(())
}
