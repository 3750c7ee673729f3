//! `[api.NAME]`: anything that listens.

use super::parts::check;
use super::parts::exposure::{Exposure, PodPorts, Service, ServiceType, Services, governing_service};
use super::parts::ports::{Port, move_port};
use super::parts::replicated::Replicated;
use super::parts::workload::Workload;
use super::words::WorkloadKind;
use super::world::{Connection, NamedPort, Place, Subject, World, add};
use crate::bundle::{Bundle, traced};
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::shape::Written;
use crate::table;
use crate::value::Name;

table! {
    /// How an api is reached.
    pub struct Listening("api") {
        /// The HTTP port: a number, or "80:3000" (service:container). Short for `ports.http`.
        port: Option<Port>,
        /// The Service: a word such as `"node-port"`, or a table.
        service: Option<Service>,
        /// More Services in front of the same Pods, by their names.
        services: Services,
    }
    form {
        rewrite: Some(move_port),
        moved: &[("port", &["ports", "http"])],
    }
}

table! {
    /// Anything that listens: an API, a web front end. A Deployment with a Service.
    pub struct Api("api") {}
    includes { listening: Listening, replicated: Replicated, workload: Workload }
}

impl Api {
    /// How it is reached.
    pub fn connection(&self, name: &Written<Name>) -> Connection {
        let (ports, service) = (self.ports(), self.listening.service.as_ref());
        // where all names of the Service are wrong, nobody shall miss its ports as well
        let offered = Some(ports.offered(service)).filter(|offered| !offered.is_empty());
        let offered = offered.unwrap_or_else(|| ports.all().collect());
        let offered = offered.into_iter().map(|(name, port)| NamedPort {
            name: Some(name.value.to_string()),
            number: port.service.map(|number| number.get()),
        });
        Connection {
            ports: offered.collect(),
            ..Connection::new("api", name.as_ref().map(|name| name.to_string()), Place::Inside, "http")
        }
    }

    /// The ports of its Pods.
    pub fn ports(&self) -> PodPorts<'_> {
        PodPorts::new(&self.workload.ports, &self.workload.sidecar)
    }

    /// Adds the workload and its Services.
    pub fn lower(&self, name: &Written<Name>, world: &World, bundle: &mut Bundle) {
        let subject = Subject::new("api", name);
        let exposure = Exposure { subject, ports: self.ports() };
        let main = self.listening.service.as_ref();
        if let Some(service) = exposure.lower(traced(subject.name.to_owned(), subject.origin), main, world) {
            add(bundle, subject, "service", service);
        }
        for (name, service) in self.listening.services.iter() {
            let own = traced(name.value.to_string(), name.origin);
            if let Some(lowered) = exposure.lower(own, Some(service), world) {
                add(bundle, subject, format!("service {}", name.value), lowered);
            }
        }
        let headless = main.and_then(|service| service.kind).is_some_and(|kind| kind.value == ServiceType::Headless);
        let governing = if headless { subject.name.to_owned() } else { format!("{}-headless", subject.name) };
        if self.replicated.workload_kind() == WorkloadKind::StatefulSet && !headless {
            governing_service(subject, &self.workload.ports, &governing, world, bundle);
        }
        self.replicated.add(&self.workload, subject, &governing, world, bundle);
    }
}

impl Api {
    /// Reports what only the whole stack shows.
    pub fn check(&self, name: &Written<Name>, world: &World, checking: &mut Checking) {
        let template = self.workload.extends.as_ref().is_some_and(|template| checking.is_reported(template.origin));
        if !template && check::has_no_ports(&self.workload.ports, checking) {
            let diagnostic = Diagnostic::error("missing-key", "`port` is missing")
                .at(checking.span(self.origin), "an api listens on a port")
                .help("add `port = 8080`, or make it a `[worker]` if nothing connects to it");
            checking.report.push(diagnostic);
        }
        check::workload(&self.workload, name, self.replicated.workload_kind(), world, checking);
        check::replicated(&self.replicated, name, checking);
        for service in self.listening.service.iter().chain(self.listening.services.iter().map(|(_, service)| service)) {
            check::service(service, &self.ports(), checking);
        }
    }
}
