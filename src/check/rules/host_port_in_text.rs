//! Addresses of components come from the edge to them.
//!
//! An address that is written as a text stays as it is when the component gets another name or port. And nothing knows of the connection: the
//! picture lacks it, a NetworkPolicy of the stack cuts it, and `wait` cannot be checked.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [db.redis]
//! engine = "redis"
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! env = { CACHE = "redis:6379" }
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [db.redis]
//! engine = "redis"
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! uses.redis = { CACHE = "address" }
//! ```
//!
//! `uses` gives host, port, address and URL under any name. In the middle of a text write `{{ db.redis.address }}`, and `uses.redis = {}` for
//! the edge alone; then nothing is said.

use super::origin::table;
use super::pods::look_at_containers;
use super::variables::look_at_texts;
use super::{Context, Findings, Levels, LintRule};
use crate::component::world::Place;
use crate::diagnostic::{Class, Severity};
use crate::stack::Stack;
use std::collections::{BTreeMap, BTreeSet};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "host-port-in-text",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("host_port_in_text.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let Some(stack) = context.stack else { return };
    let edges = edges(stack);
    for (index, object) in context.objects() {
        if object.pod_template().is_none() {
            continue;
        }
        let Some(own) = table(context, object).filter(|own| !own.starts_with("db.")) else { continue };
        look_at_containers(object, &mut |container, _| {
            look_at_texts(container, &mut |value, name, text| {
                let Some((address, target)) =
                    address(text, stack).filter(|(_, target)| *target != &*object.identity.component)
                else {
                    return;
                };
                if edges.get(&*object.identity.component).is_some_and(|used| used.contains(target)) {
                    return;
                }
                let component = stack.connections.get(target).map_or("api", |connection| connection.table);
                let title = format!("`{name}` holds `{address}`, and nothing says that `{own}` uses `{target}`");
                let help = if address == text {
                    format!(
                        "write `uses.{target} = {{ {name} = \"address\" }}` below `[{own}]`, and remove `{name}` from `env`: it gets host and port"
                    )
                } else {
                    format!(
                        "write `uses.{target} = {{}}` below `[{own}]`, and `{{{{ {component}.{target}.address }}}}` in place of `{address}`"
                    )
                };
                findings.add(index, value, title, help);
            });
        });
    }
}

/// The first `host:port` in a text whose host is a component that runs in the stack, with the component.
fn address<'t>(text: &'t str, stack: &Stack) -> Option<(&'t str, &'t str)> {
    let is_of_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    text.match_indices(':').find_map(|(colon, _)| {
        let start = text[..colon].bytes().rposition(|byte| !is_of_host(byte)).map_or(0, |before| before + 1);
        let digits = text[colon + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let host = text[start..colon].split('.').next().unwrap_or_default();
        let is_inside = || stack.connections.get(host).is_some_and(|connection| connection.place == Place::Inside);
        // Behind `//USER:` and the like digits may be a password.
        let is_login = text[colon + 1 + digits..].starts_with('@');
        ((1..=5).contains(&digits) && !is_login && is_inside()).then(|| (&text[start..=colon + digits], host))
    })
}

/// What components say that they use, in any of their containers.
fn edges(stack: &Stack) -> BTreeMap<&str, BTreeSet<&str>> {
    let of_each = stack.file.tables.workloads().map(|(_, name, workload)| {
        let init = workload.init.iter().map(|(_, container)| &container.companion.uses);
        let sidecars = workload.sidecar.iter().map(|(_, container)| &container.companion.uses);
        let all = std::iter::once(&workload.uses).chain(init).chain(sidecars);
        let targets = all.flat_map(|uses| uses.0.iter()).map(|(target, _)| target.value.as_str());
        (name.value.as_str(), targets.collect())
    });
    of_each.collect()
}
