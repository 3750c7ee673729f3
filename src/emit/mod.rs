//! What a bundle, a report or the language becomes for the outside: one file per format.

pub mod docs;
pub mod manifests;
pub mod report;
