//! When a single container is started again.

use crate::check::{At, Checker, Reason, api_rules, repeated};

api_rules! {
    /// Before 1.34 a container that is no init container has no `restartPolicy`; since 1.35 it is `Always`, `OnFailure` or `Never`, in 1.34 it is dropped.
    POD_009 = "POD-009";
    /// Before 1.34 the `restartPolicy` of an init container is `Always`, which makes it a sidecar; since 1.35 `OnFailure` or `Never` too.
    POD_010 = "POD-010";
    /// `restartPolicyRules` need a `restartPolicy`; at most 20 rules, each with an action and at most 255 exit codes.
    POD_011 = "POD-011";
    /// `resizePolicy` names `cpu` and `memory` at most once each; where the Pod never restarts, nothing restarts for it, nor from 1.36 on an init container that is no sidecar.
    POD_014 = "POD-014";
}

/// What `restartPolicy` of a container may be, from 1.35 on.
const POLICIES: [&str; 3] = ["Always", "OnFailure", "Never"];

/// Whether an init container runs beside the others until the Pod ends.
pub fn is_sidecar(container: &At, checker: &Checker) -> bool {
    checker.since(29) && container.key("restartPolicy").text() == "Always"
}

/// The restart policy of a container that is no init container.
pub fn restart_policy(container: &At, checker: &mut Checker) {
    let policy = container.key("restartPolicy");
    if checker.since(35) {
        rules_of(container, checker);
    } else if !checker.since(34) && policy.is_set() {
        let title = format!(
            "a container of its own restart policy needs Kubernetes 1.35, this is 1.{}",
            checker.kubernetes.minor
        );
        let help = "remove `restartPolicy` here, and write that of the Pod";
        checker.refuse(&policy, &POD_009, Reason::Forbidden, title, help);
    }
}

/// The restart policy of an init container.
pub fn init_restart_policy(container: &At, checker: &mut Checker) {
    let (policy, rules) = (container.key("restartPolicy"), container.key("restartPolicyRules"));
    if !checker.since(34) {
        if policy.is_set() {
            checker.choose_text(&policy, policy.text(), &POD_010, &["Always"]);
        }
    } else if !checker.since(36) && policy.text() == "Always" {
        if checker.since(35) && !rules.is_empty() {
            let title = "the rules of a sidecar need Kubernetes 1.36";
            checker.refuse(&rules, &POD_011, Reason::Forbidden, title, "remove `restartPolicyRules`");
        }
    } else if checker.since(35) {
        rules_of(container, checker);
    }
}

/// Policy and rules of a container, as all containers have them from 1.35 on.
fn rules_of(container: &At, checker: &mut Checker) {
    let (policy, list) = (container.key("restartPolicy"), container.key("restartPolicyRules"));
    if policy.is_set() {
        checker.choose_text(&policy, policy.text(), &POD_009, &POLICIES);
    } else if list.is_empty() {
        return;
    } else {
        let title = "`restartPolicyRules` need a `restartPolicy`";
        let help = "write `restartPolicy`, for what the rules do not say";
        checker.refuse(&policy, &POD_011, Reason::Required, title, help);
    }
    limit(&list, 20, "rules", checker);
    let actions = ["Restart", "RestartAllContainers"];
    let actions = if checker.since(36) { &actions[..] } else { &actions[..1] };
    for rule in list.items() {
        let (action, codes) = (rule.key("action"), rule.key("exitCodes"));
        checker.choose_text(&action, action.text(), &POD_011, actions);
        if codes.is_set() {
            let operator = codes.key("operator");
            checker.choose_text(&operator, operator.text(), &POD_011, &["In", "NotIn"]);
            limit(&codes.key("values"), 255, "exit codes", checker);
        } else {
            let title = "the rule has no `exitCodes`";
            checker.refuse(&codes, &POD_011, Reason::Required, title, "write `exitCodes` with `operator` and `values`");
        }
    }
}

/// Asks that a list has at most so many entries.
fn limit(at: &At, most: usize, what: &str, checker: &mut Checker) {
    let count = at.len();
    if count > most {
        let reason = if checker.since(36) { Reason::TooMany } else { Reason::TooLong };
        let title = format!("there are {count} {what}, at most {most} are allowed");
        checker.refuse(at, &POD_011, reason, title, format!("write at most {most}"));
    }
}

/// What a container does when its resources are changed; older servers drop it.
pub fn resize_policy(container: &At, pod: &At, checker: &mut Checker) {
    let list = container.key("resizePolicy");
    if list.is_empty() || !checker.since(33) {
        return;
    }
    for entry in list.items() {
        // The server names the list, not the entry.
        for (key, words) in
            [("resourceName", ["cpu", "memory"]), ("restartPolicy", ["NotRequired", "RestartContainer"])]
        {
            let value = entry.key(key);
            let place = list.with_cause_of(&value);
            if value.is_empty() {
                let help = format!("write `{}` or `{}`", words[0], words[1]);
                checker.refuse(&place, &POD_014, Reason::Required, format!("`{key}` is missing"), help);
            } else {
                checker.choose_text(&place, value.text(), &POD_014, &words);
            }
        }
        let policy = entry.key("restartPolicy");
        if pod.key("restartPolicy").text() == "Never" && policy.text() != "NotRequired" {
            let title = format!("the Pod never restarts a container, and `restartPolicy` is {}", policy.value());
            let place = list.with_cause_of(&policy);
            let finding = checker.refuse(&place, &POD_014, Reason::Invalid, title, "write `NotRequired`");
            finding.related.push((pod.key("restartPolicy").cause(), "the policy of the Pod".to_owned()));
        }
    }
    for (entry, first) in repeated(list.items(), |entry| Some(entry.key("resourceName").text())) {
        let title = format!("there are two policies for {}", entry.key("resourceName").value());
        let finding = checker.refuse(&entry, &POD_014, Reason::Duplicate, title, "keep one of them");
        finding.related.push((first.cause(), "the first one".to_owned()));
    }
}

/// What an init container does when its resources are changed: from 1.36 on only a sidecar restarts for it.
pub fn init_resize_policy(container: &At, checker: &mut Checker) {
    if !checker.since(36) || is_sidecar(container, checker) {
        return;
    }
    for entry in container.key("resizePolicy").items() {
        let policy = entry.key("restartPolicy");
        if policy.text() == "RestartContainer" {
            let title = "an init container that is no sidecar does not restart for its resources";
            checker.refuse(&policy, &POD_014, Reason::Invalid, title, "write `NotRequired`");
        }
    }
}
