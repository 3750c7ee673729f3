//! The component around the table at hand, as far as what is said about a word depends on it.

use super::TableForm;
use crate::document::{Table, Value};

/// A component as one layer writes it; other layers may say more.
#[derive(Debug, Clone)]
pub struct Around {
    /// What its table is called: "api", "worker", "template".
    pub table: &'static str,
    /// The keys that lead to it from the top of the layer, as they are written: `api`, `web`.
    pub path: Vec<Box<str>>,
    /// `kind`, where it is written.
    pub kind: Option<Box<str>>,
    /// `image`, where it is written.
    pub image: Option<Box<str>>,
    /// `replicas`, where it is written and a number.
    pub replicas: Option<i64>,
}

impl Around {
    /// What a table of this form says, to which these keys lead.
    pub fn new(form: &'static TableForm, table: &Table, path: Vec<Box<str>>) -> Self {
        let text = |key| table.get(key).and_then(|node| node.as_str()).map(Box::from);
        let replicas = match table.get("replicas").map(|node| &node.value) {
            Some(Value::Integer(number, _)) => Some(*number),
            _ => None,
        };
        Self { table: form.name, path, kind: text("kind"), image: text("image"), replicas }
    }

    /// Its name, where it is a component and not what stands for several.
    pub fn name(&self) -> Option<&str> {
        let is_one = !matches!(self.table, "template" | "workload defaults");
        self.path.last().filter(|_| is_one).map(|name| name.trim_matches(['"', '\'']))
    }
}

/// The tables of components that run containers, those that hold keys for them, and others whose objects may be patched.
pub const COMPONENTS: [&str; 9] =
    ["db", "api", "worker", "cronjob", "job", "template", "workload defaults", "hpa", "volume"];
