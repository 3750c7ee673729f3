//! The manifests of each profile as files that are kept beside the stack, so that a change of them is seen in review.

use crate::change::Changes;
use crate::diagnostic::{Class, Diagnostic, Severity};
use crate::drift::{Drift, File};
use crate::emit::manifests::folder::{self, Purpose};
use crate::lint::{self, Profiles};
use crate::pipeline::{self, Rendering};
use crate::profile::{Request, Session};
use crate::source::{FileId, Inputs, WithoutSecrets};

/// The folder beside the stack that holds a folder for each profile.
pub const FOLDER: &str = "snapshots";

/// What is asked for.
pub struct Question<'a> {
    /// The stack file, already among the sources.
    pub stack: FileId,
    /// With which profiles.
    pub profiles: &'a Profiles,
    /// The arguments of `--set`, in order.
    pub set: &'a [String],
}

/// What a stack becomes on one profile, as files.
pub struct Snapshot {
    /// The profile.
    pub profile: String,
    /// A file for each object, in the order in which they are applied.
    pub files: Vec<File>,
    rendering: Rendering,
}

/// The snapshots of a stack, one for each profile. Values of secrets from variables and files are not read; a text that names
/// their place stands for them.
///
/// # Errors
/// Everything that is wrong with the stack or the call, where any of the profiles cannot be rendered.
pub fn snapshots(
    question: &Question,
    session: &mut Session,
    inputs: &dyn Inputs,
) -> Result<Vec<Snapshot>, Vec<Diagnostic>> {
    let asked =
        lint::Question { stack: question.stack, profiles: question.profiles, set: question.set, kubernetes: None };
    let names = lint::profiles(&asked, session).map_err(|refusal| vec![*refusal])?;
    let mut snapshots = Vec::with_capacity(names.len());
    for name in names {
        let request = Request { stack: question.stack, profile: name.as_deref(), set: question.set };
        let rendering = pipeline::render(session, &request, &WithoutSecrets(inputs));
        match rendering.filter(|_| !session.report.has_errors()) {
            Some(rendering) => snapshots.push(Snapshot::new(rendering)),
            None => return Err(mistakes(&asked, session, inputs)),
        }
    }
    Ok(snapshots)
}

/// What is wrong, each thing once for all profiles.
fn mistakes(question: &lint::Question, session: &mut Session, inputs: &dyn Inputs) -> Vec<Diagnostic> {
    session.report.diagnostics.clear();
    let found = lint::stack(question, session, inputs);
    let is_mistake = |diagnostic: &Diagnostic| {
        diagnostic.severity == Severity::Error && matches!(diagnostic.class, Class::Stack | Class::Api)
    };
    let remarks = found.remarks.into_iter().map(|remark| remark.diagnostic);
    found.refusals.into_iter().chain(remarks.filter(is_mistake)).collect()
}

impl Snapshot {
    fn new(rendering: Rendering) -> Self {
        let files = folder::files(&rendering.bundle, Purpose::Snapshot);
        let files = files.into_iter().map(|(name, text)| File { name, text }).collect();
        Self { profile: rendering.profile.clone(), files, rendering }
    }

    /// How far the files that are there are from these; `path` is their folder for messages.
    pub fn drift(&self, present: &[File], path: &str, session: &mut Session) -> Drift {
        Drift::between(present, &self.files, &self.rendering.bundle, path, session)
    }

    /// What differs in the objects of stale files, and why.
    pub fn changes<'d>(&'d self, drift: &'d Drift, session: &'d Session) -> Changes<'d> {
        drift.changes(&self.profile, &self.rendering.made_of.1, session)
    }
}
