//! A picture for Graphviz. <https://graphviz.org/doc/info/lang.html>

use crate::picture::{Node, Picture, Shape};
use std::fmt::{Arguments, Write};

/// A directed graph from left to right.
pub fn dot(picture: &Picture) -> String {
    let mut text = format!("digraph {} {{\n", quoted(&picture.title()));
    push_line(&mut text, format_args!("  rankdir=LR;"));
    push_line(&mut text, format_args!("  graph [fontname=\"sans-serif\"];"));
    push_line(&mut text, format_args!("  node [fontname=\"sans-serif\"];"));
    push_line(&mut text, format_args!("  edge [fontname=\"sans-serif\", fontsize=10];"));
    for node in picture.nodes.iter().filter(|node| node.group.is_none()) {
        push_node(&mut text, "  ", node);
    }
    for (index, group) in picture.groups.iter().enumerate() {
        // Graphviz draws a frame around what is called so
        push_line(&mut text, format_args!("  subgraph {} {{", quoted(&format!("cluster_{}", group.id))));
        push_line(&mut text, format_args!("    label={};", quoted(&group.name)));
        for node in picture.nodes.iter().filter(|node| node.group == Some(index)) {
            push_node(&mut text, "    ", node);
        }
        push_line(&mut text, format_args!("  }}"));
    }
    for edge in &picture.edges {
        let (from, to) = (quoted(&picture.nodes[edge.from].id), quoted(&picture.nodes[edge.to].id));
        push_line(&mut text, format_args!("  {from} -> {to} [label={}];", quoted(&edge.label())));
    }
    text.push_str("}\n");
    text
}

fn push_node(text: &mut String, indent: &str, node: &Node) {
    let form = match node.shape {
        Shape::Internet => "shape=circle",
        Shape::Entrance => "shape=hexagon",
        Shape::Control => "shape=component",
        Shape::Component => "shape=box",
        Shape::Task => "shape=box, style=rounded",
        Shape::Store => "shape=cylinder",
        Shape::Settings => "shape=note",
        Shape::Elsewhere => "shape=box, style=dashed",
    };
    let label = if node.kind.is_empty() { node.name.clone() } else { format!("{}\n{}", node.name, node.kind) };
    push_line(text, format_args!("{indent}{} [label={}, {form}];", quoted(&node.id), quoted(&label)));
}

fn push_line(text: &mut String, line: Arguments) {
    writeln!(text, "{line}").expect("a String takes all");
}

/// A text between quotes. In labels `\n` is a line break and other backslashes begin escapes.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            character if character.is_control() => out.push(' '),
            character => out.push(character),
        }
    }
    out.push('"');
    out
}
