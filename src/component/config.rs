//! `[config.NAME]`: settings and files, not secret.

use crate::document::Value;
use crate::shape::kind::{Expressions, TextForm};
use crate::shape::{Keyed, Kind, Leaf, Written};
use crate::table;
use crate::value::{Bare, ConfigKey, Invalid, RelativePath};

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
    }
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
    const KIND: &'static Kind =
        &Kind::OneOf(&[<Keyed<ConfigKey, Written<RelativePath>> as crate::shape::Shape>::KIND, <RelativePath as Leaf>::KIND]);

    fn decode(node: &crate::document::Node, decoder: &mut crate::shape::Decoder) -> Option<Self> {
        match &node.value {
            Value::Table(_) => Keyed::decode(node, decoder).map(Self::Keyed),
            _ => Written::decode(node, decoder).map(Self::Folder),
        }
    }
}
