//! The name that a workload will have.

use crate::check::At;
use std::borrow::Cow;

/// The most bytes of `generateName` that a name begins with.
const PREFIX: usize = 58;

/// What stands here for the five characters that the server adds to a prefix; it never chooses a zero.
const ENDING: &str = "00000";

/// The name, or one that the server could make of `generateName`; empty where there is neither.
pub fn final_name<'f>(metadata: &At<'_, 'f>) -> Cow<'f, str> {
    let (name, prefix) = (metadata.key("name"), metadata.key("generateName"));
    if !name.is_empty() || prefix.is_empty() {
        return Cow::Borrowed(name.text());
    }
    let prefix = prefix.text();
    Cow::Owned(format!("{}{ENDING}", prefix.get(..PREFIX).unwrap_or(prefix)))
}

/// The place of the name, with the cause of what it is made from.
pub fn place_of_name<'p, 'f>(metadata: &'p At<'_, 'f>) -> At<'p, 'f> {
    let name = metadata.key("name");
    if name.is_empty() { name.with_cause_of(&metadata.key("generateName")) } else { name }
}
