//! Health checks of GKE's Gateways as objects.

use super::destination::Backends;
use super::health::RULE;
use crate::bundle::{Bundle, Traced, traced};
use crate::component::approach::{HealthCheck, Question};
use crate::component::health_check::{
    HealthCheckConfig, HealthCheckDefault, HealthCheckPolicy, HealthCheckPolicySpec, PortCheck, TargetReference,
};
use crate::component::world::{Subject, World, add, text};
use crate::traced;

/// Adds a HealthCheckPolicy for each Service whose Pods GKE would ask otherwise than their readiness probe does.
pub fn lower(backends: &Backends, world: &World, bundle: &mut Bundle) {
    for (service, approach) in world.approaches {
        let (Some(check), Some(api)) =
            (&approach.health, approach.health.as_ref().and_then(|check| backends.get(&*check.component)))
        else {
            continue;
        };
        let subject = Subject { table: "api", component: &check.component, name: &check.component, origin: api.origin };
        let cause = world.derive(RULE, &check.from);
        let target = traced!(cause, TargetReference { group: "", kind: "Service", name: &**service });
        let default = traced!(cause, HealthCheckDefault { config: config(check, world) });
        let spec = traced!(cause, HealthCheckPolicySpec { default: default, target_ref: target });
        let metadata = world.metadata_with(subject, traced(service.to_string(), cause), Vec::new(), Vec::new());
        let policy = traced!(cause, HealthCheckPolicy { metadata: metadata, spec: spec });
        add(bundle, subject, format!("health-check {service}"), policy);
    }
}

fn config(check: &HealthCheck, world: &World) -> Traced<HealthCheckConfig> {
    let cause = world.derive(RULE, &check.from);
    let asked = |path, service| {
        let specification = if check.port.is_some() { "USE_FIXED_PORT" } else { "USE_SERVING_PORT" };
        let port = check.port.map(|port| traced(i32::from(port.value), port.origin));
        traced!(
            cause,
            PortCheck { port_specification: specification, port: port, request_path: path, grpc_service_name: service }
        )
    };
    match &check.question {
        Question::Http(path) => {
            traced!(cause, HealthCheckConfig { type_: "HTTP", http_health_check: asked(Some(text(path)), None) })
        }
        Question::Https(path) => {
            traced!(cause, HealthCheckConfig { type_: "HTTPS", https_health_check: asked(Some(text(path)), None) })
        }
        Question::Grpc(service) => {
            let service = service.as_ref().map(text);
            traced!(cause, HealthCheckConfig { type_: "GRPC", grpc_health_check: asked(None, service) })
        }
        Question::Tcp => traced!(cause, HealthCheckConfig { type_: "TCP", tcp_health_check: asked(None, None) }),
    }
}
