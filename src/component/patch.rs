//! `[patch.NAME]`: changes to objects that the stack makes.

use super::parts::objects::YamlText;
use crate::bundle::{Field, FieldPath, ObjectPattern};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, OriginId, Value};
use crate::shape::kind::{Expressions, TextForm};
use crate::shape::{Decoder, Kind, MapForm, Shape, Written};
use crate::table;
use crate::value::{Invalid, Name};

table! {
    /// A change to objects that the stack makes. Maps are merged by key, lists by the keys that their items have in the API
    /// (containers and variables by name, ports by number and protocol); other lists are replaced. `remove` is done first, then
    /// `yaml`, then `set`. It is an error where no object is meant, or nothing is there to be removed.
    pub struct Patch("patch") {
        /// The objects: kind and name, as in "Deployment/web". The kind may be written as kubectl takes it ("deploy", "svc");
        /// `*` stands for any kind, and for anything in a name. A Job has the name that the stack gives it.
        on: Written<ObjectPattern>,
        /// The fields to set, spelled as Kubernetes spells them: `set.spec.replicas = 3`. In a list, "..." stands for what is
        /// there.
        set: Option<Fields>,
        /// The same as YAML: a part of the object, in which `null` removes a field.
        yaml: Option<Written<YamlText>>,
        /// The fields and items to remove: "spec.template.spec.containers[name=web].args".
        remove: Vec<Written<FieldPath>>,
        /// Renders `yaml` with minijinja first: `{{ }}`, loops and conditions.
        template: Option<Written<bool>>,
    }
    validate check_change;
}

/// Fields of an object as TOML. A text of `--set` or one in which `{{ }}` was evaluated is [`Value::Untyped`]: the field in which
/// it ends says what it is.
#[derive(Debug, Clone)]
pub struct Fields(pub Node);

impl Shape for Fields {
    const KIND: &'static Kind = &Kind::Map(&MapForm {
        key: &TextForm {
            what: "a field of the object",
            example: "spec",
            check: |key| if key.is_empty() { Err(Invalid::new("a field has no name")) } else { Ok(()) },
            bare: |_| None,
            expressions: Expressions::Verbatim,
        },
        value: &Kind::Any,
        short: None,
    });

    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        let mut root = node.clone();
        evaluate(&mut root, decoder);
        Some(Self(root))
    }
}

/// Evaluates every `{{ }}`; a text in which that fails is reported, and nothing is rendered then.
fn evaluate(node: &mut Node, decoder: &mut Decoder) {
    match &mut node.value {
        Value::Table(table) => table.values_mut().for_each(|child| evaluate(child, decoder)),
        Value::Array(items) => items.iter_mut().for_each(|item| evaluate(item, decoder)),
        Value::String(text) | Value::Untyped(text) if text.contains("{{") => {
            node.value = match decoder.evaluate(text, node.origin) {
                Some(text) => Value::Untyped(text.into()),
                None => Value::Invalid,
            };
        }
        _ => {}
    }
}

/// A `[patch]` with its YAML read.
#[derive(Debug, Clone)]
pub struct PatchPlan {
    /// Its name.
    pub name: Written<Name>,
    /// The objects that it changes.
    pub on: Written<ObjectPattern>,
    /// What it removes.
    pub remove: Vec<Written<FieldPath>>,
    /// What it lays over the objects, from YAML.
    pub yaml: Option<Field>,
    /// What it lays over the objects after that, from TOML.
    pub set: Option<Fields>,
    /// Where the table was written.
    pub origin: OriginId,
}

fn check_change(patch: &Patch, decoder: &mut Decoder) {
    let changes = patch.set.is_some() || patch.yaml.is_some() || !patch.remove.is_empty();
    if !changes && !decoder.is_doubtful(&["set", "yaml", "remove"]) {
        let diagnostic = Diagnostic::error("missing-key", "this patch changes nothing")
            .at(decoder.span(patch.origin), "needs `set`, `yaml` or `remove`")
            .help("add what to change, as in `set.spec.replicas = 3` or `remove = [\"spec.replicas\"]`");
        decoder.report.push(diagnostic);
    }
}
