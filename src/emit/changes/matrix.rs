//! Several bundles beside each other: a row for each field that is not the same everywhere, a column for each bundle.

use super::wording::on_one_line;
use crate::change::{Cell, Disclosure, Matrix, Row};
use crate::emit::ink::{Ink, Style};
use crate::emit::manifests::{json::value, yaml};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::borrow::Cow;
use std::fmt::Write;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A format of `diff --all`, by the name that `--format` takes.
pub type Print = fn(&Matrix, Style) -> String;

/// All formats.
pub const FORMATS: &[(&str, Print)] =
    &[("human", human), ("json", |matrix, _| json(matrix)), ("github", |matrix, _| github(matrix))];

/// What stands for nothing.
const NOTHING: &str = "–";

/// A table that is as wide as the style says; what does not fit goes on in the next line of its cell.
pub fn human(matrix: &Matrix, style: Style) -> String {
    if matrix.rows.is_empty() {
        return String::new();
    }
    let widths = widths(matrix, style.width);
    let bold = |text: String| style.paint(Ink::Heading, &text);
    let mut text = String::new();
    let names: Vec<String> = std::iter::once(String::new()).chain(matrix.columns.iter().cloned()).collect();
    for line in wrapped(&names, &widths) {
        writeln!(text, "{}", bold(line)).expect("a String takes text");
    }
    let mut object = String::new();
    for row in &matrix.rows {
        let title = title(row);
        let mut cells: Vec<String> = shown(row);
        match &row.field {
            None => cells.insert(0, title.clone()),
            Some(field) => {
                if object != title {
                    writeln!(text, "{}", bold(title.clone())).expect("a String takes text");
                }
                cells.insert(0, format!("  {field}"));
            }
        }
        for line in wrapped(&cells, &widths) {
            writeln!(text, "{line}").expect("a String takes text");
        }
        object = title;
    }
    text
}

fn title(row: &Row) -> String {
    format!("{}/{}", row.object.kind_name(), row.object.name())
}

/// The narrowest column, and the narrowest one of paths.
const NARROWEST: (usize, usize) = (8, 24);
/// Blanks between two columns.
const GAP: usize = 2;

/// The widths of all columns, that of the paths first: as wide as what is in them where that fits, else what is left for each.
fn widths(matrix: &Matrix, width: usize) -> Vec<usize> {
    let widest = |column: usize| {
        let cells = matrix.rows.iter().map(|row| shown(row)[column].width());
        cells.chain([matrix.columns[column].width()]).max().unwrap_or_default()
    };
    let wanted: Vec<usize> = (0..matrix.columns.len()).map(widest).collect();
    let path = |row: &Row| row.field.as_ref().map_or_else(|| title(row).width(), |field| field.width() + GAP);
    let paths = matrix.rows.iter().map(path).max().unwrap_or_default();
    let room = width.saturating_sub(wanted.len() * GAP);
    // The paths get what the values leave, but two fifths at least.
    let of_values = (room - room * 2 / 5) / wanted.len().max(1);
    let mut widths: Vec<usize> = wanted.iter().map(|wanted| (*wanted).min(of_values.max(NARROWEST.0))).collect();
    let left = room.saturating_sub(widths.iter().sum());
    widths.insert(0, paths.min(left.max(NARROWEST.1)));
    widths
}

/// A row as lines.
fn wrapped(cells: &[String], widths: &[usize]) -> Vec<String> {
    let cells: Vec<Vec<String>> = cells.iter().zip(widths).map(|(cell, width)| wrap(cell, *width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or_default();
    let line = |at: usize| {
        let mut line = String::new();
        for (cell, width) in cells.iter().zip(widths) {
            let part = cell.get(at).map_or("", String::as_str);
            line.push_str(part);
            line.push_str(&" ".repeat(width.saturating_sub(part.width()) + GAP));
        }
        line.trim_end().to_owned()
    };
    (0..height).map(line).collect()
}

/// A text in lines of this width, broken behind a dot, a blank or a bracket where there is one in the second half.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let margin: String = text.chars().take_while(|character| *character == ' ').collect();
    let mut rest = text.to_owned();
    while rest.width() > width {
        let mut taken = 0;
        let mut end = 0;
        for (at, character) in rest.char_indices() {
            taken += character.width().unwrap_or(0);
            if taken > width {
                break;
            }
            end = at + character.len_utf8();
        }
        let end = end.max(rest.chars().next().map_or(0, char::len_utf8));
        let half = rest[..end].char_indices().nth(width / 2).map_or(0, |(at, _)| at);
        let seam = rest[half..end].rfind(['.', ' ', ']', '/', ',']).map_or(end, |at| half + at + 1);
        let behind = rest.split_off(seam);
        lines.push(rest);
        rest = format!("{margin}{margin}{behind}");
        if rest.len() >= text.len() + margin.len() {
            break;
        }
    }
    lines.push(rest);
    lines
}

/// What stands in the cells of a row. Values that may not be shown are numbered: equal ones have the same number.
fn shown(row: &Row) -> Vec<String> {
    let shown = |(cell, number): (&Cell, usize)| match cell {
        Cell::Absent => NOTHING.to_owned(),
        Cell::Present => "yes".to_owned(),
        Cell::Hidden(_, Disclosure::Checksum) => format!("(checksum {number})"),
        Cell::Hidden(..) => format!("(secret {number})"),
        Cell::Value(field) => on_one_line(field).unwrap_or_else(|| yaml::document(field).replace('\n', "; ")),
    };
    row.cells.iter().zip(numbers(row)).map(shown).collect()
}

/// The numbers of the values that may not be shown, from 1; equal ones have the same.
fn numbers(row: &Row) -> Vec<usize> {
    let mut known: Vec<Option<Cow<str>>> = Vec::new();
    let mut number = |cell: &Cell| {
        let Cell::Hidden(field, _) = cell else { return 0 };
        let value = field.spelled().map(|value| Cow::Owned(value.into_owned()));
        let place = known.iter().position(|other| *other == value);
        place.unwrap_or_else(|| {
            known.push(value);
            known.len() - 1
        }) + 1
    };
    row.cells.iter().map(&mut number).collect()
}

/// A Markdown table.
pub fn github(matrix: &Matrix) -> String {
    if matrix.rows.is_empty() {
        return String::new();
    }
    let cell = |text: &str| text.replace('|', "\\|").replace(['\n', '\r'], " ").replace('`', "'");
    let mut text = format!(
        "| Object | Field | {} |\n",
        matrix.columns.iter().map(|name| cell(name)).collect::<Vec<_>>().join(" | ")
    );
    writeln!(text, "|---|---{}|", "|---".repeat(matrix.columns.len())).expect("a String takes text");
    for row in &matrix.rows {
        let field = row.field.as_ref().map(|field| format!("`{}`", cell(field))).unwrap_or_default();
        let cells: Vec<_> = shown(row).iter().map(|value| cell(value)).collect();
        writeln!(text, "| {} | {field} | {} |", cell(&title(row)), cells.join(" | ")).expect("a String takes text");
    }
    text
}

/// `{"profiles": […], "rows": [{"kind", "name", "field", "values": {PROFILE: …}}]}`; `field` is null where the object itself
/// is not everywhere, and a profile that has nothing there is left out of `values`. Where `secret` is true, numbers stand for
/// values of a Secret: equal ones for equal values.
pub fn json(matrix: &Matrix) -> String {
    let rows: Vec<_> = matrix.rows.iter().map(|row| Line { row, columns: &matrix.columns }).collect();
    let document = Document { profiles: &matrix.columns, rows };
    let mut text = serde_json::to_string_pretty(&document).expect("keys are text, and a String takes all");
    text.push('\n');
    text
}

#[derive(serde::Serialize)]
struct Document<'m> {
    profiles: &'m [String],
    rows: Vec<Line<'m>>,
}

struct Line<'m> {
    row: &'m Row<'m>,
    columns: &'m [String],
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("component", &self.row.object.identity.component)?;
        map.serialize_entry("kind", self.row.object.kind_name())?;
        map.serialize_entry("name", self.row.object.name())?;
        map.serialize_entry("field", &self.row.field)?;
        let is_secret = |cell: &Cell| matches!(cell, Cell::Hidden(_, Disclosure::Secret));
        if self.row.cells.iter().any(is_secret) {
            map.serialize_entry("secret", &true)?;
        }
        map.serialize_entry("values", &Values(self))?;
        map.end()
    }
}

struct Values<'l>(&'l Line<'l>);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for ((column, cell), number) in self.0.columns.iter().zip(&self.0.row.cells).zip(numbers(self.0.row)) {
            match cell {
                Cell::Absent => {}
                Cell::Present => map.serialize_entry(column, &true)?,
                Cell::Hidden(_, Disclosure::Secret) => map.serialize_entry(column, &number)?,
                Cell::Hidden(field, _) | Cell::Value(field) => map.serialize_entry(column, &value(field))?,
            }
        }
        map.end()
    }
}
