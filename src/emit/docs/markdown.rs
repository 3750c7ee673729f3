//! Pages of rules and codes on a terminal: paragraphs, and code in fences.

use super::{code, heading, paragraph};
use crate::check::rules::Expectation;
use crate::emit::ink::Style;

/// A page without its fences: prose wrapped and set in, each example under a heading that says what it is.
pub fn page(text: &str, style: Style) -> String {
    let mut drawn = String::new();
    let mut lines = text.lines();
    let mut prose = String::new();
    while let Some(line) = lines.next() {
        match line.strip_prefix("```") {
            Some(words) => {
                part(&mut drawn, &mut prose, style);
                let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
                drawn.push_str(&heading(&title(words), style));
                drawn.push_str(&code(&block.join("\n"), CODE, style));
            }
            None if line.is_empty() => part(&mut drawn, &mut prose, style),
            None => {
                prose.push_str(line);
                prose.push(' ');
            }
        }
    }
    part(&mut drawn, &mut prose, style);
    drawn
}

/// What code stands behind: deeper than prose, because prose follows it.
const CODE: &str = "    ";

/// Ends a paragraph, where one was begun.
fn part(drawn: &mut String, prose: &mut String, style: Style) {
    if !prose.is_empty() {
        drawn.push('\n');
        drawn.push_str(&paragraph(prose, "  ", style));
        prose.clear();
    }
}

/// What stands over an example, by the words behind its fence: its language, what is expected of it, perhaps a profile.
fn title(words: &str) -> String {
    let mut words = words.split(' ').skip(1);
    let what = words.next().and_then(Expectation::of).map_or("Example", Expectation::title);
    match words.next() {
        Some(profile) => format!("{what}, on the profile {profile}:"),
        None => format!("{what}:"),
    }
}
