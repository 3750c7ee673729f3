//! Words for the keys of init containers and sidecars, where they mean something else than in the component.

use super::{Row, Show, Tables, Word, other, ports, same, say, scalar, texts, variables};
use crate::document::inline::{list, literal, table};
use crate::document::{Node, Value};

/// The words; they come before those of the component, whose keys an init container or sidecar does not have.
pub const ROWS: &[Row] = &[
    other(&["initContainers", "initContainer"], "init", init),
    other(&["sidecars", "sidecarContainers", "extraContainers"], "sidecar", sidecar),
    say(
        &["restartPolicy", "restart"],
        SIDECAR,
        "",
        "remove it: a sidecar is started again by itself, and ends with the component",
    ),
    say(
        &["restartPolicy", "restart"],
        INIT,
        "",
        "remove it: an init container runs until it succeeds; one that goes on running is a `sidecar.NAME`",
    ),
    say(
        &["ports", "port", "probes", "health", "stop", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle"],
        INIT,
        "",
        "remove it, or make this a `sidecar.NAME`: an init container ends before the component starts",
    ),
    Row { words: &["port", "containerPort"], tables: SIDECAR, key: "ports", show: Show::Of(port) },
    say(
        &["health", "healthcheck"],
        SIDECAR,
        "probes",
        "write `probes.ready = VALUE`, and `probes.live` to have it restarted when it fails",
    ),
    say(
        &["grace", "terminationGracePeriodSeconds"],
        Tables::Named(&["pre-stop"]),
        "",
        "write `stop.grace` in the component: all containers of a Pod share one grace period",
    ),
    say(
        &["terminationGracePeriodSeconds", "stop_grace_period"],
        BOTH,
        "",
        "write `stop.grace` in the component: all containers of a Pod share one grace period",
    ),
    say(
        &["wait", "depends_on"],
        BOTH,
        "uses",
        "write `wait` in the component: all its other containers start after that",
    ),
    say(
        &["pull-policy", "imagePullPolicy", "pull-secrets", "imagePullSecrets"],
        BOTH,
        "",
        "remove it: the component says it for its own image, `cluster.images` for those of other containers",
    ),
    same(&["serviceAccountToken"], "token"),
    say(
        &["downwardAPI", "fieldRef"],
        SOURCE,
        "field",
        "write `field = \"metadata.labels\"` and `path = \"NAME\"`, one source for each field",
    ),
    same(&["expirationSeconds"], "expires"),
    say(
        &["sources"],
        Tables::Named(&["mount"]),
        "projected",
        "write `projected = [{ config = \"NAME\" }, { secret = \"NAME\" }]`",
    ),
    say(
        &["downwardAPI"],
        Tables::Named(&["mount"]),
        "projected",
        "write `projected = [{ field = \"metadata.labels\", path = \"labels\" }]`",
    ),
];

const INIT: Tables = Tables::Named(&["init container"]);
const SIDECAR: Tables = Tables::Named(&["sidecar"]);
const BOTH: Tables = Tables::Named(&["init container", "sidecar"]);
const SOURCE: Tables = Tables::Named(&["projected source"]);

/// Only the component's own port is called `http` by itself.
fn port(word: &Word) -> Option<String> {
    let number = scalar(word.value)?;
    let all = ports(word.value).unwrap_or_else(|| format!("{{ main = {number} }}"));
    Some(format!("write `ports = {all}`, with a name that says what it is"))
}

fn init(word: &Word) -> Option<String> {
    let all = containers("init", word);
    Some(all.unwrap_or_else(|| "write a table for each: `init.NAME = { command = [\"…\"] }`".to_owned()))
}

fn sidecar(word: &Word) -> Option<String> {
    let all = containers("sidecar", word);
    Some(all.unwrap_or_else(|| "write a table for each: `sidecar.NAME = { image = \"…\" }`".to_owned()))
}

/// Kubernetes' list of containers as tables keyed by their names.
fn containers(key: &str, word: &Word) -> Option<String> {
    let Value::Array(items) = word.value else { return None };
    let own = word.around.and_then(|around| around.image.as_deref());
    let all: Vec<_> = items.iter().map(|item| container(key, item, own)).collect::<Option<_>>()?;
    let repeats = items.iter().any(|item| own.is_some() && item.get("image").and_then(Node::as_str) == own);
    let why = match repeats {
        true => "; without `image` it is the component's own, with its env, uses and mounts",
        false => "",
    };
    (!all.is_empty()).then(|| format!("write a table for each: {}{why}", all.join(" and ")))
}

/// One of them; its image is left out where it is `own`, that of the component.
fn container(key: &str, item: &Node, own: Option<&str>) -> Option<String> {
    let name = item.get("name")?.as_str()?;
    let words = |word: &str| Some(list(texts(&item.get(word)?.value)?));
    let image = item.get("image").and_then(Node::as_str).filter(|image| Some(*image) != own);
    let keys = [
        ("image", image.map(literal)),
        ("command", words("command")),
        ("args", words("args")),
        ("env", item.get("env").and_then(|env| variables(&env.value))),
        ("ports", item.get("ports").and_then(|list| ports(&list.value))),
    ];
    let keys = table(keys.into_iter().filter_map(|(key, value)| Some((key, value?))));
    Some(format!("`{key}.{name} = {keys}`"))
}
