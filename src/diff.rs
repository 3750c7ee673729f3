//! What differs between profiles of a stack, between two revisions of it, or between a stack and what is there already.
//!
//! Everything that is compared is made in one [`Session`], so that each difference can say which lines of which file make it.

use crate::bundle::yaml::{self, Place, Stream};
use crate::bundle::{Bundle, FieldValue, Identity, Object};
use crate::change::{Changes, Ground, Grounds, Matrix, Values, assess, compare, compare_served, matrix};
use crate::check::{Finding, MANY};
use crate::diagnostic::Diagnostic;
use crate::parallel;
use crate::pipeline::{self, Rendering};
use crate::profile::{Repetition, Request, Role, Session};
use crate::source::{FileId, Inputs, Span, WithoutSecrets};
use crate::stack::manifests::{is_object, place, unpacked};
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
    let rendering = render_unchecked(question, profile, session, inputs)?;
    let findings = rendering.refusal(question.kubernetes);
    unless_refused(Some(rendering), findings, session)
}

/// The same for several profiles. Of many objects, a second thread checks those of one profile while the next is rendered.
pub fn render_all(
    question: &Question,
    profiles: &[&str],
    session: &mut Session,
    inputs: &dyn Inputs,
) -> Vec<Option<Rendering>> {
    let check = |rendering: &Option<Rendering>| -> Vec<Finding> {
        rendering.iter().flat_map(|rendering| rendering.refusal(question.kubernetes)).collect()
    };
    let mut all: Vec<Option<Rendering>> = Vec::new();
    for (place, profile) in profiles.iter().enumerate() {
        let is_last = place + 1 == profiles.len();
        session.repetition = if is_last { Repetition::Last } else { Repetition::More };
        let mut render = || render_unchecked(question, Some(profile), session, inputs);
        let Some(last) = all.pop() else {
            all.push(render());
            continue;
        };
        let (next, findings) = match last.as_ref().is_some_and(|last| last.bundle.objects.len() >= MANY) {
            true => parallel::both(render, || check(&last)),
            false => (render(), check(&last)),
        };
        all.extend([unless_refused(last, findings, session), next]);
    }
    if let Some(last) = all.pop() {
        let findings = check(&last);
        all.push(unless_refused(last, findings, session));
    }
    all
}

fn unless_refused(rendering: Option<Rendering>, found: Vec<Finding>, session: &mut Session) -> Option<Rendering> {
    rendering.filter(|rendering| pipeline::report_refusal(rendering, found, session) == 0)
}

/// The same, whatever an API server may say of the objects: what was committed was taken once.
pub fn render_unchecked(
    question: &Question,
    profile: Option<&str>,
    session: &mut Session,
    inputs: &dyn Inputs,
) -> Option<Rendering> {
    let request = Request { stack: question.stack, profile, set: question.set };
    pipeline::compile(session, &request, &WithoutSecrets(inputs))
}

/// The objects in streams of YAML or JSON, such as `kubectl get -o yaml` prints. Messages are in `session`; that there is
/// nothing at all is one, because a tool that failed writes nothing, and a cluster that has nothing gives an empty list.
pub fn read(files: &[FileId], session: &mut Session) -> Bundle {
    let mut bundle = Bundle::default();
    let mut documents = 0;
    for file in files {
        let name = session.sources.file(*file).name.clone();
        let layer = session.layer(name, Role::Stack);
        let Session { sources, origins, report, .. } = &mut *session;
        let text = &sources.file(*file).text;
        let stream = Stream { text, place: Place::Verbatim(Span::new(*file, 0..text.len())), layer };
        let roots = yaml::read(stream, origins, report);
        documents += roots.len();
        for root in roots.into_iter().flat_map(unpacked) {
            if matches!(root.value, FieldValue::Map(_)) {
                // A server makes a name of `generateName`, and nothing here is the same object.
                if root.follow(&["metadata", "generateName"]).is_some() || is_object(&root, origins, report) {
                    bundle.objects.push(Object::from_field(Identity::new("", "foreign"), root));
                }
                continue;
            }
            let title = format!("a document holds an object, and this is {}", root.value.describe());
            let diagnostic = Diagnostic::error("no-object", title).help("write `apiVersion`, `kind` and `metadata`");
            report.push(match place(&root, origins) {
                Some(span) => diagnostic.at(span, ""),
                None => diagnostic,
            });
        }
    }
    if let ([first, ..], 0, false) = (files, documents, session.report.has_errors()) {
        let title = format!("`{}` holds no object", session.sources.file(*first).name);
        let diagnostic = Diagnostic::error("empty-stream", title).at(Span::new(*first, 0..0), "");
        session.report.push(diagnostic.help("check what should have written it"));
    }
    bundle
}

/// One of two things that are compared.
#[derive(Clone, Copy)]
pub struct Side<'r> {
    /// What it is called: a profile, a revision, a file.
    pub name: &'r str,
    /// Its objects.
    pub rendering: &'r Rendering,
    /// The revision of its texts, with which and a colon their names begin; none for those that are on the disk.
    pub revision: Option<&'r str>,
}

impl<'r> Side<'r> {
    /// The objects of a profile.
    pub fn of(name: &'r str, rendering: &'r Rendering) -> Self {
        Self { name, rendering, revision: None }
    }

    fn ground(self) -> Ground<'r> {
        Ground { bundle: &self.rendering.bundle, resolved: Some(&self.rendering.made_of.1), revision: self.revision }
    }
}

/// Whether differences are marked that a cluster refuses, or that hurt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Risks {
    /// They are.
    Marked,
    /// They are not.
    Unmarked,
}

/// What differs between two renderings of one session, and why.
///
/// ```
/// use stowplan::diff::{Question, Risks, Side, between, render_all};
/// use stowplan::profile::Session;
/// # struct Nothing;
/// # impl stowplan::source::Inputs for Nothing {
/// #     fn read(&self, _: &std::path::Path) -> std::io::Result<Vec<u8>> { Err(std::io::ErrorKind::NotFound.into()) }
/// #     fn list(&self, _: &std::path::Path) -> std::io::Result<Vec<std::path::PathBuf>> { Err(std::io::ErrorKind::NotFound.into()) }
/// #     fn variable(&self, _: &str) -> Option<String> { None }
/// # }
/// let mut session = Session::default();
/// let stack = session.sources.add("stack.toml", "[api.web]\nimage = \"acme/web:1\"\nport = 80\n[profile.cloud.api.web]\nreplicas = 3\n");
/// let question = Question { stack, set: &[], kubernetes: None };
/// let renderings = render_all(&question, &["k3d", "cloud"], &mut session, &Nothing);
/// let [Some(k3d), Some(cloud)] = renderings.as_slice() else { panic!("{:?}", session.report) };
/// let changes = between(Side::of("k3d", k3d), Side::of("cloud", cloud), &session, Risks::Unmarked);
/// let replicas = changes.objects.iter().flat_map(|object| &object.changes).find(|change| change.field == "spec.replicas");
/// assert_eq!(replicas.unwrap().reasons[0].line, 5);
/// ```
pub fn between<'r>(before: Side<'r>, after: Side<'r>, session: &'r Session, risks: Risks) -> Changes<'r> {
    let grounds = Grounds::new(session, before.ground(), after.ground());
    let mut changes = compare((before.name, after.name), &grounds);
    if risks == Risks::Marked {
        assess(&mut changes, &grounds);
    }
    changes
}

/// What differs between objects that are not ours, of the name beside them, and a rendering.
pub fn against<'r>(theirs: (&str, &'r Bundle), ours: Side<'r>, session: &'r Session, risks: Risks) -> Changes<'r> {
    let ground = Ground { bundle: theirs.1, resolved: None, revision: None };
    let grounds = Grounds::new(session, ground, ours.ground());
    let stack = &ours.rendering.made_of.0;
    let values = |object: &Object| match stack.holds_private_values(object.name()) {
        true => Values::Unread,
        false => Values::Known,
    };
    let mut changes = compare_served((theirs.0, ours.name), &grounds, values);
    if risks == Risks::Marked {
        assess(&mut changes, &grounds);
    }
    changes
}

/// Several renderings beside each other: what is not the same in all of them.
pub fn beside<'r>(renderings: &'r [(String, Rendering)], session: &'r Session) -> Matrix<'r> {
    let [(name, first), others @ ..] = renderings else { return Matrix { columns: Vec::new(), rows: Vec::new() } };
    let changes = others
        .iter()
        .map(|(other, rendering)| between(Side::of(name, first), Side::of(other, rendering), session, Risks::Unmarked));
    matrix(name, &changes.collect::<Vec<_>>())
}
