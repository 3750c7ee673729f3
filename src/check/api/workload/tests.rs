//! What is said of workloads: wording, versions, places.

use super::super::fixture::{findings, object};
use crate::check::{Reason, Verdict};
use serde_json::{Value, json};

/// A workload of this kind that is fine, with the value at a pointer replaced.
fn workload(kind: &str, changes: &[(&str, Value)]) -> Value {
    let version = if kind.ends_with("Job") { "batch/v1" } else { "apps/v1" };
    let policy = if kind.ends_with("Job") { "Never" } else { "Always" };
    let spec = json!({"restartPolicy": policy, "containers": [{"name": "c", "image": "i"}]});
    let template = json!({"metadata": {"labels": {"app": "a"}}, "spec": spec});
    let spec = match kind {
        "Job" => json!({"template": template}),
        "CronJob" => json!({"schedule": "@daily", "jobTemplate": {"spec": {"template": template}}}),
        _ => json!({"selector": {"matchLabels": {"app": "a"}}, "template": template}),
    };
    let mut document = json!({"apiVersion": version, "kind": kind, "metadata": {"name": "w"}, "spec": spec});
    for (pointer, value) in changes {
        let (around, key) = pointer.rsplit_once('/').unwrap();
        document.pointer_mut(around).unwrap().as_object_mut().unwrap().insert(key.to_owned(), value.clone());
    }
    document
}

/// What is said of a workload on 1.34: rule, title, help.
fn told(kind: &str, changes: &[(&str, Value)]) -> Vec<String> {
    let found = findings(&workload(kind, changes), 34);
    found.into_iter().map(|finding| format!("{}: {}; {}", finding.rule, finding.title, finding.help)).collect()
}

/// The rules that a workload breaks on a version.
fn broken(kind: &str, changes: &[(&str, Value)], minor: u8) -> Vec<&'static str> {
    findings(&workload(kind, changes), minor).into_iter().map(|finding| finding.rule).collect()
}

#[test]
fn workloads_that_are_fine_break_no_rule() {
    for kind in ["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job", "CronJob"] {
        for minor in 25..=37 {
            assert!(broken(kind, &[], minor).is_empty(), "{kind} on 1.{minor}");
        }
    }
}

#[test]
fn one_mistake_is_told_once() {
    let selector = "/spec/selector";
    assert_eq!(
        told("Deployment", &[(selector, Value::Null)]),
        ["DEP-002: the selector is missing; write `selector`, with the labels of the template below `matchLabels`"]
    );
    assert_eq!(
        told("DaemonSet", &[(selector, Value::Null)]),
        ["DS-001: the selector is missing; write `selector`, with the labels of the template below `matchLabels`"]
    );
    assert_eq!(
        told("ReplicaSet", &[(selector, json!({}))]),
        ["RS-001: the selector is empty; write the labels of the template below `matchLabels`"]
    );
    let unknown = json!({"matchLabels": {"app": "b"}, "matchExpressions": [{"key": "app", "operator": "Is"}]});
    assert_eq!(
        told("Deployment", &[(selector, unknown)]),
        ["SEL-002: `Is` is no operator of a selector; write `In`, `NotIn`, `Exists` or `DoesNotExist`"]
    );
    assert_eq!(
        told("Job", &[(selector, json!({"matchLabels": {"app": "b"}}))]),
        [
            "JOB-010: the selector of a Job is made by the server; remove `selector`; `manualSelector: true` would keep it, where no other Job's Pods have the labels"
        ]
    );
    assert_eq!(broken("Job", &[("/metadata/name", json!("A".repeat(70)))], 34), ["META-002"]);
}

#[test]
fn selectors_say_what_they_ask_for() {
    let asked = |selector: Value| {
        let found = told("Deployment", &[("/spec/selector", selector)]);
        let found = found
            .concat()
            .replace("; write the same labels in the selector and in the template", "")
            .replace(", in a stack leave these labels as stowplan makes them: remove them from the patch", "");
        found.replace("DEP-005: the selector asks for ", "")
    };
    let expression = |expression: Value| asked(json!({"matchExpressions": [expression]}));
    assert_eq!(
        expression(json!({"key": "app", "operator": "In", "values": ["b", "c"]})),
        "`app` to be one of `b`, `c`, and the template has `app: a`"
    );
    assert_eq!(
        expression(json!({"key": "app", "operator": "NotIn", "values": ["a"]})),
        "`app` to be none of `a`, and the template has `app: a`"
    );
    assert_eq!(
        expression(json!({"key": "tier", "operator": "Exists"})),
        "a label `tier`, and the template has no label `tier`"
    );
    assert_eq!(
        expression(json!({"key": "app", "operator": "DoesNotExist"})),
        "no label `app`, and the template has `app: a`"
    );
    assert_eq!(asked(json!({"matchLabels": {"tier": ""}})), "`tier: \"\"`, and the template has no label `tier`");
}

#[test]
fn two_places_are_shown_where_two_have_to_do_with_it() {
    let shown = |kind: &str, changes: &[(&str, Value)], place: &str, other: &str| {
        let document = workload(kind, changes);
        let found = findings(&document, 34);
        assert_eq!((found.len(), found[0].related.len()), (1, 1), "{found:?}");
        let cause = |pointer: &str| object(&document).root.find(&pointer.parse().unwrap()).unwrap().cause;
        assert_eq!((found[0].cause, found[0].related[0].0), (cause(place), cause(other)), "{found:?}");
    };
    shown(
        "Deployment",
        &[("/spec/selector", json!({"matchLabels": {"tier": "web"}}))],
        "spec.selector.matchLabels.tier",
        "spec.template.metadata.labels",
    );
    shown(
        "Deployment",
        &[("/spec/selector", json!({"matchLabels": {"app": "b"}}))],
        "spec.template.metadata.labels.app",
        "spec.selector.matchLabels.app",
    );
    shown(
        "DaemonSet",
        &[("/spec/updateStrategy", json!({"rollingUpdate": {"maxSurge": 1, "maxUnavailable": "50%"}}))],
        "spec.updateStrategy.rollingUpdate.maxSurge",
        "spec.updateStrategy.rollingUpdate.maxUnavailable",
    );
    let policy = json!({"rules": [{"action": "FailJob", "onExitCodes": {"operator": "In", "values": [1, 1]}}]});
    shown(
        "Job",
        &[("/spec/podFailurePolicy", policy)],
        "spec.podFailurePolicy.rules[0].onExitCodes.values[1]",
        "spec.podFailurePolicy.rules[0].onExitCodes.values[0]",
    );
}

#[test]
fn what_is_left_out_counts_with_its_default() {
    assert_eq!(
        told("DaemonSet", &[("/spec/updateStrategy", json!({"rollingUpdate": {"maxSurge": 1}}))]),
        [
            "DS-005: `maxSurge` of a DaemonSet goes only with a `maxUnavailable` of 0, which is 1 where it is left out; write `maxUnavailable: 0` beside it, in a stack write `unavailable = 0` beside it"
        ]
    );
    let late = workload("Deployment", &[("/spec/minReadySeconds", json!(600))]);
    let found = findings(&late, 34);
    assert_eq!((found[0].rule, found[0].field.as_str()), ("DEP-015", "spec.progressDeadlineSeconds"));
    assert_eq!(
        found[0].help,
        "write `progressDeadlineSeconds` of at least 601, in a stack write `deadline = \"601s\"` or more in `strategy`"
    );
    let ready = object(&late).root.find(&"spec.minReadySeconds".parse().unwrap()).unwrap().cause;
    assert_eq!(found[0].cause, ready, "of what is left out the default is shown at what meets it");
    let indexed = ("/spec/completionMode", json!("Indexed"));
    assert!(
        broken("Job", std::slice::from_ref(&indexed), 34).is_empty(),
        "a Job without `parallelism` has one completion"
    );
    assert_eq!(broken("Job", &[indexed, ("/spec/parallelism", json!(2))], 34), ["JOB-004"]);
    let indexed = ("/spec/jobTemplate/spec/completionMode", json!("Indexed"));
    assert_eq!(broken("CronJob", &[indexed], 34), ["JOB-004"], "a template of a Job has none");
}

#[test]
fn names_that_the_server_completes_are_measured_complete() {
    let name = |length: usize| ("/metadata", json!({"generateName": "a".repeat(length)}));
    assert!(broken("CronJob", &[name(47)], 34).is_empty());
    assert_eq!(broken("CronJob", &[name(48)], 34), ["CJ-001"]);
    let found = findings(&workload("CronJob", &[name(48)]), 34);
    assert_eq!(
        (found[0].field.as_str(), &*found[0].help),
        ("metadata.name", "shorten `generateName` to 47 characters")
    );
    let many = ("/spec/completions", json!(10));
    let indexed = ("/spec/completionMode", json!("Indexed"));
    assert!(broken("Job", &[name(56), many.clone(), indexed.clone()], 34).is_empty());
    assert_eq!(broken("Job", &[name(57), many, indexed], 34), ["NAME-007"]);
}

#[test]
fn servers_differ_by_version() {
    let zero = [("/spec/updateStrategy", json!({"rollingUpdate": {"maxUnavailable": "0%"}}))];
    assert!(broken("StatefulSet", &zero, 36).is_empty());
    assert_eq!(broken("StatefulSet", &zero, 37), ["STS-006"]);
    let service = [("/spec/serviceName", json!("db.main"))];
    assert!(broken("StatefulSet", &service, 32).is_empty());
    assert_eq!(broken("StatefulSet", &service, 33), ["STS-013"]);
    let policy = [("/spec/template/spec/restartPolicy", json!("Sometimes"))];
    assert_eq!(broken("StatefulSet", &policy, 33), ["STS-015"], "nothing else looks at the Pods");
    let manager = [("/spec/managedBy", json!("me"))];
    assert!(broken("Job", &manager, 31).is_empty());
    assert_eq!(broken("Job", &manager, 32), ["JOB-025"]);
    let manager = [("/spec/jobTemplate/spec/managedBy", json!("me"))];
    assert_eq!(broken("CronJob", &manager, 31), ["JOB-025"], "a CronJob keeps it");
    let policy = json!({"rules": [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}]});
    assert!(broken("Job", &[("/spec/podFailurePolicy", policy.clone())], 29).is_empty());
    let policy = [("/spec/jobTemplate/spec/podFailurePolicy", policy)];
    assert_eq!(broken("CronJob", &policy, 33), ["JOB-019"]);
    assert!(broken("CronJob", &policy, 34).is_empty());
}

#[test]
fn missing_completions_of_a_success_policy_are_told_where_servers_give_no_answer() {
    let changes = [
        ("/spec/completionMode", json!("Indexed")),
        ("/spec/parallelism", json!(2)),
        ("/spec/successPolicy", json!({"rules": [{"succeededIndexes": "0", "succeededCount": 9}]})),
    ];
    assert_eq!(broken("Job", &changes, 34), ["JOB-004"]);
}

#[test]
fn an_annotation_that_no_server_can_read_names_no_field() {
    let annotations = [("/metadata/annotations", json!({"deprecated.daemonset.template.generation": "x"}))];
    let document = workload("DaemonSet", &annotations);
    let found = findings(&document, 34);
    assert_eq!((found[0].verdict, found[0].field.as_str()), (Verdict::Refused(Reason::BadRequest), ""));
    let written = &object(&document).root;
    let annotations = written.follow(&["metadata", "annotations"]).unwrap();
    assert_eq!(found[0].cause, annotations.entries()[0].1.cause);
    assert!(broken("Deployment", &annotations_of("5"), 34).is_empty());
    assert_eq!(broken("Deployment", &annotations_of("-5"), 34), ["DEP-017"]);
}

fn annotations_of(revision: &str) -> [(&'static str, Value); 1] {
    [("/metadata/annotations", json!({"deprecated.deployment.rollback.to": revision}))]
}

#[test]
fn trees_of_any_form_are_walked() {
    let kinds = ["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job", "CronJob", "ReplicationController"];
    let odd =
        [json!(null), json!(true), json!(-1), json!(i64::MAX), json!(0.5), json!("é"), json!([[]]), json!({"": {}})];
    for kind in kinds {
        let whole = workload(kind, &[]);
        for value in &odd {
            for pointer in pointers(&whole) {
                let mut document = whole.clone();
                *document.pointer_mut(&pointer).unwrap() = value.clone();
                for minor in [29, 37] {
                    findings(&document, minor);
                }
            }
        }
    }
}

/// All places of a document below its kind.
fn pointers(value: &Value) -> Vec<String> {
    let below = |key: &str, value: &Value| {
        let own = format!("/{}", key.replace('/', "~1"));
        pointers(value).into_iter().map(|pointer| format!("{own}{pointer}")).chain([own.clone()]).collect::<Vec<_>>()
    };
    match value {
        Value::Object(entries) => {
            let inner = entries.iter().filter(|(key, _)| !matches!(key.as_str(), "kind" | "apiVersion"));
            inner.flat_map(|(key, value)| below(key, value)).collect()
        }
        Value::Array(items) => items.iter().enumerate().flat_map(|(at, item)| below(&at.to_string(), item)).collect(),
        _ => Vec::new(),
    }
}
