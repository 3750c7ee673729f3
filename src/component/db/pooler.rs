//! The pooler of a PostgreSQL server: many clients share few connections.

use super::Db;
use super::companion::{Companion, Container, Request, ServedPort, Server, pooler_name};
use super::exporter::expand_true;
use crate::bundle::{Bundle, Traced, traced};
use crate::component::engines::companion::PoolerFacts;
use crate::component::parts::resources::Resources;
use crate::component::words::Sslmode;
use crate::component::world::{Connection, Place, TlsQuery, add};
use crate::diagnostic::Diagnostic;
use crate::shape::{Decoder, Kind, Positive, Short, Switch, Written};
use crate::value::{Image, Name};
use crate::{table, traced, words};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

words! {
    /// How long a client keeps a connection to the server.
    pub enum PoolMode("a pool mode") {
        /// For a transaction.
        Transaction = "transaction",
        /// Until it disconnects.
        Session = "session",
        /// For a statement; there are no transactions of several.
        Statement = "statement",
    }
}

table! {
    /// Lets many clients share few connections to the server: PgBouncer. A Deployment and a Service `NAME-pooler`.
    pub struct Pooler("pooler") {
        /// How many Pods; 1 where it is left out.
        replicas: Option<Written<Positive>>,
        /// `transaction` (the default), `session` or `statement`. What lasts longer than a transaction, as LISTEN and
        /// advisory locks do, needs `session`.
        mode: Option<Written<PoolMode>>,
        /// How many connections each Pod opens to the server for each user and database; 20 where it is left out.
        size: Option<Written<Positive>>,
        /// An image of one's own with a shell and `pgbouncer`, such as a copy in a registry of one's own.
        image: Option<Written<Image>>,
        /// What it asks for and may use.
        resources: Option<Resources>,
    }
    form {
        short: Some(Short { what: "true", kind: &Kind::True, expand: expand_true }),
    }
}

/// PgBouncer keeps a few kilobytes for each client.
const REQUEST: Request = Request { cpu: "20m", memory: "32Mi" };

/// How many clients each Pod lets in.
const CLIENTS: u32 = 1000;

/// Where the container sees its settings.
const SETTINGS: &str = "/etc/pgbouncer";

/// Where it writes the login down: in memory.
const RUN: &str = "/run/pgbouncer";

/// The certificates that the image trusts. Source: the image's Alpine.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

impl Db {
    /// How applications reach it: by its pooler, where it has one, else as the server itself is reached.
    pub fn connection(&self, name: &Written<Name>, stack: Written<&str>) -> Connection {
        let server = self.server_connection(name, stack);
        match &self.pooler {
            Some(Switch::On(pooler)) => Connection {
                hosts: vec![Written { value: pooler_name(name.value.as_str()), origin: pooler.origin }],
                place: Place::Inside,
                // a pooler speaks TLS with its server, and none with clients in the cluster
                sslmode: None,
                tls: TlsQuery::default(),
                ..server
            },
            _ => server,
        }
    }
}

impl Pooler {
    /// Adds the Deployment, its Service and its settings.
    pub(super) fn lower(&self, companion: &Companion, bundle: &mut Bundle) {
        let facts = companion.db.engine.value.facts();
        let Some(pooler) = &facts.companions.pooler else { return };
        let client = companion.client();
        let number = companion.server.ports.first().map_or(companion.subject.origin, |port| port.number.origin);
        let rule = "a pooler listens on the port of its server, so that clients change the host only";
        let cause = companion.world.derive(rule, &[companion.subject.origin, number]);
        let port = ServedPort { name: facts.name, number: client.port, cause };
        self.add_settings(companion, bundle);
        let replicas = self.replicas.map_or_else(
            || traced(1, companion.derive("one replica where the stack names no number")),
            |replicas| traced(replicas.value.get(), replicas.origin),
        );
        let container = self.container(companion, pooler, &port);
        let server = Server { user: pooler.user, replicas, container, volumes: volumes(companion) };
        companion.add_deployment("pooler", server, bundle);
        companion.add_service("pooler-service", &port, Vec::new(), bundle);
    }

    fn container(&self, companion: &Companion, facts: &PoolerFacts, port: &ServedPort) -> Container {
        let starts = companion.derive("a pooler writes its one login down before it starts");
        let script = format!("{SETTINGS}/start.sh");
        let login = (companion.db.engine.value.facts().companions.client)(&companion.client());
        let login = login.into_iter().filter(|(name, _)| matches!(*name, "PGUSER" | "PGPASSWORD")).collect();
        let mount = |name: &str, path: &str, read_only: Option<bool>| {
            traced!(starts, core::VolumeMount { name: name, mount_path: path, read_only: read_only })
        };
        Container {
            image: companion.image(self.image.as_ref(), facts.image),
            command: ["sh", &script, RUN].map(|word| traced(word.to_owned(), starts)).into(),
            args: Vec::new(),
            port: port.of_container(),
            env: companion.variables(login),
            resources: companion.resources(self.resources.as_ref(), &REQUEST),
            mounts: vec![mount("settings", SETTINGS, Some(true)), mount("run", RUN, None)],
            probes: probes(companion, port.name),
            lifecycle: Some(last_moment(companion)),
        }
    }

    /// Adds the ConfigMap with what PgBouncer reads and the script that starts it.
    fn add_settings(&self, companion: &Companion, bundle: &mut Bundle) {
        let origins = [self.mode.map(|mode| mode.origin), self.size.map(|size| size.origin)];
        let server = companion.server.hosts.first().map(|host| host.origin);
        let sslmode = companion.server.sslmode.as_ref().map(|mode| mode.origin);
        let from: Vec<_> =
            [self.origin].into_iter().chain(origins.into_iter().flatten()).chain(server).chain(sslmode).collect();
        let says = companion.world.derive("PgBouncer reads its settings from a file", &from);
        let start = companion.derive("a pooler writes its one login down before it starts");
        let script = include_str!("../../../templates/pooler/start.sh");
        let data = vec![
            ("pgbouncer.ini".to_owned(), traced(self.settings(companion), says)),
            ("start.sh".to_owned(), traced(script.to_owned(), start)),
        ];
        let object = traced!(companion.subject.origin, core::ConfigMap { metadata: companion.metadata(), data: data });
        add(bundle, companion.subject, "pooler-settings", object);
    }

    /// Source: <https://www.pgbouncer.org/config.html>, version 1.25.
    fn settings(&self, companion: &Companion) -> String {
        let client = companion.client();
        let mode = self.mode.map_or(PoolMode::Transaction, |mode| mode.value);
        let size = self.size.map_or(20, |size| size.value.get());
        let sslmode = client.sslmode.map_or("prefer", Sslmode::as_str);
        let mut lines = vec![
            "[databases]".to_owned(),
            format!("* = host={} port={}", client.host, client.port),
            String::new(),
            "[pgbouncer]".to_owned(),
            "listen_addr = *".to_owned(),
            format!("listen_port = {}", client.port),
            // the file system is read-only
            "unix_socket_dir =".to_owned(),
            "auth_type = scram-sha-256".to_owned(),
            format!("auth_file = {RUN}/userlist.txt"),
            format!("pool_mode = {}", mode.as_str()),
            format!("default_pool_size = {size}"),
            format!("max_client_conn = {CLIENTS}"),
            // drivers of Java send it with every connection
            "ignore_startup_parameters = extra_float_digits".to_owned(),
            // probes connect every few seconds
            "log_connections = 0".to_owned(),
            "log_disconnections = 0".to_owned(),
            format!("server_tls_sslmode = {sslmode}"),
        ];
        if sslmode.starts_with("verify-") {
            lines.push(format!("server_tls_ca_file = {AUTHORITIES}"));
        }
        lines.push(String::new());
        lines.join("\n")
    }
}

fn volumes(companion: &Companion) -> Vec<Traced<core::Volume>> {
    let own = traced(companion.subject.name.to_owned(), companion.subject.origin);
    let cause = companion.derive("a pooler writes its one login down before it starts");
    let settings = traced!(cause, core::ConfigMapVolumeSource { name: own });
    let memory = traced!(cause, core::EmptyDirVolumeSource { medium: "Memory" });
    vec![
        traced!(cause, core::Volume { name: "settings", config_map: settings }),
        traced!(cause, core::Volume { name: "run", empty_dir: memory }),
    ]
}

/// A connection, because the pooler shall not be started again where it is the server that does not answer.
fn probes(companion: &Companion, port: &str) -> [Traced<core::Probe>; 2] {
    let cause = companion.derive("a pooler is asked for a connection to itself");
    let probe = |period: i32| {
        let socket = traced!(cause, core::TCPSocketAction { port: IntOrString::String(port.to_owned()) });
        traced!(cause, core::Probe { tcp_socket: socket, period_seconds: period, timeout_seconds: 5 })
    };
    [probe(20), probe(10)]
}

fn last_moment(companion: &Companion) -> Traced<core::Lifecycle> {
    let cause = companion.derive("routers need a moment to see that a Pod is going");
    let handler = traced!(cause, core::LifecycleHandler { sleep: traced!(cause, core::SleepAction { seconds: 5 }) });
    traced!(cause, core::Lifecycle { pre_stop: handler })
}

/// Reports a pooler of an engine that has none, or that nobody could log in to.
pub(super) fn check_engine(db: &Db, decoder: &mut Decoder) {
    let Some(Switch::On(pooler)) = &db.pooler else { return };
    let facts = db.engine.value.facts();
    if facts.companions.pooler.is_some() || decoder.is_doubtful(&["engine"]) {
        return;
    }
    let diagnostic = Diagnostic::error(
        "pooler-of-another-engine",
        format!("a pooler is for PostgreSQL, and this is {}", facts.title),
    )
    .at(decoder.key_span(pooler.origin), "PgBouncer speaks with PostgreSQL only")
    .at(decoder.span(db.engine.origin), "the engine")
    .help("remove `pooler`; the drivers of other engines pool connections themselves");
    decoder.report.push(diagnostic);
}
