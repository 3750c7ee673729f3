//! What is wrong with finished objects: what an API server refuses, what does not fit together, what is not wise.

pub mod format;
pub mod address;
mod rule;
mod finding;
mod target;
mod checker;
mod secrecy;
mod correct;
mod report;
pub mod pod_security;
pub mod api;
mod versions;
pub mod rules;

use crate::bundle::place;
pub use crate::bundle::place::{At, repeated};
pub use checker::Checker;
pub use finding::{Correction, Finding, Part, Reason, Verdict};
pub use report::{diagnostic, report};
pub use rule::Rule;
pub(crate) use rule::api_rules;
pub use target::{Context, Target};
pub use versions::check_versions;

use api::Definitions;
use std::panic::resume_unwind;
use std::thread;

/// Everything that is wrong, in the order of the objects.
pub fn check(context: &Context) -> Vec<Finding> {
    let definitions = Definitions::of(context.bundle);
    let mut findings = match context.bundle.objects.len() {
        ..MANY => every(1, 0, context, &definitions),
        _ => with_two_threads(context, &definitions),
    };
    findings.extend(pod_security::check(context.bundle, context.target));
    findings.sort_by_key(|finding| finding.object);
    findings
}

/// From so many objects on a second thread takes less time to start than it saves.
const MANY: usize = 400;

/// What is wrong with every `step`th object from `first` on.
fn every(step: usize, first: usize, context: &Context, definitions: &Definitions) -> Vec<Finding> {
    let objects = context.bundle.objects.iter().enumerate().skip(first).step_by(step);
    objects.flat_map(|(index, object)| api::check(object, index, context.target, definitions)).collect()
}

/// What is wrong with all objects. Each thread takes every second one, because objects of one kind stand together and some
/// kinds take longer.
fn with_two_threads(context: &Context, definitions: &Definitions) -> Vec<Finding> {
    thread::scope(|scope| {
        let other = thread::Builder::new().spawn_scoped(scope, || every(2, 1, context, definitions));
        let mut findings = every(2, 0, context, definitions);
        findings.extend(match other {
            Ok(other) => other.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => every(2, 1, context, definitions),
        });
        findings
    })
}
