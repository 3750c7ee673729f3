//! Labels, and what selects by them.

use crate::check::format::{LABEL_VALUE, QUALIFIED_NAME};
use crate::check::{At, Checker, Reason, Rule, api_rules};

api_rules! {
    /// `matchLabels` of a selector holds labels.
    SEL_001 = "SEL-001";
    /// The operator of an expression is `In`, `NotIn`, `Exists` or `DoesNotExist`.
    SEL_002 = "SEL-002";
    /// `In` and `NotIn` have values.
    SEL_003 = "SEL-003";
    /// `Exists` and `DoesNotExist` have no values.
    SEL_004 = "SEL-004";
    /// The values of an expression are values of labels.
    SEL_005 = "SEL-005";
    /// The key of an expression is the key of a label.
    SEL_006 = "SEL-006";
}

/// Labels: keys are qualified names, values are values of labels. The server names the map, not the entry.
pub fn labels(at: &At, keys: &Rule, values: &Rule, checker: &mut Checker) {
    for (key, value) in at.entries() {
        let place = at.with_cause_of(&value);
        checker.follow_key(&place, key, keys, &QUALIFIED_NAME);
        checker.follow_text(&place, value.text(), values, &LABEL_VALUE);
    }
}

/// A selector of labels.
pub fn selector(at: &At, checker: &mut Checker) {
    labels(&at.key("matchLabels"), &SEL_001, &SEL_001, checker);
    for expression in at.key("matchExpressions").items() {
        requirement(&expression, checker);
    }
}

fn requirement(at: &At, checker: &mut Checker) {
    let (operator, values) = (at.key("operator"), at.key("values"));
    match operator.text() {
        "In" | "NotIn" if values.is_empty() => {
            checker.require(&values, &SEL_003, "a list of values");
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            let title = format!("`values` go with `In` and `NotIn`, not with `{}`", operator.text());
            checker.refuse(&values, &SEL_004, Reason::Forbidden, title, "remove `values`");
        }
        "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
        other => {
            let title = format!("{} is no operator of a selector", crate::value::quote(other));
            let help = "write `In`, `NotIn`, `Exists` or `DoesNotExist`";
            checker.refuse(&operator, &SEL_002, Reason::Invalid, title, help);
        }
    }
    let key = at.key("key");
    checker.follow_text(&key, key.text(), &SEL_006, &QUALIFIED_NAME);
    for value in values.items() {
        checker.follow(&value, &SEL_005, &LABEL_VALUE);
    }
}
