//! A Service of type LoadBalancer is on a cluster that gives addresses.
//!
//! kind has nothing that would, and minikube only while `minikube tunnel` runs: the Service works inside, and `EXTERNAL-IP` stays
//! `<pending>`.
//!
//! ```toml fail kind
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! service = "load-balancer"
//! ```
//!
//! ```toml pass k3d
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! service = "load-balancer"
//! ```
//!
//! Write another type for this profile, `[profile.kind.api.web] service = "cluster-ip"`, or install something that gives addresses and
//! write `cluster.load-balancer = "builtin"` below `[profile.kind]`.

use super::origin::table;
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::{At, Object};
use crate::component::cluster::LoadBalancer;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "loadbalancer-pending",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("loadbalancer_pending.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let Some(stack) = context.stack else { return };
    let Some(support) = stack.cluster.load_balancer else { return };
    for (index, object) in context.objects().filter(|(_, object)| object.kind_name() == "Service") {
        let root = At::root(&object.root);
        let spec = root.key("spec");
        let kind = spec.key("type");
        if !kind.is_text("LoadBalancer") {
            continue;
        }
        let (most, title, help) = match support.value {
            LoadBalancer::None => (
                Severity::Error,
                format!(
                    "Service `{}` never gets an address: clusters of the profile `{}` have no load balancer",
                    object.name(),
                    stack.profile
                ),
                format!(
                    "{}; or install a load balancer, and write `cluster.load-balancer = \"builtin\"` below `[profile.{}]`",
                    inside(context, object, &stack.profile),
                    stack.profile
                ),
            ),
            LoadBalancer::Tunnel => (
                Severity::Info,
                format!("Service `{}` has an address only while a tunnel runs", object.name()),
                "run `minikube tunnel` in another terminal".to_owned(),
            ),
            LoadBalancer::Builtin | LoadBalancer::Provider => continue,
        };
        let finding = findings.add_milder(most, index, &kind, (title, help));
        finding.related.push((support.origin.into(), "the profile says so".to_owned()));
    }
}

/// How the Service is kept inside the cluster.
fn inside(context: &Context, object: &Object, profile: &str) -> String {
    match table(context, object) {
        Some(table) => format!("write `service = \"cluster-ip\"` below `[profile.{profile}.{table}]`"),
        None => "write `type: ClusterIP`".to_owned(),
    }
}
