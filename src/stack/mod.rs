//! The whole stack as one valid value.

pub mod contents;
pub mod secrets;
