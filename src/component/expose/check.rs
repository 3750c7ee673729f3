//! What can be wrong with one ingress: routes that lead nowhere, hosts that cannot be completed, certificates from nobody.

use super::Scene;
use super::certificates::{Certificate, Issuer};
use super::destination::DeadEnd;
use crate::component::cluster::TlsMode;
use crate::component::ingress::{Ingress, Route};
use crate::component::parts::exposure::Service;
use crate::diagnostic::Diagnostic;
use crate::document::OriginId;
use crate::document::checking::Checking;
use crate::shape::Written;
use crate::shape::mistake::invalid_value;
use crate::value::{Host, Name, PortName, Scalar, nearest, unmistakable};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

impl Scene<'_> {
    /// Reports routes that lead to no port of a Service.
    pub fn check_routes(&self, ingress: &Ingress, checking: &mut Checking) {
        // where `to` itself was reported, a placeholder stands for it
        let sound = ingress
            .routes
            .0
            .iter()
            .filter(|(_, route)| route.to.origin != route.origin || !checking.is_reported(route.origin));
        let sound: Vec<_> = sound.collect();
        for (_, route) in sound {
            if let Err(end) = route.destination(self.backends) {
                self.report_dead_end(route, end, checking);
            }
        }
    }

    fn report_dead_end(&self, route: &Route, end: DeadEnd, checking: &mut Checking) {
        let component = route.to.value.name.as_str();
        let diagnostic = match end {
            DeadEnd::NoPorts => return,
            DeadEnd::Component => return self.report_component(route, checking),
            DeadEnd::Service(wanted) => {
                let services = &self.backends[component].listening.services;
                let known = services.iter().map(|(name, _)| name.value.as_str());
                let declare = format!("declare it as `[api.{component}.services.{}]`", wanted.value);
                return checking.unknown("service", wanted.value.as_str(), wanted.origin, known, &declare);
            }
            DeadEnd::NoService(service) => self.no_service(route, service, checking),
            // an api without a port was reported already
            DeadEnd::Port(_) if self.backends[component].workload.ports.is_empty() => return,
            DeadEnd::Port(port) => self.unknown_port(component, port, checking),
            DeadEnd::NotOffered(port, service) => {
                let listed = service.ports.first().map_or(service.origin, |first| first.origin);
                Diagnostic::error(
                    "service-without-port",
                    format!("the Service does not offer the port `{}`", port.value),
                )
                .at(checking.span(port.origin), "")
                .at(checking.span(listed), "it offers these ports alone")
                .help(format!("add \"{}\" to the `ports` of the Service, or route to one of its own", port.value))
            }
            DeadEnd::Protocol(port, protocol) => {
                let title = format!(
                    "the port `{}` of `{component}` speaks {}, not HTTP",
                    port.value,
                    protocol.value.in_kubernetes()
                );
                Diagnostic::error("route-without-http", title)
                    .at(checking.span(route.to.origin), "")
                    .at(checking.span(protocol.origin), "its protocol")
                    .help(format!("name another port, as in \"{component}:http\""))
            }
        };
        checking.report.push(diagnostic);
    }

    /// The target is no api: it does not exist, or nothing can connect to it by HTTP.
    fn report_component(&self, route: &Route, checking: &mut Checking) {
        let name = route.to.value.name.as_str();
        let Some(declared) = self.world.names.components.get(name) else {
            let known = self.backends.keys().copied();
            let declare = format!("declare it as `[api.{name}]` with an `image` and a `port`");
            return checking.unknown("component", name, route.to.origin, known, &declare);
        };
        let (reason, help) = match declared.table {
            // An api that has no backend was reported as wrong already.
            "api" => return,
            "worker" => ("has no Service", format!("make it an `[api.{name}]` with a `port`, or route to an api")),
            "job" | "cronjob" => ("has no Service", "route to an api".to_owned()),
            "db" => ("speaks no HTTP", "route to an api that uses it".to_owned()),
            _ => ("is outside the cluster", "route to an api that uses it".to_owned()),
        };
        let title = format!("`{name}` cannot be routed to: {} {} {reason}", article(declared.table), declared.table);
        let diagnostic = Diagnostic::error("route-without-service", title)
            .at(checking.span(route.to.origin), "")
            .at(checking.key_span(declared.origin), "declared here")
            .help(help);
        checking.report.push(diagnostic);
    }

    fn no_service(&self, route: &Route, service: &Service, checking: &Checking) -> Diagnostic {
        let component = route.to.value.name.as_str();
        let origin = service.kind.map_or(service.origin, |kind| kind.origin);
        let others = &self.backends[component].listening.services;
        let help = match (&route.service, others.iter().next()) {
            (None, Some((other, _))) => {
                format!("name one of its `services`: `{{ to = \"{component}\", service = \"{}\" }}`", other.value)
            }
            _ => "remove `service = \"none\"`, or the route".to_owned(),
        };
        Diagnostic::error("route-without-service", format!("`{component}` cannot be routed to: it has no Service"))
            .at(checking.span(route.to.origin), "")
            .at(checking.span(origin), "switched off here")
            .help(help)
    }

    fn unknown_port(&self, component: &str, port: Written<&PortName>, checking: &Checking) -> Diagnostic {
        let ports = &self.backends[component].workload.ports;
        let known = || ports.iter().map(|(name, _)| name.value.as_str());
        let diagnostic = Diagnostic::error("unknown-port", format!("`{component}` has no port `{}`", port.value))
            .at(checking.span(port.origin), "");
        let diagnostic = match ports.origin {
            Some(origin) => diagnostic.at(checking.key_span(origin), "its ports are these"),
            None => diagnostic,
        };
        let span = checking.span(port.origin);
        let meant = unmistakable(port.value.as_str(), known());
        let diagnostic = diagnostic.renamed(span, checking.sources, port.value.as_str(), meant);
        diagnostic.help(match nearest(port.value.as_str(), known()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its ports are {}", known().collect::<Vec<_>>().join(", ")),
        })
    }

    /// Reports hosts that cannot be completed, are no hosts once they are, or are named twice.
    pub fn check_hosts(&self, name: &Written<Name>, ingress: &Ingress, checking: &mut Checking) {
        let hosts = match ingress.hosts(name, self.world.cluster) {
            Ok(hosts) => hosts,
            Err(missing) => {
                let title =
                    format!("the host `{}` needs a domain, and profile `{}` has none", missing.host, self.profile);
                let diagnostic = Diagnostic::error("missing-domain", title)
                    .at(checking.span(missing.origin), "completed by `cluster.domain`")
                    .help(format!(
                        "write a whole name such as \"{}.example.com\", or {}",
                        name.value,
                        self.add("cluster.domain = \"example.com\"")
                    ));
                return checking.report.push(diagnostic);
            }
        };
        let mut seen: IndexMap<Option<&str>, OriginId, FxBuildHasher> = IndexMap::default();
        for host in &hosts {
            if let Some(first) = seen.insert(host.name.as_deref(), host.origin) {
                let diagnostic =
                    Diagnostic::error("repeated-host", format!("the host `{}` is named twice", host.shown()))
                        .at(checking.span(host.origin), "")
                        .at(checking.span(first), "the first time")
                        .help("remove one of the two");
                checking.report.push(diagnostic);
            }
            if let Some(Err(invalid)) = host.name.as_deref().map(Host::parse) {
                let invalid = crate::value::Invalid { at: None, replacement: None, ..invalid };
                checking.report.push(invalid_value("bad-value", invalid, checking.span(host.origin), checking.sources));
            }
        }
    }

    /// Reports a certificate that nobody makes.
    pub fn check_certificate(&self, name: &Written<Name>, ingress: &Ingress, checking: &mut Checking) {
        let cluster = self.world.cluster;
        let Some(certificate) = ingress.certificate(name, self.world) else { return };
        if cluster.shared_gateway_text().is_some() {
            return;
        }
        match &certificate {
            Certificate::CertManager { issuer, .. } => {
                if Issuer::parse(&issuer.value).is_none() {
                    let diagnostic = Diagnostic::error("bad-value", format!("`{}` is not an issuer of cert-manager", issuer.value))
                        .at(checking.span(issuer.origin), "")
                        .help("write the name of a ClusterIssuer, as in \"letsencrypt\", or \"Issuer/NAME\" for one of the namespace");
                    checking.report.push(diagnostic);
                }
                self.check_nameable(name, ingress, checking);
            }
            Certificate::Secret(secret) => {
                let declared = self.world.names.secrets.contains_key(secret.value.as_str());
                if cluster.tls_mode() == TlsMode::CertManager && !declared {
                    let title = format!("`{}` uses TLS, and profile `{}` names no issuer", name.value, self.profile);
                    let diagnostic = Diagnostic::error("missing-issuer", title)
                        .at(checking.key_span(ingress.origin), "cert-manager needs an issuer to make its certificate")
                        .help(format!(
                            "{}, with the name of your ClusterIssuer",
                            self.add("cluster.tls.issuer = \"letsencrypt\"")
                        ));
                    checking.report.push(diagnostic);
                }
            }
            Certificate::Provider if cluster.lacks_gateway_certificate() => {
                let origin = ingress.tls.as_ref().map_or(ingress.origin, |tls| tls.origin());
                let diagnostic = Diagnostic::error(
                    "missing-certificate",
                    format!("`{}` uses TLS without a certificate", name.value),
                )
                .at(checking.span(origin), "asked for here")
                .help(format!(
                    "{}, or write `tls = {{ secret = \"NAME\" }}`",
                    self.add("cluster.tls.certificate = \"CERTIFICATE-MAP\"")
                ));
                checking.report.push(diagnostic);
            }
            Certificate::Provider => {}
        }
    }

    /// cert-manager asks for certificates by host.
    fn check_nameable(&self, name: &Written<Name>, ingress: &Ingress, checking: &mut Checking) {
        let hosts = ingress.hosts(name, self.world.cluster).unwrap_or_default();
        if let Some(any) = hosts.iter().find(|host| host.name.is_none()) {
            let diagnostic =
                Diagnostic::warning("certificate-without-host", "cert-manager makes no certificate for every host")
                    .at(checking.span(any.origin), "this is every host")
                    .help("name the host, as in \"example.com\" or \"*.example.com\"");
            checking.report.push(diagnostic);
        }
    }

    /// The line that states a fact for this profile.
    pub fn add(&self, line: &str) -> String {
        format!("add `{line}` below `[profile.{}]`", self.profile)
    }
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e']) { "an" } else { "a" }
}
