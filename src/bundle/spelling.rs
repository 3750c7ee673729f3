//! How the parts of an object are called wherever people read of them: as paths that can be typed again.

use super::customary::{Keys, arrange};
use super::field::{Field, Key};
use super::pointer::{Pointer, Segment};
use super::slot::{Slot, key_of};
use crate::document::path::quoted;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What each item of the list at `slot` is called: `[name=web]`, else by as many of the keys by which the API tells items apart
/// as that takes (`[port=80]`, `[port=53,protocol=UDP]`), else by a text that each has (`[host=todo.localhost]`); `[0]` where none of these does.
pub fn items(items: &[Field], slot: Slot) -> Vec<String> {
    let Some(first) = items.first() else { return Vec::new() };
    let by_name = || called(items, &["name"]);
    let by_keys = || {
        let keys: Vec<_> = slot.list_keys()?.iter().collect();
        (1..=keys.len()).find_map(|count| called(items, &keys[..count]))
    };
    let by_metadata = || called(items, &["metadata.name"]);
    let by_text = || {
        let mut places = Vec::new();
        arrange(first.entries(), Keys::Customary, &mut places);
        let entries = places.iter().map(|place| &first.entries()[place.index as usize]);
        let texts = entries.filter(|(_, field)| field.as_str().is_some());
        texts.map(|(key, _): &(Key, Field)| called(items, &[&**key])).find_map(|names| names)
    };
    let names = by_name().or_else(by_keys).or_else(by_metadata).or_else(by_text);
    names.unwrap_or_else(|| (0..items.len()).map(|number| format!("[{number}]")).collect())
}

/// The longest value that names an item, in bytes.
const LONGEST_NAME: usize = 63;

/// The items called by these keys, where every item has them, no two the same, and they can be typed between brackets.
fn called(items: &[Field], keys: &[&str]) -> Option<Vec<String>> {
    let mut names = Vec::with_capacity(items.len());
    let mut known = BTreeSet::new();
    for item in items {
        let mut pairs = Vec::with_capacity(keys.len());
        for key in keys {
            let value = condition(item, key)?;
            let is_plain = !value.is_empty()
                && value.len() <= LONGEST_NAME
                && value.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_./:*@".contains(letter));
            if !is_plain {
                return None;
            }
            pairs.push(format!("{key}={value}"));
        }
        names.push(format!("[{}]", pairs.join(",")));
    }
    names.iter().all(|name| known.insert(name)).then_some(names)
}

/// What an item has under a key by which it is called: `name`, `metadata.name`; a port without a protocol is one of TCP.
pub fn condition<'f>(item: &'f Field, key: &str) -> Option<Cow<'f, str>> {
    match key.split_once('.') {
        Some((outer, inner)) if item.get(key).is_none() => item.get(outer)?.get(inner)?.spelled(),
        _ => key_of(item, key),
    }
}

/// The path behind `path` to the entry of a map.
pub fn below(path: &str, key: &str) -> String {
    let dot = if path.is_empty() { "" } else { "." };
    format!("{path}{dot}{}", quoted(key))
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

/// The path to a field of the object or value at `slot`.
pub fn path(root: &Field, pointer: &Pointer, slot: Slot) -> String {
    let (mut path, mut field, mut slot) = (String::new(), root, slot);
    for segment in pointer.segments() {
        let next = match segment {
            Segment::Key(key) => {
                path = below(&path, key);
                slot = slot.key(key);
                field.get(key)
            }
            Segment::Index(index) => {
                path.push_str(items(field.items(), slot).get(*index as usize).map_or("", String::as_str));
                slot = slot.item();
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
