//! What several commands say of one thing, they say in one way; and what they say can be typed again.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

#[path = "support/program.rs"]
mod program;

use program::{Folder, Run};
use serde_json::json;
use std::fs;

fn todo() -> Folder {
    Folder::of_repository("examples/todo")
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
    let shop = Folder::of_stack("fields", LISTS);
    let mut asked = 0;
    for (stack, profiles) in [(&todo(), ["k3d", "cloud"]), (&shop, ["k3d", "cloud"]), (&shop, ["cloud", "k3d"])] {
        let differences = stack.run(&["diff", profiles[0], profiles[1], "--format", "json"]).ends(1).json();
        for object in differences["objects"].as_array().unwrap() {
            let name = format!("{}/{}", object["kind"].as_str().unwrap(), object["name"].as_str().unwrap());
            for change in object["changes"].as_array().into_iter().flatten() {
                let field = change["field"].as_str().unwrap();
                let profile = profiles[usize::from(change["op"] == "add")];
                let answer = stack.run(&["why", &name, field, "-p", profile, "--format", "json"]).ends(0).json();
                assert_eq!(answer["objects"][0]["fields"][0]["path"], field, "{name} on {profile}");
                asked += 1;
            }
        }
    }
    assert!(asked > 30, "{asked}");
}

#[test]
fn an_item_is_called_by_what_tells_it_apart_and_every_spelling_is_taken() {
    let shop = Folder::of_stack("items", LISTS);
    todo()
        .run(&["diff", "k3d", "cloud"])
        .prints(&["spec.rules[host=todo.localhost].host: todo.localhost → todo.example.com"]);
    shop.run(&["diff", "k3d", "cloud"]).prints(&[
        "metadata.labels.\"example.com/team\": a → b",
        "env[name=MODE].value: one → two",
        "spec.ports[name=dns].appProtocol: k3d → cloud",
        "spec.rules[host=www.localhost].host: www.localhost → www.example.com",
    ]);
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
            spellings.iter().map(|field| shop.run(&["why", object, field, "-p", "k3d"]).ends(0).out).collect();
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
    todo().run(&["diff", "k3d", "cloud"]).prints(&[claim]);
    todo().run(&["why", "sts/postgres", claim, "-p", "k3d"]).ends(0).prints(&[&format!("{claim}: local-path")]);
}

#[test]
fn a_key_of_any_letters_can_be_typed_again() {
    let yaml = r#"{ "apiVersion": "example.com/v1", "kind": "Odd", "metadata": { "name": "o" }, "spec": { "a\"b": 1, "c\\\\d": 2, "e.f]": 3, "": 4 } }"#;
    let odd = Folder::new(
        "keys",
        &[("stack.toml", "[stack]\nname = \"s\"\n[manifest.odd]\nfile = \"odd.json\"\n"), ("odd.json", yaml)],
    );
    let fields = |field: &str| -> Vec<String> {
        let answer = odd.run(&["why", "odd/o", field, "-p", "k3d", "--format", "json"]).ends(0).json();
        let fields = answer["objects"][0]["fields"].as_array().unwrap().iter();
        fields.map(|field| field["path"].as_str().unwrap().to_owned()).collect()
    };
    let below: Vec<String> = fields("spec").split_off(1);
    assert_eq!(below.len(), 4, "{below:?}");
    for path in below {
        assert_eq!(fields(&path), [path.as_str()]);
    }
}

#[test]
fn what_is_hidden_is_called_what_it_is() {
    let all = todo().run(&["diff", "--all"]).ends(1).never(&["hidden"]).prints(&["(checksum 1)"]);
    let row = all.out.lines().find(|line| line.contains("stowplan/checksum")).unwrap();
    assert!(row.contains("(checksum 1)    (checksum 1)    (checksum 1)    –"), "{row}");
    todo().run(&["diff", "k3d", "cloud"]).prints(&["\"stowplan/checksum\": (checksum, removed)"]);
    let rows = todo().run(&["diff", "--all", "--format", "json"]).ends(1).never(&["(checksum", "hidden"]).json();
    let rows = rows["rows"].as_array().unwrap();
    let row =
        rows.iter().find(|row| row["field"].as_str().is_some_and(|field| field.contains("stowplan/checksum"))).unwrap();
    assert_eq!(row["values"]["k3d"].as_str().unwrap().len(), 16, "{row}");
    let two = todo().run(&["diff", "k3d", "cloud", "--format", "json"]).ends(1);
    assert!(two.out.contains(row["values"]["k3d"].as_str().unwrap()));
    let stack = "[stack]\nname = \"s\"\nprofiles = [\"k3d\", \"kind\", \"minikube\"]\n[secret.s]\nsource = \"dev\"\ndev = { KEY = \"dev-only-one\" }\n[profile.kind.secret.s]\ndev = { KEY = \"dev-only-two\" }\n";
    let secret = Folder::of_stack("secret", stack);
    secret.run(&["diff", "--all"]).ends(1).never(&["dev-only"]).prints(&["(secret 1)  (secret 2)  (secret 1)"]);
    let rows = secret.run(&["diff", "--all", "--format", "json"]).ends(1).never(&["dev-only"]).json();
    assert_eq!(rows["rows"][0]["secret"], true, "{rows}");
    assert_eq!(rows["rows"][0]["values"], json!({"k3d": 1, "kind": 2, "minikube": 1}));
}

#[test]
fn what_is_built_in_is_called_so_everywhere() {
    let place = "profiles/k3d.toml (built in):13";
    todo().run(&["diff", "k3d", "cloud"]).prints(&[&format!("k3d: {place} [cluster]")]);
    todo().run(&["why", "ingress/web", "spec.ingressClassName", "-p", "k3d"]).prints(&[place]);
    let differences = todo().run(&["diff", "k3d", "cloud", "--format", "json"]).json().to_string();
    let answer = todo().run(&["why", "ingress/web", "spec.ingressClassName", "-p", "k3d", "--format", "json"]).json();
    let file = "\"file\":\"profiles/k3d.toml (built in)\"";
    assert!(differences.contains(file) && answer.to_string().contains(file), "{answer}");
}

#[test]
fn that_nothing_was_found_is_said_on_stderr_by_every_check() {
    let shop = Folder::of_stack("nothing", LISTS);
    let quiet = |arguments: &[&str]| shop.run(&[arguments, &["-q"]].concat()).ends(0);
    let calls: [(&[&str], &str); 3] = [
        (&["diff", "k3d", "k3d"], "nothing differs between k3d and k3d\n"),
        (&["diff", "--all", "k3d", "k3d"], "nothing differs between k3d, k3d\n"),
        (&["diff", "k3d", "k3d", "--format", "unified"], "nothing differs between k3d and k3d\n"),
    ];
    for (call, text) in calls {
        shop.run(call).ends(0).is("", text);
        assert_eq!(quiet(call).err, "");
    }
    shop.run(&["snapshot"]).ends(0);
    shop.run(&["snapshot", "--check"]).ends(0).says(&["are up to date\n"]);
}

#[test]
fn a_unified_difference_is_a_patch_of_the_rendered_file() {
    let shop = Folder::of_stack("patch", LISTS);
    let patch = shop.run(&["diff", "k3d", "cloud", "--format", "unified"]).ends(1).out;
    assert!(patch.contains("--- a/k3d.yaml\tk3d\n+++ b/k3d.yaml\tcloud\n"), "{patch}");
    let wanted = shop.run(&["render", "-p", "cloud"]).ends(0).out;
    let rendered = shop.run(&["render", "-p", "k3d"]).ends(0).out;
    for (program, arguments) in [("patch", &["-p1"][..]), ("git", &["apply", "-"])] {
        shop.write("k3d.yaml", &rendered);
        shop.call_of(program, arguments).stdin(&patch).run().ends(0);
        // Objects whose order means nothing stay where they are.
        let sorted = |text: &str| {
            let mut documents: Vec<String> = text.split("---\n").map(str::to_owned).collect();
            documents.sort();
            documents
        };
        assert_eq!(sorted(&shop.read("k3d.yaml")), sorted(&wanted), "{program}");
    }
    shop.write("live/all.yaml", &rendered);
    let patch = shop.run(&["diff", "-p", "cloud", "--against", "live/all.yaml", "--format", "unified"]).ends(1).out;
    assert!(patch.contains("--- a/live/all.yaml\tlive/all.yaml\n+++ b/live/all.yaml\tcloud\n"), "{patch}");
    for (program, arguments) in [("patch", &["-p1", "--dry-run"][..]), ("git", &["apply", "--check", "-"])] {
        shop.call_of(program, arguments).stdin(&patch).run().ends(0);
    }
}

#[test]
fn a_field_that_is_nearly_right_leads_to_why_it_is_not_there() {
    let exact = todo().run(&["why", "deploy/api", "spec.replicas", "-p", "k3d"]).ends(2);
    let exact = exact.says(&["left out, because this autoscaler decides"]);
    let near = todo().run(&["why", "deploy/api", "spec.replica", "-p", "k3d"]).ends(2);
    let near = near
        .says(&["`Deployment/api` has no `spec.replica`\n", "did you mean `spec.replicas`? That is not there either"]);
    let places = |told: &Run| {
        told.err
            .lines()
            .filter(|line| line.contains("-->") || line.contains("autoscaler"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(places(&near), places(&exact));
    todo().run(&["why", "deploy/api", "/spec/replica", "-p", "k3d"]).ends(2).says(&["did you mean `spec.replicas`?"]);
    // What is there is nearer than what could be.
    todo()
        .run(&["why", "deploy/api", "spec.templat", "-p", "k3d"])
        .ends(2)
        .says(&["did you mean `spec.template`?"])
        .never(&["not there either"]);
    todo()
        .run(&["why", "deploy/api", "spec.nonsense", "-p", "k3d"])
        .ends(2)
        .says(&["`spec` holds `selector`, `template`"]);
}

#[test]
fn a_secret_that_the_stack_expects_is_named_with_the_command_that_makes_it() {
    for asked in ["secret/postgres-secret", "Secret/postgres-secret", "postgres-secret"] {
        todo().run(&["why", asked, "-p", "cloud"]).ends(2).says(&[
            "the stack does not make the Secret `postgres-secret` on the profile `cloud`",
            "--> stack.toml:",
            "kubectl create secret generic postgres-secret --namespace app --from-literal=POSTGRES_USER=",
        ]);
    }
    todo()
        .run(&["why", "secret/other", "-p", "cloud"])
        .ends(2)
        .says(&["the stack makes no secret on the profile `cloud`"]);
    todo().run(&["why", "secret/postgres-secret", "-p", "k3d"]).ends(0);
}

#[test]
fn a_mistake_in_an_old_revision_is_not_corrected() {
    let right = "[stack]\nname = \"s\"\nprofiles = [\"k3d\"]\n[api.web]\nimage = \"nginx:1.27\"\nport = 80\n";
    let old = Folder::of_stack("revision", &right.replace("port", "prot"));
    old.git(&["init", "-q"]);
    old.git(&["add", "-A"]);
    old.git(&["commit", "-qm", "one"]);
    old.write("stack.toml", right);
    old.run(&["diff", "--since", "HEAD"])
        .ends(2)
        .says(&[
            "--> HEAD:stack.toml:6:1",
            "this is of the stack as it was at `HEAD`, not as it is now",
            "compare with a revision in which the stack is right: `git log --oneline -- stack.toml` lists them",
        ])
        .never(&["did you mean"]);
    // What is wrong now can be mended, and is told so.
    old.git(&["commit", "-qam", "two"]);
    old.write("stack.toml", right.replace("port", "prot"));
    old.run(&["diff", "--since", "HEAD"]).ends(2).says(&["`port`"]).never(&["as it was at"]);
    // What is not even TOML.
    old.git(&["commit", "-qam", "three"]);
    old.write("stack.toml", "a = \n");
    old.git(&["commit", "-qam", "four"]);
    old.write("stack.toml", right);
    old.run(&["diff", "--since", "HEAD"]).ends(2).says(&["as it was at `HEAD`", "in which the stack is right"]);
}

#[test]
fn kubectl_is_not_led_to_files_of_others() {
    let mine = Folder::new("beside", &[("stack.toml", LISTS), ("out/theirs.yaml", "a: 1\n"), ("out/notes.md", "x")]);
    mine.run(&["render", "-p", "k3d", "-o", "dir:out"])
        .ends(0)
        .says(&["warning[foreign-file]: `out` holds what was not made by stowplan: `out/theirs.yaml`\n"])
        .never(&["run   kubectl"]);
    mine.write("out/kustomization.yaml", "resources: [deployment-web.yaml]\n");
    mine.run(&["render", "-p", "k3d", "-o", "dir:out"])
        .ends(0)
        .says(&["run   kubectl apply -k out\n"])
        .never(&["warning"]);
    fs::remove_file(mine.path("out/kustomization.yaml")).unwrap();
    fs::remove_file(mine.path("out/theirs.yaml")).unwrap();
    mine.run(&["render", "-p", "k3d", "-o", "dir:out"])
        .ends(0)
        .says(&["run   kubectl apply -f out\n"])
        .never(&["warning"]);
}

#[test]
fn a_pipe_that_brings_nothing_is_an_error_and_an_empty_file_a_warning() {
    let empty = Folder::new("empty", &[("empty.yaml", ""), ("blank.yaml", "# nothing\n---\n")]);
    for stdin in ["", "\n", "# Source: chart/templates/x.yaml\n---\n"] {
        let told = empty.run_on(stdin, &["lint", "-"]).ends(1);
        told.prints(&["error[empty-stream]: `<stdin>` holds no object", "check the command before the pipe"]);
    }
    let list = "apiVersion: v1\nkind: List\nitems: []\n";
    empty.run_on(list, &["lint", "-"]).ends(0);
    empty.run(&["lint", "empty.yaml"]).ends(0).prints(&["warning[empty-stream]: `empty.yaml` holds no object"]);
    empty.run(&["lint", "blank.yaml"]).ends(0).prints(&["warning[empty-stream]: `blank.yaml` holds no object"]);
}

#[test]
fn a_tab_is_pointed_at() {
    let tabs = Folder::new("tab", &[("tab.yaml", "a:\n\tb: 1\n"), ("later.yaml", "a:\n  b: 1\n\tc: 2\n")]);
    tabs.run(&["lint", "tab.yaml"]).ends(1).prints(&[" --> tab.yaml:2:1\n", "a tab indents this line"]);
    tabs.run(&["lint", "later.yaml"]).ends(1).prints(&[" --> later.yaml:3:1\n", "a tab indents this line"]);
}

#[test]
fn what_is_worst_stands_at_the_end() {
    let yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: Bad }\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { containers: [{ name: c, image: nginx }] }\n---\napiVersion: example.com/v1\nkind: Odd\nmetadata: { name: o }\n";
    let mixed = Folder::new("order", &[("all.yaml", yaml)]);
    let told = mixed.run(&["lint", "all.yaml"]).ends(1);
    let levels = told.out.lines().filter_map(|line| line.split_once('[')).map(|(level, _)| level);
    let ranks = levels.filter_map(|level| ["info", "warning", "error"].iter().position(|word| *word == level));
    let ranks: Vec<_> = ranks.collect();
    assert!(ranks.is_sorted() && (0..3).all(|rank| ranks.contains(&rank)), "{}", told.out);
    let report = mixed.run(&["lint", "all.yaml", "--format", "json"]).ends(1).json();
    assert_eq!(report["findings"][0]["level"], "error");
}

#[test]
fn what_did_not_happen_is_not_counted() {
    let shop = Folder::of_stack("counts", LISTS);
    let told = |arguments: &[&str]| shop.run(arguments).ends(0).err.lines().next().unwrap().to_owned();
    let first = told(&["snapshot", "-p", "k3d"]);
    assert!(first.ends_with(" written, 0 unchanged"), "{first}");
    let mark = shop.read("snapshots/k3d/deployment-web.yaml");
    shop.write("snapshots/k3d/deployment-old.yaml", mark);
    assert!(told(&["snapshot", "-p", "k3d"]).ends_with(" unchanged, 1 orphaned"));
    assert!(told(&["snapshot", "-p", "k3d", "--prune"]).ends_with(" unchanged, 1 removed"));
    assert!(told(&["snapshot", "-p", "k3d", "--prune"]).ends_with(" unchanged"));
}

#[test]
fn a_file_whose_kind_is_damaged_is_still_the_same_object() {
    let shop = Folder::of_stack("damaged", LISTS);
    shop.run(&["snapshot", "-p", "k3d"]).ends(0);
    let file = "snapshots/k3d/deployment-web.yaml";
    let text = shop.read(file);
    for (right, wrong, told) in [
        ("kind: Deployment", "kind: Deploymnt", "kind: Deploymnt → Deployment"),
        ("apiVersion: apps/v1", "apiVersion: v1", "apiVersion: v1 → apps/v1"),
    ] {
        shop.write(file, text.replace(right, wrong));
        shop.run(&["snapshot", "--check", "-p", "k3d"])
            .ends(1)
            .prints(&["  ~ Deployment/web\n", told])
            .never(&["+ Deployment/web"]);
    }
}

#[test]
fn a_folder_with_the_name_of_a_stack_is_called_a_folder() {
    let odd = Folder::new("folder", &[("stack.toml/notes.txt", "")]);
    for call in [&["render", "-p", "k3d"][..], &["init"]] {
        odd.run(call).ends(2).says(&[
            "`stack.toml` is a folder here, and a stack is a file",
            "rename the folder: `mv stack.toml stack`",
        ]);
    }
}

#[test]
fn messages_without_a_line_are_set_alike() {
    let empty = Folder::new("layout", &[("empty.yaml", ""), ("stack.toml", LISTS)]);
    let expected = "warning[empty-stream]: `empty.yaml` holds no object\n --> empty.yaml\n  |\n  = help: check what should have written it\n";
    assert_eq!(empty.run(&["lint", "empty.yaml"]).ends(0).out, expected);
    empty
        .run(&["lint", "-f", "none.toml"])
        .ends(2)
        .says(&["error[missing-file]: there is no file `none.toml`\n  |\n  = help: "]);
    let secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  extra: 1\ndata: { a: b!! }\n";
    empty.write("secret.yaml", secret);
    let told = empty.run(&["lint", "secret.yaml"]).ends(1);
    let places: Vec<_> = told.out.lines().filter(|line| line.contains("secret.yaml:")).collect();
    assert!(!places.is_empty() && places.iter().all(|line| line.starts_with(" --> ")), "{}", told.out);
    assert!(!told.out.contains("\n = ") && told.out.contains("\n  |\n  = "), "{}", told.out);
}
