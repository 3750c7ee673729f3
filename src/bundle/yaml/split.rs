//! Where the documents of a stream begin and end: kubectl cuts it at lines before anything reads YAML.

use super::reading::Reading;
use serde::de::IgnoredAny;
use std::ops::Range;

/// The bytes of each document. A line with other things behind its `---` is reported.
pub fn documents(reading: &mut Reading) -> Vec<Range<usize>> {
    json_documents(reading.text).unwrap_or_else(|| yaml_documents(reading))
}

/// JSON values one behind the other, as `jq` prints them; `None` where it is no such text.
fn json_documents(text: &str) -> Option<Vec<Range<usize>>> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    let mut documents = Vec::new();
    let mut start = 0;
    while let Some(value) = values.next() {
        value.ok()?;
        documents.push(start..values.byte_offset());
        start = values.byte_offset();
    }
    Some(documents)
}

fn yaml_documents(reading: &mut Reading) -> Vec<Range<usize>> {
    let text = reading.text;
    let mut documents = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        if let Some(rest) = line.strip_prefix("---") {
            documents.push(start..at);
            start = end;
            let rest = rest.trim();
            if !rest.is_empty() && !rest.starts_with('#') {
                refuse_separator(at..at + line.trim_end().len(), reading);
            }
        }
        at = end;
    }
    documents.push(start..text.len());
    documents
}

fn refuse_separator(line: Range<usize>, reading: &mut Reading) {
    let title = format!("`{}` does not separate documents", reading.text[line.clone()].escape_debug());
    let help = "write `---` on a line of its own, and what follows it below; indent a text that begins with `---`";
    let diagnostic = reading.mistake("bad-yaml", title, line).help(help);
    reading.push(diagnostic);
}
