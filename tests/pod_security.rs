//! What namespaces refuse of Pods, held against what API servers of 1.29, 1.31, 1.34 and 1.37 refused.
//!
//! A line of `data/pod_security.jsonl` is a Pod: `spec`, perhaps `annotations`, and by level (with `-v1.N` for the label
//! `enforce-version`) and minor version of the server whether a namespace of that level refused it.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use stowplan::bundle::{Bundle, Field, Identity, Object};
use stowplan::check::pod_security::{RULES, check, met};
use stowplan::check::{Finding, Target};
use stowplan::document::OriginId;
use stowplan::value::KubernetesVersion;

fn object(value: &Value) -> Object {
    Object::from_field(Identity::new("document", "manifest"), Field::from_json(value, &mut || OriginId(0).into()))
}

fn namespace(name: &str, level: &str) -> Value {
    let (level, version) = level.split_once('-').unwrap_or((level, "latest"));
    let labels = json!({
        "pod-security.kubernetes.io/enforce": level, "pod-security.kubernetes.io/enforce-version": version
    });
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
}

fn findings(objects: &[Value], minor: u8) -> Vec<Finding> {
    let bundle = Bundle { objects: objects.iter().map(object).collect(), ..Bundle::default() };
    check(&bundle, Target::of(KubernetesVersion { minor }))
}

fn deployment(namespace: &str, template: &Value) -> Value {
    let metadata = json!({"name": "web", "namespace": namespace});
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": {"template": template}})
}

#[test]
fn the_verdicts_are_those_of_the_servers() {
    let lines: Vec<Value> =
        include_str!("data/pod_security.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.len() > 100);
    let mut wrong = Vec::new();
    let mut broken = BTreeSet::new();
    for line in &lines {
        let template = json!({"metadata": {"annotations": line["annotations"]}, "spec": line["spec"]});
        for (level, by_version) in line["refused"].as_object().unwrap() {
            for (minor, refused) in by_version.as_object().unwrap() {
                let minor = minor.parse().unwrap();
                let found = findings(&[namespace("app", level), deployment("app", &template)], minor);
                if found.is_empty() == refused.as_bool().unwrap() {
                    wrong.push(format!("{}, {level}, 1.{minor}: server {refused}, ours {found:?}", line["id"]));
                }
                broken.extend(found.iter().map(|finding| finding.rule));
                let strictest =
                    met(&Field::from_json(&template, &mut || OriginId(0).into()), KubernetesVersion { minor });
                if !level.contains('-') && strictest.as_str() == level {
                    assert!(found.is_empty(), "{} meets {level} and breaks it", line["id"]);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let untested: Vec<_> = RULES.iter().map(|rule| rule.id).filter(|id| !broken.contains(id)).collect();
    assert!(untested.is_empty(), "no Pod breaks {untested:?}");
}

#[test]
fn a_finding_is_at_the_field_of_the_workload_and_says_what_happens() {
    let template = json!({"spec": {"hostNetwork": true, "containers": [{"name": "app", "securityContext": {
        "capabilities": {"add": ["CHOWN", "SYS_ADMIN"]}
    }}]}});
    let found = findings(&[namespace("app", "baseline"), deployment("app", &template)], 37);
    let places: Vec<_> = found.iter().map(|finding| (finding.rule, finding.field.as_str(), finding.object)).collect();
    let capability = "spec.template.spec.containers[0].securityContext.capabilities.add[1]";
    assert_eq!(places, [("PSS-001", "spec.template.spec.hostNetwork", 1), ("PSS-003", capability, 1)]);
    assert_eq!(
        found[1].title,
        "a container adds the capability `SYS_ADMIN`, which the namespace app forbids by its level `baseline`: \
         the server takes Deployment/web, and refuses its Pods"
    );
    assert_eq!(found[1].help, "remove it, or enforce a lower level on the namespace");
    assert_eq!(found[1].related[0].1, "the level is enforced here");
}

#[test]
fn a_namespace_refuses_only_what_is_in_it() {
    let template = json!({"spec": {"hostNetwork": true, "containers": []}});
    let outside = deployment("other", &template);
    let count = |objects: &[Value]| findings(objects, 37).len();
    assert_eq!(count(&[namespace("app", "baseline"), outside.clone()]), 0);
    assert_eq!(count(&[namespace("other", "privileged"), outside.clone()]), 0);
    assert_eq!(count(&[namespace("other", "baseline"), outside]), 1);
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"hostPID": true}});
    let found = findings(&[namespace("default", "baseline"), pod], 37);
    assert_eq!(found.len(), 1, "an object without a namespace is in `default`");
    assert!(found[0].title.ends_with("the server refuses the Pod"), "{}", found[0].title);
    let cron_job = json!({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "a", "namespace": "app"},
        "spec": {"jobTemplate": {"spec": {"template": {"spec": {"hostIPC": true}}}}}});
    let found = findings(&[namespace("app", "baseline"), cron_job], 37);
    assert_eq!(found[0].field, "spec.jobTemplate.spec.template.spec.hostIPC");
}
