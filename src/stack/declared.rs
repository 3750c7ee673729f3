//! What a stack declares: names, connections, what HPAs scale; and names that meet.

use super::Stack;
use crate::component::config::ConfigPlan;
use crate::component::file::{StackFile, Tables};
use crate::component::parts::exposure::ServiceType;
use crate::component::secret::DeclaredSecret;
use crate::component::words::WorkloadKind;
use crate::component::world::{Connections, Declared, Names, Scale};
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::document::{Node, OriginId};
use crate::shape::Written;
use crate::value::Name;
use indexmap::IndexMap;
use indexmap::map::Entry;
use rustc_hash::FxBuildHasher;

type Scaled = IndexMap<Box<str>, Scale, FxBuildHasher>;

/// The tables that share one name space: a Service of one would select the Pods of the other.
const COMPONENTS: [&str; 6] = ["db", "api", "worker", "cronjob", "job", "external"];

/// What the tree declares, mistaken components too; two of one name are reported.
pub fn names(root: &Node, checking: &mut Checking) -> Names {
    let mut names = Names::default();
    for table in COMPONENTS {
        for (name, node) in root.get(table).and_then(Node::as_table).into_iter().flatten() {
            let declared = Declared { table, origin: node.origin, keys: None };
            match names.components.entry(name.clone()) {
                Entry::Vacant(entry) => {
                    entry.insert(declared);
                }
                Entry::Occupied(first) => {
                    let title = format!("`{table}.{name}` and `{}.{name}` have one name", first.get().table);
                    let diagnostic = Diagnostic::error("duplicate-name", title)
                        .at(checking.key_span(node.origin), "the same name again")
                        .at(checking.key_span(first.get().origin), "first here")
                        .help("rename one of them: a Service selects Pods by this name");
                    checking.report.push(diagnostic);
                }
            }
        }
    }
    for (table, names) in
        [("config", &mut names.configs), ("secret", &mut names.secrets), ("volume", &mut names.volumes)]
    {
        for (name, node) in root.get(table).and_then(Node::as_table).into_iter().flatten() {
            names.insert(name.clone(), Declared { table, origin: node.origin, keys: None });
        }
    }
    names
}

/// Adds the keys of configs, the lists of keys of secrets, and the secrets that components declare by naming them.
pub fn add_contents(names: &mut Names, tables: &Tables, configs: &[ConfigPlan], secrets: &[DeclaredSecret]) {
    for plan in configs {
        if let Some(declared) = names.configs.get_mut(plan.name.value.as_str()) {
            declared.keys = Some(plan.data.iter().map(|(key, _)| key.value.as_str().into()).collect());
        }
    }
    for (name, table) in tables.secret.iter().filter(|(_, table)| !table.keys.is_empty()) {
        if let Some(declared) = names.secrets.get_mut(name.value.as_str()) {
            declared.keys = Some(table.keys.iter().map(|key| key.value.as_str().into()).collect());
        }
    }
    for secret in secrets {
        let declared = Declared { table: "secret", origin: secret.name.origin, keys: None };
        names.secrets.entry(secret.name.value.as_str().into()).or_insert(declared);
    }
}

/// What HPAs scale; two for one component are reported.
pub fn scaled(file: &StackFile, checking: &mut Checking) -> Scaled {
    let mut scaled = Scaled::default();
    for (name, hpa) in file.tables.hpa.iter() {
        let target = hpa.target(name);
        let scale = Scale { origin: name.origin, minimum: hpa.min.map_or(1, |min| min.value.get()) };
        match scaled.entry(target.value.as_str().into()) {
            Entry::Vacant(entry) => {
                entry.insert(scale);
            }
            Entry::Occupied(first) => {
                let diagnostic = Diagnostic::error("duplicate-target", format!("two HPAs scale `{}`", target.value))
                    .at(checking.key_span(name.origin), "the second one")
                    .at(checking.key_span(first.get().origin), "the first one")
                    .help("put `cpu` and `memory` into one HPA, and remove the other");
                checking.report.push(diagnostic);
            }
        }
    }
    scaled
}

/// How each component is reached.
pub fn connections(stack: &Stack) -> Connections {
    let tables = &stack.file.tables;
    let mut connections = Connections::default();
    for (name, api) in tables.api.iter() {
        let none = api
            .listening
            .service
            .as_ref()
            .and_then(|service| service.kind)
            .is_some_and(|kind| kind.value == ServiceType::None);
        if !none {
            connections.insert(name.value.as_str().into(), api.connection(name));
        }
    }
    let name = stack
        .table
        .name
        .as_ref()
        .map_or(Written { value: "app", origin: stack.origin }, |name| name.as_ref().map(Name::as_str));
    connections.extend(tables.db.iter().map(|(db, table)| (db.value.as_str().into(), table.connection(db, name))));
    connections
        .extend(tables.external.iter().map(|(name, external)| (name.value.as_str().into(), external.connection(name))));
    connections
}

/// Reports derived and additional Services whose names meet another component's.
pub fn check_services(stack: &Stack, checking: &mut Checking) {
    let tables = &stack.file.tables;
    let mut services: Vec<(String, OriginId, &str)> = Vec::new();
    for (name, api) in tables.api.iter() {
        services.extend(
            api.listening.services.iter().map(|(service, _)| (service.value.to_string(), service.origin, "a Service")),
        );
        if api.replicated.workload_kind() == WorkloadKind::StatefulSet {
            services.push((format!("{}-headless", name.value), name.origin, "the headless Service"));
        }
    }
    let stateful =
        tables.worker.iter().filter(|(_, worker)| worker.replicated.workload_kind() == WorkloadKind::StatefulSet);
    for (name, db) in tables.db.iter() {
        services.extend(db.derived_services(name).into_iter().map(|(service, what)| (service, name.origin, what)));
    }
    for (name, _) in stateful {
        services.push((format!("{}-headless", name.value), name.origin, "the headless Service"));
    }
    let mut seen: IndexMap<String, OriginId, FxBuildHasher> = IndexMap::default();
    for (name, origin, what) in services {
        let meets = stack
            .names
            .components
            .get(name.as_str())
            .map(|declared| declared.origin)
            .or_else(|| seen.get(&name).copied());
        if let Some(other) = meets {
            let diagnostic = Diagnostic::error(
                "derived-name",
                format!("{what} made here is called `{name}`, and so is another component's"),
            )
            .at(checking.key_span(origin), format!("makes the Service `{name}`"))
            .at(checking.key_span(other), "has this name too")
            .help("rename one of them");
            checking.report.push(diagnostic);
        }
        seen.insert(name, origin);
    }
}

/// The kinds of what an HPA can scale, by name.
pub fn workload_kinds(tables: &Tables) -> IndexMap<&str, WorkloadKind, FxBuildHasher> {
    let apis = tables.api.iter().map(|(name, api)| (name.value.as_str(), api.replicated.workload_kind()));
    let workers = tables.worker.iter().map(|(name, worker)| (name.value.as_str(), worker.replicated.workload_kind()));
    apis.chain(workers).collect()
}
