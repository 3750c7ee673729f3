//! What is said of one field, and of everything below it.

use super::ObjectAccount;
use super::object::title;
use super::secrecy::{Secrecy, holds_values, is_secret, words};
use super::writing::{Writing, Writings};
use crate::bundle::customary::{Keys, arrange};
use crate::bundle::spelling::{below, items, json_pointer, path};
use crate::bundle::{Bundle, Cause, Causes, Field, FieldValue, Object, Pointer, Segment, Slot};
use crate::profile::Session;
use crate::stack::Stack;

/// What is said of one field.
#[derive(Debug, Clone)]
pub struct FieldAccount {
    /// The path, as it can be typed again: `spec.ports[name=http].port`; empty for the object itself.
    pub path: String,
    /// The same as a JSON pointer.
    pub pointer: String,
    /// The last part of the path, as it stands in a list of parts: `port`, `[name=http]`.
    pub label: String,
    /// How many parts it lies below the field that was asked for.
    pub depth: usize,
    /// What it is.
    pub value: Shown,
    /// The rule that made it, where it was not written as it is.
    pub rule: Option<&'static str>,
    /// Whether the same key and value stand in what was written.
    pub is_verbatim: bool,
    /// What it was made of, the most telling first: each writing with those that it replaced, the newest first. A field that
    /// was written has one; none where the rule holds for every stack.
    pub origins: Vec<Vec<Writing>>,
}

/// A value as it may be shown.
#[derive(Debug, Clone)]
pub enum Shown {
    /// A text, number or truth value, `null`, or an empty list or map.
    Value(Field),
    /// A map or list with so many parts.
    Parts(usize),
    /// A value of a Secret.
    Secret,
}

/// Follows fields back to what was written.
pub struct Tracer<'a> {
    bundle: &'a Bundle,
    writings: Writings<'a>,
}

impl<'a> Tracer<'a> {
    /// Follows the fields of these objects.
    pub fn new(bundle: &'a Bundle, stack: &Stack, session: &'a Session) -> Self {
        let secrecy = Secrecy::new(stack, bundle, &session.origins);
        let mut writings = Writings::new(&session.origins, &session.sources, &session.layers, secrecy);
        stack.patches.iter().for_each(|plan| writings.note_patch(plan, &bundle.causes));
        Self { bundle, writings }
    }

    /// An object with the cause of its own alone.
    pub fn object(&self, object: &Object) -> ObjectAccount {
        let account = Walk::new(self, object, &Pointer::default()).account(&object.root, 0);
        describe(object, vec![account])
    }

    /// An object with a field of it, and with everything below that in the order in which it is written.
    pub fn fields(&self, object: &Object, pointer: &Pointer) -> ObjectAccount {
        let mut walk = Walk::new(self, object, pointer);
        if let Some(field) = object.root.find(pointer) {
            walk.visit(field, Slot::of(object).follow(pointer), 0);
        }
        describe(object, walk.found)
    }
}

fn describe(object: &Object, fields: Vec<FieldAccount>) -> ObjectAccount {
    ObjectAccount {
        api_version: object.api_version().to_owned(),
        kind: object.kind_name().to_owned(),
        namespace: object.namespace().map(str::to_owned),
        name: object.name().to_owned(),
        title: title(object),
        component: object.identity.component.to_string(),
        fields,
    }
}

/// A walk through a part of one object.
struct Walk<'t, 'a> {
    tracer: &'t Tracer<'a>,
    is_secret: bool,
    /// What no line may show below the values of a Secret.
    words: Vec<String>,
    pointer: Pointer,
    path: String,
    label: String,
    found: Vec<FieldAccount>,
}

impl<'t, 'a> Walk<'t, 'a> {
    fn new(tracer: &'t Tracer<'a>, object: &Object, pointer: &Pointer) -> Self {
        let is_secret = is_secret(object);
        let words = if is_secret { words(object) } else { Vec::new() };
        let label = match (pointer.segments().split_last(), object.root.find(pointer)) {
            (Some((Segment::Key(key), _)), _) => key.to_string(),
            _ => String::new(),
        };
        let path = path(&object.root, pointer, Slot::of(object));
        Self { tracer, is_secret, words, pointer: pointer.clone(), path, label, found: Vec::new() }
    }

    fn visit(&mut self, field: &Field, slot: Slot, depth: usize) {
        let account = self.account(field, depth);
        let is_hidden = matches!(account.value, Shown::Secret);
        self.found.push(account);
        if is_hidden {
            return;
        }
        let mut places = Vec::new();
        let keys = match self.pointer.segments().last() {
            Some(Segment::Key(key)) => Keys::below(key),
            _ => Keys::Customary,
        };
        arrange(field.entries(), keys, &mut places);
        for place in places {
            let (key, entry) = &field.entries()[place.index as usize];
            let path = below(&self.path, key);
            self.enter((&**key).into(), (path, key.to_string()), (entry, slot.key(key)), depth);
        }
        for (number, (item, label)) in (0_u32..).zip(field.items().iter().zip(items(field.items(), slot))) {
            let path = format!("{}{label}", self.path);
            self.enter(number.into(), (path, label), (item, slot.item()), depth);
        }
    }

    fn enter(
        &mut self,
        segment: Segment,
        (path, label): (String, String),
        (field, slot): (&Field, Slot),
        depth: usize,
    ) {
        let outer = std::mem::replace(&mut self.path, path);
        self.label = label;
        self.pointer.push(segment);
        self.visit(field, slot, depth + 1);
        self.pointer.pop();
        self.path = outer;
    }

    fn account(&self, field: &Field, depth: usize) -> FieldAccount {
        let Tracer { bundle: Bundle { causes, .. }, writings } = self.tracer;
        let is_value = self.is_value_of_secret();
        let words = if is_value { &self.words[..] } else { &[] };
        let value = match &field.value {
            FieldValue::Map(entries) if !entries.is_empty() => Shown::Parts(entries.len()),
            FieldValue::List(items) if !items.is_empty() => Shown::Parts(items.len()),
            _ if is_value => Shown::Secret,
            _ => Shown::Value(field.clone()),
        };
        let histories = causes.origins(field.cause).map(|origin| writings.history(origin, words));
        FieldAccount {
            path: self.path.clone(),
            pointer: json_pointer(&self.pointer),
            label: self.label.clone(),
            depth,
            rule: rule(field, causes),
            is_verbatim: matches!(value, Shown::Parts(_)) || self.is_verbatim(field),
            value,
            origins: histories.collect(),
        }
    }

    /// Whether the walk is at the values of a Secret.
    fn is_value_of_secret(&self) -> bool {
        let first = self.pointer.segments().first();
        self.is_secret && matches!(first, Some(Segment::Key(key)) if holds_values(key))
    }

    fn is_verbatim(&self, field: &Field) -> bool {
        let Cause::Key(origin) = field.cause.view() else { return false };
        let (key, value) = (self.tracer.writings.key(origin), self.tracer.writings.value(origin));
        let same_key = match self.pointer.segments().last() {
            Some(Segment::Key(own)) => key.is_none_or(|key| *key == **own),
            _ => true,
        };
        same_key && field.spelled().is_some_and(|spelled| *spelled == *value)
    }
}

fn rule(field: &Field, causes: &Causes) -> Option<&'static str> {
    match field.cause.view() {
        Cause::Key(_) => None,
        Cause::Derived(id) => Some(causes.get(id).rule),
    }
}
