//! stowplan compiles one TOML file and a cluster profile to Kubernetes manifests.
//!
//! The modules stand in the order of the pipeline; each imports only those above it.

pub mod source;
pub mod value;
pub mod diagnostic;
pub mod document;
pub mod bundle;
pub mod shape;
pub mod profile;
pub mod component;
pub mod stack;
pub mod lower;
pub mod patch;
pub mod graph;
pub mod check;
pub mod seal;
pub mod change;
pub mod drift;
pub mod provenance;
pub mod picture;
pub mod emit;
pub mod pipeline;
pub mod lint;
pub mod diff;
pub mod why;
pub mod snapshot;
pub mod cli;
