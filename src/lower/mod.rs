//! Components become typed objects; nothing can be wrong any more.

mod network_policy;

use crate::bundle::Bundle;
use crate::component::api::Api;
use crate::component::config::ConfigPlan;
use crate::component::cronjob::CronJob;
use crate::component::db::Db;
use crate::component::db::scripts;
use crate::component::db::scripts::ScriptsPlan;
use crate::component::external::External;
use crate::component::file::Tables;
use crate::component::hpa::Hpa;
use crate::component::job::Job;
use crate::component::secret::SecretPlan;
use crate::component::volume::Volume;
use crate::component::words::WorkloadKind;
use crate::component::worker::Worker;
use crate::component::world::{Subject, World, add};
use crate::component::{classes, config, expose, secret};
use crate::document::Origins;
use crate::parallel;
use crate::profile::{Layer, Session};
use crate::shape::Written;
use crate::stack::{Stack, declared};
use crate::traced;
use crate::value::{Name, ObjectName};
use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use std::cell::RefCell;

/// All objects of a stack, in the order of its tables.
pub fn lower(stack: &Stack, session: &Session) -> Bundle {
    let scene = Scene { stack, origins: &session.origins, layers: &session.layers };
    let parts = Part::all(stack);
    let mut bundle = match parts.len() {
        ..MANY => scene.objects(&parts),
        _ => {
            let (first, second) = halves(&parts);
            let (mut bundle, rest) = parallel::both(|| scene.objects(first), || scene.objects(second));
            bundle.append(rest);
            bundle
        }
    };
    scene.add(&mut bundle, |world, bundle| {
        network_policy::lower(&stack.file.tables, world, bundle);
        for given in &stack.manifests {
            given.lower(world, bundle);
        }
    });
    bundle
}

/// From so many parts on a second thread takes less time to start than it saves.
const MANY: usize = 100;

/// A stack and the places in it; several threads may look at it.
struct Scene<'a> {
    stack: &'a Stack,
    origins: &'a Origins,
    layers: &'a [Layer],
}

impl Scene<'_> {
    /// The objects of some parts.
    fn objects(&self, parts: &[Part]) -> Bundle {
        let mut bundle = Bundle::default();
        self.add(&mut bundle, |world, bundle| parts.iter().for_each(|part| part.lower(world, bundle)));
        bundle
    }

    /// Adds objects to a bundle; their causes are among its own.
    fn add(&self, bundle: &mut Bundle, add: impl FnOnce(&World, &mut Bundle)) {
        let causes = RefCell::new(std::mem::take(&mut bundle.causes));
        self.stack.with_world(&causes, self.origins, self.layers, |world| add(world, bundle));
        bundle.causes = causes.into_inner();
    }
}

/// Two lists of parts that are about the same work.
fn halves<'p, 'a>(parts: &'p [Part<'a>]) -> (&'p [Part<'a>], &'p [Part<'a>]) {
    let whole: usize = parts.iter().map(Part::work).sum();
    let mut before = 0;
    let middle = parts.iter().position(|part| {
        before += part.work();
        before * 2 > whole
    });
    parts.split_at(middle.unwrap_or(parts.len()))
}

/// A part of a stack that becomes objects by itself.
enum Part<'a> {
    /// The namespace, and the classes of storage and of ingresses.
    Cluster(&'a Stack),
    Secret(&'a SecretPlan),
    Config(&'a ConfigPlan),
    Scripts(&'a ScriptsPlan),
    Volume(&'a (Written<ObjectName>, Volume)),
    Db(&'a Entry<Db>),
    Api(&'a Entry<Api>),
    Worker(&'a Entry<Worker>),
    Cronjob(&'a Entry<CronJob>),
    Job(&'a Entry<Job>),
    External(&'a Entry<External>),
    /// All ingresses: several may share a Gateway.
    Ingresses(&'a Tables),
    /// An autoscaler, and what it scales.
    Hpa(&'a Entry<Hpa>, WorkloadKind),
}

/// An entry of a table whose keys the user chose.
type Entry<V> = (Written<Name>, V);

impl<'a> Part<'a> {
    /// All parts of a stack, in the order of its tables.
    fn all(stack: &'a Stack) -> Vec<Self> {
        let tables = &stack.file.tables;
        let kinds = declared::workload_kinds(tables);
        let hpa = |hpa: &'a Entry<Hpa>| {
            let kind = kinds.get(hpa.1.target(&hpa.0).value.as_str());
            Self::Hpa(hpa, kind.copied().unwrap_or(WorkloadKind::Deployment))
        };
        let mut parts = vec![Self::Cluster(stack)];
        parts.extend(stack.secrets.iter().map(Self::Secret));
        parts.extend(stack.configs.iter().map(Self::Config));
        parts.extend(stack.scripts.iter().map(Self::Scripts));
        parts.extend(tables.volume.iter().map(Self::Volume));
        parts.extend(tables.db.iter().map(Self::Db));
        parts.extend(tables.api.iter().map(Self::Api));
        parts.extend(tables.worker.iter().map(Self::Worker));
        parts.extend(tables.cronjob.iter().map(Self::Cronjob));
        parts.extend(tables.job.iter().map(Self::Job));
        parts.extend(tables.external.iter().map(Self::External));
        parts.push(Self::Ingresses(tables));
        parts.extend(tables.hpa.iter().map(hpa));
        parts
    }

    /// How much work it is, beside others: what makes Pods is several times the others.
    fn work(&self) -> usize {
        match self {
            Self::Db(_) | Self::Api(_) | Self::Worker(_) | Self::Cronjob(_) | Self::Job(_) => 5,
            _ => 1,
        }
    }

    fn lower(&self, world: &World, bundle: &mut Bundle) {
        match self {
            Self::Cluster(stack) => {
                add_namespace(stack, world, bundle);
                classes::lower(world, bundle);
            }
            Self::Secret(plan) => secret::lower(plan, world, bundle),
            Self::Config(plan) => config::lower(plan, world, bundle),
            Self::Scripts(plan) => scripts::lower(plan, world, bundle),
            Self::Volume((name, volume)) => volume.lower(name, world, bundle),
            Self::Db((name, db)) => {
                db.lower(name, world, bundle);
                db.lower_companions(name, world, bundle);
            }
            Self::Api((name, api)) => api.lower(name, world, bundle),
            Self::Worker((name, worker)) => worker.lower(name, world, bundle),
            Self::Cronjob((name, cronjob)) => cronjob.lower(name, world, bundle),
            Self::Job((name, job)) => job.lower(name, world, bundle),
            Self::External((name, external)) => external.lower(name, world, bundle),
            Self::Ingresses(tables) => expose::lower_all(&tables.ingress, &tables.api, world, bundle),
            Self::Hpa((name, hpa), kind) => hpa.lower(name, kind.as_str(), world, bundle),
        }
    }
}

fn add_namespace(stack: &Stack, world: &World, bundle: &mut Bundle) {
    let Some(namespace) = &stack.table.namespace else { return };
    if namespace.create.is_some_and(|create| !create.value) {
        return;
    }
    let origin = namespace.name.origin;
    let name = world.stack_name();
    let subject = Subject { table: "stack", component: name.value, name: name.value, origin };
    let metadata = traced!(origin, ObjectMeta { name: namespace.name.value.as_str(), labels: world.labels(subject) });
    add(bundle, subject, "namespace", traced!(origin, Namespace { metadata: metadata }));
}
