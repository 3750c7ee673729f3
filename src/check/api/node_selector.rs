//! What selects nodes: the required terms of the affinity of Pods and of volumes.

use crate::check::format::{DNS_SUBDOMAIN, LABEL_VALUE, QUALIFIED_NAME};
use crate::check::{At, Checker, Reason, api_rules};
use crate::value::quote;

api_rules! {
    /// A selector of nodes has a term.
    SCH_002 = "SCH-002";
    /// The operator of an expression is `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`; of a field it is `In` or `NotIn`.
    SCH_003 = "SCH-003";
    /// `In` and `NotIn` have values, `Exists` and `DoesNotExist` have none, `Gt`, `Lt` and those of a field have one.
    SCH_004 = "SCH-004";
    /// Since 1.32 the values of required expressions are values of labels; the key is that of a label.
    SCH_005 = "SCH-005";
    /// The only field by which nodes are selected is `metadata.name`, whose value is a DNS subdomain.
    SCH_006 = "SCH-006";
}

/// A selector of nodes, one of whose terms must hold.
pub fn node_selector(at: &At, checker: &mut Checker) {
    let terms = at.key("nodeSelectorTerms");
    if terms.is_empty() {
        let title = "`nodeSelectorTerms` is empty, so no node fits";
        let help = "write `nodeSelectorTerms` with a term, such as one with `matchExpressions`";
        checker.refuse(&terms, &SCH_002, Reason::Required, title, help);
    }
    for term in terms.items() {
        node_selector_term(&term, checker);
        if checker.since(32) {
            values(&term, checker);
        }
    }
}

/// A term of a selector of nodes, all of whose expressions must hold. Of a preferred one the values may be anything.
pub fn node_selector_term(at: &At, checker: &mut Checker) {
    for expression in at.key("matchExpressions").items() {
        requirement(&expression, checker);
    }
    for field in at.key("matchFields").items() {
        field_requirement(&field, checker);
    }
}

/// The values of a required term, which nodes can have.
fn values(term: &At, checker: &mut Checker) {
    for expression in term.key("matchExpressions").items() {
        for value in expression.key("values").items() {
            checker.follow(&value, &SCH_005, &LABEL_VALUE);
        }
    }
}

fn requirement(at: &At, checker: &mut Checker) {
    let (operator, values, key) = (at.key("operator"), at.key("values"), at.key("key"));
    match operator.text() {
        "In" | "NotIn" => {
            checker.require(&values, &SCH_004, "a list of values");
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            checker.forbid(&values, &SCH_004, "where the operator asks only whether the label is there");
        }
        "Gt" | "Lt" if values.len() != 1 => one_value(&values, checker),
        "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
        other => {
            let title = format!("{} is no operator of a node selector", quote(other));
            let help = "write `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`";
            checker.refuse(&operator, &SCH_003, Reason::Invalid, title, help);
        }
    }
    checker.follow_text(&key, key.text(), &SCH_005, &QUALIFIED_NAME);
}

fn field_requirement(at: &At, checker: &mut Checker) {
    let (operator, values, key) = (at.key("operator"), at.key("values"), at.key("key"));
    match operator.text() {
        "In" | "NotIn" if values.len() != 1 => one_value(&values, checker),
        "In" | "NotIn" => {}
        other => {
            let title = format!("{} is no operator for a field of a node", quote(other));
            checker.refuse(&operator, &SCH_003, Reason::Invalid, title, "write `In` or `NotIn`");
        }
    }
    if !key.is_text("metadata.name") {
        let title = format!("nodes are not selected by the field {}", quote(key.text()));
        checker.refuse(&key, &SCH_006, Reason::Invalid, title, "write `metadata.name`, or use `matchExpressions`");
        return;
    }
    for value in values.items() {
        checker.follow_text(&value, value.text(), &SCH_006, &DNS_SUBDOMAIN);
    }
}

fn one_value(values: &At, checker: &mut Checker) {
    let title = "the operator needs exactly one value";
    checker.refuse(values, &SCH_004, Reason::Required, title, "write `values` with one entry");
}
