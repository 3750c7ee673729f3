//! Text in lines of a width.

/// A text wrapped at `width` columns, each line behind `indent`.
pub fn paragraph(text: &str, indent: &str, width: usize) -> String {
    wrap(text, width.saturating_sub(indent.len())).iter().map(|line| format!("{indent}{line}\n")).collect()
}

/// Two columns: a name, and its texts below one another. A name that is too long has a line of its own.
pub fn columns(rows: &[(String, Vec<String>)], width: usize) -> String {
    let longest = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let first = longest.min(WIDEST_NAME.min(width / 3));
    let indent = " ".repeat(2 + first + 2);
    let mut text = String::new();
    for (name, texts) in rows {
        let body: String = texts.iter().map(|text| paragraph(text, &indent, width)).collect();
        if name.chars().count() > first {
            text.push_str(&format!("  {name}\n{body}"));
        } else {
            text.push_str(&format!("  {name:first$}{}", body.get(2 + first..).unwrap_or("\n")));
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
        let text = columns(&rows, 24);
        assert_eq!(text.replace(" \n", "\n").trim_end(), expected.replace(" \n", "\n").trim_end(), "{text}");
    }
}
