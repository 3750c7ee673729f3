//! The Cluster of CloudNativePG, as far as we write it; k8s-openapi has no kinds of other projects.

use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::{NamespaceResourceScope, Resource};
use serde::Serialize;
use std::collections::BTreeMap;

/// Asks the operator to run PostgreSQL with replicas. Source: the API reference of CloudNativePG 1.30,
/// `postgresql.cnpg.io/v1`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    /// `postgresql.cnpg.io/v1`.
    pub api_version: &'static str,
    /// `Cluster`.
    pub kind: &'static str,
    /// Name, namespace and labels.
    pub metadata: ObjectMeta,
    /// What is asked for.
    pub spec: ClusterSpec,
}

impl Default for Cluster {
    fn default() -> Self {
        Self {
            api_version: Self::API_VERSION,
            kind: Self::KIND,
            metadata: ObjectMeta::default(),
            spec: ClusterSpec::default(),
        }
    }
}

impl Resource for Cluster {
    const API_VERSION: &'static str = "postgresql.cnpg.io/v1";
    const GROUP: &'static str = "postgresql.cnpg.io";
    const KIND: &'static str = "Cluster";
    const VERSION: &'static str = "v1";
    const URL_PATH_SEGMENT: &'static str = "clusters";
    type Scope = NamespaceResourceScope;
}

/// What a Cluster asks for.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClusterSpec {
    /// How many servers: one that is written to, the others follow it. At least 1.
    pub instances: i32,
    /// The image of the server, with a tag that begins with the version.
    pub image_name: String,
    /// When it is pulled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_pull_policy: Option<String>,
    /// Secrets for private registries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_pull_secrets: Option<Vec<core::LocalObjectReference>>,
    /// What every object has that the operator makes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inherited_metadata: Option<InheritedMetadata>,
    /// What the server is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postgresql: Option<PostgresConfiguration>,
    /// How the database is made.
    pub bootstrap: Bootstrap,
    /// The disk of each server.
    pub storage: StorageConfiguration,
    /// What each server asks for and may use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<core::ResourceRequirements>,
    /// More environment variables of each server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env: Option<Vec<core::EnvVar>>,
    /// Configs and secrets all of whose keys become variables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env_from: Option<Vec<core::EnvFromSource>>,
    /// The PriorityClass of the servers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority_class_name: Option<String>,
    /// On which nodes the servers run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affinity: Option<AffinityConfiguration>,
    /// How the servers are spread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topology_spread_constraints: Option<Vec<core::TopologySpreadConstraint>>,
    /// Whether the operator makes PodDisruptionBudgets; it does where this is left out.
    #[serde(rename = "enablePDB", skip_serializing_if = "Option::is_none")]
    pub enable_pdb: Option<bool>,
}

/// Labels and annotations of every object that the operator makes.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct InheritedMetadata {
    /// The labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<BTreeMap<String, String>>,
    /// The annotations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotations: Option<BTreeMap<String, String>>,
}

/// What the server is told.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PostgresConfiguration {
    /// Settings as texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<BTreeMap<String, String>>,
    /// Libraries to load at the start, beside those that the operator adds by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared_preload_libraries: Option<Vec<String>>,
}

/// How the database is made.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Bootstrap {
    /// Anew.
    pub initdb: InitDatabase,
}

/// A new database and its owner.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InitDatabase {
    /// The database.
    pub database: String,
    /// The user that owns it.
    pub owner: String,
    /// The Secret with `username`, which is the owner, and `password`.
    pub secret: core::LocalObjectReference,
    /// Scripts that are run in the database, as the superuser.
    #[serde(rename = "postInitApplicationSQLRefs", skip_serializing_if = "Option::is_none")]
    pub post_init_application_sql_refs: Option<SqlReferences>,
}

/// Scripts and where they are kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SqlReferences {
    /// Keys of ConfigMaps, in the order in which they are run.
    pub config_map_refs: Vec<core::ConfigMapKeySelector>,
}

/// The disk of each server.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StorageConfiguration {
    /// Its size.
    pub size: Quantity,
    /// Its class; the cluster's default where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_class: Option<String>,
}

/// On which nodes the servers run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AffinityConfiguration {
    /// Labels that a node must have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_selector: Option<BTreeMap<String, String>>,
    /// Taints of nodes that the servers tolerate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolerations: Option<Vec<core::Toleration>>,
}
