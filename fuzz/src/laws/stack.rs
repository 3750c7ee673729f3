//! A stack file: what it becomes on each profile can be read again, drawn, explained, and is taken as the YAML of others.

use super::reading::{PLAIN, is_found_again, reads_back, tell, text};
use stowplan::bundle::{FieldPath, Pointer};
use stowplan::diagnostic::{Class, Severity};
use stowplan::document::checking::Checking;
use stowplan::emit::manifests::yaml::yaml;
use stowplan::emit::{cluster, picture, provenance};
use stowplan::lint;
use stowplan::picture::{self as pictures, Picture};
use stowplan::pipeline::{self, Rendering};
use stowplan::profile::{Request, Session};
use stowplan::provenance::{Answer, Extent, Tracer};
use stowplan::source::Files;

/// The profiles with which every stack is rendered, whatever it names.
const PROFILES: [&str; 2] = ["k3d", "eks"];

/// Renders the text on profiles, and holds what comes out against itself.
pub fn check(bytes: &[u8]) {
    let mut session = Session::default();
    let Some(stack) = text("stack.toml", bytes, &mut session) else { return tell(&session.report, &session.sources) };
    let named = lint::declared(stack, &session.sources).unwrap_or_default();
    for profile in PROFILES.into_iter().chain(named.first().map(String::as_str)) {
        on(profile, bytes);
    }
}

fn on(profile: &str, bytes: &[u8]) {
    let mut session = Session::default();
    let Some(stack) = text("stack.toml", bytes, &mut session) else { return };
    let request = Request { stack, profile: Some(profile), set: &[] };
    let rendering = pipeline::render(&mut session, &request, &Files::default());
    tell(&session.report, &session.sources);
    let Some(rendering) = rendering.filter(|_| !session.report.has_errors()) else { return };
    rendering.notes();
    reads_back(&rendering.bundle);
    is_found_again(&rendering.bundle.objects);
    is_taken(&rendering);
    draw(&rendering, &session);
    explain(&rendering, &session);
    plan(&rendering, &mut session);
}

/// What is rendered breaks nothing that servers ask for.
fn is_taken(rendering: &Rendering) {
    let mut session = Session::default();
    let printed = yaml(&rendering.bundle);
    let file = session.sources.add("rendered.yaml", printed.as_str());
    let found = lint::streams(&[file], rendering.kubernetes.into(), &mut session);
    assert!(found.objects == rendering.bundle.objects.len() || found.objects == 0);
    let refused = found
        .remarks
        .iter()
        .find(|remark| remark.diagnostic.severity == Severity::Error && remark.diagnostic.class == Class::Api);
    assert!(refused.is_none(), "{:?}\n{printed}", refused.map(|remark| &remark.diagnostic));
}

fn draw(rendering: &Rendering, session: &Session) {
    for extent in [pictures::Extent::Components, pictures::Extent::Objects] {
        let picture = Picture::of(&rendering.made_of.0, &rendering.bundle, session, extent);
        assert!(picture.edges.iter().all(|edge| edge.from.max(edge.to) < picture.nodes.len()));
        for format in picture::FORMATS {
            (format.print)(std::slice::from_ref(&picture));
        }
    }
}

/// Every field is explained, and its path leads to it again.
fn explain(rendering: &Rendering, session: &Session) {
    let tracer = Tracer::new(&rendering.bundle, &rendering.made_of.0, session);
    let objects = rendering.bundle.objects.iter().map(|object| {
        let account = tracer.fields(object, &Pointer::default());
        for field in &account.fields {
            let [path, pointer] = [&field.path, &field.pointer].map(|text| {
                let found = FieldPath::read(if text.is_empty() { "/" } else { text });
                let path = found.unwrap_or_else(|refusal| panic!("{text:?}: {refusal:?}"));
                if text.is_empty() { Some(Pointer::default()) } else { path.resolve(&object.root).ok() }
            });
            assert!(path.is_some() && path == pointer, "{:?} is not {:?}", field.path, field.pointer);
        }
        account
    });
    let answer = Answer { profile: rendering.profile.clone(), extent: Extent::Objects, objects: objects.collect() };
    for format in provenance::FORMATS {
        (format.print)(&answer, PLAIN);
    }
}

/// What makes the cluster.
fn plan(rendering: &Rendering, session: &mut Session) {
    let Session { sources, origins, report, .. } = session;
    cluster::check(&rendering.made_of.0, &mut Checking { sources, origins, report });
    if !report.has_errors() {
        cluster::plan(&cluster::Facts::collect(&rendering.made_of.0, &rendering.bundle, "stowplan cluster".to_owned()));
    }
}
