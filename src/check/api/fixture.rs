//! What tests of checks share: objects from JSON, and what is said of them.

use super::check_object;
use crate::bundle::{Field, Identity, Object};
use crate::check::Finding;
use crate::document::OriginId;
use crate::value::KubernetesVersion;
use serde_json::Value;

/// The object of a document, in which each field has a cause of its own, counted from the outside in the order written.
pub fn object(document: &Value) -> Object {
    let mut causes = (0..).map(|number| OriginId(number).into());
    let root = Field::from_json(document, &mut || causes.next().expect("no document is that large"));
    Object::from_field(Identity::new("document", "manifest"), root)
}

/// What is said of it on this minor version.
pub fn findings(document: &Value, minor: u8) -> Vec<Finding> {
    check_object(0, &object(document), KubernetesVersion { minor })
}
