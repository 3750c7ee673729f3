//! What is compiled to: objects as trees in which every field knows its cause.

mod cause;
mod pointer;
pub mod schema;
mod field;
pub mod place;
mod traced;
mod serialize;
mod kinds;
pub mod customary;
mod slot;
pub mod spelling;
mod path;
mod pattern;
pub mod yaml;

pub use cause::{Cause, CauseId, Causes, Derivation, DerivedId};
pub use field::{Field, FieldValue, Key};
pub use kinds::{Kind, KindId, Order, Scope};
pub use path::{Astray, FieldPath};
pub use pattern::ObjectPattern;
pub use place::At;
pub use pointer::{Pointer, PointerError, Segment};
pub use slot::{Slot, key_of};
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

/// What the roles of objects begin with that a `[manifest]` holds.
const GIVEN: &str = "given ";

impl Identity {
    /// An object that `[manifest.MANIFEST]` holds; what it does for the stack is not known.
    pub fn given(manifest: impl Into<Box<str>>, kind: &str, name: &str) -> Self {
        Self { component: manifest.into(), role: format!("{GIVEN}{kind}/{name}").into() }
    }

    /// Whether a `[manifest]` holds the whole object, so that nothing of it is completed.
    pub fn is_given(&self) -> bool {
        self.role.starts_with(GIVEN)
    }

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

    /// The name that the stack gives it: of a Job that a stack makes, without the hash in which the name ends.
    pub fn stable_name(&self) -> &str {
        let name = self.name();
        let is_ours = !self.identity.is_given() && !self.identity.component.is_empty();
        match name.rsplit_once('-') {
            Some((stable, hash)) if self.kind_name() == "Job" && is_ours && is_job_hash(hash) => stable,
            _ => name,
        }
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

/// Digits of the hash in which the name of a Job ends, enough for every Job that one stack ever has.
pub const JOB_HASH_DIGITS: usize = 8;

fn is_job_hash(text: &str) -> bool {
    text.len() == JOB_HASH_DIGITS && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
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
    /// Adds the objects of another bundle behind its own, with their causes.
    pub fn append(&mut self, other: Bundle) {
        let ids = self.causes.append(other.causes);
        self.objects.extend(other.objects.into_iter().map(|mut object| {
            object.root.renumber(&ids);
            object
        }));
    }

    /// Puts the objects in the order in which they are applied; of one kind they stay in the order of the stack.
    pub fn sort(&mut self) {
        self.objects.sort_by_key(|object| object.kind.row().order);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::OriginId;
    use k8s_openapi::api::apps::v1::Deployment;
    use k8s_openapi::api::batch::v1::CronJob;
    use k8s_openapi::api::core::v1::{ConfigMap, Pod};
    use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

    fn map(entries: &[(&'static str, &str)]) -> Field {
        let entries = entries.iter().map(|(key, text)| (Key::Borrowed(*key), Field::text(*text, OriginId(0))));
        Field::new(FieldValue::Map(entries.collect()), OriginId(0))
    }

    fn foreign(api_version: &str, kind: &str) -> Object {
        Object::from_field(Identity::new("x", "manifest"), map(&[("apiVersion", api_version), ("kind", kind)]))
    }

    #[test]
    fn an_object_knows_its_names() {
        let metadata = crate::traced!(OriginId(1), ObjectMeta { name: "app", namespace: "prod" });
        let object =
            Object::new(Identity::new("app", "config"), crate::traced!(OriginId(0), ConfigMap { metadata: metadata }));
        assert_eq!((object.name(), object.namespace()), ("app", Some("prod")));
        assert_eq!((object.api_version(), object.kind_name()), ("v1", "ConfigMap"));
        assert_eq!(object.kind.row().plural, "configmaps");
        assert_eq!((foreign("v1", "Pod").name(), foreign("v1", "Pod").namespace()), ("", None));
    }

    #[test]
    fn the_hash_of_a_job_is_not_part_of_its_stable_name() {
        let named = |kind: &str, name: &str, identity: Identity| {
            let root = map(&[("kind", kind)]);
            let FieldValue::Map(mut entries) = root.value else { panic!("it is a map") };
            entries.push((Key::Borrowed("metadata"), map(&[("name", name)])));
            let object = Object::from_field(identity, Field::new(FieldValue::Map(entries), OriginId(0)));
            object.stable_name().to_owned()
        };
        let made = || Identity::new("migrate", "job");
        assert_eq!(named("Job", "migrate-8e4c8d54", made()), "migrate");
        assert_eq!(named("Job", "migrate-8e4c8d5", made()), "migrate-8e4c8d5");
        assert_eq!(named("Job", "migrate", made()), "migrate");
        assert_eq!(named("Deployment", "migrate-8e4c8d54", made()), "migrate-8e4c8d54");
        assert_eq!(named("Job", "migrate-8e4c8d54", Identity::given("m", "Job", "x")), "migrate-8e4c8d54");
        assert_eq!(named("Job", "migrate-8e4c8d54", Identity::new("", "foreign")), "migrate-8e4c8d54");
    }

    #[test]
    fn a_tree_is_of_the_kind_that_it_says() {
        assert_eq!(foreign("apps/v1beta2", "Deployment").kind.row().kind, "Deployment");
        assert_eq!(foreign("example.com/v1", "Deployment").kind, KindId::OTHER);
        assert_eq!(Object::from_field(Identity::new("", ""), map(&[])).kind, KindId::OTHER);
    }

    #[test]
    fn the_pod_template_is_where_the_kind_keeps_it() {
        let role = || Identity::new("x", "workload");
        let found = |object: Object| object.pod_template().map(|template| template.cause);
        let cron = serde_json::from_str::<CronJob>(r#"{"spec": {"jobTemplate": {"spec": {"template": {}}}}}"#).unwrap();
        assert_eq!(found(Object::new(role(), traced(cron, OriginId(4)))), Some(OriginId(4).into()));
        assert_eq!(found(Object::new(role(), traced(Pod::default(), OriginId(5)))), Some(OriginId(5).into()));
        assert_eq!(found(Object::new(role(), traced(Deployment::default(), OriginId(6)))), Some(OriginId(6).into()));
        assert_eq!(found(foreign("apps/v1", "Deployment")), None);
        assert_eq!(found(Object::new(role(), traced(ConfigMap::default(), OriginId(7)))), None);
    }

    #[test]
    fn sorting_keeps_the_order_of_the_stack_within_a_kind() {
        let object = |component: &str, api_version, kind| Object {
            identity: Identity::new(component, "workload"),
            ..foreign(api_version, kind)
        };
        let objects = vec![
            object("1", "example.com/v1", "Widget"),
            object("2", "networking.k8s.io/v1", "Ingress"),
            object("3", "apps/v1", "Deployment"),
            object("4", "batch/v1", "Job"),
            object("5", "rbac.authorization.k8s.io/v1", "RoleBinding"),
            object("6", "rbac.authorization.k8s.io/v1", "ClusterRole"),
            object("7", "apps/v1", "Deployment"),
            object("8", "rbac.authorization.k8s.io/v1", "Role"),
            object("9", "v1", "Namespace"),
        ];
        let mut bundle = Bundle { objects, ..Bundle::default() };
        bundle.sort();
        let order: Vec<&str> = bundle.objects.iter().map(|object| &*object.identity.component).collect();
        assert_eq!(order, ["9", "6", "8", "5", "4", "3", "7", "2", "1"]);
    }
}
