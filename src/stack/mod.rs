//! The whole stack as one valid value: what is declared, how components are reached, what refers to what.

pub mod contents;
pub mod names;
pub mod evaluator;
pub mod secrets;
pub mod references;
pub mod manifests;
pub mod declared;
pub mod variables;

use crate::bundle::{Causes, Field};
use crate::component::approach::Approaches;
use crate::component::classes;
use crate::component::cluster::{Cluster, PolicySupport};
use crate::component::config::ConfigPlan;
use crate::component::db::scripts::{self, ScriptsPlan};
use crate::component::defaults::WaitDefaults;
use crate::component::expose;
use crate::component::file::StackFile;
use crate::component::manifest::Given;
use crate::component::parts::rights;
use crate::component::patch::PatchPlan;
use crate::component::secret::SecretPlan;
use crate::component::stack::Stack as StackTable;
use crate::component::words::{Source, WorkloadKind};
use crate::component::world::{Connections, Names, Scale, WaitContainer, World};
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::document::{Node, OriginId, Origins, Table, Value};
use crate::profile::{Layer, Resolved, Role, Session};
use crate::shape::{Decoder, Shape, Written};
use crate::source::Inputs;
use crate::value::Name;
use evaluator::Evaluator;
use indexmap::IndexMap;
use manifests::Texts;
use rustc_hash::FxBuildHasher;
use secrets::Secrets;
use std::cell::RefCell;

/// A stack whose every value is valid.
pub struct Stack {
    /// All tables, decoded.
    pub file: StackFile,
    /// Where the tree begins.
    pub origin: OriginId,
    /// Name and namespace.
    pub table: StackTable,
    /// Facts about the cluster.
    pub cluster: Cluster,
    /// The profile.
    pub profile: String,
    /// What is declared, by name.
    pub names: Names,
    /// How components are reached.
    pub connections: Connections,
    /// What HPAs scale.
    pub scaled: IndexMap<Box<str>, Scale, FxBuildHasher>,
    /// What must be said of Services that routes lead to.
    pub approaches: Approaches,
    /// What the init containers have that `wait` makes.
    pub wait: WaitContainer,
    /// What configs hold.
    pub configs: Vec<ConfigPlan>,
    /// What databases run on their first start.
    pub scripts: Vec<ScriptsPlan>,
    /// Secrets, and where their values come from.
    pub secrets: Vec<SecretPlan>,
    /// Objects that the user wrote.
    pub manifests: Vec<Given>,
    /// Changes to objects, in the order in which they are made.
    pub patches: Vec<PatchPlan>,
}

/// Decodes a merged tree and reports everything that is wrong with it; `None` where the tree is no table at all.
pub fn build(resolved: &Resolved, session: &mut Session, inputs: &dyn Inputs) -> Option<Stack> {
    let Session { sources, origins, report, layers, .. } = session;
    let evaluator = Evaluator::new(&resolved.root, &resolved.profile, sources, origins);
    let mut decoder = Decoder::new(sources, origins, report, &evaluator);
    let mut file = StackFile::decode(&resolved.root, &mut decoder)?;
    let (table, cluster, wait) = single_tables(&mut file, &resolved.root, &mut decoder)?;
    let mut checking = Checking { sources, origins, report };
    let mut names = declared::names(&resolved.root, &mut checking);
    let configs = configs(&file, inputs, &evaluator, &mut checking);
    let databases = file.tables.db.iter();
    let scripts = databases.filter_map(|(name, db)| scripts::read(db, name, inputs, &mut checking)).collect();
    let texts = Texts::gather(&file.tables, inputs, &evaluator, &mut checking);
    let declared = references::declared_secrets(&file.tables, name(&table, resolved.root.origin));
    declared::add_contents(&mut names, &file.tables, &configs, &declared);
    let secrets = secrets::plan(
        &Secrets {
            tables: &file.tables.secret,
            declared: &declared,
            references: &references::secrets(&file.tables),
            cluster: &cluster,
            inputs,
            values: inputs.secret_values(),
        },
        &mut checking,
    );
    let mut stack = Stack {
        names,
        configs,
        scripts,
        secrets,
        connections: Connections::default(),
        scaled: declared::scaled(&file, &mut checking),
        approaches: Approaches::default(),
        origin: resolved.root.origin,
        profile: resolved.profile.clone(),
        file,
        table,
        cluster,
        wait: wait.lower(),
        manifests: texts.objects(origins, report),
        patches: Vec::new(),
    };
    stack.patches = texts.patches(&stack.file.tables, origins, report);
    manifests::declare(&mut stack);
    stack.connect();
    let causes = RefCell::new(Causes::default());
    let mut checking = Checking { sources, origins, report };
    stack.with_world(&causes, origins, layers, |world| stack.check(world, &mut checking));
    Some(stack)
}

/// What configs hold.
fn configs(file: &StackFile, inputs: &dyn Inputs, evaluator: &Evaluator, checking: &mut Checking) -> Vec<ConfigPlan> {
    let configs = file.tables.config.iter();
    configs.map(|(name, config)| contents::read(config, name, inputs, evaluator, checking)).collect()
}

/// The name of the stack, or what it is called without one.
fn name(table: &StackTable, origin: OriginId) -> Written<&str> {
    table.name.as_ref().map_or(Written { value: "app", origin }, |name| name.as_ref().map(Name::as_str))
}

/// The tables of which there is one, empty where they were not written.
fn single_tables(
    file: &mut StackFile,
    root: &Node,
    decoder: &mut Decoder,
) -> Option<(StackTable, Cluster, WaitDefaults)> {
    let empty = Node { origin: root.origin, value: Value::Table(Table::default()) };
    let wait = WaitDefaults::decode(root.at(&["defaults", "wait"]).unwrap_or(&empty), decoder)?;
    let table = file.stack.take().or_else(|| StackTable::decode(&empty, decoder))?;
    let cluster = file.tables.cluster.take().or_else(|| Cluster::decode(&empty, decoder))?;
    Some((table, cluster, wait))
}

impl Stack {
    /// The namespace of its objects, where it names one.
    pub fn namespace(&self) -> Option<&str> {
        self.table.namespace.as_ref().map(|namespace| namespace.name.value.as_str())
    }

    /// Runs `with` in the world of this stack.
    pub fn with_world<T>(
        &self,
        causes: &RefCell<Causes>,
        origins: &Origins,
        layers: &[Layer],
        with: impl FnOnce(&World) -> T,
    ) -> T {
        let written_in_stack = |origin: OriginId| {
            let layer = origins.get(origin).layer;
            layers.get(usize::from(layer.0)).is_some_and(|layer| layer.role == Role::Stack)
        };
        let servers = declared::servers(self);
        with(&World {
            stack: &self.table,
            origin: self.origin,
            cluster: &self.cluster,
            names: &self.names,
            connections: &self.connections,
            servers: servers.as_ref(),
            scaled: &self.scaled,
            approaches: &self.approaches,
            written_in_stack: &written_in_stack,
            wait: &self.wait,
            causes,
        })
    }

    /// Finds out how components are reached, from inside and from outside.
    fn connect(&mut self) {
        self.connections = declared::connections(self);
        let tables = &self.file.tables;
        self.approaches =
            expose::approaches(&tables.ingress, &tables.api, &self.cluster, &|service| self.has_health_check(service));
    }

    /// Whether a manifest says how the load balancer of GKE asks the Pods of a Service.
    fn has_health_check(&self, service: &str) -> bool {
        let target =
            |given: &Given| given.root.follow(&["spec", "targetRef", "name"]).and_then(Field::as_str) == Some(service);
        self.manifests.iter().any(|given| given.kind() == "HealthCheckPolicy" && target(given))
    }

    /// Whether a Secret holds values that nobody shall be able to guess: those from the environment and from files.
    pub fn holds_private_values(&self, secret: &str) -> bool {
        let plan = self.secrets.iter().find(|plan| plan.name.value == secret);
        plan.is_some_and(|plan| matches!(plan.source.value, Source::Env | Source::File))
    }

    /// Reports everything that is wrong between components.
    fn check(&self, world: &World, checking: &mut Checking) {
        let tables = &self.file.tables;
        declared::check_made(self, checking);
        for (name, api) in tables.api.iter() {
            api.check(name, world, checking);
        }
        for (name, worker) in tables.worker.iter() {
            worker.check(name, world, checking);
        }
        for (name, cronjob) in tables.cronjob.iter() {
            cronjob.check(name, world, checking);
        }
        for (name, job) in tables.job.iter() {
            job.check(name, world, checking);
        }
        let kinds = declared::workload_kinds(tables);
        for (name, hpa) in tables.hpa.iter() {
            let kind = kinds.get(hpa.target(name).value.as_str()).copied().unwrap_or(WorkloadKind::Deployment);
            hpa.check(name, kind, world, checking);
        }
        for (name, volume) in tables.volume.iter() {
            volume.check(name, world, checking);
        }
        for (name, db) in tables.db.iter() {
            db.check(name, world, checking);
            db.check_companions(name, world, checking);
        }
        expose::check_all(&tables.ingress, &tables.api, &self.profile, world, checking);
        let accounts = tables.workloads().map(|(_, name, workload)| (name, workload.rights()));
        rights::check_accounts(accounts, checking);
        classes::check(&self.cluster, checking);
        self.check_network_policy(checking);
        self.note_name(checking);
    }

    /// Policies that nobody enforces look like a protection and are none.
    fn check_network_policy(&self, checking: &mut Checking) {
        let asked = self.table.policies();
        let support = self.cluster.network_policy.filter(|support| support.value == PolicySupport::Ignored);
        if let (Some(asked), Some(support)) = (asked, support) {
            let diagnostic = Diagnostic::warning("network-policy-ignored", "this cluster ignores NetworkPolicies")
                .at(checking.span(asked.origin), "they are asked for here, and restrict nothing")
                .at(checking.span(support.origin), "known from here")
                .help(format!(
                    "switch them on in the cluster, and write `cluster.network-policy = \"enforced\"` below `[profile.{}]`",
                    self.profile
                ));
            checking.report.push(diagnostic);
        }
    }

    /// The name enters selectors, which never change: better chosen than found.
    fn note_name(&self, checking: &mut Checking) {
        if checking.report.has_errors() {
            return;
        }
        if self.table.name.is_none() {
            let diagnostic = Diagnostic::info("unnamed-stack", "the stack has no name, so it is called `app`")
                .help("write `name = \"NAME\"` below `[stack]`: it enters labels by which Pods are selected, and these never change");
            checking.report.push(diagnostic);
        }
    }
}
