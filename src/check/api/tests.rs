//! What is said of Services, Secrets, storage and quotas: wording, places, versions.

use super::WALKS;
use super::fixture::{findings, object};
use serde_json::{Value, json};

/// An object with these fields beside its name.
fn named(api_version: &str, kind: &str, fields: Value) -> Value {
    let mut document = json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}});
    document.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    document
}

/// A Service with one port and these fields of its specification.
fn service(spec: Value) -> Value {
    let mut whole = json!({"ports": [{"port": 80}]});
    whole.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
    named("v1", "Service", json!({ "spec": whole }))
}

fn secret(fields: Value) -> Value {
    named("v1", "Secret", fields)
}

/// A claim with these fields of its specification.
fn claim(spec: Value) -> Value {
    let mut whole = json!({"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}});
    whole.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
    named("v1", "PersistentVolumeClaim", json!({ "spec": whole }))
}

/// What is said: rule, title, help.
fn told(document: &Value) -> Vec<String> {
    let found = findings(document, 34);
    found.into_iter().map(|finding| format!("{}: {}; {}", finding.rule, finding.title, finding.help)).collect()
}

/// Rule and place of what is said on a version.
fn places(document: &Value, minor: u8) -> Vec<String> {
    findings(document, minor).into_iter().map(|finding| format!("{} {}", finding.rule, finding.field)).collect()
}

#[test]
fn messages_about_services_say_what_to_type() {
    let node_port = json!({"type": "NodePort", "ports": [{"port": 80, "nodePort": 80}]});
    assert_eq!(
        told(&service(node_port)),
        [
            "SVC-018: 80 is none of the node ports of a cluster, 30000 to 32767; write a number from 30000 to 32767, or remove it: the cluster chooses one"
        ]
    );
    assert_eq!(
        told(&service(json!({"ports": []}))),
        [
            "SVC-001: a Service has no ports; write `ports`, each with a `port`; or `clusterIP: None`, where the Pods are found by name only"
        ]
    );
    assert_eq!(
        told(&service(json!({"clusterIP": "none"}))),
        ["SVC-035: `none` is no address, and not the word for none; write `None`"]
    );
    assert_eq!(
        told(&service(json!({"loadBalancerSourceRanges": ["10.0.0.1"]}))),
        [
            "SVC-028: `loadBalancerSourceRanges` may not be set where the type is `ClusterIP`; remove it, or write `type: LoadBalancer`, in a stack remove it, or write `type = \"load-balancer\"` in `service`",
            "SVC-029: `10.0.0.1` is not a range of IP addresses: it has no prefix, as in `/24`; write `10.0.0.1/32`"
        ]
    );
    assert_eq!(
        told(&service(json!({"type": "LoadBalancer", "clusterIP": "None"}))),
        [
            "SVC-003: a Service of type `LoadBalancer` cannot be headless; remove `clusterIP: None`, or write `type: ClusterIP`"
        ]
    );
    assert_eq!(
        told(&service(json!({"ipFamilies": ["IPv4", "IPv6"]}))),
        [
            "SVC-041: a Service with two IP families is not `SingleStack`; write `ipFamilyPolicy: PreferDualStack`, or keep one family"
        ]
    );
    assert_eq!(
        told(&service(json!({"externalIPs": ["127.0.0.1"]}))),
        ["SVC-043: the address `127.0.0.1` is one of the loopback range; write an address that other hosts can reach"]
    );
}

#[test]
fn messages_about_storage_and_quotas_say_what_to_type() {
    assert_eq!(
        told(&claim(json!({"accessModes": ["RWO"]}))),
        ["PVC-002: `RWO` is how `kubectl get` shows `ReadWriteOnce`; write `ReadWriteOnce`"]
    );
    assert_eq!(
        told(&claim(json!({"resources": {"limits": {"storage": "1Gi"}}}))),
        [
            "PVC-004: the claim requests no storage; write `storage` below `resources` and `requests`, such as `storage: 10Gi`"
        ]
    );
    let local = json!({"accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}, "local": {"path": "/a"}});
    assert_eq!(
        told(&named("v1", "PersistentVolume", json!({ "spec": local }))),
        [
            "PV-006: a `local` volume does not say on which node it is; write `nodeAffinity` with a `required` term for `kubernetes.io/hostname`"
        ]
    );
    let limit = json!({"type": "Container", "min": {"cpu": "2"}, "max": {"cpu": 1}});
    assert_eq!(
        told(&named("v1", "LimitRange", json!({"spec": {"limits": [limit]}}))),
        [
            "LR-005: the `min` of `cpu` is `2`, more than its `max`, `1`; write amounts that grow from `min` over `defaultRequest` and `default` to `max`"
        ]
    );
    assert_eq!(
        told(&named(
            "v1",
            "ResourceQuota",
            json!({"spec": {"hard": {"services": "1", "pods": "1"}, "scopes": ["BestEffort"]}})
        )),
        [
            "RQ-005: the scope `BestEffort` has nothing to do with `services`; limit `services` in a quota of its own, without this scope"
        ]
    );
    let ports = json!({"addressType": "IPv4", "endpoints": [], "ports": [{"port": 1}, {"port": 2}]});
    assert_eq!(
        told(&named("discovery.k8s.io/v1", "EndpointSlice", ports)),
        ["EPS-007: more than one port has no name; write `name`, such as `http`"]
    );
}

#[test]
fn values_of_secrets_are_never_shown() {
    let typed = |kind: &str, fields: Value| {
        let mut document = secret(json!({"type": format!("kubernetes.io/{kind}")}));
        document.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        document
    };
    let credentials = typed("dockerconfigjson", json!({"stringData": {".dockerconfigjson": "hunter2"}}));
    assert_eq!(
        told(&credentials),
        [
            r#"SEC-006: the value of `.dockerconfigjson` is no JSON object; write it as `{"auths": {"HOST": {"username": "NAME", "password": "WORD"}}}`"#
        ]
    );
    assert_eq!(
        told(&typed("basic-auth", json!({"stringData": {"user": "hunter2"}}))),
        [
            "SEC-007: a Secret of type `kubernetes.io/basic-auth` needs `username`; write `username` below `stringData`, or below `data` in base64; or `password`, one of them is enough"
        ]
    );
    let encoded = "aHVudGVyMg==";
    for document in [
        credentials,
        typed("dockercfg", json!({"data": {".dockercfg": encoded}})),
        typed("ssh-auth", json!({"data": {"key": encoded}})),
        typed("tls", json!({"data": {"a b": encoded}, "stringData": {"": "hunter2"}})),
    ] {
        let said = told(&document).concat();
        assert!(!said.is_empty() && !said.contains("hunter2") && !said.contains(encoded), "{said}");
    }
}

/// What a dry run takes, and a real creation refuses: no recorded verdict has it.
#[test]
fn node_ports_are_those_of_a_real_creation() {
    let spec = |kind: &str, number: i64| {
        service(json!({"type": kind, "ports": [{"port": 80, "nodePort": number}], "externalName": "a.b"}))
    };
    for number in [-1, 1, 80, 29999, 32768, 65536] {
        assert_eq!(places(&spec("NodePort", number), 34), ["SVC-018 spec.ports[0].nodePort"], "{number}");
        assert_eq!(places(&spec("ExternalName", number), 34), [] as [&str; 0], "{number}");
    }
    for number in [0, 30000, 32767] {
        assert_eq!(places(&spec("LoadBalancer", number), 34), [] as [&str; 0], "{number}");
    }
    let health = |number: i64| {
        service(json!({"type": "LoadBalancer", "externalTrafficPolicy": "Local", "healthCheckNodePort": number}))
    };
    assert_eq!(places(&health(80), 34), ["SVC-027 spec.healthCheckNodePort"]);
    assert_eq!(places(&health(30000), 34), [] as [&str; 0]);
}

#[test]
fn each_version_has_its_rules() {
    let none: [&str; 0] = [];
    let mut digit = service(json!({}));
    digit["metadata"]["name"] = json!("1api");
    assert_eq!((places(&digit, 35), places(&digit, 36)), (vec!["META-002 metadata.name".to_owned()], Vec::new()));
    let zeros = service(json!({"externalIPs": ["010.0.0.1"]}));
    assert_eq!(places(&zeros, 35), none);
    assert_eq!(places(&zeros, 36), ["SVC-043 spec.externalIPs[0]"]);
    let kubelet = service(json!({"type": "LoadBalancer", "ports": [{"port": 10250}]}));
    assert_eq!(places(&kubelet, 32), ["SVC-047 spec.ports[0]"]);
    assert_eq!(places(&kubelet, 33), none);
    let zone = service(json!({"trafficDistribution": "PreferSameZone"}));
    assert_eq!(places(&zone, 30), none);
    assert_eq!(places(&zone, 33), ["SVC-033 spec.trafficDistribution"]);
    assert_eq!(places(&zone, 34), none);
    let ranges = service(json!({"type": "LoadBalancer", "loadBalancerSourceRanges": ["x"]}));
    assert_eq!(places(&ranges, 29), ["SVC-029 spec.LoadBalancerSourceRanges"]);
    assert_eq!(places(&ranges, 30), ["SVC-029 spec.LoadBalancerSourceRanges[0]"]);
    let attributes = claim(json!({"volumeAttributesClassName": "A_b"}));
    assert_eq!(places(&attributes, 33), none);
    assert_eq!(places(&attributes, 34), ["PVC-013 spec.volumeAttributesClassName"]);
    let slice = json!({"addressType": "IPv6", "endpoints": [{"addresses": ["2001:DB8::1", "1.2.3.4"]}]});
    let slice = named("discovery.k8s.io/v1", "EndpointSlice", slice);
    assert_eq!(places(&slice, 31), ["EPS-004 endpoints[0].addresses[1]"]);
    assert_eq!(places(&slice, 34), ["EPS-004 endpoints[0].addresses[0]", "EPS-004 endpoints[0].addresses"]);
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
    let ports = json!([{"name": "a", "port": 80}, {"name": "b", "port": 80}]);
    related(&service(json!({ "ports": ports })), "spec.ports[0]");
    let ports = json!([{"name": "a", "port": 80, "nodePort": 30080}, {"name": "b", "port": 81, "nodePort": 30080}]);
    related(&service(json!({"type": "NodePort", "ports": ports})), "spec.ports[0].nodePort");
    related(&service(json!({"type": "ClusterIP", "externalTrafficPolicy": "Local"})), "spec.type");
    related(&service(json!({"clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.2"]})), "spec.clusterIP");
    related(&secret(json!({"type": "kubernetes.io/ssh-auth"})), "type");
    let source = json!({"kind": "PersistentVolumeClaim", "name": "a"});
    let other = json!({"kind": "PersistentVolumeClaim", "name": "b"});
    related(&claim(json!({"dataSource": source, "dataSourceRef": other})), "spec.dataSourceRef");
}

/// The strict reader tells wrong types; the walks must only survive them.
#[test]
fn no_walk_stumbles_over_wrong_types() {
    let odd = [json!(null), json!(true), json!(-7), json!(1.5), json!("é"), json!([[]]), json!({"": {}})];
    let keys = [
        "spec",
        "data",
        "stringData",
        "ports",
        "limits",
        "hard",
        "scopes",
        "subsets",
        "endpoints",
        "parameters",
        "allowedTopologies",
        "clusterIPs",
        "ipFamilies",
        "externalIPs",
        "accessModes",
        "capacity",
        "nodeAffinity",
    ];
    for (group, kind, _) in WALKS {
        let api_version = if group.is_empty() { "v1".to_owned() } else { format!("{group}/v1") };
        for value in &odd {
            let mut document = named(&api_version, kind, json!({"type": "kubernetes.io/tls", "addressType": "IPv4"}));
            for key in keys {
                document[key] = value.clone();
            }
            findings(&document, 34);
            let inner: serde_json::Map<_, _> = keys.iter().map(|key| ((*key).to_owned(), json!([value]))).collect();
            document["spec"] = Value::Object(inner);
            findings(&document, 37);
            document["metadata"] = value.clone();
            findings(&document, 29);
        }
    }
}
