//! Everything that is wrong with a stack on each of its profiles, or with YAML that others wrote; each thing once.

mod stack;
mod stream;

pub use stack::{Linted, Profiles, Question, declared, stack};
pub use stream::{Streams, streams};
