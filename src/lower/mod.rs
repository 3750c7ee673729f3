//! Components become typed objects; nothing can be wrong any more.

mod network_policy;

use crate::bundle::{Bundle, Causes};
use crate::component::db::scripts;
use crate::component::words::WorkloadKind;
use crate::component::world::{Subject, World, add};
use crate::component::{classes, config, expose, secret};
use crate::profile::Session;
use crate::stack::{Stack, declared};
use crate::traced;
use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use std::cell::RefCell;

/// All objects of a stack, in the order of its tables.
pub fn lower(stack: &Stack, session: &Session) -> Bundle {
    let causes = RefCell::new(Causes::default());
    let mut bundle = stack.with_world(&causes, &session.origins, &session.layers, |world| objects(stack, world));
    bundle.causes = causes.into_inner();
    bundle
}

fn objects(stack: &Stack, world: &World) -> Bundle {
    let mut bundle = Bundle::default();
    let tables = &stack.file.tables;
    add_namespace(stack, world, &mut bundle);
    classes::lower(world, &mut bundle);
    for plan in &stack.secrets {
        secret::lower(plan, world, &mut bundle);
    }
    for plan in &stack.configs {
        config::lower(plan, world, &mut bundle);
    }
    for plan in &stack.scripts {
        scripts::lower(plan, world, &mut bundle);
    }
    for (name, volume) in tables.volume.iter() {
        volume.lower(name, world, &mut bundle);
    }
    for (name, db) in tables.db.iter() {
        db.lower(name, world, &mut bundle);
        db.lower_companions(name, world, &mut bundle);
    }
    for (name, api) in tables.api.iter() {
        api.lower(name, world, &mut bundle);
    }
    for (name, worker) in tables.worker.iter() {
        worker.lower(name, world, &mut bundle);
    }
    for (name, cronjob) in tables.cronjob.iter() {
        cronjob.lower(name, world, &mut bundle);
    }
    for (name, job) in tables.job.iter() {
        job.lower(name, world, &mut bundle);
    }
    for (name, external) in tables.external.iter() {
        external.lower(name, world, &mut bundle);
    }
    expose::lower_all(&tables.ingress, &tables.api, world, &mut bundle);
    let kinds = declared::workload_kinds(tables);
    for (name, hpa) in tables.hpa.iter() {
        let kind = kinds.get(hpa.target(name).value.as_str()).copied().unwrap_or(WorkloadKind::Deployment);
        hpa.lower(name, kind.as_str(), world, &mut bundle);
    }
    network_policy::lower(tables, world, &mut bundle);
    for given in &stack.manifests {
        given.lower(world, &mut bundle);
    }
    bundle
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
