//! `[config.NAME]`: settings and files, not secret.

use super::lint::Allowances;
use super::parts::content::Content;
use super::world::{Subject, World, add};
use crate::bundle::{Bundle, Traced, traced};
use crate::diagnostic::Diagnostic;
use crate::document::{OriginId, Value};
use crate::shape::kind::{Expressions, TextForm};
use crate::shape::{Decoder, Keyed, Kind, Leaf, Written};
use crate::value::{Bare, ConfigKey, Invalid, RelativePath};
use crate::{table, traced};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

/// Text in which `{{ }}` is not special.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents(pub String);

impl Leaf for Contents {
    const KIND: &'static Kind = &Kind::Text(&TextForm {
        what: "a text",
        example: "text",
        check: |_| Ok(()),
        bare: as_spelled,
        expressions: Expressions::Verbatim,
    });

    fn read(value: &Value) -> Result<Self, Option<Invalid>> {
        match value {
            Value::String(text) => Ok(Self(text.to_string())),
            other => match other.bare().and_then(as_spelled) {
                Some(Ok(text)) => Ok(Self(text.into())),
                Some(Err(invalid)) => Err(Some(invalid)),
                None => Err(None),
            },
        }
    }

    fn placeholder() -> Self {
        Self(String::new())
    }
}

fn as_spelled(bare: Bare) -> Option<Result<Box<str>, Invalid>> {
    <super::parts::env::EnvText as crate::value::Scalar>::bare(bare)
}

table! {
    /// Settings and files, not secret. A ConfigMap.
    pub struct Config("config") {
        /// Keys with their texts.
        data: Keyed<ConfigKey, Written<Contents>>,
        /// Keys with the files whose contents they get, relative to the stack file; or one folder, each file of which is a key.
        files: Option<Files>,
        /// Renders the contents with minijinja.
        template: Option<Written<bool>>,
        /// Findings of `lint` that are meant, each with the reason: `{ unused-config = "read by an operator" }`.
        allow: Allowances,
    }
    validate check_config;
}

/// `files = { "nginx.conf" = "config/nginx.conf" }` or `files = "config"`.
#[derive(Debug, Clone)]
pub enum Files {
    /// Files by key.
    Keyed(Keyed<ConfigKey, Written<RelativePath>>),
    /// Every file of a folder.
    Folder(Written<RelativePath>),
}

impl crate::shape::Shape for Files {
    const KIND: &'static Kind = &Kind::OneOf(&[
        <Keyed<ConfigKey, Written<RelativePath>> as crate::shape::Shape>::KIND,
        <RelativePath as Leaf>::KIND,
    ]);

    fn decode(node: &crate::document::Node, decoder: &mut Decoder) -> Option<Self> {
        match &node.value {
            Value::Table(_) => Keyed::decode(node, decoder).map(Self::Keyed),
            _ => Written::decode(node, decoder).map(Self::Folder),
        }
    }
}

/// A `[config]` with everything that it holds.
#[derive(Debug, Clone)]
pub struct ConfigPlan {
    /// Its name.
    pub name: Written<String>,
    /// Where the table was written.
    pub origin: OriginId,
    /// Its keys: those of `data`, then those of `files`, each in the order written; the files of a folder by name.
    pub data: Vec<(Written<String>, Written<Content>)>,
}

/// Adds the ConfigMap.
pub fn lower(plan: &ConfigPlan, world: &World, bundle: &mut Bundle) {
    let name = plan.name.value.as_str();
    let subject = Subject { table: "config", component: name, name, origin: plan.origin };
    add(bundle, subject, "config", config_map(world.metadata(subject, name), plan));
}

/// The ConfigMap that holds the keys of a plan: texts and bytes apart, as the API has them.
pub fn config_map(metadata: Traced<ObjectMeta>, plan: &ConfigPlan) -> Traced<core::ConfigMap> {
    let mut data = Vec::new();
    let mut binary_data = Vec::new();
    for (key, content) in &plan.data {
        match &content.value {
            Content::Text(text) => data.push((key.value.clone(), traced(text.clone(), content.origin))),
            Content::Bytes(bytes) => {
                binary_data.push((key.value.clone(), traced(ByteString(bytes.clone()), content.origin)))
            }
        }
    }
    traced!(plan.origin, core::ConfigMap { metadata: metadata, data: data, binary_data: binary_data })
}

/// An empty `data` is a ConfigMap that is filled elsewhere; nothing at all is a mistake.
fn check_config(config: &Config, decoder: &mut Decoder) {
    if config.data.origin.is_none() && config.files.is_none() && !decoder.is_doubtful(&["files"]) {
        let diagnostic = Diagnostic::error("missing-key", "this config holds nothing")
            .at(decoder.span(config.origin), "needs `data` or `files`")
            .help("add `data = { LOG_LEVEL = \"info\" }` or `files = { \"app.conf\" = \"config/app.conf\" }`");
        decoder.report.push(diagnostic);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::fixture::{Fixture, json};

    #[test]
    fn texts_and_bytes_stand_apart() {
        let mut fixture =
            Fixture::new("stack = { name = \"todo\", namespace = { name = \"app\" } }\nconfig.web.data.a = \"x\"");
        let configs: Keyed<crate::value::ObjectName, Config> = fixture.decode(&["config"]);
        let (name, config) = &configs.entries[0];
        let (key, text) = &config.data.entries[0];
        let origin = text.origin;
        let plan = ConfigPlan {
            name: name.as_ref().map(ToString::to_string),
            origin: name.origin,
            data: vec![
                (key.as_ref().map(ToString::to_string), Written { value: Content::Text("x".into()), origin }),
                (Written { value: "b".into(), origin }, Written { value: Content::Bytes(vec![0xff]), origin }),
            ],
        };
        let bundle = fixture.lower(|world, _, bundle| lower(&plan, world, bundle));
        let object = &bundle.objects[0];
        assert_eq!((object.kind_name(), object.name(), object.namespace()), ("ConfigMap", "web", Some("app")));
        assert_eq!(json(&object.root, &["data"]), serde_json::json!({ "a": "x" }));
        assert_eq!(json(&object.root, &["binaryData"]), serde_json::json!({ "b": "/w==" }));
        assert_eq!(json(&object.root, &["metadata", "labels", "app.kubernetes.io/component"]), "config");
        assert_eq!(object.root.follow(&["data", "a"]).map(|field| field.cause), Some(origin.into()));
    }

    #[test]
    fn a_config_of_nothing_is_a_mistake() {
        let mut fixture = Fixture::new("[config.web]\ntemplate = true");
        let _: Config = fixture.decode(&["config", "web"]);
        assert_eq!(fixture.only_message().0, "this config holds nothing");
        let mut empty = Fixture::new("[config.web]\ndata = {}");
        let _: Config = empty.decode(&["config", "web"]);
        assert!(empty.report.diagnostics.is_empty());
    }
}
