//! Reads a stream of YAML or JSON as kubectl reads it: trees in which every key and value knows its place.

mod reading;
mod split;
mod scalar;
mod mistake;
mod build;
#[cfg(test)]
mod tests;

pub use reading::{MAXIMUM_DEPTH, Place, Stream};

use super::field::Field;
use crate::diagnostic::Report;
use crate::document::Origins;
use reading::Reading;

/// The documents of a stream; those that hold nothing are left out, as kubectl does.
///
/// Scalars are those of YAML 1.1 as kubectl takes them: `yes` is true, `0644` is 420, dates are texts. Keys are texts; one
/// that is read as another text than was typed (`y`, `0644`) is warned of. `<<` is merged, aliases are expanded to at most
/// 64 MiB. Every value becomes an origin of its own in `origins`, so that its cause is an ordinary place: of a list or map
/// its first line, of an alias the alias.
///
/// Mistakes are in `report`, those of all documents. A document that cannot be read is left out; of two equal keys the
/// second counts.
pub fn read(stream: Stream, origins: &mut Origins, report: &mut Report) -> Vec<Field> {
    let mut reading = Reading::new(stream, origins, report);
    let documents = split::documents(&mut reading);
    documents.into_iter().filter_map(|document| build::document(document, &mut reading)).collect()
}
