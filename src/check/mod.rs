//! What is wrong with finished objects: what an API server refuses, what does not fit together, what is not wise.

pub mod format;
pub mod address;
mod rule;
mod finding;
mod target;
mod nearby;
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

use crate::parallel;
use api::Definitions;
use std::ops::Range;

/// Everything that is wrong, in the order of the objects.
pub fn check(context: &Context) -> Vec<Finding> {
    let definitions = Definitions::of(context.bundle);
    let all = 0..context.bundle.objects.len();
    let mut findings = match all.len() {
        ..MANY => {
            let mut findings = some(all, context, &definitions);
            findings.extend(pod_security::check(context.bundle, context.target));
            findings
        }
        count => {
            let pieces = count.div_ceil(PIECE);
            let work = |piece: usize| match piece {
                0 => pod_security::check(context.bundle, context.target),
                _ => some((piece - 1) * PIECE..count.min(piece * PIECE), context, &definitions),
            };
            let mut pieces = parallel::map(pieces + 1, work);
            pieces.rotate_left(1);
            pieces.concat()
        }
    };
    findings.sort_by_key(|finding| finding.object);
    findings
}

/// From so many objects on a second thread takes less time to start than it saves.
pub(crate) const MANY: usize = 400;

/// So many objects at a time are looked at by one thread.
const PIECE: usize = 64;

/// What is wrong with some of the objects.
fn some(range: Range<usize>, context: &Context, definitions: &Definitions) -> Vec<Finding> {
    let objects = context.bundle.objects[range.clone()].iter().zip(range);
    objects.flat_map(|(object, index)| api::check(object, index, context.target, definitions)).collect()
}
