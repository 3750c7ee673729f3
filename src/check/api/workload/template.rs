//! The template from which a workload makes its Pods.

use crate::check::{At, Checker, Reason, Rule};

/// Asks of a template whose Pods run for ever that they are always restarted, and have no deadline. A restart policy that no
/// Pod has is the template's own mistake.
pub fn lasting(template: &At, restart: &Rule, deadline: &Rule, checker: &mut Checker) {
    let spec = template.key("spec");
    let policy = spec.key("restartPolicy");
    if matches!(policy.text(), "OnFailure" | "Never") {
        let title = format!("{} is no restart policy for Pods that run for ever", policy.value());
        let help = "write `restartPolicy: Always`, or a Job for Pods that end";
        checker.refuse(&policy, restart, Reason::NotSupported, title, help);
    }
    checker.forbid(&spec.key("activeDeadlineSeconds"), deadline, "for Pods that run for ever");
}
