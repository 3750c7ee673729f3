//! Walks two trees together and notes what differs.

use super::alignment::Alignment;
use super::changes::{Act, Change, Disclosure};
use super::equality::{equal, identical, is_nothing};
use super::remark::Side;
use crate::bundle::customary::{Keys, rank};
use crate::bundle::{Field, FieldValue, Key, Pointer, Segment, Slot, spelling};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What may be missing on one side without being a difference.
pub trait Tolerance<'b> {
    /// Whether a field that one side alone has says nothing: `parent` is the map around it, or the list.
    fn is_tolerated(&self, field: &'b Field, slot: Slot, parent: (&'b Field, Slot), key: &str, side: Side) -> bool;
}

/// Two renders: whatever one of them says and the other does not is a difference.
pub struct Strict;

impl<'b> Tolerance<'b> for Strict {
    fn is_tolerated(&self, _: &'b Field, _: Slot, _: (&'b Field, Slot), _: &str, _: Side) -> bool {
        false
    }
}

/// What differs between two trees, in reading order.
pub fn differences<'b>(
    before: &'b Field,
    after: &'b Field,
    slot: Slot,
    tolerance: &dyn Tolerance<'b>,
) -> Vec<Change<'b>> {
    let known = Known::default();
    let mut walk = Walk { steps: Vec::new(), found: Vec::new(), extent: Extent::All, tolerance, known: &known };
    walk.compare(before, after, slot);
    walk.found
}

/// How much of what differs is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Everything.
    All,
    /// Whether there is anything.
    Any,
}

struct Walk<'b, 't> {
    steps: Vec<Step<'b>>,
    found: Vec<Change<'b>>,
    extent: Extent,
    tolerance: &'t dyn Tolerance<'b>,
    known: &'t Known,
}

/// Whether two maps or lists are the same, by where they are. Lists are aligned by what is the same and compared then, so that
/// without it each list in another one would double the time.
type Known = RefCell<BTreeMap<(*const Field, *const Field), bool>>;

enum Step<'b> {
    Key(&'b str),
    Item(Item<'b>),
}

/// An item of a list.
struct Item<'b> {
    before: Option<usize>,
    after: Option<usize>,
    /// Its place while the changes are made one after the other.
    now: usize,
    lists: Rc<Lists<'b>>,
}

/// The two lists that items stand in.
struct Lists<'b> {
    before: &'b [Field],
    after: &'b [Field],
    slot: Slot,
    /// What the items of each are called, once that is asked.
    names: [OnceCell<Vec<String>>; 2],
}

impl<'b> Walk<'b, '_> {
    fn compare(&mut self, before: &'b Field, after: &'b Field, slot: Slot) {
        if self.extent == Extent::Any && !self.found.is_empty() {
            return;
        }
        match (&before.value, &after.value) {
            _ if identical(before, after) => {}
            (FieldValue::Map(_), FieldValue::Map(_)) => self.map(before, after, slot),
            (FieldValue::List(_), FieldValue::List(_)) => self.list(before, after, slot),
            _ if equal(before, after, slot) => {}
            _ => self.note(Act::Changed(before, after)),
        }
    }

    fn map(&mut self, before: &'b Field, after: &'b Field, slot: Slot) {
        let start = self.found.len();
        let mut parts: Vec<(&'b str, std::ops::Range<usize>)> = Vec::new();
        let (old, new) = (Entries::of(before), Entries::of(after));
        for (place, (key, field)) in before.entries().iter().enumerate() {
            let from = self.found.len();
            self.steps.push(Step::Key(key));
            match new.get(key, place) {
                Some(other) => self.compare(field, other, slot.key(key)),
                None if self.is_nothing(field, (before, slot), key, Side::Before) => {}
                None => self.note(Act::Removed(field)),
            }
            self.steps.pop();
            parts.push((key, from..self.found.len()));
        }
        for (place, (key, field)) in after.entries().iter().enumerate() {
            if old.get(key, place).is_some() {
                continue;
            }
            let from = self.found.len();
            self.steps.push(Step::Key(key));
            if !self.is_nothing(field, (after, slot), key, Side::After) {
                self.note(Act::Added(field));
            }
            self.steps.pop();
            parts.push((key, from..self.found.len()));
        }
        self.arrange(start, parts);
    }

    /// Puts what was found in a map into the order in which people write its keys.
    fn arrange(&mut self, start: usize, mut parts: Vec<(&'b str, std::ops::Range<usize>)>) {
        parts.retain(|(_, range)| !range.is_empty());
        let above = match self.steps.last() {
            Some(Step::Key(key)) => Keys::below(key),
            _ => Keys::Customary,
        };
        if parts.len() < 2 {
            return;
        }
        match above {
            Keys::Customary => parts.sort_by_key(|(key, _)| (rank(key), *key)),
            Keys::Free => parts.sort_by_key(|(key, _)| *key),
        }
        let mut found: Vec<Option<Change>> = self.found.drain(start..).map(Some).collect();
        let order = parts.into_iter().flat_map(|(_, range)| range.map(|place| place - start));
        self.found.extend(order.filter_map(|place| found[place].take()));
    }

    fn is_nothing(&self, field: &'b Field, parent: (&'b Field, Slot), key: &str, side: Side) -> bool {
        let slot = parent.1.key(key);
        matches!(field.value, FieldValue::Null)
            || is_nothing(field, slot)
            || self.tolerance.is_tolerated(field, slot, parent, key, side)
    }

    fn list(&mut self, before: &'b Field, after: &'b Field, slot: Slot) {
        let (old, new) = (before.items(), after.items());
        let alignment = Alignment::of(old, new, slot, |one, other| self.is_same(one, other, slot.item()));
        let lists = Rc::new(Lists { before: old, after: new, slot, names: Default::default() });
        // What stands where while the changes are made: items of the first list, and behind their numbers those of the second.
        let mut now: Vec<usize> = Vec::new();
        for (place, field) in old.iter().enumerate() {
            let partner = alignment.of_before[place];
            let item = Item { before: Some(place), after: partner, now: now.len(), lists: Rc::clone(&lists) };
            self.steps.push(Step::Item(item));
            let stays = match partner {
                Some(other) => {
                    self.compare(field, &new[other], slot.item());
                    true
                }
                None => self.is_tolerated_item(field, before, slot, Side::Before),
            };
            match stays {
                true => now.push(place),
                false => self.note(Act::Removed(field)),
            }
            self.steps.pop();
        }
        if !alignment.is_straight() {
            self.arrivals((before, after), &lists, &alignment, now);
        }
    }

    /// The items of the second list that are new, and those that move.
    fn arrivals(
        &mut self,
        (before, after): (&'b Field, &'b Field),
        lists: &Rc<Lists<'b>>,
        alignment: &Alignment,
        mut now: Vec<usize>,
    ) {
        let Alignment { of_after, moved, .. } = alignment;
        let slot = lists.slot;
        let token = |place: usize| of_after[place].unwrap_or(before.items().len() + place);
        for (place, field) in after.items().iter().enumerate() {
            let is_added = of_after[place].is_none();
            if !(is_added || moved[place]) || is_added && self.is_tolerated_item(field, after, slot, Side::After) {
                continue;
            }
            let from = now.iter().position(|known| *known == token(place));
            if let Some(from) = from {
                now.remove(from);
            }
            let previous = place.checked_sub(1).and_then(|place| now.iter().position(|known| *known == token(place)));
            let to = match place {
                0 => 0,
                _ => previous.map_or(now.len(), |previous| previous + 1),
            };
            now.insert(to, token(place));
            let (before, now) = (of_after[place], from.unwrap_or(to));
            let item = Item { before, after: Some(place), now, lists: Rc::clone(lists) };
            self.steps.push(Step::Item(item));
            match from {
                Some(_) => self.note(Act::Moved(field, index(to))),
                None => self.note(Act::Added(field)),
            }
            self.steps.pop();
        }
    }

    fn is_same(&self, one: &'b Field, other: &'b Field, slot: Slot) -> bool {
        let places = (std::ptr::from_ref(one), std::ptr::from_ref(other));
        if let Some(is_same) = self.known.borrow().get(&places) {
            return *is_same;
        }
        let Self { tolerance, known, .. } = *self;
        let mut walk = Walk { steps: Vec::new(), found: Vec::new(), extent: Extent::Any, tolerance, known };
        walk.compare(one, other, slot);
        let is_same = walk.found.is_empty();
        if one.items().len() + one.entries().len() > 0 {
            known.borrow_mut().insert(places, is_same);
        }
        is_same
    }

    fn is_tolerated_item(&self, item: &'b Field, list: &'b Field, slot: Slot, side: Side) -> bool {
        self.tolerance.is_tolerated(item, slot.item(), (list, slot), "", side)
    }

    fn note(&mut self, act: Act<'b>) {
        if self.extent == Extent::Any && !self.found.is_empty() {
            return;
        }
        let pointer = |step: fn(&Item) -> usize| -> Pointer {
            let segment = |known: &Step| match known {
                Step::Key(key) => Segment::Key((*key).into()),
                Step::Item(item) => Segment::Index(index(step(item))),
            };
            self.steps.iter().map(segment).collect()
        };
        let before = act.before().map(|_| pointer(|item| item.before.unwrap_or(item.now)));
        let after = act.after().map(|_| pointer(|item| item.after.unwrap_or(item.now)));
        let (at, field) = (pointer(|item| item.now), spell(&self.steps));
        self.found.push(Change { field, before, after, at, act, disclosure: Disclosure::Open, reasons: Vec::new() });
    }
}

fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// Maps up to this length are searched from the top.
const SHORT: usize = 16;

/// The entries of a map, to be searched.
struct Entries<'b> {
    entries: &'b [(Key, Field)],
    places: Option<BTreeMap<&'b str, usize>>,
}

impl<'b> Entries<'b> {
    fn of(field: &'b Field) -> Self {
        let entries = field.entries();
        let by_key = || entries.iter().enumerate().map(|(place, (key, _))| (&**key, place)).collect();
        Self { entries, places: (entries.len() > SHORT).then(by_key) }
    }

    /// The entry of this key, which is looked for at `guess` first; null is nothing.
    fn get(&self, key: &str, guess: usize) -> Option<&'b Field> {
        let found = match self.entries.get(guess) {
            Some((known, field)) if known == key => Some(field),
            _ => match &self.places {
                Some(places) => places.get(key).map(|place| &self.entries[*place].1),
                None => self.entries.iter().find(|(known, _)| known == key).map(|(_, field)| field),
            },
        };
        found.filter(|field| !matches!(field.value, FieldValue::Null))
    }
}

/// The path as people write it: `spec.template.spec.containers[name=api].env[name=PORT].value`.
fn spell(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Key(key) => path = spelling::below(&path, key),
            Step::Item(item) => path.push_str(&item.name()),
        }
    }
    path
}

impl Item<'_> {
    /// What it is called in the first list; in the second one where it is new there.
    fn name(&self) -> String {
        let Lists { before, after, slot, names: [old, new] } = &*self.lists;
        let name = match (self.before, self.after) {
            (Some(place), _) => old.get_or_init(|| spelling::items(before, *slot)).get(place),
            (None, Some(place)) => new.get_or_init(|| spelling::items(after, *slot)).get(place),
            (None, None) => None,
        };
        name.cloned().unwrap_or_else(|| format!("[{}]", self.now))
    }
}
