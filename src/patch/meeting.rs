//! Objects of manifests that are there already.

use super::{Places, display};
use crate::bundle::{Field, Object};
use crate::source::Span;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// Group, kind, namespace and name: what is one object to the API server.
type Address<'o> = (&'o str, &'o str, Option<&'o str>, &'o str);

/// Reports every object of a manifest that another one, or a component, makes too.
pub fn check(objects: &[Object], places: &mut Places) {
    let mut known: IndexMap<Address, &Object, FxBuildHasher> = IndexMap::default();
    for object in objects {
        match known.get(&address(object)) {
            Some(first) if object.identity.is_given() => report(object, first, places),
            _ => drop(known.insert(address(object), object)),
        }
    }
}

fn address(object: &Object) -> Address<'_> {
    let group = object.api_version().rsplit_once('/').map_or("", |(group, _)| group);
    (group, object.kind_name(), object.namespace(), object.name())
}

fn report(object: &Object, first: &Object, places: &mut Places) {
    let name = |object: &Object| object.root.follow(&["metadata", "name"]).and_then(|name| value_span(name, places));
    let (label, help) = if first.identity.is_given() {
        ("the same object here", "remove one of the two, or rename it".to_owned())
    } else {
        let on = display(first);
        (
            "makes the same object",
            format!(
                "remove or rename the one in the manifest; to change what the stack makes write a `[patch.NAME]` with `on = \"{on}\"`"
            ),
        )
    };
    let title = format!("`{}` is made twice", display(object));
    let mut diagnostic = crate::diagnostic::Diagnostic::error("duplicate-object", title).help(help);
    if let Some(span) = name(object) {
        diagnostic = diagnostic.at(span, "given here");
    }
    if let Some(span) = if first.identity.is_given() { name(first) } else { places.key_span(&first.root) } {
        diagnostic = diagnostic.at(span, label);
    }
    places.report.push(diagnostic);
}

fn value_span(field: &Field, places: &Places) -> Option<Span> {
    Some(places.span(places.causes.origins(field.cause).next()?))
}
