//! Places as formats for machines say them.

use crate::source::{Sources, Span};

/// A place in a file. Lines and columns count from 1, columns in characters; the end is behind the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The name of the text.
    pub name: &'a str,
    /// The path, where the text is a file.
    pub path: Option<&'a str>,
    /// The first line.
    pub line: usize,
    /// The column in it.
    pub column: usize,
    /// The last line.
    pub end_line: usize,
    /// The column behind the last character.
    pub end_column: usize,
}

impl<'a> Place<'a> {
    /// The place that a span means.
    pub fn of(span: Span, sources: &'a Sources) -> Self {
        let file = sources.file(span.file);
        let (line, column) = file.line_column(span.start as usize);
        let (end_line, end_column) = file.line_column(span.end as usize);
        Self { name: &file.name, path: file.path(), line, column, end_line, end_column }
    }
}
