//! Everything that is wrong with a stack on each of its profiles, or with YAML that others wrote; each thing once.

mod fixes;
mod stack;
mod stream;

pub use fixes::{Amended, Amendments};
pub use stack::{Linted, Profiles, Question, declared, profiles, stack};
pub use stream::{Streams, streams};
