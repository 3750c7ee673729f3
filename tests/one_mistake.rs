//! One mistake is told once: what is wrong is not also missing, and a line that several components share is not told for each.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "support/program.rs"]
mod program;
mod support;

use program::Folder;
use stowplan::diagnostic::Severity;
use stowplan::emit::report::{Findings, Remark, json};
use stowplan::lint::{self, Linted, Profiles, Question};
use stowplan::profile::Session;
use stowplan::value::KubernetesVersion;
use support::Files;

fn yaml(text: &str) -> Vec<Remark> {
    let mut session = Session { command: "lint", ..Session::default() };
    let file = session.sources.add("input.yaml", text);
    lint::streams(&[file], KubernetesVersion::USUAL.into(), &mut session).remarks
}

fn stack(text: &str) -> (Linted, Session) {
    let mut session = Session { command: "lint", ..Session::default() };
    let stack = session.sources.add("stack.toml", text);
    let profiles = Profiles::Named(vec!["cloud".to_owned()]);
    let question = Question { stack, profiles: &profiles, set: &[], kubernetes: None };
    let linted = lint::stack(&question, &mut session, &Files::new(&[]));
    assert!(linted.refusals.is_empty(), "{:?}", linted.refusals);
    (linted, session)
}

fn of_rule<'r>(remarks: &'r [Remark], rule: &str) -> Vec<&'r Remark> {
    remarks.iter().filter(|remark| remark.diagnostic.code == rule).collect()
}

/// Pods without a name are refused, and have none that could stand between backticks.
#[test]
fn an_object_without_a_name_is_called_by_its_kind() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {generateName: web-}\nspec: {containers: [{name: web, image: 'web:1'}]}\n";
    let remarks = yaml(pod);
    let titles: Vec<&str> = remarks.iter().map(|remark| remark.diagnostic.title.as_str()).collect();
    assert!(titles.iter().all(|title| !title.contains("``")), "{titles:#?}");
    let bare = of_rule(&remarks, "bare-pod");
    assert_eq!(bare[0].diagnostic.title, "the Pod has no controller: once it is gone, nobody makes it anew");
}

#[test]
fn a_target_that_the_server_refuses_is_not_missing_too() {
    let scaler = |kind: &str, name: &str| {
        format!(
            "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: web}}\nspec:\n  \
             scaleTargetRef: {{apiVersion: apps/v1, kind: {kind}, name: {name}}}\n  maxReplicas: 3\n"
        )
    };
    for (kind, name, refused, missing) in
        [("Deployment", "we/b", 1, 0), ("Deploy%ment", "web", 1, 0), ("Deployment", "wbe", 0, 1)]
    {
        let remarks = yaml(&scaler(kind, name));
        let counts = ["HPA-004", "hpa-target-missing"].map(|rule| of_rule(&remarks, rule).len());
        assert_eq!(counts, [refused, missing], "{kind}/{name}");
    }
}

/// The call to retry holds what was asked for.
#[test]
fn why_without_a_profile_shows_the_whole_call() {
    let stack = "[stack]\nname = \"a\"\n[api.web]\nimage = \"web:1\"\nport = 80\n";
    let folder = Folder::of_stack("whole-call", stack);
    let field = ["why", "Deployment/web", "spec.template.spec.containers[0].image"];
    // As a shell takes it.
    let retry = "`stowplan why Deployment/web 'spec.template.spec.containers[0].image' -p k3d`";
    folder.run(&field).ends(2).says(&[retry]);
    folder.run(&["why", "Deployment/*"]).ends(2).says(&["`stowplan why 'Deployment/*' -p k3d`"]);
}

/// A stack whose components share a template with one probe for both questions.
fn sharing(names: &[&str], allowing: &str) -> String {
    let mut text = "[stack]\nname = \"shop\"\nnamespace = \"shop\"\n\n[template.service]\nport = 8080\nreplicas = 2\n\
                    probes.live = { http = \"/\" }\nprobes.ready = { http = \"/\" }\n"
        .to_owned();
    for name in names {
        let allow = if *name == allowing { "allow = { probe-same-endpoint = \"a page for both\" }\n" } else { "" };
        text += &format!("\n[api.{name}]\nextends = \"service\"\nimage = \"{name}:1\"\n{allow}");
    }
    text
}

#[test]
fn a_line_that_components_share_is_told_once_and_names_them() {
    let (linted, session) = stack(&sharing(&["web", "cart", "mail"], ""));
    let found = of_rule(&linted.remarks, "probe-same-endpoint");
    assert_eq!(found.len(), 1, "{found:#?}");
    let diagnostic = &found[0].diagnostic;
    assert_eq!(session.sources.text(diagnostic.place().unwrap()), "{ http = \"/\" }");
    assert!(diagnostic.title.ends_with("; the same holds for `cart`, `mail`"), "{}", diagnostic.title);
    assert!(diagnostic.help.as_ref().unwrap().contains("`[api.web]` and the others (or their template)"));
    let (refusals, looked_at) = (Vec::new(), Vec::new());
    let whole = Findings { remarks: linted.remarks, refusals, looked_at, fail_on: Severity::Error };
    let report: serde_json::Value = serde_json::from_str(&json::json(&whole, &session.sources)).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let own: Vec<_> = findings.filter(|finding| finding["rule"] == "probe-same-endpoint").collect();
    assert_eq!((own.len(), own[0]["object"]["name"].as_str()), (1, Some("web")));
}

#[test]
fn who_allows_it_is_not_named() {
    let (linted, _) = stack(&sharing(&["web", "cart", "mail"], "cart"));
    let titles: Vec<_> = of_rule(&linted.remarks, "probe-same-endpoint");
    assert!(titles[0].diagnostic.title.ends_with("; the same holds for `mail`"), "{titles:#?}");
    assert!(of_rule(&linted.remarks, "unused-allowance").is_empty());
}

#[test]
fn many_are_counted_and_lines_of_their_own_are_told_one_by_one() {
    let names: Vec<String> = (0..12).map(|number| format!("web-{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (linted, _) = stack(&sharing(&names, ""));
    let found = of_rule(&linted.remarks, "probe-same-endpoint");
    assert_eq!(found.len(), 1);
    assert!(found[0].diagnostic.title.ends_with("`web-9` and 2 more objects"), "{}", found[0].diagnostic.title);
    let own = |name: &str| {
        format!(
            "[api.{name}]\nimage = \"{name}:1\"\nport = 80\nprobes.live = {{ http = \"/\" }}\nprobes.ready = {{ http = \"/\" }}\n"
        )
    };
    let (linted, _) = stack(&format!("[stack]\nname = \"shop\"\nnamespace = \"shop\"\n{}{}", own("a"), own("b")));
    assert_eq!(of_rule(&linted.remarks, "probe-same-endpoint").len(), 2);
}
