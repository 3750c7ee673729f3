//! What differs between two bundles, as data: objects and fields, and why each of them differs.

mod equality;
mod order;
mod alignment;
mod place;
mod changes;
mod walk;
mod matching;
mod secrecy;
mod parting;
mod reason;
mod explain;
mod compare;

pub use changes::{Act, Change, Changes, Disclosure, ObjectChange};
pub use compare::compare;
pub use matching::Matching;
pub use place::{Reason, Side};
pub use reason::{Ground, Grounds};
pub use secrecy::{HIDDEN, conceal, concealed};
