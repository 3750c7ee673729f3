//! Where a path of `unset` ends in the tree, in which short forms do not stand.

use crate::document::path::KeyPath;
use crate::shape::{Kind, TableForm};

/// The paths in a tree of this kind that `path` means: `port` is kept as `ports.http`, `defaults.workload` under each kind.
pub fn targets(path: &KeyPath, kind: &'static Kind) -> Vec<KeyPath> {
    let segments: Vec<&str> = path.segments().iter().map(|segment| &**segment).collect();
    below(&segments, kind).into_iter().map(KeyPath::of).collect()
}

/// The table that has no such key, and the key, where a path can match nothing in any tree of this kind; `None` stands for
/// something that is no table.
pub fn unknown_key<'p>(path: &'p KeyPath, kind: &'static Kind) -> Option<(Option<&'static TableForm>, &'p str)> {
    let mut kind = kind;
    for segment in path.segments() {
        if let Kind::OneOf(kinds) = kind {
            kind = kinds.iter().find(|kind| matches!(kind, Kind::Table(_) | Kind::Map(_))).unwrap_or(&kind);
        }
        kind = match kind {
            Kind::Table(form) => match form.key(segment) {
                Some(key) => key.kind,
                None => return Some((Some(form), segment)),
            },
            Kind::Map(form) => form.value,
            Kind::Any => return None,
            _ => return Some((None, segment)),
        };
    }
    None
}

fn below<'p>(path: &[&'p str], kind: &'static Kind) -> Vec<Vec<&'p str>> {
    let [first, rest @ ..] = path else { return vec![Vec::new()] };
    match kind {
        Kind::Table(form) => {
            let mut moved: Vec<Vec<&'p str>> = Vec::new();
            for (_, end) in form.moved_keys().filter(|(key, _)| key == first) {
                moved.extend(below(&[end, rest].concat(), kind));
            }
            match form.key(first) {
                _ if !moved.is_empty() => moved,
                Some(key) => with_first(first, below(rest, key.kind)),
                None => vec![path.to_vec()],
            }
        }
        Kind::Map(form) => with_first(first, below(rest, form.value)),
        Kind::OneOf(kinds) => match kinds.iter().find(|kind| matches!(kind, Kind::Table(_) | Kind::Map(_))) {
            Some(kind) => below(path, kind),
            None => vec![path.to_vec()],
        },
        _ => vec![path.to_vec()],
    }
}

fn with_first<'p>(first: &'p str, paths: Vec<Vec<&'p str>>) -> Vec<Vec<&'p str>> {
    paths.into_iter().map(|path| [&[first], &path[..]].concat()).collect()
}
