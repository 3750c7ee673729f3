//! Why something is not there: removed, left to an autoscaler, or written and not used.

use crate::bundle::{Object, ObjectPattern};
use crate::component::secret::{SecretPlan, creation_command};
use crate::component::words::Source;
use crate::diagnostic::Diagnostic;
use crate::document::{Node, OriginId, Origins, Value};
use crate::profile::Resolved;
use crate::stack::Stack;
use crate::value::Scalar;

/// Shows the places that keep an object from being made: an `unset` of the component of this name, or the Secret that the
/// stack expects in the cluster.
pub fn note_object(
    asked: &str,
    refusal: Diagnostic,
    (stack, resolved): (&Stack, &Resolved),
    origins: &Origins,
) -> Diagnostic {
    let name = asked.rsplit_once('/').map_or(asked, |(_, name)| name);
    if let Some(plan) = expected(asked, name, stack) {
        let title = format!("the stack does not make the Secret `{name}` on the profile `{}`", resolved.profile);
        return Diagnostic::error("unknown-object", title)
            .at(origins.get(plan.origin).span, "expected in the cluster, made by somebody else")
            .help(format!("make it there with `{}`", creation_command(plan, stack.namespace())));
    }
    let removed = resolved.removed.iter().filter(|removed| match removed.path.segments() {
        [_, component] => **component == *name,
        _ => false,
    });
    removed.fold(refusal, |refusal, removed| {
        refusal.at(origins.get(removed.by).span, format!("`{}` is removed here", removed.path))
    })
}

/// The Secret that is asked for, where the stack expects that it is there.
fn expected<'s>(asked: &str, name: &str, stack: &'s Stack) -> Option<&'s SecretPlan> {
    let is_secret = match asked.split_once('/') {
        Some(_) => ObjectPattern::parse(asked).is_ok_and(|pattern| pattern.covers("Secret", name)),
        None => true,
    };
    let mut existing = stack.secrets.iter().filter(|plan| plan.source.value == Source::Existing && is_secret);
    existing.find(|plan| plan.name.value.as_str() == name)
}

/// Shows the places that keep these objects from having a field: an `unset`, a patch, an autoscaler; or where something of that
/// name was written that becomes nothing in them.
pub fn note_field(
    asked: &str,
    refusal: Diagnostic,
    meant: &[&Object],
    (stack, resolved): (&Stack, &Resolved),
    origins: &Origins,
) -> Diagnostic {
    let key = last_key(asked);
    let mut notes: Vec<(OriginId, String)> = Vec::new();
    for object in meant {
        let component = &*object.identity.component;
        let removed = resolved.removed.iter().filter(|removed| match removed.path.segments() {
            [_, owner, .., last] => **owner == *component && is_same(last, key),
            _ => false,
        });
        notes.extend(removed.map(|removed| (removed.by, format!("`{}` is removed here", removed.path))));
        for plan in stack.patches.iter().filter(|plan| plan.on.value.matches_sealed(object)) {
            let removed = plan.remove.iter().filter(|path| asked.starts_with(&path.value.to_string()));
            notes.extend(removed.map(|path| (path.origin, "a patch removes it here".to_owned())));
        }
        if let Some(scale) = stack.scaled.get(component).filter(|_| is_same("replicas", key)) {
            notes.push((scale.origin, "left out, because this autoscaler decides".to_owned()));
        }
        let written = written(&resolved.root, component, key);
        notes.extend(written.map(|origin| (origin, "written here, and not part of what was asked for".to_owned())));
    }
    notes.sort_by_key(|(origin, _)| *origin);
    notes.dedup_by_key(|(origin, _)| *origin);
    notes.into_iter().fold(refusal, |refusal, (origin, text)| refusal.at(origins.get(origin).span, text))
}

/// The key in which a path ends: `replicas` of `/spec/replicas`.
fn last_key(path: &str) -> &str {
    path.rsplit(['.', '/', ']']).find(|part| !part.is_empty() && !part.starts_with('[')).unwrap_or(path)
}

/// Where components of this name say a key.
fn written<'a>(root: &'a Node, component: &'a str, key: &'a str) -> impl Iterator<Item = OriginId> + 'a {
    let tables = root.as_table().into_iter().flat_map(|tables| tables.values());
    let keys = tables.filter_map(move |table| table.get(component)?.as_table()).flat_map(|keys| keys.iter());
    let same = keys.filter(move |(name, node)| is_same(name, key) && !matches!(node.value, Value::Invalid));
    same.map(|(_, node)| node.origin)
}

/// Whether a key of ours and one of Kubernetes are the same word: `node-selector` and `nodeSelector`.
fn is_same(own: &str, key: &str) -> bool {
    let mut letters = own.chars().filter(|letter| *letter != '-');
    key.chars().all(|letter| letters.next().is_some_and(|own| own.eq_ignore_ascii_case(&letter)))
        && letters.next().is_none()
}
