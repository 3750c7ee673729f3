//! On which nodes a Pod may run, and how Pods are spread over them.

use super::affinity::{affinity, label_keys};
use crate::check::api::labels::{labels, selector};
use crate::check::format::{DNS_SUBDOMAIN, LABEL_VALUE, QUALIFIED_NAME};
use crate::check::{At, Checker, Reason, api_rules, repeated};

api_rules! {
    /// `nodeSelector` holds labels.
    SCH_001 = "SCH-001";
    /// `maxSkew` is at least 1.
    SCH_012 = "SCH-012";
    /// A spread constraint has a `topologyKey`.
    SCH_013 = "SCH-013";
    /// `whenUnsatisfiable` is `DoNotSchedule` or `ScheduleAnyway`.
    SCH_014 = "SCH-014";
    /// A `topologyKey` stands once with each `whenUnsatisfiable`.
    SCH_015 = "SCH-015";
    /// `minDomains` is at least 1, and only with `DoNotSchedule`.
    SCH_016 = "SCH-016";
    /// `nodeAffinityPolicy` and `nodeTaintsPolicy` are `Honor` or `Ignore`.
    SCH_017 = "SCH-017";
    /// `matchLabelKeys` of a spread constraint needs a `labelSelector`, holds keys of labels, and before 1.34 none of the selector.
    SCH_018 = "SCH-018";
    /// A toleration without a key has the operator `Exists`; a key is that of a label.
    SCH_020 = "SCH-020";
    /// The operator of a toleration is `Equal` or `Exists`.
    SCH_021 = "SCH-021";
    /// `Equal` compares with the value of a label, `Exists` with none.
    SCH_022 = "SCH-022";
    /// The effect of a toleration is `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
    SCH_023 = "SCH-023";
    /// Only a toleration of `NoExecute` has `tolerationSeconds`.
    SCH_024 = "SCH-024";
    /// The names of classes and accounts are DNS subdomains.
    SCH_025 = "SCH-025";
    /// `preemptionPolicy` is `PreemptLowerPriority` or `Never`.
    SCH_026 = "SCH-026";
    /// `nodeName` is a DNS subdomain, and not set as long as a gate keeps the Pod from its node.
    SCH_027 = "SCH-027";
    /// Scheduling gates have names of their own, qualified ones.
    SCH_028 = "SCH-028";
    /// The conditions of readiness gates are qualified names.
    SCH_029 = "SCH-029";
}

/// Everything that decides about the node of a Pod. `metadata` is there for a bare Pod.
pub fn scheduling(spec: &At, metadata: Option<&At>, checker: &mut Checker) {
    labels(&spec.key("nodeSelector"), &SCH_001, &SCH_001, checker);
    affinity(spec, metadata, checker);
    spread(&spec.key("topologySpreadConstraints"), metadata, checker);
    tolerations(&spec.key("tolerations"), checker);
    gates(spec, metadata, checker);
    classes(spec, checker);
}

/// The taints that are no obstacle.
pub fn tolerations(list: &At, checker: &mut Checker) {
    for toleration in list.items() {
        self::toleration(&toleration, checker);
    }
}

fn spread(list: &At, metadata: Option<&At>, checker: &mut Checker) {
    for (index, at) in list.items().enumerate() {
        let (skew, key, when) = (at.key("maxSkew"), at.key("topologyKey"), at.key("whenUnsatisfiable"));
        if skew.integer().unwrap_or_default() < 1 {
            let title = if skew.is_set() {
                format!("`maxSkew` is {}, and the least is 1", skew.value())
            } else {
                "`maxSkew` is missing".into()
            };
            checker.refuse(&skew, &SCH_012, Reason::Invalid, title, "write `maxSkew: 1`, or a larger number");
        }
        if key.is_empty() {
            let title = "the constraint does not say over what Pods are spread";
            let help = "write `topologyKey: topology.kubernetes.io/zone`, or `kubernetes.io/hostname`";
            checker.refuse(&key, &SCH_013, Reason::Required, title, help);
        }
        if when.is_empty() {
            let title = "the constraint does not say what happens where Pods cannot be spread";
            let help = "write `whenUnsatisfiable: ScheduleAnyway`, or `DoNotSchedule`";
            checker.refuse(&when, &SCH_014, Reason::NotSupported, title, help);
        }
        checker.choose(&when, &SCH_014, &["DoNotSchedule", "ScheduleAnyway"]);
        let same = |other: &At| {
            other.key("topologyKey").text() == key.text() && other.key("whenUnsatisfiable").text() == when.text()
        };
        if let Some(other) = list.items().skip(index + 1).find(same) {
            // The server speaks of the first of the two.
            let pair = at.key("{topologyKey, whenUnsatisfiable}");
            let title = format!("Pods are spread by {} and {} for the second time", key.value(), when.value());
            let help = "keep one of the two constraints";
            let finding = checker.refuse(&pair.with_cause_of(&other), &SCH_015, Reason::Duplicate, title, help);
            finding.related.push((at.cause(), "the first one".to_owned()));
        }
        domains(&at.key("minDomains"), &when, checker);
        for name in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
            let policy = at.key(name);
            if policy.is_set() {
                checker.choose_text(&policy, policy.text(), &SCH_017, &["Honor", "Ignore"]);
            }
        }
        if checker.since(34) {
            label_keys(&at, metadata, checker);
        } else {
            strict_label_keys(&at, checker);
        }
        selector(&at.key("labelSelector"), checker);
    }
}

fn domains(at: &At, when: &At, checker: &mut Checker) {
    checker.bound(at, &SCH_016, 1..=i64::MAX);
    if at.is_set() && when.text() != "DoNotSchedule" {
        let title = "`minDomains` is only for `DoNotSchedule`";
        let help = "remove `minDomains`, or write `whenUnsatisfiable: DoNotSchedule`";
        let finding = checker.refuse(at, &SCH_016, Reason::Invalid, title, help);
        finding.related.push((when.cause(), "this allows fewer domains".to_owned()));
    }
}

/// `matchLabelKeys` as servers before 1.34 read it: none of its keys may be in the selector.
fn strict_label_keys(at: &At, checker: &mut Checker) {
    let (keys, selector) = (at.key("matchLabelKeys"), at.key("labelSelector"));
    if !selector.is_set() && !keys.is_empty() {
        checker.forbid(&keys, &SCH_018, "without a `labelSelector`");
    }
    for key in keys.items() {
        checker.follow_text(&key, key.text(), &SCH_018, &QUALIFIED_NAME);
        let (labels, expressions) = (selector.key("matchLabels"), selector.key("matchExpressions"));
        let selected = labels.key(key.text()).is_set()
            || expressions.items().any(|expression| expression.key("key").text() == key.text());
        if selected {
            let title = format!("the label {} stands in `matchLabelKeys` and in `labelSelector`", key.value());
            let finding = checker.refuse(&key, &SCH_018, Reason::Invalid, title, "remove it from one of them");
            finding.related.push((selector.cause(), "the selector".to_owned()));
        }
    }
}

fn toleration(at: &At, checker: &mut Checker) {
    let (key, operator, value, effect) = (at.key("key"), at.key("operator"), at.key("value"), at.key("effect"));
    checker.follow(&key, &SCH_020, &QUALIFIED_NAME);
    if key.is_empty() && operator.text() != "Exists" {
        let title = "a toleration without a key tolerates everything, so its operator is `Exists`";
        checker.refuse(&operator, &SCH_020, Reason::Invalid, title, "write `key`, or `operator: Exists`");
    }
    let seconds = at.key("tolerationSeconds");
    if seconds.is_set() && effect.text() != "NoExecute" {
        let title = "`tolerationSeconds` is only for the effect `NoExecute`";
        let help = "remove `tolerationSeconds`, or write `effect: NoExecute`";
        checker.refuse(&effect.with_cause_of(&seconds), &SCH_024, Reason::Invalid, title, help);
    }
    // The server speaks of the operator where the value is wrong.
    let place = operator.with_cause_of(&value);
    match operator.text() {
        "Equal" | "" => drop(checker.follow_text(&place, value.text(), &SCH_022, &LABEL_VALUE)),
        "Exists" if !value.is_empty() => {
            let title = format!("`Exists` has no value, here {}", value.value());
            checker.refuse(&place, &SCH_022, Reason::Invalid, title, "remove `value`, or write `operator: Equal`");
        }
        "Exists" => {}
        _ => drop(checker.choose(&operator, &SCH_021, &["Equal", "Exists"])),
    }
    checker.choose(&effect, &SCH_023, &["NoSchedule", "PreferNoSchedule", "NoExecute"]);
}

fn gates(spec: &At, metadata: Option<&At>, checker: &mut Checker) {
    let (node, gates) = (spec.key("nodeName"), spec.key("schedulingGates"));
    checker.follow(&node, &SCH_027, &DNS_SUBDOMAIN);
    if metadata.is_some() && !node.is_empty() && !gates.is_empty() {
        let title = "a Pod with scheduling gates has no node yet";
        let finding = checker.refuse(&node, &SCH_027, Reason::Forbidden, title, "remove `nodeName`, or the gates");
        finding.related.push((gates.cause(), "the gates".to_owned()));
    }
    for gate in gates.items() {
        // The server names the gate, not its name.
        let name = gate.key("name");
        checker.follow_text(&gate.with_cause_of(&name), name.text(), &SCH_028, &QUALIFIED_NAME);
    }
    for (gate, first) in repeated(gates.items(), |gate| Some(gate.key("name").text().to_owned())) {
        let title = format!("the scheduling gate {} stands here for the second time", gate.key("name").value());
        let finding = checker.refuse(&gate, &SCH_028, Reason::Duplicate, title, "remove one of the two");
        finding.related.push((first.cause(), "the first one".to_owned()));
    }
    for gate in spec.key("readinessGates").items() {
        let condition = gate.key("conditionType");
        checker.follow_text(&condition, condition.text(), &SCH_029, &QUALIFIED_NAME);
    }
}

fn classes(spec: &At, checker: &mut Checker) {
    let (name, alias) = (spec.key("serviceAccountName"), spec.key("serviceAccount"));
    // The old name of the field counts where the new one is empty.
    let account = if name.is_empty() { name.with_cause_of(&alias) } else { name };
    let text = if name.is_empty() { alias.text() } else { name.text() };
    if !text.is_empty() {
        checker.follow_text(&account, text, &SCH_025, &DNS_SUBDOMAIN);
    }
    checker.follow(&spec.key("priorityClassName"), &SCH_025, &DNS_SUBDOMAIN);
    let runtime = spec.key("runtimeClassName");
    if runtime.is_set() {
        checker.follow_text(&runtime, runtime.text(), &SCH_025, &DNS_SUBDOMAIN);
    }
    let preemption = spec.key("preemptionPolicy");
    if preemption.is_set() && checker.require(&preemption, &SCH_026, "`PreemptLowerPriority` or `Never`") {
        checker.choose(&preemption, &SCH_026, &["PreemptLowerPriority", "Never"]);
    }
}
