//! What a finding is about, said so that it stays the same while lines around it come and go.

use super::Remark;
use crate::diagnostic::{Diagnostic, Lines, Report, Subject};
use crate::document::path::quoted;
use crate::document::{LayerId, Node, Origins, Value, parse};
use crate::source::{FileId, Sources, Span};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A fingerprint for each remark, 32 hex digits, no two alike: of the rule, the file, and the field of an object or the key of
/// the stack; of the text of the line only where there is neither. Of equal ones the order counts.
pub fn fingerprints(remarks: &[Remark], sources: &Sources) -> Vec<String> {
    let mut trees = Trees { sources, parsed: BTreeMap::new() };
    digests(remarks.iter().map(|remark| trees.identity(remark)))
}

/// The same for what could not be looked at: of the code and the title.
pub fn of_refusals(refusals: &[Diagnostic]) -> Vec<String> {
    digests(refusals.iter().map(|refusal| [refusal.code, &refusal.title].join("\0")))
}

fn digests(identities: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let digest = |identity: String| {
        let count = seen.entry(identity.clone()).or_default();
        *count += 1;
        let digest = Sha256::digest(format!("{identity}\0{count}"));
        digest[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    };
    identities.map(digest).collect()
}

/// The files in which findings are, read as TOML once each; `None` for one that is none.
struct Trees<'s> {
    sources: &'s Sources,
    parsed: BTreeMap<FileId, Option<(Node, Origins)>>,
}

impl Trees<'_> {
    fn identity(&mut self, remark: &Remark) -> String {
        let diagnostic = &remark.diagnostic;
        let file = diagnostic.place().map_or(remark.file, |place| place.file);
        let about = match diagnostic.subject.as_deref() {
            Some(subject) if subject.kind.is_some() => of_object(subject),
            _ => self.of_text(remark, diagnostic),
        };
        [diagnostic.code, &self.sources.file(file).name, &about].join("\0")
    }

    fn of_text(&mut self, remark: &Remark, diagnostic: &Diagnostic) -> String {
        let Some(place) = diagnostic.place() else { return diagnostic.title.clone() };
        let is_toml = self.sources.file(place.file).name.ends_with(".toml") || place.file == remark.file;
        let path = if is_toml { self.key_path(place) } else { None };
        match diagnostic.lines {
            _ if path.is_some() => path.unwrap_or_default(),
            Lines::Shown => self.line(place),
            // A digest of a short password can be guessed.
            Lines::Secret => String::new(),
        }
    }

    fn key_path(&mut self, place: Span) -> Option<String> {
        let sources = self.sources;
        let tree = self.parsed.entry(place.file).or_insert_with(|| {
            let mut origins = Origins::default();
            let root = parse::parse(place.file, sources, LayerId(0), &mut origins, &mut Report::default())?;
            Some((root, origins))
        });
        let (root, origins) = tree.as_ref()?;
        let mut nearest = Nearest { place, origins, found: None };
        nearest.look(root, &mut Vec::new());
        nearest.found.map(|(_, path)| path)
    }

    fn line(&self, place: Span) -> String {
        let text = &self.sources.file(place.file).text;
        let (before, behind) = text.split_at_checked(place.start as usize).unwrap_or((text, ""));
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let end = before.len() + behind.find('\n').unwrap_or(behind.len());
        text[start..end].trim().to_owned()
    }
}

fn of_object(subject: &Subject) -> String {
    let parts = [subject.kind.as_deref(), subject.namespace.as_deref(), subject.name.as_deref()];
    let parts = parts.map(Option::unwrap_or_default);
    [&parts[..], &[&subject.field]].concat().join("\0")
}

/// Looks for the smallest key or value around a place.
struct Nearest<'o> {
    place: Span,
    origins: &'o Origins,
    found: Option<(u32, String)>,
}

impl Nearest<'_> {
    fn look(&mut self, node: &Node, path: &mut Vec<String>) {
        let origin = self.origins.get(node.origin);
        for span in [origin.key, Some(origin.span)].into_iter().flatten() {
            let length = span.end - span.start;
            let is_around = span.start <= self.place.start && self.place.end <= span.end;
            if is_around && self.found.as_ref().is_none_or(|(least, _)| length <= *least) {
                self.found = Some((length, path.join(".")));
            }
        }
        match &node.value {
            Value::Table(table) => {
                table.iter().for_each(|(key, child)| self.step(quoted(key).into_owned(), child, path))
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| self.step(index.to_string(), item, path));
            }
            _ => {}
        }
    }

    fn step(&mut self, name: String, node: &Node, path: &mut Vec<String>) {
        path.push(name);
        self.look(node, path);
        path.pop();
    }
}
