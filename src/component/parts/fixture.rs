//! For tests: TOML with places, files in a map, the world around a component.

use crate::bundle::{Bundle, Field};
use crate::component::cluster::Cluster;
use crate::component::defaults::WaitDefaults;
use crate::component::stack::Stack;
use crate::component::world::{Checking, Connections, Names, Scale, World};
use crate::diagnostic::Report;
use crate::document::{Act, LayerId, Node, Origin, OriginId, Origins, Table, Value};
use crate::shape::{Checker, Decoder, Evaluate, Shape};
use crate::source::{FileId, Inputs, Sources, Span};
use indexmap::IndexMap;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// Files and variables by their names.
#[derive(Debug, Default, Clone)]
pub struct MapInputs {
    files: BTreeMap<PathBuf, Vec<u8>>,
    variables: BTreeMap<String, String>,
}

impl Inputs for MapInputs {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let folder = path.strip_prefix(".").unwrap_or(path);
        let files: Vec<_> = self.files.keys().filter(|file| file.parent() == Some(folder)).cloned().collect();
        if files.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(files) }
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }
}

/// A text in TOML, read, and what was found in it.
pub struct Fixture {
    pub sources: Sources,
    pub origins: Origins,
    pub report: Report,
    root: Node,
    inputs: MapInputs,
}

impl Fixture {
    pub fn new(text: &str) -> Self {
        let sources = Sources::default();
        let file = sources.add("stack.toml", text);
        let mut origins = Origins::default();
        let table = DeTable::parse(text).expect("the test's TOML is valid");
        let root = table_node(table.get_ref(), origin(&mut origins, file, None, 0..0), file, &mut origins);
        Self { sources, origins, report: Report::default(), root, inputs: MapInputs::default() }
    }

    pub fn file(mut self, path: &str, contents: impl AsRef<[u8]>) -> Self {
        self.inputs.files.insert(path.into(), contents.as_ref().to_vec());
        self
    }

    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.inputs.variables.insert(name.into(), value.into());
        self
    }

    pub fn inputs(&self) -> MapInputs {
        self.inputs.clone()
    }

    pub fn checking(&mut self) -> Checking<'_> {
        Checking { sources: &self.sources, origins: &self.origins, report: &mut self.report }
    }

    /// Checks and decodes what stands at a path; an empty table where nothing does.
    pub fn decode<T: Shape>(&mut self, path: &[&str]) -> T {
        let empty = Node { origin: self.root.origin, value: Value::Table(Table::default()) };
        let mut node = self.root.at(path).cloned().unwrap_or(empty);
        Checker::new(&self.sources, &self.origins, &mut self.report).check(&mut node, T::KIND);
        let mut decoder = Decoder::new(&self.sources, &self.origins, &mut self.report, &Verbatim);
        T::decode(&node, &mut decoder).expect("what the test writes can be decoded")
    }

    /// Title and help of the one message; forgets it.
    pub fn only_message(&mut self) -> (String, String) {
        let diagnostics = std::mem::take(&mut self.report.diagnostics);
        assert_eq!(diagnostics.len(), 1, "{diagnostics:#?}");
        (diagnostics[0].title.clone(), diagnostics[0].help.clone().unwrap_or_default())
    }

    /// What the labels of the one message point at.
    pub fn labelled(&self) -> Vec<&str> {
        assert_eq!(self.report.diagnostics.len(), 1, "{:#?}", self.report.diagnostics);
        self.report.diagnostics[0].labels.iter().map(|label| self.sources.text(label.span)).collect()
    }

    /// The objects that `lower` makes in the world that the text describes.
    pub fn lower(&mut self, lower: impl FnOnce(&World, &mut Checking, &mut Bundle)) -> Bundle {
        let (stack, cluster): (Stack, Cluster) = (self.decode(&["stack"]), self.decode(&["cluster"]));
        let wait: WaitDefaults = self.decode(&["defaults", "wait"]);
        let causes = RefCell::default();
        let world = World {
            stack: &stack,
            origin: self.root.origin,
            cluster: &cluster,
            names: &Names::default(),
            connections: &Connections::default(),
            scaled: &IndexMap::<Box<str>, Scale, _>::default(),
            written_in_stack: &|_| true,
            wait: &wait,
            causes: &causes,
        };
        let mut bundle = Bundle::default();
        lower(&world, &mut self.checking(), &mut bundle);
        bundle.causes = causes.take();
        bundle
    }
}

/// The value at a path of keys, as JSON.
pub fn json(field: &Field, path: &[&str]) -> serde_json::Value {
    fn convert(field: &Field) -> serde_json::Value {
        use crate::bundle::FieldValue;
        match &field.value {
            FieldValue::Null => serde_json::Value::Null,
            FieldValue::Boolean(truth) => (*truth).into(),
            FieldValue::Integer(number) => (*number).into(),
            FieldValue::Float(number) => (*number).into(),
            FieldValue::String(text) => (**text).into(),
            FieldValue::List(items) => items.iter().map(convert).collect(),
            FieldValue::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| (key.to_string(), convert(value)));
                serde_json::Value::Object(entries.collect())
            }
        }
    }
    field.follow(path).map_or(serde_json::Value::Null, convert)
}

struct Verbatim;

impl Evaluate for Verbatim {
    fn evaluate(&self, text: &str, _: OriginId, _: &mut Report) -> Option<String> {
        Some(text.to_owned())
    }
}

fn origin(
    origins: &mut Origins,
    file: FileId,
    key: Option<std::ops::Range<usize>>,
    span: std::ops::Range<usize>,
) -> OriginId {
    let key = key.map(|key| Span::new(file, key));
    origins.add(Origin { layer: LayerId(0), key, span: Span::new(file, span), act: Act::Set, replaced: None })
}

fn table_node(table: &DeTable, at: OriginId, file: FileId, origins: &mut Origins) -> Node {
    // The `toml` crate sorts tables: the order of the places is the order written.
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let mut nodes = Table::default();
    for (key, value) in entries {
        let at = origin(origins, file, Some(key.span()), value.span());
        nodes.insert((**key.get_ref()).into(), value_node(value.get_ref(), at, file, origins));
    }
    Node { origin: at, value: Value::Table(nodes) }
}

fn value_node(value: &DeValue, at: OriginId, file: FileId, origins: &mut Origins) -> Node {
    let value = match value {
        DeValue::Boolean(truth) => Value::Boolean(*truth),
        DeValue::Integer(number) => Value::Integer(number.as_str().parse().unwrap_or(0), number.as_str().into()),
        DeValue::Float(number) => Value::Float(number.as_str().into()),
        DeValue::Datetime(date) => Value::Date(date.to_string().into()),
        DeValue::String(text) => Value::String((**text).into()),
        DeValue::Array(items) => {
            let items = items.iter().map(|item| {
                let at = origin(origins, file, None, item.span());
                value_node(item.get_ref(), at, file, origins)
            });
            Value::Array(items.collect())
        }
        DeValue::Table(table) => return table_node(table, at, file, origins),
    };
    Node { origin: at, value }
}
