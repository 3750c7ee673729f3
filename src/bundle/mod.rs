//! What is compiled to: objects as trees in which every field knows its cause.

pub mod cause;
pub mod pointer;
pub mod field;
pub mod traced;
pub mod kinds;
pub mod customary;
mod serialize;

pub use cause::{Cause, CauseId, Causes, Derivation, DerivedId};
pub use field::{Field, FieldValue, Key};
pub use kinds::{Kind, KindId, Order, Scope};
pub use pointer::{Pointer, PointerError, Segment};
pub use traced::{Fill, Traced, Trail, traced};

use serde::Serialize;
use std::borrow::Cow;

/// What an object is to the stack. It stays the same where its name changes, as that of a Job whose name ends in a hash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// The component that it belongs to: the key of its table.
    pub component: Box<str>,
    /// What it does for the component: `workload`, `service`, `headless`, …
    pub role: Cow<'static, str>,
}

impl Identity {
    /// The object that does `role` for `component`.
    pub fn new(component: impl Into<Box<str>>, role: impl Into<Cow<'static, str>>) -> Self {
        Self { component: component.into(), role: role.into() }
    }
}

/// One object.
#[derive(Debug, Clone)]
pub struct Object {
    /// Its kind.
    pub kind: KindId,
    /// What it is to the stack.
    pub identity: Identity,
    /// The whole object: a map with `apiVersion`, `kind` and `metadata`.
    pub root: Field,
}

impl Object {
    /// The object that a typed value describes.
    pub fn new<T: Serialize + k8s_openapi::Resource>(identity: Identity, value: Traced<T>) -> Self {
        let kind = KindId::find(T::GROUP, T::KIND).unwrap_or(KindId::OTHER);
        Self { kind, identity, root: value.into_field() }
    }

    /// The object that a tree describes; of a kind that the table does not have it is [`KindId::OTHER`].
    pub fn from_field(identity: Identity, root: Field) -> Self {
        let text = |key: &str| root.get(key).and_then(Field::as_str).unwrap_or_default();
        let group = text("apiVersion").rsplit_once('/').map_or("", |(group, _)| group);
        let kind = KindId::find(group, text("kind")).unwrap_or(KindId::OTHER);
        Self { kind, identity, root }
    }

    /// `metadata.name`; empty where there is none.
    pub fn name(&self) -> &str {
        self.root.follow(&["metadata", "name"]).and_then(Field::as_str).unwrap_or_default()
    }

    /// `metadata.namespace`, where there is one.
    pub fn namespace(&self) -> Option<&str> {
        self.root.follow(&["metadata", "namespace"]).and_then(Field::as_str)
    }

    /// `apiVersion` as it stands in the object; empty where there is none.
    pub fn api_version(&self) -> &str {
        self.root.get("apiVersion").and_then(Field::as_str).unwrap_or_default()
    }

    /// `kind` as it stands in the object; empty where there is none.
    pub fn kind_name(&self) -> &str {
        self.root.get("kind").and_then(Field::as_str).unwrap_or_default()
    }

    /// The template of its Pods, or the object itself where it is a Pod; a map with `metadata` and `spec`.
    pub fn pod_template(&self) -> Option<&Field> {
        self.root.follow(self.kind.row().pod_template?)
    }
}

/// All objects of a stack and why they are as they are.
#[derive(Debug, Clone, Default)]
pub struct Bundle {
    /// The objects.
    pub objects: Vec<Object>,
    /// What the causes of their fields mean.
    pub causes: Causes,
}

impl Bundle {
    /// Puts the objects in the order in which they are applied; of one kind they stay in the order of the stack.
    pub fn sort(&mut self) {
        self.objects.sort_by_key(|object| object.kind.row().order);
    }
}
