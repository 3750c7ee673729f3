//! Takes fields and items out of objects.

use super::merge::IDENTITY;
use super::{Places, display};
use crate::bundle::{Astray, Field, FieldPath, FieldValue, Object, Pointer, Segment};
use crate::diagnostic::Diagnostic;
use crate::shape::Written;

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
        let (title, help) = match keys.len() < identity.len() {
            true => (
                format!("a patch cannot remove all of `{}`: it holds `{}`", keys.join("."), identity.join(".")),
                format!("name the field to remove, as in `remove = [\"{}.annotations\"]`", keys.join(".")),
            ),
            false => {
                (format!("a patch cannot remove `{}`: no object is without it", identity.join(".")), (*help).to_owned())
            }
        };
        return Err(Box::new(Diagnostic::error("patch-identity", title).at(span, "").help(help)));
    }
    let mut found = Vec::with_capacity(objects.len());
    let mut first = None;
    for object in objects {
        match path.value.resolve(&object.root) {
            Ok(pointer) => found.push(Some(pointer)),
            Err(astray @ Astray::Several(_)) => {
                let title = astray.title(&display(object), &path.value);
                return Err(Box::new(Diagnostic::error("remove-nothing", title).at(span, "").help(astray.hint())));
            }
            Err(astray) => {
                found.push(None);
                first.get_or_insert_with(|| (astray.title(&display(object), &path.value), astray.hint()));
            }
        }
    }
    match first {
        Some((title, help)) if found.iter().all(Option::is_none) => {
            Err(Box::new(Diagnostic::error("remove-nothing", title).at(span, "").help(help)))
        }
        _ => Ok(found),
    }
}
