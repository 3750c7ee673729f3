//! A CronJob says how late a run may start.
//!
//! Without `startingDeadlineSeconds` a controller that was away for a while counts every time that it missed; beyond a hundred of them it
//! starts no run any more, and says so in an event that nobody reads.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [cronjob.report]
//! image = "ghcr.io/example/report:1.4.0"
//! schedule = "0 6 * * *"
//! unset = ["starting-deadline"]
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [cronjob.report]
//! image = "ghcr.io/example/report:1.4.0"
//! schedule = "0 6 * * *"
//! starting-deadline = "10m"
//! ```
//!
//! Write how late a run is still of use. In a stack it is five minutes unless it says otherwise. Not less than ten seconds: the
//! controller looks that often.

use super::origin::help;
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "missing-starting-deadline",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Info),
    source: include_str!("missing_starting_deadline.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects().filter(|(_, object)| object.kind_name() == "CronJob") {
        let root = At::root(&object.root);
        let spec = root.key("spec");
        let deadline = spec.key("startingDeadlineSeconds");
        if !deadline.is_set() {
            let title = format!("CronJob `{}` starts a missed run however late", object.name());
            let yaml = "write `startingDeadlineSeconds: 300` below `spec`";
            findings.add(index, &deadline, title, help(context, object, "starting-deadline = \"5m\"", yaml));
        }
    }
}
