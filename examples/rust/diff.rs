//! Prints what differs between two profiles of a stack, and the line that makes each field differ:
//! `cargo run --example diff -- examples/todo k3d cloud`.

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::path::{Path, PathBuf};
use std::{env, fs, io};
use stowplan::diff::{Question, Risks, Side, between, render};
use stowplan::profile::Session;
use stowplan::source::Inputs;

/// The files beside a stack.
struct Folder(PathBuf);

impl Inputs for Folder {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(self.0.join(path))
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let entries = fs::read_dir(self.0.join(path))?.collect::<io::Result<Vec<_>>>()?;
        let mut files: Vec<_> = entries.iter().map(|entry| path.join(entry.file_name())).collect();
        files.sort();
        Ok(files)
    }

    fn variable(&self, name: &str) -> Option<String> {
        env::var(name).ok()
    }
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [folder, first, second] = &arguments[..] else {
        return Err(io::Error::other("name a folder with a stack.toml, and two profiles"));
    };
    let mut session = Session::default();
    let text = fs::read_to_string(Path::new(folder).join("stack.toml"))?;
    let stack = session.sources.add("stack.toml", text);
    let question = Question { stack, set: &[], kubernetes: None };
    let inputs = Folder(folder.into());
    let before = render(&question, Some(first), &mut session, &inputs);
    let after = render(&question, Some(second), &mut session, &inputs);
    let (Some(before), Some(after)) = (before, after) else {
        for diagnostic in &session.report.diagnostics {
            println!("{}: {}", diagnostic.severity.as_str(), diagnostic.title);
        }
        return Err(io::Error::other("the stack is refused"));
    };
    let changes = between(Side::of(first, &before), Side::of(second, &after), &session, Risks::Unmarked);
    for object in &changes.objects {
        let name = format!("{}/{}", object.object().kind_name(), object.object().name());
        for reason in &object.reasons {
            println!("{name}: {}:{}", reason.file, reason.line);
        }
        for change in &object.changes {
            let places: Vec<_> =
                change.reasons.iter().map(|reason| format!("{}:{}", reason.file, reason.line)).collect();
            println!("{name} {}: {}", change.field, places.join(", "));
        }
    }
    Ok(())
}
