//! A field of an object and the path to it, spelled as the API server spells it.

use super::cause::CauseId;
use super::field::{Field, FieldValue};
use crate::value::Quantity;
use std::collections::BTreeMap;
use std::fmt::{self, Display};

/// A field that may be missing, and the path to it.
///
/// The API server cannot tell a missing field from an empty one in most places, and `null` is missing everywhere; so asking a
/// missing field for a text gives the empty one, for items none. The path is a chain of steps on the stack: nothing is
/// allocated before something is wrong.
#[derive(Clone, Copy)]
pub struct At<'p, 'f> {
    field: Option<&'f Field>,
    nearest: &'f Field,
    parent: Option<&'p At<'p, 'f>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    /// `.name`
    Key(&'p str),
    /// `[name]`
    Entry(&'p str),
    /// `[0]`
    Index(usize),
    /// Nothing: the server leaves this step out.
    Silent,
}

impl<'p, 'f> At<'p, 'f> {
    /// The object itself.
    pub fn root(field: &'f Field) -> Self {
        Self { field: Some(field), nearest: field, parent: None, step: Step::Silent }
    }

    /// A key of a map.
    pub fn key<'q>(&'q self, name: &'q str) -> At<'q, 'f> {
        self.below(name, Step::Key(name))
    }

    /// A key of a map that the server spells otherwise in its messages.
    pub fn key_spelled<'q>(&'q self, name: &str, spelled: &'q str) -> At<'q, 'f> {
        self.below(name, Step::Key(spelled))
    }

    /// A key of a map that the server leaves out of its paths.
    pub fn key_unspelled<'q>(&'q self, name: &str) -> At<'q, 'f> {
        self.below(name, Step::Silent)
    }

    /// A key of a map whose keys the user chooses: `[name]` in the server's paths.
    pub fn entry<'q>(&'q self, name: &'q str) -> At<'q, 'f> {
        self.below(name, Step::Entry(name))
    }

    /// The entries of a list.
    pub fn items<'q>(&'q self) -> impl Iterator<Item = At<'q, 'f>> + Clone {
        let items = self.field.map_or(&[][..], Field::items);
        items.iter().enumerate().map(|(index, item)| self.child(item, Step::Index(index)))
    }

    /// The entries of a list that the server does not count in its paths.
    pub fn items_unspelled<'q>(&'q self) -> impl Iterator<Item = At<'q, 'f>> {
        self.field.map_or(&[][..], Field::items).iter().map(|item| self.child(item, Step::Silent))
    }

    /// The entries of a map whose keys the user chooses.
    pub fn entries<'q>(&'q self) -> impl Iterator<Item = (&'f str, At<'q, 'f>)>
    where
        'f: 'q,
    {
        let entries = self.field.map_or(&[][..], Field::entries);
        entries.iter().map(|(key, value)| (&**key, self.child(value, Step::Entry(key))))
    }

    /// The entries of a map whose keys are fields: `.name` in the server's paths.
    pub fn fields<'q>(&'q self) -> impl Iterator<Item = (&'f str, At<'q, 'f>)>
    where
        'f: 'q,
    {
        let entries = self.field.map_or(&[][..], Field::entries);
        entries.iter().map(|(key, value)| (&**key, self.child(value, Step::Key(key))))
    }

    /// The same place in the object, with the cause of another field: the server names a map where one entry is the mistake.
    pub fn with_cause_of(&self, other: &At<'_, 'f>) -> Self {
        Self { nearest: other.nearest, ..*self }
    }

    /// The entry of a list with this number, which may be missing.
    pub fn item<'q>(&'q self, index: usize) -> At<'q, 'f> {
        let field = self.field.and_then(|field| field.items().get(index));
        field.map_or(At { field: None, nearest: self.nearest, parent: Some(self), step: Step::Index(index) }, |field| {
            self.child(field, Step::Index(index))
        })
    }

    /// The same entry of a list with another number: the server counts what it kept of the list.
    #[must_use]
    pub fn numbered(self, index: usize) -> Self {
        Self { step: Step::Index(index), ..self }
    }

    /// Whether it is there, and not null.
    pub fn is_set(&self) -> bool {
        self.field.is_some()
    }

    /// Whether it is missing, or an empty text, list or map.
    pub fn is_empty(&self) -> bool {
        match self.field.map(|field| &field.value) {
            None => true,
            Some(FieldValue::String(text)) => text.is_empty(),
            Some(FieldValue::List(items)) => items.is_empty(),
            Some(FieldValue::Map(entries)) => entries.is_empty(),
            Some(_) => false,
        }
    }

    /// The field, where it is there.
    pub fn field(&self) -> Option<&'f Field> {
        self.field
    }

    /// The text; empty where it is missing.
    pub fn text(&self) -> &'f str {
        self.field.and_then(Field::as_str).unwrap_or_default()
    }

    /// Whether it is there, and this text.
    pub fn is_text(&self, text: &str) -> bool {
        self.field.and_then(Field::as_str) == Some(text)
    }

    /// The whole number, where it is there.
    pub fn integer(&self) -> Option<i64> {
        self.field.and_then(Field::as_integer)
    }

    /// The amount, where it is one; blanks around it do not count.
    pub fn quantity(&self) -> Option<Quantity> {
        match &self.field?.value {
            FieldValue::String(text) => Quantity::signed(text.trim()).ok(),
            FieldValue::Integer(number) => Quantity::signed(&number.to_string()).ok(),
            FieldValue::Float(number) => Quantity::signed(&number.to_string()).ok(),
            _ => None,
        }
    }

    /// How many thousandths an amount is, rounded away from zero as the server rounds resources; zero where it is missing, none
    /// where it is no amount.
    pub fn thousandths(&self) -> Option<i128> {
        match self.field.map(|field| &field.value) {
            None => Some(0),
            Some(FieldValue::String(text)) => Quantity::thousandths(text.trim()),
            Some(FieldValue::Integer(number)) => Some(i128::from(*number) * 1000),
            Some(FieldValue::Float(number)) => Quantity::thousandths(&number.to_string()),
            Some(_) => None,
        }
    }

    /// The thousandths of the amount that a map has under a key, which is zero where it is null; none where the map has no such
    /// key.
    pub fn thousandths_of(&self, key: &str) -> Option<i128> {
        if self.has(key) { self.entry(key).thousandths() } else { None }
    }

    /// The number in a list of whole numbers, which is zero where it is null; none where it is no whole number.
    pub fn listed_integer(&self) -> Option<i64> {
        if self.is_set() { self.integer() } else { Some(0) }
    }

    /// Whether a map has this key, be its value null.
    pub fn has(&self, key: &str) -> bool {
        self.field.is_some_and(|field| field.get(key).is_some())
    }

    /// Whether it is `true`.
    pub fn is_true(&self) -> bool {
        self.field.and_then(Field::as_boolean).unwrap_or_default()
    }

    /// How many entries a list or map has.
    pub fn len(&self) -> usize {
        self.field.map_or(0, |field| field.items().len() + field.entries().len())
    }

    /// The cause of the field, or of the nearest one around it.
    pub fn cause(&self) -> CauseId {
        self.nearest.cause
    }

    /// How the value reads in a message: `"x"` for a text, `3` for a number, the words of its type for the rest.
    pub fn value(&self) -> String {
        match self.field.map(|field| &field.value) {
            Some(FieldValue::String(text)) => crate::value::quote(text),
            Some(FieldValue::Integer(number)) => format!("`{number}`"),
            Some(FieldValue::Float(number)) => format!("`{number}`"),
            Some(other) => other.describe().to_owned(),
            None => "nothing".to_owned(),
        }
    }

    fn below<'q>(&'q self, name: &str, step: Step<'q>) -> At<'q, 'f> {
        let field =
            self.field.and_then(|field| field.get(name)).filter(|field| !matches!(field.value, FieldValue::Null));
        At { field, nearest: field.unwrap_or(self.nearest), parent: Some(self), step }
    }

    fn child<'q>(&'q self, field: &'f Field, step: Step<'q>) -> At<'q, 'f> {
        let there = !matches!(field.value, FieldValue::Null);
        At { field: there.then_some(field), nearest: field, parent: Some(self), step }
    }
}

impl Display for At<'_, '_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut steps = Vec::new();
        let mut place = Some(self);
        while let Some(at) = place {
            steps.push(at.step);
            place = at.parent;
        }
        let mut first = true;
        for step in steps.into_iter().rev() {
            match step {
                Step::Key(key) if first => formatter.write_str(key)?,
                Step::Key(key) => write!(formatter, ".{key}")?,
                Step::Entry(key) => write!(formatter, "[{key}]")?,
                Step::Index(index) => write!(formatter, "[{index}]")?,
                Step::Silent => continue,
            }
            first = false;
        }
        Ok(())
    }
}

/// Lists up to this length are compared pair by pair, without a map.
const SHORT: usize = 16;

/// The entries whose key one before them has too, each with the first of that key. Entries without a key are left out.
pub fn repeated<T: Clone, K: Ord>(
    items: impl Iterator<Item = T> + Clone,
    key: impl Fn(&T) -> Option<K>,
) -> Vec<(T, T)> {
    let mut found = Vec::new();
    if items.clone().nth(SHORT).is_some() {
        let mut firsts = BTreeMap::new();
        for item in items {
            let Some(key) = key(&item) else { continue };
            match firsts.get(&key) {
                Some(first) => found.push((item, T::clone(first))),
                None => drop(firsts.insert(key, item)),
            }
        }
    } else {
        for (index, item) in items.clone().enumerate().skip(1) {
            let Some(wanted) = key(&item) else { continue };
            let first = items.clone().take(index).find(|other| key(other).is_some_and(|other| other == wanted));
            found.extend(first.map(|first| (item, first)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::Key;
    use super::*;
    use crate::document::OriginId;

    fn map(entries: Vec<(&'static str, Field)>) -> Field {
        let entries = entries.into_iter().map(|(key, field)| (Key::Borrowed(key), field)).collect();
        Field::new(FieldValue::Map(entries), OriginId(0))
    }

    #[test]
    fn paths_are_spelled_as_the_server_does() {
        let port =
            map(vec![("name", Field::text("http", OriginId(1))), ("host", Field::new(FieldValue::Null, OriginId(2)))]);
        let list = Field::new(FieldValue::List(vec![port]), OriginId(3));
        let tree = map(vec![
            ("spec", map(vec![("ports", list)])),
            ("labels", map(vec![("a/b", Field::text("c", OriginId(4)))])),
        ]);
        let root = At::root(&tree);
        let (spec, labels) = (root.key("spec"), root.key("labels"));
        let ports = spec.key("ports");
        let port = ports.items().next().unwrap();
        assert_eq!(port.key("name").to_string(), "spec.ports[0].name");
        assert_eq!((ports.item(0).is_set(), ports.item(1).is_set()), (true, false));
        assert_eq!(ports.item(1).key("name").to_string(), "spec.ports[1].name");
        assert_eq!(port.numbered(7).key("name").to_string(), "spec.ports[7].name");
        assert_eq!((port.key("name").text(), port.key("absent").text()), ("http", ""));
        assert!(!port.key("host").is_set(), "null is missing");
        assert_eq!(port.key("absent").cause(), OriginId(0).into(), "the nearest field around it");
        assert_eq!(ports.items_unspelled().next().unwrap().key("name").to_string(), "spec.ports.name");
        assert_eq!(labels.entries().next().unwrap().1.to_string(), "labels[a/b]");
        assert_eq!(labels.fields().next().unwrap().1.to_string(), "labels.a/b");
        assert_eq!(spec.key_spelled("ports", "Ports").to_string(), "spec.Ports");
        assert_eq!(spec.key_unspelled("ports").key("x").to_string(), "spec.x");
    }

    #[test]
    fn repeated_entries_are_found_in_short_and_long_lists() {
        let list = |texts: &[&str]| {
            let items = texts.iter().map(|text| Field::text(*text, OriginId(0))).collect();
            Field::new(FieldValue::List(items), OriginId(0))
        };
        let found = |texts: &[&str]| {
            let list = list(texts);
            let root = At::root(&list);
            let key = |item: &At<'_, '_>| Some(item.text().to_owned()).filter(|text| !text.is_empty());
            let pairs = repeated(root.items(), key);
            pairs.iter().map(|(item, first)| format!("{item}{first}")).collect::<String>()
        };
        assert_eq!(found(&["a", "", "b", "", "a", "a"]), "[4][0][5][0]");
        let mut long = vec![""; SHORT];
        long.extend(["a", "b", "a", "a"]);
        assert_eq!(found(&long), "[18][16][19][16]");
    }

    #[test]
    fn amounts_are_texts_or_numbers() {
        let amount = |value| At::root(&Field::new(value, OriginId(0))).quantity().map(|amount| amount.to_string());
        assert_eq!(amount(FieldValue::String(" 1Gi".into())).as_deref(), Some("1Gi"));
        assert_eq!(amount(FieldValue::Integer(-1)).as_deref(), Some("-1"));
        assert_eq!(amount(FieldValue::Float(0.5)).as_deref(), Some("0.5"));
        assert_eq!(amount(FieldValue::Boolean(true)), None);
        let object = map(vec![
            ("none", Field::new(FieldValue::Null, OriginId(1))),
            ("some", Field::text("1.0001", OriginId(2))),
            ("word", Field::text("much", OriginId(3))),
        ]);
        let root = At::root(&object);
        let thousandths = |key: &str| root.entry(key).thousandths();
        assert_eq!(["none", "some", "word", "absent"].map(thousandths), [Some(0), Some(1001), None, Some(0)]);
        assert_eq!((root.has("none"), root.has("absent")), (true, false));
        let thousandths_of = |key: &str| root.thousandths_of(key);
        assert_eq!(["none", "some", "word", "absent"].map(thousandths_of), [Some(0), Some(1001), None, None]);
        let listed = |key: &str| root.entry(key).listed_integer();
        assert_eq!(["none", "word"].map(listed), [Some(0), None]);
    }
}
