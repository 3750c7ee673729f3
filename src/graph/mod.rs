//! What objects refer to: the only place that follows a reference.
//!
//! Each reference is an [`Edge`]: from an object, at a field, to objects by name or to Pods by labels. Edges say what they found,
//! and who else provides what is not among the objects. The graph is built once, in time that grows with the objects.

mod selector;
mod edge;
mod names;
mod pods;
mod providers;
mod scene;
mod edges;

pub use edge::{Edge, Need, Outcome, Part, Place, Provider, Relation, Target};
pub use pods::{Pods, look_along, look_at_template};
pub use selector::{Expression, Operator, Selector};

use crate::bundle::{Bundle, Object};
use crate::stack::Stack;
use indexmap::IndexSet;
use names::Names;
use pods::AllPods;
use providers::Providers;
use rustc_hash::FxBuildHasher;
use scene::Scene;
use std::ops::Range;

/// The objects of a bundle with all references between them.
pub struct Graph<'a> {
    scene: Scene<'a>,
    /// In the order of the objects that refer.
    edges: Vec<Edge<'a>>,
    /// For each object where its edges begin; one more at the end.
    starts: Vec<usize>,
    /// For each object the edges that lead to it.
    incoming: Vec<Vec<usize>>,
    /// For each object where it is among `Scene::pods`.
    pods: Vec<Option<usize>>,
}

impl<'a> Graph<'a> {
    /// The graph of these objects, and of the stack that they were made of, where there is one.
    pub fn of(bundle: &'a Bundle, stack: Option<&'a Stack>) -> Self {
        let names = Names::of(bundle);
        let pods = AllPods::of(bundle, &names);
        let providers = Providers::of(bundle, &names, stack);
        let scene = Scene { bundle, names, pods, providers };
        let mut edges = edges::of(&scene, stack);
        edges.sort_by_key(|edge| edge.from);
        let count = bundle.objects.len();
        let mut incoming = vec![Vec::new(); count];
        for (index, edge) in edges.iter().enumerate() {
            edge.found.iter().for_each(|found| incoming[*found].push(index));
        }
        let mut pods = vec![None; count];
        scene.pods.pods.iter().enumerate().for_each(|(index, of)| pods[of.object] = Some(index));
        let starts = (0..=count).map(|object| edges.partition_point(|edge| edge.from < object)).collect();
        Self { scene, edges, starts, incoming, pods }
    }

    /// The objects.
    pub fn bundle(&self) -> &'a Bundle {
        self.scene.bundle
    }

    /// All references, in the order of the objects that refer.
    pub fn edges(&self) -> &[Edge<'a>] {
        &self.edges
    }

    /// The references of an object, in the order of its fields.
    pub fn edges_from(&self, object: usize) -> &[Edge<'a>] {
        &self.edges[Range { start: self.starts[object], end: self.starts[object + 1] }]
    }

    /// The references to an object, in the order of those that refer.
    pub fn edges_to(&self, object: usize) -> impl Iterator<Item = &Edge<'a>> {
        self.incoming[object].iter().map(|edge| &self.edges[*edge])
    }

    /// All references of one kind.
    pub fn related(&self, relation: Relation) -> impl Iterator<Item = &Edge<'a>> {
        self.edges.iter().filter(move |edge| edge.relation == relation)
    }

    /// The object that is called so, and its index. Objects without a namespace are in the default one.
    pub fn find(&self, kind: &str, namespace: Option<&'a str>, name: &str) -> Option<(usize, &'a Object)> {
        let names = &self.scene.names;
        let index =
            names.find(kind, names.resolve(namespace), name).or_else(|| names.find(kind, names::CLUSTER, name))?;
        Some((index, &self.scene.bundle.objects[index]))
    }

    /// The namespace of an object, the default one filled in; empty for what belongs to the whole cluster.
    pub fn namespace(&self, object: &'a Object) -> &'a str {
        self.scene.names.namespace(object)
    }

    /// The names of the objects of a kind in a namespace, which [`Graph::namespace`] gives.
    pub fn names<'n>(&'n self, kind: &'n str, namespace: &'n str) -> impl Iterator<Item = &'a str> + 'n {
        self.scene.names.all(kind, namespace)
    }

    /// The Pods of all objects, in the order of the objects.
    pub fn pods(&self) -> &[Pods<'a>] {
        &self.scene.pods.pods
    }

    /// The Pods of an object, where it makes any.
    pub fn pods_of(&self, object: usize) -> Option<&Pods<'a>> {
        self.pods[object].map(|index| &self.scene.pods.pods[index])
    }

    /// The Pods in a namespace that a selector means.
    pub fn selected<'s>(
        &'s self,
        namespace: &'s str,
        selector: &'s Selector<'a>,
    ) -> impl Iterator<Item = &'s Pods<'a>> + 's {
        self.scene.pods.selected(namespace, selector)
    }

    /// The values that Pods of a namespace have for a label, each once.
    pub fn label_values(&self, namespace: &str, key: &str) -> IndexSet<&'a str, FxBuildHasher> {
        self.scene.pods.values(namespace, key)
    }

    /// Whether an object of a kind that is not known has this text in it, and so may use what is called so.
    pub fn is_mentioned(&self, name: &str) -> bool {
        self.scene.providers.is_mentioned(name)
    }

    /// Whether a selector means a namespace, as far as the labels of the namespace are known.
    pub fn is_namespace_selected(&self, namespace: &str, selector: &Selector) -> bool {
        self.scene.is_namespace_selected(namespace, selector)
    }

    /// The Services that lead to the Pods of an object.
    pub fn services_of(&self, object: usize) -> impl Iterator<Item = usize> {
        let selecting = self.edges_to(object).filter(|edge| edge.relation == Relation::Selects).map(|edge| edge.from);
        selecting.filter(|from| self.scene.bundle.objects[*from].kind_name() == "Service")
    }
}
