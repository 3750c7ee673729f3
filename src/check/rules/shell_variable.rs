//! A text that no shell reads refers to a variable as Kubernetes spells it: `$(NAME)`.
//!
//! In a Compose file and in a shell `$NAME` and `${NAME}` are variables. Kubernetes leaves both as they are, in `env` and in arguments, and
//! the program reads the text `${NAME}` in place of a host or a password.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! env = { HOST = "queue", URL = "amqp://${HOST}:5672" }
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! env = { HOST = "queue", URL = "amqp://$(HOST):5672" }
//! ```
//!
//! Write `$(NAME)`. Some programs expand `${NAME}` by themselves, as Spring does: `allow = { shell-variable = "REASON" }`. It is a remark
//! where the container is not known to have such a variable, and nothing is said of scripts: what stands behind a shell's name or `-c`.

use super::origin::table;
use super::pods::look_at_containers;
use super::variables::{look_at_plain_words, look_at_texts};
use super::{Context, Findings, Levels, LintRule, credentials};
use crate::bundle::Object;
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "shell-variable",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("shell_variable.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        look_at_containers(object, &mut |container, _| {
            let found = &mut |at: &At, holder: Holder, text: &str| {
                for reference in references(text) {
                    report(context, (index, object, container), (at, &holder), &reference, findings);
                }
            };
            look_at_texts(container, &mut |value, name, text| found(value, Holder::Variable(name.to_owned()), text));
            look_at_plain_words(container, &mut |word, text| found(word, Holder::Word, text));
        });
    }
}

/// What holds a reference.
enum Holder {
    /// A variable of this name.
    Variable(String),
    /// A word of the command or the arguments.
    Word,
}

/// A variable as a shell spells it.
#[derive(Debug, PartialEq, Eq)]
struct Reference<'t> {
    /// `${HOST}`.
    spelled: &'t str,
    /// `HOST`.
    name: &'t str,
}

fn report(
    context: &Context,
    (index, object, container): (usize, &Object, &At),
    (at, holder): (&At, &Holder),
    Reference { spelled, name }: &Reference,
    findings: &mut Findings,
) {
    let place = |name: &str| container.key("env").items().position(|variable| variable.key("name").is_text(name));
    let (own, subject) = match holder {
        Holder::Variable(own) => (Some(own.as_str()), format!("`{own}`")),
        Holder::Word => (None, "an argument".to_owned()),
    };
    let title =
        format!("{subject} holds `{spelled}`, which only a shell expands: the program reads the text `{spelled}`");
    let line = format!("allow = {{ {} = \"REASON\" }}", RULE.name);
    let allowance = match table(context, object) {
        Some(table) => format!("; where the program itself expands it, write `{line}` below `[{table}]`"),
        None => String::new(),
    };
    match place(name).filter(|_| own != Some(name)) {
        Some(defined) => {
            let is_later = own.and_then(place).is_some_and(|own| own < defined);
            let order = if is_later { format!(", and move `{name}` above {subject}") } else { String::new() };
            findings.add(index, at, title, format!("write `$({name})`{order}{allowance}"));
        }
        // what is no name in capitals is meant for the program, and a password may have a dollar in it
        None if !is_in_capitals(name) || own.is_some_and(|own| credentials::likeness(own).is_some()) => {}
        None => {
            let help = format!("give the container a variable `{name}` and write `$({name})`{allowance}");
            findings.add_milder(Severity::Info, index, at, (title, help));
        }
    }
}

fn is_in_capitals(name: &str) -> bool {
    !name.bytes().any(|byte| byte.is_ascii_lowercase()) && name.len() > 1
}

/// `$NAME`, `${NAME}` and `${NAME:-DEFAULT}`; `$$` is a dollar.
fn references(text: &str) -> Vec<Reference<'_>> {
    let mut found: Vec<Reference> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('$') {
        let behind = &rest[start + 1..];
        rest = behind.strip_prefix('$').unwrap_or(behind);
        if rest.len() < behind.len() {
            continue;
        }
        let inner = behind.strip_prefix('{');
        let name = name_at(inner.unwrap_or(behind));
        let length = match inner {
            None => Some(1 + name.len()),
            Some(inner) => {
                let end = &inner[name.len()..];
                let is_reference = end.starts_with('}') || end.starts_with(":-");
                end.find('}').filter(|_| is_reference).map(|closing| name.len() + closing + 3)
            }
        };
        if let Some(length) = length.filter(|_| !name.is_empty()) {
            let reference = Reference { spelled: &rest_of(text, behind)[..length], name };
            if !found.contains(&reference) {
                found.push(reference);
            }
        }
    }
    found
}

/// The text from the dollar on that stands before `behind`.
fn rest_of<'t>(text: &'t str, behind: &str) -> &'t str {
    &text[text.len() - behind.len() - 1..]
}

/// The name at the start of a text; empty where there is none, as in `$5`.
fn name_at(text: &str) -> &str {
    let end = text.find(|character: char| !character.is_ascii_alphanumeric() && character != '_').unwrap_or(text.len());
    if text.starts_with(|first: char| first.is_ascii_digit()) { "" } else { &text[..end] }
}

#[cfg(test)]
mod tests {
    use super::references;

    #[test]
    fn names_are_those_of_a_shell() {
        let found = |text: &'static str| references(text).iter().map(|one| (one.spelled, one.name)).collect::<Vec<_>>();
        assert_eq!(found("a $B-${C_1}/$b"), [("$B", "B"), ("${C_1}", "C_1"), ("$b", "b")]);
        assert_eq!(found("${A:-x} ${A:-x}"), [("${A:-x}", "A")]);
        assert!(found("$5 $$A $$$$B $(C) $ ${} ${A ${A:x} ${A?} $é ^a$ $").is_empty());
        assert_eq!(found("$$$A"), [("$A", "A")]);
    }
}
