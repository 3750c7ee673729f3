//! The language as data: every table and key is declared once, and everything that must know a key asks that declaration.

pub mod aliases;
pub mod kind;
pub mod check;
pub mod decode;
pub mod declare;
pub mod leaf;

pub use check::Checker;
pub use decode::{Decoder, Evaluate, Keyed, Member, Required, Shape, Switch, entry};
pub use kind::{KeyForm, Kind, MapForm, Merge, Short, TableForm, TextForm};
pub use leaf::{Count, Leaf, Positive, Whole, Written};
