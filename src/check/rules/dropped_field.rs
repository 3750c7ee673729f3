//! What is written is kept by the cluster.
//!
//! A field of a feature that is off in the version of the cluster is known to the API server: it takes the object without a word
//! and keeps it without the field. The Pod then runs on the host's users, without its device, or under another name than was asked
//! for. Which servers do that was asked of them (`tests/agreement/dropped.txt`); the gates of a cluster may still be set otherwise.
//!
//! ```yaml fail
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: api}
//! spec:
//!   hostnameOverride: api-0
//!   containers: [{name: api, image: "example/api:1.4.0"}]
//! ```
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [worker.mails]
//! image = "example/mails:1.4.0"
//!
//! [patch.stop]
//! on = "Deployment/mails"
//! set = { spec.template.spec.containers = [{ name = "mails", lifecycle.stopSignal = "SIGQUIT" }] }
//! ```
//!
//! ```yaml pass
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: api}
//! spec:
//!   hostname: api-0
//!   hostUsers: false
//!   containers: [{name: api, image: "example/api:1.4.0"}]
//! ```
//!
//! Remove the field, or say the version that the cluster has: `cluster.kubernetes`, or `--kubernetes` for YAML. Where the feature is
//! turned on in the cluster: `allow = { dropped-field = "REASON" }`.

use super::typed::look_at_fields;
use super::{Context, Findings, Levels, LintRule};
use crate::check::finding::Part;
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};
use crate::value::KubernetesVersion;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "dropped-field",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("dropped_field.rs"),
    check,
};

/// The newest version of which it is known what it drops; a field that is off there has no version that keeps it.
const NEWEST: u8 = KubernetesVersion::NEWEST.minor;

/// Fields, the types that have them, and the last version that drops them, by the names of the fields. Each is dropped from its
/// first version on, as the definitions have it.
///
/// Source: `tests/agreement/dropped.txt` for 1.29, 1.31, 1.34 and 1.37; for the versions between them the tables of feature gates of
/// <https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/>.
const DROPPED: &[(&str, &str, u8)] = &[
    ("bindMountOptions", "core.v1.VolumeMount", NEWEST),
    ("claims", "core.v1.ResourceRequirements", 33),
    ("clusterTrustBundle", "core.v1.VolumeProjection", 36),
    ("defaultUser", "core.v1.ConfigMapVolumeSource", NEWEST),
    ("defaultUser", "core.v1.DownwardAPIVolumeSource", NEWEST),
    ("defaultUser", "core.v1.ProjectedVolumeSource", NEWEST),
    ("defaultUser", "core.v1.SecretVolumeSource", NEWEST),
    ("evictionResponders", "core.v1.PodSpec", NEWEST),
    ("hostUsers", "core.v1.PodSpec", 32),
    ("hostnameOverride", "core.v1.PodSpec", 34),
    ("image", "core.v1.Volume", 34),
    ("managedBy", "batch.v1.JobSpec", 31),
    ("matchLabelKeys", "core.v1.PodAffinityTerm", 30),
    ("maxUnavailable", "apps.v1.RollingUpdateStatefulSetStrategy", 36),
    ("mismatchLabelKeys", "core.v1.PodAffinityTerm", 30),
    ("mode", "core.v1.EmptyDirVolumeSource", NEWEST),
    ("mode", "core.v1.GRPCAction", NEWEST),
    ("nodeAllocatableUpdatePeriodSeconds", "storage.v1.CSIDriverSpec", 34),
    ("podCertificate", "core.v1.VolumeProjection", 36),
    ("podPreemptionPolicy", "core.v1.NodeSpec", NEWEST),
    ("preferredHolder", "coordination.v1.LeaseSpec", NEWEST),
    ("procMount", "core.v1.SecurityContext", 32),
    ("protocol", "core.v1.HTTPGetAction", NEWEST),
    ("recursiveReadOnly", "core.v1.VolumeMount", 30),
    ("resizePolicy", "core.v1.Container", 32),
    ("resourceClaims", "core.v1.PodSpec", 33),
    ("resources", "core.v1.PodSpec", 33),
    ("restartPolicy", "core.v1.Container", 34),
    ("restartPolicyRules", "core.v1.Container", 34),
    ("scheduling", "batch.v1.JobSpec", NEWEST),
    ("schedulingGroup", "core.v1.PodSpec", NEWEST),
    ("seLinuxChangePolicy", "core.v1.PodSecurityContext", 32),
    ("stopSignal", "core.v1.Lifecycle", NEWEST),
    ("strategy", "coordination.v1.LeaseSpec", NEWEST),
    ("successPolicy", "batch.v1.JobSpec", 30),
    ("supplementalGroupsPolicy", "core.v1.PodSecurityContext", 32),
    ("tolerance", "autoscaling.v2.HPAScalingRules", 34),
    ("trafficDistribution", "core.v1.ServiceSpec", 30),
    ("user", "core.v1.ClusterTrustBundleProjection", NEWEST),
    ("user", "core.v1.DownwardAPIVolumeFile", NEWEST),
    ("user", "core.v1.KeyToPath", NEWEST),
    ("user", "core.v1.ServiceAccountTokenProjection", NEWEST),
    ("volumeAttributesClassName", "core.v1.PersistentVolumeClaimSpec", 33),
    ("volumeAttributesClassName", "core.v1.PersistentVolumeSpec", 33),
];

/// The last version that drops a field of a type such as `core.v1.PodSpec`, as the features are by default; `None` where all keep it.
pub fn last_to_drop(owner: &str, field: &str) -> Option<KubernetesVersion> {
    let first = DROPPED.partition_point(|(name, ..)| *name < field);
    let rows = DROPPED[first..].iter().take_while(|(name, ..)| *name == field);
    rows.filter(|(_, of, _)| *of == owner).map(|(.., minor)| KubernetesVersion { minor: *minor }).next()
}

fn check(context: &Context, findings: &mut Findings) {
    let oldest = context.target.oldest;
    for (index, object) in context.objects() {
        look_at_fields(object, oldest, &mut |at, owner, row| {
            let Some(last) = last_to_drop(owner.name(), row.name()) else { return };
            if oldest <= last && !at.is_empty() && !is_kept_anyway(row.name(), at, oldest) {
                tell(index, at, row.name(), last, context, findings);
            }
        });
    }
}

/// Whether it is one of the values that a server keeps all the same, or one that it refuses in words of its own.
fn is_kept_anyway(field: &str, at: &At, version: KubernetesVersion) -> bool {
    match field {
        "procMount" => at.is_text("Default"),
        // Until 1.33 `Always` makes a sidecar, and all else is refused.
        "restartPolicy" => version.minor < 34 || (at.is_text("Always") && at.to_string().contains("initContainers[")),
        _ => false,
    }
}

fn tell(object: usize, at: &At, field: &str, last: KubernetesVersion, context: &Context, findings: &mut Findings) {
    let version = context.target.oldest;
    let (until, help) = if last.minor >= NEWEST {
        (format!("in every version up to {last}"), "remove it; no cluster keeps it by default".to_owned())
    } else {
        let first = KubernetesVersion { minor: last.minor + 1 };
        (format!("before {first}"), format!("remove it, or {}", context.target.newer(first)))
    };
    let title = format!("Kubernetes {version} takes `{field}` and drops it: its feature is off {until}");
    findings.add(object, at, title, help).part = Part::Key;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(DROPPED.is_sorted_by(|a, b| a < b));
    }
}
