use super::read;
use crate::bundle::{Field, Identity, Object};
use crate::check::api::served;
use crate::check::{Finding, Part, Target};
use crate::document::OriginId;
use crate::value::KubernetesVersion;
use serde_json::{Value, json};

/// What reading an object says, for clusters of two versions; the rules of its kind have tests of their own.
fn findings_of(object: &Value, oldest: u8, newest: u8) -> Vec<Finding> {
    let object =
        Object::from_field(Identity::new("x", "manifest"), Field::from_json(object, &mut || OriginId(0).into()));
    let version = |minor| KubernetesVersion { minor };
    let target = Target { oldest: version(oldest), newest: version(newest), origin: Some(OriginId(7)) };
    let mut findings = Vec::new();
    if let Some(kind) = served::find(&object, 0, target, &mut findings) {
        read(&object, 0, kind, target, &mut findings);
    }
    findings
}

/// Code, place, message and help of each finding, on 1.34.
fn said(object: &Value) -> Vec<String> {
    tell(&findings_of(object, 34, 34))
}

fn tell(findings: &[Finding]) -> Vec<String> {
    let line = |finding: &Finding| format!("{} {}: {}; {}", finding.rule, finding.field, finding.title, finding.help);
    findings.iter().map(line).collect()
}

/// A Pod with these fields beside a container, and these in the container.
fn pod(spec: &Value, container: &Value) -> Value {
    let mut whole = json!({ "containers": [{ "name": "a", "image": "b" }] });
    let merge = |into: &mut Value, from: &Value| {
        into.as_object_mut().unwrap().extend(from.as_object().unwrap().clone());
    };
    merge(&mut whole["containers"][0], container);
    merge(&mut whole, spec);
    json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "p" }, "spec": whole })
}

#[test]
fn a_right_object_has_no_findings() {
    assert_eq!(said(&pod(&json!({ "nodeSelector": null }), &json!({ "args": [null, "x"] }))), [] as [&str; 0]);
    assert_eq!(said(&json!({ "apiVersion": "example.com/v1", "kind": "Widget", "anything": [1] })), [] as [&str; 0]);
}

#[test]
fn a_misspelt_field_has_a_near_one() {
    let findings = findings_of(&pod(&json!({}), &json!({ "imagee": "x" })), 34, 34);
    assert_eq!(
        tell(&findings),
        ["DEC-010 spec.containers[0].imagee: Container has no field `imagee`; did you mean `image`?"]
    );
    assert_eq!(findings[0].part, Part::Key);
    let [only] = &said(&pod(&json!({}), &json!({ "imagepullpolicy": "Always" })))[..] else { panic!("one finding") };
    assert!(only.ends_with("did you mean `imagePullPolicy`?"), "{only}");
}

#[test]
fn a_field_in_the_wrong_place_is_sent_to_the_right_one() {
    let of = |spec, container| said(&pod(&spec, &container));
    let inner = of(json!({ "fsGroup": 1000 }), json!({}));
    assert_eq!(
        inner,
        [
            "DEC-010 spec.fsGroup: PodSpec has no field `fsGroup`; move it into `securityContext`, which has a field of this name"
        ]
    );
    let outer = of(json!({}), json!({ "tolerations": [] }));
    assert_eq!(
        outer,
        [
            "DEC-010 spec.containers[0].tolerations: Container has no field `tolerations`; move it out to `spec`, which has a field of this name"
        ]
    );
    let listed = of(json!({}), json!({ "livenessProbe": { "exec": { "zzzzzz": 1 } } }));
    assert!(
        listed[0].ends_with("ExecAction has no field `zzzzzz`; remove it, or write one of `command`"),
        "{listed:?}"
    );
}

#[test]
fn a_field_belongs_to_its_versions() {
    let pod = pod(&json!({ "resources": {}, "workloadRef": {} }), &json!({}));
    let told = |oldest, newest| tell(&findings_of(&pod, oldest, newest));
    assert_eq!(told(35, 35), [] as [&str; 0]);
    assert_eq!(
        told(31, 31)[0],
        "DEC-010 spec.resources: `resources` of PodSpec exists from Kubernetes 1.32 on, and the cluster is 1.31; remove it, or set `cluster.kubernetes` to \"1.32\" where the cluster is that new"
    );
    assert_eq!(
        told(36, 36),
        [
            "DEC-010 spec.workloadRef: `workloadRef` of PodSpec is gone since Kubernetes 1.36, and the cluster is 1.36; remove it"
        ]
    );
    assert_eq!(told(35, 37).len(), 1);
    let finding = &findings_of(&pod, 31, 31)[0];
    assert_eq!((finding.part, finding.related[0].0), (Part::Key, OriginId(7).into()));
}

#[test]
fn a_missing_field_is_named() {
    let deployment =
        |spec| json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "d" }, "spec": spec });
    assert_eq!(
        said(&deployment(json!({ "selector": null, "template": { "spec": { "containers": [{}] } } }))),
        [
            "REQ-001 spec.template.spec.containers[0].name: Container needs the field `name`; add `name`: a text",
            "REQ-001 spec.selector: DeploymentSpec needs the field `selector`; add `selector`: a map of fields",
        ]
    );
    let role = json!({ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": { "name": "r" } });
    assert_eq!(said(&role), [] as [&str; 0], "the definitions call `rules` required, the server does not");
}

#[test]
fn types_are_those_of_the_server() {
    let of = |container: Value| said(&pod(&json!({}), &container));
    let place = "spec.containers[0]";
    for (container, expected) in [
        (
            json!({ "env": [{ "name": "A", "value": 8080 }] }),
            format!(
                "DEC-002 {place}.env[0].value: `value` takes a text, and this is a whole number; write it in quotes: \"8080\""
            ),
        ),
        (
            json!({ "args": [true] }),
            format!("DEC-002 {place}.args[0]: `args[0]` takes a text, and this is true; write it in quotes: \"true\""),
        ),
        (
            json!({ "args": "run" }),
            format!("DEC-016 {place}.args: `args` takes a list, and this is a text; write a list, even of one"),
        ),
        (
            json!({ "ports": [{ "containerPort": "80" }] }),
            format!(
                "DEC-003 {place}.ports[0].containerPort: `containerPort` takes a whole number, and this is a text; write it without quotes: 80"
            ),
        ),
        (
            json!({ "ports": [{ "containerPort": 3_000_000_000_u32 }] }),
            format!(
                "DEC-003 {place}.ports[0].containerPort: 3000000000 does not fit `containerPort`: it takes a whole number of 32 bits; write a number from -2147483648 to 2147483647"
            ),
        ),
        (
            json!({ "resources": { "limits": { "memory": "512MB" } } }),
            format!(
                "DEC-006 {place}.resources.limits.memory: `memory` takes an amount, and `512MB` is none; write a number and one of m, k, M, G, T, Ki, Mi, Gi, Ti, as in \"512Mi\""
            ),
        ),
        (
            json!({ "tty": "true" }),
            format!(
                "DEC-005 {place}.tty: `tty` takes true or false, and this is a text; write it without quotes: true"
            ),
        ),
        (
            json!({ "livenessProbe": { "httpGet": { "port": 0.5 } } }),
            format!(
                "DEC-007 {place}.livenessProbe.httpGet.port: `port` takes a whole number or a text, and this is a number; write a whole number or a text"
            ),
        ),
        (
            json!({ "securityContext": "restricted" }),
            format!(
                "DEC-016 {place}.securityContext: `securityContext` takes a map of fields, and this is a text; write its fields below it, each with a value of its own"
            ),
        ),
    ] {
        assert_eq!(of(container), [expected]);
    }
}

#[test]
fn values_of_secrets_are_not_repeated() {
    let secret = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "s", "labels": { "a": 1 } },
        "data": { "a": "hunter2!", "b": 777 }, "stringData": { "c": 888 }
    });
    let told = said(&secret);
    assert_eq!(told.iter().map(|line| &line[..7]).collect::<Vec<_>>(), ["DEC-008", "DEC-008", "DEC-001", "DEC-009"]);
    assert!(told.iter().all(|line| !["hunter2", "777", "888"].iter().any(|secret| line.contains(secret))), "{told:?}");
}

#[test]
fn apis_belong_to_their_versions() {
    let of = |api_version: &str, kind: &str, minor| {
        tell(&findings_of(
            &json!({ "apiVersion": api_version, "kind": kind, "metadata": { "name": "a" } }),
            minor,
            minor,
        ))
    };
    for (api_version, kind, minor, expected) in [
        (
            "autoscaling/v2beta2",
            "HorizontalPodAutoscaler",
            34,
            "`autoscaling/v2beta2` HorizontalPodAutoscaler is gone since Kubernetes 1.26, and the cluster is 1.34; write `apiVersion: autoscaling/v2`",
        ),
        (
            "resource.k8s.io/v1",
            "ResourceClaim",
            33,
            "`resource.k8s.io/v1` ResourceClaim exists from Kubernetes 1.34 on, and the cluster is 1.33; write `apiVersion: resource.k8s.io/v1beta2`",
        ),
        (
            "networking.k8s.io/v1",
            "ServiceCIDR",
            29,
            "`networking.k8s.io/v1` ServiceCIDR exists from Kubernetes 1.33 on, and the cluster is 1.29; write `apiVersion: networking.k8s.io/v1alpha1`",
        ),
        (
            "extensions/v1beta1",
            "Ingress",
            34,
            "there is no Ingress in `extensions/v1beta1`; write `apiVersion: networking.k8s.io/v1`",
        ),
        ("apps/v1beta1", "Deployment", 34, "there is no Deployment in `apps/v1beta1`; write `apiVersion: apps/v1`"),
        ("v1", "Deployment", 34, "there is no Deployment in `v1`; write `apiVersion: apps/v1`"),
        ("batch/v1beta1", "CronJob", 34, "there is no CronJob in `batch/v1beta1`; write `apiVersion: batch/v1`"),
    ] {
        assert_eq!(of(api_version, kind, minor), [format!("DEC-012 apiVersion: {expected}")]);
    }
    assert_eq!(
        of("apps/v1", "Deploymnt", 34),
        ["DEC-012 kind: there is no Deploymnt in `apps/v1`; did you mean Deployment?"]
    );
    assert_eq!(
        of("v1", "List", 34),
        ["DEC-012 kind: there is no List in `v1`; write each object of the list as a document of its own"]
    );
    assert_eq!(of("gateway.networking.k8s.io/v1", "HTTPRoute", 34), [] as [&str; 0]);
    assert_eq!(
        said(&json!({ "kind": 7 })),
        [
            "DEC-012 apiVersion: the object has no `apiVersion`; write the object's `apiVersion`, as in `apiVersion: apps/v1`",
        ]
    );
}
