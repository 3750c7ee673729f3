//! Objects of custom kinds, held against their definitions: those of the stack, and those of the kinds that stacks are made of.
//!
//! The expressions of definitions (`x-kubernetes-validations`) are not evaluated; those of the Gateway API and of
//! CloudNativePG are written out in `gateway`, `http_route`, `http_filter` and
//! `postgres_cluster`.

mod pattern;
mod format;
pub mod schema;
pub mod instance;
mod metadata;
pub mod gateway;
pub mod http_filter;
pub mod http_route;
pub mod postgres_cluster;
mod builtin;

use crate::bundle::{Bundle, Field, FieldValue};
use crate::check::{At, Checker, Part, Reason, api_rules};
use crate::value::nearest;
use schema::Schema;

api_rules! {
    /// The number of replicas that a definition names is a whole one from 0 to 2147483647.
    CR_012 = "CR-012";
    /// An object of a custom kind is of a version that its definition serves.
    CR_011 = "CR-011";
}

/// The definitions that a bundle brings itself. They come before those that are built in.
#[derive(Debug, Default)]
pub struct Definitions {
    own: Vec<Definition>,
}

/// What is known of a custom kind.
#[derive(Debug)]
pub struct Definition {
    group: Box<str>,
    kind: Box<str>,
    versions: Vec<Version>,
}

/// A version of a custom kind that the server serves.
#[derive(Debug)]
struct Version {
    name: Box<str>,
    schema: Schema,
    /// Where the number of replicas is that `kubectl scale` changes: `.spec.replicas`.
    replicas: Option<Box<str>>,
}

impl Definitions {
    /// The definitions among the objects of a bundle.
    pub fn of(bundle: &Bundle) -> Self {
        let definitions = bundle.objects.iter().filter(|object| {
            let row = object.kind.row();
            (row.group, row.kind) == ("apiextensions.k8s.io", "CustomResourceDefinition")
        });
        Self { own: definitions.filter_map(|object| Definition::read(&object.root)).collect() }
    }

    /// Whether the fields of a custom kind are known: it is defined in the bundle, or built in.
    pub fn know(&self, group: &str, kind: &str) -> bool {
        let is_it = |definition: &Definition| *definition.group == *group && *definition.kind == *kind;
        self.own.iter().any(is_it) || builtin::find(group, kind).is_some()
    }

    /// What the server refuses of an object of a custom kind. Of one that nobody has defined it is not known.
    pub fn check(&self, object: &At, checker: &mut Checker) {
        let api_version = object.key("apiVersion");
        let Some((group, version)) = api_version.text().split_once('/') else { return };
        let kind = object.key("kind");
        let is_it = |definition: &&Definition| *definition.group == *group && *definition.kind == *kind.text();
        if let Some(definition) = self.own.iter().find(is_it) {
            match definition.version(version) {
                Some(version) => version.check(object, checker),
                None => definition.refuse_version(&api_version, version, checker),
            }
        } else if let Some(builtin) = builtin::find(group, kind.text()) {
            let found = builtin.definition().and_then(|definition| definition.version(version));
            if let Some(version) = found {
                version.check(object, checker);
                (builtin.expressions)(object, checker);
            }
        }
    }
}

impl Definition {
    /// Reads a CustomResourceDefinition, as far as it tells what its objects hold.
    fn read(root: &Field) -> Option<Self> {
        let spec = root.get("spec")?;
        let text = |field: &Field, key: &str| field.get(key).and_then(Field::as_str).map(Box::from);
        let versions = spec.get("versions").map_or(&[][..], Field::items);
        let served = versions.iter().filter(|version| version.get("served").and_then(Field::as_boolean) == Some(true));
        let read = |version: &Field| {
            let schema = version.follow(&["schema", "openAPIV3Schema"])?;
            let schema = Schema::read(schema).of_object();
            // A status with a request of its own is taken away before it is looked at.
            let has_status = version.follow(&["subresources", "status"]).is_some();
            let schema = if has_status { schema.without_status() } else { schema };
            let replicas = version.follow(&["subresources", "scale"]).and_then(|scale| text(scale, "specReplicasPath"));
            Some(Version { name: text(version, "name")?, schema, replicas })
        };
        let kind = spec.get("names").and_then(|names| text(names, "kind"))?;
        Some(Self { group: text(spec, "group")?, kind, versions: served.filter_map(read).collect() })
    }

    fn version(&self, name: &str) -> Option<&Version> {
        self.versions.iter().find(|version| *version.name == *name)
    }

    fn refuse_version(&self, api_version: &At, version: &str, checker: &mut Checker) {
        let names = self.versions.iter().map(|version| &*version.name);
        let title = format!("the definition of {} does not serve the version `{version}`", self.kind);
        let near = nearest(version, names.clone()).or_else(|| names.clone().next());
        let help = match near {
            Some(name) => format!("write `{}/{name}`", self.group),
            None => "serve a version in the definition".to_owned(),
        };
        checker.refuse(api_version, &CR_011, Reason::NotFound, title, help).part = Part::Value;
    }
}

impl Version {
    fn check(&self, object: &At, checker: &mut Checker) {
        metadata::metadata(object, checker);
        instance::instance(object, &self.schema, checker);
        if let Some(path) = &self.replicas {
            replicas(object, path, checker);
        }
    }
}

fn replicas(object: &At, path: &str, checker: &mut Checker) {
    let keys: Vec<&str> = path.trim_start_matches('.').split('.').collect();
    let Some(field) = object.field().and_then(|field| field.follow(&keys)) else { return };
    let is_count = match field.value {
        FieldValue::Integer(number) => (0..=i64::from(i32::MAX)).contains(&number),
        // Of another type is what the schema refuses, but it takes `3.0` for a whole number.
        FieldValue::Float(_) => false,
        _ => true,
    };
    if !is_count {
        // The server spells the path as the definition does.
        let at = object.key_spelled(keys[0], path);
        let title = "the number of replicas is no whole number from 0 to 2147483647";
        checker.refuse(&at, &CR_012, Reason::Invalid, title, "write such a number").cause = field.cause;
    }
}
