//! What differs between two bundles, as data: objects and fields, and why each of them differs.

mod equality;
mod order;
mod alignment;
mod remark;
mod matching;
mod changes;
mod apply;
mod walk;
mod secrecy;
mod defaults;
mod served;
mod parting;
mod text;
mod reason;
mod explain;
mod compare;
mod risk;
mod matrix;

pub use apply::apply;
pub use changes::{Act, Change, Changes, Disclosure, ObjectChange};
pub use compare::{compare, compare_files, compare_served};
pub use matching::{Matching, pairs};
pub use matrix::{Cell, Matrix, Row, matrix};
pub use reason::{Ground, Grounds};
pub use remark::{Harm, Reason, Risk, Side};
pub use risk::{assess, names as risk_names};
pub use secrecy::{HIDDEN, conceal, concealed};
pub use served::Values;
