//! How quickly a HorizontalPodAutoscaler acts.

use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// The window over which recommendations are looked at is at most an hour.
    HPA_022 = "HPA-022";
    /// Of several policies `Max`, `Min` or none (`Disabled`) is chosen.
    HPA_023 = "HPA-023";
    /// Where policies are written, there is at least one.
    HPA_024 = "HPA-024";
    /// The type of a policy is `Pods` or `Percent`.
    HPA_025 = "HPA-025";
    /// A policy allows a change of 1 or more.
    HPA_026 = "HPA-026";
    /// The period of a policy is between a second and half an hour.
    HPA_027 = "HPA-027";
    /// The tolerance, since 1.35, is not negative.
    HPA_028 = "HPA-028";
}

/// The rules of one direction; all of them have defaults.
pub fn scaling_rules(at: &At, checker: &mut Checker) {
    checker.bound(&at.key("stabilizationWindowSeconds"), &HPA_022, 0..=3600);
    let select = at.key("selectPolicy");
    if select.is_set() {
        checker.choose_text(&select, select.text(), &HPA_023, &["Disabled", "Max", "Min"]);
    }
    let policies = at.key("policies");
    if policies.is_set() {
        checker.require(&policies, &HPA_024, "a policy");
    }
    for item in policies.items() {
        policy(&item, checker);
    }
    let tolerance = at.key("tolerance");
    let negative = tolerance.quantity().is_some_and(|amount| amount.non_negative().is_err());
    if checker.since(35) && negative {
        let title = format!("the tolerance {} is negative", tolerance.value());
        checker.refuse(&tolerance, &HPA_028, Reason::Invalid, title, "write an amount from 0 on, such as `0.1`");
    }
}

fn policy(at: &At, checker: &mut Checker) {
    let (kind, value, period) = (at.key("type"), at.key("value"), at.key("periodSeconds"));
    checker.choose_text(&kind, kind.text(), &HPA_025, &["Percent", "Pods"]);
    if value.integer().unwrap_or(0) == 0 {
        let title = "the policy allows no change";
        checker.refuse(&value, &HPA_026, Reason::Invalid, title, "write `value` with a number from 1 on");
    } else {
        checker.bound(&value, &HPA_026, 1..=i64::MAX);
    }
    if period.integer().unwrap_or(0) == 0 {
        let title = "the policy has no period";
        checker.refuse(&period, &HPA_027, Reason::Invalid, title, "write `periodSeconds` with a number from 1 to 1800");
    } else {
        checker.bound(&period, &HPA_027, 1..=1800);
    }
}
