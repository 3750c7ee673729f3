//! What objects refer to: the only place that follows a reference.

use crate::bundle::{Bundle, Object};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// The objects of a bundle, found by what others call them.
pub struct Graph<'a> {
    bundle: &'a Bundle,
    by_name: IndexMap<Name<'a>, usize, FxBuildHasher>,
}

/// Kind, namespace and name.
type Name<'a> = (&'a str, Option<&'a str>, &'a str);

impl<'a> Graph<'a> {
    /// The graph of these objects.
    pub fn of(bundle: &'a Bundle) -> Self {
        let mut by_name = IndexMap::with_capacity_and_hasher(bundle.objects.len(), FxBuildHasher);
        for (index, object) in bundle.objects.iter().enumerate() {
            by_name.entry((object.kind_name(), object.namespace(), object.name())).or_insert(index);
        }
        Self { bundle, by_name }
    }

    /// The objects.
    pub fn bundle(&self) -> &'a Bundle {
        self.bundle
    }

    /// The object that is called so, and its index.
    pub fn find(&self, kind: &str, namespace: Option<&str>, name: &str) -> Option<(usize, &'a Object)> {
        let index = *self.by_name.get(&(kind, namespace, name))?;
        Some((index, &self.bundle.objects[index]))
    }
}
