//! What beginners type: words of Compose, Helm, Score and Kubernetes, and what they are called here.

use super::kind::{Kind, TableForm};
use crate::document::{Node, Table, Value};

/// What to type for a key that is a word of another tool.
pub fn find(_form: &TableForm, _name: &str, _child: &Node, _beside: &Table) -> Option<String> {
    None
}

/// What to type where a value has a type that another tool uses there.
pub fn mistaken(_kind: &Kind, _key: &str, _value: &Value) -> Option<String> {
    None
}
