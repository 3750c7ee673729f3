//! Manifests for `kubectl apply`: one YAML stream, a file per object, or JSON.

pub mod folder;
pub mod json;
pub mod yaml;
mod scalar;
