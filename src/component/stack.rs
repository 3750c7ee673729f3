//! `[stack]`: the name of the whole and where it lives.

use crate::document::{Node, Table, Value};
use crate::shape::{Kind, Leaf, Short, Switch, Written, entry};
use crate::table;
use crate::value::Name;

table! {
    /// The namespace of every object.
    pub struct Namespace("namespace") {
        /// Its name.
        name: Written<Name>,
        /// Emits the Namespace object; where it is false it exists already.
        create: Option<Written<bool>>,
    }
    form {
        short: Some(Short {
            what: "a name such as \"app\"",
            kind: <Name as Leaf>::KIND,
            expand: |node| entry(node, "name"),
        }),
    }
}

table! {
    /// Who else may connect to what NetworkPolicies guard.
    pub struct NetworkPolicies("network policies") {
        /// Namespaces whose Pods may connect to every declared port of what has a policy, such as that of Prometheus:
        /// `["monitoring"]`.
        from: Vec<Written<Name>>,
    }
    form {
        short: Some(Short {
            what: "true",
            kind: &Kind::True,
            expand: |node| Node { value: Value::Table(Table::default()), ..node },
        }),
    }
}

impl Stack {
    /// What is asked of NetworkPolicies, where they are asked for.
    pub fn policies(&self) -> Option<&NetworkPolicies> {
        match &self.network_policy {
            Some(Switch::On(policies)) => Some(policies),
            Some(Switch::Off(_)) | None => None,
        }
    }
}

table! {
    /// The name of the whole and where it lives.
    pub struct Stack("stack") {
        /// The label `app.kubernetes.io/part-of` of every object; `app` where it is left out.
        name: Option<Written<Name>>,
        /// The namespace of every object, emitted too; none where it is left out.
        namespace: Option<Namespace>,
        /// Makes NetworkPolicies from `uses`, `wait` and routes: databases, and apis that are led to, let in only who is led there.
        /// What is exposed stays open; what Pods connect to by themselves, name servers included, is not restricted. A database
        /// that an operator runs is left to its operator. Pods of a StatefulSet and those behind a headless Service reach each
        /// other. `{ from = ["monitoring"] }` lets in the Pods of other namespaces too.
        network_policy: Option<Switch<NetworkPolicies>>,
        /// The profiles that this stack supports; the first is the default.
        profiles: Vec<Written<Name>>,
    }
}

table! {
    /// What an overlay may say of the stack.
    pub struct OverlaidStack("stack") {
        /// The namespace of every object.
        namespace: Option<Namespace>,
        /// Makes NetworkPolicies from `uses`, `wait` and routes: databases, and apis that are led to, let in only who is led there.
        /// What is exposed stays open; what Pods connect to by themselves, name servers included, is not restricted. A database
        /// that an operator runs is left to its operator. Pods of a StatefulSet and those behind a headless Service reach each
        /// other. `{ from = ["monitoring"] }` lets in the Pods of other namespaces too.
        network_policy: Option<Switch<NetworkPolicies>>,
    }
}
