//! Pictures as one page that needs nothing else: it is moved, enlarged and asked by hand.

use super::svg;
use crate::picture::{Edge, Location, Node, Picture};
use minijinja::{Environment, context};
use serde::Serialize;
use std::collections::BTreeMap;

const PAGE: &str = include_str!("../../../templates/graph/page.html");

/// A page that shows one of the pictures, each of one profile, at a time.
pub fn html(pictures: &[Picture]) -> String {
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    let mut views = Vec::new();
    for (index, picture) in pictures.iter().enumerate() {
        let prefix = format!("p{index}_");
        views.push(context! { profile => &picture.profile, svg => svg::element(picture, &prefix) });
        for (at, node) in picture.nodes.iter().enumerate() {
            entries.insert(format!("{prefix}{}", node.id), Entry::of(at, node, picture, &prefix));
        }
    }
    let data = serde_json::to_string(&entries).expect("keys are text, and a String takes all");
    // in a script nothing but `<` can end it
    let data = data.replace('<', "\\u003c");
    let stack = pictures.first().map_or("", |picture| &picture.stack);
    let environment = Environment::new();
    let page = environment.render_named_str("page.html", PAGE, context! { stack, pictures => views, data });
    page.expect("the page is ours, and has all that it names")
}

/// What the page says of a node that is chosen.
#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    kind: &'a str,
    place: Option<String>,
    objects: Vec<ObjectEntry<'a>>,
    to: Vec<EdgeEntry>,
    from: Vec<EdgeEntry>,
}

/// An edge, as one of its ends says it.
#[derive(Serialize)]
struct EdgeEntry {
    label: String,
    /// The node at the other end.
    node: String,
}

#[derive(Serialize)]
struct ObjectEntry<'a> {
    kind: &'a str,
    name: &'a str,
    place: Option<String>,
}

impl<'a> Entry<'a> {
    fn of(at: usize, node: &'a Node, picture: &'a Picture, prefix: &str) -> Self {
        let said = |edge: &Edge, other: usize| EdgeEntry {
            label: edge.label(),
            node: format!("{prefix}{}", picture.nodes[other].id),
        };
        let objects = node.objects.iter().map(|object| ObjectEntry {
            kind: &object.kind,
            name: &object.name,
            place: object.location.as_ref().map(place),
        });
        Self {
            name: &node.name,
            kind: &node.kind,
            place: node.location.as_ref().map(place),
            objects: objects.collect(),
            to: picture.edges.iter().filter(|edge| edge.from == at).map(|edge| said(edge, edge.to)).collect(),
            from: picture.edges.iter().filter(|edge| edge.to == at).map(|edge| said(edge, edge.from)).collect(),
        }
    }
}

fn place(location: &Location) -> String {
    format!("{}:{}", location.file, location.line)
}
