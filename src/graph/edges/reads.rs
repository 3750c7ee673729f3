//! Containers have ConfigMaps and Secrets as variables, images are pulled with Secrets, and certificates are in them.

use super::namespace;
use crate::bundle::At;
use crate::graph::edge::{Part, Relation};
use crate::graph::scene::{Collector, Named};

/// What the containers of Pods read, and what their images are pulled with.
pub fn of_pods<'a>(spec: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        for container in spec.key(list).items() {
            for variable in container.key("env").items() {
                let source = variable.key("valueFrom");
                key(&source.key("configMapKeyRef"), "ConfigMap", collector);
                key(&source.key("secretKeyRef"), "Secret", collector);
            }
            for source in container.key("envFrom").items() {
                whole(&source.key("configMapRef"), "ConfigMap", collector);
                whole(&source.key("secretRef"), "Secret", collector);
            }
        }
    }
    pull(&spec.key("imagePullSecrets"), collector);
}

/// What an object reads by itself.
pub fn collect<'a>(kind: &str, root: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    let spec = root.key("spec");
    match kind {
        "ServiceAccount" => {
            for secret in root.key("secrets").items() {
                whole(&secret, "Secret", collector);
            }
            pull(&root.key("imagePullSecrets"), collector);
        }
        "Ingress" => {
            for entry in spec.key("tls").items() {
                let name = entry.key("secretName");
                collector.name(Relation::Reads, &name, Named::whole("Secret", collector.namespace, name.text()));
            }
        }
        "Gateway" => {
            for listener in spec.key("listeners").items() {
                for reference in listener.key("tls").key("certificateRefs").items() {
                    certificate(&reference, collector);
                }
            }
        }
        "HorizontalPodAutoscaler" => {
            for metric in spec.key("metrics").items() {
                let object = metric.key("object");
                let described = object.key("describedObject");
                let (kind, name) = (described.key("kind"), described.key("name"));
                collector.name(Relation::Reads, &name, Named::whole(kind.text(), collector.namespace, name.text()));
            }
        }
        _ => {}
    }
}

fn key<'a>(at: &At<'_, 'a>, kind: &'static str, collector: &mut Collector<'_, 'a>) {
    let (name, key) = (at.key("name"), at.key("key"));
    let named = Named::whole(kind, collector.namespace, name.text()).unless(&at.key("optional"));
    let is_missing = collector.scene.is_missing(named);
    // the key is the mistake only where there is an object that should have it
    let place = if key.is_empty() || is_missing { name } else { key };
    collector.name(Relation::Reads, &place, named.part(Part::Key(key.text())));
}

fn whole<'a>(at: &At<'_, 'a>, kind: &'static str, collector: &mut Collector<'_, 'a>) {
    let name = at.key("name");
    let named = Named::whole(kind, collector.namespace, name.text()).unless(&at.key("optional"));
    collector.name(Relation::Reads, &name, named);
}

fn pull<'a>(list: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    for secret in list.items() {
        let name = secret.key("name");
        collector.name(Relation::Pulls, &name, Named::whole("Secret", collector.namespace, name.text()));
    }
}

fn certificate<'a>(reference: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    let kind = reference.key("kind");
    if kind.is_empty() || kind.is_text("Secret") {
        let name = reference.key("name");
        let place = namespace(&reference.key("namespace"), collector);
        collector.name(Relation::Reads, &name, Named::whole("Secret", place, name.text()));
    }
}
