//! Differences as Markdown, for a comment on a pull request.

use super::human::plain;
use super::wording::{Titles, counted, fields, gone};
use crate::change::{Changes, ObjectChange};
use std::fmt::Write;

/// A line that counts, a table of the objects, and all differences in a block that is folded. A comment on GitHub has at
/// most 65,536 characters, so what is longer is cut, and says so. The empty text where nothing differs.
pub fn github(changes: &Changes) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let mut text =
        format!("### `{}` → `{}`: {}\n\n", escaped(&changes.before), escaped(&changes.after), count(changes));
    text.push_str("| | Object | Component | Fields |\n|---|---|---|---:|\n");
    let titles = Titles::of(changes);
    for (position, object) in changes.objects.iter().enumerate() {
        if text.len() > LONGEST / 3 {
            let left = changes.objects.len() - position;
            writeln!(text, "| | … {} | | |", counted(left, "more object")).expect("a String takes text");
            break;
        }
        row(object, changes, &titles, &mut text);
    }
    for object in &changes.objects {
        for risk in &object.risks {
            if text.len() < LONGEST / 2 {
                writeln!(text, "\n> **{}**: {}; {}", risk.harm.as_str(), prose(&risk.message), prose(&risk.help))
                    .expect("a String takes text");
            }
        }
    }
    text.push_str("\n<details><summary>All differences</summary>\n\n");
    let body = plain(changes);
    let fence = fence(&body);
    writeln!(text, "{fence}diff").expect("a String takes text");
    let end = format!("{fence}\n\n</details>\n");
    let room = LONGEST.saturating_sub(text.chars().count() + end.len() + CUT.len() + 1);
    if body.chars().count() > room {
        let kept: String = body.chars().take(room).collect();
        let whole = kept.rfind('\n').map_or("", |at| &kept[..=at]);
        text.push_str(whole);
        text.push_str(CUT);
        text.push('\n');
    } else {
        text.push_str(&body);
    }
    text.push_str(&end);
    text
}

/// Fewer characters than a comment may have, so that something can be written around it.
const LONGEST: usize = 65_000;

const CUT: &str = "… cut here: a comment holds no more; run `stowplan diff` to see all";

fn count(changes: &Changes) -> String {
    let count = |is_wanted: fn(&&ObjectChange) -> bool| changes.objects.iter().filter(is_wanted).count();
    let counts = [
        (count(|object| object.before.is_some() && object.after.is_some()), "changed".to_owned()),
        (count(|object| object.before.is_none()), "added".to_owned()),
        (count(|object| object.after.is_none()), escaped(&gone(changes))),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<_> = counts.map(|(count, word)| format!("{} {word}", counted(*count, "object"))).collect();
    counts.join(", ")
}

fn row(object: &ObjectChange, changes: &Changes, titles: &Titles, text: &mut String) {
    let known = object.object();
    let (sign, what) = match (object.before, object.after) {
        (None, _) => ("➕", "added".to_owned()),
        (_, None) => ("➖", gone(changes)),
        _ => ("✏️", fields(object).to_string()),
    };
    let name = escaped(&titles.title(object));
    writeln!(text, "| {sign} | `{name}` | {} | {} |", escaped(&known.identity.component), escaped(&what))
        .expect("a String takes text");
}

/// A fence that is longer than any in the text.
fn fence(text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(longest.max(2) + 1)
}

/// A sentence whose code stays code.
fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // Without its partner a backtick would make code of the rest.
    if parts.len().is_multiple_of(2) {
        return escaped(text);
    }
    let plain = |part: &str| part.replace(['\n', '\r'], " ");
    let part = |(at, part): (usize, &&str)| if at % 2 == 0 { plain(part).replace('<', "&lt;") } else { plain(part) };
    parts.iter().enumerate().map(part).collect::<Vec<_>>().join("`")
}

/// A text that ends no cell, no line and no code of a table.
fn escaped(text: &str) -> String {
    text.replace(['`', '\n', '\r'], " ").replace('|', "\\|").replace('<', "&lt;")
}
