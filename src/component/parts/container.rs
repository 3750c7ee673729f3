//! A container of a Pod: the component's own, an init container or a sidecar.

use super::env::{EnvFrom, EnvValue, lower_env_from};
use super::mounts::{Mounts, Volumes};
use super::ports::{Ports, lower_container_ports};
use super::probes::Probes;
use super::resources::Resources;
use super::scheduling::PreStop;
use super::security::{MainContainer, Security};
use super::uses::Uses;
use crate::bundle::{Traced, traced};
use crate::component::words::PullPolicy;
use crate::component::world::{Subject, World, text};
use crate::document::OriginId;
use crate::shape::{Inherits, Keyed, Written};
use crate::value::{EnvName, Image, KubernetesVersion, Name};
use crate::{table, traced};
use k8s_openapi::api::core::v1 as core;

table! {
    /// What init containers and sidecars have.
    pub struct Companion("container") {
        /// The image. Without one this is the component's own container with another command: it takes over the component's
        /// image, env, env-from, uses, mounts and security. With one it takes over security alone.
        image: Option<Written<Image>>,
        /// Replaces the image's entry point; Compose calls it `entrypoint`.
        command: Option<Vec<Written<String>>>,
        /// The arguments; Compose calls them `command`.
        args: Option<Vec<Written<String>>>,
        /// Environment variables, in the order written, after those of `uses`.
        env: Keyed<EnvName, EnvValue>,
        /// Configs and secrets all of whose keys become variables: `["config.app", "secret.slack"]`.
        env_from: Vec<Written<EnvFrom>>,
        /// What the container sees in its file system, by path.
        mounts: Mounts,
        /// The components that this one talks to, and the variables that it gets for each.
        uses: Uses,
        /// What the container asks for and may use.
        resources: Option<Resources>,
        /// Rights of its processes, laid over those of the component.
        security: Option<Security>,
    }
    form {
        inherits: Some(Inherits {
            always: &["security"],
            own: "image",
            otherwise: &["image", "env", "env-from", "uses", "mounts"],
            // root on the node is given to the one container that asks for it
            never: &[&["security", "privileged"]],
        }),
    }
}

table! {
    /// A container that runs to its end before the component starts, such as a migration.
    pub struct InitContainer("init container") {}
    includes { companion: Companion }
}

table! {
    /// A container that runs beside the component as long as it does, such as a proxy.
    pub struct Sidecar("sidecar") {
        /// Its ports by name; the first is the default for its probes. A Service offers them where it names them.
        ports: Ports,
        /// Health checks.
        probes: Option<Probes>,
        /// What it does before it ends.
        stop: Option<PreStop>,
    }
    includes { companion: Companion }
}

/// What a container is to its Pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The component's own.
    Main,
    /// Runs to its end before the main one starts.
    Init,
    /// Runs beside the main one.
    Sidecar,
}

impl Role {
    /// For messages: "component", "init container", "sidecar".
    pub fn noun(self) -> &'static str {
        match self {
            Self::Main => "component",
            Self::Init => "init container",
            Self::Sidecar => "sidecar",
        }
    }
}

/// One container as its table describes it.
#[derive(Clone, Copy)]
pub struct Container<'a> {
    /// What it is to its Pod.
    pub role: Role,
    /// Its name, and where that was written.
    pub name: Written<&'a str>,
    /// Its image.
    pub image: Option<&'a Written<Image>>,
    /// Replaces the image's entry point.
    pub command: Option<&'a [Written<String>]>,
    /// Its arguments.
    pub args: Option<&'a [Written<String>]>,
    /// Its variables.
    pub env: &'a Keyed<EnvName, EnvValue>,
    /// Configs and secrets that become variables.
    pub env_from: &'a [Written<EnvFrom>],
    /// The components that it talks to.
    pub uses: &'a Uses,
    /// What it mounts.
    pub mounts: &'a Mounts,
    /// What it asks for.
    pub resources: Option<&'a Resources>,
    /// Its rights.
    pub security: Option<&'a Security>,
    /// When its image is pulled, where that is not the cluster's to say.
    pub pull_policy: Option<Written<PullPolicy>>,
    /// Its ports; an init container has none.
    pub ports: Option<&'a Ports>,
    /// Its health checks.
    pub probes: Option<&'a Probes>,
    /// What it does before it ends.
    pub stop: Option<&'a PreStop>,
    /// Where its table was written.
    pub origin: OriginId,
}

impl InitContainer {
    /// The container.
    pub fn container<'a>(&'a self, name: &'a Written<Name>) -> Container<'a> {
        self.companion.container(Role::Init, name)
    }
}

impl Sidecar {
    /// The container.
    pub fn container<'a>(&'a self, name: &'a Written<Name>) -> Container<'a> {
        Container {
            ports: Some(&self.ports),
            probes: self.probes.as_ref(),
            stop: self.stop.as_ref(),
            ..self.companion.container(Role::Sidecar, name)
        }
    }
}

impl Companion {
    fn container<'a>(&'a self, role: Role, name: &'a Written<Name>) -> Container<'a> {
        Container {
            role,
            name: name.as_ref().map(Name::as_str),
            image: self.image.as_ref(),
            command: self.command.as_deref(),
            args: self.args.as_deref(),
            env: &self.env,
            env_from: &self.env_from,
            uses: &self.uses,
            mounts: &self.mounts,
            resources: self.resources.as_ref(),
            security: self.security.as_ref(),
            pull_policy: None,
            ports: None,
            probes: None,
            stop: None,
            origin: self.origin,
        }
    }
}

/// The Pod around its containers.
pub struct Surroundings<'a> {
    /// Whose Pod it is.
    pub subject: Subject<'a>,
    /// What the Pod says of the rights of all its containers.
    pub security: Option<&'a Security>,
    /// The stack around it.
    pub world: &'a World<'a>,
}

impl Container<'_> {
    /// The container of a Pod; adds the volumes that it mounts.
    pub fn lower(&self, pod: &Surroundings, volumes: &mut Volumes) -> Traced<core::Container> {
        let asked = self.probes.zip(self.ports);
        let [live, ready, start] = asked.map(|(probes, ports)| probes.lower(ports)).unwrap_or_default();
        let texts = |list: Option<&[Written<String>]>| list.map(|list| list.iter().map(text).collect::<Vec<_>>());
        traced!(
            self.origin,
            core::Container {
                name: traced(self.name.value.to_owned(), self.name.origin),
                image: self.image.map(text),
                image_pull_policy: pull_policy(self.pull_policy, pod.world),
                command: texts(self.command),
                args: texts(self.args),
                ports: self.ports.map(lower_container_ports).unwrap_or_default(),
                env_from: lower_env_from(self.env_from),
                env: self.environment(pod.world),
                resources: self.resources.map(Resources::lower),
                restart_policy: self.restart_policy(pod.world),
                volume_mounts: volumes.mount(self.mounts, pod.subject, pod.world),
                liveness_probe: live,
                readiness_probe: ready,
                startup_probe: start,
                lifecycle: self.stop.and_then(|stop| stop.lower(pod.world)),
                security_context: self.security_context(pod),
            }
        )
    }

    /// The variables of the edges, then those that are written; a written one takes the place of an edge's.
    fn environment(&self, world: &World) -> Vec<Traced<core::EnvVar>> {
        let mut variables = self.uses.lower(world);
        variables.retain(|variable| !self.env.iter().any(|(name, _)| name.value.as_str() == variable.value.name));
        variables.extend(self.env.iter().map(|(name, value)| value.lower(name)));
        variables
    }

    fn restart_policy(&self, world: &World) -> Option<Traced<String>> {
        let from = match (self.role, knows_sidecars(world)) {
            (Role::Sidecar, Native::Since(Some(version))) => vec![self.name.origin, version.origin],
            (Role::Sidecar, Native::Since(None)) => vec![self.name.origin],
            _ => return None,
        };
        let rule = "a sidecar is an init container that goes on running, so that it is there before all others";
        Some(traced("Always".to_owned(), world.derive(rule, &from)))
    }

    fn security_context(&self, pod: &Surroundings) -> Option<Traced<core::SecurityContext>> {
        match (self.role, pod.security) {
            (Role::Main, _) | (_, None) => self.security?.lower_container(MainContainer::Yes),
            (_, Some(of_pod)) => self.security?.lower_beside(of_pod),
        }
    }
}

/// Whether a cluster knows sidecars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Native {
    /// It does; its version, where it is known.
    Since(Option<Written<KubernetesVersion>>),
    /// It is older.
    Not(Written<KubernetesVersion>),
}

/// The version from which on an init container may go on running, without a feature gate.
/// <https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/>
const SIDECARS: KubernetesVersion = KubernetesVersion { minor: 29 };

/// Whether the oldest version that the output must fit knows sidecars.
pub fn knows_sidecars(world: &World) -> Native {
    match world.cluster.kubernetes {
        Some(version) if version.value < SIDECARS => Native::Not(version),
        version => Native::Since(version),
    }
}

/// The policy of the component, else that of the cluster.
pub fn pull_policy(own: Option<Written<PullPolicy>>, world: &World) -> Option<Traced<String>> {
    let of_cluster = || world.cluster.images.as_ref().and_then(|images| images.pull_policy);
    own.or_else(of_cluster).map(|policy| traced(policy.value.as_str().to_owned(), policy.origin))
}
