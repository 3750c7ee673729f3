//! Lays a part of an object over an object.

use super::{Places, display};
use crate::bundle::schema::ListKeys;
use crate::bundle::{Cause, CauseId, Field, FieldValue, Key, Object, Pointer, Slot, key_of};
use crate::shape::check::PREVIOUS;

/// In which language a change was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `"..."` in a list stands for what is there.
    Toml,
    /// `null` removes a field.
    Yaml,
}

/// What a patch may not change, and why.
pub const IDENTITY: [(&[&str], &str); 3] = [
    (&["apiVersion"], "remove it: stowplan chooses the version; write an object of another version as a `[manifest]`"),
    (&["kind"], "remove the object and write another one as a `[manifest]`"),
    (&["metadata", "name"], "rename the component: other objects find this one by its name"),
];

/// One change that is being laid over an object.
pub struct Merging<'m, 'p> {
    dialect: Dialect,
    places: &'m mut Places<'p>,
    path: Pointer,
}

impl<'m, 'p> Merging<'m, 'p> {
    /// Nothing is changed yet.
    pub fn new(dialect: Dialect, places: &'m mut Places<'p>) -> Self {
        Self { dialect, places, path: Pointer::default() }
    }

    /// Lays a change over an object, unless it would make another object of it.
    pub fn lay_over(&mut self, object: &mut Object, change: Field, slot: Slot) {
        for (path, help) in IDENTITY {
            let Some(field) = change.follow(path) else { continue };
            if field.spelled() != object.root.follow(path).and_then(Field::spelled) {
                let title = format!("a patch cannot change `{}` of `{}`", path.join("."), display(object));
                let diagnostic = self.places.error_at(field, "patch-identity", title).help(help);
                return self.places.report.push(diagnostic);
            }
        }
        self.merge(&mut object.root, change, slot);
    }

    fn merge(&mut self, target: &mut Field, change: Field, slot: Slot) {
        let cause = change.cause;
        match (&mut target.value, change.value) {
            (FieldValue::Map(entries), FieldValue::Map(changes)) => self.merge_map(entries, changes, slot),
            (FieldValue::List(items), FieldValue::List(changes)) => match slot.list_keys() {
                Some(keys) => self.merge_keyed(items, changes, slot, keys),
                None => {
                    let items = self.replaced(std::mem::take(items), changes, slot);
                    self.put(target, Field { value: FieldValue::List(items), cause });
                }
            },
            (_, value) => {
                let new = self.clean(Field { value, cause }, slot);
                self.put(target, new);
            }
        }
    }

    fn merge_map(&mut self, entries: &mut Vec<(Key, Field)>, changes: Vec<(Key, Field)>, slot: Slot) {
        for (key, change) in changes {
            if self.is_directive(&key, &change) {
                continue;
            }
            self.path.push(&*key);
            let below = slot.key(&key);
            let at = entries.iter().position(|(known, _)| *known == key);
            match (at, &change.value) {
                (Some(at), FieldValue::Null) if self.dialect == Dialect::Yaml => drop(entries.remove(at)),
                (None, FieldValue::Null) if self.dialect == Dialect::Yaml => {}
                (Some(at), _) => self.merge(&mut entries[at].1, change, below),
                (None, _) => {
                    let new = self.clean(change, below);
                    entries.push((key, new));
                }
            }
            self.path.pop();
        }
    }

    /// Lays each item over the one with the same keys; one that has none is added behind the others.
    fn merge_keyed(&mut self, items: &mut Vec<Field>, changes: Vec<Field>, slot: Slot, keys: ListKeys) {
        for change in changes {
            if self.stands_for_previous(&change) {
                continue;
            }
            let Some(first) = keys.iter().find(|key| key_of(&change, key).is_none()) else {
                let is_same = |item: &Field| keys.iter().all(|key| key_of(item, key) == key_of(&change, key));
                match items.iter().position(is_same) {
                    Some(at) => {
                        self.path.push(u32::try_from(at).unwrap_or(u32::MAX));
                        self.merge(&mut items[at], change, slot.item());
                        self.path.pop();
                    }
                    None => {
                        let new = self.clean(change, slot.item());
                        items.push(new);
                    }
                }
                continue;
            };
            let title = format!("this item of `{}` has no `{first}`, by which it would be found", self.path);
            let help =
                format!("add `{first}`; to replace the whole list, remove it first: `remove = [\"{}\"]`", self.path);
            let diagnostic = self.places.error_at(&change, "bad-patch", title).help(help);
            self.places.report.push(diagnostic);
        }
    }

    /// A list in the place of another one, which `"..."` stands for.
    fn replaced(&mut self, before: Vec<Field>, changes: Vec<Field>, slot: Slot) -> Vec<Field> {
        let mut items = Vec::with_capacity(changes.len());
        for change in changes {
            if self.stands_for_previous(&change) {
                items.extend(before.iter().cloned());
            } else {
                items.push(self.clean(change, slot.item()));
            }
        }
        items
    }

    fn stands_for_previous(&self, item: &Field) -> bool {
        self.dialect == Dialect::Toml && item.as_str() == Some(PREVIOUS)
    }

    /// A value where nothing was: there is nothing to remove in it, and nothing that was there before.
    fn clean(&mut self, field: Field, slot: Slot) -> Field {
        let value = match field.value {
            FieldValue::Map(changes) => {
                let mut entries = Vec::with_capacity(changes.len());
                self.merge_map(&mut entries, changes, slot);
                FieldValue::Map(entries)
            }
            FieldValue::List(items) => {
                let items: Vec<_> = items.into_iter().filter(|item| !self.stands_for_previous(item)).collect();
                FieldValue::List(items.into_iter().map(|item| self.clean(item, slot.item())).collect())
            }
            value => value,
        };
        Field { value, cause: field.cause }
    }

    /// Puts a value in the place of another one, which its history then names.
    fn put(&mut self, target: &mut Field, new: Field) {
        let cause = self.succeed(new.cause, target.cause);
        *target = Field { value: new.value, cause };
    }

    fn succeed(&mut self, new: CauseId, old: CauseId) -> CauseId {
        match (new.view(), self.places.causes.origins(old).next()) {
            (Cause::Key(new), Some(old)) => self.places.origins.replace(new, old).into(),
            _ => new,
        }
    }

    /// Whether a key is a word of kubectl's strategic merge, which is reported.
    fn is_directive(&mut self, key: &str, change: &Field) -> bool {
        let word = key.split_once('/').map_or(key, |(word, _)| word);
        let help = match word {
            "$patch" | "$deleteFromPrimitiveList" => {
                "name what shall go in `remove`, as in `remove = [\"spec.template.spec.containers[name=web]\"]`"
            }
            "$retainKeys" => "name the fields that shall go in `remove`",
            "$setElementOrder" => "leave it out: items keep their order, and new ones follow",
            _ => return false,
        };
        let diagnostic = self.places.error_at(change, "bad-patch", format!("`{key}` is not read")).help(help);
        self.places.report.push(diagnostic);
        true
    }
}
