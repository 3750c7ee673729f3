//! Compiles a stack to manifests: `cargo run --example render -- examples/todo/stack.toml k3d`.
#![allow(clippy::print_stdout, reason = "an example prints what it makes")]

use stowplan::emit::manifests::yaml::yaml;
use stowplan::emit::report::human::{self, Color, Style};
use stowplan::pipeline;
use stowplan::profile::{Request, Session};
use stowplan::source::Files;

/// The manifests of a stack that reads no files, or everything that is wrong with it.
pub fn manifests(stack: &str, profile: &str) -> Result<String, String> {
    let mut session = Session::default();
    let stack = session.sources.add("stack.toml", stack);
    let request = Request { stack, profile: Some(profile), set: &[] };
    match pipeline::render(&mut session, &request, &Files::default()) {
        Some(rendering) if !session.report.has_errors() => Ok(yaml(&rendering.bundle)),
        _ => Err(human::render(&session.report, &session.sources, Style { color: Color::Never, width: 100 })),
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (path, profile) = arguments.next().zip(arguments.next()).ok_or("name a stack file and a profile")?;
    print!("{}", manifests(&std::fs::read_to_string(path)?, &profile)?);
    Ok(())
}
