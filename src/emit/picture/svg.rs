//! A picture as SVG, readable on light and on dark.

use super::labels;
use super::layout::{Frame, NODE_HEIGHT, lay_out};
use crate::picture::{Edge, Node, Picture, Shape};
use std::fmt::Write;

/// Colors and fonts; the same in every picture, so that several fit one page.
const STYLE: &str = "\
.stowplan{--ground:#fff;--ink:#1f2328;--soft:#59636e;--line:#8c959f;--fill:#f6f8fa;--store:#ddf4ff;--entrance:#dafbe1;--task:#fff8c5;--settings:#fbefff;background:var(--ground);font-family:system-ui,sans-serif}
@media (prefers-color-scheme:dark){.stowplan{--ground:#0d1117;--ink:#f0f6fc;--soft:#9198a1;--line:#656c76;--fill:#21262d;--store:#0c2d6b;--entrance:#0f5323;--task:#4b2900;--settings:#3c1e70}}
.stowplan .node path{fill:var(--fill);stroke:var(--line)}
.stowplan .store path{fill:var(--store)}
.stowplan .entrance path,.stowplan .internet path{fill:var(--entrance)}
.stowplan .task path{fill:var(--task)}
.stowplan .settings path{fill:var(--settings)}
.stowplan .elsewhere path{stroke-dasharray:4 4}
.stowplan path.edge{fill:none;stroke:var(--line)}
.stowplan marker path{fill:var(--line);fill:context-stroke}
.stowplan text{text-anchor:middle;fill:var(--ink);font-size:13px}
.stowplan .kind,.stowplan text.edge{font-size:10px}
.stowplan .kind{opacity:.8}
.stowplan text.edge{fill:var(--soft);paint-order:stroke;stroke:var(--ground);stroke-width:5px}
";

/// A file of its own.
pub fn svg(picture: &Picture) -> String {
    element(picture, "")
}

/// The element; what its ids begin with keeps several apart on one page.
pub fn element(picture: &Picture, prefix: &str) -> String {
    let layout = lay_out(picture);
    let (width, height, title) = (layout.width, layout.height, escaped(&picture.title()));
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"stowplan\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{title}\">\n<title>{title}</title>\n<style>{STYLE}</style>\n<defs><marker id=\"{prefix}arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n"
    );
    for (edge, line) in picture.edges.iter().zip(&layout.lines) {
        push_line(&mut text, edge, picture, line, prefix);
    }
    // behind the lines, so that none is drawn through them
    for (edge, place) in picture.edges.iter().zip(labels::places(picture, &layout)) {
        push_label(&mut text, edge, picture, place, prefix);
    }
    for (node, frame) in picture.nodes.iter().zip(&layout.frames) {
        push_node(&mut text, node, *frame, prefix);
    }
    text.push_str("</svg>\n");
    text
}

/// As it may stand in text and attributes of XML and HTML.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // XML knows no way to write these
            character if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            character => out.push(character),
        }
    }
    out
}

fn push_line(text: &mut String, edge: &Edge, picture: &Picture, line: &[(i64, i64)], prefix: &str) {
    let (from, to) = (&picture.nodes[edge.from], &picture.nodes[edge.to]);
    let (mut path, mut before) = (String::new(), line[0]);
    for (index, &(x, y)) in line.iter().enumerate() {
        let middle = i64::midpoint(before.0, x);
        let written = match index {
            0 => write!(path, "M{x} {y}"),
            _ => write!(path, "C{middle} {} {middle} {y} {x} {y}", before.1),
        };
        written.expect("a String takes all");
        before = (x, y);
    }
    let title = escaped(&format!("{} {} {}", from.name, edge.label(), to.name));
    writeln!(
        text,
        "<path class=\"edge\" data-from=\"{prefix}{}\" data-to=\"{prefix}{}\" d=\"{path}\" marker-end=\"url(#{prefix}arrow)\"><title>{title}</title></path>",
        from.id, to.id
    )
    .expect("a String takes all");
}

/// What is said beside a line, around this point.
fn push_label(text: &mut String, edge: &Edge, picture: &Picture, (x, y): (i64, i64), prefix: &str) {
    let (from, to) = (&picture.nodes[edge.from].id, &picture.nodes[edge.to].id);
    let (base, label) = (y + 3, escaped(&edge.short_label()));
    writeln!(
        text,
        "<text class=\"edge\" data-from=\"{prefix}{from}\" data-to=\"{prefix}{to}\" x=\"{x}\" y=\"{base}\">{label}</text>"
    )
    .expect("a String takes all");
}

fn push_node(text: &mut String, node: &Node, frame: Frame, prefix: &str) {
    let Frame { x, y, width } = frame;
    let (id, class, middle) = (&node.id, node.shape.as_str(), x + width / 2);
    let outline = outline(node.shape, frame);
    let name = escaped(&node.name);
    let kind = escaped(&node.kind);
    let title = if kind.is_empty() { name.clone() } else { format!("{kind} {name}") };
    // the lid of a cylinder takes room
    let top = if node.shape == Shape::Store { y + 5 } else { y };
    let base = if kind.is_empty() { top + 27 } else { top + 20 };
    write!(text, "<g class=\"node {class}\" id=\"{prefix}{id}\"><title>{title}</title><path d=\"{outline}\"/><text x=\"{middle}\" y=\"{base}\">{name}</text>").expect("a String takes all");
    if !kind.is_empty() {
        write!(text, "<text class=\"kind\" x=\"{middle}\" y=\"{}\">{kind}</text>", top + 34)
            .expect("a String takes all");
    }
    text.push_str("</g>\n");
}

/// The outline of a node.
fn outline(shape: Shape, frame: Frame) -> String {
    let Frame { x, y, width } = frame;
    let (right, bottom) = (x + width, y + NODE_HEIGHT);
    match shape {
        Shape::Store => format!(
            "M{x} {top}V{low}A{half} 5 0 0 0 {right} {low}V{top}A{half} 5 0 0 0 {x} {top}A{half} 5 0 0 0 {right} {top}",
            top = y + 5,
            low = bottom - 5,
            half = width / 2
        ),
        Shape::Entrance => {
            let middle = y + NODE_HEIGHT / 2;
            let (inner, outer) = (x + 10, right - 10);
            format!("M{inner} {y}H{outer}L{right} {middle}L{outer} {bottom}H{inner}L{x} {middle}z")
        }
        Shape::Settings => {
            let (corner, low) = (right - 10, y + 10);
            format!("M{x} {y}H{corner}L{right} {low}V{bottom}H{x}zM{corner} {y}V{low}H{right}")
        }
        _ => {
            let radius = match shape {
                Shape::Internet | Shape::Task => NODE_HEIGHT / 2 - 2,
                _ => 4,
            };
            let arc = |x: i64, y: i64| format!("A{radius} {radius} 0 0 1 {x} {y}");
            format!(
                "M{} {y}H{}{}V{}{}H{}{}V{}{}z",
                x + radius,
                right - radius,
                arc(right, y + radius),
                bottom - radius,
                arc(right - radius, bottom),
                x + radius,
                arc(x, bottom - radius),
                y + radius,
                arc(x + radius, y)
            )
        }
    }
}
