//! The edges of a component: which there may be, and what is wrong with them.

use super::edges::{Binding, Edge, Variable, VariableValue, upper_snake};
use crate::bundle::{Traced, traced};
use crate::component::words::BindingWord;
use crate::component::world::World;
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::document::quoted;
use crate::document::{Node, OriginId, Table, Value};
use crate::shape::kind::{Expressions, Presence, TextForm};
use crate::shape::{Decoder, Keyed, Kind, MapForm, Member, Shape, Short, Written};
use crate::traced;
use crate::value::{Name, Scalar};
use k8s_openapi::api::core::v1 as core;
use std::collections::BTreeMap;

/// The edges of a component by their targets.
#[derive(Debug, Clone, Default)]
pub struct Uses(pub Keyed<Name, Binding>);

/// A name that becomes a key of the table, so no expression.
const TARGET: &TextForm = &TextForm {
    what: "a component's name",
    example: "postgres",
    check: |text| Name::parse(text).map(drop),
    bare: |_| None,
    expressions: Expressions::Verbatim,
};

impl Member for Uses {
    const KIND: &'static Kind = &Kind::Map(&MapForm {
        key: TARGET,
        value: <Binding as Shape>::KIND,
        short: Some(Short {
            what: "a list of names such as [\"postgres\"]",
            kind: &Kind::List(&Kind::Text(TARGET)),
            expand: expand_list,
        }),
    });
    const PRESENCE: Presence = Presence::Optional;

    fn member(node: Option<&Node>, _: &'static str, _: OriginId, decoder: &mut Decoder) -> Self {
        Self(node.and_then(|node| Keyed::decode(node, decoder)).unwrap_or_default())
    }
}

/// `uses = ["postgres"]` is `uses.postgres = "default"`; `"..."` is not needed, because tables merge by key.
fn expand_list(node: Node) -> Node {
    let origin = node.origin;
    let mut table = Table::default();
    if let Value::Array(items) = node.value {
        for item in items {
            if let Value::String(name) = item.value {
                table.insert(name, Node { origin: item.origin, value: Value::String("default".into()) });
            }
        }
    }
    table.shift_remove("...");
    Node { origin, value: Value::Table(table) }
}

impl Uses {
    /// The variables of all edges, in the order of the edges. Edges to unknown targets give none: they are reported elsewhere.
    pub fn variables(&self, world: &World) -> Vec<Variable> {
        let mut variables = Vec::new();
        for (target, binding) in self.0.iter() {
            if let Some(connection) = world.connections.get(target.value.as_str()) {
                let edge = Edge { target: target.value.as_str(), origin: target.origin, connection, world };
                edge.bind(binding, &mut variables);
            }
        }
        variables
    }

    /// The same as the container has them.
    pub fn lower(&self, world: &World) -> Vec<Traced<core::EnvVar>> {
        let lower = |variable: Variable| {
            let name = traced(variable.name, variable.origin);
            match variable.value.ok()? {
                VariableValue::Text(value) => Some(traced!(variable.origin, core::EnvVar { name: name, value: value })),
                VariableValue::Key { secret, key } => {
                    let selector = traced!(variable.origin, core::SecretKeySelector { name: secret, key: key });
                    let source = traced!(variable.origin, core::EnvVarSource { secret_key_ref: selector });
                    Some(traced!(variable.origin, core::EnvVar { name: name, value_from: source }))
                }
            }
        };
        self.variables(world).into_iter().filter_map(lower).collect()
    }
}

/// Reports waits that lead nowhere.
pub fn check_wait(wait: &[Written<Name>], own: &str, world: &World, checking: &mut Checking) {
    for target in wait {
        check_target(target, Purpose::Wait, own, world, checking);
    }
}

/// Reports edges that lead nowhere, and variables that cannot be made.
pub fn check(uses: &Uses, own: &str, world: &World, checking: &mut Checking) {
    for (target, binding) in uses.0.iter() {
        check_target(target, Purpose::Use, own, world, checking);
        check_bare(target, binding, world, checking);
    }
    let mut seen: Vec<(String, OriginId)> = Vec::new();
    let mut twice: BTreeMap<(OriginId, OriginId), Vec<String>> = BTreeMap::new();
    for variable in uses.variables(world) {
        if let Err(why) = &variable.value {
            let diagnostic =
                Diagnostic::error("no-such-field", why.title.clone()).at(checking.span(variable.origin), "");
            checking.report.push(diagnostic.help(why.help.clone()));
        }
        match seen.iter().find(|(name, _)| *name == variable.name) {
            Some((_, other)) if *other != variable.origin => {
                let names = twice.entry((variable.origin, *other)).or_default();
                names.push(format!("`{}`", variable.name));
            }
            _ => seen.push((variable.name, variable.origin)),
        }
    }
    for ((second, first), names) in twice {
        let target = |origin| checking.sources.text(checking.key_span(origin)).trim_matches(['"', '\'']).to_owned();
        let (one, other) = (target(first), target(second));
        let title = format!("`{one}` and `{other}` both give {}", names.join(", "));
        let diagnostic = Diagnostic::error("duplicate-variable", title)
            .at(checking.key_span(second), "the second one")
            .at(checking.key_span(first), "the first one")
            .help(format!(
                "name the variables of one of them: `uses = {{ {one} = \"default\", {other} = {{ DB2_HOST = \"host\" }} }}`"
            ));
        checking.report.push(diagnostic);
    }
}

/// A bare edge to something outside gives no variables, which whoever says its user or its Secret does not know.
fn check_bare(target: &Written<Name>, binding: &Binding, world: &World, checking: &mut Checking) {
    let name = target.value.as_str();
    let is_bare = matches!(binding, Binding::Word(word) if word.value == BindingWord::Default);
    let external = world.connections.get(name).filter(|connection| connection.table == "external" && is_bare);
    let Some(connection) = external else { return };
    let facts = [
        ("user", &connection.user),
        ("password", &connection.password),
        ("database", &connection.database),
        ("url", &connection.url),
    ];
    let known: Vec<&str> = facts.into_iter().filter(|(_, fact)| fact.is_some()).map(|(word, _)| word).collect();
    if known.is_empty() {
        return;
    }
    let variables = ["host"].into_iter().chain(known.iter().copied());
    let variables = variables.map(|fact| format!("{}_{} = \"{fact}\"", upper_snake(name), fact.to_uppercase()));
    let variables = variables.collect::<Vec<_>>().join(", ");
    let host = connection.hosts.first().map(|host| host.value.as_str()).unwrap_or_default();
    let title = format!("this edge to `{name}` gives no variables, not even its {}", known.join(", "));
    let diagnostic = Diagnostic::warning("binds-nothing", title)
        .at(checking.key_span(target.origin), "an external binds nothing by itself")
        .help(format!(
            "for a database write `[db.{name}]` with `engine` and `managed = {{ host = \"{host}\" }}`, its other keys stay; else name the variables: `uses.{} = {{ {variables} }}`",
            quoted(name)
        ));
    checking.report.push(diagnostic);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Use,
    Wait,
}

fn check_target(target: &Written<Name>, purpose: Purpose, own: &str, world: &World, checking: &mut Checking) {
    let name = target.value.as_str();
    let components = &world.names.components;
    let Some(found) = components.get(name) else {
        let known = components.keys().map(|name| &**name).filter(|name| *name != own);
        let declare =
            format!("declare it: `[db.{name}]`, `[api.{name}]` or, for something outside, `[external.{name}]`");
        return checking.unknown("component", name, target.origin, known, &declare);
    };
    let Some(connection) = world.connections.get(name) else {
        let always_listens = matches!(found.table, "db" | "external");
        if always_listens || found.table == "api" && checking.report.has_errors() {
            // it is not there because it was reported as wrong
            return;
        }
        let place = checking.key_span(found.origin);
        let diagnostic = Diagnostic::error("nothing-listens", format!("nothing listens in `{}.{name}`", found.table))
            .at(checking.span(target.origin), "")
            .at(place, format!("a {} has no Service", found.table))
            .help(match found.table {
                "job" => instead_of_a_job(name, own, world),
                _ => format!("make it an `[api.{name}]` with a `port`, or remove it here"),
            });
        return checking.report.push(diagnostic);
    };
    if purpose == Purpose::Wait && (connection.ports.is_empty() || connection.hosts.is_empty()) {
        if connection.table == "api" && checking.report.has_errors() {
            // an api without a port was reported already
            return;
        }
        let diagnostic = Diagnostic::error("nothing-listens", format!("`{name}` has no port to wait for"))
            .at(checking.span(target.origin), "")
            .help(format!("add `port` to `[{}.{name}]`, or remove it from `wait`", connection.table));
        checking.report.push(diagnostic);
    }
}

/// What to type where something shall start after a Job has ended.
fn instead_of_a_job(name: &str, own: &str, world: &World) -> String {
    let table = world.names.components.get(own).map_or("api", |own| own.table);
    let namespace = world.namespace().map(|namespace| format!("-n {} ", namespace.value)).unwrap_or_default();
    format!(
        "nothing waits for a Job: remove it here, and write `[{table}.{own}.init.{name}]` with its `command`, which runs before each Pod \
         starts, once for each, so it must bear running several times at once; or apply the Job before the rest, and wait: \
         `kubectl wait {namespace}--for=condition=complete job -l app.kubernetes.io/name={name}`"
    )
}
