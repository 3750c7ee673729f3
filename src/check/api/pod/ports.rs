//! The ports of containers.

use super::Pod;
use crate::bundle::CauseId;
use crate::check::format::PORT_NAME;
use crate::check::{At, Checker, Reason, api_rules, repeated};
use std::collections::BTreeMap;

api_rules! {
    /// A port of a container has a number, 1 to 65535.
    POD_017 = "POD-017";
    /// The name of a port has at most 15 lower-case letters, digits and `-`, and a letter.
    POD_018 = "POD-018";
    /// The names of the ports of a container differ.
    POD_019 = "POD-019";
    /// A port of the node is 1 to 65535.
    POD_020 = "POD-020";
    /// The containers of a Pod use different ports of the node.
    POD_021 = "POD-021";
    /// With `hostNetwork` the port of the node is that of the container.
    POD_022 = "POD-022";
    /// The protocol of a port is `TCP`, `UDP` or `SCTP`.
    POD_023 = "POD-023";
}

/// The ports of one container.
pub fn ports(container: &At, checker: &mut Checker) {
    let list = container.key("ports");
    for port in list.items() {
        let (number, host) = (port.key("containerPort"), port.key("hostPort"));
        if number.integer().unwrap_or_default() == 0 {
            let help = format!("write the number that the container listens at, at `{number}`");
            checker.refuse(&number, &POD_017, Reason::Required, "the number of a port is missing", help);
        } else {
            checker.bound(&number, &POD_017, 1..=65535);
        }
        if host.integer() != Some(0) {
            checker.bound(&host, &POD_020, 1..=65535);
        }
        checker.follow(&port.key("name"), &POD_018, &PORT_NAME);
        checker.choose(&port.key("protocol"), &POD_023, &["TCP", "UDP", "SCTP"]);
    }
    for (port, first) in repeated(list.items(), |port| valid_name(port)) {
        checker.duplicate(&port.key("name"), &POD_019, "port name", &first.key("name"));
    }
}

/// A name that is compared with those of others: the server leaves out those that are wrong.
fn valid_name<'f>(port: &At<'_, 'f>) -> Option<&'f str> {
    Some(port.key("name").text()).filter(|name| PORT_NAME.accepts(name))
}

/// The ports of the node that all containers together use; init containers run one after the other and are looked at alone.
pub fn host_ports(containers: &At, pod: &Pod, checker: &mut Checker) {
    let mut used = BTreeMap::new();
    for container in containers.items() {
        let list = container.key("ports");
        for port in list.items() {
            unused(&port, pod, &mut used, checker);
            let (number, host) = (port.key("containerPort"), port.key("hostPort"));
            let differ = host.integer().is_some_and(|host| host != 0 && Some(host) != number.integer());
            if differ && pod.uses_host_network() {
                let title =
                    format!("the port of the node is {}, that of the container {}", host.value(), number.value());
                let help = "remove `hostPort`: with `hostNetwork` it is the port of the container";
                let finding = checker.refuse(&host, &POD_022, Reason::Invalid, title, help);
                finding.related.push((number.cause(), "the port of the container".to_owned()));
            }
        }
    }
}

/// The ports of the node that an init container uses. The server counts a list of this one container.
pub fn init_host_ports(container: At, pod: &Pod, checker: &mut Checker) {
    let mut used = BTreeMap::new();
    let alone = container.numbered(0);
    let list = alone.key("ports");
    for port in list.items() {
        unused(&port, pod, &mut used, checker);
    }
}

/// Protocol, address and number of a port of the node, and where each is written.
type Used<'f> = BTreeMap<(&'f str, &'f str, i64), CauseId>;

/// Asks that no port before uses the same port of the node.
fn unused<'f>(port: &At<'_, 'f>, pod: &Pod, used: &mut Used<'f>, checker: &mut Checker) {
    let (host, protocol, address) = (port.key("hostPort"), port.key("protocol").text(), port.key("hostIP").text());
    let mut number = host.integer().unwrap_or_default();
    if number == 0 && pod.is_bare() && pod.uses_host_network() {
        // The server fills it in, for bare Pods only.
        number = port.key("containerPort").integer().unwrap_or_default();
    }
    if number == 0 {
        return;
    }
    let protocol = if protocol.is_empty() { "TCP" } else { protocol };
    if let Some(first) = used.get(&(protocol, address, number)) {
        let title = format!("the port {number} of the node is used for the second time");
        let help = "give it another `hostPort`, or remove it and reach the Pod through a Service";
        let finding = checker.refuse(&host, &POD_021, Reason::Duplicate, title, help);
        finding.related.push((*first, "the first one".to_owned()));
    } else {
        used.insert((protocol, address, number), host.cause());
    }
}
