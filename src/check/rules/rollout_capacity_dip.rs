//! An update that adds Pods takes none away before they are ready.
//!
//! With room for more Pods there is no need to be a few short. Yet what may be missing is a quarter unless it is said otherwise, and is taken
//! away at once, whatever may be added.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! replicas = 10
//! strategy = { surge = "100%" }
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! replicas = 10
//! strategy = { surge = "50%", unavailable = 0 }
//! ```
//!
//! Where nothing is said of either number nothing is said here: that is what everybody has.

use super::origin::help_in;
use super::replicas::look_at_rollouts;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "rollout-capacity-dip",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Info),
    source: include_str!("rollout_capacity_dip.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    look_at_rollouts(context, &mut |index, object, strategy, rollout| {
        let rolling = strategy.key("rollingUpdate");
        let surge = rolling.key("maxSurge");
        if !surge.is_set() || rollout.surge < 1 || rollout.unavailable < 1 || rollout.left() < 1 {
            return;
        }
        let title = format!(
            "an update of Deployment `{}` takes {} of {} Pods away before one of the {} new ones is ready",
            object.name(),
            rollout.unavailable,
            rollout.replicas,
            rollout.surge
        );
        let yaml = "write `maxUnavailable: 0` beside it";
        findings.add(index, &surge, title, help_in(context, object, "strategy", "unavailable = 0", yaml));
    });
}
