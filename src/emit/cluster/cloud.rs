//! What a cluster of a provider must have: objects to apply, and commands above them in comments.

use super::facts::Facts;
use super::steps::{Step, comments};
use super::tree::{map, text, truth};
use crate::bundle::Field;
use crate::component::cluster::ExposeApi;
use crate::emit::manifests::yaml::document_as_written as document;

/// The stream; where nothing is to be applied it holds comments alone.
pub fn needs(facts: &Facts, steps: &[Step]) -> String {
    let objects = objects(facts);
    let mut stream =
        format!("# What the profile `{}` needs of its cluster. {}\n", facts.profile, facts.version_remark());
    if !steps.is_empty() {
        stream.push_str("#\n# What must be there, and the commands that see to it:\n");
        stream.push_str(&comments(steps));
    }
    if objects.is_empty() {
        return stream;
    }
    stream.push_str(&format!("#\n# The objects below are applied with\n#\n#   {} | kubectl apply -f -\n", facts.call));
    for object in objects {
        stream.push_str("---\n");
        stream.push_str(&document(&object));
    }
    stream
}

/// Whether the stream holds a class.
pub fn is_made(kind: &str, name: &str, facts: &Facts) -> bool {
    let is_it = |object: &Field| {
        object.get("kind").and_then(Field::as_str) == Some(kind)
            && object.follow(&["metadata", "name"]).and_then(Field::as_str) == Some(name)
    };
    objects(facts).iter().any(is_it)
}

/// Classes that a profile names and no provider makes; the stack's own are its own.
fn objects(facts: &Facts) -> Vec<Field> {
    let is_asked = |what: &str| facts.requires.iter().any(|requirement| requirement.contains(what));
    let mut objects = Vec::new();
    if is_asked("ebs.csi.aws.com") {
        objects.push(("StorageClass", disks_of_aws(&facts.storage_class)));
    }
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

/// EKS has no default class: disks of the type gp3, in the zone of the Pod that asks first, and able to grow.
fn disks_of_aws(name: &str) -> Field {
    map([
        ("apiVersion", text("storage.k8s.io/v1")),
        ("kind", text("StorageClass")),
        ("metadata", map([("name", text(name))])),
        ("provisioner", text("ebs.csi.aws.com")),
        ("parameters", map([("type", text("gp3"))])),
        ("volumeBindingMode", text("WaitForFirstConsumer")),
        ("allowVolumeExpansion", truth(true)),
    ])
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
