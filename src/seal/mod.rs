//! What needs the finished objects: the Job's hashed name, checksums, Pod Security labels, the order.

mod checksum;
mod job_name;
mod pod_security;

pub use checksum::{ANNOTATION as CHECKSUM, read};

use crate::bundle::{Bundle, Field, FieldValue};
use crate::stack::Stack;
use std::fmt::Write;

/// Completes the objects of a stack.
pub fn seal(bundle: &mut Bundle, stack: &Stack) {
    checksum::annotate(bundle, stack);
    job_name::complete(bundle);
    pod_security::label(bundle, stack);
    bundle.sort();
}

/// The first hexadecimal digits of a digest.
fn hexadecimal(digest: &[u8], digits: usize) -> String {
    let mut text = String::with_capacity(digits + 1);
    for byte in digest.iter().take(digits.div_ceil(2)) {
        let _ = write!(text, "{byte:02x}");
    }
    text.truncate(digits);
    text
}

/// Sets an entry of a map at a path of maps; maps on the way that are not there are made, with the cause of the entry. A new
/// one takes its place in the alphabet, as labels and annotations stand.
fn set(root: &mut Field, path: &[&'static str], key: &str, entry: Field) {
    let cause = entry.cause;
    let mut field = root;
    for step in path {
        let FieldValue::Map(entries) = &mut field.value else { return };
        let at = entries.iter().position(|(key, _)| key == step).unwrap_or_else(|| {
            entries.push(((*step).into(), Field::new(FieldValue::Map(Vec::new()), cause)));
            entries.len() - 1
        });
        field = &mut entries[at].1;
    }
    if let FieldValue::Map(entries) = &mut field.value {
        match entries.iter().position(|(known, _)| known == key) {
            Some(at) => entries[at].1 = entry,
            None => {
                let at = entries.partition_point(|(known, _)| **known < *key);
                entries.insert(at, (key.to_owned().into(), entry));
            }
        }
    }
}
