//! Which nodes a Pod wants, and which other Pods it wants near or far.

use crate::check::api::labels::selector;
use crate::check::format::{DNS_LABEL, DNS_SUBDOMAIN, LABEL_VALUE, QUALIFIED_NAME};
use crate::check::{At, Checker, Reason, rules};
use crate::value::quote;

rules! {
    /// A required node affinity has a term.
    SCH_002 = "SCH-002";
    /// The operator of a node affinity is `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`, and its key that of a label.
    SCH_003 = "SCH-003";
    /// `In` and `NotIn` have values, `Exists` and `DoesNotExist` none, `Gt` and `Lt` one.
    SCH_004 = "SCH-004";
    /// Since 1.32 the values of a required node affinity are values of labels.
    SCH_005 = "SCH-005";
    /// `matchFields` compares `metadata.name` with one name of a node.
    SCH_006 = "SCH-006";
    /// The weight of a preference is 1 to 100.
    SCH_007 = "SCH-007";
    /// The `topologyKey` of a Pod affinity is the key of a label.
    SCH_008 = "SCH-008";
    /// The namespaces of a Pod affinity are DNS labels.
    SCH_009 = "SCH-009";
    /// Since 1.31 `matchLabelKeys` and `mismatchLabelKeys` need a `labelSelector`, hold keys of labels, and none stands in both or in the selector.
    SCH_011 = "SCH-011";
}

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// The affinities of a Pod. `metadata` is there for a bare Pod, whose labels the server puts into selectors.
pub fn affinity(spec: &At, metadata: Option<&At>, checker: &mut Checker) {
    let at = spec.key("affinity");
    if !at.is_set() {
        return;
    }
    node_affinity(&at.key("nodeAffinity"), checker);
    for name in ["podAffinity", "podAntiAffinity"] {
        let affinity = at.key(name);
        for term in affinity.key(REQUIRED).items() {
            pod_term(&term, metadata, checker);
        }
        for preference in affinity.key(PREFERRED).items() {
            weight(&preference.key("weight"), checker);
            pod_term(&preference.key("podAffinityTerm"), metadata, checker);
        }
    }
}

/// `matchLabelKeys` and `mismatchLabelKeys` beside a `labelSelector`; the server puts those that a bare Pod has into the selector.
pub fn label_keys(at: &At, metadata: Option<&At>, checker: &mut Checker) {
    let (matching, differing) = (at.key("matchLabelKeys"), at.key("mismatchLabelKeys"));
    if matching.is_empty() && differing.is_empty() {
        return;
    }
    let selector = at.key("labelSelector");
    for list in [matching, differing] {
        if !selector.is_set() && !list.is_empty() {
            checker.forbid(&list, &SCH_011, "without a `labelSelector`");
        } else {
            for key in list.items() {
                checker.follow_text(&key, key.text(), &SCH_011, &QUALIFIED_NAME);
            }
        }
    }
    for (index, key) in matching.items().enumerate() {
        let last = !matching.items().skip(index + 1).any(|other| other.text() == key.text());
        if let Some(other) = selected_twice(&selector, &key, &matching, metadata).filter(|_| last) {
            // The server counts the keys as if they were terms.
            let place = at.item(index);
            let title = format!("the label {} stands in `matchLabelKeys` and in `labelSelector`", key.value());
            let help = "remove it from one of them";
            let finding = checker.refuse(&place.with_cause_of(&key), &SCH_011, Reason::Invalid, title, help);
            finding.related.push((other.cause(), "the selector".to_owned()));
        }
        if let Some(other) = differing.items().find(|other| other.text() == key.text()) {
            let title = format!("the label {} stands in `matchLabelKeys` and in `mismatchLabelKeys`", key.value());
            let finding = checker.refuse(&key, &SCH_011, Reason::Invalid, title, "remove it from one of them");
            finding.related.push((other.cause(), "the other one".to_owned()));
        }
    }
}

/// The selector, where it has a label twice once the server has added those of the Pod.
fn selected_twice<'q, 'f>(selector: &At<'q, 'f>, key: &At, matching: &At, metadata: Option<&At>) -> Option<At<'q, 'f>> {
    if !selector.is_set() {
        return None;
    }
    let key = key.text();
    let added = match metadata {
        Some(metadata) if metadata.key("labels").key(key).is_set() => {
            matching.items().filter(|other| other.text() == key).count()
        }
        _ => 0,
    };
    let labels = usize::from(selector.key("matchLabels").key(key).is_set());
    let expressions =
        selector.key("matchExpressions").items().filter(|expression| expression.key("key").text() == key).count();
    let expressions = expressions + added;
    (expressions > 0 && labels + expressions > 1).then_some(*selector)
}

fn node_affinity(at: &At, checker: &mut Checker) {
    let required = at.key(REQUIRED);
    if required.is_set() {
        let terms = required.key("nodeSelectorTerms");
        if terms.is_empty() {
            let title = "the required node affinity has no term, so it says nothing";
            let help = "write a term with `matchExpressions`, or remove the affinity";
            checker.refuse(&terms, &SCH_002, Reason::Required, title, help);
        }
        for term in terms.items() {
            node_term(&term, Values::OfLabels, checker);
        }
    }
    for preference in at.key(PREFERRED).items() {
        weight(&preference.key("weight"), checker);
        node_term(&preference.key("preference"), Values::Any, checker);
    }
}

/// What the values of an expression may be.
#[derive(Clone, Copy, PartialEq)]
enum Values {
    /// What no label can have matches no node.
    Any,
    /// What labels can have.
    OfLabels,
}

fn node_term(at: &At, values: Values, checker: &mut Checker) {
    for expression in at.key("matchExpressions").items() {
        node_expression(&expression, values, checker);
    }
    for field in at.key("matchFields").items() {
        node_field(&field, checker);
    }
}

fn node_expression(at: &At, allowed: Values, checker: &mut Checker) {
    let (key, operator, values) = (at.key("key"), at.key("operator"), at.key("values"));
    let count = values.len();
    match operator.text() {
        "In" | "NotIn" if count == 0 => drop(checker.require(&values, &SCH_004, "a list of values")),
        "Exists" | "DoesNotExist" if count > 0 => {
            checker.forbid(&values, &SCH_004, "where the operator asks only whether the label is there");
        }
        "Gt" | "Lt" if count != 1 => {
            let title = format!("{} compares with one number, there are {count} values", operator.value());
            checker.refuse(&values, &SCH_004, Reason::Required, title, "write one number in quotes");
        }
        "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
        word => {
            let title = format!("{} is no operator of a node affinity", quote(word));
            let help = "write `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`";
            checker.refuse(&operator, &SCH_003, Reason::Invalid, title, help);
        }
    }
    checker.follow_text(&key, key.text(), &SCH_003, &QUALIFIED_NAME);
    if allowed == Values::OfLabels && checker.since(32) {
        for value in values.items() {
            checker.follow(&value, &SCH_005, &LABEL_VALUE);
        }
    }
}

fn node_field(at: &At, checker: &mut Checker) {
    let (key, operator, values) = (at.key("key"), at.key("operator"), at.key("values"));
    if !matches!(operator.text(), "In" | "NotIn") {
        let title = format!("{} is no operator for a field of a node", quote(operator.text()));
        checker.refuse(&operator, &SCH_006, Reason::Invalid, title, "write `In` or `NotIn`");
    } else if values.len() != 1 {
        let title = format!("the field is compared with one name, there are {}", values.len());
        checker.refuse(&values, &SCH_006, Reason::Required, title, "write the name of one node");
    }
    if key.text() == "metadata.name" {
        for value in values.items() {
            checker.follow_text(&value, value.text(), &SCH_006, &DNS_SUBDOMAIN);
        }
    } else {
        let title = format!("{} is no field that nodes are chosen by", quote(key.text()));
        checker.refuse(&key, &SCH_006, Reason::Invalid, title, "write `metadata.name`, or use `matchExpressions`");
    }
}

fn weight(at: &At, checker: &mut Checker) {
    if at.is_set() {
        checker.bound(at, &SCH_007, 1..=100);
    } else {
        checker.refuse(
            at,
            &SCH_007,
            Reason::Invalid,
            "the weight is missing",
            "write `weight`, a number from 1 to 100",
        );
    }
}

fn pod_term(at: &At, metadata: Option<&At>, checker: &mut Checker) {
    selector(&at.key("labelSelector"), checker);
    selector(&at.key("namespaceSelector"), checker);
    let namespaces = at.key("namespaces");
    for namespace in namespaces.items() {
        // The server spells it in the singular and does not count.
        let place = at.key("namespace").with_cause_of(&namespace);
        checker.follow_text(&place, namespace.text(), &SCH_009, &DNS_LABEL);
    }
    if checker.since(31) {
        label_keys(at, metadata, checker);
    }
    let topology = at.key("topologyKey");
    if topology.is_empty() {
        let title = "the term does not say what near means";
        let help = "write `topologyKey: kubernetes.io/hostname`, or `topology.kubernetes.io/zone`";
        checker.refuse(&topology, &SCH_008, Reason::Required, title, help);
    }
    checker.follow(&topology, &SCH_008, &QUALIFIED_NAME);
}
