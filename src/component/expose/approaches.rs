//! What controllers must be told of the Services that routes lead to.

use super::destination::{Backends, backends};
use super::edge::Edge;
use super::protocol::{Protocol, Spoken, spoken};
use crate::component::api::Api;
use crate::component::approach::{Approach, Approaches, Saying};
use crate::component::cluster::{Cluster, ExposeApi};
use crate::component::ingress::{Ingress, Route};
use crate::component::parts::ports::Port;
use crate::shape::{Keyed, Written};
use crate::value::{Name, PortName};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use std::collections::BTreeSet;

/// A Service that routes lead to.
pub struct Backing<'a> {
    /// The component behind it.
    pub component: &'a str,
    /// What it is.
    pub api: &'a Api,
    /// The ports that routes lead to, by their names.
    pub ports: IndexMap<&'a str, RoutedPort<'a>, FxBuildHasher>,
    /// Who serves these routes.
    pub edges: BTreeSet<Edge>,
    /// Where these routes stand.
    pub ingresses: Vec<&'a Ingress>,
}

/// A port that a route leads to.
pub struct RoutedPort<'a> {
    /// Its name.
    pub name: &'a Written<PortName>,
    /// Its numbers.
    pub port: &'a Port,
    /// What is spoken on it; none where that is HTTP/1.1.
    pub spoken: Option<Spoken>,
}

/// The Services that routes lead to, by their names.
pub type Backings<'a> = IndexMap<&'a str, Backing<'a>, FxBuildHasher>;

/// Where one route leads.
pub struct Routed<'a> {
    /// The component.
    pub component: &'a str,
    /// What it is.
    pub api: &'a Api,
    /// The Service.
    pub service: &'a str,
    /// The port.
    pub port: RoutedPort<'a>,
}

/// Where the routes of an ingress lead; those that lead nowhere are left out.
pub fn routed<'a>(ingress: &'a Ingress, apis: &Backends<'a>) -> Vec<Routed<'a>> {
    let lead = |(_, route): &'a (_, Route)| {
        let component = route.to.value.name.as_str();
        let (destination, api) = (route.destination(apis).ok()?, *apis.get(component)?);
        let (name, port) = (destination.port, destination.numbers);
        let port = RoutedPort { name, port, spoken: spoken(api, name, port) };
        Some(Routed { component, api, service: destination.service.value, port })
    };
    ingress.routes.0.iter().filter_map(lead).collect()
}

/// What is spoken on all of several ports; none where that is HTTP/1.1, or differs.
pub fn common<'a>(ports: impl IntoIterator<Item = &'a RoutedPort<'a>>) -> Option<&'a Spoken> {
    let mut all = ports.into_iter().map(|port| port.spoken.as_ref());
    let first = all.next()??;
    all.all(|other| other.is_some_and(|other| other.protocol == first.protocol)).then_some(first)
}

/// The Services that routes lead to.
pub fn backings<'a>(ingresses: &'a Keyed<Name, Ingress>, apis: &Backends<'a>, cluster: &Cluster) -> Backings<'a> {
    let mut all = Backings::default();
    for (_, ingress) in ingresses.iter() {
        for Routed { component, api, service, port } in routed(ingress, apis) {
            let (ports, edges, ingresses) = (IndexMap::default(), BTreeSet::new(), Vec::new());
            let new = || Backing { component, api, ports, edges, ingresses };
            let backing = all.entry(service).or_insert_with(new);
            backing.ports.entry(port.name.value.as_str()).or_insert(port);
            backing.edges.extend(cluster.edge(ingress));
            backing.ingresses.push(ingress);
        }
    }
    all
}

impl Backing<'_> {
    /// Whether the component's Services, an ingress that leads here, or the cluster for all ingresses have this annotation.
    pub fn is_written(&self, key: &str, cluster: &Cluster) -> bool {
        let listening = &self.api.listening;
        let services = listening.service.iter().chain(listening.services.iter().map(|(_, service)| service));
        let own = services.map(|service| &service.annotations);
        let led = self.ingresses.iter().map(|ingress| &ingress.annotations);
        let all = own.chain(led).chain(cluster.expose.as_ref().map(|expose| &expose.annotations));
        all.flat_map(Keyed::iter).any(|(name, _)| name.value.as_str() == key)
    }

    fn approach(&self, cluster: &Cluster) -> Approach {
        let silent = self.ports.values().filter(|routed| routed.port.app_protocol.is_none());
        let protocols = silent.filter_map(|routed| {
            let spoken = routed.spoken.as_ref()?;
            // Kubernetes' word for HTTP/2 without TLS, which Gateways and GKE read (KEP-3726)
            Some((routed.name.value.clone(), spoken.say("kubernetes.io/h2c")))
        });
        let told = self.edges.iter().filter_map(|edge| self.protocol_annotation(*edge));
        let told = told.filter(|(key, _)| !self.is_written(key, cluster));
        Approach { annotations: told.collect(), protocols: protocols.collect() }
    }

    /// What a controller is told of the protocol, where that is a matter of the Service.
    fn protocol_annotation(&self, edge: Edge) -> Option<(&'static str, Saying)> {
        let (key, spoken) = (edge.protocol_annotation()?, common(self.ports.values())?);
        let word = match (edge, spoken.protocol) {
            (Edge::Alb, Protocol::Grpc) => "GRPC",
            (Edge::Alb, Protocol::Http2) => "HTTP2",
            _ => "h2c",
        };
        Some((key, spoken.say(word)))
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

/// What controllers must be told of Services, by their names.
pub fn approaches(ingresses: &Keyed<Name, Ingress>, apis: &Keyed<Name, Api>, cluster: &Cluster) -> Approaches {
    if cluster.expose_api() == ExposeApi::None {
        return Approaches::default();
    }
    let apis = backends(apis);
    let backings = backings(ingresses, &apis, cluster);
    backings.into_iter().map(|(name, backing)| (name.into(), backing.approach(cluster))).collect()
}
