//! What does not get through as it stands: gRPC beside HTTP or without TLS, and health checks that no load balancer knows.

use super::Scene;
use super::backing::{Backing, RoutedPort, backings, common, routed};
use super::edge::Edge;
use super::health::{ALB_PATH, health_check};
use crate::component::cluster::ExposeApi;
use crate::component::ingress::Ingress;
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::shape::{Keyed, Written};
use crate::value::Name;

impl Scene<'_> {
    /// Reports ports that a controller cannot be told of as they stand.
    pub fn check_protocols(&self, ingresses: &Keyed<Name, Ingress>, checking: &mut Checking) {
        let cluster = self.world.cluster;
        if cluster.expose_api() == ExposeApi::None {
            return;
        }
        for (service, backing) in backings(ingresses, self.backends, cluster) {
            let told = |edge: &&Edge| edge.protocol_annotation().is_some_and(|key| !backing.is_written(key, cluster));
            if let Some(edge) = backing.edges.keys().find(told) {
                check_service(service, &backing, *edge, checking);
            }
            self.note_health(&backing, checking);
        }
        for (name, ingress) in ingresses.iter() {
            let Some(edge) = cluster.edge(ingress).map(|edge| edge.value) else { continue };
            let routed = routed(ingress, self.backends);
            let ports: Vec<_> = routed.iter().map(|routed| &routed.port).collect();
            if edge == Edge::Nginx {
                check_routes(name, &ports, checking);
            }
            // where a Gateway lacks its certificate that was said
            let is_told = ingress.tls.is_none() && cluster.lacks_gateway_certificate();
            if edge.needs_tls_for_grpc() && !ingress.uses_tls(cluster) && !is_told {
                self.check_clear_text(name, ingress, edge, &ports, checking);
            }
        }
    }

    /// Notes what a load balancer asks Pods where it cannot ask as their readiness probe does.
    fn note_health(&self, backing: &Backing, checking: &mut Checking) {
        let Some((probe, _)) = backing.readiness() else { return };
        let is_alb = backing.is_asked_by_alb(self.world.cluster);
        let known = health_check(backing).is_some_and(|check| !is_alb || !check.alb_annotations().is_empty());
        if known || !is_alb && !backing.edges.contains_key(&Edge::Gke) {
            return;
        }
        let component = backing.component;
        let asks = if probe.exec.is_some() { "runs a command" } else { "does not ask by HTTP" };
        let (edge, more) = match is_alb {
            true => (Edge::Alb, format!("`service.annotations.\"{ALB_PATH}\" = \"/PATH\"`")),
            false => (Edge::Gke, "`probes.ready = { tcp = true }`".to_owned()),
        };
        let title =
            format!("the load balancer asks Pods of `{component}` for `/`, whatever their readiness probe says");
        let diagnostic = Diagnostic::info("load-balancer-health-check", title)
            .at(checking.key_span(probe.origin), format!("{asks}, which {} cannot do", edge.name()))
            .help(format!(
                "where `/` does not answer 200, write `probes.ready = {{ http = \"/PATH\" }}` below `[api.{component}]`, or add {more}"
            ));
        checking.report.push(diagnostic);
    }

    /// Browsers and clients of gRPC get HTTP/2 by HTTPS alone.
    fn check_clear_text(
        &self,
        name: &Written<Name>,
        ingress: &Ingress,
        edge: Edge,
        ports: &[&RoutedPort],
        checking: &mut Checking,
    ) {
        let Some(routed) = ports.iter().find(|routed| routed.spoken.is_some()) else { return };
        let Some(spoken) = &routed.spoken else { return };
        let (protocol, controller) = (spoken.protocol.name(), edge.name());
        let title =
            format!("{controller} speaks {protocol} with clients by HTTPS alone, and `{}` has no TLS", name.value);
        let at = ingress.tls.as_ref().map_or(ingress.origin, |tls| tls.origin());
        let off = if ingress.tls.is_some() { checking.span(at) } else { checking.key_span(at) };
        let help = match &ingress.tls {
            Some(_) => "remove `tls = false`".to_owned(),
            // it takes certificates from the provider alone
            None if edge == Edge::Alb => self.add("cluster.tls.mode = \"provider\""),
            None => format!(
                "write `tls = {{ secret = \"NAME\" }}` below `[ingress.{}]`, with the Secret of its certificate",
                name.value
            ),
        };
        let diagnostic = Diagnostic::warning("grpc-without-tls", title)
            .at(off, "answers HTTP only")
            .at(checking.span(spoken.from), format!("a route leads to {protocol}: {}", spoken.rule))
            .help(help);
        checking.report.push(diagnostic);
    }
}

/// A Service has one annotation for all its ports.
fn check_service(service: &str, backing: &Backing, edge: Edge, checking: &mut Checking) {
    let Some((odd, other)) = mixed(&backing.ports.values().collect::<Vec<_>>()) else { return };
    let (Some(spoken), name) = (&odd.spoken, odd.name.value.as_str()) else { return };
    let (protocol, controller) = (spoken.protocol.name(), edge.name());
    let title = format!(
        "routes lead to {protocol} and to HTTP of the Service `{service}`, and {controller} speaks HTTP with both"
    );
    let component = backing.component;
    let own = format!("services.{service}-{name} = {{ ports = [\"{name}\"] }}");
    let diagnostic = Diagnostic::warning("mixed-protocols", title)
        .at(checking.span(spoken.from), spoken.rule)
        .at(checking.key_span(other.name.origin), "a route leads here too")
        .help(format!("add `{own}` below `[api.{component}]`, and route to it: `{{ to = \"{component}\", service = \"{service}-{name}\" }}`"));
    checking.report.push(diagnostic);
}

/// An Ingress has one annotation for all its routes.
fn check_routes(ingress: &Written<Name>, ports: &[&RoutedPort], checking: &mut Checking) {
    let Some((odd, other)) = mixed(ports) else { return };
    let Some(spoken) = &odd.spoken else { return };
    let (protocol, name) = (spoken.protocol.name(), &ingress.value);
    let title = format!("`{name}` leads to {protocol} and to HTTP, and ingress-nginx speaks HTTP with both");
    let diagnostic = Diagnostic::warning("mixed-protocols", title)
        .at(checking.span(spoken.from), spoken.rule)
        .at(checking.key_span(other.name.origin), "a route leads here too")
        .help(format!(
            "move the routes to {protocol} to an ingress of their own, `[ingress.{name}-grpc]`, with the same `host`"
        ));
    checking.report.push(diagnostic);
}

/// A port that speaks something else than HTTP/1.1, and one that does not speak the same.
fn mixed<'a>(ports: &[&'a RoutedPort<'a>]) -> Option<(&'a RoutedPort<'a>, &'a RoutedPort<'a>)> {
    if common(ports.iter().copied()).is_some() {
        return None;
    }
    let odd = ports.iter().find(|port| port.spoken.is_some())?;
    let protocol = |port: &RoutedPort| port.spoken.as_ref().map(|spoken| spoken.protocol);
    let other = ports.iter().find(|port| protocol(port) != protocol(odd))?;
    Some((*odd, *other))
}
