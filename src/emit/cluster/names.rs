//! Which names the tools take for a cluster.

use super::facts::{cluster_name, tool};
use super::{k3d, kind, minikube};
use crate::component::cluster::Tool;
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::stack::Stack;
use std::ops::RangeInclusive;

/// Reports a name that the tool refuses.
pub fn check(stack: &Stack, checking: &mut Checking) {
    let (word, lengths): (_, RangeInclusive<usize>) = match tool(&stack.cluster) {
        Tool::K3d => ("k3d", 1..=k3d::LONGEST_NAME),
        Tool::Kind => ("kind", 1..=kind::LONGEST_NAME),
        Tool::Minikube => ("minikube", minikube::SHORTEST_NAME..=usize::MAX),
        Tool::None => return,
    };
    let name = cluster_name(stack);
    if lengths.contains(&name.len()) {
        return;
    }
    let limit = match lengths.into_inner() {
        (1, longest) => format!("{longest} characters at most"),
        (shortest, _) => format!("{shortest} characters at least"),
    };
    let title = format!("{word} takes no cluster with the name `{name}`: it has {} characters", name.len());
    let diagnostic = Diagnostic::error("bad-cluster-name", title);
    let written = stack.cluster.name.as_ref().or(stack.table.name.as_ref());
    let diagnostic = match written {
        Some(name) => diagnostic.at(checking.span(name.origin), format!("{word} takes {limit}")),
        None => diagnostic,
    };
    checking.report.push(diagnostic.help(format!("name the cluster: `cluster.name = \"NAME\"`, {limit}")));
}
