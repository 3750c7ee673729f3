//! Calls that a new user makes, and slips of them, as a shell sees them.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

#[path = "support/program.rs"]
mod program;

use program::Folder;

const HELLO: &str = "[stack]\nname = \"hello\"\nprofiles = [\"k3d\", \"cloud\"]\n\n[api.hello]\nimage = \"kicbase/echo-server:1.0\"\nport = 8080\n";

/// A key that is misspelt.
const MISSPELT: &str = "replcas = 2\n";

#[test]
fn a_stack_with_mistakes_fails_the_test_of_its_first_profile() {
    let folder = Folder::of_stack("junit", &format!("{HELLO}{MISSPELT}"));
    let told = folder.run(&["lint", "--format", "junit"]).ends(1);
    told.prints(&["tests=\"1\" failures=\"1\" errors=\"0\"", "testcase name=\"k3d\""])
        .says(&["\n1 error in stack.toml on k3d\n"]);
    folder
        .run(&["lint", "--fix", "--diff"])
        .ends(1)
        .says(&["then: nothing is wrong in stack.toml on k3d\n"])
        .never(&["in \n"]);
    // What is no TOML has no profile, and is a failure all the same.
    folder.write("stack.toml", "[api.web\n");
    let told = folder.run(&["lint", "--format", "junit"]).ends(1);
    told.prints(&["tests=\"1\" failures=\"1\" errors=\"0\"", "testcase name=\"stack.toml\""])
        .says(&["\n1 error in stack.toml\n"]);
}

#[test]
fn nothing_is_said_of_a_profile_that_is_not_there() {
    let folder = Folder::of_stack("typo", HELLO);
    folder
        .run(&["lint", "-p", "clodu"])
        .ends(2)
        .says(&["there is no profile `clodu`", "did you mean `cloud`?"])
        .never(&["nothing is wrong", "on clodu"]);
    folder.run(&["lint", "-p", "clodu", "--fix", "--diff"]).ends(2).never(&["then:", "on clodu"]);
    folder.write("stack.toml", format!("{HELLO}{MISSPELT}"));
    let told = folder.run(&["lint", "-p", "k3d,clodu", "--format", "json"]).ends(2);
    let report = told.json();
    let misspelt = &report["findings"][0];
    assert_eq!((&misspelt["rule"], &misspelt["profiles"]), (&"unknown-key".into(), &serde_json::json!(["k3d"])));
    told.says(&["1 error in stack.toml on k3d\n"]);
    let told = folder.run(&["lint", "-p", "k3d,clodu", "--format", "junit"]).ends(2);
    told.prints(&["testcase name=\"k3d\"", "testcase name=\"unknown-profile\""]).never(&["testcase name=\"clodu\""]);
}

#[test]
fn what_makes_a_quiet_lint_fail_is_said() {
    let folder = Folder::of_stack("quiet", HELLO);
    folder.run(&["lint", "-q", "-p", "cloud"]).ends(0).is("", "");
    let told = folder.run(&["lint", "-q", "-p", "cloud", "--fail-on", "warning"]).ends(1);
    let told = told.prints(&["warning["]).never(&["info["]);
    assert_eq!(told.err, "");
    folder.run(&["lint", "-q", "-p", "cloud", "--fail-on", "info"]).ends(1).prints(&["warning[", "info["]);
}

#[test]
fn what_could_not_be_read_is_in_every_report() {
    let folder = Folder::of_stack("unread", HELLO);
    let lint = |format| folder.run(&["lint", "nope.yaml", "--format", format]).ends(2);
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
    let clean = folder.run(&["lint", "--format", "json"]).ends(0).json();
    assert_eq!(clean, serde_json::json!({"findings": []}));
}

/// What `kubectl get` says of an object that is not there, where stderr goes into the same pipe.
const NOT_FOUND: &str = "Error from server (NotFound): deployments.apps \"x\" not found\n";

#[test]
fn what_is_no_object_is_not_compared_with() {
    let folder = Folder::of_stack("no-object", HELLO);
    for (stdin, text) in [
        (NOT_FOUND, "this is no object: it has no `apiVersion`"),
        ("a: b\n", "this is no object"),
        ("", "`<stdin>` holds no object"),
        ("# nothing\n", "`<stdin>` holds no object"),
    ] {
        let told = folder.run_on(stdin, &["diff", "-p", "k3d", "--against", "-"]).ends(2);
        let told = told.says(&[text, "nothing was compared"]);
        assert_eq!(told.out, "", "{stdin}");
    }
    folder.write("empty.yaml", "");
    folder.run(&["diff", "-p", "k3d", "--against", "empty.yaml"]).ends(2).says(&["`empty.yaml` holds no object"]);
    // A namespace that has nothing gives a list of nothing.
    let list = "apiVersion: v1\nitems: []\nkind: List\n";
    folder.run_on(list, &["diff", "-p", "k3d", "--against", "-"]).ends(1).prints(&["+ Deployment/hello"]);
}

#[test]
fn stdin_is_read_once() {
    let folder = Folder::of_stack("stdin", HELLO);
    let told = folder.run_on(HELLO, &["diff", "-f", "-", "-p", "k3d", "--against", "-"]).ends(2);
    told.says(&["stdin is named more than once, and can be read once only", "keep one `-`"]);
}

#[test]
fn profiles_that_are_compared_are_named_without_an_option() {
    let folder = Folder::of_stack("two-profiles", HELLO);
    let plain = folder.run(&["diff", "k3d", "cloud"]).ends(1);
    assert_eq!(folder.run(&["diff", "k3d,cloud"]).ends(1).out, plain.out);
    for arguments in
        [&["diff", "-p", "k3d,cloud"][..], &["diff", "-p", "k3d", "cloud"], &["diff", "-p", "k3d", "-p", "cloud"]]
    {
        folder.run(arguments).ends(2).says(&["write `stowplan diff k3d cloud`"]);
    }
    folder.run(&["diff", "-p", "k3d"]).ends(2).says(&["nothing to compare `k3d` with"]);
    folder.run(&["diff", "-p", "k3d,cloud", "--since", "HEAD"]).ends(2).says(&["2 profiles are named", "`-p k3d`"]);
    folder.run(&["diff", "cloud", "-p", "k3d", "--since", "HEAD"]).ends(2).says(&["2 profiles are named"]);
    let matrix = folder.run(&["diff", "--all", "-p", "k3d,eks"]).ends(1);
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
    let folder = Folder::of_stack("summary", &text);
    let old = folder.run(&["render", "-p", "k3d"]).ends(0).out;
    folder.write("old.yaml", &old);
    let moved = text.replace("namespace = \"one\"", "namespace = \"two\"");
    folder.write("stack.toml", moved);
    folder.run(&["diff", "-p", "k3d", "--against", "old.yaml", "--summary"]).ends(1).prints(&[
        "+ Deployment/hello in two  added\n",
        "- Deployment/hello in one  only in old.yaml\n",
        "+ Namespace/two            added\n",
    ]);
    // The name of a Job that ends in another hash is no difference of its own.
    folder.write("stack.toml", text.replace("once:1", "once:2"));
    let told = folder.run(&["diff", "-p", "k3d", "--against", "old.yaml", "--summary"]).ends(1);
    assert!(told.out.starts_with("~ Job/once-") && told.out.ends_with("  1 field\n"), "{}", told.out);
}

#[test]
fn what_a_cluster_refuses_keeps_its_commands_in_markdown() {
    let database = format!("{HELLO}[db.pg]\nengine = \"postgres\"\nstorage = \"5Gi\"\n");
    let folder = Folder::of_stack("risk", &database);
    let old = folder.run(&["render", "-p", "k3d"]).ends(0).out;
    folder.write("old.yaml", old);
    folder.write("stack.toml", database.replace("5Gi", "9Gi"));
    let call = |format| ["diff", "-p", "k3d", "--against", "old.yaml", "--risk", "--format", format];
    folder.run(&call("github")).ends(1).prints(&[
        "> **refused**: the claim templates of statefulset/pg cannot change; run `kubectl delete statefulset/pg --cascade=orphan` and apply",
    ]);
    folder.run(&call("human")).ends(1).prints(&["! refused: the claim templates of statefulset/pg cannot change"]);
    folder.run(&call("unified")).ends(2).says(&["the format `unified` has no place for risks", "`human`"]);
}

#[test]
fn a_variable_that_nothing_reads_is_no_way_to_set_another() {
    let text = format!("{}\n[vars]\ntag = \"1\"\n", HELLO.replace("server:1.0", "server:{{ vars.tag }}"));
    let folder = Folder::of_stack("variables", &text);
    folder.run(&["render", "--set", "vars.tag=2"]).ends(0).prints(&["image: kicbase/echo-server:2\n"]);
    let told = folder.run(&["render", "--set", "vars.tga=2"]).ends(2);
    let told = told.says(&[
        "error[unknown-variable]: nothing reads `vars.tga`, and no `[vars]` declares it",
        "did you mean `vars.tag`?",
    ]);
    assert_eq!(told.out, "");
    folder.run(&["lint", "--set", "vars.tga=2"]).ends(2).says(&["nothing reads `vars.tga`"]);
    // An overlay slips as easily, and there it can be mended.
    let overlay = "release = \"1\"\n[profile.cloud.vars]\nrelaese = \"2\"\n";
    folder.write("stack.toml", format!("{text}{overlay}"));
    folder.run(&["lint", "-p", "k3d"]).ends(0);
    folder.run(&["lint", "-p", "cloud"]).ends(1).prints(&["nothing reads `vars.relaese`"]);
    folder.run(&["lint", "-p", "cloud", "--fix", "--diff"]).prints(&["-relaese = \"2\"", "+release = \"2\""]);
    folder.run(&["why", "deploy/hello", "spec.replicas", "-p", "cloud"]).ends(0);
}

#[test]
fn a_variable_may_be_declared_by_whatever_reads_it() {
    let template = "[config.c]\ntemplate = true\nfiles = { \"c.conf\" = \"c.conf\" }\n[manifest.m]\ntemplate = true\nyaml = '''\n{% if vars.name %}\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: two }\n{% endif %}\n'''\n";
    let text = format!("{}{template}", HELLO.replace("server:1.0", "server:{{ vars.my-tag }}"));
    let folder = Folder::new("variables-read", &[("stack.toml", &text), ("c.conf", "listen {{ vars['port'] }};\n")]);
    let set = ["--set", "vars.my-tag=7", "--set", "vars.port=80", "--set", "vars.name=yes"];
    let told = folder.run(&[&["render"][..], &set].concat()).ends(0);
    told.prints(&["echo-server:7\n", "listen 80;", "name: two\n"]);
    // A value may read another one.
    let set = [&set[..2], &["--set", "vars.port={{ vars.gate }}", "--set", "vars.gate=81"], &set[4..]].concat();
    folder.run(&[&["render"][..], &set].concat()).ends(0).prints(&["listen 81;"]);
    folder
        .run(&[&["render"][..], &set, &["--set", "vars.gatee=1"]].concat())
        .ends(2)
        .says(&["did you mean `vars.gate`?"]);
    // Whoever makes the names of variables may read any.
    folder.write("c.conf", "{% for name in vars %}{{ vars[name] }}\n{% endfor %}");
    folder.run(&[&["render"][..], &set, &["--set", "vars.anything=1"]].concat()).ends(0);
}

#[test]
fn what_is_printed_in_brackets_can_be_explained() {
    let folder = Folder::new("explain", &[]);
    let explain = |word: &str| folder.run(&["explain", word]);
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
    folder.run(&["explain", "rules", "floating-image-tag"]).ends(0).prints(&["floating-image-tag  ("]);
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
    let folder = Folder::of_stack("one-profile", HELLO);
    for (arguments, subcommand) in [
        (&["render", "-p", "k3d,cloud"][..], "render"),
        (&["why", "hello", "-p", "k3d,cloud"], "why"),
        (&["cluster", "-p", "k3d,cloud"], "cluster"),
    ] {
        let told = folder.run(arguments).ends(2);
        told.says(&[
            &format!("`stowplan {subcommand}` takes one profile, and `k3d,cloud` names several"),
            &format!("name one, as in `stowplan {subcommand} -p k3d`"),
        ])
        .never(&["profiles/k3d,cloud.toml"]);
    }
    let lint = folder.call(&["lint"]).variable("STOWPLAN_PROFILE", "k3d,cloud").run();
    lint.ends(0).says(&["in stack.toml on k3d, cloud\n"]);
}

#[test]
fn a_slip_in_the_file_of_a_profile_is_told_alone() {
    let text = format!("{HELLO}[ingress.hello]\nroutes = {{ \"/\" = \"hello\" }}\n");
    let files = [("stack.toml", text.as_str()), ("profiles/mine.toml", "extnds = \"cloud\"\n")];
    let folder = Folder::new("profile-file", &files);
    folder
        .run(&["render", "-p", "mine"])
        .ends(2)
        .says(&[
            "`extnds` is not a key of a profile's file",
            "did you mean `extends`?",
            "1 mistake; nothing was rendered",
        ])
        .never(&["missing-domain", "undeclared-profile"]);
    folder.write("profiles/mine.toml", "extends = \"cloud\"\nreplcas = 2\n");
    folder.run(&["render", "-p", "mine"]).ends(2).says(&["`replcas` is not a key of a profile's file"]);
}

#[test]
fn a_key_in_a_patch_is_mended_as_in_yaml() {
    let patch = "[patch.a]\non = \"Deployment/hello\"\nset.spec.replicsa = 3\n";
    let folder = Folder::of_stack("patch", &format!("{}replicas = 2\n{patch}", HELLO));
    folder
        .run(&["lint", "--fix", "--diff"])
        .ends(1)
        .prints(&["-set.spec.replicsa = 3", "+set.spec.replicas = 3"])
        .says(&["1 mistake would be mended in stack.toml"]);
    // Where the right one stands beside it nobody knows which is meant.
    folder.write("stack.toml", format!("{HELLO}{patch}set.spec.replicas = 4\n"));
    let told = folder.run(&["lint", "--fix", "--diff"]).ends(1).says(&["nothing with one right answer was found"]);
    assert_eq!(told.out, "");
    let yaml = "[patch.a]\non = \"Deployment/hello\"\nyaml = '''\nspec:\n  replicsa: 3\n  replicas: 4\n'''\n";
    folder.write("stack.toml", format!("{HELLO}{yaml}"));
    folder.run(&["lint", "--fix", "--diff"]).ends(1).says(&["nothing with one right answer was found"]);
    folder.write("stack.toml", format!("{HELLO}{}", yaml.replace("  replicas: 4\n", "")));
    folder.run(&["lint", "--fix", "--diff"]).ends(1).prints(&["-  replicsa: 3", "+  replicas: 3"]);
}

#[test]
fn a_version_is_mended_whatever_else_is_wrong_with_the_object() {
    let text = "apiVersion: autoscaling/v2beta2\nkind: HorizontalPodAutoscaler\nmetadata: { name: web }\nspec:\n  maxReplicas: \"3\"\n  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }\n";
    let folder = Folder::new("version", &[("hpa.yaml", text)]);
    folder.run(&["lint", "hpa.yaml"]).ends(1).prints(&["error[DEC-012]", "error[DEC-003]"]);
    folder.run(&["lint", "--fix", "hpa.yaml"]).says(&["2 mistakes mended in hpa.yaml"]);
    let mended = folder.read("hpa.yaml");
    assert_eq!(mended, text.replace("v2beta2", "v2").replace("\"3\"", "3"));
}

#[test]
fn the_choice_of_colors_holds_for_help_and_wrong_calls() {
    let folder = Folder::new("color", &[]);
    let escape = "\u{1b}[";
    for arguments in [
        &["--color", "never", "rendr"][..],
        &["--color=never", "lint", "--help"],
        &["lint", "--nope", "--color", "never"],
    ] {
        let told = folder.call(arguments).variable("CLICOLOR_FORCE", "1").run();
        assert!(!told.out.contains(escape) && !told.err.contains(escape), "{arguments:?}\n{}{}", told.out, told.err);
    }
    folder.run(&["--color", "always", "--help"]).ends(0).prints(&[escape]);
    folder.run(&["rendr", "--color=always"]).ends(2).says(&[escape]);
    folder.run(&["lint", "--help"]).ends(0).never(&[escape]);
    // Behind `--` it is a word like any other, and a wrong one changes nothing.
    folder.run(&["rendr", "--", "--color=always"]).ends(2).never(&[escape]);
    folder.run(&["lint", "--color=pink"]).ends(2).never(&[escape]);
}

#[test]
fn help_is_wrapped_at_the_width_of_the_terminal_alone() {
    let folder = Folder::new("help", &[]);
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
        let help = folder.call(&arguments).variable("COLUMNS", "80").run().ends(0).out;
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
    let folder = Folder::new("man", &[]);
    let page = folder.run(&["man", "lint"]).ends(0);
    let page = page.prints(&[
        ".SH EXAMPLES\n.nf\nstowplan lint ",
        "\n.fi\n",
        ".SH \"EXIT STATUS\"\n0 fine, 1",
        "[OPTIONS] [FILE]...\n",
        "What stands on stdout is the report",
    ]);
    let page = page.never(&[".SH EXTRA", ".SH VERSION"]);
    assert_eq!(page.out.matches("Examples:").count(), 0);
    folder.run(&["man"]).ends(0).prints(&[".SH EXAMPLES\n.nf\nstowplan init", ".SH SUBCOMMANDS"]);
    folder.run(&["man", "profiles", "show"]).ends(0).prints(&["stowplan\\-profiles\\-show"]);
    folder.run(&["man", "profiles", "shwo"]).ends(2).says(&["did you mean `show`?"]);
    folder.run(&["man", "lint", "x"]).ends(2).says(&["`lint` has no commands of its own"]);
}

#[test]
fn what_is_piped_is_never_cut() {
    let text = format!("{HELLO}env.LONG = \"{}\"\n", "long".repeat(40)).replacen(
        "profiles",
        "namespace = \"shop\"\nprofiles",
        1,
    );
    let folder = Folder::of_stack("piped", &text);
    let page = folder.run(&["why", "ns/shop"]).ends(0);
    page.prints(&["the strictest Pod Security level that every Pod of the stack meets is enforced"]).never(&["…"]);
    folder.run(&["why", "deploy/hello"]).ends(0).prints(&[&"long".repeat(40)]).never(&["…"]);
    let matrix = folder.run(&["diff", "--all", "k3d", "minikube", "cloud", "eks", "gke", "aks"]).ends(1);
    for line in matrix.out.lines() {
        assert!(!line.ends_with('.'), "a field is broken: {line}");
    }
}

#[test]
fn what_is_typed_by_habit_is_answered_by_the_right_call() {
    let folder = Folder::of_stack("habits", HELLO);
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
        folder.run(arguments).ends(2).says(&[help]).never(&["similar", "tip:"]);
    }
}

#[test]
fn why_takes_the_names_that_the_stack_has() {
    let text = format!("{HELLO}[job.migrate]\nimage = \"acme/once:1\"\n");
    let folder = Folder::of_stack("why", &text);
    let plain = folder.run(&["why", "hello"]).ends(0).out;
    for name in ["api.hello", "api/hello", "api.\"hello\""] {
        assert_eq!(folder.run(&["why", name]).ends(0).out, plain, "{name}");
    }
    folder.run(&["why", "job.migrate"]).ends(0).prints(&["Job/migrate ("]);
    folder.run(&["why", "ingress.hello"]).ends(2).says(&["the stack makes no Ingress"]);
    folder.run(&["why", "api.helo"]).ends(2).says(&["did you mean `hello`?"]);
    folder.run(&["why", "job/other"]).ends(2).says(&["there is only `Job/migrate`"]);
    folder
        .run(&["why", "job/migrate-fc2d0be8"])
        .ends(2)
        .says(&["leave the hash out, which is another one on each profile: `job/migrate`"]);
    folder.write("stack.toml", text.replace("profiles = [\"k3d\", \"cloud\"]\n", ""));
    folder.run(&["why", "hello"]).ends(2).says(&["name one: `stowplan why hello -p k3d`"]);
}

#[test]
fn a_folder_without_git_is_no_revision_that_is_missing() {
    let folder = Folder::of_stack("no-git", HELLO);
    folder.run(&["diff", "--since", "HEAD~1"]).ends(2).says(&["the folder of the stack is in no git repository"]);
    folder.git(&["init", "-q"]);
    folder.run(&["diff", "--since", "HEAD"]).ends(2).says(&["has no commit yet", "--since HEAD"]);
}

#[test]
fn what_is_no_text_is_not_shown() {
    let folder = Folder::of_stack("binary", HELLO);
    folder.write("a.yaml", b"\x7fELF\x02\x01\x00\x00\xff\xfe\x00");
    folder.run(&["lint", "a.yaml"]).ends(2).says(&["`a.yaml` is no text", "check that this is the right file"]);
}

#[test]
fn every_command_says_at_its_end_what_was_not_done() {
    let folder = Folder::of_stack("end", &format!("{HELLO}{MISSPELT}"));
    folder.run(&["snapshot"]).ends(2).says(&["\nerror: 1 mistake in stack.toml; nothing was written\n"]);
    folder.run(&["snapshot", "--check"]).ends(2).says(&["\nerror: 1 mistake in stack.toml; nothing was compared\n"]);
}

#[test]
fn a_profile_from_the_environment_is_said_to_be_from_there() {
    let folder = Folder::of_stack("environment", HELLO);
    let note = "the environment variable STOWPLAN_PROFILE names it";
    for command in ["render", "lint"] {
        let told = folder.call(&[command]).variable("STOWPLAN_PROFILE", "clodu").run().ends(2);
        told.says(&["there is no profile `clodu`", note, "did you mean `cloud`?"]);
    }
    folder.run(&["render", "-p", "clodu"]).ends(2).never(&[note]);
}

#[test]
fn a_key_that_would_stand_twice_is_not_proposed() {
    let folder = Folder::of_stack("twice", &format!("{HELLO}imge = \"acme/web:2\"\n"));
    folder
        .run(&["lint"])
        .ends(1)
        .prints(&["did you mean `image`? It stands there already: remove one of the two"])
        .never(&["+ image"]);
}
