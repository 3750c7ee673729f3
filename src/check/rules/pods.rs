//! The Pods that objects describe, for rules.

use crate::bundle::Object;
use crate::check::place::At;
use crate::graph::look_along;

/// What a container is for its Pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContainerRole {
    /// One of `containers`.
    Main,
    /// One of `initContainers` that is restarted always: it runs beside the main ones.
    Sidecar,
    /// One of `initContainers` that ends before the next begins.
    Init,
}

/// Looks at the description of the Pods that an object makes, where it makes Pods: a map with `metadata` and `spec`.
pub fn look_at_template(object: &Object, look: &mut dyn FnMut(&At)) {
    if let Some(keys) = object.kind.row().pod_template {
        look_along(&At::root(&object.root), keys, look);
    }
}

/// Looks at each container of the Pods that an object makes.
pub fn look_at_containers(object: &Object, look: &mut dyn FnMut(&At, ContainerRole)) {
    look_at_template(object, &mut |template| {
        let spec = template.key("spec");
        for container in spec.key("initContainers").items() {
            let role = if container.key("restartPolicy").is_text("Always") {
                ContainerRole::Sidecar
            } else {
                ContainerRole::Init
            };
            look(&container, role);
        }
        for container in spec.key("containers").items() {
            look(&container, ContainerRole::Main);
        }
    });
}
