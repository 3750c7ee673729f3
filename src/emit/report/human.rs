//! Messages for people, in the manner of rustc: the place, the source line with carets, help, and the edit as a diff.

use super::Remark;
use crate::diagnostic::{Diagnostic, Fix, Label, Lines, Report, Severity};
use crate::source::{FileId, SourceFile, Sources};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Padding, Patch, Renderer, Snippet};
use std::borrow::Cow;
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

pub use crate::emit::ink::{Color, ENDLESS, Style};

/// Draws all messages in their order, each ending with a line break, with a blank line between two.
pub fn render(report: &Report, sources: &Sources, style: Style) -> String {
    draw(report.diagnostics.iter(), sources, style)
}

/// Draws what `lint` found in the same way, what is worst at the end, where a terminal shows it; each kind in its order.
pub fn remarks(remarks: &[Remark], sources: &Sources, style: Style) -> String {
    let mut diagnostics: Vec<&Diagnostic> = remarks.iter().map(|remark| &remark.diagnostic).collect();
    diagnostics.sort_by_key(|diagnostic| diagnostic.severity);
    draw(diagnostics.into_iter(), sources, style)
}

fn draw<'d>(diagnostics: impl Iterator<Item = &'d Diagnostic>, sources: &Sources, style: Style) -> String {
    let renderer = match style.color {
        Color::Never => Renderer::plain(),
        Color::Always => Renderer::styled(),
    }
    .term_width(style.width);
    let mut drawn = String::new();
    for diagnostic in diagnostics {
        if !drawn.is_empty() {
            drawn.push('\n');
        }
        let (groups, margin) = groups(diagnostic, sources);
        let text = renderer.render(&groups);
        match margin {
            Margin::Numbers => drawn.push_str(&text),
            Margin::Blank => drawn.push_str(&text.replace('\n', "\n ")),
        }
        drawn.push('\n');
    }
    drawn
}

/// The columns before the words of a help, where the numbers of lines have up to four digits.
const HELP_MARGIN: usize = 13;

/// A help in lines that fit the width, for a terminal. What stands between backticks is never broken, so that it can be copied.
pub fn folded(help: &str, width: usize) -> String {
    let room = width.saturating_sub(HELP_MARGIN);
    let lines = help.split('\n').map(|line| {
        let words = line.trim_start_matches(' ');
        let indent = &line[..line.len() - words.len()];
        let mut folded = indent.to_owned();
        let mut column = indent.len();
        for word in self::words(words) {
            if column > indent.len() && column + 1 + word.width() > room {
                folded.push('\n');
                folded.push_str(indent);
                column = indent.len();
            } else if column > indent.len() {
                folded.push(' ');
                column += 1;
            }
            folded.push_str(word);
            column += word.width();
        }
        folded
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The parts between blanks that stand outside of backticks.
fn words(line: &str) -> Vec<&str> {
    let mut is_quoted = false;
    let at_blank = |letter: char| {
        is_quoted ^= letter == '`';
        letter == ' ' && !is_quoted
    };
    line.split(at_blank).collect()
}

/// What stands to the left of the bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Margin {
    /// The numbers of lines.
    Numbers,
    /// Nothing, where no line is shown: as wide as a number of one digit, as rustc has it.
    Blank,
}

/// The message, and below it the help with the edit, where there is one to show.
fn groups<'s>(diagnostic: &'s Diagnostic, sources: &'s Sources) -> (Vec<Group<'s>>, Margin) {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title = level.primary_title(on_one_line(&diagnostic.title)).id(diagnostic.code);
    let mut message = Group::with_title(title);
    let mut margin = Margin::Blank;
    for view in views(&diagnostic.labels, sources) {
        if diagnostic.lines == Lines::Shown && view.has_lines(sources) {
            margin = Margin::Numbers;
        }
        message = match diagnostic.lines {
            Lines::Shown => view.draw(message, sources),
            Lines::Secret => view.draw_place(message, sources.file(view.file)),
        };
    }
    if let Some(note) = &diagnostic.note {
        message = message.element(Level::NOTE.message(on_one_line(note)));
    }
    let help = diagnostic.help.as_deref().map(clean);
    let shown = diagnostic.fix.as_ref().filter(|_| diagnostic.lines == Lines::Shown);
    let patch = shown.and_then(|fix| patch(fix, sources));
    match (help, patch) {
        (help, Some(patch)) => {
            let title = Level::HELP.secondary_title(help.unwrap_or(Cow::Borrowed("write this")));
            (vec![message, title.element(patch)], Margin::Numbers)
        }
        (Some(help), None) => (vec![message.element(Level::HELP.message(help))], margin),
        (None, None) => (vec![message], margin),
    }
}

/// Lines of one file, with the labels in them.
struct View<'s> {
    file: FileId,
    bytes: Range<usize>,
    labels: Vec<(Range<usize>, AnnotationKind, &'s str)>,
}

/// More bytes than this are not shown at once: drawing takes time with the length of what is shown, and a line that
/// long is not read by anybody.
const MAXIMUM_VIEW: usize = 16 << 10;

/// Labels of one file that stand near to one another are shown together.
fn views<'s>(labels: &'s [Label], sources: &Sources) -> Vec<View<'s>> {
    let mut views: Vec<View<'s>> = Vec::new();
    for (index, label) in labels.iter().enumerate() {
        let file = sources.file(label.span.file);
        let bytes = on_first_line(file, label.span.bytes());
        let lines = lines_of(file, bytes.clone());
        let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let mark = (bytes, kind, label.text.as_str());
        let joined = |view: &View<'s>| view.bytes.start.min(lines.start)..view.bytes.end.max(lines.end);
        let near = |view: &&mut View<'s>| view.file == label.span.file && joined(view).len() <= MAXIMUM_VIEW;
        match views.iter_mut().find(near) {
            Some(view) => {
                view.bytes = joined(view);
                view.labels.push(mark);
            }
            None => views.push(View { file: label.span.file, bytes: lines, labels: vec![mark] }),
        }
    }
    views
}

impl<'s> View<'s> {
    /// Whether there are lines, and few enough to be shown.
    fn has_lines(&self, sources: &Sources) -> bool {
        !sources.file(self.file).text.is_empty() && self.bytes.len() <= MAXIMUM_VIEW
    }

    fn draw(self, message: Group<'s>, sources: &'s Sources) -> Group<'s> {
        let file = sources.file(self.file);
        let path = on_one_line(&file.name);
        let (line, _) = file.line_column(self.bytes.start);
        if file.text.is_empty() {
            return message.element(Origin::path(path)).element(Padding);
        }
        if !self.has_lines(sources) {
            return self.draw_place(message, file);
        }
        let annotations = self.labels.into_iter().map(|(bytes, kind, text)| {
            let label = Some(text).filter(|text| !text.is_empty()).map(on_one_line);
            kind.span(bytes.start - self.bytes.start..bytes.end - self.bytes.start).label(label)
        });
        let source = &file.text[self.bytes.clone()];
        message.element(Snippet::source(source).path(path).line_start(line).annotations(annotations))
    }

    /// The place and the words alone, for a line that is too long to show.
    fn draw_place(&self, mut message: Group<'s>, file: &'s SourceFile) -> Group<'s> {
        for (bytes, _, text) in &self.labels {
            let (line, column) = file.line_column(bytes.start);
            let place = Origin::path(on_one_line(&file.name)).line(line).char_column(column);
            message = message.element(place).element(Padding);
            if !text.is_empty() {
                message = message.element(Level::NOTE.message(on_one_line(text)));
            }
        }
        message
    }
}

fn patch<'s>(fix: &'s Fix, sources: &'s Sources) -> Option<Snippet<'s, Patch<'s>>> {
    let file = sources.file(fix.span.file);
    let bytes = in_text(file, fix.span.bytes());
    let lines = lines_of(file, bytes.clone());
    if lines.len() + fix.replacement.len() > MAXIMUM_VIEW {
        return None;
    }
    let (line, _) = file.line_column(lines.start);
    let patch = Patch::new(bytes.start - lines.start..bytes.end - lines.start, clean(&fix.replacement));
    Some(Snippet::source(&file.text[lines]).path(on_one_line(&file.name)).line_start(line).patch(patch))
}

/// A range that lies in the text and between characters.
fn in_text(file: &SourceFile, bytes: Range<usize>) -> Range<usize> {
    let boundary = |at: usize| {
        let mut at = at.min(file.text.len());
        while !file.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(bytes.start);
    start..boundary(bytes.end).max(start)
}

/// A range cut to the line on which it begins.
fn on_first_line(file: &SourceFile, bytes: Range<usize>) -> Range<usize> {
    let bytes = in_text(file, bytes);
    let line_end = lines_of(file, bytes.start..bytes.start).end.max(bytes.start);
    bytes.start..bytes.end.min(line_end)
}

/// The lines that a range touches, without the last line break.
fn lines_of(file: &SourceFile, bytes: Range<usize>) -> Range<usize> {
    let starts = file.line_starts();
    let first = starts.partition_point(|start| *start as usize <= bytes.start).max(1);
    let behind = starts.partition_point(|start| *start as usize <= bytes.end).max(first);
    let start = starts[first - 1] as usize;
    let end = starts.get(behind).map_or(file.text.len(), |start| *start as usize);
    let lines = &file.text[start..end];
    let shown = lines.strip_suffix('\n').unwrap_or(lines);
    let shown = shown.strip_suffix('\r').unwrap_or(shown);
    // A range behind the line break is still part of what is shown.
    start..(start + shown.len()).max(bytes.end)
}

/// The text without what could move the cursor or turn the writing direction: a terminal obeys, and a message could
/// show another file than the one that is meant. Line breaks and tabs stay.
fn clean(text: &str) -> Cow<'_, str> {
    let harmful = |character: char| {
        character.is_control() && !matches!(character, '\n' | '\t')
            || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.contains(harmful) { Cow::Owned(text.replace(harmful, "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// The same on one line.
pub(crate) fn on_one_line(text: &str) -> Cow<'_, str> {
    let text = clean(text);
    if text.contains(['\n', '\t']) { Cow::Owned(text.replace(['\n', '\t'], " ")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;
    use proptest::prelude::*;

    const PLAIN: Style = Style { color: Color::Never, width: 80 };

    fn draw(sources: &Sources, diagnostic: Diagnostic) -> String {
        render(&Report { diagnostics: vec![diagnostic] }, sources, PLAIN)
    }

    #[test]
    fn carets_stand_below_wide_characters_tabs_and_before_carriage_returns() {
        let sources = Sources::default();
        let text = "# 日本語\r\n名前\t= \"日本\" # x\r\nb = 1\r\n";
        let file = sources.add("stack.toml", text);
        let start = text.find("\"日本\"").expect("it is there");
        let message =
            Diagnostic::error("bad-name", "`日本` is not a name").at(Span::new(file, start..start + 8), "here");
        let expected = "\
error[bad-name]: `日本` is not a name
 --> stack.toml:2:6
  |
2 | 名前    = \"日本\" # x
  |           ^^^^^^ here
";
        assert_eq!(draw(&sources, message), expected);
    }

    #[test]
    fn a_long_line_is_trimmed() {
        let sources = Sources::default();
        let text = format!("a = \"{}\" x = 1 # {}\n", "y".repeat(300), "z".repeat(300));
        let file = sources.add("stack.toml", text.as_str());
        let start = text.find("x = 1").expect("it is there");
        let drawn = draw(&sources, Diagnostic::warning("w", "t").at(Span::new(file, start..start + 5), "here"));
        assert!(drawn.starts_with("warning[w]: t\n --> stack.toml:1:308\n  |\n1 | ..."), "{drawn}");
        assert!(drawn.contains("yyy\" x = 1 # zzz"), "{drawn}");
        assert!(drawn.lines().all(|line| line.chars().count() <= 80), "{drawn}");
    }

    #[test]
    fn a_line_that_is_too_long_to_show_has_its_place() {
        let sources = Sources::default();
        let file = sources.add("stack.toml", format!("\n{}", "y".repeat(1 << 20)));
        let message = Diagnostic::error("e", "t").at(Span::new(file, 101..105), "here").help("do");
        let expected = "error[e]: t\n --> stack.toml:2:101\n  |\n  = note: here\n  = help: do\n";
        assert_eq!(draw(&sources, message), expected);
    }

    #[test]
    fn the_end_of_the_file_is_a_place() {
        let sources = Sources::default();
        let file = sources.add("stack.toml", "a = 1\n");
        let expected = "info[i]: t\n --> stack.toml:2:1\n  |\n2 |\n  | ^ here\n";
        assert_eq!(draw(&sources, Diagnostic::info("i", "t").at(Span::new(file, 6..6), "here")), expected);
        assert_eq!(draw(&sources, Diagnostic::info("i", "t").at(Span::new(file, 900..901), "here")), expected);
        let empty = sources.add("empty.toml", "");
        let expected = "error[e]: t\n --> empty.toml\n  |\n  = help: do\n";
        assert_eq!(draw(&sources, Diagnostic::error("e", "t").at(Span::new(empty, 0..0), "").help("do")), expected);
    }

    #[test]
    fn labels_in_two_files_each_name_their_file() {
        let sources = Sources::default();
        let stack = sources.add("stack.toml", "[api.web]\nreplicas = 0\n");
        let profile = sources.add("built-in profile k3d", "[api]\n# one\nreplicas = 1\n");
        let message = Diagnostic::error("no-replicas", "`replicas` is 0")
            .at(Span::new(stack, 21..22), "set here")
            .at(Span::new(profile, 23..24), "was 1")
            .help("write `replicas = 1`,\nor leave it out");
        let expected = "\
error[no-replicas]: `replicas` is 0
 --> stack.toml:2:12
  |
2 | replicas = 0
  |            ^ set here
  |
 ::: built-in profile k3d:3:12
  |
3 | replicas = 1
  |            - was 1
  |
  = help: write `replicas = 1`,
          or leave it out
";
        assert_eq!(draw(&sources, message), expected);
    }

    #[test]
    fn a_fix_is_a_diff_and_messages_have_a_blank_line_between() {
        let sources = Sources::default();
        let file = sources.add("stack.toml", "a = 1\nimage = nginx\n");
        let place = Span::new(file, 14..19);
        let fixed = Diagnostic::error("e", "one").at(place, "").help("write it").fix(place, "\"nginx\"");
        let report = Report { diagnostics: vec![fixed, Diagnostic::warning("w", "two").help("do")] };
        let expected = "\
error[e]: one
 --> stack.toml:2:9
  |
2 | image = nginx
  |         ^^^^^
  |
help: write it
  |
2 - image = nginx
2 + image = \"nginx\"
  |

warning[w]: two
  |
  = help: do
";
        assert_eq!(render(&report, &sources, PLAIN), expected);
        assert_eq!(render(&Report::default(), &sources, PLAIN), "");
        let colored = render(&report, &sources, Style { color: Color::Always, width: 80 });
        assert!(colored.contains("\u{1b}["), "{colored}");
    }

    #[test]
    fn a_help_is_folded_between_words_and_never_within_what_is_copied() {
        let help = "make it there with `kubectl create secret generic db`; or write the key `secret` below `db.postgres`\n  indented";
        let expected = "make it there with\n`kubectl create secret generic db`; or write the\nkey `secret` below `db.postgres`\n  indented";
        assert_eq!(folded(help, HELP_MARGIN + 48), expected);
        assert_eq!(folded(help, 200), help);
        assert_eq!(folded("a `b c", 0), "a\n`b c");
    }

    #[test]
    fn labels_of_one_file_far_apart_are_shown_apart() {
        let sources = Sources::default();
        let text = format!("first = 1\n{}first = 2\n", "# a line\n".repeat(3000));
        let file = sources.add("stack.toml", text.as_str());
        let again = text.rfind("first").expect("it is there");
        let message = Diagnostic::error("e", "t")
            .at(Span::new(file, again..again + 5), "again")
            .at(Span::new(file, 0..5), "first");
        let expected = "\
error[e]: t
    --> stack.toml:3002:1
     |
3002 | first = 2
     | ^^^^^ again
     |
    ::: stack.toml:1:1
     |
   1 | first = 1
     | ----- first
";
        assert_eq!(draw(&sources, message), expected);
    }

    #[test]
    fn a_syntax_error_as_the_user_sees_it() {
        use crate::document::{LayerId, Origins, parse};
        let (sources, mut report) = (Sources::default(), Report::default());
        let file = sources.add("stack.toml", "[api.web]\nport = 80:3000\nport = 80\nport = 81\n");
        let root = parse::parse(file, &sources, LayerId(0), &mut Origins::default(), &mut report);
        assert!(root.is_none());
        let expected = "\
error[missing-quotes]: `80:3000` needs quotes
 --> stack.toml:2:8
  |
2 | port = 80:3000
  |        ^^^^^^^ a text stands between quotes
  |
help: write `\"80:3000\"`
  |
2 - port = 80:3000
2 + port = \"80:3000\"
  |

error[duplicate-key]: the key `api.web.port` is written twice
 --> stack.toml:4:1
  |
3 | port = 80
  | ---- first written here
4 | port = 81
  | ^^^^ written again
  |
  = help: keep one of them
";
        assert_eq!(render(&report, &sources, PLAIN), expected);
    }

    #[test]
    fn nothing_that_a_terminal_obeys_comes_through() {
        let sources = Sources::default();
        let file = sources.add("a\u{1b}[31m\u{202e}.toml", "x = \"\u{1b}[2J\u{202e}\"\n");
        let place = Span::new(file, 0..1);
        let message =
            Diagnostic::error("e", "t\u{1b}\nu").at(place, "l\u{1b}\u{2066}").help("h\u{9b}").fix(place, "y\u{1b}");
        let drawn = draw(&sources, message);
        assert!(!drawn.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\u{2066}']), "{drawn:?}");
        assert!(drawn.contains("--> a\u{fffd}[31m\u{fffd}.toml:1:1"), "{drawn}");
    }

    proptest! {
        #[test]
        fn never_panics(
            text in "([a-z=\"\t日é\u{1b}\u{202e}]{0,12}(\r?\n|\r)?){0,8}",
            spans in proptest::collection::vec((0_usize..120, 0_usize..120), 1..4),
            fix in (0_usize..120, 0_usize..120, "[a\n\t日]{0,5}"),
            width in 0_usize..200,
        ) {
            let sources = Sources::default();
            let file = sources.add("stack.toml", text);
            let mut message = Diagnostic::error("e", "t").help("h");
            for (start, end) in spans {
                message = message.at(Span::new(file, start..end), "l");
            }
            let message = message.fix(Span::new(file, fix.0..fix.1), fix.2);
            render(&Report { diagnostics: vec![message] }, &sources, Style { color: Color::Never, width });
        }
    }
}
