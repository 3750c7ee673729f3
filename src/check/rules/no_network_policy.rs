//! A database is reached by those alone who use it.
//!
//! Without a NetworkPolicy every Pod of the cluster may connect to every other, those of other teams too: one Pod that is taken over
//! tries the passwords of all databases. A stack knows who uses what, and makes the policies when it is asked to.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! uses = ["cache"]
//!
//! [db.cache]
//! engine = "redis"
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//! network-policy = true
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! uses = ["cache"]
//!
//! [db.cache]
//! engine = "redis"
//! ```
//!
//! Write `network-policy = true` below `[stack]`. Nothing is said on local clusters, where the cluster ignores policies, of a stack
//! without a database in it, and of YAML of others.

use super::{Context, Findings, Levels, LintRule};
use crate::bundle::At;
use crate::component::cluster::PolicySupport;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "no-network-policy",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Info),
    source: include_str!("no_network_policy.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let Some(stack) = context.stack else { return };
    let is_ignored = stack.cluster.network_policy.is_some_and(|support| support.value == PolicySupport::Ignored);
    // CiliumNetworkPolicy and its kin are policies too
    if is_ignored || context.objects().any(|(_, object)| object.kind_name().ends_with("NetworkPolicy")) {
        return;
    }
    let databases = stack.file.tables.db.iter().map(|(name, _)| name.value.as_str());
    let names: Vec<&str> = databases.collect();
    let mut objects = context.objects().filter(|(index, object)| {
        context.graph.pods_of(*index).is_some() && names.contains(&&*object.identity.component)
    });
    if let Some((index, object)) = objects.next() {
        let root = At::root(&object.root);
        let metadata = root.key("metadata");
        let title = format!("every Pod of the cluster may connect to `{}`", object.identity.component);
        let help = format!(
            "write `network-policy = true` below `[stack]`: then only components with `uses = [\"{}\"]` may connect",
            object.identity.component
        );
        findings.add(index, &metadata.key("name"), title, help);
    }
}
