//! Pod Security: what the level that a namespace enforces refuses of Pods.

mod standard;

pub use standard::{ENFORCE, RULES, is_safe_sysctl};

use super::checker::Checker;
use super::finding::{Finding, Reason};
use super::place::At;
use super::target::Target;
use crate::bundle::{Bundle, Field, Object};
use crate::component::words::Level;
use crate::graph::look_along;
use crate::value::KubernetesVersion;
use standard::{Breach, Standard};

/// The strictest level that Pods of this template meet.
pub fn met(template: &Field, kubernetes: KubernetesVersion) -> Level {
    let levels = [Level::Restricted, Level::Baseline];
    levels.into_iter().find(|level| meets(template, *level, kubernetes)).unwrap_or(Level::Privileged)
}

/// Whether Pods of this template meet a level.
pub fn meets(template: &Field, level: Level, kubernetes: KubernetesVersion) -> bool {
    let mut meets = true;
    if level != Level::Privileged {
        let standard = Standard { level, kubernetes, minor: kubernetes.minor };
        standard.look(&At::root(template), &mut |_, _| meets = false);
    }
    meets
}

/// What the namespaces of a bundle refuse of the Pods in it. A server takes the workload, and then nobody can create its Pods.
pub fn check(bundle: &Bundle, target: Target) -> Vec<Finding> {
    let mut findings = refused(bundle, target.oldest);
    if target.newest != target.oldest {
        let newest = refused(bundle, target.newest);
        findings.extend(newest.into_iter().filter(|finding| !findings.contains(finding)).collect::<Vec<_>>());
    }
    findings
}

/// What a server of this version refuses.
fn refused(bundle: &Bundle, kubernetes: KubernetesVersion) -> Vec<Finding> {
    let mut findings = Vec::new();
    for namespace in bundle.objects.iter().filter(|object| object.kind_name() == "Namespace") {
        let root = At::root(&namespace.root);
        let metadata = root.key("metadata");
        let labels = metadata.key("labels");
        let enforce = labels.key(ENFORCE);
        let Some(standard) = Standard::of(&labels, kubernetes) else { continue };
        for (index, object) in bundle.objects.iter().enumerate().filter(|(_, object)| is_in(object, namespace.name())) {
            let mut checker = Checker::new(index, kubernetes);
            let root = At::root(&object.root);
            look_along(&root, object.kind.row().pod_template.unwrap_or_default(), &mut |template| {
                standard.look(template, &mut |at, breach| {
                    let title = title(breach, at, standard.level, namespace, object);
                    let help = format!("{}, or enforce a lower level on the namespace", breach.help);
                    let finding = checker.refuse(at, breach.rule, Reason::Forbidden, title, help);
                    finding.related.push((enforce.cause(), "the level is enforced here".to_owned()));
                });
            });
            findings.append(&mut checker.into_findings());
        }
    }
    findings
}

/// Whether an object makes Pods in a namespace.
fn is_in(object: &Object, namespace: &str) -> bool {
    let own = object.root.follow(&["metadata", "namespace"]).and_then(Field::as_str).unwrap_or("default");
    object.kind.row().pod_template.is_some() && own == namespace
}

fn title(breach: &Breach, at: &At, level: Level, namespace: &Object, object: &Object) -> String {
    let problem = breach.problem.replace("{}", &at.value());
    let (level, namespace, kind, name) = (level.as_str(), namespace.name(), object.kind_name(), object.name());
    let outcome = match kind {
        "Pod" => "the server refuses the Pod".to_owned(),
        kind => format!("the server takes {kind}/{name}, and refuses its Pods"),
    };
    format!("{problem}, which the namespace {namespace} forbids by its level `{level}`: {outcome}")
}
