//! What controllers must be told of the Services that routes lead to.

use super::backing::{Backing, backings, common};
use super::destination::backends;
use super::edge::Edge;
use super::health::health_check;
use super::protocol::{Protocol, Spoken};
use crate::component::api::Api;
use crate::component::approach::{Approach, Approaches, Saying};
use crate::component::cluster::{Cluster, ExposeApi};
use crate::component::ingress::Ingress;
use crate::document::OriginId;
use crate::shape::Keyed;
use crate::value::Name;

/// What controllers must be told of Services, by their names; `is_guarded` where the stack says itself how GKE asks the Pods of a
/// Service.
pub fn approaches(
    ingresses: &Keyed<Name, Ingress>,
    apis: &Keyed<Name, Api>,
    cluster: &Cluster,
    is_guarded: &dyn Fn(&str) -> bool,
) -> Approaches {
    if cluster.expose_api() == ExposeApi::None {
        return Approaches::default();
    }
    let apis = backends(apis);
    let mut all = Approaches::default();
    for (name, backing) in backings(ingresses, &apis, cluster) {
        let mut approach = backing.approach(cluster);
        approach.health = approach.health.filter(|_| !is_guarded(name));
        all.insert(name.into(), approach);
    }
    all
}

impl Backing<'_> {
    fn approach(&self, cluster: &Cluster) -> Approach {
        let silent = self.ports.values().filter(|routed| routed.port.app_protocol.is_none());
        let protocols = silent.filter_map(|routed| {
            let spoken = routed.spoken.as_ref()?;
            // Kubernetes' word for HTTP/2 without TLS, which Gateways and GKE read (KEP-3726)
            Some((routed.name.value.clone(), spoken.say("kubernetes.io/h2c")))
        });
        let told = self.edges.iter().filter_map(|(edge, known)| self.protocol_annotation(*edge, *known));
        let told = told.filter(|(key, _)| !self.is_written(key, cluster));
        let mut approach =
            Approach { annotations: told.collect(), protocols: protocols.collect(), ..Approach::default() };
        self.add_health(cluster, &mut approach);
        approach
    }

    /// Adds how load balancers shall ask the Pods.
    fn add_health(&self, cluster: &Cluster, approach: &mut Approach) {
        let Some(mut check) = health_check(self) else { return };
        if let Some(known) = self.edges.get(&Edge::Alb).filter(|_| self.is_asked_by_alb(cluster)) {
            approach
                .annotations
                .extend(check.alb_annotations().into_iter().map(|(key, saying)| (key, saying.because(*known))));
            approach.asked_port = check.port.map(|port| port.value);
        }
        let is_usual = check.is_usual() && self.ports.values().all(|routed| routed.spoken.is_none());
        if let Some(known) = self.edges.get(&Edge::Gke).filter(|_| !is_usual) {
            check.from.push(*known);
            approach.asked_port = check.port.map(|port| port.value);
            approach.health = Some(check);
        }
    }

    /// What a controller is told of the protocol, where that is a matter of the Service.
    fn protocol_annotation(&self, edge: Edge, known: OriginId) -> Option<(&'static str, Saying)> {
        let (key, spoken) = (edge.protocol_annotation()?, common(self.ports.values())?);
        let word = match (edge, spoken.protocol) {
            (Edge::Alb, Protocol::Grpc) => "GRPC",
            (Edge::Alb, Protocol::Http2) => "HTTP2",
            _ => "h2c",
        };
        Some((key, spoken.say(word).because(known)))
    }
}

impl Edge {
    /// The annotation by which it learns what a Service speaks. Sources: AWS Load Balancer Controller 3, guide/ingress/annotations;
    /// Traefik 3, Kubernetes Ingress.
    pub fn protocol_annotation(self) -> Option<&'static str> {
        match self {
            Self::Alb => Some("alb.ingress.kubernetes.io/backend-protocol-version"),
            Self::Traefik => Some("traefik.ingress.kubernetes.io/service.serversscheme"),
            // one annotation for all routes of an Ingress; what the port itself says
            Self::Nginx | Self::Gke => None,
        }
    }
}

impl Spoken {
    /// A text that follows from it.
    pub fn say(&self, text: &str) -> Saying {
        Saying { text: text.to_owned(), rule: self.rule, from: vec![self.from] }
    }
}
