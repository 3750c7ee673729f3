//! Words for the keys of a workload.

use super::{
    CONTAINERS, Row, Show, Tables, WORKLOADS, Word, account, at, binary, command, other, ports, reference, same, say,
    scalar, seconds, sources, texts, variables,
};
use crate::document::inline::{inline, list, literal, table};
use crate::document::{Node, OriginId, Table, Value};

/// The words.
pub const ROWS: &[Row] = &[
    other(
        &["environment", "envs", "environmentVariables", "variables", "envVars", "extraEnv", "extraEnvVars"],
        "env",
        env,
    ),
    say(
        &["env_file", "dotenv"],
        CONTAINERS,
        "env-from",
        "declare `[config.NAME]` with the variables as `data`, and write `env-from = [\"config.NAME\"]`",
    ),
    say(&["envFromSecret"], CONTAINERS, "env-from", "write `env-from = [\"secret.NAME\"]`"),
    other(&["envFrom"], "env-from", env_from),
    other(&["depends_on", "links", "requires", "dependencies", "depends", "needs"], "uses", uses),
    other(&["entrypoint", "cmd"], "command", entry_point),
    other(&["arguments", "argv"], "args", arguments),
    same(&["replicaCount", "scale", "instances", "replica_count"], "replicas"),
    say(
        &["tag", "imageTag"],
        CONTAINERS,
        "",
        "write the tag behind the image: `image = \"NAME:TAG\"`, with VALUE as TAG",
    ),
    say(
        &["repository", "imageName"],
        CONTAINERS,
        "image",
        "write `image = \"REPOSITORY:TAG\"`, with VALUE as REPOSITORY",
    ),
    say(
        &["build", "dockerfile", "context"],
        CONTAINERS,
        "",
        "build and push the image first, then write `image = \"NAME:TAG\"`",
    ),
    same(&["imagePullPolicy"], "pull-policy"),
    other(&["imagePullSecrets", "imagePullSecret", "pullSecret"], "pull-secrets", pull_secrets),
    other(&["containerPort", "targetPort", "listen", "httpPort"], "port", one_port),
    other(&["expose", "publish", "containerPorts"], "ports", all_ports),
    say(
        &["containers"],
        WORKLOADS,
        "",
        "remove it: the keys of the container, such as `image` and `env`, stand in the component itself",
    ),
    say(
        &["restart", "restartPolicy"],
        RUNNING,
        "",
        "remove it: Kubernetes starts the containers of an api or worker again by itself",
    ),
    other(&["deploy"], "resources", deploy),
    say(
        &["networks", "network_mode", "network"],
        WORKLOADS,
        "",
        "remove it: all components of a stack reach each other by their names",
    ),
    say(
        &["container_name", "fullnameOverride", "nameOverride", "name"],
        CONTAINERS,
        "",
        "remove it: the name is the one in the table's header",
    ),
    say(
        &["hostname"],
        WORKLOADS,
        "",
        "remove it: components reach each other by the names in their headers; hosts for the outside stand in `[ingress.NAME]`",
    ),
    say(
        &["host", "domain", "paths", "ingress", "hosts"],
        WORKLOADS,
        "",
        "write a table for it: `[ingress.NAME]` with `host = \"…\"` and `routes = { \"/\" = \"COMPONENT\" }`",
    ),
    say(
        &["autoscaling", "hpa", "minReplicas", "maxReplicas"],
        WORKLOADS,
        "",
        "write a table for it: `[hpa.COMPONENT]` with `min = 1`, `max = 3` and `cpu = 70`",
    ),
    say(&["namespace"], WORKLOADS, "", "put it below `[stack]`: one stack is one namespace"),
    say(&["schedule", "cron"], RUNNING, "", "make it a `[cronjob.NAME]`: an api or worker runs all the time"),
    say(
        &["engine"],
        Tables::Named(&["api", "worker", "job", "cronjob"]),
        "",
        "make it a `[db.NAME]`: only a database has an engine",
    ),
    Row { words: &["user", "runAsUser"], tables: CONTAINERS, key: "security", show: Show::Of(user) },
    say(
        &["group", "runAsGroup"],
        CONTAINERS,
        "security",
        "write `security = { group = VALUE }`, with the number of the group",
    ),
    say(&["privileged"], CONTAINERS, "security", "write `security = { privileged = VALUE }`"),
    say(
        &["read_only", "readOnlyRootFilesystem"],
        CONTAINERS,
        "security",
        "write `security = { read-only-root = VALUE }`",
    ),
    say(&["cap_add"], CONTAINERS, "security", "write `security = { capabilities = { add = VALUE } }`"),
    say(&["cap_drop"], CONTAINERS, "security", "write `security = { capabilities = { drop = VALUE } }`"),
    say(
        &["securityContext", "podSecurityContext"],
        CONTAINERS,
        "security",
        "write `security = { level = \"restricted\", user = 1000 }`, or a table with `user`, `group`, `read-only-root`, `capabilities`",
    ),
    same(&["runAsUser", "uid"], "user"),
    same(&["runAsGroup", "gid"], "group"),
    same(&["readOnlyRootFilesystem"], "read-only-root"),
    say(
        &["runAsNonRoot"],
        Tables::Named(&["security"]),
        "",
        "write a numeric `user` other than 0: it forbids root too",
    ),
    say(
        &["allowPrivilegeEscalation", "seccompProfile"],
        Tables::Named(&["security"]),
        "",
        "remove it: `level = \"baseline\"`, the default, sets it",
    ),
    same(&["cpus", "cpuRequest"], "resources.cpu"),
    same(&["memoryRequest"], "resources.memory"),
    same(&["memoryLimit"], "resources.limits.memory"),
    other(&["mem_limit", "mem_reservation"], "resources", memory),
    same(&["cpuLimit"], "resources.limits.cpu"),
    other(&["requests", "request", "reservations"], "cpu", requests),
    same(&["limit", "maximum"], "limits"),
    same(&["mem", "ram"], "memory"),
    say(&["serviceAccountName", "serviceAccount"], WORKLOADS, "service-account", "write `service-account = VALUE`"),
    same(&["nodeSelector", "node"], "node-selector"),
    say(
        &["affinity", "topologySpreadConstraints", "podAntiAffinity"],
        WORKLOADS,
        "spread",
        "write `spread = \"node\"` or `spread = \"zone\"`",
    ),
    same(&["priorityClassName"], "priority-class"),
    same(&["podAnnotations"], "annotations"),
    same(&["podLabels", "commonLabels", "extraLabels"], "labels"),
    seconds(&["terminationGracePeriodSeconds", "stop_grace_period", "gracePeriod"], "stop.grace"),
    say(
        &["lifecycle", "preStop"],
        CONTAINERS,
        "stop",
        "write `stop = { exec = [\"…\"] }` or `stop = { sleep = \"5s\" }`",
    ),
    say(
        &["updateStrategy", "rollingUpdate", "update"],
        RUNNING,
        "strategy",
        "write `strategy = { surge = 1, unavailable = 0 }` or `strategy = \"recreate\"`",
    ),
    seconds(&["minReadySeconds"], "settle"),
    seconds(&["minReadySeconds"], "strategy.settle"),
    seconds(&["progressDeadlineSeconds"], "strategy.deadline"),
    seconds(&["progressDeadlineSeconds"], "deadline"),
    same(&["maxSurge"], "surge"),
    same(&["maxUnavailable"], "unavailable"),
    say(
        &["type"],
        Tables::Named(&["strategy"]),
        "",
        "write `strategy = \"recreate\"`, or `strategy = { surge = 1, unavailable = 0 }` for a rolling update",
    ),
    say(&["podDisruptionBudget", "disruptionBudget"], RUNNING, "pdb", "write `pdb = { unavailable = 1 }`"),
    say(
        &["working_dir", "workingDir"],
        CONTAINERS,
        "",
        "set `WORKDIR` in the image, or write `command = [\"sh\", \"-c\", \"cd DIRECTORY && exec …\"]`",
    ),
    say(
        &["logging", "log_driver"],
        WORKLOADS,
        "",
        "remove it: the cluster keeps what containers write to their output",
    ),
    say(
        &["profiles"],
        WORKLOADS,
        "",
        "remove it: a component is on every profile; `unset = [\"TABLE.NAME\"]` below `[profile.NAME]` leaves it out on one",
    ),
    say(
        &["serviceName"],
        WORKLOADS,
        "",
        "remove it: a StatefulSet gets its Service by itself, called like the component with `-headless` behind it",
    ),
    say(
        &["ulimits", "ulimit"],
        WORKLOADS,
        "",
        "remove it: Kubernetes has no field for it; call `ulimit` in the entry point of the image",
    ),
    say(&["selector", "metadata", "spec"], WORKLOADS, "", "remove it: nothing in a stack depends on it"),
    say(
        &["secrets", "secret"],
        CONTAINERS,
        "",
        "write the variable with its source, `env = { KEY = { secret = \"NAME\", key = \"KEY\" } }`, or mount the files: `mounts = { \"/run/secrets\" = { secret = \"NAME\" } }`",
    ),
    say(
        &["configs", "config", "configMap", "configmaps"],
        CONTAINERS,
        "",
        "write `env-from = [\"config.NAME\"]` for variables, `mounts = { \"/etc/app\" = { config = \"NAME\" } }` for files",
    ),
    other(&["valueFrom", "secretKeyRef"], "secret", source),
    other(&["configMapKeyRef"], "config", source),
    other(&["fieldRef", "fieldPath"], "field", source),
    say(
        &["resourceFieldRef"],
        Tables::Named(&["env reference"]),
        "resource",
        "write `{ resource = \"limits.memory\" }`",
    ),
    say(
        &["value"],
        Tables::Named(&["env reference"]),
        "field",
        "write VALUE in place of the whole table, or remove `value`: a variable has either a value or a source",
    ),
    same(&["secretName", "secretRef"], "secret"),
    same(&["configMapName", "configMapRef", "configMap"], "config"),
];

/// Workloads that run until they are removed.
const RUNNING: Tables = Tables::Named(&["api", "worker"]);

fn env(word: &Word) -> Option<String> {
    variables(word.value).map(|variables| format!("write `env = {variables}`"))
}

fn env_from(word: &Word) -> Option<String> {
    sources(word.value).map(|sources| format!("write `env-from = {sources}`"))
}

/// Compose's list, or its table of conditions.
fn uses(word: &Word) -> Option<String> {
    let names: Vec<&str> = match word.value {
        Value::Table(table) => table.keys().map(|key| &**key).collect(),
        value => texts(value)?,
    };
    let names = list(names.into_iter().map(|name| name.split(':').next().unwrap_or(name)));
    Some(format!("write `uses = {names}` to connect to them; add `wait = {names}` to start after them"))
}

/// `valueFrom` and what stands below it in Kubernetes.
fn source(word: &Word) -> Option<String> {
    let below = word.value_table()?;
    let translated = match word.name {
        "valueFrom" | "value_from" => reference(below),
        name => {
            let mut from = Table::default();
            from.insert(name.into(), Node { origin: OriginId(0), value: word.value.clone() });
            reference(&from)
        }
    };
    let source = translated.unwrap_or_else(|| "{ secret = \"NAME\", key = \"KEY\" }".to_owned());
    Some(format!("write the source itself: `{source}`"))
}

fn entry_point(word: &Word) -> Option<String> {
    let words = match word.value {
        Value::String(text) => command(text),
        value => list(texts(value)?),
    };
    Some(format!("write `command = {words}`"))
}

fn arguments(word: &Word) -> Option<String> {
    let words = match word.value {
        Value::String(text) => command(text),
        value => list(texts(value)?),
    };
    Some(format!("write `args = {words}`"))
}

/// A number, or Compose's and Docker's "1000:1000".
fn user(word: &Word) -> Option<String> {
    let text = scalar(word.value)?;
    let help = account(text).map(|keys| format!("write `security = {}`", table(keys)));
    help.or_else(|| {
        Some(format!(
            "write `security = {{ user = NUMBER }}` with the number of `{text}`: the kubelet cannot verify a name"
        ))
    })
}

/// Texts, or Kubernetes' tables with a name.
fn pull_secrets(word: &Word) -> Option<String> {
    let names: Vec<&str> = match word.value {
        Value::Array(items) => {
            items.iter().filter_map(|item| item.as_str().or_else(|| item.get("name")?.as_str())).collect()
        }
        value => vec![scalar(value)?],
    };
    Some(format!("write `pull-secrets = {}`", list(names)))
}

fn one_port(word: &Word) -> Option<String> {
    let inside = scalar(word.value)?;
    // the checker has brought `port` beside it into its long form
    let port = word.beside.get("port").map(|port| port.get("port").unwrap_or(port));
    let outside = port.and_then(|port| scalar(&port.value)).filter(|outside| *outside != inside);
    Some(match outside {
        Some(outside) => format!("write it behind the port of the Service: `port = \"{outside}:{inside}\"`"),
        None => format!("write `port = {inside}`"),
    })
}

fn all_ports(word: &Word) -> Option<String> {
    ports(word.value).map(|ports| format!("write `ports = {ports}`"))
}

fn memory(word: &Word) -> Option<String> {
    let key = if word.name.ends_with("limit") { "resources.limits.memory" } else { "resources.memory" };
    Some(format!("write `{key} = {}`", literal(&binary(scalar(word.value)?))))
}

/// What Swarm and Compose keep below `deploy`.
fn deploy(word: &Word) -> Option<String> {
    let deploy = word.value_table()?;
    let mut keys = Vec::new();
    if let Some(replicas) = at(deploy, &["replicas"]) {
        keys.push(format!("`replicas = {}`", inline(replicas)));
    }
    let amounts = |of: &str| {
        let amount = |word| at(deploy, &["resources", of, word]).and_then(scalar).map(|text| literal(&binary(text)));
        [("cpu", amount("cpus")), ("memory", amount("memory"))]
            .into_iter()
            .filter_map(|(key, amount)| Some((key, amount?)))
    };
    let mut resources: Vec<_> = amounts("reservations").collect();
    let limits: Vec<_> = amounts("limits").collect();
    if !limits.is_empty() {
        resources.push(("limits", table(limits)));
    }
    if !resources.is_empty() {
        keys.push(format!("`resources = {}`", table(resources)));
    }
    (!keys.is_empty()).then(|| format!("write {}", keys.join(" and ")))
}

/// `requests = { cpu = "100m" }`: the requests stand directly in `resources`.
fn requests(word: &Word) -> Option<String> {
    let table = word.value_table()?;
    let keys: Vec<_> = table.iter().map(|(key, value)| format!("`{key} = {}`", inline(&value.value))).collect();
    (!keys.is_empty()).then(|| format!("requests stand directly in `resources`: write {}", keys.join(" and ")))
}
