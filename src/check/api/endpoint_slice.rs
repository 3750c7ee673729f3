//! EndpointSlice.

use super::endpoints::{PROTOCOLS, app_protocol, ordinary_address};
use super::metadata::metadata;
use crate::check::address::{CANONICAL_IP_ADDRESS, LENIENT_IP_ADDRESS, parse_ip_address};
use crate::check::format::{DNS_LABEL, DNS_SUBDOMAIN, Format, LABEL_VALUE};
use crate::check::{At, Checker, Reason, api_rules, repeated};

api_rules! {
    /// The type of addresses is `IPv4`, `IPv6` or `FQDN`.
    EPS_001 = "EPS-001";
    /// There are at most 1,000 endpoints, 20,000 ports, 100 addresses of an endpoint, 8 zones and 8 nodes of its hints.
    EPS_002 = "EPS-002";
    /// An endpoint has an address.
    EPS_003 = "EPS-003";
    /// Addresses are of the type of the slice, and none of the loopback and link-local ranges.
    EPS_004 = "EPS-004";
    /// The name of a host is a DNS label, that of a node a DNS subdomain.
    EPS_005 = "EPS-005";
    /// The hints of an endpoint name zones and nodes, each once.
    EPS_006 = "EPS-006";
    /// The names of ports are DNS labels and differ; one may have none.
    EPS_007 = "EPS-007";
    /// The protocol of a port is `TCP`, `UDP` or `SCTP`.
    EPS_008 = "EPS-008";
    /// The protocol of an application is a qualified name.
    EPS_009 = "EPS-009";
}

/// The name of a host with its domain.
const DOMAIN_NAME: Format = Format { what: "a domain name", example: "db.example.com", check: domain_name };

/// An EndpointSlice.
pub fn endpoint_slice(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let kind = object.key("addressType");
    if checker.require(&kind, &EPS_001, "a type of addresses") {
        checker.choose(&kind, &EPS_001, &["FQDN", "IPv4", "IPv6"]);
    }
    let ports = object.key("ports");
    if at_most(&ports, 20_000, "ports", checker) {
        for port in ports.items() {
            slice_port(&port, checker);
        }
        for (second, first) in repeated(ports.items(), |port| Some(port.key("name").text())) {
            let (name, other) = (second.key("name"), first.key("name"));
            if !name.is_empty() {
                checker.duplicate(&name, &EPS_007, "port name", &other);
                continue;
            }
            let title = "more than one port has no name";
            let finding = checker.refuse(&name, &EPS_007, Reason::Duplicate, title, "write `name`, such as `http`");
            finding.related.push((first.cause(), "the first one".to_owned()));
        }
    }
    let endpoints = object.key("endpoints");
    if at_most(&endpoints, 1000, "endpoints", checker) {
        for endpoint in endpoints.items() {
            self::endpoint(&endpoint, kind.text(), checker);
        }
    }
}

/// Asks that a list is not too long.
fn at_most(at: &At, most: usize, what: &str, checker: &mut Checker) -> bool {
    let count = at.len();
    if count > most {
        let title = format!("{count} {what}, {most} are allowed");
        checker.refuse(at, &EPS_002, Reason::TooMany, title, "divide them");
    }
    count <= most
}

fn slice_port(at: &At, checker: &mut Checker) {
    checker.follow(&at.key("name"), &EPS_007, &DNS_LABEL);
    let protocol = at.key("protocol");
    if protocol.is_set() {
        checker.choose_text(&protocol, protocol.text(), &EPS_008, &PROTOCOLS);
    }
    app_protocol(&at.key("appProtocol"), &EPS_009, checker);
}

fn endpoint(at: &At, kind: &str, checker: &mut Checker) {
    let addresses = at.key("addresses");
    if checker.require(&addresses, &EPS_003, "a list of addresses") {
        at_most(&addresses, 100, "addresses", checker);
    }
    for address in addresses.items() {
        match kind {
            "IPv4" => ip_address(&address, &addresses, "an IPv4 address", checker),
            "IPv6" => ip_address(&address, &addresses, "an IPv6 address", checker),
            "FQDN" if checker.require(&address, &EPS_004, "a domain name") => {
                checker.follow(&address, &EPS_004, &DOMAIN_NAME);
            }
            _ => {}
        }
    }
    for (key, format) in [("hostname", &DNS_LABEL), ("nodeName", &DNS_SUBDOMAIN)] {
        let name = at.key(key);
        if name.is_set() {
            checker.follow_text(&name, name.text(), &EPS_005, format);
        }
    }
    let hints = at.key("hints");
    if hint(&hints.key("forZones"), "zone", &LABEL_VALUE, checker) && checker.since(34) {
        hint(&hints.key("forNodes"), "node", &DNS_SUBDOMAIN, checker);
    }
}

fn ip_address(at: &At, list: &At, wanted: &'static str, checker: &mut Checker) {
    // Since 1.33 IPv6 addresses are asked for in their shortest form.
    let format = match (wanted, checker.since(33)) {
        ("an IPv6 address", true) => &CANONICAL_IP_ADDRESS,
        (_, true) => checker.ip_address(),
        (_, false) => &LENIENT_IP_ADDRESS,
    };
    if !checker.follow_text(at, at.text(), &EPS_004, format) {
        return;
    }
    if parse_ip_address(at.text()).is_some_and(|address| address.is_ipv4() != (wanted == "an IPv4 address")) {
        // Since 1.33 the server names the list, not the entry.
        let place = if checker.since(33) { list.with_cause_of(at) } else { *at };
        let title = format!("{} is not {wanted}", at.value());
        let help = "write addresses of one family, and the other ones in another slice";
        checker.refuse(&place, &EPS_004, Reason::Invalid, title, help);
    }
    ordinary_address(at, at.text(), &EPS_004, checker);
}

/// Asks that the names of a hint have a form and differ; says whether there are few enough of them.
fn hint(at: &At, what: &str, format: &Format, checker: &mut Checker) -> bool {
    if !at_most(at, 8, "hints", checker) {
        return false;
    }
    for item in at.items() {
        let name = item.key("name");
        checker.follow_text(&name, name.text(), &EPS_006, format);
    }
    for (second, first) in repeated(at.items(), |item| Some(item.key("name").text())) {
        checker.duplicate(&second.key("name"), &EPS_006, what, &first.key("name"));
    }
    true
}

fn domain_name(text: &str) -> Result<(), &'static str> {
    let name = text.strip_suffix('.').unwrap_or(text);
    (DNS_SUBDOMAIN.check)(name)?;
    if !name.contains('.') {
        Err("has no domain")
    } else if name.split('.').any(|label| !DNS_LABEL.accepts(label)) {
        Err("has a label of more than 63 characters")
    } else {
        Ok(())
    }
}
