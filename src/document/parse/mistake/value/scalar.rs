//! Explains single values that are neither a number, a date, `true` nor `false`, and stand without quotes.

use super::super::{Broken, QUOTES, is_value, quote, short};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use std::ops::Range;

/// Explains the value in this range: a word of another language, a number that is not spelled as TOML spells it, a text
/// without quotes.
pub fn explain(broken: &Broken<'_>, range: Range<usize>) -> Diagnostic {
    let written = broken.slice(range.clone());
    let place = broken.span(range);
    let value = written.trim_end_matches([',', ';']).trim_end();
    let name = short(value);
    match value {
        "True" | "TRUE" | "False" | "FALSE" | "yes" | "Yes" | "YES" | "no" | "No" | "NO" | "on" | "On" | "ON"
        | "off" | "Off" | "OFF" => {
            let truth = if matches!(&*value.to_ascii_lowercase(), "true" | "yes" | "on") { "true" } else { "false" };
            Diagnostic::error("bad-boolean", format!("`{name}` is not a TOML value"))
                .at(place, "the words are `true` and `false`")
                .help(format!("write `{truth}`, or put it between quotes as a text"))
                .fix(place, truth)
        }
        "null" | "Null" | "NULL" | "None" | "none" | "nil" | "Nil" | "~" | "undefined" => {
            Diagnostic::error("no-null", format!("`{name}` is not a TOML value: TOML has no null"))
                .at(place, "TOML has no null")
                .help("leave the key out; to remove what a lower layer says, name it in `unset`")
        }
        _ if value.starts_with(QUOTES) => Diagnostic::error("smart-quotes", format!("{name} has the wrong quotes"))
            .at(place, "TOML takes the straight quotes `\"` and `'`")
            .help("write straight quotes")
            .fix(place, quote(value)),
        _ => number(place, value).unwrap_or_else(|| {
            Diagnostic::error("missing-quotes", format!("`{name}` needs quotes"))
                .at(place, "a text stands between quotes")
                .help(format!("write `{}`", short(&quote(value))))
                .fix(place, quote(value))
        }),
    }
}

/// Whether digits are what `chmod` takes: four, of which the last three say who may do what.
fn is_file_mode(digits: &str) -> bool {
    digits.len() == 4 && digits.bytes().all(|digit| matches!(digit, b'0'..=b'7'))
}

/// The message about a number that is spelled as another language spells it.
fn number(place: Span, value: &str) -> Option<Diagnostic> {
    let unsigned = value.trim_start_matches(['+', '-']);
    let message = Diagnostic::error("bad-number", format!("`{}` is not a TOML number", short(value)));
    if unsigned.len() > 1 && unsigned.starts_with('0') && unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        let plain = unsigned.trim_start_matches('0');
        let plain = if plain.is_empty() { "0" } else { plain };
        let sign = if value.starts_with('-') { "-" } else { "" };
        let (number, text) = (format!("{sign}{plain}"), quote(value));
        let message = message.at(place, "a number does not begin with 0");
        return Some(match is_file_mode(value) {
            true => message
                .help(format!("put a text such as a file mode between quotes; as a number it is `{number}`"))
                .fix(place, text),
            false => message.help(format!("write `{number}`; as a text it is `{text}`")).fix(place, number),
        });
    }
    let mended = [
        value.replace("_", ""),
        value.to_ascii_lowercase(),
        unsigned.to_ascii_lowercase(),
        format!("0{value}"),
        format!("{value}0"),
    ];
    let digits = unsigned.trim_start_matches(['.', '_']).starts_with(|first: char| first.is_ascii_digit());
    let mended = mended.into_iter().find(|mended| digits && is_value(mended))?;
    Some(
        message
            .at(place, "other languages spell numbers like this")
            .help(format!("write `{mended}`"))
            .fix(place, mended),
    )
}
