//! Words for ports, Services and ingresses, and for what stands in configs and secrets.

use super::{Alias, Row, Show, Tables, Word, other, same, say, scalar};
use crate::document::Value;
use crate::document::inline::{inline, list, literal, table};
use crate::shape::TableForm;
use crate::value::nearest;

/// The words.
pub const ROWS: &[Row] = &[
    say(&["containerPort", "targetPort", "internal"], Tables::Named(&["port"]), "target", "write `target = VALUE`"),
    say(&["published", "servicePort"], Tables::Named(&["port"]), "port", "write `port = VALUE`"),
    say(
        &["nodePort"],
        Tables::Named(&["port"]),
        "",
        "write it in the Service: `service = { type = \"node-port\", node-port = VALUE }`",
    ),
    say(&["name"], Tables::Named(&["port"]), "", "remove it: the name is the key, as in `ports = { http = 8080 }`"),
    say(&["hostPort"], Tables::Named(&["port"]), "host-port", "write `host-port = VALUE`"),
    other(&["serviceType"], "service", service_type),
    Row { words: &["type"], tables: Tables::Named(&["api"]), key: "service", show: Show::Of(service_type) },
    say(
        &["nodePort"],
        Tables::Named(&["api"]),
        "service",
        "write `service = { type = \"node-port\", node-port = VALUE }`",
    ),
    say(
        &["deadline"],
        Tables::Named(&["api", "worker"]),
        "strategy",
        "write it in `strategy`, where it is the time that a rollout may take: `strategy.deadline = VALUE`",
    ),
    say(&["loadBalancer"], Tables::Named(&["api"]), "service", "write `service = \"load-balancer\"`"),
    say(&["headless"], Tables::Named(&["api"]), "service", "write `service = \"headless\"`"),
    say(&["port", "targetPort"], Tables::Named(&["service"]), "", "write `port = VALUE` in the component itself"),
    say(
        &["selector", "name"],
        Tables::Named(&["service"]),
        "",
        "remove it: the Service is called like the component and selects its Pods",
    ),
    same(&["loadBalancerClass"], "class"),
    same(&["sessionAffinity"], "session-affinity"),
    same(&["externalTrafficPolicy"], "external-traffic"),
    same(&["publishNotReadyAddresses"], "publish-not-ready"),
    Row {
        words: &["hostname", "hostnames", "domain", "domains", "hosts"],
        tables: INGRESS,
        key: "host",
        show: Show::Of(host),
    },
    Row { words: &["paths", "rules", "path", "routing"], tables: INGRESS, key: "routes", show: Show::Of(routes) },
    say(
        &["service", "backend", "serviceName", "target", "to", "component", "api"],
        INGRESS,
        "routes",
        "write `routes = { \"/\" = \"COMPONENT\" }`",
    ),
    same(&["ingressClassName", "ingressClass", "className"], "class"),
    say(&["issuer", "certManager", "clusterIssuer"], INGRESS, "tls", "write `tls = { issuer = VALUE }`"),
    say(&["secretName"], INGRESS, "tls", "write `tls = { secret = VALUE }`"),
    same(&["backend", "serviceName", "component", "target"], "to"),
    same(&["servicePort"], "port"),
    same(&["pathType"], "type"),
    same(&["secretName"], "secret"),
    same(&["clusterIssuer"], "issuer"),
    say(&["stringData", "values", "env", "entries", "literals"], CONFIG, "data", "write `data = VALUE`"),
    say(
        &["binaryData", "file", "folder", "directory"],
        CONFIG,
        "files",
        "write `files = { \"KEY\" = \"PATH\" }`, or `files = \"FOLDER\"`",
    ),
    Row { words: &["data", "stringData", "values"], tables: SECRET, key: "keys", show: Show::Of(secret_keys) },
    say(&["name", "secretName"], SECRET, "", "remove it: the name is the one in the table's header"),
    same(&["secretStore", "secretStoreRef"], "store"),
    say(
        &["url", "hostname", "address", "externalName"],
        Tables::Named(&["external"]),
        "host",
        "write `host = \"NAME\"`, and `port` beside it",
    ),
    say(
        &["supports", "profile", "environments"],
        Tables::Named(&["stack"]),
        "profiles",
        "write `profiles = [\"k3d\"]`; the first one is the default",
    ),
    say(
        &["labels", "version", "description"],
        Tables::Named(&["stack"]),
        "",
        "remove it; labels of every component go into `[defaults.workload.labels]`",
    ),
    other(&["arguments"], "args", same_list),
];

const INGRESS: Tables = Tables::Named(&["ingress"]);
const CONFIG: Tables = Tables::Named(&["config"]);
const SECRET: Tables = Tables::Named(&["secret"]);

/// A key of a config or secret that stands one level too high.
pub fn entry(form: &TableForm, word: &Word) -> Option<Alias> {
    let text = scalar(word.value)?;
    let (help, key) = match form.name {
        "config" if nearest(word.name, form.keys.iter().map(|key| key.name)).is_none() => {
            (format!("put it into `data`: `data = {}`", table([(word.name, literal(text))])), "data")
        }
        "secret" if nearest(word.name, form.keys.iter().map(|key| key.name)).is_none() => (
            format!(
                "write `keys = {}`, and in `source` where its value comes from: a stack holds no secret values",
                list([word.name])
            ),
            "keys",
        ),
        _ => return None,
    };
    Some(Alias { help, key: Some(key) })
}

/// A host, a list, or Kubernetes' and Helm's tables with one.
fn host(word: &Word) -> Option<String> {
    let hosts: Option<Vec<&str>> = match word.value {
        Value::Array(items) => items.iter().map(|item| item.as_str().or_else(|| item.get("host")?.as_str())).collect(),
        value => scalar(value).map(|host| vec![host]),
    };
    Some(match hosts.as_deref() {
        Some([host]) => format!("write `host = {}`", literal(host)),
        Some(hosts @ [_, _, ..]) => format!("write `host = {}`", list(hosts.iter().copied())),
        _ => "write `host = \"NAME\"`".to_owned(),
    })
}

/// Paths without targets, or paths with them.
fn routes(word: &Word) -> Option<String> {
    let routes = match word.value {
        Value::Array(items) => {
            let path = |value: &Value| match value {
                Value::Table(table) => table.get("path").and_then(|path| path.as_str().map(str::to_owned)),
                value => scalar(value).map(str::to_owned),
            };
            items.iter().filter_map(|item| path(&item.value)).collect::<Vec<_>>()
        }
        Value::Table(_) => return Some(format!("write `routes = {}`", inline(word.value))),
        value => scalar(value).map(str::to_owned).into_iter().collect(),
    };
    let routes: Vec<_> = routes.iter().map(|path| (path.as_str(), literal("COMPONENT"))).collect();
    let routes = if routes.is_empty() { table([("/", literal("COMPONENT"))]) } else { table(routes) };
    Some(format!("write `routes = {routes}`"))
}

/// The names alone: values of secrets are shown nowhere.
fn secret_keys(word: &Word) -> Option<String> {
    let keys = list(word.value_table()?.keys().map(|key| &**key));
    Some(format!(
        "write `keys = {keys}`: a stack holds no secret values; on local clusters they are generated, or set by `dev = {{ KEY = \"text\" }}`"
    ))
}

/// A type of Service as Kubernetes spells it, as the word that it is here.
fn service_type(word: &Word) -> Option<String> {
    let text = scalar(word.value)?;
    Some(match text.to_lowercase().replace(['-', '_'], "").as_str() {
        "externalname" => "write `[external.NAME]` with `host` and `service = true`".to_owned(),
        "clusterip" => "write `service = \"cluster-ip\"`, or nothing: it is the default".to_owned(),
        "nodeport" => "write `service = \"node-port\"`".to_owned(),
        "loadbalancer" => "write `service = \"load-balancer\"`".to_owned(),
        _ => format!("write `service = {}`", literal(text)),
    })
}

fn same_list(word: &Word) -> Option<String> {
    Some(format!("write `args = {}`", inline(word.value)))
}
