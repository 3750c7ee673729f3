//! Whether the API server would take an object: one file for each area, each a walk that tells everything it finds.

mod form;
mod served;
mod strict;

use super::{Context, Finding};

/// Checks every object.
pub fn check(context: &Context, findings: &mut Vec<Finding>) {
    for (index, object) in context.bundle.objects.iter().enumerate() {
        if let Some(kind) = served::find(object, index, context.target, findings) {
            strict::read(object, index, kind, context.target, findings);
        }
    }
}
