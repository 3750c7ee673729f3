//! Which objects of two bundles are the same one.

use crate::bundle::{Bundle, Object};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// By what the objects of two bundles are matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matching {
    /// By what they are to the stack, so that a Job whose name ends in another hash is the same Job. Both bundles are ours.
    Identity,
    /// The same, and what is left by that alone, whatever its kind says: each object is kept in a file of its own.
    File,
    /// By kind, namespace and name, because one of the bundles is not ours.
    Name,
}

/// The objects of one bundle beside those of the other.
pub type Pair<'b> = (Option<&'b Object>, Option<&'b Object>);

/// All objects, those that are the same one beside each other, in the order in which they are applied.
pub fn pairs<'b>(before: &'b Bundle, after: &'b Bundle, matching: Matching) -> Vec<Pair<'b>> {
    let mut left: IndexMap<Key, Vec<&'b Object>, FxBuildHasher> = IndexMap::default();
    for object in &before.objects {
        left.entry(key(object, matching)).or_default().push(object);
    }
    let keys: Vec<Key> = after.objects.iter().map(|object| key(object, matching)).collect();
    let mut partners: Vec<Option<&'b Object>> = vec![None; after.objects.len()];
    let passes: [fn(&Object, &Object) -> bool; 3] = [
        |one, other| one.name() == other.name() && one.namespace() == other.namespace(),
        |one, other| one.name() == other.name() && (one.namespace().is_none() || other.namespace().is_none()),
        |one, other| stem(one).is_some() && stem(one) == stem(other),
    ];
    let last: fn(&Object, &Object) -> bool = |_, _| true;
    let passes = passes.into_iter().chain((matching != Matching::Name).then_some(last));
    for is_same in passes {
        for (place, object) in after.objects.iter().enumerate() {
            let Some(known) = left.get_mut(&keys[place]).filter(|known| !known.is_empty()) else { continue };
            if partners[place].is_none() {
                partners[place] = known.iter().position(|other| is_same(other, object)).map(|at| known.remove(at));
            }
        }
    }
    if matching == Matching::File {
        let is_one = |one: &Object, other: &Object| one.identity == other.identity;
        for (partner, object) in partners.iter_mut().zip(&after.objects).filter(|(partner, _)| partner.is_none()) {
            let mut lists = left.values_mut();
            *partner = lists.find_map(|known| {
                let at = known.iter().position(|other| is_one(other, object))?;
                Some(known.remove(at))
            });
        }
    }
    let gone = before.objects.iter().filter(|object| {
        left.get(&key(object, matching)).is_some_and(|left| left.iter().any(|other| std::ptr::eq(*other, *object)))
    });
    let mut pairs: Vec<Pair> = partners.into_iter().zip(after.objects.iter().map(Some)).collect();
    pairs.extend(gone.map(|object| (Some(object), None)));
    pairs.sort_by_key(|(before, after)| after.or(*before).map(|object| object.kind.row().order));
    pairs
}

/// What objects that can be the same one have in common.
type Key<'b> = [&'b str; 4];

fn key(object: &Object, matching: Matching) -> Key<'_> {
    let group = object.api_version().rsplit_once('/').map_or("", |(group, _)| group);
    let kind = object.kind_name();
    match matching {
        Matching::Identity | Matching::File => [&object.identity.component, &object.identity.role, group, kind],
        // The name of a Job may end in a hash.
        Matching::Name => [stem(object).unwrap_or(object.name()), "", group, kind],
    }
}

/// Digits of the hash at the end of a Job's name.
const DIGITS: usize = 8;

/// The name of a Job without the hash at its end.
fn stem(object: &Object) -> Option<&str> {
    let is_hash = |hash: &&str| hash.len() == DIGITS && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let (stem, _) = object.name().rsplit_once('-').filter(|(_, hash)| object.kind_name() == "Job" && is_hash(hash))?;
    Some(stem)
}
