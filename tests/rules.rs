//! The pages of the rules: their failing examples fail, their passing ones pass.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use stowplan::check::rules::{Example, Expectation, Page, RULES};
use stowplan::diagnostic::Severity;
use stowplan::emit::report::Remark;
use stowplan::lint::{self, Profiles, Question};
use stowplan::profile::Session;
use stowplan::value::KubernetesVersion;
use support::Files;

fn found(example: &Example) -> Vec<Remark> {
    let mut session = Session { command: "lint", ..Session::default() };
    if example.language == "yaml" {
        let file = session.sources.add("input.yaml", example.text.as_str());
        return lint::streams(&[file], KubernetesVersion::USUAL.into(), &mut session).remarks;
    }
    let (stack, profile) = example.text.split_once("# profiles/").unwrap_or((&example.text, ""));
    let (name, profile) = profile.split_once('\n').unwrap_or_default();
    let path = format!("profiles/{name}");
    let files = if name.is_empty() { Files::new(&[]) } else { Files::new(&[(&path, profile)]) };
    let stack = session.sources.add("stack.toml", stack);
    let profiles = Profiles::Named(vec![example.profile.clone()]);
    let question = Question { stack, profiles: &profiles, set: &[], kubernetes: None };
    let linted = lint::stack(&question, &mut session, &files);
    assert!(linted.refusals.is_empty(), "{:?}", linted.refusals);
    linted.remarks
}

#[test]
fn examples_fail_and_pass_as_their_page_says() {
    let mut wrong = Vec::new();
    for rule in RULES {
        for example in Page::of(rule).examples {
            let remarks = found(&example);
            let own = remarks.iter().filter(|remark| remark.diagnostic.code == rule.name).count();
            let others =
                |remark: &&Remark| remark.diagnostic.code != rule.name && remark.diagnostic.severity == Severity::Error;
            let errors: Vec<_> = remarks.iter().filter(others).map(|remark| remark.diagnostic.title.as_str()).collect();
            let is_right = match example.expectation {
                Expectation::Fail => own > 0,
                Expectation::Pass => own == 0,
                Expectation::Before | Expectation::After => false,
            };
            if !is_right || !errors.is_empty() {
                wrong.push(format!(
                    "{}: {own} findings where it shall {:?}; other errors: {errors:?}\n{}",
                    rule.name, example.expectation, example.text
                ));
            }
            let placed = remarks
                .iter()
                .filter(|remark| remark.diagnostic.code == rule.name)
                .all(|remark| remark.diagnostic.place().is_some());
            assert!(placed, "{}: a finding has no place", rule.name);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
