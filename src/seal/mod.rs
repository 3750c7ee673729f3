//! What needs the finished objects: the Job's hashed name, checksums, Pod Security labels, the order.

use crate::bundle::Bundle;

/// Completes a bundle.
pub fn seal(bundle: &mut Bundle) {
    bundle.sort();
}
