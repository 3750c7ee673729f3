//! `[lint]`: how strict `stowplan lint` is, and what exists outside the stack.

use crate::bundle::ObjectPattern;
use crate::shape::{Keyed, Written};
use crate::value::{Justification, RuleName};
use crate::{table, words};

/// Rules whose findings are meant, each with the reason.
pub type Allowances = Keyed<RuleName, Written<Justification>>;

words! {
    /// How bad the findings of a rule are.
    pub enum RuleLevel("a level") {
        /// The stack is wrong; `lint` fails.
        Error = "error",
        /// Probably not what was meant.
        Warning = "warning",
        /// Good to know.
        Info = "info",
        /// Nothing is said.
        Off = "off",
    }
}

table! {
    /// How strict `stowplan lint` is, and what exists in the cluster that the stack does not make. What an API server refuses
    /// cannot be allowed.
    pub struct Lint("lint") {
        /// Rules whose findings are meant in the whole stack, each with the reason: `{ single-replica = "a demonstration" }`.
        /// For one component write `allow` there.
        allow: Allowances,
        /// Rules that are to be stricter or milder than usual: `{ floating-image-tag = "error" }`.
        level: Keyed<RuleName, Written<RuleLevel>>,
        /// Objects that exist in the cluster without this stack, by kind and name: `["Secret/regcred", "Service/legacy-*"]`.
        /// What refers to them is not called missing.
        external: Vec<Written<ObjectPattern>>,
    }
}
