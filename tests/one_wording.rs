//! What several commands say of one thing, they say in one way; and what they say can be typed again.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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

    #[track_caller]
    fn prints(self, text: &str) -> Self {
        assert!(self.out.contains(text), "`{text}` is not in:\n{}\nstderr: {}", self.out, self.err);
        self
    }

    #[track_caller]
    fn says(self, text: &str) -> Self {
        assert!(self.err.contains(text), "`{text}` is not in:\n{}\nstdout: {}", self.err, self.out);
        self
    }

    #[track_caller]
    fn never(self, text: &str) -> Self {
        assert!(!self.out.contains(text) && !self.err.contains(text), "{}\nstderr: {}", self.out, self.err);
        self
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

/// A fresh folder with these files, in no repository of git.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("stowplan-wording-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    for (file, text) in files {
        let file = path.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    path
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    run_with(folder, env!("CARGO_BIN_EXE_stowplan"), arguments, "")
}

fn run_with(folder: &Path, program: &str, arguments: &[&str], stdin: &str) -> Run {
    let mut command = Command::new(program);
    command.current_dir(folder).env_remove("STOWPLAN_PROFILE").args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{program}: {error}"));
    // Who stops early does not read all of it.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

fn todo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/todo")
}

/// Lists of every kind: without keys of the API, with one, with two, and with names.
const LISTS: &str = r#"
[stack]
name = "shop"
profiles = ["k3d", "cloud"]

[api.web]
image = "nginx:1.27"
ports = { http = 80, dns = "53:53/udp" }
tolerations = ["dedicated=web:NoSchedule"]
labels = { "example.com/team" = "a" }
mounts."/cache" = { scratch = "1Gi" }
env = { MODE = "one" }

[ingress.shop]
host = ["shop", "www"]
routes = { "/" = "web", "/api" = "web" }

[profile.cloud]
cluster.domain = "example.com"
cluster.tls.issuer = "letsencrypt"

[profile.cloud.api.web]
labels = { "example.com/team" = "b" }
mounts."/cache" = { scratch = "2Gi" }
env = { MODE = "two" }

[patch.ports]
on = "Service/web"
set.spec.ports = [{ port = 53, protocol = "UDP", appProtocol = "{{ profile.name }}" }]

[patch.spread]
on = "Deployment/web"
yaml = """
spec:
  template:
    spec:
      topologySpreadConstraints:
        - { topologyKey: a.b/c, whenUnsatisfiable: DoNotSchedule, maxSkew: 1, labelSelector: { matchLabels: { app.kubernetes.io/name: web } } }
"""
"#;

#[test]
fn a_field_is_called_alike_by_diff_and_why_and_why_takes_it_back() {
    let shop = folder("fields", &[("stack.toml", LISTS)]);
    let mut asked = 0;
    for (stack, profiles) in [(&todo(), ["k3d", "cloud"]), (&shop, ["k3d", "cloud"]), (&shop, ["cloud", "k3d"])] {
        let differences = run(stack, &["diff", profiles[0], profiles[1], "--format", "json"]).ends(1).json();
        for object in differences["objects"].as_array().unwrap() {
            let name = format!("{}/{}", object["kind"].as_str().unwrap(), object["name"].as_str().unwrap());
            for change in object["changes"].as_array().into_iter().flatten() {
                let field = change["field"].as_str().unwrap();
                let profile = profiles[usize::from(change["op"] == "add")];
                let answer = run(stack, &["why", &name, field, "-p", profile, "--format", "json"]).ends(0).json();
                assert_eq!(answer["objects"][0]["fields"][0]["path"], field, "{name} on {profile}");
                asked += 1;
            }
        }
    }
    assert!(asked > 30, "{asked}");
    fs::remove_dir_all(shop).unwrap();
}

#[test]
fn an_item_is_called_by_what_tells_it_apart_and_every_spelling_is_taken() {
    let shop = folder("items", &[("stack.toml", LISTS)]);
    run(&todo(), &["diff", "k3d", "cloud"])
        .prints("spec.rules[host=todo.localhost].host: todo.localhost → todo.example.com");
    run(&shop, &["diff", "k3d", "cloud"])
        .prints("metadata.labels.\"example.com/team\": a → b")
        .prints("env[name=MODE].value: one → two")
        .prints("spec.ports[name=dns].appProtocol: k3d → cloud")
        .prints("spec.rules[host=www.localhost].host: www.localhost → www.example.com");
    for (object, spellings) in [
        (
            "ingress/shop",
            &[
                "spec.rules[1].host",
                "spec.rules[host=www.localhost].host",
                "/spec/rules/1/host",
                "{.spec.rules[1].host}",
            ][..],
        ),
        (
            "deploy/web",
            &[
                "metadata.labels.\"example.com/team\"",
                "metadata.labels[example.com/team]",
                "metadata.labels.'example.com/team'",
                "/metadata/labels/example.com~1team",
            ],
        ),
        (
            "svc/web",
            &[
                "spec.ports[name=dns].port",
                "spec.ports[port=53].port",
                "spec.ports[port=53,protocol=UDP].port",
                "spec.ports[1].port",
            ],
        ),
        (
            "deploy/web",
            &[
                "spec.template.spec.topologySpreadConstraints[topologyKey=a.b/c].maxSkew",
                "spec.template.spec.topologySpreadConstraints[topologyKey=a.b/c,whenUnsatisfiable=DoNotSchedule].maxSkew",
            ],
        ),
    ] {
        let answers: Vec<_> =
            spellings.iter().map(|field| run(&shop, &["why", object, field, "-p", "k3d"]).ends(0).out).collect();
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert!(
            answers[0].contains(&format!(
                "\n{}: ",
                spellings.iter().find(|spelling| answers[0].contains(*spelling)).unwrap()
            )),
            "{answers:?}"
        );
    }
    let claim = "spec.volumeClaimTemplates[metadata.name=postgres-data].spec.storageClassName";
    run(&todo(), &["diff", "k3d", "cloud"]).prints(claim);
    run(&todo(), &["why", "sts/postgres", claim, "-p", "k3d"]).ends(0).prints(&format!("{claim}: local-path"));
    fs::remove_dir_all(shop).unwrap();
}

#[test]
fn a_key_of_any_letters_can_be_typed_again() {
    let yaml = r#"{ "apiVersion": "example.com/v1", "kind": "Odd", "metadata": { "name": "o" }, "spec": { "a\"b": 1, "c\\\\d": 2, "e.f]": 3, "": 4 } }"#;
    let odd = folder(
        "keys",
        &[("stack.toml", "[stack]\nname = \"s\"\n[manifest.odd]\nfile = \"odd.json\"\n"), ("odd.json", yaml)],
    );
    let fields = |field: &str| -> Vec<String> {
        let answer = run(&odd, &["why", "odd/o", field, "-p", "k3d", "--format", "json"]).ends(0).json();
        let fields = answer["objects"][0]["fields"].as_array().unwrap().iter();
        fields.map(|field| field["path"].as_str().unwrap().to_owned()).collect()
    };
    let below: Vec<String> = fields("spec").split_off(1);
    assert_eq!(below.len(), 4, "{below:?}");
    for path in below {
        assert_eq!(fields(&path), [path.as_str()]);
    }
    fs::remove_dir_all(odd).unwrap();
}

#[test]
fn what_is_hidden_is_called_what_it_is() {
    let all = run(&todo(), &["diff", "--all"]).ends(1).never("hidden").prints("(checksum 1)");
    let row = all.out.lines().find(|line| line.contains("stowplan/checksum")).unwrap();
    assert!(row.contains("(checksum 1)    (checksum 1)    (checksum 1)    –"), "{row}");
    run(&todo(), &["diff", "k3d", "cloud"]).prints("\"stowplan/checksum\": (checksum, removed)");
    let rows = run(&todo(), &["diff", "--all", "--format", "json"]).ends(1).never("(checksum").never("hidden").json();
    let rows = rows["rows"].as_array().unwrap();
    let row =
        rows.iter().find(|row| row["field"].as_str().is_some_and(|field| field.contains("stowplan/checksum"))).unwrap();
    assert_eq!(row["values"]["k3d"].as_str().unwrap().len(), 16, "{row}");
    let two = run(&todo(), &["diff", "k3d", "cloud", "--format", "json"]).ends(1);
    assert!(two.out.contains(row["values"]["k3d"].as_str().unwrap()));
    let stack = "[stack]\nname = \"s\"\nprofiles = [\"k3d\", \"kind\", \"minikube\"]\n[secret.s]\nsource = \"dev\"\ndev = { KEY = \"dev-only-one\" }\n[profile.kind.secret.s]\ndev = { KEY = \"dev-only-two\" }\n";
    let secret = folder("secret", &[("stack.toml", stack)]);
    run(&secret, &["diff", "--all"]).ends(1).never("dev-only").prints("(secret 1)  (secret 2)  (secret 1)");
    let rows = run(&secret, &["diff", "--all", "--format", "json"]).ends(1).never("dev-only").json();
    assert_eq!(rows["rows"][0]["secret"], true, "{rows}");
    assert_eq!(rows["rows"][0]["values"], json!({"k3d": 1, "kind": 2, "minikube": 1}));
    fs::remove_dir_all(secret).unwrap();
}

#[test]
fn what_is_built_in_is_called_so_everywhere() {
    let place = "profiles/k3d.toml (built in):13";
    run(&todo(), &["diff", "k3d", "cloud"]).prints(&format!("k3d: {place} [cluster]"));
    run(&todo(), &["why", "ingress/web", "spec.ingressClassName", "-p", "k3d"]).prints(place);
    let differences = run(&todo(), &["diff", "k3d", "cloud", "--format", "json"]).json().to_string();
    let answer = run(&todo(), &["why", "ingress/web", "spec.ingressClassName", "-p", "k3d", "--format", "json"]).json();
    let file = "\"file\":\"profiles/k3d.toml (built in)\"";
    assert!(differences.contains(file) && answer.to_string().contains(file), "{answer}");
}

#[test]
fn that_nothing_was_found_is_said_on_stderr_by_every_check() {
    let shop = folder("nothing", &[("stack.toml", LISTS)]);
    let quiet = |arguments: &[&str]| run(&shop, &[arguments, &["-q"]].concat()).ends(0);
    let calls: [(&[&str], &str); 3] = [
        (&["diff", "k3d", "k3d"], "nothing differs between k3d and k3d\n"),
        (&["diff", "--all", "k3d", "k3d"], "nothing differs between k3d, k3d\n"),
        (&["diff", "k3d", "k3d", "--format", "unified"], "nothing differs between k3d and k3d\n"),
    ];
    for (call, text) in calls {
        let told = run(&shop, call).ends(0);
        assert_eq!((told.out.as_str(), told.err.as_str()), ("", text));
        assert_eq!(quiet(call).err, "");
    }
    run(&shop, &["snapshot"]).ends(0);
    run(&shop, &["snapshot", "--check"]).ends(0).says("are up to date\n");
    fs::remove_dir_all(shop).unwrap();
}

#[test]
fn a_unified_difference_is_a_patch_of_the_rendered_file() {
    let shop = folder("patch", &[("stack.toml", LISTS)]);
    let patch = run(&shop, &["diff", "k3d", "cloud", "--format", "unified"]).ends(1).out;
    assert!(patch.contains("--- a/k3d.yaml\tk3d\n+++ b/k3d.yaml\tcloud\n"), "{patch}");
    let wanted = run(&shop, &["render", "-p", "cloud"]).ends(0).out;
    let rendered = run(&shop, &["render", "-p", "k3d"]).ends(0).out;
    for (program, arguments) in [("patch", &["-p1"][..]), ("git", &["apply", "-"])] {
        fs::write(shop.join("k3d.yaml"), &rendered).unwrap();
        run_with(&shop, program, arguments, &patch).ends(0);
        // Objects whose order means nothing stay where they are.
        let sorted = |text: &str| {
            let mut documents: Vec<String> = text.split("---\n").map(str::to_owned).collect();
            documents.sort();
            documents
        };
        assert_eq!(sorted(&fs::read_to_string(shop.join("k3d.yaml")).unwrap()), sorted(&wanted), "{program}");
    }
    fs::create_dir(shop.join("live")).unwrap();
    fs::write(shop.join("live/all.yaml"), &rendered).unwrap();
    let patch = run(&shop, &["diff", "-p", "cloud", "--against", "live/all.yaml", "--format", "unified"]).ends(1).out;
    assert!(patch.contains("--- a/live/all.yaml\tlive/all.yaml\n+++ b/live/all.yaml\tcloud\n"), "{patch}");
    for (program, arguments) in [("patch", &["-p1", "--dry-run"][..]), ("git", &["apply", "--check", "-"])] {
        run_with(&shop, program, arguments, &patch).ends(0);
    }
    fs::remove_dir_all(shop).unwrap();
}

#[test]
fn a_field_that_is_nearly_right_leads_to_why_it_is_not_there() {
    let exact = run(&todo(), &["why", "deploy/api", "spec.replicas", "-p", "k3d"]).ends(2);
    let exact = exact.says("left out, because this autoscaler decides");
    let near = run(&todo(), &["why", "deploy/api", "spec.replica", "-p", "k3d"]).ends(2);
    let near = near
        .says("`Deployment/api` has no `spec.replica`\n")
        .says("did you mean `spec.replicas`? That is not there either");
    let places = |told: &Run| {
        told.err
            .lines()
            .filter(|line| line.contains("-->") || line.contains("autoscaler"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(places(&near), places(&exact));
    run(&todo(), &["why", "deploy/api", "/spec/replica", "-p", "k3d"]).ends(2).says("did you mean `spec.replicas`?");
    // What is there is nearer than what could be.
    run(&todo(), &["why", "deploy/api", "spec.templat", "-p", "k3d"])
        .ends(2)
        .says("did you mean `spec.template`?")
        .never("not there either");
    run(&todo(), &["why", "deploy/api", "spec.nonsense", "-p", "k3d"])
        .ends(2)
        .says("`spec` holds `selector`, `template`");
}

#[test]
fn a_secret_that_the_stack_expects_is_named_with_the_command_that_makes_it() {
    for asked in ["secret/postgres-secret", "Secret/postgres-secret", "postgres-secret"] {
        run(&todo(), &["why", asked, "-p", "cloud"])
            .ends(2)
            .says("the stack does not make the Secret `postgres-secret` on the profile `cloud`")
            .says("--> stack.toml:")
            .says("kubectl create secret generic postgres-secret --namespace app --from-literal=POSTGRES_USER=");
    }
    run(&todo(), &["why", "secret/other", "-p", "cloud"])
        .ends(2)
        .says("the stack makes no secret on the profile `cloud`");
    run(&todo(), &["why", "secret/postgres-secret", "-p", "k3d"]).ends(0);
}

#[test]
fn a_mistake_in_an_old_revision_is_not_corrected() {
    let right = "[stack]\nname = \"s\"\nprofiles = [\"k3d\"]\n[api.web]\nimage = \"nginx:1.27\"\nport = 80\n";
    let old = folder("revision", &[("stack.toml", &right.replace("port", "prot"))]);
    let git = |arguments: &[&str]| {
        run_with(&old, "git", &[&["-c", "user.name=t", "-c", "user.email=t@example.com"], arguments].concat(), "")
            .ends(0)
    };
    git(&["init", "-q"]);
    git(&["add", "-A"]);
    git(&["commit", "-qm", "one"]);
    fs::write(old.join("stack.toml"), right).unwrap();
    run(&old, &["diff", "--since", "HEAD"])
        .ends(2)
        .says("--> HEAD:stack.toml:6:1")
        .says("this is of the stack as it was at `HEAD`, not as it is now")
        .says("compare with a revision in which the stack is right: `git log --oneline -- stack.toml` lists them")
        .never("did you mean");
    // What is wrong now can be mended, and is told so.
    git(&["commit", "-qam", "two"]);
    fs::write(old.join("stack.toml"), right.replace("port", "prot")).unwrap();
    run(&old, &["diff", "--since", "HEAD"]).ends(2).says("`port`").never("as it was at");
    // What is not even TOML.
    git(&["commit", "-qam", "three"]);
    fs::write(old.join("stack.toml"), "a = \n").unwrap();
    git(&["commit", "-qam", "four"]);
    fs::write(old.join("stack.toml"), right).unwrap();
    run(&old, &["diff", "--since", "HEAD"]).ends(2).says("as it was at `HEAD`").says("in which the stack is right");
    fs::remove_dir_all(old).unwrap();
}

#[test]
fn kubectl_is_not_led_to_files_of_others() {
    let mine = folder("beside", &[("stack.toml", LISTS), ("out/theirs.yaml", "a: 1\n"), ("out/notes.md", "x")]);
    run(&mine, &["render", "-p", "k3d", "-o", "dir:out"])
        .ends(0)
        .says("warning[foreign-file]: `out` holds what was not made by stowplan: `out/theirs.yaml`\n")
        .never("run   kubectl");
    fs::write(mine.join("out/kustomization.yaml"), "resources: [deployment-web.yaml]\n").unwrap();
    run(&mine, &["render", "-p", "k3d", "-o", "dir:out"]).ends(0).says("run   kubectl apply -k out\n").never("warning");
    fs::remove_file(mine.join("out/kustomization.yaml")).unwrap();
    fs::remove_file(mine.join("out/theirs.yaml")).unwrap();
    run(&mine, &["render", "-p", "k3d", "-o", "dir:out"]).ends(0).says("run   kubectl apply -f out\n").never("warning");
    fs::remove_dir_all(mine).unwrap();
}

#[test]
fn a_pipe_that_brings_nothing_is_an_error_and_an_empty_file_a_warning() {
    let empty = folder("empty", &[("empty.yaml", ""), ("blank.yaml", "# nothing\n---\n")]);
    for stdin in ["", "\n", "# Source: chart/templates/x.yaml\n---\n"] {
        let told = run_with(&empty, env!("CARGO_BIN_EXE_stowplan"), &["lint", "-"], stdin).ends(1);
        told.prints("error[empty-stream]: `<stdin>` holds no object").prints("check the command before the pipe");
    }
    let list = "apiVersion: v1\nkind: List\nitems: []\n";
    run_with(&empty, env!("CARGO_BIN_EXE_stowplan"), &["lint", "-"], list).ends(0);
    run(&empty, &["lint", "empty.yaml"]).ends(0).prints("warning[empty-stream]: `empty.yaml` holds no object");
    run(&empty, &["lint", "blank.yaml"]).ends(0).prints("warning[empty-stream]: `blank.yaml` holds no object");
    fs::remove_dir_all(empty).unwrap();
}

#[test]
fn a_tab_is_pointed_at() {
    let tabs = folder("tab", &[("tab.yaml", "a:\n\tb: 1\n"), ("later.yaml", "a:\n  b: 1\n\tc: 2\n")]);
    run(&tabs, &["lint", "tab.yaml"]).ends(1).prints(" --> tab.yaml:2:1\n").prints("a tab indents this line");
    run(&tabs, &["lint", "later.yaml"]).ends(1).prints(" --> later.yaml:3:1\n").prints("a tab indents this line");
    fs::remove_dir_all(tabs).unwrap();
}

#[test]
fn what_is_worst_stands_at_the_end() {
    let yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: Bad }\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { containers: [{ name: c, image: nginx }] }\n---\napiVersion: example.com/v1\nkind: Odd\nmetadata: { name: o }\n";
    let mixed = folder("order", &[("all.yaml", yaml)]);
    let told = run(&mixed, &["lint", "all.yaml"]).ends(1);
    let levels = told.out.lines().filter_map(|line| line.split_once('[')).map(|(level, _)| level);
    let ranks = levels.filter_map(|level| ["info", "warning", "error"].iter().position(|word| *word == level));
    let ranks: Vec<_> = ranks.collect();
    assert!(ranks.is_sorted() && (0..3).all(|rank| ranks.contains(&rank)), "{}", told.out);
    let report = run(&mixed, &["lint", "all.yaml", "--format", "json"]).ends(1).json();
    assert_eq!(report["findings"][0]["level"], "error");
    fs::remove_dir_all(mixed).unwrap();
}

#[test]
fn what_did_not_happen_is_not_counted() {
    let shop = folder("counts", &[("stack.toml", LISTS)]);
    let told = |arguments: &[&str]| run(&shop, arguments).ends(0).err.lines().next().unwrap().to_owned();
    let first = told(&["snapshot", "-p", "k3d"]);
    assert!(first.ends_with(" written, 0 unchanged"), "{first}");
    let mark = fs::read_to_string(shop.join("snapshots/k3d/deployment-web.yaml")).unwrap();
    fs::write(shop.join("snapshots/k3d/deployment-old.yaml"), mark).unwrap();
    assert!(told(&["snapshot", "-p", "k3d"]).ends_with(" unchanged, 1 orphaned"));
    assert!(told(&["snapshot", "-p", "k3d", "--prune"]).ends_with(" unchanged, 1 removed"));
    assert!(told(&["snapshot", "-p", "k3d", "--prune"]).ends_with(" unchanged"));
    fs::remove_dir_all(shop).unwrap();
}

#[test]
fn a_file_whose_kind_is_damaged_is_still_the_same_object() {
    let shop = folder("damaged", &[("stack.toml", LISTS)]);
    run(&shop, &["snapshot", "-p", "k3d"]).ends(0);
    let file = shop.join("snapshots/k3d/deployment-web.yaml");
    let text = fs::read_to_string(&file).unwrap();
    for (right, wrong, told) in [
        ("kind: Deployment", "kind: Deploymnt", "kind: Deploymnt → Deployment"),
        ("apiVersion: apps/v1", "apiVersion: v1", "apiVersion: v1 → apps/v1"),
    ] {
        fs::write(&file, text.replace(right, wrong)).unwrap();
        run(&shop, &["snapshot", "--check", "-p", "k3d"])
            .ends(1)
            .prints("  ~ Deployment/web\n")
            .prints(told)
            .never("+ Deployment/web");
    }
    fs::remove_dir_all(shop).unwrap();
}

#[test]
fn a_folder_with_the_name_of_a_stack_is_called_a_folder() {
    let odd = folder("folder", &[("stack.toml/notes.txt", "")]);
    for call in [&["render", "-p", "k3d"][..], &["init"]] {
        run(&odd, call)
            .ends(2)
            .says("`stack.toml` is a folder here, and a stack is a file")
            .says("rename the folder: `mv stack.toml stack`");
    }
    fs::remove_dir_all(odd).unwrap();
}

#[test]
fn messages_without_a_line_are_set_alike() {
    let empty = folder("layout", &[("empty.yaml", ""), ("stack.toml", LISTS)]);
    let expected = "warning[empty-stream]: `empty.yaml` holds no object\n --> empty.yaml\n  |\n  = help: check what should have written it\n";
    assert_eq!(run(&empty, &["lint", "empty.yaml"]).ends(0).out, expected);
    run(&empty, &["lint", "-f", "none.toml"])
        .ends(2)
        .says("error[missing-file]: there is no file `none.toml`\n  |\n  = help: ");
    let secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  extra: 1\ndata: { a: b!! }\n";
    fs::write(empty.join("secret.yaml"), secret).unwrap();
    let told = run(&empty, &["lint", "secret.yaml"]).ends(1);
    let places: Vec<_> = told.out.lines().filter(|line| line.contains("secret.yaml:")).collect();
    assert!(!places.is_empty() && places.iter().all(|line| line.starts_with(" --> ")), "{}", told.out);
    assert!(!told.out.contains("\n = ") && told.out.contains("\n  |\n  = "), "{}", told.out);
    fs::remove_dir_all(empty).unwrap();
}
