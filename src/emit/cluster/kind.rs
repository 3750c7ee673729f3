//! The configuration of kind: `Cluster`, version `kind.x-k8s.io/v1alpha4`.

use super::facts::{Facts, Mapping};
use super::tree::{list, map, number, text, with};
use crate::bundle::Field;
use crate::emit::manifests::yaml::document_as_written as document;
use crate::value::KubernetesVersion;

/// The longest name of a cluster in characters. Source: kind 0.33, `clusterNameMax`.
pub const LONGEST_NAME: usize = 50;

/// Images of nodes that are known to exist, by the minor version of Kubernetes, with the digest that kind's notes give.
const IMAGES: [(u8, &str); 1] =
    [(37, "kindest/node:v1.37.0@sha256:a1ed56cfb0e7b93589bdf97c8cd566405a265939e3620fc4f5de89adff580ae5")];

/// The file.
pub fn config(facts: &Facts) -> String {
    let first = with(node("control-plane", facts), "labels", map([("ingress-ready", text("true"))]));
    let first = match facts.ports.as_slice() {
        [] => first,
        ports => with(first, "extraPortMappings", list(ports.iter().map(port))),
    };
    let workers = (1..facts.nodes).map(|_| node("worker", facts));
    document(&map([
        ("apiVersion", text("kind.x-k8s.io/v1alpha4")),
        ("kind", text("Cluster")),
        ("name", text(facts.name.as_str())),
        ("nodes", list(std::iter::once(first).chain(workers))),
    ]))
}

fn node(role: &str, facts: &Facts) -> Field {
    let node = map([("role", text(role))]);
    match facts.kubernetes.and_then(image) {
        Some(image) => with(node, "image", text(image)),
        None => node,
    }
}

fn image(version: KubernetesVersion) -> Option<&'static str> {
    IMAGES.iter().find(|(minor, _)| *minor == version.minor).map(|(_, image)| *image)
}

fn port(mapping: &Mapping) -> Field {
    map([
        ("containerPort", number(mapping.node)),
        ("hostPort", number(mapping.host)),
        ("listenAddress", text("127.0.0.1")),
        ("protocol", text(mapping.protocol.in_kubernetes())),
    ])
}
