//! What can be wrong between the containers of one Pod: names, ports and volumes that meet.

use super::container::{Container, Native, Role, knows_sidecars};
use super::mounts::Mount;
use super::ports::Port;
use super::wait;
use super::workload::Workload;
use crate::component::words::WorkloadKind;
use crate::component::world::World;
use crate::diagnostic::Diagnostic;
use crate::document::OriginId;
use crate::document::checking::Checking;
use crate::shape::Written;
use crate::value::{AbsolutePath, Name, PortName, Protocol};

/// The longest name of a container, in characters.
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names>
const LONGEST_NAME: usize = 63;

/// Reports what is wrong between the containers of a workload, the component's own first among them.
pub fn check(containers: &[Container], workload: &Workload, kind: WorkloadKind, checking: &mut Checking) {
    names(containers, &workload.wait, checking);
    ports(containers, checking);
    host_ports(containers, checking);
    shared_volumes(containers, checking);
    for container in containers.iter().filter(|container| container.role != Role::Main) {
        disks(container, workload, kind, checking);
        command(container, workload, checking);
    }
}

/// Reports sidecars of a workload that shall end, on a cluster that does not end them with it.
pub fn sidecars_that_never_end(workload: &Workload, world: &World, checking: &mut Checking) {
    let Native::Not(version) = knows_sidecars(world) else { return };
    for (name, _) in workload.sidecar.iter() {
        let title = format!("the sidecar `{}` would keep this run from ever ending", name.value);
        let diagnostic = Diagnostic::error("endless-sidecar", title)
            .at(checking.key_span(name.origin), "Kubernetes ends a sidecar with its Pod from 1.29 on")
            .at(checking.span(version.origin), format!("this cluster may be {}", version.value))
            .help(
                "write `cluster.kubernetes = \"1.29\"` or newer if the cluster is, or let the component do what the \
                 sidecar does",
            );
        checking.report.push(diagnostic);
    }
}

fn names(containers: &[Container], wait: &[Written<Name>], checking: &mut Checking) {
    let mut seen: Vec<(String, OriginId, Role)> = Vec::new();
    for container in containers {
        let Container { role, name, .. } = *container;
        if let Some((_, first, other)) = seen.iter().find(|(known, _, _)| known == name.value) {
            let diagnostic =
                Diagnostic::error("duplicate-name", format!("two containers of one Pod are called `{}`", name.value))
                    .at(checking.key_span(name.origin), format!("this {}", role.noun()))
                    .at(checking.key_span(*first), format!("the {} has this name too", other.noun()))
                    .help(format!("rename the {}", role.noun()));
            checking.report.push(diagnostic);
        }
        seen.push((name.value.to_owned(), name.origin, role));
    }
    for (at, target) in wait.iter().enumerate() {
        let name = wait::container_name(&target.value);
        if let Some(first) = wait[..at].iter().find(|first| first.value == target.value) {
            let diagnostic = Diagnostic::error("duplicate-name", format!("`wait` names `{}` twice", target.value))
                .at(checking.span(target.origin), "")
                .at(checking.span(first.origin), "first here")
                .help("remove one of the two");
            checking.report.push(diagnostic);
        } else if let Some((_, other, role)) = seen.iter().find(|(known, _, _)| *known == name) {
            let title = format!("`wait` makes an init container `{name}`, and there is one of that name");
            let diagnostic = Diagnostic::error("duplicate-name", title)
                .at(checking.span(target.origin), "made for this")
                .at(checking.key_span(*other), format!("this {}", role.noun()))
                .help(format!("rename the {}, or remove \"{}\" from `wait`", role.noun(), target.value));
            checking.report.push(diagnostic);
        }
        if name.len() > LONGEST_NAME {
            let title = format!("the container that waits would be called `{name}`, {} characters long", name.len());
            let diagnostic = Diagnostic::error("name-too-long", title)
                .at(checking.span(target.origin), "")
                .help(format!("give the target a name of at most {} characters", LONGEST_NAME - "wait-".len()));
            checking.report.push(diagnostic);
        }
    }
}

/// A port of a container.
struct Listening<'a> {
    container: &'a Container<'a>,
    name: &'a Written<PortName>,
    port: &'a Port,
}

impl Listening<'_> {
    fn protocol(&self) -> Protocol {
        self.port.protocol.map_or(Protocol::Tcp, |protocol| protocol.value)
    }
}

fn all_ports<'a>(containers: &'a [Container<'a>]) -> Vec<Listening<'a>> {
    let of = |container: &'a Container<'a>| {
        let ports = container.ports.into_iter().flat_map(|ports| ports.iter());
        ports.map(move |(name, port)| Listening { container, name, port })
    };
    containers.iter().flat_map(of).collect()
}

/// The containers of a Pod share one network: a number is taken once, and a name leads to one port.
fn ports(containers: &[Container], checking: &mut Checking) {
    let all = all_ports(containers);
    for (at, listening) in all.iter().enumerate() {
        let elsewhere = || all[..at].iter().filter(|other| !std::ptr::eq(other.container, listening.container));
        let is_same_number = |other: &&Listening| {
            other.port.container.value == listening.port.container.value && other.protocol() == listening.protocol()
        };
        let Listening { container, name, port } = listening;
        let (other, title, help) = if let Some(other) = elsewhere().find(|other| other.name.value == name.value) {
            let help = match is_same_number(&other) {
                true => "give one of them another name and number: the containers of a Pod share one network",
                false => "give one of them another name: a Service finds a port of the Pod by it",
            };
            (other, format!("two containers of one Pod have a port `{}`", name.value), help)
        } else if let Some(other) = elsewhere().find(is_same_number) {
            let help = "give one of them another number: the containers of a Pod share one network";
            (other, format!("two containers of one Pod listen on {}", port.container.value), help)
        } else {
            continue;
        };
        let diagnostic = Diagnostic::error("duplicate-port", title)
            .at(checking.key_span(name.origin), format!("of the {} `{}`", container.role.noun(), container.name.value))
            .at(
                checking.key_span(other.name.origin),
                format!("of the {} `{}`", other.container.role.noun(), other.container.name.value),
            )
            .help(help);
        checking.report.push(diagnostic);
    }
}

/// A port of the node is taken once by a Pod; the server refuses a second one.
fn host_ports(containers: &[Container], checking: &mut Checking) {
    let all = all_ports(containers);
    for (at, listening) in all.iter().enumerate() {
        let Some(number) = listening.port.host_port else { continue };
        let taken = |other: &&Listening| {
            other.port.host_port.is_some_and(|other| other.value == number.value)
                && other.protocol() == listening.protocol()
        };
        if let Some(first) = all[..at].iter().find(taken).and_then(|other| other.port.host_port) {
            let diagnostic =
                Diagnostic::error("duplicate-port", format!("two ports take the port {} of the node", number.value))
                    .at(checking.span(number.origin), "the second one")
                    .at(checking.span(first.origin), "the first one")
                    .help("give one of them another `host-port`, or remove it");
            checking.report.push(diagnostic);
        }
    }
}

/// What shares a name within a Pod must be the same thing.
fn shared_volumes(containers: &[Container], checking: &mut Checking) {
    let mounts = containers.iter().flat_map(|container| container.mounts.iter());
    let named: Vec<_> = mounts.filter_map(|(_, mount)| Some((shared_name(mount)?, mount))).collect();
    for (at, (name, mount)) in named.iter().enumerate() {
        let first = named[..at].iter().find(|(other, _)| other == name);
        if let Some((_, first)) = first.filter(|(_, first)| describe(first) != describe(mount)) {
            let title = format!("`{name}` is {} here and {} elsewhere", describe(mount), describe(first));
            let diagnostic = Diagnostic::error("unequal-volumes", title)
                .at(checking.span(mount.origin), "")
                .at(checking.span(first.origin), "it was this first")
                .help("write the same here, or give one of them another `name`");
            checking.report.push(diagnostic);
        }
    }
}

/// The name by which mounts are the same volume.
fn shared_name(mount: &Mount) -> Option<String> {
    match (&mount.storage, &mount.scratch) {
        (Some(_), _) => Some(mount.disk_name().value),
        (None, Some(_)) => mount.name.as_ref().map(|name| name.value.to_string()),
        (None, None) => None,
    }
}

fn describe(mount: &Mount) -> String {
    let in_memory = mount.memory.is_some_and(|memory| memory.value);
    match (&mount.storage, &mount.scratch) {
        (Some(size), _) => format!("a disk of {}", size.value),
        (None, Some(size)) if in_memory => format!("a scratch of {} in memory", size.value),
        (None, Some(size)) => format!("a scratch of {}", size.value),
        (None, None) => String::new(),
    }
}

/// The disks of a StatefulSet are those of the component; other containers mount them, and have none of their own.
fn disks(container: &Container, workload: &Workload, kind: WorkloadKind, checking: &mut Checking) {
    let own: Vec<&Mount> = disks_of(workload.mounts.iter()).map(|(_, mount)| mount).collect();
    for (path, mount) in disks_of(container.mounts.iter()) {
        let name = mount.disk_name().value;
        let is_taken_over = own.iter().any(|disk| disk.origin == mount.origin);
        let is_shared = kind == WorkloadKind::StatefulSet && own.iter().any(|disk| disk.disk_name().value == name);
        if is_taken_over || is_shared {
            continue;
        }
        let title =
            format!("no {} has a disk of its own, and the component has none called `{name}`", container.role.noun());
        let diagnostic = Diagnostic::error("disk-of-a-companion", title).at(checking.span(mount.origin), "");
        checking.report.push(diagnostic.help(match own.first() {
            _ if kind != WorkloadKind::StatefulSet => {
                "mount a `[volume]`, as `{ volume = \"NAME\" }`, or write `scratch` for an empty directory".to_owned()
            }
            Some(disk) => format!(
                "write `name = \"{}\"` beside the size to mount the component's disk, or `scratch` for an empty directory",
                disk.disk_name().value
            ),
            None => format!(
                "mount the disk in the component too, at `{}` with the same `name`, or write `scratch` for an empty directory",
                path.value
            ),
        }));
    }
}

fn disks_of<'a>(
    mounts: impl Iterator<Item = &'a (Written<AbsolutePath>, Mount)>,
) -> impl Iterator<Item = &'a (Written<AbsolutePath>, Mount)> {
    mounts.filter(|(_, mount)| mount.storage.is_some())
}

/// Warns of the component's own image without another command: a misspelt name in an overlay makes such a container, and an
/// init container that runs a server never ends.
fn command(container: &Container, workload: &Workload, checking: &mut Checking) {
    let is_own = container.image.is_some_and(|image| image.origin == workload.image.origin);
    if !is_own || container.command.is_some() || container.args.is_some() {
        return;
    }
    let noun = container.role.noun();
    let title = format!("the {noun} `{}` has no command, so it runs the component's own program", container.name.value);
    let diagnostic = Diagnostic::warning("same-command", title)
        .at(checking.key_span(container.name.origin), "has neither `image` nor `command` nor `args`")
        .help("add `command = [\"…\"]` or `args = [\"…\"]`");
    checking.report.push(diagnostic);
}
