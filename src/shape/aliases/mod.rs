//! What beginners type: words of Compose, Helm, Score and Kubernetes, and what they are called here.

mod batch;
mod budget;
mod companion;
mod container;
mod exposure;
mod kernel;
mod pods;
mod probes;
mod storage;
mod tables;
mod types;
mod workload;

use crate::document::inline::{inline, list, literal, table};
use crate::document::{Node, Table, Value};
use crate::shape::around::Around;
use crate::shape::patched::{folded, pod_field};
use crate::shape::{Kind, TableForm, TextForm};
use crate::value::{Invalid, Quantity, Scalar};

/// What to type for a key of another tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// In the imperative, with the values that were written.
    pub help: String,
    /// Our key, where there is one; it counts as written.
    pub key: Option<&'static str>,
}

/// What a word of another tool is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Called {
    /// This key.
    Key(&'static str),
    /// No key of this table: what to do.
    Otherwise(&'static str),
}

/// What to type for a key that is a word of another tool; `beside` are the other keys of its table, `around` is its component.
pub fn find(form: &TableForm, name: &str, child: &Node, beside: &Table, around: Option<&Around>) -> Option<Alias> {
    let written = Word { name, value: &child.value, beside, around };
    let Some(row) = row(form, name) else { return exposure::entry(form, &written) };
    let key = row.key.split('.').next().filter(|key| form.key(key).is_some());
    Some(Alias { help: row.help(&written)?, key: key.and_then(|key| form.key(key)).map(|key| key.name) })
}

/// The row of a word in a table.
fn row(form: &TableForm, name: &str) -> Option<&'static Row> {
    let word = folded(name);
    let topics = [
        companion::ROWS,
        tables::ROWS,
        container::ROWS,
        workload::ROWS,
        pods::ROWS,
        probes::ROWS,
        batch::ROWS,
        budget::ROWS,
        exposure::ROWS,
        kernel::ROWS,
        storage::ROWS,
    ];
    let mut rows = topics.into_iter().flatten();
    rows.find(|row| row.words.iter().any(|known| folded(known) == word) && row.applies(form))
}

/// What a word of another tool is in this table, whatever its value: our key as a path, or else what is said of it.
pub fn called(form: &TableForm, name: &str) -> Option<Called> {
    let row = row(form, name)?;
    let is_key = row.key.split('.').next().is_some_and(|key| form.key(key).is_some());
    match row.show {
        _ if is_key => Some(Called::Key(row.key)),
        Show::Say(sentence) if !sentence.contains("VALUE") => Some(Called::Otherwise(sentence)),
        _ => None,
    }
}

/// What to type where a value has another type than its key takes; `outer` are the tables around it, the innermost last.
pub fn mistaken(kind: &Kind, key: &str, value: &Value, outer: &[&'static TableForm]) -> String {
    types::help(kind, key, value, outer)
}

/// The same value with quotes or without them, where that is all that is wrong with it.
pub fn requoted(kind: &Kind, value: &Value) -> Option<String> {
    types::requoted(kind, value)
}

/// What to type in place of a word that is none of those that this key takes; `around` is the component at hand.
pub fn word(key: &str, word: &str, words: &[&str], around: Option<&Around>) -> Option<String> {
    types::word(key, word, words, around)
}

/// What is said about a text that is no amount, in the units of its key.
pub fn amount(form: &TextForm, key: &str, text: &str, invalid: Invalid) -> Invalid {
    if form.what == Quantity::WHAT { types::amount(key, text, invalid) } else { invalid }
}

/// The configs and secrets that a layer declares, as `env-from` names them: `config.app`.
pub fn sources_of_env(layer: &Table) -> Vec<String> {
    let named = |table: &'static str| {
        let entries = layer.get(table).and_then(Node::as_table).into_iter().flatten();
        entries.map(move |(name, _)| format!("{table}.{name}"))
    };
    named("config").chain(named("secret")).collect()
}

/// What is said about a text in `env-from` without its table, where the layer declares one of that name.
pub fn source_of_env(key: &str, text: &str, declared: &[String], invalid: Invalid) -> Invalid {
    let is_meant = |source: &&String| source.split_once('.').is_some_and(|(_, name)| name == text);
    let mut meant = declared.iter().filter(is_meant);
    match (key, meant.next(), meant.next()) {
        ("env-from", Some(source), None) => invalid.replace_by(source.clone()),
        _ => invalid,
    }
}

/// A word of another tool, and what it is here.
struct Row {
    /// Its spellings; case, `-` and `_` do not count.
    words: &'static [&'static str],
    /// The tables in which it means this.
    tables: Tables,
    /// Our key; empty where there is none. Only the first segment must be a key of the table.
    key: &'static str,
    /// What to say.
    show: Show,
}

/// The tables in which a word means something.
enum Tables {
    /// Those that have our key.
    WithKey,
    /// Those with one of these names.
    Named(&'static [&'static str]),
}

/// What is said for a word.
enum Show {
    /// Our key with the value that was written.
    Value,
    /// Our key with the number that was written, as a duration in seconds.
    Seconds,
    /// This sentence, in which `VALUE` is the value that was written.
    Say(&'static str),
    /// This sentence, in which `NAME` is the first name in the table that was written.
    Named(&'static str),
    /// Whatever the function makes of it; `None` where the value is of no known form.
    Of(fn(&Word) -> Option<String>),
}

/// A word that was written, with its value.
struct Word<'a> {
    name: &'a str,
    value: &'a Value,
    beside: &'a Table,
    around: Option<&'a Around>,
}

/// The tables of workloads.
const WORKLOADS: Tables = Tables::Named(&["api", "worker", "cronjob", "job", "template", "workload defaults", "db"]);
/// The tables of containers: a workload is its main one.
const CONTAINERS: Tables = Tables::Named(&[
    "api",
    "worker",
    "cronjob",
    "job",
    "template",
    "workload defaults",
    "db",
    "init container",
    "sidecar",
]);
/// The file, an overlay, a profile.
const LAYERS: Tables = Tables::Named(&["stack file", "overlay"]);

/// A word for a key that takes the same value.
const fn same(words: &'static [&'static str], key: &'static str) -> Row {
    Row { words, tables: Tables::WithKey, key, show: Show::Value }
}

/// A word for a time in seconds.
const fn seconds(words: &'static [&'static str], key: &'static str) -> Row {
    Row { words, tables: Tables::WithKey, key, show: Show::Seconds }
}

/// A word for a key that takes another form of value.
const fn other(words: &'static [&'static str], key: &'static str, of: fn(&Word) -> Option<String>) -> Row {
    Row { words, tables: Tables::WithKey, key, show: Show::Of(of) }
}

/// A word about which a sentence is to be said.
const fn say(words: &'static [&'static str], tables: Tables, key: &'static str, sentence: &'static str) -> Row {
    Row { words, tables, key, show: Show::Say(sentence) }
}

impl Row {
    fn applies(&self, form: &TableForm) -> bool {
        match &self.tables {
            Tables::WithKey => self.key.split('.').next().is_some_and(|key| form.key(key).is_some()),
            Tables::Named(names) => names.contains(&form.name),
        }
    }

    fn help(&self, word: &Word) -> Option<String> {
        match self.show {
            Show::Value => Some(match word.value {
                Value::Invalid => format!("call it `{}`", self.key),
                value => format!("write `{} = {}`", self.key, inline(value)),
            }),
            Show::Seconds => Some(match duration(word.value) {
                Some(duration) => format!("write `{} = {duration}`", self.key),
                None => format!("call it `{}`, with a duration such as \"10s\"", self.key),
            }),
            Show::Say(sentence) => Some(sentence.replace("VALUE", &inline(word.value))),
            Show::Named(sentence) => {
                let mut named =
                    word.value_table().into_iter().flatten().filter(|(_, entry)| entry.as_table().is_some());
                Some(sentence.replace("NAME", named.next().map_or("NAME", |(name, _)| name)))
            }
            Show::Of(of) => Some(of(word).unwrap_or_else(|| format!("it is called `{}` here", self.key))),
        }
    }
}

impl Word<'_> {
    /// The patch of a field of the component's Pods, below a sentence.
    fn pod_field(&self, why: &str, path: &[&str], value: &str) -> Option<String> {
        pod_field(why, path, value, self.around?)
    }

    fn value_table(&self) -> Option<&Table> {
        match self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }
}

/// A number of seconds, or a text, as a duration.
fn duration(value: &Value) -> Option<String> {
    match value {
        Value::Integer(number, _) if *number >= 0 => Some(format!("\"{number}s\"")),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() => {
            Some(format!("\"{text}s\""))
        }
        Value::String(text) => Some(literal(text)),
        _ => None,
    }
}

/// The text of a value without parts.
fn scalar(value: &Value) -> Option<&str> {
    match value {
        Value::Boolean(true) => Some("true"),
        Value::Boolean(false) => Some("false"),
        Value::Integer(_, text) | Value::Float(text) | Value::String(text) | Value::Date(text) => Some(text),
        _ => None,
    }
}

/// A list of texts, where all of its items are texts.
fn texts(value: &Value) -> Option<Vec<&str>> {
    match value {
        Value::Array(items) => items.iter().map(Node::as_str).collect(),
        _ => None,
    }
}

/// A scalar at a path through tables.
fn at<'a>(table: &'a Table, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    Some(&table.get(first)?.at(rest)?.value)
}

/// `["A=1"]`, `[{ name = "A", value = "1" }]` or a table as the table that `env` is.
fn variables(value: &Value) -> Option<String> {
    match value {
        Value::Array(items) => {
            let pairs: Option<Vec<_>> = items.iter().map(|item| variable(&item.value)).collect();
            pairs.filter(|pairs| !pairs.is_empty()).map(table)
        }
        Value::Table(_) => Some(inline(value)),
        _ => None,
    }
}

fn variable(item: &Value) -> Option<(&str, String)> {
    match item {
        Value::String(text) => match text.split_once('=') {
            Some((name, value)) => Some((name, literal(value))),
            None => Some((text, literal("…"))),
        },
        Value::Table(entry) => {
            let name = scalar(&entry.get("name")?.value)?;
            if let Some(value) = entry.get("value") {
                return Some((name, inline(&value.value)));
            }
            let from = entry.get("valueFrom").or_else(|| entry.get("value_from"))?;
            Some((name, reference(from.as_table()?)?))
        }
        _ => None,
    }
}

/// What stands under `valueFrom` as what stands in `env`.
fn reference(from: &Table) -> Option<String> {
    let keyed = |word: &str, table_word: &'static str| {
        let reference = from.get(word)?.as_table()?;
        let name = scalar(&reference.get("name")?.value)?;
        let key = scalar(&reference.get("key")?.value)?;
        Some(table([(table_word, literal(name)), ("key", literal(key))]))
    };
    let plain = |path: &[&str], key: &'static str| Some(table([(key, literal(scalar(at(from, path)?)?))]));
    keyed("secretKeyRef", "secret")
        .or_else(|| keyed("configMapKeyRef", "config"))
        .or_else(|| plain(&["fieldRef", "fieldPath"], "field"))
        .or_else(|| plain(&["resourceFieldRef", "resource"], "resource"))
}

/// Kubernetes' `envFrom`: a list of tables with the name of a ConfigMap or Secret.
fn sources(value: &Value) -> Option<String> {
    let Value::Array(items) = value else { return None };
    let name = |item: &Node, word: &str| Some(item.get(word)?.get("name")?.as_str()?.to_owned());
    let source = |item: &Node| {
        let config = name(item, "configMapRef").map(|name| format!("config.{name}"));
        config.or_else(|| name(item, "secretRef").map(|name| format!("secret.{name}")))
    };
    let sources: Vec<_> = items.iter().map(source).collect::<Option<_>>()?;
    (!sources.is_empty()).then(|| list(sources.iter().map(String::as_str)))
}

/// A command in one text as the list that it is; through a shell where only a shell understands it.
fn command(text: &str) -> String {
    let needs_shell = text.contains(['&', '|', ';', '$', '>', '<', '`', '"', '\'', '*', '\\', '\n']);
    if needs_shell { list(["sh", "-c", text]) } else { list(text.split_whitespace()) }
}

/// `1000` or `1000:1000` as keys of `security`.
fn account(text: &str) -> Option<Vec<(&'static str, String)>> {
    let (user, group) = text.split_once(':').map_or((text, None), |(user, group)| (user, Some(group)));
    let number = |text: &str| text.parse::<u32>().ok().map(|number| number.to_string());
    let group = match group {
        Some(group) => Some(("group", number(group)?)),
        None => None,
    };
    Some([("user", number(user)?)].into_iter().chain(group).collect())
}

/// Compose counts memory in powers of 1024, whatever the letter: "512m", "1gb".
fn binary(amount: &str) -> String {
    let lower = amount.to_lowercase();
    let text = lower.strip_suffix('b').unwrap_or(&lower);
    let suffixes = [('k', "Ki"), ('m', "Mi"), ('g', "Gi")];
    let found = suffixes.into_iter().find_map(|(letter, suffix)| Some((text.strip_suffix(letter)?, suffix)));
    found.map_or_else(|| amount.to_owned(), |(number, suffix)| format!("{number}{suffix}"))
}

/// `["80:3000"]` or Kubernetes' tables as the table that `ports` is.
fn ports(value: &Value) -> Option<String> {
    let Value::Array(items) = value else { return None };
    let mut named: Vec<(String, String)> = Vec::new();
    for item in items {
        let (name, port) = port(&item.value)?;
        let name = name.unwrap_or_else(|| usual_name(&port).to_owned());
        let taken = named.iter().any(|(known, _)| *known == name);
        let name = if taken { format!("port-{}", container_port(&port)) } else { name };
        named.push((name, port));
    }
    (!named.is_empty()).then(|| table(named.iter().map(|(name, port)| (name.as_str(), port.clone()))))
}

/// One port of a list: its name where it has one, and the port as it is typed here.
fn port(item: &Value) -> Option<(Option<String>, String)> {
    match item {
        Value::Integer(_, text) => Some((None, text.to_string())),
        Value::String(text) => Some((None, published(text))),
        Value::Table(entry) => {
            let number = |words: &[&str]| words.iter().find_map(|word| scalar(&entry.get(word)?.value));
            let inside = number(&["containerPort", "targetPort", "target"]);
            let outside = number(&["port", "published"]);
            let name = entry.get("name").and_then(Node::as_str).map(str::to_owned);
            let port = match (outside, inside) {
                (Some(outside), Some(inside)) if outside != inside => literal(&format!("{outside}:{inside}")),
                (outside, inside) => outside.or(inside)?.to_owned(),
            };
            Some((name, port))
        }
        _ => None,
    }
}

/// Compose's "127.0.0.1:80:3000" without the address, and a lone number without quotes.
fn published(text: &str) -> String {
    let parts: Vec<&str> = text.split(':').collect();
    match parts[..] {
        [port] if port.bytes().all(|byte| byte.is_ascii_digit()) => port.to_owned(),
        [.., outside, inside] => literal(&format!("{outside}:{inside}")),
        _ => literal(text),
    }
}

fn container_port(port: &str) -> &str {
    let port = port.trim_matches('"').rsplit(':').next().unwrap_or(port);
    port.split('/').next().unwrap_or(port)
}

/// What a port is usually called.
fn usual_name(port: &str) -> &'static str {
    match container_port(port) {
        "443" | "8443" => "https",
        "53" => "dns",
        "22" => "ssh",
        "9090" | "9100" => "metrics",
        _ => "http",
    }
}
