//! A variable refers only to variables that stand before it.
//!
//! Kubernetes puts `$(NAME)` in the value of a variable in place of what was defined before it: by `envFrom`, or further up in the list.
//! Any other reference stays as it is, and the program reads the text `$(NAME)`. The same holds of command and arguments, where every
//! variable of the container counts.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! env = { URL = "amqp://$(HOST):5672", HOST = "queue" }
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
//! Move the variable that is meant above the one that refers to it. Where the text itself is meant, write `$$(NAME)`. Nothing is said of
//! names that an `envFrom` or a Service may define.

use super::pods::{look_at_containers, look_at_template};
use super::variables::{is_open, look_at_plain_words};
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "env-ref-undefined",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("env_ref_undefined.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        let mut services_define = true;
        look_at_template(object, &mut |template| {
            let links = template.key("spec");
            let links = links.key("enableServiceLinks");
            services_define = !links.is_set() || links.is_true();
        });
        look_at_containers(object, &mut |container, _| {
            let env = container.key("env");
            for (place, variable) in env.items().enumerate() {
                let value = variable.key("value");
                for name in references(value.text()) {
                    let defined = Defined { env: &env, place, name, services_define };
                    if !defined.before() && (!is_open(container) || defined.later()) {
                        report(index, &variable, name, &defined, findings);
                    }
                }
            }
            look_at_plain_words(container, &mut |word, text| {
                for name in references(text) {
                    let defined = Defined { env: &env, place: usize::MAX, name, services_define };
                    if !defined.before() && !is_open(container) {
                        report_word(index, word, name, findings);
                    }
                }
            });
        });
    }
}

/// Where a name may be defined.
struct Defined<'a, 'p, 'f> {
    env: &'a At<'p, 'f>,
    place: usize,
    name: &'a str,
    services_define: bool,
}

impl Defined<'_, '_, '_> {
    fn before(&self) -> bool {
        let by_service = self.name.contains("_SERVICE_") || self.name.contains("_PORT");
        self.env.items().take(self.place).any(|variable| variable.key("name").is_text(self.name))
            || by_service && (self.services_define || self.name.starts_with("KUBERNETES_"))
    }

    fn later(&self) -> bool {
        self.env.items().skip(self.place.saturating_add(1)).any(|variable| variable.key("name").is_text(self.name))
    }
}

fn report(object: usize, variable: &At, name: &str, defined: &Defined, findings: &mut Findings) {
    let own = variable.key("name").text();
    let value = variable.key("value");
    if defined.later() {
        let title =
            format!("`{own}` refers to `$({name})`, which is defined after it: the program reads the text `$({name})`");
        let finding = findings.add(object, &value, title, format!("move `{name}` above `{own}`"));
        let later = defined.env.items().skip(defined.place).find(|variable| variable.key("name").is_text(name));
        finding.related.extend(later.map(|later| (later.cause(), "it is defined here".to_owned())));
    } else {
        let title =
            format!("`{own}` refers to `$({name})`, which is not defined: the program reads the text `$({name})`");
        let help = format!("define `{name}` above `{own}`, or write `$$({name})` where the text itself is meant");
        findings.add(object, &value, title, help);
    }
}

fn report_word(object: usize, word: &At, name: &str, findings: &mut Findings) {
    let title =
        format!("an argument refers to `$({name})`, which is not defined: the program reads the text `$({name})`");
    let help = format!("give the container a variable `{name}`, or write `$$({name})` where the text itself is meant");
    findings.add(object, word, title, help);
}

/// The names in `$(NAME)`. What has letters that are no capitals is a command of a shell rather than a variable.
fn references(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find('$')?;
            rest = &rest[start + 1..];
            if let Some(behind) = rest.strip_prefix('$') {
                rest = behind;
            } else if let Some((name, behind)) = rest.strip_prefix('(').and_then(|inside| inside.split_once(')')) {
                rest = behind;
                let is_name = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
                if !name.is_empty() && name.bytes().all(is_name) {
                    return Some(name);
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::references;

    #[test]
    fn two_dollars_are_one_and_commands_are_no_names() {
        let found = |text: &'static str| references(text).collect::<Vec<_>>();
        assert_eq!(found("a $(B) $$(C) $(D_1)"), ["B", "D_1"]);
        assert_eq!(found("$$$(B)"), ["B"]);
        assert!(found("$(hostname) $(date +%F) ${B} $B $( $(").is_empty());
    }
}
