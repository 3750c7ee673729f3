//! Why fields of objects are as they are: every writing of a value, the newest first, and the rule that made it.

mod secrecy;
mod writing;
mod object;
mod field;
mod absence;
mod account;

pub use absence::{note_field, note_object};
pub use account::{FieldAccount, Shown, Tracer};
pub use field::{find as find_field, respelled};
pub use object::{find as find_objects, title};
pub use secrecy::Secrecy;
pub use writing::Writing;

/// What is said of one object.
#[derive(Debug, Clone)]
pub struct ObjectAccount {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// `metadata.namespace`, where it has one.
    pub namespace: Option<String>,
    /// `metadata.name`; that of a Job with its hash.
    pub name: String,
    /// `Kind/name`, by which the object can be asked for; the name of a Job without its hash.
    pub title: String,
    /// The component or manifest that it belongs to.
    pub component: String,
    /// The field that was asked for, and everything below it.
    pub fields: Vec<FieldAccount>,
}

/// What is answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The profile.
    pub profile: String,
    /// How far it goes.
    pub extent: Extent,
    /// In the order in which they are applied.
    pub objects: Vec<ObjectAccount>,
}

/// How far an answer goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Several objects were meant: each is named, with its own cause.
    Objects,
    /// Every field of one object.
    Object,
    /// One field, of each object that has it, with everything below it.
    Field,
}
