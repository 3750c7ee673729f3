//! Compares two bundles.

use super::changes::{Change, Changes, ObjectChange};
use super::explain::explain;
use super::matching::{Matching, pairs};
use super::reason::Grounds;
use super::secrecy::disclosure;
use super::walk::{Strict, differences};
use crate::bundle::{Object, Slot};

/// What differs between two bundles that were both made from stacks, and why.
pub fn compare<'b>(names: (&str, &str), grounds: &Grounds<'b>) -> Changes<'b> {
    let (before, after) = grounds.bundles();
    let objects = pairs(before, after, Matching::Identity).into_iter();
    let mut objects: Vec<_> = objects.filter_map(|(before, after)| of_object(before, after)).collect();
    explain(grounds, &mut objects);
    Changes { before: names.0.to_owned(), after: names.1.to_owned(), objects }
}

fn of_object<'b>(before: Option<&'b Object>, after: Option<&'b Object>) -> Option<ObjectChange<'b>> {
    let mut changes = Vec::new();
    if let (Some(old), Some(new)) = (before, after) {
        changes = differences(&old.root, &new.root, Slot::of(new), &Strict);
        if changes.is_empty() {
            return None;
        }
        let disclosed = |change: Change<'b>| Change { disclosure: disclosure(new, &change.at), ..change };
        changes = changes.into_iter().map(disclosed).collect();
    }
    Some(ObjectChange { before, after, changes, reasons: Vec::new() })
}
