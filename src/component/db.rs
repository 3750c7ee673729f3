//! `[db.NAME]`: a database that runs in the cluster.

use super::parts::env::{EnvFrom, EnvValue};
use super::parts::probes::{Probe, Probes, move_health};
use super::parts::resources::Resources;
use super::parts::scheduling::{PullPolicy, Stop};
use super::parts::secrets::CredentialKeys;
use super::parts::security::Security;
use crate::document::path::KeyPath;
use crate::shape::{Keyed, Leaf, Positive, Short, Switch, Written, entry};
use crate::{table, words};
use crate::value::{
    AnnotationName, EnvName, Image, LabelName, LabelValue, Name, ObjectName, PortNumber, Quantity, Version,
};

words! {
    /// A database engine.
    pub enum Engine("an engine") {
        /// PostgreSQL.
        Postgres = "postgres",
        /// MySQL.
        Mysql = "mysql",
        /// MariaDB.
        Mariadb = "mariadb",
        /// Redis.
        Redis = "redis",
        /// Valkey.
        Valkey = "valkey",
        /// MongoDB.
        Mongodb = "mongodb",
    }
}

table! {
    /// The disk of a database.
    pub struct Disk("storage") {
        /// Its size: "5Gi".
        size: Option<Written<Quantity>>,
        /// The name of the claim template; `data` where it is left out.
        claim: Option<Written<Name>>,
        /// The storage class; `cluster.storage.class` where it is left out.
        class: Option<Written<ObjectName>>,
        /// A `[volume]` of one's own in place of a claim template.
        volume: Option<Written<ObjectName>>,
    }
    form {
        exclusive: &[&["size", "volume"], &["claim", "volume"], &["class", "volume"]],
        short: Some(Short {
            what: "a size such as \"5Gi\"",
            kind: <Quantity as Leaf>::KIND,
            expand: |node| entry(node, "size"),
        }),
    }
}

table! {
    /// A database that runs in the cluster. A StatefulSet with a client Service, a headless Service and a disk.
    pub struct Db("db") {
        /// `postgres`, `mysql`, `mariadb`, `redis`, `valkey` or `mongodb`.
        engine: Written<Engine>,
        /// The image tag, variant included: "16-alpine". With `image`, the engine's version only.
        version: Option<Written<Version>>,
        /// An image of one's own.
        image: Option<Written<Image>>,
        /// The database that is made on the first start; the stack's name where it is left out.
        database: Option<Written<String>>,
        /// The user that owns it; the stack's name where it is left out.
        user: Option<Written<String>>,
        /// The Secret that holds the credentials; the database's own name where it is left out.
        secret: Option<Written<ObjectName>>,
        /// The keys of that Secret; `{ password = "password" }` where they are left out.
        keys: Option<CredentialKeys>,
        /// The disk: a size, `{ size, claim, class }`, `{ volume }`, or false for none.
        storage: Option<Switch<Disk>>,
        /// The port; the engine's own where it is left out.
        port: Option<Written<PortNumber>>,
        /// One; more needs an operator.
        replicas: Option<Written<Positive>>,
        /// More environment variables.
        env: Keyed<EnvName, EnvValue>,
        /// Configs and secrets all of whose keys become variables.
        env_from: Vec<Written<EnvFrom>>,
        /// Replaces the arguments of the image.
        args: Option<Vec<Written<String>>>,
        /// What the container asks for and may use.
        resources: Option<Resources>,
        /// Health checks in place of the engine's own.
        probes: Option<Probes>,
        /// One path or probe for a sensible trio of health checks.
        health: Option<Probe>,
        /// Rights of the processes.
        security: Option<Security>,
        /// Labels that a node must have.
        node_selector: Keyed<LabelName, Written<LabelValue>>,
        /// How the container ends.
        stop: Option<Stop>,
        /// Labels of the StatefulSet and its Pods, beside the usual ones.
        labels: Keyed<LabelName, Written<LabelValue>>,
        /// Annotations of the StatefulSet and its Pods.
        annotations: Keyed<AnnotationName, Written<String>>,
        /// Secrets for private registries.
        pull_secrets: Vec<Written<ObjectName>>,
        /// When the image is pulled.
        pull_policy: Option<Written<PullPolicy>>,
        /// Gives the Pod a variable for each port of each Service; false where it is left out.
        service_links: Option<Written<bool>>,
        /// Paths to remove from what lower layers and defaults say.
        unset: Vec<Written<KeyPath>>,
    }
    form {
        exclusive: &[&["user", "keys.user"]],
        rewrite: Some(move_health),
        moved: &[("health", &["probes"])],
    }
}
