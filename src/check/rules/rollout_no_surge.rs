//! An update leaves Pods that answer.
//!
//! How many Pods may be missing during an update, and how many may be added, are rounded to whole ones. With one replica that may be missing
//! there is none left: the old Pod ends first, and until the new one is ready nobody answers; if it never is, for good.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! strategy = { surge = 0 }
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! strategy = { surge = 1, unavailable = 0 }
//! ```
//!
//! Pods with a disk or a port of the node cannot run beside each other and are let be; `strategy = "recreate"` says the same in a word.

use super::origin::help;
use super::pods::look_at_template;
use super::replicas::{is_alone, look_at_rollouts};
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "rollout-no-surge",
    class: Class::Rule,
    levels: Levels::of(Severity::Warning, Severity::Error),
    source: include_str!("rollout_no_surge.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    look_at_rollouts(context, &mut |index, object, strategy, rollout| {
        let mut alone = false;
        look_at_template(object, &mut |template| alone = is_alone(template));
        if rollout.replicas < 1 || rollout.left() > 0 || alone {
            return;
        }
        let all =
            if rollout.replicas == 1 { "its only Pod".to_owned() } else { format!("all {} Pods", rollout.replicas) };
        let title = format!("an update of Deployment `{}` takes {all} away before a new one is ready", object.name());
        let yaml = "write `maxSurge: 1` and `maxUnavailable: 0` below `strategy.rollingUpdate`";
        let help = help(context, object, "strategy = { surge = 1, unavailable = 0 }", yaml);
        let most = if rollout.surge == 0 { Severity::Error } else { Severity::Warning };
        findings.add_milder(most, index, &strategy.key("rollingUpdate"), (title, help));
    });
}
