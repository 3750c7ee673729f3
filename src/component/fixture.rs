//! For tests: a stack file that was read from a text, files in a map, and the world around a component.

use super::cluster::Cluster;
use super::defaults::WaitDefaults;
use super::stack::Stack;
use super::world::{Connections, Declared, Names, World};
use crate::bundle::{Bundle, Causes, Field, FieldValue};
use crate::diagnostic::{Diagnostic, Report};
use crate::document::checking::Checking;
use crate::document::parse::parse;
use crate::document::{LayerId, Node, OriginId, Origins, Table, Value};
use crate::shape::{Checker, Decoder, Evaluate, Shape};
use crate::source::{Inputs, Sources};
use indexmap::IndexMap;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

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
    /// What the text declares; keys of configs and secrets are not known.
    pub names: Names,
    /// Why derived fields have their values.
    pub causes: RefCell<Causes>,
    root: Node,
    inputs: MapInputs,
}

impl Fixture {
    pub fn new(text: &str) -> Self {
        let sources = Sources::default();
        let file = sources.add("stack.toml", text);
        let (mut origins, mut report) = (Origins::default(), Report::default());
        let root = parse(file, &sources, LayerId(0), &mut origins, &mut report);
        let root = root.unwrap_or_else(|| panic!("the test's TOML is not valid: {report:#?}"));
        let names = names(&root);
        Self { sources, origins, report, names, causes: RefCell::default(), root, inputs: MapInputs::default() }
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
        let mut report = std::mem::take(&mut self.report);
        let decoded = self.decode_reporting(path, &mut report);
        self.report = report;
        decoded
    }

    fn decode_reporting<T: Shape>(&self, path: &[&str], report: &mut Report) -> T {
        let empty = Node { origin: self.root.origin, value: Value::Table(Table::default()) };
        let mut node = self.root.at(path).cloned().unwrap_or(empty);
        Checker::new(&self.sources, &self.origins, report).check(&mut node, T::KIND);
        let mut decoder = Decoder::new(&self.sources, &self.origins, report, &Verbatim);
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

    /// A message: its title, the text at each label, its help.
    pub fn describe(&self, diagnostic: &Diagnostic) -> (String, Vec<String>, String) {
        let places = diagnostic.labels.iter().map(|label| self.sources.text(label.span).to_owned()).collect();
        (diagnostic.title.clone(), places, diagnostic.help.clone().unwrap_or_default())
    }

    /// What is asked of the world that the text describes; nothing in it is connected or scaled.
    pub fn with_world<T>(&self, ask: impl FnOnce(&World) -> T) -> T {
        let mut quiet = Report::default();
        let stack: Stack = self.decode_reporting(&["stack"], &mut quiet);
        let cluster: Cluster = self.decode_reporting(&["cluster"], &mut quiet);
        let wait: WaitDefaults = self.decode_reporting(&["defaults", "wait"], &mut quiet);
        ask(&World {
            stack: &stack,
            origin: self.root.origin,
            cluster: &cluster,
            names: &self.names,
            connections: &Connections::default(),
            servers: None,
            scaled: &IndexMap::default(),
            approaches: &IndexMap::default(),
            written_in_stack: &|_| true,
            wait: &wait.lower(),
            causes: &self.causes,
        })
    }

    /// The objects that `lower` makes in the world that the text describes.
    pub fn lower(&mut self, lower: impl FnOnce(&World, &mut Checking, &mut Bundle)) -> Bundle {
        let mut bundle = Bundle::default();
        let mut report = std::mem::take(&mut self.report);
        let mut checking = Checking { sources: &self.sources, origins: &self.origins, report: &mut report };
        self.with_world(|world| lower(world, &mut checking, &mut bundle));
        self.report = report;
        bundle.causes = self.causes.take();
        bundle
    }
}

/// The value at a path of keys, as JSON.
pub fn json(field: &Field, path: &[&str]) -> serde_json::Value {
    fn convert(field: &Field) -> serde_json::Value {
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

fn names(root: &Node) -> Names {
    let declared = |table: &'static str| {
        let entries = root.get(table).and_then(Node::as_table).into_iter().flatten();
        entries.map(move |(name, node)| (name.clone(), Declared { table, origin: node.origin, keys: None }))
    };
    Names {
        components: ["db", "api", "worker", "cronjob", "job", "external"].into_iter().flat_map(declared).collect(),
        configs: declared("config").collect(),
        secrets: declared("secret").collect(),
        volumes: declared("volume").collect(),
    }
}
