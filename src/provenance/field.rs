//! The field that a person means, in the objects that have it.

use super::object::title;
use crate::bundle::spelling::{below, path};
use crate::bundle::{Astray, Field, FieldPath, Object, Pointer, Segment, Slot};
use crate::diagnostic::Diagnostic;
use crate::value::nearest;

/// The objects that have the field `asked`, a path or a JSON pointer, and where it is in each.
///
/// # Errors
/// What to say where the text is no path, or none of the objects has the field.
pub fn find<'o>(asked: &str, objects: &[&'o Object]) -> Result<Vec<(&'o Object, Pointer)>, Box<Diagnostic>> {
    let wanted = FieldPath::read(asked).map_err(|invalid| {
        let diagnostic = Diagnostic::error("bad-field", invalid.title);
        Box::new(match invalid.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        })
    })?;
    let mut found = Vec::new();
    let mut astray = None;
    for object in objects {
        match wanted.resolve(&object.root) {
            Ok(pointer) => found.push((*object, pointer)),
            Err(missing) => astray = astray.or(Some((*object, missing))),
        }
    }
    match astray {
        Some((object, astray)) if found.is_empty() => Err(Box::new(none(&wanted, object, &astray, objects))),
        _ => Ok(found),
    }
}

fn none(wanted: &FieldPath, object: &Object, astray: &Astray, objects: &[&Object]) -> Diagnostic {
    let title = match objects {
        [_] => astray.title(&title(object), wanted),
        _ => format!("none of these {} objects has `{wanted}`", objects.len()),
    };
    Diagnostic::error("unknown-field", title).help(help(wanted, astray, objects))
}

/// The path that is meant where a key of `asked` is misspelt that none of these objects has and their kind knows; it leads to
/// nothing in them either.
pub fn respelled(asked: &str, objects: &[&Object]) -> Option<String> {
    let wanted = FieldPath::read(asked).ok()?;
    objects.iter().find_map(|object| {
        let Err(Astray::Missing { at, field, step, rest }) = wanted.resolve(&object.root) else { return None };
        if nearest(&step, field.entries().iter().map(|(key, _)| &**key)).is_some() {
            return None;
        }
        let around = match at.is_empty() {
            true => Pointer::default(),
            false => FieldPath::read(&at).ok()?.resolve(&object.root).ok()?,
        };
        let known = Slot::of(object).follow(&around).object_type()?.fields();
        let near = nearest(&step, known.iter().map(|row| row.name())).filter(|near| *near != step)?;
        let rest = rest.to_string();
        let dot = if rest.is_empty() || rest.starts_with('[') { "" } else { "." };
        Some(format!("{}{dot}{rest}", below(&at, near)))
    })
}

fn help(wanted: &FieldPath, astray: &Astray, objects: &[&Object]) -> String {
    // `kubectl get deployment api` has a blank where we have a stroke
    let word = wanted.keys().filter(|keys| keys.len() == 1).map(|keys| keys[0].to_owned());
    if let Some(named) = objects.iter().find(|object| word.as_deref() == Some(object.stable_name())) {
        return format!("did you mean the object `{}`?", self::title(named));
    }
    let mut ends = Vec::new();
    if let (Some(keys), Astray::Missing { .. }) = (wanted.keys(), astray) {
        for object in objects {
            find_ends(&object.root, &keys, &mut Pointer::default(), &mut ends);
            if !ends.is_empty() {
                let paths: Vec<_> = ends
                    .iter()
                    .take(SHOWN)
                    .map(|end| format!("`{}`", path(&object.root, end, Slot::of(object))))
                    .collect();
                let more = if ends.len() > SHOWN { ", …" } else { "" };
                return format!("did you mean {}{more}?", paths.join(" or "));
            }
        }
    }
    astray.hint()
}

/// The most fields that are proposed.
const SHOWN: usize = 3;

/// Every field whose path ends in these keys, numbers of items left out.
fn find_ends(field: &Field, keys: &[&str], at: &mut Pointer, ends: &mut Vec<Pointer>) {
    if !at.is_root() && ends_in(at, keys) {
        ends.push(at.clone());
    }
    for (key, entry) in field.entries() {
        at.push(&**key);
        find_ends(entry, keys, at, ends);
        at.pop();
    }
    for (number, item) in (0_u32..).zip(field.items()) {
        at.push(number);
        find_ends(item, keys, at, ends);
        at.pop();
    }
}

fn ends_in(at: &Pointer, keys: &[&str]) -> bool {
    let named = at.segments().iter().rev().filter_map(|segment| match segment {
        Segment::Key(key) => Some(&**key),
        Segment::Index(_) => None,
    });
    let is_key = matches!(at.segments().last(), Some(Segment::Key(_)));
    is_key && named.take(keys.len()).eq(keys.iter().rev().copied())
}
