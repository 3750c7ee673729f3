//! Who receives requests at the edge of the cluster, as far as classes tell.

use crate::component::cluster::{Cluster, ExposeApi};
use crate::component::ingress::Ingress;

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

    /// The controller of an Ingress by its class, its own name for itself, or the addon that brings it.
    fn of_ingress(word: &str) -> Option<Self> {
        INGRESSES.into_iter().find(|(_, words)| words.contains(&word)).map(|(edge, _)| edge)
    }
}

impl Cluster {
    /// Who serves an ingress; none where that is not known.
    pub fn edge(&self, ingress: &Ingress) -> Option<Edge> {
        let class = self.expose_class().map(|class| class.value.as_str());
        match self.expose_api() {
            ExposeApi::None => None,
            ExposeApi::Gateway => class.filter(|class| class.starts_with("gke-")).map(|_| Edge::Gke),
            ExposeApi::Ingress => {
                match ingress.class.as_ref().map(|own| own.value.as_str()).filter(|own| Some(*own) != class) {
                    Some(own) => Edge::of_ingress(own),
                    None => self.defined_controller().or(class).map_or_else(|| self.addon(), Edge::of_ingress),
                }
            }
        }
    }

    /// Who serves the cluster's class, where it is defined.
    fn defined_controller(&self) -> Option<&str> {
        let definition = self.expose.as_ref()?.definition.as_ref()?;
        definition.controller.as_ref().map(|controller| controller.value.as_str())
    }

    /// The controller that an addon brings: it serves what names no class.
    fn addon(&self) -> Option<Edge> {
        self.addons.iter().find_map(|addon| Edge::of_ingress(&addon.value))
    }
}
