//! What can be wrong with a workload that only the whole stack shows.

use super::container::{Container, Role};
use super::exposure::{NamedPort, NodePorts, PodPorts, Service, ServiceType};
use super::mounts::Mounts;
use super::ports::{Port, Ports};
use super::probes::{PortReference, Probe, Probes};
use super::replicated::Replicated;
use super::security::Security;
use super::workload::Workload;
use super::{env, mounts, pod, uses};
use crate::component::words::{Level, WorkloadKind};
use crate::component::world::{COMPONENT_LABEL, MANAGED_BY_LABEL, NAME_LABEL, PART_OF_LABEL, World};
use crate::diagnostic::Diagnostic;
use crate::document::OriginId;
use crate::document::checking::Checking;
use crate::shape::{Keyed, Written};
use crate::value::{LabelName, LabelValue, Name, PortName, Protocol, nearest, unmistakable};

/// The longest label value and Service name, in characters.
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names>
pub const LONGEST_LABEL: usize = 63;

/// Reports what is wrong with any workload.
pub fn workload(workload: &Workload, name: &Written<Name>, kind: WorkloadKind, world: &World, checking: &mut Checking) {
    let containers = workload.containers(name.as_ref().map(Name::as_str));
    for of_pod in &containers {
        container(of_pod, name.value.as_str(), world, checking);
    }
    uses::check_wait(&workload.wait, name.value.as_str(), world, checking);
    disks(&workload.mounts, kind, checking);
    pod::check(&containers, workload, kind, checking);
    reserved_labels(&workload.labels, checking);
    workload.rights().check(name, world, checking);
    for secret in &workload.pull_secrets {
        let name = Written { value: secret.value.to_string(), origin: secret.origin };
        env::check_key(env::Table::Secret, &name, None, world, checking);
    }
}

/// Reports what is wrong with a workload that runs to its end.
pub fn batch(workload: &Workload, world: &World, checking: &mut Checking) {
    pod::sidecars_that_never_end(workload, world, checking);
}

/// Reports what is wrong with one container.
fn container(container: &Container, component: &str, world: &World, checking: &mut Checking) {
    env::check_references(container.env, container.env_from, world, checking);
    mounts::check_references(container.mounts, world, checking);
    uses::check(container.uses, component, world, checking);
    if let Some(own) = container.ports {
        ports(own, checking);
        probes(container, own, checking);
    }
    restricted_user(container.security, checking);
    if let Some(resources) = container.resources {
        resources.check(checking);
    }
}

/// Reports what is wrong with a workload that runs until it is removed.
pub fn replicated(replicated: &Replicated, name: &Written<Name>, checking: &mut Checking) {
    let kind = replicated.workload_kind();
    if kind == WorkloadKind::DaemonSet
        && let Some(replicas) = replicated.replicas
    {
        let diagnostic = Diagnostic::error(
            "no-replicas",
            format!("`{}` is a DaemonSet, which runs one Pod on every node", name.value),
        )
        .at(checking.key_span(replicas.origin), "has no effect")
        .help("remove `replicas`, or write `kind = \"Deployment\"`");
        checking.report.push(diagnostic);
    }
    if kind != WorkloadKind::Deployment
        && let Some(deadline) = replicated.strategy.as_ref().and_then(|strategy| strategy.deadline)
    {
        let title = format!("a {} has no `deadline`: its updates may take as long as they take", kind.as_str());
        let diagnostic = Diagnostic::error("no-deadline", title).at(checking.key_span(deadline.origin), "");
        checking
            .report
            .push(diagnostic.help("remove `deadline`; `kubectl rollout status --timeout=10m` ends the waiting"));
    }
    if kind == WorkloadKind::StatefulSet {
        longest(name, "-headless", "the headless Service", checking);
        if let Some(surge) = replicated.strategy.as_ref().and_then(|strategy| strategy.surge.as_ref()) {
            let diagnostic =
                Diagnostic::error("no-surge", "a StatefulSet replaces its Pods one by one and has no `surge`")
                    .at(checking.key_span(surge.origin), "")
                    .help("remove `surge`; `unavailable` says how many may be missing");
            checking.report.push(diagnostic);
        }
    }
}

/// Reports a name that is too long once `suffix` is added.
pub fn longest(name: &Written<Name>, suffix: &str, what: &str, checking: &mut Checking) {
    let length = name.value.as_str().len() + suffix.len();
    if length > LONGEST_LABEL {
        let diagnostic = Diagnostic::error(
            "name-too-long",
            format!("{what} of `{}` would be called `{}{suffix}`, {length} characters long", name.value, name.value),
        )
        .at(checking.key_span(name.origin), "")
        .help(format!("take a name of at most {} characters", LONGEST_LABEL - suffix.len()));
        checking.report.push(diagnostic);
    }
}

/// Reports disks for each replica where there are no replicas with names, and a second one without a name.
fn disks(mounts: &Mounts, kind: WorkloadKind, checking: &mut Checking) {
    let disks: Vec<_> = mounts.iter().filter(|(_, mount)| mount.storage.is_some()).collect();
    for (path, mount) in &disks {
        if kind != WorkloadKind::StatefulSet {
            let diagnostic = Diagnostic::error(
                "disk-without-identity",
                format!("`storage` at `{}` is a disk for each replica, which only a StatefulSet has", path.value),
            )
            .at(checking.span(mount.origin), "")
            .help("add `kind = \"StatefulSet\"`, or mount a `[volume]`: `{ volume = \"NAME\" }`");
            checking.report.push(diagnostic);
        }
    }
    for (path, mount) in disks.iter().skip(1) {
        if mount.name.is_none() && kind == WorkloadKind::StatefulSet {
            let diagnostic =
                Diagnostic::error("missing-key", format!("the second disk, at `{}`, needs a `name`", path.value))
                    .at(checking.span(mount.origin), "the first one is called `data`")
                    .help("add `name = \"NAME\"` to this mount");
            checking.report.push(diagnostic);
        }
    }
}

/// Reports two ports of one number, as the Service or the container would have them.
fn ports(ports: &Ports, checking: &mut Checking) {
    for (at, (name, port)) in ports.iter().enumerate() {
        let same =
            |other: &&NamedPort| other.1.service.value == port.service.value && protocol(&other.1) == protocol(port);
        if let Some((other, _)) = ports.entries[..at].iter().find(same) {
            let diagnostic = Diagnostic::error(
                "duplicate-port",
                format!("the ports `{}` and `{}` are both {}", other.value, name.value, port.service.value),
            )
            .at(checking.key_span(name.origin), "the same number again")
            .at(checking.key_span(other.origin), "first here")
            .help("give one of them another number, or remove it");
            checking.report.push(diagnostic);
        }
    }
}

fn protocol(port: &Port) -> Protocol {
    port.protocol.map_or(Protocol::Tcp, |protocol| protocol.value)
}

/// Whether there is no port, and none was reported as wrong.
pub fn has_no_ports(ports: &Ports, checking: &Checking) -> bool {
    ports.is_empty() && (ports.origin.is_none() || !checking.report.has_errors())
}

fn probes(container: &Container, ports: &Ports, checking: &mut Checking) {
    let noun = container.role.noun();
    for probe in container.probes.into_iter().flat_map(Probes::iter) {
        let is_known = checking.is_reported(container.origin) || !has_no_ports(ports, checking);
        if probe.asks_port() && probe.port.is_none() && !is_known {
            let diagnostic = Diagnostic::error("missing-key", "this probe has no port to ask")
                .at(checking.span(probe.origin), format!("the {noun} has no `ports`"))
                .help(format!("add `port = 8080` to the probe, or `ports` to the {noun}"));
            checking.report.push(diagnostic);
        }
        named_port(probe, ports, noun, checking);
    }
}

/// Reports a probe of a `noun` that names a port which is not among `ports`.
pub fn named_port(probe: &Probe, ports: &Ports, noun: &str, checking: &mut Checking) {
    let Some(Written { value: PortReference::Name(name), origin }) = &probe.port else { return };
    let is_known = ports.iter().any(|(port, _)| port.value == *name);
    if !is_known && (!ports.is_empty() || has_no_ports(ports, checking)) {
        unknown_port(name, *origin, ports.iter(), noun, checking);
    }
}

/// Reports a port name that there is not among `ports`, which are those of a `noun`.
fn unknown_port<'a>(
    name: &PortName,
    origin: OriginId,
    ports: impl Iterator<Item = &'a NamedPort>,
    noun: &str,
    checking: &mut Checking,
) {
    let known: Vec<_> = ports.map(|(name, _)| name.value.as_str()).collect();
    let help = match nearest(name.as_str(), known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => format!("add `ports = {{ {name} = 8080 }}` to the {noun}"),
        None => format!("its ports are {}", known.join(", ")),
    };
    let diagnostic = Diagnostic::error("unknown-reference", format!("there is no port `{name}`"));
    let meant = unmistakable(name.as_str(), known.into_iter());
    let span = checking.span(origin);
    let diagnostic = diagnostic.at(span, "").help(help).renamed(span, checking.sources, name.as_str(), meant);
    checking.report.push(diagnostic);
}

/// Reports labels by which Pods are selected: they belong to stowplan.
pub fn reserved_labels(labels: &Keyed<LabelName, Written<LabelValue>>, checking: &mut Checking) {
    let reserved = [NAME_LABEL, PART_OF_LABEL, COMPONENT_LABEL, MANAGED_BY_LABEL];
    for (name, _) in labels.iter().filter(|(name, _)| reserved.contains(&name.value.as_str())) {
        let diagnostic = Diagnostic::error("reserved-label", format!("the label `{}` is set by stowplan", name.value))
            .at(checking.key_span(name.origin), "Pods are selected by it")
            .help("remove it, or use a label of your own");
        checking.report.push(diagnostic);
    }
}

/// The kubelet cannot see whether a user with a name is root.
fn restricted_user(security: Option<&Security>, checking: &mut Checking) {
    let Some(security) = security else { return };
    if security.level() != Level::Restricted {
        return;
    }
    let origin = security.level.map_or(security.origin, |level| level.origin);
    match security.user {
        None => {
            let diagnostic = Diagnostic::error("missing-key", "`restricted` needs a numeric `user`")
                .at(checking.span(origin), "the kubelet cannot tell whether a user with a name is root")
                .help("write `security = { level = \"restricted\", user = 65532 }`, with the user that the image is made for");
            checking.report.push(diagnostic);
        }
        Some(user) if user.value.0 == 0 => {
            let diagnostic = Diagnostic::error("bad-value", "user 0 is root, which `restricted` forbids")
                .at(checking.span(user.origin), "")
                .at(checking.span(origin), "the level")
                .help("write another number, such as 65532");
            checking.report.push(diagnostic);
        }
        Some(_) => {}
    }
}

/// Reports ports and node ports that a Service cannot have.
pub fn service(service: &Service, ports: &PodPorts, checking: &mut Checking) {
    for name in service.ports.iter().filter(|name| ports.named(&name.value).is_none()) {
        unknown_port(&name.value, name.origin, ports.all(), Role::Main.noun(), checking);
    }
    offered_twice(service, ports, checking);
    let kind = service.kind.map_or(ServiceType::ClusterIp, |kind| kind.value);
    let Some(node_ports) = &service.node_port else { return };
    let origin = match node_ports {
        NodePorts::First(number) => number.origin,
        NodePorts::Named(numbers) => {
            for (name, _) in numbers.iter().filter(|(name, _)| ports.named(&name.value).is_none()) {
                let diagnostic = Diagnostic::error("unknown-reference", format!("there is no port `{}`", name.value));
                let known: Vec<_> = ports.all().map(|(name, _)| name.value.as_str()).collect();
                checking.report.push(
                    diagnostic
                        .at(checking.key_span(name.origin), "")
                        .help(format!("its ports are {}", known.join(", "))),
                );
            }
            numbers.origin.unwrap_or(service.origin)
        }
    };
    if !matches!(kind, ServiceType::NodePort | ServiceType::LoadBalancer) {
        report_node_port(origin, service, kind, checking);
    }
}

/// Reports a number that a Service would offer twice: ports of different containers may have it.
fn offered_twice(service: &Service, ports: &PodPorts, checking: &mut Checking) {
    let offered = ports.offered(Some(service));
    for (at, (name, port)) in offered.iter().enumerate() {
        let is_own = |name: &PortName| ports.own().iter().any(|(own, _)| own.value == *name);
        let same = |(other, known): &&&NamedPort| {
            let is_told = is_own(&name.value) && is_own(&other.value);
            !is_told && known.service.value == port.service.value && protocol(known) == protocol(port)
        };
        if let Some((other, _)) = offered[..at].iter().find(same) {
            let title = format!("this Service offers {} twice", port.service.value);
            let diagnostic = Diagnostic::error("duplicate-port", title)
                .at(checking.key_span(name.origin), format!("as `{}`", name.value))
                .at(checking.key_span(other.origin), format!("as `{}`", other.value))
                .help(format!(
                    "give one of them another number before the colon, as in `\"81:{}\"`",
                    port.container.value
                ));
            checking.report.push(diagnostic);
        }
    }
}

fn report_node_port(origin: OriginId, service: &Service, kind: ServiceType, checking: &mut Checking) {
    let title = format!("a Service of type `{}` has no node port", kind.as_str());
    let diagnostic = Diagnostic::error("no-node-port", title).at(checking.key_span(origin), "");
    let layer = |origin: OriginId| checking.origins.get(origin).layer;
    let diagnostic = match service.kind {
        Some(written) if layer(written.origin) != layer(origin) => diagnostic
            .at(checking.span(written.origin), "the type is written here")
            .help("add `unset = [\"service.node-port\"]` to the component where the type is written"),
        _ => diagnostic.help("add `type = \"node-port\"`, or remove `node-port`"),
    };
    checking.report.push(diagnostic);
}
