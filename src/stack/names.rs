//! The names that `{{ }}` knows, and their values.

use crate::component::api::Api;
use crate::component::cluster::Cluster;
use crate::component::db::Db;
use crate::component::external::External;
use crate::component::ingress::Ingress;
use crate::component::world::{Connection, Credential, Place};
use crate::diagnostic::{Diagnostic, Report};
use crate::document::{Node, Origins, Table, Value};
use crate::shape::{Decoder, Evaluate, Shape, Written};
use crate::source::{FileId, Sources, Span};
use crate::value::{Name, Scalar, nearest};
use std::collections::BTreeMap;

/// The names on the left of the first dot.
const ROOTS: [&str; 8] = ["vars", "stack", "profile", "cluster", "db", "api", "external", "ingress"];

/// Looks names up.
pub struct Names<'a> {
    /// The tree of the stack.
    pub root: &'a Node,
    /// The name of the profile.
    pub profile: &'a str,
    /// All texts.
    pub sources: &'a Sources,
    /// All places.
    pub origins: &'a Origins,
    /// Evaluates texts that hold names themselves.
    pub evaluator: &'a dyn Evaluate,
}

/// The fields of components that `{{ }}` knows.
const FIELDS: [&str; 6] = ["host", "fqdn", "port", "address", "url", "database"];

impl Names<'_> {
    /// All names as nested maps; a fact that a component does not have is left out.
    pub fn context(&self, report: &mut Report) -> minijinja::Value {
        let mut quiet = Report::default();
        let place = Span { file: FileId(0), start: 0, end: 0 };
        let mut roots: BTreeMap<&str, minijinja::Value> = BTreeMap::new();
        let variables = self.root.get("vars").and_then(Node::as_table).into_iter().flatten();
        let variables = variables.filter_map(|(name, node)| Some((name.to_string(), self.text(node, report)?)));
        roots.insert("vars", minijinja::Value::from_pairs(variables));
        roots.insert("profile", minijinja::Value::from_pairs([("name", self.profile)]));
        let stack = ["name", "namespace"]
            .into_iter()
            .filter_map(|key| Some((key, self.value(&["stack", key], place, &mut quiet)?)));
        roots.insert("stack", minijinja::Value::from_pairs(stack));
        roots.insert("cluster", self.facts(self.root.get("cluster"), report));
        for table in ["db", "api", "external", "ingress"] {
            let entries = self.root.get(table).and_then(Node::as_table).into_iter().flatten();
            let entries = entries.map(|(name, _)| {
                let fields = FIELDS
                    .into_iter()
                    .filter_map(|field| Some((field, self.value(&[table, name, field], place, &mut quiet)?)));
                (name.to_string(), minijinja::Value::from_pairs(fields))
            });
            roots.insert(table, minijinja::Value::from_pairs(entries.collect::<Vec<_>>()));
        }
        minijinja::Value::from_pairs(roots)
    }
    /// Facts about the cluster as nested maps.
    fn facts(&self, node: Option<&Node>, report: &mut Report) -> minijinja::Value {
        let entries = node.and_then(Node::as_table).into_iter().flatten().filter_map(|(name, child)| {
            let value = match &child.value {
                Value::Table(_) => self.facts(Some(child), report),
                _ => self.text(child, report)?.into(),
            };
            Some((name.to_string(), value))
        });
        minijinja::Value::from_pairs(entries.collect::<Vec<_>>())
    }

    /// The value of a dotted name; what is not there is reported at `place`.
    pub fn value(&self, path: &[&str], place: Span, report: &mut Report) -> Option<String> {
        match path {
            ["vars", name] => self.variable(name, place, report),
            ["profile", "name"] => Some(self.profile.to_owned()),
            ["stack", "name"] => Some(self.stack_name(report)),
            ["stack", "namespace"] => match self.text_at(&["stack", "namespace", "name"], report) {
                None => {
                    self.undefined(path, place, Some("add `namespace = \"NAME\"` below `[stack]`".into()), report);
                    None
                }
                namespace => namespace,
            },
            ["cluster", "name"] => {
                Some(self.text_at(&["cluster", "name"], report).unwrap_or_else(|| self.stack_name(report)))
            }
            ["cluster", rest @ ..] if !rest.is_empty() => self.cluster(path, rest, place, report),
            [table @ ("db" | "api" | "external" | "ingress"), name, field @ ..] if !field.is_empty() => {
                self.component(table, name, &field.join("."), place, report)
            }
            _ => {
                self.undefined(path, place, None, report);
                None
            }
        }
    }

    fn variable(&self, name: &str, place: Span, report: &mut Report) -> Option<String> {
        if let Some(node) = self.root.at(&["vars", name]) {
            return self.text(node, report);
        }
        let known = self.root.get("vars").and_then(Node::as_table);
        let near = known.and_then(|known| nearest(name, known.keys().map(|key| &**key)));
        let help = match near {
            Some(near) => format!("did you mean `vars.{near}`?"),
            None => format!("declare it: `{name} = \"…\"` below `[vars]`"),
        };
        self.undefined(&["vars", name], place, Some(help), report);
        None
    }

    fn stack_name(&self, report: &mut Report) -> String {
        self.text_at(&["stack", "name"], report).unwrap_or_else(|| "app".to_owned())
    }

    fn cluster(&self, path: &[&str], rest: &[&str], place: Span, report: &mut Report) -> Option<String> {
        let cluster = self.root.get("cluster");
        if let Some(node) = cluster.and_then(|cluster| cluster.at(rest))
            && node.as_table().is_none()
        {
            return self.text(node, report);
        }
        let help = match Cluster::FORM.key(rest[0]) {
            Some(_) => {
                format!("say it for this profile: `[profile.{}]` with `{} = \"…\"`", self.profile, path.join("."))
            }
            None => match nearest(rest[0], Cluster::FORM.keys.iter().map(|key| key.name)) {
                Some(near) => format!("did you mean `cluster.{near}`?"),
                None => "`stowplan explain cluster` lists the facts".to_owned(),
            },
        };
        self.undefined(path, place, Some(help), report);
        None
    }

    fn component(&self, table: &str, name: &str, field: &str, place: Span, report: &mut Report) -> Option<String> {
        let tables = self.root.get(table).and_then(Node::as_table);
        let Some(node) = tables.and_then(|entries| entries.get(name)) else {
            let near = tables.and_then(|entries| nearest(name, entries.keys().map(|key| &**key)));
            let help = near.map_or_else(
                || format!("declare it: `[{table}.{name}]`"),
                |near| format!("did you mean `{table}.{near}`?"),
            );
            self.undefined(&[table, name, field], place, Some(help), report);
            return None;
        };
        if table == "ingress" {
            return self.ingress(name, node, field, place, report);
        }
        let connection = self.connection(table, name, node)?;
        match self.fact(&connection, field, report) {
            Some(value) => Some(value),
            None => {
                let help = "a component has host, fqdn, port, address and url, and a database its database; user and password stay in Secrets";
                self.undefined(&[table, name, field], place, Some(help.into()), report);
                None
            }
        }
    }

    /// How a component is reached, from those of its keys that say so; mistakes in them are reported when it is decoded.
    fn connection(&self, table: &str, name: &str, node: &Node) -> Option<Connection> {
        let keys: &[&str] = match table {
            "db" => &["engine", "version", "image", "port", "database", "user", "secret", "keys"],
            "api" => &["ports"],
            _ => &["host", "port", "user", "database", "secret", "keys", "service"],
        };
        let mut quiet = Report::default();
        let part = part(node, keys);
        let name = Written { value: Name::parse(name).ok()?, origin: node.origin };
        let stack = Written { value: self.stack_name(&mut quiet), origin: node.origin };
        let mut decoder = Decoder::new(self.sources, self.origins, &mut quiet, self.evaluator);
        match table {
            "db" => Some(Db::decode(&part, &mut decoder)?.connection(&name, stack.as_ref().map(|text| text.as_str()))),
            "api" => Some(Api::decode(&part, &mut decoder)?.connection(&name)),
            _ => Some(External::decode(&part, &mut decoder)?.connection(&name)),
        }
    }

    fn fact(&self, connection: &Connection, field: &str, report: &mut Report) -> Option<String> {
        let hosts: Vec<_> = connection.hosts.iter().map(|host| host.value.as_str()).collect();
        let port = connection.ports.first().map(|port| port.number.value);
        let with_port = |host: &&str| port.map_or_else(|| (*host).to_owned(), |port| format!("{host}:{port}"));
        let addresses = || hosts.iter().map(with_port).collect::<Vec<_>>().join(",");
        let database = match &connection.database {
            Some(Credential::Literal(database)) => Some(database.value.clone()),
            _ => None,
        };
        match field {
            "host" => Some(hosts.join(",")),
            "port" => Some(port?.to_string()),
            "address" => port.map(|_| addresses()),
            "database" => database,
            "url" => {
                let plain = connection.scheme == "http" && port == Some(80);
                let address = if plain { hosts.join(",") } else { addresses() };
                let path = database.map(|database| format!("/{database}")).unwrap_or_default();
                Some(format!("{}://{address}{path}", connection.scheme))
            }
            "fqdn" if connection.place == Place::Inside => {
                let namespace = self.text_at(&["stack", "namespace", "name"], report)?;
                Some(format!("{}.{namespace}.svc.cluster.local", hosts.first()?))
            }
            "fqdn" => Some(hosts.join(",")),
            _ => None,
        }
    }

    fn ingress(&self, name: &str, node: &Node, field: &str, place: Span, report: &mut Report) -> Option<String> {
        let mut quiet = Report::default();
        let mut decoder = Decoder::new(self.sources, self.origins, &mut quiet, self.evaluator);
        let cluster = Cluster::decode(self.root.get("cluster")?, &mut decoder)?;
        let ingress = Ingress::decode(&part(node, &["host", "tls", "routes"]), &mut decoder)?;
        let name = Written { value: Name::parse(name).ok()?, origin: node.origin };
        let value = match field {
            "host" => ingress.host(&name, &cluster),
            "url" => ingress.url(&name, &cluster),
            _ => None,
        };
        if value.is_none() {
            let help = "an ingress has `host` and `url`; a bare host needs `cluster.domain`";
            self.undefined(&["ingress", name.value.as_str(), field], place, Some(help.into()), report);
        }
        value
    }

    fn text_at(&self, path: &[&str], report: &mut Report) -> Option<String> {
        self.text(self.root.at(path)?, report)
    }

    /// A scalar as text, evaluated where it holds names itself.
    fn text(&self, node: &Node, report: &mut Report) -> Option<String> {
        match &node.value {
            Value::String(text) if text.contains("{{") => self.evaluator.evaluate(text, node.origin, report),
            Value::String(text) | Value::Untyped(text) => Some(text.to_string()),
            Value::Integer(_, text) | Value::Float(text) | Value::Date(text) => Some(text.to_string()),
            Value::Boolean(value) => Some(value.to_string()),
            Value::Array(_) | Value::Table(_) | Value::Invalid => None,
        }
    }

    fn undefined(&self, path: &[&str], place: Span, help: Option<String>, report: &mut Report) {
        let name = path.join(".");
        let diagnostic = Diagnostic::error("undefined-name", format!("`{name}` is not defined")).at(place, "");
        let help = help.unwrap_or_else(|| match nearest(path[0], ROOTS.iter().copied()) {
            Some(near) if near != path[0] => format!("did you mean `{near}.{}`?", path[1..].join(".")),
            _ => format!("names begin with {}", ROOTS.join(", ")),
        });
        report.push(diagnostic.help(help));
    }
}

/// A table with some of its keys.
fn part(node: &Node, keys: &[&str]) -> Node {
    let table: Table = keys.iter().filter_map(|key| Some(((*key).into(), node.get(key)?.clone()))).collect();
    Node { origin: node.origin, value: Value::Table(table) }
}
