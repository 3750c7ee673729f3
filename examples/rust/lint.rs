//! Says what is wrong with a stack on all of its profiles: `cargo run --example lint -- examples/todo/stack.toml`.
#![allow(clippy::print_stdout, reason = "an example prints what it finds")]

use stowplan::lint::{self, Profiles, Question};
use stowplan::profile::Session;
use stowplan::source::Files;

/// One line for each finding: place, level, rule, message.
pub fn findings(stack: &str) -> Vec<String> {
    let mut session = Session::default();
    let stack = session.sources.add("stack.toml", stack);
    let question = Question { stack, profiles: &Profiles::All, set: &[], kubernetes: None };
    let found = lint::stack(&question, &mut session, &Files::default());
    let diagnostics = found.refusals.into_iter().chain(found.remarks.into_iter().map(|remark| remark.diagnostic));
    let line = |diagnostic: stowplan::diagnostic::Diagnostic| {
        let place = diagnostic.place().map(|span| {
            let file = session.sources.file(span.file);
            let (line, column) = file.line_column(span.bytes().start);
            format!("{}:{line}:{column}: ", file.name)
        });
        let level = diagnostic.severity.as_str();
        format!("{}{level}[{}]: {}", place.unwrap_or_default(), diagnostic.code, diagnostic.title)
    };
    diagnostics.map(line).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("name a stack file")?;
    for line in findings(&std::fs::read_to_string(path)?) {
        println!("{line}");
    }
    Ok(())
}
