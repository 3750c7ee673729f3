//! When an indexed Job has succeeded before all of it has.

use super::completions::Completions;
use crate::check::{At, Checker, Reason, api_rules};
use crate::value::quote;

api_rules! {
    /// `successPolicy` belongs to indexed Jobs, and has 1 to 20 rules.
    JOB_021 = "JOB-021";
    /// A rule has `succeededIndexes` or `succeededCount`, or both.
    JOB_022 = "JOB-022";
    /// `succeededIndexes` holds ascending indexes and ranges such as `0,2-4`, each below `completions`, in at most 64 KiB.
    JOB_023 = "JOB-023";
    /// `succeededCount` is at least 0, at most `completions`, and at most as many as `succeededIndexes` names.
    JOB_024 = "JOB-024";
}

/// The most rules.
const MOST: usize = 20;

/// The most bytes of `succeededIndexes`.
const INDEXES: usize = 64 * 1024;

/// The `successPolicy` of the specification of a Job.
pub fn success_policy(spec: &At, completions: &Completions, checker: &mut Checker) {
    let policy = spec.key("successPolicy");
    if !policy.is_set() {
        return;
    }
    if !completions.is_indexed() {
        let title = "`successPolicy` speaks of indexes, and this Job has none";
        let help = "write `completionMode: Indexed`, or remove `successPolicy`";
        checker.refuse(&policy, &JOB_021, Reason::Invalid, title, help);
        return;
    }
    let list = policy.key("rules");
    if checker.require(&list, &JOB_021, "a list of rules") && list.len() > MOST {
        let title = format!("{} rules are more than the {MOST} that are allowed", list.len());
        checker.refuse(&list, &JOB_021, Reason::TooMany, title, format!("keep at most {MOST} rules"));
    }
    // Where they are missing, which is told, nothing more can be said of indexes.
    let Some(completions) = completions.indexed() else { return };
    for rule in list.items() {
        success_rule(&rule, completions, checker);
    }
}

fn success_rule(rule: &At, completions: i64, checker: &mut Checker) {
    let (indexes, count) = (rule.key("succeededIndexes"), rule.key("succeededCount"));
    if !indexes.is_set() && !count.is_set() {
        let title = "the rule does not say what has to succeed";
        checker.refuse(rule, &JOB_022, Reason::Required, title, "write `succeededIndexes` or `succeededCount`");
        return;
    }
    let named = if indexes.is_set() { succeeded_indexes(&indexes, completions, checker) } else { None };
    let Some(number) = count.integer().filter(|_| checker.bound(&count, &JOB_024, 0..=i64::MAX)) else { return };
    let (most, what) = match named {
        Some(named) if named < completions => (named, "that `succeededIndexes` names"),
        _ => (completions, "indexes that there are"),
    };
    if number > most {
        let title = format!("{number} is more than the {most} {what}");
        checker.refuse(&count, &JOB_024, Reason::Invalid, title, format!("write a number up to {most}"));
    }
}

/// How many indexes a text names, where it is well formed.
fn succeeded_indexes(at: &At, completions: i64, checker: &mut Checker) -> Option<i64> {
    let text = at.text();
    if text.len() > INDEXES {
        let title = format!("the indexes have {} bytes, {INDEXES} are allowed", text.len());
        checker.refuse(at, &JOB_023, Reason::TooLong, title, "join neighbours to ranges such as `2-4`");
        return None;
    }
    match size(text, completions) {
        Ok(size) => Some(size),
        Err(problem) => {
            let title = format!("{} are no indexes: {problem}", at.value());
            let help = "write indexes and ranges in ascending order, as in `0,2-4`";
            checker.refuse(at, &JOB_023, Reason::Invalid, title, help);
            None
        }
    }
}

/// How many indexes there are in `0,2-4`, which is 4, or what is wrong with the text.
fn size(text: &str, completions: i64) -> Result<i64, String> {
    let (mut size, mut last) = (0, None);
    for part in text.split(',').filter(|_| !text.is_empty()) {
        let (first, end) = match part.split_once('-') {
            None => (index(part, completions)?, None),
            Some((first, end)) => (index(first, completions)?, Some(index(end, completions)?)),
        };
        if let Some(last) = last.filter(|last| *last >= first) {
            return Err(format!("{first} does not come after {last}"));
        }
        if end.is_some_and(|end| end <= first) {
            return Err(format!("{} does not end after {first}", quote(part)));
        }
        let end = end.unwrap_or(first);
        size += end - first + 1;
        last = Some(end);
    }
    Ok(size)
}

/// An index as Go's `Atoi` reads it: digits, with a plus sign or without.
fn index(text: &str, completions: i64) -> Result<i64, String> {
    match text.parse() {
        Ok(index) if index < completions => Ok(index),
        Ok(index) => Err(format!("{index} is not below `completions`, which is {completions}")),
        Err(_) => Err(format!("{} is no index", quote(text))),
    }
}
