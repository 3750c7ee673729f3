//! Colors by what they say: the one place that knows which part of a text for people has which.

/// Whether escape codes for colors are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// Plain text.
    Never,
    /// ANSI escape codes.
    Always,
}

/// How text for people is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to use colors.
    pub color: Color,
    /// The width of the terminal in columns: text is wrapped at it, and longer source lines are trimmed around the carets.
    pub width: usize,
}

/// The width of what no terminal shows, in columns: nothing is wrapped or cut, so that `grep` finds it.
pub const ENDLESS: usize = 1 << 20;

/// What a part of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// What has no color.
    Text,
    /// What the lines below it are about.
    Heading,
    /// What says where the rest comes from, and may be passed over.
    Aside,
    /// What is typed: keys, names, code.
    Code,
    /// What is there and was not.
    Added,
    /// What was there and is not.
    Removed,
    /// What is there and otherwise, or hurts.
    Changed,
    /// What is refused.
    Refused,
    /// The word before what is wrong.
    Error,
    /// The word before what to do beside.
    Note,
    /// The word before what to type next.
    Help,
}

impl Style {
    /// Text without colors, wrapped at a width in columns.
    pub const fn plain(width: usize) -> Self {
        Self { color: Color::Never, width }
    }

    /// The text in the color of its part; the empty text has none.
    pub fn paint(self, ink: Ink, text: &str) -> String {
        match self.color {
            Color::Always => ink.painted(text),
            Color::Never => text.to_owned(),
        }
    }
}

impl Ink {
    /// The text between escape codes, for streams that remove them where no colors are wanted.
    pub fn painted(self, text: &str) -> String {
        match self.code() {
            Some(code) if !text.is_empty() => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            _ => text.to_owned(),
        }
    }

    /// The number of the escape code, of the sixteen colors that every terminal has. Errors and help are drawn in those of
    /// rustc, where help is cyan too.
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Text => None,
            Self::Heading => Some("1"),
            Self::Aside => Some("2"),
            Self::Code => Some("36"),
            Self::Added => Some("32"),
            Self::Removed | Self::Refused => Some("31"),
            Self::Changed => Some("33"),
            Self::Error => Some("1;91"),
            Self::Note => Some("1;33"),
            Self::Help => Some("1;36"),
        }
    }
}
