//! How the tests of facts read what came out.

use crate::rendered::{Objects, Rendered, at, root};
use serde_yaml::Value;
use std::fs;

/// The profiles on which the rows are checked.
pub const LOCAL: [&str; 2] = ["k3d", "minikube"];

pub fn todo(profile: &str) -> Objects {
    Rendered::of_example("todo", profile).objects()
}

pub fn slack(profile: &str) -> Objects {
    Rendered::of_example("slack-metrics", profile).objects()
}

/// An example with more text behind it.
pub fn extended(example: &str, more: &str, profile: &str) -> Objects {
    let folder = root().join("examples").join(example);
    let stack = fs::read_to_string(folder.join("stack.toml")).unwrap();
    Rendered::of_text(&format!("{stack}\n{more}"), &folder, profile, &[]).objects()
}

/// Fails unless all of `expected`, written as YAML, is in the value: maps may hold more, lists may not.
#[track_caller]
pub fn holds(value: &Value, expected: &str) {
    let expected: Value = serde_yaml::from_str(expected).unwrap();
    if let Some(path) = missing(value, &expected) {
        panic!("`{path}` is not as expected in\n{}", serde_yaml::to_string(value).unwrap());
    }
}

/// The path of the first thing in `expected` that the value does not hold.
pub fn missing(value: &Value, expected: &Value) -> Option<String> {
    let below = |key: &str, value: &Value, expected: &Value| Some(format!("{key}.{}", missing(value, expected)?));
    match (value, expected) {
        (Value::Mapping(_), Value::Mapping(entries)) => entries.iter().find_map(|(key, expected)| {
            let key = key.as_str()?;
            below(key, value.get(key).unwrap_or(&Value::Null), expected)
        }),
        (Value::Sequence(items), Value::Sequence(wanted)) if items.len() == wanted.len() => {
            items.iter().zip(wanted).enumerate().find_map(|(at, (item, wanted))| below(&at.to_string(), item, wanted))
        }
        (value, expected) => (value != expected).then(String::new),
    }
}

/// The main container of a workload.
pub fn container(workload: &Value) -> &Value {
    at(pod(workload), "spec.containers.0")
}

/// The Pod template of a workload.
pub fn pod(workload: &Value) -> &Value {
    match at(workload, "spec.jobTemplate.spec.template") {
        Value::Null => at(workload, "spec.template"),
        template => template,
    }
}

/// The workloads of a stack.
pub fn workloads(objects: &Objects) -> Vec<&Value> {
    objects.0.iter().filter(|object| !pod(object).is_null()).collect()
}

/// Whether a map holds all entries of another.
pub fn includes(labels: &Value, wanted: &Value) -> bool {
    wanted.as_mapping().is_some_and(|wanted| wanted.iter().all(|(key, value)| labels.get(key) == Some(value)))
}

/// The number of the container's port to which a port of a Service leads: selector, then name.
#[track_caller]
pub fn leads_to(objects: &Objects, service: &str, port: u64) -> u64 {
    let service = objects.get(&format!("Service/{service}"));
    let ports = at(service, "spec.ports").as_sequence().unwrap();
    let name = at(ports.iter().find(|entry| at(entry, "port") == port).unwrap(), "targetPort");
    let selector = at(service, "spec.selector");
    let behind: Vec<_> = workloads(objects)
        .into_iter()
        .filter(|workload| includes(at(pod(workload), "metadata.labels"), selector))
        .collect();
    assert_eq!(behind.len(), 1, "one workload is behind a Service");
    let ports = at(container(behind[0]), "ports").as_sequence().unwrap();
    let found = ports.iter().find(|port| at(port, "name") == name).unwrap();
    at(found, "containerPort").as_u64().unwrap()
}

/// The variables of a container: `NAME=text`, or `NAME=secret/key`, `NAME=config/key`, `NAME=field`.
pub fn variables(container: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let reference =
        |reference: &Value| Some(format!("{}/{}", text(at(reference, "name"))?, text(at(reference, "key"))?));
    let variable = |variable: &Value| {
        let value = text(at(variable, "value"))
            .or_else(|| reference(at(variable, "valueFrom.secretKeyRef")))
            .or_else(|| reference(at(variable, "valueFrom.configMapKeyRef")))
            .or_else(|| text(at(variable, "valueFrom.fieldRef.fieldPath")));
        format!("{}={}", text(at(variable, "name")).unwrap(), value.unwrap())
    };
    at(container, "env").as_sequence().into_iter().flatten().map(variable).collect()
}

pub fn storage_class(profile: &str) -> &'static str {
    if profile == "k3d" { "local-path" } else { "standard" }
}
