use super::*;
use crate::component::fixture::{Fixture, json};
use crate::component::parts::workload::Workload;
use crate::value::{Name, Scalar};
use serde_json::json;

/// The objects of `[worker.w]`, and the messages about it.
fn lowered(stack: &str) -> (Fixture, Bundle) {
    let mut fixture = Fixture::new(stack);
    let workload: Workload = fixture.decode(&["worker", "w"]);
    let bundle = fixture.lower(|world, checking, bundle| {
        let name = Written { value: Name::parse("w").unwrap(), origin: workload.origin };
        workload.rights().check(&name, world, checking);
        workload.rights().add(Subject::new("worker", &name), world, bundle);
    });
    (fixture, bundle)
}

fn names(bundle: &Bundle) -> Vec<String> {
    bundle.objects.iter().map(|object| format!("{}/{}", object.kind_name(), object.name())).collect()
}

#[test]
fn rights_make_account_role_and_binding() {
    let (fixture, bundle) = lowered(
        "[worker.w]\nimage = \"a:1\"\naccess.\"\" = [{ resources = [\"pods\", \"pods/log\"], verbs = [\"get\"] }, { resources = [\"configmaps\"], verbs = [\"*\"], names = [\"x\"] }]",
    );
    assert!(fixture.report.diagnostics.is_empty(), "{:?}", fixture.report);
    assert_eq!(names(&bundle), ["ServiceAccount/w", "Role/w", "RoleBinding/w"]);
    let rules = json!([
        { "apiGroups": [""], "resources": ["pods", "pods/log"], "verbs": ["get"] },
        { "apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["x"], "verbs": ["*"] },
    ]);
    assert_eq!(json(&bundle.objects[1].root, &["rules"]), rules);
    assert_eq!(json(&bundle.objects[2].root, &["subjects"]), json!([{ "kind": "ServiceAccount", "name": "w" }]));
    let role = json!({ "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "w" });
    assert_eq!(json(&bundle.objects[2].root, &["roleRef"]), role);
}

#[test]
fn an_account_that_exists_is_bound_and_not_made() {
    let (_, bundle) = lowered(
        "stack.namespace = \"app\"\n[worker.w]\nimage = \"a:1\"\nservice-account = \"reader\"\naccess.apps = { resources = [\"deployments\"], verbs = [\"get\"] }",
    );
    assert_eq!(names(&bundle), ["Role/w", "RoleBinding/w"]);
    let subjects = json!([{ "kind": "ServiceAccount", "name": "reader", "namespace": "app" }]);
    assert_eq!(json(&bundle.objects[1].root, &["subjects"]), subjects);
}

#[test]
fn rights_in_the_cluster_have_no_namespace_of_their_own() {
    let (fixture, bundle) = lowered(
        "stack.namespace = \"app\"\n[worker.w]\nimage = \"a:1\"\ncluster-access.\"/metrics\" = { verbs = [\"get\"] }\ncluster-access.\"\" = { resources = [\"nodes\"], verbs = [\"list\"] }",
    );
    assert!(fixture.report.diagnostics.is_empty(), "{:?}", fixture.report);
    assert_eq!(names(&bundle), ["ServiceAccount/w", "ClusterRole/app-w", "ClusterRoleBinding/app-w"]);
    assert_eq!(bundle.objects[0].namespace(), Some("app"));
    assert!(bundle.objects[1..].iter().all(|object| object.namespace().is_none()));
    let rules = json!([
        { "nonResourceURLs": ["/metrics"], "verbs": ["get"] },
        { "apiGroups": [""], "resources": ["nodes"], "verbs": ["list"] },
    ]);
    assert_eq!(json(&bundle.objects[1].root, &["rules"]), rules);
    assert_eq!(json(&bundle.objects[2].root, &["subjects"])[0]["namespace"], "app");
}

#[test]
fn what_matches_nothing_is_told() {
    for (rule, part) in [
        ("access.\"\" = { resources = [\"deployments\"], verbs = [\"get\"] }", "`access.apps = "),
        ("access.\"\" = { resources = [\"pod\"], verbs = [\"get\"] }", "write \"pods\""),
        ("access.apps = { resources = [\"deployment/scale\"], verbs = [\"get\"] }", "write \"deployments\""),
        ("access.apps = { resources = [\"pods\"], verbs = [\"get\"] }", "the core group: `access.\"\" ="),
        ("access.\"\" = { resources = [\"pods\"], verbs = [\"lst\"] }", "\"list\""),
        ("access.\"\" = { resources = [\"pods\"], verbs = [\"read\"] }", "\"get\", \"list\", \"watch\""),
    ] {
        let (mut fixture, _) = lowered(&format!("[worker.w]\nimage = \"a:1\"\n{rule}"));
        let (title, help) = fixture.only_message();
        assert!(help.contains(part), "{rule}: {title}: {help}");
    }
    for rule in [
        "access.\"example.com\" = { resources = [\"pods\"], verbs = [\"get\"] }",
        "access.\"metrics.k8s.io\" = { resources = [\"pods\"], verbs = [\"get\"] }",
        "access.\"\" = { resources = [\"pods/log\", \"*\", \"bindings\"], verbs = [\"impersonate\"] }",
        "access.\"*\" = { resources = [\"deployments\"], verbs = [\"*\"] }",
        "access.\"cert-manager.io\" = { resources = [\"certificates\"], verbs = [\"frobnicate\"] }",
    ] {
        let (fixture, _) = lowered(&format!("[worker.w]\nimage = \"a:1\"\n{rule}"));
        assert!(fixture.report.diagnostics.is_empty(), "{rule}: {:?}", fixture.report);
    }
}
