//! Where the order of a list counts, and where Kubernetes does not look at it.

use crate::bundle::{Field, Slot};
use std::collections::BTreeMap;

/// What the order of a list means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing.
    None,
    /// `$(VAR)` knows the variables that stand before it.
    Variables,
    /// Something: items run or win in their order.
    Order,
}

/// What the order of a list means whose items are told apart by keys.
/// <https://kubernetes.io/docs/concepts/workloads/pods/init-containers/>
pub fn of_keyed(slot: Slot) -> Meaning {
    match slot.field() {
        Some(("core.v1.PodSpec", "initContainers")) => Meaning::Order,
        Some((_, "env")) => Meaning::Variables,
        _ => Meaning::None,
    }
}

/// Whether the order of a list means nothing that server-side apply replaces as a whole.
pub fn is_free(slot: Slot) -> bool {
    slot.field().is_some_and(|field| FREE.binary_search(&field).is_ok())
}

/// Lists that are sets to their readers, though server-side apply calls them atomic. Source: the descriptions of the
/// fields in the Kubernetes 1.37 API reference. In the order of the alphabet.
#[rustfmt::skip]
const FREE: &[(&str, &str)] = &[
    ("autoscaling.v2.HPAScalingRules", "policies"),
    ("autoscaling.v2.HorizontalPodAutoscalerSpec", "metrics"),
    ("core.v1.Capabilities", "add"),
    ("core.v1.Capabilities", "drop"),
    ("core.v1.ConfigMapProjection", "items"),
    ("core.v1.ConfigMapVolumeSource", "items"),
    ("core.v1.Container", "resizePolicy"),
    ("core.v1.DownwardAPIProjection", "items"),
    ("core.v1.DownwardAPIVolumeSource", "items"),
    ("core.v1.HostAlias", "hostnames"),
    ("core.v1.NamespaceSpec", "finalizers"),
    ("core.v1.NodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution"),
    ("core.v1.NodeSelector", "nodeSelectorTerms"),
    ("core.v1.NodeSelectorRequirement", "values"),
    ("core.v1.NodeSelectorTerm", "matchExpressions"),
    ("core.v1.NodeSelectorTerm", "matchFields"),
    ("core.v1.PersistentVolumeClaimSpec", "accessModes"),
    ("core.v1.PersistentVolumeSpec", "accessModes"),
    ("core.v1.PodAffinity", "preferredDuringSchedulingIgnoredDuringExecution"),
    ("core.v1.PodAffinity", "requiredDuringSchedulingIgnoredDuringExecution"),
    ("core.v1.PodAffinityTerm", "namespaces"),
    ("core.v1.PodAntiAffinity", "preferredDuringSchedulingIgnoredDuringExecution"),
    ("core.v1.PodAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"),
    ("core.v1.PodSecurityContext", "supplementalGroups"),
    ("core.v1.PodSecurityContext", "sysctls"),
    ("core.v1.PodSpec", "readinessGates"),
    ("core.v1.PodSpec", "tolerations"),
    ("core.v1.ResourceQuotaSpec", "scopes"),
    ("core.v1.SecretProjection", "items"),
    ("core.v1.SecretVolumeSource", "items"),
    ("core.v1.ServiceAccount", "imagePullSecrets"),
    ("core.v1.ServiceSpec", "externalIPs"),
    ("core.v1.ServiceSpec", "loadBalancerSourceRanges"),
    ("core.v1.TopologySelectorLabelRequirement", "values"),
    ("meta.v1.LabelSelector", "matchExpressions"),
    ("meta.v1.LabelSelectorRequirement", "values"),
    ("networking.v1.HTTPIngressRuleValue", "paths"),
    ("networking.v1.IPBlock", "except"),
    ("networking.v1.IngressSpec", "tls"),
    ("networking.v1.IngressTLS", "hosts"),
    ("networking.v1.NetworkPolicyEgressRule", "ports"),
    ("networking.v1.NetworkPolicyEgressRule", "to"),
    ("networking.v1.NetworkPolicyIngressRule", "from"),
    ("networking.v1.NetworkPolicyIngressRule", "ports"),
    ("networking.v1.NetworkPolicySpec", "egress"),
    ("networking.v1.NetworkPolicySpec", "ingress"),
    ("networking.v1.NetworkPolicySpec", "policyTypes"),
    ("rbac.v1.AggregationRule", "clusterRoleSelectors"),
    ("rbac.v1.ClusterRole", "rules"),
    ("rbac.v1.ClusterRoleBinding", "subjects"),
    ("rbac.v1.PolicyRule", "apiGroups"),
    ("rbac.v1.PolicyRule", "nonResourceURLs"),
    ("rbac.v1.PolicyRule", "resourceNames"),
    ("rbac.v1.PolicyRule", "resources"),
    ("rbac.v1.PolicyRule", "verbs"),
    ("rbac.v1.Role", "rules"),
    ("rbac.v1.RoleBinding", "subjects"),
    ("storage.v1.StorageClass", "allowedTopologies"),
];

/// Whether the order of variables, which differs, may give one of them another value. Both lists are looked at alike, so
/// the answer is the same from both sides.
pub fn changes_variables(before: &[Field], after: &[Field]) -> bool {
    let (first, second) = (places(before), places(after));
    let stands_alone = |name: &str| !(first.contains_key(name) && second.contains_key(name));
    before.iter().chain(after).any(|variable| {
        let Some(name) = variable.get("name").and_then(Field::as_str) else { return false };
        let text = variable.get("value").and_then(Field::as_str).unwrap_or_default();
        references(text).any(|other| {
            let is_known = first.contains_key(other) || second.contains_key(other);
            let is_behind = |places: &BTreeMap<&str, usize>| places.get(other) < places.get(name);
            is_known && (stands_alone(name) || stands_alone(other) || is_behind(&first) != is_behind(&second))
        })
    })
}

fn places(variables: &[Field]) -> BTreeMap<&str, usize> {
    let names = variables.iter().map(|variable| variable.get("name").and_then(Field::as_str).unwrap_or_default());
    names.enumerate().map(|(place, name)| (name, place)).collect()
}

/// The names in `$(NAME)`; `$$(NAME)` is none.
fn references(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let at = rest.find('$')?;
            let behind = &rest[at + 1..];
            if let Some(behind) = behind.strip_prefix('$') {
                rest = behind;
            } else if let Some((name, behind)) = behind.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
                rest = behind;
                return Some(name);
            } else {
                rest = behind;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_searched() {
        assert!(FREE.is_sorted() && FREE.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn every_list_of_the_table_is_a_list_of_kubernetes() {
        use crate::bundle::schema::{ServedKind, Value};
        use std::collections::BTreeSet;
        let mut known = BTreeSet::new();
        let mut types: Vec<_> = ServedKind::all().map(ServedKind::type_id).collect();
        let mut seen: BTreeSet<_> = types.iter().copied().collect();
        while let Some(owner) = types.pop() {
            for row in owner.fields() {
                if matches!(row.value(), Value::List(_)) {
                    known.insert((owner.name(), row.name()));
                }
                types.extend(row.value().item().1.type_id().filter(|id| seen.insert(*id)));
            }
        }
        for field in FREE {
            assert!(known.contains(field), "{field:?}");
        }
    }

    #[test]
    fn references_are_found_as_the_kubelet_does() {
        let found = |text| references(text).collect::<Vec<_>>();
        assert_eq!(found("postgres://$(USER):$(PASSWORD)@db"), ["USER", "PASSWORD"]);
        assert_eq!(found("$$(USER) $(A"), [""; 0]);
        assert_eq!(found("$x $$$(B)"), ["B"]);
    }
}
