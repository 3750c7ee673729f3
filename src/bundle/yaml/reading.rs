//! What is shared while one stream is read: its text, where that stands, what was found.

use crate::diagnostic::{Diagnostic, Lines, Report};
use crate::document::{Act, LayerId, Origin, OriginId, Origins};
use crate::source::Span;
use std::cell::RefCell;
use std::ops::Range;

/// How many lists and maps may stand inside one another. The deepest objects, definitions of custom resources, need about 60.
pub const MAXIMUM_DEPTH: usize = 128;

/// The most memory that copies made by aliases may take in one stream, in bytes: 64 MiB.
const MAXIMUM_COPIES: usize = 64 << 20;

/// A text in YAML or JSON.
#[derive(Debug, Clone, Copy)]
pub struct Stream<'a> {
    /// The whole text.
    pub text: &'a str,
    /// Where it stands.
    pub place: Place,
    /// The layer of its values.
    pub layer: LayerId,
}

/// Where a stream stands.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// There, letter by letter: it is a file, or a literal without escapes.
    Verbatim(Span),
    /// It was made from the value that was written there, by escapes or by a template.
    Made(OriginId),
}

/// One reading of a stream.
pub struct Reading<'a> {
    /// The whole text.
    pub text: &'a str,
    place: Place,
    layer: LayerId,
    origins: &'a mut Origins,
    report: &'a mut Report,
    copied: usize,
    /// The document that was looked at last for whether it is a Secret.
    looked_at: RefCell<(Range<usize>, bool)>,
}

impl<'a> Reading<'a> {
    /// Nothing is read yet.
    pub fn new(stream: Stream<'a>, origins: &'a mut Origins, report: &'a mut Report) -> Self {
        let Stream { text, place, layer } = stream;
        Self { text, place, layer, origins, report, copied: 0, looked_at: RefCell::new((0..0, false)) }
    }

    /// The place of some bytes of the text; without a line of its own, that of the whole value.
    pub fn span(&self, bytes: Range<usize>) -> Span {
        match self.place {
            Place::Verbatim(whole) => whole.part(bytes),
            Place::Made(origin) => self.origins.get(origin).span,
        }
    }

    /// Remembers where a value stands.
    pub fn origin(&mut self, key: Option<Range<usize>>, value: Range<usize>) -> OriginId {
        if let Place::Made(origin) = self.place {
            return origin;
        }
        let (key, span) = (key.map(|key| self.span(key)), self.span(value));
        self.origins.add(Origin { layer: self.layer, key, span, act: Act::Set, replaced: None })
    }

    /// A message about some bytes of the text; where these have no place of their own, the title says the line.
    pub fn mistake(&self, code: &'static str, title: impl Into<String>, bytes: Range<usize>) -> Diagnostic {
        let title = title.into();
        let title = match self.place {
            Place::Verbatim(_) => title,
            Place::Made(_) => {
                let before = self.text.get(..bytes.start).unwrap_or(self.text);
                format!("{title}, in line {} of this text", before.matches('\n').count() + 1)
            }
        };
        let lines = if self.is_secret(bytes.start) { Lines::Secret } else { Lines::Shown };
        Diagnostic { lines, ..Diagnostic::error(code, title).at(self.span(bytes), "") }
    }

    /// Whether the document around this place looks like a Secret: what cannot be read may be its password.
    fn is_secret(&self, at: usize) -> bool {
        let (last, answer) = self.looked_at.borrow().clone();
        if last.contains(&at) {
            return answer;
        }
        let (before, behind) = self.text.split_at_checked(at).unwrap_or((self.text, ""));
        let document = before.rfind("\n---").unwrap_or(0)..before.len() + behind.find("\n---").unwrap_or(behind.len());
        let is_said = |line: &str| line.replace([' ', '\t', '"', '\''], "").contains("kind:Secret");
        let answer = self.text[document.clone()].lines().any(is_said);
        *self.looked_at.borrow_mut() = (document, answer);
        answer
    }

    /// Reports a message; of a Secret it quotes nothing.
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        if diagnostic.lines == Lines::Secret {
            diagnostic.title = self.unquoted(&diagnostic.title);
            diagnostic.help = diagnostic.help.map(|help| self.unquoted(&help));
            diagnostic.fix = None;
        }
        self.report.push(diagnostic);
    }

    /// A sentence without what it quotes of the text.
    fn unquoted(&self, sentence: &str) -> String {
        let is_of_text = |part: &str| {
            let word = part.trim_matches(|letter: char| !letter.is_alphanumeric());
            !word.is_empty() && self.text.contains(word)
        };
        let parts = sentence.split('`').enumerate();
        let parts = parts.map(|(at, part)| if at % 2 == 1 && is_of_text(part) { "…" } else { part });
        parts.collect::<Vec<_>>().join("`")
    }

    /// How many messages there are in the report.
    pub fn message_count(&self) -> usize {
        self.report.diagnostics.len()
    }

    /// Whether places in messages are those of the text itself, so that an edit can be shown.
    pub fn is_verbatim(&self) -> bool {
        matches!(self.place, Place::Verbatim(_))
    }

    /// Counts memory that copies take; whether there is too much of it.
    pub fn exceeds(&mut self, bytes: usize) -> bool {
        self.copied = self.copied.saturating_add(bytes);
        self.copied > MAXIMUM_COPIES
    }

    /// The first line of some bytes, without blanks at its end: what a message shows of a value of many lines.
    pub fn first_line(&self, bytes: Range<usize>) -> Range<usize> {
        let text = self.text.get(bytes.clone()).unwrap_or_default();
        let end = text.bytes().position(|byte| byte == b'\n').unwrap_or(text.len());
        bytes.start..bytes.start + text[..end].trim_end().len()
    }
}
