//! The edits with one right answer, laid over the texts that they mend.

use crate::bundle::yaml::{self, Place, Stream};
use crate::diagnostic::{Fix, Report, Severity};
use crate::document::{LayerId, Origins, parse};
use crate::emit::report::Remark;
use crate::source::{FileId, Inputs, SecretValues, Sources, Span};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Texts that are to stand in place of those that were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Amendments {
    /// By the name of the text.
    pub texts: BTreeMap<String, String>,
    /// How many edits were made.
    pub edits: usize,
}

impl Amendments {
    /// Adds the edits that these remarks ask for, of which none overlaps another; says whether there were any. A text that
    /// cannot be read stays as it is, and an edit after which it could not be read is left out.
    pub fn add(&mut self, remarks: &[Remark], sources: &Sources) -> bool {
        let before = self.edits;
        let mut by_file: BTreeMap<FileId, Vec<&Fix>> = BTreeMap::new();
        for fix in remarks.iter().filter_map(|remark| remark.diagnostic.sure()) {
            by_file.entry(fix.span.file).or_default().push(fix);
        }
        for (file, fixes) in by_file {
            let file = sources.file(file);
            let reader = Reader::of(&file.text);
            let edits = without_overlaps(fixes);
            let (text, count) = match reader {
                _ if file.path().is_none() && file.name != crate::source::STDIN => continue,
                Some(reader) => edited(&file.text, &edits, reader),
                None => continue,
            };
            // Two names of one text would have been edited alike.
            if count > 0 && self.texts.get(&file.name).is_none_or(|known| *known == file.text) {
                self.texts.insert(file.name.clone(), text);
                self.edits += count;
            }
        }
        self.edits > before
    }
}

fn without_overlaps(mut fixes: Vec<&Fix>) -> Vec<&Fix> {
    fixes.sort_by_key(|fix| (fix.span.start, fix.span.end));
    fixes.dedup();
    let mut behind = 0;
    fixes.retain(|fix| {
        let is_free = fix.span.start >= behind;
        behind = if is_free { fix.span.end } else { behind };
        is_free
    });
    fixes
}

/// The text with all edits; where it could not be read then, with each that does not harm it. Says how many were made.
fn edited(text: &str, edits: &[&Fix], reader: Reader) -> (String, usize) {
    let whole = apply(text, edits);
    if reader.reads(&whole) {
        return (whole, edits.len());
    }
    let harmless: Vec<&Fix> = edits.iter().copied().filter(|edit| reader.reads(&apply(text, &[edit]))).collect();
    let rest = apply(text, &harmless);
    if reader.reads(&rest) { (rest, harmless.len()) } else { (text.to_owned(), 0) }
}

fn apply(text: &str, edits: &[&Fix]) -> String {
    let mut edited = String::with_capacity(text.len());
    let mut behind = 0;
    for edit in edits {
        let bytes = edit.span.bytes();
        edited.push_str(text.get(behind..bytes.start).unwrap_or_default());
        edited.push_str(&edit.replacement);
        behind = bytes.end;
    }
    edited + text.get(behind..).unwrap_or_default()
}

/// What reads a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    Toml,
    Yaml,
}

impl Reader {
    /// The one that reads it without a syntax error.
    fn of(text: &str) -> Option<Self> {
        [Self::Toml, Self::Yaml].into_iter().find(|reader| reader.reads(text))
    }

    fn reads(self, text: &str) -> bool {
        let (sources, mut origins, mut report) = (Sources::default(), Origins::default(), Report::default());
        let file = sources.add("", text);
        if self == Self::Toml {
            return parse::parse(file, &sources, LayerId(0), &mut origins, &mut report).is_some();
        }
        let stream = Stream { text, place: Place::Verbatim(Span::new(file, 0..text.len())), layer: LayerId(0) };
        let documents = yaml::documents(stream, &mut origins, &mut report);
        let is_error = |at: usize| report.diagnostics[at].severity == Severity::Error;
        !documents.iter().any(|document| document.root.is_none() && document.messages.clone().any(is_error))
    }
}

/// The outside world, with amended texts in place of its own.
pub struct Amended<'a> {
    /// The world as it is.
    pub inputs: &'a dyn Inputs,
    /// What is laid over it.
    pub amendments: &'a Amendments,
}

impl Inputs for Amended<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.amendments.texts.get(&self.name(path)) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => self.inputs.read(path),
        }
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        self.inputs.list(path)
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.inputs.variable(name)
    }

    fn name(&self, path: &Path) -> String {
        self.inputs.name(path)
    }

    fn secret_values(&self) -> SecretValues {
        self.inputs.secret_values()
    }
}
