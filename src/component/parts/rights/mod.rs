//! What Pods may do with the Kubernetes API: their account, and its rights in the namespace and in the cluster.

mod check;
#[cfg(test)]
mod tests;

use crate::bundle::{Bundle, Object, Traced, traced};
use crate::component::world::{Subject, World, add, entries, text};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, OriginId, Table, Value};
use crate::shape::{Decoder, Keyed, Kind, Leaf, Shape, Short, Written, entry};
use crate::value::{AnnotationName, ApiGroup, ApiResource, ApiScope, ObjectName, Verb};
use crate::{table, traced};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::api::rbac::v1 as rbac;

pub use check::check_accounts;

table! {
    /// The account under which the Pod talks to the Kubernetes API.
    pub struct ServiceAccount("service account") {
        /// Its name; the component's where it is left out.
        name: Option<Written<ObjectName>>,
        /// Emits the account; where it is false it exists already.
        create: Option<Written<bool>>,
        /// Annotations of the account, such as the cloud role that it may take.
        annotations: Keyed<AnnotationName, Written<String>>,
    }
    form {
        short: Some(Short {
            what: "true or a name",
            kind: &Kind::OneOf(&[&Kind::True, <ObjectName as Leaf>::KIND]),
            expand: expand_account,
        }),
    }
}

table! {
    /// What is allowed: verbs on resources.
    pub struct Rule("rule") {
        /// Plurals such as `pods`, or `pods/log`; `*` for all.
        resources: Vec<Written<ApiResource>>,
        /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`; `*` for all.
        verbs: Vec<Written<Verb>>,
        /// The names of the only objects that the rule is for; every object where they are left out.
        names: Vec<Written<String>>,
    }
    validate check_verbs;
}

/// What is allowed in one API group: a rule, or a list of them.
#[derive(Debug, Clone)]
pub struct Rules(pub Vec<Rule>);

impl Shape for Rules {
    const KIND: &'static Kind = &Kind::OneOf(&[<Rule as Shape>::KIND, <Vec<Rule> as Shape>::KIND]);

    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match &node.value {
            Value::Array(_) => Vec::decode(node, decoder).map(Self),
            _ => Rule::decode(node, decoder).map(|rule| Self(vec![rule])),
        }
    }
}

/// What is allowed in the namespace, by API group.
pub type Access = Keyed<ApiGroup, Rules>;

/// What is allowed in the whole cluster, by API group or path.
pub type ClusterAccess = Keyed<ApiScope, Rules>;

/// The account of a component, and what it may do.
#[derive(Debug, Clone, Copy)]
pub struct Rights<'a> {
    /// The account, where one is written.
    pub account: Option<&'a ServiceAccount>,
    /// Rights in the namespace.
    pub access: &'a Access,
    /// Rights in the whole cluster.
    pub cluster_access: &'a ClusterAccess,
    /// Where the component was written.
    pub origin: OriginId,
}

impl Rights<'_> {
    /// The account of the Pods; none where the component needs none.
    pub fn account_name(&self, subject: Subject) -> Option<Traced<String>> {
        let asked = self.asked()?;
        let own = || traced(subject.name.to_owned(), asked);
        Some(self.account.and_then(|account| account.name.as_ref()).map_or_else(own, text))
    }

    /// A token is mounted only where an account or a right is asked for.
    pub fn token(&self, subject: Subject, world: &World) -> Traced<bool> {
        match self.asked() {
            Some(asked) => traced(true, asked),
            None => {
                let rule = "a Pod gets a token for the Kubernetes API only where it asks for an account";
                traced(false, world.derive(rule, &[subject.origin]))
            }
        }
    }

    /// Adds the account, where the stack makes it, and roles with their bindings, where rights are given.
    pub fn add(&self, subject: Subject, world: &World, bundle: &mut Bundle) {
        let (Some(asked), Some(account)) = (self.asked(), self.account_name(subject)) else { return };
        let is_made = |object: &Object| object.kind_name() == "ServiceAccount" && object.name() == account.value;
        let shared = self.account.is_some_and(|account| account.name.is_some());
        if self.makes_account() && !(shared && bundle.objects.iter().any(is_made)) {
            let annotations = self.account.map_or_else(Vec::new, |account| entries(&account.annotations));
            let metadata = world.metadata_with(subject, account.clone(), Vec::new(), annotations);
            add(bundle, subject, "service-account", traced!(asked, core::ServiceAccount { metadata: metadata }));
        }
        if let Some(origin) = self.access.origin.filter(|_| !self.access.is_empty()) {
            add_role(self.access, &account, origin, subject, world, bundle);
        }
        if let Some(origin) = self.cluster_access.origin.filter(|_| !self.cluster_access.is_empty()) {
            add_cluster_role(self.cluster_access, &account, origin, subject, world, bundle);
        }
    }

    /// What asks for an account: its own key, else a right.
    fn asked(&self) -> Option<OriginId> {
        let access = || self.access.origin.filter(|_| !self.access.is_empty());
        let cluster = || self.cluster_access.origin.filter(|_| !self.cluster_access.is_empty());
        self.account.map(|account| account.origin).or_else(access).or_else(cluster)
    }

    /// Whether the stack makes the account, or it exists already.
    fn makes_account(&self) -> bool {
        let create = self.account.and_then(|account| account.create);
        self.asked().is_some() && create.is_none_or(|create| create.value)
    }
}

const GROUP: &str = "rbac.authorization.k8s.io";

fn add_role(
    access: &Access,
    account: &Traced<String>,
    origin: OriginId,
    subject: Subject,
    world: &World,
    bundle: &mut Bundle,
) {
    let own = || traced(subject.name.to_owned(), subject.origin);
    let rules = access.iter().flat_map(|(group, rules)| rules.0.iter().map(|rule| group_rule(text(group), rule)));
    let metadata = world.metadata(subject, subject.name);
    let role = traced!(origin, rbac::Role { metadata: metadata, rules: rules.collect::<Vec<_>>() });
    add(bundle, subject, "role", role);
    let binding = traced!(
        origin,
        rbac::RoleBinding {
            metadata: world.metadata(subject, subject.name),
            role_ref: traced!(origin, rbac::RoleRef { api_group: GROUP, kind: "Role", name: own() }),
            subjects: vec![bound(account, origin, world)],
        }
    );
    add(bundle, subject, "role-binding", binding);
}

fn add_cluster_role(
    access: &ClusterAccess,
    account: &Traced<String>,
    origin: OriginId,
    subject: Subject,
    world: &World,
    bundle: &mut Bundle,
) {
    let own = || cluster_name(subject, world);
    let rule = |scope: &Written<ApiScope>, rule: &Rule| match scope.value.is_path() {
        true => path_rule(text(scope), rule),
        false => group_rule(text(scope), rule),
    };
    let rules = access.iter().flat_map(|(scope, rules)| rules.0.iter().map(move |own| rule(scope, own)));
    let metadata = world.cluster_metadata(subject, own());
    let role = traced!(origin, rbac::ClusterRole { metadata: metadata, rules: rules.collect::<Vec<_>>() });
    add(bundle, subject, "cluster-role", role);
    let binding = traced!(
        origin,
        rbac::ClusterRoleBinding {
            metadata: world.cluster_metadata(subject, own()),
            role_ref: traced!(origin, rbac::RoleRef { api_group: GROUP, kind: "ClusterRole", name: own() }),
            subjects: vec![bound(account, origin, world)],
        }
    );
    add(bundle, subject, "cluster-role-binding", binding);
}

/// The name of an object of the whole cluster: with the namespace, so that two stacks of one kind do not take it from each other.
fn cluster_name(subject: Subject, world: &World) -> Traced<String> {
    match world.namespace() {
        Some(namespace) => {
            let rule = "what belongs to the whole cluster has the namespace in its name";
            let cause = world.derive(rule, &[subject.origin, namespace.origin]);
            traced(format!("{}-{}", namespace.value, subject.name), cause)
        }
        None => traced(subject.name.to_owned(), subject.origin),
    }
}

fn group_rule(group: Traced<String>, rule: &Rule) -> Traced<rbac::PolicyRule> {
    traced!(
        rule.origin,
        rbac::PolicyRule {
            api_groups: vec![group],
            resources: texts(&rule.resources),
            resource_names: texts(&rule.names),
            verbs: texts(&rule.verbs),
        }
    )
}

fn path_rule(path: Traced<String>, rule: &Rule) -> Traced<rbac::PolicyRule> {
    traced!(rule.origin, rbac::PolicyRule { non_resource_urls: vec![path], verbs: texts(&rule.verbs) })
}

/// The account as bindings name it. Without a namespace, a RoleBinding means its own.
fn bound(account: &Traced<String>, origin: OriginId, world: &World) -> Traced<rbac::Subject> {
    let namespace = world.namespace().map(|namespace| traced(namespace.value.to_owned(), namespace.origin));
    traced!(origin, rbac::Subject { kind: "ServiceAccount", name: account.clone(), namespace: namespace })
}

fn texts<T: ToString>(list: &[Written<T>]) -> Vec<Traced<String>> {
    list.iter().map(text).collect()
}

/// `true` makes one that is named like the component; a name is one that exists.
fn expand_account(node: Node) -> Node {
    let origin = node.origin;
    let flag = |value| Node { origin, value: Value::Boolean(value) };
    if let Value::Boolean(_) = node.value {
        return entry(flag(true), "create");
    }
    let mut table = Table::default();
    table.insert("name".into(), node);
    table.insert("create".into(), flag(false));
    Node { origin, value: Value::Table(table) }
}

fn check_verbs(rule: &Rule, decoder: &mut Decoder) {
    if rule.verbs.is_empty() && !decoder.is_doubtful(&["verbs"]) {
        let diagnostic = Diagnostic::error("missing-key", "this rule has no `verbs`, so it allows nothing")
            .at(decoder.span(rule.origin), "")
            .help("add `verbs = [\"get\", \"list\"]`");
        decoder.report.push(diagnostic);
    }
}
