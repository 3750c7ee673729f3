//! PriorityClass.

use super::metadata::metadata;
use crate::check::format::DNS_SUBDOMAIN;
use crate::check::{At, Checker, Part, Reason, api_rules};

api_rules! {
    /// Names that begin with `system-` are those of Kubernetes.
    PC_001 = "PC-001";
    /// The value of a class of one's own is at most 1,000,000,000.
    PC_002 = "PC-002";
    /// Preemption is `PreemptLowerPriority` or `Never`.
    PC_003 = "PC-003";
}

/// The most that a class of one's own may have.
const HIGHEST: i64 = 1_000_000_000;

/// The classes that Kubernetes makes, with their values.
const SYSTEM: [(&str, i64); 2] = [("system-node-critical", 2_000_001_000), ("system-cluster-critical", 2_000_000_000)];

/// A PriorityClass.
pub fn priority_class(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let metadata = object.key("metadata");
    let (name, value) = (metadata.key("name"), object.key("value"));
    let number = value.integer().unwrap_or_default();
    if name.text().starts_with("system-") {
        let is_known = SYSTEM.contains(&(name.text(), number)) && !object.key("globalDefault").is_true();
        if !is_known {
            let title = format!("{} is a name that Kubernetes keeps for itself", name.value());
            let help = "write a name that does not begin with `system-`";
            checker.refuse(&name, &PC_001, Reason::Forbidden, title, help).part = Part::Value;
        }
    } else if number > HIGHEST {
        let title = format!("the priority {number} is one that Kubernetes keeps for itself");
        let help = format!("write a number up to {HIGHEST}");
        checker.refuse(&value, &PC_002, Reason::Forbidden, title, help).part = Part::Value;
    }
    let policy = object.key("preemptionPolicy");
    if policy.is_set() && checker.require(&policy, &PC_003, "a policy of preemption") {
        checker.choose(&policy, &PC_003, &["PreemptLowerPriority", "Never"]);
    }
}
