//! What must hold of any input: one function of bytes for each fuzz target. `tests/fuzz.rs` runs them over the corpus.

mod reading;
mod json_patch;
pub mod stack;
pub mod fix;
pub mod stream;
pub mod word;
pub mod call;
pub mod difference;
pub mod against;
