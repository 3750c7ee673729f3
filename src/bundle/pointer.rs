//! Where a field is in an object, spelled as the kube-apiserver spells it in its messages.

use std::fmt;
use std::str::FromStr;

/// One step into a tree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// Into a map.
    Key(Box<str>),
    /// Into a list, counted from 0.
    Index(u32),
}

impl From<&str> for Segment {
    fn from(key: &str) -> Self {
        Self::Key(key.into())
    }
}

impl From<u32> for Segment {
    fn from(index: u32) -> Self {
        Self::Index(index)
    }
}

/// Where a field is in an object: `spec.template.spec.containers[0].name`, `metadata.annotations[a.b/c]`.
///
/// Keys stand in brackets where a dot would divide them, and in brackets and quotes (`data["a]b"]`, `"` and `\` behind a
/// backslash) where brackets would not do either; so every pointer is read back as it was written. The root is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer {
    segments: Vec<Segment>,
}

/// Why a text is no pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointerError {
    /// Offset in bytes at which the text goes wrong.
    pub at: usize,
    /// What is wrong there, as a lower-case phrase.
    pub problem: &'static str,
}

impl fmt::Display for PointerError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.problem)
    }
}

impl std::error::Error for PointerError {}

impl Pointer {
    /// The steps from the root.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Whether it points to the object itself.
    pub fn is_root(&self) -> bool {
        self.segments.is_empty()
    }

    /// Goes one step deeper.
    pub fn push(&mut self, segment: impl Into<Segment>) {
        self.segments.push(segment.into());
    }

    /// Goes back one step and returns it.
    pub fn pop(&mut self) -> Option<Segment> {
        self.segments.pop()
    }

    /// This pointer, one step deeper.
    #[must_use]
    pub fn join(&self, segment: impl Into<Segment>) -> Self {
        let mut longer = self.clone();
        longer.push(segment);
        longer
    }

    /// Whether it points to what `prefix` points to or below: by whole segments, so `spec.replicasX` is not below `spec.replicas`.
    pub fn starts_with(&self, prefix: &Self) -> bool {
        self.segments.starts_with(&prefix.segments)
    }
}

impl<S: Into<Segment>> FromIterator<S> for Pointer {
    fn from_iter<I: IntoIterator<Item = S>>(segments: I) -> Self {
        Self { segments: segments.into_iter().map(Into::into).collect() }
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.segments.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(formatter, "[{index}]")?,
                Segment::Key(key) if is_plain(key) && position == 0 => formatter.write_str(key)?,
                Segment::Key(key) if is_plain(key) => write!(formatter, ".{key}")?,
                Segment::Key(key) if fits_brackets(key) => write!(formatter, "[{key}]")?,
                Segment::Key(key) => write!(formatter, "[\"{}\"]", key.replace('\\', "\\\\").replace('"', "\\\""))?,
            }
        }
        Ok(())
    }
}

impl FromStr for Pointer {
    type Err = PointerError;

    /// Reads what [`fmt::Display`] writes.
    ///
    /// # Errors
    /// An empty key, a bracket that is not closed or not opened, an index that does not fit 32 bits.
    fn from_str(text: &str) -> Result<Self, PointerError> {
        let mut segments = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let (segment, end) = match text.as_bytes()[at] {
                b'[' if text[at + 1..].starts_with('"') => read_quoted(text, at + 2)?,
                b'[' => read_bracket(text, at + 1)?,
                b'.' if at > 0 => read_key(text, at + 1)?,
                _ if at == 0 => read_key(text, 0)?,
                _ => return Err(PointerError { at, problem: "expected `.` or `[` after `]`" }),
            };
            segments.push(segment);
            at = end;
        }
        Ok(Self { segments })
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && !key.contains(['.', '[', ']', '/', '"', '\\', ' '])
}

fn fits_brackets(key: &str) -> bool {
    !key.is_empty()
        && !key.starts_with('"')
        && !key.contains(['[', ']'])
        && !key.bytes().all(|byte| byte.is_ascii_digit())
}

/// A key from `start` to the next dot or bracket, and where it ends.
fn read_key(text: &str, start: usize) -> Result<(Segment, usize), PointerError> {
    let end = text[start..].find(['.', '[', ']']).map_or(text.len(), |length| start + length);
    if end == start {
        return Err(PointerError { at: start, problem: "expected a key" });
    }
    if text[end..].starts_with(']') {
        return Err(PointerError { at: end, problem: "`]` without `[`" });
    }
    Ok((text[start..end].into(), end))
}

/// The inside of a bracket that opens before `start`, and where the text goes on behind it.
fn read_bracket(text: &str, start: usize) -> Result<(Segment, usize), PointerError> {
    let length = text[start..].find(']').ok_or(PointerError { at: start - 1, problem: "`[` without `]`" })?;
    let inside = &text[start..start + length];
    let segment = match inside {
        "" => return Err(PointerError { at: start, problem: "expected a key or a number in the brackets" }),
        _ if inside.bytes().all(|byte| byte.is_ascii_digit()) => {
            Segment::Index(inside.parse().map_err(|_| PointerError { at: start, problem: "the index is too large" })?)
        }
        _ => inside.into(),
    };
    Ok((segment, start + length + 1))
}

/// The key whose opening quote is before `start`, and where the text goes on behind `"]`.
fn read_quoted(text: &str, start: usize) -> Result<(Segment, usize), PointerError> {
    let mut key = String::new();
    let mut characters = text[start..].char_indices();
    while let Some((offset, character)) = characters.next() {
        match character {
            '"' if text[start + offset..].starts_with("\"]") => return Ok((key.as_str().into(), start + offset + 2)),
            '"' => return Err(PointerError { at: start + offset, problem: "expected `]` after `\"`" }),
            '\\' => key.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => key.push(character),
        }
    }
    Err(PointerError { at: start - 1, problem: "`\"` without an end" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Pointer {
        text.parse().unwrap()
    }

    #[test]
    fn reads_the_spelling_of_the_api_server() {
        let pointer = parse("spec.template.spec.containers[0].name");
        let keys = ["spec", "template", "spec", "containers"].map(Segment::from);
        assert_eq!(pointer.segments()[..4], keys);
        assert_eq!(pointer.segments()[4..], [Segment::Index(0), "name".into()]);
        assert_eq!(parse("metadata.annotations[a.b/c]").segments()[2], "a.b/c".into());
        assert_eq!(parse("[0][1]").segments(), [Segment::Index(0), Segment::Index(1)]);
        assert!(parse("").is_root());
    }

    #[test]
    fn writes_each_key_so_that_it_is_one_segment() {
        let spell = |key: &str| Pointer::from_iter(["data", key]).to_string();
        assert_eq!(spell("app"), "data.app");
        assert_eq!(spell("nginx.conf"), "data[nginx.conf]");
        assert_eq!(spell("80"), "data.80");
        assert_eq!(spell(""), r#"data[""]"#);
        assert_eq!(spell("a[0]"), r#"data["a[0]"]"#);
        assert_eq!(spell("\"x\\.]"), r#"data["\"x\\.]"]"#);
        assert_eq!(parse("ports").join(3).join("name").to_string(), "ports[3].name");
    }

    #[test]
    fn says_where_a_text_goes_wrong() {
        let at = |text: &str| text.parse::<Pointer>().unwrap_err().at;
        assert_eq!(at(".a"), 0);
        assert_eq!(at("a..b"), 2);
        assert_eq!(at("a."), 2);
        assert_eq!(at("a[0"), 1);
        assert_eq!(at("a[]"), 2);
        assert_eq!(at("a]b"), 1);
        assert_eq!(at("a[0]b"), 4);
        assert_eq!(at("a[99999999999]"), 2);
        assert_eq!(at(r#"a["b"#), 2);
        assert_eq!(at(r#"a["b"c"#), 4);
    }

    #[test]
    fn compares_by_whole_segments() {
        assert!(parse("spec.replicas").starts_with(&parse("spec")));
        assert!(parse("spec").starts_with(&Pointer::default()));
        assert!(!parse("spec.replicasX").starts_with(&parse("spec.replicas")));
        assert!(!parse("spec[10]").starts_with(&parse("spec[1]")));
    }

    proptest! {
        #[test]
        fn reads_what_it_writes(keys in proptest::collection::vec(r#"[a-c0-9.\[\]"\\/ é]{0,6}"#, 0..5), index: u32) {
            let mut pointer: Pointer = keys.iter().map(|key| Segment::from(key.as_str())).collect();
            pointer.push(index);
            prop_assert_eq!(parse(&pointer.to_string()), pointer);
        }

        #[test]
        fn never_panics(text in r#"[a.\[\]"\\0é]{0,12}"#) {
            let _ = text.parse::<Pointer>();
        }
    }
}
