//! Differences for people: grouped by component, each with its reason below it.

use super::wording::{Fate, NAME, Titles, counted, fields, gone, line_by_line, lines, on_one_line, reasons};
use crate::bundle::{Field, FieldValue};
use crate::change::{Act, Change, Changes, Disclosure, Harm, ObjectChange, Reason, concealed};
use crate::emit::ink::{Ink, Style};
use crate::parallel;
use crate::seal::CHECKSUM;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use unicode_width::UnicodeWidthStr;

/// All differences; the empty text where there are none.
pub fn human(changes: &Changes, style: Style) -> String {
    write(changes, style, Signs::Inline)
}

/// All differences without colors, old and new values on lines of their own and the signs at the beginning of their lines,
/// as tools that paint diffs want it.
pub(super) fn plain(changes: &Changes) -> String {
    write(changes, Style::plain(0), Signs::Leading)
}

/// So many components at a time are written by one thread.
const PIECE: usize = 64;

fn write(changes: &Changes, style: Style, signs: Signs) -> String {
    let titles = Titles::of(changes);
    let groups: Vec<_> = groups(changes).into_iter().collect();
    let pieces: Vec<_> = groups.chunks(PIECE).collect();
    let texts = parallel::map(pieces.len(), |piece| {
        let mut page = Page { text: String::new(), changes, titles: &titles, style, signs };
        pieces[piece].iter().for_each(|(component, objects)| page.component(component, objects));
        page.text
    });
    texts.join("\n")
}

/// One line for each object that differs; the empty text where none does.
pub fn summary(changes: &Changes, style: Style) -> String {
    let titles = Titles::of(changes);
    let mut page = Page { text: String::new(), changes, titles: &titles, style, signs: Signs::Inline };
    let named: Vec<_> = changes.objects.iter().map(|object| (object, page.titles.title(object))).collect();
    let widest = named.iter().map(|(_, title)| title.width()).max().unwrap_or_default();
    for (object, title) in named {
        let (sign, ink) = sign(object);
        let what = match (object.before, object.after) {
            (None, _) => "added".to_owned(),
            (_, None) => gone(changes),
            _ => counted(fields(object), "field"),
        };
        let room = " ".repeat(widest - title.width());
        let risks: Vec<_> = object.risks.iter().map(|risk| format!("{} ({})", risk.harm.as_str(), risk.rule)).collect();
        let risks = risks.join(", ");
        let risks = if risks.is_empty() { risks } else { format!("  ! {}", page.paint(Ink::Refused, &risks)) };
        page.line(0, &format!("{} {title}{room}  {what}{risks}", page.paint(ink, sign)));
    }
    page.text
}

/// Lines of an added object that are shown.
const LONGEST_OBJECT: usize = 40;

struct Page<'c> {
    text: String,
    changes: &'c Changes<'c>,
    titles: &'c Titles<'c>,
    style: Style,
    signs: Signs,
}

/// Where the signs of what is added and removed stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signs {
    /// Before the text.
    Inline,
    /// At the beginning of the line.
    Leading,
}

/// The objects of each component, the components in the order of their first objects.
fn groups<'c>(changes: &'c Changes<'c>) -> IndexMap<&'c str, Vec<&'c ObjectChange<'c>>, FxBuildHasher> {
    let mut groups: IndexMap<&str, Vec<&ObjectChange>, FxBuildHasher> = IndexMap::default();
    for object in &changes.objects {
        groups.entry(&*object.object().identity.component).or_default().push(object);
    }
    groups
}

fn heading(component: &str) -> &str {
    if component.is_empty() { "no component" } else { component }
}

fn sign(object: &ObjectChange) -> (&'static str, Ink) {
    match (object.before, object.after) {
        (None, _) => ("+", Ink::Added),
        (_, None) => ("-", Ink::Removed),
        _ => ("~", Ink::Changed),
    }
}

impl Page<'_> {
    fn component(&mut self, name: &str, objects: &[&ObjectChange]) {
        self.blank_line();
        let heading = self.paint(Ink::Heading, heading(name));
        self.line(0, &heading);
        objects.iter().for_each(|object| self.object(object));
    }

    fn object(&mut self, object: &ObjectChange) {
        let title = self.paint(Ink::Heading, &self.titles.title(object));
        match (object.before, object.after) {
            (None, Some(new)) => {
                self.marked(1, Fate::Added, &title);
                self.reasons(2, &object.reasons);
                self.added(&body(&concealed(new)));
            }
            (_, None) => {
                self.marked(1, Fate::Removed, &title);
                self.reasons(2, &object.reasons);
            }
            _ => {
                let sign = self.paint(Ink::Changed, "~");
                self.line(1, &format!("{sign} {title}"));
                // The name that ends in another hash stands in the title.
                self.changes(object.changes.iter().filter(|change| change.field != NAME));
            }
        }
        for risk in &object.risks {
            let ink = if risk.harm == Harm::Refused { Ink::Refused } else { Ink::Changed };
            self.line(2, &format!("{} {}", self.paint(ink, &format!("! {}:", risk.harm.as_str())), risk.message));
            self.line(3, &self.paint(Ink::Aside, &risk.help));
        }
    }

    /// What an added object says beyond its name.
    fn added(&mut self, body: &Field) {
        let all = lines(body);
        for line in all.iter().take(LONGEST_OBJECT) {
            self.painted(2, Fate::Added, line);
        }
        if all.len() > LONGEST_OBJECT {
            let left = counted(all.len() - LONGEST_OBJECT, "more line");
            self.line(2, &self.paint(Ink::Aside, &format!("… {left}")));
        }
    }

    /// All differences of an object; a reason that several in a row have stands below the last of them.
    fn changes<'c>(&mut self, changes: impl Iterator<Item = &'c Change<'c>>) {
        let mut rest = changes.peekable();
        while let Some(change) = rest.next() {
            self.change(change);
            if rest.peek().is_none_or(|next| next.reasons != change.reasons) {
                self.reasons(3, &change.reasons);
            }
        }
    }

    fn change(&mut self, change: &Change) {
        let field = &change.field;
        match change.disclosure {
            Disclosure::Open => self.values(change),
            Disclosure::Secret => self.line(2, &format!("{field}: (secret, {})", verb(change))),
            Disclosure::Checksum => self.line(2, &format!("{field}: (checksum, {})", verb(change))),
        }
    }

    fn values(&mut self, change: &Change) {
        let field = &change.field;
        match change.act {
            Act::Added(new) if is_checksum(new) => self.line(2, &format!("{field}.\"{CHECKSUM}\": (checksum, added)")),
            Act::Removed(old) if is_checksum(old) => {
                self.line(2, &format!("{field}.\"{CHECKSUM}\": (checksum, removed)"))
            }
            Act::Added(new) => self.alone(field, new, Fate::Added),
            Act::Removed(old) => self.alone(field, old, Fate::Removed),
            Act::Moved(..) => {
                let place = |pointer: &Option<crate::bundle::Pointer>| {
                    let last = pointer.as_ref().and_then(|pointer| pointer.segments().last().cloned());
                    match last {
                        Some(crate::bundle::Segment::Index(index)) => format!("[{index}]"),
                        _ => String::new(),
                    }
                };
                self.line(2, &format!("{field}: moved from {} to {}", place(&change.before), place(&change.after)));
            }
            Act::Changed(old, new) => match (on_one_line(old), on_one_line(new)) {
                (Some(one), Some(other)) => self.pair(field, &one, &other),
                _ => {
                    self.line(2, &format!("{field}:"));
                    for (fate, line) in line_by_line(&lines(old), &lines(new)) {
                        self.fate(fate, &line);
                    }
                }
            },
        }
    }

    /// `path: old → new`, or below each other where they are long.
    fn pair(&mut self, field: &str, old: &str, new: &str) {
        let width = INDENT * 2 + field.width() + old.width() + new.width() + ": ".len() + " → ".width();
        if width <= self.style.width {
            self.line(2, &format!("{field}: {} → {}", self.paint(Ink::Removed, old), self.paint(Ink::Added, new)));
        } else {
            self.line(2, &format!("{field}:"));
            self.fate(Fate::Removed, old);
            self.fate(Fate::Added, new);
        }
    }

    /// A value that one side alone has.
    fn alone(&mut self, field: &str, value: &Field, fate: Fate) {
        match on_one_line(value) {
            Some(value) => self.marked(2, fate, &format!("{field}: {value}")),
            None => {
                self.marked(2, fate, &format!("{field}:"));
                for line in lines(value) {
                    self.painted(4, fate, &line);
                }
            }
        }
    }

    fn fate(&mut self, fate: Fate, line: &str) {
        match fate {
            Fate::Kept => self.line(4, line),
            Fate::Removed | Fate::Added => self.marked(3, fate, line),
            Fate::Gap => self.line(4, &self.paint(Ink::Aside, "…")),
        }
    }

    /// A line with the sign of what became of it.
    fn marked(&mut self, depth: usize, fate: Fate, text: &str) {
        let (sign, _) = mark(fate);
        match self.signs {
            Signs::Inline => self.painted(depth, fate, &format!("{sign} {text}")),
            Signs::Leading => self.painted(depth + 1, fate, text),
        }
    }

    /// A line in the color of what became of it.
    fn painted(&mut self, depth: usize, fate: Fate, text: &str) {
        let (sign, ink) = mark(fate);
        match self.signs {
            Signs::Inline => self.line(depth, &self.paint(ink, text)),
            Signs::Leading => {
                self.line(depth, text);
                let start = self.text[..self.text.len() - 1].rfind('\n').map_or(0, |at| at + 1);
                self.text.replace_range(start..=start, sign);
            }
        }
    }

    fn reasons(&mut self, depth: usize, all: &[Reason]) {
        if !all.is_empty() {
            let text = self.paint(Ink::Aside, &reasons(all, self.changes));
            self.line(depth, &text);
        }
    }

    fn blank_line(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    fn line(&mut self, depth: usize, text: &str) {
        let margin = if self.signs == Signs::Leading { 1 } else { 0 };
        self.text.push_str(&" ".repeat(margin + depth * INDENT));
        self.text.push_str(text);
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }

    fn paint(&self, ink: Ink, text: &str) -> String {
        self.style.paint(ink, text)
    }
}

/// The sign and the color of what is added or removed.
fn mark(fate: Fate) -> (&'static str, Ink) {
    match fate {
        Fate::Added => ("+", Ink::Added),
        Fate::Removed => ("-", Ink::Removed),
        Fate::Kept | Fate::Gap => (" ", Ink::Aside),
    }
}

/// Columns of one step in.
const INDENT: usize = 2;

/// Whether a map holds nothing but the checksum that rolls Pods.
fn is_checksum(field: &Field) -> bool {
    matches!(field.entries(), [(key, _)] if key == CHECKSUM)
}

fn verb(change: &Change) -> &'static str {
    match change.act {
        Act::Added(_) => "added",
        Act::Removed(_) => "removed",
        Act::Changed(..) => "changed",
        Act::Moved(..) => "moved",
    }
}

/// An object without what its title says, and without what every object has: version, kind, name, namespace and the
/// recommended labels.
fn body(root: &Field) -> Field {
    let entries = root.entries().iter().filter(|(key, _)| !matches!(&**key, "apiVersion" | "kind"));
    let entries =
        entries.map(|(key, field)| (key.clone(), if &**key == "metadata" { told(field) } else { field.clone() }));
    let entries = entries.filter(|(key, field)| &**key != "metadata" || !field.entries().is_empty());
    Field::new(FieldValue::Map(entries.collect()), root.cause)
}

/// What metadata say beyond the title.
fn told(metadata: &Field) -> Field {
    let of = |field: &Field, is_told: fn(&str) -> bool| {
        let entries = field.entries().iter().filter(|(key, _)| is_told(key));
        Field::new(FieldValue::Map(entries.cloned().collect()), field.cause)
    };
    let mut metadata = of(metadata, |key| !matches!(key, "name" | "namespace"));
    if let FieldValue::Map(entries) = &mut metadata.value {
        for (_, field) in entries.iter_mut().filter(|(key, _)| &**key == "labels") {
            *field = of(field, |key| !key.starts_with("app.kubernetes.io/"));
        }
        entries.retain(|(key, field)| &**key != "labels" || !field.entries().is_empty());
    }
    metadata
}
