//! Keeps the values of Secrets out of messages.

use crate::bundle::{Field, FieldValue, Object};
use crate::diagnostic::{Diagnostic, Lines};
use crate::source::{SourceFile, Sources};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A message about an object, without what is secret in it: of a Secret neither the lines that hold a value of it are shown,
/// nor the values themselves.
pub fn conceal(mut diagnostic: Diagnostic, object: &Object, sources: &Sources) -> Diagnostic {
    if object.kind_name() != "Secret" {
        return diagnostic;
    }
    // The edits of a file are shown with the lines around them.
    diagnostic.fix = None;
    let values = values(object);
    let shown = shown(&diagnostic, sources);
    if values.iter().any(|value| shown.iter().any(|lines| lines.contains(&**value))) {
        diagnostic.lines = Lines::Secret;
    }
    for value in values {
        let escaped = value.escape_debug().to_string();
        for text in [Some(&mut diagnostic.title), diagnostic.help.as_mut()].into_iter().flatten() {
            if text.contains(&escaped) {
                *text = text.replace(&escaped, "…");
            }
        }
    }
    diagnostic
}

/// The values of a Secret as texts; a word that every message may hold would conceal nothing and destroy the message.
fn values(object: &Object) -> Vec<String> {
    let mut texts = Vec::new();
    for data in ["data", "stringData"].into_iter().filter_map(|key| object.root.get(key)) {
        if matches!(data.value, FieldValue::Map(_)) {
            data.entries().iter().for_each(|(_, value)| collect(value, &mut texts));
        } else {
            collect(data, &mut texts);
        }
    }
    let lines = texts.iter().flat_map(|text| text.lines()).map(|line| line.trim().to_owned());
    lines.filter(|line| line.chars().count() > 2).collect()
}

/// Every text in a value, be it of another shape than a Secret's values have; the keys of a map in it may be secret too.
fn collect(value: &Field, texts: &mut Vec<String>) {
    texts.extend(value.spelled().map(Cow::into_owned));
    value.items().iter().for_each(|item| collect(item, texts));
    for (key, value) in value.entries() {
        texts.push(key.to_string());
        collect(value, texts);
    }
}

/// The lines that a message shows: of each file from its first label to its last.
fn shown<'s>(diagnostic: &Diagnostic, sources: &'s Sources) -> Vec<&'s str> {
    let mut ranges = BTreeMap::new();
    for label in &diagnostic.labels {
        let bytes = label.span.bytes();
        let range = ranges.entry(label.span.file).or_insert(bytes.clone());
        *range = range.start.min(bytes.start)..range.end.max(bytes.end);
    }
    ranges.into_iter().map(|(file, range)| lines_of(sources.file(file), range)).collect()
}

fn lines_of(file: &SourceFile, range: std::ops::Range<usize>) -> &str {
    let start = file.text.get(..range.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = file.text.get(range.end..).and_then(|behind| behind.find('\n'));
    let end = end.map_or(file.text.len(), |at| range.end + at);
    file.text.get(start..end).unwrap_or(&file.text)
}
