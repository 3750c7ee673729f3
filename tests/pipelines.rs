//! What the README and docs/ci.md have for a shell, run as printed. Tools that need a cluster or the network are stand-ins,
//! which keep what they were called with and what they were given.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]
#![cfg(unix)]

#[path = "support/program.rs"]
mod program;

use program::{Folder, Run};
use serde_yaml::Value;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    Folder::of_repository(".").read(path)
}

/// The fenced blocks of a page.
fn blocks(page: &str) -> Vec<String> {
    let text = read(page);
    let (mut blocks, mut open): (Vec<String>, Option<String>) = (Vec::new(), None);
    for line in text.lines() {
        match (&mut open, line.starts_with("```")) {
            (None, true) => open = Some(format!("{line}\n")),
            (Some(_), true) => blocks.extend(open.take()),
            (Some(block), false) => *block += &format!("{line}\n"),
            (None, false) => {}
        }
    }
    assert!(open.is_none(), "{page} has a block that does not end");
    blocks
}

/// The blocks for a shell: those that are called so, and those that show calls.
fn shell_blocks(page: &str) -> Vec<String> {
    let is_shell = |block: &String| block.starts_with("```sh\n") || block.lines().any(|line| line.starts_with("$ "));
    blocks(page).into_iter().filter(is_shell).collect()
}

/// The block with this text, without its fence.
#[track_caller]
fn block(page: &str, text: &str) -> String {
    let found: Vec<String> = blocks(page).into_iter().filter(|block| block.contains(text)).collect();
    let [block] = &found[..] else { panic!("{} blocks of {page} have {text:?}", found.len()) };
    block.split_once('\n').unwrap().1.to_owned()
}

/// The calls of a block: lines after `$ `, else all of it.
fn calls(block: &str) -> Vec<String> {
    let calls: Vec<String> = block.lines().filter_map(|line| line.strip_prefix("$ ")).map(str::to_owned).collect();
    if calls.is_empty() { vec![block.to_owned()] } else { calls }
}

/// A folder of its own with stand-ins on its path.
struct Stage {
    folder: Folder,
    /// Where scripts run.
    here: Folder,
}

/// Keeps words and input of each call, one file for each tool; `answer` is what it does then.
fn stand_in(answer: &str) -> String {
    let keep = r#"#!/bin/sh
name=${0##*/}
printf '%s\n' "$*" >>"$STAGE/$name.calls"
case "$*" in *-) cat >"$STAGE/$name.input" ;; esac
"#;
    format!("{keep}{answer}\n")
}

impl Stage {
    fn new(name: &str, stack: Option<&str>, tools: &[(&str, &str)]) -> Self {
        let folder = Folder::new(name, &[]);
        for (tool, answer) in tools {
            let file = format!("tools/{tool}");
            folder.write(&file, stand_in(answer));
            fs::set_permissions(folder.path(&file), fs::Permissions::from_mode(0o755)).unwrap();
        }
        let here = folder.below("here");
        if let Some(stack) = stack {
            here.write("stack.toml", stack);
        }
        Self { folder, here }
    }

    /// Runs a script as a person who stops at the first failure.
    fn run(&self, script: &str) -> Run {
        let call = self.here.call_of("bash", &["-euo", "pipefail", "-c", script]);
        let call = call.paths(&[self.folder.path("tools")]).variable("STAGE", self.folder.path("."));
        call.variable("NO_COLOR", "1").run()
    }

    /// The same, where nothing may fail; what it says.
    #[track_caller]
    fn runs(&self, script: &str) -> String {
        let run = self.run(script).ends(0);
        run.out + &run.err
    }

    /// What a tool was called with, a line for each call.
    fn calls(&self, tool: &str) -> String {
        fs::read_to_string(self.folder.path(&format!("{tool}.calls"))).unwrap_or_default()
    }

    /// What a tool was given last.
    fn input(&self, tool: &str) -> String {
        fs::read_to_string(self.folder.path(&format!("{tool}.input"))).unwrap_or_default()
    }
}

/// The stack that the README begins with.
fn first_stack() -> String {
    block("README.md", "# service port : container port")
}

/// The same with the README's overlay for one of its two profiles.
fn two_profiles() -> String {
    format!("{}\n{}", first_stack(), block("README.md", "[profile.cloud.api.api]"))
}

/// The kinds of the objects in a stream of YAML.
fn kinds(yaml: &str) -> Vec<String> {
    let documents = serde_yaml::Deserializer::from_str(yaml);
    let kind =
        |document| <Value as serde::Deserialize>::deserialize(document).unwrap()["kind"].as_str().unwrap().to_owned();
    documents.map(kind).collect()
}

/// Every block, by a text of it, and the test that runs it.
const RUN: &[(&str, &str, &str)] = &[
    ("README.md", "$ stowplan render -p k3d | kubectl apply -f -", "what_is_rendered_is_applied"),
    ("README.md", "cargo run --release -- render", "the_example_is_rendered_in_a_clone"),
    ("README.md", "```sh\ncargo test\n", "the tests themselves: `.ci/run` takes the line from here and runs it"),
    ("README.md", "stowplan init --with db,ingress", "what_init_writes_is_applied"),
    ("README.md", "$ stowplan profiles\n", "the_profiles_are_those_shown_on_a_terminal"),
    ("README.md", "$ stowplan cluster -p k3d", "clusters_are_made_by_their_tools"),
    ("README.md", "stowplan diff -p cloud --since origin/main", "what_a_branch_changes_is_a_comment"),
    ("README.md", "$ stowplan lint --all-profiles", "tests/readme.rs: lint_says_of_the_first_stack_what_is_shown"),
    ("README.md", "$ stowplan why hpa/api", "tests/readme.rs: why_answers_what_is_shown"),
    ("README.md", "cat > .git/hooks/pre-commit", "tests/readme.rs: the_hook_stops_a_commit_with_stale_snapshots"),
    ("docs/ci.md", "helm template web ./chart | stowplan lint -", "yaml_of_other_tools_is_looked_at"),
];

#[test]
fn every_block_for_a_shell_is_run_by_a_test() {
    for page in ["README.md", "docs/ci.md"] {
        let rows: Vec<&str> = RUN.iter().filter(|(of, ..)| *of == page).map(|(_, text, _)| *text).collect();
        for block in shell_blocks(page) {
            let found = rows.iter().filter(|text| block.contains(**text)).count();
            assert_eq!(found, 1, "{page}: this block is run by no test, or named twice:\n{block}");
        }
        assert_eq!(rows.len(), shell_blocks(page).len(), "{page}: a row of RUN is about no block");
    }
    let sources = ["tests/pipelines.rs", "tests/readme.rs"].map(read);
    for (_, text, test) in RUN.iter().filter(|(.., test)| !test.contains(".ci/run")) {
        let name = test.rsplit(' ').next().unwrap();
        assert!(sources.iter().any(|source| source.contains(&format!("fn {name}()"))), "{text}: {test}");
    }
    let gate = read(".ci/run");
    assert!(gate.contains("README.md") && gate.contains("<!-- test -->"), "`.ci/run` takes the tests from the README");
}

#[test]
fn what_is_rendered_is_applied() {
    let stage = Stage::new("apply", Some(&first_stack()), &[("kubectl", "")]);
    stage.runs(&calls(&block("README.md", "$ stowplan render -p k3d | kubectl"))[0]);
    assert_eq!(stage.calls("kubectl"), "apply -f -\n");
    let named = ["Namespace", "Secret", "Service", "Service", "Service", "StatefulSet", "Deployment", "Ingress"];
    assert_eq!(kinds(&stage.input("kubectl")), named);
    // a stack that is refused leaves nothing to apply, and the pipe says so
    let slip = first_stack().replace("\"5Gi\"", "\"5GB\"");
    let stage = Stage::new("refused", Some(&slip), &[("kubectl", "")]);
    stage.run(&calls(&block("README.md", "$ stowplan render -p k3d | kubectl"))[0]).ends(2);
    assert_eq!(stage.input("kubectl"), "");
}

#[test]
fn the_example_is_rendered_in_a_clone() {
    let answer = r#"[ "$1 $2 $3" = "run --release --" ] && shift 3 && cd "$CLONE" && exec stowplan "$@""#;
    let answer = answer.replace("$CLONE", root().to_str().unwrap());
    let stage = Stage::new("clone", None, &[("cargo", &answer)]);
    let said = stage.runs(&block("README.md", "cargo run --release"));
    assert!(said.contains("name: postgres-headless\n") && said.contains("host: todo.localhost\n"), "{said}");
}

#[test]
fn what_init_writes_is_applied() {
    let stage = Stage::new("init", None, &[("kubectl", "")]);
    stage.runs(&block("README.md", "stowplan init --with"));
    assert_eq!(stage.calls("kubectl"), "apply -f -\n");
    let applied: BTreeSet<String> = kinds(&stage.input("kubectl")).into_iter().collect();
    for kind in ["StatefulSet", "Deployment", "Service", "Ingress", "Secret"] {
        assert!(applied.contains(kind), "{applied:?}");
    }
}

/// The table is for people: a pipe gets names alone. `script` of util-linux gives the program a terminal.
#[test]
#[cfg(target_os = "linux")]
fn the_profiles_are_those_shown_on_a_terminal() {
    let block = block("README.md", "$ stowplan profiles\n");
    let (call, shown) = block.split_once('\n').unwrap();
    let stage = Stage::new("profiles", None, &[]);
    let said = stage.runs(&format!("script -qec '{}' /dev/null", call.strip_prefix("$ ").unwrap()));
    assert_eq!(said.replace('\r', ""), shown);
}

#[test]
fn clusters_are_made_by_their_tools() {
    let tools = [("k3d", ""), ("kind", ""), ("minikube", ""), ("docker", "exit 1")];
    let stage = Stage::new("cluster", Some(&first_stack()), &tools);
    for call in calls(&block("README.md", "$ stowplan cluster -p k3d")) {
        stage.runs(&call);
    }
    assert_eq!(stage.calls("k3d"), "cluster create --config -\n");
    let config: Value = serde_yaml::from_str(&stage.input("k3d")).unwrap();
    assert_eq!((config["kind"].as_str(), config["metadata"]["name"].as_str()), (Some("Simple"), Some("todo")));
    assert_eq!(stage.calls("kind"), "create cluster --config -\n");
    let config: Value = serde_yaml::from_str(&stage.input("kind")).unwrap();
    assert_eq!((config["kind"].as_str(), config["name"].as_str()), (Some("Cluster"), Some("todo")));
    assert!(stage.calls("minikube").starts_with("start --profile=todo "), "{}", stage.calls("minikube"));
}

/// A clone whose branch changes the replicas of the stack.
fn branch(name: &str, tools: &[(&str, &str)]) -> Stage {
    let stage = Stage::new(name, Some(&two_profiles()), tools);
    let commit = "git add -A && git -c user.name=me -c user.email=me@example.com commit -q -m change";
    stage.runs(&format!("git init -q . && {commit} && git update-ref refs/remotes/origin/main HEAD"));
    stage
}

#[test]
fn what_a_branch_changes_is_a_comment() {
    let block = block("README.md", "stowplan diff -p cloud --since origin/main");
    let stage = branch("comment", &[("gh", "cp changes.md \"$STAGE/comment\"")]);
    stage.runs(&block);
    assert_eq!(stage.calls("gh"), "", "nothing differs, and nothing is said");
    stage.here.write("stack.toml", two_profiles().replace("replicas = 2", "replicas = 3"));
    stage.runs(&block);
    assert_eq!(stage.calls("gh"), "pr comment --body-file changes.md\n");
    let comment = stage.folder.read("comment");
    assert!(comment.contains("1 object changed") && comment.contains("| `Deployment/api` | api | 1 |"), "{comment}");
    assert!(comment.contains("spec.replicas"), "{comment}");
}

/// Each step of the workflow, with its variables, as the runner of GitHub would.
#[test]
fn the_workflow_comments_once_there_is_something_to_say() {
    let workflow: Value = serde_yaml::from_str(&read("templates/ci/github-diff.yml")).unwrap();
    assert_eq!(workflow["permissions"]["pull-requests"].as_str(), Some("write"));
    let steps = workflow["jobs"]["diff"]["steps"].as_sequence().unwrap();
    assert_eq!(steps[0]["with"]["fetch-depth"].as_u64(), Some(0), "else there is no other branch");
    let runs: Vec<&str> = steps.iter().filter_map(|step| step["run"].as_str()).collect();
    let [install, compare, comment] = runs[..] else { panic!("{runs:?}") };
    assert!(install.starts_with("cargo install --locked --git "), "{install}");
    let stage = branch("workflow", &[("gh", "cp changes.md \"$STAGE/comment\"")]);
    let script = format!("export BASE=main NUMBER=7\n{compare}\n{comment}");
    stage.runs(&script);
    assert_eq!(stage.calls("gh"), "");
    stage.here.write("stack.toml", two_profiles().replace("\"5Gi\"", "\"4Gi\""));
    stage.runs(&script);
    assert_eq!(stage.calls("gh"), "pr comment 7 --edit-last --create-if-none --body-file changes.md\n");
    let said = stage.folder.read("comment");
    assert!(said.contains("StatefulSet/postgres") && said.contains("> **refused**"), "{said}");
    // a stack that cannot be read is no comment but a failure
    stage.here.write("stack.toml", "[stack\n");
    stage.run(&script).ends(1);
    assert_eq!(stage.calls("gh").lines().count(), 1);
}

/// What the other tools would print.
const CHART: &str = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n  - port: 80\n";

#[test]
fn yaml_of_other_tools_is_looked_at() {
    let lines = block("docs/ci.md", "helm template web ./chart | stowplan lint -");
    let prints = |yaml: &str| format!("printf '%s' '{yaml}'");
    let right = prints(CHART);
    let wrong = prints(&CHART.replace("80", "80000"));
    let stage = Stage::new("foreign", None, &[("helm", &right), ("kubectl", &right)]);
    stage.runs(&lines);
    assert_eq!(stage.calls("helm"), "template web ./chart\n");
    assert_eq!(stage.calls("kubectl"), "kustomize overlays/prod\n");
    for (helm, kubectl) in [(&wrong, &right), (&right, &wrong)] {
        let stage = Stage::new("foreign-wrong", None, &[("helm", helm), ("kubectl", kubectl)]);
        stage.run(&lines).ends(1).prints(&["80000"]);
    }
}
