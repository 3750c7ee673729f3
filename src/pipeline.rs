//! The stages in a row: a stack and a profile in, a bundle of objects out, no input or output of its own.

mod notes;

use crate::bundle::Bundle;
use crate::check;
use crate::check::rules::{self, Allowed, Completeness};
use crate::check::{Finding, Target};
use crate::component::file::LANGUAGE;
use crate::diagnostic::Diagnostic;
use crate::document::OriginId;
use crate::document::checking::Checking;
use crate::graph::Graph;
use crate::profile::{Request, Resolved, Role, Session, role};
use crate::source::Inputs;
use crate::stack::Stack;
use crate::value::{KubernetesRange, KubernetesVersion};
use crate::{lower, patch, seal, stack};

/// What a stack became.
pub struct Rendering {
    /// The objects in the order in which they are applied.
    pub bundle: Bundle,
    /// The profile.
    pub profile: String,
    /// The cluster's version.
    pub kubernetes: KubernetesVersion,
    /// Where the stack or the profile says so.
    kubernetes_origin: Option<OriginId>,
    /// What the objects were made of: the stack, and the tree of all layers. Freeing their many small values one by one
    /// takes longer than fresh memory for what comes later.
    pub made_of: (Stack, Resolved),
}

impl Rendering {
    /// What a person wants to know next, for a terminal.
    pub fn notes(&self) -> Vec<Note> {
        notes::notes(&self.made_of.0, &self.bundle)
    }

    /// What API servers of these versions, else of the profile's, would refuse.
    pub fn refusal(&self, versions: Option<KubernetesRange>) -> Vec<Finding> {
        let (versions, origin) = self.asked(versions);
        check::check_versions(&self.bundle, versions, origin)
    }

    /// These versions, else the profile's and where that is written.
    fn asked(&self, versions: Option<KubernetesRange>) -> (KubernetesRange, Option<OriginId>) {
        match versions {
            Some(versions) => (versions, None),
            None => (self.kubernetes.into(), self.kubernetes_origin),
        }
    }
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

/// Compiles a stack to objects that an API server of the profile's version takes. Messages are in `session`; `None`, or an
/// error among them, means that there is nothing to print.
pub fn render(session: &mut Session, request: &Request, inputs: &dyn Inputs) -> Option<Rendering> {
    let rendering = compile(session, request, inputs)?;
    match refuse(&rendering, None, session) {
        0 => Some(rendering),
        _ => None,
    }
}

/// Reports what API servers of these versions, else of the profile's, would refuse; says how much it is. What is given to the
/// stack and nothing reads is an error too.
pub fn refuse(rendering: &Rendering, versions: Option<KubernetesRange>, session: &mut Session) -> usize {
    report_refusal(rendering, rendering.refusal(versions), session)
}

/// The same for what [`Rendering::refusal`] found.
pub fn report_refusal(rendering: &Rendering, findings: Vec<Finding>, session: &mut Session) -> usize {
    let count = findings.len();
    let Session { sources, origins, report, layers, .. } = session;
    stack::variables::check(&rendering.made_of.1.root, layers, &mut Checking { sources, origins, report });
    if count > 0 {
        check::report(findings, &rendering.bundle, &mut Checking { sources, origins, report });
        session.report.sort();
    }
    count
}

/// Reports what breaks rules, but for what is meant; says of each allowance whether it was needed.
pub fn advise(rendering: &Rendering, versions: Option<KubernetesRange>, session: &mut Session) -> Vec<Allowed> {
    let (versions, origin) = rendering.asked(versions);
    let graph = Graph::of(&rendering.bundle, Some(&rendering.made_of.0));
    let (origins, layers) = (&session.origins, &session.layers);
    let is_written = |cause| {
        let first = rendering.bundle.causes.origins(cause).next();
        first.is_none_or(|origin| role(origins, layers, origin) == Role::Stack)
    };
    let context = rules::Context {
        bundle: &rendering.bundle,
        graph: &graph,
        target: Target { oldest: versions.oldest, newest: versions.newest, origin },
        stack: Some(&rendering.made_of.0),
        completeness: Completeness::Closed,
        overridden: &rendering.made_of.1.overridden,
        is_written: &is_written,
    };
    let (findings, allowed) = rules::judge(rules::check(&context), &context);
    let Session { sources, origins, report, .. } = session;
    check::report(findings, &rendering.bundle, &mut Checking { sources, origins, report });
    allowed
}

/// Without a word an empty stream would look like a success.
pub fn empty(name: &str, profile: &str) -> Diagnostic {
    Diagnostic::warning("empty-stack", format!("`{name}` makes no object for the profile `{profile}`"))
        .help("add a component: `stowplan explain api` shows one, `stowplan explain` lists all tables")
}

/// Compiles a stack to objects, whatever an API server may say of them. Messages are in `session`; `None`, or an error among
/// them, means that there is nothing to print.
pub fn compile(session: &mut Session, request: &Request, inputs: &dyn Inputs) -> Option<Rendering> {
    let resolved = session.resolve(request, &LANGUAGE, inputs)?;
    let stack = stack::build(&resolved, session, inputs)?;
    let Session { sources, origins, report, .. } = session;
    check::rules::check_names(&stack, &mut Checking { sources, origins, report });
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
    let version = &stack.cluster.kubernetes;
    Some(Rendering {
        bundle,
        profile: resolved.profile.clone(),
        kubernetes: version.as_ref().map_or(KubernetesVersion::USUAL, |version| version.value),
        kubernetes_origin: version.as_ref().map(|version| version.origin),
        made_of: (stack, resolved),
    })
}
