//! Objects as text: YAML or JSON that a table holds, and what was read from it.

use crate::document::Value;
use crate::shape::kind::{Expressions, TextForm};
use crate::shape::{Kind, Leaf};
use crate::value::Invalid;

/// A text in YAML or JSON. `{{ }}` is not special in it, unless the table says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlText(pub String);

impl Leaf for YamlText {
    const KIND: &'static Kind = &Kind::Text(&TextForm {
        what: "a text in YAML",
        example: "kind: ConfigMap",
        check: |_| Ok(()),
        bare: |_| None,
        expressions: Expressions::Verbatim,
    });

    fn read(value: &Value) -> Result<Self, Option<Invalid>> {
        match value {
            Value::String(text) | Value::Untyped(text) => Ok(Self(text.to_string())),
            _ => Err(None),
        }
    }

    fn placeholder() -> Self {
        Self(String::new())
    }
}
