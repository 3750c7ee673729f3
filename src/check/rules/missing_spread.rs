//! Pods of one workload do not all run in the same place.
//!
//! Several Pods help against the loss of a node, or of a zone, only where they are on several of them. The scheduler spreads Pods a
//! little by itself, and forgets it as soon as one node has more room.
//!
//! ```yaml fail
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   replicas: 2
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web}}
//!     spec:
//!       containers:
//!       - {name: web, image: "nginx:1.27.3"}
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! replicas = 2
//! spread = "zone"
//! ```
//!
//! In a stack the cloud profiles spread over zones unless the stack says otherwise. A rule against Pods of the same kind on a node
//! (`podAntiAffinity`) counts too, whatever key it goes by.

use super::origin::help;
use super::pods::look_at_template;
use super::replicas::least;
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "missing-spread",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Info),
    source: include_str!("missing_spread.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let kinds = ["Deployment", "StatefulSet"];
    for (index, object) in context.objects().filter(|(_, object)| kinds.contains(&object.kind_name())) {
        let pods = least(context, index);
        if pods < 2 {
            continue;
        }
        look_at_template(object, &mut |template| {
            let spec = template.key("spec");
            let spread = spec.key("topologySpreadConstraints");
            if spread.is_empty() && !spec.key("affinity").key("podAntiAffinity").is_set() {
                let title = format!(
                    "nothing spreads the {pods} Pods of {} `{}` over zones and nodes",
                    object.kind_name(),
                    object.name()
                );
                findings.add(index, &spread, title, help(context, object, "spread = \"zone\"", &constraint(template)));
            }
        });
    }
}

/// A constraint for these Pods, as it is to be written.
fn constraint(template: &At) -> String {
    let labels =
        template.key("metadata").key("labels").entries().next().map(|(key, value)| format!("{key}: {}", value.text()));
    format!(
        "add `topologySpreadConstraints: [{{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway, \
         labelSelector: {{matchLabels: {{{}}}}}}}]` below the `spec` of the Pods",
        labels.unwrap_or_default()
    )
}
