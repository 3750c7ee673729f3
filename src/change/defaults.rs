//! What a server fills in where nothing is written, and what it writes of its own.
//!
//! Source: the defaulting functions of Kubernetes 1.29 to 1.37 (`pkg/apis/*/v*/defaults.go`), which differ in none of these.

/// A field of a type, and the value that it has where none is written.
#[rustfmt::skip]
pub const DEFAULTS: &[(&str, &str, &str)] = &[
    ("apps.v1.DaemonSetSpec", "revisionHistoryLimit", "10"),
    ("apps.v1.DaemonSetUpdateStrategy", "type", "RollingUpdate"),
    ("apps.v1.DeploymentSpec", "progressDeadlineSeconds", "600"),
    ("apps.v1.DeploymentSpec", "replicas", "1"),
    ("apps.v1.DeploymentSpec", "revisionHistoryLimit", "10"),
    ("apps.v1.DeploymentStrategy", "type", "RollingUpdate"),
    ("apps.v1.ReplicaSetSpec", "replicas", "1"),
    ("apps.v1.RollingUpdateDaemonSet", "maxSurge", "0"),
    ("apps.v1.RollingUpdateDaemonSet", "maxUnavailable", "1"),
    ("apps.v1.RollingUpdateDeployment", "maxSurge", "25%"),
    ("apps.v1.RollingUpdateDeployment", "maxUnavailable", "25%"),
    ("apps.v1.RollingUpdateStatefulSetStrategy", "maxUnavailable", "1"),
    ("apps.v1.RollingUpdateStatefulSetStrategy", "partition", "0"),
    ("apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy", "whenDeleted", "Retain"),
    ("apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy", "whenScaled", "Retain"),
    ("apps.v1.StatefulSetSpec", "podManagementPolicy", "OrderedReady"),
    ("apps.v1.StatefulSetSpec", "replicas", "1"),
    ("apps.v1.StatefulSetSpec", "revisionHistoryLimit", "10"),
    ("apps.v1.StatefulSetUpdateStrategy", "type", "RollingUpdate"),
    ("autoscaling.v2.HPAScalingRules", "selectPolicy", "Max"),
    ("autoscaling.v2.HPAScalingRules", "stabilizationWindowSeconds", "0"),
    ("autoscaling.v2.HorizontalPodAutoscalerSpec", "minReplicas", "1"),
    ("batch.v1.CronJobSpec", "concurrencyPolicy", "Allow"),
    ("batch.v1.CronJobSpec", "failedJobsHistoryLimit", "1"),
    ("batch.v1.CronJobSpec", "successfulJobsHistoryLimit", "3"),
    ("batch.v1.CronJobSpec", "suspend", "false"),
    ("batch.v1.JobSpec", "backoffLimit", "6"),
    ("batch.v1.JobSpec", "completionMode", "NonIndexed"),
    ("batch.v1.JobSpec", "completions", "1"),
    ("batch.v1.JobSpec", "manualSelector", "false"),
    ("batch.v1.JobSpec", "parallelism", "1"),
    ("batch.v1.JobSpec", "podReplacementPolicy", "TerminatingOrFailed"),
    ("batch.v1.JobSpec", "suspend", "false"),
    ("batch.v1.PodFailurePolicyOnPodConditionsPattern", "status", "True"),
    ("core.v1.ClientIPConfig", "timeoutSeconds", "10800"),
    ("core.v1.ConfigMapVolumeSource", "defaultMode", "420"),
    ("core.v1.Container", "terminationMessagePath", "/dev/termination-log"),
    ("core.v1.Container", "terminationMessagePolicy", "File"),
    ("core.v1.ContainerPort", "protocol", "TCP"),
    ("core.v1.DownwardAPIVolumeSource", "defaultMode", "420"),
    ("core.v1.EndpointPort", "protocol", "TCP"),
    ("core.v1.GRPCAction", "service", ""),
    ("core.v1.HTTPGetAction", "path", "/"),
    ("core.v1.HTTPGetAction", "scheme", "HTTP"),
    ("core.v1.HostPathVolumeSource", "type", ""),
    ("core.v1.ObjectFieldSelector", "apiVersion", "v1"),
    ("core.v1.PersistentVolumeClaim", "apiVersion", "v1"),
    ("core.v1.PersistentVolumeClaim", "kind", "PersistentVolumeClaim"),
    ("core.v1.PersistentVolumeClaimSpec", "volumeMode", "Filesystem"),
    ("core.v1.PersistentVolumeSpec", "persistentVolumeReclaimPolicy", "Retain"),
    ("core.v1.PersistentVolumeSpec", "volumeMode", "Filesystem"),
    ("core.v1.PodSpec", "dnsPolicy", "ClusterFirst"),
    ("core.v1.PodSpec", "enableServiceLinks", "true"),
    ("core.v1.PodSpec", "preemptionPolicy", "PreemptLowerPriority"),
    ("core.v1.PodSpec", "priority", "0"),
    ("core.v1.PodSpec", "restartPolicy", "Always"),
    ("core.v1.PodSpec", "schedulerName", "default-scheduler"),
    ("core.v1.PodSpec", "serviceAccount", "default"),
    ("core.v1.PodSpec", "serviceAccountName", "default"),
    ("core.v1.PodSpec", "terminationGracePeriodSeconds", "30"),
    ("core.v1.Probe", "failureThreshold", "3"),
    ("core.v1.Probe", "periodSeconds", "10"),
    ("core.v1.Probe", "successThreshold", "1"),
    ("core.v1.Probe", "timeoutSeconds", "1"),
    ("core.v1.ProjectedVolumeSource", "defaultMode", "420"),
    ("core.v1.ResourceFieldSelector", "divisor", "0"),
    ("core.v1.Secret", "type", "Opaque"),
    ("core.v1.SecretVolumeSource", "defaultMode", "420"),
    ("core.v1.ServiceAccountTokenProjection", "expirationSeconds", "3600"),
    ("core.v1.ServicePort", "protocol", "TCP"),
    ("core.v1.ServiceSpec", "allocateLoadBalancerNodePorts", "true"),
    ("core.v1.ServiceSpec", "externalTrafficPolicy", "Cluster"),
    ("core.v1.ServiceSpec", "internalTrafficPolicy", "Cluster"),
    ("core.v1.ServiceSpec", "sessionAffinity", "None"),
    ("core.v1.ServiceSpec", "type", "ClusterIP"),
    ("networking.v1.IngressClassParametersReference", "scope", "Cluster"),
    ("networking.v1.NetworkPolicyPort", "protocol", "TCP"),
    ("rbac.v1.RoleRef", "apiGroup", "rbac.authorization.k8s.io"),
    ("rbac.v1.Subject", "apiGroup", "rbac.authorization.k8s.io"),
    ("storage.v1.StorageClass", "reclaimPolicy", "Delete"),
    ("storage.v1.StorageClass", "volumeBindingMode", "Immediate"),
];

/// Fields that a server writes of its own, whatever their value.
#[rustfmt::skip]
pub const OWNED: &[(&str, &str)] = &[
    ("batch.v1.JobSpec", "selector"),
    ("core.v1.NamespaceSpec", "finalizers"),
    ("core.v1.PersistentVolumeClaimSpec", "dataSource"),
    ("core.v1.PersistentVolumeClaimSpec", "dataSourceRef"),
    ("core.v1.PersistentVolumeClaimSpec", "storageClassName"),
    ("core.v1.PersistentVolumeClaimSpec", "volumeName"),
    ("core.v1.PersistentVolumeSpec", "claimRef"),
    ("core.v1.PodSpec", "nodeName"),
    ("core.v1.ServiceAccount", "secrets"),
    ("core.v1.ServicePort", "nodePort"),
    ("core.v1.ServiceSpec", "clusterIPs"),
    ("core.v1.ServiceSpec", "healthCheckNodePort"),
    ("core.v1.ServiceSpec", "ipFamilies"),
    ("core.v1.ServiceSpec", "ipFamilyPolicy"),
    ("meta.v1.ObjectMeta", "creationTimestamp"),
    ("meta.v1.ObjectMeta", "deletionGracePeriodSeconds"),
    ("meta.v1.ObjectMeta", "deletionTimestamp"),
    ("meta.v1.ObjectMeta", "finalizers"),
    ("meta.v1.ObjectMeta", "generateName"),
    ("meta.v1.ObjectMeta", "generation"),
    ("meta.v1.ObjectMeta", "managedFields"),
    ("meta.v1.ObjectMeta", "namespace"),
    ("meta.v1.ObjectMeta", "ownerReferences"),
    ("meta.v1.ObjectMeta", "resourceVersion"),
    ("meta.v1.ObjectMeta", "selfLink"),
    ("meta.v1.ObjectMeta", "uid"),
    ("networking.v1.IngressSpec", "ingressClassName"),
];

/// Parts that a server fills in as a whole; they say nothing where all in them is a default.
#[rustfmt::skip]
pub const FILLED: &[(&str, &str)] = &[
    ("apps.v1.DaemonSetSpec", "updateStrategy"),
    ("apps.v1.DaemonSetUpdateStrategy", "rollingUpdate"),
    ("apps.v1.DeploymentSpec", "strategy"),
    ("apps.v1.DeploymentStrategy", "rollingUpdate"),
    ("apps.v1.StatefulSetSpec", "persistentVolumeClaimRetentionPolicy"),
    ("apps.v1.StatefulSetSpec", "updateStrategy"),
    ("apps.v1.StatefulSetUpdateStrategy", "rollingUpdate"),
    ("autoscaling.v2.HorizontalPodAutoscalerBehavior", "scaleDown"),
    ("autoscaling.v2.HorizontalPodAutoscalerBehavior", "scaleUp"),
    ("batch.v1.JobTemplateSpec", "metadata"),
    ("core.v1.Namespace", "spec"),
    ("core.v1.PodTemplateSpec", "metadata"),
    ("core.v1.ServiceSpec", "sessionAffinityConfig"),
    ("core.v1.SessionAffinityConfig", "clientIP"),
    ("core.v1.Volume", "emptyDir"),
];

/// The beginnings of annotations that kubectl and controllers write.
#[rustfmt::skip]
pub const ANNOTATIONS: &[&str] = &[
    "autoscaling.alpha.kubernetes.io/", "batch.kubernetes.io/", "cloud.google.com/neg", "control-plane.alpha.kubernetes.io/",
    "deployment.kubernetes.io/", "deprecated.daemonset.template.generation", "ingress.gcp.kubernetes.io/",
    "ingress.kubernetes.io/", "kubectl.kubernetes.io/", "networking.gke.io/", "objectset.rio.cattle.io/", "pv.kubernetes.io/",
    "volume.beta.kubernetes.io/", "volume.kubernetes.io/",
];

/// Labels that a server puts on objects and templates.
pub const LABELS: &[&str] = &[
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
    "controller-uid",
    "job-name",
    "kubernetes.io/metadata.name",
];

/// Fields of kinds that no table of types knows, and the values that their definitions give them, by group. Source: the
/// CustomResourceDefinitions of Gateway API 1.5 and External Secrets 1.0.
#[rustfmt::skip]
pub const CUSTOM: &[(&str, &str, &str)] = &[
    ("external-secrets.io", "conversionStrategy", "Default"),
    ("external-secrets.io", "creationPolicy", "Owner"),
    ("external-secrets.io", "decodingStrategy", "None"),
    ("external-secrets.io", "deletionPolicy", "Retain"),
    ("external-secrets.io", "engineVersion", "v2"),
    ("external-secrets.io", "kind", "SecretStore"),
    ("external-secrets.io", "mergePolicy", "Replace"),
    ("external-secrets.io", "metadataPolicy", "None"),
    ("external-secrets.io", "nullBytePolicy", "Ignore"),
    ("external-secrets.io", "refreshInterval", "1h"),
    ("external-secrets.io", "refreshPolicy", "Periodic"),
    ("gateway.networking.k8s.io", "from", "Same"),
    ("gateway.networking.k8s.io", "group", ""),
    ("gateway.networking.k8s.io", "group", "gateway.networking.k8s.io"),
    ("gateway.networking.k8s.io", "kind", "Gateway"),
    ("gateway.networking.k8s.io", "kind", "Secret"),
    ("gateway.networking.k8s.io", "kind", "Service"),
    ("gateway.networking.k8s.io", "mode", "Terminate"),
    ("gateway.networking.k8s.io", "statusCode", "302"),
    ("gateway.networking.k8s.io", "type", "Exact"),
    ("gateway.networking.k8s.io", "type", "PathPrefix"),
    ("gateway.networking.k8s.io", "value", "/"),
    ("gateway.networking.k8s.io", "weight", "1"),
];

/// Parts of such kinds that say nothing where all in them is a default.
pub const CUSTOM_FILLED: &[(&str, &str)] = &[
    ("external-secrets.io", "target"),
    ("gateway.networking.k8s.io", "allowedRoutes"),
    ("gateway.networking.k8s.io", "matches"),
    ("gateway.networking.k8s.io", "namespaces"),
    ("gateway.networking.k8s.io", "path"),
];

/// Groups whose operator completes its objects beyond what can be told from here.
pub const COMPLETED: &[&str] = &["postgresql.cnpg.io"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::schema::ServedKind;
    use std::collections::BTreeSet;

    #[test]
    fn every_field_of_the_tables_is_one_of_kubernetes() {
        let mut known = BTreeSet::new();
        let mut types: Vec<_> = ServedKind::all().map(ServedKind::type_id).collect();
        let mut seen: BTreeSet<_> = types.iter().copied().collect();
        while let Some(owner) = types.pop() {
            for row in owner.fields() {
                known.insert((owner.name(), row.name()));
                types.extend(row.value().item().1.type_id().filter(|id| seen.insert(*id)));
            }
        }
        let all = DEFAULTS.iter().map(|(owner, name, _)| (*owner, *name));
        for field in all.chain(OWNED.iter().copied()).chain(FILLED.iter().copied()) {
            assert!(known.contains(&field), "{field:?}");
        }
    }

    #[test]
    fn the_tables_can_be_searched() {
        assert!(DEFAULTS.is_sorted() && OWNED.is_sorted() && FILLED.is_sorted());
        assert!(CUSTOM.is_sorted() && CUSTOM_FILLED.is_sorted() && LABELS.is_sorted() && ANNOTATIONS.is_sorted());
    }
}
