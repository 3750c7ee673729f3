//! `[db.NAME]`: a database that runs in the cluster, or elsewhere.

mod managed;
mod settings;
pub mod scripts;
pub mod operator;
mod login;
mod files;
mod server;
pub mod companion;
pub mod backup;
pub mod restore;
pub mod exporter;
pub mod pooler;
#[cfg(test)]
mod tests;

use self::backup::Backup;
use self::exporter::Exporter;
use self::pooler::Pooler;
use super::engines::settings::Settings;
use super::engines::{Databases, Engine};
use super::lint::Allowances;
use super::parts::check as part;
use super::parts::env::{EnvFrom, EnvValue, check_references};
use super::parts::exposure::{Exposure, PodPorts, Service, ServiceType, governing_cause, governing_service};
use super::parts::hosts::HostAliases;
use super::parts::mounts::{self, Mounts};
use super::parts::ports::{Port, Ports};
use super::parts::probes::{Probe, Probes, move_health};
use super::parts::resources::{Resources, check_bytes};
use super::parts::scheduling::{Budget, Spread, Stop};
use super::parts::secrets::CredentialKeys;
use super::parts::security::Security;
use super::parts::tolerations::Toleration;
use super::words::PullPolicy;
use super::world::{Credential, Subject, World, add, entries};
use crate::bundle::{Bundle, traced};
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::document::path::KeyPath;
use crate::shape::{Decoder, Keyed, Leaf, Positive, Short, Switch, Written, entry};
use crate::value::{
    AnnotationName, ConfigKey, EnvName, Image, LabelName, LabelValue, Name, ObjectName, PortName, PortNumber, Quantity,
    RelativePath, Scalar, Version,
};
use crate::{table, traced};
use k8s_openapi::api::apps::v1 as apps;
use managed::Managed;
use operator::Via;

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
    /// A database. A StatefulSet with a client Service, a headless Service and a disk, or the way to one that somebody else runs.
    pub struct Db("db") {
        /// `postgres`, `mysql`, `mariadb`, `redis`, `valkey` or `mongodb`.
        engine: Written<Engine>,
        /// The image tag, variant included: "16-alpine". With `image`, the engine's version only.
        version: Option<Written<Version>>,
        /// An image of one's own.
        image: Option<Written<Image>>,
        /// The database that is made on the first start; the stack's name where it is left out.
        database: Option<Written<String>>,
        /// The user that owns it; the stack's name where it is left out. Beside `keys.user` it is the text under the source `dev`.
        user: Option<Written<String>>,
        /// The Secret that holds the credentials; the database's own name where it is left out.
        secret: Option<Written<ObjectName>>,
        /// The keys of that Secret; `{ password = "password" }` where they are left out.
        keys: Option<CredentialKeys>,
        /// The disk: a size, `{ size, claim, class }`, `{ volume }`, or false for none.
        storage: Option<Switch<Disk>>,
        /// Dumps by the clock onto a disk of their own; false for none. A suspended Job comes with it that restores the
        /// newest one, or the one that the key FILE of a ConfigMap `NAME-restore` names.
        backup: Option<Switch<Backup>>,
        /// true, or a table: gives metrics to Prometheus, by a Service with annotations for it; false for none.
        exporter: Option<Switch<Exporter>>,
        /// true, or a table: PgBouncer in front of PostgreSQL; false for none. `uses` leads to it, but that of a `[job]` leads
        /// to the server itself, because migrations want sessions of their own.
        pooler: Option<Switch<Pooler>>,
        /// The port; the engine's own where it is left out.
        port: Option<Written<PortNumber>>,
        /// One; more needs an operator, which `via` names.
        replicas: Option<Written<Positive>>,
        /// The operator that runs it, for replicas: `cloudnative-pg`, with postgres only.
        via: Option<Written<Via>>,
        /// More environment variables.
        env: Keyed<EnvName, EnvValue>,
        /// Configs and secrets all of whose keys become variables.
        env_from: Vec<Written<EnvFrom>>,
        /// What the server's configuration file says, by the names of the engine's manual: `{ max_connections = 200 }`. A change
        /// restarts the server.
        settings: Settings,
        /// Files that make the database on its first start, in the order of their names: `{ "01.sql" = "db/01.sql" }`.
        scripts: Keyed<ConfigKey, Written<RelativePath>>,
        /// A database that somebody else runs: its host, or `{ host, port, sslmode, service }`. The other keys but those of the
        /// login are then unused.
        managed: Option<Managed>,
        /// What the container sees in its file system beside its disk, by path.
        mounts: Mounts,
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
        /// The Service that clients connect to: a word such as "node-port", or a table.
        service: Option<Service>,
        /// How many Pods a drain may take away at once; false for no limit.
        pdb: Option<Budget>,
        /// Spreads the copies that an operator runs over zones or nodes.
        spread: Option<Spread>,
        /// Labels that a node must have.
        node_selector: Keyed<LabelName, Written<LabelValue>>,
        /// Taints of nodes that the Pod tolerates: `["dedicated=db:NoSchedule"]`, `"*"` for all, or tables.
        tolerations: Vec<Toleration>,
        /// The PriorityClass: which Pods go first where there is no room for all.
        priority_class: Option<Written<ObjectName>>,
        /// Names for addresses, in the Pod's own hosts file: `{ "10.0.0.5" = ["db.corp", "db"] }`.
        host_aliases: HostAliases,
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
        /// Findings of `lint` that are meant, each with the reason: `{ single-replica = "a batch tool" }`.
        allow: Allowances,
        /// Paths to remove from what lower layers and defaults say; they begin at this table, as in `probes.live`.
        unset: Vec<Written<KeyPath>>,
    }
    form {
        superseding: &[&["user", "keys.user"]],
        rewrite: Some(move_health),
        moved: &[("health", &["probes"])],
    }
    validate check_db;
}

impl Db {
    /// Adds what makes the database, or what leads to it.
    pub fn lower(&self, name: &Written<Name>, world: &World, bundle: &mut Bundle) {
        match (&self.managed, self.operator()) {
            (Some(managed), _) => managed.lower(name, self, world, bundle),
            (None, Some(via)) => self.lower_cluster(name, via.origin, world, bundle),
            (None, None) => self.lower_stateful_set(name, world, bundle),
        }
    }

    /// Adds the Services and the StatefulSet.
    fn lower_stateful_set(&self, name: &Written<Name>, world: &World, bundle: &mut Bundle) {
        let subject = Subject::new("db", name);
        let connection = self.connection(name, world.stack_name());
        self.lower_settings(subject, &self.server(&connection), world, bundle);
        let ports = self.ports();
        let exposure = Exposure { subject, ports: PodPorts::alone(&ports) };
        let own = || traced(subject.name.to_owned(), subject.origin);
        if let Some(service) = exposure.lower(own(), self.service.as_ref(), world) {
            add(bundle, subject, "service", service);
        }
        let governing = if self.is_headless() { subject.name.to_owned() } else { format!("{}-headless", subject.name) };
        if !self.is_headless() {
            governing_service(subject, &ports, &governing, world, bundle);
        }
        let pods = self.pods(name, &ports, world);
        let metadata = world.metadata_with(subject, own(), entries(&self.labels), entries(&self.annotations));
        let one = || {
            traced(1, world.derive("a database is one Pod, because it does not replicate by itself", &[subject.origin]))
        };
        let spec = traced!(
            subject.origin,
            apps::StatefulSetSpec {
                replicas: self.replicas.map_or_else(one, |replicas| traced(replicas.value.get(), replicas.origin)),
                selector: world.selector(subject),
                service_name: traced(governing, governing_cause(subject, world)),
                template: pods.template,
                volume_claim_templates: pods.claims,
            }
        );
        add(bundle, subject, "workload", traced!(subject.origin, apps::StatefulSet { metadata: metadata, spec: spec }));
        if let Some(Switch::On(budget)) = &self.pdb {
            budget.add(subject, world, bundle);
        }
    }

    /// The names of the Services that are made beside the one of its own name, with what each is.
    pub fn derived_services(&self, name: &Written<Name>) -> Vec<(String, &'static str)> {
        match self.operator() {
            _ if self.managed.is_some() => Vec::new(),
            Some(_) => operator::SERVICES
                .iter()
                .map(|end| (format!("{}{end}", name.value), "a Service of the operator"))
                .collect(),
            None if self.is_headless() => Vec::new(),
            None => vec![(format!("{}-headless", name.value), "the headless Service")],
        }
    }

    /// Whether its client Service gives the addresses of its Pods.
    fn is_headless(&self) -> bool {
        let kind = self.service.as_ref().and_then(|service| service.kind);
        kind.is_some_and(|kind| kind.value == ServiceType::Headless)
    }

    /// Reports what does not fit the rest of the stack. Of a database that somebody else runs only the login is used.
    pub fn check(&self, name: &Written<Name>, world: &World, checking: &mut Checking) {
        let connection = self.connection(name, world.stack_name());
        let parts = [connection.user, connection.password, connection.database, connection.url];
        for part in parts.into_iter().flatten() {
            if let Credential::Key { secret, key } = part {
                check_key(&secret, &key, world, checking);
            }
        }
        if self.managed.is_some() {
            return;
        }
        if let Some(resources) = &self.resources {
            resources.check(checking);
        }
        check_references(&self.env, &self.env_from, world, checking);
        self.check_disk(world, checking);
        self.check_settings(name, checking);
        self.check_config_maps(name, world, checking);
        part::reserved_labels(&self.labels, checking);
        match self.operator() {
            Some(via) => self.check_operator(name, via, world, checking),
            None => self.check_pods(name, world, checking),
        }
    }

    /// Reports what is wrong with the Pods and Services of a StatefulSet.
    fn check_pods(&self, name: &Written<Name>, world: &World, checking: &mut Checking) {
        check_length(name, checking);
        mounts::check_references(&self.mounts, world, checking);
        self.check_mounts(checking);
        for probe in self.probes.iter().flat_map(Probes::iter) {
            part::named_port(probe, &self.ports(), "database", checking);
        }
        if let Some(service) = &self.service {
            part::service(service, &PodPorts::alone(&self.ports()), checking);
        }
    }

    fn check_disk(&self, world: &World, checking: &mut Checking) {
        let Some(Switch::On(disk)) = &self.storage else { return };
        if let Some(size) = &disk.size {
            check_bytes(size, checking);
        }
        if let Some(volume) = &disk.volume {
            check_volume(volume, world, checking);
        }
    }

    /// Reports configs of the stack that have the names of those that settings and scripts make.
    fn check_config_maps(&self, name: &Written<Name>, world: &World, checking: &mut Checking) {
        let settings = self.settings.origin.filter(|_| !self.settings.is_empty() && self.operator().is_none());
        let scripts = self.scripts.origin.filter(|_| !self.scripts.is_empty());
        for (origin, suffix) in [(settings, settings::SUFFIX), (scripts, scripts::SUFFIX)] {
            let derived = format!("{}{suffix}", name.value);
            let (Some(origin), Some(other)) = (origin, world.names.configs.get(derived.as_str())) else { continue };
            let title = format!("a ConfigMap made here is called `{derived}`, and so is a config of the stack");
            let diagnostic = Diagnostic::error("derived-name", title)
                .at(checking.key_span(origin), format!("makes the ConfigMap `{derived}`"))
                .at(checking.key_span(other.origin), "has this name too")
                .help("rename the config");
            checking.report.push(diagnostic);
        }
    }

    /// The one port, named like the engine: its own number, or that of the stack for server and Service alike.
    fn ports(&self) -> Ports {
        let facts = self.engine.value.facts();
        let parsed = (PortName::parse(facts.name).ok(), PortNumber::parse(&facts.port.to_string()).ok());
        let (Some(name), Some(own)) = parsed else { return Ports::default() };
        let number = self.port.unwrap_or(Written { value: own, origin: self.engine.origin });
        let port = Port { service: number, container: number, protocol: None, app_protocol: None, host_port: None };
        Ports { entries: vec![(Written { value: name, origin: number.origin }, port)], origin: None }
    }
}

/// The longest name of a StatefulSet whose Pods can carry the label `controller-revision-hash`, which holds the name, a
/// `-` and a hash of up to 10 characters, and as a label at most 63.
const LONGEST_NAME: usize = 52;

fn check_length(name: &Written<Name>, checking: &mut Checking) {
    let length = name.value.as_str().len();
    if length > LONGEST_NAME {
        let title = format!("`{}` is too long for the name of a database", name.value);
        let label = format!("{length} characters; Kubernetes appends to it, and {LONGEST_NAME} leave room for that");
        let diagnostic = Diagnostic::error("name-too-long", title).at(checking.key_span(name.origin), label);
        checking.report.push(diagnostic.help(format!("shorten it to at most {LONGEST_NAME} characters")));
    }
}

/// A disk of one's own, for data or for backups, that the stack must declare.
fn check_volume(volume: &Written<ObjectName>, world: &World, checking: &mut Checking) {
    let known = &world.names.volumes;
    if !known.contains_key(volume.value.as_str()) {
        let declare = format!("declare it: `[volume.{}]` with `storage = \"10Gi\"`", volume.value);
        checking.unknown("volume", volume.value.as_str(), volume.origin, known.keys().map(|name| &**name), &declare);
    }
}

/// A key that the stack's own list of a Secret's keys must have.
fn check_key(secret: &Written<String>, key: &Written<String>, world: &World, checking: &mut Checking) {
    let Some(declared) = world.names.secrets.get(secret.value.as_str()).filter(|declared| declared.table == "secret")
    else {
        return;
    };
    let Some(keys) = declared.keys.as_ref().filter(|keys| !keys.iter().any(|known| **known == *key.value)) else {
        return;
    };
    let title = format!("the secret `{}` has no key `{}`", secret.value, key.value);
    let known = if keys.is_empty() { "none".to_owned() } else { keys.join(", ") };
    let diagnostic = Diagnostic::error("unknown-reference", title)
        .at(checking.span(key.origin), "the database reads it")
        .at(checking.key_span(declared.origin), format!("its keys are {known}"))
        .help(format!(
            "add \"{}\" to `keys` of `[secret.{}]`, or name another key in `keys` of the database",
            key.value, secret.value
        ));
    checking.report.push(diagnostic);
}

/// Of a database that somebody else runs the keys of the StatefulSet are unused, and may say what they like.
fn check_db(db: &Db, decoder: &mut Decoder) {
    if db.managed.is_none() {
        check_replicas(db, decoder);
        check_storage(db, decoder);
        check_service(db, decoder);
        scripts::check_names(db, decoder);
    }
    check_names(db, decoder);
    pooler::check_engine(db, decoder);
}

fn check_replicas(db: &Db, decoder: &mut Decoder) {
    let Some(replicas) = db.replicas.filter(|replicas| replicas.value.get() > 1 && db.via.is_none()) else { return };
    let title = format!("{} replicas would be {0} separate databases", replicas.value.get());
    let facts = db.engine.value.facts();
    let label = format!("{} does not replicate by itself", facts.title);
    let help = match db.engine.value.has_operator() {
        true => {
            "add `via = \"cloudnative-pg\"`, an operator that runs PostgreSQL with replicas; or remove `replicas`, or use a \
             database that somebody else runs: `managed = { host = \"db.example.com\" }`"
        }
        false => {
            "remove `replicas`; for several copies use a database that somebody else runs: \
             `managed = { host = \"db.example.com\" }`"
        }
    };
    let diagnostic =
        Diagnostic::error("db-replicas-without-replication", title).at(decoder.span(replicas.origin), label);
    decoder.report.push(diagnostic.help(help));
}

/// Components reach a database by its Service, so it has one.
fn check_service(db: &Db, decoder: &mut Decoder) {
    let kind = db.service.as_ref().and_then(|service| service.kind);
    if let Some(kind) = kind.filter(|kind| kind.value == ServiceType::None) {
        let diagnostic = Diagnostic::error(
            "nothing-listens",
            "`service = \"none\"` leaves the database without a name to connect to",
        )
        .at(decoder.span(kind.origin), "")
        .help("remove `service`, or write \"headless\" for a Service without an address of its own");
        decoder.report.push(diagnostic);
    }
}

/// The base layer gives a size, so that one is missing only where `unset` removed it.
fn check_storage(db: &Db, decoder: &mut Decoder) {
    let origin = match &db.storage {
        Some(Switch::Off(_)) => return,
        Some(Switch::On(disk)) if disk.size.is_some() || disk.volume.is_some() => return,
        Some(Switch::On(disk)) => disk.origin,
        None => db.origin,
    };
    if decoder.is_doubtful(&["storage"]) {
        return;
    }
    let diagnostic = Diagnostic::error("missing-key", "this database has no size for its disk")
        .at(decoder.span(origin), "needs `storage`")
        .help("add `storage = \"5Gi\"`, or `storage = false` for data that may go with the Pod");
    decoder.report.push(diagnostic);
}

fn check_names(db: &Db, decoder: &mut Decoder) {
    for (key, written) in [("user", &db.user), ("database", &db.database)] {
        if let Some(written) = written.as_ref().filter(|written| written.value.is_empty()) {
            let diagnostic = Diagnostic::error("bad-value", format!("an empty text is no {key}"))
                .at(decoder.span(written.origin), "")
                .help(format!("write its name, or remove `{key}` for the stack's name"));
            decoder.report.push(diagnostic);
        }
    }
    let facts = db.engine.value.facts();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let (Databases::Numbered, Some(database)) = (facts.databases, &db.database)
        && !is_number(&database.value)
        && !database.value.is_empty()
    {
        let title = format!("`{}` is not a database of {}, which has numbers for them", database.value, facts.title);
        let diagnostic = Diagnostic::error("bad-value", title)
            .at(decoder.span(database.origin), "")
            .help("write a number from 0 to 15, such as `database = \"1\"`, or remove it");
        decoder.report.push(diagnostic);
    }
}
