//! The names of resources that containers ask for and that LimitRanges and ResourceQuotas count.

use crate::check::format::{Format, QUALIFIED_NAME};
use crate::value::nearest;

/// Resource that a LimitRange may limit.
pub const RESOURCE: Format = Format { what: "the name of a resource", example: "memory", check: resource };
/// Resource that a LimitRange may limit for Pods and containers.
pub const CONTAINER_RESOURCE: Format =
    Format { what: "the name of a resource of containers", example: "memory", check: container_resource };
/// Resource that a ResourceQuota may limit.
pub const QUOTA_RESOURCE: Format =
    Format { what: "the name of a resource of quotas", example: "requests.memory", check: quota_resource };

/// The resources of containers.
const COMPUTE: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

/// What quotas know besides.
const REQUESTS: [&str; 7] = [
    "requests.cpu",
    "requests.memory",
    "requests.storage",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
];

/// Objects that quotas count.
const COUNTS: [&str; 9] = [
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "services.nodeports",
    "services.loadbalancers",
];

/// Whether a quota knows a resource without a domain.
pub fn is_standard_in_quotas(name: &str) -> bool {
    let huge = name.starts_with("hugepages-") || name.starts_with("requests.hugepages-");
    huge || COMPUTE.contains(&name) || REQUESTS.contains(&name) || COUNTS.contains(&name)
}

/// The resource that a quota knows by a name like this one.
pub fn nearest_in_quotas(name: &str) -> Option<&'static str> {
    nearest(name, COMPUTE.into_iter().chain(REQUESTS).chain(COUNTS))
}

/// Whether a resource is counted in whole numbers.
pub fn is_counted(name: &str) -> bool {
    COUNTS.contains(&name) || is_extended(name)
}

/// Whether more of a resource may be promised than there is.
pub fn allows_overcommit(name: &str) -> bool {
    is_native(name) && !name.starts_with("hugepages-")
}

/// Whether a resource is one of a device plugin.
pub fn is_extended(name: &str) -> bool {
    let fits = |name: &str| name.find('/').is_some_and(|domain| domain + "requests.".len() <= 253);
    // A quota writes `requests.` before it.
    !is_native(name) && !name.starts_with("requests.") && fits(name) && QUALIFIED_NAME.accepts(name)
}

/// Whether a resource is one of Kubernetes itself.
pub fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

fn resource(name: &str) -> Result<(), &'static str> {
    (QUALIFIED_NAME.check)(name)?;
    if name.contains('/') || name == "storage" || is_standard_in_quotas(name) {
        Ok(())
    } else {
        Err("is unknown and has no domain")
    }
}

fn container_resource(name: &str) -> Result<(), &'static str> {
    resource(name)?;
    let has_domain = name.contains('/');
    if !has_domain && !COMPUTE.contains(&name) && !name.starts_with("hugepages-") {
        Err("is none of `cpu`, `memory`, `ephemeral-storage` and `hugepages-SIZE`")
    } else if has_domain && !is_native(name) && !is_extended(name) {
        Err("is too long, or begins with `requests.`")
    } else {
        Ok(())
    }
}

fn quota_resource(name: &str) -> Result<(), &'static str> {
    (QUALIFIED_NAME.check)(name)?;
    if name.contains('/') || is_standard_in_quotas(name) { Ok(()) } else { Err("is unknown and has no domain") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_limit_knows_its_resources() {
        for (name, resources, of_containers, of_quotas) in [
            ("cpu", true, true, true),
            ("storage", true, false, false),
            ("requests.storage", true, false, true),
            ("pods", true, false, true),
            ("hugepages-2Mi", true, true, true),
            ("requests.hugepages-2Mi", true, false, true),
            ("nvidia.com/gpu", true, true, true),
            ("kubernetes.io/batch", true, true, true),
            ("requests.nvidia.com/gpu", true, false, true),
            ("count/deployments.apps", true, true, true),
            ("nonsense", false, false, false),
            ("a b", false, false, false),
            ("", false, false, false),
        ] {
            assert_eq!(RESOURCE.accepts(name), resources, "{name}");
            assert_eq!(CONTAINER_RESOURCE.accepts(name), of_containers, "{name}");
            assert_eq!(QUOTA_RESOURCE.accepts(name), of_quotas, "{name}");
        }
        assert!(is_counted("nvidia.com/gpu") && !is_counted("requests.nvidia.com/gpu") && !is_counted("cpu"));
        assert!(
            allows_overcommit("cpu") && !allows_overcommit("nvidia.com/gpu") && !allows_overcommit("hugepages-2Mi")
        );
    }
}
