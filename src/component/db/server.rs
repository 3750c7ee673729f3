//! The Pod of a database: its container, probes, disk and rights.

use super::Db;
use crate::bundle::{CauseId, Traced, traced};
use crate::component::engines::{Account, Content, DataDirectory, Maker, Question, Server};
use crate::component::parts::container::pull_policy;
use crate::component::parts::env::lower_env_from;
use crate::component::parts::hosts::lower_host_aliases;
use crate::component::parts::mounts::Claim;
use crate::component::parts::ports::{Ports, lower_container_ports};
use crate::component::parts::resources::Resources;
use crate::component::parts::scheduling::Stop;
use crate::component::parts::security::{Implied, MainContainer, Security};
use crate::component::parts::tolerations::lower_tolerations;
use crate::component::parts::workload::{Pods, disk_group, pull_secrets};
use crate::component::words::Level;
use crate::component::world::{Connection, Credential, Subject, World, entries, text};
use crate::shape::{Switch, Written};
use crate::traced;
use crate::value::{Name, Scalar, Version};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

impl Db {
    /// The template of its Pod, and its disk.
    pub(super) fn pods(&self, name: &Written<Name>, ports: &Ports, world: &World) -> Pods {
        let subject = Subject::new("db", name);
        let mut labels = entries(&self.labels);
        labels.extend(world.labels(subject));
        let metadata = traced!(subject.origin, ObjectMeta { labels: labels, annotations: entries(&self.annotations) });
        let disk = self.disk(subject, world);
        let files = self.files(subject, &disk.mount.value.name, world);
        let spread = self.spread.as_ref();
        let rule = "a Pod gets a token for the Kubernetes API only where it asks for an account";
        let spec = traced!(
            subject.origin,
            core::PodSpec {
                automount_service_account_token: traced(false, world.derive(rule, &[subject.origin])),
                enable_service_links: self.service_links.map(|links| traced(links.value, links.origin)),
                security_context: self
                    .security
                    .as_ref()
                    .and_then(|security| security.lower_pod_with(self.implied(security, world))),
                node_selector: entries(&self.node_selector),
                tolerations: lower_tolerations(&self.tolerations),
                priority_class_name: self.priority_class.as_ref().map(text),
                host_aliases: lower_host_aliases(&self.host_aliases),
                image_pull_secrets: pull_secrets(&self.pull_secrets, world),
                termination_grace_period_seconds: self.stop.as_ref().and_then(Stop::grace),
                topology_spread_constraints: Vec::from_iter(spread.map(|spread| spread.lower(subject, world))),
                containers: vec![self.container(
                    name,
                    ports,
                    std::iter::once(disk.mount).chain(files.mounts).collect(),
                    world
                )],
                volumes: disk.volume.into_iter().chain(files.volumes).collect::<Vec<_>>(),
            }
        );
        Pods {
            template: traced!(subject.origin, core::PodTemplateSpec { metadata: metadata, spec: spec }),
            claims: Vec::from_iter(disk.claim),
        }
    }

    fn container(
        &self,
        name: &Written<Name>,
        ports: &Ports,
        mounts: Vec<Traced<core::VolumeMount>>,
        world: &World,
    ) -> Traced<core::Container> {
        let connection = self.connection(name, world.stack_name());
        let server = self.server(&connection);
        let [live, ready, start] = self.probes(&server, world);
        traced!(
            name.origin,
            core::Container {
                name: text(name),
                image: self.image(world),
                image_pull_policy: pull_policy(self.pull_policy, world),
                args: self.arguments(&server, world),
                ports: lower_container_ports(ports),
                env_from: lower_env_from(&self.env_from),
                env: self.environment(&server, world),
                resources: self.resources.as_ref().map(Resources::lower),
                volume_mounts: mounts,
                liveness_probe: live,
                readiness_probe: ready,
                startup_probe: start,
                lifecycle: self.stop.as_ref().and_then(|stop| stop.lower(world)),
                security_context: self
                    .security
                    .as_ref()
                    .and_then(|security| security.lower_container(MainContainer::Yes)),
            }
        )
    }

    /// What the engine must know of it.
    pub(super) fn server<'a>(&self, connection: &'a Connection) -> Server<'a> {
        let own = self.engine.value.facts().port;
        Server {
            major: self.major(),
            port: self.port.map(|port| port.value.get()).filter(|port| *port != own),
            user: connection.user.as_ref(),
            password: connection.password.as_ref(),
            database: connection.database.as_ref(),
        }
    }

    /// The major version: as written, or of the usual image; not known of an image of one's own.
    pub(super) fn major(&self) -> Option<u32> {
        match (&self.version, &self.image) {
            (Some(version), _) => version.value.major(),
            (None, Some(_)) => None,
            (None, None) => Version::parse(self.engine.value.facts().version).ok()?.major(),
        }
    }

    pub(super) fn image(&self, world: &World) -> Traced<String> {
        let facts = self.engine.value.facts();
        match (&self.image, &self.version) {
            (Some(image), _) => text(image),
            (None, Some(version)) => {
                let cause =
                    world.derive("the version is the tag of the engine's image", &[version.origin, self.engine.origin]);
                traced(format!("{}:{}", facts.image, version.value), cause)
            }
            (None, None) => {
                let cause = world.derive("the usual image of the engine", &[self.engine.origin]);
                traced(format!("{}:{}", facts.image, facts.version), cause)
            }
        }
    }

    /// Where the settings are, those of the stack, those that the engine needs; nothing where the image's own are enough.
    fn arguments(&self, server: &Server, world: &World) -> Option<Vec<Traced<String>>> {
        let facts = self.engine.value.facts();
        let needed = (facts.arguments)(server);
        let settings = self.settings.origin.filter(|_| !self.settings.is_empty());
        let located = settings.map_or(&[][..], |_| facts.configuration.arguments);
        if self.args.is_none() && needed.is_empty() && located.is_empty() {
            return None;
        }
        let mut arguments: Vec<_> = self.args.iter().flatten().map(text).collect();
        let program = arguments.first().and_then(|word| word.value.rsplit('/').next());
        let behind = usize::from(program == Some(facts.configuration.program));
        let cause = world.derive("the server is told where its settings are", &Vec::from_iter(settings));
        let located = located.iter().map(|word| traced((*word).to_owned(), cause));
        arguments.splice(behind..behind, located);
        arguments.extend(needed.into_iter().map(|(word, rule)| traced(word, self.derive(rule, world))));
        Some(arguments)
    }

    /// The variables that the image reads, then those that are written; a written one takes the place of the image's.
    fn environment(&self, server: &Server, world: &World) -> Vec<Traced<core::EnvVar>> {
        let reads = self.derive("the image of the engine reads these variables", world);
        let needed = (self.engine.value.facts().variables)(server);
        let is_free = |name: &str| !self.env.iter().any(|(written, _)| written.value.as_str() == name);
        let needed = needed.into_iter().filter(|(name, _)| is_free(name));
        let derive = |rule| self.derive(rule, world);
        let needed = needed.map(|(name, content)| variable(name, content, reads, derive));
        needed.chain(self.env.iter().map(|(name, value)| value.lower(name))).collect()
    }

    /// Live, ready and start: as written, else as the engine is asked.
    fn probes(&self, server: &Server, world: &World) -> [Option<Traced<core::Probe>>; 3] {
        let facts = self.engine.value.facts();
        let questions = (facts.questions)(server);
        let [live, ready, start] = self.probes.as_ref().map(|probes| probes.lower(&self.ports())).unwrap_or_default();
        let cause = self.derive("a database is asked as its engine can answer", world);
        let made = |question: &Question, times: &Times| Some(probe(question, times, facts.name, cause));
        [
            live.or_else(|| made(&questions.live, &LIVE)),
            ready.or_else(|| made(&questions.ready, &READY)),
            start.or_else(|| made(&questions.ready, &START)),
        ]
    }

    /// The volume `data`, or the claim template that makes it, and where the container sees it.
    fn disk(&self, subject: Subject, world: &World) -> DataDisk {
        let data = (self.engine.value.facts().data)(self.major());
        let named = |name: &str| traced(name.to_owned(), self.derive("the disk of a database is called `data`", world));
        let volume = |source: core::Volume, origin| {
            let volume = core::Volume { name: "data".to_owned(), ..source };
            DataDisk {
                mount: self.mount(&data, named("data"), world),
                volume: Some(traced(volume, origin)),
                claim: None,
            }
        };
        let (disk, size) = match &self.storage {
            Some(Switch::On(disk)) => match (&disk.volume, &disk.size) {
                (Some(name), _) => {
                    let source =
                        core::PersistentVolumeClaimVolumeSource { claim_name: name.value.to_string(), read_only: None };
                    return volume(
                        core::Volume { persistent_volume_claim: Some(source), ..Default::default() },
                        name.origin,
                    );
                }
                (None, Some(size)) => (disk, size),
                (None, None) => return volume(empty_directory(), disk.origin),
            },
            Some(Switch::Off(origin)) => return volume(empty_directory(), *origin),
            None => return volume(empty_directory(), subject.origin),
        };
        let of_cluster = || world.cluster.storage.as_ref().and_then(|storage| storage.class.as_ref()).map(text);
        let class = disk.class.as_ref().map(text).or_else(of_cluster);
        let name = disk.claim.as_ref().map_or_else(|| named("data"), text);
        let claim = Claim { size, access: None, class, labels: world.selector_labels(subject) };
        DataDisk { mount: self.mount(&data, name.clone(), world), volume: None, claim: Some(claim.template(name)) }
    }

    fn mount(&self, data: &DataDirectory, name: Traced<String>, world: &World) -> Traced<core::VolumeMount> {
        let cause = self.derive("an engine keeps its data where its image expects them", world);
        let rule = "data lie in a directory of the volume, because the root of a disk has a `lost+found`";
        let below = (data.maker == Maker::Kubelet).then(|| traced(data.below.clone(), self.derive(rule, world)));
        traced!(cause, core::VolumeMount { name: name, mount_path: data.mount, sub_path: below })
    }

    /// The account of the image: its user where the level forbids root, its group for the disk.
    pub(super) fn implied(&self, security: &Security, world: &World) -> Implied {
        let account = self.account();
        let cause = self.derive("a database runs under the account of its image where it may not be root", world);
        let no_root = security.level() == Level::Restricted && security.user.is_none();
        let has_disk = !matches!(self.storage, Some(Switch::Off(_)) | None);
        Implied {
            user: no_root.then(|| traced(account.user, cause)),
            group: no_root.then(|| traced(account.group, cause)),
            disk_group: has_disk.then(|| self.disk_group(security, world)).flatten(),
        }
    }

    /// The group of its disks: that of the process, else that of the image, where the cluster can give disks to a group.
    pub(super) fn disk_group(&self, security: &Security, world: &World) -> Option<Traced<i64>> {
        let of_cluster = world.cluster.storage.as_ref().and_then(|storage| storage.fs_group).filter(|can| can.value);
        let of_image = || {
            let from = [self.engine.origin, of_cluster?.origin];
            let rule = "disks belong to the group of the image's account";
            Some(traced(self.account().group, world.derive(rule, &from)))
        };
        disk_group(security, world).or_else(of_image)
    }

    fn account(&self) -> Account {
        let facts = self.engine.value.facts();
        let tag = match (&self.image, &self.version) {
            (Some(image), _) => image.value.tag().unwrap_or_default(),
            (None, Some(version)) => version.value.as_str(),
            (None, None) => facts.version,
        };
        (facts.account)(tag)
    }

    /// A rule that follows from the engine, and from the version where one is written.
    fn derive(&self, rule: &'static str, world: &World) -> CauseId {
        match &self.version {
            Some(version) => world.derive(rule, &[self.engine.origin, version.origin]),
            None => world.derive(rule, &[self.engine.origin]),
        }
    }
}

/// A variable with a part of the login, because the container `reads` it, or with the text that a rule makes.
pub(super) fn variable(
    name: &str,
    content: Content,
    reads: CauseId,
    derive: impl Fn(&'static str) -> CauseId,
) -> Traced<core::EnvVar> {
    match content {
        Content::Text(value, rule) => traced!(derive(rule), core::EnvVar { name: name, value: value }),
        Content::Login(Credential::Literal(value)) => {
            traced!(reads, core::EnvVar { name: name, value: text(value) })
        }
        Content::Login(Credential::Key { secret, key }) => {
            let selector = traced!(reads, core::SecretKeySelector { name: text(secret), key: text(key) });
            let source = traced!(reads, core::EnvVarSource { secret_key_ref: selector });
            traced!(reads, core::EnvVar { name: name, value_from: source })
        }
    }
}

struct DataDisk {
    mount: Traced<core::VolumeMount>,
    volume: Option<Traced<core::Volume>>,
    claim: Option<Traced<core::PersistentVolumeClaim>>,
}

fn empty_directory() -> core::Volume {
    core::Volume { empty_dir: Some(core::EmptyDirVolumeSource::default()), ..Default::default() }
}

/// When a probe asks, in seconds, and how often it may fail.
struct Times {
    period: i32,
    failures: i32,
}

/// A minute of silence ends the server: a slow moment must not, because a restart makes it slower still.
const LIVE: Times = Times { period: 10, failures: 6 };
/// Half a minute without an answer takes it out of its Service.
const READY: Times = Times { period: 10, failures: 3 };
/// An hour for the recovery of a large database after a crash; to be killed would only begin it again.
const START: Times = Times { period: 5, failures: 720 };

/// Time after which a question has failed, in seconds: the usual one second is short for a new process on a busy node.
const TIMEOUT: i32 = 5;

fn probe(question: &Question, times: &Times, port: &str, cause: CauseId) -> Traced<core::Probe> {
    let exec = match question {
        Question::Command(command) => Some(traced!(cause, core::ExecAction { command: command.clone() })),
        Question::Connection => None,
    };
    let socket = (*question == Question::Connection)
        .then(|| traced!(cause, core::TCPSocketAction { port: IntOrString::String(port.to_owned()) }));
    traced!(
        cause,
        core::Probe {
            exec: exec,
            tcp_socket: socket,
            period_seconds: times.period,
            timeout_seconds: TIMEOUT,
            failure_threshold: times.failures,
        }
    )
}
