//! The faults of the originals around labels, tags and updates that cannot happen here.

use crate::reading::*;
use crate::rendered::{Objects, Rendered, at, examples, profiles, root};
use serde_yaml::Value;
use std::path::PathBuf;
use stowplan::emit::report::human::{self, Color, Style};
use stowplan::pipeline;
use stowplan::profile::{Request, Session};
use stowplan::source::WithoutSecrets;

const NAME: &str = "app.kubernetes.io/name";
const PART_OF: &str = "app.kubernetes.io/part-of";

/// Every example on every profile.
fn all() -> impl Iterator<Item = (String, Objects)> {
    examples().into_iter().flat_map(|example| {
        profiles()
            .map(move |profile| (format!("{example} on {profile}"), Rendered::of_example(&example, profile).objects()))
    })
}

/// A folder without profiles of its own.
fn folder() -> PathBuf {
    root().join("examples")
}

/// A stack of a few lines on k3d.
fn small(text: &str) -> Objects {
    of(text, "k3d", &[])
}

fn of(text: &str, profile: &str, set: &[&str]) -> Objects {
    Rendered::of_text(&format!("[stack]\nname = \"shop\"\n{text}"), &folder(), profile, set).objects()
}

/// What is said of a stack that is refused.
fn refused(text: &str) -> String {
    let mut session = Session::default();
    let stack = session.sources.add("stack.toml", format!("[stack]\nname = \"shop\"\n{text}"));
    let request = Request { stack, profile: Some("k3d"), set: &[] };
    let nothing = crate::rendered::disk(&folder());
    assert!(pipeline::render(&mut session, &request, &WithoutSecrets(&nothing)).is_none(), "it is not refused");
    human::render(&session.report, &session.sources, Style { color: Color::Never, width: 120 })
}

/// What workloads and Services select Pods by.
fn selectors(objects: &Objects) -> impl Iterator<Item = (&Value, &Value)> {
    objects.0.iter().filter_map(|object| {
        let selector = match at(object, "kind").as_str()? {
            "Service" => at(object, "spec.selector"),
            "Deployment" | "StatefulSet" | "DaemonSet" => at(object, "spec.selector.matchLabels"),
            _ => return None,
        };
        selector.is_mapping().then_some((object, selector))
    })
}

#[test]
fn fault_001_a_service_selects_the_pods_of_one_workload() {
    for (whose, objects) in all() {
        // What an operator runs has no workload among our objects.
        let made = workloads(&objects);
        for (object, selector) in selectors(&objects).filter(|(object, _)| at(object, "kind") == "Service") {
            let behind =
                made.iter().filter(|workload| includes(at(pod(workload), "metadata.labels"), selector)).count();
            assert_eq!(behind, 1, "{whose}: {:?}", at(object, "metadata.name"));
        }
    }
}

#[test]
fn fault_003_no_two_workloads_can_own_the_same_pods() {
    for (whose, objects) in all() {
        let own: Vec<&Value> =
            selectors(&objects).filter(|(object, _)| at(object, "kind") != "Service").map(|(_, own)| own).collect();
        for (index, selector) in own.iter().enumerate() {
            assert!(!own[index + 1..].contains(selector), "{whose}: {selector:?}");
        }
        for workload in workloads(&objects) {
            let labels = at(pod(workload), "metadata.labels");
            let owners = own.iter().filter(|selector| includes(labels, selector)).count();
            assert!(owners <= 1, "{whose}: {labels:?}");
        }
    }
}

#[test]
fn fault_005_name_and_stack_are_in_every_selector() {
    for (whose, objects) in all() {
        for (object, selector) in selectors(&objects) {
            assert!(selector[NAME].is_string(), "{whose}: {object:?}");
            assert!(selector[PART_OF].is_string(), "{whose}: {object:?}");
        }
    }
    let said = refused("[worker.mails]\nimage = \"example/mails:1.0\"\nlabels.\"app.kubernetes.io/name\" = \"other\"");
    assert!(said.contains("app.kubernetes.io/name"), "{said}");
}

#[test]
fn fault_007_a_misspelt_key_is_an_error_with_the_right_one() {
    let said = refused("[worker.mails]\nimage = \"example/mails:1.0\"\nlabls = { a = \"b\" }");
    assert!(said.contains("did you mean `labels`?"), "{said}");
    let said = refused(
        "[worker.mails]\nimage = \"example/mails:1.0\"\n\n[patch.mails]\non = \"Deployment/mails\"\nset.metaData.labels.a = \"b\"",
    );
    assert!(said.contains("metadata"), "{said}");
}

#[test]
fn fault_008_no_object_stands_twice() {
    for (whose, objects) in all() {
        let mut names: Vec<String> = objects.0.iter().map(|object| format!("{:?}", at(object, "apiVersion"))).collect();
        for (name, full) in objects.names().into_iter().zip(&mut names) {
            full.push_str(&name);
        }
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count, "{whose}");
    }
    // Two stacks in one namespace are told apart by the stack's name in selectors.
    let other = Rendered::of_text("[stack]\nname = \"bakery\"\n[worker.mails]\nimage = \"a:1\"", &folder(), "k3d", &[])
        .objects();
    let ours = small("[worker.mails]\nimage = \"a:1\"");
    let selector = |objects: &Objects| at(objects.get("Deployment/mails"), "spec.selector.matchLabels").clone();
    assert_ne!(selector(&ours), selector(&other));
}

#[test]
fn fault_009_templates_carry_no_name() {
    for (whose, objects) in all() {
        for workload in workloads(&objects) {
            assert!(at(pod(workload), "metadata.name").is_null(), "{whose}");
        }
    }
}

#[test]
fn fault_016_another_convention_leaves_no_old_variable_behind() {
    let stack = "[db.postgres]\nengine = \"postgres\"\nversion = \"16\"\n[api.api]\nimage = \"a:1\"\nport = 80\n";
    let names = |objects: &Objects| -> Vec<String> {
        let all = variables(container(objects.get("Deployment/api")));
        all.iter().filter_map(|variable| Some(variable.split('=').next()?.to_owned())).collect()
    };
    let one_by_one = small(&format!("{stack}uses.postgres = {{ DB_HOST = \"host\", DB_PORT = \"port\" }}"));
    assert_eq!(names(&one_by_one), ["DB_HOST", "DB_PORT"]);
    assert_eq!(
        names(&small(&format!("{stack}uses = [\"postgres\"]"))),
        ["PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE"]
    );
}

#[test]
fn fault_018_a_url_has_user_and_password() {
    let objects = small(
        "[db.postgres]\nengine = \"postgres\"\nversion = \"16\"\n[worker.mails]\nimage = \"a:1\"\nuses.postgres = \"url\"",
    );
    let all = variables(container(objects.get("Deployment/mails")));
    let url = all.iter().find_map(|variable| variable.strip_prefix("DATABASE_URL=")).unwrap();
    let (credentials, address) = url.strip_prefix("postgresql://").unwrap().split_once('@').unwrap();
    let (user, password) = credentials.split_once(':').unwrap();
    assert_eq!(user, "shop");
    assert!(password.starts_with("$("), "{url}");
    assert!(address.starts_with("postgres:5432/"), "{url}");
}

#[test]
fn fault_020_a_variable_stands_before_those_that_refer_to_it() {
    for (whose, objects) in all() {
        for workload in workloads(&objects) {
            let mut seen = Vec::new();
            for variable in variables(container(workload)) {
                let (name, value) = variable.split_once('=').unwrap();
                for reference in value.replace("$$(", "").split("$(").skip(1) {
                    let wanted = reference.split(')').next().unwrap();
                    assert!(seen.contains(&wanted.to_owned()), "{whose}: {name} refers to {wanted}");
                }
                seen.push(name.to_owned());
            }
        }
    }
}

#[test]
fn fault_021_no_password_stands_in_a_variable() {
    for (whose, objects) in all() {
        for workload in workloads(&objects) {
            for variable in variables(container(workload)) {
                let (name, value) = variable.split_once('=').unwrap();
                assert!(!value.contains("dev-only"), "{whose}: {name}");
                if name.contains("PASSWORD") && !name.ends_with("_FILE") {
                    // `SECRET/KEY`, or a variable that comes from one.
                    assert!(value.contains('/') || value.starts_with("$("), "{whose}: {variable}");
                }
            }
        }
    }
}

#[test]
fn fault_028_a_secret_is_read_in_both_ways_with_the_words_of_a_config() {
    let both = |table: &str, from: &str| {
        let declared = match table {
            "config" => "[config.settings]\ndata.KEY = \"x\"\n",
            _ => "[secret.settings]\nkeys = [\"KEY\"]\n",
        };
        small(&format!(
            "{declared}[worker.mails]\nimage = \"a:1\"\nenv.KEY = {{ {from} = \"settings\", key = \"KEY\" }}\nmounts.\"/settings\" = {{ {from} = \"settings\" }}"
        ))
    };
    let config = both("config", "config");
    holds(
        container(config.get("Deployment/mails")),
        "env: [{valueFrom: {configMapKeyRef: {name: settings, key: KEY}}}]",
    );
    holds(pod(config.get("Deployment/mails")), "spec: {volumes: [{configMap: {name: settings}}]}");
    let secret = both("secret", "secret");
    holds(container(secret.get("Deployment/mails")), "env: [{valueFrom: {secretKeyRef: {name: settings, key: KEY}}}]");
    holds(pod(secret.get("Deployment/mails")), "spec: {volumes: [{secret: {secretName: settings}}]}");
}

#[test]
fn fault_032_pull_secrets_come_from_the_profile() {
    let stack = "[worker.mails]\nimage = \"registry.example.com/mails:1.0\"\n[profile.cloud]\ncluster.images.pull-secrets = [\"registry\"]";
    holds(pod(of(stack, "cloud", &[]).get("Deployment/mails")), "spec: {imagePullSecrets: [{name: registry}]}");
    assert!(at(pod(small(stack).get("Deployment/mails")), "spec.imagePullSecrets").is_null());
}

#[test]
fn fault_033_a_pull_secret_stays_when_the_object_is_made_anew() {
    let stack = "[secret.registry]\ntype = \"kubernetes.io/dockerconfigjson\"\nsource = \"existing\"\n[worker.mails]\nimage = \"registry.example.com/mails:1.0\"\npull-secrets = [\"registry\"]";
    for (tag, profile) in [("1.0", "k3d"), ("2.0", "cloud")] {
        let set = format!("worker.mails.image=registry.example.com/mails:{tag}");
        let objects = of(stack, profile, &[&set]);
        holds(pod(objects.get("Deployment/mails")), "spec: {imagePullSecrets: [{name: registry}]}");
    }
}

#[test]
fn fault_049_every_change_is_in_the_rendering() {
    // What was changed by hand in the originals (image, replicas, a variable) is an argument here, and the rest stays as it was.
    let stack = "[api.web]\nimage = \"a:1\"\nport = 80\nreplicas = 1\nenv.A = \"1\"";
    let before = of(stack, "k3d", &[]);
    let after = of(stack, "k3d", &["api.web.image=a:2", "api.web.replicas=3", "api.web.env.A=2"]);
    let changed = after.get("Deployment/web");
    holds(changed, "spec: {replicas: 3}");
    holds(container(changed), "{image: 'a:2', env: [{name: A, value: '2'}]}");
    assert_eq!(before.get("Service/web"), after.get("Service/web"));
    assert_eq!(of(stack, "k3d", &[]).0, before.0);
}

#[test]
fn fault_050_the_cause_of_a_change_is_an_annotation() {
    let stack = "[api.web]\nimage = \"a:1\"\nport = 80";
    let objects = of(stack, "k3d", &["api.web.annotations.\"kubernetes.io/change-cause\"=image a:1"]);
    holds(objects.get("Deployment/web"), "metadata: {annotations: {kubernetes.io/change-cause: 'image a:1'}}");
}

#[test]
fn fault_051_an_update_that_is_stuck_comes_to_an_end() {
    let stack = "[api.web]\nimage = \"a:1\"\nport = 80\nstrategy.settle = \"5s\"\n[profile.k3d.defaults.api]\nstrategy.deadline = \"2m\"";
    let objects = of(stack, "k3d", &[]);
    holds(objects.get("Deployment/web"), "spec: {progressDeadlineSeconds: 120, minReadySeconds: 5}");
    assert!(
        at(objects.get("Deployment/web"), "spec.strategy").is_null(),
        "how Pods are replaced is left to Kubernetes"
    );
    assert!(at(of(stack, "cloud", &[]).get("Deployment/web"), "spec.progressDeadlineSeconds").is_null());
    let both = small("[api.web]\nimage = \"a:1\"\nport = 80\nstrategy = { surge = 1, deadline = \"90s\" }");
    holds(
        both.get("Deployment/web"),
        "spec: {progressDeadlineSeconds: 90, strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}}",
    );
}

#[test]
fn fault_052_every_pod_has_a_controller() {
    let controllers = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];
    for (whose, objects) in all() {
        assert!(!objects.has_kind("Pod") && !objects.has_kind("ReplicaSet"), "{whose}");
        for workload in workloads(&objects) {
            assert!(controllers.contains(&at(workload, "kind").as_str().unwrap()), "{whose}");
        }
    }
}

#[test]
fn fault_066_disks_are_made_by_drivers_that_exist() {
    for (whose, objects) in all() {
        for class in objects.0.iter().filter(|object| at(object, "kind") == "StorageClass") {
            let provisioner = at(class, "provisioner").as_str().unwrap();
            let is_in_tree = provisioner.starts_with("kubernetes.io/") && provisioner != "kubernetes.io/no-provisioner";
            assert!(!is_in_tree, "{whose}: {provisioner}");
        }
    }
    let objects = Rendered::of_example("myapp", "eks").objects();
    holds(objects.get("StorageClass/fast-ssd"), "provisioner: ebs.csi.aws.com");
}

#[test]
fn fault_075_a_component_can_wait_for_its_database() {
    let objects = small(
        "[db.postgres]\nengine = \"postgres\"\nversion = \"16\"\n[api.api]\nimage = \"a:1\"\nport = 80\nuses = [\"postgres\"]\nwait = [\"postgres\"]\nprobes.ready = { http = \"/ready\" }",
    );
    let api = objects.get("Deployment/api");
    holds(pod(api), "spec: {initContainers: [{name: wait-postgres}]}");
    let command = serde_yaml::to_string(at(pod(api), "spec.initContainers.0")).unwrap();
    assert!(command.contains("nc ") && command.contains("postgres") && command.contains("5432"), "{command}");
    holds(container(api), "readinessProbe: {httpGet: {path: /ready}}");
}

#[test]
fn fault_104_no_pod_gives_up_less_than_its_profile_asks_for() {
    for (whose, objects) in all() {
        for workload in workloads(&objects) {
            let security = at(container(workload), "securityContext");
            assert_eq!(
                *at(security, "allowPrivilegeEscalation"),
                false,
                "{whose}: {:?}",
                at(workload, "metadata.name")
            );
        }
    }
    let stack = "[api.web]\nimage = \"a:1\"\nport = 80\nsecurity = { level = \"restricted\", user = 1000 }";
    let web = of(stack, "digitalocean", &["cluster.domain=example.com"]);
    let web = web.get("Deployment/web");
    holds(container(web), "securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}");
    let both = [at(pod(web), "spec.securityContext"), at(container(web), "securityContext")];
    for (key, value) in [("runAsNonRoot", Value::Bool(true)), ("runAsUser", Value::from(1000))] {
        assert!(both.iter().any(|context| *at(context, key) == value), "{key}");
    }
    assert!(both.iter().any(|context| at(context, "seccompProfile.type") == "RuntimeDefault"));
}
