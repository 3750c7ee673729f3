//! Values of a type that another tool uses there.

use super::pods::{addresses, rules_by_group};
use super::{account as numbers_of_account, command, ports, scalar, sources, texts, variables};
use crate::document::inline::{inline, literal, table};
use crate::document::{Node, Table, Value};
use crate::shape::around::Around;
use crate::shape::{Kind, TableForm};
use crate::value::{Image, Invalid, Quantity, Scalar, nearest};

/// What to type in place of a value that has the wrong type.
pub fn help(kind: &Kind, key: &str, value: &Value, outer: &[&'static TableForm]) -> String {
    account(kind, key, value)
        .or_else(|| mounted(kind, key, value))
        .or_else(|| known(key, value, outer))
        .or_else(|| converted(kind, key, value))
        .unwrap_or_else(|| format!("write `{} = {}`", shown(key), kind.example()))
}

/// What to type in place of a word that is none of those that this key takes.
pub fn word(key: &str, word: &str, words: &[&str], around: Option<&Around>) -> Option<String> {
    if key == "engine" && nearest(word, words.iter().copied()).is_none() {
        let name = around.and_then(Around::name).unwrap_or("NAME");
        return Some(format!(
            "write one of {}; another database is an `[api.{name}]` with `image`, `port`, `kind = \"StatefulSet\"` and its disk, `mounts.\"/PATH\" = {{ storage = \"50Gi\" }}`",
            words.iter().map(|word| literal(word)).collect::<Vec<_>>().join(", ")
        ));
    }
    let is_rolling = ["rolling", "rollingupdate", "rolling-update"].contains(&word.to_ascii_lowercase().as_str());
    match (key, is_rolling) {
        ("strategy", true) => Some("remove it: updates roll unless \"recreate\" is written".to_owned()),
        ("strategy", false) => Some("write \"recreate\", or remove it: updates roll then".to_owned()),
        _ => None,
    }
}

/// What is said about a text that is no amount: cpu is counted in thousandths, memory in bytes.
pub fn amount(key: &str, text: &str, invalid: Invalid) -> Invalid {
    let unit = match key {
        "cpu" => Some("m"),
        "memory" | "ephemeral-storage" | "size" | "storage" => Some("Mi"),
        _ => None,
    };
    let meant = unit.zip(text.strip_suffix("mi")).map(|(unit, number)| format!("{number}{unit}"));
    match (key, meant.filter(|amount| Quantity::parse(amount).is_ok())) {
        (_, Some(amount)) => invalid.replace_by(amount),
        ("cpu", None) if invalid.replacement.is_none() && !text.starts_with('-') => {
            invalid.help("write an amount of cpu such as \"500m\"")
        }
        _ => invalid,
    }
}

/// `user = "1000:1000"`, or the name of a user.
fn account(kind: &Kind, key: &str, value: &Value) -> Option<String> {
    let (Kind::Integer { .. }, "user" | "group", Value::String(text)) = (kind, key, value) else { return None };
    if text.parse::<u32>().is_ok() {
        return None;
    }
    Some(match numbers_of_account(text) {
        Some(keys) if key == "user" => {
            let keys: Vec<_> = keys.iter().map(|(key, number)| format!("`{key} = {number}`")).collect();
            format!("write {}", keys.join(" and "))
        }
        _ => format!("write the number of the {key}: the kubelet cannot verify a name"),
    })
}

/// `"/data" = "data"`: the name of a volume, as Compose has it.
fn mounted(kind: &Kind, path: &str, value: &Value) -> Option<String> {
    match (kind, value) {
        (Kind::Table(form), Value::String(name)) if form.name == "mount" => {
            Some(format!("write `{} = {{ volume = {} }}`", shown(path), literal(name)))
        }
        _ => None,
    }
}

fn shown(key: &str) -> &str {
    if key.is_empty() { "KEY" } else { key }
}

/// Forms of other tools that hold the values already.
fn known(key: &str, value: &Value, outer: &[&'static TableForm]) -> Option<String> {
    match (key, value) {
        ("ports", Value::Array(_)) => port_list(value, outer),
        ("ports", value) => scalar(value).map(|port| format!("write `ports = {{ http = {} }}`", number_or_text(port))),
        ("port", Value::Array(_)) => ports(value).map(|ports| format!("write `ports = {ports}`")),
        ("env" | "data" | "labels" | "annotations" | "node-selector" | "vars", Value::Array(_)) => {
            variables(value).map(|variables| format!("write `{key} = {variables}`"))
        }
        ("image", Value::Table(parts)) => image(parts),
        ("command", Value::String(text)) => {
            let words = command(text);
            Some(format!(
                "write `command = {words}` to replace the image's entry point, or `args = {words}` to keep it, as Compose's `command` does"
            ))
        }
        ("args" | "exec", Value::String(text)) => Some(format!("write `{key} = {}`", command(text))),
        ("mounts", Value::Array(_)) => {
            Some("write a table keyed by path: `mounts = { \"/data\" = { volume = \"NAME\" } }`".to_owned())
        }
        ("resources", Value::String(amount)) => {
            let key = if amount.ends_with(['i', 'M', 'G']) { "memory" } else { "cpu" };
            Some(format!("write `resources = {}`", table([(key, literal(amount))])))
        }
        ("probes", Value::String(path)) => Some(format!("write `health = {}`", literal(path))),
        ("stack", Value::String(name)) => Some(format!("write `[stack]` with `name = {}`", literal(name))),
        ("routes", Value::Array(_)) => {
            Some("write a table keyed by path: `routes = { \"/\" = \"NAME\" }`, with the name of an api".to_owned())
        }
        ("routes", Value::String(target)) => Some(format!("write `routes = {}`", table([("/", literal(target))]))),
        ("files", Value::Array(_)) => {
            Some("write a table of keys with their files: `files = { \"app.conf\" = \"config/app.conf\" }`".to_owned())
        }
        ("init", Value::Boolean(_)) => Some(
            "remove it: where a program leaves children behind, make `tini` the entry point of its image; a container that runs first is `init.NAME = { command = [\"…\"] }`"
                .to_owned(),
        ),
        ("backup", _) => Some("write `backup = { schedule = \"0 2 * * *\", storage = \"20Gi\" }`".to_owned()),
        ("access" | "cluster-access", value) => rules_by_group(key, value),
        ("host-aliases", value) => addresses(value).map(|addresses| format!("write `host-aliases = {addresses}`")),
        ("env-from", value) => sources(value).map(|sources| format!("write `env-from = {sources}`")),
        _ => None,
    }
}

/// Compose's list; an api with one port has a short form too.
fn port_list(value: &Value, outer: &[&'static TableForm]) -> Option<String> {
    let all = ports(value)?;
    let has_short = outer.last().is_some_and(|form| form.key("port").is_some());
    let one = all.strip_prefix("{ http = ").and_then(|port| port.strip_suffix(" }"));
    Some(match one.filter(|port| has_short && !port.contains(',')) {
        Some(port) => format!("write `ports = {all}`, or short `port = {port}`"),
        None => format!("write `ports = {all}`"),
    })
}

/// Helm's parts of an image.
fn image(parts: &Table) -> Option<String> {
    let part = |words: &[&str]| words.iter().find_map(|word| scalar(&parts.get(word)?.value));
    let registry = part(&["registry"]).map(|registry| format!("{registry}/")).unwrap_or_default();
    let name = part(&["repository", "name", "image"])?;
    let tag = part(&["tag", "version"]).map(|tag| format!(":{tag}")).unwrap_or_default();
    Some(format!("write `image = \"{registry}{name}{tag}\"`"))
}

/// The same value in the form that is expected.
fn converted(kind: &Kind, key: &str, value: &Value) -> Option<String> {
    let key = shown(key);
    match (kind, value) {
        (Kind::Boolean | Kind::True | Kind::False, value) => {
            let word = match scalar(value)?.to_lowercase().as_str() {
                "true" | "yes" | "on" | "1" | "enabled" => "true",
                "false" | "no" | "off" | "0" | "disabled" => "false",
                _ => return None,
            };
            kind.takes(&Value::Boolean(word == "true")).then(|| format!("write `{key} = {word}`"))
        }
        (Kind::Integer { .. }, value) => {
            let text = scalar(value)?.trim();
            let number: i64 = text.trim_end_matches('%').parse().ok()?;
            let rest = if text.ends_with('%') { " and `%`" } else { "" };
            Some(format!("write the number without quotes{rest}: `{key} = {number}`"))
        }
        (Kind::Text(form), Value::Array(items)) => match &items[..] {
            [only] if only.as_str().is_some_and(|text| (form.check)(text).is_ok()) => {
                Some(format!("write `{key} = {}`", inline(&only.value)))
            }
            _ => None,
        },
        (Kind::Text(form), value) => {
            let text = scalar(value).filter(|text| (form.check)(text).is_ok())?;
            Some(format!("quote it: `{key} = {}`", literal(text)))
        }
        (Kind::List(item), value) if item.takes(value) => Some(format!("write a list: `{key} = [{}]`", inline(value))),
        (Kind::Map(_), Value::Array(_)) => by_name(key, value),
        (Kind::Map(form), value) => {
            let short = form.short.as_ref()?;
            converted(short.kind, key, value)
        }
        (Kind::Table(form), value) => {
            let short = form.short.as_ref()?;
            converted(short.kind, key, value)
        }
        (Kind::OneOf(kinds), value) => kinds.iter().find_map(|kind| converted(kind, key, value)),
        _ => None,
    }
}

/// The same value with quotes or without them, where that is all that is wrong with it.
pub fn requoted(kind: &Kind, value: &Value) -> Option<String> {
    match (kind, value) {
        (Kind::Boolean, Value::String(text)) => matches!(&**text, "true" | "false").then(|| text.to_string()),
        (Kind::Integer { .. }, Value::String(text)) => {
            let number: i64 = text.parse().ok()?;
            (kind.takes(&Value::Integer(number, text.clone())) && number.to_string() == **text)
                .then(|| text.to_string())
        }
        // A number is formally an image, and hardly what was meant.
        (Kind::Text(form), Value::Integer(_, text) | Value::Float(text) | Value::Date(text)) => {
            (form.what != Image::WHAT && (form.check)(text).is_ok()).then(|| literal(text))
        }
        _ => None,
    }
}

/// `[[api]]` with `name = "web"`, or a list of names, as tables with headers.
fn by_name(key: &str, value: &Value) -> Option<String> {
    let Value::Array(items) = value else { return None };
    let named = items.first()?.get("name").and_then(Node::as_str).map(str::to_owned);
    let named = named.or_else(|| texts(value)?.first().map(|text| (*text).to_owned()));
    let name = named.unwrap_or_else(|| "NAME".to_owned());
    Some(format!("write `[{key}.{name}]`: each has a table of its own name"))
}

fn number_or_text(port: &str) -> String {
    if port.bytes().all(|byte| byte.is_ascii_digit()) { port.to_owned() } else { literal(port) }
}
