//! Differences that a cluster refuses, or that hurt.

use super::Two;
use stowplan::change::Harm;

/// The rules that are broken where one stack follows another on k3d.
fn rules(before: &str, after: &str) -> Vec<(&'static str, Harm)> {
    let stack = |text: &str| format!("[stack]\nname = \"shop\"\nnamespace = \"shop\"\n{text}\n");
    let two = Two::stacks(&stack(before), &stack(after), "k3d");
    let changes = two.changes();
    assert!(!changes.is_empty(), "{before} {after}");
    let risks: Vec<_> = changes.objects.iter().flat_map(|object| object.risks.clone()).collect();
    for risk in &risks {
        assert!(!risk.message.ends_with('.') && !risk.help.is_empty(), "{risk:?}");
    }
    risks.into_iter().map(|risk| (risk.rule, risk.harm)).collect()
}

fn manifest(yaml: &str) -> String {
    format!("[manifest.m]\nyaml = '''\n{yaml}\n'''\n")
}

const DB: &str = "[db.pg]\nengine = \"postgres\"\n";
const API: &str = "[api.web]\nimage = \"acme/web:1\"\nport = 80\n";
const NONE: [(&str, Harm); 0] = [];

#[test]
fn ordinary_changes_are_no_risk() {
    assert_eq!(rules(API, &API.replace(":1", ":2")), NONE);
    assert_eq!(
        rules(&format!("{API}service = \"cluster-ip\"\n"), &format!("{API}service = \"load-balancer\"\n")),
        NONE
    );
    let job = "[job.migrate]\nimage = \"acme/web:1\"\n";
    assert_eq!(rules(job, &job.replace(":1", ":2")), NONE, "its name ends in another hash");
    assert_eq!(rules(&format!("{DB}version = \"16.1\"\n"), &format!("{DB}version = \"16.2\"\n")), NONE);
}

#[test]
fn what_cannot_change_in_a_workload() {
    let patch = "[patch.p]\non = \"Deployment/web\"\nset = { spec = { selector = { matchLabels = { a = \"b\" } }, template = { metadata = { labels = { a = \"b\" } } } } }\n";
    assert_eq!(rules(API, &format!("{API}{patch}")), [("immutable-selector", Harm::Refused)]);
    let sized = |size: &str| format!("{DB}storage = \"{size}\"\n");
    assert_eq!(rules(&sized("1Gi"), &sized("2Gi")), [("immutable-claim-templates", Harm::Refused)]);
    let set = |name: &str| {
        format!("{DB}[patch.p]\non = \"StatefulSet/pg\"\nset = {{ spec = {{ podManagementPolicy = \"{name}\" }} }}\n")
    };
    assert_eq!(rules(&set("OrderedReady"), &set("Parallel")), [("immutable-stateful-set", Harm::Refused)]);
    let job = |image: &str| {
        manifest(&format!(
            "apiVersion: batch/v1\nkind: Job\nmetadata: {{name: fixed}}\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n      - {{name: a, image: \"acme/a:{image}\"}}"
        ))
    };
    assert_eq!(rules(&job("1"), &job("2")), [("immutable-job", Harm::Refused)]);
}

#[test]
fn addresses_that_are_lost() {
    let api = |service: &str| format!("{API}service = \"{service}\"\n");
    assert_eq!(rules(&api("load-balancer"), &api("cluster-ip")), [("service-address-lost", Harm::Hurts)]);
    assert_eq!(rules(&api("node-port"), &api("cluster-ip")), [("service-address-lost", Harm::Hurts)]);
    assert_eq!(rules(&api("cluster-ip"), &api("headless")), [("immutable-cluster-ip", Harm::Refused)]);
    let worker = "[worker.w]\nimage = \"acme/w:1\"\n";
    let both = [("service-address-lost", Harm::Hurts), ("left-running", Harm::Hurts)];
    assert_eq!(rules(&format!("{worker}{}", api("load-balancer")), worker), both);
}

#[test]
fn claims() {
    let volume = |size: &str, class: &str| format!("[volume.files]\nstorage = \"{size}\"\nclass = \"{class}\"\n");
    assert_eq!(rules(&volume("2Gi", "a"), &volume("1Gi", "a")), [("smaller-claim", Harm::Refused)]);
    assert_eq!(rules(&volume("1Gi", "a"), &volume("2Gi", "a")), [("larger-claim", Harm::Hurts)]);
    assert_eq!(rules(&volume("1Gi", "a"), &volume("1Gi", "b")), [("immutable-claim", Harm::Refused)]);
    let with = format!("{}{API}", volume("1Gi", "a"));
    assert_eq!(rules(&with, API), [("deleted-claim", Harm::Hurts)]);
}

#[test]
fn databases() {
    let version = |version: &str| format!("{DB}version = \"{version}\"\n");
    let found = rules(&version("16"), &version("17"));
    assert!(found.contains(&("database-version", Harm::Hurts)), "{found:?}");
    let secret = |text: &str| {
        format!("{DB}secret = \"pg\"\n[secret.pg]\nsource = \"dev\"\ndev = {{ password = \"dev-only-{text}\" }}\n")
    };
    assert_eq!(rules(&secret("one"), &secret("two")), [("database-password", Harm::Hurts)]);
}

#[test]
fn what_else_cannot_change() {
    let binding = |role: &str| {
        manifest(&format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {{name: b}}\nroleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {role}}}\nsubjects:\n- {{kind: ServiceAccount, name: default, namespace: shop}}"
        ))
    };
    assert_eq!(rules(&binding("view"), &binding("edit")), [("immutable-role-reference", Harm::Refused)]);
    let config = |text: &str| {
        manifest(&format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\nimmutable: true\ndata: {{a: {text}}}"
        ))
    };
    assert_eq!(rules(&config("one"), &config("two")), [("immutable-content", Harm::Refused)]);
    let secret = |kind: &str| {
        manifest(&format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ntype: acme/{kind}\nstringData: {{a: b}}"
        ))
    };
    assert_eq!(rules(&secret("x"), &secret("y")), [("immutable-secret-type", Harm::Refused)]);
    let class = |policy: &str| {
        manifest(&format!(
            "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: c}}\nprovisioner: acme.com/disk\nreclaimPolicy: {policy}"
        ))
    };
    assert_eq!(rules(&class("Delete"), &class("Retain")), [("immutable-class", Harm::Refused)]);
}

#[test]
fn namespaces() {
    let stack = |namespace: &str| format!("[stack]\nname = \"shop\"\n{namespace}\n{API}");
    let two = Two::stacks(&stack("namespace = \"one\""), &stack("namespace = \"two\""), "k3d");
    let found: Vec<_> =
        two.changes().objects.iter().flat_map(|object| object.risks.clone()).map(|risk| risk.rule).collect();
    assert_eq!(found, ["other-namespace", "other-namespace"]);
    let two =
        Two::stacks(&stack("namespace = \"one\""), &stack("namespace = { name = \"one\", create = false }"), "k3d");
    let found: Vec<_> =
        two.changes().objects.iter().flat_map(|object| object.risks.clone()).map(|risk| risk.rule).collect();
    assert_eq!(found, ["deleted-namespace"]);
}

/// What is said where one stack follows another: each risk with its message and its help.
fn said(before: &str, after: &str) -> Vec<String> {
    let stack = |text: &str| format!("[stack]\nname = \"shop\"\nnamespace = \"shop\"\n{text}\n");
    let two = Two::stacks(&stack(before), &stack(after), "k3d");
    let risks: Vec<_> = two.changes().objects.iter().flat_map(|object| object.risks.clone()).collect();
    risks.into_iter().map(|risk| format!("{}: {}; {}", risk.rule, risk.message, risk.help)).collect()
}

#[test]
fn a_database_that_looks_elsewhere_starts_empty() {
    let engine = |engine: &str, more: &str| format!("[db.main]\nengine = \"{engine}\"\n{more}\n");
    let found = said(&engine("redis", "version = \"7-alpine\""), &engine("valkey", "version = \"8-alpine\""));
    let expected = "database-moved: statefulset/main starts empty: its data are looked for in the directory `valkey` of its disk at `/data`, and are in the directory `redis` of its disk at `/data`; make a dump before";
    assert!(matches!(&found[..], [only] if only.starts_with(expected)), "{found:#?}");
    let patch = |key: &str, value: &str| {
        format!(
            "[patch.m]\non = \"StatefulSet/main\"\nset.spec.template.spec.containers = [{{ name = \"main\", volumeMounts = [{{ mountPath = \"/data\", {key} = \"{value}\" }}] }}]\n"
        )
    };
    let found = said(&engine("redis", ""), &engine("redis", &patch("subPath", "other")));
    assert!(matches!(&found[..], [only] if only.contains("looked for in the directory `other`")), "{found:#?}");
    let data = |path: &str| engine("postgres", &format!("version = \"17\"\nenv.PGDATA = \"{path}\""));
    let found = said(&data("/var/lib/postgresql/data/a"), &data("/var/lib/postgresql/data/b"));
    assert!(
        matches!(&found[..], [only] if only.contains("in `/var/lib/postgresql/data/b`, and are in `/var/lib/postgresql/data/a`")),
        "{found:#?}"
    );
    // a version is told as one
    let found = said(&engine("postgres", "version = \"17\""), &engine("postgres", "version = \"18\""));
    assert!(matches!(&found[..], [only] if only.starts_with("database-version")), "{found:#?}");
}

#[test]
fn what_is_removed_runs_on() {
    let worker = |name: &str| format!("{API}[worker.{name}]\nimage = \"acme/w:1\"\n");
    let expected = "left-running: deployment/cron runs on: `kubectl apply` deletes nothing; run `kubectl delete -n shop deployment/cron` once nobody needs it";
    assert_eq!(said(&worker("cron"), &worker("beat")), [expected]);
    let set = format!("{API}kind = \"StatefulSet\"\nmounts.\"/data\" = {{ storage = \"5Gi\" }}\n");
    let found = said(&set, API);
    assert!(
        matches!(&found[..], [only] if only.starts_with("left-running: statefulset/web") && only.ends_with("its claims stay with their data")),
        "{found:#?}"
    );
}

#[test]
fn a_smaller_disk_is_not_told_to_grow() {
    let sized = |size: &str| format!("{DB}storage = \"{size}\"\n");
    let found = said(&sized("5Gi"), &sized("3Gi"));
    assert!(matches!(&found[..], [only] if only.contains("never shrink") && !only.contains("grow")), "{found:#?}");
    assert!(said(&sized("3Gi"), &sized("5Gi"))[0].contains("grow each by"));
}
