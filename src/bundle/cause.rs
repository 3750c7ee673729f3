//! Why a field has its value: a place in what the user wrote, or a derivation from such places.

use crate::document::OriginId;
use indexmap::{Equivalent, IndexSet};
use rustc_hash::FxBuildHasher;

/// The bit that tells a [`DerivedId`] from an [`OriginId`].
const DERIVED: u32 = 1 << 31;

/// Why a field has its value, in four bytes. [`CauseId::view`] says which of the two kinds of cause it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CauseId(u32);

/// A derivation: an index into [`Causes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DerivedId(pub(super) u32);

/// A cause, opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The value was written there.
    Key(OriginId),
    /// The value follows from others.
    Derived(DerivedId),
}

impl CauseId {
    /// Which kind of cause this is.
    pub fn view(self) -> Cause {
        if self.0 & DERIVED == 0 { Cause::Key(OriginId(self.0)) } else { Cause::Derived(DerivedId(self.0 & !DERIVED)) }
    }
}

impl From<OriginId> for CauseId {
    fn from(origin: OriginId) -> Self {
        // Origins past 2^31 share the last id: a stack of 256 MiB cannot hold that many values.
        Self(origin.0.min(DERIVED - 1))
    }
}

impl From<DerivedId> for CauseId {
    fn from(derived: DerivedId) -> Self {
        Self(derived.0 | DERIVED)
    }
}

/// A rule that made a value, and the values that it was made from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Derivation {
    /// A fixed sentence: "the Service selects the component's Pods".
    pub rule: &'static str,
    /// What it was made from, the most telling first; empty where it holds for every stack.
    pub from: Box<[OriginId]>,
}

/// A derivation that is looked for; hashes and compares like the [`Derivation`] with the same contents.
#[derive(Hash)]
struct Wanted<'a> {
    rule: &'static str,
    from: &'a [OriginId],
}

impl Equivalent<Derivation> for Wanted<'_> {
    fn equivalent(&self, derivation: &Derivation) -> bool {
        self.rule == derivation.rule && *self.from == *derivation.from
    }
}

/// Every derivation of a run, each once. Ids stay valid; nothing is removed.
#[derive(Debug, Default, Clone)]
pub struct Causes {
    derivations: IndexSet<Derivation, FxBuildHasher>,
}

impl Causes {
    /// The cause of a value that `rule` makes from `from`; the same pair gives the same id.
    pub fn derive(&mut self, rule: &'static str, from: &[OriginId]) -> CauseId {
        let known = self.derivations.get_index_of(&Wanted { rule, from });
        let index = known.unwrap_or_else(|| self.derivations.insert_full(Derivation { rule, from: from.into() }).0);
        DerivedId(u32::try_from(index).unwrap_or(u32::MAX) & !DERIVED).into()
    }

    /// Takes over the derivations of others; gives the new cause for each of their ids.
    pub(super) fn append(&mut self, others: Causes) -> Vec<CauseId> {
        others.derivations.into_iter().map(|Derivation { rule, from }| self.derive(rule, &from)).collect()
    }

    /// The derivation with this id.
    pub fn get(&self, id: DerivedId) -> &Derivation {
        &self.derivations[id.0 as usize]
    }

    /// The places that a cause leads back to, the most telling first.
    pub fn origins(&self, cause: CauseId) -> impl Iterator<Item = OriginId> {
        let (own, derived) = match cause.view() {
            Cause::Key(origin) => (Some(origin), None),
            Cause::Derived(id) => (None, Some(self.get(id))),
        };
        own.into_iter().chain(derived.into_iter().flat_map(|derivation| derivation.from.iter().copied()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_and_a_derivation_with_the_same_number_differ() {
        let mut causes = Causes::default();
        let derived = causes.derive("the sky is blue", &[]);
        assert_eq!(CauseId::from(OriginId(0)).view(), Cause::Key(OriginId(0)));
        assert_eq!(derived.view(), Cause::Derived(DerivedId(0)));
        assert_ne!(derived, OriginId(0).into());
    }

    #[test]
    fn equal_derivations_are_one() {
        let mut causes = Causes::default();
        let first = causes.derive("a", &[OriginId(1), OriginId(2)]);
        let other_from = causes.derive("a", &[OriginId(2), OriginId(1)]);
        let other_rule = causes.derive("b", &[OriginId(1), OriginId(2)]);
        assert_eq!(causes.derive("a", &[OriginId(1), OriginId(2)]), first);
        assert!(first != other_from && first != other_rule && other_from != other_rule);
        assert_eq!(causes.origins(other_from).collect::<Vec<_>>(), [OriginId(2), OriginId(1)]);
        assert_eq!(causes.origins(OriginId(7).into()).collect::<Vec<_>>(), [OriginId(7)]);
    }
}
