//! Where values come from, for people: the value, a line for each layer that wrote it, the rule that made it.

use super::super::docs::wrap;
use super::super::ink::{ENDLESS, Ink, Style};
use super::super::manifests::yaml::document_as_written;
use super::super::report::human::on_one_line;
use crate::bundle::Field;
use crate::document::Act;
use crate::provenance::{Answer, Extent, FieldAccount, ObjectAccount, Shown, Writing};
use crate::source::ARGUMENT;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The whole answer. Lines are cut at the width of the style, but for the texts of values.
pub fn human(answer: &Answer, style: Style) -> String {
    let mut page = Page { text: String::new(), style };
    match (answer.extent, &answer.objects[..]) {
        (Extent::Objects, objects) => page.objects(objects, &answer.profile),
        (_, objects) => {
            for (number, object) in objects.iter().enumerate() {
                if number > 0 {
                    page.text.push('\n');
                }
                page.heading(object, &answer.profile);
                page.fields(&object.fields);
            }
        }
    }
    page.text
}

/// The narrowest room for the words of a source line, in columns; below it they get a line of their own.
const LEAST_SOURCE: usize = 24;

/// The widest column of values where nothing is cut: what is longer pushes its own line alone.
const WIDEST_VALUE: usize = 80;

struct Page {
    text: String,
    style: Style,
}

/// One line of a list: what it is about, where that comes from, and from whom.
struct Row {
    left: String,
    place: String,
    by: String,
}

impl Page {
    fn objects(&mut self, objects: &[ObjectAccount], profile: &str) {
        let component = objects.first().map_or("", |object| &object.component);
        let of = match objects.iter().all(|object| object.component == component) {
            true => format!(" of `{component}`"),
            false => String::new(),
        };
        self.line(Ink::Heading, &format!("{} objects{of} on {profile}", objects.len()));
        self.text.push('\n');
        let rows = objects.iter().filter_map(|object| Some(row(object.title.clone(), object.fields.first()?)));
        self.rows(rows.collect(), "  ");
    }

    fn heading(&mut self, object: &ObjectAccount, profile: &str) {
        let hash = if object.title.ends_with(&object.name) { String::new() } else { format!(" ({})", object.name) };
        let namespace = object.namespace.as_ref().map(|name| format!(" in {name}")).unwrap_or_default();
        self.line(Ink::Heading, &format!("{}{hash}{namespace} on {profile}", object.title));
    }

    fn fields(&mut self, fields: &[FieldAccount]) {
        let [asked, below @ ..] = fields else { return };
        if !asked.path.is_empty() {
            self.value(asked);
        }
        self.text.push('\n');
        self.story(asked);
        if !below.is_empty() {
            self.text.push('\n');
            let rows = below.iter().map(|field| {
                let indent = "  ".repeat(field.depth - 1);
                row(format!("{indent}{}", summary(field)), field)
            });
            self.rows(rows.collect(), "");
        }
    }

    /// The path and the whole value.
    fn value(&mut self, field: &FieldAccount) {
        let value = match &field.value {
            Shown::Value(value) => yaml(value),
            Shown::Parts(_) => String::new(),
            Shown::Secret => "(secret)".to_owned(),
        };
        let mut lines = value.lines();
        let space = if value.is_empty() { "" } else { " " };
        let first = lines.next().unwrap_or_default();
        self.line(Ink::Heading, &format!("{}:{space}{first}", on_one_line(&field.path)));
        for line in lines {
            self.line(Ink::Text, line);
        }
    }

    /// Each layer that wrote it, the winner first, and the rule.
    fn story(&mut self, field: &FieldAccount) {
        let set = if field.rule.is_some() { "from" } else { "set" };
        let histories = field.origins.iter();
        let told: Vec<(&str, &Writing)> = histories
            .flat_map(|history| {
                history.iter().enumerate().map(move |(age, writing)| match (writing.act, age) {
                    (Act::Unset, _) => ("unset", writing),
                    (Act::Set, 0) => (set, writing),
                    (Act::Set, _) => ("was", writing),
                })
            })
            .collect();
        let width = |text: fn(&Writing) -> String| told.iter().map(|(_, writing)| text(writing).width()).max();
        let (place_width, by_width) = (width(place).unwrap_or(0), width(by).unwrap_or(0));
        for (word, writing) in &told {
            let left = format!("  {word:<5}  {}  {}", pad(&place(writing), place_width), pad(&by(writing), by_width));
            self.source(&left, writing);
        }
        let made = match (field.rule, &field.value, field.origins.first().and_then(|history| history.first())) {
            (Some(rule), _, _) => Some(rule.to_owned()),
            (None, Shown::Value(value), Some(writing)) if !field.is_verbatim => {
                let made = shorten(&yaml(value));
                Some(format!("{} → {}: {made}", on_one_line(&writing.text), on_one_line(&field.label)))
            }
            _ => None,
        };
        if let Some(made) = made {
            self.line(Ink::Text, &format!("  rule   {made}"));
        }
    }

    /// A line about a writing with the words of its source line, which go to a line of their own where no room is left.
    fn source(&mut self, left: &str, writing: &Writing) {
        let room = self.style.width.saturating_sub(left.width() + 2);
        if room >= LEAST_SOURCE {
            let line = format!("{left}  {}", window(writing, room));
            self.line(Ink::Text, &line);
            return;
        }
        self.line(Ink::Text, left.trim_end());
        let line = format!("         {}", window(writing, self.style.width.saturating_sub(9).max(LEAST_SOURCE)));
        self.line(Ink::Text, &line);
    }

    /// Rows in columns. The place is always whole; a value that is about to be too long is cut, and a reason goes on below.
    fn rows(&mut self, rows: Vec<Row>, indent: &str) {
        let width = self.style.width.saturating_sub(indent.len());
        let longest = |column: fn(&Row) -> &str| rows.iter().map(|row| column(row).width()).max().unwrap_or(0);
        let told = rows.iter().filter(|row| !row.by.is_empty()).map(|row| row.place.width()).max().unwrap_or(0);
        let is_endless = self.style.width >= ENDLESS;
        let widest = if is_endless { WIDEST_VALUE } else { (width * 3 / 5).max(LEAST_SOURCE) };
        let left = longest(|row| &row.left).min(widest);
        for row in rows {
            let place = if row.by.is_empty() { row.place } else { pad(&row.place, told) + "  " };
            let room = width.saturating_sub(left + 2 + place.width()).max(LEAST_SOURCE / 2);
            let margin = " ".repeat(indent.len() + left + 2 + place.width());
            let mut reason = wrap(&row.by, room).into_iter();
            let right = format!("{place}{}", reason.next().unwrap_or_default());
            let value = if is_endless { row.left } else { cut(&row.left, left) };
            self.text.push_str(indent);
            self.text.push_str(&pad(&value, left));
            self.text.push_str("  ");
            self.line(Ink::Aside, right.trim_end());
            for line in reason {
                self.text.push_str(&margin);
                self.line(Ink::Aside, &line);
            }
        }
    }

    fn line(&mut self, ink: Ink, text: &str) {
        self.text.push_str(&self.style.paint(ink, text));
        self.text.push('\n');
    }
}

fn row(left: String, field: &FieldAccount) -> Row {
    let first = field.origins.first().and_then(|history| history.first());
    let by = match (field.rule, first) {
        (Some(rule), _) => rule.to_owned(),
        (None, Some(writing)) => beyond_place(writing),
        (None, None) => String::new(),
    };
    Row { left, place: first.map(place).unwrap_or_default(), by }
}

/// What a field is, on one line.
fn summary(field: &FieldAccount) -> String {
    let label = on_one_line(&field.label);
    match &field.value {
        Shown::Parts(_) => format!("{label}:"),
        Shown::Secret => format!("{label}: (secret)"),
        Shown::Value(value) => format!("{label}: {}", shorten(&yaml(value))),
    }
}

/// A value as it stands in the manifest.
fn yaml(value: &Field) -> String {
    document_as_written(value).trim_end_matches('\n').to_owned()
}

/// The first line of a text of several, and how many there are.
fn shorten(yaml: &str) -> String {
    let mut lines = yaml.lines();
    let first = lines.next().unwrap_or_default();
    match lines.clone().count() {
        0 => first.to_owned(),
        count => format!("{} … ({count} lines)", lines.next().unwrap_or_default().trim()),
    }
}

/// `stack.toml:12:3`; an argument of `--set` has no lines.
fn place(writing: &Writing) -> String {
    match writing.file.as_str() {
        ARGUMENT => ARGUMENT.to_owned(),
        file => format!("{}:{}:{}", on_one_line(file), writing.line, writing.column),
    }
}

/// The layer, and the patch in it.
fn by(writing: &Writing) -> String {
    // the stack is called like its file, which the place names already
    let layer = if writing.layer == writing.file && writing.file != ARGUMENT { "the stack" } else { &writing.layer };
    match &writing.patch {
        Some(patch) => format!("{} [patch.{patch}]", on_one_line(layer)),
        None => on_one_line(layer).into_owned(),
    }
}

/// The part of the layer that the file does not tell: which overlay of it, which patch in it.
fn beyond_place(writing: &Writing) -> String {
    let overlay = Some(on_one_line(&writing.layer)).filter(|layer| layer.starts_with('['));
    let patch = writing.patch.as_ref().map(|patch| format!("[patch.{patch}]"));
    overlay.map(|layer| layer.into_owned()).into_iter().chain(patch).collect::<Vec<_>>().join(" ")
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// The beginning of a text that fits.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width { text.to_owned() } else { format!("{}…", beginning(text, width.saturating_sub(1))) }
}

/// The part of a source line that fits, with the writing in it.
fn window(writing: &Writing, width: usize) -> String {
    let source = on_one_line(&writing.source);
    let before = source.get(..writing.at).unwrap_or_default();
    if source.width() <= width || before.width() <= width / 2 {
        return cut(&source, width);
    }
    // a third of the room for what stands before
    let mut start = before.len();
    let mut room = width / 3;
    for (at, letter) in before.char_indices().rev() {
        let columns = letter.width().unwrap_or(0);
        if columns > room {
            break;
        }
        room -= columns;
        start = at;
    }
    format!("…{}", cut(source.get(start..).unwrap_or_default(), width.saturating_sub(1)))
}

fn beginning(text: &str, width: usize) -> &str {
    let mut columns = 0;
    let end = text.char_indices().find(|(_, letter)| {
        columns += letter.width().unwrap_or(0);
        columns > width
    });
    end.map_or(text, |(at, _)| &text[..at])
}
