//! Words for the tables of a stack.

use super::{LAYERS, Row, Show, Tables, Word, say};
use crate::document::Value;
use crate::document::inline::inline;

/// The words.
pub const ROWS: &[Row] = &[
    Row { words: &["service", "services"], tables: LAYERS, key: "api", show: Show::Of(service) },
    table(
        &[
            "deployment",
            "deployments",
            "app",
            "apps",
            "web",
            "frontend",
            "backend",
            "server",
            "pod",
            "pods",
            "container",
            "containers",
            "microservice",
        ],
        "api",
        "write `[api.NAME]` for what listens on a port, `[worker.NAME]` for what does not",
    ),
    table(
        &["statefulset", "statefulsets"],
        "api",
        "write `[api.NAME]` with `kind = \"StatefulSet\"`, or `[db.NAME]` for a database",
    ),
    table(&["daemonset", "daemonsets"], "worker", "write `[worker.NAME]` with `kind = \"DaemonSet\"`"),
    table(&["workers", "consumer", "background"], "worker", "write `[worker.NAME]`"),
    table(&["database", "databases", "dbs"], "db", "write `[db.NAME]`"),
    engine(&["postgres", "postgresql", "pg"]),
    engine(&["mysql"]),
    engine(&["mariadb"]),
    engine(&["redis", "cache"]),
    engine(&["valkey"]),
    engine(&["mongodb", "mongo"]),
    table(
        &["cron", "crons", "cron-job", "cron-jobs", "cronjobs", "schedule", "scheduled"],
        "cronjob",
        "write `[cronjob.NAME]`",
    ),
    table(&["jobs", "task", "tasks", "migration", "migrations"], "job", "write `[job.NAME]`"),
    table(
        &["ingresses", "route", "routes", "gateway", "httproute", "virtualhost"],
        "ingress",
        "write `[ingress.NAME]` with `routes = { \"/\" = \"COMPONENT\" }`",
    ),
    table(
        &["autoscaling", "autoscaler", "horizontalpodautoscaler", "scaling", "hpas"],
        "hpa",
        "write `[hpa.NAME]`, with the name of the component that it scales",
    ),
    table(&["configmap", "configmaps", "configs"], "config", "write `[config.NAME]` with `data = { KEY = \"text\" }`"),
    table(&["secrets"], "secret", "write `[secret.NAME]`"),
    table(
        &["volumes", "pvc", "persistentvolumeclaim", "claim", "claims", "storage", "disk"],
        "volume",
        "write `[volume.NAME]` with `storage = \"1Gi\"`",
    ),
    table(&["externals", "externalname"], "external", "write `[external.NAME]`"),
    say(
        &["networkpolicy", "networkpolicies"],
        LAYERS,
        "",
        "write `network-policy = true` below `[stack]`: the policies are made from `uses`, `wait` and routes",
    ),
    say(
        &["storageclass", "storageclasses"],
        LAYERS,
        "",
        "write `[cluster.storage]` with `class = \"NAME\"`, `create = true` and `definition = { provisioner = \"…\" }`",
    ),
    say(
        &["ingressclass", "ingressclasses", "gatewayclass", "gatewayclasses"],
        LAYERS,
        "",
        "write `[cluster.expose]` with `class = \"NAME\"`, `create = true` and `definition = { controller = \"…\" }`",
    ),
    say(
        &[
            "rbac",
            "role",
            "roles",
            "rolebinding",
            "clusterrole",
            "clusterrolebinding",
            "serviceaccount",
            "serviceaccounts",
        ],
        LAYERS,
        "",
        "write what is allowed in the component: `access.\"\" = { resources = [\"pods\"], verbs = [\"get\"] }`, or `service-account = true` for an account alone",
    ),
    table(
        &[
            "manifests",
            "raw",
            "rawresources",
            "objects",
            "extramanifests",
            "extraobjects",
            "extradeploy",
            "extraresources",
        ],
        "manifest",
        "write `[manifest.NAME]` with `file = \"manifests/NAME.yaml\"`, or with the objects: `yaml = '''…'''`",
    ),
    table(
        &["patches", "patchesstrategicmerge", "patchesjson6902", "overrides", "kustomize", "postrenderer"],
        "patch",
        "write `[patch.NAME]` with `on = \"Deployment/NAME\"` and the fields, as in `set.spec.replicas = 3`",
    ),
    say(&["target", "object", "resource"], PATCH, "on", "write kind and name in `on`, as in `on = \"Deployment/web\"`"),
    say(&["spec", "metadata", "data"], PATCH, "set", "put it below `set`, as in `set.spec.replicas = 3`"),
    say(
        &["op", "path", "value"],
        PATCH,
        "set",
        "write the field itself, as in `set.spec.replicas = 3`, or its path in `remove`",
    ),
    Row { words: &["patch", "merge", "strategicmerge"], tables: PATCH, key: "yaml", show: Show::Value },
    Row { words: &["delete", "unset", "drop"], tables: PATCH, key: "remove", show: Show::Value },
    Row { words: &["path", "files", "folder"], tables: MANIFEST, key: "file", show: Show::Value },
    Row {
        words: &["raw", "inline", "content", "contents", "object"],
        tables: MANIFEST,
        key: "yaml",
        show: Show::Value,
    },
    say(
        &["apiversion", "kind", "metadata", "spec", "data"],
        MANIFEST,
        "yaml",
        "put the whole object into `yaml`, between `'''` and `'''`, or into a file that `file` names",
    ),
    table(&["profiles", "overlay", "overlays", "environments"], "profile", "write `[profile.NAME]`"),
    table(
        &["templates", "x-common", "common"],
        "template",
        "write `[template.NAME]`, and `extends = \"NAME\"` in the components that take it over",
    ),
    Row {
        words: &["var", "variable", "variables", "values", "global", "globals"],
        tables: LAYERS,
        key: "vars",
        show: Show::Of(vars),
    },
    Row { words: &["name"], tables: LAYERS, key: "stack", show: Show::Of(in_stack) },
    Row { words: &["namespace"], tables: LAYERS, key: "stack", show: Show::Of(in_stack) },
    say(
        &["env", "environment"],
        LAYERS,
        "",
        "write `env` in the component that needs it, in `[defaults.workload.env]` for all of them, or `[vars]` for names in `{{ }}`",
    ),
    say(
        &["image", "port", "ports", "replicas", "command", "args", "uses", "mounts", "probes", "health", "resources"],
        LAYERS,
        "",
        "put it below the header of a component, such as `[api.web]`",
    ),
    say(&["networks", "network"], LAYERS, "", "remove it: all components of a stack reach each other by their names"),
    say(
        &["version", "apiversion", "kind", "metadata", "spec"],
        LAYERS,
        "",
        "remove it: a stack file has tables such as `[api.NAME]` and `[db.NAME]`, and no version",
    ),
];

const MANIFEST: Tables = Tables::Named(&["manifest"]);
const PATCH: Tables = Tables::Named(&["patch"]);

/// A word for a table of entries with names.
const fn table(words: &'static [&'static str], key: &'static str, sentence: &'static str) -> Row {
    Row { words, tables: LAYERS, key, show: Show::Named(sentence) }
}

/// The name of an engine where a table is expected.
const fn engine(words: &'static [&'static str]) -> Row {
    Row { words, tables: LAYERS, key: "db", show: Show::Of(database) }
}

/// A service of Compose: a database where its image is one.
fn service(word: &Word) -> Option<String> {
    let first = word.value_table().and_then(|table| table.iter().find(|(_, entry)| entry.as_table().is_some()));
    let name = first.map_or("NAME", |(name, _)| name);
    let is_pod = first.is_none_or(|(_, entry)| entry.get("image").is_some() || entry.get("build").is_some());
    if !is_pod {
        return Some(format!(
            "write it in the component before which it stands: `service = {{ … }}` for its Service, `services.{name} = {{ … }}` for one more; a component is an `[api.{name}]`"
        ));
    }
    let image = first.and_then(|(_, entry)| entry.get("image")?.as_str()).unwrap_or_default();
    let program = image.split(['/', ':']).rev().find(|part| ENGINES.contains(part));
    Some(match program {
        Some("mongo") => format!("write `[db.{name}]` with `engine = \"mongodb\"` in place of the image"),
        Some(engine) => format!("write `[db.{name}]` with `engine = \"{engine}\"` in place of the image"),
        None => format!(
            "write `[api.{name}]` for what listens on a port, `[worker.{name}]` for what does not; the Service comes with it"
        ),
    })
}

/// The last part of the image of each engine.
const ENGINES: [&str; 6] = ["postgres", "mysql", "mariadb", "redis", "valkey", "mongo"];

/// `[redis.cache]` is `[db.cache]` with an engine.
fn database(word: &Word) -> Option<String> {
    let engine = match word.name.to_lowercase().as_str() {
        "postgres" | "postgresql" | "pg" => "postgres",
        "redis" | "cache" => "redis",
        "mongo" | "mongodb" => "mongodb",
        "mysql" => "mysql",
        "mariadb" => "mariadb",
        _ => "valkey",
    };
    // `[redis]` without a name: its first key is one of the database
    let named =
        word.value_table().and_then(|table| table.iter().next()).filter(|(_, child)| child.as_table().is_some());
    let name = named.map_or(word.name, |(name, _)| name);
    Some(format!("write `[db.{name}]` with `engine = \"{engine}\"`"))
}

fn vars(word: &Word) -> Option<String> {
    let table = word.value_table()?;
    let (name, value) = table.iter().find(|(_, value)| !matches!(value.value, Value::Table(_)))?;
    Some(format!(
        "write `[vars]` with `{name} = {}`, and `{{{{ vars.{name} }}}}` where it is used",
        inline(&value.value)
    ))
}

fn in_stack(word: &Word) -> Option<String> {
    Some(format!("put it below `[stack]`: `{} = {}`", word.name.to_lowercase(), inline(word.value)))
}
