//! The configuration of k3d: `Simple`, version `k3d.io/v1alpha5`.

use super::facts::{End, Facts, Mapping};
use super::tree::{list, map, number, text, with};
use crate::bundle::Field;
use crate::component::cluster::ExposeApi;
use crate::emit::manifests::yaml::document_as_written as document;
use crate::value::{KubernetesVersion, Protocol};

/// The longest name of a cluster in characters. Source: k3d 5.9, `DefaultClusterNameMaxLength`.
pub const LONGEST_NAME: usize = 32;

/// Images of nodes that are known to exist, by the minor version of Kubernetes.
const IMAGES: [(u8, &str); 2] = [(35, "rancher/k3s:v1.35.5-k3s1"), (36, "rancher/k3s:v1.36.3-k3s1")];

/// The file.
pub fn config(facts: &Facts) -> String {
    let mut config = map([
        ("apiVersion", text("k3d.io/v1alpha5")),
        ("kind", text("Simple")),
        ("metadata", map([("name", text(facts.name.as_str()))])),
        ("servers", number(1)),
        ("agents", number(facts.nodes - 1)),
    ]);
    if let Some(image) = facts.kubernetes.and_then(image) {
        config = with(config, "image", text(image));
    }
    if !facts.ports.is_empty() {
        config = with(config, "ports", list(facts.ports.iter().map(port)));
    }
    if facts.expose == ExposeApi::Gateway {
        config = with(config, "files", list([gateway_provider()]));
    }
    document(&config)
}

fn image(version: KubernetesVersion) -> Option<&'static str> {
    IMAGES.iter().find(|(minor, _)| *minor == version.minor).map(|(_, image)| *image)
}

fn port(mapping: &Mapping) -> Field {
    let Mapping { host, node, protocol, end } = mapping;
    let suffix = match protocol {
        Protocol::Tcp => String::new(),
        other => format!("/{other}"),
    };
    let filter = match end {
        End::LoadBalancer => "loadbalancer",
        End::Node => "server:0",
    };
    map([("port", text(format!("127.0.0.1:{host}:{node}{suffix}"))), ("nodeFilters", list([text(filter)]))])
}

/// k3s brings Traefik, which serves Gateways only where its chart is told so.
const GATEWAY_PROVIDER: &str = "\
apiVersion: helm.cattle.io/v1
kind: HelmChartConfig
metadata:
  name: traefik
  namespace: kube-system
spec:
  valuesContent: |
    providers:
      kubernetesGateway:
        enabled: true
";

fn gateway_provider() -> Field {
    map([
        ("description", text("Traefik serves the Gateway API")),
        ("source", text(GATEWAY_PROVIDER)),
        ("destination", text("k3s-manifests-custom/traefik-gateway.yaml")),
        ("nodeFilters", list([text("server:0")])),
    ])
}
