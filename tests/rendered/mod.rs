//! The examples as stowplan renders them, for the tests that look at what comes out.

#![allow(dead_code, reason = "each test file uses a part of it")]

use serde_yaml::Value;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use stowplan::diagnostic::Severity;
use stowplan::emit::manifests::yaml;
use stowplan::emit::report::human::{self, Color, Style};
use stowplan::pipeline::{self, Rendering};
use stowplan::profile::builtin::BUILTIN;
use stowplan::profile::{Request, Session};
use stowplan::source::Inputs;

/// A stack for one profile, rendered.
pub struct Rendered {
    /// What was read and said.
    pub session: Session,
    /// What came out.
    pub rendering: Rendering,
    /// The same as YAML.
    pub yaml: String,
}

impl Rendered {
    /// Renders a file for a profile; fails where there is an error.
    pub fn of_file(path: &Path, profile: &str, set: &[&str]) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self::of_text(&text, path.parent().expect("a file stands in a folder"), profile, set)
    }

    /// Renders an example for a profile.
    pub fn of_example(example: &str, profile: &str) -> Self {
        Self::of_file(&root().join("examples").join(example).join("stack.toml"), profile, &[])
    }

    /// Renders a text, whose files are in `folder`, for a profile; fails where there is an error.
    pub fn of_text(text: &str, folder: &Path, profile: &str, set: &[&str]) -> Self {
        let mut session = Session::default();
        let stack = session.sources.add("stack.toml", text);
        let set: Vec<String> = set.iter().map(ToString::to_string).collect();
        let request = Request { stack, profile: Some(profile), set: &set };
        let rendering = pipeline::render(&mut session, &request, &Disk { folder: folder.to_owned() });
        let said = human::render(&session.report, &session.sources, Style { color: Color::Never, width: 120 });
        let rendering = rendering.unwrap_or_else(|| panic!("{profile} refuses the stack:\n{said}"));
        assert!(!session.report.has_errors(), "{said}");
        let yaml = yaml::yaml(&rendering.bundle);
        Self { session, rendering, yaml }
    }

    /// What was said that is more than an information, one message a line.
    pub fn warnings(&self) -> Vec<String> {
        let said = self.session.report.diagnostics.iter().filter(|diagnostic| diagnostic.severity > Severity::Info);
        said.map(|diagnostic| format!("{}: {}", diagnostic.code, diagnostic.title)).collect()
    }

    /// The objects as another reader of YAML sees them.
    pub fn objects(&self) -> Objects {
        Objects(documents(&self.yaml))
    }
}

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names of the folders in `examples` with a stack, sorted.
pub fn examples() -> Vec<String> {
    let folder = fs::read_dir(root().join("examples")).expect("there are examples");
    let paths = folder.map(|entry| entry.expect("the folder can be read").path());
    let stacks = paths.filter(|path| path.join("stack.toml").is_file());
    let mut names: Vec<String> = stacks.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect();
    names.sort();
    assert!(!names.is_empty(), "there is no example");
    names
}

/// The names of all built-in profiles.
pub fn profiles() -> impl Iterator<Item = &'static str> {
    BUILTIN.iter().map(|builtin| builtin.name)
}

/// The documents of a YAML stream.
pub fn documents(text: &str) -> Vec<Value> {
    let read = |document| serde::Deserialize::deserialize(document).expect("the output is YAML");
    serde_yaml::Deserializer::from_str(text).map(read).collect()
}

/// Objects as another reader of YAML sees them.
pub struct Objects(pub Vec<Value>);

impl Objects {
    /// Kinds and names, in order.
    pub fn names(&self) -> Vec<String> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        self.0
            .iter()
            .map(|object| format!("{}/{}", text(at(object, "kind")), text(at(object, "metadata.name"))))
            .collect()
    }

    /// The object `Kind/name`; a name that ends in `*` is found by its start.
    #[track_caller]
    pub fn get(&self, name: &str) -> &Value {
        let names = self.names();
        let matches = |known: &String| match name.strip_suffix('*') {
            Some(start) => known.starts_with(start),
            None => known == name,
        };
        let found = names.iter().position(matches);
        &self.0[found.unwrap_or_else(|| panic!("there is no {name} in {names:?}"))]
    }

    /// Whether there is an object of a kind.
    pub fn has_kind(&self, kind: &str) -> bool {
        self.0.iter().any(|object| at(object, "kind") == kind)
    }
}

/// The value at keys and indices with dots between them; null where there is none.
pub fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(value, |value, step| match step.parse::<usize>() {
        Ok(index) => value.get(index).unwrap_or(&Value::Null),
        Err(_) => value.get(step).unwrap_or(&Value::Null),
    })
}

/// The files in a folder.
pub fn disk(folder: &Path) -> impl Inputs + use<> {
    Disk { folder: folder.to_owned() }
}

/// The folder of a stack, without an environment.
struct Disk {
    folder: PathBuf,
}

impl Inputs for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(self.folder.join(path))
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let entries = fs::read_dir(self.folder.join(path))?;
        let mut paths = entries.map(|entry| Ok(path.join(entry?.file_name()))).collect::<io::Result<Vec<_>>>()?;
        paths.sort();
        Ok(paths)
    }

    fn variable(&self, _: &str) -> Option<String> {
        None
    }
}
