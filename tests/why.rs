//! `why`: where values come from, as a person asks for it.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "support/program.rs"]
mod program;
mod support;

use program::Folder;
use serde_json::Value;
use stowplan::emit::provenance::human::human;
use stowplan::emit::provenance::json::json;
use stowplan::emit::report::human::{self, Color, Style};
use stowplan::profile::{Request, Session};
use stowplan::provenance::Answer;
use stowplan::why::{Question, answer};
use support::Files;

const STACK: &str = r#"[stack]
name = "shop"
namespace = "shop"

[vars]
tag = "1.4"

[template.small]
resources = { cpu = "50m", memory = "64Mi" }

[api.web]
extends = "small"
image = "registry.example/web:{{ vars.tag }}"
port = "80:3000"
replicas = 2
env = { MODE = "fast", EMPTY = "" }

[worker.mail]
image = "registry.example/mail:2"
args = ["--queue", "out"]

[job.migrate]
image = "registry.example/web:1.4"
command = ["migrate"]

[profile.cloud.api.web]
replicas = 3

[patch.grace]
on = "Deployment/web"
set.spec.template.spec.terminationGracePeriodSeconds = 90
set.spec.minReadySeconds = 5
"#;

struct Asked {
    answer: Option<Answer>,
    /// What was said.
    said: String,
}

fn ask_with(stack: &str, profile: &str, set: &[&str], object: &str, field: Option<&str>) -> Asked {
    let mut session = Session::default();
    let file = session.sources.add("stack.toml", stack);
    let set: Vec<String> = set.iter().map(ToString::to_string).collect();
    let request = Request { stack: file, profile: Some(profile), set: &set };
    let answer = answer(&Question { request, object, field }, &mut session, &Files::new(&[]));
    session.report.sort();
    let said = human::render(&session.report, &session.sources, style(120));
    Asked { answer, said }
}

fn style(width: usize) -> Style {
    Style { color: Color::Never, width }
}

/// The answer as a person reads it on a terminal of 100 columns.
#[track_caller]
fn ask(profile: &str, object: &str, field: &str) -> String {
    ask_of(STACK, profile, object, field)
}

#[track_caller]
fn ask_of(stack: &str, profile: &str, object: &str, field: &str) -> String {
    let asked = ask_with(stack, profile, &[], object, Some(field).filter(|field| !field.is_empty()));
    human(&asked.answer.unwrap_or_else(|| panic!("{}", asked.said)), style(100))
}

/// What is said of a question that has no answer.
#[track_caller]
fn refused(stack: &str, profile: &str, object: &str, field: &str) -> String {
    let asked = ask_with(stack, profile, &[], object, Some(field).filter(|field| !field.is_empty()));
    assert!(asked.answer.is_none(), "{:?}", asked.answer);
    asked.said
}

#[test]
fn the_winner_comes_first_and_then_what_it_replaced() {
    let expected = "\
Deployment/web in shop on cloud
spec.replicas: 3

  set    stack.toml:27:12  [profile.cloud]  replicas = 3
  was    stack.toml:15:12  the stack        replicas = 2
";
    assert_eq!(ask("cloud", "deployment/web", "spec.replicas"), expected);
    assert!(!ask("k3d", "deployment/web", "spec.replicas").contains("was"));
}

#[test]
fn a_value_that_reads_otherwise_in_the_manifest_says_so() {
    let expected = "\
Service/web in shop on k3d
spec.ports[name=http].targetPort: http

  set    stack.toml:14:8  the stack  port = \"80:3000\"
  rule   port = \"80:3000\" → targetPort: http
";
    assert_eq!(ask("k3d", "svc/web", "spec.ports[0].targetPort"), expected);
    assert!(!ask("k3d", "svc/web", "metadata.namespace").contains("rule"), "the same key and value");
    let image = ask("k3d", "deploy/web", "spec.template.spec.containers[name=web].image");
    assert!(
        image.ends_with("rule   image = \"registry.example/web:{{ vars.tag }}\" → image: registry.example/web:1.4\n"),
        "{image}"
    );
    let kind = ask("k3d", "deploy/web", "kind");
    assert!(
        kind.ends_with("  set    stack.toml:11:2  the stack  [api.web]\n  rule   [api.web] → kind: Deployment\n"),
        "{kind}"
    );
}

#[test]
fn a_rule_names_all_that_it_was_made_of() {
    let expected = "\
Deployment/web in shop on k3d
spec.selector.matchLabels.\"app.kubernetes.io/part-of\": shop

  from   stack.toml:11:2  the stack  [api.web]
  from   stack.toml:2:8   the stack  name = \"shop\"
  rule   selectors hold the names of the component and the stack
";
    assert_eq!(ask("k3d", "Deployment/web", "spec.selector.matchLabels[app.kubernetes.io/part-of]"), expected);
}

#[test]
fn templates_profiles_and_defaults_are_layers_of_the_history() {
    let field = "/spec/template/spec/containers/0/resources/requests/cpu";
    let cpu = human(&ask_with(STACK, "k3d", &[], "deploy/web", Some(field)).answer.unwrap(), style(140));
    let expected = "
  set    stack.toml:9:21                     the stack    resources = { cpu = \"50m\", memory = \"64Mi\" }
  was    profiles/k3d.toml (built in):";
    assert!(cpu.contains(expected), "{cpu}");
    let grace = ask("k3d", "deploy/mail", "spec.template.spec.enableServiceLinks");
    assert!(grace.contains("  set    stowplan's defaults:") && grace.contains("  defaults of stowplan  "), "{grace}");
}

#[test]
fn a_patch_is_named_with_what_it_replaced() {
    let expected = "\
Deployment/web in shop on k3d
spec.minReadySeconds: 5

  set    stack.toml:32:28  the stack [patch.grace]  set.spec.minReadySeconds = 5
";
    assert_eq!(ask("k3d", "deploy/web", "spec.minReadySeconds"), expected);
    let stack = format!("{STACK}[patch.two]\non = \"deploy/web\"\nyaml = '''\nspec:\n  replicas: 7\n'''\n");
    let expected = "
  set    stack.toml:37:13  the stack [patch.two]  replicas: 7
  was    stack.toml:27:12  [profile.cloud]        replicas = 3
  was    stack.toml:15:12  the stack              replicas = 2
";
    let replicas = ask_of(&stack, "cloud", "deploy/web", "spec.replicas");
    assert!(replicas.ends_with(expected), "{replicas}");
}

#[test]
fn what_was_unset_and_written_again_shows_both() {
    let stack = STACK.replace("[profile.cloud.api.web]\n", "[profile.cloud.api.web]\nunset = [\"replicas\"]\n");
    let expected = "
  set    stack.toml:28:12  [profile.cloud]  replicas = 3
  unset  stack.toml:27:10  [profile.cloud]  unset = [\"replicas\"]
  was    stack.toml:15:12  the stack        replicas = 2
";
    let replicas = ask_of(&stack, "cloud", "deploy/web", "spec.replicas");
    assert!(replicas.ends_with(expected), "{replicas}");
}

#[test]
fn an_argument_of_set_is_a_layer() {
    let asked = ask_with(STACK, "cloud", &["api.web.replicas=9"], "deploy/web", Some("spec.replicas"));
    let said = human(&asked.answer.unwrap(), style(100));
    let expected = "
  set    --set             --set            api.web.replicas=9
  was    stack.toml:27:12  [profile.cloud]  replicas = 3
  was    stack.toml:15:12  the stack        replicas = 2
";
    assert!(said.ends_with(expected), "{said}");
}

#[test]
fn a_part_of_an_object_has_a_line_for_each_of_its_parts() {
    let expected = "\
Deployment/web in shop on k3d
spec.template.spec.containers[name=web].env:

  set    stack.toml:11:2  the stack  [api.web]

[name=MODE]:   stack.toml:16:16
  name: MODE   stack.toml:16:16
  value: fast  stack.toml:16:16
[name=EMPTY]:  stack.toml:16:32
  name: EMPTY  stack.toml:16:32
  value: \"\"    stack.toml:16:32
";
    assert_eq!(ask("k3d", "deploy/web", "spec.template.spec.containers[name=web].env"), expected);
}

#[test]
fn without_a_field_every_field_has_a_line() {
    let page = ask("cloud", "deployment/web", "");
    let lines: Vec<&str> = page.lines().collect();
    assert_eq!(lines[..3], ["Deployment/web in shop on cloud", "", "  set    stack.toml:11:2  the stack  [api.web]"]);
    let has = |start: &str, end: &str| {
        assert!(lines.iter().any(|line| line.starts_with(start) && line.ends_with(end)), "{start} … {end}\n{page}");
    };
    has("apiVersion: apps/v1 ", " stack.toml:11:2");
    has("  replicas: 3 ", " stack.toml:27:12  [profile.cloud]");
    has("      terminationGracePeriodSeconds: 90 ", " stack.toml:31:56  [patch.grace]");
    has("          image: registry.example/web:1.4 ", " stack.toml:13:9");
    has("          imagePullPolicy: IfNotPresent ", " profiles/cloud.toml (built in):8:47");
    has("    app.kubernetes.io/managed-by: stowplan ", " stack.toml:11:2   every object carries the");
    let column = lines[4].find("stack.toml").unwrap();
    let is_place = |line: &&str| {
        ["stack.toml:", "stowplan's defaults:", "profiles/"].iter().any(|file| line[column..].starts_with(file))
    };
    // A reason that is too long goes on below.
    let is_rest = |line: &&str| line[..column].trim().is_empty() && line.len() > column;
    assert!(lines.len() > 64 && lines[4..].iter().all(|line| is_place(line) || is_rest(line)), "{page}");
    assert!(!page.contains('…'), "{page}");
    assert!(lines.iter().all(|line| line.chars().count() <= 100), "{page}");
    assert!(!page.lines().any(|line| line.ends_with(' ')), "{page}");
}

#[test]
fn a_narrow_terminal_gives_the_source_a_line_of_its_own() {
    let asked = ask_with(STACK, "k3d", &[], "svc/web", Some("spec.ports[0].port"));
    let expected = "\
Service/web in shop on k3d
spec.ports[name=http].port: 80

  set    stack.toml:14:8  the stack
         port = \"80:3000\"
  rule   port = \"80:3000\" → port: 80
";
    assert_eq!(human(&asked.answer.unwrap(), style(40)), expected);
}

#[test]
fn a_long_line_is_shown_around_what_was_written() {
    let env: String = (0..40).map(|number| format!("VARIABLE_{number} = \"{number}\", ")).collect();
    let stack = format!("[stack]\nname = \"a\"\n[worker.a]\nimage = \"a:1\"\nenv = {{ {env}LAST = \"x\" }}\n");
    let page = ask_of(&stack, "k3d", "deploy/a", "spec.template.spec.containers[0].env[name=LAST].value");
    let line = page.lines().find(|line| line.contains("set ")).unwrap();
    assert!(line.ends_with(" }") && line.contains("LAST = \"x\"") && line.contains("  …"), "{line}");
    assert!(line.chars().count() <= 100, "{line}");
}

#[test]
fn texts_of_several_lines_are_whole_where_they_are_asked_for() {
    let stack = "[stack]\nname = \"a\"\n[config.app.data]\n\"a.conf\" = '''\none\ntwo # 日本\n'''\n[worker.a]\nimage = \"a:1\"\nenv-from = [\"config.app\"]\n";
    let expected = "\
ConfigMap/app on k3d
data.\"a.conf\": |
  one
  two # 日本

  set    stack.toml:4:12  the stack  \"a.conf\" = '''
";
    assert_eq!(ask_of(stack, "k3d", "cm/app", "data[a.conf]"), expected);
    let page = ask_of(stack, "k3d", "cm/app", "");
    assert!(page.contains("\n  a.conf: one … (2 lines)"), "{page}");
}

#[test]
fn objects_are_meant_by_kind_component_or_name() {
    let titles = |object: &str| -> Vec<String> {
        let asked = ask_with(STACK, "k3d", &[], object, None);
        asked
            .answer
            .unwrap_or_else(|| panic!("{object}: {}", asked.said))
            .objects
            .into_iter()
            .map(|o| o.title)
            .collect()
    };
    for object in
        ["deployment/web", "Deployment/web", "deployments/web", "deploy/web", "deployments.apps/web", "deploy/w*"]
    {
        assert_eq!(titles(object), ["Deployment/web"], "{object}");
    }
    assert_eq!(titles("web"), ["Service/web", "Deployment/web"]);
    assert_eq!(titles("mail"), ["Deployment/mail"]);
    assert_eq!(titles("deployments"), ["Deployment/web", "Deployment/mail"]);
    assert_eq!(titles("job/migrate"), ["Job/migrate"]);
    assert_eq!(titles("migrate"), ["Job/migrate"]);
    let job = ask("k3d", "job/migrate", "metadata.name");
    let (heading, rest) = job.split_once('\n').unwrap();
    assert!(heading.starts_with("Job/migrate (migrate-") && heading.ends_with(") in shop on k3d"), "{heading}");
    assert!(rest.contains("rule   a Job's name ends in a hash of its content"), "{rest}");
    let hashed = heading.split(['(', ')']).nth(1).unwrap();
    assert_eq!(titles(&format!("job/{hashed}")), ["Job/migrate"], "the name in the cluster is one too");
}

#[test]
fn several_objects_are_named_or_answer_where_they_have_the_field() {
    let expected = "\
2 objects of `web` on k3d

  Service/web     stack.toml:11:2
  Deployment/web  stack.toml:11:2
";
    assert_eq!(ask("k3d", "web", ""), expected);
    assert!(ask("k3d", "web", "spec.replicas").starts_with("Deployment/web in shop on k3d\nspec.replicas: 2\n"));
    let both = ask("k3d", "web", "metadata.name");
    assert_eq!(both.lines().filter(|line| line.ends_with(" on k3d")).count(), 2, "{both}");
}

#[test]
fn an_unknown_object_is_answered_by_the_nearest() {
    let help = |object: &str| refused(STACK, "k3d", object, "");
    assert!(help("deployment/wbe").contains("no Deployment is called `wbe` on the profile `k3d`"));
    assert!(help("deployment/wbe").contains("did you mean `deployment/web`?"));
    assert!(
        help("deploymnt/web").contains("write one of the objects that are called so: `Service/web`, `Deployment/web`")
    );
    assert!(help("deploymnt/x").contains("did you mean `Deployment/x`?"));
    assert!(help("mial").contains("did you mean `mail`?"));
    assert!(help("ingress/web").contains("the stack makes no ingress"));
    assert!(help("zzzzzzzz").contains("there are `Namespace/shop`, `Service/web`"));
    assert!(help("deployment/").contains("the name is missing"));
    assert!(help("").contains("no component and no object is called ``"), "{}", help(""));
}

#[test]
fn an_unknown_field_is_answered_by_the_nearest_or_by_where_it_is() {
    let help = |object: &str, field: &str| refused(STACK, "k3d", object, field);
    assert!(help("deploy/web", "spec.replica").contains("did you mean `spec.replicas`?"));
    assert!(help("deploy/web", "replicas").contains("did you mean `spec.replicas`?"));
    assert!(help("deploy/web", "containers.image").contains("`Deployment/web` has no `containers.image`"));
    let image = help("deploy/web", "spec.image");
    assert!(image.contains("`Deployment/web` has no `spec.image`"), "{image}");
    assert!(help("deploy/web", "image").contains("did you mean `spec.template.spec.containers[name=web].image`?"));
    let port = help("svc/web", "spec.ports[name=htp].port");
    assert!(port.contains("did you mean `spec.ports[name=http].port`?"), "{port}");
    assert!(help("svc/web", "spec..port").contains("is not the path of a field"));
    assert!(help("deployment", "web").contains("did you mean the object `Deployment/web`?"));
    assert!(help("web", "spec.nothing").contains("none of these 2 objects has `spec.nothing`"));
}

#[test]
fn what_is_not_there_says_who_took_it_away() {
    let scaled = format!("{STACK}[hpa.web]\nmax = 5\ncpu = 70\n");
    let said = refused(&scaled, "k3d", "deploy/web", "spec.replicas");
    assert!(said.contains("left out, because this autoscaler decides") && said.contains("[hpa.web]"), "{said}");
    assert!(said.contains("replicas = 2") && said.contains("written here"), "{said}");
    let unset =
        format!("{STACK}[profile.kind]\nunset = [\"job.migrate\"]\n[profile.kind.api.web]\nunset = [\"env\"]\n");
    let said = refused(&unset, "kind", "job/migrate", "");
    assert!(said.contains("`job.migrate` is removed here"), "{said}");
    let said = refused(&unset, "kind", "deploy/web", "spec.template.spec.containers[name=web].env");
    assert!(said.contains("`api.web.env` is removed here"), "{said}");
    let patched =
        format!("{STACK}[patch.x]\non = \"deploy/mail\"\nremove = [\"spec.template.spec.containers[0].args\"]\n");
    let said = refused(&patched, "k3d", "deploy/mail", "spec.template.spec.containers[0].args");
    assert!(said.contains("a patch removes it here") && said.contains("args = [\"--queue\""), "{said}");
}

const SECRETS: &str = r#"[stack]
name = "shop"

[secret.app]
dev = { token = "hunter2-is-secret", other = "also-hidden" }
[secret.shell]
source = "env"
env = { key = "SHELL_KEY" }
[worker.a]
image = "a:1"
env = { TOKEN = { secret = "app", key = "token" }, OTHER = { secret = "shell", key = "key" } }
[manifest.more]
yaml = '''
apiVersion: v1
kind: Secret
metadata: {name: given}
stringData: {password: given-and-secret}
'''
[patch.app]
on = "Secret/app"
set.stringData.token = "patched-secret"
"#;

#[test]
fn values_of_secrets_are_never_shown() {
    let hidden = ["hunter2", "also-hidden", "given-and-secret", "patched-secret"];
    let words = "[stack]\nname = \"shop\"\nprofiles = [\"k3d\"]\n";
    for stack in [SECRETS.to_owned(), SECRETS.replace("[stack]\nname = \"shop\"\n", words)] {
        for profile in ["k3d", "cloud"] {
            let stack = if profile == "cloud" { stack.replace("Secret/app", "Secret/given") } else { stack.clone() };
            let set = ["secret.app.dev.other=also-hidden-too"];
            let all = ask_with(&stack, profile, &set, "*/*", None).answer.unwrap();
            for object in &all.objects {
                let answer = ask_with(&stack, profile, &set, &object.title, None).answer.unwrap();
                let mut pages = vec![human(&answer, style(200)), json(&answer)];
                for field in answer.objects[0].fields.iter().filter(|field| !field.path.is_empty()) {
                    let answer = ask_with(&stack, profile, &set, &object.title, Some(&field.path)).answer.unwrap();
                    pages.extend([human(&answer, style(200)), json(&answer)]);
                }
                for page in pages {
                    assert!(!hidden.iter().any(|value| page.contains(value)), "{}: {page}", object.title);
                }
            }
        }
    }
}

#[test]
fn no_answer_shows_the_value_of_a_secret_either() {
    let said = refused(SECRETS, "k3d", "secret/app", "dev");
    assert!(said.contains("written here") && said.contains("stack.toml:5"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn a_secret_says_where_its_values_come_from() {
    let expected = "\
Secret/app on k3d
stringData.other: (secret)

  set    stack.toml:5:46  the stack  dev = { token = (secret), other = (secret) }
";
    assert_eq!(ask_of(SECRETS, "k3d", "secret/app", "stringData.other"), expected);
    let expected = "
  set    stack.toml:21:24  the stack [patch.app]  set.stringData.token = (secret)
  was    stack.toml:5:17   the stack              dev = { token = (secret), other = (secret) }
";
    let token = ask_of(SECRETS, "k3d", "secret/app", "stringData.token");
    assert!(token.ends_with(expected), "{token}");
    let shell = ask_of(SECRETS, "k3d", "secret/shell", "stringData.key");
    assert!(shell.contains("stringData.key: (secret)") && shell.contains("env = { key = \"SHELL_KEY\" }"), "{shell}");
}

#[test]
fn what_a_server_would_refuse_is_explained_too() {
    let stack =
        "[stack]\nname = \"a\"\n[worker.a]\nimage = \"a:1\"\n[patch.a]\non = \"deploy/a\"\nset.spec.replicas = -1\n";
    assert!(support::render(stack, "k3d", &[], &[]).is_err());
    assert!(ask_of(stack, "k3d", "deploy/a", "spec.replicas").contains("spec.replicas: -1"));
}

#[test]
fn json_holds_every_writing_with_its_place() {
    let asked = ask_with(STACK, "cloud", &[], "deploy/web", Some("spec.replicas"));
    let found: Value = serde_json::from_str(&json(&asked.answer.unwrap())).unwrap();
    let expected = r#"{
        "profile": "cloud",
        "objects": [{
            "apiVersion": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "web", "component": "web",
            "fields": [{
                "path": "spec.replicas", "pointer": "/spec/replicas", "value": 3, "secret": false, "rule": null,
                "origins": [[
                    {"act": "set", "layer": "[profile.cloud]", "patch": null, "file": "stack.toml", "line": 27, "column": 12,
                     "source": "replicas = 3", "text": "replicas = 3"},
                    {"act": "set", "layer": "stack.toml", "patch": null, "file": "stack.toml", "line": 15, "column": 12,
                     "source": "replicas = 2", "text": "replicas = 2"}
                ]]
            }]
        }]
    }"#;
    assert_eq!(found, serde_json::from_str::<Value>(expected).unwrap());
    let asked = ask_with(STACK, "k3d", &[], "svc/web", Some("metadata"));
    let found: Value = serde_json::from_str(&json(&asked.answer.unwrap())).unwrap();
    let fields = found["objects"][0]["fields"].as_array().unwrap();
    assert_eq!((&fields[0]["path"], fields[0].get("value")), (&Value::from("metadata"), None));
    let label = fields.iter().find(|field| field["path"] == "metadata.labels.\"app.kubernetes.io/name\"").unwrap();
    assert_eq!(label["pointer"], "/metadata/labels/app.kubernetes.io~1name");
}

/// The command: exit codes, and what stands on which stream.
#[test]
fn the_answer_is_data_and_no_answer_is_exit_code_2() {
    let folder = Folder::of_stack("call", STACK);
    let answer = folder.run(&["why", "deployment/web", "spec.replicas", "-p", "cloud"]).ends(0);
    answer.is(&ask("cloud", "deployment/web", "spec.replicas"), "");
    let told = folder.run(&["why", "deployment/wbe", "-p", "cloud"]).refused(&[]).never(&["mistake"]);
    assert!(told.err.starts_with("error[unknown-object]: no Deployment is called `wbe`"), "{}", told.err);
    let told = folder.run(&["why", "web", "--format", "json", "-p", "k3d", "--set", "api.web.imag=x"]);
    let told = told.refused(&["error[unknown-key]"]);
    assert!(told.err.ends_with("nothing was explained\n"), "{}", told.err);
    folder.run(&["why", "web"]).ends(2).says(&["stowplan why web -p k3d"]);
}

/// Whatever a path is printed as can be typed again.
#[test]
fn every_path_leads_back_to_its_field() {
    for object in ["deploy/web", "svc/web", "job/migrate", "ns/shop"] {
        let all = ask_with(STACK, "cloud", &[], object, None).answer.unwrap();
        let fields = &all.objects[0].fields;
        assert!(fields.len() > 5, "{object}");
        for field in fields.iter().filter(|field| !field.path.is_empty()) {
            for spelling in [&field.path, &field.pointer] {
                let asked = ask_with(STACK, "cloud", &[], object, Some(spelling));
                let found = asked.answer.unwrap_or_else(|| panic!("{spelling}: {}", asked.said));
                assert_eq!(found.objects[0].fields[0].path, field.path, "{spelling}");
            }
        }
    }
}

#[test]
fn nothing_that_a_terminal_obeys_comes_through() {
    let stack = "[stack]\nname = \"a\"\n[config.a.data]\nx = \"\\u001b[2J\\u202e\" # \u{202e}\n[worker.a]\nimage = \"a:1\"\nenv-from = [\"config.a\"]\n";
    let page = ask_of(stack, "k3d", "cm/a", "data.x");
    assert!(!page.contains(['\u{1b}', '\u{202e}']), "{page:?}");
    assert!(page.contains("data.x: \"\\x1b[2J\\u202e\""), "{page}");
}
