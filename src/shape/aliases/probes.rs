//! Words for health checks.

use super::{
    CONTAINERS, Row, Show, Tables, WORKLOADS, Word, at, command, duration, other, same, say, scalar, seconds, texts,
};
use crate::document::inline::{inline, list, literal, table};
use crate::document::{Table, Value};

/// The words.
pub const ROWS: &[Row] = &[
    Row { words: &["healthcheck", "health_check"], tables: WORKLOADS, key: "health", show: Show::Of(health) },
    Row { words: &["livenessProbe", "liveness"], tables: CONTAINERS, key: "probes", show: Show::Of(live) },
    Row { words: &["readinessProbe", "readiness"], tables: CONTAINERS, key: "probes", show: Show::Of(ready) },
    Row { words: &["startupProbe", "startup"], tables: CONTAINERS, key: "probes", show: Show::Of(start) },
    say(
        &["probe"],
        WORKLOADS,
        "probes",
        "write `probes.live`, `probes.ready` or `probes.start`, or `health = \"/healthz\"` for all three",
    ),
    say(&["liveness", "livenessProbe", "alive"], Tables::Named(&["probes"]), "live", "write `live = VALUE`"),
    say(&["readiness", "readinessProbe"], Tables::Named(&["probes"]), "ready", "write `ready = VALUE`"),
    say(&["startup", "startupProbe"], Tables::Named(&["probes"]), "start", "write `start = VALUE`"),
    say(
        &["http", "path", "tcp", "exec"],
        Tables::Named(&["probes"]),
        "",
        "say which probe it is: `live = { … }`, `ready = { … }` or `start = { … }`",
    ),
    Row { words: &["httpGet", "http_get"], tables: PROBE, key: "http", show: Show::Of(asked) },
    Row { words: &["tcpSocket", "tcp_socket"], tables: PROBE, key: "tcp", show: Show::Of(asked) },
    Row { words: &["path", "url", "endpoint"], tables: PROBE, key: "http", show: Show::Value },
    other(&["test", "cmd", "command"], "exec", test),
    Row {
        words: &["initialDelaySeconds", "start_period", "initialDelay"],
        tables: PROBE,
        key: "delay",
        show: Show::Seconds,
    },
    Row { words: &["periodSeconds", "interval"], tables: PROBE, key: "period", show: Show::Seconds },
    Row { words: &["timeoutSeconds"], tables: PROBE, key: "timeout", show: Show::Seconds },
    seconds(&["terminationGracePeriodSeconds"], "grace"),
    same(&["failureThreshold"], "failures"),
    Row { words: &["retries"], tables: PROBE, key: "failures", show: Show::Value },
    same(&["successThreshold"], "successes"),
    same(&["httpHeaders"], "headers"),
];

const PROBE: Tables = Tables::Named(&["probe"]);

fn live(word: &Word) -> Option<String> {
    named("live", word)
}

fn ready(word: &Word) -> Option<String> {
    named("ready", word)
}

fn start(word: &Word) -> Option<String> {
    named("start", word)
}

fn named(name: &str, word: &Word) -> Option<String> {
    Some(match word.value {
        Value::Table(probe) => format!("write `probes.{name} = {}`", translate(probe)),
        value => format!("write `probes.{name} = {}`", inline(value)),
    })
}

/// Compose's health check runs a command, which only the live probe does without harm.
fn health(word: &Word) -> Option<String> {
    Some(match word.value {
        Value::Table(probe) => format!(
            "write `probes.live = {}`; an HTTP path for all probes is `health = \"/healthz\"`",
            translate(probe)
        ),
        value => format!("write `health = {}`", inline(value)),
    })
}

fn asked(word: &Word) -> Option<String> {
    let mut probe = Table::default();
    probe.insert(
        word.name.into(),
        crate::document::Node { origin: crate::document::OriginId(0), value: word.value.clone() },
    );
    let translated = entries(&probe).into_iter().map(|(key, value)| format!("`{key} = {value}`")).collect::<Vec<_>>();
    (!translated.is_empty()).then(|| format!("write {}", translated.join(" and ")))
}

fn test(word: &Word) -> Option<String> {
    Some(format!("write `exec = {}`", tested(word.value)?))
}

/// `["CMD", "a"]`, `["CMD-SHELL", "a | b"]` or a text.
fn tested(value: &Value) -> Option<String> {
    if let Value::String(text) = value {
        return Some(command(text));
    }
    let words = texts(value)?;
    Some(match words[..] {
        ["CMD-SHELL", line] => list(["sh", "-c", line]),
        ["CMD", ..] => list(words[1..].iter().copied()),
        _ => list(words),
    })
}

fn translate(probe: &Table) -> String {
    table(entries(probe))
}

/// A probe of Kubernetes or Compose with our keys.
fn entries(probe: &Table) -> Vec<(&'static str, String)> {
    let mut entries = Vec::new();
    for (key, node) in probe {
        let value = &node.value;
        let inner = node.as_table();
        let part = |path: &[&str]| inner.and_then(|inner| at(inner, path));
        match &**key {
            "httpGet" | "http_get" => {
                entries.extend(part(&["path"]).and_then(scalar).map(|path| ("http", literal(path))));
                entries.extend(part(&["port"]).map(|port| ("port", inline(port))));
            }
            "tcpSocket" | "tcp_socket" => {
                entries.push(("tcp", "true".to_owned()));
                entries.extend(part(&["port"]).map(|port| ("port", inline(port))));
            }
            "exec" => entries.push(("exec", part(&["command"]).map_or_else(|| inline(value), inline))),
            "test" => entries.extend(tested(value).map(|test| ("exec", test))),
            "path" => entries.push(("http", inline(value))),
            "initialDelaySeconds" | "start_period" => entries.extend(duration(value).map(|time| ("delay", time))),
            "periodSeconds" | "interval" => entries.extend(duration(value).map(|time| ("period", time))),
            "timeoutSeconds" | "timeout" => entries.extend(duration(value).map(|time| ("timeout", time))),
            "failureThreshold" | "retries" => entries.push(("failures", inline(value))),
            "successThreshold" => entries.push(("successes", inline(value))),
            "http" => entries.push(("http", inline(value))),
            "port" => entries.push(("port", inline(value))),
            _ => {}
        }
    }
    entries
}
