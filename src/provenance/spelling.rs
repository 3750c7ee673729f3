//! How the parts of an object are called: as a path that can be typed again, and as a JSON pointer.

use crate::bundle::customary::{Keys, arrange};
use crate::bundle::{Field, Pointer, Segment};
use std::collections::BTreeSet;

/// What each item of a list is called: `[name=web]` where some key tells the items apart, else `[0]`.
pub fn items(items: &[Field]) -> Vec<String> {
    let numbers = || (0..items.len()).map(|number| format!("[{number}]")).collect();
    let Some(first) = items.first() else { return Vec::new() };
    let mut places = Vec::new();
    arrange(first.entries(), Keys::Customary, &mut places);
    let keys = places.iter().map(|place| &*first.entries()[place.index as usize].0);
    let named = keys.map(|key| values(items, key).map(|values| (key, values)));
    match named.flatten().next() {
        Some((key, values)) => values.into_iter().map(|value| format!("[{key}={value}]")).collect(),
        None => numbers(),
    }
}

/// The longest value that names an item, in bytes.
const LONGEST_NAME: usize = 63;

/// The values of a key, where every item has one, and each another one that can be typed between brackets.
fn values(items: &[Field], key: &str) -> Option<DifferentTexts> {
    let mut known = BTreeSet::new();
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        let value = item.get(key)?.spelled()?.into_owned();
        let is_plain = !value.is_empty()
            && value.len() <= LONGEST_NAME
            && value.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_./:*@".contains(letter));
        if !is_plain || !known.insert(value.clone()) {
            return None;
        }
        values.push(value);
    }
    Some(values)
}

/// Different texts in the order of a list.
type DifferentTexts = Vec<String>;

/// The path behind `path` to the entry of a map.
pub fn below(path: &str, key: &str) -> String {
    let key = Pointer::from_iter([key]).to_string();
    let dot = if path.is_empty() || key.starts_with('[') { "" } else { "." };
    format!("{path}{dot}{key}")
}

/// RFC 6901: `/metadata/annotations/a.b~1c`.
pub fn json_pointer(pointer: &Pointer) -> String {
    let mut text = String::new();
    for segment in pointer.segments() {
        text.push('/');
        match segment {
            Segment::Key(key) => text.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Segment::Index(index) => text.push_str(&index.to_string()),
        }
    }
    text
}

/// The path to a field, with names for items of lists.
pub fn path(root: &Field, pointer: &Pointer) -> String {
    let mut path = String::new();
    let mut field = root;
    for segment in pointer.segments() {
        let next = match segment {
            Segment::Key(key) => {
                path = below(&path, key);
                field.get(key)
            }
            Segment::Index(index) => {
                path.push_str(&items(field.items())[*index as usize]);
                field.items().get(*index as usize)
            }
        };
        match next {
            Some(next) => field = next,
            None => break,
        }
    }
    path
}
