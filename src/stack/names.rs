//! The names that `{{ }}` knows, and their values.

use crate::component::api::Api;
use crate::component::cluster::Cluster;
use crate::component::db::Db;
use crate::component::external::External;
use crate::component::ingress::Ingress;
use crate::component::parts::exposure::ServiceType;
use crate::component::world::{Connection, Credential, Place};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::document::path::quoted;
use crate::document::{Node, Origins, Table, Value};
use crate::shape::{Decoder, Evaluate, Shape, TableForm, Written};
use crate::source::Sources;
use crate::value::{Name, Scalar, nearest};
use minijinja::Value as Found;
use std::collections::BTreeMap;

/// The names on the left of the first dot.
const ROOTS: [&str; 8] = ["vars", "stack", "profile", "cluster", "db", "api", "external", "ingress"];

/// What a component can be asked for.
const FIELDS: [&str; 7] = ["host", "fqdn", "port", "address", "url", "database", "sslmode"];

/// What an ingress can be asked for.
const INGRESS_FIELDS: [&str; 2] = ["host", "url"];

/// The codes of mistakes in expressions: those below a fact are seen by nobody else.
const EXPRESSION_CODES: [&str; 3] = ["cycle", "undefined-name", "bad-expression"];

/// Why a name has no value.
pub enum Missing {
    /// Something else is wrong, and was or will be reported where it stands.
    Reported,
    /// There is no such name: what to type in its place.
    Undefined(String),
}

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

impl Names<'_> {
    /// All names as nested maps; a fact that a component does not have is left out.
    pub fn context(&self, report: &mut Report) -> Found {
        let mut quiet = Report::default();
        let mut roots: BTreeMap<&str, Found> = BTreeMap::new();
        roots.insert("vars", self.map(self.root.get("vars"), report));
        roots.insert("cluster", self.map(self.root.get("cluster"), report));
        roots.insert("profile", self.fields(&["profile"], &["name"], &mut quiet));
        roots.insert("stack", self.fields(&["stack"], &["name", "namespace"], &mut quiet));
        for (table, fields) in
            [("db", &FIELDS[..]), ("api", &FIELDS), ("external", &FIELDS), ("ingress", &INGRESS_FIELDS)]
        {
            let entries = self.root.get(table).and_then(Node::as_table).into_iter().flatten();
            let entries = entries.map(|(name, _)| (name.to_string(), self.fields(&[table, name], fields, &mut quiet)));
            roots.insert(table, Found::from_pairs(entries.collect::<Vec<_>>()));
        }
        Found::from_pairs(roots)
    }

    /// A table as nested maps.
    fn map(&self, node: Option<&Node>, report: &mut Report) -> Found {
        let entries = node.and_then(Node::as_table).into_iter().flatten().filter_map(|(name, child)| {
            let value = match &child.value {
                Value::Table(_) => self.map(Some(child), report),
                _ => self.found(child, report).ok()?,
            };
            Some((name.to_string(), value))
        });
        Found::from_pairs(entries.collect::<Vec<_>>())
    }

    /// The fields of something as a map, without those that it does not have.
    fn fields(&self, path: &[&str], fields: &[&'static str], report: &mut Report) -> Found {
        let entries =
            fields.iter().filter_map(|field| Some((*field, self.value(&[path, &[*field]].concat(), report).ok()?)));
        Found::from_pairs(entries.collect::<Vec<_>>())
    }

    /// The value of a dotted name: a boolean or whole number where it is written as one, else a text.
    ///
    /// # Errors
    /// There is none; mistakes in texts on the way to it are in `report`.
    pub fn value(&self, path: &[&str], report: &mut Report) -> Result<Found, Missing> {
        match path {
            ["vars", name] => self.variable(name, report),
            ["profile", "name"] => Ok(self.profile.into()),
            ["profile", field, ..] => Err(unknown_field("profile", field, ["name"])),
            ["stack", "name"] => self.stack_name(report),
            ["stack", "namespace"] => self.namespace(report),
            ["stack", field, ..] => Err(unknown_field("stack", field, ["name", "namespace"])),
            ["cluster", "name"] => match self.root.at(&["cluster", "name"]) {
                Some(node) => self.found(node, report),
                None => self.stack_name(report),
            },
            ["cluster", rest @ ..] if !rest.is_empty() => self.cluster(path, rest, report),
            [table @ ("db" | "api" | "external" | "ingress"), name, field @ ..] if !field.is_empty() => {
                self.component(table, name, &field.join("."), report)
            }
            [table @ ("db" | "api" | "external" | "ingress"), ..] => {
                Err(Missing::Undefined(format!("name the component and what you want of it: `{table}.NAME.host`")))
            }
            ["vars", ..] => Err(Missing::Undefined("name one variable: `vars.NAME`".into())),
            [root, rest @ ..] => Err(Missing::Undefined(match nearest(root, ROOTS.iter().copied()) {
                Some(near) if near != *root => format!("did you mean `{}`?", [&[near], rest].concat().join(".")),
                _ => format!("names begin with {}", ROOTS.join(", ")),
            })),
            [] => Err(Missing::Undefined(format!("names begin with {}", ROOTS.join(", ")))),
        }
    }

    fn variable(&self, name: &str, report: &mut Report) -> Result<Found, Missing> {
        if let Some(node) = self.root.at(&["vars", name]) {
            return self.found(node, report);
        }
        let known = self.root.get("vars").and_then(Node::as_table);
        let near = known.and_then(|known| nearest(name, known.keys().map(|key| &**key)));
        Err(Missing::Undefined(match near {
            Some(near) => format!("did you mean `vars.{near}`?"),
            None => format!("declare it: `{} = \"…\"` below `[vars]`", quoted(name)),
        }))
    }

    fn stack_name(&self, report: &mut Report) -> Result<Found, Missing> {
        match self.root.at(&["stack", "name"]) {
            Some(node) => self.found(node, report),
            None => Ok("app".into()),
        }
    }

    fn namespace(&self, report: &mut Report) -> Result<Found, Missing> {
        match self.root.at(&["stack", "namespace", "name"]) {
            Some(node) => self.found(node, report),
            None => Err(Missing::Undefined("add `namespace = \"NAME\"` below `[stack]`".into())),
        }
    }

    fn cluster(&self, path: &[&str], rest: &[&str], report: &mut Report) -> Result<Found, Missing> {
        let cluster = self.root.get("cluster");
        if let Some(node) = cluster.and_then(|cluster| cluster.at(rest))
            && node.as_table().is_none()
        {
            return self.found(node, report);
        }
        Err(match Cluster::FORM.key(rest[0]) {
            Some(_) => Missing::Undefined(format!(
                "say it for this profile: `{} = \"…\"` below `[profile.{}]`",
                path.join("."),
                self.profile
            )),
            None => unknown_field("cluster", rest[0], keys(Cluster::FORM)),
        })
    }

    fn component(&self, table: &str, name: &str, field: &str, report: &mut Report) -> Result<Found, Missing> {
        let tables = self.root.get(table).and_then(Node::as_table);
        let Some(node) = tables.and_then(|entries| entries.get(name)) else {
            let near = tables.and_then(|entries| nearest(name, entries.keys().map(|key| &**key)));
            return Err(Missing::Undefined(match near {
                Some(near) => format!("did you mean `{table}.{near}.{field}`?"),
                None => format!("declare it: `[{table}.{}]`", quoted(name)),
            }));
        };
        let path = format!("{table}.{name}");
        if table == "ingress" {
            return self.ingress(&path, name, node, field, report);
        }
        if matches!(field, "user" | "password") {
            return Err(Missing::Undefined(
                "user and password stay in Secrets: use `uses`, or `env` with `secret` and `key`".into(),
            ));
        }
        if !FIELDS.contains(&field) {
            return Err(unknown_field(&path, field, FIELDS));
        }
        if field == "fqdn" {
            self.namespace(report)?;
        }
        let connection = self.connection(table, name, node, report)?;
        let fact = self.fact(&connection, field, report);
        fact.ok_or_else(|| Missing::Undefined(format!("`{path}` has no {field}: add it below `[{path}]`")))
    }

    /// How a component is reached, from those of its keys that say so; other mistakes in them are reported when it is decoded.
    fn connection(&self, table: &str, name: &str, node: &Node, report: &mut Report) -> Result<Connection, Missing> {
        let keys: &[&str] = match table {
            "db" => &[
                "engine", "version", "image", "port", "database", "user", "secret", "keys", "managed", "via", "pooler",
            ],
            "api" => &["ports", "service", "sidecar"],
            _ => &["host", "port", "user", "database", "secret", "keys", "service"],
        };
        let mut part = part(node, keys);
        if let Some(sidecars) = part.as_table_mut().and_then(|part| part.get_mut("sidecar")?.as_table_mut()) {
            // only what the Service may offer: their other keys may ask for this very component
            sidecars.values_mut().for_each(|sidecar| *sidecar = self::part(sidecar, &["ports"]));
        }
        let name = Written { value: Name::parse(name).map_err(|_| Missing::Reported)?, origin: node.origin };
        let mut below = Report::default();
        let mut decoder = Decoder::new(self.sources, self.origins, &mut below, self.evaluator);
        let connection = match table {
            "db" => {
                let stack = Written { value: self.stack_name(report)?.to_string(), origin: node.origin };
                let stack = stack.as_ref().map(|stack| stack.as_str());
                Db::decode(&part, &mut decoder).map(|db| db.connection(&name, stack))
            }
            "api" => match Api::decode(&part, &mut decoder) {
                Some(api) if has_no_service(&api) => {
                    let help = "`api.NAME` has no Service: remove `service = \"none\"` from `[api.NAME]`";
                    return Err(Missing::Undefined(help.replace("NAME", name.value.as_str())));
                }
                api => api.map(|api| api.connection(&name)),
            },
            _ => External::decode(&part, &mut decoder).map(|external| external.connection(&name)),
        };
        let sound = is_sound(&part, &below);
        forward(below, report);
        connection.filter(|_| sound).ok_or(Missing::Reported)
    }

    fn fact(&self, connection: &Connection, field: &str, report: &mut Report) -> Option<Found> {
        let hosts: Vec<_> = connection.hosts.iter().map(|host| host.value.as_str()).collect();
        let port = connection.ports.first().map(|port| port.number.value);
        let with_port = |host: &&str| port.map_or_else(|| (*host).to_owned(), |port| format!("{host}:{port}"));
        let addresses = || hosts.iter().map(with_port).collect::<Vec<_>>().join(",");
        let database = match &connection.database {
            Some(Credential::Literal(database)) => Some(database.value.clone()),
            _ => None,
        };
        match field {
            "host" => Some(hosts.join(",").into()),
            "port" => port.map(Found::from),
            "address" => port.map(|_| addresses().into()),
            "database" => database.map(Found::from),
            "url" => {
                let plain = connection.scheme == "http" && port == Some(80);
                let address = if plain { hosts.join(",") } else { addresses() };
                let path = database.map(|database| format!("/{database}")).unwrap_or_default();
                let query = connection.tls.url.map(|query| format!("?{query}")).unwrap_or_default();
                let slash = if path.is_empty() && !query.is_empty() { "/" } else { "" };
                Some(format!("{}://{address}{path}{slash}{query}", connection.scheme).into())
            }
            "fqdn" if connection.place == Place::Inside => {
                let namespace = self.namespace(report).ok()?;
                Some(format!("{}.{namespace}.svc.cluster.local", hosts.first()?).into())
            }
            "fqdn" => Some(hosts.join(",").into()),
            "sslmode" => connection.sslmode().map(|mode| mode.value.as_str().into()),
            _ => None,
        }
    }

    fn ingress(&self, path: &str, name: &str, node: &Node, field: &str, report: &mut Report) -> Result<Found, Missing> {
        if !INGRESS_FIELDS.contains(&field) {
            return Err(unknown_field(path, field, INGRESS_FIELDS));
        }
        let mut below = Report::default();
        let mut decoder = Decoder::new(self.sources, self.origins, &mut below, self.evaluator);
        let empty = Node { origin: node.origin, value: Value::Table(Table::default()) };
        let cluster = Cluster::decode(self.root.get("cluster").unwrap_or(&empty), &mut decoder);
        let part = part(node, &["host", "tls", "routes"]);
        let ingress = Ingress::decode(&part, &mut decoder);
        let sound = is_sound(&part, &below);
        forward(below, report);
        let name = Written { value: Name::parse(name).map_err(|_| Missing::Reported)?, origin: node.origin };
        let (Some(cluster), Some(ingress)) = (cluster, ingress) else { return Err(Missing::Reported) };
        let value = if field == "host" { ingress.host(&name, &cluster) } else { ingress.url(&name, &cluster) };
        match value {
            Some(value) => Ok(value.into()),
            None if sound => {
                let help = format!(
                    "a bare host needs `cluster.domain`: add `cluster.domain = \"example.com\"` below `[profile.{}]`",
                    self.profile
                );
                Err(Missing::Undefined(help))
            }
            None => Err(Missing::Reported),
        }
    }

    /// The value of a node, evaluated where it holds names itself.
    fn found(&self, node: &Node, report: &mut Report) -> Result<Found, Missing> {
        match &node.value {
            Value::String(text) if text.contains("{{") => {
                let evaluated = self.evaluator.evaluate(text, node.origin, report);
                evaluated.map(Found::from).ok_or(Missing::Reported)
            }
            // a spelling such as 0x1F or +1 stays a text, because a number is printed otherwise
            Value::Integer(number, text) if number.to_string() == **text => Ok((*number).into()),
            Value::Boolean(value) => Ok((*value).into()),
            Value::String(text)
            | Value::Untyped(text)
            | Value::Integer(_, text)
            | Value::Float(text)
            | Value::Date(text) => Ok((&**text).into()),
            Value::Array(_) | Value::Table(_) => {
                Err(Missing::Undefined(format!("ask for a text or a number: this is {}", node.value.describe())))
            }
            Value::Invalid => Err(Missing::Reported),
        }
    }
}

fn has_no_service(api: &Api) -> bool {
    let kind = api.listening.service.as_ref().and_then(|service| service.kind);
    kind.is_some_and(|kind| kind.value == ServiceType::None)
}

fn unknown_field<'k>(path: &str, field: &str, known: impl IntoIterator<Item = &'k str> + Clone) -> Missing {
    Missing::Undefined(match nearest(field, known.clone().into_iter()) {
        Some(near) => format!("did you mean `{path}.{near}`?"),
        None => {
            let known: Vec<_> = known.into_iter().map(|known| format!("`{path}.{known}`")).collect();
            format!("there is {}", known.join(", "))
        }
    })
}

fn keys(form: &'static TableForm) -> Vec<&'static str> {
    form.keys.iter().map(|key| key.name).collect()
}

/// Whether everything of a component on which its facts rest could be read; what is missing beside it is said when the whole
/// component is decoded.
fn is_sound(part: &Node, below: &Report) -> bool {
    let mistake = |found: &Diagnostic| found.severity == Severity::Error && found.code != "missing-key";
    !is_invalid(part) && !below.diagnostics.iter().any(mistake)
}

fn forward(below: Report, report: &mut Report) {
    let seen_by_nobody_else =
        below.diagnostics.into_iter().filter(|diagnostic| EXPRESSION_CODES.contains(&diagnostic.code));
    seen_by_nobody_else.for_each(|diagnostic| report.push(diagnostic));
}

fn is_invalid(node: &Node) -> bool {
    match &node.value {
        Value::Invalid => true,
        Value::Table(table) => table.values().any(is_invalid),
        Value::Array(items) => items.iter().any(is_invalid),
        _ => false,
    }
}

/// A table with some of its keys.
fn part(node: &Node, keys: &[&str]) -> Node {
    let table: Table = keys.iter().filter_map(|key| Some(((*key).into(), node.get(key)?.clone()))).collect();
    Node { origin: node.origin, value: Value::Table(table) }
}
