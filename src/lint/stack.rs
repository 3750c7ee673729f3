//! A stack on one, several or all of its profiles.

use crate::check::rules::Allowed;
use crate::diagnostic::Report;
use crate::diagnostic::{Class, Diagnostic, Severity};
use crate::document::LayerId;
use crate::document::{Origins, parse};
use crate::emit::report::Remark;
use crate::pipeline::{self, Rendering};
use crate::profile::{Repetition, Request, Session, chain};
use crate::source::{ARGUMENT, FileId, Inputs, Sources, Span, WithoutSecrets};
use crate::value::KubernetesRange;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// The profiles that a stack is looked at with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Profiles {
    /// The first of `[stack] profiles`.
    First,
    /// These.
    Named(Vec<String>),
    /// Those of `[stack] profiles`.
    All,
}

/// What is asked about a stack.
pub struct Question<'a> {
    /// The stack file, already among the sources.
    pub stack: FileId,
    /// With which profiles.
    pub profiles: &'a Profiles,
    /// The arguments of `--set`, in order.
    pub set: &'a [String],
    /// The versions of the servers; those of the profiles where none are named.
    pub kubernetes: Option<KubernetesRange>,
}

/// What was found about a stack.
#[derive(Debug, Default)]
pub struct Linted {
    /// In the order of their places; those without one come first.
    pub remarks: Vec<Remark>,
    /// What is wrong with the call, so that the stack could not be looked at as it was asked for.
    pub refusals: Vec<Diagnostic>,
    /// The profiles that it was looked at with; none where it names none that could be asked for.
    pub profiles: Vec<String>,
}

/// Looks at a stack with each profile that is asked for. What is found with several of them is one remark. Values of secrets
/// are not read.
pub fn stack(question: &Question, session: &mut Session, inputs: &dyn Inputs) -> Linted {
    let names = match profiles(question, session) {
        Ok(names) => names,
        Err(refusal) => return Linted { refusals: vec![*refusal], ..Linted::default() },
    };
    let mut found: IndexMap<Diagnostic, Vec<String>, FxBuildHasher> = IndexMap::default();
    let mut looked_at = Vec::new();
    let mut needless = Needless::default();
    for (position, name) in names.iter().enumerate() {
        let is_last = position + 1 == names.len();
        session.repetition = if is_last { Repetition::Last } else { Repetition::More };
        let Look { rendering, diagnostics, allowed, profile } =
            with_profile(question, name.as_deref(), session, inputs);
        for diagnostic in diagnostics {
            found.entry(canonical(diagnostic, &session.sources)).or_default().extend(profile.clone());
        }
        looked_at.extend(profile);
        needless.note(allowed, session);
        if is_last {
            // The process ends soon: freeing many small values one by one would only take time.
            std::mem::forget(rendering);
        }
    }
    let mut needless = needless.diagnostics().map(|diagnostic| (diagnostic, Vec::new())).peekable();
    // What the stack declares costs a reading of its text, and seldom is an allowance needless.
    let is_complete = |all: Vec<String>| all.iter().all(|name| looked_at.contains(name));
    if needless.peek().is_some() && declared(question.stack, &session.sources).is_some_and(is_complete) {
        found.extend(needless);
    }
    let (refusals, mut found): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|(diagnostic, _)| is_of_call(diagnostic, &session.sources));
    found.sort_by(|(a, _), (b, _)| (a.place(), a.code, &a.title).cmp(&(b.place(), b.code, &b.title)));
    let remark = |(diagnostic, profiles): (Diagnostic, Vec<String>)| Remark {
        diagnostic: Diagnostic { note: note(&profiles, looked_at.len()), ..diagnostic },
        profiles,
        file: question.stack,
    };
    Linted {
        remarks: found.into_iter().map(remark).collect(),
        refusals: refusals.into_iter().map(|(diagnostic, _)| diagnostic).collect(),
        profiles: looked_at,
    }
}

/// The names of the profiles, each once; `None` stands for the one that the stack names first.
///
/// # Errors
/// What to say where all are asked for, and the stack names none.
pub fn profiles(question: &Question, session: &Session) -> Result<Vec<Option<String>>, Box<Diagnostic>> {
    let names: Vec<String> = match question.profiles {
        Profiles::First => return Ok(vec![None]),
        Profiles::Named(names) => names.clone(),
        Profiles::All => match declared(question.stack, &session.sources) {
            // What is no TOML is told by any run.
            None => return Ok(vec![None]),
            Some(names) if names.is_empty() => return Err(Box::new(no_profiles(question, session))),
            Some(names) => names,
        },
    };
    let mut wanted: Vec<Option<String>> = Vec::new();
    for name in names.into_iter().map(Some) {
        if !wanted.contains(&name) {
            wanted.push(name);
        }
    }
    Ok(wanted)
}

/// `[stack] profiles`; `None` where the stack is no TOML.
pub fn declared(stack: FileId, sources: &Sources) -> Option<Vec<String>> {
    let root = parse::parse(stack, sources, LayerId(0), &mut Origins::default(), &mut Report::default())?;
    Some(chain::declared(&root).into_iter().map(|(name, _)| name).collect())
}

fn no_profiles(question: &Question, session: &Session) -> Diagnostic {
    let title = format!("`{}` names no profiles", session.sources.file(question.stack).name);
    let help = "write `profiles = [\"k3d\"]` below `[stack]`, or name them in the call: `-p k3d,cloud`";
    Diagnostic::error("no-profile", title).help(help)
}

/// What is found with one profile.
struct Look {
    /// What the stack becomes with it, where it becomes anything.
    rendering: Option<Rendering>,
    diagnostics: Vec<Diagnostic>,
    /// What is allowed with it; `None` where that cannot be known.
    allowed: Option<Vec<Allowed>>,
    /// The name of the profile; `None` where there is no such profile, or nobody names one.
    profile: Option<String>,
}

fn with_profile(question: &Question, name: Option<&str>, session: &mut Session, inputs: &dyn Inputs) -> Look {
    let request = Request { stack: question.stack, profile: name, set: question.set };
    let rendering = pipeline::compile(session, &request, &WithoutSecrets(inputs));
    let mut allowed = None;
    if let Some(rendering) = &rendering {
        pipeline::refuse(rendering, question.kubernetes, session);
        allowed = Some(pipeline::advise(rendering, question.kubernetes, session));
        if rendering.bundle.objects.is_empty() {
            let name = &session.sources.file(question.stack).name;
            session.report.push(pipeline::empty(name, &rendering.profile));
        }
    }
    session.report.sort();
    let mut diagnostics = std::mem::take(&mut session.report).diagnostics;
    let is_there = |name: &String| match question.profiles {
        Profiles::Named(_) => !diagnostics.iter().any(|diagnostic| is_unknown(diagnostic, name)),
        // What the stack names and nobody knows is a mistake at its place.
        Profiles::First | Profiles::All => true,
    };
    let profile = match (&rendering, name) {
        (Some(rendering), _) => Some(rendering.profile.clone()),
        (None, Some(name)) => Some(name.to_owned()).filter(is_there),
        (None, None) => declared(question.stack, &session.sources).unwrap_or_default().into_iter().next(),
    };
    // Where the stack names an unknown profile, the place in it is told already.
    if *question.profiles == Profiles::All {
        diagnostics.retain(|diagnostic| diagnostic.code != "unknown-profile" || diagnostic.place().is_some());
    }
    Look { rendering, diagnostics, allowed, profile }
}

/// Whether it says that the call names a profile which nobody knows.
fn is_unknown(diagnostic: &Diagnostic, name: &str) -> bool {
    diagnostic.code == "unknown-profile"
        && diagnostic.place().is_none()
        && diagnostic.title.contains(&format!("`{name}`"))
}

/// Allowances that no profile needed so far, by their place.
#[derive(Default)]
struct Needless {
    allowances: IndexMap<Span, (Allowed, bool), FxBuildHasher>,
    /// Whether a profile could not be looked at, so that nothing can be said.
    is_blind: bool,
}

impl Needless {
    fn note(&mut self, allowed: Option<Vec<Allowed>>, session: &Session) {
        let Some(allowed) = allowed else {
            self.is_blind = true;
            return;
        };
        for allowed in allowed {
            let origin = session.origins.get(allowed.origin);
            let span = origin.key.unwrap_or(origin.span);
            let is_used = allowed.is_used;
            self.allowances.entry(span).or_insert((allowed, false)).1 |= is_used;
        }
    }

    /// A message about each.
    fn diagnostics(self) -> impl Iterator<Item = Diagnostic> {
        let is_blind = self.is_blind;
        let needless = self.allowances.into_iter().filter(move |(_, (_, is_used))| !is_blind && !is_used);
        needless.map(|(span, (allowed, _))| {
            let whose = allowed.component.map_or("the stack".to_owned(), |component| format!("`{component}`"));
            let title = format!("`{}` finds nothing in {whose} that would have to be allowed", allowed.rule);
            let diagnostic = Diagnostic::warning("unused-allowance", title).at(span, "");
            Diagnostic { class: Class::Rule, ..diagnostic }.help("remove this line")
        })
    }
}

/// A message whose places are in the first of equal texts: each profile reads the files of profiles anew.
fn canonical(mut diagnostic: Diagnostic, sources: &Sources) -> Diagnostic {
    let first = |span: Span| {
        let file = sources.file(span.file);
        let same = sources.iter().find(|(_, other)| other.name == file.name && other.text == file.text);
        Span { file: same.map_or(span.file, |(id, _)| id), ..span }
    };
    for label in &mut diagnostic.labels {
        label.span = first(label.span);
    }
    if let Some(fix) = &mut diagnostic.fix {
        fix.span = first(fix.span);
    }
    diagnostic
}

/// Whether an error is in what was typed to call us, and not in the stack.
fn is_of_call(diagnostic: &Diagnostic, sources: &Sources) -> bool {
    let is_typed = diagnostic.place().is_none_or(|place| sources.file(place.file).name == ARGUMENT);
    diagnostic.class == Class::Stack && diagnostic.severity == Severity::Error && is_typed
}

/// With which profiles something was found, where there are several to be told apart.
fn note(profiles: &[String], asked: usize) -> Option<String> {
    let names = profiles.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match profiles.len() {
        _ if asked < 2 => None,
        0 => None,
        1 => Some(format!("with the profile {names} alone")),
        _ => Some(format!("with the profiles {names}")),
    }
}
