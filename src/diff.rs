//! What differs between profiles of a stack, or between a stack and what is there already.

use crate::change::{Changes, Ground, Grounds, compare};
use crate::pipeline::{self, Rendering};
use crate::profile::{Request, Session};
use crate::source::{FileId, Inputs, WithoutSecrets};
use crate::value::KubernetesRange;

/// What is asked about a stack.
pub struct Question<'a> {
    /// The stack file, already among the sources.
    pub stack: FileId,
    /// The arguments of `--set`, in order.
    pub set: &'a [String],
    /// The versions of the servers; those of the profiles where none are named.
    pub kubernetes: Option<KubernetesRange>,
}

/// The objects of a stack for one profile, or for the first that the stack names. Values of secrets are not read. Messages
/// are in `session`; `None`, or an error among them, means that there is nothing to compare.
pub fn render(
    question: &Question,
    profile: Option<&str>,
    session: &mut Session,
    inputs: &dyn Inputs,
) -> Option<Rendering> {
    let request = Request { stack: question.stack, profile, set: question.set };
    let rendering = pipeline::compile(session, &request, &WithoutSecrets(inputs))?;
    match pipeline::refuse(&rendering, question.kubernetes, session) {
        0 => Some(rendering),
        _ => None,
    }
}

/// What differs between two renderings of one session, and why.
pub fn between<'r>(before: (&str, &'r Rendering), after: (&str, &'r Rendering), session: &'r Session) -> Changes<'r> {
    compare((before.0, after.0), &Grounds::new(session, ground(before.1), ground(after.1)))
}

fn ground(rendering: &Rendering) -> Ground<'_> {
    Ground { bundle: &rendering.bundle, resolved: Some(&rendering.made_of.1) }
}
