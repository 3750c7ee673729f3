//! Who receives requests at the edge of the cluster, as far as classes tell.

use crate::component::cluster::{Cluster, ExposeApi};
use crate::component::ingress::Ingress;
use crate::document::OriginId;
use crate::shape::Written;
use crate::value::ObjectName;

/// A controller whose settings are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edge {
    /// The AWS Load Balancer Controller, or EKS Auto Mode: an Application Load Balancer for each Ingress.
    Alb,
    /// Traefik.
    Traefik,
    /// ingress-nginx.
    Nginx,
    /// The Gateway controller of GKE.
    Gke,
}

/// Classes of Ingresses that controllers bring, and the names by which they register themselves. Sources: AWS Load Balancer
/// Controller 3 and EKS Auto Mode; Traefik 3; ingress-nginx 1.15, the addon of MicroK8s (`public`) and that of AKS.
const INGRESSES: [(Edge, &[&str]); 3] = [
    (Edge::Alb, &["alb", "ingress.k8s.aws/alb", "eks.amazonaws.com/alb"]),
    (Edge::Traefik, &["traefik", "traefik.io/ingress-controller"]),
    (Edge::Nginx, &["nginx", "ingress-nginx", "k8s.io/ingress-nginx", "public", "webapprouting.kubernetes.azure.com"]),
];

impl Edge {
    /// What messages call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alb => "the AWS Load Balancer Controller",
            Self::Traefik => "Traefik",
            Self::Nginx => "ingress-nginx",
            Self::Gke => "GKE",
        }
    }

    /// Whether clients get HTTP/2, which gRPC needs, by HTTPS alone. Traefik takes it in clear text too.
    pub fn needs_tls_for_grpc(self) -> bool {
        self != Self::Traefik
    }
}

impl Cluster {
    /// Who serves an ingress, and where its class is written; none where that is not known.
    pub fn edge(&self, ingress: &Ingress) -> Option<Written<Edge>> {
        let class = self.expose_class();
        match self.expose_api() {
            ExposeApi::None => None,
            ExposeApi::Gateway => {
                let class = class.filter(|class| class.value.starts_with("gke-"))?;
                Some(Written { value: Edge::Gke, origin: class.origin })
            }
            ExposeApi::Ingress => {
                let differs = |own: &&Written<ObjectName>| class.is_none_or(|class| class.value != own.value.as_str());
                match (ingress.class.as_ref().filter(differs), class) {
                    (Some(own), _) => known(own.value.as_str(), own.origin),
                    (None, Some(class)) => known(self.defined_controller().unwrap_or(&class.value), class.origin),
                    // an addon serves what names no class
                    (None, None) => self.addons.iter().find_map(|addon| known(&addon.value, addon.origin)),
                }
            }
        }
    }

    /// Who serves the cluster's class, where it is defined.
    fn defined_controller(&self) -> Option<&str> {
        let definition = self.expose.as_ref()?.definition.as_ref()?;
        definition.controller.as_ref().map(|controller| controller.value.as_str())
    }
}

/// The controller of an Ingress by its class, its own name for itself, or the addon that brings it.
fn known(word: &str, origin: OriginId) -> Option<Written<Edge>> {
    let (value, _) = INGRESSES.into_iter().find(|(_, words)| words.contains(&word))?;
    Some(Written { value, origin })
}
