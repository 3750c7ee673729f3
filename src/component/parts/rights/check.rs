//! What is wrong with accounts and rights: rules that allow nothing, names that match nothing, accounts made twice.

use super::{Rights, Rule, ServiceAccount};
use crate::bundle::{Kind, KindId};
use crate::component::world::World;
use crate::diagnostic::Diagnostic;
use crate::document::OriginId;
use crate::document::checking::Checking;
use crate::document::path::quoted;
use crate::shape::Written;
use crate::value::{ApiResource, Name, Verb, nearest};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

impl Rights<'_> {
    /// Reports rules that the API server refuses or that match nothing, and an account that cannot be named.
    pub fn check(&self, name: &Written<Name>, world: &World, checking: &mut Checking) {
        if let Some(account) = self.account {
            check_annotations(account, checking);
        }
        for (group, rules) in self.access.iter() {
            for rule in &rules.0 {
                let place = Place { table: "access", scope: group.value.as_str() };
                place.check(rule, checking);
            }
        }
        for (scope, rules) in self.cluster_access.iter() {
            let place = Place { table: "cluster-access", scope: scope.value.as_str() };
            for rule in &rules.0 {
                if scope.value.is_path() { place.check_path(rule, checking) } else { place.check(rule, checking) }
            }
        }
        if let Some(origin) = self.cluster_access.origin.filter(|_| world.namespace().is_none()) {
            let title = format!(
                "the `cluster-access` of `{}` is for an account, and the stack names no namespace for it",
                name.value
            );
            let diagnostic = Diagnostic::error("missing-namespace", title)
                .at(checking.key_span(origin), "an account is known to the cluster by its namespace and its name")
                .help("add `namespace = \"NAME\"` below `[stack]`");
            checking.report.push(diagnostic);
        }
    }
}

/// Reports accounts that two components make.
pub fn check_accounts<'a>(components: impl Iterator<Item = (&'a Written<Name>, Rights<'a>)>, checking: &mut Checking) {
    let mut made: IndexMap<&str, OriginId, FxBuildHasher> = IndexMap::default();
    for (component, rights) in components {
        let Some(origin) = rights.asked().filter(|_| rights.makes_account()) else { continue };
        let written = rights.account.and_then(|account| account.name.as_ref());
        let name = written.map_or(component.value.as_str(), |name| name.value.as_str());
        // What several take over from one template or default is one account.
        let Some(first) = made.insert(name, origin).filter(|first| *first != origin) else { continue };
        let diagnostic = Diagnostic::error("duplicate-account", format!("two components make the account `{name}`"))
            .at(checking.key_span(origin), "the second one")
            .at(checking.key_span(first), "the first one")
            .help(format!("where it is to be shared, write `service-account = \"{name}\"` in one of them; else give one another name"));
        checking.report.push(diagnostic);
    }
}

/// Annotations of an account that somebody else makes would be left out.
fn check_annotations(account: &ServiceAccount, checking: &mut Checking) {
    let Some(create) = account.create.filter(|create| !create.value) else { return };
    let Some((first, _)) = account.annotations.iter().next() else { return };
    let diagnostic =
        Diagnostic::error("account-not-made", "this account is not made here, so it gets no annotations from here")
            .at(checking.key_span(first.origin), "")
            .at(checking.span(create.origin), "it exists already")
            .help("add `create = true`, or remove `annotations` and annotate the account where it is made");
    checking.report.push(diagnostic);
}

/// Where a rule stands.
struct Place<'a> {
    /// `access` or `cluster-access`.
    table: &'static str,
    /// The API group or path.
    scope: &'a str,
}

/// The verbs of the API server's own resources.
/// <https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb>
const VERBS: [&str; 16] = [
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "use",
    "bind",
    "escalate",
    "impersonate",
    "approve",
    "sign",
    "attest",
    "*",
];

/// The verbs of paths, which are the methods of HTTP.
const METHODS: [&str; 8] = ["get", "head", "post", "put", "patch", "delete", "options", "*"];

impl Place<'_> {
    fn check(&self, rule: &Rule, checking: &mut Checking) {
        if rule.resources.is_empty() && !checking.is_reported(rule.origin) {
            let diagnostic = Diagnostic::error("missing-key", "this rule has no `resources`, so it allows nothing")
                .at(checking.span(rule.origin), "")
                .help("add the plural names of the kinds, as in `resources = [\"pods\"]`");
            checking.report.push(diagnostic);
        }
        check_verbs(&rule.verbs, &VERBS, checking);
        for resource in &rule.resources {
            self.check_resource(resource, checking);
        }
    }

    fn check_path(&self, rule: &Rule, checking: &mut Checking) {
        let resources = rule.resources.first().map(|resource| (resource.origin, "resources"));
        let names = rule.names.first().map(|name| (name.origin, "names"));
        if let Some((origin, key)) = resources.or(names) {
            let title = format!("a rule for the path `{}` cannot take `{key}`", self.scope);
            let diagnostic = Diagnostic::error("path-with-resources", title)
                .at(checking.span(origin), "")
                .help(format!(
                    "remove `{key}`; for objects write a rule for their API group: `{}.\"\" = {{ resources = [\"pods\"], verbs = [\"get\"] }}`",
                    self.table
                ));
            checking.report.push(diagnostic);
        }
        check_verbs(&rule.verbs, &METHODS, checking);
    }

    /// A resource of another built-in group, or in the singular: the server takes the rule, and it matches nothing.
    fn check_resource(&self, resource: &Written<ApiResource>, checking: &mut Checking) {
        let base = resource.value.base();
        let all = || KindId::all().map(KindId::row);
        let known = |kind: &&Kind| kind.group == self.scope;
        if !all().any(|kind| known(&kind)) || all().any(|kind| known(&kind) && kind.plural == base) {
            return;
        }
        let singular = |kind: &&Kind| kind.kind.eq_ignore_ascii_case(base);
        let (title, help) = if let Some(kind) = all().find(|kind| known(kind) && singular(kind)) {
            (format!("rules name resources in the plural, and `{base}` is none"), format!("write \"{}\"", kind.plural))
        } else if let Some(kind) = all().find(|kind| kind.plural == base || singular(kind)) {
            let group = quoted(kind.group);
            let title = format!("`{base}` is not a resource of {}", group_in_words(self.scope));
            (
                title,
                format!(
                    "put it below {}: `{}.{group} = {{ resources = [\"{}\"], … }}`",
                    group_in_words(kind.group),
                    self.table,
                    kind.plural
                ),
            )
        } else {
            return;
        };
        let diagnostic = Diagnostic::warning("unknown-resource", title);
        checking.report.push(diagnostic.at(checking.span(resource.origin), "this matches nothing").help(help));
    }
}

fn group_in_words(group: &str) -> String {
    if group.is_empty() { "the core group".to_owned() } else { format!("the group `{group}`") }
}

/// There may be verbs of other servers, so that one which is near to a known one is only probably misspelt.
fn check_verbs(verbs: &[Written<Verb>], known: &[&'static str], checking: &mut Checking) {
    for verb in verbs.iter().filter(|verb| !known.contains(&verb.value.as_str())) {
        let read = (verb.value.as_str() == "read").then_some("get\", \"list\", \"watch");
        let Some(near) = read.or_else(|| nearest(verb.value.as_str(), known.iter().copied())) else { continue };
        let title = format!("`{}` is not a verb of the Kubernetes API", verb.value);
        let diagnostic = Diagnostic::warning("unknown-verb", title)
            .at(checking.span(verb.origin), "this matches nothing")
            .help(format!("did you mean \"{near}\"?"));
        checking.report.push(diagnostic);
    }
}
