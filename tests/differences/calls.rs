//! `stowplan diff` as it is called.

use crate::program::{Folder, Run};

fn call(folder: &Folder, arguments: &[&str]) -> Run {
    folder.run(&[&["diff"], arguments].concat())
}

fn todo() -> Folder {
    Folder::of_repository("examples/todo")
}

#[test]
fn the_exit_code_says_whether_something_differs() {
    call(&todo(), &["k3d", "k3d"]).ends(0).is("", "nothing differs between k3d and k3d\n");
    let told = call(&todo(), &["k3d", "cloud"]).ends(1).prints(&["cloud: stack.toml:51 [profile.cloud.api.api]"]);
    assert_eq!(told.err, "");
    call(&todo(), &["k3d", "clod"]).refused(&["there is no profile `clod`", "did you mean `cloud`?"]);
    call(&todo(), &["cloud"]).ends(2).says(&["stowplan diff cloud k3d"]);
    call(&todo(), &["k3d", "cloud", "--since", "HEAD"]).ends(2).says(&["name one"]);
}

#[test]
fn a_summary_has_a_line_for_each_object() {
    let text = call(&todo(), &["k3d", "kind", "--summary"]).out;
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
    let text = call(&todo(), &["--all"]).ends(1).out;
    assert!(text.lines().next().unwrap().split_whitespace().eq(["k3d", "minikube", "kind", "cloud"]), "{text}");
    let row = |field: &str| {
        text.lines().find(|line| line.trim_start().starts_with(field)).unwrap_or_else(|| panic!("{text}"))
    };
    let values = |field: &str| row(field).split_whitespace().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(values("spec.minReplicas"), ["2", "2", "–", "4"]);
    assert_eq!(values("PodDisruptionBudget/api"), ["–", "–", "–", "yes"]);
    assert!(!text.contains("140cd189f0fd04a9"), "{text}");
    assert_eq!(call(&todo(), &["--all", "k3d", "k3d"]).out, "");
    call(&todo(), &["--all", "--format", "unified"]).ends(2).says(&["`human`, `json`, `github`"]);
    let document = call(&todo(), &["--all", "--format", "json"]).json();
    assert_eq!(document["profiles"].as_array().unwrap().len(), 4);
    let rows = document["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["field"] == "spec.minReplicas").unwrap();
    assert_eq!(row["values"], serde_json::json!({"k3d": 2, "minikube": 2, "cloud": 4}));
}

#[test]
fn a_comment_for_github_folds_its_differences() {
    let told = call(&todo(), &["k3d", "cloud", "--format", "github"]).prints(&[
        "| ➖ | `Secret/postgres-secret` | postgres-secret | removed |\n",
        "<details><summary>All differences</summary>\n\n```diff\n",
        "\n-    Secret/postgres-secret\n",
        "\n-        50m\n+        100m\n",
        "\n+        - maxSkew: 1\n+          topologyKey: topology.kubernetes.io/zone\n",
    ]);
    let first = "### `k3d` → `cloud`: 6 objects changed, 1 object added, 1 object removed\n";
    assert!(told.out.starts_with(first), "{told}");
    assert!(told.out.ends_with("```\n\n</details>\n"), "{told}");
}

#[test]
fn a_revision_is_read_from_git_with_all_its_files() {
    let folder = Folder::new("since", &[]);
    let stack = |image: &str| {
        format!(
            "# a\n[stack]\nname = \"s\"\nprofiles = [\"mine\"]\n[api.web]\nimage = \"acme/web:{image}\"\nport = 80\n[config.app]\nfiles = {{ \"app.conf\" = \"app.conf\" }}\n"
        )
    };
    folder.git(&["init", "-q"]);
    folder.write("deploy/stack.toml", stack("1"));
    folder.write("deploy/app.conf", "one\n");
    folder
        .write("deploy/profiles/mine.toml", "extends = \"k3d\"\n[defaults.workload]\nresources = { cpu = \"10m\" }\n");
    folder.git(&["add", "-A"]);
    folder.git(&["commit", "-qm", "one"]);
    let deploy = folder.below("deploy");
    call(&deploy, &["--since", "HEAD"]).ends(0);
    folder.write("deploy/stack.toml", format!("# b\n# c\n{}", stack("2")));
    folder.write("deploy/app.conf", "two\n");
    folder
        .write("deploy/profiles/mine.toml", "extends = \"k3d\"\n[defaults.workload]\nresources = { cpu = \"20m\" }\n");
    call(&deploy, &["--since", "HEAD"]).ends(1).prints(&[
        "image: acme/web:1 → acme/web:2\n",
        "HEAD:stack.toml:6 [api.web]; now: stack.toml:8 [api.web]\n",
        "requests.cpu: 10m → 20m\n",
        "- one\n",
        "+ two\n",
    ]);
    call(&deploy, &["--since", "nowhere"]).ends(2).says(&["git knows no revision `nowhere` here"]);
    call(&deploy, &["--since", "--output=x"]).ends(2);
}

#[test]
fn stdin_a_file_and_a_folder_can_be_compared_with() {
    let manifests = Folder::new("against", &[]).path("manifests").display().to_string();
    todo().run(&["render", "-p", "cloud", "-o", &format!("dir:{manifests}")]).ends(0);
    call(&todo(), &["-p", "cloud", "--against", &manifests]).ends(0);
    call(&todo(), &["-p", "k3d", "--against", &manifests]).ends(1).prints(&["+ Secret/postgres-secret"]);
    let list = "kind: List\nitems: []\n";
    let told = todo().run_on(list, &["diff", "-p", "cloud", "--against", "-"]);
    told.ends(1).prints(&["+ Deployment/api"]);
    let told = call(&todo(), &["-p", "cloud", "--against", "nowhere.yaml"]);
    told.ends(2).says(&["there is no file or folder `nowhere.yaml`"]);
}

#[test]
fn a_secret_from_the_environment_needs_not_be_there() {
    let stack = "[stack]\nprofiles = [\"k3d\", \"cloud\"]\n[api.web]\nimage = \"acme/web:1\"\nport = 80\nenv-from = [\"secret.s\"]\n[secret.s]\nsource = \"env\"\nenv = { KEY = \"NOT_SET_ANYWHERE\" }\n";
    call(&Folder::of_stack("secret", stack), &["k3d", "cloud"]).ends(1).never(&["NOT_SET_ANYWHERE"]);
}
