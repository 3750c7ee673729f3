//! One document: from the events of the parser to a tree.

use super::mistake::{describe, lines_to_tab, too_deep};
use super::reading::{MAXIMUM_DEPTH, Reading};
use super::scalar;
use crate::bundle::customary;
use crate::bundle::field::{Field, FieldValue, Key};
use crate::document::Ordered;
use granit_parser::{Event, Parser, ScalarStyle, ScanError, StrInput, StructureStyle, Tag};
use std::collections::BTreeMap;
use std::ops::Range;

/// The tree of the document in these bytes; `None` where it holds nothing, or cannot be read, which is reported.
pub fn document(bytes: Range<usize>, reading: &mut Reading) -> Option<Field> {
    let text = &reading.text[bytes.clone()];
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        flow_nesting_limit: MAXIMUM_DEPTH,
        block_nesting_limit: MAXIMUM_DEPTH,
    };
    let parser = Parser::new_from_str_with_options(text, options);
    let mut builder =
        Builder { parser, start: bytes.start, end: bytes.end, reading, anchors: BTreeMap::new(), is_sound: true };
    let root = builder.root().ok()??;
    builder.is_sound.then_some(root)
}

/// What the tags of YAML itself begin with; `!!` is short for it.
const OWN_TAGS: &str = "tag:yaml.org,2002:";

/// The rest of a document cannot be read; it was reported why.
struct Broken;

/// An event with its bytes in the whole stream.
struct Step<'t> {
    event: Event<'t>,
    bytes: Range<usize>,
}

/// An entry of a map that is being read.
struct Entry {
    value: Field,
    /// Where its key stands; `None` where `<<` brought it, so that another may take its place.
    key: Option<Range<usize>>,
}

type Entries = Ordered<Key, Entry>;

struct Builder<'t, 'r, 'a> {
    parser: Parser<'t, StrInput<'t>>,
    start: usize,
    end: usize,
    reading: &'r mut Reading<'a>,
    /// What aliases stand for; `None` while it is being read.
    anchors: BTreeMap<usize, Option<Field>>,
    is_sound: bool,
}

impl<'t> Builder<'t, '_, '_> {
    fn root(&mut self) -> Result<Option<Field>, Broken> {
        let mut root = None;
        loop {
            let step = self.next()?;
            match step.event {
                Event::StreamEnd => break,
                Event::StreamStart | Event::DocumentEnd => {}
                Event::DocumentStart(..) if root.is_some() => {
                    let help = "write `---` on a line of its own where the next document begins";
                    let at = self.reading.first_line(step.bytes.start..self.end);
                    let title = "what stands behind `...` is not read";
                    let diagnostic = self.reading.mistake("bad-yaml", title, at).help(help);
                    self.reading.push(diagnostic);
                    return Err(Broken);
                }
                Event::DocumentStart(..) => root = Some(None),
                _ => root = Some(Some(self.node(step, None, 0)?)),
            }
        }
        Ok(root.flatten().filter(|root| !matches!(root.value, FieldValue::Null)))
    }

    fn next(&mut self) -> Result<Step<'t>, Broken> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                let bytes = span.byte_range().unwrap_or_default();
                Ok(Step { event, bytes: self.start + bytes.start..self.start + bytes.end })
            }
            Some(Err(error)) => Err(self.refuse(&error)),
            None => Ok(Step { event: Event::StreamEnd, bytes: self.end..self.end }),
        }
    }

    /// The value that begins with this event, under a key or in a list.
    fn node(&mut self, step: Step<'t>, key: Option<Range<usize>>, depth: usize) -> Result<Field, Broken> {
        if depth > MAXIMUM_DEPTH {
            return Err(self.refuse_depth(step.bytes));
        }
        match step.event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = self.scalar(&text, style, tag.as_deref(), step.bytes.clone());
                let shown = self.reading.first_line(step.bytes.clone());
                let place = key.clone().filter(|_| shown.is_empty()).unwrap_or(shown);
                let field = Field::new(value, self.reading.origin(key, place));
                self.remember(anchor, &field, step.bytes)?;
                Ok(field)
            }
            Event::SequenceStart(style, anchor, _) => {
                let value = FieldValue::List(Vec::new());
                self.collection(value, style, anchor, step.bytes, key, depth)
            }
            Event::MappingStart(style, anchor, _) => {
                let value = FieldValue::Map(Vec::new());
                self.collection(value, style, anchor, step.bytes, key, depth)
            }
            Event::Alias(anchor) => self.alias(anchor, step.bytes, key, depth),
            Event::UnresolvedAlias(name) => {
                let title = format!("`*{name}` refers to an anchor `&{name}` that is not defined before it");
                let help = format!(
                    "write `&{name}` before the value that is meant; quote the text if it is one: `\"*{name}\"`"
                );
                self.complain(title, step.bytes.clone(), &help);
                Ok(Field::new(FieldValue::Null, self.reading.origin(key, step.bytes)))
            }
            _ => Ok(Field::new(FieldValue::Null, self.reading.origin(key, step.bytes))),
        }
    }

    /// Fills an empty list or map. Its place is its first line: all of it would fill the screen.
    fn collection(
        &mut self,
        empty: FieldValue,
        style: StructureStyle,
        anchor: usize,
        start: Range<usize>,
        key: Option<Range<usize>>,
        depth: usize,
    ) -> Result<Field, Broken> {
        if anchor > 0 {
            self.anchors.insert(anchor, None);
        }
        let (value, end) = match empty {
            FieldValue::List(_) => self.list(depth)?,
            _ => self.map(depth)?,
        };
        let end = if style == StructureStyle::Flow { end.end } else { end.start };
        let place = self.reading.first_line(start.start..end.max(start.start));
        let field = Field::new(value, self.reading.origin(key, place));
        self.remember(anchor, &field, start)?;
        Ok(field)
    }

    fn list(&mut self, depth: usize) -> Result<(FieldValue, Range<usize>), Broken> {
        let mut items = Vec::new();
        loop {
            let step = self.next()?;
            match step.event {
                Event::SequenceEnd => return Ok((FieldValue::List(items), step.bytes)),
                Event::StreamEnd => return Err(Broken),
                _ => items.push(self.node(step, None, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<(FieldValue, Range<usize>), Broken> {
        let mut entries = Entries::default();
        loop {
            let step = self.next()?;
            let place = step.bytes.clone();
            match &step.event {
                Event::MappingEnd => {
                    let entries = entries.into_iter().map(|(key, entry)| (key, entry.value)).collect();
                    return Ok((FieldValue::Map(entries), place));
                }
                Event::StreamEnd => return Err(Broken),
                Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<" => {
                    let value = self.next()?;
                    let value = self.node(value, None, depth + 1)?;
                    self.merge(value, place, &mut entries);
                }
                _ => {
                    let key = self.key(step, depth)?;
                    let value = self.next()?;
                    let value = self.node(value, Some(place.clone()), depth + 1)?;
                    if let Some(key) = key {
                        self.insert(key, value, place, &mut entries);
                    }
                }
            }
        }
    }

    /// Whether the key at these bytes is the inner brace of `{{`, which no YAML begins with.
    fn begins_template(&self, key: &Range<usize>) -> bool {
        let (before, rest) = self.reading.text.split_at_checked(key.start).unwrap_or_default();
        before.ends_with('{') && rest.starts_with('{')
    }

    /// The text of a key; `None` where it is none, which is reported.
    fn key(&mut self, step: Step<'t>, depth: usize) -> Result<Option<Key>, Broken> {
        let place = step.bytes.clone();
        let plain = match &step.event {
            Event::Scalar(text, ScalarStyle::Plain, anchor, None) => match customary::known(text) {
                Some(known) if *anchor == 0 && depth < MAXIMUM_DEPTH => return Ok(Some(Key::Borrowed(known))),
                _ => Some(text.to_string()),
            },
            _ => None,
        };
        let field = self.node(step, None, depth + 1)?;
        let Some(key) = scalar::key(&field.value) else {
            if self.begins_template(&place) {
                let title = "this is a template, and becomes YAML only when it is rendered";
                let help = "render it first, as with `helm template`, or write `template = true` in the `[manifest]`; quote it where it is a text";
                self.complain(title.to_owned(), place.start - 1..place.start + 1, help);
                return Err(Broken);
            }
            let title = format!("a key is a text, not {}", field.value.describe());
            self.complain(title, self.reading.first_line(place), "quote the text");
            return Ok(None);
        };
        if let Some(typed) = plain.filter(|typed| *typed != key) {
            let mut diagnostic =
                self.reading.mistake("yaml-key", format!("the key `{typed}` is read as `{key}`"), place.clone());
            diagnostic.severity = crate::diagnostic::Severity::Warning;
            diagnostic = diagnostic.help(format!("quote it: `\"{typed}\"`"));
            if self.reading.is_verbatim() {
                diagnostic = diagnostic.sure_fix(self.reading.span(place), format!("\"{typed}\""));
            }
            self.reading.push(diagnostic);
        }
        Ok(Some(key.into()))
    }

    fn insert(&mut self, key: Key, value: Field, place: Range<usize>, entries: &mut Entries) {
        if let Some(Entry { key: Some(first), .. }) = entries.get(&key) {
            let diagnostic =
                self.reading.mistake("duplicate-key", format!("`{key}` stands twice in one map"), place.clone());
            let diagnostic = diagnostic.help("remove one of the two: kubectl would take the last one without a word");
            let first = self.reading.span(first.clone());
            let both_have_places = diagnostic.place() != Some(first);
            self.reading.push(if both_have_places { diagnostic.at(first, "first here") } else { diagnostic });
        }
        entries.insert(key, Entry { value, key: Some(place) });
    }

    /// Puts the entries of what stands behind `<<` into a map. As kubectl does it, they take the place of those before it.
    fn merge(&mut self, value: Field, place: Range<usize>, entries: &mut Entries) {
        let maps = match value.value {
            FieldValue::List(items) => items.into_iter().rev().map(|item| item.value).collect(),
            value => vec![value],
        };
        for map in maps {
            match map {
                FieldValue::Map(merged) => {
                    entries.extend(merged.into_iter().map(|(key, value)| (key, Entry { value, key: None })));
                }
                other => {
                    let title = format!("`<<` takes a map or a list of maps, not {}", other.describe());
                    self.complain(title, place.clone(), "write an alias of a map, as in `<<: *NAME`, or quote the key");
                }
            }
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, place: Range<usize>) -> FieldValue {
        let value = match tag {
            None if style == ScalarStyle::Plain => scalar::plain(text),
            None => return FieldValue::String(text.into()),
            Some(tag) => match tag.suffix_in_namespace(OWN_TAGS) {
                Some(suffix) => scalar::tagged(&suffix, text),
                None => return FieldValue::String(text.into()),
            },
        };
        value.unwrap_or_else(|invalid| {
            let place = self.reading.first_line(place);
            self.complain(invalid.title, place, &invalid.help.unwrap_or_default());
            FieldValue::Null
        })
    }

    /// Keeps a value for the aliases of its anchor.
    fn remember(&mut self, anchor: usize, field: &Field, place: Range<usize>) -> Result<(), Broken> {
        if anchor > 0 {
            self.count(field, place)?;
            self.anchors.insert(anchor, Some(field.clone()));
        }
        Ok(())
    }

    /// A copy of what an alias stands for. It stands where the alias is; what is in it, where it was written.
    fn alias(
        &mut self,
        anchor: usize,
        place: Range<usize>,
        key: Option<Range<usize>>,
        depth: usize,
    ) -> Result<Field, Broken> {
        let Some(Some(known)) = self.anchors.get(&anchor) else {
            let name = self.reading.text[place.clone()].trim_start_matches('*').to_owned();
            self.complain(
                format!("`*{name}` stands inside the value of `&{name}`"),
                place.clone(),
                "write the value itself: nothing can hold itself",
            );
            return Ok(Field::new(FieldValue::Null, self.reading.origin(key, place)));
        };
        if depth + height(known) > MAXIMUM_DEPTH {
            return Err(self.refuse_depth(place));
        }
        let mut copy = known.clone();
        self.count(&copy, place.clone())?;
        copy.cause = self.reading.origin(key, place).into();
        Ok(copy)
    }

    fn count(&mut self, copy: &Field, place: Range<usize>) -> Result<(), Broken> {
        if self.reading.exceeds(size(copy)) {
            self.complain("the copies of aliases take too much memory".into(), place, "write fewer aliases of aliases");
            return Err(Broken);
        }
        Ok(())
    }

    fn complain(&mut self, title: String, place: Range<usize>, help: &str) {
        self.is_sound = false;
        let diagnostic = self.reading.mistake("bad-yaml", title, place).help(help);
        self.reading.push(diagnostic);
    }

    fn refuse_depth(&mut self, place: Range<usize>) -> Broken {
        let (title, help) = too_deep();
        let place = self.reading.first_line(place);
        self.complain(title, place, help);
        Broken
    }

    fn refuse(&mut self, error: &ScanError) -> Broken {
        let (title, help) = describe(error.kind());
        let mut offset = self.start + error.marker().byte_offset().unwrap_or_default();
        // The parser points behind it.
        offset = self.tab(offset, lines_to_tab(error.kind())).unwrap_or(offset);
        let (before, rest) = self.reading.text[..self.end].split_at_checked(offset).unwrap_or_default();
        // at the end of the text there is nothing to point at, so the last thing in it is shown
        let shown = if rest.trim().is_empty() { before.trim_end().chars().next_back() } else { rest.chars().next() };
        let length = shown.map_or(0, char::len_utf8);
        let at = if rest.trim().is_empty() { before.trim_end().len() - length } else { offset };
        self.complain(title, at..at + length, help);
        Broken
    }

    /// The first tab that indents one of so many lines, the first of them the one around a place.
    fn tab(&self, at: usize, lines: usize) -> Option<usize> {
        let mut start = self.reading.text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
        for line in self.reading.text.get(start..self.end)?.split_inclusive('\n').take(lines) {
            let indent = line.find(|letter| !matches!(letter, ' ' | '\t')).unwrap_or(line.len());
            if let Some(tab) = line[..indent].find('\t') {
                return Some(start + tab);
            }
            start += line.len();
        }
        None
    }
}

/// The memory that a tree takes, in bytes.
fn size(field: &Field) -> usize {
    let inner = match &field.value {
        FieldValue::String(text) => text.len(),
        FieldValue::List(items) => items.iter().map(size).sum(),
        FieldValue::Map(entries) => entries.iter().map(|(key, value)| size_of::<Key>() + key.len() + size(value)).sum(),
        _ => 0,
    };
    size_of::<Field>() + inner
}

/// How many lists and maps stand inside one another in a tree.
fn height(field: &Field) -> usize {
    let below = match &field.value {
        FieldValue::List(items) => items.iter().map(height).max(),
        FieldValue::Map(entries) => entries.iter().map(|(_, value)| height(value)).max(),
        _ => return 0,
    };
    1 + below.unwrap_or(0)
}
