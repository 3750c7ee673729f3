//! A picture for Mermaid, which GitHub draws. <https://mermaid.js.org/syntax/flowchart.html>

use crate::picture::{Node, Picture, Shape};
use std::fmt::Write;

/// So many edges Mermaid draws; more where its `maxEdges` says so, which a page on GitHub cannot.
pub const MOST_EDGES: usize = 500;

/// A flowchart from left to right.
pub fn mermaid(picture: &Picture) -> String {
    let mut text = format!("%% {}\nflowchart LR\n", line(&picture.title()));
    for node in picture.nodes.iter().filter(|node| node.group.is_none()) {
        push_node(&mut text, "  ", node);
    }
    for (index, group) in picture.groups.iter().enumerate() {
        push_line(&mut text, format_args!("  subgraph {}[\"{}\"]", group.id, escaped(&group.name)));
        // Mermaid turns what is not tied to anything outside
        text.push_str("    direction LR\n");
        for node in picture.nodes.iter().filter(|node| node.group == Some(index)) {
            push_node(&mut text, "    ", node);
        }
        push_line(&mut text, format_args!("  end"));
    }
    for edge in &picture.edges {
        let (from, to) = (&picture.nodes[edge.from].id, &picture.nodes[edge.to].id);
        push_line(&mut text, format_args!("  {from} -->|\"{}\"| {to}", escaped(&edge.label())));
    }
    let elsewhere = picture.nodes.iter().filter(|node| node.shape == Shape::Elsewhere).map(|node| node.id.as_str());
    let elsewhere: Vec<&str> = elsewhere.collect();
    if !elsewhere.is_empty() {
        push_line(&mut text, format_args!("  classDef elsewhere stroke-dasharray: 4 4"));
        push_line(&mut text, format_args!("  class {} elsewhere", elsewhere.join(",")));
    }
    text
}

fn push_node(text: &mut String, indent: &str, node: &Node) {
    let (open, close) = match node.shape {
        Shape::Internet => ("((", "))"),
        Shape::Entrance => ("{{", "}}"),
        Shape::Control => ("[[", "]]"),
        Shape::Component | Shape::Elsewhere => ("[", "]"),
        Shape::Task => ("([", "])"),
        Shape::Store => ("[(", ")]"),
        Shape::Settings => ("[/", "/]"),
    };
    let kind = if node.kind.is_empty() { String::new() } else { format!("<br>{}", escaped(&node.kind)) };
    push_line(text, format_args!("{indent}{}{open}\"{}{kind}\"{close}", node.id, escaped(&node.name)));
}

fn push_line(text: &mut String, line: std::fmt::Arguments) {
    writeln!(text, "{line}").expect("a String takes all");
}

/// As it may stand between quotes: Mermaid reads `#name;` and `#number;` as characters, and HTML and Markdown as such.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in line(text).chars() {
        match character {
            '"' => out.push_str("#quot;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '#' | '`' | '\\' | '*' | '_' => {
                write!(out, "#{};", u32::from(character)).expect("a String takes all");
            }
            _ => out.push(character),
        }
    }
    out
}

/// Without line breaks and other control characters.
fn line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}
