//! The Pod Security labels of the namespace: the strictest level that every Pod of the stack meets is enforced.

use super::set;
use crate::bundle::{Bundle, Field, Object};
use crate::check::pod_security::{ENFORCE, meets};
use crate::component::words::Level;
use crate::stack::Stack;
use crate::value::KubernetesVersion;

/// Labels the Namespace, where the bundle holds one.
pub fn label(bundle: &mut Bundle, stack: &Stack) {
    let is_ours = |object: &Object| object.kind_name() == "Namespace" && !object.identity.is_given();
    let Some(at) = bundle.objects.iter().position(is_ours) else { return };
    let met = strictest(bundle, stack);
    let Bundle { objects, causes } = bundle;
    let namespace = &mut objects[at].root;
    let from: Vec<_> = causes.origins(namespace.cause).collect();
    let enforced =
        causes.derive("the strictest Pod Security level that every Pod of the stack meets is enforced", &from);
    set(namespace, &["metadata", "labels"], ENFORCE, Field::text(met.as_str(), enforced));
    if let Some(goal) = stack.cluster.pod_security {
        for label in ["pod-security.kubernetes.io/audit", "pod-security.kubernetes.io/warn"] {
            set(namespace, &["metadata", "labels"], label, Field::text(goal.value.as_str(), goal.origin));
        }
    }
}

/// The strictest level that every Pod meets. What one Pod does not meet the others are not asked about.
fn strictest(bundle: &Bundle, stack: &Stack) -> Level {
    let templates = bundle.objects.iter().filter_map(Object::pod_template);
    let judged = templates.flat_map(|template| versions(stack).map(move |version| (template, version)));
    judged.fold(Level::Restricted, |level, (template, version)| {
        let mut levels = [Level::Restricted, Level::Baseline].into_iter().skip_while(|stricter| *stricter != level);
        levels.find(|level| meets(template, *level, version)).unwrap_or(Level::Privileged)
    })
}

/// The versions by whose standards the Pods are judged: a namespace that names none is judged by those of its server, which
/// may be the oldest that the output must fit or any newer one.
fn versions(stack: &Stack) -> impl Iterator<Item = KubernetesVersion> {
    let oldest =
        stack.cluster.kubernetes.map(|written| written.value).filter(|version| *version != KubernetesVersion::NEWEST);
    oldest.into_iter().chain([KubernetesVersion::NEWEST])
}
