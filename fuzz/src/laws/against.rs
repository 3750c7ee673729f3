//! What `kubectl get -o yaml` printed, damaged: `diff --against` compares it with a stack, in each format.

use super::reading::{PLAIN, tell, text};
use stowplan::diff::{self, Question, Risks, Side};
use stowplan::emit::changes::FORMATS;
use stowplan::profile::Session;
use stowplan::source::Files;

/// The stack whose objects were asked for.
const STACK: &str = include_str!("../../../examples/todo/stack.toml");

/// Compares the text with the stack.
pub fn check(bytes: &[u8]) {
    let mut session = Session::default();
    let stack = session.sources.add("stack.toml", STACK);
    let question = Question { stack, set: &[], kubernetes: None };
    let rendering = diff::render(&question, Some("k3d"), &mut session, &Files::default());
    let rendering = rendering.expect("the example is right");
    let Some(file) = text("live.yaml", bytes, &mut session) else { return };
    let theirs = diff::read(&[file], &mut session);
    tell(&session.report, &session.sources);
    let changes = diff::against(("live", &theirs), Side::of("k3d", &rendering), &session, Risks::Marked);
    for format in FORMATS {
        (format.print)(&changes, PLAIN);
    }
}
