//! Pods are made by a controller.
//!
//! A Pod that was made by hand is gone with its node, and when it is deleted: nothing makes it anew, and no rollout replaces it.
//!
//! ```yaml fail
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: web}
//! spec:
//!   containers:
//!   - {name: web, image: "nginx:1.27.3"}
//! ```
//!
//! ```yaml pass
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web}}
//!     spec:
//!       containers:
//!       - {name: web, image: "nginx:1.27.3"}
//! ```
//!
//! Write a Deployment with the Pod as its template, or a Job for what has an end. In a stack that is an `[api.NAME]`, a `[worker.NAME]`
//! or a `[job.NAME]`. Hooks of Helm and Argo CD are let be.

use super::origin::{is_hook, is_owned};
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "bare-pod",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("bare_pod.rs"),
    check,
};

/// The annotation of Pods that a kubelet reads from a file of its node.
const STATIC: &str = "kubernetes.io/config.source";

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects().filter(|(_, object)| object.kind_name() == "Pod") {
        let root = At::root(&object.root);
        let metadata = root.key("metadata");
        if is_owned(object) || is_hook(object) || metadata.key("annotations").has(STATIC) {
            continue;
        }
        let title = format!("the Pod `{}` has no controller: once it is gone, nobody makes it anew", object.name());
        let help = match root.key("spec").key("restartPolicy").text() {
            "Never" | "OnFailure" => "write a Job with this Pod as its `spec.template`",
            _ => "write a Deployment with this Pod as its `spec.template`",
        };
        findings.add(index, &root.key("kind"), title, help);
    }
}
