//! `[manifest]` and `[patch]`: what comes out, and where it came from.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

mod rendered;
mod support;

use serde_yaml::Value;
use std::fs;
use stowplan::bundle::{Cause, Field};
use support::{container, find, history, object, render, run};

const WEB: &str = "[stack]\nname = \"todo\"\nnamespace = \"app\"\n\n[api.web]\nimage = \"nginx:1.27\"\nport = 80\nenv = { A = 1, B = 2 }\n\n";

/// The objects of the stack with `web` and more behind it.
fn with(more: &str) -> Vec<Value> {
    rendered_with(more, "k3d", &[], &[])
}

fn rendered_with(more: &str, profile: &str, set: &[&str], files: &[(&str, &str)]) -> Vec<Value> {
    render(&format!("{WEB}{more}"), profile, set, files).unwrap_or_else(|said| panic!("{said}"))
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

#[test]
fn fields_are_set_and_maps_merged_by_key() {
    let objects = with(
        "[patch.web]\non = \"Deployment/web\"\nset.spec.replicas = 3\nset.spec.paused = true\nset.metadata.annotations.\"a.b/c\" = \"x\"\n\
         set.spec.template.spec.nodeSelector = { zone = \"a\" }",
    );
    let web = object(&objects, "Deployment", "web");
    assert_eq!((&web["spec"]["replicas"], &web["spec"]["paused"]), (&Value::from(3), &Value::from(true)));
    assert_eq!(web["metadata"]["annotations"], yaml("a.b/c: x"));
    assert_eq!(web["metadata"]["labels"]["app.kubernetes.io/name"], "web");
    assert_eq!(web["spec"]["template"]["spec"]["nodeSelector"], yaml("zone: a"));
    assert_eq!(container(web)["image"], "nginx:1.27");
}

#[test]
fn lists_merge_by_the_keys_of_the_api() {
    let objects = with(
        "[patch.web]\non = \"Deployment/web\"\nset.spec.template.spec.containers = [\n\
         { name = \"web\", tty = true, env = [{ name = \"B\", value = \"3\" }, { name = \"C\", value = \"4\" }], ports = [{ containerPort = 80, hostPort = 80 }] },\n\
         { name = \"log\", image = \"busybox:1.37\" }]\n\
         [patch.service]\non = \"svc/web\"\nset.spec.type = \"NodePort\"\nset.spec.ports = [{ port = 80, nodePort = 30080 }, { port = 80, protocol = \"UDP\", name = \"quic\" }]",
    );
    let web = object(&objects, "Deployment", "web");
    let pod = &web["spec"]["template"]["spec"]["containers"];
    assert_eq!(pod.as_sequence().unwrap().len(), 2);
    assert_eq!((&pod[0]["tty"], &pod[0]["image"]), (&Value::from(true), &Value::from("nginx:1.27")));
    assert_eq!(pod[0]["env"], yaml("[{name: A, value: '1'}, {name: B, value: '3'}, {name: C, value: '4'}]"));
    assert_eq!(pod[0]["ports"], yaml("[{name: http, containerPort: 80, hostPort: 80}]"));
    assert_eq!(pod[1], yaml("{name: log, image: busybox:1.37}"));
    let ports = &object(&objects, "Service", "web")["spec"]["ports"];
    let expected = "[{name: http, port: 80, targetPort: http, nodePort: 30080}, {name: quic, port: 80, protocol: UDP}]";
    assert_eq!(*ports, yaml(expected));
}

#[test]
fn other_lists_are_replaced_and_dots_stand_for_what_was_there() {
    let args = |patch: &str| {
        let objects = with(&format!(
            "[api.cli]\nimage = \"a:1\"\nport = 1\nargs = [\"x\", \"y\"]\n[patch.cli]\non = \"deploy/cli\"\n{patch}"
        ));
        container(object(&objects, "Deployment", "cli"))["args"].clone()
    };
    let set = |list: &str| args(&format!("set.spec.template.spec.containers = [{{ name = \"cli\", args = {list} }}]"));
    assert_eq!(set("[\"z\"]"), yaml("[z]"));
    assert_eq!(set("[\"...\", \"z\"]"), yaml("[x, y, z]"));
    assert_eq!(args("yaml = '{spec: {template: {spec: {containers: [{name: cli, args: [z]}]}}}}'"), yaml("[z]"));
}

#[test]
fn yaml_removes_with_null_and_a_job_is_meant_by_its_own_name() {
    let job = "[job.migrate]\nimage = \"a:1\"\n";
    let name = |objects: &[Value]| {
        let job = objects.iter().find(|object| object["kind"] == "Job").unwrap();
        (job["metadata"]["name"].as_str().unwrap().to_owned(), job.clone())
    };
    let (plain, _) = name(&with(job));
    let patch = "[patch.migrate]\non = \"Job/migrate\"\nyaml = '''\nmetadata: {name: migrate}\nspec:\n  backoffLimit: 0\n  activeDeadlineSeconds: null\n  nothing: null\n'''";
    let (patched, job) = name(&with(&format!("{job}{patch}")));
    assert_ne!(plain, patched, "the hash covers the patch");
    assert!(patched.starts_with("migrate-"));
    assert_eq!(job["spec"]["backoffLimit"], 0);
    assert!(job["spec"].get("activeDeadlineSeconds").is_none() && job["spec"].get("nothing").is_none());
}

#[test]
fn removing_takes_fields_and_items() {
    let objects = with(
        "[patch.web]\non = \"Deployment/web\"\nremove = [\"spec.template.spec.containers[name=web].env[0]\", \
         \"spec.template.spec.containers[0].env[name=B]\", \"spec.template.spec.containers[name=web].resources\", \
         \"metadata.labels.'app.kubernetes.io/component'\"]",
    );
    let web = object(&objects, "Deployment", "web");
    assert_eq!(container(web)["env"], yaml("[]"));
    assert!(container(web).get("resources").is_none());
    assert!(web["metadata"]["labels"].get("app.kubernetes.io/component").is_none());
    assert!(web["spec"]["template"]["metadata"]["labels"].get("app.kubernetes.io/component").is_some());
}

#[test]
fn removing_comes_before_setting() {
    let objects = with(
        "[patch.web]\non = \"Deployment/web\"\nremove = [\"spec.template.spec.containers\"]\nset.spec.template.spec.containers = [{ name = \"x\", image = \"x:1\" }]",
    );
    assert_eq!(
        object(&objects, "Deployment", "web")["spec"]["template"]["spec"]["containers"],
        yaml("[{name: x, image: 'x:1'}]")
    );
}

#[test]
fn a_star_means_every_kind_or_name() {
    let more = "[api.admin]\nimage = \"a:1\"\nport = 81\n[patch.all]\non = \"*/*\"\nset.metadata.annotations.team = \"blue\"\n\
                [patch.some]\non = \"Service/ad*\"\nset.spec.type = \"LoadBalancer\"";
    let objects = with(more);
    assert!(objects.iter().all(|object| object["metadata"]["annotations"]["team"] == "blue"));
    assert_eq!(object(&objects, "Service", "admin")["spec"]["type"], "LoadBalancer");
    assert!(object(&objects, "Service", "web")["spec"].get("type").is_none());
}

#[test]
fn layers_expressions_and_arguments_reach_into_patches() {
    let stack = "[vars]\nn = 4\nzone = \"a\"\n[patch.web]\non = \"Deployment/web\"\nset.spec.replicas = \"{{ vars.n }}\"\nset.metadata.annotations.n = \"{{ vars.n }}\"\nset.metadata.annotations.zone = \"zone-{{ vars.zone }}\"\n\
                 [profile.cloud.patch.web]\nset.spec.minReadySeconds = 5\n[profile.kind]\nunset = [\"patch.web\"]\n[profile.minikube]\nunset = [\"patch.web.set.spec.replicas\"]";
    let web =
        |profile: &str, set: &[&str]| object(&rendered_with(stack, profile, set, &[]), "Deployment", "web").clone();
    let k3d = web("k3d", &[]);
    assert_eq!(k3d["spec"]["replicas"], 4, "a number where the field takes one");
    assert_eq!(k3d["metadata"]["annotations"], yaml("{n: '4', zone: zone-a}"));
    assert!(k3d["spec"].get("minReadySeconds").is_none());
    let cloud = web(
        "cloud",
        &["patch.web.set.spec.replicas=7", "patch.web.set.metadata.annotations.n=8", "patch.web.set.spec.paused=true"],
    );
    assert_eq!((&cloud["spec"]["replicas"], &cloud["spec"]["minReadySeconds"]), (&Value::from(7), &Value::from(5)));
    assert_eq!(
        (&cloud["metadata"]["annotations"]["n"], &cloud["spec"]["paused"]),
        (&Value::from("8"), &Value::from(true))
    );
    assert!(web("kind", &[])["metadata"].get("annotations").is_none());
    assert_eq!(web("minikube", &[])["metadata"]["annotations"]["n"], "4");
    assert_ne!(web("minikube", &[])["spec"]["replicas"], 4);
    let structured =
        web("k3d", &["patch.web.set.spec.template.spec.tolerations=[{ key = \"a\", operator = \"Exists\" }]"]);
    assert_eq!(structured["spec"]["template"]["spec"]["tolerations"], yaml("[{key: a, operator: Exists}]"));
}

#[test]
fn the_yaml_of_a_patch_may_be_a_template() {
    let patch = |template: &str| {
        format!(
            "[patch.web]\non = \"Deployment/web\"\n{template}yaml = '''\nmetadata:\n  annotations:\n    a: \"{{{{ stack.name }}}}\"\n'''"
        )
    };
    let annotation =
        |template: &str| object(&with(&patch(template)), "Deployment", "web")["metadata"]["annotations"]["a"].clone();
    assert_eq!(annotation("template = true\n"), "todo");
    assert_eq!(annotation(""), "{{ stack.name }}");
}

#[test]
fn objects_of_manifests_keep_what_they_have_and_get_namespace_and_labels() {
    let objects = with(
        "[manifest.more]\nyaml = '''\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain}\ndata: {a: x}\n---\n\
         apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: own\n  namespace: other\n  labels: {app.kubernetes.io/managed-by: Helm, a: b}\n---\n\
         apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: reader}\n---\n\
         apiVersion: batch/v1\nkind: Job\nmetadata: {name: once}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}\n'''",
    );
    let labels = "{app.kubernetes.io/managed-by: stowplan, app.kubernetes.io/part-of: todo}";
    let plain = object(&objects, "ConfigMap", "plain");
    assert_eq!(plain["metadata"], yaml(&format!("{{name: plain, namespace: app, labels: {labels}}}")));
    assert_eq!(plain["data"], yaml("{a: x}"));
    let own = object(&objects, "ConfigMap", "own");
    assert_eq!(own["metadata"]["namespace"], "other");
    assert_eq!(
        own["metadata"]["labels"],
        yaml("{app.kubernetes.io/managed-by: Helm, a: b, app.kubernetes.io/part-of: todo}")
    );
    assert!(object(&objects, "ClusterRole", "reader")["metadata"].get("namespace").is_none());
    assert!(find(&objects, "Job", "once").is_some(), "its name has no hash");
}

/// Fields of manifests and patches are read as strictly as a server does, and the message points at what was written.
#[test]
fn mistakes_are_found_where_they_were_written() {
    let manifest = "[manifest.more]\nyaml = '''\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain}\ndata:\n  flag: no\n'''\n";
    let patch = "[patch.web]\non = \"Deployment/web\"\nset.spec.replcias = 3\nyaml = 'spec: {replicas: many}'\n";
    let said = render(&format!("{WEB}{manifest}{patch}"), "k3d", &[], &[]).unwrap_err();
    for line in ["|   flag: no\n", "| set.spec.replcias = 3\n", "| yaml = 'spec: {replicas: many}'\n"] {
        assert!(said.contains(line), "{line} is not in\n{said}");
    }
}

#[test]
fn lists_are_unpacked_and_definitions_say_the_scope() {
    let definition = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: fleets.example.com}\nspec:\n  group: example.com\n  scope: Cluster\n  names: {kind: Fleet, plural: fleets}\n  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]\n";
    let list = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: example.com/v1, kind: Fleet, metadata: {name: a}}\n- {apiVersion: example.com/v1, kind: Ship, metadata: {name: b}}\n";
    let more = format!("[manifest.fleet]\nyaml = '''\n{list}---\n{definition}'''");
    let objects = with(&more);
    assert!(object(&objects, "Fleet", "a")["metadata"].get("namespace").is_none());
    assert_eq!(object(&objects, "Ship", "b")["metadata"]["namespace"], "app");
    assert_eq!(objects[0]["kind"], "CustomResourceDefinition", "it is applied first");
    let run = run(&format!("{WEB}{more}"), "k3d", &[], &[]);
    assert!(run.messages.contains("objects of kind `Ship` (`example.com/v1`) are passed through"), "{}", run.messages);
    assert!(!run.messages.contains("`Fleet`"), "{}", run.messages);
}

#[test]
fn files_and_folders_hold_objects() {
    let config = |name: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n");
    let (a, b) = (config("a"), config("{{ stack.name }}"));
    let json = "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"c\"}}";
    let files = [("m/a.yaml", a.as_str()), ("m/c.json", json), ("m/README.md", "# no YAML: at all: ["), ("b.yml", &b)];
    let more = "[manifest.all]\nfile = \"m\"\n[manifest.b]\nfile = \"b.yml\"\ntemplate = true";
    let objects = rendered_with(more, "k3d", &[], &files);
    for name in ["a", "todo", "c"] {
        assert!(find(&objects, "ConfigMap", name).is_some(), "{name}");
    }
}

#[test]
fn components_may_use_what_manifests_hold() {
    let manifest = "[manifest.settings]\nyaml = '''\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {KEY: x}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: own}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec:\n      containers: [{name: own, image: 'a:1', envFrom: [{configMapRef: {name: settings}}]}]\n'''\n";
    let reader = "[worker.reader]\nimage = \"a:1\"\nenv.KEY = { config = \"settings\", key = \"KEY\" }";
    let objects = with(&format!("{manifest}{reader}"));
    let annotations = |name: &str| &object(&objects, "Deployment", name)["spec"]["template"]["metadata"]["annotations"];
    assert!(annotations("reader")["stowplan/checksum"].is_string(), "a change rolls our Pods");
    assert!(annotations("own").is_null(), "objects of a manifest are left as they are");
    let missing =
        render(&format!("{WEB}{manifest}{}", reader.replace("key = \"KEY\"", "key = \"NO\"")), "k3d", &[], &[]);
    assert!(missing.unwrap_err().contains("`NO`"));
}

#[test]
fn a_patched_field_leads_to_the_patch_and_to_what_it_replaced() {
    let stack = "[api.web]\nimage = \"nginx:1.27\"\nport = 80\nreplicas = 2\n\
                 [manifest.m]\nyaml = '''\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: plain # here\n'''\n\
                 [patch.web]\non = \"Deployment/web\"\nset.spec.replicas = 3\nyaml = 'spec: {replicas: 9}'\n";
    let folder = rendered::root().join("tests");
    let rendered = rendered::Rendered::of_text(stack, &folder, "k3d", &["patch.web.set.spec.replicas=4"]);
    let field = |kind: &str, path: &[&str]| -> &Field {
        let objects = &rendered.rendering.bundle.objects;
        objects.iter().find(|object| object.kind_name() == kind).unwrap().root.follow(path).unwrap()
    };
    let told = |field: &Field| match field.cause.view() {
        Cause::Key(origin) => history(&rendered.session, origin),
        Cause::Derived(_) => panic!("it was written"),
    };
    let expected = ["--set patch.web.set.spec.replicas=4: 4", "stack.toml: 3", "stack.toml: 9", "stack.toml: 2"];
    assert_eq!(told(field("Deployment", &["spec", "replicas"]))[..4], expected);
    assert_eq!(told(field("ConfigMap", &["metadata", "name"])), ["stack.toml: plain"]);
}

/// What is there already, set again, changes nothing: written as TOML and as YAML, for every object of every example.
#[test]
fn setting_what_is_there_changes_nothing() {
    for example in rendered::examples() {
        let folder = rendered::root().join("examples").join(&example);
        let stack = fs::read_to_string(folder.join("stack.toml")).unwrap();
        for profile in ["k3d", "cloud"] {
            let plain = rendered::Rendered::of_text(&stack, &folder, profile, &[]).yaml;
            let mut patches = String::new();
            for (number, object) in rendered::documents(&plain).iter().enumerate() {
                // a Job is meant by its name without the hash, which the text of the object does not have
                if object["kind"] == "Job" {
                    continue;
                }
                let on =
                    format!("{}/{}", object["kind"].as_str().unwrap(), object["metadata"]["name"].as_str().unwrap());
                let text = serde_yaml::to_string(object).unwrap();
                assert!(!text.contains("'''"), "the test writes it between these");
                patches.push_str(&format!("\n[patch.yaml-{number}]\non = \"{on}\"\nyaml = '''\n{text}'''\n"));
                if !text.contains("{{") {
                    patches.push_str(&format!("[patch.toml-{number}]\non = \"{on}\"\nset = {}\n", toml(object)));
                }
            }
            let again = rendered::Rendered::of_text(&format!("{stack}\n{patches}"), &folder, profile, &[]).yaml;
            assert_eq!(again, plain, "{example} on {profile}");
        }
    }
}

/// A value as inline TOML.
fn toml(value: &Value) -> String {
    match value {
        Value::Mapping(entries) => {
            let entry = |(key, value): (&Value, &Value)| format!("{} = {}", toml(key), toml(value));
            format!("{{ {} }}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Value::Sequence(items) => format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", ")),
        Value::String(text) => serde_json::to_string(text).unwrap().replace('\u{7f}', "\\u007f"),
        other => serde_json::to_string(other).unwrap(),
    }
}
