//! Pods hold a token for the Kubernetes API only where they may do something with it.
//!
//! Every Pod gets the token of its account as a file unless it says otherwise. Whoever gets into a container has it, and with it
//! whatever is given to that account later, by whomever.
//!
//! ```yaml fail
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
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! ```
//!
//! In a stack a Pod has no token unless it asks for an account or for `access`. An account with annotations, as those by which providers
//! give rights of their own, and one that is not among the objects may have rights elsewhere: nothing is said of them.

use super::origin::table;
use super::pods::look_at_template;
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::{Field, Object};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};
use crate::graph::{Edge, Relation, Target};
use std::collections::BTreeSet;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "automount-token",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Info),
    source: include_str!("automount_token.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let bound: BTreeSet<(&str, &str)> = accounts(context).collect();
    for (index, object) in context.objects() {
        look_at_template(object, &mut |template| {
            let spec = template.key("spec");
            let (name, older) = (spec.key("serviceAccountName"), spec.key("serviceAccount"));
            let name = if name.is_empty() { older } else { name };
            let account = if name.is_empty() { "default" } else { name.text() };
            let found = context.graph.find("ServiceAccount", object.namespace(), account).map(|(_, found)| found);
            let has_rights = bound.contains(&(context.graph.namespace(object), account));
            let is_unknown = account != "default" && found.is_none() || found.is_some_and(has_annotations);
            let mount = spec.key("automountServiceAccountToken");
            if has_rights || is_unknown || !mounts(&mount, found) {
                return;
            }
            let title = format!(
                "the Pods of {} `{}` carry a token of the account `{account}`, which has no rights",
                object.kind_name(),
                object.name()
            );
            let help = match table(context, object) {
                Some(table) => format!(
                    "remove `service-account` from `[{table}]`, or write what it may do: `access.\"\" = {{ resources = [\"pods\"], verbs = [\"get\"] }}`"
                ),
                None => format!("write `automountServiceAccountToken: false` below `{spec}`"),
            };
            let at = if name.is_set() { &name } else { &mount };
            findings.add(index, at, title, help);
        });
    }
}

/// The accounts to which a binding gives rights, with their namespaces.
fn accounts<'a>(context: &Context<'a>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let is_binding = |edge: &&Edge| context.bundle.objects[edge.from].kind_name().ends_with("Binding");
    let bindings = context.graph.related(Relation::Binds).filter(is_binding);
    bindings.filter_map(|edge| match edge.target {
        Target::Object { kind: "ServiceAccount", namespace, name, .. } => Some((namespace, name)),
        _ => None,
    })
}

fn has_annotations(account: &Object) -> bool {
    account.root.follow(&["metadata", "annotations"]).is_some_and(|annotations| !annotations.entries().is_empty())
}

/// Whether the token is mounted: the Pod says so, or else its account, or else it is.
fn mounts(of_pod: &At, account: Option<&Object>) -> bool {
    if of_pod.is_set() {
        return of_pod.is_true();
    }
    let of_account = account.and_then(|account| account.root.get("automountServiceAccountToken"));
    of_account.and_then(Field::as_boolean).unwrap_or(true)
}
