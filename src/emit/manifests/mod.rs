//! Manifests for `kubectl apply`: one YAML stream, a file per object, or JSON.

mod scalar;
pub mod yaml;
pub mod json;
pub mod folder;
