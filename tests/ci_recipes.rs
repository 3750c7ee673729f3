//! The recipes for CI do what they say: each command of stowplan in them is run, on a stack that is right, one that is not, and
//! none at all.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

#[path = "support/program.rs"]
mod program;

use program::Folder;
use serde_yaml::Value;

fn read(path: &str) -> String {
    Folder::of_repository(".").read(path)
}

fn yaml(path: &str) -> Value {
    serde_yaml::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value:?}"))
}

/// The code of a line as a job would run it.
fn code(line: &str, folder: &Folder) -> i32 {
    folder.shell(line).code
}

fn right(name: &str) -> Folder {
    Folder::of_stack(name, &read("examples/todo/stack.toml"))
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

    let right = right("github-right");
    assert_eq!((code(report, &right), code(annotate, &right)), (0, 0));
    let wrong = Folder::of_stack("github-wrong", &broken());
    assert_eq!((code(report, &wrong), code(annotate, &wrong)), (0, 1));
    let log: serde_json::Value = serde_json::from_str(&wrong.read(file)).unwrap();
    assert!(!log["runs"][0]["results"].as_array().unwrap().is_empty());
    assert!(wrong.shell(annotate).out.starts_with("::error file=stack.toml,line="));
    let none = Folder::new("github-none", &[]);
    assert_eq!((code(report, &none), code(annotate, &none)), (1, 2));
}

#[test]
fn the_job_of_gitlab_reports_and_then_fails() {
    let job = &yaml("templates/ci/gitlab.yml")["stowplan"];
    let lines: Vec<&str> = job["script"].as_sequence().unwrap().iter().map(text).collect();
    let codes = |folder: &Folder| lines.iter().map(|line| code(line, folder)).collect::<Vec<_>>();
    assert_eq!(codes(&right("gitlab-right")), [0, 0, 0]);
    let wrong = Folder::of_stack("gitlab-wrong", &broken());
    assert_eq!(codes(&wrong), [0, 0, 1]);
    assert_eq!(codes(&Folder::new("gitlab-none", &[])), [1, 1, 2]);
    let reports = &job["artifacts"]["reports"];
    let quality: Vec<serde_json::Value> = serde_json::from_str(&wrong.read(text(&reports["codequality"]))).unwrap();
    assert!(quality.iter().any(|entry| entry["check_name"] == "unknown-reference"), "{quality:?}");
    let tests = wrong.read(text(&reports["junit"]));
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
    let right = right("hook-right");
    let wrong = Folder::of_stack("hook-wrong", &broken());
    assert_eq!(
        (code(&call("stowplan-lint", "stack.toml"), &right), code(&call("stowplan-lint", "stack.toml"), &wrong)),
        (0, 1)
    );
    assert_eq!(code(&call("stowplan-fix", "stack.toml"), &wrong), 0);
    assert_eq!(wrong.read("stack.toml"), read("examples/todo/stack.toml"));
    wrong.write("k8s/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {A: no}\n");
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
