//! Compares two bundles.

use super::changes::{Change, Changes, ObjectChange};
use super::explain::{of_causes, of_others};
use super::matching::{Matching, Pair, pairs};
use super::reason::Grounds;
use super::secrecy::disclosure;
use super::served::{Values, is_made_by_server, served_differences};
use super::walk::{Strict, differences};
use crate::bundle::{Object, Slot};
use crate::parallel;

/// What differs between two bundles that were both made from stacks, and why.
pub fn compare<'b>(names: (&str, &str), grounds: &Grounds<'b>) -> Changes<'b> {
    of_stacks(names, grounds, Matching::Identity)
}

/// What differs between objects that are kept in files and what they should be, and why.
pub fn compare_files<'b>(names: (&str, &str), grounds: &Grounds<'b>) -> Changes<'b> {
    of_stacks(names, grounds, Matching::File)
}

/// What differs between a bundle that is not ours, such as what a server holds, and ours. What servers fill in and what
/// controllers make is no difference; `values` says of our Secrets whether what is in them is known.
pub fn compare_served<'b>(
    names: (&str, &str),
    grounds: &Grounds<'b>,
    values: impl Fn(&Object) -> Values + Sync,
) -> Changes<'b> {
    let (theirs, ours) = grounds.bundles();
    let differ = |old: &'b Object, new: &'b Object| served_differences(old, new, ours, values(new));
    let mut pairs = pairs(theirs, ours, Matching::Name);
    pairs.retain(|(old, new)| new.is_some() || old.is_some_and(|old| !is_made_by_server(old, ours)));
    collect(names, grounds, Matching::Name, &pairs, differ)
}

fn of_stacks<'b>(names: (&str, &str), grounds: &Grounds<'b>, matching: Matching) -> Changes<'b> {
    let (before, after) = grounds.bundles();
    let differ = |old: &'b Object, new: &'b Object| differences(&old.root, &new.root, Slot::of(new), &Strict);
    collect(names, grounds, matching, &pairs(before, after, matching), differ)
}

/// So many objects at a time are compared by one thread.
const PIECE: usize = 64;

fn collect<'b>(
    names: (&str, &str),
    grounds: &Grounds<'b>,
    matching: Matching,
    pairs: &[Pair<'b>],
    differ: impl Fn(&'b Object, &'b Object) -> Vec<Change<'b>> + Sync,
) -> Changes<'b> {
    let pieces: Vec<&[Pair]> = pairs.chunks(PIECE).collect();
    let objects = parallel::map(pieces.len(), |piece| {
        let found = pieces[piece].iter().filter_map(|(old, new)| of_object(*old, *new, &differ));
        found.map(|object| of_causes(grounds, object)).collect::<Vec<_>>()
    });
    let mut objects: Vec<ObjectChange> = objects.into_iter().flatten().collect();
    of_others(grounds, &mut objects);
    let bundles = grounds.bundles();
    Changes { before: names.0.to_owned(), after: names.1.to_owned(), objects, bundles, matching }
}

fn of_object<'b>(
    before: Option<&'b Object>,
    after: Option<&'b Object>,
    differ: impl Fn(&'b Object, &'b Object) -> Vec<Change<'b>>,
) -> Option<ObjectChange<'b>> {
    let mut changes = Vec::new();
    if let (Some(old), Some(new)) = (before, after) {
        changes = differ(old, new);
        if changes.is_empty() {
            return None;
        }
        for change in &mut changes {
            change.disclosure = disclosure(new, &change.at);
        }
    }
    Some(ObjectChange { before, after, changes, reasons: Vec::new(), risks: Vec::new() })
}
