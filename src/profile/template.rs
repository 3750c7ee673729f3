//! `[template]`: which templates a component takes over, and whether they extend each other rightly.

use super::Session;
use crate::diagnostic::Diagnostic;
use crate::document::{Node, OriginId, Table};
use std::collections::BTreeSet;

/// A template that a component takes over.
pub struct Link<'t> {
    /// Its name.
    pub name: &'t str,
    /// Its keys.
    pub node: &'t Node,
    /// The `extends` that names it.
    pub by: OriginId,
}

/// Reports templates, used or not, that extend one which is not there, or each other.
pub fn check(templates: &Table, session: &mut Session) {
    let mut circles = BTreeSet::new();
    for template in templates.values() {
        let (links, end) = follow(template, templates);
        match end {
            End::Unknown(name, by) if links.is_empty() => report_unknown(name, by, templates, session),
            End::Circle(start, by) => {
                let mut names: Vec<_> = links[start..].iter().map(|link| link.name).collect();
                names.sort_unstable();
                if circles.insert(names) {
                    report_circle(&links[start..], by, session);
                }
            }
            _ => {}
        }
    }
}

/// The templates that a component takes over, the nearest first; an unknown one is reported.
pub fn chain<'t>(component: &'t Node, templates: &'t Table, session: &mut Session) -> Vec<Link<'t>> {
    let (links, end) = follow(component, templates);
    if let (true, End::Unknown(name, by)) = (links.is_empty(), end) {
        report_unknown(name, by, templates, session);
    }
    links
}

/// How a chain ends.
enum End<'t> {
    Root,
    Unknown(&'t str, OriginId),
    /// It comes back to the link at this position, by this `extends`.
    Circle(usize, OriginId),
}

fn follow<'t>(from: &'t Node, templates: &'t Table) -> (Vec<Link<'t>>, End<'t>) {
    let mut links: Vec<Link> = Vec::new();
    let mut next = from.get("extends");
    while let Some(extends) = next {
        let Some(name) = extends.as_str() else { break };
        if let Some(start) = links.iter().position(|link| link.name == name) {
            return (links, End::Circle(start, extends.origin));
        }
        let Some(node) = templates.get(name) else { return (links, End::Unknown(name, extends.origin)) };
        links.push(Link { name, node, by: extends.origin });
        next = node.get("extends");
    }
    (links, End::Root)
}

fn report_circle(links: &[Link], last: OriginId, session: &mut Session) {
    let names: Vec<_> = links.iter().chain(links.first()).map(|link| link.name).collect();
    let mut diagnostic = Diagnostic::error("cycle", format!("templates extend each other: {}", names.join(" → ")))
        .help("remove one `extends`")
        .at(session.origins.get(last).span, "closes the circle");
    for link in &links[1..] {
        diagnostic = diagnostic.at(session.origins.get(link.by).span, "extends the next one");
    }
    session.report.push(diagnostic);
}

fn report_unknown(name: &str, origin: OriginId, templates: &Table, session: &mut Session) {
    let diagnostic = Diagnostic::error("unknown-template", format!("there is no template `{name}`"))
        .at(session.origins.get(origin).span, "");
    let help = match crate::value::nearest(name, templates.keys().map(|key| &**key)) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("declare it: `[template.{}]`", crate::document::path::quoted(name)),
    };
    let meant = crate::value::unmistakable(name, templates.keys().map(|key| &**key));
    let span = session.origins.get(origin).span;
    session.report.push(diagnostic.help(help).renamed(span, &session.sources, name, meant));
}
