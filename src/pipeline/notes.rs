//! What a person wants to know once the manifests are made: what is missing, what is worth typing, where to look.

use super::Note;
use crate::bundle::{Bundle, Object};
use crate::component::api::Api;
use crate::component::cluster::{ExposeApi, Tool};
use crate::component::db::{operator, restore};
use crate::component::parts::exposure::{Service, ServiceType};
use crate::component::secret::creation_command;
use crate::component::words::Source;
use crate::emit::cluster::{Load, cluster_name, tool};
use crate::shape::{Switch, Written};
use crate::stack::Stack;
use crate::value::{Name, Protocol};
use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxBuildHasher;

/// The notes of a stack, in the order in which they are needed.
pub fn notes(stack: &Stack, bundle: &Bundle) -> Vec<Note> {
    let mut notes: Vec<Note> =
        stack.cluster.requires.iter().map(|what| Note::Requirement(what.value.clone())).collect();
    notes.extend(operators(stack));
    notes.extend(addons(stack));
    let load = Load::of(stack, bundle);
    notes.extend(load.map(|load| Note::Command { purpose: Load::PURPOSE.to_owned(), command: load.line() }));
    notes.extend(missing_secrets(stack));
    notes.extend(host_names(stack));
    notes.extend(node_ports(stack));
    if has_ingress(stack) {
        let ingresses = stack.file.tables.ingress.iter();
        notes.extend(ingresses.filter_map(|(name, ingress)| ingress.url(name, &stack.cluster)).map(Note::Url));
    } else {
        notes.extend(forwarded_ports(stack));
    }
    notes.extend(backups(stack));
    notes.extend(restores(stack, bundle));
    notes
}

/// Operators that run databases, unless the profile names them already.
fn operators(stack: &Stack) -> Option<Note> {
    let is_named = |what: &str| folded(what).contains(&folded(operator::TITLE));
    if stack.cluster.requires.iter().any(|what| is_named(&what.value)) {
        return None;
    }
    let operated = stack.file.tables.db.iter().filter(|(_, db)| db.operator().is_some());
    let names: Vec<_> = operated.map(|(name, _)| format!("`db.{}`", name.value)).collect();
    (!names.is_empty()).then(|| Note::Requirement(format!("{}, which runs {}", operator::TITLE, names.join(", "))))
}

/// `cloudnative-pg` and `CloudNativePG` are one.
fn folded(name: &str) -> String {
    name.to_lowercase().replace(['-', ' '], "")
}

/// What the cluster's own tool switches on, or must be installed by hand, as far as the stack needs it.
fn addons(stack: &Stack) -> Vec<Note> {
    let tables = &stack.file.tables;
    let is_needed = |addon: &str| match addon {
        "metrics-server" => !tables.hpa.is_empty(),
        "traefik" => !tables.ingress.is_empty(),
        _ => true,
    };
    let addons = stack.cluster.addons.iter().map(|addon| addon.value.as_str()).filter(|addon| is_needed(addon));
    let note = |addon: &str| match tool(&stack.cluster) {
        Tool::Minikube => Note::Command {
            purpose: format!("the addon `{addon}` must be on"),
            command: format!("minikube addons enable {addon} --profile {}", cluster_name(stack)),
        },
        _ => Note::Requirement(format!("{addon}, which the cluster does not bring: install it")),
    };
    addons.map(note).collect()
}

fn missing_secrets(stack: &Stack) -> impl Iterator<Item = Note> {
    let existing = stack.secrets.iter().filter(|plan| plan.source.value == Source::Existing);
    existing.map(|plan| {
        let command = creation_command(plan, stack.namespace());
        let typed = if command.contains("$(cat)") { "; type each value, then Enter and Ctrl-D" } else { "" };
        let owner = owner(&plan.name.value, stack);
        Note::Command { purpose: format!("the Secret `{}` must exist{owner}{typed}", plan.name.value), command }
    })
}

/// An operator makes the user that the stack names, and compares the Secret with it.
fn owner(secret: &str, stack: &Stack) -> String {
    let operated = stack.file.tables.db.iter().filter(|(_, db)| db.operator().is_some());
    let mut reading = operated.filter(|(name, db)| db.secret_name(name).value == secret);
    let stack_name = stack.table.name.as_ref().map_or("app", |name| name.value.as_str());
    let user = reading.next().map(|(_, db)| db.user.as_ref().map_or(stack_name, |user| user.value.as_str()));
    user.map(|user| format!(", with `{user}` as {}", operator::USER_KEY)).unwrap_or_default()
}

/// What resolves to this machine by itself: names below `localhost`, and services that answer with the address in the name.
const RESOLVED: [&str; 3] = ["localhost", "sslip.io", "nip.io"];

/// The line of the hosts file for names that lead nowhere on the developer's machine.
fn host_names(stack: &Stack) -> Option<Note> {
    let cluster = &stack.cluster;
    cluster.local.filter(|local| local.value)?;
    if !has_ingress(stack) {
        return None;
    }
    let ingresses = stack.file.tables.ingress.iter();
    let hosts = ingresses.flat_map(|(name, ingress)| ingress.hosts(name, cluster).unwrap_or_default());
    let is_resolved = |host: &str| {
        RESOLVED.iter().any(|end| host.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
    };
    let unresolved: IndexSet<String, FxBuildHasher> =
        hosts.filter_map(|host| host.name).filter(|host| !host.starts_with('*') && !is_resolved(host)).collect();
    if unresolved.is_empty() {
        return None;
    }
    let hosts = unresolved.into_iter().collect::<Vec<_>>().join(" ");
    Some(Note::Command {
        purpose: format!("{hosts} must lead to this machine"),
        command: format!("echo '127.0.0.1 {hosts}' | sudo tee -a /etc/hosts"),
    })
}

/// Only minikube finds the address of a node port by itself; elsewhere it depends on how the cluster was made.
fn node_ports(stack: &Stack) -> Vec<Note> {
    if tool(&stack.cluster) != Tool::Minikube {
        return Vec::new();
    }
    let apis = stack.file.tables.api.iter();
    let services = apis.flat_map(|(name, api)| services(name, api));
    let exposed = services.filter(|(_, service)| kind(*service) == ServiceType::NodePort);
    let note = |(service, _): (&str, Option<&Service>)| Note::Command {
        purpose: format!("the address of `{service}`"),
        command: format!(
            "minikube service {service} --url{} --profile {}",
            namespace_option(stack),
            cluster_name(stack)
        ),
    };
    exposed.map(note).collect()
}

/// How a backup is made before the clock does: worth trying once, before it is needed.
fn backups(stack: &Stack) -> Vec<Note> {
    let backed_up = stack.file.tables.db.iter().filter(|(_, db)| matches!(db.backup, Some(Switch::On(_))));
    let option = namespace_option(stack);
    let note = |name: &Name| Note::Command {
        purpose: format!("to back up `{name}` now, and see that it works"),
        command: format!("kubectl create job {name}-backup-now --from=cronjob/{name}-backup{option}"),
    };
    backed_up.map(|(name, _)| note(&name.value)).collect()
}

/// How a backup is loaded: the name of the Job ends in a hash, so that nobody can know the command by heart.
fn restores(stack: &Stack, bundle: &Bundle) -> Vec<Note> {
    let jobs =
        bundle.objects.iter().filter(|object| object.kind_name() == "Job" && object.identity.role == restore::ROLE);
    let option = namespace_option(stack);
    let note = |job: &Object| {
        let name = job.name();
        let database = &job.identity.component;
        Note::Command {
            purpose: format!(
                "only to restore `{database}`: its newest backup takes the place of what it holds now; before the \
                 next time, delete this Job and apply the manifests again"
            ),
            command: format!("kubectl patch job {name}{option} --patch '{{\"spec\":{{\"suspend\":false}}}}'"),
        }
    };
    jobs.map(note).collect()
}

/// A way to each api of a stack that has no ingress.
fn forwarded_ports(stack: &Stack) -> Vec<Note> {
    let mut ports = LocalPorts::default();
    let mut notes = Vec::new();
    for (name, api) in stack.file.tables.api.iter() {
        let Some((service, port)) = first_port(name, api) else { continue };
        let Some(local) = ports.take(port) else { continue };
        notes.push(Note::Command {
            purpose: format!("`{service}` answers at localhost:{local}"),
            command: format!("kubectl port-forward service/{service} {local}:{port}{}", namespace_option(stack)),
        });
    }
    notes
}

/// Ports of the developer's machine, each given once.
#[derive(Default)]
struct LocalPorts {
    taken: IndexSet<u16, FxBuildHasher>,
    /// Where to go on looking, by what was looked for, so that many equal ports are not gone through again and again.
    next: IndexMap<u16, u16, FxBuildHasher>,
}

impl LocalPorts {
    /// One that is like `port`; ports below 1024 are the administrator's, so 8080 stands for 80.
    fn take(&mut self, port: u16) -> Option<u16> {
        let wanted = if port < 1024 { port + 8000 } else { port };
        let start = self.next.get(&wanted).copied().unwrap_or(wanted);
        let local = (start..=u16::MAX).find(|local| !self.taken.contains(local))?;
        self.taken.insert(local);
        self.next.insert(wanted, local);
        Some(local)
    }
}

/// The first Service of an api that offers a TCP port, which alone can be forwarded, and that port.
fn first_port<'a>(name: &'a Written<Name>, api: &'a Api) -> Option<(&'a str, u16)> {
    services(name, api).filter(|(_, service)| kind(*service) != ServiceType::None).find_map(|(own, service)| {
        let offered = api.ports().offered(service).into_iter();
        let mut spoken =
            offered.filter(|(_, port)| port.protocol.is_none_or(|protocol| protocol.value == Protocol::Tcp));
        spoken.next().map(|(_, port)| (own, port.service.value.get()))
    })
}

/// The Services of an api by their names, its own first; one that says nothing of itself is `None`.
fn services<'a>(name: &'a Written<Name>, api: &'a Api) -> impl Iterator<Item = (&'a str, Option<&'a Service>)> {
    let own = std::iter::once((name.value.as_str(), api.listening.service.as_ref()));
    own.chain(api.listening.services.iter().map(|(name, service)| (name.value.as_str(), Some(service))))
}

fn kind(service: Option<&Service>) -> ServiceType {
    service.and_then(|service| service.kind).map_or(ServiceType::ClusterIp, |kind| kind.value)
}

fn has_ingress(stack: &Stack) -> bool {
    !stack.file.tables.ingress.is_empty() && stack.cluster.expose_api() != ExposeApi::None
}

fn namespace_option(stack: &Stack) -> String {
    stack.namespace().map(|namespace| format!(" --namespace {namespace}")).unwrap_or_default()
}
