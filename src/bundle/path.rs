//! The path of a field as a user types it: `spec.template.spec.containers[name=web].args`.

use super::field::{Field, FieldValue};
use super::pointer::{Pointer, Segment};
use super::slot::Slot;
use super::spelling::{below, condition, items};
use crate::document::path::flaw;
use crate::value::{Invalid, Scalar, enumerate, nearest};
use std::fmt;
use std::ops::Range;

/// Where a field is in an object: keys with dots between them, quoted where they hold one (`metadata.annotations."a.b/c"`),
/// `[0]` for an item of a list, `[name=web]` for the item with these values (`[port=53,protocol=UDP]` for several).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPath {
    text: Box<str>,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(Box<str>),
    Index(u32),
    /// Fields of an item, and their texts.
    Item(Vec<(Box<str>, Box<str>)>),
    /// A key of a map, or the number of an item: a JSON pointer does not tell them apart.
    Part(Box<str>),
}

/// Why a path leads nowhere in an object.
#[derive(Debug, Clone)]
pub enum Astray<'f> {
    /// The field at the pointer has no such part.
    Missing {
        /// The last field on the way that is there, as it was typed.
        at: String,
        /// That field.
        field: &'f Field,
        /// The step that it does not have, as it was typed.
        step: String,
        /// The steps after that one.
        rest: FieldPath,
    },
    /// Several items of the list at this path have these values.
    Several(String),
}

impl FieldPath {
    /// Reads what a person types who asks for a field: a path, with or without the dot that `jsonpath` wants in front, or a
    /// JSON pointer such as `/spec/ports/0`.
    ///
    /// # Errors
    /// Where the text is neither of them.
    pub fn read(text: &str) -> Result<Self, Invalid> {
        let Some(parts) = text.strip_prefix('/') else {
            let inner = text.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).unwrap_or(text);
            return Self::parse(inner.strip_prefix('.').unwrap_or(inner));
        };
        let part = |part: &str| Step::Part(part.replace("~1", "/").replace("~0", "~").into());
        let steps = if parts.is_empty() { Vec::new() } else { parts.split('/').map(part).collect() };
        Ok(Self { text: text.into(), steps })
    }

    /// The field of an object that is meant.
    ///
    /// # Errors
    /// Where there is none, or not only one.
    pub fn resolve<'f>(&self, root: &'f Field) -> Result<Pointer, Astray<'f>> {
        let mut at = Pointer::default();
        let mut field = root;
        for (position, step) in self.steps.iter().enumerate() {
            let segment = match step {
                Step::Key(key) => Some(Segment::Key(key.clone())),
                Step::Index(index) => Some(Segment::Index(*index)),
                Step::Part(part) if matches!(field.value, FieldValue::List(_)) => part.parse().ok().map(Segment::Index),
                Step::Part(key) => Some(Segment::Key(key.clone())),
                Step::Item(conditions) => {
                    let mut matching = (0..).zip(field.items()).filter(|(_, item)| has(item, conditions));
                    let first = matching.next().map(|(index, _)| Segment::Index(index));
                    if matching.next().is_some() {
                        return Err(Astray::Several(self.part(0..position)));
                    }
                    first
                }
            };
            let next = match &segment {
                Some(Segment::Key(key)) => field.get(key),
                Some(Segment::Index(index)) => field.items().get(*index as usize),
                None => None,
            };
            match (segment, next) {
                (Some(segment), Some(next)) => {
                    at.push(segment);
                    field = next;
                }
                _ => {
                    let rest = Self {
                        text: self.part(position + 1..self.steps.len()).into(),
                        steps: self.steps[position + 1..].to_vec(),
                    };
                    let at = self.part(0..position);
                    return Err(Astray::Missing { at, field, step: step.to_string(), rest });
                }
            }
        }
        Ok(at)
    }

    /// Some of its steps as a path.
    fn part(&self, steps: Range<usize>) -> String {
        let mut text = String::new();
        for step in &self.steps[steps] {
            match step {
                Step::Key(key) | Step::Part(key) => text = below(&text, key),
                step => text.push_str(&step.to_string()),
            }
        }
        text
    }

    /// Its keys, where it has nothing else.
    pub fn keys(&self) -> Option<Vec<&str>> {
        let keys = self.steps.iter().map(|step| match step {
            Step::Key(key) | Step::Part(key) => Some(&**key),
            _ => None,
        });
        keys.collect()
    }
}

impl Astray<'_> {
    /// That the path leads nowhere in `object`, as a phrase.
    pub fn title(&self, object: &str, path: &FieldPath) -> String {
        match self {
            Self::Missing { .. } => format!("`{object}` has no `{path}`"),
            Self::Several(list) => format!("several items of `{list}` of `{object}` are meant by `{path}`"),
        }
    }

    /// What could have been meant in place of the step that leads nowhere, or what there is.
    pub fn hint(&self) -> String {
        match self {
            Self::Missing { at, field, step, rest } => hint(at, field, step, rest),
            Self::Several(_) => {
                "say more of the one that is meant, as in `[port=53,protocol=UDP]`, or its number, as in `[0]`"
                    .to_owned()
            }
        }
    }
}

fn hint(at: &str, field: &Field, step: &str, rest: &FieldPath) -> String {
    let place = if at.is_empty() { "the object".to_owned() } else { format!("`{at}`") };
    match &field.value {
        FieldValue::Map(entries) => match nearest(step, entries.iter().map(|(key, _)| &**key)) {
            Some(near) => guess(below(at, near), field.get(near), rest),
            None => format!("{place} holds {}", enumerate(entries.iter().map(|(key, _)| key.to_string()))),
        },
        FieldValue::List(list) => {
            let own = |item: &Field| Some(format!("[name={}]", item.get("name")?.as_str()?));
            let names = items(list, Slot::UNKNOWN).into_iter().zip(list);
            let names: Vec<String> = names.map(|(name, item)| own(item).unwrap_or(name)).collect();
            match nearest(step, names.iter().map(String::as_str)) {
                _ if names.first().is_none_or(|name| name == "[0]") => {
                    format!("{place} has {} items: write the number of one, from [0] on", list.len())
                }
                Some(near) => {
                    let item = names.iter().position(|name| name == near).and_then(|index| list.get(index));
                    guess(format!("{at}{near}"), item, rest)
                }
                None => format!("the items of {place} are {}", enumerate(names.into_iter())),
            }
        }
        value => format!("{place} is {}, which has no parts", value.describe()),
    }
}

/// The path that may be meant: all of it, because a shorter one means more of the object than was asked for.
fn guess(near: String, field: Option<&Field>, rest: &FieldPath) -> String {
    let dot = if rest.text.is_empty() || rest.text.starts_with('[') { "" } else { "." };
    match field.map(|field| rest.resolve(field)) {
        Some(Ok(_) | Err(Astray::Several(_))) => format!("did you mean `{near}{dot}{rest}`?"),
        Some(Err(Astray::Missing { .. })) => format!("the nearest is `{near}`, which has no `{rest}` either"),
        _ => format!("did you mean `{near}`?"),
    }
}

/// Whether an item of a list has these fields.
fn has(item: &Field, conditions: &[(Box<str>, Box<str>)]) -> bool {
    conditions.iter().all(|(key, wanted)| condition(item, key).is_some_and(|found| *found == **wanted))
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) | Self::Part(key) => formatter.write_str(key),
            Self::Index(index) => write!(formatter, "[{index}]"),
            Self::Item(conditions) => {
                let conditions: Vec<_> = conditions.iter().map(|(key, value)| format!("{key}={value}")).collect();
                write!(formatter, "[{}]", conditions.join(","))
            }
        }
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl Scalar for FieldPath {
    const WHAT: &'static str = "the path of a field such as \"spec.template.spec.containers[name=web].args\"";
    const EXAMPLE: &'static str = "spec.template.spec.containers[name=web].args";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let mut steps = Vec::new();
        let mut at = 0;
        while at < text.len() || steps.is_empty() {
            let rest = &text[at..];
            let (step, length) = match rest.strip_prefix('.').filter(|_| at > 0) {
                Some(behind) => key(behind).map(|(step, length)| (step, length + 1)),
                None if rest.starts_with('[') => bracket(rest),
                None if at == 0 => key(rest),
                None => None,
            }
            .ok_or_else(|| refuse(text, at))?;
            steps.push(step);
            at += length;
        }
        Ok(Self { text: text.into(), steps })
    }
}

fn refuse(text: &str, at: usize) -> Invalid {
    Invalid::new(format!("`{text}` is not the path of a field{}", flaw(text))).at(at..text.len()).help(
        "join keys by dots, quote those that hold one, and put what names an item of a list into brackets: \
             `spec.template.metadata.annotations.\"a.b/c\"`, `spec.ports[name=http]`, `spec.ports[0]`",
    )
}

/// A key, quoted or up to the next dot or bracket, and the bytes that it takes.
fn key(text: &str) -> Option<(Step, usize)> {
    if text.starts_with('"') {
        return escaped(text);
    }
    if let Some(literal) = text.strip_prefix('\'') {
        let end = literal.find('\'')?;
        return Some((Step::Key(literal[..end].into()), end + 2));
    }
    let end = text.find(['.', '[', ']', '"', '\'']).unwrap_or(text.len());
    let is_whole = end > 0 && !text[end..].starts_with([']', '"', '\'']);
    is_whole.then(|| (Step::Key(text[..end].into()), end))
}

/// A key between double quotes, in which a backslash stands before `"` and `\`.
fn escaped(text: &str) -> Option<(Step, usize)> {
    let mut key = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((Step::Key(key.into()), at + 1)),
            '\\' => key.push(letters.next()?.1),
            _ => key.push(letter),
        }
    }
    None
}

/// `[0]`, `[name=web]`, and `[a.b/c]` for a key as the API server spells it; and the bytes that it takes.
fn bracket(text: &str) -> Option<(Step, usize)> {
    let mut quote = None;
    let end = text.char_indices().find_map(|(at, character)| {
        match (quote, character) {
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            (None, ']') => return Some(at),
            _ => {}
        }
        None
    })?;
    let inner = text[1..end].trim();
    let bare = |text: &str| Box::from(text.trim().trim_matches(['"', '\'']));
    let step = if inner.is_empty() {
        return None;
    } else if inner.bytes().all(|byte| byte.is_ascii_digit()) {
        Step::Index(inner.parse().ok()?)
    } else if inner.contains('=') {
        let conditions = inner.split(',').map(|condition| condition.split_once('='));
        Step::Item(
            conditions
                .map(|condition| condition.map(|(key, value)| (bare(key), bare(value))))
                .collect::<Option<_>>()?,
        )
    } else {
        Step::Key(bare(inner))
    };
    Some((step, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::OriginId;
    use proptest::prelude::*;

    /// `{spec: {ports: [{name: dns, port: 53, protocol: UDP}, {port: 53, protocol: TCP}], a.b: x}}`
    fn object() -> Field {
        let field = |value| Field::new(value, OriginId(0));
        let text = |text: &str| Field::text(text, OriginId(0));
        let map = |entries: Vec<(&'static str, Field)>| {
            field(FieldValue::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect()))
        };
        let number = || field(FieldValue::Integer(53));
        let first = map(vec![("name", text("dns")), ("port", number()), ("protocol", text("UDP"))]);
        let second = map(vec![("port", number()), ("protocol", text("TCP"))]);
        let ports = field(FieldValue::List(vec![first, second]));
        map(vec![("spec", map(vec![("ports", ports), ("a.b", text("x"))]))])
    }

    fn resolved(path: &str) -> Option<String> {
        FieldPath::parse(path).unwrap().resolve(&object()).ok().map(|pointer| pointer.to_string())
    }

    #[test]
    fn keys_indices_and_values_lead_to_a_field() {
        assert_eq!(resolved("spec.ports[1].port").as_deref(), Some("spec.ports[1].port"));
        assert_eq!(resolved("spec.ports[name=dns].port").as_deref(), Some("spec.ports[0].port"));
        assert_eq!(resolved("spec.ports[port=53, protocol=TCP]").as_deref(), Some("spec.ports[1]"));
        assert_eq!(resolved("spec.ports[name=\"dns\"]").as_deref(), Some("spec.ports[0]"));
        for path in ["spec.\"a.b\"", "spec.'a.b'", "spec[a.b]", "spec[\"a.b\"]"] {
            assert_eq!(resolved(path).as_deref(), Some("spec[a.b]"), "{path}");
        }
    }

    #[test]
    fn it_is_said_how_far_a_path_leads() {
        let object = object();
        let astray = |path: &str| match FieldPath::parse(path).unwrap().resolve(&object) {
            Err(Astray::Missing { at, step, .. }) => format!("{at}: {step}"),
            other => format!("{other:?}"),
        };
        assert_eq!(astray("spec.prots[0]"), "spec: prots");
        assert_eq!(astray("spec.ports[2]"), "spec.ports: [2]");
        assert_eq!(astray("spec.ports[name=x].port"), "spec.ports: [name=x]");
        let hint = |path: &str| FieldPath::parse(path).unwrap().resolve(&object).unwrap_err().hint();
        assert_eq!(hint("spc.ports[0].port"), "did you mean `spec.ports[0].port`?");
        assert_eq!(hint("spec.ports[name=dsn].port"), "did you mean `spec.ports[name=dns].port`?");
        assert_eq!(hint("spec.prots[port=53].port"), "did you mean `spec.ports[port=53].port`?");
        assert_eq!(hint("spec.prots[9].port"), "the nearest is `spec.ports`, which has no `[9].port` either");
        let several = FieldPath::parse("spec.ports[port=53]").unwrap();
        assert!(matches!(several.resolve(&object), Err(Astray::Several(_))));
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in
            ["", ".", "a.", ".a", "a..b", "a[", "a[]", "a]", "a[0]b", "a[b=c,d]", "a.\"b", "a[99999999999]", "a\"b\""]
        {
            assert!(FieldPath::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn pointers_and_dots_in_front_are_read_too() {
        let read = |text: &str| FieldPath::read(text).unwrap().resolve(&object()).ok().map(|found| found.to_string());
        for text in ["/spec/ports/0/port", ".spec.ports[0].port", "{.spec.ports[name=dns].port}", "spec.ports[0].port"]
        {
            assert_eq!(read(text).as_deref(), Some("spec.ports[0].port"), "{text}");
        }
        assert_eq!(read("/spec/a.b").as_deref(), Some("spec[a.b]"));
        assert_eq!(read("/").as_deref(), Some(""), "the object itself");
        assert_eq!((read("/spec/ports/2"), read("/spec/ports/x"), read("/spec/a~1b")), (None, None, None));
        assert!(FieldPath::read("spec..x").is_err());
    }

    proptest! {
        #[test]
        fn never_panics(text in r#"[a-b.\[\]="',0/~{} é]{0,16}"#) {
            if let Ok(path) = FieldPath::read(&text) {
                let _ = path.resolve(&object());
            }
        }
    }
}
