//! The stages in a row: a stack and a profile in, a bundle of objects out, no input or output of its own.

mod notes;

use crate::bundle::Bundle;
use crate::check::{self, Context, Target};
use crate::component::file::LANGUAGE;
use crate::document::checking::Checking;
use crate::profile::{Request, Resolved, Session};
use crate::source::Inputs;
use crate::stack::Stack;
use crate::value::KubernetesVersion;
use crate::{lower, patch, seal, stack};

/// What a stack became.
pub struct Rendering {
    /// The objects in the order in which they are applied.
    pub bundle: Bundle,
    /// The profile.
    pub profile: String,
    /// What a person wants to know next, for a terminal.
    pub notes: Vec<Note>,
    /// What the objects were made of: the stack, and the tree of all layers. Freeing their many small values one by one
    /// takes longer than fresh memory for what comes later.
    pub made_of: (Stack, Resolved),
}

/// Something that a person wants to know once the manifests are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// An address that answers once the manifests are applied.
    Url(String),
    /// A command that is worth typing, and what it is for.
    Command {
        /// What it is for: "the Secret `postgres` must exist".
        purpose: String,
        /// The whole command.
        command: String,
    },
    /// Something that the cluster must have.
    Requirement(String),
}

/// Compiles a stack. Messages are in `session`; `None`, or an error among them, means that there is nothing to print.
pub fn render(session: &mut Session, request: &Request, inputs: &dyn Inputs) -> Option<Rendering> {
    let resolved = session.resolve(request, &LANGUAGE, inputs)?;
    let stack = stack::build(&resolved, session, inputs)?;
    session.report.sort();
    if session.report.has_errors() {
        return None;
    }
    let mut bundle = lower::lower(&stack, session);
    patch::patch(&mut bundle, &stack, session);
    if session.report.has_errors() {
        session.report.sort();
        return None;
    }
    seal::seal(&mut bundle, &stack);
    let findings = check::check(&Context { bundle: &bundle, target: target(&stack) });
    if !findings.is_empty() {
        let Session { sources, origins, report, .. } = session;
        check::report(findings, &bundle, &mut Checking { sources, origins, report });
        session.report.sort();
        return None;
    }
    let notes = notes::notes(&stack, &bundle);
    Some(Rendering { bundle, profile: resolved.profile.clone(), notes, made_of: (stack, resolved) })
}

/// The cluster that the objects must fit.
fn target(stack: &Stack) -> Target {
    match &stack.cluster.kubernetes {
        Some(version) => Target { origin: Some(version.origin), ..Target::of(version.value) },
        None => Target::of(KubernetesVersion::NEWEST),
    }
}
