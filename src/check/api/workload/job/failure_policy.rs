//! What the failure of a Pod means for its Job.

use super::completions::Owner;
use crate::check::format::QUALIFIED_NAME;
use crate::check::{At, Checker, Reason, api_rules};
use crate::value::nearest;
use std::collections::BTreeMap;

api_rules! {
    /// `podFailurePolicy` has at most 20 rules.
    JOB_013 = "JOB-013";
    /// A rule has an action: `Count`, `FailJob`, `Ignore`, or, with `backoffLimitPerIndex`, `FailIndex`.
    JOB_014 = "JOB-014";
    /// A rule has either `onExitCodes` or `onPodConditions`.
    JOB_015 = "JOB-015";
    /// The operator of `onExitCodes` is `In` or `NotIn`.
    JOB_016 = "JOB-016";
    /// `onExitCodes` has 1 to 255 values, ascending, each once, and no 0 with `In`.
    JOB_017 = "JOB-017";
    /// `containerName` is the name of a container or init container of the template.
    JOB_018 = "JOB-018";
    /// `onPodConditions` has at most 20 conditions; a type is a qualified name, a status `True`, `False` or
    /// `Unknown`. A CronJob needs the status before 1.34; otherwise it is `True` where it is left out.
    JOB_019 = "JOB-019";
}

/// The most rules, and the most conditions of one.
const RULES_AND_CONDITIONS: usize = 20;

/// The most exit codes of a rule.
const EXIT_CODES: usize = 255;

const ACTIONS: [&str; 4] = ["Count", "FailIndex", "FailJob", "Ignore"];

/// The `podFailurePolicy` of the specification of a Job.
pub fn failure_policy(spec: &At, owner: Owner, checker: &mut Checker) {
    let policy = spec.key("podFailurePolicy");
    let list = policy.key("rules");
    if list.len() > RULES_AND_CONDITIONS {
        let title = format!("{} rules are more than the {RULES_AND_CONDITIONS} that are allowed", list.len());
        checker.refuse(&list, &JOB_013, Reason::TooMany, title, "join rules with the same action");
    }
    for rule in list.items() {
        action(&rule.key("action"), spec, checker);
        let (codes, conditions) = (rule.key("onExitCodes"), rule.key("onPodConditions"));
        exit_codes(&codes, spec, checker);
        pod_conditions(&conditions, owner, checker);
        if codes.is_set() && !conditions.is_empty() {
            let title = "`onExitCodes` and `onPodConditions` exclude each other";
            let finding = checker.refuse(&rule, &JOB_015, Reason::Invalid, title, "write a rule for each of the two");
            finding.related.push((conditions.cause(), "`onPodConditions` is here".to_owned()));
        } else if !codes.is_set() && conditions.is_empty() {
            let title = "the rule does not say when it holds";
            checker.refuse(&rule, &JOB_015, Reason::Invalid, title, "write `onExitCodes` or `onPodConditions`");
        }
    }
}

fn action(at: &At, spec: &At, checker: &mut Checker) {
    if !checker.require(at, &JOB_014, "an action") || !checker.choose(at, &JOB_014, &ACTIONS) {
        return;
    }
    if at.text() == "FailIndex" && !spec.key("backoffLimitPerIndex").is_set() {
        let title = "`FailIndex` needs `backoffLimitPerIndex`";
        let help = "write `backoffLimitPerIndex` in the specification of the Job, or another action";
        checker.refuse(at, &JOB_014, Reason::Invalid, title, help);
    }
}

fn exit_codes(at: &At, spec: &At, checker: &mut Checker) {
    if !at.is_set() {
        return;
    }
    let (operator, values, name) = (at.key("operator"), at.key("values"), at.key("containerName"));
    if checker.require(&operator, &JOB_016, "an operator") {
        checker.choose(&operator, &JOB_016, &["In", "NotIn"]);
    }
    if name.is_set() {
        container_name(&name, spec, checker);
    }
    if values.is_empty() {
        let title = "there is no exit code";
        checker.refuse(&values, &JOB_017, Reason::Invalid, title, "write the exit codes as a list in `values`");
    } else if values.len() > EXIT_CODES {
        let title = format!("{} exit codes are more than the {EXIT_CODES} that there are", values.len());
        checker.refuse(&values, &JOB_017, Reason::TooMany, title, "write those that the operator `NotIn` leaves");
    }
    if operator.text() == "In" {
        for zero in values.items().filter(|value| value.listed_integer() == Some(0)) {
            let help = "remove the 0; a Pod that exits with it did not fail";
            checker.refuse(&zero, &JOB_017, Reason::Invalid, "0 is no exit code of a failure", help);
        }
    }
    ascending(&values, checker);
}

fn ascending(values: &At, checker: &mut Checker) {
    let numbers = || values.items().filter_map(|value| value.listed_integer());
    if numbers().is_sorted_by(|one, next| one < next) {
        return;
    }
    let mut firsts = BTreeMap::new();
    for (value, number) in values.items().filter_map(|value| Some((value, value.listed_integer()?))) {
        match firsts.get(&number) {
            Some(first) => checker.duplicate(&value, &JOB_017, "exit code", first),
            None => drop(firsts.insert(number, value)),
        }
    }
    if !numbers().is_sorted() {
        let title = "the exit codes are not in order";
        checker.refuse(values, &JOB_017, Reason::Invalid, title, "write them from the smallest to the largest");
    }
}

fn container_name(at: &At, spec: &At, checker: &mut Checker) {
    let template = spec.key("template");
    let pods = template.key("spec");
    let (containers, inits) = (pods.key("containers"), pods.key("initContainers"));
    let names = || containers.items().chain(inits.items()).map(|container| container.key("name").text());
    if names().any(|name| name == at.text()) {
        return;
    }
    let title = format!("the template has no container {}", at.value());
    let help = match nearest(at.text(), names()) {
        Some(near) => format!("write `containerName: {near}`"),
        None => "write the name of a container of the template, or remove `containerName`".to_owned(),
    };
    checker.refuse(at, &JOB_018, Reason::Invalid, title, help);
}

fn pod_conditions(at: &At, owner: Owner, checker: &mut Checker) {
    if at.len() > RULES_AND_CONDITIONS {
        let title = format!("{} conditions are more than the {RULES_AND_CONDITIONS} that are allowed", at.len());
        checker.refuse(at, &JOB_019, Reason::TooMany, title, "write another rule for the rest");
    }
    for condition in at.items() {
        let kind = condition.key("type");
        checker.follow_text(&kind, kind.text(), &JOB_019, &QUALIFIED_NAME);
        let status = condition.key("status");
        checker.choose(&status, &JOB_019, &["True", "False", "Unknown"]);
        if owner == Owner::CronJob && !checker.since(34) {
            checker.require(&status, &JOB_019, "a status");
        }
    }
}
