//! What comes out: one module per family of formats.

pub mod manifests;
