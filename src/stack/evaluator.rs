//! Evaluates `{{ }}`: each name on demand, so that names may refer to each other.

use super::contents::{Context, environment};
use super::names::{Missing, Names};
use crate::diagnostic::{Diagnostic, Report};
use crate::document::expression::{
    HELP, Piece, Reference, Unclosed, cut, measure, mistake, references, variable, with_variables,
};
use crate::document::{Node, OriginId, Origins};
use crate::shape::Evaluate;
use crate::shape::mistake::part_of_text;
use crate::source::{Sources, Span};
use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, Value};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// How many names may ask for one another in a row.
const MAXIMUM_DEPTH: usize = 32;

/// The longest text that expressions may give: what etcd takes as one object is not much more.
const MAXIMUM_BYTES: usize = 1 << 20;

/// Evaluates texts against the one tree of a rendering.
pub struct Evaluator<'a> {
    /// The tree of the stack.
    pub root: &'a Node,
    /// The name of the profile.
    pub profile: &'a str,
    /// All texts.
    pub sources: &'a Sources,
    /// All places.
    pub origins: &'a Origins,
    /// The names that are being evaluated, the outermost first, with the place that asked.
    asked: RefCell<Vec<(String, Span)>>,
    /// What names gave; `None` where that was reported. Without it, names that ask twice for each other take for ever.
    known: RefCell<BTreeMap<String, Option<Value>>>,
    /// The names of each circle that was reported, sorted: it is found once from each of them.
    circles: RefCell<BTreeSet<Vec<String>>>,
    environment: OnceCell<Environment<'static>>,
}

impl Evaluate for Evaluator<'_> {
    fn evaluate(&self, text: &str, origin: OriginId, report: &mut Report) -> Option<String> {
        let span = self.origins.get(origin).span;
        let pieces = match cut(text) {
            Ok(pieces) => pieces,
            Err(Unclosed(range)) => {
                let diagnostic = Diagnostic::error("bad-expression", "`{{` is never closed")
                    .at(part_of_text(span, range, self.sources), "")
                    .help("close it with `}}`; for braces as text write `{{ '{{' }}`");
                report.push(diagnostic);
                return None;
            }
        };
        let mut evaluated = Some(String::with_capacity(text.len()));
        for piece in pieces {
            let value = match piece {
                Piece::Text(text) => Some(text.to_owned()),
                Piece::Expression { source, range } => self.expression(source, &range, span, report),
            };
            // every piece is evaluated, so that every mistake is said
            evaluated = evaluated.zip(value).map(|(all, value)| all + &value);
        }
        if evaluated.as_ref().is_some_and(|all| all.len() > MAXIMUM_BYTES) {
            let diagnostic =
                Diagnostic::error("bad-expression", format!("this text gets longer than {MAXIMUM_BYTES} bytes"))
                    .at(span, "with every expression in it evaluated")
                    .help("look for names that ask for one another several times");
            report.push(diagnostic);
            return None;
        }
        evaluated
    }
}

impl Context for Evaluator<'_> {
    fn context(&self, report: &mut Report) -> Value {
        self.names().context(report)
    }
}

impl<'a> Evaluator<'a> {
    /// Evaluates against `root`, the merged tree.
    pub fn new(root: &'a Node, profile: &'a str, sources: &'a Sources, origins: &'a Origins) -> Self {
        Self {
            root,
            profile,
            sources,
            origins,
            asked: RefCell::default(),
            known: RefCell::default(),
            circles: RefCell::default(),
            environment: OnceCell::new(),
        }
    }

    fn expression(
        &self,
        source: &str,
        range: &std::ops::Range<usize>,
        span: Span,
        report: &mut Report,
    ) -> Option<String> {
        let offset = range.start + 2;
        let place =
            |inner: std::ops::Range<usize>| part_of_text(span, offset + inner.start..offset + inner.end, self.sources);
        let references = references(source);
        let values: Vec<_> = references.iter().map(|name| self.name(name, place(name.range.clone()), report)).collect();
        let values: Vec<Value> = values.into_iter().collect::<Option<_>>()?;
        if let ([only], [value]) = (&references[..], &values[..])
            && source.trim().len() == only.range.len()
        {
            return text(value).ok();
        }
        let calculated = self.calculate(source, &references, values).map_err(|error| {
            let place = part_of_text(span, range.clone(), self.sources);
            report.push(Diagnostic::error("bad-expression", mistake(&error)).at(place, "").help(HELP));
        });
        calculated.ok()
    }

    fn calculate(&self, source: &str, references: &[Reference], values: Vec<Value>) -> Result<String, Error> {
        let context: BTreeMap<_, _> = values.into_iter().enumerate().map(|(at, value)| (variable(at), value)).collect();
        let environment = self.environment.get_or_init(environment);
        measure(source)?;
        let plain = with_variables(source, references);
        let value = environment.compile_expression(&plain)?.eval(Value::from_pairs(context))?;
        text(&value)
    }

    /// The value of a name; a circle of names is reported with all its places.
    fn name(&self, reference: &Reference, place: Span, report: &mut Report) -> Option<Value> {
        let name = reference.path.join(".");
        let circle = self.asked.borrow().iter().position(|(asked, _)| *asked == name);
        if let Some(start) = circle {
            self.report_circle(start, &name, place, report);
            return None;
        }
        if self.asked.borrow().len() >= MAXIMUM_DEPTH {
            let title = format!("`{name}` is asked for by more than {MAXIMUM_DEPTH} names in a row");
            let help = "write the value itself in one of them";
            report.push(Diagnostic::error("bad-expression", title).at(place, "").help(help));
            return None;
        }
        if let Some(known) = self.known.borrow().get(&name) {
            return known.clone();
        }
        self.asked.borrow_mut().push((name.clone(), place));
        let found = self.names().value(&reference.path, report);
        self.asked.borrow_mut().pop();
        let value = match found {
            Ok(value) => Some(value),
            Err(Missing::Reported) => None,
            Err(Missing::Undefined(help)) => {
                let title = format!("`{name}` is not defined");
                report.push(Diagnostic::error("undefined-name", title).at(place, "").help(help));
                return None;
            }
        };
        self.known.borrow_mut().insert(name, value.clone());
        value
    }

    fn names(&self) -> Names<'_> {
        let Self { root, profile, sources, origins, .. } = self;
        Names { root, profile, sources, origins, evaluator: self }
    }

    fn report_circle(&self, start: usize, name: &str, place: Span, report: &mut Report) {
        let asked = &self.asked.borrow()[start..];
        let mut members: Vec<_> = asked.iter().map(|(name, _)| name.clone()).collect();
        members.sort();
        if !self.circles.borrow_mut().insert(members) {
            return;
        }
        let names: Vec<_> = asked.iter().map(|(name, _)| name.as_str()).chain([name]).collect();
        if let [_] = asked {
            let title = format!("`{name}` is made of itself");
            let diagnostic = Diagnostic::error("cycle", title).at(place, "it stands here");
            return report.push(diagnostic.help("write its value without itself, or give this another name"));
        }
        let title = format!("these names are made of each other: {}", names.join(" → "));
        let mut diagnostic = Diagnostic::error("cycle", title).at(place, "closes the circle");
        for (_, place) in &asked[1..] {
            diagnostic = diagnostic.at(*place, "is made of the next one");
        }
        report.push(diagnostic.help("write one of them without the other"));
    }
}

/// A value as the stack would spell it; minijinja writes `True`.
fn text(value: &Value) -> Result<String, Error> {
    match value.kind() {
        ValueKind::Bool => Ok(if value.is_true() { "true" } else { "false" }.to_owned()),
        ValueKind::String | ValueKind::Number => Ok(value.to_string()),
        kind => Err(Error::new(ErrorKind::InvalidOperation, format!("it gives {kind}, and not a text"))),
    }
}
