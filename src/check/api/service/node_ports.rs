//! The ports that a Service has on every node.

use super::Service;
use super::ports::protocol;
use crate::check::{At, Checker, Reason, api_rules, repeated};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

api_rules! {
    /// A Service of type `ClusterIP` has no node ports.
    SVC_016 = "SVC-016";
    /// Ports have the same node port only where they have the same number and other protocols.
    SVC_017 = "SVC-017";
    /// A node port is from 30000 to 32767, unless the cluster is told otherwise.
    SVC_018 = "SVC-018";
    /// A port for health checks is for load balancers whose external traffic stays local; it is a node port of its own.
    SVC_027 = "SVC-027";
}

/// The node ports of a cluster that is not told otherwise (`--service-node-port-range`). A dry run does not look at them.
const RANGE: RangeInclusive<i64> = 30000..=32767;

/// The node ports of a Service.
pub fn node_ports(service: &Service, checker: &mut Checker) {
    let ports = service.spec.key("ports");
    let mut taken = Allocation::default();
    if ports.items().any(|port| number(&port) != 0) {
        match service.kind {
            "NodePort" | "LoadBalancer" => taken.allocate(service, &ports, checker),
            "ClusterIP" => {
                for port in ports.items().filter(|port| number(port) != 0) {
                    let node_port = port.key("nodePort");
                    let title = "a Service of type `ClusterIP` has no node port";
                    let help = "write `type: NodePort`, or remove `nodePort`";
                    let finding = checker.refuse(&node_port, &SVC_016, Reason::Forbidden, title, help);
                    finding.related.push((service.cause_of_kind(), "the type".to_owned()));
                }
            }
            _ => {}
        }
        let key = |port: &At<'_, '_>| Some(number(port)).filter(|number| *number != 0);
        for (second, first) in repeated(ports.items(), |port| Some((key(port)?, protocol(port).to_owned()))) {
            if !taken.refused.contains(&number(&second)) {
                checker.duplicate(&second.key("nodePort"), &SVC_017, "node port", &first.key("nodePort"));
            }
        }
    }
    health_check(service, &taken, checker);
}

/// The node port of a port; 0 where the server chooses it.
fn number(port: &At) -> i64 {
    port.key("nodePort").integer().unwrap_or_default()
}

/// The node ports that are taken.
#[derive(Default)]
struct Allocation {
    /// For each, the number of the port that has it.
    ports: BTreeMap<i64, i64>,
    refused: Vec<i64>,
}

impl Allocation {
    /// Takes the node ports one after the other. A port gets that of the first one with the same number, if it asks for this one,
    /// or for none and the load balancer has not only those that it asks for; any other must be free.
    fn allocate(&mut self, service: &Service, ports: &At, checker: &mut Checker) {
        let given = service.spec.key("allocateLoadBalancerNodePorts");
        let on_request = service.kind == "LoadBalancer" && given.is_set() && !given.is_true();
        let mut firsts = BTreeMap::new();
        for port in ports.items().filter(|port| number(port) != 0) {
            firsts.entry(port.key("port").integer().unwrap_or_default()).or_insert_with(|| number(&port));
        }
        let mut begun = BTreeSet::new();
        for port in ports.items() {
            let (own, wanted) = (port.key("port").integer().unwrap_or_default(), number(&port));
            let first = firsts.get(&own).copied().unwrap_or_default();
            if wanted == 0 && on_request {
                continue;
            }
            if first != 0 && begun.insert(own) {
                self.take(&port, ports, first, checker);
            } else if wanted != 0 && wanted != first {
                self.take(&port, ports, wanted, checker);
            }
        }
    }

    /// Takes a node port for a port, which may be the wish of a later port with the same number.
    fn take(&mut self, port: &At, ports: &At, wanted: i64, checker: &mut Checker) {
        let own = port.key("nodePort");
        let wish = || ports.items().find(|other| number(other) == wanted);
        let at = if own.is_set() { own } else { wish().map_or(own, |wish| own.with_cause_of(&wish.key("nodePort"))) };
        if !RANGE.contains(&wanted) {
            self.refused.push(wanted);
            out_of_range(&at, wanted, &SVC_018, checker);
        } else if let Some(other) = self.ports.insert(wanted, port.key("port").integer().unwrap_or_default()) {
            self.refused.push(wanted);
            let title = format!("the node port {wanted} is taken by the port {other} of the same Service");
            let help = "give each its own, or remove `nodePort`: the cluster chooses one, in a stack give each its own `node-port`, or remove one: the cluster chooses it";
            let finding = checker.refuse(&at, &SVC_017, Reason::Invalid, title, help);
            finding.related.extend(wish().map(|wish| (wish.key("nodePort").cause(), "the first one".to_owned())));
        }
    }
}

fn out_of_range(at: &At, number: i64, rule: &crate::check::Rule, checker: &mut Checker) {
    let (least, most) = (RANGE.start(), RANGE.end());
    let title = format!("{number} is none of the node ports of a cluster, {least} to {most}");
    let help = format!("write a number from {least} to {most}, or remove it: the cluster chooses one");
    checker.refuse(at, rule, Reason::Invalid, title, help);
}

fn health_check(service: &Service, taken: &Allocation, checker: &mut Checker) {
    let at = service.spec.key("healthCheckNodePort");
    let wanted = at.integer().unwrap_or_default();
    let is_local = service.spec.key("externalTrafficPolicy").is_text("Local");
    if wanted == 0 {
        return;
    }
    if service.kind != "LoadBalancer" || !is_local {
        let title = "`healthCheckNodePort` is for load balancers whose external traffic stays local";
        let help = "remove it, or write `type: LoadBalancer` and `externalTrafficPolicy: Local`, in a stack remove it, or write `type = \"load-balancer\"` and `external-traffic = \"local\"` in `service`";
        checker.refuse(&at, &SVC_027, Reason::Invalid, title, help);
    } else if !RANGE.contains(&wanted) {
        out_of_range(&at, wanted, &SVC_027, checker);
    } else if let Some(port) = taken.ports.get(&wanted) {
        let title = format!("the node port {wanted} is taken by the port {port} of the same Service");
        checker.refuse(&at, &SVC_027, Reason::Invalid, title, "write another number, or remove it");
    }
}
