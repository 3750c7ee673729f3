//! An `[ingress]` as an Ingress.

use super::backing::{common, routed};
use super::certificates::Certificate;
use super::destination::Backends;
use super::edge::Edge;
use super::facts::{Web, ingress_certificate_annotation};
use super::hosts::ServedHost;
use crate::bundle::{Bundle, Traced, traced};
use crate::component::cluster::{ClassVia, Cluster};
use crate::component::ingress::{Ingress, PathType, Route, Tls};
use crate::component::world::{Subject, World, add, entries, text};
use crate::document::OriginId;
use crate::shape::Written;
use crate::traced;
use crate::value::{HttpPath, Name};
use k8s_openapi::api::networking::v1 as networking;

/// Adds the Ingress.
pub fn lower(name: &Written<Name>, ingress: &Ingress, backends: &Backends, world: &World, bundle: &mut Bundle) {
    let subject = Subject::new("ingress", name);
    let class = class_of(ingress, world);
    let certificate = ingress.certificate(name, world);
    let hosts = ingress.hosts(name, world.cluster).unwrap_or_default();
    let via_field = world.cluster.class_via() == ClassVia::Field;
    let spec = traced!(
        ingress.origin,
        networking::IngressSpec {
            ingress_class_name: class.clone().filter(|_| via_field),
            tls: certificate
                .as_ref()
                .and_then(|certificate| tls(certificate, &hosts, world))
                .into_iter()
                .collect::<Vec<_>>(),
            rules: hosts.iter().map(|host| rule(host, ingress, backends, world)).collect::<Vec<_>>(),
        }
    );
    let annotations = annotations(ingress, class, certificate.as_ref(), backends, world);
    let own = traced(subject.name.to_owned(), subject.origin);
    let metadata = world.metadata_with(subject, own, Vec::new(), annotations);
    add(bundle, subject, "ingress", traced!(ingress.origin, networking::Ingress { metadata: metadata, spec: spec }));
}

/// The class of the ingress, else that of the cluster.
fn class_of(ingress: &Ingress, world: &World) -> Option<Traced<String>> {
    ingress.class.as_ref().map(text).or_else(|| world.cluster.expose_class().map(text))
}

fn tls(certificate: &Certificate, hosts: &[ServedHost], world: &World) -> Option<Traced<networking::IngressTLS>> {
    let secret = certificate.secret()?.clone();
    let named = hosts.iter().filter_map(|host| Some(traced(host.name.clone()?, host.cause(world))));
    Some(traced!(secret.cause(), networking::IngressTLS { hosts: named.collect::<Vec<_>>(), secret_name: secret }))
}

fn rule(host: &ServedHost, ingress: &Ingress, backends: &Backends, world: &World) -> Traced<networking::IngressRule> {
    let cause = host.cause(world);
    let paths = ingress.routes.0.iter().filter_map(|(path, route)| lower_path(path, route, backends, world));
    let value = traced!(ingress.origin, networking::HTTPIngressRuleValue { paths: paths.collect::<Vec<_>>() });
    traced!(cause, networking::IngressRule { host: host.name.clone().map(|name| traced(name, cause)), http: value })
}

fn lower_path(
    path: &Written<HttpPath>,
    route: &Route,
    backends: &Backends,
    world: &World,
) -> Option<Traced<networking::HTTPIngressPath>> {
    let destination = route.destination(backends).ok()?;
    let port = destination.port_name(world);
    let service = traced!(
        route.to.origin,
        networking::IngressServiceBackend {
            name: destination.service_name(),
            port: traced!(port.cause(), networking::ServiceBackendPort { name: port }),
        }
    );
    Some(traced!(
        path.origin,
        networking::HTTPIngressPath {
            path: text(path),
            path_type: path_type(path, route, world).map(|kind| match kind {
                PathType::Prefix => "Prefix".to_owned(),
                PathType::Exact => "Exact".to_owned(),
            }),
            backend: traced!(route.to.origin, networking::IngressBackend { service: service }),
        }
    ))
}

/// How a path matches: as written, else with everything below it.
pub(super) fn path_type(path: &Written<HttpPath>, route: &Route, world: &World) -> Traced<PathType> {
    match route.kind {
        Some(kind) => traced(kind.value, kind.origin),
        None => traced(
            PathType::Prefix,
            world.derive("a path stands for all below it where no type is written", &[path.origin]),
        ),
    }
}

/// What stowplan says, then the cluster, then the ingress; the last one that names a key wins.
fn annotations(
    ingress: &Ingress,
    class: Option<Traced<String>>,
    certificate: Option<&Certificate>,
    backends: &Backends,
    world: &World,
) -> Vec<(String, Traced<String>)> {
    let word = class.as_ref().map_or("", |class| class.value.as_str()).to_owned();
    let mut all = Vec::from_iter(protocol_annotation(ingress, backends, world));
    if let Some(certificate) = certificate {
        all.extend(certificate.issuer_annotation());
        all.extend(provider_annotations(&word, certificate, ingress, world));
    }
    if world.cluster.class_via() == ClassVia::Annotation {
        all.extend(class.map(|class| ("kubernetes.io/ingress.class".to_owned(), class)));
    }
    if let Some(expose) = &world.cluster.expose {
        all.extend(entries(&expose.annotations));
    }
    all.extend(entries(&ingress.annotations));
    all
}

/// How ingress-nginx learns what all routes of an ingress lead to; it takes HTTP/2 to Pods for gRPC alone (ingress-nginx 1.15).
fn protocol_annotation(ingress: &Ingress, backends: &Backends, world: &World) -> Option<(String, Traced<String>)> {
    let edge = world.cluster.edge(ingress).filter(|edge| edge.value == Edge::Nginx)?;
    let routed = routed(ingress, backends);
    let spoken = common(routed.iter().map(|routed| &routed.port))?;
    Some((
        "nginx.ingress.kubernetes.io/backend-protocol".to_owned(),
        world.say(&spoken.say("GRPC").because(edge.origin)),
    ))
}

/// What switches TLS on: the ingress where it says so, else the cluster.
fn secured_by(ingress: &Ingress, cluster: &Cluster) -> OriginId {
    let mode = cluster.tls.as_ref().and_then(|tls| tls.mode);
    let written = ingress.tls.as_ref().map(Tls::origin);
    written.or(mode.map(|mode| mode.origin)).unwrap_or(ingress.origin)
}

/// What a provider's load balancer must be told where TLS is on. For `alb`: AWS Load Balancer Controller 3, guide/ingress.
fn provider_annotations(
    class: &str,
    certificate: &Certificate,
    ingress: &Ingress,
    world: &World,
) -> Vec<(String, Traced<String>)> {
    let mut all = Vec::new();
    if class == "alb" {
        let (written, from) = (|web| world.cluster.listener_port(web), secured_by(ingress, world.cluster));
        let port = |web: Web| written(web).map_or(web.usual_port(), |port| port.value);
        let (http, https) = (port(Web::Http), port(Web::Https));
        let unusual = [Web::Http, Web::Https]
            .into_iter()
            .filter_map(|web| written(web).filter(|port| port.value != web.usual_port()))
            .map(|port| port.origin);
        let from: Vec<_> = [from].into_iter().chain(unusual).collect();
        let cause = world.derive("a load balancer with a certificate answers HTTPS and redirects HTTP", &from);
        let listen = format!("[{{\"HTTP\": {http}}}, {{\"HTTPS\": {https}}}]");
        all.push(("alb.ingress.kubernetes.io/listen-ports".to_owned(), traced(listen, cause)));
        all.push(("alb.ingress.kubernetes.io/ssl-redirect".to_owned(), traced(https.to_string(), cause)));
    }
    if let (Certificate::Provider, Some(key), Some(own)) =
        (certificate, ingress_certificate_annotation(class), world.cluster.provider_certificate())
    {
        all.push((key.to_owned(), text(own)));
    }
    all
}
