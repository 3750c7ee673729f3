//! Classes that a profile names and no provider makes.

use super::facts::Facts;
use super::tree::{map, text};
use crate::bundle::Field;
use crate::component::cluster::ExposeApi;

/// Classes that a profile names and no provider makes; the stack's own are its own.
pub fn objects(facts: &Facts) -> Vec<Field> {
    let is_asked = |what: &str| facts.requires.iter().any(|requirement| requirement.contains(what));
    let mut objects: Vec<(&str, Field)> = Vec::new();
    objects.extend(facts.described_storage.clone().map(|class| ("StorageClass", class)));
    if facts.expose == ExposeApi::Gateway && is_asked("AWS Load Balancer Controller") {
        objects.push(("GatewayClass", gateway_of_aws(&facts.expose_class)));
    }
    let name =
        |object: &Field| object.follow(&["metadata", "name"]).and_then(Field::as_str).unwrap_or_default().to_owned();
    objects.retain(|(kind, object)| {
        let name = name(object);
        !name.is_empty() && !facts.own_classes.contains(&format!("{kind}/{name}"))
    });
    objects.into_iter().map(|(_, object)| object).collect()
}

/// Whether one of the objects is this class.
pub fn is_made(kind: &str, name: &str, facts: &Facts) -> bool {
    let is_it = |object: &Field| {
        object.get("kind").and_then(Field::as_str) == Some(kind)
            && object.follow(&["metadata", "name"]).and_then(Field::as_str) == Some(name)
    };
    objects(facts).iter().any(is_it)
}

/// The controller brings a class for Ingresses, and none for Gateways.
fn gateway_of_aws(name: &str) -> Field {
    map([
        ("apiVersion", text("gateway.networking.k8s.io/v1")),
        ("kind", text("GatewayClass")),
        ("metadata", map([("name", text(name))])),
        ("spec", map([("controllerName", text("gateway.k8s.aws/alb"))])),
    ])
}
