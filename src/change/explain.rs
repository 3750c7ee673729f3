//! Says of every difference why it is one.

use super::changes::{Change, Disclosure, ObjectChange};
use super::reason::Grounds;
use super::remark::Reason;
use crate::bundle::{Field, Object};
use crate::seal::{CHECKSUM, read};
use std::collections::BTreeMap;

/// The differences of an object with the reasons that their causes say.
pub fn of_causes<'b>(grounds: &Grounds<'b>, mut object: ObjectChange<'b>) -> ObjectChange<'b> {
    if object.before.is_none() || object.after.is_none() {
        object.reasons = grounds.of_object(object.before, object.after);
    }
    for change in object.changes.iter_mut().filter(|change| !rolls(change)) {
        let (old, new) = (change.act.before(), change.act.after());
        change.reasons = grounds.of_fields(old, new);
        if let (false, Some(object)) = (change.reasons.is_empty(), object.after.or(object.before)) {
            change.reasons.extend(grounds.of_untold(object, old, new));
            change.reasons = Grounds::limited(std::mem::take(&mut change.reasons));
        }
    }
    object
}

/// Fills in the reasons of those differences that follow from others; the reasons of these are known.
pub fn of_others(grounds: &Grounds, objects: &mut [ObjectChange]) {
    let contents = contents(objects);
    for object in objects.iter_mut() {
        let (before, after) = (object.before, object.after);
        let is_renamed = object.changes.iter().any(|change| change.field == NAME && change.reasons.is_empty());
        let all = object.changes.iter().filter(|_| is_renamed);
        let others: Vec<Reason> = all.flat_map(|change| change.reasons.clone()).collect();
        for change in object.changes.iter_mut().filter(|change| change.reasons.is_empty()) {
            change.reasons = match rolls(change) {
                true => of_contents(before, after, &contents),
                // The name of a Job ends in a hash of all the rest.
                false if change.field == NAME => Grounds::limited(others.clone()),
                false => Vec::new(),
            };
            if let (true, Some(object)) = (change.reasons.is_empty(), after.or(before)) {
                change.reasons = grounds.of_rest(object);
            }
        }
    }
}

/// The field with the name of an object.
const NAME: &str = "metadata.name";

/// Whether a change is that of the checksum which rolls Pods.
fn rolls(change: &Change) -> bool {
    let holds = |field: Option<&Field>| field.is_some_and(|field| field.get(CHECKSUM).is_some());
    change.disclosure == Disclosure::Checksum || holds(change.act.before()) || holds(change.act.after())
}

/// Why the contents of ConfigMaps and Secrets differ, by kind and name.
fn contents(objects: &[ObjectChange]) -> BTreeMap<(&'static str, String), Vec<Reason>> {
    let mut contents = BTreeMap::new();
    for change in objects {
        let object = change.object();
        let Some(kind) = ["ConfigMap", "Secret"].into_iter().find(|kind| *kind == object.kind_name()) else { continue };
        let parts = change.changes.iter().filter(|change| !change.field.starts_with("metadata"));
        let reasons = parts.flat_map(|change| change.reasons.clone()).chain(change.reasons.iter().cloned());
        contents.insert((kind, object.name().to_owned()), reasons.collect());
    }
    contents
}

/// Why what the Pods of a workload read differs.
fn of_contents(
    before: Option<&Object>,
    after: Option<&Object>,
    contents: &BTreeMap<(&'static str, String), Vec<Reason>>,
) -> Vec<Reason> {
    let read = [before, after].into_iter().flatten().flat_map(read);
    Grounds::limited(read.filter_map(|source| contents.get(&source)).flatten().cloned().collect())
}
