//! What to say of a selector that matches no Pod.

use super::{Completeness, Context, Findings};
use crate::diagnostic::Severity;
use crate::graph::Edge;
use crate::value::nearest;

/// Says that a selector matches no Pod, and what follows from that. An empty one means every Pod, and YAML of others without any
/// Pods says nothing about them.
pub fn say_nothing_selected(context: &Context, edge: &Edge, consequence: &str, findings: &mut Findings) {
    let Some(selector) = edge.selector().filter(|selector| !selector.is_empty()) else { return };
    let namespace = context.graph.namespace(&context.bundle.objects[edge.from]);
    let has_pods = context.graph.pods().iter().any(|pods| pods.namespace == namespace);
    if !has_pods && context.completeness != Completeness::Closed {
        return;
    }
    let near = selector.labels.iter().find_map(|(key, value)| {
        let values = context.graph.label_values(namespace, key);
        let near = nearest(value, values.iter().copied()).filter(|near| near != value)?;
        Some(format!("did you mean `{key}: {near}`?"))
    });
    let title = format!("no Pod has the labels `{selector}`, {consequence}");
    let help = near.unwrap_or_else(|| "write labels that a Pod template of the same namespace has".to_owned());
    findings.missing_at(Severity::Warning, edge, (title, help));
}
