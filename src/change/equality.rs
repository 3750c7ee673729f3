//! When two values say the same: amounts by value, texts and numbers where Kubernetes takes either, lengths of time.

use crate::bundle::schema::{Item, Value};
use crate::bundle::{Field, FieldValue, Slot};
use crate::value::{Duration, Quantity, Scalar};
use std::cmp::Ordering;

/// Whether two values are the same letter by letter, in the same order. Most of two renders is, and then there is nothing to
/// ask the tables.
pub fn identical(before: &Field, after: &Field) -> bool {
    match (&before.value, &after.value) {
        (FieldValue::Null, FieldValue::Null) => true,
        (FieldValue::Boolean(before), FieldValue::Boolean(after)) => before == after,
        (FieldValue::Integer(before), FieldValue::Integer(after)) => before == after,
        (FieldValue::Float(before), FieldValue::Float(after)) => before == after,
        (FieldValue::String(before), FieldValue::String(after)) => before == after,
        (FieldValue::List(before), FieldValue::List(after)) => {
            before.len() == after.len() && before.iter().zip(after).all(|(before, after)| identical(before, after))
        }
        (FieldValue::Map(before), FieldValue::Map(after)) => {
            let mut entries = before.iter().zip(after);
            before.len() == after.len()
                && entries.all(|((key, before), (other, after))| key == other && identical(before, after))
        }
        _ => false,
    }
}

/// Whether two values that are no maps and no lists say the same.
pub fn equal(before: &Field, after: &Field, slot: Slot) -> bool {
    let item = match slot.value() {
        Some(Value::One(item)) => Some(item),
        _ => None,
    };
    match (&before.value, &after.value) {
        (FieldValue::Null, FieldValue::Null) => true,
        (FieldValue::Boolean(before), FieldValue::Boolean(after)) => before == after,
        (FieldValue::Integer(before), FieldValue::Integer(after)) => before == after,
        (FieldValue::Float(before), FieldValue::Float(after)) => before == after,
        (FieldValue::Integer(whole), FieldValue::Float(float))
        | (FieldValue::Float(float), FieldValue::Integer(whole)) => {
            whole.to_string() == float.to_string() || item == Some(Item::Quantity) && amounts(before, after)
        }
        _ if before.as_str().is_some() && before.as_str() == after.as_str() => true,
        _ => match item {
            Some(Item::Quantity) => amounts(before, after),
            Some(Item::IntOrText) => spelled_alike(before, after),
            None => times(before, after),
            _ => false,
        },
    }
}

/// Whether a value says as little as one that is not there.
pub fn is_nothing(field: &Field, slot: Slot) -> bool {
    match slot.value() {
        Some(Value::List(_)) => field.items().is_empty() && matches!(field.value, FieldValue::List(_)),
        Some(Value::Map(_) | Value::MapOfLists(_)) => {
            field.entries().is_empty() && matches!(field.value, FieldValue::Map(_))
        }
        Some(Value::One(_)) if slot.field().is_some_and(|field| EMPTY.contains(&field)) => {
            field.entries().is_empty() && matches!(field.value, FieldValue::Map(_))
        }
        _ => matches!(field.value, FieldValue::Null),
    }
}

/// Objects that servers keep as an empty value and never miss.
#[rustfmt::skip]
const EMPTY: &[(&str, &str)] = &[
    ("core.v1.Container", "resources"), ("core.v1.EphemeralContainer", "resources"), ("core.v1.PodSpec", "securityContext"),
    ("core.v1.PersistentVolumeClaimSpec", "resources"), ("core.v1.PodTemplateSpec", "metadata"),
    ("batch.v1.JobTemplateSpec", "metadata"),
    ("apps.v1.DeploymentSpec", "strategy"), ("apps.v1.DaemonSetSpec", "updateStrategy"),
    ("apps.v1.StatefulSetSpec", "updateStrategy"),
];

fn amounts(before: &Field, after: &Field) -> bool {
    let amount = |field: &Field| Quantity::signed(field.spelled()?.trim()).ok();
    matches!((amount(before), amount(after)), (Some(before), Some(after)) if before == after)
}

fn spelled_alike(before: &Field, after: &Field) -> bool {
    matches!((before.spelled(), after.spelled()), (Some(before), Some(after)) if before == after)
}

/// Lengths of time stand in custom kinds alone, whose fields no table knows; so what reads as one on both sides is one.
fn times(before: &Field, after: &Field) -> bool {
    let length = |field: &Field| Duration::parse(field.as_str()?).ok();
    matches!((length(before), length(after)), (Some(before), Some(after)) if before == after)
}

/// An order of values that knows no side, so that the same two lists are always looked at in the same direction.
pub fn rank(one: &Field, other: &Field) -> Ordering {
    match (&one.value, &other.value) {
        (FieldValue::List(one), FieldValue::List(other)) => rank_all(one, other),
        (FieldValue::Map(one), FieldValue::Map(other)) => {
            let entries = one.iter().zip(other);
            let first =
                entries.map(|((key, one), (other_key, other))| key.cmp(other_key).then_with(|| rank(one, other)));
            first.into_iter().find(|order| order.is_ne()).unwrap_or_else(|| one.len().cmp(&other.len()))
        }
        _ => {
            let kind = |field: &Field| match field.value {
                FieldValue::List(_) => 2,
                FieldValue::Map(_) => 1,
                _ => 0,
            };
            kind(one).cmp(&kind(other)).then_with(|| one.spelled().cmp(&other.spelled()))
        }
    }
}

/// The same order of whole lists.
pub fn rank_all(one: &[Field], other: &[Field]) -> Ordering {
    let first = one.iter().zip(other).map(|(one, other)| rank(one, other)).find(|order| order.is_ne());
    first.unwrap_or_else(|| one.len().cmp(&other.len()))
}
