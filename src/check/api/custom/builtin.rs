//! The definitions of the custom kinds that stacks are made of.

use super::http_route::http_route;
use super::postgres_cluster::postgres_cluster;
use super::{Definition, gateway::gateway};
use crate::bundle::traced;
use crate::check::{At, Checker};
use crate::document::OriginId;
use std::sync::OnceLock;

/// A definition that is read when the first object of its kind is.
pub struct Builtin {
    group: &'static str,
    kind: &'static str,
    text: &'static str,
    /// What its expressions ask for, written out.
    pub expressions: fn(&At, &mut Checker),
    read: OnceLock<Option<Definition>>,
}

const GATEWAY: &str = "gateway.networking.k8s.io";

static BUILTIN: [Builtin; 6] = [
    builtin(GATEWAY, "HTTPRoute", include_str!("definitions/http_route.json"), http_route),
    builtin(GATEWAY, "Gateway", include_str!("definitions/gateway.json"), gateway),
    builtin("external-secrets.io", "ExternalSecret", include_str!("definitions/external_secret.json"), nothing),
    builtin("cert-manager.io", "Certificate", include_str!("definitions/certificate.json"), nothing),
    builtin("postgresql.cnpg.io", "Cluster", include_str!("definitions/postgres_cluster.json"), postgres_cluster),
    builtin("networking.gke.io", "HealthCheckPolicy", include_str!("definitions/health_check_policy.json"), nothing),
];

/// The definition of a kind, where it is one of these.
pub fn find(group: &str, kind: &str) -> Option<&'static Builtin> {
    BUILTIN.iter().find(|builtin| builtin.group == group && builtin.kind == kind)
}

impl Builtin {
    /// What it defines.
    pub fn definition(&self) -> Option<&Definition> {
        let read = || {
            let document: serde_json::Value = serde_json::from_str(self.text).ok()?;
            // The cause is never asked for: messages are about objects.
            Definition::read(&traced(document, OriginId(0)).into_field())
        };
        self.read.get_or_init(read).as_ref()
    }
}

const fn builtin(
    group: &'static str,
    kind: &'static str,
    text: &'static str,
    expressions: fn(&At, &mut Checker),
) -> Builtin {
    Builtin { group, kind, text, expressions, read: OnceLock::new() }
}

fn nothing(_: &At, _: &mut Checker) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_definition_is_read_with_all_its_patterns() {
        for builtin in &BUILTIN {
            let definition = builtin.definition().unwrap();
            assert_eq!((&*definition.group, &*definition.kind), (builtin.group, builtin.kind));
            let version = definition.version("v1").unwrap();
            assert!(version.schema.properties["spec"].properties.len() > 1);
            let patterns = builtin.text.matches(r#""pattern":""#).count();
            assert_eq!(format!("{:?}", version.schema).matches("Pattern {").count(), patterns, "{}", builtin.kind);
        }
    }
}
