//! How components are reached from outside: each `[ingress]` as an Ingress, or all of them as a Gateway with HTTPRoutes.

pub mod facts;
pub mod hosts;
pub mod certificates;
pub mod destination;
pub mod edge;
pub mod protocol;
pub mod backing;
pub mod health;
pub mod approaches;
mod check;
mod advice;
mod foreign;
mod ingress;
mod gateway;
mod routes;
mod health_policy;
mod conflicts;
#[cfg(test)]
mod tests;

pub use approaches::approaches;
pub use destination::{Backends, Destination, backends};
pub use hosts::{MissingDomain, ServedHost};

use super::api::Api;
use super::cluster::ExposeApi;
use super::ingress::Ingress;
use super::world::World;
use crate::bundle::Bundle;
use crate::document::checking::Checking;
use crate::shape::Keyed;
use crate::value::Name;

/// Reports what is wrong with ingresses, alone and together, on this cluster; `profile` is what messages call it.
pub fn check_all(
    ingresses: &Keyed<Name, Ingress>,
    apis: &Keyed<Name, Api>,
    profile: &str,
    world: &World,
    checking: &mut Checking,
) {
    if ingresses.is_empty() {
        return;
    }
    let backends = backends(apis);
    let scene = Scene { profile, world, backends: &backends };
    scene.check_cluster(ingresses, checking);
    for (name, ingress) in ingresses.iter() {
        scene.check_routes(ingress, checking);
        if world.cluster.expose_api() != ExposeApi::None {
            scene.check_hosts(name, ingress, checking);
            scene.check_certificate(name, ingress, checking);
            scene.check_foreign(name, ingress, checking);
        }
    }
    scene.check_conflicts(ingresses, checking);
    scene.check_protocols(ingresses, checking);
    if world.cluster.expose_api() == ExposeApi::Gateway {
        scene.check_gateway(ingresses, checking);
    }
}

/// Adds what the ingresses become on this cluster.
pub fn lower_all(ingresses: &Keyed<Name, Ingress>, apis: &Keyed<Name, Api>, world: &World, bundle: &mut Bundle) {
    let backends = backends(apis);
    match world.cluster.expose_api() {
        ExposeApi::Ingress => {
            ingresses.iter().for_each(|(name, own)| ingress::lower(name, own, &backends, world, bundle))
        }
        ExposeApi::Gateway => {
            routes::lower(ingresses, &backends, world, bundle);
            health_policy::lower(&backends, world, bundle);
        }
        ExposeApi::None => {}
    }
}

/// What a check of ingresses looks at.
struct Scene<'a> {
    /// The profile as messages call it.
    profile: &'a str,
    world: &'a World<'a>,
    backends: &'a Backends<'a>,
}
