//! Renders a stack from texts in memory: what tests of the whole pipeline share.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
#![allow(dead_code, reason = "each test binary uses the part that it needs")]

use serde::Deserialize;
use serde_yaml::Value;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use stowplan::component::file::LANGUAGE;
use stowplan::document::{Act, Node, OriginId};
use stowplan::emit::manifests::yaml::yaml;
use stowplan::emit::report::human::{self, Color, Style};
use stowplan::pipeline;
use stowplan::profile::{Request, Session};
use stowplan::source::Inputs;

/// Files by their paths; there are no environment variables.
pub struct Files(BTreeMap<PathBuf, String>);

impl Files {
    /// These paths with these texts.
    pub fn new(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned())).collect())
    }
}

impl Inputs for Files {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let inside: Vec<_> = self.0.keys().filter(|file| file.parent() == Some(path)).cloned().collect();
        if inside.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(inside) }
    }

    fn variable(&self, _: &str) -> Option<String> {
        None
    }
}

/// One run of the pipeline.
pub struct Run {
    /// The objects; none where something is wrong.
    pub objects: Option<Vec<Value>>,
    /// Everything that was said, as a person reads it.
    pub messages: String,
    /// The state behind it.
    pub session: Session,
}

/// Runs the pipeline on `stack.toml` with this text; without a profile where it is empty.
pub fn run(stack: &str, profile: &str, set: &[&str], files: &[(&str, &str)]) -> Run {
    let mut session = Session::default();
    let file = session.sources.add("stack.toml", stack);
    let set: Vec<String> = set.iter().map(|argument| (*argument).to_owned()).collect();
    let request = Request { stack: file, profile: Some(profile).filter(|profile| !profile.is_empty()), set: &set };
    let rendering = pipeline::render(&mut session, &request, &Files::new(files));
    session.report.sort();
    let messages = human::render(&session.report, &session.sources, Style { color: Color::Never, width: 200 });
    let objects = rendering.filter(|_| !session.report.has_errors()).map(|rendering| {
        let text = yaml(&rendering.bundle);
        serde_yaml::Deserializer::from_str(&text).map(|document| Value::deserialize(document).unwrap()).collect()
    });
    Run { objects, messages, session }
}

/// The objects, or all messages.
pub fn render(stack: &str, profile: &str, set: &[&str], files: &[(&str, &str)]) -> Result<Vec<Value>, String> {
    let run = run(stack, profile, set, files);
    run.objects.ok_or(run.messages)
}

/// The object of this kind and name.
pub fn object<'o>(objects: &'o [Value], kind: &str, name: &str) -> &'o Value {
    find(objects, kind, name).unwrap_or_else(|| panic!("no {kind}/{name}"))
}

/// The object of this kind and name, where there is one.
pub fn find<'o>(objects: &'o [Value], kind: &str, name: &str) -> Option<&'o Value> {
    objects.iter().find(|object| object["kind"] == kind && object["metadata"]["name"] == name)
}

/// The main container of a Deployment, StatefulSet, DaemonSet or Job.
pub fn container(workload: &Value) -> &Value {
    &workload["spec"]["template"]["spec"]["containers"][0]
}

/// The merged tree of a stack that is right, and the state behind it.
pub fn resolve(stack: &str, profile: &str, set: &[&str], files: &[(&str, &str)]) -> (Node, Session) {
    let mut session = Session::default();
    let file = session.sources.add("stack.toml", stack);
    let set: Vec<String> = set.iter().map(|argument| (*argument).to_owned()).collect();
    let resolved =
        session.resolve(&Request { stack: file, profile: Some(profile), set: &set }, &LANGUAGE, &Files::new(files));
    assert!(session.report.diagnostics.is_empty(), "{:?}", session.report);
    (resolved.expect("a stack without mistakes resolves").root, session)
}

/// The history of a value, the newest writing first: the layer, and what was written there or `unset`.
pub fn history(session: &Session, origin: OriginId) -> Vec<String> {
    let text = |origin: &stowplan::document::Origin| {
        let layer = &session.layers[usize::from(origin.layer.0)].name;
        match origin.act {
            Act::Set => format!("{layer}: {}", session.sources.text(origin.span)),
            Act::Unset => format!("{layer}: unset"),
        }
    };
    session.origins.history(origin).map(text).collect()
}
