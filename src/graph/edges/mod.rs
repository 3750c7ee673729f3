//! The references of each kind of object: one file for each relation.

mod selects;
mod routes;
mod joins;
mod mounts;
mod reads;
mod scales;
mod guards;
mod binds;
mod chooses;
mod uses;

use super::edge::Edge;
use super::pods::look_at_template;
use super::scene::{Collector, Scene};
use crate::bundle::{At, Field, KindId, Object};
use crate::stack::Stack;

/// All references of all objects, those between components of the stack at the end.
pub fn of<'a>(scene: &Scene<'a>, stack: Option<&'a Stack>) -> Vec<Edge<'a>> {
    let mut collector = Collector { scene, from: 0, namespace: "", edges: Vec::new() };
    for (index, object) in scene.bundle.objects.iter().enumerate() {
        collector.from = index;
        collector.namespace = scene.names.namespace(object);
        let root = At::root(&object.root);
        let disks = disks(object);
        look_at_template(object, &mut |template| {
            let spec = template.key("spec");
            mounts::collect(&spec, &disks, &mut collector);
            reads::of_pods(&spec, &mut collector);
            binds::of_pods(&spec, &mut collector);
            chooses::of_pods(&spec, &mut collector);
        });
        if object.kind == KindId::OTHER {
            continue;
        }
        let kind = object.kind_name();
        selects::collect(kind, &root, &mut collector);
        routes::collect(kind, &root, &mut collector);
        joins::collect(kind, &root, &mut collector);
        reads::collect(kind, &root, &mut collector);
        scales::collect(kind, &root, &mut collector);
        guards::collect(kind, &root, &mut collector);
        binds::collect(kind, &root, &mut collector);
        chooses::collect(kind, &root, &mut collector);
    }
    if let Some(stack) = stack {
        uses::collect(stack, &mut collector);
    }
    collector.edges
}

/// The names of the claim templates of a StatefulSet: a volume of such a name is replaced by the Pod's own claim.
fn disks(object: &Object) -> Vec<&str> {
    let templates = object.root.follow(&["spec", "volumeClaimTemplates"]).map_or(&[][..], Field::items);
    templates.iter().filter_map(|template| template.follow(&["metadata", "name"])?.as_str()).collect()
}

/// A namespace that a reference names beside a name; its own where it names none.
fn namespace<'a>(at: &At<'_, 'a>, collector: &Collector<'_, 'a>) -> &'a str {
    match at.text() {
        "" => collector.namespace,
        named => named,
    }
}
