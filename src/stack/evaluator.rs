//! Evaluates `{{ }}`: each name on demand, so that names may refer to each other.

use super::contents::Context;
use super::expression::{Piece, Reference, Unclosed, cut, references};
use super::names::Names;
use crate::diagnostic::{Diagnostic, Report};
use crate::document::{Node, OriginId, Origins};
use crate::shape::Evaluate;
use crate::shape::check::part_of_text;
use crate::source::{Sources, Span};
use minijinja::value::ValueKind;
use minijinja::{Environment, UndefinedBehavior};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

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
        evaluated
    }
}

impl Context for Evaluator<'_> {
    fn context(&self, report: &mut Report) -> minijinja::Value {
        self.names().context(report)
    }
}

impl<'a> Evaluator<'a> {
    /// Evaluates against `root`, the merged tree.
    pub fn new(root: &'a Node, profile: &'a str, sources: &'a Sources, origins: &'a Origins) -> Self {
        Self { root, profile, sources, origins, asked: RefCell::default(), environment: OnceCell::new() }
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
        let values: Vec<String> = values.into_iter().collect::<Option<_>>()?;
        if let [only] = &references[..]
            && source.trim().len() == only.range.len()
        {
            return values.into_iter().next();
        }
        self.calculate(source, &references, values).map_err(|error| {
            let detail = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
            let diagnostic = Diagnostic::error("bad-expression", format!("this expression cannot be evaluated: {detail}"))
                .at(part_of_text(span, range.clone(), self.sources), "")
                .help("expressions are those of minijinja, such as `{{ vars.tag }}` or `{{ vars.name | upper }}`; for braces as text write `{{ '{{' }}`");
            report.push(diagnostic);
        }).ok()
    }

    /// Names are replaced by variables of the expression language, which does not know a `-` in names.
    fn calculate(
        &self,
        source: &str,
        references: &[Reference],
        values: Vec<String>,
    ) -> Result<String, minijinja::Error> {
        let mut plain = String::with_capacity(source.len());
        let mut context = BTreeMap::new();
        let mut rest = 0;
        for (at, (reference, value)) in references.iter().zip(values).enumerate() {
            let variable = format!("name_{at}");
            plain.push_str(&source[rest..reference.range.start]);
            plain.push_str(&variable);
            rest = reference.range.end;
            context.insert(variable, value);
        }
        plain.push_str(&source[rest..]);
        let environment = self.environment.get_or_init(environment);
        let value = environment.compile_expression(&plain)?.eval(minijinja::Value::from_pairs(context))?;
        match value.kind() {
            ValueKind::Bool => Ok(if value.is_true() { "true" } else { "false" }.to_owned()),
            ValueKind::String | ValueKind::Number => Ok(value.to_string()),
            kind => Err(minijinja::Error::new(
                minijinja::ErrorKind::InvalidOperation,
                format!("it gives {kind}, and not a text"),
            )),
        }
    }

    /// The value of a name; a circle of names is reported with all its places.
    fn name(&self, reference: &Reference, place: Span, report: &mut Report) -> Option<String> {
        let name = reference.path.join(".");
        let circle = self.asked.borrow().iter().position(|(asked, _)| *asked == name);
        if let Some(start) = circle {
            let asked = self.asked.borrow();
            let names: Vec<_> = asked[start..].iter().map(|(name, _)| name.as_str()).chain([name.as_str()]).collect();
            let mut diagnostic =
                Diagnostic::error("cycle", format!("these names ask for each other: {}", names.join(" → ")))
                    .at(place, "closes the circle")
                    .help("write one of them without the other");
            for (_, place) in &asked[start + 1..] {
                diagnostic = diagnostic.at(*place, "asks for the next one");
            }
            report.push(diagnostic);
            return None;
        }
        self.asked.borrow_mut().push((name, place));
        let value = self.names().value(&reference.path, place, report);
        self.asked.borrow_mut().pop();
        value
    }

    fn names(&self) -> Names<'_> {
        let Self { root, profile, sources, origins, .. } = self;
        Names { root, profile, sources, origins, evaluator: self }
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_fuel(Some(1_000_000));
    environment
}
