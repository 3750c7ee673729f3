//! Large stacks and streams, which two threads share: what comes out is what each part gives by itself.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use stowplan::bundle::{Cause, Field, FieldValue};
use stowplan::diff::{self, Risks, Side, between, render_all};
use stowplan::emit::changes::human::human;
use stowplan::emit::manifests::yaml::{document, yaml};
use stowplan::emit::report::human::{Color, Style};
use stowplan::lint::{self, Profiles, Question};
use stowplan::pipeline::{Rendering, compile};
use stowplan::profile::{Request, Session};
use stowplan::value::KubernetesVersion;
use support::Files;

/// The tables of one component; every seventh has more than one object of a kind.
fn component(number: usize) -> String {
    let mut text = format!(
        "[api.service-{number}]\nimage = \"acme/service-{number}:1.2.3\"\nport = \"80:8080\"\nenv = {{ NUMBER = {number} }}\n\
         resources = {{ cpu = \"100m\", memory = \"128Mi\" }}\n"
    );
    match number % 7 {
        0 => writeln!(text, "[config.settings-{number}.data]\nNUMBER = \"{number}\""),
        1 => writeln!(text, "[db.store-{number}]\nengine = \"redis\"\nversion = \"7.4\"\nstorage = \"1Gi\""),
        _ => writeln!(text, "[hpa.service-{number}]\nmin = 2\nmax = {}\ncpu = 70", number + 3),
    }
    .unwrap();
    text
}

const HEAD: &str = "[stack]\nname = \"big\"\nnamespace = \"big\"\n";

fn rendered(stack: &str) -> (Rendering, Session) {
    let mut session = Session::default();
    let stack = session.sources.add("stack.toml", stack);
    let request = Request { stack, profile: Some("k3d"), set: &[] };
    let rendering = compile(&mut session, &request, &Files::new(&[])).unwrap();
    assert!(session.report.diagnostics.is_empty(), "{:?}", session.report);
    (rendering, session)
}

/// The manifest of each object but the Namespace, and why each of its fields is as it is: rules, and the lines they lead to.
fn told((rendering, session): &(Rendering, Session)) -> BTreeMap<String, (String, Vec<String>)> {
    let objects = rendering.bundle.objects.iter().filter(|object| object.kind_name() != "Namespace");
    let tell = |root: &Field| {
        let mut reasons = Vec::new();
        why(root, &mut |field| {
            let rule = match field.cause.view() {
                Cause::Derived(id) => rendering.bundle.causes.get(id).rule,
                Cause::Key(_) => "",
            };
            let origins = rendering.bundle.causes.origins(field.cause);
            let written: Vec<_> =
                origins.map(|origin| session.sources.text(session.origins.get(origin).span)).collect();
            reasons.push(format!("{rule} {written:?}"));
        });
        reasons
    };
    objects
        .map(|object| (object.name().to_owned() + object.kind_name(), (document(&object.root), tell(&object.root))))
        .collect()
}

fn why(field: &Field, tell: &mut dyn FnMut(&Field)) {
    tell(field);
    match &field.value {
        FieldValue::List(items) => items.iter().for_each(|item| why(item, tell)),
        FieldValue::Map(entries) => entries.iter().for_each(|(_, field)| why(field, tell)),
        _ => {}
    }
}

#[test]
fn each_component_of_a_large_stack_is_what_it_is_alone() {
    const COUNT: usize = 300;
    let whole: String = (0..COUNT).map(component).collect();
    let whole = rendered(&format!("{HEAD}{whole}"));
    let mut known = told(&whole);
    for number in 0..COUNT {
        for (name, alone) in told(&rendered(&format!("{HEAD}{}", component(number)))) {
            assert_eq!(known.remove(&name).as_ref(), Some(&alone), "{name}");
        }
    }
    assert_eq!(known.keys().collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn a_large_stream_is_its_documents_one_after_the_other() {
    let whole: String = (0..300).map(component).collect();
    let (rendering, _) = rendered(&format!("{HEAD}{whole}"));
    let documents: Vec<String> = rendering.bundle.objects.iter().map(|object| document(&object.root)).collect();
    assert!(documents.len() > 600);
    assert_eq!(yaml(&rendering.bundle), documents.join("---\n"));
}

/// The line and code of each finding.
fn found(session: &Session, remarks: &[stowplan::emit::report::Remark]) -> Vec<(usize, &'static str)> {
    let line = |remark: &stowplan::emit::report::Remark| {
        let place = remark.diagnostic.place().unwrap();
        session.sources.file(place.file).line_column(place.start as usize).0
    };
    remarks.iter().map(|remark| (line(remark), remark.diagnostic.code)).collect()
}

#[test]
fn what_is_wrong_in_either_half_of_a_large_stack_is_told_at_its_line() {
    const COUNT: usize = 300;
    let mut text = HEAD.to_owned();
    let mut expected = Vec::new();
    for number in 0..COUNT {
        if number % 7 == 0 {
            expected.push((text.lines().count() + 6, "unused-config"));
        }
        text += &component(number);
        if [3, 150, 298].contains(&number) {
            let line = text.lines().count() + 3;
            writeln!(
                text,
                "[patch.service-{number}]\non = \"Deployment/service-{number}\"\nset.spec.revisionHistoryLimit = -1"
            )
            .unwrap();
            expected.push((line, "DEP-014"));
        }
    }
    let mut session = Session::default();
    let stack = session.sources.add("stack.toml", text.as_str());
    let profiles = Profiles::Named(vec!["k3d".into()]);
    let question = Question { stack, profiles: &profiles, set: &[], kubernetes: None };
    let linted = lint::stack(&question, &mut session, &Files::new(&[]));
    assert_eq!(found(&session, &linted.remarks), expected);
}

#[test]
fn what_is_wrong_in_either_half_of_a_large_stream_is_told_at_its_line() {
    const COUNT: usize = 300;
    let mut text = String::new();
    let (mut expected, mut documents) = (Vec::new(), Vec::new());
    for number in 0..COUNT {
        let first = text.lines().count() + 1;
        writeln!(text, "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings-{number}\n  namespace: big")
            .unwrap();
        let (line, code) = match number {
            7 => (writeln!(text, "  lables: {{}}"), "DEC-010"),
            150 => (writeln!(text, "  name: twice"), "duplicate-key"),
            290 => (writeln!(text, "  labels: \"{{"), "bad-yaml"),
            _ => continue,
        };
        line.unwrap();
        expected.push((first + 6, code));
        documents.push(number);
    }
    let mut session = Session::default();
    let file = session.sources.add("input.yaml", text.as_str());
    let mut streams = lint::streams(&[file], KubernetesVersion::USUAL.into(), &mut session);
    streams.remarks.retain(|remark| remark.diagnostic.code != "unused-config");
    assert_eq!(found(&session, &streams.remarks), expected);
    let subjects = streams.remarks.iter().map(|remark| remark.diagnostic.subject.as_ref().unwrap().document.unwrap());
    assert_eq!(subjects.collect::<Vec<_>>(), documents);
    assert_eq!(streams.objects, COUNT - 1);
}

/// A second thread has a smaller stack than the first: 2 MiB.
#[test]
fn deep_documents_fit_the_stack_of_the_second_thread() {
    const COUNT: usize = 300;
    let plain = |number: usize| {
        format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c-{number}\n  namespace: big\n")
    };
    for (depth, is_refused) in [(125, false), (2_000, true)] {
        let (open, close) = ("{a: ".repeat(depth), "}".repeat(depth));
        let deep =
            format!("---\napiVersion: example.com/v1\nkind: Deep\nmetadata:\n  name: deep\nspec: {open}1{close}\n");
        let text: String = (0..COUNT).map(plain).chain([deep]).collect();
        let mut session = Session::default();
        let file = session.sources.add("input.yaml", text.as_str());
        let streams = lint::streams(&[file], KubernetesVersion::USUAL.into(), &mut session);
        let codes: Vec<_> = streams.remarks.iter().map(|remark| remark.diagnostic.code).collect();
        assert_eq!(codes.contains(&"bad-yaml"), is_refused, "{codes:?}");
        assert_eq!(streams.objects, if is_refused { COUNT } else { COUNT + 1 });
    }
}

/// What differs between two profiles of a stack, by component; the stack itself left out.
fn differences(stack: &str) -> BTreeMap<String, String> {
    let mut session = Session::default();
    let stack = session.sources.add("stack.toml", stack);
    let question = diff::Question { stack, set: &[], kubernetes: None };
    let renderings = render_all(&question, &["k3d", "cloud"], &mut session, &Files::new(&[]));
    let [Some(k3d), Some(cloud)] = renderings.as_slice() else { panic!("{:?}", session.report) };
    let changes = between(Side::of("k3d", k3d), Side::of("cloud", cloud), &session, Risks::Marked);
    let text = human(&changes, Style { color: Color::Never, width: 100 });
    let parts = text.split("\n\n").map(|part| part.split_once('\n').unwrap());
    let parts = parts.map(|(component, rest)| (component.to_owned(), rest.trim_end().to_owned()));
    parts.filter(|(component, _)| component != "big").collect()
}

#[test]
fn each_component_of_two_large_renders_differs_as_it_does_alone() {
    const COUNT: usize = 300;
    let whole: String = (0..COUNT).map(component).collect();
    let mut known = differences(&format!("{HEAD}{whole}"));
    assert!(known.len() > COUNT, "{}", known.len());
    for number in 0..COUNT {
        for (name, alone) in differences(&format!("{HEAD}{}", component(number))) {
            assert_eq!(known.remove(&name).as_ref(), Some(&alone), "{name}");
        }
    }
    assert_eq!(known.keys().collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn what_one_profile_refuses_of_a_large_stack_is_told_while_another_is_rendered() {
    const COUNT: usize = 300;
    let whole: String = (0..COUNT).map(component).collect();
    let patch = |scope: &str, number: usize| {
        let to = format!("on = \"Deployment/service-{number}\"\nset.spec.revisionHistoryLimit = -1\n");
        format!("[{scope}patch.service-{number}]\n{to}")
    };
    let codes = |profiles: &[&str], text: &str, refused: &[bool]| {
        let mut session = Session::default();
        let stack = session.sources.add("stack.toml", format!("{HEAD}{whole}{text}"));
        let question = diff::Question { stack, set: &[], kubernetes: None };
        let renderings = render_all(&question, profiles, &mut session, &Files::new(&[]));
        assert_eq!(renderings.iter().map(Option::is_none).collect::<Vec<_>>(), refused);
        session.report.diagnostics.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>()
    };
    let (everywhere, cloud) = (patch("", 4), patch("profile.cloud.", 5));
    assert_eq!(codes(&["k3d", "cloud", "kind"], &cloud, &[false, true, false]), ["DEP-014"]);
    assert_eq!(codes(&["kind", "cloud"], &cloud, &[false, true]), ["DEP-014"]);
    assert_eq!(codes(&["cloud", "kind"], &cloud, &[true, false]), ["DEP-014"]);
    let both = everywhere + &cloud;
    assert_eq!(codes(&["k3d", "cloud"], &both, &[true, true]), ["DEP-014", "DEP-014"]);
    assert_eq!(codes(&["k3d"], &both, &[true]), ["DEP-014"]);
    assert_eq!(codes(&[], &both, &[]), [""; 0]);
}
