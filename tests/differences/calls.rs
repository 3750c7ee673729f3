//! `stowplan diff` as it is called.

use crate::rendered::root;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of its own for a test; removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("stowplan-diff-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.0).args(["-c", "user.name=t", "-c", "user.email=t@example.com"]).args(arguments);
        assert!(command.output().unwrap().status.success(), "{arguments:?}");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn call(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stowplan"));
    command.current_dir(folder).env_remove("STOWPLAN_PROFILE").arg("diff").args(arguments);
    said(&command.output().unwrap())
}

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn todo() -> PathBuf {
    root().join("examples/todo")
}

#[test]
fn the_exit_code_says_whether_something_differs() {
    let nothing = "nothing differs between k3d and k3d\n".to_owned();
    assert_eq!(call(&todo(), &["k3d", "k3d"]), (0, String::new(), nothing));
    let (code, text, said) = call(&todo(), &["k3d", "cloud"]);
    assert_eq!((code, said.as_str()), (1, ""));
    assert!(text.contains("cloud: stack.toml:51 [profile.cloud.api.api]"), "{text}");
    let (code, text, said) = call(&todo(), &["k3d", "clod"]);
    assert_eq!((code, text.as_str()), (2, ""));
    assert!(said.contains("there is no profile `clod`") && said.contains("did you mean `cloud`?"), "{said}");
    let (code, _, said) = call(&todo(), &["cloud"]);
    assert!(code == 2 && said.contains("stowplan diff cloud k3d"), "{said}");
    let (code, _, said) = call(&todo(), &["k3d", "cloud", "--since", "HEAD"]);
    assert!(code == 2 && said.contains("name one"), "{said}");
}

#[test]
fn a_summary_has_a_line_for_each_object() {
    let (_, text, _) = call(&todo(), &["k3d", "kind", "--summary"]);
    let expected = "\
~ StatefulSet/postgres         2 fields
~ Deployment/api               1 field
- HorizontalPodAutoscaler/api  removed
~ Ingress/web                  1 field
";
    assert_eq!(text, expected);
}

#[test]
fn all_profiles_stand_beside_each_other() {
    let (code, text, _) = call(&todo(), &["--all"]);
    assert_eq!(code, 1);
    assert!(text.lines().next().unwrap().split_whitespace().eq(["k3d", "minikube", "kind", "cloud"]), "{text}");
    let row = |field: &str| {
        text.lines().find(|line| line.trim_start().starts_with(field)).unwrap_or_else(|| panic!("{text}"))
    };
    let values = |field: &str| row(field).split_whitespace().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(values("spec.minReplicas"), ["2", "2", "–", "4"]);
    assert_eq!(values("PodDisruptionBudget/api"), ["–", "–", "–", "yes"]);
    assert!(!text.contains("140cd189f0fd04a9"), "{text}");
    let (_, text, _) = call(&todo(), &["--all", "k3d", "k3d"]);
    assert_eq!(text, "");
    let (code, _, said) = call(&todo(), &["--all", "--format", "unified"]);
    assert!(code == 2 && said.contains("`human`, `json`, `github`"), "{said}");
    let (_, text, _) = call(&todo(), &["--all", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["profiles"].as_array().unwrap().len(), 4);
    let rows = document["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["field"] == "spec.minReplicas").unwrap();
    assert_eq!(row["values"], serde_json::json!({"k3d": 2, "minikube": 2, "cloud": 4}));
}

#[test]
fn a_comment_for_github_folds_its_differences() {
    let (_, text, _) = call(&todo(), &["k3d", "cloud", "--format", "github"]);
    assert!(text.starts_with("### `k3d` → `cloud`: 6 objects changed, 1 object added, 1 object removed\n"), "{text}");
    assert!(text.contains("| ➖ | `Secret/postgres-secret` | postgres-secret | removed |\n"), "{text}");
    assert!(text.contains("<details><summary>All differences</summary>\n\n```diff\n"), "{text}");
    assert!(text.ends_with("```\n\n</details>\n"), "{text}");
    assert!(text.contains("\n-    Secret/postgres-secret\n"), "{text}");
    assert!(text.contains("\n-        50m\n+        100m\n"), "{text}");
    assert!(text.contains("\n+        - maxSkew: 1\n+          topologyKey: topology.kubernetes.io/zone\n"), "{text}");
}

#[test]
fn a_revision_is_read_from_git_with_all_its_files() {
    let folder = Folder::new("since");
    let stack = |image: &str| {
        format!(
            "# a\n[stack]\nname = \"s\"\nprofiles = [\"mine\"]\n[api.web]\nimage = \"acme/web:{image}\"\nport = 80\n[config.app]\nfiles = {{ \"app.conf\" = \"app.conf\" }}\n"
        )
    };
    folder.git(&["init", "-q"]);
    folder.write("deploy/stack.toml", &stack("1"));
    folder.write("deploy/app.conf", "one\n");
    folder
        .write("deploy/profiles/mine.toml", "extends = \"k3d\"\n[defaults.workload]\nresources = { cpu = \"10m\" }\n");
    folder.git(&["add", "-A"]);
    folder.git(&["commit", "-qm", "one"]);
    let deploy = folder.0.join("deploy");
    assert_eq!(call(&deploy, &["--since", "HEAD"]).0, 0);
    folder.write("deploy/stack.toml", &format!("# b\n# c\n{}", stack("2")));
    folder.write("deploy/app.conf", "two\n");
    folder
        .write("deploy/profiles/mine.toml", "extends = \"k3d\"\n[defaults.workload]\nresources = { cpu = \"20m\" }\n");
    let (code, text, said) = call(&deploy, &["--since", "HEAD"]);
    assert_eq!(code, 1, "{said}");
    assert!(text.contains("image: acme/web:1 → acme/web:2\n"), "{text}");
    assert!(text.contains("HEAD:stack.toml:6 [api.web]; now: stack.toml:8 [api.web]\n"), "{text}");
    assert!(text.contains("requests.cpu: 10m → 20m\n"), "{text}");
    assert!(text.contains("- one\n") && text.contains("+ two\n"), "{text}");
    let (code, _, said) = call(&deploy, &["--since", "nowhere"]);
    assert!(code == 2 && said.contains("git knows no revision `nowhere` here"), "{said}");
    let (code, _, said) = call(&deploy, &["--since", "--output=x"]);
    assert!(code == 2, "{said}");
}

#[test]
fn stdin_a_file_and_a_folder_can_be_compared_with() {
    let folder = Folder::new("against");
    let mut render = Command::new(env!("CARGO_BIN_EXE_stowplan"));
    let manifests = folder.0.join("manifests");
    let output = render
        .current_dir(todo())
        .args(["render", "-p", "cloud", "-o"])
        .arg(format!("dir:{}", manifests.display()))
        .output();
    assert!(output.unwrap().status.success());
    let path = manifests.to_str().unwrap();
    assert_eq!(call(&todo(), &["-p", "cloud", "--against", path]).0, 0);
    let (code, text, _) = call(&todo(), &["-p", "k3d", "--against", path]);
    assert!(code == 1 && text.contains("+ Secret/postgres-secret"), "{text}");
    let mut child = Command::new(env!("CARGO_BIN_EXE_stowplan"));
    let child = child.current_dir(todo()).args(["diff", "-p", "cloud", "--against", "-"]);
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"kind: List\nitems: []\n").unwrap();
    let (code, text, _) = said(&child.wait_with_output().unwrap());
    assert!(code == 1 && text.contains("+ Deployment/api"), "{text}");
    let (code, _, said) = call(&todo(), &["-p", "cloud", "--against", "nowhere.yaml"]);
    assert!(code == 2 && said.contains("there is no file or folder `nowhere.yaml`"), "{said}");
}

#[test]
fn a_secret_from_the_environment_needs_not_be_there() {
    let folder = Folder::new("secret");
    let stack = "[stack]\nprofiles = [\"k3d\", \"cloud\"]\n[api.web]\nimage = \"acme/web:1\"\nport = 80\nenv-from = [\"secret.s\"]\n[secret.s]\nsource = \"env\"\nenv = { KEY = \"NOT_SET_ANYWHERE\" }\n";
    folder.write("stack.toml", stack);
    let (code, text, said) = call(&folder.0, &["k3d", "cloud"]);
    assert_eq!(code, 1, "{said}");
    assert!(!text.contains("NOT_SET_ANYWHERE"), "{text}");
}
