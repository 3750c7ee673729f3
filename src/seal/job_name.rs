//! A Job's template never changes, so its name ends in a hash of it: a changed Job is another one. Jobs of a manifest keep
//! their names.

use super::{hexadecimal, set};
use crate::bundle::{Bundle, Cause, Field, FieldValue, JOB_HASH_DIGITS};
use sha2::{Digest, Sha256};

/// Completes the names of all Jobs.
pub fn complete(bundle: &mut Bundle) {
    let Bundle { objects, causes } = bundle;
    let made = objects.iter_mut().filter(|object| object.kind_name() == "Job" && !object.identity.is_given());
    for object in made {
        let Some(spec) = object.root.get("spec") else { continue };
        let mut hash = Sha256::new();
        digest(spec, &mut hash);
        let name = format!("{}-{}", object.name(), hexadecimal(&hash.finalize(), JOB_HASH_DIGITS));
        let from: Vec<_> = match object.root.cause.view() {
            Cause::Key(origin) => vec![origin],
            Cause::Derived(_) => Vec::new(),
        };
        let cause =
            causes.derive("a Job's name ends in a hash of its content, so that a changed Job applies again", &from);
        set(&mut object.root, &["metadata"], "name", Field::text(name, cause));
    }
}

/// Feeds a tree to the hash, every value with its type and length, so that different trees differ.
fn digest(field: &Field, hash: &mut Sha256) {
    match &field.value {
        FieldValue::Null => hash.update(b"n"),
        FieldValue::Boolean(value) => hash.update([b'b', u8::from(*value)]),
        FieldValue::Integer(value) => tagged(hash, b'i', &value.to_le_bytes()),
        FieldValue::Float(value) => tagged(hash, b'f', &value.to_le_bytes()),
        FieldValue::String(text) => tagged(hash, b's', text.as_bytes()),
        FieldValue::List(items) => {
            tagged(hash, b'l', &items.len().to_le_bytes());
            items.iter().for_each(|item| digest(item, hash));
        }
        FieldValue::Map(entries) => {
            tagged(hash, b'm', &entries.len().to_le_bytes());
            for (key, value) in entries {
                tagged(hash, b'k', key.as_bytes());
                digest(value, hash);
            }
        }
    }
}

fn tagged(hash: &mut Sha256, tag: u8, bytes: &[u8]) {
    hash.update([tag]);
    hash.update((bytes.len() as u64).to_le_bytes());
    hash.update(bytes);
}
