//! Annotations of an ingress that are for another controller than the one that serves it.

use super::Scene;
use super::edge::Edge;
use crate::component::ingress::Ingress;
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::shape::Written;
use crate::value::Name;

/// What the annotations of controllers begin with.
const PREFIXES: [(Edge, &str); 3] = [
    (Edge::Alb, "alb.ingress.kubernetes.io/"),
    (Edge::Traefik, "traefik.ingress.kubernetes.io/"),
    (Edge::Nginx, "nginx.ingress.kubernetes.io/"),
];

impl Scene<'_> {
    /// Reports annotations that nobody reads.
    pub fn check_foreign(&self, name: &Written<Name>, ingress: &Ingress, checking: &mut Checking) {
        let Some(edge) = self.world.cluster.edge(ingress).filter(|edge| edge.value != Edge::Gke) else { return };
        let reader =
            |key: &str| PREFIXES.into_iter().find(|(_, prefix)| key.starts_with(prefix)).map(|(reader, _)| reader);
        let foreign = ingress.annotations.iter().filter_map(|(key, _)| Some((key, reader(key.value.as_str())?)));
        let foreign: Vec<_> = foreign.filter(|(_, reader)| *reader != edge.value).collect();
        let Some((key, reader)) = foreign.first() else { return };
        let (own, reader) = (edge.value.name(), reader.name());
        let title = format!("`{}` has no effect: {reader} reads it, and {own} serves this ingress", key.value);
        let labels = foreign.iter().skip(1).map(|(key, _)| (checking.key_span(key.origin), "nor has this"));
        let labels: Vec<_> = labels.collect();
        let mut diagnostic = Diagnostic::warning("unused-key", title).at(checking.key_span(key.origin), "");
        for (span, label) in labels {
            diagnostic = diagnostic.at(span, label);
        }
        let diagnostic = diagnostic.at(checking.span(edge.origin), format!("{own} is known from here")).help(format!(
            "move it to `[profile.NAME.ingress.{}.annotations]` of a profile with {reader}, or remove it",
            name.value
        ));
        checking.report.push(diagnostic);
    }
}
