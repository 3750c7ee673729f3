//! The differences as data.

use super::matching::Matching;
use super::remark::{Reason, Risk};
use crate::bundle::{Bundle, Field, Object, Pointer};

/// Everything that differs between two bundles; the objects in the order in which they are applied.
#[derive(Debug, Clone)]
pub struct Changes<'b> {
    /// What the first bundle is called: a profile, a file, a revision.
    pub before: String,
    /// What the second bundle is called.
    pub after: String,
    /// The objects that differ.
    pub objects: Vec<ObjectChange<'b>>,
    /// The two bundles.
    pub bundles: (&'b Bundle, &'b Bundle),
    /// By what their objects were matched.
    pub matching: Matching,
}

/// An object that differs; at least one of the two is there.
#[derive(Debug, Clone)]
pub struct ObjectChange<'b> {
    /// The object of the first bundle; none where it is added.
    pub before: Option<&'b Object>,
    /// The object of the second bundle; none where it is removed.
    pub after: Option<&'b Object>,
    /// What differs in it, where both are there; in reading order.
    pub changes: Vec<Change<'b>>,
    /// Why it is in one bundle alone, where it is.
    pub reasons: Vec<Reason>,
    /// What a cluster would refuse of it, or what hurts, as far as that was asked for.
    pub risks: Vec<Risk>,
}

/// A part of an object that differs.
#[derive(Debug, Clone)]
pub struct Change<'b> {
    /// Where, as people write it: `spec.template.spec.containers[name=api].image`.
    pub field: String,
    /// Where it is in the first object; none where it is added.
    pub before: Option<Pointer>,
    /// Where it is in the second object; none where it is removed.
    pub after: Option<Pointer>,
    /// Where it is while the changes are made one after the other in their order; of an item that is added, the place
    /// that it takes, of one that moves, the place that it comes from.
    pub at: Pointer,
    /// What became of it.
    pub act: Act<'b>,
    /// Whether its values may be shown.
    pub disclosure: Disclosure,
    /// Why it differs: the places of the first bundle, then those of the second.
    pub reasons: Vec<Reason>,
}

/// What became of a part of an object.
#[derive(Debug, Clone, Copy)]
pub enum Act<'b> {
    /// It is new.
    Added(&'b Field),
    /// It is gone.
    Removed(&'b Field),
    /// It has another value.
    Changed(&'b Field, &'b Field),
    /// It stands at another place of a list whose order counts: at this index, once it is taken out of the list.
    Moved(&'b Field, u32),
}

/// Whether values may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disclosure {
    /// They may.
    Open,
    /// They hold a value of a Secret.
    Secret,
    /// They are a checksum: it says nothing to a reader, and of a weak password too much to others.
    Checksum,
}

impl Changes<'_> {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }
}

impl<'b> ObjectChange<'b> {
    /// The object as it is in the end, or as it was where it is gone.
    pub fn object(&self) -> &'b Object {
        self.after.or(self.before).expect("a change is of an object that is in one of the bundles")
    }
}

impl<'b> Act<'b> {
    /// The value in the first object.
    pub fn before(&self) -> Option<&'b Field> {
        match self {
            Self::Added(_) => None,
            Self::Removed(field) | Self::Changed(field, _) | Self::Moved(field, _) => Some(field),
        }
    }

    /// The value in the second object.
    pub fn after(&self) -> Option<&'b Field> {
        match self {
            Self::Removed(_) => None,
            Self::Added(field) | Self::Changed(_, field) | Self::Moved(field, _) => Some(field),
        }
    }
}
