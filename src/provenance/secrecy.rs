//! Where the values of Secrets stand in what the user wrote, and the lines without them.

use crate::bundle::{Bundle, Cause, Field, Object};
use crate::diagnostic::{Diagnostic, Label, Lines};
use crate::document::Origins;
use crate::source::{Sources, Span};
use crate::stack::Stack;
use std::ops::Range;

/// What stands for a value that is not shown.
pub const HIDDEN: &str = "(secret)";

/// The places that are not shown.
pub struct Secrecy {
    /// Sorted.
    spans: Vec<Span>,
}

/// The parts of a Secret that hold its values.
const PARTS: [&str; 2] = ["data", "stringData"];

impl Secrecy {
    /// Every place where a value of a Secret was written: in `dev` of `[secret]`, whether it is in force or not, in a manifest, in
    /// a patch; older writings too.
    pub fn new(stack: &Stack, bundle: &Bundle, origins: &Origins) -> Self {
        let written = stack.file.tables.secret.iter().flat_map(|(_, secret)| secret.dev.iter());
        let written = written.map(|(_, text)| text.origin);
        let values = bundle.objects.iter().filter(|object| is_secret(object)).flat_map(values);
        let given = values.filter_map(|value| match value.cause.view() {
            Cause::Key(origin) => Some(origin),
            // made of words that the stack says elsewhere too, as the name of a database is
            Cause::Derived(_) => None,
        });
        let spans = written.chain(given).flat_map(|origin| origins.history(origin).map(|origin| origin.span));
        let mut spans: Vec<Span> = spans.collect();
        spans.sort_unstable();
        spans.dedup();
        Self { spans }
    }

    /// The message, without its lines where a value of a Secret stands on one of them.
    pub fn conceal(&self, diagnostic: Diagnostic, sources: &Sources) -> Diagnostic {
        let stands_on = |label: &Label| {
            let line = line(label.span, sources);
            self.spans.iter().any(|span| span.file == line.file && span.start < line.end && line.start < span.end)
        };
        match diagnostic.labels.iter().any(stands_on) {
            true => Diagnostic { lines: Lines::Secret, ..diagnostic },
            false => diagnostic,
        }
    }

    /// A part of a text on one line: without what is secret at its place, and without these words. `at` is the place in it that
    /// is of interest; it comes back as the place in what is shown. Both count bytes.
    pub fn show(&self, part: Span, at: u32, words: &[String], sources: &Sources) -> (String, usize) {
        let text = sources.text(part);
        let start = part.start as usize;
        let inside = self.spans.iter().filter(|span| span.file == part.file);
        let mut hidden: Vec<Range<usize>> = inside
            .map(|span| (span.start as usize).max(start)..(span.end as usize).min(part.end as usize))
            .filter(|range| range.start < range.end)
            .map(|range| range.start - start..range.end - start)
            .collect();
        for word in words {
            hidden.extend(text.match_indices(&**word).map(|(at, found)| at..at + found.len()));
        }
        let hidden = merged(hidden);
        let mut shown = String::with_capacity(text.len());
        let wanted = (at as usize).saturating_sub(start);
        let (mut behind, mut place) = (0, wanted);
        for range in hidden {
            shown.push_str(text.get(behind..range.start).unwrap_or_default());
            shown.push_str(HIDDEN);
            behind = range.end;
            // what is hidden before the place moves it
            if range.start < wanted {
                let moved = range.end.min(wanted) - range.start;
                place = place - moved + if range.end <= wanted { HIDDEN.len() } else { 0 };
            }
        }
        shown.push_str(text.get(behind..).unwrap_or_default());
        (shown, place)
    }
}

/// The line on which a place begins, without the blanks around it.
pub fn line(span: Span, sources: &Sources) -> Span {
    let text = &sources.file(span.file).text;
    let at = (span.start as usize).min(text.len());
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    let line = &text[start..end];
    let begin = start + (line.len() - line.trim_start().len());
    Span::new(span.file, begin..begin + line.trim().len())
}

/// The same ranges, in order and apart.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Whether the values of an object are not to be seen.
pub fn is_secret(object: &Object) -> bool {
    object.kind_name() == "Secret"
}

/// Whether a key at the top of a Secret holds its values.
pub fn holds_values(key: &str) -> bool {
    PARTS.contains(&key)
}

/// The lines of a Secret's values that a source line could show; words of one or two letters stand everywhere.
pub fn words(object: &Object) -> Vec<String> {
    let texts = values(object).filter_map(Field::spelled);
    let lines = texts.flat_map(|text| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>());
    lines.filter(|line| line.chars().count() > 2).collect()
}

fn values(object: &Object) -> impl Iterator<Item = &Field> {
    let maps = PARTS.into_iter().filter_map(|part| object.root.get(part));
    maps.flat_map(Field::entries).map(|(_, value)| value)
}
