//! Environment variables: literals, keys of ConfigMaps and Secrets, fields of the Pod.

use crate::bundle::{Traced, traced};
use crate::component::world::{World, text};
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::document::inline::{list, literal, table as inline_table};
use crate::document::path::quoted;
use crate::document::{Node, OriginId, Value};
use crate::shape::{Decoder, Keyed, Kind, Leaf, Merge, Shape, TableForm, Written};
use crate::table;
use crate::traced;
use crate::value::{Bare, ConfigKey, Invalid, ObjectName, Scalar};
use crate::value::{EnvName, nearest, unmistakable};
use k8s_openapi::api::core::v1 as core;

/// The value of a variable as the container sees it. Numbers and booleans are taken as they are spelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvText(pub String);

impl Scalar for EnvText {
    const WHAT: &'static str = "a text, a number or a boolean";
    const EXAMPLE: &'static str = "production";

    fn parse(text: &str) -> Result<Self, Invalid> {
        Ok(Self(text.to_owned()))
    }

    fn bare(bare: Bare) -> Option<Result<Box<str>, Invalid>> {
        let (text, kind, plain) = match bare {
            Bare::Boolean(value) => return Some(Ok(value.to_string().into())),
            Bare::Integer(_, text) | Bare::Float(text) if is_plain(text) => return Some(Ok(text.into())),
            Bare::Integer(number, text) => (text, "number", Some(number)),
            Bare::Float(text) => (text, "number", None),
            Bare::Date(text) => (text, "date", None),
        };
        let plain = plain.map(|number| format!("write \"{number}\" for the plain number, or quote it as it stands"));
        Some(Err(Invalid {
            title: format!("`{text}` is a {kind} of TOML, and a container sees text"),
            help: Some(plain.unwrap_or_else(|| format!("quote it as the container shall see it: \"{text}\""))),
            at: None,
            replacement: Some(text.to_owned()),
        }))
    }
}

/// `3000`, `-1`, `0.5`: no `0x`, no `_`, no exponent, no sign in front.
fn is_plain(text: &str) -> bool {
    text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

table! {
    /// A variable whose value is kept elsewhere.
    pub struct EnvReference("env reference") {
        /// The `[config]` that holds the value.
        config: Option<Written<ObjectName>>,
        /// The `[secret]` that holds the value.
        secret: Option<Written<ObjectName>>,
        /// The key in the config or secret.
        key: Option<Written<ConfigKey>>,
        /// A field of the Pod, such as `status.podIP`.
        field: Option<Written<String>>,
        /// A request or limit of the container, such as `limits.memory`.
        resource: Option<Written<String>>,
        /// Starts the container even where the config, secret or key is missing.
        optional: Option<Written<bool>>,
    }
    form {
        exclusive: &[&["config", "secret", "field", "resource"]],
        merge: Merge::Whole,
    }
    validate check_reference;
}

/// The value of a variable.
#[derive(Debug, Clone)]
pub enum EnvValue {
    /// Written here.
    Text(Written<EnvText>),
    /// Kept elsewhere.
    Reference(EnvReference),
}

impl Shape for EnvValue {
    const KIND: &'static Kind = &Kind::OneOf(&[<EnvText as Leaf>::KIND, &Kind::Table(REFERENCE)]);

    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match &node.value {
            Value::Table(_) => EnvReference::decode(node, decoder).map(Self::Reference),
            _ => Written::<EnvText>::decode(node, decoder).map(Self::Text),
        }
    }
}

const REFERENCE: &TableForm = EnvReference::FORM;

/// `config.NAME` or `secret.NAME`: every key of it becomes a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvFrom {
    /// A `[config]`.
    Config(ObjectName),
    /// A `[secret]`.
    Secret(ObjectName),
}

impl Scalar for EnvFrom {
    const WHAT: &'static str = "a config or secret such as \"config.app\"";
    const EXAMPLE: &'static str = "config.app";

    fn parse(text: &str) -> Result<Self, Invalid> {
        match text.split_once('.') {
            Some(("config", name)) => {
                ObjectName::parse(name).map(Self::Config).map_err(|invalid| behind("config.", invalid))
            }
            Some(("secret", name)) => {
                ObjectName::parse(name).map(Self::Secret).map_err(|invalid| behind("secret.", invalid))
            }
            _ => Err(Invalid {
                title: format!("`{text}` is neither \"config.NAME\" nor \"secret.NAME\""),
                help: Some(format!("write \"config.{text}\" or \"secret.{text}\"")),
                at: None,
                replacement: None,
            }),
        }
    }
}

/// What is wrong with a name, said of the text that has `table` before it.
fn behind(table: &str, invalid: Invalid) -> Invalid {
    let at = invalid.at.clone().map(|at| at.start + table.len()..at.end + table.len());
    match &invalid.replacement {
        Some(name) => Invalid { at, ..invalid.clone().replace_by(format!("{table}{name}")) },
        None => Invalid { at, ..invalid },
    }
}

impl EnvValue {
    /// Where the value was written.
    pub fn origin(&self) -> OriginId {
        match self {
            Self::Text(text) => text.origin,
            Self::Reference(reference) => reference.origin,
        }
    }

    /// The variable.
    pub fn lower(&self, name: &Written<EnvName>) -> Traced<core::EnvVar> {
        match self {
            Self::Text(value) => {
                let value = traced(value.value.0.clone(), value.origin);
                traced!(name.origin, core::EnvVar { name: text(name), value: value })
            }
            Self::Reference(reference) => {
                traced!(name.origin, core::EnvVar { name: text(name), value_from: reference.lower() })
            }
        }
    }
}

impl EnvReference {
    fn lower(&self) -> Traced<core::EnvVarSource> {
        let key = || self.key.as_ref().map_or(traced(String::new(), self.origin), text);
        let optional = || self.optional.map(|optional| traced(optional.value, optional.origin));
        traced!(
            self.origin,
            core::EnvVarSource {
                config_map_key_ref: self.config.as_ref().map(|name| {
                    traced!(
                        name.origin,
                        core::ConfigMapKeySelector { name: text(name), key: key(), optional: optional() }
                    )
                }),
                secret_key_ref: self.secret.as_ref().map(|name| {
                    traced!(name.origin, core::SecretKeySelector { name: text(name), key: key(), optional: optional() })
                }),
                field_ref: self
                    .field
                    .as_ref()
                    .map(|field| { traced!(field.origin, core::ObjectFieldSelector { field_path: text(field) }) }),
                resource_field_ref: self.resource.as_ref().map(|resource| {
                    traced!(resource.origin, core::ResourceFieldSelector { resource: text(resource) })
                }),
            }
        )
    }
}

/// The sources all of whose keys become variables.
pub fn lower_env_from(sources: &[Written<EnvFrom>]) -> Vec<Traced<core::EnvFromSource>> {
    let lower = |source: &Written<EnvFrom>| {
        let named = |name: &ObjectName| traced(name.to_string(), source.origin);
        let (config, secret) = match &source.value {
            EnvFrom::Config(name) => {
                (Some(traced!(source.origin, core::ConfigMapEnvSource { name: named(name) })), None)
            }
            EnvFrom::Secret(name) => (None, Some(traced!(source.origin, core::SecretEnvSource { name: named(name) }))),
        };
        traced!(source.origin, core::EnvFromSource { config_map_ref: config, secret_ref: secret })
    };
    sources.iter().map(lower).collect()
}

fn check_reference(reference: &EnvReference, decoder: &mut Decoder) {
    let sources = [reference.config.as_ref().map(|_| "config"), reference.secret.as_ref().map(|_| "secret")];
    let keyed = sources.into_iter().flatten().next();
    let span = decoder.span(reference.origin);
    match (keyed, &reference.key) {
        (Some(_), None) if decoder.is_doubtful(&["key"]) => {}
        (Some(source), None) => {
            let diagnostic = Diagnostic::error("missing-key", "`key` is missing")
                .at(span, format!("one key of the {source} holds the value"))
                .help(format!("add `key = \"KEY\"`; for all its keys write `env-from = [\"{source}.NAME\"]`"));
            decoder.report.push(diagnostic);
        }
        (None, Some(key)) if reference.field.is_some() || reference.resource.is_some() => {
            let diagnostic = Diagnostic::error("exclusive-keys", "`key` belongs to `config` or `secret`")
                .at(decoder.key_span(key.origin), "")
                .help("remove `key`");
            decoder.report.push(diagnostic);
        }
        (None, _) if decoder.is_doubtful(&["config", "secret", "field", "resource"]) => {}
        (None, _) if reference.field.is_none() && reference.resource.is_none() => {
            let diagnostic = Diagnostic::error("missing-key", "this variable does not say where its value is")
                .at(span, "needs one of `config`, `secret`, `field`, `resource`")
                .help("write `{ secret = \"NAME\", key = \"KEY\" }`, or the value itself as text");
            decoder.report.push(diagnostic);
        }
        _ => {}
    }
}

/// Reports references to configs, secrets and keys that the stack does not declare.
pub fn check_references(
    env: &Keyed<EnvName, EnvValue>,
    sources: &[Written<EnvFrom>],
    world: &World,
    checking: &mut Checking,
) {
    for (_, value) in env.iter() {
        let EnvValue::Reference(reference) = value else { continue };
        let optional = reference.optional.is_some_and(|optional| optional.value);
        // which of the two is meant is asked already
        let is_twofold = reference.config.is_some() && reference.secret.is_some();
        for (name, table) in [(&reference.config, Table::Config), (&reference.secret, Table::Secret)] {
            if let Some(name) = name {
                let key = reference.key.as_ref().filter(|_| !optional && !is_twofold);
                check_key(table, &text_of(name), key, world, checking);
            }
        }
    }
    for source in sources {
        let (table, name) = match &source.value {
            EnvFrom::Config(name) => (Table::Config, name),
            EnvFrom::Secret(name) => (Table::Secret, name),
        };
        check_key(table, &Written { value: name.to_string(), origin: source.origin }, None, world, checking);
    }
}

/// The tables that hold keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// `[config]`.
    Config,
    /// `[secret]`.
    Secret,
}

/// Reports a config or secret that is not declared, or that does not have the key.
pub fn check_key(
    table: Table,
    name: &Written<String>,
    key: Option<&Written<ConfigKey>>,
    world: &World,
    checking: &mut Checking,
) {
    let (word, declared) = match table {
        Table::Config => ("config", &world.names.configs),
        Table::Secret => ("secret", &world.names.secrets),
    };
    let Some(found) = declared.get(name.value.as_str()) else {
        let key = key.map_or("KEY", |key| key.value.as_str());
        let contents = match table {
            Table::Config => format!("data = {}", inline_table([(key, literal("text"))])),
            Table::Secret => format!("keys = {}", list([key])),
        };
        let declare = format!("declare it: `[{word}.{}]` with `{contents}`", quoted(&name.value));
        return checking.unknown(word, &name.value, name.origin, declared.keys().map(|name| &**name), &declare);
    };
    // the keys of a secret are checked where its source is known
    let (Some(key), Some(keys), Table::Config) = (key, &found.keys, table) else { return };
    if keys.iter().any(|known| **known == *key.value.as_str()) {
        return;
    }
    let place = checking.key_span(found.origin);
    let span = checking.name_span(key.value.as_str(), key.origin);
    let diagnostic =
        Diagnostic::error("unknown-reference", format!("the {word} `{}` has no key `{}`", name.value, key.value))
            .at(span, "")
            .at(place, "declared here");
    let known: Vec<_> = keys.iter().map(|key| &**key).collect();
    let help = match nearest(key.value.as_str(), known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => format!("add the key `{}` there", key.value),
        None if known.len() == 1 => format!("write `{}`, its only key", known[0]),
        None => format!("write one of its keys: {}", known.join(", ")),
    };
    let meant = unmistakable(key.value.as_str(), known.into_iter());
    checking.report.push(diagnostic.help(help).renamed(span, checking.sources, key.value.as_str(), meant));
}

fn text_of(name: &Written<ObjectName>) -> Written<String> {
    Written { value: name.value.to_string(), origin: name.origin }
}
