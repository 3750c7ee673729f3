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
use crate::parallel;
use reading::Reading;
use std::ops::Range;

/// The documents of a stream; those that hold nothing are left out, as kubectl does.
///
/// Scalars are those of YAML 1.1 as kubectl takes them: `yes` is true, `0644` is 420, dates are texts. Keys are texts; one
/// that is read as another text than was typed (`y`, `0644`) is warned of. `<<` is merged, aliases are expanded to at most
/// 64 MiB, or as much in each half of a long stream. Every value becomes an origin of its own in `origins`, so that its cause is an ordinary place: of a list or map
/// its first line, of an alias the alias.
///
/// Mistakes are in `report`, those of all documents. A document that cannot be read is left out; of two equal keys the
/// second counts.
pub fn read(stream: Stream, origins: &mut Origins, report: &mut Report) -> Vec<Field> {
    documents(stream, origins, report).into_iter().filter_map(|document| document.root).collect()
}

/// One document of a stream.
pub struct Document {
    /// Its number, from 0. Documents that hold nothing count too, but not what stands before the first `---`, where that
    /// holds nothing.
    pub number: usize,
    /// What it holds; `None` where that is nothing, or cannot be read.
    pub root: Option<Field>,
    /// The messages about it in the report.
    pub messages: Range<usize>,
}

/// All documents of a stream, as [`read`] reads them.
pub fn documents(stream: Stream, origins: &mut Origins, report: &mut Report) -> Vec<Document> {
    origins.expect_text(stream.text.len());
    let mut reading = Reading::new(stream, origins, report);
    let documents = split::documents(&mut reading);
    let is_blank = |line: &str| line.trim().is_empty() || line.starts_with('#');
    let before = documents.len() > 1 && reading.text[documents[0].clone()].lines().all(is_blank);
    let mut all = match documents.len() {
        MANY.. if reading.is_verbatim() => with_two_threads(&documents, stream, origins, report),
        _ => built(&documents, &mut reading),
    };
    for (place, document) in all.iter_mut().enumerate() {
        document.number = place.saturating_sub(usize::from(before));
    }
    all
}

/// From so many documents on a second thread takes less time to start than it saves.
const MANY: usize = 100;

/// The documents in these bytes.
fn built(documents: &[Range<usize>], reading: &mut Reading) -> Vec<Document> {
    let mut all = Vec::with_capacity(documents.len());
    for (number, bytes) in documents.iter().enumerate() {
        let first = reading.message_count();
        let root = build::document(bytes.clone(), reading);
        all.push(Document { number, root, messages: first..reading.message_count() });
    }
    all
}

/// The same where each of two threads reads half of the text. What they found out is put together as if one had read it all.
fn with_two_threads(
    documents: &[Range<usize>],
    stream: Stream,
    origins: &mut Origins,
    report: &mut Report,
) -> Vec<Document> {
    let middle = documents.partition_point(|bytes| bytes.end <= stream.text.len() / 2);
    let (first, second) = documents.split_at(middle);
    let (mut all, (others, found, mut said)) = parallel::both(
        || built(first, &mut Reading::new(stream, origins, report)),
        || {
            let (mut origins, mut report) = (Origins::default(), Report::default());
            origins.expect_text(second.iter().map(Range::len).sum());
            let documents = built(second, &mut Reading::new(stream, &mut origins, &mut report));
            (documents, origins, report)
        },
    );
    let origins_before = origins.append(found);
    let messages_before = report.diagnostics.len();
    report.diagnostics.append(&mut said.diagnostics);
    all.extend(others.into_iter().map(|mut document| {
        if let Some(root) = &mut document.root {
            root.move_origins(origins_before);
        }
        let messages = document.messages;
        Document { messages: messages.start + messages_before..messages.end + messages_before, ..document }
    }));
    all
}
