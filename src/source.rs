//! Texts that the user wrote, places in them, and where they come from.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// A text that was read: a stack, a profile, a `--set` argument. An index into [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes in one text. Texts are at most [`MAXIMUM_BYTES`] long, so 32 bits hold any offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// The place `bytes` of `file`.
    pub fn new(file: FileId, bytes: std::ops::Range<usize>) -> Self {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { file, start: offset(bytes.start), end: offset(bytes.end) }
    }

    /// The range as offsets into the text.
    pub fn bytes(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// A part of this span, `inner` counted from its start and cut to its end.
    pub fn part(self, inner: std::ops::Range<usize>) -> Self {
        let at = |offset: usize| self.start.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX)).min(self.end);
        Self { file: self.file, start: at(inner.start), end: at(inner.end) }
    }
}

/// The largest text that is read, in bytes: 16 MiB, three times a stack of 10,000 components.
pub const MAXIMUM_BYTES: usize = 16 << 20;

/// The name of what was read from stdin.
pub const STDIN: &str = "<stdin>";
/// The name of an argument of `--set`.
pub const ARGUMENT: &str = "--set";
/// The name of the defaults below all profiles.
pub const DEFAULTS: &str = "stowplan's defaults";
/// What the names of built-in profiles end in.
pub const BUILT_IN: &str = " (built in)";

/// One text with the name that messages use for it.
#[derive(Debug)]
pub struct SourceFile {
    /// As the user would name it: a path, [`STDIN`], [`ARGUMENT`], or the name of something built in.
    pub name: String,
    /// The whole text.
    pub text: String,
    line_starts: OnceLock<Vec<u32>>,
}

impl SourceFile {
    /// The path of the file, where the text is one; without `./` at its start.
    pub fn path(&self) -> Option<&str> {
        let is_other = [STDIN, ARGUMENT, DEFAULTS].contains(&&*self.name) || self.name.ends_with(BUILT_IN);
        (!is_other).then(|| self.name.strip_prefix("./").unwrap_or(&self.name))
    }

    /// Offsets at which lines begin; computed once, when the first message asks.
    pub fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX))).collect()
        })
    }

    /// Line and column of a byte offset, both counted from 1, the column in characters.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_starts().partition_point(|start| *start as usize <= offset).max(1);
        let start = self.line_starts()[line - 1] as usize;
        (line, self.text[start..offset].chars().count() + 1)
    }
}

/// All texts of one run, in the order in which they were added.
///
/// Nothing is moved or removed, so a text may be added while others, or other threads, look at those that are there: a message
/// may need one.
#[derive(Debug, Default)]
pub struct Sources {
    /// The block with index `n` has 2^n places, so it never moves what it holds.
    blocks: [OnceLock<Box<[OnceLock<SourceFile>]>>; u32::BITS as usize],
    count: AtomicU32,
}

impl Sources {
    /// Adds a text and returns its id.
    pub fn add(&self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(self.count.fetch_add(1, Ordering::Relaxed));
        let (block, place) = place(id);
        let block = self.blocks[block].get_or_init(|| (0..1_usize << block).map(|_| OnceLock::new()).collect());
        block[place].get_or_init(|| SourceFile { name: name.into(), text: text.into(), line_starts: OnceLock::new() });
        id
    }

    /// The text with this id.
    pub fn file(&self, id: FileId) -> &SourceFile {
        self.find(id).expect("every id comes from `add` of these sources")
    }

    fn find(&self, id: FileId) -> Option<&SourceFile> {
        let (block, place) = place(id);
        self.blocks[block].get().and_then(|block| block[place].get())
    }

    /// What stands at a place; empty where the place is not in the text.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.bytes()).unwrap_or_default()
    }

    /// All texts with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        // Another thread may be about to add one.
        (0..self.count.load(Ordering::Relaxed)).filter_map(|at| Some((FileId(at), self.find(FileId(at))?)))
    }
}

/// The block that holds a text, and the place in it.
fn place(id: FileId) -> (usize, usize) {
    let number = id.0 as usize + 1;
    let block = number.ilog2();
    (block as usize, number - (1 << block))
}

/// The outside world as far as the pipeline may ask for it. The command line gives the disk, tests give a map.
pub trait Inputs {
    /// The bytes of a file. Relative paths are relative to the stack file's folder.
    ///
    /// # Errors
    /// Whatever the file system says.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The files directly inside a folder, as paths that [`Inputs::read`] takes, sorted by name.
    ///
    /// # Errors
    /// Whatever the file system says; an error too where `path` is no folder.
    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>>;

    /// An environment variable, where it is set and is text.
    fn variable(&self, name: &str) -> Option<String>;

    /// How messages name a file, so that whoever called us finds it.
    fn name(&self, path: &Path) -> String {
        path.display().to_string()
    }

    /// What becomes of the values of secrets.
    fn secret_values(&self) -> SecretValues {
        SecretValues::Read
    }
}

/// What becomes of the values of secrets that stand in variables and files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretValues {
    /// They are read; one that is missing is an error.
    Read,
    /// A text that names the place stands for them; nothing is read.
    Placeholder,
}

/// Files and variables in memory, for programs that hold what a stack reads.
///
/// ```
/// use stowplan::source::{Files, Inputs};
///
/// let files = Files::default().with_file("config/app.conf", "debug = false").with_variable("TOKEN", "t0ken");
/// assert_eq!(files.read("config/app.conf".as_ref()).unwrap(), b"debug = false");
/// assert_eq!(files.variable("TOKEN").as_deref(), Some("t0ken"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Files {
    files: BTreeMap<PathBuf, Vec<u8>>,
    variables: BTreeMap<String, String>,
}

impl Files {
    /// Adds a file; its path is relative to the folder of the stack.
    #[must_use]
    pub fn with_file(mut self, path: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), bytes.into());
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn with_variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }
}

impl Inputs for Files {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let inside: Vec<_> = self.files.keys().filter(|file| file.parent() == Some(path)).cloned().collect();
        if inside.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(inside) }
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }
}

/// The outside world without the values of secrets, for whatever only looks at a stack.
pub struct WithoutSecrets<'a>(pub &'a dyn Inputs);

impl Inputs for WithoutSecrets<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.read(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        self.0.list(path)
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.0.variable(name)
    }

    fn name(&self, path: &Path) -> String {
        self.0.name(path)
    }

    fn secret_values(&self) -> SecretValues {
        SecretValues::Placeholder
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_in_memory_are_those_of_a_folder() {
        let files = Files::default()
            .with_file("a/2", "two")
            .with_file("a/1", "one")
            .with_file("a/b/3", "three")
            .with_variable("A", "x");
        assert_eq!(files.list(Path::new("a")).unwrap(), [PathBuf::from("a/1"), PathBuf::from("a/2")]);
        assert_eq!(files.read(Path::new("a/b/3")).unwrap(), b"three");
        assert_eq!(files.read(Path::new("a/3")).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert!(files.list(Path::new("b")).is_err());
        assert_eq!((files.variable("A").as_deref(), files.variable("B")), (Some("x"), None));
    }

    #[test]
    fn texts_stay_where_they_are_while_others_are_added() {
        let sources = Sources::default();
        let first = sources.add("first", "1");
        let text = sources.text(Span::new(first, 0..1));
        let ids: Vec<FileId> =
            (0..100).map(|number| sources.add(format!("file {number}"), number.to_string())).collect();
        assert_eq!(text, "1");
        assert_eq!(sources.iter().count(), 101);
        for (number, id) in ids.into_iter().enumerate() {
            assert_eq!(sources.file(id).text, number.to_string());
        }
    }
}
