//! What several tables of the stack share.

pub mod content;
pub mod files;
pub mod external_secret;
pub mod postgres_cluster;
pub mod secrets;
pub mod resources;
pub mod ports;
pub mod probes;
pub mod scheduling;
pub mod tolerations;
pub mod hosts;
pub mod rights;
pub mod security;
pub mod env;
pub mod mounts;
pub mod edges;
pub mod uses;
pub mod workload;
pub mod exposure;
pub mod replicated;
pub mod batch;
pub mod check;
