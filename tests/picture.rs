//! `graph`: a stack as a picture, in every format.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "support/program.rs"]
mod program;
mod support;

use program::{Folder, Run};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use stowplan::emit::picture::FORMATS;
use stowplan::emit::picture::dot::dot;
use stowplan::emit::picture::mermaid::mermaid;
use stowplan::picture::{Extent, Picture, Shape};
use stowplan::pipeline;
use stowplan::profile::{Request, Session};
use support::Files;

/// What the picture of a stack on a profile is.
#[track_caller]
fn draw(stack: &str, profile: &str, extent: Extent) -> Picture {
    let mut session = Session::default();
    let file = session.sources.add("stack.toml", stack);
    let request = Request { stack: file, profile: Some(profile), set: &[] };
    let rendering = pipeline::compile(&mut session, &request, &Files::new(&[]));
    let rendering = rendering.unwrap_or_else(|| panic!("{:#?}", session.report.diagnostics));
    Picture::of(&rendering.made_of.0, &rendering.bundle, &session, extent)
}

/// The edges as sentences: `api.web uses libpq :5432 db.postgres`.
fn sentences(picture: &Picture) -> Vec<String> {
    let name = |index: usize| {
        let node = &picture.nodes[index];
        if node.kind.is_empty() { node.name.clone() } else { format!("{}.{}", node.kind, node.name) }
    };
    picture.edges.iter().map(|edge| format!("{} {} {}", name(edge.from), edge.label(), name(edge.to))).collect()
}

#[track_caller]
fn assert_whole(picture: &Picture) {
    let ids: Vec<&str> = picture.nodes.iter().map(|node| node.id.as_str()).collect();
    let groups = picture.groups.iter().map(|group| group.id.as_str());
    let all: Vec<&str> = ids.iter().copied().chain(groups).collect();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{all:?}");
    for id in all {
        let is_safe = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        assert!(id.starts_with(|first: char| first.is_ascii_lowercase()) && id.chars().all(is_safe), "{id}");
    }
    for edge in &picture.edges {
        assert!(edge.from < picture.nodes.len() && edge.to < picture.nodes.len() && edge.from != edge.to, "{edge:?}");
    }
    assert!(picture.nodes.iter().all(|node| node.group.is_none_or(|group| group < picture.groups.len())));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folders with a stack below `examples`.
fn examples() -> Vec<PathBuf> {
    let below = |folder: &str| fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = below("examples").chain(below("examples/gallery")).collect();
    folders.retain(|folder| folder.join("stack.toml").is_file());
    folders.sort();
    folders
}

fn graph(folder: &Folder, arguments: &[&str]) -> Run {
    folder.run(&[&["graph"], arguments].concat())
}

#[test]
fn examples_are_drawn_as_they_were() {
    for example in ["todo", "slack-metrics", "voting-app"] {
        for (format, end) in [("mermaid", "mmd"), ("dot", "dot")] {
            let folder = Folder::of_repository(format!("examples/{example}"));
            let made = graph(&folder, &["-p", "k3d", "--format", format]).ends(0);
            assert_eq!(made.err, "", "{example}");
            let path = root().join(format!("snapshots/graph/{example}.{end}"));
            if std::env::var_os("STOWPLAN_BLESS").is_some() {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, &made.out).unwrap();
            }
            let known = fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(known, made.out, "{}", path.display());
        }
    }
}

#[test]
fn every_example_is_drawn_in_every_format() {
    for folder in examples().iter().map(Folder::of_repository) {
        for format in FORMATS {
            for extent in [&[][..], &["--objects"]] {
                let arguments = [&["-p", "k3d", "--format", format.name], extent].concat();
                let made = graph(&folder, &arguments).ends(0).out;
                assert_eq!(graph(&folder, &arguments).out, made, "the same input gives the same bytes");
            }
        }
    }
}

const SHOP: &str = r#"[stack]
name = "shop"
namespace = "shop"
network-policy = true

[db.postgres]
engine = "postgres"
storage = "1Gi"
secret = "login"
keys = { user = "user", password = "password" }
backup = { schedule = "0 3 * * *", storage = "1Gi" }

[api.web]
image = "acme/web:1"
port = "80:8080"
replicas = 2
uses = { postgres = "libpq", mail = { MAIL_HOST = "host", MAIL_PORT = "port" }, cart = {} }
wait = ["postgres"]
env-from = ["config.app"]
mounts."/up" = { volume = "uploads" }
pdb = { unavailable = 1 }

[api.cart]
image = "acme/cart:1"
ports = { grpc = 9000 }
uses = ["web"]
service = "load-balancer"

[external.mail]
host = "smtp.example.net"
port = 587

[config.app.data]
MODE = "fast"

[secret.login]
source = "existing"

[volume.uploads]
storage = "1Gi"

[hpa.web]
max = 3
cpu = 70

[ingress.front]
host = "shop.example.org"
routes = { "/" = "web", "/cart" = "cart" }
"#;

#[test]
fn each_relation_of_the_components_is_an_edge() {
    let picture = draw(SHOP, "k3d", Extent::Components);
    assert_whole(&picture);
    let sentences = sentences(&picture);
    for wanted in [
        "Internet asks shop.example.org ingress.front",
        "Internet asks load balancer 9000 api.cart",
        "ingress.front routes / api.web",
        "ingress.front routes /cart api.cart",
        "api.web uses libpq :5432 db.postgres",
        "api.web uses :587 external.mail",
        "api.web uses :9000 api.cart",
        "api.cart uses :80 api.web",
        "api.web waits for db.postgres",
        "api.web reads config.app",
        "api.web reads secret.login",
        "api.web mounts volume.uploads",
        "hpa.web scales api.web",
        "db.postgres-backup backs up db.postgres",
        "PodDisruptionBudget.web guards api.web",
    ] {
        assert!(sentences.iter().any(|sentence| sentence == wanted), "{wanted}: {sentences:#?}");
    }
    assert!(
        !sentences.iter().any(|sentence| sentence.contains("ConfigMap")),
        "an optional one is nobody's: {sentences:#?}"
    );
    let shape = |id: &str| picture.nodes.iter().find(|node| node.id == id).map(|node| node.shape);
    assert_eq!((shape("db_postgres_backup"), shape("db_postgres")), (Some(Shape::Task), Some(Shape::Store)));
    assert_eq!(sentences.iter().collect::<BTreeSet<_>>().len(), sentences.len(), "each is said once");
    let web = picture.nodes.iter().find(|node| node.id == "api_web").unwrap();
    let objects: Vec<_> = web.objects.iter().map(|object| (object.kind.as_str(), object.name.as_str())).collect();
    assert_eq!(objects, [("Service", "web"), ("Deployment", "web")]);
    let line = SHOP.lines().position(|line| line == "[api.web]").unwrap() + 1;
    assert_eq!(web.location.as_ref().map(|place| (place.file.as_str(), place.line)), Some(("stack.toml", line)));
    assert!(web.objects.iter().all(|object| object.location.as_ref().is_some_and(|place| place.line == line)));
}

#[test]
fn objects_are_grouped_and_lead_to_each_other() {
    let picture = draw(SHOP, "k3d", Extent::Objects);
    assert_whole(&picture);
    let sentences = sentences(&picture);
    for wanted in [
        "Internet asks shop.example.org Ingress.front",
        "Ingress.front routes http Service.web",
        "Service.web selects Deployment.web",
        "HorizontalPodAutoscaler.web scales Deployment.web",
        "Deployment.web uses :5432 Service.postgres",
        "Deployment.web uses :587 external.smtp.example.net",
        "Deployment.web mounts PersistentVolumeClaim.uploads",
        "Deployment.web reads user, password Secret.login",
    ] {
        assert!(sentences.iter().any(|sentence| sentence == wanted), "{wanted}: {sentences:#?}");
    }
    let group = |id: &str| {
        let node = picture.nodes.iter().find(|node| node.id == id).unwrap();
        node.group.map(|group| picture.groups[group].name.as_str())
    };
    assert_eq!(group("deployment_web"), Some("web"));
    assert_eq!(group("secret_login"), None, "nobody here makes it");
}

/// Names that a `[manifest]` may have, and that mean something to a format.
const ODD: &str = r#"[stack]
name = "odd"
[api.end]
image = "a:1"
port = 80
[api.a-b]
image = "a:1"
port = 80
[manifest.rights]
yaml = '''
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: "system:a#b\"c<d>&`e`" }
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: 'system-a.b"c<d>&`e`\' }
rules: []
'''
"#;

#[test]
fn odd_names_are_escaped() {
    let picture = draw(ODD, "k3d", Extent::Objects);
    assert_whole(&picture);
    let text = mermaid(&picture);
    assert!(text.contains("[[\"system:a#35;b#quot;c#lt;d#gt;#amp;#96;e#96;<br>ClusterRole\"]]"), "{text}");
    assert!(text.contains("#92;<br>ClusterRole\"]]"), "{text}");
    for line in text.lines() {
        assert!(matches!(line.matches('"').count(), 0 | 2), "{line}");
    }
    let text = dot(&picture);
    assert!(text.contains(r#"label="system:a#b\"c<d>&`e`\nClusterRole""#), "{text}");
    assert!(text.contains(r#"`e`\\\nClusterRole""#), "{text}");
    let components = mermaid(&draw(ODD, "k3d", Extent::Components));
    assert!(components.contains("  api_end[\"end<br>api\"]\n  api_a_b[\"a-b<br>api\"]\n"), "{components}");
}

#[test]
fn no_value_of_a_secret_is_drawn() {
    let stack = "[stack]\nname = \"s\"\n[api.web]\nimage = \"w:1\"\nport = 80\nuses = [\"mail\"]\n[external.mail]\nhost = \"mail\"\nsecret = \"login\"\nuser = \"root\"\nkeys.password = \"password\"\n[secret.login]\nsource = \"dev\"\ndev.password = \"hunter2\"\n";
    for extent in [Extent::Components, Extent::Objects] {
        let picture = draw(stack, "k3d", extent);
        for format in FORMATS {
            let text = (format.print)(std::slice::from_ref(&picture));
            assert!(!text.contains("hunter2"), "{}: {text}", format.name);
            assert!(text.contains("login"), "{}: {text}", format.name);
        }
    }
}

#[test]
fn what_mermaid_does_not_draw_is_told() {
    let folder = Folder::new("large", &[]);
    for (count, is_told) in [(250, false), (251, true)] {
        let mut stack = String::from("[stack]\nname = \"ring\"\n");
        for index in 0..count {
            let (next, other) = ((index + 1) % count, (index + 2) % count);
            stack
                .push_str(&format!("[api.c{index}]\nimage = \"a:1\"\nport = 80\nuses = [\"c{next}\", \"c{other}\"]\n"));
        }
        folder.write("stack.toml", stack);
        let made = graph(&folder, &["-p", "k3d"]).ends(0);
        assert_eq!(made.out.matches("-->|").count(), count * 2, "{}", made.err);
        let told = "this picture has 502 edges, and readers of `mermaid` draw 500";
        assert_eq!((made.err.contains(told), made.err.is_empty()), (is_told, !is_told), "{}", made.err);
        assert_eq!(graph(&folder, &["-p", "k3d", "--format", "dot"]).err, "");
    }
}

#[test]
fn what_cannot_be_drawn_ends_with_2() {
    let folder = Folder::of_stack("wrong", "[stack]\nname = \"s\"\n[api.web]\nimage = \"w:1\"\n");
    graph(&folder, &["-p", "k3d"]).refused(&["stack.toml:3"]);
    folder.write("stack.toml", SHOP);
    graph(&folder, &["-p", "k3d,cloud"])
        .refused(&["2 profiles are named, and `mermaid` holds one picture", "stowplan graph -p k3d"]);
    let page = graph(&folder, &["-p", "k3d,cloud", "--format", "html"]).ends(0);
    page.prints(&["k3d</option>", "cloud</option>"]);
    let page = graph(&Folder::of_repository("examples/todo"), &["--format", "html"]).ends(0);
    assert_eq!(page.out.matches("</option>").count(), 4, "every profile that the stack names: {}", page.err);
    graph(&folder, &["-p", "k3d", "--format", "png"]).ends(2);
}
