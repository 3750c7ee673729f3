//! The component around the table at hand, as far as what is said about a word depends on it.

use crate::document::{Table, Value};

/// A component as one layer writes it; other layers may say more.
#[derive(Debug, Clone)]
pub struct Around {
    /// What its table is called: "api", "worker", "template".
    pub table: &'static str,
    /// How many keys lead to it from the top of the layer.
    pub depth: usize,
    /// How many tables are around its own, that included.
    pub tables: usize,
    /// `kind`, where it is written.
    pub kind: Option<Box<str>>,
    /// `image`, where it is written.
    pub image: Option<Box<str>>,
    /// `replicas`, where it is written and a number.
    pub replicas: Option<i64>,
}

impl Around {
    /// What a table says of these keys; `depth` keys and `tables` tables lead to it, its own included.
    pub fn new(name: &'static str, table: &Table, depth: usize, tables: usize) -> Self {
        let text = |key| table.get(key).and_then(|node| node.as_str()).map(Box::from);
        let replicas = match table.get("replicas").map(|node| &node.value) {
            Some(Value::Integer(number, _)) => Some(*number),
            _ => None,
        };
        Self { table: name, depth, tables, kind: text("kind"), image: text("image"), replicas }
    }
}

/// The tables of components that run containers, and those that hold keys for them.
pub const COMPONENTS: [&str; 7] = ["db", "api", "worker", "cronjob", "job", "template", "workload defaults"];
