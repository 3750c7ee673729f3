//! Objects are of classes that belong to the whole cluster.

use crate::bundle::At;
use crate::graph::edge::Relation;
use crate::graph::names::CLUSTER;
use crate::graph::scene::{Collector, Named};

/// The annotation that named the class of an Ingress before there was a field.
const INGRESS_CLASS: &str = "kubernetes.io/ingress.class";

/// The classes of Pods.
pub fn of_pods<'a>(spec: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    class("PriorityClass", &spec.key("priorityClassName"), collector);
    class("RuntimeClass", &spec.key("runtimeClassName"), collector);
}

/// The classes of an object.
pub fn collect<'a>(kind: &str, root: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    let spec = root.key("spec");
    match kind {
        "PersistentVolumeClaim" => of_claim(&spec, collector),
        "PersistentVolume" => class("StorageClass", &spec.key("storageClassName"), collector),
        "StatefulSet" => {
            for template in spec.key("volumeClaimTemplates").items() {
                of_claim(&template.key("spec"), collector);
            }
        }
        "Ingress" => {
            class("IngressClass", &spec.key("ingressClassName"), collector);
            class("IngressClass", &root.key("metadata").key("annotations").entry(INGRESS_CLASS), collector);
        }
        "Gateway" => class("GatewayClass", &spec.key("gatewayClassName"), collector),
        _ => {}
    }
}

fn of_claim<'a>(spec: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    class("StorageClass", &spec.key("storageClassName"), collector);
    class("VolumeAttributesClass", &spec.key("volumeAttributesClassName"), collector);
}

fn class<'a>(kind: &'static str, at: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    collector.name(Relation::Chooses, at, Named::whole(kind, CLUSTER, at.text()));
}
