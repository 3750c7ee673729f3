//! Init containers, sidecars and what they mount, as another reader of YAML sees them.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

mod rendered;

use rendered::{Rendered, at, root};
use serde_yaml::Value;
use std::collections::BTreeSet;
use stowplan::bundle::{Cause, Field, FieldValue};

/// A shop behind a proxy to its database: a migration before it, a shipper of its logs beside it.
const SHOP: &str = include_str!("data/containers.toml");

fn render(stack: &str) -> Rendered {
    Rendered::of_text(stack, &root().join("tests/data"), "k3d", &[])
}

/// A stack with one component of this table.
fn one(table: &str, keys: &str) -> String {
    format!("[stack]\nname = \"app\"\n[{table}.web]\nimage = \"a:1\"\n{keys}\n")
}

/// The Pod of the one workload of a kind.
fn pod(rendered: &Rendered, kind: &str) -> Value {
    let objects = rendered.objects();
    let workload = objects.0.iter().find(|object| at(object, "kind") == kind).unwrap();
    match at(workload, "spec.jobTemplate.spec.template.spec") {
        Value::Null => at(workload, "spec.template.spec").clone(),
        spec => spec.clone(),
    }
}

/// The names in a list of the Pod.
fn names<'v>(spec: &'v Value, list: &str) -> Vec<&'v str> {
    at(spec, list).as_sequence().into_iter().flatten().map(|entry| at(entry, "name").as_str().unwrap()).collect()
}

#[track_caller]
fn container<'v>(spec: &'v Value, name: &str) -> &'v Value {
    let both = ["initContainers", "containers"].into_iter().filter_map(|list| at(spec, list).as_sequence());
    both.flatten().find(|container| at(container, "name") == name).unwrap_or_else(|| panic!("no container {name}"))
}

#[track_caller]
fn is(value: &Value, path: &str, expected: &str) {
    let expected: Value = serde_yaml::from_str(expected).unwrap();
    assert_eq!(at(value, path), &expected, "{path} of\n{}", serde_yaml::to_string(value).unwrap());
}

/// `NAME=text` and `NAME<secret/key` of each variable.
fn variables(container: &Value) -> Vec<String> {
    let variable = |variable: &Value| {
        let name = at(variable, "name").as_str().unwrap();
        match at(variable, "value").as_str() {
            Some(text) => format!("{name}={text}"),
            None => {
                let key = at(variable, "valueFrom.secretKeyRef");
                format!("{name}<{}/{}", key["name"].as_str().unwrap(), key["key"].as_str().unwrap())
            }
        }
    };
    at(container, "env").as_sequence().into_iter().flatten().map(variable).collect()
}

/// The volume at a path of a container.
#[track_caller]
fn volume_at<'v>(spec: &'v Value, of: &str, path: &str) -> &'v Value {
    let mounts = at(container(spec, of), "volumeMounts").as_sequence().unwrap();
    let mount =
        mounts.iter().find(|mount| at(mount, "mountPath") == path).unwrap_or_else(|| panic!("nothing at {path}"));
    let volumes = at(spec, "volumes").as_sequence().unwrap();
    volumes.iter().find(|volume| volume["name"] == mount["name"]).unwrap_or_else(|| panic!("no volume for {path}"))
}

#[test]
fn waits_come_first_then_sidecars_then_init_containers_in_the_order_written() {
    let spec = pod(&render(SHOP), "Deployment");
    assert_eq!(names(&spec, "initContainers"), ["wait-cache", "cloudsql-proxy", "vector", "migrate", "permissions"]);
    assert_eq!(names(&spec, "containers"), ["web"]);
    let always: Vec<_> = ["cloudsql-proxy", "vector", "migrate", "permissions", "wait-cache"]
        .into_iter()
        .filter(|name| at(container(&spec, name), "restartPolicy") == "Always")
        .collect();
    assert_eq!(always, ["cloudsql-proxy", "vector"]);
}

#[test]
fn without_an_image_it_is_the_components_container_with_another_command() {
    let spec = pod(&render(SHOP), "Deployment");
    let (web, migrate) = (container(&spec, "web"), container(&spec, "migrate"));
    for same in ["image", "imagePullPolicy", "envFrom", "volumeMounts", "securityContext"] {
        assert!(!at(web, same).is_null(), "{same}");
        assert_eq!(at(web, same), at(migrate, same), "{same}");
    }
    is(migrate, "command", "[python, manage.py, migrate]");
    for absent in ["args", "ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "resources"] {
        assert!(!at(web, absent).is_null() && at(migrate, absent).is_null(), "{absent}");
    }
    // its own variables are laid over the component's: those keep their places, new ones follow
    let of_web =
        ["DATABASE_HOST=127.0.0.1", "DATABASE_PASSWORD<shop-db/password", "DJANGO_SETTINGS_MODULE=shop.settings"];
    assert_eq!(variables(web), [&of_web[..], &["WORKERS=4"]].concat());
    assert_eq!(variables(migrate), [&of_web[..], &["WORKERS=1", "STEP=migrate"]].concat());
}

#[test]
fn with_an_image_it_takes_over_security_alone() {
    let spec = pod(&render(SHOP), "Deployment");
    let proxy = container(&spec, "cloudsql-proxy");
    is(proxy, "image", "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.0");
    // the component's policy is about the component's image
    is(container(&spec, "migrate"), "imagePullPolicy", "Always");
    is(proxy, "imagePullPolicy", "IfNotPresent");
    for absent in ["env", "envFrom", "volumeMounts"] {
        assert!(at(proxy, absent).is_null(), "{absent}");
    }
    is(proxy, "securityContext", "{allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}");
    is(proxy, "ports", "[{name: proxy, containerPort: 5432}, {name: proxy-metrics, containerPort: 9801}]");
    is(proxy, "startupProbe.httpGet", "{path: /startup, port: proxy-metrics}");
    is(proxy, "livenessProbe.httpGet", "{path: /liveness, port: proxy-metrics}");
    is(proxy, "lifecycle.preStop.exec.command", "[/cloud-sql-proxy, shutdown]");
    is(proxy, "resources.requests", "{cpu: 100m, memory: 128Mi}");
    assert_eq!(variables(container(&spec, "vector")), ["CACHE=cache:6379", "SECRET<shop-db/password"]);
    is(&spec, "terminationGracePeriodSeconds", "45");
}

#[test]
fn a_container_says_where_its_rights_differ_from_those_of_the_pod() {
    let spec = pod(&render(SHOP), "Deployment");
    is(&spec, "securityContext", "{runAsNonRoot: true, runAsUser: 10001, seccompProfile: {type: RuntimeDefault}}");
    is(
        container(&spec, "permissions"),
        "securityContext",
        "{allowPrivilegeEscalation: false, runAsNonRoot: false, runAsUser: 0, capabilities: {add: [CHOWN]}}",
    );
    let keys = "security = { user = 7, group = 8, privileged = true }\n\
                init.a.security = { user = 9 }\n\
                init.b = { image = \"b:1\", security = { privileged = true } }\n\
                init.c = { image = \"c:1\", security = \"privileged\" }";
    let spec = pod(&render(&one("worker", keys)), "Deployment");
    is(
        &spec,
        "securityContext",
        "{runAsNonRoot: true, runAsUser: 7, runAsGroup: 8, fsGroup: 8, seccompProfile: {type: RuntimeDefault}}",
    );
    is(container(&spec, "web"), "securityContext", "{privileged: true}");
    is(container(&spec, "a"), "securityContext", "{runAsUser: 9, allowPrivilegeEscalation: false}");
    is(container(&spec, "b"), "securityContext", "{privileged: true}");
    is(container(&spec, "c"), "securityContext", "{seccompProfile: {type: Unconfined}}");
    let keys =
        "security = \"privileged\"\nsidecar.a = { image = \"b:1\", security = { level = \"restricted\", user = 5 } }";
    let spec = pod(&render(&one("worker", keys)), "Deployment");
    assert!(at(&spec, "securityContext").is_null());
    let all = "{allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, runAsNonRoot: true, runAsUser: 5, seccompProfile: {type: RuntimeDefault}}";
    is(container(&spec, "a"), "securityContext", all);
}

#[test]
fn volumes_are_those_of_the_pod() {
    let spec = pod(&render(SHOP), "Deployment");
    assert_eq!(names(&spec, "volumes"), ["scratch", "logs", "projected", "vector"]);
    let shared = volume_at(&spec, "web", "/var/log/shop");
    assert_eq!(shared, volume_at(&spec, "vector", "/logs"));
    assert_eq!(shared, volume_at(&spec, "permissions", "/var/log/shop"));
    is(shared, "emptyDir", "{sizeLimit: 1Gi}");
    // a scratch that was taken over is the component's, though it has no name
    assert_eq!(volume_at(&spec, "web", "/tmp"), volume_at(&spec, "migrate", "/tmp"));
    // two that were written are two
    let keys = "mounts.\"/tmp\" = { scratch = \"1Gi\" }\nsidecar.a = { image = \"b:1\", mounts = { \"/tmp\" = { scratch = \"1Gi\" } } }";
    let spec = pod(&render(&one("worker", keys)), "Deployment");
    assert_eq!(names(&spec, "volumes"), ["scratch", "scratch-2"]);
    // one that a container writes anew is its own
    let keys = "mounts.\"/tmp\" = { scratch = \"1Gi\" }\ninit.a.mounts.\"/tmp\" = { scratch = \"2Gi\" }";
    let spec = pod(&render(&one("worker", keys)), "Deployment");
    is(volume_at(&spec, "a", "/tmp"), "emptyDir", "{sizeLimit: 2Gi}");
    is(volume_at(&spec, "web", "/tmp"), "emptyDir", "{sizeLimit: 1Gi}");
    assert_eq!(names(&spec, "volumes").len(), 2);
}

#[test]
fn a_disk_is_mounted_by_inheritance_or_by_its_name() {
    let keys = "kind = \"StatefulSet\"\nsecurity = { user = 7 }\n\
                mounts = { \"/db\" = { storage = \"5Gi\" }, \"/wal\" = { storage = \"1Gi\", name = \"wal\" }, \"/c\" = { config = \"data\" } }\n\
                init.prepare.command = [\"prepare\"]\n\
                sidecar.ship = { image = \"b:1\", mounts = { \"/in\" = { storage = \"1Gi\", name = \"wal\", read-only = true } } }\n\
                [config.data]\ndata = { A = \"1\" }";
    let rendered = render(&one("worker", keys));
    let objects = rendered.objects();
    let set = objects.get("StatefulSet/web");
    let templates = at(set, "spec.volumeClaimTemplates").as_sequence().unwrap();
    let templates: Vec<_> = templates.iter().map(|claim| at(claim, "metadata.name").as_str().unwrap()).collect();
    assert_eq!(templates, ["data", "wal"]);
    let spec = pod(&rendered, "StatefulSet");
    assert_eq!(at(container(&spec, "prepare"), "volumeMounts"), at(container(&spec, "web"), "volumeMounts"));
    is(container(&spec, "ship"), "volumeMounts", "[{name: wal, mountPath: /in, readOnly: true}]");
    // a claim template would hide a volume of its name
    assert_eq!(names(&spec, "volumes"), ["data-2"]);
    is(container(&spec, "web"), "volumeMounts.2", "{name: data-2, mountPath: /c}");
    is(&spec, "securityContext.fsGroup", "7");
    let keys = "security = { user = 7 }\nsidecar.a = { image = \"b:1\", mounts = { \"/d\" = { claim = \"there\" } } }";
    is(&pod(&render(&one("worker", keys)), "Deployment"), "securityContext.fsGroup", "7");
}

#[test]
fn several_sources_are_one_directory() {
    let spec = pod(&render(SHOP), "Deployment");
    let projected = volume_at(&spec, "web", "/var/run/secrets/shop");
    is(projected, "projected.defaultMode", "288");
    is(
        projected,
        "projected.sources",
        "- configMap: {name: app, items: [{key: MODE, path: mode}]}\n\
         - secret: {name: shop-db, items: [{key: password, path: db/password}]}\n\
         - serviceAccountToken: {path: token, audience: vault, expirationSeconds: 7200}\n\
         - downwardAPI: {items: [{path: name, fieldRef: {fieldPath: \"metadata.labels['app.kubernetes.io/name']\"}}]}\n",
    );
    let keys = "mounts.\"/p\" = { projected = [{ token = \"vault\" }, { secret = \"a\", optional = true }] }\n[secret.a]\nkeys = [\"k\"]";
    let spec = pod(&render(&one("worker", keys)), "Deployment");
    let sources = "[{serviceAccountToken: {path: token, audience: vault}}, {secret: {name: a, optional: true}}]";
    is(volume_at(&spec, "web", "/p"), "projected.sources", sources);
}

#[test]
fn a_service_offers_the_ports_of_a_sidecar_where_it_names_them() {
    let rendered = render(SHOP);
    let objects = rendered.objects();
    let both = "[{name: http, port: 80, targetPort: http}, {name: proxy-metrics, port: 9801, targetPort: 9801}]";
    is(objects.get("Service/web"), "spec.ports", both);
    let keys = |service: &str| {
        one(
            "api",
            &format!("port = 8080\n{service}\nsidecar.auth = {{ image = \"b:1\", ports = {{ auth = \"80:4180\" }} }}"),
        )
    };
    let rendered = render(&keys(""));
    is(rendered.objects().get("Service/web"), "spec.ports", "[{name: http, port: 8080, targetPort: http}]");
    // behind a proxy that asks who it is, nothing else is reached
    let behind = "service.ports = [\"auth\"]";
    let more = "[worker.client]\nimage = \"c:1\"\nuses.web = { ADDRESS = \"address\" }\nenv.PORT = \"{{ api.web.port }}\"\n\
                [ingress.web]\nroutes = { \"/\" = \"web\" }\n";
    let rendered = render(&format!("{}{more}", keys(behind)));
    let objects = rendered.objects();
    is(objects.get("Service/web"), "spec.ports", "[{name: auth, port: 80, targetPort: 4180}]");
    is(objects.get("Ingress/web"), "spec.rules.0.http.paths.0.backend.service", "{name: web, port: {name: auth}}");
    let client = at(objects.get("Deployment/client"), "spec.template.spec.containers.0");
    assert_eq!(variables(client), ["ADDRESS=web:80", "PORT=80"]);
    let more = "services.admin = { ports = [\"auth\"] }";
    let rendered = render(&keys(more));
    is(rendered.objects().get("Service/admin"), "spec.ports", "[{name: auth, port: 80, targetPort: 4180}]");
    is(rendered.objects().get("Service/web"), "spec.ports.0.name", "http");
}

#[test]
fn a_grpc_probe_asks_the_number_behind_a_name() {
    let grpc = "probes = { live = { grpc = true }, ready = { grpc = \"app\", port = \"rpc\" } }";
    let keys = format!("ports = {{ http = \"80:8080\", rpc = 50051 }}\n{grpc}");
    let beside = format!("[worker.web.sidecar.a]\nimage = \"b:1\"\nports = {{ first = 7000, rpc = 7001 }}\n{grpc}");
    let spec = pod(&render(&one("worker", &keys)), "Deployment");
    is(container(&spec, "web"), "livenessProbe.grpc", "{port: 8080}");
    is(container(&spec, "web"), "readinessProbe.grpc", "{port: 50051, service: app}");
    let spec = pod(&render(&one("worker", &beside)), "Deployment");
    is(container(&spec, "a"), "livenessProbe.grpc", "{port: 7000}");
    is(container(&spec, "a"), "readinessProbe.grpc", "{port: 7001, service: app}");
}

#[test]
fn a_fact_of_a_component_may_stand_in_its_own_sidecar() {
    let keys = "port = 8080\nsidecar.proxy = { image = \"b:1\", ports = { p = 81 }, env = { TO = \"{{ api.web.address }}\" } }";
    let spec = pod(&render(&one("api", keys)), "Deployment");
    assert_eq!(variables(container(&spec, "proxy")), ["TO=web:8080"]);
}

#[test]
fn an_old_cluster_has_sidecars_behind_the_main_container() {
    let old = SHOP.replace("[job.import]", "[cluster]\nkubernetes = \"1.28\"\n[template.import]");
    assert_ne!(old, SHOP);
    // Nor does such a cluster know a sleep before the end.
    let old = old.replace(", sleep = \"5s\"", "");
    let spec = pod(&render(&old), "Deployment");
    assert_eq!(names(&spec, "containers"), ["web", "cloudsql-proxy", "vector"]);
    assert_eq!(names(&spec, "initContainers"), ["wait-cache", "migrate", "permissions"]);
    for name in ["web", "cloudsql-proxy", "vector"] {
        assert!(at(container(&spec, name), "restartPolicy").is_null(), "{name}");
    }
    let native = pod(&render(&old.replace("1.28", "1.29")), "Deployment");
    assert_eq!(names(&native, "containers"), ["web"]);
}

#[test]
fn a_job_has_containers_beside_its_own() {
    let rendered = render(SHOP);
    let spec = pod(&rendered, "Job");
    assert_eq!(names(&spec, "initContainers"), ["cloudsql-proxy"]);
    is(container(&spec, "cloudsql-proxy"), "restartPolicy", "Always");
    is(&spec, "restartPolicy", "Never");
}

#[test]
fn layers_defaults_and_templates_reach_into_containers() {
    let stack = "[stack]\nname = \"app\"\n\
                 [defaults.worker.sidecar.log]\nimage = \"log:1\"\nenv = { LEVEL = \"info\", A = 1 }\n\
                 [template.django.init.migrate]\ncommand = [\"migrate\"]\nenv.STEP = \"migrate\"\n\
                 [worker.web]\nextends = \"django\"\nimage = \"a:1\"\nenv.B = 2\n\
                 [worker.web.sidecar.log.env]\nLEVEL = \"debug\"\n\
                 [worker.web.init.migrate]\nargs = [\"--fake\"]\n\
                 [profile.k3d.worker.web]\nenv.B = 3\nunset = [\"sidecar.log.env.A\"]\n\
                 [profile.k3d.worker.web.init.migrate]\nargs = [\"...\", \"-v\"]\n";
    let rendered =
        Rendered::of_text(stack, &root().join("tests/data"), "k3d", &["worker.web.init.migrate.env.STEP=set"]);
    let spec = pod(&rendered, "Deployment");
    assert_eq!(variables(container(&spec, "log")), ["LEVEL=debug"]);
    let migrate = container(&spec, "migrate");
    is(migrate, "command", "[migrate]");
    is(migrate, "args", "[--fake, -v]");
    assert_eq!(variables(migrate), ["B=3", "STEP=set"]);
    is(migrate, "image", "a:1");
}

#[test]
fn what_containers_read_rolls_the_pods_and_lists_the_keys_of_secrets() {
    let stack = |config: &str| {
        let keys = format!(
            "sidecar.a = {{ image = \"b:1\", mounts = {{ \"/p\" = {{ projected = [{{ config = \"c\" }}, {{ secret = \"s\", items = {{ one = \"1\" }} }}] }} }} }}\n\
             init.b.env.TWO = {{ secret = \"s\", key = \"two\" }}\n[config.c]\ndata.A = \"{config}\"\n[secret.s]"
        );
        render(&one("worker", &keys))
    };
    let (one, other) = (stack("1"), stack("2"));
    let sum = |rendered: &Rendered| {
        let objects = rendered.objects();
        let workload = objects.get("Deployment/web");
        at(workload, "spec.template.metadata.annotations")["stowplan/checksum"].as_str().unwrap().to_owned()
    };
    assert_ne!(sum(&one), sum(&other));
    let objects = one.objects();
    let keys = at(objects.get("Secret/s"), "stringData").as_mapping().unwrap();
    let keys: BTreeSet<_> = keys.keys().map(|key| key.as_str().unwrap()).collect();
    assert_eq!(keys, BTreeSet::from(["one", "two"]));
}

/// The lines of the stack from which a field comes.
fn lines(rendered: &Rendered, object: &str, path: &str) -> Vec<String> {
    let is_meant = |kind: &str, name: &str| format!("{kind}/{name}") == object;
    let objects = &rendered.rendering.bundle.objects;
    let object = objects.iter().find(|object| is_meant(object.kind_name(), object.name())).unwrap();
    let field = object.root.find(&path.parse().unwrap()).unwrap_or_else(|| panic!("nothing at {path}"));
    let line = |origin| {
        let span = rendered.session.origins.get(origin).span;
        let file = rendered.session.sources.file(span.file);
        let (line, _) = file.line_column(span.start as usize);
        file.text.lines().nth(line - 1).unwrap_or_default().trim().to_owned()
    };
    rendered.rendering.bundle.causes.origins(field.cause).map(line).collect()
}

#[test]
fn every_field_leads_to_its_line() {
    let rendered = render(SHOP);
    let pod = "spec.template.spec";
    let line = |path: &str, expected: &[&str]| {
        assert_eq!(lines(&rendered, "Deployment/web", &format!("{pod}.{path}")), expected, "{path}");
    };
    line("initContainers[3].name", &["[api.web.init.migrate]"]);
    line("initContainers[3].image", &["image = \"registry.example.com/shop:1.4.0\""]);
    line("initContainers[3].env[3].value", &["env = { WORKERS = 1, STEP = \"migrate\" }"]);
    line("initContainers[3].env[2].value", &["env = { DJANGO_SETTINGS_MODULE = \"shop.settings\", WORKERS = 4 }"]);
    line("initContainers[1].restartPolicy", &["[api.web.sidecar.cloudsql-proxy]", "kubernetes = \"1.34\""]);
    line(
        "initContainers[1].lifecycle.preStop.exec.command[0]",
        &["stop = { exec = [\"/cloud-sql-proxy\", \"shutdown\"] }"],
    );
    let own = "security = { level = \"baseline\", user = 0, capabilities = { add = [\"CHOWN\"] } }";
    line("initContainers[4].securityContext.runAsUser", &[own]);
    line("initContainers[4].securityContext.runAsNonRoot", &[own]);
    line(
        "volumes[2].projected.sources[2].serviceAccountToken.expirationSeconds",
        &["{ token = { audience = \"vault\", expires = \"2h\" } },"],
    );
    let ports = "ports = { proxy = 5432, proxy-metrics = 9801 }";
    assert_eq!(lines(&rendered, "Service/web", "spec.ports[1].targetPort"), [ports]);
    for object in &rendered.rendering.bundle.objects {
        leads_somewhere(&rendered, &object.root, object.kind_name());
    }
}

/// Fails unless the field and all below it have a cause that stands somewhere.
fn leads_somewhere(rendered: &Rendered, field: &Field, path: &str) {
    let causes = &rendered.rendering.bundle.causes;
    if let Cause::Derived(id) = field.cause.view() {
        assert!(!causes.get(id).rule.is_empty(), "{path}");
    }
    for origin in causes.origins(field.cause) {
        let span = rendered.session.origins.get(origin).span;
        assert!(!rendered.session.sources.text(span).trim().is_empty(), "{path}");
    }
    match &field.value {
        FieldValue::Map(entries) => {
            entries.iter().for_each(|(key, entry)| leads_somewhere(rendered, entry, &format!("{path}.{key}")));
        }
        FieldValue::List(items) => items.iter().for_each(|item| leads_somewhere(rendered, item, path)),
        _ => {}
    }
}
