//! One mistake in a line that several components share is told once: a template, the defaults of a kind.

use super::Context;
use super::origin::table;
use crate::bundle::Object;
use crate::check::finding::{Finding, Verdict};
use crate::document::OriginId;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// The same rule says the same of the same field of other objects, which goes back to the same line.
type Mistake = (&'static str, Verdict, OriginId, String);

/// So many of the other objects are named; of those beyond the number is said.
const NAMED: usize = 9;

/// Joins findings that go back to one line; the first of them stays, and names the objects of the others.
pub fn gather(findings: Vec<Finding>, context: &Context) -> Vec<Finding> {
    let mut gathered: Vec<(Finding, Vec<usize>)> = Vec::with_capacity(findings.len());
    let mut firsts: IndexMap<Mistake, usize, FxBuildHasher> = IndexMap::default();
    for finding in findings {
        let origin = context.bundle.causes.origins(finding.cause).next();
        let first = origin.and_then(|origin| {
            let mistake = (finding.rule, finding.verdict, origin, finding.field.clone());
            let first = *firsts.entry(mistake).or_insert(gathered.len());
            (first < gathered.len()).then_some(first)
        });
        match first {
            Some(first) if is_other(&gathered[first], finding.object) => gathered[first].1.push(finding.object),
            _ => gathered.push((finding, Vec::new())),
        }
    }
    gathered.into_iter().map(|(first, others)| joined(first, &others, context)).collect()
}

/// Whether nothing was found of this object yet: one object has two such findings only where they say different things.
/// Findings come in the order of their objects.
fn is_other((first, others): &(Finding, Vec<usize>), object: usize) -> bool {
    *others.last().unwrap_or(&first.object) != object
}

fn joined(first: Finding, others: &[usize], context: &Context) -> Finding {
    if others.is_empty() {
        return first;
    }
    let objects = &context.bundle.objects;
    let object = &objects[first.object];
    let names: Vec<String> = others.iter().take(NAMED).map(|other| name(&objects[*other], object)).collect();
    let rest = match others.len().saturating_sub(NAMED) {
        0 => String::new(),
        1 => " and one more object".to_owned(),
        rest => format!(" and {rest} more objects"),
    };
    let title = format!("{}; the same holds for {}{rest}", first.title, names.join(", "));
    let help = match table(context, object).map(|table| format!("`[{table}]`")) {
        Some(table) => first.help.replacen(&table, &format!("{table} and the others (or their template)"), 1),
        None => first.help,
    };
    Finding { title, help, correction: None, ..first }
}

/// What another object is called beside the first.
fn name(other: &Object, first: &Object) -> String {
    match other.kind_name() {
        kind if kind == first.kind_name() => format!("`{}`", other.name()),
        kind => format!("{kind} `{}`", other.name()),
    }
}
