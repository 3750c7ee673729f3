//! NetworkPolicies, read as a network plugin reads them: what gets through is what the stack says, and nothing else.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

mod rendered;

use rendered::{Objects, Rendered, at, examples, root};
use serde_yaml::Value;
use std::collections::BTreeSet;
use std::fs;

const STACK: &str = r#"
[stack]
name = "shop"
namespace = "shop"
network-policy = true

[db.main]
engine = "postgres"

[db.cache]
engine = "redis"

[db.lonely]
engine = "mysql"

[api.web]
image = "web:1"
ports = { http = "80:3000", metrics = 9090 }
uses = ["main", "back"]

[api.back]
image = "back:1"
ports = { http = 8080, metrics = 9090, debug = "5353:5353/udp" }
uses = { cache = "url", main = { DB_HOST = "host" } }

[api.peers]
image = "peers:1"
kind = "StatefulSet"
ports = { client = 4222, cluster = 6222 }

[api.mail]
image = "mail:1"
ports = { smtp = 25, admin = 8081 }
service = { type = "load-balancer", ports = ["smtp"] }

[api.game]
image = "game:1"
ports = { play = 7777 }
services.game-node = { type = "node-port", ports = ["play"] }

[api.node]
image = "node:1"
ports = { scrape = { port = 9100, host-port = 9100 }, extra = 9200 }

[api.untouched]
image = "untouched:1"
port = 8080

[worker.queue]
image = "queue:1"
uses = { peers = { NATS = "address:client" }, mail = { SMTP_HOST = "host" }, back = { METRICS = "url", M = "port:metrics" } }
wait = ["main"]

[worker.scraper]
image = "scraper:1"
uses = { node = {}, game = "url" }

[cronjob.report]
image = "report:1"
schedule = "0 6 * * *"
uses = ["main"]

[job.migrate]
image = "migrate:1"
wait = ["main", "peers"]
uses = { main = "url" }

[ingress.web]
host = "shop"
routes = { "/" = "web", "/metrics" = "web:metrics" }
"#;

/// Client, target and port of everything that gets through to a guarded component, written by hand.
const THROUGH: &[(&str, &str, u64)] = &[
    ("web", "main", 5432),
    ("back", "main", 5432),
    ("queue", "main", 5432),
    ("report", "main", 5432),
    ("migrate", "main", 5432),
    ("back", "cache", 6379),
    // the edge does not say which port
    ("web", "back", 8080),
    ("web", "back", 9090),
    ("web", "back", 5353),
    // it says the first and `metrics`
    ("queue", "back", 8080),
    ("queue", "back", 9090),
    ("queue", "peers", 4222),
    ("migrate", "peers", 4222),
    ("migrate", "peers", 6222),
    ("peers", "peers", 4222),
    ("peers", "peers", 6222),
    // its Service offers this port alone
    ("queue", "mail", 25),
    ("scraper", "node", 9100),
    ("scraper", "node", 9200),
    ("scraper", "game", 7777),
];

/// The ports that stay open to everybody: routes, Services with an address of their own, ports of the node.
const EXPOSED: &[(&str, u64)] = &[("web", 3000), ("web", 9090), ("mail", 25), ("game", 7777), ("node", 9100)];

const UNGUARDED: &[&str] = &["untouched", "queue", "scraper", "report", "migrate"];

fn objects(text: &str, profile: &str) -> Objects {
    Rendered::of_text(text, &root().join("tests"), profile, &[]).objects()
}

/// The template of the Pods of a workload; null for other objects.
fn template(object: &Value) -> &Value {
    match at(object, "spec.jobTemplate.spec.template") {
        Value::Null => at(object, "spec.template"),
        template => template,
    }
}

/// The labels of all Pods by the name of their component.
fn pods(objects: &Objects) -> Vec<(String, &Value)> {
    let templates = objects.0.iter().map(template).filter(|template| !template.is_null());
    let labels = templates.map(|template| at(template, "metadata.labels"));
    labels.map(|labels| (labels["app.kubernetes.io/name"].as_str().unwrap().to_owned(), labels)).collect()
}

/// Numbers and protocols of the ports of a component's Pods.
fn ports(objects: &Objects, component: &str) -> Vec<(u64, String)> {
    let templates = objects.0.iter().map(template);
    let own = templates.filter(|template| {
        !template.is_null() && at(template, "metadata.labels")["app.kubernetes.io/name"] == component
    });
    let containers = own.flat_map(|template| at(template, "spec.containers").as_sequence().unwrap());
    let ports = containers.filter_map(|container| at(container, "ports").as_sequence()).flatten();
    ports.map(|port| (port["containerPort"].as_u64().unwrap(), protocol(port))).collect()
}

fn protocol(port: &Value) -> String {
    at(port, "protocol").as_str().unwrap_or("TCP").to_owned()
}

fn selects(selector: &Value, labels: &Value) -> bool {
    assert!(at(selector, "matchExpressions").is_null(), "this reader knows labels only");
    let wanted = at(selector, "matchLabels").as_mapping();
    wanted.into_iter().flatten().all(|(key, value)| labels.get(key) == Some(value))
}

/// Whether a connection gets through; `from` are the labels of the client's Pod, none for one outside the stack.
/// <https://kubernetes.io/docs/concepts/services-networking/network-policies/>
fn passes(objects: &Objects, from: Option<&Value>, to: &Value, number: u64, protocol_name: &str) -> bool {
    let policies = objects.0.iter().filter(|object| object["kind"] == "NetworkPolicy");
    let applying: Vec<_> = policies.filter(|policy| selects(at(policy, "spec.podSelector"), to)).collect();
    if applying.is_empty() {
        return true;
    }
    let rules = applying.iter().filter_map(|policy| at(policy, "spec.ingress").as_sequence()).flatten();
    let is_from = |rule: &Value| match at(rule, "from").as_sequence() {
        None => true,
        Some(peers) => peers.iter().any(|peer| {
            assert!(at(peer, "namespaceSelector").is_null() && at(peer, "ipBlock").is_null());
            from.is_some_and(|labels| selects(at(peer, "podSelector"), labels))
        }),
    };
    let is_to = |rule: &Value| match at(rule, "ports").as_sequence() {
        None => true,
        Some(ports) => ports.iter().any(|port| port["port"] == number && protocol(port) == protocol_name),
    };
    rules.into_iter().any(|rule| is_from(rule) && is_to(rule))
}

#[test]
fn what_gets_through_is_what_the_stack_says() {
    let objects = objects(STACK, "k3d");
    let pods = pods(&objects);
    assert_eq!(pods.len(), 14);
    let mut checked = 0;
    for (target, to) in &pods {
        for (number, protocol) in ports(&objects, target) {
            let is_open = UNGUARDED.contains(&target.as_str()) || EXPOSED.contains(&(target.as_str(), number));
            let outside = passes(&objects, None, to, number, &protocol);
            assert_eq!(outside, is_open, "everybody to {target}:{number}");
            for (client, from) in &pods {
                let expected = is_open || THROUGH.contains(&(client.as_str(), target.as_str(), number));
                let found = passes(&objects, Some(from), to, number, &protocol);
                assert_eq!(found, expected, "{client} to {target}:{number}/{protocol}");
                checked += 1;
            }
        }
    }
    assert!(checked > 200, "only {checked} pairs");
}

#[test]
fn every_policy_is_for_ingress_alone_and_named_like_its_component() {
    let objects = objects(STACK, "k3d");
    let policies: Vec<_> = objects.0.iter().filter(|object| object["kind"] == "NetworkPolicy").collect();
    let names: BTreeSet<_> = policies.iter().map(|policy| at(policy, "metadata.name").as_str().unwrap()).collect();
    assert_eq!(names.len(), policies.len());
    let guarded = ["back", "cache", "game", "lonely", "mail", "main", "node", "peers", "web"];
    assert_eq!(names, BTreeSet::from(guarded));
    for policy in policies {
        assert_eq!(at(policy, "spec.policyTypes"), &Value::from(vec!["Ingress"]));
        assert!(at(policy, "spec.egress").is_null());
        assert_eq!(at(policy, "metadata.namespace"), "shop");
        let selector = at(policy, "spec.podSelector.matchLabels").as_mapping().unwrap();
        assert_eq!(selector.len(), 2, "name and part-of");
    }
    assert!(at(objects.get("NetworkPolicy/lonely"), "spec.ingress").is_null(), "nobody");
}

#[test]
fn there_are_none_unless_the_stack_asks() {
    for text in
        [STACK.replace("network-policy = true", ""), STACK.replace("network-policy = true", "network-policy = false")]
    {
        assert!(!objects(&text, "k3d").has_kind("NetworkPolicy"));
    }
    let overlaid =
        format!("{}\n[profile.cloud.stack]\nnetwork-policy = true\n", STACK.replace("network-policy = true", ""));
    let overlaid = overlaid.replace("host = \"shop\"", "host = \"shop.example.com\"");
    assert!(!objects(&overlaid, "k3d").has_kind("NetworkPolicy"));
    assert!(objects(&overlaid, "cloud").has_kind("NetworkPolicy"));
}

#[test]
fn a_port_is_closed_where_nothing_is_exposed() {
    let objects = objects(&format!("{STACK}\n[cluster]\nexpose.api = \"none\"\n"), "k3d");
    let pods = pods(&objects);
    let web = pods.iter().find(|(name, _)| name == "web").unwrap().1;
    assert!(!objects.names().contains(&"NetworkPolicy/web".to_owned()));
    assert!(passes(&objects, None, web, 3000, "TCP"), "nobody is led to it, so nothing guards it");
}

#[test]
fn a_cluster_that_ignores_them_is_told_once() {
    let text = STACK.replace("host = \"shop\"", "host = \"shop.example.com\"");
    let warnings = |profile: &str| Rendered::of_text(&text, &root().join("tests"), profile, &[]).warnings();
    let found: Vec<_> =
        warnings("eks").into_iter().filter(|warning| warning.starts_with("network-policy-ignored")).collect();
    assert_eq!(found, ["network-policy-ignored: this cluster ignores NetworkPolicies"]);
    assert!(!warnings("k3d").iter().any(|warning| warning.starts_with("network-policy-ignored")));
}

/// What stowplan makes for a database reaches it; what stands before it lets in the same clients, and nobody else.
#[test]
fn what_is_made_for_a_database_reaches_it() {
    let text = r#"
[stack]
name = "shop"
network-policy = true

[db.main]
engine = "postgres"
exporter = true
pooler = true
backup = { schedule = "0 2 * * *", storage = "1Gi" }

[db.far]
engine = "postgres"
managed = { host = "db.example.com" }

[api.web]
image = "web:1"
port = 8080
uses = { main = {}, far = { FAR = "host" } }

[worker.stranger]
image = "stranger:1"
"#;
    let objects = objects(text, "k3d");
    let pods = pods(&objects);
    let labels = |wanted: &str| pods.iter().find(|(name, _)| name == wanted).unwrap().1;
    let reaches = |from: &str, to: &str, port: u64| passes(&objects, Some(labels(from)), labels(to), port, "TCP");
    for client in ["web", "main-backup", "main-restore", "main-exporter", "main-pooler"] {
        assert!(reaches(client, "main", 5432), "{client}");
    }
    assert!(reaches("web", "main-pooler", 5432));
    for target in ["main", "main-pooler"] {
        assert!(!reaches("stranger", target, 5432), "{target}");
        assert!(!passes(&objects, None, labels(target), 5432, "TCP"), "{target}");
    }
    assert!(passes(&objects, None, labels("main-exporter"), 9187, "TCP"), "who reads metrics is not known here");
    let policies: Vec<_> = objects.names().into_iter().filter(|name| name.starts_with("NetworkPolicy/")).collect();
    assert_eq!(policies, ["NetworkPolicy/main", "NetworkPolicy/main-pooler"], "none for a database elsewhere");
}

/// Every client of a database in the examples reaches it with policies, and nobody else does.
#[test]
fn the_examples_work_behind_policies() {
    let mut edges = 0;
    for example in examples() {
        let folder = root().join("examples").join(&example);
        let text = fs::read_to_string(folder.join("stack.toml")).unwrap();
        let objects = Rendered::of_text(&text, &folder, "k3d", &["stack.network-policy=true"]).objects();
        let stack: toml::Table = text.parse().unwrap();
        let names = |table: &toml::Value| -> Vec<String> {
            match table {
                toml::Value::Array(items) => items.iter().filter_map(|item| Some(item.as_str()?.to_owned())).collect(),
                toml::Value::Table(table) => table.keys().cloned().collect(),
                _ => Vec::new(),
            }
        };
        let pods = pods(&objects);
        for database in stack.get("db").and_then(toml::Value::as_table).into_iter().flat_map(|table| table.keys()) {
            let Some((_, to)) = pods.iter().find(|(name, _)| name == database) else { continue };
            for (client, from) in pods.iter().filter(|(name, _)| !name.starts_with(&format!("{database}-"))) {
                let component =
                    ["api", "worker", "cronjob", "job"].iter().find_map(|table| stack.get(*table)?.get(client));
                let uses = component.map(|component| {
                    let written = ["uses", "wait"].iter().filter_map(|key| component.get(key));
                    written.flat_map(names).any(|target| target == *database)
                });
                for (number, protocol) in ports(&objects, database) {
                    let expected = uses.unwrap_or(false);
                    assert_eq!(
                        passes(&objects, Some(from), to, number, &protocol),
                        expected,
                        "{example}: {client} to {database}"
                    );
                    edges += usize::from(expected);
                }
            }
        }
    }
    assert!(edges >= 2, "the examples have edges to databases");
}
