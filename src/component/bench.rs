//! A stack out of a text, for the tests of components.

use super::cluster::Cluster;
use super::defaults::WaitDefaults;
use super::expose::{check_all, lower_all};
use super::file::StackFile;
use super::stack::Stack;
use super::world::{Checking, Connections, Declared, Names, World};
use crate::bundle::{Bundle, Causes, Field, FieldValue, Object};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::document::{Act, LayerId, Node, Origin, OriginId, Origins, Value};
use crate::shape::{Checker, Decoder, Evaluate, Shape};
use crate::source::{FileId, Sources, Span};
use indexmap::IndexMap;
use std::cell::RefCell;
use toml::de::{DeTable, DeValue};

/// A stack that was read from a text, and what was said about it.
pub struct Bench {
    /// The text.
    pub sources: Sources,
    /// Places in it.
    pub origins: Origins,
    /// What was decoded.
    pub file: StackFile,
    /// What decoding said.
    pub decoding: Vec<Diagnostic>,
}

struct Plain;

impl Evaluate for Plain {
    fn evaluate(&self, text: &str, _: OriginId, _: &mut Report) -> Option<String> {
        Some(text.to_owned())
    }
}

impl Bench {
    /// Reads a stack.
    pub fn new(text: &str) -> Self {
        let sources = Sources::default();
        let mut origins = Origins::default();
        let mut report = Report::default();
        let id = sources.add("stack.toml", text);
        let table = DeTable::parse(text).unwrap();
        let place = table.span();
        let mut node = read_table(table.get_ref(), None, place, id, &mut origins);
        Checker::new(&sources, &origins, &mut report).check(&mut node, StackFile::KIND);
        let file = StackFile::decode(&node, &mut Decoder::new(&sources, &origins, &mut report, &Plain)).unwrap();
        Self { sources, origins, file, decoding: report.diagnostics }
    }

    /// The stack as components see it.
    pub fn with_world<T>(&self, use_world: impl FnOnce(&World) -> T) -> T {
        let tables = &self.file.tables;
        let origin = self.file.origin;
        let stack =
            self.file.stack.clone().unwrap_or(Stack { name: None, namespace: None, profiles: Vec::new(), origin });
        let mut names = Names::default();
        for (table, keys) in [
            ("api", tables.api.iter().map(|(name, _)| name).collect::<Vec<_>>()),
            ("worker", tables.worker.iter().map(|(name, _)| name).collect()),
            ("db", tables.db.iter().map(|(name, _)| name).collect()),
        ] {
            for name in keys {
                let declared = Declared { table, origin: name.origin, keys: None };
                names.components.insert(name.value.as_str().into(), declared);
            }
        }
        for (name, _) in tables.secret.iter() {
            let declared = Declared { table: "secret", origin: name.origin, keys: None };
            names.secrets.insert(name.value.as_str().into(), declared);
        }
        let wait = WaitDefaults { image: None, resources: None, origin };
        use_world(&World {
            stack: &stack,
            origin,
            cluster: self.cluster(),
            names: &names,
            connections: &Connections::default(),
            scaled: &IndexMap::default(),
            written_in_stack: &|_| true,
            wait: &wait,
            causes: &RefCell::new(Causes::default()),
        })
    }

    /// `[cluster]`.
    pub fn cluster(&self) -> &Cluster {
        self.file.tables.cluster.as_ref().expect("every test says something of the cluster")
    }

    /// What the checks of ingresses say.
    pub fn check(&self) -> Vec<Diagnostic> {
        let mut report = Report::default();
        let tables = &self.file.tables;
        self.with_world(|world| {
            let mut checking = Checking { sources: &self.sources, origins: &self.origins, report: &mut report };
            check_all(&tables.ingress, &tables.api, "cloud", world, &mut checking);
        });
        report.diagnostics
    }

    /// The one message of the checks: title, the text at each label, help.
    pub fn message(&self) -> (String, Vec<String>, String) {
        let found = self.check();
        assert_eq!(found.len(), 1, "{found:#?}");
        self.describe(&found[0])
    }

    /// A message in the same form.
    pub fn describe(&self, diagnostic: &Diagnostic) -> (String, Vec<String>, String) {
        let places = diagnostic.labels.iter().map(|label| self.sources.text(label.span).to_owned()).collect();
        (diagnostic.title.clone(), places, diagnostic.help.clone().unwrap_or_default())
    }

    /// The objects of ingresses and externals; there must be no error.
    pub fn lower(&self) -> Vec<Object> {
        assert_eq!(self.decoding, []);
        let errors: Vec<_> = self.check().into_iter().filter(|found| found.severity == Severity::Error).collect();
        assert_eq!(errors, []);
        let mut bundle = Bundle::default();
        let tables = &self.file.tables;
        self.with_world(|world| {
            lower_all(&tables.ingress, &tables.api, world, &mut bundle);
            for (name, external) in tables.external.iter() {
                external.lower(name, world, &mut bundle);
            }
        });
        bundle.objects
    }
}

fn read_table(
    table: &DeTable,
    key: Option<Span>,
    place: std::ops::Range<usize>,
    file: FileId,
    origins: &mut Origins,
) -> Node {
    let span = Span::new(file, place);
    let origin = origins.add(Origin { layer: LayerId(0), key, span, act: Act::Set, replaced: None });
    let entries = table.iter().map(|(name, value)| {
        let key = Span::new(file, name.span());
        (name.get_ref().as_ref().into(), read(value.get_ref(), Some(key), value.span(), file, origins))
    });
    Node { origin, value: Value::Table(entries.collect()) }
}

fn read(
    value: &DeValue,
    key: Option<Span>,
    place: std::ops::Range<usize>,
    file: FileId,
    origins: &mut Origins,
) -> Node {
    if let DeValue::Table(table) = value {
        return read_table(table, key, place, file, origins);
    }
    let span = Span::new(file, place);
    let origin = origins.add(Origin { layer: LayerId(0), key, span, act: Act::Set, replaced: None });
    let value = match value {
        DeValue::String(text) => Value::String(text.as_ref().into()),
        DeValue::Boolean(value) => Value::Boolean(*value),
        DeValue::Integer(number) => Value::Integer(number.as_str().parse().unwrap(), number.as_str().into()),
        DeValue::Array(items) => {
            Value::Array(items.iter().map(|item| read(item.get_ref(), None, item.span(), file, origins)).collect())
        }
        other => unreachable!("no test writes {other:?}"),
    };
    Node { origin, value }
}

/// A field as JSON, to compare it with text.
fn json(field: &Field) -> serde_json::Value {
    match &field.value {
        FieldValue::Null => serde_json::Value::Null,
        FieldValue::Boolean(value) => (*value).into(),
        FieldValue::Integer(value) => (*value).into(),
        FieldValue::Float(value) => (*value).into(),
        FieldValue::String(value) => value.to_string().into(),
        FieldValue::List(items) => items.iter().map(json).collect(),
        FieldValue::Map(entries) => {
            serde_json::Value::Object(entries.iter().map(|(key, field)| (key.to_string(), json(field))).collect())
        }
    }
}

/// An object as JSON, to compare it with text.
pub fn json_of(object: &Object) -> serde_json::Value {
    json(&object.root)
}
