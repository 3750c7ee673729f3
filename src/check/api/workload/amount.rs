//! How many Pods a rollout replaces at once: a count, or a percentage of them.

use crate::bundle::FieldValue;
use crate::check::format::PERCENT;
use crate::check::{At, Checker, Reason, Rule};

/// Asks for a count from 0 on, or a percentage.
pub fn amount(at: &At, rule: &Rule, checker: &mut Checker) {
    match at.field().map(|field| &field.value) {
        Some(FieldValue::String(text)) => drop(checker.follow_text(at, text, rule, &PERCENT)),
        _ => drop(checker.bound(at, rule, 0..=i64::MAX)),
    }
}

/// Asks that a percentage is at most `100%`; a count may be any.
pub fn at_most_all(at: &At, rule: &Rule, checker: &mut Checker) {
    if PERCENT.accepts(at.text()) && size(at).is_some_and(|size| size > 100) {
        let title = format!("{} is more than all Pods", at.value());
        checker.refuse(at, rule, Reason::Invalid, title, "write a percentage up to `100%`, or a count");
    }
}

/// The count or the percentage, where it is there. As for the server, a text that is no number is 0.
pub fn size(at: &At) -> Option<i64> {
    match &at.field()?.value {
        FieldValue::Integer(number) => Some(*number),
        FieldValue::String(text) if PERCENT.accepts(text) => {
            Some(text.trim_end_matches('%').parse().unwrap_or(i64::MAX))
        }
        FieldValue::String(text) => Some(text.parse().unwrap_or(0)),
        _ => None,
    }
}
