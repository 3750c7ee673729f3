//! NetworkPolicies let through what `uses` and `wait` declare.
//!
//! A component that uses another talks to its Pods, and asks DNS for their address. A policy of one's own that forgets the one or the
//! other makes every connection time out, some minutes after a deployment that looked fine.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! uses = ["cache"]
//!
//! [db.cache]
//! engine = "redis"
//!
//! [manifest.policy]
//! yaml = '''
//! apiVersion: networking.k8s.io/v1
//! kind: NetworkPolicy
//! metadata: {name: cache}
//! spec:
//!   podSelector: {matchLabels: {app.kubernetes.io/name: cache}}
//!   ingress: [{from: [{podSelector: {matchLabels: {app.kubernetes.io/name: cache}}}]}]
//! '''
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! uses = ["cache"]
//!
//! [db.cache]
//! engine = "redis"
//!
//! [manifest.policy]
//! yaml = '''
//! apiVersion: networking.k8s.io/v1
//! kind: NetworkPolicy
//! metadata: {name: cache}
//! spec:
//!   podSelector: {matchLabels: {app.kubernetes.io/name: cache}}
//!   ingress: [{from: [{podSelector: {matchLabels: {app.kubernetes.io/name: web}}}], ports: [{port: 6379}]}]
//! '''
//! ```
//!
//! Add the missing peer or port to the policy, or write `network-policy = true` below `[stack]` and remove your own: then policies follow
//! from `uses`. Nothing is said where the cluster ignores policies.

use super::traffic::{Direction, Traffic, reason};
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::{At, CauseId};
use crate::component::cluster::PolicySupport;
use crate::diagnostic::{Class, Severity};
use crate::graph::{Edge, Part, Relation, Target};
use std::collections::BTreeSet;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "netpol-cuts-dependency",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("netpol_cuts_dependency.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let is_policy = |edge: &&Edge| context.bundle.objects[edge.from].kind_name() == "NetworkPolicy";
    let support = context.stack.and_then(|stack| stack.cluster.network_policy);
    let is_ignored = support.is_some_and(|support| support.value == PolicySupport::Ignored);
    if is_ignored || !context.graph.related(Relation::Guards).any(|edge| is_policy(&edge)) {
        return;
    }
    let mut told = BTreeSet::new();
    for edge in context.graph.related(Relation::Uses) {
        for traffic in traffics(context, edge) {
            for direction in [Direction::In, Direction::Out] {
                if let Some((policy, port)) = traffic.refused(direction, context)
                    && told.insert((policy, edge.from, traffic.to))
                {
                    say(context, policy, edge, (reason(direction), port), findings);
                }
            }
        }
        let asks_names = matches!(edge.target, Target::Object { .. });
        if let Some(policy) = Traffic::names_refused(edge.from, context).filter(|_| asks_names)
            && told.insert((policy, edge.from, edge.from))
        {
            say(context, policy, edge, ("does not let it ask for names", 53), findings);
        }
    }
}

/// The ways from a component to the Pods behind the Service that it uses.
fn traffics<'a>(context: &Context<'a>, edge: &Edge<'a>) -> Vec<Traffic<'a>> {
    let Some(service) = edge.found.first() else { return Vec::new() };
    let root = At::root(&context.bundle.objects[*service].root);
    let spec = root.key("spec");
    let ports = spec.key("ports");
    let forwarding = context.graph.edges_from(*service).iter().filter(|edge| edge.relation == Relation::Forwards);
    let mut traffics = Vec::new();
    for (port, forwarding) in ports.items().zip(forwarding) {
        let is_used = match edge.part() {
            Part::PortNumber(number) => port.key("port").integer() == Some(number),
            _ => true,
        };
        if is_used {
            let ways = forwarding.found.iter().map(|to| Traffic { from: edge.from, to: *to, port: forwarding.part() });
            traffics.extend(ways.map(|way| way.resolved(context)));
        }
    }
    traffics
}

fn say(context: &Context, policy: usize, edge: &Edge, (reason, port): (&str, i64), findings: &mut Findings) {
    let object = &context.bundle.objects[policy];
    let client = &context.bundle.objects[edge.from].identity.component;
    let target = edge.named().map_or_else(String::new, |(_, name)| format!("`{name}`"));
    let title = format!("`{client}` uses {target}, and NetworkPolicy `{}` {reason} (port {port})", object.name());
    let help = match port {
        53 => {
            "add an entry to `egress` with `ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]`".to_owned()
        }
        _ => format!(
            "add an entry for these Pods and port {port}, or remove the policy and write `network-policy = true` below `[stack]`"
        ),
    };
    let root = At::root(&object.root);
    let at = root.key("spec");
    let used: CauseId = edge.place.cause;
    findings.add(policy, &at, title, help).related.push((used, "it is used here".to_owned()));
}
