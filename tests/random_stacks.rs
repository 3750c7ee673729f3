//! What random stacks taught (tests/agreement/stacks): what an API server refuses of them is refused by us.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use stowplan::diagnostic::Severity;
use stowplan::lint::{self, Profiles, Question};
use stowplan::profile::Session;
use support::Files;

/// The errors that `lint` has for a stack on k3d: the code, the line from 1, the text that is pointed at.
fn errors(text: &str) -> Vec<(&'static str, usize, String)> {
    found(text, Severity::Error)
}

/// What `lint` says of a stack on k3d at a level.
fn found(text: &str, level: Severity) -> Vec<(&'static str, usize, String)> {
    let mut session = Session { command: "lint", ..Session::default() };
    let stack = session.sources.add("stack.toml", text);
    let profiles = Profiles::Named(vec!["k3d".to_owned()]);
    let question = Question { stack, profiles: &profiles, set: &[], kubernetes: None };
    let remarks = lint::stack(&question, &mut session, &Files::new(&[])).remarks;
    let errors = remarks.iter().map(|remark| &remark.diagnostic).filter(|found| found.severity == level);
    errors
        .map(|found| {
            let place = found.place().unwrap();
            let line = session.sources.file(place.file).text[..place.bytes().start].lines().count();
            (found.code, line, session.sources.text(place).to_owned())
        })
        .collect()
}

#[test]
fn a_port_of_the_nodes_leads_to_one_service() {
    let text = r#"[stack]
name = "shop"

[api.web]
image = "docker.io/example/web:1.0"
ports = { http = 8080, dns = "53/udp", dns-tcp = 53 }
service = { type = "node-port", node-port = { http = 30080, dns = 30053, dns-tcp = 30053 } }
services.outside = { type = "node-port", ports = ["http"], node-port = 30080 }

[api.admin]
image = "docker.io/example/admin:1.0"
ports = { http = 8080, dns = "53/udp" }
service = { type = "load-balancer", ports = ["http"], node-port = 30081 }
services.names = { type = "node-port", ports = ["dns"], node-port = 30053 }

[patch.probed]
on = "Service/admin"
set.spec = { externalTrafficPolicy = "Local", healthCheckNodePort = 30080 }
"#;
    let twice = |line, port: &str| ("duplicate-nodeport", line, port.to_owned());
    assert_eq!(errors(text), [twice(8, "30080"), twice(14, "30053"), twice(18, "30080")]);
    let apart = text.replace("[\"http\"], node-port = 30080", "[\"http\"], node-port = 30082");
    let apart =
        apart.replace("[\"dns\"], node-port = 30053", "[\"dns\"]").replace("NodePort = 30080", "NodePort = 30083");
    assert_eq!(errors(&apart), []);
}

#[test]
fn a_grpc_probe_of_a_database_asks_the_number_of_its_port() {
    let text =
        "[stack]\nname = \"shop\"\n[db.cache]\nengine = \"redis\"\nprobes.ready = { grpc = true, port = \"redis\" }\n";
    assert_eq!(errors(text), []);
    let wrong = text.replace("port = \"redis\"", "port = \"http\"");
    assert_eq!(errors(&wrong), [("unknown-reference", 5, "\"http\"".to_owned())]);
}

#[test]
fn a_config_fits_into_the_copy_that_kubectl_keeps_of_it() {
    // The server of 1.34 takes what kubectl makes of 261820 bytes so written, and refuses what it makes of 261840.
    let stack = |size: usize| {
        let text = format!("{}{}", "<".repeat(1000), "x".repeat(size - 6000));
        format!(
            "[stack]\nname = \"a\"\n[config.a]\ndata = {{ x = \"{text}\" }}\n[worker.b]\nimage = \"a:1\"\nenv-from = [\"config.a\"]\n"
        )
    };
    let told = |size| {
        found(&stack(size), Severity::Warning).iter().any(|(code, line, _)| *code == "too-large-to-apply" && *line == 4)
    };
    assert!(!told(261_820));
    assert!(told(261_840));
}
