//! `lint` and what `render` refuses, as a shell sees them: exit codes, reports, profiles, files, secrets.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

#[path = "support/program.rs"]
mod program;

use program::{Folder, Run};
use serde_json::Value;
use std::fs;

const HELLO: &str = "[stack]\nname = \"hello\"\nprofiles = [\"k3d\", \"cloud\"]\n\n[api.hello]\nimage = \"kicbase/echo-server:1.0\"\nport = 8080\n";

/// A field that no server knows, on every profile.
const MISSPELT: &str = "[patch.a]\non = \"Deployment/hello\"\nset = { spec.replicass = 3 }\n";

/// What no rule has anything to say about.
const RIGHT: &str = r#"
[stack]
name = "hello"
namespace = "hello"
profiles = ["k3d", "cloud"]
network-policy = true

[api.hello]
image = "kicbase/echo-server:1.0"
port = 8080
replicas = 2
health = "/"
security = { level = "restricted", user = 1000, read-only-root = true }
resources.limits.memory = "128Mi"
"#;

const GOOD: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: fine}\ndata: {a: b}\n";
const BAD: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Bad}\n";

impl Run {
    /// The findings of this class.
    #[track_caller]
    fn findings_of(&self, class: &str) -> Vec<Value> {
        self.findings().into_iter().filter(|finding| finding["class"] == class).collect()
    }
}

#[test]
fn a_stack_that_is_right_has_no_findings() {
    let folder = Folder::of_stack("right", RIGHT);
    folder.run(&["lint", "--all-profiles"]).ends(0).is("", "nothing is wrong in stack.toml on k3d, cloud\n");
}

#[test]
fn what_all_profiles_share_is_said_once_with_their_names() {
    let overlay = "[profile.cloud.patch.b]\non = \"Service/hello\"\nset = { spec.prots = [] }\n";
    let folder = Folder::of_stack("profiles", &format!("{HELLO}{MISSPELT}{overlay}"));
    let report = folder.run(&["lint", "--all-profiles", "--format", "json"]).ends(1);
    let seen: Vec<_> = report
        .findings_of("api")
        .iter()
        .map(|finding| (finding["field"].clone(), finding["profiles"].clone()))
        .collect();
    let expected = serde_json::json!([["spec.replicass", ["k3d", "cloud"]], ["spec.prots", ["cloud"]]]);
    assert_eq!(serde_json::to_value(seen).unwrap(), expected);
    let told = folder.run(&["lint", "--all-profiles"]).ends(1);
    told.prints(&[
        "= note: with the profiles `k3d`, `cloud`",
        "= note: with the profile `cloud` alone",
        "stack.toml:10:14",
    ])
    .says(&["2 errors, ", " in stack.toml on k3d, cloud\n"]);
    for (arguments, count) in [
        (&["lint", "--format=json"][..], 1),
        (&["lint", "-p", "cloud", "--format=json"], 2),
        (&["lint", "-p", "k3d,cloud", "--format=json"], 2),
        (&["lint", "-p", "k3d", "-p", "cloud", "-p", "k3d", "--format=json"], 2),
        (&["-p", "cloud", "lint", "--format=json"], 2),
    ] {
        assert_eq!(folder.run(arguments).ends(1).findings_of("api").len(), count, "{arguments:?}");
    }
    let named = folder.call(&["lint", "--format=json"]).variable("STOWPLAN_PROFILE", "cloud").run();
    assert_eq!(named.ends(1).findings_of("api").len(), 2);
}

#[test]
fn mistakes_in_the_stack_are_findings() {
    let folder = Folder::of_stack(
        "stack",
        "[stack]\nprofiles = [\"k3d\", \"cluod\", \"cloud\"]\n[api.web]\nimage = 3\nprot = 80\n",
    );
    let report = folder.run(&["lint", "--all-profiles", "--format=json"]).ends(1);
    let rules: Vec<_> = report.findings().iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect();
    assert_eq!(rules.iter().filter(|rule| *rule == "unknown-profile").count(), 1, "{rules:?}");
    assert!(rules.iter().any(|rule| rule == "unknown-key"), "{rules:?}");
    for finding in report.findings() {
        assert_eq!((&finding["class"], &finding["place"]["file"]), (&"stack".into(), &"stack.toml".into()));
        assert!(finding["object"].is_null() && finding["field"].is_null());
    }
    folder.write("stack.toml", "[api.web\nimage = nginx\n");
    folder.run(&["lint", "--all-profiles"]).ends(1).prints(&["error[", "stack.toml:1:"]);
}

#[test]
fn the_exit_code_follows_the_level() {
    let folder = Folder::new(
        "levels",
        &[("warning.yaml", &format!("{GOOD}---\n{}", BAD.replace("Bad", "good, labels: {on: x}"))), ("bad.yaml", BAD)],
    );
    for (file, level, code) in [
        ("warning.yaml", "error", 0),
        ("warning.yaml", "warning", 1),
        ("warning.yaml", "info", 1),
        ("bad.yaml", "error", 1),
    ] {
        folder.run(&["lint", file, "--fail-on", level]).ends(code);
    }
    folder.run(&["lint", "warning.yaml", "--fail-on", "never"]).ends(2).says(&["error", "warning", "info"]);
    folder.write("custom.yaml", "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n");
    folder.run(&["lint", "custom.yaml", "--fail-on", "warning"]).ends(0);
    folder.run(&["lint", "custom.yaml", "--fail-on", "info"]).ends(1).says(&["1 remark in 1 object of custom.yaml"]);
}

#[test]
fn quiet_leaves_errors_alone() {
    let text = format!("{BAD}---\n{}", BAD.replace("Bad", "good, labels: {on: x}"));
    let folder = Folder::new("quiet", &[("a.yaml", &text)]);
    let run = folder.run(&["-q", "lint", "a.yaml"]).ends(1);
    assert_eq!((run.err.as_str(), run.out.matches("error[").count(), run.out.matches("warning[").count()), ("", 1, 0));
}

#[test]
fn files_folders_and_stdin_are_read() {
    let folder = Folder::new(
        "files",
        &[
            ("manifests/a.yaml", GOOD),
            ("manifests/deep/b.yml", BAD),
            (
                "manifests/deep/c.json",
                "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"Worse\"}}",
            ),
            ("manifests/.hidden/d.yaml", BAD),
            ("manifests/notes.txt", "no YAML: ["),
        ],
    );
    let told = folder.run(&["lint", "manifests"]).ends(1);
    told.prints(&["--> manifests/deep/b.yml:3:18", "--> manifests/deep/c.json:1:"])
        .says(&["2 errors in 3 objects of 3 files, for Kubernetes 1.34\n"]);
    folder
        .run(&["lint", "manifests/a.yaml"])
        .ends(0)
        .says(&["nothing is wrong in 1 object of manifests/a.yaml, for Kubernetes 1.34\n"]);
    let piped = folder.run_on(BAD, &["lint", "-", "--kubernetes", "1.31..1.37"]).ends(1);
    piped.prints(&["--> <stdin>:3:18", "metadata.name of ConfigMap `Bad`"]).says(&["for Kubernetes 1.31..1.37"]);
    let empty = folder.run_on("", &["lint", "-", "--fail-on=warning"]).ends(1);
    empty.prints(&["`<stdin>` holds no object"]);
}

#[test]
fn what_cannot_be_read_does_not_hide_the_rest() {
    let folder = Folder::new("unreadable", &[("bad.yaml", BAD), ("empty/notes.txt", "")]);
    folder.write("bytes.yaml", b"a: \xff\n");
    fs::File::create(folder.path("big.yaml")).unwrap().set_len(100 << 20).unwrap();
    let told =
        folder.run(&["lint", "none.yaml", "bytes.yaml", "big.yaml", "empty", "bad.yaml", "-f", "none.toml"]).ends(2);
    told.prints(&["metadata.name of ConfigMap `Bad`"]).says(&[
        "there is no file or folder `none.yaml`",
        "bytes.yaml:1:4",
        "`big.yaml` is larger than the 16 MiB that are read",
        "the folder `empty` holds no file that ends in .yaml, .yml or .json",
        "there is no file `none.toml`",
    ]);
}

#[test]
fn a_wrong_call_is_refused() {
    let folder =
        Folder::new("call", &[("a.yaml", GOOD), ("stack.toml", "[stack]\nname = \"a\"\n"), ("apps/stack.toml", HELLO)]);
    for (arguments, text) in [
        (&["lint", "-p", "k3"][..], "there is no profile `k3`"),
        (&["lint"], "stowplan lint -p k3d"),
        (&["lint", "--all-profiles"], "`stack.toml` names no profiles"),
        (&["lint", "--all-profiles", "-p", "k3d"], "--all-profiles"),
        (&["lint", "-p", "k3d", "--set", "stack.nmae=x"], "nmae"),
        (&["lint", "a.yaml", "-p", "k3d"], "only YAML is named"),
        (&["lint", "-", "-f", "-"], "can be read once only"),
        (&["lint", "--kubernetes", "1.40"], "write one from \"1.25\" to \"1.37\""),
        (&["lint", "--kubernetes", "1.34..1.31"], "write \"1.31..1.34\""),
        (&["lint", "--format", "xml"], "json"),
        (&["lint", "apps"], "name the stack in it with `-f apps`"),
        (&["validate"], "type `stowplan lint --all-profiles`"),
    ] {
        let told = folder.run(arguments).ends(2).says(&[text]);
        assert!(!told.out.contains("error"), "{arguments:?}: {}", told.out);
    }
}

#[test]
fn several_stacks_and_streams_are_one_report() {
    let files = [
        ("one/stack.toml", format!("{HELLO}{MISSPELT}")),
        ("two/stack.toml", format!("{HELLO}[manifest.m]\nfile = \"more.yaml\"\n")),
        ("two/more.yaml", BAD.to_owned()),
        ("a.yaml", BAD.to_owned()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let folder = Folder::new("several", &files);
    let report = folder.run(&["lint", "-f", "one", "two/stack.toml", "a.yaml", "--format", "json"]).ends(1);
    let places: Vec<_> = report.findings_of("api").iter().map(|finding| finding["place"]["file"].clone()).collect();
    assert_eq!(places, ["one/stack.toml", "two/more.yaml", "a.yaml"]);
    report.says(&["one/stack.toml on k3d and in two/stack.toml on k3d and in 1 object of a.yaml"]);
}

#[test]
fn the_versions_of_the_call_are_asked() {
    let sleeping = "[api.hello.stop]\nsleep = \"5s\"\n";
    let folder = Folder::of_stack("versions", &format!("{HELLO}{sleeping}"));
    folder.run(&["lint"]).ends(0);
    let told = folder.run(&["lint", "--kubernetes", "1.28..1.34"]).ends(1);
    told.prints(&["exists from Kubernetes 1.29 on", "(up to Kubernetes 1.28)"]);
    let refused = folder.run(&["render", "--kubernetes", "1.28"]).ends(2);
    refused.says(&[
        "exists from Kubernetes 1.29 on, and the cluster is 1.28",
        "say `--kubernetes 1.29`",
        "nothing was rendered",
    ]);
    folder.run(&["render", "--kubernetes", "1.31..1.34"]).ends(2).says(&["is not a version of Kubernetes"]);
    folder.run(&["render", "--kubernetes", "1.37"]).ends(0).prints(&["kind: Deployment"]);
}

#[test]
fn render_prints_what_is_refused_only_unchecked() {
    let folder = Folder::of_stack("unchecked", &format!("{HELLO}{MISSPELT}"));
    let refused =
        folder.run(&["render"]).ends(2).says(&["error[DEC-010]", "1 mistake in stack.toml; nothing was rendered"]);
    assert_eq!(refused.out, "");
    let printed = folder.run(&["render", "--unchecked"]).ends(0).prints(&["replicass: 3"]);
    printed.says(&["warning[DEC-010]", "an API server would refuse 1 field of these manifests"]);
    folder.write("stack.toml", format!("{HELLO}prot = 80\n"));
    folder.run(&["render", "--unchecked"]).ends(2).says(&["error[unknown-key]"]);
}

#[test]
fn secrets_are_not_needed_and_not_said() {
    let stack = "[stack]\nname = \"a\"\nprofiles = [\"cloud\"]\n[secret.db]\nsource = \"env\"\nenv = { password = \"DB_PASSWORD\" }\n[secret.pull]\nsource = \"env\"\ntype = \"kubernetes.io/dockerconfigjson\"\nenv = { \".dockerconfigjson\" = \"PULL\" }\n";
    let folder = Folder::of_stack("secrets", stack);
    let run = |subcommand| folder.call(&[subcommand]).with(|command| command.env_remove("DB_PASSWORD")).run();
    run("lint").ends(0);
    run("render").ends(2).says(&["the environment variable `DB_PASSWORD` is not set"]);
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {password: hunter2!}\n";
    for format in ["human", "json"] {
        let told = folder.run_on(secret, &["lint", "-", "--format", format]).ends(1);
        assert!(!told.out.contains("hunter2") && !told.err.contains("hunter2"), "{}", told.out);
    }
}

#[test]
fn what_render_prints_passes_lint() {
    let root = Folder::of_repository(".");
    for example in ["todo", "nginx-web", "slack-metrics"] {
        let stack = format!("examples/{example}/stack.toml");
        let rendered = root.run(&["-q", "render", "-p", "k3d", "-f", &stack]).ends(0);
        root.run_on(&rendered.out, &["lint", "-"]).ends(0);
        let json = root.run(&["-q", "render", "-p", "k3d", "-o", "json", "-f", &stack]).ends(0);
        root.run_on(&json.out, &["lint", "-"]).ends(0);
    }
}
