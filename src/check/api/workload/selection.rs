//! What a workload selects: it knows its Pods by the labels of its template.

use crate::bundle::CauseId;
use crate::check::api::labels::selector;
use crate::check::{At, Checker, Reason, Rule};

/// The rules of a kind about its selector.
pub struct Rules {
    /// There is one.
    pub required: &'static Rule,
    /// It is not empty.
    pub filled: &'static Rule,
    /// The labels of the template meet it.
    pub met: &'static Rule,
}

/// What of a selector is not met.
pub struct Unmet {
    /// Why the selector asks for it.
    cause: CauseId,
    /// What it asks for: "`app: web`".
    wish: String,
    /// The label that it asks about.
    label: String,
}

/// Asks for a selector that is well formed, not empty, and met by the labels of the template.
pub fn selection(spec: &At, rules: &Rules, checker: &mut Checker) {
    let at = spec.key("selector");
    if !at.is_set() {
        let help = "write `selector`, with the labels of the template below `matchLabels`";
        checker.refuse(&at, rules.required, Reason::Required, "the selector is missing", help);
    } else if checker.passes(|checker| selector(&at, checker)) {
        selected(spec, &at, rules, checker);
    }
}

/// Asks that a well-formed selector is not empty and met by the labels of the template.
pub fn selected(spec: &At, at: &At, rules: &Rules, checker: &mut Checker) {
    if at.key("matchLabels").is_empty() && at.key("matchExpressions").is_empty() {
        let help = "write the labels of the template below `matchLabels`";
        checker.refuse(at, rules.filled, Reason::Invalid, "the selector is empty", help);
        return;
    }
    let template = spec.key("template");
    let metadata = template.key("metadata");
    let labels = metadata.key("labels");
    if let Some(unmet) = unmet(at, |name| label(&labels, name)) {
        refuse_labels(&labels, rules.met, unmet, checker);
    }
}

/// Says that the labels of a template are not those that a selector asks for.
pub fn refuse_labels(labels: &At, rule: &Rule, unmet: Unmet, checker: &mut Checker) {
    let Unmet { cause, wish, label } = unmet;
    let written = labels.entries().find(|(name, _)| *name == label);
    // Where the template says something else, that is the mistake; where it says nothing, what asks for it is.
    let (fact, at_fault, related) = match written {
        Some((_, value)) => {
            let fact = format!("the template has `{label}: {}`", shown(value.text()));
            (fact, value.cause(), (cause, "the selector asks for it here"))
        }
        None => (format!("the template has no label `{label}`"), cause, (labels.cause(), "the labels come from here")),
    };
    let title = format!("the selector asks for {wish}, and {fact}");
    let help = "write the same labels in the selector and in the template, in a stack leave these labels as stowplan makes them: remove them from the patch";
    let finding = checker.refuse(labels, rule, Reason::Invalid, title, help);
    finding.cause = at_fault;
    finding.related.push((related.0, related.1.to_owned()));
}

/// The value of a label, where it is there; null is the empty one.
pub fn label<'f>(labels: &At<'_, 'f>, name: &str) -> Option<&'f str> {
    labels.entries().find(|(key, _)| *key == name).map(|(_, value)| value.text())
}

/// What of a well-formed selector is not met by labels, of which `value` finds the one of a name.
pub fn unmet<'v>(selector: &At, value: impl Fn(&str) -> Option<&'v str>) -> Option<Unmet> {
    unmet_label(&selector.key("matchLabels"), &value).or_else(|| {
        let expressions = selector.key("matchExpressions");
        let unmet = expressions.items().find(|expression| !is_met(expression, value(expression.key("key").text())))?;
        Some(Unmet { cause: unmet.cause(), wish: wish(&unmet), label: unmet.key("key").text().to_owned() })
    })
}

/// What of the labels of a selector is not met by labels, of which `value` finds the one of a name.
pub fn unmet_label<'v>(wanted: &At, value: impl Fn(&str) -> Option<&'v str>) -> Option<Unmet> {
    let (name, unmet) = wanted.entries().find(|(name, wanted)| value(name) != Some(wanted.text()))?;
    let wish = format!("`{name}: {}`", shown(unmet.text()));
    Some(Unmet { cause: unmet.cause(), wish, label: name.to_owned() })
}

/// Whether an expression of a selector holds where its label has this value.
fn is_met(expression: &At, value: Option<&str>) -> bool {
    let values = expression.key("values");
    let listed = || value.is_some_and(|value| values.items().any(|item| item.text() == value));
    match expression.key("operator").text() {
        "In" => listed(),
        "NotIn" => !listed(),
        "Exists" => value.is_some(),
        _ => value.is_none(),
    }
}

/// The value of a label as one would write it.
fn shown(value: &str) -> &str {
    if value.is_empty() { "\"\"" } else { value }
}

fn wish(expression: &At) -> String {
    let (key, values) = (expression.key("key"), expression.key("values"));
    let listed = || values.items().map(|item| item.value()).collect::<Vec<_>>().join(", ");
    let name = key.text();
    match expression.key("operator").text() {
        "In" => format!("`{name}` to be one of {}", listed()),
        "NotIn" => format!("`{name}` to be none of {}", listed()),
        "Exists" => format!("a label `{name}`"),
        _ => format!("no label `{name}`"),
    }
}
