//! Which nodes a Pod wants, and which other Pods it wants near or far.

use crate::check::api::labels::selector;
use crate::check::api::node_selector::{node_selector, node_selector_term};
use crate::check::format::{DNS_LABEL, QUALIFIED_NAME};
use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
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
        node_selector(&required, checker);
    }
    for preference in at.key(PREFERRED).items() {
        weight(&preference.key("weight"), checker);
        node_selector_term(&preference.key("preference"), checker);
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
        let title = "`topologyKey` is missing, so nothing says what near means";
        let help = "write `topologyKey: kubernetes.io/hostname`, or `topology.kubernetes.io/zone`";
        checker.refuse(&topology, &SCH_008, Reason::Required, title, help);
    }
    checker.follow(&topology, &SCH_008, &QUALIFIED_NAME);
}
