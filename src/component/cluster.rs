//! `[cluster]`: facts about the cluster.

use super::words::{Level, PullPolicy, Source};
use crate::shape::{Attempt, Keyed, Positive, Written};
use crate::value::{
    AnnotationName, Controller, DnsLabel, Domain, KindName, KubernetesVersion, Name, ObjectName, ParameterName,
    PortNumber, Provisioner,
};
use crate::{table, words};

words! {
    /// The tool that makes the cluster.
    pub enum Tool("a tool") {
        /// None that `stowplan cluster` knows.
        None = "none",
        /// k3d.
        K3d = "k3d",
        /// minikube.
        Minikube = "minikube",
        /// kind.
        Kind = "kind",
    }
}

words! {
    /// Where images come from.
    pub enum ImageSource("a source of images") {
        /// Loaded onto the node.
        Sideload = "sideload",
        /// Pulled from a registry.
        Registry = "registry",
    }
}

words! {
    /// What an ingress becomes.
    pub enum ExposeApi("an API to expose with") {
        /// An Ingress.
        Ingress = "ingress",
        /// A Gateway and HTTPRoutes.
        Gateway = "gateway",
        /// Nothing.
        None = "none",
    }
}

words! {
    /// Where the class of an Ingress stands.
    pub enum ClassVia("a place for the class") {
        /// In `spec.ingressClassName`.
        Field = "field",
        /// In the annotation `kubernetes.io/ingress.class`.
        Annotation = "annotation",
    }
}

words! {
    /// Who provides certificates.
    pub enum TlsMode("a TLS mode") {
        /// Nobody.
        None = "none",
        /// A Secret.
        Secret = "secret",
        /// cert-manager.
        CertManager = "cert-manager",
        /// The provider's load balancer.
        Provider = "provider",
    }
}

words! {
    /// Whether an HPA gets numbers.
    pub enum Metrics("a source of metrics") {
        /// They are there.
        Builtin = "builtin",
        /// With an addon.
        Addon = "addon",
        /// metrics-server must be installed.
        Install = "install",
        /// Not known; taken for given.
        Assume = "assume",
    }
}

words! {
    /// Whether a Service of type LoadBalancer gets an address.
    pub enum LoadBalancer("a kind of load balancer") {
        /// The cluster has one.
        Builtin = "builtin",
        /// While a tunnel command runs.
        Tunnel = "tunnel",
        /// Never.
        None = "none",
        /// From the provider.
        Provider = "provider",
    }
}

words! {
    /// Whether NetworkPolicies are enforced.
    pub enum PolicySupport("an answer about network policies") {
        /// They are.
        Enforced = "enforced",
        /// They are not.
        Ignored = "ignored",
        /// Not known.
        Unknown = "unknown",
    }
}

words! {
    /// Where databases live.
    pub enum Databases("a place for databases") {
        /// In the cluster.
        SelfHosted = "self-hosted",
        /// At the provider.
        Managed = "managed",
    }
}

table! {
    /// The ports of the host by which a local cluster is reached.
    pub struct HostPorts("host ports") {
        /// For HTTP.
        http: Option<Written<PortNumber>>,
        /// For HTTPS.
        https: Option<Written<PortNumber>>,
    }
}

table! {
    /// How images reach the cluster.
    pub struct Images("images") {
        /// `sideload` or `registry`.
        source: Option<Written<ImageSource>>,
        /// The command that loads a local image, for messages.
        load: Option<Written<String>>,
        /// The default of `pull-policy`.
        pull_policy: Option<Written<PullPolicy>>,
        /// The default of `pull-secrets`.
        pull_secrets: Vec<Written<ObjectName>>,
    }
}

words! {
    /// What becomes of a disk whose claim is deleted.
    pub enum ReclaimPolicy("a reclaim policy") {
        /// It is deleted too.
        Delete = "Delete",
        /// It stays, with its data.
        Retain = "Retain",
    }
}

words! {
    /// When a disk is made.
    pub enum BindingMode("a binding mode") {
        /// When a Pod needs it, where the Pod runs.
        WaitForFirstConsumer = "WaitForFirstConsumer",
        /// At once.
        Immediate = "Immediate",
    }
}

table! {
    /// What a StorageClass says beside its name, which is `cluster.storage.class`.
    pub struct StorageDefinition("storage definition") {
        /// Who makes the disks: `ebs.csi.aws.com`.
        provisioner: Attempt<Written<Provisioner>>,
        /// What the provisioner is told: `{ type = "gp3", iops = "3000" }`.
        parameters: Keyed<ParameterName, Written<String>>,
        /// `Delete` (the default of Kubernetes) or `Retain`: what becomes of a disk whose claim is deleted.
        reclaim_policy: Option<Written<ReclaimPolicy>>,
        /// Whether claims can grow.
        expansion: Option<Written<bool>>,
        /// `WaitForFirstConsumer`, or `Immediate` (the default of Kubernetes): when a disk is made.
        binding: Option<Written<BindingMode>>,
        /// How disks are mounted, such as `noatime`.
        mount_options: Vec<Written<String>>,
    }
}

table! {
    /// Disks.
    pub struct Storage("storage") {
        /// The storage class of claims; empty for the cluster's default.
        class: Attempt<Written<String>>,
        /// Emits the StorageClass, as `definition` describes it; it belongs to the whole cluster.
        create: Option<Written<bool>>,
        /// What the StorageClass says, where it is emitted.
        definition: Attempt<StorageDefinition>,
        /// The storage class for `ReadWriteMany`; unset where there is none.
        rwx_class: Option<Written<ObjectName>>,
        /// Whether claims can grow.
        expand: Option<Written<bool>>,
        /// Whether the group of a Pod owns its disks (`fsGroup`).
        fs_group: Option<Written<bool>>,
    }
}

table! {
    /// The ports of a Gateway's listeners.
    pub struct Listeners("listeners") {
        /// For HTTP.
        http: Option<Written<PortNumber>>,
        /// For HTTPS.
        https: Option<Written<PortNumber>>,
    }
}

table! {
    /// An object that holds the settings of a class.
    pub struct ClassParameters("class parameters") {
        /// Its API group; the core group where it is left out.
        group: Option<Written<Domain>>,
        /// Its kind, such as `IngressClassParams`.
        kind: Written<KindName>,
        /// Its name.
        name: Written<ObjectName>,
        /// Its namespace, where it lives in one.
        namespace: Option<Written<DnsLabel>>,
    }
}

table! {
    /// What an IngressClass or GatewayClass says beside its name, which is `cluster.expose.class`.
    pub struct ExposeDefinition("expose definition") {
        /// Who serves the class: `k8s.io/ingress-nginx`.
        controller: Attempt<Written<Controller>>,
        /// The object that holds its settings, where the controller wants one.
        parameters: Option<ClassParameters>,
    }
}

table! {
    /// How components are reached from outside.
    pub struct Expose("expose") {
        /// `ingress`, `gateway` or `none`.
        api: Option<Written<ExposeApi>>,
        /// The class of Ingresses or Gateways; empty to leave it out.
        class: Attempt<Written<String>>,
        /// Emits the IngressClass or GatewayClass, as `definition` describes it; it belongs to the whole cluster.
        create: Option<Written<bool>>,
        /// What the class says, where it is emitted.
        definition: Attempt<ExposeDefinition>,
        /// `field`, or `annotation` where the provider wants it there.
        class_via: Option<Written<ClassVia>>,
        /// An existing Gateway, as "namespace/name".
        gateway: Option<Written<String>>,
        /// The ports of a Gateway's listeners.
        listeners: Option<Listeners>,
        /// Annotations of every Ingress or Gateway.
        annotations: Keyed<AnnotationName, Written<String>>,
        /// Annotations of every Service of type LoadBalancer.
        service_annotations: Keyed<AnnotationName, Written<String>>,
    }
}

table! {
    /// Certificates.
    pub struct ClusterTls("cluster tls") {
        /// `none`, `secret`, `cert-manager` or `provider`.
        mode: Option<Written<TlsMode>>,
        /// The ClusterIssuer of cert-manager.
        issuer: Option<Written<String>>,
        /// The provider's certificate: an ARN, a certificate map, a URI.
        certificate: Option<Written<String>>,
    }
}

table! {
    /// Facts about the cluster. A profile states them; a stack may correct them.
    pub struct Cluster("cluster") {
        /// Its name; the stack's where it is left out.
        name: Option<Written<Name>>,
        /// The tool that makes it.
        tool: Option<Written<Tool>>,
        /// The context of kubectl, for messages.
        context: Option<Written<String>>,
        /// Whether it is on the developer's machine.
        local: Option<Written<bool>>,
        /// The oldest Kubernetes that the output must fit, such as "1.34".
        kubernetes: Option<Written<KubernetesVersion>>,
        /// How many nodes it has, for disruption budgets and spread.
        nodes: Option<Written<Positive>>,
        /// Addons to enable or check.
        addons: Vec<Written<String>>,
        /// Completes bare hosts of `[ingress]`.
        domain: Option<Written<Domain>>,
        /// The ports of the host by which it is reached.
        ports: Option<HostPorts>,
        /// What `{{ cluster.registry }}` gives; empty, or ending in `/`.
        registry: Option<Written<String>>,
        /// How images reach it.
        images: Option<Images>,
        /// Disks.
        storage: Option<Storage>,
        /// How components are reached from outside.
        expose: Option<Expose>,
        /// Certificates.
        tls: Option<ClusterTls>,
        /// Whether an HPA gets numbers.
        metrics: Option<Written<Metrics>>,
        /// Whether a Service of type LoadBalancer gets an address.
        load_balancer: Option<Written<LoadBalancer>>,
        /// Whether NetworkPolicies are enforced.
        network_policy: Option<Written<PolicySupport>>,
        /// The goal of the namespace's Pod Security label.
        pod_security: Option<Written<Level>>,
        /// The default source of secrets.
        secrets: Option<Written<Source>>,
        /// Where databases live.
        databases: Option<Written<Databases>>,
        /// The default ClusterSecretStore of ExternalSecrets.
        secret_store: Option<Written<String>>,
        /// CRDs and add-ons that the output needs.
        requires: Vec<Written<String>>,
    }
}
