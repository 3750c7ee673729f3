//! The keys that api, worker, cronjob and job share.

use super::env::{EnvFrom, EnvValue, lower_env_from};
use super::hosts::{HostAliases, lower_host_aliases};
use super::mounts::{self, Mounts};
use super::ports::{Port, lower_container_ports};
use super::probes::{Probe, Probes, move_health};
use super::resources::Resources;
use super::rights::{Access, ClusterAccess, Rights, ServiceAccount};
use super::scheduling::{Spread, Stop};
use super::security::{MainContainer, Security};
use super::tolerations::{Toleration, lower_tolerations};
use super::uses::Uses;
use crate::bundle::{Bundle, Traced, traced};
use crate::component::words::PullPolicy;
use crate::component::world::{Subject, World, entries, text};
use crate::document::path::KeyPath;
use crate::shape::{Keyed, Written};
use crate::value::{AnnotationName, EnvName, Image, LabelName, LabelValue, Name, ObjectName, PortName};
use crate::{table, traced};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

table! {
    /// What any workload has.
    pub struct Workload("workload") {
        /// The image with its tag.
        image: Written<Image>,
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
        /// Components that must accept connections before this one starts.
        wait: Vec<Written<Name>>,
        /// Ports by name; the first is the default for probes, routes and `uses`.
        ports: Keyed<PortName, Port>,
        /// What the container asks for and may use.
        resources: Option<Resources>,
        /// Health checks.
        probes: Option<Probes>,
        /// One path or probe for a sensible trio of health checks.
        health: Option<Probe>,
        /// Rights of the processes: `baseline` (the default), `restricted`, `privileged`, or a table.
        security: Option<Security>,
        /// The account under which the Pod talks to the Kubernetes API.
        service_account: Option<ServiceAccount>,
        /// What the Pod may do with objects of its namespace, by API group: `access."" = { resources = ["pods"], verbs = ["get", "list"] }`. Makes the account, a Role and its binding.
        access: Access,
        /// The same for the whole cluster, by API group or by a path of the API server: `cluster-access."/metrics" = { verbs = ["get"] }`.
        cluster_access: ClusterAccess,
        /// Labels that a node must have.
        node_selector: Keyed<LabelName, Written<LabelValue>>,
        /// Taints of nodes that the Pods tolerate: `["gpu", "dedicated=db:NoSchedule"]`, `"*"` for all, or tables.
        tolerations: Vec<Toleration>,
        /// The PriorityClass: which Pods go first where there is no room for all.
        priority_class: Option<Written<ObjectName>>,
        /// Names for addresses, in the Pod's own hosts file: `{ "10.0.0.5" = ["db.corp", "db"] }`.
        host_aliases: HostAliases,
        /// Spreads the replicas over zones or nodes.
        spread: Option<Spread>,
        /// How the container ends.
        stop: Option<Stop>,
        /// Labels of the workload and its Pods, beside the usual ones.
        labels: Keyed<LabelName, Written<LabelValue>>,
        /// Annotations of the workload and its Pods.
        annotations: Keyed<AnnotationName, Written<String>>,
        /// Secrets of type `kubernetes.io/dockerconfigjson` for private registries.
        pull_secrets: Vec<Written<ObjectName>>,
        /// When the image is pulled: `IfNotPresent`, `Always` or `Never`.
        pull_policy: Option<Written<PullPolicy>>,
        /// Gives the Pod a variable for each port of each Service; false where it is left out.
        service_links: Option<Written<bool>>,
        /// The template whose keys this component takes over.
        extends: Option<Written<Name>>,
        /// Paths to remove from what lower layers, defaults and templates say.
        unset: Vec<Written<KeyPath>>,
    }
    form {
        rewrite: Some(move_health),
        moved: &[("health", &["probes"])],
    }
}

/// What a kind of workload adds to its Pods.
pub struct PodPlan<'a> {
    /// Whose Pods they are.
    pub subject: Subject<'a>,
    /// `Never` or `OnFailure`; `Always` where it is left out.
    pub restart: Option<Traced<String>>,
}

/// A Pod template, and the disks that each Pod of a StatefulSet gets.
pub struct Pods {
    /// The template.
    pub template: Traced<core::PodTemplateSpec>,
    /// The disks.
    pub claims: Vec<Traced<core::PersistentVolumeClaim>>,
}

impl Workload {
    /// The template of the Pods.
    pub fn pods(&self, plan: PodPlan, world: &World) -> Pods {
        let subject = plan.subject;
        let volumes = mounts::lower(&self.mounts, subject, world);
        let mut labels = entries(&self.labels);
        labels.extend(world.labels(subject));
        let metadata = traced!(subject.origin, ObjectMeta { labels: labels, annotations: entries(&self.annotations) });
        let has_disks = self
            .mounts
            .iter()
            .any(|(_, mount)| mount.volume.is_some() || mount.storage.is_some() || mount.claim.is_some());
        let disk_group = self.security.as_ref().filter(|_| has_disks).and_then(|security| disk_group(security, world));
        let spec = traced!(
            subject.origin,
            core::PodSpec {
                restart_policy: plan.restart,
                service_account_name: self.rights().account_name(subject),
                automount_service_account_token: self.rights().token(subject, world),
                priority_class_name: self.priority_class.as_ref().map(text),
                host_aliases: lower_host_aliases(&self.host_aliases),
                enable_service_links: self.service_links.map(|links| traced(links.value, links.origin)),
                security_context: self.security.as_ref().and_then(|security| security.lower_pod(disk_group)),
                node_selector: entries(&self.node_selector),
                tolerations: lower_tolerations(&self.tolerations),
                image_pull_secrets: pull_secrets(&self.pull_secrets, world),
                termination_grace_period_seconds: self.stop.as_ref().and_then(Stop::grace),
                topology_spread_constraints: self
                    .spread
                    .iter()
                    .map(|spread| spread.lower(subject, world))
                    .collect::<Vec<_>>(),
                init_containers: self.wait_containers(world),
                containers: vec![self.container(subject, volumes.mounts, world)],
                volumes: volumes.volumes,
            }
        );
        Pods {
            template: traced!(subject.origin, core::PodTemplateSpec { metadata: metadata, spec: spec }),
            claims: volumes.templates,
        }
    }

    fn container(
        &self,
        subject: Subject,
        mounts: Vec<Traced<core::VolumeMount>>,
        world: &World,
    ) -> Traced<core::Container> {
        let first = self.ports.iter().next().map(|(name, _)| name.value.as_str());
        let [live, ready, start] = self.probes.as_ref().map(|probes| probes.lower(first)).unwrap_or_default();
        let texts =
            |list: &Option<Vec<Written<String>>>| list.as_ref().map(|list| list.iter().map(text).collect::<Vec<_>>());
        traced!(
            subject.origin,
            core::Container {
                name: traced(subject.name.to_owned(), subject.origin),
                image: text(&self.image),
                image_pull_policy: pull_policy(self.pull_policy, world),
                command: texts(&self.command),
                args: texts(&self.args),
                ports: lower_container_ports(&self.ports),
                env_from: lower_env_from(&self.env_from),
                env: self.environment(world),
                resources: self.resources.as_ref().map(Resources::lower),
                volume_mounts: mounts,
                liveness_probe: live,
                readiness_probe: ready,
                startup_probe: start,
                lifecycle: self.stop.as_ref().and_then(Stop::lower),
                security_context: self
                    .security
                    .as_ref()
                    .and_then(|security| security.lower_container(MainContainer::Yes)),
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

    /// One init container for each target of `wait`, which tries to connect until it succeeds.
    fn wait_containers(&self, world: &World) -> Vec<Traced<core::Container>> {
        let container = |target: &Written<Name>| {
            let connection = world.connections.get(target.value.as_str())?;
            let (host, port) = (connection.hosts.first()?, connection.ports.first()?.number);
            let rule = "a wait tries to connect until it succeeds";
            let cause = world.derive(rule, &[target.origin, host.origin, port.origin]);
            let (host, port) = (&host.value, port.value);
            let script = format!("until nc -z -w 2 {host} {port}; do echo waiting for {host}:{port}; sleep 1; done");
            let words = ["sh", "-c", &script].map(|word| traced(word.to_owned(), cause));
            Some(traced!(
                target.origin,
                core::Container {
                    name: traced(format!("wait-{}", target.value), target.origin),
                    image: world.wait.image.clone(),
                    image_pull_policy: pull_policy(None, world),
                    command: Vec::from(words),
                    resources: world.wait.resources.clone(),
                    security_context: self
                        .security
                        .as_ref()
                        .and_then(|security| security.lower_container(MainContainer::No)),
                }
            ))
        };
        self.wait.iter().filter_map(container).collect()
    }

    /// The account of the Pods, and what they may do.
    pub fn rights(&self) -> Rights<'_> {
        Rights {
            account: self.service_account.as_ref(),
            access: &self.access,
            cluster_access: &self.cluster_access,
            origin: self.origin,
        }
    }

    /// Adds the account, where the stack makes it, and its rights.
    pub fn add_account(&self, subject: Subject, world: &World, bundle: &mut Bundle) {
        self.rights().add(subject, world, bundle);
    }
}

/// The policy of the component, else that of the cluster.
pub fn pull_policy(own: Option<Written<PullPolicy>>, world: &World) -> Option<Traced<String>> {
    let of_cluster = || world.cluster.images.as_ref().and_then(|images| images.pull_policy);
    own.or_else(of_cluster).map(|policy| traced(policy.value.as_str().to_owned(), policy.origin))
}

/// The pull secrets of the component, else those of the cluster.
pub fn pull_secrets(own: &[Written<ObjectName>], world: &World) -> Vec<Traced<core::LocalObjectReference>> {
    let of_cluster = world.cluster.images.as_ref().map_or(&[][..], |images| &images.pull_secrets);
    let secrets = if own.is_empty() { of_cluster } else { own };
    secrets.iter().map(|name| traced!(name.origin, core::LocalObjectReference { name: text(name) })).collect()
}

/// The group that owns a Pod's disks: that of the process, where the cluster can give disks to a group.
pub fn disk_group(security: &Security, world: &World) -> Option<Traced<i64>> {
    let can = world.cluster.storage.as_ref().and_then(|storage| storage.fs_group).filter(|can| can.value)?;
    let user = security.user?;
    Some(traced(user.value.0, world.derive("disks belong to the group of the process", &[user.origin, can.origin])))
}
