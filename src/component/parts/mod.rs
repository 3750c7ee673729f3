//! What several tables of the stack share.

pub mod batch;
pub mod check;
pub mod content;
pub mod env;
pub mod exposure;
pub mod external_secret;
pub mod files;
pub mod mounts;
pub mod ports;
pub mod probes;
pub mod replicated;
pub mod resources;
pub mod scheduling;
pub mod secrets;
pub mod security;
pub mod uses;
pub mod workload;

#[cfg(test)]
pub(crate) mod fixture;
