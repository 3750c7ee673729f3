//! How a load balancer that asks Pods itself shall ask: as the readiness probe does, as far as it can.

use super::backing::{Backing, common};
use super::edge::Edge;
use super::protocol::Protocol;
use crate::component::approach::{HealthCheck, Question, Saying};
use crate::component::cluster::Cluster;
use crate::component::parts::ports::Ports;
use crate::component::parts::probes::{GrpcProbe, Probe, Scheme};

/// Why a load balancer asks as it does.
pub const RULE: &str = "a load balancer asks Pods as their readiness probe does";

impl<'a> Backing<'a> {
    /// The readiness probe that counts for the ports that routes lead to, with the ports of its container: of the container that
    /// listens on the first of them, else of the component itself, else of any sidecar.
    pub fn readiness(&self) -> Option<(&'a Probe, &'a Ports)> {
        let workload = &self.api.workload;
        let own = (workload.probes.as_ref().and_then(|probes| probes.ready.as_ref()), &workload.ports);
        let beside = workload
            .sidecar
            .iter()
            .map(|(_, sidecar)| (sidecar.probes.as_ref().and_then(|probes| probes.ready.as_ref()), &sidecar.ports));
        let all = std::iter::once(own).chain(beside).filter_map(|(ready, ports)| Some((ready?, ports)));
        let all: Vec<_> = all.collect();
        let (first, _) = self.ports.first()?;
        let listens = |(_, ports): &&(&Probe, &Ports)| ports.iter().any(|(name, _)| name.value.as_str() == *first);
        all.iter().find(listens).or(all.first()).copied()
    }

    /// Whether an Application Load Balancer asks its Pods by HTTP, and nothing is written of how. A server of gRPC it asks for what
    /// none has, and is content with that answer.
    pub fn is_asked_by_alb(&self, cluster: &Cluster) -> bool {
        let is_grpc = common(self.ports.values()).is_some_and(|spoken| spoken.protocol == Protocol::Grpc);
        self.edges.contains_key(&Edge::Alb) && !is_grpc && !self.is_written(ALB_PATH, cluster)
    }
}

/// The health check of a load balancer for ports that routes lead to; none where there is no readiness probe, or one that only
/// the node can make.
pub fn health_check(backing: &Backing) -> Option<HealthCheck> {
    let (probe, ports) = backing.readiness()?;
    let question = question(probe)?;
    let asked = probe.asked_port(ports)?;
    let is_routed = backing.ports.values().all(|routed| routed.port.container.value.get() == asked.value);
    let port = (!is_routed).then_some(asked);
    Some(HealthCheck {
        component: backing.component.into(),
        question,
        port,
        probe: probe.origin,
        from: vec![probe.origin],
    })
}

fn question(probe: &Probe) -> Option<Question> {
    if let Some(path) = &probe.http {
        let path = path.as_ref().map(|path| path.to_string());
        let safe = probe.scheme.is_some_and(|scheme| scheme.value == Scheme::Https);
        return Some(if safe { Question::Https(path) } else { Question::Http(path) });
    }
    match &probe.grpc {
        Some(GrpcProbe::Server(_)) => Some(Question::Grpc(None)),
        Some(GrpcProbe::Service(service)) => Some(Question::Grpc(Some(service.clone()))),
        None => probe.tcp.filter(|tcp| tcp.value).map(|_| Question::Tcp),
    }
}

impl HealthCheck {
    /// How the AWS Load Balancer Controller is told, which knows HTTP alone (version 3, guide/ingress/annotations). A probe is
    /// content with 200 to 399, a load balancer with 200.
    pub fn alb_annotations(&self) -> Vec<(&'static str, Saying)> {
        let (path, protocol) = match &self.question {
            Question::Http(path) => (path, None),
            Question::Https(path) => (path, Some("HTTPS")),
            Question::Grpc(_) | Question::Tcp => return Vec::new(),
        };
        let say = |text: &str, from| Saying { text: text.to_owned(), rule: RULE, from: vec![from] };
        let mut all = vec![(ALB_PATH, say(&path.value, path.origin))];
        if let Some(port) = &self.port {
            all.push(("alb.ingress.kubernetes.io/healthcheck-port", say(&port.value.to_string(), port.origin)));
        }
        if let Some(protocol) = protocol {
            all.push(("alb.ingress.kubernetes.io/healthcheck-protocol", say(protocol, self.probe)));
        }
        all.push(("alb.ingress.kubernetes.io/success-codes", say("200-399", self.probe)));
        all
    }

    /// Whether GKE asks so by itself: `GET /` on the port that it serves.
    pub fn is_usual(&self) -> bool {
        matches!(&self.question, Question::Http(path) if path.value == "/") && self.port.is_none()
    }
}

/// The path that an Application Load Balancer asks for.
pub const ALB_PATH: &str = "alb.ingress.kubernetes.io/healthcheck-path";
