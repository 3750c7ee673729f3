//! The language as data: every table and key is declared once, and everything that must know a key asks that declaration.

pub mod kind;
pub mod around;
pub mod patched;
pub mod aliases;
pub mod mistake;
pub mod check;
pub mod decode;
pub mod leaf;
pub mod keyed;
pub mod declare;

pub use check::Checker;
pub use decode::{Attempt, Decoder, Evaluate, Member, Required, Shape, Switch, entry};
pub use keyed::Keyed;
pub use kind::{Inherits, KeyForm, Kind, MapForm, Merge, OtherKeys, Short, TableForm, TextForm};
pub use leaf::{Count, Leaf, Positive, Whole, Written};
