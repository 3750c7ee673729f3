//! The kinds of object that are known: names, scope, place in the order of applying, and where their Pods are described.

/// A kind: an index into the table of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(u8);

/// Whether objects of a kind live in a namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// In a namespace.
    Namespaced,
    /// Once for the cluster.
    Cluster,
}

/// The order of applying: what others need comes first. Bindings follow roles, because the API server looks up the role
/// that a binding names. Kinds that have no place of their own stand beside the one that is needed at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the variants are names of kinds")]
pub enum Order {
    CustomResourceDefinition,
    Namespace,
    PriorityClass,
    StorageClass,
    IngressClass,
    ServiceAccount,
    Role,
    RoleBinding,
    Secret,
    ConfigMap,
    PersistentVolumeClaim,
    Service,
    StatefulSet,
    Job,
    Deployment,
    DaemonSet,
    CronJob,
    HorizontalPodAutoscaler,
    PodDisruptionBudget,
    NetworkPolicy,
    Gateway,
    Route,
    Rest,
}

/// One kind. Source: the Kubernetes 1.37 API reference; the references of Gateway API, External Secrets, CloudNativePG,
/// cert-manager and GKE for theirs.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// API group; empty for the core group.
    pub group: &'static str,
    /// The version to write; objects of other versions are of the same kind.
    pub version: &'static str,
    /// `Deployment`.
    pub kind: &'static str,
    /// `deployments`, as in URLs and in rules of a Role.
    pub plural: &'static str,
    /// What kubectl takes for it too: `deploy`. Source: `kubectl api-resources` of Kubernetes 1.37, and the definitions of the
    /// others.
    pub short: &'static [&'static str],
    /// Whether its objects live in a namespace.
    pub scope: Scope,
    /// When it is applied.
    pub order: Order,
    /// The keys that lead to its Pod template; none for a Pod, which is its own.
    pub pod_template: Option<&'static [&'static str]>,
}

impl Kind {
    /// `apps/v1`, or `v1` for the core group.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.to_owned() } else { format!("{}/{}", self.group, self.version) }
    }

    const fn or(self, short: &'static [&'static str]) -> Self {
        Self { short, ..self }
    }

    const fn cluster_wide(self) -> Self {
        Self { scope: Scope::Cluster, ..self }
    }

    const fn at(self, order: Order) -> Self {
        Self { order, ..self }
    }

    const fn with_pods(self, pod_template: &'static [&'static str]) -> Self {
        Self { pod_template: Some(pod_template), ..self }
    }
}

impl KindId {
    /// Any kind that the table does not have: namespaced, as far as is known, and applied last.
    pub const OTHER: Self = Self((KINDS.len() - 1) as u8);

    /// The kind of this name in this API group, in whichever version.
    pub fn find(group: &str, kind: &str) -> Option<Self> {
        Self::all().find(|id| id.row().kind == kind && id.row().group == group)
    }

    /// All kinds that the table has, in no telling order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::OTHER.0).map(Self)
    }

    /// What is known of it.
    pub fn row(self) -> &'static Kind {
        &KINDS[usize::from(self.0)]
    }
}

/// A namespaced kind that is applied last and makes no Pods.
const fn kind(group: &'static str, version: &'static str, kind: &'static str, plural: &'static str) -> Kind {
    Kind { group, version, kind, plural, short: &[], scope: Scope::Namespaced, order: Order::Rest, pod_template: None }
}

const CORE: &str = "";
const ADMISSION: &str = "admissionregistration.k8s.io";
const CERTIFICATES: &str = "certificates.k8s.io";
const FLOWCONTROL: &str = "flowcontrol.apiserver.k8s.io";
const NETWORKING: &str = "networking.k8s.io";
const RBAC: &str = "rbac.authorization.k8s.io";
const RESOURCE: &str = "resource.k8s.io";
const SCHEDULING: &str = "scheduling.k8s.io";
const STORAGE: &str = "storage.k8s.io";
const GATEWAY: &str = "gateway.networking.k8s.io";
const EXTERNAL_SECRETS: &str = "external-secrets.io";
const CERT_MANAGER: &str = "cert-manager.io";

const SPEC_TEMPLATE: &[&str] = &["spec", "template"];

#[rustfmt::skip]
const KINDS: &[Kind] = &[
    // What stacks make, the commonest first, because the table is searched from the top.
    kind("apps", "v1", "Deployment", "deployments").or(&["deploy"]).at(Order::Deployment).with_pods(SPEC_TEMPLATE),
    kind(CORE, "v1", "Service", "services").or(&["svc"]).at(Order::Service),
    kind("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers").or(&["hpa"]).at(Order::HorizontalPodAutoscaler),
    kind(CORE, "v1", "ConfigMap", "configmaps").or(&["cm"]).at(Order::ConfigMap),
    kind(CORE, "v1", "Secret", "secrets").at(Order::Secret),
    kind("apps", "v1", "StatefulSet", "statefulsets").or(&["sts"]).at(Order::StatefulSet).with_pods(SPEC_TEMPLATE),
    kind(NETWORKING, "v1", "Ingress", "ingresses").or(&["ing"]).at(Order::Route),
    kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets").or(&["pdb"]).at(Order::PodDisruptionBudget),
    kind(NETWORKING, "v1", "NetworkPolicy", "networkpolicies").or(&["netpol"]).at(Order::NetworkPolicy),
    kind(CORE, "v1", "ServiceAccount", "serviceaccounts").or(&["sa"]).at(Order::ServiceAccount),
    kind("batch", "v1", "CronJob", "cronjobs").or(&["cj"]).at(Order::CronJob).with_pods(&["spec", "jobTemplate", "spec", "template"]),
    kind("batch", "v1", "Job", "jobs").at(Order::Job).with_pods(SPEC_TEMPLATE),
    kind("apps", "v1", "DaemonSet", "daemonsets").or(&["ds"]).at(Order::DaemonSet).with_pods(SPEC_TEMPLATE),
    kind(CORE, "v1", "PersistentVolumeClaim", "persistentvolumeclaims").or(&["pvc"]).at(Order::PersistentVolumeClaim),
    kind(RBAC, "v1", "Role", "roles").at(Order::Role),
    kind(RBAC, "v1", "RoleBinding", "rolebindings").at(Order::RoleBinding),
    kind(RBAC, "v1", "ClusterRole", "clusterroles").cluster_wide().at(Order::Role),
    kind(RBAC, "v1", "ClusterRoleBinding", "clusterrolebindings").cluster_wide().at(Order::RoleBinding),
    kind(CORE, "v1", "Namespace", "namespaces").or(&["ns"]).cluster_wide().at(Order::Namespace),
    kind("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions").or(&["crd", "crds"]).cluster_wide().at(Order::CustomResourceDefinition),
    kind(SCHEDULING, "v1", "PriorityClass", "priorityclasses").or(&["pc"]).cluster_wide().at(Order::PriorityClass),
    kind(STORAGE, "v1", "StorageClass", "storageclasses").or(&["sc"]).cluster_wide().at(Order::StorageClass),
    kind(NETWORKING, "v1", "IngressClass", "ingressclasses").cluster_wide().at(Order::IngressClass),
    kind(GATEWAY, "v1", "Gateway", "gateways").or(&["gtw"]).at(Order::Gateway),
    kind(GATEWAY, "v1", "HTTPRoute", "httproutes").at(Order::Route),
    kind(GATEWAY, "v1", "GRPCRoute", "grpcroutes").at(Order::Route),
    kind(EXTERNAL_SECRETS, "v1", "ExternalSecret", "externalsecrets").or(&["es"]),
    kind("postgresql.cnpg.io", "v1", "Cluster", "clusters"),
    kind("networking.gke.io", "v1", "HealthCheckPolicy", "healthcheckpolicies"),
    // What else may stand in a manifest.
    kind(CORE, "v1", "Pod", "pods").or(&["po"]).with_pods(&[]),
    kind("apps", "v1", "ReplicaSet", "replicasets").or(&["rs"]).with_pods(SPEC_TEMPLATE),
    kind(CORE, "v1", "ReplicationController", "replicationcontrollers").or(&["rc"]).with_pods(SPEC_TEMPLATE),
    kind(CORE, "v1", "PodTemplate", "podtemplates").with_pods(&["template"]),
    kind(CORE, "v1", "PersistentVolume", "persistentvolumes").or(&["pv"]).cluster_wide().at(Order::StorageClass),
    kind(CORE, "v1", "LimitRange", "limitranges").or(&["limits"]).at(Order::ServiceAccount),
    kind(CORE, "v1", "ResourceQuota", "resourcequotas").or(&["quota"]).at(Order::ServiceAccount),
    kind(CORE, "v1", "Endpoints", "endpoints").or(&["ep"]),
    kind(CORE, "v1", "Event", "events").or(&["ev"]),
    kind(CORE, "v1", "Node", "nodes").or(&["no"]).cluster_wide(),
    kind("apps", "v1", "ControllerRevision", "controllerrevisions"),
    kind("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices"),
    kind("events.k8s.io", "v1", "Event", "events").or(&["ev"]),
    kind("coordination.k8s.io", "v1", "Lease", "leases"),
    kind("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses").cluster_wide().at(Order::PriorityClass),
    kind("apiregistration.k8s.io", "v1", "APIService", "apiservices").cluster_wide(),
    kind(ADMISSION, "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations").cluster_wide(),
    kind(ADMISSION, "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations").cluster_wide(),
    kind(ADMISSION, "v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies").cluster_wide(),
    kind(ADMISSION, "v1", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings").cluster_wide(),
    kind(ADMISSION, "v1", "MutatingAdmissionPolicy", "mutatingadmissionpolicies").cluster_wide(),
    kind(ADMISSION, "v1", "MutatingAdmissionPolicyBinding", "mutatingadmissionpolicybindings").cluster_wide(),
    kind(CERTIFICATES, "v1", "CertificateSigningRequest", "certificatesigningrequests").or(&["csr"]).cluster_wide(),
    kind(CERTIFICATES, "v1", "ClusterTrustBundle", "clustertrustbundles").cluster_wide(),
    kind(CERTIFICATES, "v1", "PodCertificateRequest", "podcertificaterequests"),
    kind(FLOWCONTROL, "v1", "FlowSchema", "flowschemas").cluster_wide(),
    kind(FLOWCONTROL, "v1", "PriorityLevelConfiguration", "prioritylevelconfigurations").cluster_wide(),
    kind(NETWORKING, "v1", "IPAddress", "ipaddresses").or(&["ip"]).cluster_wide(),
    kind(NETWORKING, "v1", "ServiceCIDR", "servicecidrs").cluster_wide(),
    kind(RESOURCE, "v1", "DeviceClass", "deviceclasses").cluster_wide().at(Order::StorageClass),
    kind(RESOURCE, "v1", "DeviceTaintRule", "devicetaintrules").cluster_wide(),
    kind(RESOURCE, "v1", "ResourceClaim", "resourceclaims").at(Order::PersistentVolumeClaim),
    kind(RESOURCE, "v1", "ResourceClaimTemplate", "resourceclaimtemplates").at(Order::PersistentVolumeClaim),
    kind(RESOURCE, "v1", "ResourceSlice", "resourceslices").cluster_wide(),
    kind(STORAGE, "v1", "CSIDriver", "csidrivers").cluster_wide().at(Order::StorageClass),
    kind(STORAGE, "v1", "CSINode", "csinodes").cluster_wide(),
    kind(STORAGE, "v1", "CSIStorageCapacity", "csistoragecapacities"),
    kind(STORAGE, "v1", "VolumeAttachment", "volumeattachments").cluster_wide(),
    kind(STORAGE, "v1", "VolumeAttributesClass", "volumeattributesclasses").or(&["vac"]).cluster_wide().at(Order::StorageClass),
    kind("storagemigration.k8s.io", "v1", "StorageVersionMigration", "storageversionmigrations").cluster_wide(),
    kind(GATEWAY, "v1", "GatewayClass", "gatewayclasses").or(&["gc"]).cluster_wide().at(Order::IngressClass),
    kind(GATEWAY, "v1beta1", "ReferenceGrant", "referencegrants").or(&["refgrant"]),
    kind(EXTERNAL_SECRETS, "v1", "SecretStore", "secretstores").or(&["ss"]),
    kind(EXTERNAL_SECRETS, "v1", "ClusterSecretStore", "clustersecretstores").or(&["css"]).cluster_wide(),
    kind(CERT_MANAGER, "v1", "Certificate", "certificates").or(&["cert", "certs"]),
    kind(CERT_MANAGER, "v1", "Issuer", "issuers"),
    kind(CERT_MANAGER, "v1", "ClusterIssuer", "clusterissuers").cluster_wide(),
    // Everything else: KindId::OTHER.
    kind("", "", "", ""),
];

#[cfg(test)]
mod tests {
    use super::*;
    use k8s_openapi::api::{apps, autoscaling, batch, core, policy, rbac};

    #[test]
    fn finds_by_group_and_name() {
        let ingress = KindId::find("networking.k8s.io", "Ingress").unwrap().row();
        assert_eq!((ingress.plural, ingress.scope), ("ingresses", Scope::Namespaced));
        assert_eq!(ingress.api_version(), "networking.k8s.io/v1");
        assert_eq!(KindId::find("", "Namespace").unwrap().row().api_version(), "v1");
        assert!(KindId::find("extensions", "Ingress").is_none());
        assert!(KindId::find("", "").is_none());
        assert_eq!(KindId::OTHER.row().order, Order::Rest);
    }

    #[test]
    fn no_kind_stands_twice() {
        let mut names: Vec<_> = KindId::all().map(|id| (id.row().group, id.row().kind)).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(names.iter().all(|(_, kind)| !kind.is_empty()));
        assert!(KINDS.len() <= 256, "a KindId is a byte");
    }

    /// The crate's own constants are another source for the same facts.
    #[test]
    fn agrees_with_the_typed_api() {
        fn check<T: k8s_openapi::Resource>(scope: Scope) {
            let row = KindId::find(T::GROUP, T::KIND).unwrap().row();
            assert_eq!((row.version, row.plural, row.scope), (T::VERSION, T::URL_PATH_SEGMENT, scope), "{}", T::KIND);
        }
        check::<apps::v1::Deployment>(Scope::Namespaced);
        check::<apps::v1::StatefulSet>(Scope::Namespaced);
        check::<autoscaling::v2::HorizontalPodAutoscaler>(Scope::Namespaced);
        check::<batch::v1::CronJob>(Scope::Namespaced);
        check::<core::v1::Namespace>(Scope::Cluster);
        check::<core::v1::PersistentVolume>(Scope::Cluster);
        check::<core::v1::PersistentVolumeClaim>(Scope::Namespaced);
        check::<policy::v1::PodDisruptionBudget>(Scope::Namespaced);
        check::<rbac::v1::ClusterRoleBinding>(Scope::Cluster);
    }
}
