//! `[db.NAME]`: a database that runs in the cluster.

mod login;
mod server;
#[cfg(test)]
mod tests;

use super::engines::{Databases, Engine};
use super::parts::env::{EnvFrom, EnvValue, check_references};
use super::parts::exposure::{Exposure, PodPorts, governing_cause, governing_service};
use super::parts::ports::{Port, Ports};
use super::parts::probes::{Probe, Probes, move_health};
use super::parts::resources::{Resources, check_bytes};
use super::parts::scheduling::Stop;
use super::parts::secrets::CredentialKeys;
use super::parts::security::Security;
use super::words::PullPolicy;
use super::world::{Credential, Subject, World, add, entries};
use crate::bundle::{Bundle, traced};
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::document::path::KeyPath;
use crate::shape::{Decoder, Keyed, Leaf, Positive, Short, Switch, Written, entry};
use crate::value::{
    AnnotationName, EnvName, Image, LabelName, LabelValue, Name, ObjectName, PortName, PortNumber, Quantity, Scalar,
    Version,
};
use crate::{table, traced};
use k8s_openapi::api::apps::v1 as apps;

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
        /// The user that owns it; the stack's name where it is left out. Beside `keys.user` it is the text under the source `dev`.
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
        superseding: &[&["user", "keys.user"]],
        rewrite: Some(move_health),
        moved: &[("health", &["probes"])],
    }
    validate check_db;
}

impl Db {
    /// Adds the Services and the StatefulSet.
    pub fn lower(&self, name: &Written<Name>, world: &World, bundle: &mut Bundle) {
        let subject = Subject::new("db", name);
        let ports = self.ports();
        let exposure = Exposure { subject, ports: PodPorts::alone(&ports) };
        if let Some(service) = exposure.lower(traced(subject.name.to_owned(), subject.origin), None, world) {
            add(bundle, subject, "service", service);
        }
        let governing = format!("{}-headless", subject.name);
        governing_service(subject, &ports, &governing, world, bundle);
        let pods = self.pods(name, &ports, world);
        let own = traced(subject.name.to_owned(), subject.origin);
        let metadata = world.metadata_with(subject, own, entries(&self.labels), entries(&self.annotations));
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
    }

    /// Reports what does not fit the rest of the stack.
    pub fn check(&self, name: &Written<Name>, world: &World, checking: &mut Checking) {
        check_length(name, checking);
        if let Some(resources) = &self.resources {
            resources.check(checking);
        }
        check_references(&self.env, &self.env_from, world, checking);
        if let Some(Switch::On(Disk { size: Some(size), .. })) = &self.storage {
            check_bytes(size, checking);
        }
        if let Some(Switch::On(Disk { volume: Some(volume), .. })) = &self.storage
            && !world.names.volumes.contains_key(volume.value.as_str())
        {
            let known = world.names.volumes.keys().map(|name| &**name);
            let declare = format!("declare it: `[volume.{}]` with `storage = \"10Gi\"`", volume.value);
            checking.unknown("volume", volume.value.as_str(), volume.origin, known, &declare);
        }
        let connection = self.connection(name, world.stack_name());
        let parts = [connection.user, connection.password, connection.database, connection.url];
        for part in parts.into_iter().flatten() {
            if let Credential::Key { secret, key } = part {
                check_key(&secret, &key, world, checking);
            }
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

fn check_db(db: &Db, decoder: &mut Decoder) {
    check_replicas(db, decoder);
    check_storage(db, decoder);
    check_names(db, decoder);
}

fn check_replicas(db: &Db, decoder: &mut Decoder) {
    let Some(replicas) = db.replicas.filter(|replicas| replicas.value.get() > 1) else { return };
    let title = format!("{} replicas would be {0} separate databases", replicas.value.get());
    let label = format!("{} does not replicate by itself", db.engine.value.facts().title);
    let help = "remove `replicas`; for several copies let an operator run the database, or use a managed one, and \
        describe it as `[external.NAME]` with its `host`, `port` and `secret`";
    let diagnostic =
        Diagnostic::error("db-replicas-without-replication", title).at(decoder.span(replicas.origin), label);
    decoder.report.push(diagnostic.help(help));
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
