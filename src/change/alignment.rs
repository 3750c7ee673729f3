//! Which items of two lists are the same one.

use super::equality::rank_all;
use super::order::{Meaning, changes_variables, is_free, of_keyed};
use crate::bundle::{Field, FieldValue, Slot, key_of};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Which items of two lists are the same one.
pub struct Alignment {
    /// For each item of the first list, its place in the second one.
    pub of_before: Vec<Option<usize>>,
    /// For each item of the second list, its place in the first one.
    pub of_after: Vec<Option<usize>>,
    /// Items of the second list that stand at another place than in the first one, where that counts.
    pub moved: Vec<bool>,
}

impl Alignment {
    /// Aligns two lists; `same` says whether two items do not differ.
    pub fn of<'f>(
        before: &'f [Field],
        after: &'f [Field],
        slot: Slot,
        same: impl Fn(&'f Field, &'f Field) -> bool,
    ) -> Self {
        if let Some(keys) = keys(before, after, slot) {
            return Self::by_keys(before, after, slot, &keys);
        }
        match slot.is_set() || is_free(slot) {
            true => Self::free(before, after, same),
            false => Self::ordered(before, after, same),
        }
    }

    fn with_pairs(lengths: (usize, usize), pairs: &[(usize, usize)]) -> Self {
        let (mut of_before, mut of_after) = (vec![None; lengths.0], vec![None; lengths.1]);
        for (old, new) in pairs {
            of_before[*old] = Some(*new);
            of_after[*new] = Some(*old);
        }
        Self { of_before, of_after, moved: vec![false; lengths.1] }
    }

    /// Items with the same keys are one; of those that are left, the ones with the same name.
    fn by_keys(before: &[Field], after: &[Field], slot: Slot, (old, new): &(Keyed, Keyed)) -> Self {
        let mut pairs: Vec<_> = old.iter().filter_map(|(key, place)| Some((*place, *new.get(key)?))).collect();
        if pairs.len() < before.len() && pairs.len() < after.len() {
            pairs.extend(namesakes(before, after, &pairs));
        }
        pairs.sort_unstable();
        let mut alignment = Self::with_pairs((before.len(), after.len()), &pairs);
        let meaning = if slot.list_keys().is_some() { of_keyed(slot) } else { Meaning::Order };
        let is_sorted = pairs.is_sorted_by_key(|(_, new)| *new);
        let counts = match meaning {
            Meaning::None => false,
            Meaning::Order => true,
            Meaning::Variables => !is_sorted && changes_variables(before, after),
        };
        if counts && !is_sorted {
            for new in moved(&pairs, rank_all(before, after)) {
                alignment.moved[new] = true;
            }
        }
        alignment
    }

    /// Equal items are one; of what is left, the first of one list and the first of the other, and so on.
    fn free<'f>(before: &'f [Field], after: &'f [Field], same: impl Fn(&'f Field, &'f Field) -> bool) -> Self {
        let mut left: Vec<usize> = (0..after.len()).collect();
        let (mut pairs, mut gone) = (Vec::new(), Vec::new());
        for (old, item) in before.iter().enumerate() {
            match left.iter().position(|new| same(item, &after[*new])) {
                Some(at) => pairs.push((old, left.remove(at))),
                None => gone.push(old),
            }
        }
        pair_up(&gone, &left, before, after, &mut pairs);
        pairs.sort_unstable();
        Self::with_pairs((before.len(), after.len()), &pairs)
    }

    /// The longest common subsequence; between its parts, items that stand in each other's place.
    fn ordered<'f>(before: &'f [Field], after: &'f [Field], same: impl Fn(&'f Field, &'f Field) -> bool) -> Self {
        let classes = classes(before, after, same);
        let (old, new) = classes.split_at(before.len());
        let mut equal = common(old, new, rank_all(before, after));
        let mut pairs = Vec::new();
        let (mut from, mut to) = (0, 0);
        equal.push((before.len(), after.len()));
        for (old, new) in &equal {
            let (gone, come): (Vec<_>, Vec<_>) = ((from..*old).collect(), (to..*new).collect());
            pair_up(&gone, &come, before, after, &mut pairs);
            (from, to) = (*old + 1, *new + 1);
        }
        equal.pop();
        pairs.extend(equal);
        pairs.sort_unstable();
        Self::with_pairs((before.len(), after.len()), &pairs)
    }

    /// Whether the lists stand item for item beside each other.
    pub fn is_straight(&self) -> bool {
        self.of_before.len() == self.of_after.len()
            && self.of_before.iter().enumerate().all(|(old, new)| *new == Some(old))
    }
}

/// Places by keys.
type Keyed<'f> = BTreeMap<Vec<Cow<'f, str>>, usize>;

/// The places of the items by their keys; none where items have no keys, or two have the same.
fn keys<'f>(before: &'f [Field], after: &'f [Field], slot: Slot) -> Option<(Keyed<'f>, Keyed<'f>)> {
    let of = |items: &'f [Field]| -> Option<Keyed<'f>> {
        let mut places = Keyed::new();
        for (place, item) in items.iter().enumerate() {
            let key = match slot.list_keys() {
                Some(keys) => keys.iter().map(|key| key_of(item, key)).collect::<Option<Vec<_>>>()?,
                // Claim templates, and lists of kinds that no table knows.
                None => vec![name_of(item)?.into()],
            };
            if places.insert(key, place).is_some() {
                return None;
            }
        }
        Some(places)
    };
    Some((of(before)?, of(after)?)).filter(|(old, new)| !(old.is_empty() && new.is_empty()))
}

/// Of the items that are in no pair, those that have a name which one of each list has.
fn namesakes(before: &[Field], after: &[Field], pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let left = |items: &[Field], paired: BTreeSet<usize>| -> Vec<(usize, String)> {
        let names = items.iter().enumerate().filter(|(place, _)| !paired.contains(place));
        let names = names.filter_map(|(place, item)| Some((place, item.get("name")?.as_str()?.to_owned())));
        let names: Vec<_> = names.collect();
        let is_only = |name: &str| names.iter().filter(|(_, other)| other == name).count() == 1;
        names.iter().filter(|(_, name)| is_only(name)).cloned().collect()
    };
    let old = left(before, pairs.iter().map(|(old, _)| *old).collect());
    let new = left(after, pairs.iter().map(|(_, new)| *new).collect());
    let other = |name: &str| new.iter().find(|(_, other)| other == name).map(|(place, _)| *place);
    old.iter().filter_map(|(place, name)| Some((*place, other(name)?))).collect()
}

/// The name of an item of a list that has no keys.
fn name_of(item: &Field) -> Option<&str> {
    item.get("name").or_else(|| item.follow(&["metadata", "name"])).and_then(Field::as_str)
}

/// Items that differ, and can be told as one that changed: as many texts on both sides, or maps.
fn pair_up(gone: &[usize], come: &[usize], before: &[Field], after: &[Field], pairs: &mut Vec<(usize, usize)>) {
    let is_map = |field: &Field| matches!(field.value, FieldValue::Map(_));
    let is_even = gone.len() == come.len();
    for (old, new) in gone.iter().zip(come) {
        let (one, other) = (&before[*old], &after[*new]);
        if is_map(one) == is_map(other) && (is_even || is_map(one)) {
            pairs.push((*old, *new));
        }
    }
}

/// A number for each item of both lists; equal items have the same.
fn classes<'f>(before: &'f [Field], after: &'f [Field], same: impl Fn(&'f Field, &'f Field) -> bool) -> Vec<usize> {
    let mut texts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut firsts: Vec<(&'f Field, usize)> = Vec::new();
    let mut classes = Vec::with_capacity(before.len() + after.len());
    for item in before.iter().chain(after) {
        let next = classes.len();
        classes.push(match item.as_str() {
            Some(text) => *texts.entry(text).or_insert(next),
            None => match firsts.iter().find(|(first, _)| same(first, item)) {
                Some((_, class)) => *class,
                None => {
                    firsts.push((item, next));
                    next
                }
            },
        });
    }
    classes
}

/// Places of equal items, both lists in their order. The lists are looked at in an order that knows no side, so that the
/// same pairs are found from both.
fn common(old: &[usize], new: &[usize], rank: Ordering) -> Vec<(usize, usize)> {
    let (first, second) = if rank.is_le() { (old, new) } else { (new, old) };
    let mut pairs = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, first, second) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            pairs.extend((0..len).map(|step| (old_index + step, new_index + step)));
        }
    }
    if rank.is_gt() {
        pairs.iter_mut().for_each(|(old, new)| std::mem::swap(old, new));
    }
    pairs
}

/// The places in the second list of items that are not in the longest run of items which keep their order.
fn moved(pairs: &[(usize, usize)], rank: Ordering) -> Vec<usize> {
    let mut by_after: Vec<usize> = (0..pairs.len()).collect();
    by_after.sort_unstable_by_key(|place| pairs[*place].1);
    let by_before: Vec<usize> = (0..pairs.len()).collect();
    let kept = common(&by_before, &by_after, rank);
    (0..pairs.len()).filter(|place| kept.iter().all(|(old, _)| old != place)).map(|place| pairs[place].1).collect()
}
