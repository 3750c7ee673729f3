//! What is said about each mistake: what is wrong, and what to type next.

use super::path::Path;
use crate::bundle::schema::{FieldRow, Item, ServedKind, TypeId, Value};
use crate::bundle::{Field, FieldValue, Key, Object};
use crate::check::{Correction, Finding, Part, Reason, Target};
use crate::value::{nearest, unmistakable};

/// Something that the server does not read.
pub enum Mistake<'a> {
    /// No version has a field of this name there.
    Unknown { owner: TypeId, key: &'a str, beside: &'a [(Key, Field)] },
    /// The clusters do not have the field, others do.
    OutOfRange { row: &'static FieldRow, owner: TypeId },
    /// Servers demand a field that is not there.
    Missing { row: &'static FieldRow, owner: TypeId },
    /// A value of another type.
    Type { wanted: &'static str, wrong: &'a FieldValue, code: &'static str },
    /// A number that does not fit.
    Range { bits: u32, wrong: i64, code: &'static str },
    /// A text without the form that is wanted.
    Form { wanted: &'static str, wrong: &'a str, code: &'static str, help: &'static str },
}

/// How many fields a message lists.
const LISTED: usize = 12;

impl<'a> Mistake<'a> {
    /// What is wrong with a value that is no list, map or object where `item` is wanted.
    pub fn scalar(item: Item, wrong: &'a FieldValue, path: &Path) -> Self {
        let (wanted, code) = match item {
            Item::Text => ("a text", text_code(path)),
            Item::Int32 => ("a whole number", "DEC-003"),
            Item::Int64 => ("a whole number", "DEC-004"),
            Item::Number => ("a number", "DEC-004"),
            Item::Boolean => ("true or false", "DEC-005"),
            Item::Quantity => ("an amount", "DEC-006"),
            Item::IntOrText => ("a whole number or a text", "DEC-007"),
            Item::Bytes => ("base64", "DEC-008"),
            _ => ("a time", "DEC-014"),
        };
        match (item, wrong) {
            (Item::Int64, FieldValue::Float(number)) if number.fract() == 0.0 && number.abs() >= 9e18 => {
                Self::Type { wanted: "a whole number of 64 bits", wrong, code }
            }
            (Item::Int32 | Item::IntOrText, FieldValue::Integer(number)) => {
                Self::Range { bits: 32, wrong: *number, code }
            }
            (Item::Quantity, FieldValue::String(wrong)) => {
                let help = "write a number and one of m, k, M, G, T, Ki, Mi, Gi, Ti, as in \"512Mi\"";
                Self::Form { wanted, wrong, code, help }
            }
            (Item::Time, FieldValue::String(wrong)) => {
                Self::Form { wanted, wrong, code, help: "write it as in \"2026-01-31T12:00:00Z\"" }
            }
            (Item::MicroTime, FieldValue::String(wrong)) => {
                Self::Form { wanted, wrong, code, help: "write it as in \"2026-01-31T12:00:00.000000Z\"" }
            }
            // The text may be a password.
            (Item::Bytes, FieldValue::String(_)) => {
                let help =
                    "encode the value with `base64`; a Secret takes it as it is in `stringData`, a ConfigMap in `data`";
                Self::Form { wanted, wrong: "", code, help }
            }
            _ => Self::Type { wanted, wrong, code },
        }
    }

    /// The finding about it.
    pub fn finding(&self, object: (usize, &Object), kind: ServedKind, path: &Path, target: Target) -> Finding {
        let (code, title, help) = self.words(kind, path, target);
        let reason = if matches!(self, Self::Missing { .. }) { Reason::Required } else { Reason::BadRequest };
        let mut finding = Finding::at(object, &path.pointer(), code, reason, (title, help));
        if matches!(self, Self::Unknown { .. } | Self::OutOfRange { .. }) {
            finding.part = Part::Key;
        }
        finding.correction = self.correction(kind, target);
        if let Self::OutOfRange { .. } = self {
            let phrase = format!("the cluster is Kubernetes {}", target.oldest);
            finding.related.extend(target.origin.map(|origin| (origin.into(), phrase)));
        }
        finding
    }

    /// The one right answer, where there is one.
    fn correction(&self, kind: ServedKind, target: Target) -> Option<Correction> {
        match self {
            Self::Unknown { owner, key, beside } => {
                let fields = owner.fields().iter().filter(|row| row.is_in(target.oldest) && row.is_in(target.newest));
                let meant = unmistakable(key, fields.map(FieldRow::name))?;
                let (old, new) = ((*key).to_owned(), meant.to_owned());
                Some(match beside.iter().find(|(key, _)| key == meant) {
                    None => Correction::Rename(old, new),
                    Some((_, field)) => Correction::RenameBeside(old, new, field.cause),
                })
            }
            Self::Type { wanted: "a text", wrong, .. } if kind.kind() != "Secret" => {
                let is_plain = matches!(wrong, FieldValue::Integer(_) | FieldValue::Float(_) | FieldValue::Boolean(_));
                is_plain.then_some(Correction::Quote)
            }
            Self::Type { wanted: "a whole number", wrong: FieldValue::String(text), .. } => {
                text.parse::<i64>().ok().map(|_| Correction::Unquote(text.to_string()))
            }
            Self::Type { wanted: "true or false", wrong: FieldValue::String(text), .. } => {
                matches!(&**text, "true" | "false").then(|| Correction::Unquote(text.to_string()))
            }
            _ => None,
        }
    }

    fn words(&self, kind: ServedKind, path: &Path, target: Target) -> (&'static str, String, String) {
        match self {
            Self::Unknown { owner, key, .. } => {
                let message = format!("{} has no field `{key}`", short(*owner));
                ("DEC-010", message, unknown_help(*owner, key, path, target))
            }
            Self::OutOfRange { row, owner } => out_of_range(row, *owner, target),
            Self::Missing { row, owner } => {
                let message = format!("{} needs the field `{}`", short(*owner), row.name());
                ("REQ-001", message, format!("add `{}`: {}", row.name(), describe(row.value())))
            }
            Self::Type { wanted, wrong, code } => {
                let message = format!("`{}` takes {wanted}, and this is {}", path.name(), wrong.describe());
                (code, message, type_help(wanted, wrong, kind))
            }
            Self::Range { bits, wrong, code } => {
                let message = format!("{wrong} does not fit `{}`: it takes a whole number of {bits} bits", path.name());
                (code, message, format!("write a number from {} to {}", i32::MIN, i32::MAX))
            }
            Self::Form { wanted, wrong, code, help } => {
                let what = if wrong.is_empty() {
                    "this is none".to_owned()
                } else {
                    format!("`{}` is none", wrong.escape_debug())
                };
                (code, format!("`{}` takes {wanted}, and {what}", path.name()), (*help).to_owned())
            }
        }
    }
}

/// Entries of maps, `stringData` and all other texts have rules of their own.
fn text_code(path: &Path) -> &'static str {
    match path.map() {
        Some("stringData") => "DEC-009",
        Some(_) => "DEC-001",
        None => "DEC-002",
    }
}

/// `PodSpec`, for `core.v1.PodSpec`.
fn short(owner: TypeId) -> &'static str {
    owner.name().rsplit('.').next().unwrap_or_default()
}

fn describe(value: Value) -> &'static str {
    match value {
        Value::List(_) => "a list",
        Value::Map(_) | Value::MapOfLists(_) => "a map",
        Value::One(item) => match item {
            Item::Object(_) => "a map of fields",
            Item::Int32 | Item::Int64 => "a whole number",
            Item::Number => "a number",
            Item::Boolean => "true or false",
            Item::Quantity => "an amount such as \"512Mi\"",
            Item::IntOrText => "a whole number or a text",
            Item::Bytes => "a text in base64",
            Item::Time | Item::MicroTime => "a time",
            Item::Text => "a text",
            _ => "a value",
        },
    }
}

/// The misspelt field; the object that has one of this name; or what there is.
fn unknown_help(owner: TypeId, key: &str, path: &Path, target: Target) -> String {
    let fields = || owner.fields().iter().filter(|row| row.is_in(target.oldest) && row.is_in(target.newest));
    if let Some(near) = nearest(key, fields().map(FieldRow::name)) {
        return format!("did you mean `{near}`?");
    }
    let is_known = |owner: TypeId| owner.field(key).is_some_and(|row| row.is_in(target.oldest));
    let inner = fields().find(|row| row.value().item().1.type_id().is_some_and(is_known));
    if let Some(inner) = inner {
        return format!("move it into `{}`, which has a field of this name", inner.name());
    }
    if let Some((outer, _)) = path.owners().skip(1).find(|(_, owner)| is_known(*owner)) {
        let outer = outer.pointer();
        let place = if outer.is_root() { "the object itself".to_owned() } else { format!("`{outer}`") };
        return format!("move it out to {place}, which has a field of this name");
    }
    let mut names: Vec<String> = fields().take(LISTED + 1).map(|row| format!("`{}`", row.name())).collect();
    let more = names.len() > LISTED;
    names.truncate(LISTED);
    match (names.is_empty(), more) {
        (true, _) => "remove it: an empty map is all that may stand here".to_owned(),
        (false, true) => format!("remove it, or write a field of {}: {}, …", short(owner), names.join(", ")),
        (false, false) => format!("remove it, or write one of {}", names.join(", ")),
    }
}

fn out_of_range(row: &FieldRow, owner: TypeId, target: Target) -> (&'static str, String, String) {
    let field = format!("`{}` of {}", row.name(), short(owner));
    let (message, help) = if row.first() > target.oldest {
        let first = row.first();
        (
            format!("{field} exists from Kubernetes {first} on, and the cluster is {}", target.oldest),
            format!("remove it, or {}", target.newer(first)),
        )
    } else {
        let gone = row.last().minor + 1;
        (
            format!("{field} is gone since Kubernetes 1.{gone}, and the cluster is {}", target.newest),
            "remove it".to_owned(),
        )
    };
    ("DEC-010", message, help)
}

fn type_help(wanted: &str, wrong: &FieldValue, kind: ServedKind) -> String {
    match (wanted, wrong) {
        // A Secret's values are nobody's business.
        ("a text" | "a whole number or a text", FieldValue::Integer(number)) if kind.kind() != "Secret" => {
            format!("write it in quotes: \"{number}\"")
        }
        ("a text", FieldValue::Boolean(truth)) if kind.kind() != "Secret" => format!("write it in quotes: \"{truth}\""),
        ("a text", FieldValue::Integer(_) | FieldValue::Float(_) | FieldValue::Boolean(_)) => {
            "write it in quotes".to_owned()
        }
        ("a whole number", FieldValue::Float(number)) if number.fract() == 0.0 => format!("write {number:.0}"),
        ("a whole number", FieldValue::String(text)) if text.parse::<i64>().is_ok() => {
            format!("write it without quotes: {text}")
        }
        ("true or false", FieldValue::String(text)) if matches!(&**text, "true" | "false") => {
            format!("write it without quotes: {text}")
        }
        ("a list", FieldValue::Map(_)) => "write a list, with this as an item of it".to_owned(),
        ("a list", _) => "write a list, even of one".to_owned(),
        ("a map of fields", _) => "write its fields below it, each with a value of its own".to_owned(),
        ("base64", _) if kind.kind() == "Secret" => {
            "write it in quotes below `stringData`, which takes it as it is, or in base64 here".to_owned()
        }
        _ => format!("write {wanted}"),
    }
}
