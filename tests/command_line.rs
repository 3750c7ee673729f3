//! Calls that a new user makes, and slips of them, as a shell sees them.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const HELLO: &str = "[stack]\nname = \"hello\"\nprofiles = [\"k3d\", \"cloud\"]\n\n[api.hello]\nimage = \"kicbase/echo-server:1.0\"\nport = 8080\n";

/// A key that is misspelt.
const MISSPELT: &str = "replcas = 2\n";

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
            assert!(self.err.contains(text), "`{text}` is not in:\n{}\nstdout: {}", self.err, self.out);
        }
        self
    }

    /// No text is on stdout or stderr.
    #[track_caller]
    fn never(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(
                !self.out.contains(text) && !self.err.contains(text),
                "`{text}` is in:\n{}\nstderr: {}",
                self.out,
                self.err
            );
        }
        self
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

/// A fresh folder with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("command_line").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    for (file, text) in files {
        fs::create_dir_all(path.join(file).parent().unwrap()).unwrap();
        fs::write(path.join(file), text).unwrap();
    }
    path
}

fn stack(name: &str, text: &str) -> PathBuf {
    folder(name, &[("stack.toml", text)])
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    run_with(folder, arguments, "", &[])
}

fn run_with(folder: &Path, arguments: &[&str], stdin: &str, variables: &[(&str, &str)]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stowplan"));
    command.args(arguments).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for variable in ["STOWPLAN_PROFILE", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command.envs(variables.iter().copied());
    let mut child = command.spawn().unwrap();
    // A program that refuses its call reads no input.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

#[test]
fn a_stack_with_mistakes_fails_the_test_of_its_first_profile() {
    let folder = stack("junit", &format!("{HELLO}{MISSPELT}"));
    let told = run(&folder, &["lint", "--format", "junit"]).ends(1);
    told.prints(&["tests=\"1\" failures=\"1\" errors=\"0\"", "testcase name=\"k3d\""])
        .says(&["\n1 error in stack.toml on k3d\n"]);
    run(&folder, &["lint", "--fix", "--diff"])
        .ends(1)
        .says(&["then: nothing is wrong in stack.toml on k3d\n"])
        .never(&["in \n"]);
    // What is no TOML has no profile, and is a failure all the same.
    fs::write(folder.join("stack.toml"), "[api.web\n").unwrap();
    let told = run(&folder, &["lint", "--format", "junit"]).ends(1);
    told.prints(&["tests=\"1\" failures=\"1\" errors=\"0\"", "testcase name=\"stack.toml\""])
        .says(&["\n1 error in stack.toml\n"]);
}

#[test]
fn nothing_is_said_of_a_profile_that_is_not_there() {
    let folder = stack("typo", HELLO);
    run(&folder, &["lint", "-p", "clodu"])
        .ends(2)
        .says(&["there is no profile `clodu`", "did you mean `cloud`?"])
        .never(&["nothing is wrong", "on clodu"]);
    run(&folder, &["lint", "-p", "clodu", "--fix", "--diff"]).ends(2).never(&["then:", "on clodu"]);
    fs::write(folder.join("stack.toml"), format!("{HELLO}{MISSPELT}")).unwrap();
    let told = run(&folder, &["lint", "-p", "k3d,clodu", "--format", "json"]).ends(2);
    let report = told.json();
    let misspelt = &report["findings"][0];
    assert_eq!((&misspelt["rule"], &misspelt["profiles"]), (&"unknown-key".into(), &serde_json::json!(["k3d"])));
    told.says(&["1 error in stack.toml on k3d\n"]);
    let told = run(&folder, &["lint", "-p", "k3d,clodu", "--format", "junit"]).ends(2);
    told.prints(&["testcase name=\"k3d\"", "testcase name=\"unknown-profile\""]).never(&["testcase name=\"clodu\""]);
}

#[test]
fn what_makes_a_quiet_lint_fail_is_said() {
    let folder = stack("quiet", HELLO);
    let quiet = run(&folder, &["lint", "-q", "-p", "cloud"]).ends(0);
    assert_eq!((quiet.out.as_str(), quiet.err.as_str()), ("", ""));
    let told = run(&folder, &["lint", "-q", "-p", "cloud", "--fail-on", "warning"]).ends(1);
    let told = told.prints(&["warning["]).never(&["info["]);
    assert_eq!(told.err, "");
    run(&folder, &["lint", "-q", "-p", "cloud", "--fail-on", "info"]).ends(1).prints(&["warning[", "info["]);
}

#[test]
fn what_could_not_be_read_is_in_every_report() {
    let folder = stack("unread", HELLO);
    let lint = |format| run(&folder, &["lint", "nope.yaml", "--format", format]).ends(2);
    let title = "there is no file or folder `nope.yaml`";
    let json = lint("json").json();
    assert_eq!(json["findings"], serde_json::json!([]));
    assert_eq!((&json["errors"][0]["code"], &json["errors"][0]["message"]), (&"missing-file".into(), &title.into()));
    let gitlab = lint("gitlab").json();
    assert_eq!((&gitlab[0]["check_name"], &gitlab[0]["severity"]), (&"missing-file".into(), &"blocker".into()));
    assert!(gitlab[0]["description"].as_str().unwrap().starts_with(title), "{gitlab}");
    assert_eq!(gitlab[0]["location"], serde_json::json!({"path": ".", "lines": {"begin": 1, "end": 1}}));
    assert_eq!(gitlab[0]["fingerprint"].as_str().unwrap().len(), 32);
    lint("github").prints(&["::error title=missing-file::there is no file or folder `nope.yaml`%0Ahelp: "]);
    lint("sarif").prints(&["\"executionSuccessful\": false"]);
    let clean = run(&folder, &["lint", "--format", "json"]).ends(0).json();
    assert_eq!(clean, serde_json::json!({"findings": []}));
}

/// What `kubectl get` says of an object that is not there, where stderr goes into the same pipe.
const NOT_FOUND: &str = "Error from server (NotFound): deployments.apps \"x\" not found\n";

#[test]
fn what_is_no_object_is_not_compared_with() {
    let folder = stack("no-object", HELLO);
    for (stdin, text) in [
        (NOT_FOUND, "this is no object: it has no `apiVersion`"),
        ("a: b\n", "this is no object"),
        ("", "`<stdin>` holds no object"),
        ("# nothing\n", "`<stdin>` holds no object"),
    ] {
        let told = run_with(&folder, &["diff", "-p", "k3d", "--against", "-"], stdin, &[]).ends(2);
        let told = told.says(&[text, "nothing was compared"]);
        assert_eq!(told.out, "", "{stdin}");
    }
    fs::write(folder.join("empty.yaml"), "").unwrap();
    run(&folder, &["diff", "-p", "k3d", "--against", "empty.yaml"]).ends(2).says(&["`empty.yaml` holds no object"]);
    // A namespace that has nothing gives a list of nothing.
    let list = "apiVersion: v1\nitems: []\nkind: List\n";
    run_with(&folder, &["diff", "-p", "k3d", "--against", "-"], list, &[]).ends(1).prints(&["+ Deployment/hello"]);
}

#[test]
fn stdin_is_read_once() {
    let folder = stack("stdin", HELLO);
    let told = run_with(&folder, &["diff", "-f", "-", "-p", "k3d", "--against", "-"], HELLO, &[]).ends(2);
    told.says(&["stdin is named more than once, and can be read once only", "keep one `-`"]);
}

#[test]
fn profiles_that_are_compared_are_named_without_an_option() {
    let folder = stack("two-profiles", HELLO);
    let plain = run(&folder, &["diff", "k3d", "cloud"]).ends(1);
    assert_eq!(run(&folder, &["diff", "k3d,cloud"]).ends(1).out, plain.out);
    for arguments in
        [&["diff", "-p", "k3d,cloud"][..], &["diff", "-p", "k3d", "cloud"], &["diff", "-p", "k3d", "-p", "cloud"]]
    {
        run(&folder, arguments).ends(2).says(&["write `stowplan diff k3d cloud`"]);
    }
    run(&folder, &["diff", "-p", "k3d"]).ends(2).says(&["nothing to compare `k3d` with"]);
    run(&folder, &["diff", "-p", "k3d,cloud", "--since", "HEAD"]).ends(2).says(&["2 profiles are named", "`-p k3d`"]);
    run(&folder, &["diff", "cloud", "-p", "k3d", "--since", "HEAD"]).ends(2).says(&["2 profiles are named"]);
    let matrix = run(&folder, &["diff", "--all", "-p", "k3d,eks"]).ends(1);
    assert!(
        matrix.out.lines().next().is_some_and(|line| line.contains("k3d") && line.contains("eks")),
        "{}",
        matrix.out
    );
}

#[test]
fn a_summary_tells_objects_apart() {
    let text = format!("{HELLO}[job.once]\nimage = \"acme/once:1\"\n").replacen(
        "profiles",
        "namespace = \"one\"\nprofiles",
        1,
    );
    let folder = stack("summary", &text);
    let old = run(&folder, &["render", "-p", "k3d"]).ends(0).out;
    fs::write(folder.join("old.yaml"), &old).unwrap();
    let moved = text.replace("namespace = \"one\"", "namespace = \"two\"");
    fs::write(folder.join("stack.toml"), moved).unwrap();
    run(&folder, &["diff", "-p", "k3d", "--against", "old.yaml", "--summary"]).ends(1).prints(&[
        "+ Deployment/hello in two  added\n",
        "- Deployment/hello in one  only in old.yaml\n",
        "+ Namespace/two            added\n",
    ]);
    // The name of a Job that ends in another hash is no difference of its own.
    fs::write(folder.join("stack.toml"), text.replace("once:1", "once:2")).unwrap();
    let told = run(&folder, &["diff", "-p", "k3d", "--against", "old.yaml", "--summary"]).ends(1);
    assert!(told.out.starts_with("~ Job/once-") && told.out.ends_with("  1 field\n"), "{}", told.out);
}

#[test]
fn what_a_cluster_refuses_keeps_its_commands_in_markdown() {
    let database = format!("{HELLO}[db.pg]\nengine = \"postgres\"\nstorage = \"5Gi\"\n");
    let folder = stack("risk", &database);
    let old = run(&folder, &["render", "-p", "k3d"]).ends(0).out;
    fs::write(folder.join("old.yaml"), old).unwrap();
    fs::write(folder.join("stack.toml"), database.replace("5Gi", "9Gi")).unwrap();
    let call = |format| ["diff", "-p", "k3d", "--against", "old.yaml", "--risk", "--format", format];
    run(&folder, &call("github")).ends(1).prints(&[
        "> **refused**: the claim templates of statefulset/pg cannot change; run `kubectl delete statefulset/pg --cascade=orphan` and apply",
    ]);
    run(&folder, &call("human")).ends(1).prints(&["! refused: the claim templates of statefulset/pg cannot change"]);
    run(&folder, &call("unified")).ends(2).says(&["the format `unified` has no place for risks", "`human`"]);
}

#[test]
fn a_variable_that_nothing_reads_is_no_way_to_set_another() {
    let text = format!("{}\n[vars]\ntag = \"1\"\n", HELLO.replace("server:1.0", "server:{{ vars.tag }}"));
    let folder = stack("variables", &text);
    run(&folder, &["render", "--set", "vars.tag=2"]).ends(0).prints(&["image: kicbase/echo-server:2\n"]);
    let told = run(&folder, &["render", "--set", "vars.tga=2"]).ends(2);
    let told = told.says(&[
        "error[unknown-variable]: nothing reads `vars.tga`, and no `[vars]` declares it",
        "did you mean `vars.tag`?",
    ]);
    assert_eq!(told.out, "");
    run(&folder, &["lint", "--set", "vars.tga=2"]).ends(2).says(&["nothing reads `vars.tga`"]);
    // An overlay slips as easily, and there it can be mended.
    let overlay = "release = \"1\"\n[profile.cloud.vars]\nrelaese = \"2\"\n";
    fs::write(folder.join("stack.toml"), format!("{text}{overlay}")).unwrap();
    run(&folder, &["lint", "-p", "k3d"]).ends(0);
    run(&folder, &["lint", "-p", "cloud"]).ends(1).prints(&["nothing reads `vars.relaese`"]);
    run(&folder, &["lint", "-p", "cloud", "--fix", "--diff"]).prints(&["-relaese = \"2\"", "+release = \"2\""]);
    run(&folder, &["why", "deploy/hello", "spec.replicas", "-p", "cloud"]).ends(0);
}

#[test]
fn a_variable_may_be_declared_by_whatever_reads_it() {
    let template = "[config.c]\ntemplate = true\nfiles = { \"c.conf\" = \"c.conf\" }\n[manifest.m]\ntemplate = true\nyaml = '''\n{% if vars.name %}\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: two }\n{% endif %}\n'''\n";
    let text = format!("{}{template}", HELLO.replace("server:1.0", "server:{{ vars.my-tag }}"));
    let folder = folder("variables-read", &[("stack.toml", &text), ("c.conf", "listen {{ vars['port'] }};\n")]);
    let set = ["--set", "vars.my-tag=7", "--set", "vars.port=80", "--set", "vars.name=yes"];
    let told = run(&folder, &[&["render"][..], &set].concat()).ends(0);
    told.prints(&["echo-server:7\n", "listen 80;", "name: two\n"]);
    // A value may read another one.
    let set = [&set[..2], &["--set", "vars.port={{ vars.gate }}", "--set", "vars.gate=81"], &set[4..]].concat();
    run(&folder, &[&["render"][..], &set].concat()).ends(0).prints(&["listen 81;"]);
    run(&folder, &[&["render"][..], &set, &["--set", "vars.gatee=1"]].concat())
        .ends(2)
        .says(&["did you mean `vars.gate`?"]);
    // Whoever makes the names of variables may read any.
    fs::write(folder.join("c.conf"), "{% for name in vars %}{{ vars[name] }}\n{% endfor %}").unwrap();
    run(&folder, &[&["render"][..], &set, &["--set", "vars.anything=1"]].concat()).ends(0);
}

#[test]
fn what_is_printed_in_brackets_can_be_explained() {
    let folder = folder("explain", &[]);
    let explain = |word: &str| run(&folder, &["explain", word]);
    for code in ["DEC-001", "DEC-002", "DEC-003", "DEC-010", "DEC-012", "REQ-001", "POD-018"] {
        explain(code).ends(0).prints(&[code, "refuses what breaks this rule"]);
    }
    explain("dec-010").ends(0).prints(&["An object has no other fields than its kind has"]);
    explain("POD").ends(0).prints(&["POD-001", "POD-018"]).never(&["DEP-001"]);
    for code in ["bad-value", "unknown-reference", "deleted-namespace", "immutable-claim-templates"] {
        explain(code).ends(0).prints(&[code]).never(&["did you mean `value`"]);
    }
    for (word, help) in [
        ("rule", "did you mean `rules`?"),
        ("floating", "did you mean `floating-image-tag`?"),
        ("floating-tag", "`floating-image-tag`"),
        ("gke", "type `stowplan profiles show gke`"),
        ("Deployment", "type `stowplan explain api` or `stowplan explain worker`"),
        ("deployment", "type `stowplan explain api`"),
    ] {
        explain(word).ends(2).says(&[help]);
    }
    run(&folder, &["explain", "rules", "floating-image-tag"]).ends(0).prints(&["floating-image-tag  ("]);
    for (_, tables) in [
        ("Pod", ["api", "worker"]),
        ("StatefulSet", ["db", "api.kind"]),
        ("x", ["worker.kind", "api.service"]),
        ("x", ["cluster.expose", "api.pdb"]),
    ] {
        tables.iter().for_each(|table| drop(explain(table).ends(0)));
    }
}

#[test]
fn a_command_that_takes_one_profile_says_so() {
    let folder = stack("one-profile", HELLO);
    for (arguments, subcommand) in [
        (&["render", "-p", "k3d,cloud"][..], "render"),
        (&["why", "hello", "-p", "k3d,cloud"], "why"),
        (&["cluster", "-p", "k3d,cloud"], "cluster"),
    ] {
        let told = run(&folder, arguments).ends(2);
        told.says(&[
            &format!("`stowplan {subcommand}` takes one profile, and `k3d,cloud` names several"),
            &format!("name one, as in `stowplan {subcommand} -p k3d`"),
        ])
        .never(&["profiles/k3d,cloud.toml"]);
    }
    let lint = run_with(&folder, &["lint"], "", &[("STOWPLAN_PROFILE", "k3d,cloud")]);
    lint.ends(0).says(&["in stack.toml on k3d, cloud\n"]);
}

#[test]
fn a_slip_in_the_file_of_a_profile_is_told_alone() {
    let text = format!("{HELLO}[ingress.hello]\nroutes = {{ \"/\" = \"hello\" }}\n");
    let files = [("stack.toml", text.as_str()), ("profiles/mine.toml", "extnds = \"cloud\"\n")];
    let folder = folder("profile-file", &files);
    run(&folder, &["render", "-p", "mine"])
        .ends(2)
        .says(&[
            "`extnds` is not a key of a profile's file",
            "did you mean `extends`?",
            "1 mistake; nothing was rendered",
        ])
        .never(&["missing-domain", "undeclared-profile"]);
    fs::write(folder.join("profiles/mine.toml"), "extends = \"cloud\"\nreplcas = 2\n").unwrap();
    run(&folder, &["render", "-p", "mine"]).ends(2).says(&["`replcas` is not a key of a profile's file"]);
}

#[test]
fn a_key_in_a_patch_is_mended_as_in_yaml() {
    let patch = "[patch.a]\non = \"Deployment/hello\"\nset.spec.replicsa = 3\n";
    let folder = stack("patch", &format!("{}replicas = 2\n{patch}", HELLO));
    run(&folder, &["lint", "--fix", "--diff"])
        .ends(1)
        .prints(&["-set.spec.replicsa = 3", "+set.spec.replicas = 3"])
        .says(&["1 mistake would be mended in stack.toml"]);
    // Where the right one stands beside it nobody knows which is meant.
    fs::write(folder.join("stack.toml"), format!("{HELLO}{patch}set.spec.replicas = 4\n")).unwrap();
    let told = run(&folder, &["lint", "--fix", "--diff"]).ends(1).says(&["nothing with one right answer was found"]);
    assert_eq!(told.out, "");
    let yaml = "[patch.a]\non = \"Deployment/hello\"\nyaml = '''\nspec:\n  replicsa: 3\n  replicas: 4\n'''\n";
    fs::write(folder.join("stack.toml"), format!("{HELLO}{yaml}")).unwrap();
    run(&folder, &["lint", "--fix", "--diff"]).ends(1).says(&["nothing with one right answer was found"]);
    fs::write(folder.join("stack.toml"), format!("{HELLO}{}", yaml.replace("  replicas: 4\n", ""))).unwrap();
    run(&folder, &["lint", "--fix", "--diff"]).ends(1).prints(&["-  replicsa: 3", "+  replicas: 3"]);
}

#[test]
fn a_version_is_mended_whatever_else_is_wrong_with_the_object() {
    let text = "apiVersion: autoscaling/v2beta2\nkind: HorizontalPodAutoscaler\nmetadata: { name: web }\nspec:\n  maxReplicas: \"3\"\n  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }\n";
    let folder = folder("version", &[("hpa.yaml", text)]);
    run(&folder, &["lint", "hpa.yaml"]).ends(1).prints(&["error[DEC-012]", "error[DEC-003]"]);
    run(&folder, &["lint", "--fix", "hpa.yaml"]).says(&["2 mistakes mended in hpa.yaml"]);
    let mended = fs::read_to_string(folder.join("hpa.yaml")).unwrap();
    assert_eq!(mended, text.replace("v2beta2", "v2").replace("\"3\"", "3"));
}

#[test]
fn the_choice_of_colors_holds_for_help_and_wrong_calls() {
    let folder = folder("color", &[]);
    let escape = "\u{1b}[";
    for arguments in [
        &["--color", "never", "rendr"][..],
        &["--color=never", "lint", "--help"],
        &["lint", "--nope", "--color", "never"],
    ] {
        let told = run_with(&folder, arguments, "", &[("CLICOLOR_FORCE", "1")]);
        assert!(!told.out.contains(escape) && !told.err.contains(escape), "{arguments:?}\n{}{}", told.out, told.err);
    }
    run(&folder, &["--color", "always", "--help"]).ends(0).prints(&[escape]);
    run(&folder, &["rendr", "--color=always"]).ends(2).says(&[escape]);
    run(&folder, &["lint", "--help"]).ends(0).never(&[escape]);
    // Behind `--` it is a word like any other, and a wrong one changes nothing.
    run(&folder, &["rendr", "--", "--color=always"]).ends(2).never(&[escape]);
    run(&folder, &["lint", "--color=pink"]).ends(2).never(&[escape]);
}

#[test]
fn help_is_wrapped_at_the_width_of_the_terminal_alone() {
    let folder = folder("help", &[]);
    let commands = [
        "render",
        "lint",
        "diff",
        "why",
        "snapshot",
        "graph",
        "cluster",
        "init",
        "profiles",
        "explain",
        "schema",
        "completions",
        "man",
    ];
    for arguments in commands.iter().map(|command| vec![*command, "--help"]).chain([vec!["--help"]]) {
        let help = run_with(&folder, &arguments, "", &[("COLUMNS", "80")]).ends(0).out;
        let below = help.split("Print help").nth(1).unwrap();
        let (prose, examples) = below.split_once("Example").unwrap_or((below, ""));
        for line in examples.lines().skip(1) {
            let words = ["  stowplan ", "  helm ", "  kubectl "];
            assert!(words.iter().any(|word| line.starts_with(word)), "{arguments:?}: an example is broken: {line}");
        }
        for lines in prose.lines().skip(1).collect::<Vec<_>>().windows(2) {
            let [line, next] = lines else { unreachable!() };
            let first = next.split(' ').next().unwrap_or_default();
            let is_full = line.len() + 1 + first.len() > 80;
            let is_end = line.is_empty() || next.is_empty() || next.starts_with(' ') || line.ends_with(['.', ':']);
            assert!(is_full || is_end, "{arguments:?}: a line is broken early: {line}");
        }
    }
}

#[test]
fn a_manual_page_keeps_the_lines_of_its_examples() {
    let folder = folder("man", &[]);
    let page = run(&folder, &["man", "lint"]).ends(0);
    let page = page.prints(&[
        ".SH EXAMPLES\n.nf\nstowplan lint ",
        "\n.fi\n",
        ".SH \"EXIT STATUS\"\n0 fine, 1",
        "[OPTIONS] [FILE]...\n",
        "What stands on stdout is the report",
    ]);
    let page = page.never(&[".SH EXTRA", ".SH VERSION"]);
    assert_eq!(page.out.matches("Examples:").count(), 0);
    run(&folder, &["man"]).ends(0).prints(&[".SH EXAMPLES\n.nf\nstowplan init", ".SH SUBCOMMANDS"]);
    run(&folder, &["man", "profiles", "show"]).ends(0).prints(&["stowplan\\-profiles\\-show"]);
    run(&folder, &["man", "profiles", "shwo"]).ends(2).says(&["did you mean `show`?"]);
    run(&folder, &["man", "lint", "x"]).ends(2).says(&["`lint` has no commands of its own"]);
}

#[test]
fn what_is_piped_is_never_cut() {
    let text = format!("{HELLO}env.LONG = \"{}\"\n", "long".repeat(40)).replacen(
        "profiles",
        "namespace = \"shop\"\nprofiles",
        1,
    );
    let folder = stack("piped", &text);
    let page = run(&folder, &["why", "ns/shop"]).ends(0);
    page.prints(&["the strictest Pod Security level that every Pod of the stack meets is enforced"]).never(&["…"]);
    run(&folder, &["why", "deploy/hello"]).ends(0).prints(&[&"long".repeat(40)]).never(&["…"]);
    let matrix = run(&folder, &["diff", "--all", "k3d", "minikube", "cloud", "eks", "gke", "aks"]).ends(1);
    for line in matrix.out.lines() {
        assert!(!line.ends_with('.'), "a field is broken: {line}");
    }
}

#[test]
fn what_is_typed_by_habit_is_answered_by_the_right_call() {
    let folder = stack("habits", HELLO);
    for (arguments, help) in [
        (&["help"][..], "type `stowplan --help`"),
        (&["help", "diff"], "type `stowplan --help`"),
        (&["version"], "type `stowplan --version`"),
        (&["check"], "type `stowplan lint --all-profiles`"),
        (&["rules"], "type `stowplan explain rules`"),
        (&["ls"], "type `stowplan profiles`"),
        (&["profiles", "gke"], "type `stowplan profiles show gke`"),
        (&["profiles", "clodu"], "type `stowplan profiles show cloud`"),
        (&["render", "--format", "json"], "`-o json`"),
        (&["render", "-o", "out.yaml"], "stowplan render > manifests.yaml"),
        (&["render", "--all-profiles"], "`stowplan snapshot` writes the manifests of every profile"),
        (&["graph", "--all-profiles"], "stowplan graph --format html -p k3d,cloud"),
        (&["init", "--db"], "stowplan init --with db"),
        (&["init", "shop", "db"], "stowplan init --with db"),
        (&["init", "--name", "shop"], "stowplan init shop"),
        (&["lint", "k3d"], "name the profile with `-p k3d`"),
        (&["diff", "--all", "k3d"], "the call names one profile"),
        (&["diff", "-p", "k3d", "--against", "stack.toml"], "`stack.toml` is TOML, and `--against` takes YAML"),
    ] {
        run(&folder, arguments).ends(2).says(&[help]).never(&["similar", "tip:"]);
    }
}

#[test]
fn why_takes_the_names_that_the_stack_has() {
    let text = format!("{HELLO}[job.migrate]\nimage = \"acme/once:1\"\n");
    let folder = stack("why", &text);
    let plain = run(&folder, &["why", "hello"]).ends(0).out;
    for name in ["api.hello", "api/hello", "api.\"hello\""] {
        assert_eq!(run(&folder, &["why", name]).ends(0).out, plain, "{name}");
    }
    run(&folder, &["why", "job.migrate"]).ends(0).prints(&["Job/migrate ("]);
    run(&folder, &["why", "ingress.hello"]).ends(2).says(&["the stack makes no Ingress"]);
    run(&folder, &["why", "api.helo"]).ends(2).says(&["did you mean `hello`?"]);
    run(&folder, &["why", "job/other"]).ends(2).says(&["there is only `Job/migrate`"]);
    run(&folder, &["why", "job/migrate-fc2d0be8"])
        .ends(2)
        .says(&["leave the hash out, which is another one on each profile: `job/migrate`"]);
    fs::write(folder.join("stack.toml"), text.replace("profiles = [\"k3d\", \"cloud\"]\n", "")).unwrap();
    run(&folder, &["why", "hello"]).ends(2).says(&["name one: `stowplan why hello -p k3d`"]);
}

#[test]
fn a_folder_without_git_is_no_revision_that_is_missing() {
    // Below the repository of this project every folder is in one.
    let folder = std::env::temp_dir().join(format!("stowplan-no-git-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("stack.toml"), HELLO).unwrap();
    let told = run(&folder, &["diff", "--since", "HEAD~1"]);
    let init = Command::new("git").args(["init", "-q"]).arg(&folder).status().unwrap();
    let empty = run(&folder, &["diff", "--since", "HEAD"]);
    fs::remove_dir_all(&folder).unwrap();
    told.ends(2).says(&["the folder of the stack is in no git repository"]);
    assert!(init.success());
    empty.ends(2).says(&["has no commit yet", "--since HEAD"]);
}

#[test]
fn what_is_no_text_is_not_shown() {
    let folder = stack("binary", HELLO);
    fs::write(folder.join("a.yaml"), b"\x7fELF\x02\x01\x00\x00\xff\xfe\x00").unwrap();
    run(&folder, &["lint", "a.yaml"]).ends(2).says(&["`a.yaml` is no text", "check that this is the right file"]);
}

#[test]
fn every_command_says_at_its_end_what_was_not_done() {
    let folder = stack("end", &format!("{HELLO}{MISSPELT}"));
    run(&folder, &["snapshot"]).ends(2).says(&["\nerror: 1 mistake in stack.toml; nothing was written\n"]);
    run(&folder, &["snapshot", "--check"]).ends(2).says(&["\nerror: 1 mistake in stack.toml; nothing was compared\n"]);
}

#[test]
fn a_profile_from_the_environment_is_said_to_be_from_there() {
    let folder = stack("environment", HELLO);
    let note = "the environment variable STOWPLAN_PROFILE names it";
    for command in ["render", "lint"] {
        let told = run_with(&folder, &[command], "", &[("STOWPLAN_PROFILE", "clodu")]).ends(2);
        told.says(&["there is no profile `clodu`", note, "did you mean `cloud`?"]);
    }
    run(&folder, &["render", "-p", "clodu"]).ends(2).never(&[note]);
}

#[test]
fn a_key_that_would_stand_twice_is_not_proposed() {
    let folder = stack("twice", &format!("{HELLO}imge = \"acme/web:2\"\n"));
    run(&folder, &["lint"])
        .ends(1)
        .prints(&["did you mean `image`? It stands there already: remove one of the two"])
        .never(&["+ image"]);
}
