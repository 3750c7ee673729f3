//! What is said of Pods: wording, versions, places.

use super::super::fixture::{findings, object};
use super::{Owner, pod_spec};
use crate::bundle::Field;
use crate::check::{At, Checker};
use crate::document::OriginId;
use crate::value::KubernetesVersion;
use serde_json::{Value, json};

/// A Pod of one container with these fields more, and these of its specification.
fn pod(container: Value, spec: Value) -> Value {
    let mut document = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}});
    let mut containers = json!({"name": "c", "image": "i"});
    containers.as_object_mut().unwrap().extend(container.as_object().unwrap().clone());
    document["spec"] = json!({"containers": [containers]});
    document["spec"].as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
    document
}

/// What is said: rule, title, help.
fn told(container: Value, spec: Value) -> Vec<String> {
    let found = findings(&pod(container, spec), 34);
    found.into_iter().map(|finding| format!("{}: {}; {}", finding.rule, finding.title, finding.help)).collect()
}

#[test]
fn messages_say_what_to_type() {
    let volumes = json!({"volumes": [{"name": "data", "emptyDir": {}}]});
    assert_eq!(
        told(json!({"volumeMounts": [{"name": "dta", "mountPath": "/d"}]}), volumes),
        ["MNT-001: no volume of the Pod is named `dta`; did you mean `data`?"]
    );
    assert_eq!(
        told(json!({"volumeMounts": [{"name": "data", "mountPath": "/d"}]}), json!({})),
        ["MNT-001: no volume of the Pod is named `data`; add a volume named `data` to `spec.volumes`"]
    );
    assert_eq!(
        told(json!({}), json!({"volumes": [{"name": "v", "secret": {"secretName": "s", "defaultMode": 644}}]})),
        [
            "VOL-005: 644 is no mode of a file: it is a decimal number from 0 to 511, which is 0777 in octal; write `420`, which is 0644 in octal"
        ]
    );
    assert_eq!(
        told(json!({"image": " nginx"}), json!({})),
        ["POD-006: the image ` nginx` has blanks around it; write `nginx`"]
    );
    assert_eq!(
        told(json!({"env": [{"name": "A", "valueFrom": {"fileKeyRef": {}}}]}), json!({})),
        [
            "ENV-003: `fileKeyRef` is known from Kubernetes 1.35 on, this is 1.34; write one of `configMapKeyRef`, `secretKeyRef`, `fieldRef`, `resourceFieldRef` below it"
        ]
    );
    assert_eq!(
        told(json!({"env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels"}}}]}), json!({})),
        [
            "ENV-007: `metadata.labels` is not a field that can be read here; name one entry, as in `metadata.labels['app.kubernetes.io/name']`"
        ]
    );
    assert_eq!(
        told(json!({"envFrom": [{"secretRef": {"name": "My_-"}}, {"secretRef": {"name": "a_-"}}]}), json!({})),
        [
            "ENV-015: `My_-` is not a DNS subdomain: it is not made of labels of a-z, 0-9 and `-`, joined by dots; write `my`"
        ]
    );
    let probe = json!({"initContainers": [{"name": "i", "image": "i", "readinessProbe": {}}]});
    assert_eq!(
        told(json!({}), probe),
        [
            "POD-012: an init container that is no sidecar has no `readinessProbe`: it ends before the others begin; remove it, or write `restartPolicy: Always` to make the container a sidecar"
        ]
    );
}

#[test]
fn two_places_are_shown_where_two_have_to_do_with_it() {
    let related = |document: &Value, pointer: &str| {
        let found = findings(document, 34);
        assert_eq!((found.len(), found[0].related.len()), (1, 1), "{found:?}");
        let other = object(document).root.find(&pointer.parse().unwrap()).unwrap().cause;
        assert_eq!(found[0].related[0].0, other, "{pointer}");
        assert_ne!(found[0].cause, other, "{pointer}");
    };
    let ports = json!({"ports": [{"containerPort": 1, "hostPort": 80}, {"containerPort": 2, "hostPort": 80}]});
    related(&pod(ports, json!({})), "spec.containers[0].ports[0].hostPort");
    related(
        &pod(json!({"ports": [{"containerPort": 1, "hostPort": 80}]}), json!({"hostNetwork": true})),
        "spec.containers[0].ports[0].containerPort",
    );
    related(&pod(json!({}), json!({"initContainers": [{"name": "c", "image": "i"}]})), "spec.containers[0].name");
    related(&pod(json!({}), json!({"volumes": [{"name": "v"}, {"name": "v"}]})), "spec.volumes[0].name");
    related(
        &pod(json!({}), json!({"volumes": [{"name": "v", "emptyDir": {}, "secret": {"secretName": "s"}}]})),
        "spec.volumes[0].emptyDir",
    );
    let item = |key: &str| json!({key: {"name": "n", "items": [{"key": "k", "path": "p"}]}});
    let projected = json!({"volumes": [{"name": "v", "projected": {"sources": [item("secret"), item("configMap")]}}]});
    related(&pod(json!({}), projected), "spec.volumes[0].projected.sources[0].secret.items[0].path");
    let mounts = json!({"volumeMounts": [{"name": "v", "mountPath": "/d"}, {"name": "v", "mountPath": "/d"}]});
    related(&pod(mounts, json!({"volumes": [{"name": "v"}]})), "spec.containers[0].volumeMounts[0].mountPath");
}

#[test]
fn a_finding_points_at_the_mistake_where_the_server_names_something_around_it() {
    let points = |document: &Value, field: &str, pointer: &str| {
        let found = findings(document, 34);
        assert_eq!((found.len(), found[0].field.as_str()), (1, field));
        assert_eq!(found[0].cause, object(document).root.find(&pointer.parse().unwrap()).unwrap().cause, "{field}");
    };
    let mounts = json!({"volumeMounts": [{"name": "v", "mountPath": "/d", "subPath": "/x"}]});
    let volumes = json!({"volumes": [{"name": "v"}]});
    let (named, meant) = ("spec.containers[0].volumeMounts.subPath", "spec.containers[0].volumeMounts[0].subPath");
    points(&pod(mounts, volumes), named, meant);
    points(&pod(json!({"envFrom": [{}]}), json!({})), "spec.containers[0].envFrom", "spec.containers[0].envFrom[0]");
    let file = json!({"path": "/p", "fieldRef": {"fieldPath": "metadata.name"}});
    let volumes = json!({"volumes": [{"name": "v", "downwardAPI": {"items": [file]}}]});
    points(&pod(json!({}), volumes), "spec.volumes[0].downwardAPI.path", "spec.volumes[0].downwardAPI.items[0].path");
    let ports = json!([{"containerPort": 1, "hostPort": 80}, {"containerPort": 2, "hostPort": 80}]);
    let init = json!({"initContainers": [{"name": "a", "image": "i"}, {"name": "b", "image": "i", "ports": ports}]});
    let (named, meant) = ("spec.initContainers[0].ports[1].hostPort", "spec.initContainers[1].ports[1].hostPort");
    points(&pod(json!({}), init), named, meant);
}

/// The rules that versions of the server see broken.
fn broken(document: &Value, minors: [u8; 6]) -> [Vec<&'static str>; 6] {
    minors.map(|minor| findings(document, minor).into_iter().map(|finding| finding.rule).collect())
}

#[test]
fn versions_differ() {
    let minors = [29, 31, 34, 35, 36, 37];
    let none = Vec::<&str>::new;
    let env = pod(json!({"env": [{"name": "1 a"}]}), json!({}));
    assert_eq!(broken(&env, minors), [vec!["ENV-001"], vec!["ENV-001"], none(), none(), none(), none()]);
    let policy = pod(json!({"restartPolicy": "x"}), json!({}));
    let new = || vec!["POD-009"];
    assert_eq!(broken(&policy, minors), [new(), new(), none(), new(), new(), new()]);
    let rule = json!({"action": "RestartAllContainers", "exitCodes": {"operator": "In", "values": [1]}});
    let init = json!({"name": "i", "image": "i", "restartPolicy": "Always", "restartPolicyRules": [rule]});
    let sidecar = pod(json!({}), json!({"initContainers": [init]}));
    assert_eq!(broken(&sidecar, minors), [none(), none(), none(), vec!["POD-011"], none(), none()]);
    let resize = json!({"name": "i", "image": "i", "resizePolicy": [{"resourceName": "cpu", "restartPolicy": "RestartContainer"}]});
    let init = pod(json!({}), json!({"initContainers": [resize]}));
    assert_eq!(broken(&init, minors), [none(), none(), none(), none(), vec!["POD-014"], vec!["POD-014"]]);
    let mounts = json!({"volumeMounts": [{"name": "v", "mountPath": "/d", "recursiveReadOnly": "x"}]});
    let recursive = pod(mounts, json!({"volumes": [{"name": "v"}]}));
    let mount = || vec!["MNT-008"];
    assert_eq!(broken(&recursive, minors), [none(), mount(), mount(), mount(), mount(), mount()]);
    let image = pod(json!({}), json!({"volumes": [{"name": "v", "image": {"pullPolicy": "x", "reference": "r"}}]}));
    assert_eq!(broken(&image, minors), [none(), none(), none(), vec!["VOL-026"], vec!["VOL-026"], vec!["VOL-026"]]);
    let projected =
        |source: Value| pod(json!({}), json!({"volumes": [{"name": "v", "projected": {"sources": [source]}}]}));
    let token = projected(json!({"serviceAccountToken": {"path": "../t"}}));
    let path = || vec!["VOL-020"];
    assert_eq!(broken(&token, minors), [none(), path(), path(), path(), path(), path()]);
    let bundle = projected(json!({"clusterTrustBundle": {"path": "p"}}));
    assert_eq!(broken(&bundle, minors), [none(), none(), none(), none(), none(), vec!["VOL-028"]]);
}

#[test]
fn trees_of_any_shape_are_walked() {
    let env = json!([{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['a']"}, "resourceFieldRef": {"resource": "limits.cpu", "divisor": "1m"}, "fileKeyRef": {"volumeName": "v", "path": "p", "key": "k"}}}]);
    let rule = json!({"action": "Restart", "exitCodes": {"operator": "In", "values": [1]}});
    let container = json!({
        "env": env, "envFrom": [{"prefix": "A", "secretRef": {"name": "n-"}}], "ports": [{"name": "a", "containerPort": 1, "hostPort": 1}],
        "volumeMounts": [{"name": "v", "mountPath": "/a", "subPath": "b", "recursiveReadOnly": "Enabled"}],
        "volumeDevices": [{"name": "w", "devicePath": "/b"}], "restartPolicy": "Never", "restartPolicyRules": [rule],
        "resizePolicy": [{"resourceName": "cpu", "restartPolicy": "NotRequired"}]});
    let sources = json!([{"secret": {"name": "s", "items": [{"key": "k", "path": "p", "mode": 1}]}}, {"downwardAPI": {"items": [{"path": "q"}]}},
        {"clusterTrustBundle": {"name": "a:b"}}, {"podCertificate": {"signerName": "a.b/c", "userAnnotations": {"a/b": "c"}}}]);
    let claim = json!({"volumeClaimTemplate": {"metadata": {"labels": {"a": "b"}, "uid": "u"}}});
    let spec = json!({"hostNetwork": true, "volumes": [{"name": "v", "emptyDir": {"sizeLimit": "1"}}, {"name": "w", "ephemeral": claim},
        {"name": "x", "projected": {"sources": sources}}, {"name": "y", "iscsi": {"iqn": "iqn.2001-04.a:b", "initiatorName": "x"}},
        {"name": "z", "quobyte": {"registry": "a:1"}}, {"name": "f", "flexVolume": {"options": {"k8s.io": "x"}}}, {"name": "p", "persistentVolumeClaim": {"claimName": "p-w"}}]});
    let document = pod(container, spec);
    let mut walked = 0;
    for path in paths(&document) {
        for other in [
            json!(null),
            json!(""),
            json!("é-"),
            json!(-1),
            json!(1.5),
            json!(true),
            json!([]),
            json!([null, [], "x"]),
            json!({"é": {}}),
        ] {
            let mut changed = document.clone();
            *changed.pointer_mut(&path).unwrap() = other;
            for minor in [25, 29, 34, 37] {
                findings(&changed, minor);
                walked += 1;
            }
        }
    }
    assert!(walked > 3000, "{walked}");
}

/// The pointers of all values below a value, itself too.
fn paths(value: &Value) -> Vec<String> {
    let entries: Vec<(String, &Value)> = match value {
        Value::Array(items) => items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect(),
        Value::Object(entries) => entries.iter().map(|(key, item)| (key.replace('/', "~1"), item)).collect(),
        _ => Vec::new(),
    };
    let below = entries.iter().flat_map(|(key, item)| paths(item).into_iter().map(move |path| format!("/{key}{path}")));
    std::iter::once(String::new()).chain(below).collect()
}

#[test]
fn claim_templates_are_volumes() {
    let document = pod(
        json!({"volumeMounts": [{"name": "data", "mountPath": "/d"}]}),
        json!({"volumes": [{"name": "V"}, {"name": "data"}]}),
    );
    let mut document = object(&document).root;
    let claims =
        Field::from_json(&json!([{"metadata": {"name": "data"}}, {"metadata": {"name": "My_Data"}}]), &mut || {
            OriginId(1000).into()
        });
    let spec = document.get_mut("spec").unwrap().clone();
    let mut checker = Checker::new(0, KubernetesVersion { minor: 34 });
    pod_spec(&At::root(&spec), Owner::StatefulSet(At::root(&claims)), &mut checker);
    let found: Vec<_> = checker.into_findings().into_iter().map(|finding| (finding.rule, finding.field)).collect();
    assert_eq!(found, [("VOL-001", "volumes[1].name".to_owned()), ("VOL-001", "volumes[2].name".to_owned())]);
}
