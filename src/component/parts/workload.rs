//! The keys that api, worker, cronjob and job share.

use super::super::lint::Allowances;
use super::container::{Container, InitContainer, Native, Role, Sidecar, Surroundings, knows_sidecars};
use super::env::{EnvFrom, EnvValue};
use super::hosts::{HostAliases, lower_host_aliases};
use super::mounts::{Mounts, Volumes};
use super::ports::Port;
use super::probes::{Probe, Probes, move_health};
use super::resources::Resources;
use super::rights::{Access, ClusterAccess, Rights, ServiceAccount};
use super::scheduling::{Spread, Stop};
use super::security::Security;
use super::tolerations::{Toleration, lower_tolerations};
use super::uses::Uses;
use super::wait;
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
        /// Containers that run to their ends, one after the other, before this one starts.
        init: Keyed<Name, InitContainer>,
        /// Containers that run beside this one; they are there before the init containers start.
        sidecar: Keyed<Name, Sidecar>,
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
        /// The same for the whole cluster, by API group or by a path of the API server: `cluster-access."/metrics" = { verbs = ["get"] }`. The ClusterRole and its binding are called `NAMESPACE-NAME`.
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
        /// Findings of `lint` that are meant, each with the reason: `{ single-replica = "a batch tool" }`.
        allow: Allowances,
        /// The template whose keys this component takes over.
        extends: Option<Written<Name>>,
        /// Paths to remove from what lower layers, defaults and templates say; they begin at this table, as in `probes.live`.
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

/// The containers of a Pod, and what they mount.
struct Containers {
    init: Vec<Traced<core::Container>>,
    running: Vec<Traced<core::Container>>,
    volumes: Volumes,
}

impl Workload {
    /// The template of the Pods.
    pub fn pods(&self, plan: PodPlan, world: &World) -> Pods {
        let subject = plan.subject;
        let mut labels = entries(&self.labels);
        labels.extend(world.labels(subject));
        let metadata = traced!(subject.origin, ObjectMeta { labels: labels, annotations: entries(&self.annotations) });
        let described = self.containers(Written { value: subject.name, origin: subject.origin });
        let has_disks =
            described.iter().flat_map(|container| container.mounts.iter()).any(|(_, mount)| mount.is_disk());
        let disk_group = self.security.as_ref().filter(|_| has_disks).and_then(|security| disk_group(security, world));
        let Containers { init, running, volumes } = self.lower_containers(&described, subject, world);
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
                init_containers: init,
                containers: running,
                volumes: volumes.volumes,
            }
        );
        Pods {
            template: traced!(subject.origin, core::PodTemplateSpec { metadata: metadata, spec: spec }),
            claims: volumes.templates,
        }
    }

    /// The containers of the Pod as they are described, the component's own first, then sidecars, then init containers.
    pub fn containers<'a>(&'a self, name: Written<&'a str>) -> Vec<Container<'a>> {
        let main = self.main(name);
        let sidecars = self.sidecar.iter().map(|(name, sidecar)| sidecar.container(name));
        let init = self.init.iter().map(|(name, init)| init.container(name));
        let image = main.image.map(|image| &image.value);
        // the policy is that of the component's image: one that was loaded onto the node says nothing about another
        let pulled = |container: Container<'a>| match container.image.map(|image| &image.value) == image {
            true => Container { pull_policy: self.pull_policy, ..container },
            false => container,
        };
        std::iter::once(main).chain(sidecars.chain(init).map(pulled)).collect()
    }

    fn main<'a>(&'a self, name: Written<&'a str>) -> Container<'a> {
        Container {
            role: Role::Main,
            name,
            image: Some(&self.image),
            command: self.command.as_deref(),
            args: self.args.as_deref(),
            env: &self.env,
            env_from: &self.env_from,
            uses: &self.uses,
            mounts: &self.mounts,
            resources: self.resources.as_ref(),
            security: self.security.as_ref(),
            pull_policy: self.pull_policy,
            ports: Some(&self.ports),
            probes: self.probes.as_ref(),
            stop: self.stop.as_ref().map(|stop| &stop.pre_stop),
            origin: name.origin,
        }
    }

    fn lower_containers(&self, described: &[Container], subject: Subject, world: &World) -> Containers {
        let mut volumes = Volumes::for_mounts(described.iter().map(|container| container.mounts));
        let pod = Surroundings { subject, security: self.security.as_ref(), world };
        let mut lower = |role: Role| -> Vec<_> {
            let of_role = described.iter().filter(|container| container.role == role);
            of_role.map(|container| container.lower(&pod, &mut volumes)).collect()
        };
        let (mut running, sidecars, runs_to_its_end) = (lower(Role::Main), lower(Role::Sidecar), lower(Role::Init));
        let mut init = wait::lower(&self.wait, self.security.as_ref(), world);
        match knows_sidecars(world) {
            // before the init containers: a migration may need the proxy beside it
            Native::Since(_) => init.extend(sidecars),
            Native::Not(_) => running.extend(sidecars),
        }
        init.extend(runs_to_its_end);
        Containers { init, running, volumes }
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
