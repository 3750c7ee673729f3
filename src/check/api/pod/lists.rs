//! The lists of containers of a Pod.

use crate::check::At;

/// The lists of containers, of all kinds.
pub fn every_container<'q, 'f>(spec: &'q At<'_, 'f>) -> impl Iterator<Item = At<'q, 'f>> {
    ["initContainers", "containers", "ephemeralContainers"].into_iter().map(|list| spec.key(list))
}
