//! Words for where Pods run, what they are given, and what they may do.

use super::{Row, Show, Tables, WORKLOADS, Word, other, same, say, seconds, texts};
use crate::document::inline::{inline, list, table};
use crate::document::path::quoted;
use crate::document::{Node, Table, Value};

/// The words.
pub const ROWS: &[Row] = &[
    seconds(&["tolerationSeconds"], "seconds"),
    other(&["toleration", "taint", "taints"], "tolerations", tolerations),
    other(&["extra_hosts", "hostAliases"], "host-aliases", host_aliases),
    say(
        &["priority"],
        WORKLOADS,
        "priority-class",
        "write `priority-class = \"NAME\"`, with the name of a PriorityClass of the cluster",
    ),
    say(&["gpus", "gpu"], WORKLOADS, "resources", "write `resources = { \"nvidia.com/gpu\" = VALUE }`"),
    say(&["gpus", "gpu", "nvidia"], Tables::Named(&["resources"]), "", "write `\"nvidia.com/gpu\" = VALUE`"),
    same(&["storage", "disk"], "ephemeral-storage"),
    Row {
        words: &["rbac", "rules", "role", "roles", "permissions"],
        tables: WORKLOADS,
        key: "access",
        show: Show::Of(access),
    },
    Row {
        words: &["clusterRole", "clusterRoles", "clusterRules"],
        tables: WORKLOADS,
        key: "cluster-access",
        show: Show::Of(access),
    },
    say(
        &["automountServiceAccountToken"],
        WORKLOADS,
        "service-account",
        "write `service-account = true`: the token is mounted only where `service-account` or `access` asks for it",
    ),
    say(
        &["apiGroups", "apiGroup", "group"],
        RULE,
        "",
        "remove it: the API group is the key of the rule, as in `access.apps`, and \"\" is the core group",
    ),
    Row { words: &["resourceNames"], tables: RULE, key: "names", show: Show::Value },
    say(
        &["nonResourceURLs"],
        RULE,
        "",
        "write the path as the key of the rule: `cluster-access.\"/metrics\" = { verbs = [\"get\"] }`",
    ),
];

const RULE: Tables = Tables::Named(&["rule"]);

fn tolerations(word: &Word) -> Option<String> {
    Some(match word.value {
        Value::Array(_) => format!("write `tolerations = {}`", inline(word.value)),
        value => format!("write `tolerations = [{}]`", inline(value)),
    })
}

fn host_aliases(word: &Word) -> Option<String> {
    addresses(word.value).map(|addresses| format!("write `host-aliases = {addresses}`"))
}

/// Kubernetes' list of tables, Compose's `["db:10.0.0.5"]` or `{ db = "10.0.0.5" }`, and lines of a hosts file, as the table that
/// `host-aliases` is.
pub fn addresses(value: &Value) -> Option<String> {
    let mut names: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut add = |address, name| match names.iter_mut().find(|(known, _)| *known == address) {
        Some((_, names)) => names.push(name),
        None => names.push((address, vec![name])),
    };
    match value {
        Value::Array(items) => {
            for item in items {
                if let Some(text) = item.as_str() {
                    let line = text.split_once([':', '=']).map(|(name, address)| (address.trim(), name.trim()));
                    let (address, names) = line.or_else(|| text.split_once(' '))?;
                    names.split_whitespace().for_each(|name| add(address, name));
                } else {
                    let address = item.get("ip")?.as_str()?;
                    texts(&item.get("hostnames")?.value)?.into_iter().for_each(|name| add(address, name));
                }
            }
        }
        Value::Table(table) => {
            for (name, address) in table {
                add(address.as_str()?, name);
            }
        }
        _ => return None,
    }
    Some(table(names.iter().map(|(address, names)| (*address, list(names.iter().copied())))))
}

/// Kubernetes' rules, or a chart's `rbac` with them.
fn access(word: &Word) -> Option<String> {
    let key = if word.name.to_lowercase().starts_with("cluster") { "cluster-access" } else { "access" };
    let rules = match word.value {
        Value::Table(table) => table.get("rules").map(|rules| &rules.value),
        value => Some(value),
    };
    Some(rules.and_then(|rules| rules_by_group(key, rules)).unwrap_or_else(|| {
        format!(
            "write what is allowed by API group: `{key}.\"\" = {{ resources = [\"pods\"], verbs = [\"get\", \"list\"] }}`; \"\" is the core group"
        )
    }))
}

/// A list of rules, each below its API group.
pub fn rules_by_group(key: &str, rules: &Value) -> Option<String> {
    let Value::Array(items) = rules else { return None };
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for rule in items.iter().map(Node::as_table) {
        let rule = rule?;
        let body = table(parts(rule));
        let paths = rule.get("nonResourceURLs").and_then(|paths| texts(&paths.value)).unwrap_or_default();
        let scopes = paths.iter().map(|path| format!("cluster-access.{}", quoted(path)));
        let names = rule.get("apiGroups").and_then(|groups| texts(&groups.value)).unwrap_or_default();
        for scope in scopes.chain(names.iter().map(|group| format!("{key}.{}", quoted(group)))) {
            match groups.iter_mut().find(|(known, _)| *known == scope) {
                Some((_, bodies)) => bodies.push(body.clone()),
                None => groups.push((scope, vec![body.clone()])),
            }
        }
    }
    let written = |(scope, bodies): &(String, Vec<String>)| match &bodies[..] {
        [only] => format!("`{scope} = {only}`"),
        several => format!("`{scope} = [{}]`", several.join(", ")),
    };
    (!groups.is_empty()).then(|| format!("write {}", groups.iter().map(written).collect::<Vec<_>>().join(" and ")))
}

fn parts(rule: &Table) -> impl Iterator<Item = (&'static str, String)> {
    [("resources", "resources"), ("verbs", "verbs"), ("resourceNames", "names")]
        .into_iter()
        .filter_map(|(theirs, ours)| Some((ours, inline(&rule.get(theirs)?.value))))
}
