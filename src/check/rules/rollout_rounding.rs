//! A percentage of the replicas comes to whole Pods.
//!
//! Kubernetes rounds the Pods that may be missing down. 25% of three are none, and where none may be added either, an update could not
//! begin: Kubernetes then takes one Pod away all the same, which is a third and not a quarter.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! replicas = 3
//! strategy = { surge = 0, unavailable = "25%" }
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! replicas = 3
//! strategy = { surge = 0, unavailable = 1 }
//! ```
//!
//! Write how many Pods may be missing as a number, or let one be added.

use super::origin::help;
use super::replicas::look_at_rollouts;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "rollout-rounding",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("rollout_rounding.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    look_at_rollouts(context, &mut |index, object, strategy, rollout| {
        if !rollout.is_forced || rollout.left() < 1 {
            return;
        }
        let rolling = strategy.key("rollingUpdate");
        let missing = rolling.key("maxUnavailable");
        let share = if missing.is_empty() { "25%" } else { missing.text() };
        let title = format!(
            "{share} of {} Pods rounds down to 0, and none may be added: an update takes one away all the same",
            rollout.replicas
        );
        let yaml = "write `maxSurge: 1`, or `maxUnavailable: 1` where that is meant";
        findings.add(index, &missing, title, help(context, object, "strategy = { surge = 1, unavailable = 0 }", yaml));
    });
}
