//! Typed values together with the causes of their parts, built from the inside out by [`traced!`](crate::traced).

use super::cause::CauseId;
use std::collections::BTreeMap;

/// A value and the causes of its parts.
///
/// A part without a cause of its own has the cause of what it stands in.
#[derive(Debug, Clone, PartialEq)]
pub struct Traced<T> {
    /// The value. Change what is in it, but insert nothing in front of entries that have causes of their own.
    pub value: T,
    trail: Trail,
}

/// The cause of a value, and the trails of those parts that have another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Trail {
    pub(super) cause: CauseId,
    /// How many children are to be expected, so that they are given room once.
    parts: u32,
    pub(super) children: Vec<(Step, Trail)>,
}

/// A step from a typed value to one of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// To a field, by its name in Rust.
    Field(&'static str),
    /// To an entry of a list; these stand in ascending order.
    Index(u32),
    /// To an entry of a map; these stand in ascending order.
    Key(Box<str>),
}

/// A value that as a whole has one cause.
pub fn traced<T>(value: T, cause: impl Into<CauseId>) -> Traced<T> {
    Traced::new(value, cause)
}

impl<T> Traced<T> {
    /// A value that as a whole has one cause.
    pub fn new(value: T, cause: impl Into<CauseId>) -> Self {
        Self { value, trail: Trail::new(cause) }
    }

    /// A value with a trail that was recorded while it was built.
    pub fn with_trail(value: T, trail: Trail) -> Self {
        Self { value, trail }
    }

    /// The cause of the value as a whole.
    pub fn cause(&self) -> CauseId {
        self.trail.cause
    }

    /// The causes of the value and of its parts.
    pub fn trail(&self) -> &Trail {
        &self.trail
    }

    /// The same causes for another value, whose parts must be where they were: a newtype around it, a conversion of it.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Traced<U> {
        Traced { value: convert(self.value), trail: self.trail }
    }
}

impl<T> Traced<Vec<T>> {
    /// A list with a cause of its own; an empty one is emitted as `[]`.
    pub fn list(items: impl IntoIterator<Item = Traced<T>>, cause: impl Into<CauseId>) -> Self {
        let (value, trail) = gather_items(items, cause.into());
        Self { value, trail }
    }
}

impl<T> Traced<BTreeMap<String, T>> {
    /// A map with a cause of its own; an empty one is emitted as `{}`. Of equal keys the last one counts.
    pub fn entries(entries: impl IntoIterator<Item = (String, Traced<T>)>, cause: impl Into<CauseId>) -> Self {
        let (value, trail) = gather_entries(entries, cause.into());
        Self { value, trail }
    }
}

impl Trail {
    /// The trail of a value that as a whole has one cause.
    pub fn new(cause: impl Into<CauseId>) -> Self {
        Self::of_parts(cause, 0)
    }

    /// The same for a value of so many parts, each of which may have a cause of its own.
    pub fn of_parts(cause: impl Into<CauseId>, parts: usize) -> Self {
        Self { cause: cause.into(), parts: u32::try_from(parts).unwrap_or(0), children: Vec::new() }
    }

    /// Takes the content of `field` apart: keeps its causes, returns its value.
    pub fn keep<T>(&mut self, field: &'static str, content: impl Fill<T>) -> T {
        let (value, trail) = content.split(self.cause);
        self.add(Step::Field(field), trail);
        value
    }

    fn add(&mut self, step: Step, trail: Trail) {
        if self.differs(&trail) {
            if self.children.is_empty() {
                self.children.reserve_exact(self.parts as usize);
            }
            self.children.push((step, trail));
        }
    }

    /// Whether a part with this trail must be kept; it need not where it says what would be inherited.
    fn differs(&self, part: &Trail) -> bool {
        part.cause != self.cause || !part.children.is_empty()
    }
}

/// What may stand for a field of type `T` in [`traced!`](crate::traced).
///
/// | | fills | |
/// |---|---|---|
/// | a plain value, or text for a `String` | `T`, `Option<T>` | has the cause of the struct |
/// | `Traced<T>` | `T`, `Option<T>` | |
/// | `Option<Traced<T>>` | `Option<T>` | |
/// | `Vec<Traced<T>>` | `Vec<T>`, `Option<Vec<T>>` | empty: `None` |
/// | `Option<Vec<Traced<T>>>` | `Option<Vec<T>>` | empty: `[]` |
/// | `Vec<(String, Traced<T>)>` | `BTreeMap<String, T>`, also in an `Option` | empty: `None` |
///
/// A list or map as a whole has the cause of the struct, unless it is made by [`Traced::list`] or [`Traced::entries`].
pub trait Fill<T> {
    /// The value and its causes, where `owner` is the cause of what it will stand in.
    fn split(self, owner: CauseId) -> (T, Trail);
}

impl<T> Fill<T> for T {
    fn split(self, owner: CauseId) -> (T, Trail) {
        (self, Trail::new(owner))
    }
}

impl<T> Fill<Option<T>> for T {
    fn split(self, owner: CauseId) -> (Option<T>, Trail) {
        (Some(self), Trail::new(owner))
    }
}

impl Fill<String> for &str {
    fn split(self, owner: CauseId) -> (String, Trail) {
        (self.to_owned(), Trail::new(owner))
    }
}

impl Fill<Option<String>> for &str {
    fn split(self, owner: CauseId) -> (Option<String>, Trail) {
        (Some(self.to_owned()), Trail::new(owner))
    }
}

impl Fill<String> for Traced<&str> {
    fn split(self, _: CauseId) -> (String, Trail) {
        (self.value.to_owned(), self.trail)
    }
}

impl Fill<Option<String>> for Traced<&str> {
    fn split(self, _: CauseId) -> (Option<String>, Trail) {
        (Some(self.value.to_owned()), self.trail)
    }
}

impl<T> Fill<T> for Traced<T> {
    fn split(self, _: CauseId) -> (T, Trail) {
        (self.value, self.trail)
    }
}

impl<T> Fill<Option<T>> for Traced<T> {
    fn split(self, _: CauseId) -> (Option<T>, Trail) {
        (Some(self.value), self.trail)
    }
}

impl<T> Fill<Option<T>> for Option<Traced<T>> {
    fn split(self, owner: CauseId) -> (Option<T>, Trail) {
        match self {
            Some(traced) => (Some(traced.value), traced.trail),
            None => (None, Trail::new(owner)),
        }
    }
}

impl<T> Fill<Vec<T>> for Vec<Traced<T>> {
    fn split(self, owner: CauseId) -> (Vec<T>, Trail) {
        gather_items(self, owner)
    }
}

impl<T> Fill<Option<Vec<T>>> for Vec<Traced<T>> {
    fn split(self, owner: CauseId) -> (Option<Vec<T>>, Trail) {
        let (items, trail) = gather_items(self, owner);
        (Some(items).filter(|items| !items.is_empty()), trail)
    }
}

impl<T> Fill<Option<Vec<T>>> for Option<Vec<Traced<T>>> {
    fn split(self, owner: CauseId) -> (Option<Vec<T>>, Trail) {
        match self {
            Some(items) => {
                let (items, trail) = gather_items(items, owner);
                (Some(items), trail)
            }
            None => (None, Trail::new(owner)),
        }
    }
}

impl<T> Fill<BTreeMap<String, T>> for Vec<(String, Traced<T>)> {
    fn split(self, owner: CauseId) -> (BTreeMap<String, T>, Trail) {
        gather_entries(self, owner)
    }
}

impl<T> Fill<Option<BTreeMap<String, T>>> for Vec<(String, Traced<T>)> {
    fn split(self, owner: CauseId) -> (Option<BTreeMap<String, T>>, Trail) {
        let (entries, trail) = gather_entries(self, owner);
        (Some(entries).filter(|entries| !entries.is_empty()), trail)
    }
}

fn gather_items<T>(items: impl IntoIterator<Item = Traced<T>>, cause: CauseId) -> (Vec<T>, Trail) {
    let items = items.into_iter();
    let mut trail = Trail::of_parts(cause, items.size_hint().0);
    let values = items.zip(0..).map(|(item, index)| {
        trail.add(Step::Index(index), item.trail);
        item.value
    });
    (values.collect(), trail)
}

fn gather_entries<T>(
    entries: impl IntoIterator<Item = (String, Traced<T>)>,
    cause: CauseId,
) -> (BTreeMap<String, T>, Trail) {
    let mut sorted: Vec<(String, Traced<T>)> = entries.into_iter().collect();
    sorted.sort_by(|(key, _), (other, _)| key.cmp(other));
    // of equal keys the last one counts
    sorted.reverse();
    sorted.dedup_by(|(key, _), (kept, _)| key == kept);
    sorted.reverse();
    let mut trail = Trail::of_parts(cause, sorted.len());
    let mut values = BTreeMap::new();
    for (key, entry) in sorted {
        if trail.differs(&entry.trail) {
            trail.add(Step::Key(key.as_str().into()), entry.trail);
        }
        values.insert(key, entry.value);
    }
    (values, trail)
}

/// Builds a struct whose fields keep their causes: `traced!(cause, Probe { period_seconds: period })` is a `Traced<Probe>`.
///
/// Each field takes what implements [`Fill`](crate::bundle::Fill) for its type; fields that are left out are the default.
#[macro_export]
macro_rules! traced {
    ($cause:expr, $($type:ident)::+ { $($field:ident : $content:expr),* $(,)? }) => {{
        #[allow(unused_mut)]
        let mut trail = $crate::bundle::Trail::of_parts($cause, <[&str]>::len(&[$(stringify!($field)),*]));
        #[allow(clippy::needless_update)]
        let value = $($type)::+ { $($field: trail.keep(stringify!($field), $content),)* ..Default::default() };
        $crate::bundle::Traced::with_trail(value, trail)
    }};
}
