//! The class of an Ingress or Gateway is one that the cluster serves.
//!
//! An Ingress of a class that no controller serves never gets an address, and nobody says so. `traefik` is the class of k3s, and `nginx`
//! none that any cluster brings by itself.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//!
//! [ingress.web]
//! class = "nginx"
//! routes = { "/" = "web" }
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//!
//! [ingress.web]
//! routes = { "/" = "web" }
//! ```
//!
//! Remove `class`, so that the profile decides, or say it for one profile: `cluster.expose.class = "nginx"` below `[profile.NAME]`. A class
//! that is served beside the usual one is said by `external = ["IngressClass/NAME"]` below `[lint]`. Nothing is said where the profile names
//! no class, and in YAML of others.

use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "ingress-class-not-in-profile",
    class: Class::Reference,
    // the owners of a cloud's cluster have often more controllers than its profile knows
    levels: Levels::of(Severity::Error, Severity::Warning),
    source: include_str!("ingress_class_not_in_profile.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let Some(stack) = context.stack else { return };
    let Some(class) = stack.cluster.expose_class().filter(|class| !class.value.is_empty()) else { return };
    for edge in context.graph.related(Relation::Chooses).filter(|edge| edge.is_missing()) {
        let Some((kind @ ("IngressClass" | "GatewayClass"), name)) = edge.named() else { continue };
        let title = format!("the profile `{}` has no {kind} `{name}`: its class is `{}`", stack.profile, class.value);
        let help = match context.is_of_tables(&context.bundle.objects[edge.from]) {
            true => "remove `class`, and the profile's is taken".to_owned(),
            false => format!("write `{}`", class.value),
        };
        let finding = findings.add_edge(Severity::Error, edge, (title, help));
        finding.related.push((class.origin.into(), "the class of the profile".to_owned()));
    }
}
