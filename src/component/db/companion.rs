//! What the workloads beside a database share: their names, how they find the server, with which rights they run.

use super::Db;
use super::server::variable;
use crate::bundle::{Bundle, CauseId, Traced, traced};
use crate::component::engines::Content;
use crate::component::engines::companion::Client;
use crate::component::parts::check;
use crate::component::parts::container::pull_policy;
use crate::component::parts::resources::Resources;
use crate::component::parts::workload::pull_secrets;
use crate::component::world::{Connection, Place, Subject, World, add, text};
use crate::document::OriginId;
use crate::document::checking::Checking;
use crate::shape::{Switch, Written};
use crate::traced;
use crate::value::{Image, Name};
use k8s_openapi::api::apps::v1 as apps;
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

impl Db {
    /// Adds what the stack asks for beside the server: backup and restore, exporter, pooler.
    pub fn lower_companions(&self, name: &Written<Name>, world: &World, bundle: &mut Bundle) {
        let component = name.value.as_str();
        let server = self.server_connection(name, world.stack_name());
        let beside = |own: &str, origin, lower: &mut dyn FnMut(&Companion)| {
            let subject = Subject { name: own, origin, ..Subject::new("db", name) };
            lower(&Companion { db: self, subject, server: &server, world });
        };
        if let Some(Switch::On(backup)) = &self.backup {
            beside(&backup_name(component), backup.origin, &mut |companion| backup.lower(companion, bundle));
            beside(&restore_name(component), backup.origin, &mut |companion| backup.lower_restore(companion, bundle));
        }
        if let Some(Switch::On(exporter)) = &self.exporter {
            beside(&exporter_name(component), exporter.origin, &mut |companion| exporter.lower(companion, bundle));
        }
        if let Some(Switch::On(pooler)) = &self.pooler {
            beside(&pooler_name(component), pooler.origin, &mut |companion| pooler.lower(companion, bundle));
        }
    }

    /// Reports what of it does not fit the rest of the stack.
    pub fn check_companions(&self, name: &Written<Name>, world: &World, checking: &mut Checking) {
        if let Some(Switch::On(backup)) = &self.backup {
            check::longest(name, "-backup-0000000000", "a Job of the backup", checking);
            backup.check(world, checking);
        }
        if let Some(Switch::On(exporter)) = &self.exporter {
            check::longest(name, "-exporter", "the exporter", checking);
            exporter.resources.iter().for_each(|resources| resources.check(checking));
        }
        if let Some(Switch::On(pooler)) = &self.pooler {
            check::longest(name, "-pooler", "the pooler", checking);
            pooler.resources.iter().for_each(|resources| resources.check(checking));
        }
    }

    /// The names of what is made beside it.
    pub fn companion_names(&self, name: &Written<Name>) -> Vec<CompanionName> {
        let component = name.value.as_str();
        let mut names = Vec::new();
        if let Some(Switch::On(backup)) = &self.backup {
            let volume = if backup.makes_volume() { Some("volume") } else { None };
            let tables = ["config"].into_iter().chain(volume).collect();
            names.push(CompanionName::new(backup_name(component), backup.origin, "the backup", tables));
            names.push(CompanionName::new(restore_name(component), backup.origin, "the restore", vec!["config"]));
        }
        if let Some(Switch::On(exporter)) = &self.exporter {
            names.push(CompanionName::new(exporter_name(component), exporter.origin, "the exporter", vec!["config"]));
        }
        if let Some(Switch::On(pooler)) = &self.pooler {
            names.push(CompanionName::new(pooler_name(component), pooler.origin, "the pooler", vec!["config"]));
        }
        names
    }
}

/// The name of something that is made beside a database.
pub struct CompanionName {
    /// The name.
    pub name: String,
    /// The key that asks for it.
    pub origin: OriginId,
    /// What it is, with article.
    pub what: &'static str,
    /// The tables whose objects would have this name and kind too, beside the components.
    pub tables: Vec<&'static str>,
}

impl CompanionName {
    fn new(name: String, origin: OriginId, what: &'static str, tables: Vec<&'static str>) -> Self {
        Self { name, origin, what, tables }
    }
}

/// The CronJob that dumps, its scripts and its disk.
pub(super) fn backup_name(component: &str) -> String {
    format!("{component}-backup")
}

/// The Job that loads a dump; a hash follows.
pub(super) fn restore_name(component: &str) -> String {
    format!("{component}-restore")
}

fn exporter_name(component: &str) -> String {
    format!("{component}-exporter")
}

/// The pooler and its Service.
pub(super) fn pooler_name(component: &str) -> String {
    format!("{component}-pooler")
}

/// One workload beside a database.
pub(super) struct Companion<'a> {
    /// The database.
    pub db: &'a Db,
    /// What its objects are made for.
    pub subject: Subject<'a>,
    /// How the server is reached.
    pub server: &'a Connection,
    /// The stack around both.
    pub world: &'a World<'a>,
}

impl<'a> Companion<'a> {
    /// A rule that follows from the key that asks for the companion, and from the engine.
    pub fn derive(&self, rule: &'static str) -> CauseId {
        self.world.derive(rule, &[self.subject.origin, self.db.engine.origin])
    }

    /// The server as the companion reaches it.
    pub fn client(&self) -> Client<'a> {
        let server = self.server;
        Client {
            host: server.hosts.first().map_or("", |host| &host.value),
            port: server.ports.first().map_or(0, |port| port.number.value),
            place: if self.db.managed.is_some() { Place::Outside } else { Place::Inside },
            user: server.user.as_ref(),
            password: server.password.as_ref(),
            database: server.database.as_ref(),
            sslmode: self.db.managed.as_ref().and_then(|managed| managed.sslmode).map(|mode| mode.value),
        }
    }

    /// Variables as the container has them.
    pub fn variables(&self, variables: Vec<(&str, Content)>) -> Vec<Traced<core::EnvVar>> {
        let reads = self.derive("what works beside a database logs in as applications do");
        let host = self.server.hosts.first().map_or(self.subject.origin, |host| host.origin);
        let port = self.server.ports.first().map_or(host, |port| port.number.origin);
        let derive = |rule| self.world.derive(rule, &[self.subject.origin, host, port]);
        variables.into_iter().map(|(name, content)| variable(name, content, reads, derive)).collect()
    }

    /// The image of the stack, else the usual one.
    pub fn image(&self, written: Option<&Written<Image>>, usual: &str) -> Traced<String> {
        let rule = "the usual image for what works beside a database of this engine";
        written.map_or_else(|| traced(usual.to_owned(), self.derive(rule)), text)
    }

    /// What the stack asks for, else a little.
    pub fn resources(&self, written: Option<&Resources>, usual: &Request) -> Traced<core::ResourceRequirements> {
        let made = || {
            let cause = self.derive("what works beside a database asks for a little where the stack says nothing");
            let amount = |text: &str| traced(Quantity(text.to_owned()), cause);
            let requests = vec![("cpu".to_owned(), amount(usual.cpu)), ("memory".to_owned(), amount(usual.memory))];
            traced!(cause, core::ResourceRequirements { requests: requests })
        };
        written.map_or_else(made, Resources::lower)
    }

    /// Labels of the Pods.
    pub fn pod_metadata(&self) -> Traced<ObjectMeta> {
        traced!(self.subject.origin, ObjectMeta { labels: self.world.labels(self.subject) })
    }

    /// Name, namespace and labels of an object that is called like the companion.
    pub fn metadata(&self) -> Traced<ObjectMeta> {
        self.world.metadata(self.subject, self.subject.name)
    }

    /// Why no token for the API is mounted.
    pub fn no_token(&self) -> Traced<bool> {
        traced(false, self.derive("a Pod gets a token for the Kubernetes API only where it asks for an account"))
    }

    /// Whether the Pod gets a variable for each Service.
    pub fn service_links(&self) -> Option<Traced<bool>> {
        self.db.service_links.map(|links| traced(links.value, links.origin))
    }

    /// Adds a Deployment of a container that may do nothing but run, as `user`.
    pub fn add_deployment(&self, role: &'static str, server: Server, bundle: &mut Bundle) {
        let cause = self.derive("what works beside a database needs no rights, so it meets the level `restricted`");
        let security = traced!(
            cause,
            core::PodSecurityContext {
                run_as_user: server.user,
                run_as_non_root: true,
                seccomp_profile: traced!(cause, core::SeccompProfile { type_: "RuntimeDefault" }),
            }
        );
        let spec = traced!(
            self.subject.origin,
            core::PodSpec {
                automount_service_account_token: self.no_token(),
                enable_service_links: self.service_links(),
                security_context: security,
                image_pull_secrets: pull_secrets(&self.db.pull_secrets, self.world),
                containers: vec![self.container(server.container, cause)],
                volumes: server.volumes,
            }
        );
        let template =
            traced!(self.subject.origin, core::PodTemplateSpec { metadata: self.pod_metadata(), spec: spec });
        let spec = traced!(
            self.subject.origin,
            apps::DeploymentSpec {
                replicas: server.replicas,
                selector: self.world.selector(self.subject),
                template: template,
            }
        );
        let object = traced!(self.subject.origin, apps::Deployment { metadata: self.metadata(), spec: spec });
        add(bundle, self.subject, role, object);
    }

    fn container(&self, container: Container, cause: CauseId) -> Traced<core::Container> {
        let security = traced!(
            cause,
            core::SecurityContext {
                allow_privilege_escalation: false,
                capabilities: traced!(cause, core::Capabilities { drop: vec![traced("ALL".to_owned(), cause)] }),
                read_only_root_filesystem: true,
            }
        );
        let [live, ready] = container.probes;
        traced!(
            self.subject.origin,
            core::Container {
                name: traced(self.subject.name.to_owned(), self.subject.origin),
                image: container.image,
                image_pull_policy: pull_policy(None, self.world),
                command: container.command,
                args: container.args,
                ports: vec![container.port],
                env: container.env,
                resources: container.resources,
                volume_mounts: container.mounts,
                liveness_probe: live,
                readiness_probe: ready,
                lifecycle: container.lifecycle,
                security_context: security,
            }
        )
    }

    /// Adds a Service in front of its Pods, with one port.
    pub fn add_service(
        &self,
        role: &'static str,
        port: &ServedPort,
        annotations: Vec<(String, Traced<String>)>,
        bundle: &mut Bundle,
    ) {
        let entry = traced!(
            port.cause,
            core::ServicePort {
                name: port.name,
                port: i32::from(port.number),
                target_port: IntOrString::String(port.name.to_owned()),
            }
        );
        let spec = traced!(
            self.subject.origin,
            core::ServiceSpec { selector: self.world.selector_labels(self.subject), ports: vec![entry] }
        );
        let own = traced(self.subject.name.to_owned(), self.subject.origin);
        let metadata = self.world.metadata_with(self.subject, own, Vec::new(), annotations);
        add(bundle, self.subject, role, traced!(self.subject.origin, core::Service { metadata: metadata, spec: spec }));
    }
}

/// What a companion asks for where the stack says nothing.
pub(super) struct Request {
    /// Cores.
    pub cpu: &'static str,
    /// Memory.
    pub memory: &'static str,
}

/// The port on which a companion listens.
pub(super) struct ServedPort {
    /// Its name.
    pub name: &'static str,
    /// Its number, on the Service and in the container.
    pub number: u16,
    /// Why it is this one.
    pub cause: CauseId,
}

impl ServedPort {
    /// The port as the container has it.
    pub fn of_container(&self) -> Traced<core::ContainerPort> {
        traced!(self.cause, core::ContainerPort { name: self.name, container_port: i32::from(self.number) })
    }
}

/// A companion that runs until it is removed.
pub(super) struct Server {
    /// The numeric user.
    pub user: i64,
    /// How many Pods.
    pub replicas: Traced<i32>,
    /// Its one container.
    pub container: Container,
    /// The volumes of its Pods.
    pub volumes: Vec<Traced<core::Volume>>,
}

/// The container of such a companion.
pub(super) struct Container {
    /// The image.
    pub image: Traced<String>,
    /// Replaces the image's entry point.
    pub command: Vec<Traced<String>>,
    /// The arguments.
    pub args: Vec<Traced<String>>,
    /// Its one port.
    pub port: Traced<core::ContainerPort>,
    /// The variables.
    pub env: Vec<Traced<core::EnvVar>>,
    /// What it asks for.
    pub resources: Traced<core::ResourceRequirements>,
    /// Where it sees the volumes.
    pub mounts: Vec<Traced<core::VolumeMount>>,
    /// Whether it is alive, and ready.
    pub probes: [Traced<core::Probe>; 2],
    /// What it does before it ends.
    pub lifecycle: Option<Traced<core::Lifecycle>>,
}
