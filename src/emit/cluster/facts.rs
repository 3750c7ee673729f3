//! What a cluster file is made of: the facts of the profile, and what the objects of the stack ask of their cluster.

use crate::bundle::{Bundle, Field, Object};
use crate::component::classes::described_storage;
use crate::component::cluster::{Cluster, ExposeApi, ImageSource, LoadBalancer, TlsMode, Tool};
use crate::component::secret::{creation_command, is_registry_login, login_command};
use crate::component::words::Source;
use crate::component::world::COMPONENT_LABEL;
use crate::shape::Written;
use crate::stack::Stack;
use crate::value::{KubernetesVersion, Protocol};
use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

/// A port of the developer's machine that leads to one of the node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// On 127.0.0.1.
    pub host: u16,
    /// On the node.
    pub node: u16,
    /// By which protocol.
    pub protocol: Protocol,
    /// Where it ends.
    pub end: End,
}

/// Where a mapped port ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// At what answers HTTP and HTTPS for the whole cluster, or at the cluster's own load balancer.
    LoadBalancer,
    /// At a node port.
    Node,
}

/// All that a cluster file depends on.
pub struct Facts {
    /// The name of the cluster.
    pub name: String,
    /// The name of the profile.
    pub profile: String,
    /// The call that prints the same text again.
    pub call: String,
    /// What makes the cluster.
    pub tool: Tool,
    /// The oldest Kubernetes that the objects fit.
    pub kubernetes: Option<KubernetesVersion>,
    /// How many nodes it has; at least one.
    pub nodes: i64,
    /// Ports that are reached from the developer's machine, each host port once.
    pub ports: Vec<Mapping>,
    /// What the tool or a chart adds: `traefik`, `metrics-server`.
    pub addons: Vec<String>,
    /// What the profile asks for, in its words.
    pub requires: Vec<String>,
    /// What exposes components.
    pub expose: ExposeApi,
    /// The class of Ingresses or of the Gateway; empty for the default.
    pub expose_class: String,
    /// The class of disks; empty for the default.
    pub storage_class: String,
    /// The StorageClass that the profile describes.
    pub described_storage: Option<Field>,
    /// Who makes certificates.
    pub tls: TlsMode,
    /// The ClusterIssuer that the profile names.
    pub issuer: Option<String>,
    /// Whether Services of type LoadBalancer get an address.
    pub load_balancer: LoadBalancer,
    /// The Services that are of that type.
    pub balanced: Vec<String>,
    /// How images that are built on the developer's machine get onto the nodes, where they go that way.
    pub load: Option<Load>,
    /// The namespace that the stack makes or expects.
    pub namespace: Option<String>,
    /// The commands that make the logins to registries.
    pub logins: Vec<(String, String)>,
    /// Whether secrets come from an outside store.
    pub external_secrets: ExternalSecrets,
    /// The names of classes that the stack itself makes.
    pub own_classes: Vec<String>,
    /// What no file can give.
    pub remarks: Vec<String>,
}

/// Whether secrets come from an outside store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExternalSecrets {
    /// The operator must be there.
    Needed,
    /// Nobody asks for it.
    Unused,
}

impl Facts {
    /// Collects the facts; `call` prints the same text again.
    pub fn collect(stack: &Stack, bundle: &Bundle, call: String) -> Self {
        let cluster = &stack.cluster;
        let expose = cluster.expose.as_ref();
        let tls = cluster.tls.as_ref();
        let mut ports = Ports::of(cluster);
        let mut remarks = Vec::new();
        let tool = tool(cluster);
        let load_balancer = cluster.load_balancer.map_or(LoadBalancer::None, |word| word.value);
        ports.add_services(bundle, tool, load_balancer, &mut remarks);
        let text = |text: Option<&Written<String>>| text.map(|text| text.value.clone());
        Self {
            name: cluster_name(stack).to_owned(),
            profile: stack.profile.clone(),
            call,
            tool,
            kubernetes: cluster.kubernetes.map(|version| version.value),
            nodes: cluster.nodes.map_or(1, |nodes| nodes.value.0),
            ports: ports.all,
            addons: cluster.addons.iter().map(|addon| addon.value.clone()).collect(),
            requires: cluster.requires.iter().map(|what| what.value.clone()).collect(),
            expose: cluster.expose_api(),
            expose_class: text(expose.and_then(|expose| expose.class.as_ref())).unwrap_or_default(),
            described_storage: described_storage(cluster),
            storage_class: text(cluster.storage.as_ref().and_then(|storage| storage.class.as_ref()))
                .unwrap_or_default(),
            tls: tls.and_then(|tls| tls.mode).map_or(TlsMode::None, |mode| mode.value),
            issuer: text(tls.and_then(|tls| tls.issuer.as_ref())),
            load_balancer,
            balanced: balanced(bundle),
            load: Load::of(stack, bundle),
            namespace: stack.table.namespace.as_ref().map(|namespace| namespace.name.value.to_string()),
            logins: logins(stack),
            external_secrets: external_secrets(stack),
            own_classes: own_classes(bundle),
            remarks,
        }
    }

    /// What is said of the version of Kubernetes, which only the tool knows.
    pub fn version_remark(&self) -> String {
        match self.kubernetes {
            Some(version) => format!("The manifests need Kubernetes {version} or newer."),
            None => "The manifests fit every Kubernetes that stowplan knows.".to_owned(),
        }
    }
}

/// The cluster is called like the stack where nothing else is said.
pub fn cluster_name(stack: &Stack) -> &str {
    let own = stack.cluster.name.as_ref().or(stack.table.name.as_ref());
    own.map_or("app", |name| name.value.as_str())
}

/// The tool that makes the cluster.
pub fn tool(cluster: &Cluster) -> Tool {
    cluster.tool.map_or(Tool::None, |tool| tool.value)
}

/// How images get onto the nodes without a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// What precedes the images: `k3d image import`.
    pub command: String,
    /// The images; at least one.
    pub images: Vec<String>,
    /// The option that names the cluster.
    pub place: String,
}

impl Load {
    /// What the command is for.
    pub const PURPOSE: &str = "the cluster gets the images that you built here; leave out those of a registry";

    /// Loads the images of the stack's own workloads; none where the cluster pulls all it runs.
    pub fn of(stack: &Stack, bundle: &Bundle) -> Option<Self> {
        let cluster = &stack.cluster;
        let load = cluster.images.as_ref()?;
        let command = load.load.as_ref().filter(|command| !command.value.is_empty())?;
        load.source.filter(|source| source.value == ImageSource::Sideload)?;
        let images = built_here(stack, bundle);
        if images.is_empty() {
            return None;
        }
        let option = match tool(cluster) {
            Tool::K3d => "cluster",
            Tool::Minikube => "profile",
            Tool::Kind => "name",
            Tool::None => return Some(Self { command: command.value.clone(), images, place: String::new() }),
        };
        Some(Self { command: command.value.clone(), images, place: format!(" --{option} {}", cluster_name(stack)) })
    }

    /// The whole command.
    pub fn line(&self) -> String {
        format!("{} {}{}", self.command, self.images.join(" "), self.place)
    }
}

/// The images of the stack's own workloads. Which of them are built on the developer's machine is not known here, so all
/// that could be are named: not those of databases, nor the one that waits.
fn built_here(stack: &Stack, bundle: &Bundle) -> Vec<String> {
    let waiting = stack.wait.image.as_ref().map(|image| image.value.as_str());
    let mut images: IndexSet<&str, FxBuildHasher> = IndexSet::default();
    for table in ["api", "worker", "cronjob", "job"] {
        for object in bundle.objects.iter().filter(|object| table_of(object) == Some(table)) {
            let Some(pod) = object.pod_template().and_then(|template| template.get("spec")) else { continue };
            let containers = ["initContainers", "containers"].into_iter().filter_map(|key| pod.get(key));
            let named = containers.flat_map(Field::items).filter_map(|container| container.get("image")?.as_str());
            images.extend(named.filter(|image| Some(*image) != waiting));
        }
    }
    images.into_iter().map(str::to_owned).collect()
}

/// The table of the stack that an object comes from.
fn table_of(object: &Object) -> Option<&str> {
    object.root.follow(&["metadata", "labels", COMPONENT_LABEL])?.as_str()
}

fn services(bundle: &Bundle) -> impl Iterator<Item = (&Object, &Field)> {
    let services = bundle.objects.iter().filter(|object| object.kind_name() == "Service");
    services.filter_map(|service| Some((service, service.root.get("spec")?)))
}

fn is_of_type(spec: &Field, kind: &str) -> bool {
    spec.get("type").and_then(Field::as_str) == Some(kind)
}

fn balanced(bundle: &Bundle) -> Vec<String> {
    let of_type = services(bundle).filter(|(_, spec)| is_of_type(spec, "LoadBalancer"));
    of_type.map(|(service, _)| service.name().to_owned()).collect()
}

fn own_classes(bundle: &Bundle) -> Vec<String> {
    let kinds = ["StorageClass", "IngressClass", "GatewayClass"];
    let classes = bundle.objects.iter().filter(|object| kinds.contains(&object.kind_name()));
    classes.map(|class| format!("{}/{}", class.kind_name(), class.name())).collect()
}

fn external_secrets(stack: &Stack) -> ExternalSecrets {
    let is_needed = stack.secrets.iter().any(|plan| plan.source.value == Source::External);
    if is_needed { ExternalSecrets::Needed } else { ExternalSecrets::Unused }
}

/// The logins to registries that must exist: those of the stack, then those that only the profile names.
fn logins(stack: &Stack) -> Vec<(String, String)> {
    let namespace = stack.table.namespace.as_ref().map(|namespace| namespace.name.value.as_str());
    let declared = stack.secrets.iter().filter(|plan| plan.source.value == Source::Existing && is_registry_login(plan));
    let mut logins: Vec<(String, String)> =
        declared.map(|plan| (plan.name.value.to_string(), creation_command(plan, namespace))).collect();
    let images = stack.cluster.images.as_ref();
    for name in images.into_iter().flat_map(|images| &images.pull_secrets).map(|name| name.value.to_string()) {
        let is_declared = stack.secrets.iter().any(|plan| plan.name.value.as_str() == name);
        if !is_declared {
            let command = login_command(&name, namespace);
            logins.push((name, command));
        }
    }
    logins
}

/// Ports of the developer's machine, each given once.
#[derive(Default)]
struct Ports {
    all: Vec<Mapping>,
}

impl Ports {
    fn of(cluster: &Cluster) -> Self {
        let mut ports = Self::default();
        let own = cluster.ports.as_ref();
        let http = own.and_then(|ports| ports.http);
        let https = own.and_then(|ports| ports.https);
        for (port, node) in [(http, 80), (https, 443)] {
            if let Some(host) = port.map(|port| port.value.get())
                && ports.all.iter().all(|mapping| mapping.host != host)
            {
                ports.all.push(Mapping { host, node, protocol: Protocol::Tcp, end: End::LoadBalancer });
            }
        }
        ports
    }

    /// Adds the ports by which Services are reached from outside; what cannot be mapped is remarked.
    fn add_services(&mut self, bundle: &Bundle, tool: Tool, load_balancer: LoadBalancer, remarks: &mut Vec<String>) {
        if tool == Tool::None {
            return;
        }
        for (service, spec) in services(bundle) {
            let ports = spec.get("ports").map(Field::items).unwrap_or_default();
            let balances = is_of_type(spec, "LoadBalancer") && load_balancer == LoadBalancer::Builtin;
            for port in ports {
                if balances {
                    self.add(service, port, "port", End::LoadBalancer, remarks);
                } else if port.get("nodePort").is_some() {
                    self.add(service, port, "nodePort", End::Node, remarks);
                } else if is_of_type(spec, "NodePort") {
                    remarks.push(format!(
                        "`{}` gets a node port that nobody knows before, so it is not mapped: write `service.node-port = 30080`, a number from 30000 to 32767",
                        service.name()
                    ));
                }
            }
        }
    }

    fn add(&mut self, service: &Object, port: &Field, key: &str, end: End, remarks: &mut Vec<String>) {
        let number = port.get(key).and_then(Field::as_integer).and_then(|number| u16::try_from(number).ok());
        let Some(number) = number else { return };
        let protocol = match port.get("protocol").and_then(Field::as_str) {
            Some("UDP") => Protocol::Udp,
            Some("SCTP") => Protocol::Sctp,
            _ => Protocol::Tcp,
        };
        let mapping = Mapping { host: number, node: number, protocol, end };
        let same = |other: &&Mapping| other.protocol == protocol && (other.host == number || other.node == number);
        match self.all.iter().find(same) {
            None => self.all.push(mapping),
            Some(other) if *other == mapping => {}
            Some(other) => remarks.push(format!(
                "port {number} of `{}` is not mapped: 127.0.0.1:{} leads to port {} of the node already",
                service.name(),
                other.host,
                other.node
            )),
        }
    }
}
