//! What a bundle or a report becomes for the outside: one file per format.

pub mod ink;
pub mod docs;
pub mod schema;
pub mod manifests;
pub mod cluster;
pub mod report;
pub mod changes;
pub mod drift;
pub mod provenance;
pub mod picture;
pub mod patch;
