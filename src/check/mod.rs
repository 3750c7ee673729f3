//! What is wrong with finished objects: findings, each at a field of an object.

mod placement;
pub mod api;

pub use placement::report;

use crate::bundle::{Bundle, Pointer};
use crate::document::OriginId;
use crate::value::KubernetesVersion;

/// What is checked, and for which clusters.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The objects.
    pub bundle: &'a Bundle,
    /// The clusters.
    pub target: Target,
}

/// The versions of Kubernetes that the objects must fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The oldest.
    pub oldest: KubernetesVersion,
    /// The newest; it is the oldest where there is but one.
    pub newest: KubernetesVersion,
    /// Where the oldest is written, for messages.
    pub origin: Option<OriginId>,
}

/// Something that is wrong with an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule: an id of the rules of the API, such as `DEC-010`.
    pub code: &'static str,
    /// The object: an index into those of the bundle.
    pub object: usize,
    /// The field; where it is missing, the place where it should be.
    pub pointer: Pointer,
    /// Whether its key or its value is wrong.
    pub at: At,
    /// Lower-case phrase that names the value; no full stop. It leaves out the object, which the place names.
    pub message: String,
    /// What to type next, in the imperative.
    pub help: String,
    /// Other places that matter.
    pub related: Vec<Related>,
}

/// Which part of a field is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Its key: the field should not be there.
    Key,
    /// Its value.
    Value,
}

/// Another place that matters, and what is to say about it, as a lower-case phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The place.
    pub place: Place,
    /// The phrase beside the caret.
    pub text: String,
}

/// A place in an object, or in what the user wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A field of an object.
    Field {
        /// An index into the objects of the bundle.
        object: usize,
        /// The field.
        pointer: Pointer,
    },
    /// A value of the stack or of a profile.
    Written(OriginId),
}

impl Target {
    /// One version.
    pub fn of(version: KubernetesVersion) -> Self {
        Self { oldest: version, newest: version, origin: None }
    }
}

/// Everything that is wrong, in the order of the objects.
pub fn check(context: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    api::check(context, &mut findings);
    findings
}
