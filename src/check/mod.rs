//! What is wrong with finished objects: what an API server refuses, what does not fit together, what is not wise.

pub mod format;
pub mod address;
mod rule;
mod finding;
mod target;
mod checker;
mod secrecy;
mod report;
pub mod pod_security;
pub mod api;
mod versions;
pub mod rules;

use crate::bundle::place;
pub use crate::bundle::place::{At, repeated};
pub use checker::Checker;
pub use finding::{Finding, Part, Reason, Verdict};
pub use report::{diagnostic, report};
pub use rule::Rule;
pub(crate) use rule::api_rules;
pub use target::{Context, Target};
pub use versions::check_versions;

use api::Definitions;

/// Everything that is wrong, in the order of the objects.
pub fn check(context: &Context) -> Vec<Finding> {
    let definitions = Definitions::of(context.bundle);
    let objects = context.bundle.objects.iter().enumerate();
    let of_each = objects.flat_map(|(index, object)| api::check(object, index, context.target, &definitions));
    let mut findings: Vec<_> = of_each.collect();
    findings.extend(pod_security::check(context.bundle, context.target));
    findings.sort_by_key(|finding| finding.object);
    findings
}
