//! The way from an object to a field, kept on the stack: it becomes a pointer only where something is wrong.

use crate::bundle::schema::TypeId;
use crate::bundle::{Pointer, Segment};

/// A field, and the way to it.
#[derive(Debug, Clone, Copy)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
    /// The type of the object that stands here, or of each that the list here holds.
    type_id: Option<TypeId>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(u32),
}

impl<'a> Path<'a> {
    /// The object itself.
    pub fn root(type_id: TypeId) -> Self {
        Self { parent: None, step: Step::Root, type_id: Some(type_id) }
    }

    /// An entry of the map that stands here.
    pub fn key(&'a self, key: &'a str, type_id: Option<TypeId>) -> Self {
        Self { parent: Some(self), step: Step::Key(key), type_id }
    }

    /// An item of the list that stands here.
    pub fn index(&'a self, index: u32) -> Self {
        Self { parent: Some(self), step: Step::Index(index), type_id: self.type_id }
    }

    /// As a pointer.
    pub fn pointer(&self) -> Pointer {
        let mut steps: Vec<Segment> = self.outwards().filter_map(Self::segment).collect();
        steps.reverse();
        steps.into_iter().collect()
    }

    /// The last key with what follows it, `args[0]`, as messages name it.
    pub fn name(&self) -> String {
        let mut steps: Vec<Segment> = Vec::new();
        for path in self.outwards() {
            steps.extend(path.segment());
            if matches!(path.step, Step::Key(_)) {
                break;
            }
        }
        steps.reverse();
        steps.into_iter().collect::<Pointer>().to_string()
    }

    /// The last key.
    pub fn last_key(&self) -> &'a str {
        let mut keys = self.outwards().filter_map(|path| match path.step {
            Step::Key(key) => Some(key),
            _ => None,
        });
        keys.next().unwrap_or_default()
    }

    /// The key of the map that it is an entry of, where the user chose the keys of that.
    pub fn map(&self) -> Option<&'a str> {
        let map = self.parent.filter(|map| map.type_id.is_none() && matches!(self.step, Step::Key(_)))?;
        Some(map.last_key())
    }

    /// The objects around it that have types, the innermost first.
    pub fn owners(&self) -> impl Iterator<Item = (&Path<'a>, TypeId)> {
        let around = self.outwards().skip(1).filter(|path| !matches!(path.step, Step::Index(_)));
        around.filter_map(|path| path.type_id.map(|type_id| (path, type_id)))
    }

    /// Whether it is in the object's status, which the server writes itself.
    pub fn is_status(&self) -> bool {
        self.outwards().any(|path| matches!(path.step, Step::Key("status")))
    }

    fn outwards(&self) -> impl Iterator<Item = &Path<'a>> {
        std::iter::successors(Some(self), |path| path.parent)
    }

    fn segment(&self) -> Option<Segment> {
        match self.step {
            Step::Root => None,
            Step::Key(key) => Some(key.into()),
            Step::Index(index) => Some(index.into()),
        }
    }
}
