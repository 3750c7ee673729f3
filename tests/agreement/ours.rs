//! Our side of the agreement: what we refuse of a document that is sent as JSON.

use serde_json::Value;
use stowplan::bundle::{Bundle, Field, Identity, Object};
use stowplan::check::{self, Context, Finding, Target};
use stowplan::document::OriginId;
use stowplan::value::KubernetesVersion;

/// A document as a bundle of its own.
pub fn bundle(document: &Value) -> Bundle {
    let objects = vec![Object::from_field(
        Identity::new("document", "manifest"),
        Field::from_json(document, &mut || OriginId(0).into()),
    )];
    Bundle { objects, ..Bundle::default() }
}

/// What we would refuse of it on this minor version.
pub fn findings(bundle: &Bundle, minor: u8) -> Vec<Finding> {
    check::check(&Context { bundle, target: Target::of(KubernetesVersion { minor }) })
}
