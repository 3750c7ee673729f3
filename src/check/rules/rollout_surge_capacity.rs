//! An update does not need the cluster twice.
//!
//! With a surge of 100% all new Pods are started beside the old ones. The nodes need room for both, or an autoscaler adds nodes for some
//! minutes; where there is none, the new Pods wait, and the update with them.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! replicas = 10
//! strategy = { surge = "100%", unavailable = 0 }
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
//! strategy = { surge = "25%", unavailable = 0 }
//! ```
//!
//! Where the room is there, and the update shall be quick: `allow = { rollout-surge-capacity = "REASON" }`.

use super::origin::help_in;
use super::pods::{ContainerRole, look_at_containers};
use super::replicas::look_at_rollouts;
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::Object;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "rollout-surge-capacity",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Info),
    source: include_str!("rollout_surge_capacity.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    look_at_rollouts(context, &mut |index, object, strategy, rollout| {
        let rolling = strategy.key("rollingUpdate");
        let surge = rolling.key("maxSurge");
        if !surge.is_set() || rollout.replicas < 2 || rollout.surge < rollout.replicas {
            return;
        }
        let title = format!(
            "an update of Deployment `{}` starts {} Pods beside {}{}",
            object.name(),
            rollout.surge,
            rollout.replicas,
            needs(object, rollout.surge)
        );
        let yaml = "write `maxSurge: 25%`";
        findings.add(index, &surge, title, help_in(context, object, "strategy", "surge = \"25%\"", yaml));
    });
}

/// What so many more Pods ask for, as far as it is known.
fn needs(object: &Object, pods: i64) -> String {
    let mut sums = [0_i128; 2];
    look_at_containers(object, &mut |container, role| {
        let resources = container.key("resources");
        let requests = resources.key("requests");
        if role != ContainerRole::Init {
            for (sum, name) in sums.iter_mut().zip(["cpu", "memory"]) {
                *sum = sum.saturating_add(requests.key(name).thousandths().unwrap_or_default());
            }
        }
    });
    let [cpu, memory] = sums.map(|sum| sum.saturating_mul(i128::from(pods)));
    if cpu == 0 || memory == 0 {
        return String::new();
    }
    format!(", which ask for {cpu}m cpu and {}Mi of memory more", memory / 1000 / (1024 * 1024))
}
