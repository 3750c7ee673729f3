//! What the checks of a Pod's specification say, where, and that no tree makes them panic.

#![allow(clippy::expect_used, reason = "a test may fail where it stands")]

use serde_json::{Value, json};
use std::collections::BTreeSet;
use stowplan::bundle::{Field, Identity, Object};
use stowplan::check::api::{check_object, pod};
use stowplan::check::{Finding, Rule};
use stowplan::document::OriginId;
use stowplan::value::KubernetesVersion;

const CASES: [&str; 5] = [
    include_str!("agreement/cases/probes.jsonl"),
    include_str!("agreement/cases/resources.jsonl"),
    include_str!("agreement/cases/security.jsonl"),
    include_str!("agreement/cases/scheduling.jsonl"),
    include_str!("agreement/cases/pod_spec.jsonl"),
];

fn documents() -> impl Iterator<Item = Value> {
    let lines = CASES.iter().flat_map(|text| text.lines());
    lines.map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON")["document"].take())
}

fn findings(document: &Value, minor: u8) -> Vec<Finding> {
    let object = Object::from_field(
        Identity::new("document", "manifest"),
        Field::from_json(document, &mut || OriginId(0).into()),
    );
    check_object(0, &object, KubernetesVersion { minor })
}

/// The only finding about a Pod with this specification, beside a container that is right.
fn one(mut spec: Value, minor: u8) -> Finding {
    let containers = json!([{"name": "app", "image": "app"}]);
    spec.as_object_mut().expect("a specification is a map").entry("containers").or_insert(containers);
    let found = findings(&json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": spec}), minor);
    let [finding] = found.try_into().expect("there is one finding");
    finding
}

/// Title and help of the only finding.
fn said(spec: Value, minor: u8) -> [String; 2] {
    let finding = one(spec, minor);
    [finding.title, finding.help]
}

fn container(keys: Value) -> Value {
    let mut container = json!({"name": "app", "image": "app"});
    let map = container.as_object_mut().expect("it is a map");
    map.extend(keys.as_object().expect("keys of a container").clone());
    json!({"containers": [container]})
}

#[test]
fn a_message_names_the_value_and_says_what_to_type() {
    assert_eq!(
        said(container(json!({"resources": {"limits": {"memroy": "1Gi"}}})), 37),
        [
            "`memroy` is no resource of a container",
            "did you mean `memory`? A device has a domain before its name, as `nvidia.com/gpu` has"
        ]
    );
    assert_eq!(
        said(container(json!({"resources": {"requests": {"cpu": 1}, "limits": {"cpu": "500m"}}})), 37),
        ["the request `1` of cpu is more than the limit, `500m`", "request at most `500m`, or raise the limit to `1`"]
    );
    assert_eq!(
        said(container(json!({"livenessProbe": {"httpGet": {"port": "8080"}}})), 37),
        ["the port `8080` is a text, so it is the name of a port", "write the number without quotes: `8080`"]
    );
    assert_eq!(
        said(container(json!({"lifecycle": {"preStop": {"sleep": {"seconds": 40}}}})), 37),
        [
            "40 is not between 0 and 30, the seconds that the Pod has to end",
            "sleep for at most 30 seconds, or raise `terminationGracePeriodSeconds`, in a stack sleep for at most 30 seconds, or raise `stop.grace`"
        ]
    );
    assert_eq!(
        said(json!({"topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "zone"}]}), 37),
        [
            "the constraint does not say what happens where Pods cannot be spread",
            "write `whenUnsatisfiable: ScheduleAnyway`, or `DoNotSchedule`"
        ]
    );
    assert_eq!(
        said(json!({"restartPolicy": "always"}), 37),
        ["`always` is not a value of `restartPolicy`", "did you mean `Always`? It may be `OnFailure`, `Never` too"]
    );
}

#[test]
fn what_a_version_takes_is_asked_by_its_number() {
    let policy = json!({"securityContext": {"seLinuxChangePolicy": "MountOption"}});
    assert_eq!(
        said(policy, 34),
        ["`MountOption` needs Kubernetes 1.37, this is 1.34", "write `Recursive`, or remove it"]
    );
    let hook = container(json!({"lifecycle": {"preStop": {"sleep": {"seconds": 1}}}}));
    assert_eq!(
        said(hook, 29),
        ["`sleep` is known from Kubernetes 1.30 on, this is 1.29", "write `exec` with the command `sleep`"]
    );
    let alias = json!({"hostAliases": [{"ip": "1.2.3", "hostnames": ["db"]}]});
    assert_eq!(one(alias.clone(), 29).field, "spec.hostAliases.ip");
    assert_eq!(one(alias, 30).field, "spec.hostAliases[0].ip");
    let shared = json!({"hostPID": true, "shareProcessNamespace": true});
    assert_eq!(one(shared.clone(), 36).field, "spec.securityContext.shareProcessNamespace");
    assert_eq!(one(shared, 37).field, "spec.shareProcessNamespace");
}

#[test]
fn every_rule_is_broken_by_a_case() {
    let broken: BTreeSet<_> = documents()
        .flat_map(|document| [29, 31, 34, 37].map(|minor| findings(&document, minor)))
        .flatten()
        .map(|finding| finding.rule)
        .collect();
    let modules: [&[&Rule]; 10] = [
        pod::resources::RULES,
        pod::pod_resources::RULES,
        pod::claims::RULES,
        pod::probes::RULES,
        pod::profile::RULES,
        pod::windows::RULES,
        pod::security::RULES,
        pod::affinity::RULES,
        pod::scheduling::RULES,
        pod::spec::RULES,
    ];
    let untried: Vec<_> = modules.concat().iter().map(|rule| rule.id).filter(|id| !broken.contains(id)).collect();
    assert!(untried.is_empty(), "no case breaks {untried:?}");
}

/// Calls `look` with the tree once for each of its values, that value replaced.
fn with_each_replaced(tree: &mut Value, path: &mut Vec<String>, odd: &Value, look: &mut dyn FnMut(&Value)) {
    let here = format!("/{}", path.join("/"));
    let children: Vec<String> = match if path.is_empty() { Some(&*tree) } else { tree.pointer(&here) } {
        Some(Value::Object(entries)) => entries.keys().map(|key| key.replace('~', "~0").replace('/', "~1")).collect(),
        Some(Value::Array(items)) => (0..items.len()).map(|index| index.to_string()).collect(),
        _ => Vec::new(),
    };
    for child in children {
        path.push(child);
        let pointer = format!("/{}", path.join("/"));
        let place = tree.pointer_mut(&pointer).expect("the path leads to a value");
        let kept = std::mem::replace(place, odd.clone());
        look(tree);
        *tree.pointer_mut(&pointer).expect("it still does") = kept;
        with_each_replaced(tree, path, odd, look);
        path.pop();
    }
}

#[test]
fn no_tree_makes_the_checks_panic() {
    let odd =
        [json!(null), json!(-1), json!(1e300), json!("é{}"), json!([[null], 1, {"name": []}]), json!({"a/b": {"": 1}})];
    let mut trees = 0;
    for (index, mut document) in documents().enumerate().step_by(23) {
        document.as_object_mut().expect("a document is a map").insert("extra".to_owned(), Value::Null);
        for value in &odd {
            let minor = [25, 29, 31, 34, 37][index % 5];
            with_each_replaced(&mut document, &mut Vec::new(), value, &mut |tree| {
                trees += 1;
                let _ = findings(tree, minor);
            });
        }
    }
    assert!(trees > 5000, "{trees}");
}
