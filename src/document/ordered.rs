//! Maps from texts that keep the order in which they were filled: short ones, as most are, are looked through.

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use std::borrow::Borrow;
use std::hash::BuildHasher;
use std::ops::Index;

/// Up to so many entries a map is looked through; a longer one has an index.
const SHORT: usize = 16;

/// A map from texts to values in the order in which the keys came; each key stands once.
#[derive(Debug, Clone)]
pub struct Ordered<K, V> {
    entries: Vec<(K, V)>,
    /// Where each key stands, while there are more than [`SHORT`].
    places: Option<Box<HashTable<usize>>>,
}

impl<K, V> Default for Ordered<K, V> {
    fn default() -> Self {
        Self { entries: Vec::new(), places: None }
    }
}

impl<K: Borrow<str>, V> Ordered<K, V> {
    /// Nothing yet, with room for so many entries.
    pub fn with_capacity(entries: usize) -> Self {
        Self { entries: Vec::with_capacity(entries), places: None }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether this key is there.
    pub fn contains_key(&self, key: &str) -> bool {
        self.place(key).is_some()
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&V> {
        self.place(key).map(|place| &self.entries[place].1)
    }

    /// The value of a key, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        self.place(key).map(|place| &mut self.entries[place].1)
    }

    /// The value of a key; where it is not there yet, it comes last, with this value.
    pub fn get_or_insert_with(&mut self, key: K, value: impl FnOnce() -> V) -> &mut V {
        let place = self.place(key.borrow()).unwrap_or_else(|| self.push(key, value()));
        &mut self.entries[place].1
    }

    /// Gives a key a value, and returns the one that it had: a known key keeps its place, a new one comes last.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.get_mut(key.borrow()) {
            Some(known) => Some(std::mem::replace(known, value)),
            None => {
                self.push(key, value);
                None
            }
        }
    }

    /// Takes an entry out; those behind it move up.
    pub fn shift_remove(&mut self, key: &str) -> Option<V> {
        let place = self.place(key)?;
        let (_, value) = self.entries.remove(place);
        self.index();
        Some(value)
    }

    /// Keeps the entries of which this is true.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        self.entries.retain_mut(|(key, value)| keep(key, value));
        self.index();
    }

    /// Takes out the entries of which this is true.
    pub fn extract(&mut self, mut is_taken: impl FnMut(&K, &mut V) -> bool) -> Vec<(K, V)> {
        let taken = self.entries.extract_if(.., |(key, value)| is_taken(key, value)).collect();
        self.index();
        taken
    }

    /// The entries in their order.
    pub fn iter(&self) -> Pairs<'_, K, V> {
        self.into_iter()
    }

    /// The entries in their order, to change their values.
    pub fn iter_mut(&mut self) -> PairsMut<'_, K, V> {
        self.into_iter()
    }

    /// The keys in their order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &K> + DoubleEndedIterator + Clone {
        self.entries.iter().map(|(key, _)| key)
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &V> + DoubleEndedIterator + Clone {
        self.entries.iter().map(|(_, value)| value)
    }

    /// The values in the order of their keys, to change them.
    pub fn values_mut(&mut self) -> impl ExactSizeIterator<Item = &mut V> + DoubleEndedIterator {
        self.entries.iter_mut().map(|(_, value)| value)
    }

    fn place(&self, key: &str) -> Option<usize> {
        match &self.places {
            None => self.entries.iter().position(|(known, _)| known.borrow() == key),
            Some(places) => places.find(hash(key), |place| self.entries[*place].0.borrow() == key).copied(),
        }
    }

    /// Adds an entry whose key is not there yet, and returns its place.
    fn push(&mut self, key: K, value: V) -> usize {
        let place = self.entries.len();
        self.entries.push((key, value));
        let entries = &self.entries;
        match &mut self.places {
            Some(places) => {
                let rehash = |place: &usize| hash(entries[*place].0.borrow());
                places.insert_unique(rehash(&place), place, rehash);
            }
            None if entries.len() > SHORT => self.index(),
            None => {}
        }
        place
    }

    /// Makes the index anew, where one is needed.
    fn index(&mut self) {
        self.places = None;
        if self.entries.len() > SHORT {
            let mut places = HashTable::with_capacity(self.entries.len());
            let rehash = |place: &usize| hash(self.entries[*place].0.borrow());
            for place in 0..self.entries.len() {
                places.insert_unique(rehash(&place), place, rehash);
            }
            self.places = Some(Box::new(places));
        }
    }
}

impl<K: Borrow<str>, V> FromIterator<(K, V)> for Ordered<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::default();
        map.extend(entries);
        map
    }
}

impl<K: Borrow<str>, V> Extend<(K, V)> for Ordered<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K, V> IntoIterator for Ordered<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

/// Entries that are looked at: each pair of references, in place of a reference to a pair.
pub type Pairs<'a, K, V> = std::iter::Map<std::slice::Iter<'a, (K, V)>, fn(&(K, V)) -> (&K, &V)>;

impl<'a, K, V> IntoIterator for &'a Ordered<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Pairs<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter().map(as_pair)
    }
}

/// The same with values that may be changed.
pub type PairsMut<'a, K, V> = std::iter::Map<std::slice::IterMut<'a, (K, V)>, fn(&mut (K, V)) -> (&K, &mut V)>;

impl<'a, K, V> IntoIterator for &'a mut Ordered<K, V> {
    type Item = (&'a K, &'a mut V);
    type IntoIter = PairsMut<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter_mut().map(as_pair_mut)
    }
}

impl<K: Borrow<str>, V> Index<&str> for Ordered<K, V> {
    type Output = V;

    /// # Panics
    /// Where the key is not there.
    fn index(&self, key: &str) -> &V {
        self.get(key).expect("the key is there, as who asks in this way has seen")
    }
}

fn as_pair<K, V>((key, value): &(K, V)) -> (&K, &V) {
    (key, value)
}

fn as_pair_mut<K, V>((key, value): &mut (K, V)) -> (&K, &mut V) {
    (key, value)
}

fn hash(key: &str) -> u64 {
    FxBuildHasher.hash_one(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use indexmap::IndexMap;
    use proptest::prelude::*;

    #[derive(Debug, Clone)]
    enum Step {
        Insert(u8),
        Remove(u8),
        Meet(u8),
        KeepBelow(u8),
        TakeFrom(u8),
    }

    fn step() -> impl Strategy<Value = Step> {
        // Forty keys: maps grow over the length at which they get an index, and shrink below it again.
        prop_oneof![
            8 => (0..40_u8).prop_map(Step::Insert),
            2 => (0..40_u8).prop_map(Step::Remove),
            2 => (0..40_u8).prop_map(Step::Meet),
            1 => (10..40_u8).prop_map(Step::KeepBelow),
            1 => (20..40_u8).prop_map(Step::TakeFrom),
        ]
    }

    proptest! {
        /// Another map that keeps its order does the same at every step.
        #[test]
        fn every_step_leaves_what_an_index_map_has(steps in proptest::collection::vec(step(), 0..120)) {
            let mut ours: Ordered<Box<str>, usize> = Ordered::default();
            let mut theirs: IndexMap<Box<str>, usize> = IndexMap::new();
            let key = |number: u8| Box::<str>::from(format!("key-{number:02}"));
            for (count, step) in steps.into_iter().enumerate() {
                match step {
                    Step::Insert(number) => prop_assert_eq!(ours.insert(key(number), count), theirs.insert(key(number), count)),
                    Step::Remove(number) => prop_assert_eq!(ours.shift_remove(&key(number)), theirs.shift_remove(&key(number))),
                    Step::Meet(number) => prop_assert_eq!(
                        ours.get_or_insert_with(key(number), || count), theirs.entry(key(number)).or_insert(count)
                    ),
                    Step::KeepBelow(number) => {
                        ours.retain(|own, _| **own < *key(number));
                        theirs.retain(|own, _| **own < *key(number));
                    }
                    Step::TakeFrom(number) => {
                        let taken = ours.extract(|own, _| **own >= *key(number));
                        prop_assert_eq!(taken, theirs.extract_if(.., |own, _| **own >= *key(number)).collect::<Vec<_>>());
                    }
                }
                prop_assert_eq!(ours.iter().collect::<Vec<_>>(), theirs.iter().collect::<Vec<_>>());
                for number in 0..40 {
                    prop_assert_eq!(ours.get(&key(number)), theirs.get(&key(number)));
                    prop_assert_eq!(ours.contains_key(&key(number)), theirs.contains_key(&key(number)));
                }
                prop_assert_eq!((ours.len(), ours.is_empty()), (theirs.len(), theirs.is_empty()));
            }
            prop_assert_eq!(ours.into_iter().collect::<Vec<_>>(), theirs.into_iter().collect::<Vec<_>>());
        }
    }
}
