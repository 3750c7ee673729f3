//! What the API server refuses: the strict reading of every object, and one walk for each kind, which emits the ids of the rules
//! that an object breaks.
//!
//! The rules are those of the server's own validation, by their ids; a field that the server does not look at is not looked at
//! here either.

mod form;
mod strict;
mod served;
pub mod labels;
pub mod metadata;
mod config_map;
mod namespace;
mod service_account;
mod secret;
pub mod persistent_volume_claim;
pub mod node_selector;
mod resource_name;
pub mod pod;
pub mod workload;
pub mod persistent_volume;
mod storage_class;
mod priority_class;
mod limit_range;
mod resource_quota;
pub mod endpoints;
mod endpoint_slice;
pub mod service;
mod ingress;
mod ingress_class;
mod network_policy;
mod horizontal_pod_autoscaler;
mod pod_disruption_budget;
mod rbac;
pub mod custom;
mod webhook;
mod custom_resource_definition;
mod flow_control;
mod csi;
mod named;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

use super::{At, Checker, Finding, Reason, Rule, Target, Verdict, pod_security};
use crate::bundle::Object;
use crate::value::KubernetesVersion;
pub use custom::Definitions;
pub use secret::decode;

/// The walk over an object of a kind.
type Walk = fn(&At, &mut Checker);

const NETWORKING: &str = "networking.k8s.io";
const ADMISSION: &str = "admissionregistration.k8s.io";
const FLOW_CONTROL: &str = "flowcontrol.apiserver.k8s.io";
const RESOURCE: &str = "resource.k8s.io";
const STORAGE: &str = "storage.k8s.io";
const RBAC: &str = "rbac.authorization.k8s.io";

/// The walks by API group and kind. Of one kind, all versions of its API are walked alike.
const WALKS: &[(&str, &str, Walk)] = &[
    ("", "ConfigMap", config_map::config_map),
    ("", "Pod", pod::pod),
    ("", "PodTemplate", pod::pod_template_object),
    ("apps", "Deployment", workload::deployment::deployment),
    ("apps", "ReplicaSet", workload::replica_set::replica_set),
    ("", "ReplicationController", workload::replication_controller::replication_controller),
    ("apps", "DaemonSet", workload::daemon_set::daemon_set),
    ("apps", "StatefulSet", workload::stateful_set::stateful_set),
    ("batch", "Job", workload::job::job),
    ("batch", "CronJob", workload::cron_job::cron_job),
    ("", "Service", service::service),
    ("", "Secret", secret::secret),
    ("", "ServiceAccount", service_account::service_account),
    ("", "Namespace", namespace::namespace),
    ("", "PersistentVolumeClaim", persistent_volume_claim::persistent_volume_claim),
    ("", "PersistentVolume", persistent_volume::persistent_volume),
    ("storage.k8s.io", "StorageClass", storage_class::storage_class),
    ("scheduling.k8s.io", "PriorityClass", priority_class::priority_class),
    ("", "LimitRange", limit_range::limit_range),
    ("", "ResourceQuota", resource_quota::resource_quota),
    ("", "Endpoints", endpoints::endpoints),
    ("discovery.k8s.io", "EndpointSlice", endpoint_slice::endpoint_slice),
    (NETWORKING, "Ingress", ingress::ingress),
    (NETWORKING, "IngressClass", ingress_class::ingress_class),
    (NETWORKING, "NetworkPolicy", network_policy::network_policy),
    ("autoscaling", "HorizontalPodAutoscaler", horizontal_pod_autoscaler::horizontal_pod_autoscaler),
    ("policy", "PodDisruptionBudget", pod_disruption_budget::pod_disruption_budget),
    (RBAC, "Role", rbac::role),
    (RBAC, "RoleBinding", rbac::role_binding),
    (RBAC, "ClusterRole", rbac::cluster_role),
    (RBAC, "ClusterRoleBinding", rbac::cluster_role_binding),
    ("apiextensions.k8s.io", "CustomResourceDefinition", custom_resource_definition::custom_resource_definition),
    (ADMISSION, "ValidatingWebhookConfiguration", webhook::validating_webhook_configuration),
    (ADMISSION, "MutatingWebhookConfiguration", webhook::mutating_webhook_configuration),
    (ADMISSION, "ValidatingAdmissionPolicy", named::generic_subdomain),
    (ADMISSION, "ValidatingAdmissionPolicyBinding", named::generic_subdomain),
    (ADMISSION, "MutatingAdmissionPolicy", named::generic_subdomain),
    (ADMISSION, "MutatingAdmissionPolicyBinding", named::generic_subdomain),
    (FLOW_CONTROL, "PriorityLevelConfiguration", flow_control::priority_level_configuration),
    (FLOW_CONTROL, "FlowSchema", flow_control::flow_schema),
    (STORAGE, "CSIDriver", csi::csi_driver),
    (STORAGE, "CSINode", csi::csi_node),
    (STORAGE, "CSIStorageCapacity", csi::csi_storage_capacity),
    (STORAGE, "VolumeAttachment", csi::volume_attachment),
    (STORAGE, "VolumeAttributesClass", csi::volume_attributes_class),
    (NETWORKING, "IPAddress", named::ip_address),
    (NETWORKING, "ServiceCIDR", named::service_cidr),
    (RESOURCE, "DeviceClass", named::subdomain),
    (RESOURCE, "ResourceClaim", named::subdomain),
    (RESOURCE, "ResourceClaimTemplate", named::subdomain),
    (RESOURCE, "ResourceSlice", named::subdomain),
    ("coordination.k8s.io", "Lease", named::lease),
    ("apps", "ControllerRevision", named::controller_revision),
    ("node.k8s.io", "RuntimeClass", named::runtime_class),
    ("apiregistration.k8s.io", "APIService", named::api_service),
    ("certificates.k8s.io", "CertificateSigningRequest", named::segment),
    ("", "Node", named::subdomain),
];

/// The rules of every module, for the page that lists them.
pub const RULES: &[&[&Rule]] = &[
    metadata::RULES,
    labels::RULES,
    config_map::RULES,
    pod::RULES,
    pod::container::RULES,
    pod::restart::RULES,
    pod::ports::RULES,
    pod::env::RULES,
    pod::downward::RULES,
    pod::mounts::RULES,
    pod::volumes::RULES,
    pod::volumes::source::RULES,
    pod::volumes::projection::RULES,
    pod::volumes::driver::RULES,
    pod::resources::RULES,
    pod::pod_resources::RULES,
    pod::claims::RULES,
    pod::probes::RULES,
    pod::profile::RULES,
    pod::windows::RULES,
    pod::security::RULES,
    pod::affinity::RULES,
    pod::scheduling::RULES,
    pod::spec::RULES,
    workload::deployment::RULES,
    workload::replica_set::RULES,
    workload::replication_controller::RULES,
    workload::daemon_set::RULES,
    workload::stateful_set::RULES,
    workload::job::RULES,
    workload::job::specification::RULES,
    workload::job::failure_policy::RULES,
    workload::job::success_policy::RULES,
    workload::cron_job::RULES,
    namespace::RULES,
    secret::RULES,
    persistent_volume_claim::RULES,
    node_selector::RULES,
    persistent_volume::RULES,
    persistent_volume::source::RULES,
    storage_class::RULES,
    priority_class::RULES,
    limit_range::RULES,
    resource_quota::RULES,
    endpoints::RULES,
    endpoint_slice::RULES,
    service::RULES,
    service::ports::RULES,
    service::node_ports::RULES,
    service::addresses::RULES,
    service::traffic::RULES,
    ingress::RULES,
    ingress_class::RULES,
    network_policy::RULES,
    horizontal_pod_autoscaler::RULES,
    horizontal_pod_autoscaler::metric::RULES,
    horizontal_pod_autoscaler::behavior::RULES,
    pod_disruption_budget::RULES,
    rbac::RULES,
    webhook::RULES,
    custom_resource_definition::RULES,
    custom_resource_definition::schema::RULES,
    flow_control::RULES,
    csi::RULES,
    named::RULES,
    custom::RULES,
    custom::instance::RULES,
    custom::gateway::RULES,
    custom::http_filter::RULES,
    custom::http_route::RULES,
    custom::postgres_cluster::RULES,
    pod_security::RULES,
];

/// What servers of these versions would refuse of one object; `index` is its place in the bundle.
pub fn check(object: &Object, index: usize, target: Target, definitions: &Definitions) -> Vec<Finding> {
    let mut findings = Vec::new();
    match served::find(object, index, target, &mut findings) {
        Some(kind) => strict::read(object, index, kind, target, &mut findings),
        None if findings.is_empty() => {}
        None => return findings,
    }
    let mut broken = check_with(index, object, target.oldest, definitions);
    if target.newest != target.oldest {
        broken.extend(check_with(index, object, target.newest, definitions));
    }
    // What cannot be read is told once.
    broken.retain(|finding| {
        let is_near = |field: &str| {
            field == finding.field || field.rsplit_once('.').is_some_and(|(around, _)| around == finding.field)
        };
        let misread =
            |reading: &Finding| reading.verdict == Verdict::Refused(Reason::BadRequest) && is_near(&reading.field);
        !findings.iter().any(misread)
    });
    // Where a kind has rules, these say what may be missing, each for the versions that ask for it.
    let has_rules = walk(object).is_some();
    findings.retain(|reading| reading.verdict != Verdict::Refused(Reason::Required) || !has_rules);
    // What is missing because its name is misspelt is told at that name.
    broken.retain(|finding| {
        finding.verdict != Verdict::Refused(Reason::Required) || !findings.iter().any(|other| misspells(other, finding))
    });
    for finding in broken {
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
    findings
}

/// Whether an unknown field beside a missing one is taken for it.
fn misspells(unknown: &Finding, missing: &Finding) -> bool {
    let owner = |finding: &Finding| finding.field.rsplit_once('.').map(|(owner, _)| owner.to_owned());
    let name = missing.field.rsplit('.').next().unwrap_or_default();
    unknown.rule == "DEC-010" && owner(unknown) == owner(missing) && unknown.help == format!("did you mean `{name}`?")
}

/// What a server of this version would refuse of one object that it could read; `index` is its place in the bundle. Of custom
/// kinds only those are known that are built in.
pub fn check_object(index: usize, object: &Object, kubernetes: KubernetesVersion) -> Vec<Finding> {
    check_with(index, object, kubernetes, &Definitions::default())
}

fn check_with(index: usize, object: &Object, kubernetes: KubernetesVersion, definitions: &Definitions) -> Vec<Finding> {
    let mut checker = Checker::new(index, kubernetes);
    let at = At::root(&object.root);
    match walk(object) {
        Some(walk) => walk(&at, &mut checker),
        None => definitions.check(&at, &mut checker),
    }
    checker.into_findings()
}

/// The walk over objects of this kind.
fn walk(object: &Object) -> Option<Walk> {
    let row = object.kind.row();
    WALKS.iter().find(|(group, kind, _)| (*group, *kind) == (row.group, row.kind)).map(|(.., walk)| *walk)
}
