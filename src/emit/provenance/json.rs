//! Where values come from, as one JSON document.

use crate::bundle::{Field, FieldValue};
use crate::document::Act;
use crate::provenance::{Answer, FieldAccount, ObjectAccount, Shown, Writing};
use serde::Serialize;

/// `{"profile": …, "objects": [{…, "fields": […]}]}`, indented by two spaces, with a line break at the end. Of several objects
/// each has one field, itself.
pub fn json(answer: &Answer) -> String {
    let document = Document { profile: &answer.profile, objects: answer.objects.iter().map(Object::of).collect() };
    let mut text = serde_json::to_string_pretty(&document).expect("keys are text, and a String takes all");
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Document<'a> {
    profile: &'a str,
    objects: Vec<Object<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    api_version: &'a str,
    kind: &'a str,
    namespace: Option<&'a str>,
    name: &'a str,
    component: &'a str,
    fields: Vec<Part<'a>>,
}

/// `value` is left out where the field has parts, which follow, and where it is secret.
#[derive(Serialize)]
struct Part<'a> {
    path: &'a str,
    pointer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<serde_json::Value>,
    secret: bool,
    rule: Option<&'static str>,
    /// What the value was made of; of each the newest writing first.
    origins: Vec<Vec<Step<'a>>>,
}

/// Lines and columns count from 1, columns in characters.
#[derive(Serialize)]
struct Step<'a> {
    act: &'static str,
    layer: &'a str,
    patch: Option<&'a str>,
    file: &'a str,
    line: usize,
    column: usize,
    source: &'a str,
    text: &'a str,
}

impl<'a> Object<'a> {
    fn of(account: &'a ObjectAccount) -> Self {
        Self {
            api_version: &account.api_version,
            kind: &account.kind,
            namespace: account.namespace.as_deref(),
            name: &account.name,
            component: &account.component,
            fields: account.fields.iter().map(Part::of).collect(),
        }
    }
}

impl<'a> Part<'a> {
    fn of(account: &'a FieldAccount) -> Self {
        let value = match &account.value {
            Shown::Value(field) => Some(value(field)),
            Shown::Parts(_) | Shown::Secret => None,
        };
        let origins = account.origins.iter().map(|history| history.iter().map(Step::of).collect());
        Self {
            path: &account.path,
            pointer: &account.pointer,
            value,
            secret: matches!(account.value, Shown::Secret),
            rule: account.rule,
            origins: origins.collect(),
        }
    }
}

impl<'a> Step<'a> {
    fn of(writing: &'a Writing) -> Self {
        Self {
            act: match writing.act {
                Act::Set => "set",
                Act::Unset => "unset",
            },
            layer: &writing.layer,
            patch: writing.patch.as_deref(),
            file: &writing.file,
            line: writing.line,
            column: writing.column,
            source: &writing.source,
            text: &writing.text,
        }
    }
}

/// A value without parts.
fn value(field: &Field) -> serde_json::Value {
    match &field.value {
        FieldValue::Null => serde_json::Value::Null,
        FieldValue::Boolean(truth) => (*truth).into(),
        FieldValue::Integer(number) => (*number).into(),
        FieldValue::Float(number) => (*number).into(),
        FieldValue::List(_) => serde_json::Value::Array(Vec::new()),
        FieldValue::Map(_) => serde_json::Value::Object(serde_json::Map::new()),
        _ => field.as_str().unwrap_or_default().into(),
    }
}
