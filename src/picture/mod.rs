//! A stack as nodes and edges: its components, or its objects, and what they are to each other.

mod sketch;
mod components;
mod objects;

pub use sketch::{Edge, Group, Listed, Location, Node, Shape};

use crate::bundle::Bundle;
use crate::graph::Graph;
use crate::profile::Session;
use crate::stack::Stack;
use sketch::{Places, Sketch};

/// What the nodes of a picture are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Components of the stack, and what is outside.
    Components,
    /// Kubernetes objects, grouped by component.
    Objects,
}

/// What is drawn. Of Secrets there are names alone, never values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The name of the stack.
    pub stack: String,
    /// The profile.
    pub profile: String,
    /// The components that objects are grouped by; empty in a picture of components.
    pub groups: Vec<Group>,
    /// What is drawn, each with an id of its own.
    pub nodes: Vec<Node>,
    /// What leads from one node to another. Both ends are indices into `nodes`.
    pub edges: Vec<Edge>,
}

impl Picture {
    /// The picture of a stack that became these objects in this session.
    pub fn of(stack: &Stack, bundle: &Bundle, session: &Session, extent: Extent) -> Self {
        let graph = Graph::of(bundle, Some(stack));
        let mut sketch = Sketch::new(Places { causes: &bundle.causes, session });
        match extent {
            Extent::Components => components::draw(stack, &graph, &mut sketch),
            Extent::Objects => objects::draw(&graph, &mut sketch),
        }
        let name = stack.table.name.as_ref().map_or("app", |name| name.value.as_str());
        let (groups, nodes, edges) = sketch.finish();
        Self { stack: name.to_owned(), profile: stack.profile.clone(), groups, nodes, edges }
    }

    /// What it shows, in a few words: `todo on k3d`.
    pub fn title(&self) -> String {
        format!("{} on {}", self.stack, self.profile)
    }
}
