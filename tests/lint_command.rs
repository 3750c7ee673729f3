//! `lint` and what `render` refuses, as a shell sees them: exit codes, reports, profiles, files, secrets.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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

struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    #[track_caller]
    fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }

    /// The findings of this class.
    #[track_caller]
    fn findings_of(&self, class: &str) -> Vec<Value> {
        self.findings().into_iter().filter(|finding| finding["class"] == class).collect()
    }

    /// Every text is on stdout.
    #[track_caller]
    fn prints(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.out.contains(text), "`{text}` is not in:\n{}\nstderr: {}", self.out, self.err);
        }
        self
    }

    /// Every text is on stderr.
    #[track_caller]
    fn says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.err.contains(text), "`{text}` is not in:\n{}", self.err);
        }
        self
    }

    #[track_caller]
    fn findings(&self) -> Vec<Value> {
        let report: Value = serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out));
        report["findings"].as_array().unwrap().clone()
    }
}

/// A fresh folder with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lint").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    for (file, text) in files {
        fs::create_dir_all(path.join(file).parent().unwrap()).unwrap();
        fs::write(path.join(file), text).unwrap();
    }
    path
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stowplan"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for variable in ["STOWPLAN_PROFILE", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "DB_PASSWORD"] {
        command.env_remove(variable);
    }
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    finish(command(folder, arguments), "")
}

fn finish(mut command: Command, stdin: &str) -> Run {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    // A program that refuses its call reads no input.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

#[test]
fn a_stack_that_is_right_has_no_findings() {
    let folder = folder("right", &[("stack.toml", RIGHT)]);
    let run = run(&folder, &["lint", "--all-profiles"]).ends(0);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("", "nothing is wrong in stack.toml on k3d, cloud\n"));
}

#[test]
fn what_all_profiles_share_is_said_once_with_their_names() {
    let overlay = "[profile.cloud.patch.b]\non = \"Service/hello\"\nset = { spec.prots = [] }\n";
    let folder = folder("profiles", &[("stack.toml", &format!("{HELLO}{MISSPELT}{overlay}"))]);
    let report = run(&folder, &["lint", "--all-profiles", "--format", "json"]).ends(1);
    let seen: Vec<_> = report
        .findings_of("api")
        .iter()
        .map(|finding| (finding["field"].clone(), finding["profiles"].clone()))
        .collect();
    let expected = serde_json::json!([["spec.replicass", ["k3d", "cloud"]], ["spec.prots", ["cloud"]]]);
    assert_eq!(serde_json::to_value(seen).unwrap(), expected);
    let told = run(&folder, &["lint", "--all-profiles"]).ends(1);
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
        assert_eq!(run(&folder, arguments).ends(1).findings_of("api").len(), count, "{arguments:?}");
    }
    let mut named = command(&folder, &["lint", "--format=json"]);
    named.env("STOWPLAN_PROFILE", "cloud");
    assert_eq!(finish(named, "").ends(1).findings_of("api").len(), 2);
}

#[test]
fn mistakes_in_the_stack_are_findings() {
    let folder = folder(
        "stack",
        &[("stack.toml", "[stack]\nprofiles = [\"k3d\", \"cluod\", \"cloud\"]\n[api.web]\nimage = 3\nprot = 80\n")],
    );
    let report = run(&folder, &["lint", "--all-profiles", "--format=json"]).ends(1);
    let rules: Vec<_> = report.findings().iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect();
    assert_eq!(rules.iter().filter(|rule| *rule == "unknown-profile").count(), 1, "{rules:?}");
    assert!(rules.iter().any(|rule| rule == "unknown-key"), "{rules:?}");
    for finding in report.findings() {
        assert_eq!((&finding["class"], &finding["place"]["file"]), (&"stack".into(), &"stack.toml".into()));
        assert!(finding["object"].is_null() && finding["field"].is_null());
    }
    fs::write(folder.join("stack.toml"), "[api.web\nimage = nginx\n").unwrap();
    run(&folder, &["lint", "--all-profiles"]).ends(1).prints(&["error[", "stack.toml:1:"]);
}

#[test]
fn the_exit_code_follows_the_level() {
    let folder = folder(
        "levels",
        &[("warning.yaml", &format!("{GOOD}---\n{}", BAD.replace("Bad", "good, labels: {on: x}"))), ("bad.yaml", BAD)],
    );
    for (file, level, code) in [
        ("warning.yaml", "error", 0),
        ("warning.yaml", "warning", 1),
        ("warning.yaml", "info", 1),
        ("bad.yaml", "error", 1),
    ] {
        run(&folder, &["lint", file, "--fail-on", level]).ends(code);
    }
    run(&folder, &["lint", "warning.yaml", "--fail-on", "never"]).ends(2).says(&["error", "warning", "info"]);
    fs::write(folder.join("custom.yaml"), "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n").unwrap();
    run(&folder, &["lint", "custom.yaml", "--fail-on", "warning"]).ends(0);
    run(&folder, &["lint", "custom.yaml", "--fail-on", "info"]).ends(1).says(&["1 remark in 1 object of custom.yaml"]);
}

#[test]
fn quiet_leaves_errors_alone() {
    let text = format!("{BAD}---\n{}", BAD.replace("Bad", "good, labels: {on: x}"));
    let folder = folder("quiet", &[("a.yaml", &text)]);
    let run = run(&folder, &["-q", "lint", "a.yaml"]).ends(1);
    assert_eq!((run.err.as_str(), run.out.matches("error[").count(), run.out.matches("warning[").count()), ("", 1, 0));
}

#[test]
fn files_folders_and_stdin_are_read() {
    let folder = folder(
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
    let told = run(&folder, &["lint", "manifests"]).ends(1);
    told.prints(&["--> manifests/deep/b.yml:3:18", "--> manifests/deep/c.json:1:"])
        .says(&["2 errors in 3 objects of 3 files, for Kubernetes 1.34\n"]);
    run(&folder, &["lint", "manifests/a.yaml"])
        .ends(0)
        .says(&["nothing is wrong in 1 object of manifests/a.yaml, for Kubernetes 1.34\n"]);
    let piped = finish(command(&folder, &["lint", "-", "--kubernetes", "1.31..1.37"]), BAD).ends(1);
    piped.prints(&["--> <stdin>:3:18", "metadata.name of ConfigMap `Bad`"]).says(&["for Kubernetes 1.31..1.37"]);
    let empty = finish(command(&folder, &["lint", "-", "--fail-on=warning"]), "").ends(1);
    empty.prints(&["`<stdin>` holds no object"]);
}

#[test]
fn what_cannot_be_read_does_not_hide_the_rest() {
    let folder = folder("unreadable", &[("bad.yaml", BAD), ("empty/notes.txt", "")]);
    fs::write(folder.join("bytes.yaml"), b"a: \xff\n").unwrap();
    fs::File::create(folder.join("big.yaml")).unwrap().set_len(100 << 20).unwrap();
    let told =
        run(&folder, &["lint", "none.yaml", "bytes.yaml", "big.yaml", "empty", "bad.yaml", "-f", "none.toml"]).ends(2);
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
        folder("call", &[("a.yaml", GOOD), ("stack.toml", "[stack]\nname = \"a\"\n"), ("apps/stack.toml", HELLO)]);
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
        let told = run(&folder, arguments).ends(2).says(&[text]);
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
    let folder = folder("several", &files);
    let report = run(&folder, &["lint", "-f", "one", "two/stack.toml", "a.yaml", "--format", "json"]).ends(1);
    let places: Vec<_> = report.findings_of("api").iter().map(|finding| finding["place"]["file"].clone()).collect();
    assert_eq!(places, ["one/stack.toml", "two/more.yaml", "a.yaml"]);
    report.says(&["one/stack.toml on k3d and in two/stack.toml on k3d and in 1 object of a.yaml"]);
}

#[test]
fn the_versions_of_the_call_are_asked() {
    let sleeping = "[api.hello.stop]\nsleep = \"5s\"\n";
    let folder = folder("versions", &[("stack.toml", &format!("{HELLO}{sleeping}"))]);
    run(&folder, &["lint"]).ends(0);
    let told = run(&folder, &["lint", "--kubernetes", "1.28..1.34"]).ends(1);
    told.prints(&["exists from Kubernetes 1.29 on", "(up to Kubernetes 1.28)"]);
    let refused = run(&folder, &["render", "--kubernetes", "1.28"]).ends(2);
    refused.says(&[
        "exists from Kubernetes 1.29 on, and the cluster is 1.28",
        "say `--kubernetes 1.29`",
        "nothing was rendered",
    ]);
    run(&folder, &["render", "--kubernetes", "1.31..1.34"]).ends(2).says(&["is not a version of Kubernetes"]);
    run(&folder, &["render", "--kubernetes", "1.37"]).ends(0).prints(&["kind: Deployment"]);
}

#[test]
fn render_prints_what_is_refused_only_unchecked() {
    let folder = folder("unchecked", &[("stack.toml", &format!("{HELLO}{MISSPELT}"))]);
    let refused =
        run(&folder, &["render"]).ends(2).says(&["error[DEC-010]", "1 mistake in stack.toml; nothing was rendered"]);
    assert_eq!(refused.out, "");
    let printed = run(&folder, &["render", "--unchecked"]).ends(0).prints(&["replicass: 3"]);
    printed.says(&["warning[DEC-010]", "an API server would refuse 1 field of these manifests"]);
    fs::write(folder.join("stack.toml"), format!("{HELLO}prot = 80\n")).unwrap();
    run(&folder, &["render", "--unchecked"]).ends(2).says(&["error[unknown-key]"]);
}

#[test]
fn secrets_are_not_needed_and_not_said() {
    let stack = "[stack]\nname = \"a\"\nprofiles = [\"cloud\"]\n[secret.db]\nsource = \"env\"\nenv = { password = \"DB_PASSWORD\" }\n[secret.pull]\nsource = \"env\"\ntype = \"kubernetes.io/dockerconfigjson\"\nenv = { \".dockerconfigjson\" = \"PULL\" }\n";
    let folder = folder("secrets", &[("stack.toml", stack)]);
    run(&folder, &["lint"]).ends(0);
    run(&folder, &["render"]).ends(2).says(&["the environment variable `DB_PASSWORD` is not set"]);
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {password: hunter2!}\n";
    for format in ["human", "json"] {
        let told = finish(command(&folder, &["lint", "-", "--format", format]), secret).ends(1);
        assert!(!told.out.contains("hunter2") && !told.err.contains("hunter2"), "{}", told.out);
    }
}

#[test]
fn what_render_prints_passes_lint() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for example in ["todo", "nginx-web", "slack-metrics"] {
        let stack = root.join("examples").join(example).join("stack.toml");
        let rendered = run(root, &["-q", "render", "-p", "k3d", "-f", stack.to_str().unwrap()]).ends(0);
        finish(command(root, &["lint", "-"]), &rendered.out).ends(0);
        let json = run(root, &["-q", "render", "-p", "k3d", "-o", "json", "-f", stack.to_str().unwrap()]).ends(0);
        finish(command(root, &["lint", "-"]), &json.out).ends(0);
    }
}
