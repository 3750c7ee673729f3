//! Service.

pub mod addresses;
pub mod ports;
pub mod node_ports;
pub mod traffic;

use super::labels::labels;
use super::metadata::metadata;
use crate::check::format::{DNS_LABEL, DNS_LABEL_1035, DNS_SUBDOMAIN};
use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// The type of a Service is `ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`.
    SVC_002 = "SVC-002";
    /// A Service of type `ExternalName` has an `externalName`: a DNS subdomain, with or without a dot behind it.
    SVC_005 = "SVC-005";
    /// The selector holds labels.
    SVC_020 = "SVC-020";
    /// The annotations `service.kubernetes.io/topology-mode` and `topology-aware-hints` are equal where both stand.
    SVC_044 = "SVC-044";
}

/// The annotations for routing within a zone; the second is the old one.
const TOPOLOGY: [&str; 2] = ["service.kubernetes.io/topology-mode", "service.kubernetes.io/topology-aware-hints"];

/// A Service and what all of its checks must know.
#[derive(Clone, Copy)]
pub struct Service<'p, 'f> {
    /// The whole object.
    pub object: &'p At<'p, 'f>,
    /// Its specification.
    pub spec: &'p At<'p, 'f>,
    /// Its type; `ClusterIP` where none is written.
    pub kind: &'f str,
}

impl Service<'_, '_> {
    /// Why it is of its type.
    pub fn cause_of_kind(&self) -> crate::bundle::CauseId {
        self.spec.key("type").cause()
    }

    /// "where the type is `ClusterIP`", for a message.
    pub fn where_kind(&self) -> String {
        format!("where the type is {}", crate::value::quote(self.kind))
    }
}

/// A Service.
pub fn service(object: &At, checker: &mut Checker) {
    metadata(object, if checker.since(36) { &DNS_LABEL } else { &DNS_LABEL_1035 }, checker);
    let spec = object.key("spec");
    let kind = match spec.key("type").text() {
        "" => "ClusterIP",
        kind => kind,
    };
    let service = Service { object, spec: &spec, kind };
    checker.choose(&spec.key("type"), &SVC_002, &["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]);
    if kind == "ExternalName" {
        external_name(&spec.key("externalName"), checker);
    }
    labels(&spec.key("selector"), &SVC_020, &SVC_020, checker);
    topology(object, checker);
    ports::ports(&service, checker);
    node_ports::node_ports(&service, checker);
    addresses::addresses(&service, checker);
    traffic::traffic(&service, checker);
}

fn external_name(at: &At, checker: &mut Checker) {
    let name = at.text().strip_suffix('.').unwrap_or(at.text());
    if !name.is_empty() {
        checker.follow_text(at, name, &SVC_005, &DNS_SUBDOMAIN);
        return;
    }
    let title = "a Service of type `ExternalName` names no host";
    checker.refuse(at, &SVC_005, Reason::Required, title, "write `externalName`, such as `db.example.com`");
}

fn topology(object: &At, checker: &mut Checker) {
    let metadata = object.key("metadata");
    let annotations = metadata.key("annotations");
    let [mode, hints] = TOPOLOGY.map(|name| annotations.entry(name));
    if TOPOLOGY.iter().all(|name| annotations.has(name)) && mode.text() != hints.text() {
        let title = format!(
            "two annotations contradict each other: `{}` is {}, `{}` is {}",
            TOPOLOGY[0],
            mode.value(),
            TOPOLOGY[1],
            hints.value()
        );
        let help = format!("remove the annotation `{}`: it is the old name of the other", TOPOLOGY[1]);
        let finding = checker.refuse(&mode, &SVC_044, Reason::Invalid, title, help);
        finding.related.push((hints.cause(), "the old one".to_owned()));
    }
}
