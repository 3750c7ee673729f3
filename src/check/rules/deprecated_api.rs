//! Objects are written in the stable version of their API.
//!
//! A beta version of an API is served for a while after the stable one came, and then it is gone: the next upgrade of the cluster
//! refuses the manifest. The versions that are gone already a server refuses, and so do we.
//!
//! ```yaml fail
//! apiVersion: networking.k8s.io/v1beta1
//! kind: ServiceCIDR
//! metadata: {name: more}
//! spec: {cidrs: [10.96.0.0/24]}
//! ```
//!
//! ```yaml pass
//! apiVersion: networking.k8s.io/v1
//! kind: ServiceCIDR
//! metadata: {name: more}
//! spec: {cidrs: [10.96.0.0/24]}
//! ```
//!
//! Write the version that the message names, and look through the fields that changed: what the new version does not know is then told as an
//! unknown field.

use super::{Context, Findings, Levels, LintRule};
use crate::bundle::schema::ServedKind;
use crate::check::place::At;
use crate::check::target::Target;
use crate::diagnostic::{Class, Severity};
use crate::value::KubernetesVersion;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "deprecated-api",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("deprecated_api.rs"),
    check,
};

/// The version that deprecates Endpoints; EndpointSlices took their place.
/// <https://kubernetes.io/blog/2025/04/24/endpoints-deprecation/>
const WITHOUT_ENDPOINTS: KubernetesVersion = KubernetesVersion { minor: 33 };

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        let root = At::root(&object.root);
        let (api_version, kind) = (object.api_version(), object.kind_name());
        if (api_version, kind) == ("v1", "Endpoints") && context.target.oldest >= WITHOUT_ENDPOINTS {
            let title = format!("Endpoints are deprecated since Kubernetes {WITHOUT_ENDPOINTS}");
            findings.add(index, &root.key("kind"), title, "write an EndpointSlice of `discovery.k8s.io/v1`");
        } else if api_version.contains("beta") || api_version.contains("alpha") {
            check_version(context, index, &root, findings);
        }
    }
}

fn check_version(context: &Context, index: usize, root: &At, findings: &mut Findings) {
    let object = &context.bundle.objects[index];
    let Some((group, version)) = object.api_version().split_once('/') else { return };
    let Some(found) = ServedKind::find(group, version, object.kind_name()) else { return };
    let is_stable = |kind: &ServedKind| !kind.version().contains("beta") && !kind.version().contains("alpha");
    let is_served = |kind: &ServedKind| serves(context.target, *kind);
    let Some(stable) = found.versions().filter(is_served).find(is_stable).filter(|_| is_served(&found)) else { return };
    let end = if found.last() < KubernetesVersion::NEWEST {
        format!("is gone after Kubernetes {}", found.last())
    } else {
        "will be gone some day".to_owned()
    };
    let title =
        format!("`{}` {} {end}; `{}` is there too", object.api_version(), object.kind_name(), stable.api_version());
    findings.add(index, &root.key("apiVersion"), title, format!("write `apiVersion: {}`", stable.api_version()));
}

fn serves(target: Target, kind: ServedKind) -> bool {
    kind.is_in(target.oldest) && kind.is_in(target.newest)
}
