//! Text in lines of a width, with what is code in its color.

use crate::emit::ink::{Ink, Style};

/// A text wrapped at the width of the style, each line behind `indent`. What stands between backticks is code.
pub fn paragraph(text: &str, indent: &str, style: Style) -> String {
    let mut ink = Ink::Text;
    let mut lines = String::new();
    for line in wrap(text, style.width.saturating_sub(indent.len())) {
        lines.push_str(indent);
        let mut span = String::new();
        for letter in line.chars() {
            match (letter, ink) {
                ('`', Ink::Code) => {
                    span.push(letter);
                    lines.push_str(&style.paint(ink, &std::mem::take(&mut span)));
                    ink = Ink::Text;
                }
                ('`', _) => {
                    lines.push_str(&style.paint(ink, &std::mem::replace(&mut span, "`".to_owned())));
                    ink = Ink::Code;
                }
                _ => span.push(letter),
            }
        }
        lines.push_str(&style.paint(ink, &span));
        lines.push('\n');
    }
    lines
}

/// Two columns: a name in its color, and its texts below one another. A name that is too long has a line of its own.
pub fn columns(rows: &[(String, Vec<String>)], ink: Ink, style: Style) -> String {
    let longest = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let first = longest.min(WIDEST_NAME.min(style.width / 3));
    let indent = " ".repeat(2 + first + 2);
    let mut text = String::new();
    for (name, texts) in rows {
        let body: String = texts.iter().map(|text| paragraph(text, &indent, style)).collect();
        let painted = style.paint(ink, name);
        match first.checked_sub(name.chars().count()) {
            None => text.push_str(&format!("  {painted}\n{body}")),
            Some(room) => {
                let room = " ".repeat(room);
                text.push_str(&format!("  {painted}{room}{}", body.get(2 + first..).unwrap_or("\n")));
            }
        }
    }
    text
}

/// The widest first column.
const WIDEST_NAME: usize = 26;

/// Lines of whole words; a word that is longer than a line is not broken.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::ink::Color;

    #[test]
    fn words_stay_whole() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("unbreakable a", 4), ["unbreakable", "a"]);
        assert!(wrap("  ", 4).is_empty());
    }

    #[test]
    fn the_second_column_is_aligned() {
        let row = |name: &str, texts: &[&str]| (name.to_owned(), texts.iter().map(|text| (*text).to_owned()).collect());
        let rows =
            [row("a", &["one two three four", "(five)"]), row("a-name-longer-than-most", &["six"]), row("b", &[])];
        let expected = "  a         one two\n            three four\n            (five)\n  a-name-longer-than-most\n            six\n  b       \n";
        let text = columns(&rows, Ink::Code, Style::plain(24));
        assert_eq!(text.replace(" \n", "\n").trim_end(), expected.replace(" \n", "\n").trim_end(), "{text}");
    }

    #[test]
    fn colors_change_no_column() {
        let text = "write `allow = { a = \"b c d e f g\" }` here, and `x` there";
        let colored = paragraph(text, "  ", Style { color: Color::Always, width: 20 });
        assert!(colored.contains("\u{1b}[36m`allow = {"), "{colored:?}");
        let plain: String = colored.replace("\u{1b}[36m", "").replace("\u{1b}[0m", "");
        assert_eq!(plain, paragraph(text, "  ", Style::plain(20)));
        for line in colored.lines() {
            assert_eq!(line.matches("\u{1b}[36m").count(), line.matches("\u{1b}[0m").count(), "{line:?}");
        }
    }
}
