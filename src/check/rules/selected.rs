//! What to say of a selector that matches no Pod.

use super::{Completeness, Context, Findings};
use crate::diagnostic::Severity;
use crate::graph::Edge;
use crate::value::nearest;

/// The value that Pods of a namespace have for a label, and that is nearest to a wrong one; only slips of a letter or two are meant,
/// because the names of neighbours are often alike.
pub fn near_value<'a>(context: &Context<'a>, namespace: &str, key: &str, wrong: &str) -> Option<&'a str> {
    let values = context.graph.label_values(namespace, key);
    nearest(wrong, values.iter().copied()).filter(|near| *near != wrong && near.len().abs_diff(wrong.len()) <= 2)
}

/// Says that a selector matches no Pod, and what follows from that. An empty one means every Pod, and YAML of others without any
/// Pods says nothing about them. `most` is how bad it can be in YAML of others.
pub fn say_nothing_selected(
    context: &Context,
    most: Severity,
    edge: &Edge,
    consequence: &str,
    findings: &mut Findings,
) {
    let Some(selector) = edge.selector().filter(|selector| !selector.is_empty()) else { return };
    let namespace = context.graph.namespace(&context.bundle.objects[edge.from]);
    let has_pods = context.graph.pods().iter().any(|pods| pods.namespace == namespace);
    if !has_pods && context.completeness != Completeness::Closed {
        return;
    }
    let near = selector.labels.iter().find_map(|(key, value)| {
        near_value(context, namespace, key, value).map(|near| format!("did you mean `{key}: {near}`?"))
    });
    let title = format!("no Pod has the labels `{selector}`, {consequence}");
    let help = near.unwrap_or_else(|| "write labels that a Pod template of the same namespace has".to_owned());
    findings.missing_at(most, edge, (title, help));
}
