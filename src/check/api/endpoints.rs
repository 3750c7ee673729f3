//! Endpoints, and what EndpointSlices have in common with them.

use super::metadata::metadata;
use crate::check::address::{parse_ip_address, special_range};
use crate::check::format::{DNS_LABEL, DNS_SUBDOMAIN, Format, QUALIFIED_NAME};
use crate::check::{At, Checker, Reason, Rule, api_rules};

api_rules! {
    /// A subset has an address.
    EP_001 = "EP-001";
    /// An address is an IP address, and none of the loopback and link-local ranges.
    EP_002 = "EP-002";
    /// The name of a host is a DNS label.
    EP_003 = "EP-003";
    /// The name of a node is a DNS subdomain.
    EP_004 = "EP-004";
    /// Ports have names where there is more than one; a name is a DNS label.
    EP_005 = "EP-005";
    /// A port is from 1 to 65535.
    EP_006 = "EP-006";
    /// The protocol of a port is `TCP`, `UDP` or `SCTP`.
    EP_007 = "EP-007";
    /// The protocol of an application is a qualified name.
    EP_008 = "EP-008";
}

/// What a port speaks.
pub const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];

/// Endpoints.
pub fn endpoints(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    for subset in object.key("subsets").items() {
        let (ready, waiting) = (subset.key("addresses"), subset.key("notReadyAddresses"));
        if ready.is_empty() && waiting.is_empty() {
            let title = "a subset has no address";
            checker.refuse(&subset, &EP_001, Reason::Required, title, "write `addresses`, each with an `ip`");
        }
        for endpoint in ready.items().chain(waiting.items()) {
            address(&endpoint, checker);
        }
        let ports = subset.key("ports");
        for port in ports.items() {
            if ports.len() > 1 {
                checker.require(&port.key("name"), &EP_005, "a name");
            }
            endpoint_port(&port, checker);
        }
    }
}

/// Asks that an address can be one of an endpoint: none that means the host itself or its neighbours.
pub fn ordinary_address(at: &At, text: &str, rule: &Rule, checker: &mut Checker) {
    if let Some(range) = parse_ip_address(text).and_then(special_range) {
        let title = format!("the address {} {range}", at.value());
        checker.refuse(at, rule, Reason::Invalid, title, "write an address that other hosts can reach");
    }
}

/// What is spoken on a port.
const PROTOCOL: Format = Format { what: "the name of a protocol", example: "kubernetes.io/h2c", ..QUALIFIED_NAME };

/// Asks that a field, where it is there, is a qualified name; the empty text is none.
pub fn app_protocol(at: &At, rule: &Rule, checker: &mut Checker) {
    if at.is_set() {
        checker.follow_text(at, at.text(), rule, &PROTOCOL);
    }
}

/// Asks for a port from 1 to 65535; a missing one is 0.
pub fn port_number(at: &At, rule: &Rule, checker: &mut Checker) {
    if at.is_set() {
        checker.bound(at, rule, 1..=65535);
    } else {
        checker.refuse(at, rule, Reason::Invalid, "the number of a port is missing", "write `port`, from 1 to 65535");
    }
}

fn address(at: &At, checker: &mut Checker) {
    let (ip, node) = (at.key("ip"), at.key("nodeName"));
    let format = checker.ip_address();
    checker.follow_text(&ip, ip.text(), &EP_002, format);
    ordinary_address(&ip, ip.text(), &EP_002, checker);
    checker.follow(&at.key("hostname"), &EP_003, &DNS_LABEL);
    if node.is_set() {
        checker.follow_text(&node, node.text(), &EP_004, &DNS_SUBDOMAIN);
    }
}

fn endpoint_port(at: &At, checker: &mut Checker) {
    checker.follow(&at.key("name"), &EP_005, &DNS_LABEL);
    port_number(&at.key("port"), &EP_006, checker);
    checker.choose(&at.key("protocol"), &EP_007, &PROTOCOLS);
    app_protocol(&at.key("appProtocol"), &EP_008, checker);
}
