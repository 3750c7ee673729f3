//! `[stack]`: the name of the whole and where it lives.

use crate::shape::{Leaf, Short, Written, entry};
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
    /// The name of the whole and where it lives.
    pub struct Stack("stack") {
        /// The label `app.kubernetes.io/part-of` of every object; `app` where it is left out.
        name: Option<Written<Name>>,
        /// The namespace of every object, emitted too; none where it is left out.
        namespace: Option<Namespace>,
        /// Makes NetworkPolicies from `uses`, `wait` and routes: databases, and apis that are led to, let in only who is led there.
        /// What is exposed stays open; what Pods connect to by themselves, name servers included, is not restricted. A database
        /// that an operator runs is left to its operator.
        network_policy: Option<Written<bool>>,
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
        /// that an operator runs is left to its operator.
        network_policy: Option<Written<bool>>,
    }
}
