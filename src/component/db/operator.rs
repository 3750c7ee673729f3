//! A database that an operator runs: PostgreSQL with replicas, by CloudNativePG.

use super::{Db, Disk, scripts};
use crate::bundle::{Bundle, Traced, traced};
use crate::component::engines::configuration::{flattened, parameter_text};
use crate::component::engines::settings::Setting;
use crate::component::parts::container::pull_policy;
use crate::component::parts::env::lower_env_from;
use crate::component::parts::postgres_cluster::{
    AffinityConfiguration, Bootstrap, Cluster, ClusterSpec, InheritedMetadata, InitDatabase, PostgresConfiguration,
    SqlReferences, StorageConfiguration,
};
use crate::component::parts::resources::{Resources, amount};
use crate::component::parts::tolerations::lower_tolerations;
use crate::component::parts::workload::pull_secrets;
use crate::component::world::{Subject, World, add, entries, text};
use crate::document::OriginId;
use crate::shape::{Switch, Written};
use crate::value::Name;
use crate::{traced, words};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

mod check;

words! {
    /// Who runs the servers of a database.
    pub enum Via("an operator") {
        /// CloudNativePG: PostgreSQL with streaming replication.
        CloudnativePg = "cloudnative-pg",
    }
}

/// The name of the operator, for messages.
pub const TITLE: &str = "CloudNativePG";

/// The image that the operator is made for, without a tag; that of the engine lacks what it calls.
const IMAGE: &str = "ghcr.io/cloudnative-pg/postgresql";

/// The label by which the operator marks the Pods of a Cluster.
const CLUSTER_LABEL: &str = "cnpg.io/cluster";

/// The Services that the operator makes, by what their names end in: for writing, for reading only, for reading.
pub const SERVICES: [&str; 3] = ["-rw", "-ro", "-r"];

/// The keys of the Secret that the operator reads.
pub const USER_KEY: &str = "username";
/// The same for the password.
pub const PASSWORD_KEY: &str = "password";

/// The libraries have a field of their own.
const LIBRARIES: &str = "shared_preload_libraries";

impl Db {
    /// Where an operator is asked to run the database.
    pub fn operator(&self) -> Option<Written<Via>> {
        self.via.filter(|_| self.managed.is_none())
    }

    /// Adds the Cluster.
    pub(super) fn lower_cluster(&self, name: &Written<Name>, via: OriginId, world: &World, bundle: &mut Bundle) {
        let subject = Subject::new("db", name);
        let own = traced(subject.name.to_owned(), subject.origin);
        let metadata = world.metadata_with(subject, own, entries(&self.labels), entries(&self.annotations));
        let spec = self.cluster_spec(name, via, world);
        add(bundle, subject, "workload", traced!(subject.origin, Cluster { metadata: metadata, spec: spec }));
    }

    fn cluster_spec(&self, name: &Written<Name>, via: OriginId, world: &World) -> Traced<ClusterSpec> {
        let one = || traced(1, world.derive("one server where the stack names no number", &[via]));
        traced!(
            name.origin,
            ClusterSpec {
                instances: self.replicas.map_or_else(one, |replicas| traced(replicas.value.get(), replicas.origin)),
                image_name: self.operand(via, world),
                image_pull_policy: pull_policy(self.pull_policy, world),
                image_pull_secrets: pull_secrets(&self.pull_secrets, world),
                inherited_metadata: self.inherited_metadata(),
                postgresql: self.parameters(),
                bootstrap: self.bootstrap(name, via, world),
                storage: self.cluster_storage(via, world),
                resources: self.resources.as_ref().map(Resources::lower),
                env: self.env.iter().map(|(name, value)| value.lower(name)).collect::<Vec<_>>(),
                env_from: lower_env_from(&self.env_from),
                priority_class_name: self.priority_class.as_ref().map(text),
                affinity: self.affinity(),
                topology_spread_constraints: self.cluster_spread(name, world),
                enable_pdb: match &self.pdb {
                    Some(Switch::Off(origin)) => Some(traced(false, *origin)),
                    _ => None,
                },
            }
        )
    }

    /// The stack's image, else the operator's own in the version of the stack.
    fn operand(&self, via: OriginId, world: &World) -> Traced<String> {
        let rule = "an operator has images of its own, with the version as the tag";
        match (&self.image, &self.version) {
            (Some(image), _) => text(image),
            (None, Some(version)) => {
                traced(format!("{IMAGE}:{}", version.value), world.derive(rule, &[version.origin, via]))
            }
            (None, None) => {
                let facts = self.engine.value.facts();
                traced(format!("{IMAGE}:{}", facts.version), world.derive(rule, &[self.engine.origin, via]))
            }
        }
    }

    fn affinity(&self) -> Option<Traced<AffinityConfiguration>> {
        let tolerated = self.tolerations.first().map(|toleration| toleration.origin);
        let origin = self.node_selector.origin.filter(|_| !self.node_selector.is_empty()).or(tolerated)?;
        let (labels, tolerations) = (entries(&self.node_selector), lower_tolerations(&self.tolerations));
        Some(traced!(origin, AffinityConfiguration { node_selector: labels, tolerations: tolerations }))
    }

    fn inherited_metadata(&self) -> Option<Traced<InheritedMetadata>> {
        let origin = self.labels.origin.or(self.annotations.origin)?;
        let (labels, annotations) = (entries(&self.labels), entries(&self.annotations));
        Some(traced!(origin, InheritedMetadata { labels: labels, annotations: annotations }))
    }

    fn parameters(&self) -> Option<Traced<PostgresConfiguration>> {
        let origin = self.settings.origin.filter(|_| !self.settings.is_empty())?;
        let (libraries, parameters): (Vec<_>, Vec<_>) =
            flattened(&self.settings).into_iter().partition(|(name, _)| name == LIBRARIES);
        let parameter = |(name, setting): (String, &Setting)| (name, traced(parameter_text(setting), setting.origin()));
        let libraries = libraries.into_iter().flat_map(|(_, setting)| {
            let names = parameter_text(setting);
            let names: Vec<_> = names.split(',').map(|name| name.trim().to_owned()).collect();
            names.into_iter().filter(|name| !name.is_empty()).map(|name| traced(name, setting.origin()))
        });
        Some(traced!(
            origin,
            PostgresConfiguration {
                parameters: parameters.into_iter().map(parameter).collect::<Vec<_>>(),
                shared_preload_libraries: libraries.collect::<Vec<_>>(),
            }
        ))
    }

    fn bootstrap(&self, name: &Written<Name>, via: OriginId, world: &World) -> Traced<Bootstrap> {
        let secret = self.secret_name(name);
        let initdb = traced!(
            via,
            InitDatabase {
                database: text(&self.database_text(world.stack_name())),
                owner: text(&self.user_text(world.stack_name())),
                secret: traced!(secret.origin, core::LocalObjectReference { name: text(&secret) }),
                post_init_application_sql_refs: self.script_references(name),
            }
        );
        traced!(via, Bootstrap { initdb: initdb })
    }

    /// The scripts in the order of their names, in which the image of the engine runs them too.
    fn script_references(&self, name: &Written<Name>) -> Option<Traced<SqlReferences>> {
        let origin = self.scripts.origin.filter(|_| !self.scripts.is_empty())?;
        let config = format!("{}{}", name.value, scripts::SUFFIX);
        let mut keys: Vec<_> = self.scripts.iter().map(|(key, _)| key).collect();
        keys.sort_by(|first, second| first.value.cmp(&second.value));
        let reference = |key: &Written<_>| {
            traced!(key.origin, core::ConfigMapKeySelector { name: traced(config.clone(), origin), key: text(key) })
        };
        let references: Vec<_> = keys.into_iter().map(reference).collect();
        Some(traced!(origin, SqlReferences { config_map_refs: references }))
    }

    /// A disk without a size was reported.
    fn cluster_storage(&self, via: OriginId, world: &World) -> Traced<StorageConfiguration> {
        let Some(Switch::On(disk @ Disk { size: Some(size), .. })) = &self.storage else {
            return traced(StorageConfiguration::default(), via);
        };
        let of_cluster = || world.cluster.storage.as_ref().and_then(|storage| storage.class.as_ref()).map(text);
        let class = disk.class.as_ref().map(text).or_else(of_cluster).filter(|class| !class.value.is_empty());
        traced!(size.origin, StorageConfiguration { size: amount(size), storage_class: class })
    }

    /// The Pods carry the operator's labels and not ours.
    fn cluster_spread(&self, name: &Written<Name>, world: &World) -> Vec<Traced<core::TopologySpreadConstraint>> {
        let Some(spread) = &self.spread else { return Vec::new() };
        let cause = world.derive("the operator marks the Pods of a Cluster with its name", &[name.origin]);
        let labels = vec![(CLUSTER_LABEL.to_owned(), traced(name.value.to_string(), cause))];
        vec![spread.lower_over(traced!(cause, LabelSelector { match_labels: labels }))]
    }
}
