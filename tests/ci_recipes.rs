//! The recipes for CI do what they say: each command of stowplan in them is run, on a stack that is right, one that is not, and
//! none at all.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

use serde_yaml::Value;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn yaml(path: &str) -> Value {
    serde_yaml::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value:?}"))
}

/// A folder with this `stack.toml`, or with nothing.
fn folder(name: &str, stack: Option<&str>) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ci-recipes").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    if let Some(stack) = stack {
        fs::write(path.join("stack.toml"), stack).unwrap();
    }
    path
}

/// Runs a line as a job would: by a shell, with stowplan on the path.
fn run(line: &str, folder: &Path) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_stowplan"));
    let path = env::var_os("PATH").unwrap();
    let paths = [program.parent().unwrap().to_owned()].into_iter().chain(env::split_paths(&path));
    let mut command = Command::new("sh");
    command.args(["-ec", line]).current_dir(folder).stdin(Stdio::null()).env_remove("STOWPLAN_PROFILE");
    command.env("PATH", env::join_paths(paths).unwrap()).output().unwrap()
}

fn code(line: &str, folder: &Path) -> i32 {
    run(line, folder).status.code().unwrap()
}

fn broken() -> String {
    read("examples/todo/stack.toml").replace("uses = [\"postgres\"]", "uses = [\"postgress\"]")
}

#[test]
fn the_workflow_of_github_reports_and_then_fails() {
    let workflow = yaml("templates/ci/github.yml");
    let steps = workflow["jobs"]["lint"]["steps"].as_sequence().unwrap();
    let runs: Vec<&str> = steps.iter().filter_map(|step| step.get("run").map(text)).collect();
    let [install, report, annotate] = runs[..] else { panic!("{runs:?}") };
    assert!(install.starts_with("cargo install --locked --git "), "{install}");
    let upload =
        steps.iter().find(|step| step["uses"].as_str().is_some_and(|uses| uses.contains("upload-sarif"))).unwrap();
    let file = text(&upload["with"]["sarif_file"]);
    assert_eq!(text(&workflow["permissions"]["security-events"]), "write");

    let right = folder("github-right", Some(&read("examples/todo/stack.toml")));
    assert_eq!((code(report, &right), code(annotate, &right)), (0, 0));
    let wrong = folder("github-wrong", Some(&broken()));
    assert_eq!((code(report, &wrong), code(annotate, &wrong)), (0, 1));
    let log: serde_json::Value = serde_json::from_slice(&fs::read(wrong.join(file)).unwrap()).unwrap();
    assert!(!log["runs"][0]["results"].as_array().unwrap().is_empty());
    assert!(String::from_utf8(run(annotate, &wrong).stdout).unwrap().starts_with("::error file=stack.toml,line="));
    let none = folder("github-none", None);
    assert_eq!((code(report, &none), code(annotate, &none)), (1, 2));
}

#[test]
fn the_job_of_gitlab_reports_and_then_fails() {
    let job = &yaml("templates/ci/gitlab.yml")["stowplan"];
    let lines: Vec<&str> = job["script"].as_sequence().unwrap().iter().map(text).collect();
    let codes = |folder: &Path| lines.iter().map(|line| code(line, folder)).collect::<Vec<_>>();
    assert_eq!(codes(&folder("gitlab-right", Some(&read("examples/todo/stack.toml")))), [0, 0, 0]);
    let wrong = folder("gitlab-wrong", Some(&broken()));
    assert_eq!(codes(&wrong), [0, 0, 1]);
    assert_eq!(codes(&folder("gitlab-none", None)), [1, 1, 2]);
    let reports = &job["artifacts"]["reports"];
    let quality = fs::read(wrong.join(text(&reports["codequality"]))).unwrap();
    let quality: Vec<serde_json::Value> = serde_json::from_slice(&quality).unwrap();
    assert!(quality.iter().any(|entry| entry["check_name"] == "unknown-reference"), "{quality:?}");
    let tests = fs::read_to_string(wrong.join(text(&reports["junit"]))).unwrap();
    assert!(tests.contains("<testsuite name=\"stack.toml\" tests=\"4\" failures=\"4\" errors=\"0\">"), "{tests}");
    assert!(job["before_script"].as_sequence().unwrap().iter().any(|line| text(line).contains("cargo install")));
}

/// As pre-commit calls them: with the names of the files that a commit changes, where `files` matches.
#[test]
fn the_hooks_take_the_files_of_a_commit() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hook = |id: &str| hooks.as_sequence().unwrap().iter().find(|hook| hook["id"] == id).unwrap().clone();
    for hook in hooks.as_sequence().unwrap() {
        for key in ["id", "name", "description", "language", "entry", "files"] {
            assert!(!text(&hook[key]).is_empty(), "{key} of {hook:?}");
        }
        assert_eq!(hook["language"], "rust");
    }
    let call = |id: &str, file: &str| format!("{} {file}", text(&hook(id)["entry"]));
    let right = folder("hook-right", Some(&read("examples/todo/stack.toml")));
    let wrong = folder("hook-wrong", Some(&broken()));
    assert_eq!(
        (code(&call("stowplan-lint", "stack.toml"), &right), code(&call("stowplan-lint", "stack.toml"), &wrong)),
        (0, 1)
    );
    assert_eq!(code(&call("stowplan-fix", "stack.toml"), &wrong), 0);
    assert_eq!(fs::read_to_string(wrong.join("stack.toml")).unwrap(), read("examples/todo/stack.toml"));
    fs::create_dir(wrong.join("k8s")).unwrap();
    fs::write(wrong.join("k8s/a.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {A: no}\n")
        .unwrap();
    assert_eq!(code(&call("stowplan-lint-yaml", "k8s/a.yaml"), &wrong), 1);
}

#[test]
fn the_page_shows_the_recipes_as_they_are() {
    let page = read("docs/ci.md");
    for recipe in ["templates/ci/github.yml", "templates/ci/github-diff.yml", "templates/ci/gitlab.yml"] {
        let block = format!("[`{recipe}`](../{recipe}):\n\n```yaml\n{}```\n", read(recipe));
        assert!(page.contains(&block), "docs/ci.md does not show {recipe} as it is");
    }
    for hook in yaml(".pre-commit-hooks.yaml").as_sequence().unwrap() {
        assert!(page.contains(&format!("- id: {} ", text(&hook["id"]))), "{hook:?}");
    }
    for format in stowplan::emit::report::FORMATS.iter().filter(|format| format.name != "human") {
        assert!(page.contains(&format!("| `{}` |", format.name)), "{}", format.name);
    }
}
