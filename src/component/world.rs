//! What a component must know of the rest of the stack to become objects.

use super::approach::{Approaches, Saying};
use super::cluster::Cluster;
use super::stack::Stack;
use super::words::BindingWord;
use crate::bundle::{Bundle, CauseId, Causes, Identity, Object, Traced, traced};
use crate::diagnostic::Diagnostic;
use crate::document::OriginId;
use crate::document::checking::Checking;
use crate::shape::Written;
use crate::traced;
use crate::value::{Name, Scalar, nearest, unmistakable};
use indexmap::IndexMap;
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use rustc_hash::FxBuildHasher;
use std::cell::RefCell;

/// The label with the name of the workload.
pub const NAME_LABEL: &str = "app.kubernetes.io/name";
/// The label with the name of the stack.
pub const PART_OF_LABEL: &str = "app.kubernetes.io/part-of";
/// The label with the table that the object comes from.
pub const COMPONENT_LABEL: &str = "app.kubernetes.io/component";
/// The label that says that stowplan made the object.
pub const MANAGED_BY_LABEL: &str = "app.kubernetes.io/managed-by";

/// The stack around a component.
pub struct World<'a> {
    /// Name and namespace of the stack.
    pub stack: &'a Stack,
    /// Where the tree of the whole stack begins; the cause of what nobody wrote.
    pub origin: OriginId,
    /// Facts about the cluster.
    pub cluster: &'a Cluster,
    /// What the stack declares, by name.
    pub names: &'a Names,
    /// How each component is reached, by its name.
    pub connections: &'a Connections,
    /// The same past all poolers; none where no database has one.
    pub servers: Option<&'a Connections>,
    /// The component that each HPA scales, with the place of the HPA.
    pub scaled: &'a IndexMap<Box<str>, Scale, FxBuildHasher>,
    /// What must be said of Services that routes lead to.
    pub approaches: &'a Approaches,
    /// The places that belong to the stack file, its overlays and `--set`, and not to a profile.
    pub written_in_stack: &'a dyn Fn(OriginId) -> bool,
    /// What the init containers have that `wait` makes.
    pub wait: &'a WaitContainer,
    /// Why derived fields have their values.
    pub causes: &'a RefCell<Causes>,
}

/// What every init container has that `wait` makes.
#[derive(Debug, Default)]
pub struct WaitContainer {
    /// An image with `sh` and `nc`.
    pub image: Option<Traced<String>>,
    /// What it asks for.
    pub resources: Option<Traced<core::ResourceRequirements>>,
}

/// What the stack declares, by name; things that were reported as wrong are here too, so that nobody misses them.
#[derive(Debug, Default)]
pub struct Names {
    /// db, api, worker, cronjob, job and external, which share one name space.
    pub components: IndexMap<Box<str>, Declared, FxBuildHasher>,
    /// `[config]`.
    pub configs: IndexMap<Box<str>, Declared, FxBuildHasher>,
    /// `[secret]`, and those that a `[db]` or `[external]` declares by naming them.
    pub secrets: IndexMap<Box<str>, Declared, FxBuildHasher>,
    /// `[volume]`.
    pub volumes: IndexMap<Box<str>, Declared, FxBuildHasher>,
}

/// Something that the stack declares.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The table: `api`, `config`.
    pub table: &'static str,
    /// Where.
    pub origin: OriginId,
    /// The keys of a config or secret, where they are known; ports of a component are in its connection.
    pub keys: Option<Vec<Box<str>>>,
}

impl Checking<'_> {
    /// Reports a name that the stack does not declare, with the nearest one, or with the line that declares it.
    pub fn unknown<'n>(
        &mut self,
        what: &str,
        name: &str,
        origin: OriginId,
        known: impl Iterator<Item = &'n str>,
        declare: &str,
    ) {
        let span = self.name_span(name, origin);
        let diagnostic =
            Diagnostic::error("unknown-reference", format!("there is no {what} `{name}` in this stack")).at(span, "");
        let known: Vec<&str> = known.collect();
        let help = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? Otherwise {declare}"),
            None => declare.to_owned(),
        };
        let meant = unmistakable(name, known.into_iter());
        self.report.push(diagnostic.help(help).renamed(span, self.sources, name, meant));
    }

    /// Reports a name that is too long for the label `app.kubernetes.io/name`, which every object that we make carries.
    pub fn label_length(&mut self, what: &str, name: &str, origin: OriginId) {
        const MAXIMUM: usize = 63;
        if name.len() > MAXIMUM {
            let title = format!(
                "the name of this {what} has {} characters, and its label {NAME_LABEL} takes {MAXIMUM}",
                name.len()
            );
            let diagnostic = Diagnostic::error("bad-name", title)
                .at(self.key_span(origin), "")
                .help(format!("shorten it to {MAXIMUM} characters"));
            self.report.push(diagnostic);
        }
    }
}

/// What an HPA says of the component that it scales.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// Where the HPA is.
    pub origin: OriginId,
    /// The fewest Pods.
    pub minimum: i32,
}

/// How components are reached, by their names.
pub type Connections = IndexMap<Box<str>, Connection, FxBuildHasher>;

/// How one component is reached, for `uses`, `wait`, routes and `{{ }}`.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The table: `db`, `api`, `external`.
    pub table: &'static str,
    /// Name of the Service, or the outside hosts.
    pub hosts: Vec<Written<String>>,
    /// Whether the hosts are Services of this stack, so that a full name can be made.
    pub place: Place,
    /// Ports of the Service by name, the default first; `None` as a name where there is only a number.
    pub ports: Vec<NamedPort>,
    /// What URLs begin with: `postgresql`, `mysql`, `redis`, `mongodb`, `http`.
    pub scheme: &'static str,
    /// What JDBC URLs begin with, where there is a driver: `jdbc:postgresql`.
    pub jdbc: Option<&'static str>,
    /// What follows `?` in URLs with a user, such as `authSource=admin`.
    pub query: Option<&'static str>,
    /// What follows `?` in URLs and JDBC URLs where the stack says how TLS is used.
    pub tls: TlsQuery,
    /// The variable of the `url` binding; NAME_URL where there is none: `DATABASE_URL`.
    pub url_variable: Option<&'static str>,
    /// Whether a bare edge binds `libpq`, `url` or nothing.
    pub default: Option<BindingWord>,
    /// The user.
    pub user: Option<Credential>,
    /// The password.
    pub password: Option<Credential>,
    /// The database.
    pub database: Option<Credential>,
    /// The whole URL, where a Secret holds it.
    pub url: Option<Credential>,
    /// How libpq shall use TLS, where it is not the default `prefer`.
    pub sslmode: Option<Written<String>>,
}

/// How URLs ask for TLS.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TlsQuery {
    /// In URLs: `sslmode=require`.
    pub url: Option<&'static str>,
    /// In JDBC URLs: `sslMode=REQUIRED`.
    pub jdbc: Option<&'static str>,
}

impl Connection {
    /// What follows `?` in a URL with a user; empty where nothing does.
    pub fn url_query(&self) -> String {
        self.query.into_iter().chain(self.tls.url).collect::<Vec<_>>().join("&")
    }

    /// A component that is reached by one host, and of which nothing more is known yet.
    pub fn new(table: &'static str, host: Written<String>, place: Place, scheme: &'static str) -> Self {
        Self {
            table,
            hosts: vec![host],
            place,
            ports: Vec::new(),
            scheme,
            jdbc: None,
            query: None,
            tls: TlsQuery::default(),
            url_variable: None,
            default: None,
            user: None,
            password: None,
            database: None,
            url: None,
            sslmode: None,
        }
    }
}

impl Connection {
    /// The name of the port that is meant where none is said.
    pub fn first_port(&self) -> Option<String> {
        self.ports.first()?.name.clone()
    }

    /// How clients shall use TLS; PostgreSQL's own `prefer` where nobody says more.
    pub fn sslmode(&self) -> Option<Written<String>> {
        let host = self.hosts.first().filter(|_| self.scheme == "postgresql");
        let usual = || Some(Written { value: "prefer".to_owned(), origin: host?.origin });
        self.sslmode.clone().or_else(usual)
    }
}

/// Where a component lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Behind a Service of this stack.
    Inside,
    /// Elsewhere.
    Outside,
}

/// A port of a Service.
#[derive(Debug, Clone)]
pub struct NamedPort {
    /// Its name.
    pub name: Option<String>,
    /// Its number.
    pub number: Written<u16>,
}

/// A part of a connection: written in the stack, or kept in a Secret.
#[derive(Debug, Clone)]
pub enum Credential {
    /// Written in the stack.
    Literal(Written<String>),
    /// Kept in a Secret.
    Key {
        /// The Secret.
        secret: Written<String>,
        /// The key in it.
        key: Written<String>,
    },
}

/// What objects are made for: a component of the stack, or something derived from one.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The table that it stands in, for the label `component`.
    pub table: &'static str,
    /// The component that it belongs to.
    pub component: &'a str,
    /// Its own name, which is that of its Pods; the component's, unless it is derived.
    pub name: &'a str,
    /// Where it was written.
    pub origin: OriginId,
}

impl<'a> Subject<'a> {
    /// A component of the stack.
    pub fn new(table: &'static str, name: &'a Written<Name>) -> Self {
        Self { table, component: name.value.as_str(), name: name.value.as_str(), origin: name.origin }
    }
}

impl World<'_> {
    /// The same stack for a component that talks to servers themselves, past their poolers.
    pub fn past_poolers(&self) -> World<'_> {
        World { connections: self.servers.unwrap_or(self.connections), ..*self }
    }

    /// The cause of a value that `rule` makes from `from`.
    pub fn derive(&self, rule: &'static str, from: &[OriginId]) -> CauseId {
        self.causes.borrow_mut().derive(rule, from)
    }

    /// A text with what it follows from.
    pub fn say(&self, saying: &Saying) -> Traced<String> {
        traced(saying.text.clone(), self.derive(saying.rule, &saying.from))
    }

    /// Whether a value stands in the stack, and not only in a profile's defaults.
    pub fn is_written_in_stack(&self, origin: OriginId) -> bool {
        (self.written_in_stack)(origin)
    }

    /// The name of the stack.
    pub fn stack_name(&self) -> Written<&str> {
        match &self.stack.name {
            Some(name) => Written { value: name.value.as_str(), origin: name.origin },
            None => Written { value: "app", origin: self.origin },
        }
    }

    /// The namespace of every object, where the stack names one.
    pub fn namespace(&self) -> Option<Written<&str>> {
        let namespace = self.stack.namespace.as_ref()?;
        Some(Written { value: namespace.name.value.as_str(), origin: namespace.name.origin })
    }

    /// The labels of every object.
    pub fn labels(&self, subject: Subject) -> Vec<(String, Traced<String>)> {
        let recommended = self.derive("every object carries the recommended labels", &[subject.origin]);
        let stack = self.stack_name();
        vec![
            (NAME_LABEL.to_owned(), traced(subject.name.to_owned(), subject.origin)),
            (PART_OF_LABEL.to_owned(), traced(stack.value.to_owned(), stack.origin)),
            (COMPONENT_LABEL.to_owned(), traced(subject.table.to_owned(), recommended)),
            (MANAGED_BY_LABEL.to_owned(), traced("stowplan".to_owned(), recommended)),
        ]
    }

    /// The labels by which Pods are selected; they never change.
    pub fn selector_labels(&self, subject: Subject) -> Vec<(String, Traced<String>)> {
        let stack = self.stack_name();
        let rule = "selectors hold the names of the component and the stack";
        let selects = self.derive(rule, &[subject.origin, stack.origin]);
        vec![
            (NAME_LABEL.to_owned(), traced(subject.name.to_owned(), selects)),
            (PART_OF_LABEL.to_owned(), traced(stack.value.to_owned(), selects)),
        ]
    }

    /// The selector of a workload.
    pub fn selector(&self, subject: Subject) -> Traced<LabelSelector> {
        traced!(subject.origin, LabelSelector { match_labels: self.selector_labels(subject) })
    }

    /// Name, namespace and labels of an object.
    pub fn metadata(&self, subject: Subject, name: &str) -> Traced<ObjectMeta> {
        self.metadata_with(subject, traced(name.to_owned(), subject.origin), Vec::new(), Vec::new())
    }

    /// Name and labels of an object that belongs to the whole cluster, and so to no namespace.
    pub fn cluster_metadata(&self, subject: Subject, name: Traced<String>) -> Traced<ObjectMeta> {
        traced!(subject.origin, ObjectMeta { name: name, labels: self.labels(subject) })
    }

    /// Name, namespace, labels and annotations of an object.
    pub fn metadata_with(
        &self,
        subject: Subject,
        name: Traced<String>,
        labels: Vec<(String, Traced<String>)>,
        annotations: Vec<(String, Traced<String>)>,
    ) -> Traced<ObjectMeta> {
        let mut all = labels;
        all.extend(self.labels(subject));
        let namespace = self.namespace().map(|namespace| traced(namespace.value.to_owned(), namespace.origin));
        traced!(subject.origin, ObjectMeta { name: name, namespace: namespace, labels: all, annotations: annotations })
    }
}

/// Adds an object to the bundle.
pub fn add<T: serde::Serialize + k8s_openapi::Resource>(
    bundle: &mut Bundle,
    subject: Subject,
    role: impl Into<std::borrow::Cow<'static, str>>,
    object: Traced<T>,
) {
    bundle.objects.push(Object::new(Identity::new(subject.component, role), object));
}

/// The text of a written value with its place as the cause.
pub fn text<T: ToString>(written: &Written<T>) -> Traced<String> {
    traced(written.value.to_string(), written.origin)
}

/// Written texts by their keys, as labels and annotations are.
pub fn entries<K: Scalar + ToString, V: ToString>(
    keyed: &crate::shape::Keyed<K, Written<V>>,
) -> Vec<(String, Traced<String>)> {
    keyed.iter().map(|(key, value)| (key.value.to_string(), text(value))).collect()
}
