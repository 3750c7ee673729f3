//! YAML or JSON of others: what was read is printed so that it reads the same, and every field of it can be asked for.

use super::reading::{documents, is_found_again, reads_as, reads_back, report, text};
use stowplan::diff;
use stowplan::emit::manifests::yaml::document_as_written;
use stowplan::lint;
use stowplan::profile::Session;
use stowplan::value::KubernetesVersion;

/// Reads, prints and lints the text.
pub fn check(bytes: &[u8]) {
    let mut session = Session::default();
    let Some(file) = text("input.yaml", bytes, &mut session) else { return };
    let bundle = diff::read(&[file], &mut session);
    reads_back(&bundle);
    is_found_again(&bundle.objects);
    for object in &bundle.objects {
        reads_as(&document_as_written(&object.root), &[super::reading::plain(&object.root)]);
    }
    agrees(&session.sources.file(file).text);
    let mut session = Session::default();
    let Some(file) = text("input.yaml", bytes, &mut session) else { return };
    let found = lint::streams(&[file], KubernetesVersion::NEWEST.into(), &mut session);
    report(found.remarks, Vec::new(), file, &session.sources);
}

/// What is JSON is read as another reader of JSON reads it, but for equal keys and numbers that no integer of 64 bits holds.
fn agrees(text: &str) {
    let Ok(theirs) = serde_json::from_str::<serde_json::Value>(text) else { return };
    let (ours, report) = documents(text);
    if report.diagnostics.is_empty() && theirs.is_object() && !text.contains(['e', 'E', '.']) {
        assert_eq!(ours, [theirs], "\n{text}");
    }
}
