//! YAML that others wrote: the output of Helm and Kustomize, or what somebody typed.

use crate::bundle::schema::ServedKind;
use crate::bundle::yaml::{self, Place, Stream};
use crate::bundle::{Bundle, Field, FieldValue, Identity, Object};
use crate::check::api::Definitions;
use crate::check::rules::{self, Completeness};
use crate::check::{self, Target};
use crate::diagnostic::{Class, Diagnostic, Report, Severity, Subject};
use crate::emit::report::Remark;
use crate::graph::Graph;
use crate::profile::{Role, Session};
use crate::source::{FileId, STDIN, Span};
use crate::stack::manifests::{place, unpacked};
use crate::value::KubernetesRange;
use std::collections::BTreeSet;

/// What was found in streams.
#[derive(Debug, Default)]
pub struct Streams {
    /// In the order of their places.
    pub remarks: Vec<Remark>,
    /// How many objects there are; those in a `List` count one by one.
    pub objects: usize,
}

/// Looks at streams of YAML or JSON as servers of these versions would; all objects are looked at together.
pub fn streams(files: &[FileId], kubernetes: KubernetesRange, session: &mut Session) -> Streams {
    let mut reading = Reading { session, bundle: Bundle::default(), documents: Vec::new(), found: Vec::new() };
    for file in files {
        reading.read(*file);
    }
    reading.check(kubernetes);
    reading.note_custom_kinds();
    let Reading { bundle, mut found, .. } = reading;
    found.sort_by(|a, b| (a.place(), a.code, &a.title).cmp(&(b.place(), b.code, &b.title)));
    found.dedup();
    let first = files.first().copied().unwrap_or(FileId(0));
    let remark = |diagnostic: Diagnostic| {
        let file = diagnostic.place().map_or(first, |place| place.file);
        Remark { diagnostic, profiles: Vec::new(), file }
    };
    let remarks = found.into_iter().map(remark).collect();
    let objects = bundle.objects.len();
    // The process ends soon: freeing many small values one by one would only take time.
    std::mem::forget(bundle);
    Streams { remarks, objects }
}

struct Reading<'s> {
    session: &'s mut Session,
    bundle: Bundle,
    /// For each object the number of its document.
    documents: Vec<usize>,
    found: Vec<Diagnostic>,
}

impl Reading<'_> {
    fn read(&mut self, file: FileId) {
        let name = self.session.sources.file(file).name.clone();
        let layer = self.session.layer(name.as_str(), Role::Stack);
        let Session { sources, origins, .. } = &mut *self.session;
        let mut report = Report::default();
        let text = &sources.file(file).text;
        let stream = Stream { text, place: Place::Verbatim(Span::new(file, 0..text.len())), layer };
        let documents = yaml::documents(stream, origins, &mut report);
        let mut messages = report.diagnostics;
        let is_empty = messages.is_empty() && documents.iter().all(|document| document.root.is_none());
        for document in documents {
            for message in &mut messages[document.messages.clone()] {
                message.subject = Some(Box::new(Subject::of_document(document.number)));
            }
            for root in document.root.into_iter().flat_map(unpacked) {
                self.add(root, document.number);
            }
        }
        self.found.extend(messages.into_iter().map(classed));
        if is_empty {
            self.found.push(empty(file, &name));
        }
    }

    fn add(&mut self, root: Field, document: usize) {
        if !matches!(root.value, FieldValue::Map(_)) {
            self.found.push(self.no_object(&root, document));
            return;
        }
        self.bundle.objects.push(Object::from_field(Identity::new("", "foreign"), root));
        self.documents.push(document);
    }

    fn no_object(&self, root: &Field, document: usize) -> Diagnostic {
        let title = format!("a document holds an object, and this is {}", root.value.describe());
        let help = "write `apiVersion`, `kind` and `metadata`";
        let mut diagnostic = self.at(root, Diagnostic::error("no-object", title).help(help));
        diagnostic.subject = Some(Box::new(Subject::of_document(document)));
        classed(diagnostic)
    }

    fn check(&mut self, kubernetes: KubernetesRange) {
        let Session { sources, origins, .. } = &*self.session;
        let graph = Graph::of(&self.bundle, None);
        let context = rules::Context {
            bundle: &self.bundle,
            graph: &graph,
            target: Target { oldest: kubernetes.oldest, newest: kubernetes.newest, origin: None },
            stack: None,
            completeness: if self.is_broken() { Completeness::Broken } else { Completeness::Open },
            overridden: &[],
            is_written: &|_| true,
        };
        let advice = rules::check(&context);
        for finding in check::check_versions(&self.bundle, kubernetes, None).into_iter().chain(advice) {
            let document = self.documents[finding.object];
            let mut diagnostic = check::diagnostic(finding, &self.bundle, sources, origins);
            if let Some(subject) = &mut diagnostic.subject {
                subject.document = Some(document);
            }
            self.found.push(diagnostic);
        }
    }

    /// Whether a document could not be read.
    fn is_broken(&self) -> bool {
        self.found.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Says once of every custom kind that its fields are not known.
    fn note_custom_kinds(&mut self) {
        let definitions = Definitions::of(&self.bundle);
        let mut told = BTreeSet::new();
        let mut notes = Vec::new();
        for object in &self.bundle.objects {
            let (api_version, kind) = (object.api_version(), object.kind_name());
            let Some((group, version)) = api_version.split_once('/') else { continue };
            let is_custom = group.contains('.')
                && !kind.is_empty()
                && ServedKind::find(group, version, kind).is_none()
                && !told.contains(&(group, kind))
                && !definitions.know(group, kind)
                && ServedKind::all().all(|served| served.group() != group);
            if is_custom {
                told.insert((group, kind));
                let title =
                    format!("the fields of {kind} (`{api_version}`) are not known here, so nobody looked at them");
                let help = "let a server check such objects: `kubectl apply --dry-run=server`";
                let at = object.root.get("kind").unwrap_or(&object.root);
                notes.push(classed(self.at(at, Diagnostic::info("unknown-kind", title).help(help))));
            }
        }
        self.found.extend(notes);
    }

    fn at(&self, field: &Field, diagnostic: Diagnostic) -> Diagnostic {
        match place(field, &self.session.origins) {
            Some(span) => diagnostic.at(span, ""),
            None => diagnostic,
        }
    }
}

/// What cannot be read no server takes; the rest is our opinion.
fn classed(diagnostic: Diagnostic) -> Diagnostic {
    let class = if diagnostic.severity == Severity::Error { Class::Api } else { Class::Rule };
    Diagnostic { class, ..diagnostic }
}

/// Without a word the output of a tool that failed would look right. A pipe that brings nothing is an error, because nobody
/// writes one for that; a file may be empty for the time being.
fn empty(file: FileId, name: &str) -> Diagnostic {
    let title = format!("`{name}` holds no object");
    let diagnostic = match name {
        STDIN => Diagnostic::error("empty-stream", title).help("check the command before the pipe: run it alone"),
        _ => Diagnostic::warning("empty-stream", title).help("check what should have written it"),
    };
    Diagnostic { class: Class::Rule, ..diagnostic.at(Span::new(file, 0..0), "") }
}
