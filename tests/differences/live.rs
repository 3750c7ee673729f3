//! What live servers hold against our own render: recorded by `kubectl get -o yaml`.

use super::PLAIN;
use crate::rendered::{Rendered, root};
use std::fs;
use stowplan::change::Changes;
use stowplan::diff::{Risks, Side, against, read};
use stowplan::emit::changes::human::human;

/// What differs between a text that a server gave, and an example on a profile.
fn differences(text: &str, example: &str, profile: &str, look: impl FnOnce(&Changes)) {
    let Rendered { mut session, rendering, .. } = Rendered::of_example(example, profile);
    let file = session.sources.add("live.yaml", text);
    let theirs = read(&[file], &mut session);
    assert!(!session.report.has_errors());
    look(&against(("live", &theirs), Side::of(profile, &rendering), &session, Risks::Unmarked));
}

fn recorded(example: &str, profile: &str) -> String {
    fs::read_to_string(root().join(format!("tests/data/live/{example}/{profile}.yaml"))).unwrap()
}

#[test]
fn what_a_server_fills_in_is_no_difference() {
    let mut seen = 0;
    for folder in fs::read_dir(root().join("tests/data/live")).unwrap() {
        let folder = folder.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        let example = folder.file_name().unwrap().to_str().unwrap();
        for file in fs::read_dir(&folder).unwrap() {
            let profile = file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned();
            let text = recorded(example, &profile);
            differences(&text, example, &profile, |changes| {
                assert!(changes.is_empty(), "{example} {profile}:\n{}", human(changes, PLAIN));
            });
            seen += 1;
        }
    }
    assert!(seen > 8, "{seen}");
}

#[test]
fn what_somebody_changed_is_a_difference() {
    let cases = [
        ("image: docker.io/yourusername/todo-api:sha-e432059", "image: docker.io/yourusername/todo-api:other", "image"),
        ("terminationGracePeriodSeconds: 60", "terminationGracePeriodSeconds: 61", "terminationGracePeriodSeconds"),
        ("maxReplicas: 10", "maxReplicas: 11", "spec.maxReplicas"),
        ("concurrencyPolicy: Forbid", "concurrencyPolicy: Allow", "spec.concurrencyPolicy"),
        ("progressDeadlineSeconds: 600", "progressDeadlineSeconds: 599", "spec.progressDeadlineSeconds"),
        ("internalTrafficPolicy: Cluster", "internalTrafficPolicy: Local", "spec.internalTrafficPolicy"),
    ];
    let live = recorded("todo", "cloud");
    for (old, new, field) in cases {
        assert!(live.contains(old), "{old}");
        differences(&live.replacen(old, new, 1), "todo", "cloud", |changes| {
            let fields: Vec<_> = changes.objects.iter().flat_map(|object| &object.changes).collect();
            assert_eq!(fields.len(), 1, "{old}:\n{}", human(changes, PLAIN));
            assert!(fields[0].field.ends_with(field), "{}", fields[0].field);
        });
    }
}

#[test]
fn a_secret_is_compared_by_its_values_and_shows_none() {
    let live = recorded("todo", "k3d");
    let line = live.lines().find(|line| line.trim_start().starts_with("POSTGRES_DB: ")).unwrap();
    let changed = live.replacen(line, &line.replace("POSTGRES_DB: ", "POSTGRES_DB: eHh4"), 1);
    differences(&changed, "todo", "k3d", |changes| {
        let text = human(changes, PLAIN);
        assert!(text.contains("    data.POSTGRES_DB: (secret, changed)\n"), "{text}");
        assert_eq!(changes.objects.len(), 1, "{text}");
    });
}

#[test]
fn what_is_not_in_the_cluster_is_added_and_what_nobody_renders_is_removed() {
    let live = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mine, namespace: app}\ndata: {a: b}\n---\n\
                apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kube-root-ca.crt, namespace: app}\n---\n\
                apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: postgres-data-postgres-0, namespace: app}\n";
    differences(live, "todo", "cloud", |changes| {
        let removed: Vec<_> = changes.objects.iter().filter(|object| object.after.is_none()).collect();
        assert_eq!(removed.len(), 1);
        assert_eq!(removed[0].object().name(), "mine");
        assert!(changes.objects.iter().any(|object| object.before.is_none() && object.object().name() == "api"));
    });
}
