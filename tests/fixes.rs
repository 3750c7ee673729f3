//! `lint --fix`: what has one right answer is mended in place, and nothing else is touched.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

#[path = "support/program.rs"]
mod program;

use program::{Folder, Run};
use std::fs;
use std::path::Path;

impl Folder {
    fn lint(&self, arguments: &[&str]) -> Run {
        self.run(&[&["lint"], arguments].concat())
    }
}

/// What `--fix` makes of a stack, with the profile k3d.
#[track_caller]
fn mended(name: &str, stack: &str) -> String {
    let folder = Folder::of_stack(name, stack);
    let run = folder.lint(&["--fix", "-p", "k3d"]);
    assert!(run.code < 2, "{}", run.err);
    folder.read("stack.toml")
}

/// What `--fix` makes of YAML, for a version of Kubernetes.
#[track_caller]
fn mended_yaml(name: &str, yaml: &str) -> String {
    let folder = Folder::new(name, &[("input.yaml", yaml)]);
    let run = folder.lint(&["--fix", "input.yaml"]);
    assert!(run.code < 2, "{}", run.err);
    folder.read("input.yaml")
}

#[test]
fn what_has_one_answer_is_mended_and_all_else_stays() {
    let stack = "\
# The shop.
[stack]
name      = \"shop\"   # a name
namespace = \"shop\"

[db.postgres]
engine = \"postgers\"

[api.web]
imgae    = 'nginx:1.27'   # pinned
port     = 8080
uses     = [ \"postgress\", ]
replicas = \"2\"           # two

  [api.web.probs.live]
  http  = \"/healthz\"
  delay = 10

  [api.web.probs.ready]
  http = \"/healthz\"
";
    let expected = "\
# The shop.
[stack]
name      = \"shop\"   # a name
namespace = \"shop\"

[db.postgres]
engine = \"postgres\"

[api.web]
image    = 'nginx:1.27'   # pinned
port     = 8080
uses     = [ \"postgres\", ]
replicas = 2           # two

  [api.web.probes.live]
  http  = \"/healthz\"
  delay = \"10s\"

  [api.web.probes.ready]
  http = \"/healthz\"
";
    let folder = Folder::of_stack("whole", stack);
    let run = folder.lint(&["--fix", "-p", "k3d"]);
    assert_eq!(folder.read("stack.toml"), expected);
    let run = run.ends(0);
    assert!(run.err.starts_with("7 mistakes mended in stack.toml\n"), "{run}");
    let again = folder.lint(&["--fix", "-p", "k3d"]);
    assert!(again.err.starts_with("nothing with one right answer was found\n"), "{}", again.err);
    assert_eq!(folder.read("stack.toml"), expected);
}

#[test]
fn references_are_mended_where_they_stand() {
    let stack = "\
[stack]
name = \"shop\"
namespace = \"shop\"
profiles = [\"k3d\", \"clowd\"]
[config.settings]
data = { LEVEL = \"info\" }
[secret.tokens]
keys = [\"TOKEN\"]
[template.small]
resources = { cpu = \"100m\" }
[api.website]
extends = \"smoll\"
image = \"nginx:1.27\"
ports = { http = 80, metrics = 9090 }
env = { LEVEL = { config = \"setings\", key = \"LEVEL\" }, TOKEN = { secret = \"tokens\", key = \"TOKN\" } }
probes.ready = { http = \"/\", port = \"metrcs\" }
[ingress.site]
host = \"site\"
routes = { \"/\" = \"website\" }
[profile.k3d.api.web-site]
replicas = 1
";
    let mended = mended("references", stack);
    let changed: Vec<(&str, &str)> = stack.lines().zip(mended.lines()).filter(|(old, new)| old != new).collect();
    let after: Vec<&str> = changed.iter().map(|(_, new)| *new).collect();
    assert_eq!(
        after,
        [
            "profiles = [\"k3d\", \"cloud\"]",
            "extends = \"small\"",
            "env = { LEVEL = { config = \"settings\", key = \"LEVEL\" }, TOKEN = { secret = \"tokens\", key = \"TOKEN\" } }",
            "probes.ready = { http = \"/\", port = \"metrics\" }",
            "[profile.k3d.api.website]",
        ]
    );
    assert_eq!(stack.lines().count(), mended.lines().count());
}

/// Each of these has an error, and more than one answer or none.
#[test]
fn what_a_person_must_decide_stays() {
    for (name, line) in [
        (
            "two are near",
            "[config.logs-eu]\ndata = {}\n[config.logs-us]\ndata = {}\n[worker.w]\nimage = \"a:1\"\nenv-from = [\"config.logs-es\"]\n",
        ),
        (
            "another number",
            "[config.logs-1]\ndata = {}\n[worker.w]\nimage = \"a:1\"\nmounts = { \"/l\" = { config = \"logs-2\" } }\n",
        ),
        ("it would stand twice", "[worker.w]\nimage = \"a:1\"\nimgae = \"b:1\"\n"),
        ("twice wrong", "[worker.w]\nimgae = \"a:1\"\nimaeg = \"b:1\"\nimage = \"c:1\"\n"),
        ("the unit may be another", "[db.d]\nengine = \"redis\"\nstorage = \"5GB\"\n"),
        ("no TOML", "[worker.w]\nimage = nginx:1.25\nreplcias = 2\n"),
        (
            "an expression",
            "[vars]\nname = \"postgress\"\n[db.postgres]\nengine = \"redis\"\n[worker.w]\nimage = \"a:1\"\nuses = [\"{{ vars.name }}\"]\n",
        ),
    ] {
        let stack = format!("[stack]\nname = \"a\"\n{line}");
        let folder = Folder::of_stack(&format!("decide/{name}"), &stack);
        folder.lint(&["--fix", "-p", "k3d"]).ends(1);
        assert_eq!(folder.read("stack.toml"), stack, "{name}");
    }
}

#[test]
fn a_diff_is_a_patch_and_writes_nothing() {
    let stack = "[stack]\nname = \"a\"\nnamespace = \"a\"\n\n[api.web]\nimgae = \"nginx:1.27\"\nport = 80\nx = 1\n";
    let folder = Folder::new("diff", &[("deploy/stack.toml", stack)]);
    let run = folder.lint(&["--fix", "--diff", "-p", "k3d", "-f", "deploy"]);
    let expected = "\
--- a/deploy/stack.toml
+++ b/deploy/stack.toml
@@ -3,6 +3,6 @@
 namespace = \"a\"
 
 [api.web]
-imgae = \"nginx:1.27\"
+image = \"nginx:1.27\"
 port = 80
 x = 1
";
    let said = "1 mistake would be mended in deploy/stack.toml\nthen: 1 error in deploy/stack.toml on k3d\n";
    let run = run.ends(1).is(expected, said);
    assert_eq!(folder.read("deploy/stack.toml"), stack);
    folder.call_of("git", &["apply", "-"]).stdin(&run.out).run().ends(0);
    assert_eq!(folder.read("deploy/stack.toml"), stack.replace("imgae", "image"));
}

#[test]
fn yaml_of_others_is_mended_as_it_was_written() {
    let yaml = "\
# rendered
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replica: 2
  paused: \"true\"
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, on: yes}}
    spec:
      restartPolicy: Allways
      containers:
        - name: web
          image: nginx:1.27   # pinned
          env:
            - {name: DEBUG, value: no}
            - name: MODE
              value: 0644
          ports: [{containerPort: \"80\"}]
";
    let mended = mended_yaml("yaml", yaml);
    let after: Vec<&str> =
        yaml.lines().zip(mended.lines()).filter(|(old, new)| old != new).map(|(_, new)| new.trim_start()).collect();
    assert_eq!(
        after,
        [
            "replicas: 2",
            "paused: true",
            "metadata: {labels: {app: web, \"on\": \"yes\"}}",
            "restartPolicy: Always",
            "- {name: DEBUG, value: \"no\"}",
            "value: \"0644\"",
            "ports: [{containerPort: 80}]",
        ]
    );
}

#[test]
fn the_help_is_the_text_as_it_was_written() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: 'a:1', env: [{name: A, value: NO}]}]}\n";
    let told = Folder::new("help", &[("a.yaml", pod)]).lint(&["a.yaml"]);
    told.prints(&["help: write it in quotes: \"NO\"\n"]);
}

/// An alias and an anchor stand for what is written elsewhere.
#[test]
fn what_an_alias_brings_stays() {
    let yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {b: \"1\"}}\nx-one: &one 1\ndata: {A: *one}\n";
    let mended = mended_yaml("alias", yaml);
    assert!(mended.contains("data: {A: *one}"), "{mended}");
}

#[test]
fn a_version_that_is_gone_is_replaced_where_the_object_stays_as_it_is() {
    let job = "spec: {schedule: '0 1 * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: 'a:1'}]}}}}}";
    let hpa = "spec: {maxReplicas: 2, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}}";
    for (before, after) in [
        (format!("batch/v1beta1\nkind: CronJob\nmetadata: {{name: a}}\n{job}"), Some("batch/v1")),
        (format!("autoscaling/v2beta2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: a}}\n{hpa}"), Some("autoscaling/v2")),
        (
            "policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec: {minAvailable: 1, selector: {matchLabels: {a: b}}}".to_owned(),
            Some("policy/v1"),
        ),
        // An empty selector means another thing since.
        ("policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec: {minAvailable: 1, selector: {}}".to_owned(), None),
        // A field has another name since.
        (
            "networking.k8s.io/v1beta1\nkind: Ingress\nmetadata: {name: a}\nspec: {backend: {serviceName: a, servicePort: 80}}".to_owned(),
            None,
        ),
        // A field is asked for since.
        (
            "extensions/v1beta1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: 'a:1'}]}}}".to_owned(),
            None,
        ),
    ] {
        let yaml = format!("apiVersion: {before}\n");
        let mended = mended_yaml("versions", &yaml);
        let (first, rest) = mended.split_once('\n').unwrap();
        let expected = after.map_or(yaml.lines().next().unwrap().to_owned(), |after| format!("apiVersion: {after}"));
        assert_eq!(first, expected);
        assert_eq!(rest, yaml.split_once('\n').unwrap().1);
    }
    let kind = "apiVersion: apps/v1\nkind: Deploymnet\nmetadata: {name: a}\n";
    assert_eq!(mended_yaml("kind", kind), kind.replace("Deploymnet", "Deployment"));
}

/// What is edited is shown with the lines around it.
#[test]
fn values_of_secrets_are_neither_mended_nor_shown() {
    let yaml = "\
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData:
  password: 12345678
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {A: no}
";
    let folder = Folder::new("secret", &[("input.yaml", yaml)]);
    let run = folder.lint(&["--fix", "--diff", "input.yaml"]);
    assert_eq!(run.out, "--- a/input.yaml\n+++ b/input.yaml\n@@ -10 +10 @@\n-data: {A: no}\n+data: {A: \"no\"}\n");
    assert!(!run.err.contains("12345678"), "{}", run.err);
}

#[test]
fn files_beside_the_stack_are_mended_too() {
    let stack = "\
[stack]
name = \"a\"
namespace = \"a\"
[manifest.file]
file = \"extra.yaml\"
[manifest.literal]
yaml = '''
apiVersion: v1
kind: ConfigMap
metadata: {name: literal}
data: {A: yes}
'''
[manifest.short]
yaml = \"{apiVersion: v1, kind: ConfigMap, metadata: {name: short}, data: {A: yes}}\"
[worker.w]
image = \"a:1\"
";
    let profile = "extends = \"k3d\"\n[cluster]\nkuberntes = \"1.34\"\n";
    let extra = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra}\ndata: {A: yes}\n";
    let folder =
        Folder::new("beside", &[("stack.toml", stack), ("extra.yaml", extra), ("profiles/mine.toml", profile)]);
    folder.lint(&["--fix", "-p", "mine"]).ends(1);
    assert_eq!(folder.read("profiles/mine.toml"), profile.replace("kuberntes", "kubernetes"));
    assert_eq!(folder.read("extra.yaml"), extra.replace("yes", "\"yes\""));
    // Quotes between quotes would end the text.
    let expected = stack.replacen("{A: yes}", "{A: \"yes\"}", 1);
    assert_eq!(folder.read("stack.toml"), expected);
}

#[test]
fn line_ends_marks_rights_and_links_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let stack = "\u{feff}[stack]\r\nname = \"a\"\r\nnamespace = \"a\"\r\n[worker.w]\r\nimgae = \"a:1\"\r\n";
    let folder = Folder::new("bytes", &[("real.toml", stack)]);
    fs::set_permissions(folder.path("real.toml"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.toml", folder.path("stack.toml")).unwrap();
    folder.lint(&["--fix", "-p", "k3d"]).ends(0);
    assert_eq!(folder.read("real.toml"), stack.replace("imgae", "image"));
    assert!(fs::symlink_metadata(folder.path("stack.toml")).unwrap().is_symlink());
    let mode = fs::metadata(folder.path("real.toml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    let names: Vec<_> = fs::read_dir(folder.path(".")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    folder.write("real.toml", stack);
    fs::set_permissions(folder.path("real.toml"), fs::Permissions::from_mode(0o440)).unwrap();
    let run = folder.lint(&["--fix", "-p", "k3d"]).refused(&[]);
    assert!(run.err.starts_with("error[cannot-write]: `stack.toml` cannot be written: "), "{}", run.err);
    assert_eq!(folder.read("real.toml"), stack);
}

#[test]
fn stdin_is_shown_and_not_written() {
    let folder = Folder::new("stdin", &[]);
    let yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {A: no}\n";
    folder.run_on(yaml, &["lint", "--fix", "-"]).refused(&["add `--diff`"]);
    let shown = folder.run_on(yaml, &["lint", "--fix", "--diff", "-"]).ends(1);
    shown.prints(&["\n-data: {A: no}\n+data: {A: \"no\"}\n"]);
}

/// Every stack that is wrong in a way of its own: what was mended can be read, has fewer errors or others, and stays so.
#[test]
fn mending_ends_and_harms_nothing() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/errors");
    let mut changed = 0;
    for case in fs::read_dir(source).unwrap() {
        let case = case.unwrap();
        if !case.path().is_dir() {
            continue;
        }
        let name = case.file_name().into_string().unwrap();
        let folder = Folder::new(&format!("cases/{name}"), &[]);
        copy(&case.path(), &folder.path("."));
        let before = folder.read("stack.toml");
        let found = folder.lint(&["-p", "k3d"]);
        let run = folder.lint(&["--fix", "-p", "k3d"]);
        let after = folder.read("stack.toml");
        assert!(run.code <= 2 && found.code <= 2, "{name}: {}", run.err);
        if before == after {
            continue;
        }
        changed += 1;
        assert_eq!(before.lines().count(), after.lines().count(), "{name}");
        toml::from_str::<toml::Table>(&after).unwrap_or_else(|error| panic!("{name}: {error}\n{after}"));
        let again = folder.lint(&["--fix", "-p", "k3d"]);
        assert_eq!(folder.read("stack.toml"), after, "{name}");
        assert_eq!(again.out, run.out, "{name}");
        assert_ne!(found.out, run.out, "{name}");
    }
    assert!(changed > 20, "{changed}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
