//! No field of any object is without an origin: of examples, of the gallery, of what patches and manifests change.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

mod rendered;

use rendered::{Rendered, examples, profiles, root};
use std::fs;
use stowplan::bundle::Pointer;
use stowplan::provenance::{FieldAccount, ObjectAccount, Shown, Tracer};

/// Everything that is said of every object.
fn accounts(rendered: &Rendered) -> Vec<ObjectAccount> {
    let Rendered { session, rendering, .. } = rendered;
    let tracer = Tracer::new(&rendering.bundle, &rendering.made_of.0, session);
    let all = |object| tracer.fields(object, &Pointer::default());
    rendering.bundle.objects.iter().map(all).collect()
}

/// Why what is said of a field is not enough.
fn fault(field: &FieldAccount) -> Option<String> {
    if field.rule.is_none() && field.origins.len() != 1 {
        return Some("it has neither a rule nor one place".to_owned());
    }
    if field.rule.is_some_and(|rule| rule.trim().is_empty()) {
        return Some("its rule is empty".to_owned());
    }
    let writings = field.origins.iter().flatten();
    let bad = writings.filter(|writing| {
        [&writing.file, &writing.layer, &writing.source, &writing.text].iter().any(|text| text.trim().is_empty())
            || writing.line == 0
            || writing.column == 0
            || writing.source.get(writing.at..).is_none()
    });
    let bad: Vec<_> = bad.collect();
    (!bad.is_empty()).then(|| format!("{bad:?}"))
}

#[track_caller]
fn check(name: &str, rendered: &Rendered) -> usize {
    let mut fields = 0;
    for object in accounts(rendered) {
        assert_eq!(object.fields[0].path, "");
        for field in &object.fields {
            fields += 1;
            if let Some(fault) = fault(field) {
                panic!("{name}: {} of {}: {fault}", field.path, object.title);
            }
            let is_value =
                object.kind == "Secret" && (field.path.starts_with("data") || field.path.starts_with("stringData"));
            let is_open = is_value && matches!(field.value, Shown::Value(_));
            assert!(!is_open, "{name}: {} of {}", field.path, object.title);
        }
    }
    fields
}

#[test]
fn every_field_of_every_example_has_an_origin() {
    for example in examples() {
        for profile in profiles() {
            assert!(check(&example, &Rendered::of_example(&example, profile)) > 20, "{example} on {profile}");
        }
    }
}

#[test]
fn every_field_of_the_gallery_has_an_origin() {
    let folders = fs::read_dir(root().join("examples/gallery")).unwrap().map(|entry| entry.unwrap().path());
    let stacks: Vec<_> = folders.map(|folder| folder.join("stack.toml")).filter(|stack| stack.is_file()).collect();
    assert!(stacks.len() >= 9);
    for stack in stacks {
        let table: toml::Table = fs::read_to_string(&stack).unwrap().parse().unwrap();
        for profile in table["stack"]["profiles"].as_array().unwrap() {
            let rendered = Rendered::of_file(&stack, profile.as_str().unwrap(), &[]);
            assert!(check(&stack.display().to_string(), &rendered) > 100, "{}", stack.display());
        }
    }
}

const CHANGED: &str = r#"[stack]
name = "shop"

[vars]
n = 4

[api.web]
image = "a:1"
port = 80

[manifest.given]
yaml = '''
apiVersion: v1
kind: ConfigMap
metadata: {name: given}
data:
  a: "1"
---
apiVersion: batch/v1
kind: Job
metadata: {name: once}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: "a:1"}]}}}
'''

[manifest.made]
template = true
yaml = '''
apiVersion: v1
kind: ConfigMap
metadata: {name: made}
data: {number: "{{ vars.n }}"}
'''

[patch.web]
on = "deploy/web"
set.spec.replicas = "{{ vars.n }}"
set.spec.template.spec.containers = [{ name = "web", env = [{ name = "A", value = "1" }] }, { name = "log", image = "b:1" }]
yaml = "{metadata: {annotations: {a: b}}, spec: {template: {spec: {nodeSelector: {zone: x}}}}}"
remove = ["spec.template.spec.enableServiceLinks"]

[patch.given]
on = "cm/given"
set.data.b = "2"

[profile.cloud.patch.web]
set.spec.minReadySeconds = 5
"#;

#[test]
fn what_patches_and_manifests_make_has_an_origin() {
    for (profile, set) in [("k3d", &[][..]), ("cloud", &["vars.n=7", "patch.web.set.spec.paused=true"])] {
        let rendered = Rendered::of_text(CHANGED, &root().join("examples"), profile, set);
        assert!(check(profile, &rendered) > 60);
        let accounts = accounts(&rendered);
        let web = accounts.iter().find(|object| object.title == "Deployment/web").unwrap();
        let patch = |path: &str| {
            let field = web.fields.iter().find(|field| field.path == path).unwrap_or_else(|| panic!("no {path}"));
            field.origins[0][0].patch.clone()
        };
        let containers = "spec.template.spec.containers";
        for path in [
            "spec.replicas",
            "metadata.annotations.a",
            &format!("{containers}[name=log].image"),
            &format!("{containers}[name=web].env[name=A].value"),
        ] {
            assert_eq!(patch(path).as_deref(), Some("web"), "{path}");
        }
        assert_eq!(patch(&format!("{containers}[name=web].image")), None);
    }
}
