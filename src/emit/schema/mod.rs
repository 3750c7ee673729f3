//! JSON Schema, draft 2020-12, of the files that people write, for editors: made from the declarations that decode them.
//!
//! A schema sees one file. What other layers may give is never required in it, and what `{{ }}` gives is not checked.

mod patterns;
mod tables;

pub use patterns::PATTERNS;

use crate::component::file::{Overlay, StackFile};
use crate::shape::TableForm;
use serde_json::{Value, json};
use tables::Definitions;

/// The schema of a stack file.
pub fn stack() -> String {
    schema(
        StackFile::FORM,
        "stack",
        "A stack file: an application for Kubernetes. `stowplan explain` says the same on a terminal.",
    )
}

/// The schema of a profile file, `profiles/NAME.toml`.
pub fn profile() -> String {
    schema(Overlay::FORM, "profile", "A profile file: facts about a cluster, and defaults for what a stack leaves out.")
}

fn schema(form: &'static TableForm, word: &str, description: &str) -> String {
    let mut definitions = Definitions::default();
    let mut root = definitions.table(form);
    let keys = root.as_object_mut().expect("the schema of a table is a JSON object");
    keys.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    keys.insert("$id".into(), json!(format!("urn:stowplan:schema:{word}")));
    keys.insert("title".into(), json!(format!("stowplan {word}")));
    keys.insert("description".into(), json!(description));
    keys.insert("$defs".into(), Value::Object(definitions.finish()));
    let mut text = serde_json::to_string_pretty(&root).expect("a tree of texts is JSON");
    text.push('\n');
    text
}
