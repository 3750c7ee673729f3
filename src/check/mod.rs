//! Whether what was made would be taken: rules over objects, and what they find.

pub mod format;
mod rule;
mod finding;
mod place;
mod checker;
pub mod report;
pub mod pod_security;
pub mod api;

pub use checker::Checker;
pub use finding::{Finding, Part, Reason};
pub use place::{At, repeated};
pub use rule::Rule;
pub(crate) use rule::rules;
