//! The init containers that `wait` makes: each tries to connect to one component until it succeeds.

use super::container::pull_policy;
use super::security::{MainContainer, Security};
use crate::bundle::{Traced, traced};
use crate::component::world::World;
use crate::shape::Written;
use crate::traced;
use crate::value::Name;
use k8s_openapi::api::core::v1 as core;

/// The name of the container that waits for a component.
pub fn container_name(target: &Name) -> String {
    format!("wait-{target}")
}

/// One init container for each target that can be connected to; the others are reported elsewhere.
pub fn lower(wait: &[Written<Name>], security: Option<&Security>, world: &World) -> Vec<Traced<core::Container>> {
    wait.iter().filter_map(|target| container(target, security, world)).collect()
}

fn container(target: &Written<Name>, security: Option<&Security>, world: &World) -> Option<Traced<core::Container>> {
    let connection = world.connections.get(target.value.as_str())?;
    let (host, port) = (connection.hosts.first()?, connection.ports.first()?.number);
    let rule = "a wait tries to connect until it succeeds";
    let cause = world.derive(rule, &[target.origin, host.origin, port.origin]);
    let (host, port) = (&host.value, port.value);
    let script = format!("until nc -z -w 2 {host} {port}; do echo waiting for {host}:{port}; sleep 1; done");
    let words = ["sh", "-c", &script].map(|word| traced(word.to_owned(), cause));
    Some(traced!(
        target.origin,
        core::Container {
            name: traced(container_name(&target.value), target.origin),
            image: world.wait.image.clone(),
            image_pull_policy: pull_policy(None, world),
            command: Vec::from(words),
            resources: world.wait.resources.clone(),
            security_context: security.and_then(|security| security.lower_container(MainContainer::No)),
        }
    ))
}
