//! Findings that are meant: `allow` of a component, and `[lint]`.

use super::gathering::gather;
use super::{Context, RULES, find};
use crate::bundle::Object;
use crate::check::api;
use crate::check::finding::Finding;
use crate::component::lint::Allowances;
use crate::component::world::COMPONENT_LABEL;
use crate::diagnostic::Diagnostic;
use crate::document::OriginId;
use crate::document::checking::Checking;
use crate::shape::Written;
use crate::stack::Stack;
use crate::value::{RuleName, nearest};

/// An entry of `allow`, and whether there was anything to be allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// The rule.
    pub rule: String,
    /// The component as a path, `api.web`; none for the whole stack.
    pub component: Option<String>,
    /// Where it is written.
    pub origin: OriginId,
    /// Whether it silenced something.
    pub is_used: bool,
}

/// Takes out the findings that are meant, and joins what goes back to one line; says of each allowance whether it was needed.
pub fn judge(findings: Vec<Finding>, context: &Context) -> (Vec<Finding>, Vec<Allowed>) {
    let Some(stack) = context.stack else { return (findings, Vec::new()) };
    let mut allowed: Vec<(Option<Owner>, Allowed)> = entries(stack)
        .map(|(owner, rule)| {
            let component = owner.map(|owner| format!("{}.{}", owner.table, owner.name));
            let (rule, origin) = (rule.value.to_string(), rule.origin);
            (owner, Allowed { rule, component, origin, is_used: false })
        })
        .collect();
    let mut left = Vec::with_capacity(findings.len());
    for finding in findings {
        let object = &context.bundle.objects[finding.object];
        let mut is_allowed = false;
        for (owner, entry) in &mut allowed {
            if entry.rule == finding.rule && owner.is_none_or(|owner| owner.owns(object)) {
                entry.is_used = true;
                is_allowed = true;
            }
        }
        if !is_allowed {
            left.push(finding);
        }
    }
    (gather(left, context), allowed.into_iter().map(|(_, entry)| entry).collect())
}

/// Reports names in `allow` and `[lint]` that are no rules.
pub fn check_names(stack: &Stack, checking: &mut Checking) {
    let levels = stack.file.tables.lint.iter().flat_map(|lint| lint.level.iter()).map(|(rule, _)| rule);
    for rule in entries(stack).map(|(_, rule)| rule).chain(levels) {
        if find(rule.value.as_str()).is_none() {
            let diagnostic = unknown(rule.value.as_str()).at(checking.key_span(rule.origin), "");
            checking.report.push(diagnostic);
        }
    }
}

/// A name that is no rule.
pub fn unknown(name: &str) -> Diagnostic {
    let is_of_server = api::RULES.iter().flat_map(|rules| rules.iter()).any(|rule| rule.id.eq_ignore_ascii_case(name));
    if is_of_server {
        let title = format!("`{name}` is a rule of the API server, and it refuses what breaks it");
        return Diagnostic::error("unknown-rule", title).help("remove this line, and mend what the rule finds");
    }
    let diagnostic = Diagnostic::error("unknown-rule", format!("there is no rule `{name}`"));
    diagnostic.help(match nearest(name, RULES.iter().map(|rule| rule.name)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "type `stowplan explain rules` for a list of all rules".to_owned(),
    })
}

/// A component that allows something.
#[derive(Clone, Copy)]
struct Owner<'a> {
    table: &'static str,
    name: &'a str,
}

impl Owner<'_> {
    /// Whether an object was made for it. Tables may share names, so the label with the table counts where there is one.
    fn owns(self, object: &Object) -> bool {
        let label = object.root.follow(&["metadata", "labels", COMPONENT_LABEL]).and_then(crate::bundle::Field::as_str);
        *object.identity.component == *self.name && label.is_none_or(|table| table == self.table)
    }
}

/// The rules that are allowed, with the component that says so.
fn entries(stack: &Stack) -> impl Iterator<Item = (Option<Owner<'_>>, &Written<RuleName>)> {
    let tables = &stack.file.tables;
    let lint = tables.lint.iter().flat_map(|lint| lint.allow.iter().map(|(rule, _)| (None, rule)));
    let workloads = tables.workloads().map(|(table, name, workload)| (table, name.value.as_str(), &workload.allow));
    let databases = tables.db.iter().map(|(name, db)| ("db", name.value.as_str(), &db.allow));
    let ingresses = tables.ingress.iter().map(|(name, ingress)| ("ingress", name.value.as_str(), &ingress.allow));
    let scalers = tables.hpa.iter().map(|(name, hpa)| ("hpa", name.value.as_str(), &hpa.allow));
    let configs = tables.config.iter().map(|(name, config)| ("config", name.value.as_str(), &config.allow));
    let secrets = tables.secret.iter().map(|(name, secret)| ("secret", name.value.as_str(), &secret.allow));
    let volumes = tables.volume.iter().map(|(name, volume)| ("volume", name.value.as_str(), &volume.allow));
    let manifests = tables.manifest.iter().map(|(name, manifest)| ("manifest", name.value.as_str(), &manifest.allow));
    let components = workloads.chain(databases).chain(ingresses).chain(scalers).chain(configs).chain(secrets);
    let components = components.chain(volumes).chain(manifests);
    lint.chain(components.flat_map(|(table, name, allow)| of_component(Owner { table, name }, allow)))
}

fn of_component<'a>(
    owner: Owner<'a>,
    allow: &'a Allowances,
) -> impl Iterator<Item = (Option<Owner<'a>>, &'a Written<RuleName>)> {
    allow.iter().map(move |(rule, _)| (Some(owner), rule))
}
