//! What a stack declares: names, connections, what HPAs scale; and names that meet.

use super::Stack;
use crate::component::config::ConfigPlan;
use crate::component::db::companion::CompanionName;
use crate::component::file::{StackFile, Tables};
use crate::component::parts::exposure::ServiceType;
use crate::component::secret::DeclaredSecret;
use crate::component::words::WorkloadKind;
use crate::component::world::{Connections, Declared, Names, Scale};
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::document::{Node, OriginId};
use crate::shape::{Switch, Written};
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
                    let title = format!("`{table}.{name}` and `{}.{name}` have the same name", first.get().table);
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
    let name = name(stack);
    connections.extend(tables.db.iter().map(|(db, table)| (db.value.as_str().into(), table.connection(db, name))));
    connections
        .extend(tables.external.iter().map(|(name, external)| (name.value.as_str().into(), external.connection(name))));
    connections
}

/// The same with every server itself in place of its pooler; none where no database has one.
pub fn servers(stack: &Stack) -> Option<Connections> {
    let databases = || stack.file.tables.db.iter().filter(|(_, db)| matches!(db.pooler, Some(Switch::On(_))));
    databases().next()?;
    let mut servers = stack.connections.clone();
    let name = name(stack);
    servers.extend(databases().map(|(db, table)| (db.value.as_str().into(), table.server_connection(db, name))));
    Some(servers)
}

fn name(stack: &Stack) -> Written<&str> {
    let written = stack.table.name.as_ref().map(|name| name.as_ref().map(Name::as_str));
    written.unwrap_or(Written { value: "app", origin: stack.origin })
}

/// Reports what is made beside components, and additional Services, where the name meets that of something else.
pub fn check_made(stack: &Stack, checking: &mut Checking) {
    let mut seen: IndexMap<String, OriginId, FxBuildHasher> = IndexMap::default();
    for made in made(&stack.file.tables) {
        let components = stack.names.components.get(made.name.as_str());
        let component = components.map(|declared| (declared.origin, format!("`[{}.{}]`", declared.table, made.name)));
        let of_tables = || made.tables.iter().find_map(|table| declared_in(table, &made.name, &stack.names));
        let again = || seen.get(&made.name).map(|origin| (*origin, "what another component makes".to_owned()));
        if let Some((other, whose)) = component.or_else(of_tables).or_else(again) {
            let title = format!("{} made here gets the name of {whose}: `{}`", made.what, made.name);
            let diagnostic = Diagnostic::error("derived-name", title)
                .at(checking.key_span(made.origin), format!("makes {} `{}`", made.object, made.name))
                .at(checking.key_span(other), "has this name too")
                .help(format!("rename {whose}, or the component that makes {}", made.object));
            checking.report.push(diagnostic);
        }
        seen.insert(made.name, made.origin);
    }
}

/// Something that is made beside a component.
struct Made {
    name: String,
    origin: OriginId,
    /// What it is to the component, with article.
    what: &'static str,
    /// What is made, with article.
    object: &'static str,
    /// The tables whose objects would have its name and kind too, beside the components.
    tables: Vec<&'static str>,
}

impl Made {
    fn service(name: String, origin: OriginId, what: &'static str) -> Self {
        Self { name, origin, what, object: "the Service", tables: Vec::new() }
    }
}

fn made(tables: &Tables) -> Vec<Made> {
    let headless =
        |name: &Written<Name>| Made::service(format!("{}-headless", name.value), name.origin, "the headless Service");
    let mut all = Vec::new();
    for (name, api) in tables.api.iter() {
        let services = api.listening.services.iter();
        all.extend(services.map(|(name, service)| Made::service(name.value.to_string(), service.origin, "a Service")));
        if api.replicated.workload_kind() == WorkloadKind::StatefulSet {
            all.push(headless(name));
        }
    }
    let stateful =
        tables.worker.iter().filter(|(_, worker)| worker.replicated.workload_kind() == WorkloadKind::StatefulSet);
    all.extend(stateful.map(|(name, _)| headless(name)));
    for (name, db) in tables.db.iter() {
        let services = db.derived_services(name).into_iter();
        all.extend(services.map(|(service, what)| Made::service(service, name.origin, what)));
        let names = db.companion_names(name).into_iter();
        all.extend(names.map(|CompanionName { name, origin, what, tables }| Made {
            name,
            origin,
            what,
            object: what,
            tables,
        }));
    }
    all
}

/// Where a config or a volume of this name was declared, and whose name it is.
fn declared_in(table: &str, name: &str, names: &Names) -> Option<(OriginId, String)> {
    let declared = if table == "volume" { names.volumes.get(name) } else { names.configs.get(name) };
    declared.map(|declared| (declared.origin, format!("`[{}.{name}]`", declared.table)))
}

/// The kinds of what an HPA can scale, by name.
pub fn workload_kinds(tables: &Tables) -> IndexMap<&str, WorkloadKind, FxBuildHasher> {
    let apis = tables.api.iter().map(|(name, api)| (name.value.as_str(), api.replicated.workload_kind()));
    let workers = tables.worker.iter().map(|(name, worker)| (name.value.as_str(), worker.replicated.workload_kind()));
    apis.chain(workers).collect()
}
