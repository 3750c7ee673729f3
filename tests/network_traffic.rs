//! Policies of one's own beside what `uses` declares: which of them cut it.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use stowplan::lint::{self, Profiles, Question};
use stowplan::profile::Session;
use support::Files;

/// What is said of a policy with this `spec` in a stack whose `web` uses `cache`, which listens on 6379.
fn said(spec: &str) -> Vec<String> {
    let stack = format!(
        "[stack]\nname = \"shop\"\n\n[api.web]\nimage = \"nginx:1.27.3\"\nport = 80\nuses = [\"cache\"]\n\n[db.cache]\nengine = \"redis\"\n\n\
         [manifest.policy]\nyaml = '''\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: mine}}\nspec: {{{spec}}}\n'''\n"
    );
    let mut session = Session { command: "lint", ..Session::default() };
    let stack = session.sources.add("stack.toml", stack);
    let profiles = Profiles::Named(vec!["k3d".to_owned()]);
    let question = Question { stack, profiles: &profiles, set: &[], kubernetes: None };
    let remarks = lint::stack(&question, &mut session, &Files::new(&[])).remarks;
    let own = remarks.into_iter().filter(|remark| remark.diagnostic.code == "netpol-cuts-dependency");
    own.map(|remark| remark.diagnostic.title).collect()
}

const CACHE: &str = "podSelector: {matchLabels: {app.kubernetes.io/name: cache}}";
const WEB: &str = "podSelector: {matchLabels: {app.kubernetes.io/name: web}}";

#[test]
fn what_arrives_needs_the_peer_and_the_port() {
    let cut = ["`web` uses `cache`, and NetworkPolicy `mine` does not let it in (port 6379)"];
    let ingress = |rule: &str| said(&format!("{CACHE}, ingress: [{rule}]"));
    assert_eq!(ingress(""), cut);
    assert_eq!(ingress(&format!("{{from: [{{{CACHE}}}]}}")), cut);
    assert_eq!(ingress(&format!("{{from: [{{{WEB}}}], ports: [{{port: 5432}}]}}")), cut);
    assert_eq!(ingress("{from: [{namespaceSelector: {matchLabels: {team: other}}}]}"), cut);
    for rule in [
        "{}".to_owned(),
        format!("{{from: [{{{WEB}}}]}}"),
        format!("{{from: [{{{WEB}}}], ports: [{{port: 6379}}]}}"),
        format!("{{from: [{{{WEB}}}], ports: [{{port: redis}}]}}"),
        format!("{{from: [{{{WEB}}}], ports: [{{port: 6000, endPort: 7000}}]}}"),
        "{from: [{podSelector: {}}]}".to_owned(),
        "{from: [{namespaceSelector: {}}]}".to_owned(),
        "{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}".to_owned(),
    ] {
        assert!(ingress(&rule).is_empty(), "{rule}");
    }
    assert!(
        said(&format!("{CACHE}, policyTypes: [Egress], egress: [{{}}]")).is_empty(),
        "it restricts the other way alone"
    );
}

#[test]
fn what_begins_needs_the_target_and_names() {
    let egress = |rules: &str| said(&format!("{WEB}, policyTypes: [Egress], egress: [{rules}]"));
    let names = "{ports: [{port: 53, protocol: UDP}]}";
    let target = format!("{{to: [{{{CACHE}}}], ports: [{{port: 6379}}]}}");
    assert_eq!(
        egress(&target),
        ["`web` uses `cache`, and NetworkPolicy `mine` does not let it ask for names (port 53)"]
    );
    assert_eq!(egress(names), ["`web` uses `cache`, and NetworkPolicy `mine` does not let it out (port 6379)"]);
    assert!(egress(&format!("{target}, {names}")).is_empty());
    assert!(egress("{}").is_empty(), "an empty entry opens everything");
}
