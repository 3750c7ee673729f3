//! Facts about Pods, their rights, and the classes of a cluster, as the output says them.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

mod rendered;

use rendered::{Objects, Rendered, at, root};
use serde_yaml::Value;
use stowplan::bundle::{Cause, Field};

/// What this file is about, in one stack.
const STACK: &str = r#"
[stack]
name = "shop"
namespace = "shop"

[db.main]
engine = "postgres"
tolerations = ["dedicated=db:NoSchedule"]
priority-class = "high"
host-aliases = { "10.0.0.9" = ["ldap.corp"] }

[api.web]
image = "web:1"
port = 8080
tolerations = ["gpu", "dedicated:NoExecute", "*", { key = "spot", value = "yes", effect = "NoExecute", seconds = "5m" }]
priority-class = "system-cluster-critical"
host-aliases = { "10.0.0.5" = ["db.corp", "db"], "fd00::5" = ["six.corp"] }
resources = { cpu = "100m", memory = "256Mi", "nvidia.com/gpu" = 1, hugepages-2Mi = "64Mi", limits = { memory = "512Mi", "example.com/fpga" = 2 } }

[worker.operator]
image = "operator:1"
access."" = [
    { resources = ["pods", "pods/log"], verbs = ["get", "list", "watch"] },
    { resources = ["configmaps"], verbs = ["update"], names = ["settings"] },
]
access.apps = { resources = ["deployments"], verbs = ["*"] }
cluster-access."" = { resources = ["nodes"], verbs = ["list"] }
cluster-access."/metrics" = { verbs = ["get"] }

[cronjob.reader]
image = "reader:1"
schedule = "0 6 * * *"
service-account = "existing"
access."" = { resources = ["secrets"], verbs = ["get"] }

[job.annotated]
image = "job:1"
service-account = { name = "uploader", annotations = { "eks.amazonaws.com/role-arn" = "arn:aws:iam::1:role/x" } }

[worker.quiet]
image = "quiet:1"

[cluster.storage]
class = "fast-ssd"
create = true

[cluster.storage.definition]
provisioner = "ebs.csi.aws.com"
parameters = { type = "gp3", iops = "3000", throughput = "125" }
reclaim-policy = "Retain"
expansion = true
binding = "WaitForFirstConsumer"
mount-options = ["noatime"]

[cluster.expose]
class = "edge"
create = true
definition = { controller = "example.com/edge", parameters = { group = "example.com", kind = "EdgeParams", name = "edge", namespace = "infra" } }
"#;

fn rendered(stack: &str, profile: &str, set: &[&str]) -> Rendered {
    Rendered::of_text(stack, &root().join("tests"), profile, set)
}

fn stack() -> Objects {
    rendered(STACK, "k3d", &[]).objects()
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

fn pod<'a>(objects: &'a Objects, name: &str) -> &'a Value {
    at(objects.get(name), "spec.template.spec")
}

#[test]
fn tolerations_are_those_of_kubectls_taints() {
    let objects = stack();
    let expected = yaml(
        "- {key: gpu, operator: Exists}
- {key: dedicated, operator: Exists, effect: NoExecute}
- {operator: Exists}
- {key: spot, operator: Equal, value: 'yes', effect: NoExecute, tolerationSeconds: 300}",
    );
    assert_eq!(at(pod(&objects, "Deployment/web"), "tolerations"), &expected);
    let expected = yaml("[{key: dedicated, operator: Equal, value: db, effect: NoSchedule}]");
    assert_eq!(at(pod(&objects, "StatefulSet/main"), "tolerations"), &expected);
    assert!(at(pod(&objects, "Deployment/quiet"), "tolerations").is_null());
}

#[test]
fn pods_have_priorities_and_names_for_addresses() {
    let objects = stack();
    let web = pod(&objects, "Deployment/web");
    assert_eq!(at(web, "priorityClassName"), "system-cluster-critical");
    let expected = yaml("[{ip: 10.0.0.5, hostnames: [db.corp, db]}, {ip: 'fd00::5', hostnames: [six.corp]}]");
    assert_eq!(at(web, "hostAliases"), &expected);
    let main = pod(&objects, "StatefulSet/main");
    assert_eq!(at(main, "priorityClassName"), "high");
    assert_eq!(at(main, "hostAliases"), &yaml("[{ip: 10.0.0.9, hostnames: [ldap.corp]}]"));
}

#[test]
fn the_limit_of_a_device_follows_its_request() {
    let objects = stack();
    let resources = at(pod(&objects, "Deployment/web"), "containers.0.resources");
    let requests = yaml("{cpu: 100m, memory: 256Mi, nvidia.com/gpu: '1', hugepages-2Mi: 64Mi}");
    assert_eq!(at(resources, "requests"), &requests);
    let limits = yaml("{memory: 512Mi, nvidia.com/gpu: '1', hugepages-2Mi: 64Mi, example.com/fpga: '2'}");
    assert_eq!(at(resources, "limits"), &limits);
}

#[test]
fn devices_merge_and_are_unset_and_set_like_other_keys() {
    let more = "[defaults.workload.resources]\n\"nvidia.com/gpu\" = 4\n[profile.k3d.worker.quiet]\nunset = ['resources.\"nvidia.com/gpu\"']\n";
    let objects = rendered(&format!("{STACK}{more}"), "k3d", &["api.web.resources.\"nvidia.com/gpu\"=2"]).objects();
    let gpu = |name: &str| at(pod(&objects, name), "containers.0.resources.requests")["nvidia.com/gpu"].clone();
    assert_eq!(gpu("Deployment/web"), "2");
    assert_eq!(gpu("Deployment/operator"), "4");
    assert!(gpu("Deployment/quiet").is_null());
}

/// Below the header of `limits` the keys of `resources` are what is meant.
#[test]
fn limits_may_have_a_header_of_their_own() {
    let text = "[stack]\nname = \"a\"\n[worker.w]\nimage = \"a:1\"\n[worker.w.resources.limits]\nmemory = \"1Gi\"\n\"nvidia.com/gpu\" = 1\n";
    let rendered = rendered(text, "k3d", &[]);
    assert!(rendered.warnings().is_empty(), "{:?}", rendered.warnings());
    let limits = yaml("{memory: 1Gi, nvidia.com/gpu: '1'}");
    assert_eq!(at(pod(&rendered.objects(), "Deployment/w"), "containers.0.resources.limits"), &limits);
}

#[test]
fn rights_are_roles_and_bindings_named_like_the_component() {
    let objects = stack();
    let rules = yaml(
        "- {apiGroups: [''], resources: [pods, pods/log], verbs: [get, list, watch]}
- {apiGroups: [''], resources: [configmaps], resourceNames: [settings], verbs: [update]}
- {apiGroups: [apps], resources: [deployments], verbs: ['*']}",
    );
    assert_eq!(at(objects.get("Role/operator"), "rules"), &rules);
    let rules = yaml(
        "- {apiGroups: [''], resources: [nodes], verbs: [list]}
- {nonResourceURLs: [/metrics], verbs: [get]}",
    );
    assert_eq!(at(objects.get("ClusterRole/shop-operator"), "rules"), &rules);
    let bindings = [("RoleBinding", "Role", "operator"), ("ClusterRoleBinding", "ClusterRole", "shop-operator")];
    for (binding, role, name) in bindings {
        let binding = objects.get(&format!("{binding}/{name}"));
        let expected = yaml(&format!("{{apiGroup: rbac.authorization.k8s.io, kind: {role}, name: {name}}}"));
        assert_eq!(at(binding, "roleRef"), &expected);
        let expected = yaml("[{kind: ServiceAccount, name: operator, namespace: shop}]");
        assert_eq!(at(binding, "subjects"), &expected);
    }
    objects.get("ServiceAccount/operator");
    let operator = pod(&objects, "Deployment/operator");
    assert_eq!(at(operator, "serviceAccountName"), "operator");
    assert_eq!(*at(operator, "automountServiceAccountToken"), true);
}

#[test]
fn an_account_that_exists_is_used_and_not_made() {
    let objects = stack();
    let reader = at(objects.get("CronJob/reader"), "spec.jobTemplate.spec.template.spec");
    assert_eq!(at(reader, "serviceAccountName"), "existing");
    assert_eq!(*at(reader, "automountServiceAccountToken"), true);
    assert_eq!(at(objects.get("RoleBinding/reader"), "subjects.0.name"), "existing");
    let accounts: Vec<_> = objects.names().into_iter().filter(|name| name.starts_with("ServiceAccount/")).collect();
    assert_eq!(accounts, ["ServiceAccount/operator", "ServiceAccount/uploader"]);
    let annotations = at(objects.get("ServiceAccount/uploader"), "metadata.annotations");
    assert_eq!(annotations["eks.amazonaws.com/role-arn"], "arn:aws:iam::1:role/x");
    assert_eq!(*at(pod(&objects, "Deployment/quiet"), "automountServiceAccountToken"), false);
    assert!(at(pod(&objects, "Deployment/quiet"), "serviceAccountName").is_null());
}

#[test]
fn a_binding_without_a_namespace_means_its_own() {
    let text = "[stack]\nname = \"a\"\n[worker.w]\nimage = \"a:1\"\naccess.\"\" = { resources = [\"pods\"], verbs = [\"get\"] }\n";
    let objects = rendered(text, "k3d", &[]).objects();
    assert_eq!(at(objects.get("RoleBinding/w"), "subjects"), &yaml("[{kind: ServiceAccount, name: w}]"));
}

#[test]
fn what_belongs_to_the_cluster_has_no_namespace_and_comes_first() {
    let objects = stack();
    for name in [
        "StorageClass/fast-ssd",
        "IngressClass/edge",
        "ClusterRole/shop-operator",
        "ClusterRoleBinding/shop-operator",
        "Namespace/shop",
    ] {
        assert!(at(objects.get(name), "metadata.namespace").is_null(), "{name}");
        assert_eq!(at(objects.get(name), "metadata.labels")["app.kubernetes.io/part-of"], "shop", "{name}");
    }
    let names = objects.names();
    let place = |name: &str| names.iter().position(|known| known == name).unwrap();
    let order = [
        "StorageClass/fast-ssd",
        "IngressClass/edge",
        "ServiceAccount/operator",
        "Role/operator",
        "RoleBinding/operator",
    ];
    assert!(order.windows(2).all(|pair| place(pair[0]) < place(pair[1])), "{names:?}");
    assert!(place("RoleBinding/operator") < place("Deployment/operator"));
}

/// The class of the database in the third application, which has its numbers as texts.
#[test]
fn a_storage_class_is_made_where_the_stack_asks() {
    let objects = stack();
    let class = objects.get("StorageClass/fast-ssd");
    let expected = yaml("{type: gp3, iops: '3000', throughput: '125'}");
    assert_eq!(at(class, "parameters"), &expected);
    assert!(at(class, "parameters.iops").is_string());
    assert_eq!(at(class, "apiVersion"), "storage.k8s.io/v1");
    assert_eq!(at(class, "provisioner"), "ebs.csi.aws.com");
    assert_eq!(at(class, "reclaimPolicy"), "Retain");
    assert_eq!(*at(class, "allowVolumeExpansion"), true);
    assert_eq!(at(class, "volumeBindingMode"), "WaitForFirstConsumer");
    assert_eq!(at(class, "mountOptions"), &yaml("[noatime]"));
    let claim = at(objects.get("StatefulSet/main"), "spec.volumeClaimTemplates.0.spec");
    assert_eq!(at(claim, "storageClassName"), "fast-ssd");
}

#[test]
fn built_in_profiles_only_name_their_classes() {
    let text = "[stack]\nname = \"a\"\n[db.d]\nengine = \"postgres\"\n";
    for profile in rendered::profiles() {
        let objects = rendered(text, profile, &[]).objects();
        let classes = ["StorageClass", "IngressClass", "GatewayClass"];
        assert!(!classes.iter().any(|kind| objects.has_kind(kind)), "{profile}");
    }
    let objects = rendered(text, "eks", &["cluster.storage.create=true"]).objects();
    assert_eq!(at(objects.get("StorageClass/gp3"), "provisioner"), "ebs.csi.aws.com");
}

#[test]
fn the_class_of_routes_is_that_of_the_cluster() {
    let objects = stack();
    let class = objects.get("IngressClass/edge");
    let expected = yaml(
        "{controller: example.com/edge, parameters: {apiGroup: example.com, kind: EdgeParams, name: edge, scope: Namespace, namespace: infra}}",
    );
    assert_eq!(at(class, "spec"), &expected);
    let objects = rendered(STACK, "k3d", &["cluster.expose.api=gateway"]).objects();
    let class = objects.get("GatewayClass/edge");
    let expected = yaml(
        "{controllerName: example.com/edge, parametersRef: {group: example.com, kind: EdgeParams, name: edge, namespace: infra}}",
    );
    assert_eq!(at(class, "spec"), &expected);
    assert_eq!(at(class, "apiVersion"), "gateway.networking.k8s.io/v1");
    assert!(!objects.has_kind("IngressClass"));
}

/// Every value of the stack above is the cause of what it became, down to the last text.
#[test]
fn every_field_knows_its_cause() {
    let asked = STACK.replace("namespace = \"shop\"", "namespace = \"shop\"\nnetwork-policy = true");
    let rendered = rendered(&asked, "k3d", &[]);
    let bundle = &rendered.rendering.bundle;
    let sources = &rendered.session.sources;
    let written = |field: &Field| match field.cause.view() {
        Cause::Key(origin) => sources.text(rendered.session.origins.get(origin).span).to_owned(),
        Cause::Derived(_) => {
            assert!(bundle.causes.origins(field.cause).count() > 0, "a rule without a place");
            String::new()
        }
    };
    let find = |kind: &str, name: &str, path: &str| {
        let object = bundle.objects.iter().find(|object| object.kind_name() == kind && object.name() == name);
        let object = object.unwrap_or_else(|| panic!("no {kind}/{name}"));
        written(object.root.find(&path.parse().unwrap()).unwrap_or_else(|| panic!("no {path} in {kind}/{name}")))
    };
    let pod = "spec.template.spec";
    assert_eq!(find("Deployment", "web", &format!("{pod}.tolerations[3].tolerationSeconds")), "\"5m\"");
    assert_eq!(find("Deployment", "web", &format!("{pod}.tolerations[0].key")), "\"gpu\"");
    assert_eq!(find("Deployment", "web", &format!("{pod}.hostAliases[0].hostnames[1]")), "\"db\"");
    assert_eq!(find("Deployment", "web", &format!("{pod}.priorityClassName")), "\"system-cluster-critical\"");
    assert_eq!(find("Deployment", "web", &format!("{pod}.containers[0].resources.limits.hugepages-2Mi")), "\"64Mi\"");
    assert_eq!(find("Role", "operator", "rules[1].resourceNames[0]"), "\"settings\"");
    assert_eq!(find("ClusterRole", "shop-operator", "rules[1].verbs[0]"), "\"get\"");
    assert_eq!(find("RoleBinding", "reader", "subjects[0].name"), "\"existing\"");
    assert_eq!(find("StorageClass", "fast-ssd", "parameters.iops"), "\"3000\"");
    assert_eq!(find("IngressClass", "edge", "spec.controller"), "\"example.com/edge\"");
    assert_eq!(find("NetworkPolicy", "main", "spec.podSelector"), "db.main");
}
