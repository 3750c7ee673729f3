//! Variables that `--set` or an overlay gives, and nothing declares or reads: one wrong letter would leave the old value in place.

use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::document::path::quoted;
use crate::document::{Node, Origin};
use crate::profile::{Layer, Role};
use crate::source::{ARGUMENT, Sources};
use crate::value::{nearest, unmistakable};

/// Reports them. What another profile's overlay reads counts as read, and so does what any template or `--set` does.
pub fn check(root: &Node, layers: &[Layer], checking: &mut Checking) {
    let Some(variables) = root.get("vars").and_then(Node::as_table) else { return };
    let is_declared = |node: &Node| {
        let mut writings = checking.origins.history(node.origin);
        writings.any(|writing| !is_laid_over(writing, layers, checking.sources))
    };
    let unread: Vec<_> = variables
        .iter()
        .filter(|(name, node)| !is_declared(node) && !is_read(name, checking.sources))
        .map(|(name, node)| (&**name, node.origin))
        .collect();
    let others: Vec<&str> =
        variables.keys().map(|name| &**name).filter(|name| unread.iter().all(|(unread, _)| unread != name)).collect();
    for (name, origin) in unread {
        let title = format!("nothing reads `vars.{}`, and no `[vars]` declares it", quoted(name));
        let help = match nearest(name, others.iter().copied()) {
            Some(near) => format!("did you mean `vars.{}`?", quoted(near)),
            None => format!("read it in a text, as in `\"{{{{ vars.{} }}}}\"`, or leave it out", quoted(name)),
        };
        let span = checking.key_span(origin);
        let meant = unmistakable(name, others.iter().copied());
        let diagnostic = Diagnostic::error("unknown-variable", title).at(span, "").help(help);
        checking.report.push(diagnostic.renamed(span, checking.sources, name, meant));
    }
}

/// Whether a value was written in an overlay of the stack or by `--set`.
fn is_laid_over(writing: &Origin, layers: &[Layer], sources: &Sources) -> bool {
    let layer = layers.get(usize::from(writing.layer.0));
    let is_overlay = layer.is_some_and(|layer| layer.role == Role::Stack && layer.name.starts_with("[profile."));
    is_overlay || sources.file(writing.span.file).name == ARGUMENT
}

/// Whether a variable of this name may be asked for in any text.
fn is_read(name: &str, sources: &Sources) -> bool {
    sources.iter().any(|(_, file)| expressions(&file.text).any(|expression| asks_for(expression, name)))
}

/// What stands between `{{` and `}}`, or `{%` and `%}`.
fn expressions(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let inner = &rest[rest.find('{')? + 1..];
            let closing = match inner.chars().next() {
                Some('{') => "}}",
                Some('%') => "%}",
                _ => {
                    rest = inner;
                    continue;
                }
            };
            let inner = &inner[1..];
            let end = inner.find(closing).unwrap_or(inner.len());
            rest = &inner[end..];
            return Some(&inner[..end]);
        }
    })
}

/// Whether an expression has this word, or asks for variables by names that it makes: `vars[name]`.
fn asks_for(expression: &str, name: &str) -> bool {
    let is_end = |character: char| !(character.is_alphanumeric() || matches!(character, '_' | '-'));
    let has_word = |word: &str| {
        expression.match_indices(word).any(|(at, _)| {
            let (before, behind) = (&expression[..at], &expression[at + word.len()..]);
            before.chars().next_back().is_none_or(is_end) && behind.chars().next().is_none_or(is_end)
        })
    };
    let makes_names = || {
        let mut uses = expression.match_indices("vars").map(|(at, word)| expression[at + word.len()..].trim_start());
        uses.any(|behind| ![".", "['", "[\""].iter().any(|literal| behind.starts_with(literal)))
    };
    has_word(name) || makes_names()
}
