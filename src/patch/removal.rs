//! Takes fields and items out of objects.

use super::merge::IDENTITY;
use super::{Places, display};
use crate::bundle::{Astray, Field, FieldPath, FieldValue, Object, Pointer, Segment};
use crate::diagnostic::Diagnostic;
use crate::shape::Written;
use crate::value::nearest;

/// Removes what the paths lead to from every object that has it; a path that leads nowhere in all of them is reported. Paths
/// mean the objects as they are before anything is removed.
pub fn remove(paths: &[Written<FieldPath>], objects: &mut [&mut Object], places: &mut Places) {
    let mut pointers: Vec<Vec<Pointer>> = objects.iter().map(|_| Vec::new()).collect();
    for path in paths {
        match resolve(path, objects, places) {
            Ok(found) => pointers.iter_mut().zip(found).for_each(|(all, found)| all.extend(found)),
            Err(diagnostic) => places.report.push(*diagnostic),
        }
    }
    for (object, mut pointers) in objects.iter_mut().zip(pointers) {
        // from the end, so that items before keep their numbers
        pointers.sort_unstable_by(|one, other| other.cmp(one));
        pointers.dedup();
        pointers.into_iter().for_each(|pointer| take(&mut object.root, pointer));
    }
}

fn take(root: &mut Field, mut pointer: Pointer) {
    let Some(last) = pointer.pop() else { return };
    match (root.find_mut(&pointer).map(|parent| &mut parent.value), last) {
        (Some(FieldValue::Map(entries)), Segment::Key(key)) => entries.retain(|(known, _)| **known != *key),
        (Some(FieldValue::List(items)), Segment::Index(index)) if (index as usize) < items.len() => {
            items.remove(index as usize);
        }
        _ => {}
    }
}

/// Where a path leads in each object.
fn resolve(
    path: &Written<FieldPath>,
    objects: &[&mut Object],
    places: &Places,
) -> Result<Vec<Option<Pointer>>, Box<Diagnostic>> {
    let span = places.span(path.origin);
    let keys = path.value.keys().unwrap_or_default();
    if let Some((identity, help)) =
        IDENTITY.iter().find(|(identity, _)| !keys.is_empty() && identity.starts_with(&keys))
    {
        let title = format!("a patch cannot remove `{}`: no object is without it", identity.join("."));
        return Err(Box::new(Diagnostic::error("patch-identity", title).at(span, "").help(*help)));
    }
    let mut found = Vec::with_capacity(objects.len());
    let mut first = None;
    for object in objects {
        match path.value.resolve(&object.root) {
            Ok(pointer) => found.push(Some(pointer)),
            Err(Astray::Several(list)) => {
                let title = format!("several items of `{list}` of `{}` are meant by `{}`", display(object), path.value);
                let help =
                    "say more of the one that is meant, as in `[port=53,protocol=UDP]`, or its number, as in `[0]`";
                return Err(Box::new(Diagnostic::error("remove-nothing", title).at(span, "").help(help)));
            }
            Err(Astray::Missing { at, field, step }) => {
                found.push(None);
                first.get_or_insert_with(|| (display(object), hint(&at, field, &step)));
            }
        }
    }
    match first {
        Some((object, help)) if found.iter().all(Option::is_none) => {
            let title = format!("`{object}` has no `{}`", path.value);
            Err(Box::new(Diagnostic::error("remove-nothing", title).at(span, "").help(help)))
        }
        _ => Ok(found),
    }
}

/// What could have been meant in place of a step that leads nowhere.
fn hint(at: &Pointer, field: &Field, step: &str) -> String {
    let place = if at.is_root() { "the object".to_owned() } else { format!("`{at}`") };
    match &field.value {
        FieldValue::Map(entries) => match nearest(step, entries.iter().map(|(key, _)| &**key)) {
            Some(near) => format!("did you mean `{}`?", at.join(near)),
            None => format!("{place} holds {}", enumerate(entries.iter().map(|(key, _)| key.to_string()))),
        },
        FieldValue::List(items) => {
            let named = |item: &Field| {
                let key =
                    if item.get("name").is_some() { "name" } else { item.entries().first().map(|(key, _)| &**key)? };
                Some(format!("[{key}={}]", item.get(key)?.spelled()?))
            };
            match items.iter().map(named).collect::<Option<Vec<_>>>() {
                Some(names) if !names.is_empty() => match nearest(step, names.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{at}{near}`?"),
                    None => format!("the items of {place} are {}", enumerate(names.into_iter())),
                },
                _ => format!("{place} has {} items: write the number of one, from [0] on", items.len()),
            }
        }
        value => format!("{place} is {}, which has no parts", value.describe()),
    }
}

/// The first few of some names.
pub fn enumerate(names: impl Iterator<Item = String>) -> String {
    const SHOWN: usize = 8;
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    match names.len() {
        0 => "nothing".to_owned(),
        count if count > SHOWN => format!("{}, …", names[..SHOWN].join(", ")),
        _ => names.join(", "),
    }
}
