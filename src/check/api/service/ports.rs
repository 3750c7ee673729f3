//! The ports of a Service.

use super::Service;
use super::addresses::is_headless;
use crate::bundle::FieldValue;
use crate::check::api::endpoints::{PROTOCOLS, app_protocol, port_number};
use crate::check::format::{DNS_LABEL, PORT_NAME};
use crate::check::{At, Checker, Reason, api_rules, repeated};

api_rules! {
    /// A Service has a port, unless it is headless or of type `ExternalName`.
    SVC_001 = "SVC-001";
    /// Ports have names where there is more than one.
    SVC_008 = "SVC-008";
    /// The name of a port is a DNS label.
    SVC_009 = "SVC-009";
    /// The names of ports differ.
    SVC_010 = "SVC-010";
    /// A port is from 1 to 65535.
    SVC_011 = "SVC-011";
    /// The protocol of a port is `TCP`, `UDP` or `SCTP`.
    SVC_012 = "SVC-012";
    /// The target of a port is from 1 to 65535, or the name of a port.
    SVC_013 = "SVC-013";
    /// The protocol of an application is a qualified name.
    SVC_014 = "SVC-014";
    /// No two ports have the same number and protocol.
    SVC_015 = "SVC-015";
    /// Before 1.33, a load balancer does not have the port of the kubelet.
    SVC_047 = "SVC-047";
}

/// Where the kubelet of every node listens.
const KUBELET: i64 = 10250;

/// All ports of a Service.
pub fn ports(service: &Service, checker: &mut Checker) {
    let ports = service.spec.key("ports");
    if ports.is_empty() && service.kind != "ExternalName" && !is_headless(service.spec) {
        let title = "a Service has no ports";
        let help = "write `ports`, each with a `port`; or `clusterIP: None`, where the Pods are found by name only";
        checker.refuse(&ports, &SVC_001, Reason::Required, title, help);
    }
    for port in ports.items() {
        let name = port.key("name");
        if ports.len() > 1 && name.is_empty() {
            let title = "a port of several has no name";
            checker.refuse(&name, &SVC_008, Reason::Required, title, "write `name`, such as `http`");
        }
        service_port(&port, checker);
        if service.kind == "LoadBalancer" && !checker.since(33) && port.key("port").integer() == Some(KUBELET) {
            let title = format!("a load balancer may not have the port {KUBELET}: it is the kubelet's");
            checker.refuse(&port, &SVC_047, Reason::Invalid, title, "write another `port`; `targetPort` may stay, in a stack write the port of the Service before it, as in `port = \"80:10250\"`");
        }
    }
    let named = |port: &At<'_, '_>| !port.key("name").is_empty();
    for (second, first) in repeated(ports.items(), |port| named(port).then(|| port_name(port))) {
        checker.duplicate(&second.key("name"), &SVC_010, "port name", &first.key("name"));
    }
    let known = |port: &At<'_, '_>| !matches!(port.key("port").integer(), None | Some(0));
    for (second, first) in repeated(ports.items(), |port| known(port).then(|| identity(port))) {
        let (number, protocol) = identity(&second);
        let title = format!("the port {number} with protocol {protocol} stands here for the second time");
        let help = "give each port of a protocol its own number, or remove one";
        let finding = checker.refuse(&second, &SVC_015, Reason::Duplicate, title, help);
        finding.related.push((first.cause(), "the first one".to_owned()));
    }
}

fn service_port(at: &At, checker: &mut Checker) {
    checker.follow(&at.key("name"), &SVC_009, &DNS_LABEL);
    port_number(&at.key("port"), &SVC_011, checker);
    checker.choose(&at.key("protocol"), &SVC_012, &PROTOCOLS);
    let target = at.key("targetPort");
    // A target of 0 is that of the port.
    match target.field().map(|field| &field.value) {
        Some(FieldValue::Integer(number)) if *number != 0 => {
            checker.bound(&target, &SVC_013, 1..=65535);
        }
        Some(FieldValue::String(_)) => {
            checker.follow(&target, &SVC_013, &PORT_NAME);
        }
        _ => {}
    }
    app_protocol(&at.key("appProtocol"), &SVC_014, checker);
}

fn port_name<'f>(port: &At<'_, 'f>) -> &'f str {
    port.key("name").text()
}

/// What tells ports apart.
fn identity<'f>(port: &At<'_, 'f>) -> (i64, &'f str) {
    (port.key("port").integer().unwrap_or_default(), protocol(port))
}

/// The protocol of a port: `TCP` where none is written.
pub fn protocol<'f>(port: &At<'_, 'f>) -> &'f str {
    match port.key("protocol").text() {
        "" => "TCP",
        protocol => protocol,
    }
}
