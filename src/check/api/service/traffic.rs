//! How a Service leads traffic to its Pods.

use super::Service;
use crate::check::format::{Format, QUALIFIED_NAME};
use crate::check::{At, Checker, Reason, Rule, api_rules};

api_rules! {
    /// The affinity of sessions is `None` or `ClientIP`.
    SVC_021 = "SVC-021";
    /// Sessions last from 1 to 86400 seconds.
    SVC_022 = "SVC-022";
    /// A policy for external traffic is for Services that are reached from outside.
    SVC_024 = "SVC-024";
    /// The policy for external traffic is `Cluster` or `Local`.
    SVC_025 = "SVC-025";
    /// The policy for internal traffic is `Cluster` or `Local`.
    SVC_026 = "SVC-026";
    /// Only load balancers have ranges of sources.
    SVC_028 = "SVC-028";
    /// A source is a range of IP addresses.
    SVC_029 = "SVC-029";
    /// The annotation with ranges of sources is one of load balancers, and holds ranges of IP addresses.
    SVC_030 = "SVC-030";
    /// Only load balancers choose whether they have node ports.
    SVC_031 = "SVC-031";
    /// Only load balancers have a class, a qualified name.
    SVC_032 = "SVC-032";
    /// Traffic is distributed by `PreferClose`, or since 1.34 by `PreferSameZone` or `PreferSameNode`; before 1.31 the field is dropped.
    SVC_033 = "SVC-033";
}

/// The annotation that was there before `loadBalancerSourceRanges`.
const SOURCE_RANGES: &str = "service.beta.kubernetes.io/load-balancer-source-ranges";

/// What makes a load balancer.
const CLASS: Format = Format { what: "a class of load balancers", example: "example.com/fast", ..QUALIFIED_NAME };

/// The two places to which traffic may go.
const POLICIES: [&str; 2] = ["Cluster", "Local"];

/// How a Service leads its traffic.
pub fn traffic(service: &Service, checker: &mut Checker) {
    sessions(service.spec, checker);
    policies(service, checker);
    source_ranges(service, checker);
    load_balancer(service, checker);
    let distribution = service.spec.key("trafficDistribution");
    if distribution.is_set() && checker.since(31) {
        let words = ["PreferClose", "PreferSameNode", "PreferSameZone"];
        let known = if checker.since(34) { &words[..] } else { &words[..1] };
        checker.choose_text(&distribution, distribution.text(), &SVC_033, known);
    }
}

fn sessions(spec: &At, checker: &mut Checker) {
    let affinity = spec.key("sessionAffinity");
    checker.choose(&affinity, &SVC_021, &["ClientIP", "None"]);
    if affinity.is_text("ClientIP") {
        let config = spec.key("sessionAffinityConfig");
        let client = config.key("clientIP");
        checker.bound(&client.key("timeoutSeconds"), &SVC_022, 1..=86400);
    }
}

fn policies(service: &Service, checker: &mut Checker) {
    let (external, internal) = (service.spec.key("externalTrafficPolicy"), service.spec.key("internalTrafficPolicy"));
    let is_reached = match service.kind {
        "LoadBalancer" | "NodePort" => true,
        "ClusterIP" => !service.spec.key("externalIPs").is_empty(),
        _ => false,
    };
    if is_reached {
        checker.choose(&external, &SVC_025, &POLICIES);
    } else if !external.is_empty() {
        let title = format!("nothing from outside reaches a Service {}", service.where_kind());
        let help = "remove it, or write `type: NodePort` or `type: LoadBalancer`, in a stack remove it, or write `type = \"node-port\"` or `type = \"load-balancer\"` in `service`";
        let finding = checker.refuse(&external, &SVC_024, Reason::Invalid, title, help);
        finding.related.push((service.cause_of_kind(), "the type".to_owned()));
    }
    if internal.is_set() {
        checker.choose_text(&internal, internal.text(), &SVC_026, &POLICIES);
    }
}

fn source_ranges(service: &Service, checker: &mut Checker) {
    let metadata = service.object.key("metadata");
    let annotations = metadata.key("annotations");
    let ranges = service.spec.key_spelled("loadBalancerSourceRanges", "LoadBalancerSourceRanges");
    if !ranges.is_empty() {
        only_load_balancers(&ranges, "`loadBalancerSourceRanges`", &SVC_028, service, checker);
        // Before 1.30 the server names the list, not the entry.
        let counted = checker.since(30);
        for range in ranges.items() {
            let at = if counted { range } else { ranges.with_cause_of(&range) };
            checker.follow_text(&at, range.text().trim(), &SVC_029, checker.cidr());
        }
    } else if annotations.has(SOURCE_RANGES) {
        let annotation = annotations.entry(SOURCE_RANGES);
        only_load_balancers(&annotation, "the annotation with ranges of sources", &SVC_030, service, checker);
        for range in annotation.text().split(',').filter(|_| !annotation.text().trim().is_empty()) {
            checker.follow_text(&annotation, range.trim(), &SVC_030, checker.cidr());
        }
    }
}

fn load_balancer(service: &Service, checker: &mut Checker) {
    let class = service.spec.key("loadBalancerClass");
    let node_ports = service.spec.key("allocateLoadBalancerNodePorts");
    if node_ports.is_set() {
        only_load_balancers(&node_ports, "`allocateLoadBalancerNodePorts`", &SVC_031, service, checker);
    }
    if class.is_set() {
        only_load_balancers(&class, "`loadBalancerClass`", &SVC_032, service, checker);
    }
    if service.kind == "LoadBalancer" && class.is_set() {
        checker.follow_text(&class, class.text(), &SVC_032, &CLASS);
    }
}

/// Says that something is of no use to a Service of another type.
fn only_load_balancers(at: &At, what: &str, rule: &Rule, service: &Service, checker: &mut Checker) {
    if service.kind != "LoadBalancer" {
        let title = format!("{what} may not be set {}", service.where_kind());
        let help = "remove it, or write `type: LoadBalancer`, in a stack remove it, or write `type = \"load-balancer\"` in `service`";
        let finding = checker.refuse(at, rule, Reason::Forbidden, title, help);
        finding.related.push((service.cause_of_kind(), "the type".to_owned()));
    }
}
