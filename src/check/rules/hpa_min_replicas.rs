//! A HorizontalPodAutoscaler leaves more than one Pod, and has room to scale.
//!
//! At night an autoscaler with a minimum of one leaves one Pod: when its node goes, nothing answers. One whose minimum is its maximum
//! never does anything.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//!
//! [hpa.web]
//! max = 5
//! cpu = 70
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//!
//! [hpa.web]
//! min = 2
//! max = 5
//! cpu = 70
//! ```
//!
//! Write `min = 2`; in YAML `minReplicas: 2`. What may be away for a moment is meant: `allow = { hpa-min-replicas = "REASON" }`.

use super::origin::help;
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "hpa-min-replicas",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Info),
    source: include_str!("hpa_min_replicas.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects().filter(|(_, object)| object.kind_name() == "HorizontalPodAutoscaler") {
        let root = At::root(&object.root);
        let spec = root.key("spec");
        let (least, most) = (spec.key("minReplicas"), spec.key("maxReplicas"));
        let fewest = least.integer().unwrap_or(1);
        if most.integer() == Some(fewest) {
            let title = format!(
                "the autoscaler `{}` has {fewest} Pods at least and at most, so it never scales",
                object.name()
            );
            let key = if context.is_of_tables(object) { "max" } else { "maxReplicas" };
            let help =
                format!("write a greater `{key}`, or remove the autoscaler and write `replicas` for the workload");
            findings.add(index, &most, title, help);
        } else if fewest == 1 {
            let help = help(context, object, "min = 2", "write `minReplicas: 2`");
            let title = format!(
                "the autoscaler `{}` may go down to one Pod, and nothing answers while its node is away",
                object.name()
            );
            findings.add(index, &least, title, help);
        }
    }
}
