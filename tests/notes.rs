//! What `render` tells a person once the manifests are made.

mod rendered;

use rendered::{Rendered, root};
use stowplan::pipeline::Note;

/// Notes as lines: what they are for, then what to type or to open.
fn lines(rendered: &Rendered) -> Vec<String> {
    let line = |note: &Note| match note {
        Note::Url(address) => format!("open {address}"),
        Note::Requirement(what) => format!("need {what}"),
        Note::Command { purpose, command } => format!("{purpose}: {command}"),
    };
    rendered.rendering.notes().iter().map(line).collect()
}

fn of(stack: &str, profile: &str) -> Vec<String> {
    lines(&Rendered::of_text(stack, &root().join("tests/data"), profile, &[]))
}

const IMAGES: &str = "the cluster gets the images that you built here; leave out those of a registry";

#[test]
fn the_todo_list_on_a_machine_of_ones_own() {
    let images = "docker.io/yourusername/todo-api:sha-e432059 docker.io/yourusername/todo-report:1.4.0";
    let notes = |profile| lines(&Rendered::of_example("todo", profile));
    let open = "open http://todo.localhost:8080";
    assert_eq!(notes("k3d"), [&format!("{IMAGES}: k3d image import {images} --cluster todo"), open]);
    let load = format!("{IMAGES}: minikube image load {images} --profile todo");
    let traefik = "the addon `traefik` must be on: minikube addons enable traefik --profile todo";
    let metrics = "the addon `metrics-server` must be on: minikube addons enable metrics-server --profile todo";
    assert_eq!(notes("minikube"), [traefik, metrics, &load, open]);
    // without its HPA, which kind's overlay unsets, nothing asks for metrics
    let load = format!("{IMAGES}: kind load docker-image {images} --name todo");
    assert_eq!(notes("kind"), ["need traefik, which the cluster does not bring: install it", &load, open]);
}

#[test]
fn the_todo_list_in_a_cloud() {
    let secret = "the Secret `postgres-secret` must exist; type each value, then Enter and Ctrl-D: \
        kubectl create secret generic postgres-secret --namespace app --from-literal=POSTGRES_USER=\"$(cat)\" \
        --from-literal=POSTGRES_PASSWORD=\"$(cat)\" --from-literal=POSTGRES_DB=\"$(cat)\"";
    let notes = |profile| lines(&Rendered::of_example("todo", profile));
    assert_eq!(notes("cloud"), [secret, "open http://todo.example.com"]);
    let needed = ["need cert-manager", "need metrics-server", secret, "open https://todo.example.com"];
    assert_eq!(notes("digitalocean"), needed);
}

#[test]
fn node_ports_and_hosts_that_lead_nowhere_are_explained_where_it_can_be_done() {
    let notes = lines(&Rendered::of_example("slack-metrics", "minikube"));
    let expected = [
        "sm-api.local must lead to this machine: echo '127.0.0.1 sm-api.local' | sudo tee -a /etc/hosts",
        "the address of `slack-metrics-api`: minikube service slack-metrics-api --url --profile slack-metrics",
        "open http://sm-api.local:8080",
    ];
    assert_eq!(notes[3..], expected);
    let cloud = lines(&Rendered::of_example("slack-metrics", "cloud"));
    assert!(!cloud.iter().any(|line| line.contains("hosts") || line.contains("minikube")), "{cloud:?}");
}

#[test]
fn without_an_ingress_each_api_is_reached_by_a_forwarded_port() {
    let stack = "stack = { name = \"shop\", namespace = \"store\" }
        [api.web]
        image = \"acme/web:1\"
        port = \"80:3000\"
        [api.admin]
        image = \"acme/admin:1\"
        ports = { syslog = \"514:5514/udp\", http = 8080 }
        [api.agent]
        image = \"acme/agent:1\"
        port = 9000
        service = \"none\"
        [worker.mail]
        image = \"acme/mail:1\"";
    let expected = [
        "`web` answers at localhost:8080: kubectl port-forward service/web 8080:80 --namespace store",
        "`admin` answers at localhost:8081: kubectl port-forward service/admin 8081:8080 --namespace store",
    ];
    assert_eq!(of(stack, "cloud"), expected);
    let images = "acme/web:1 acme/admin:1 acme/agent:1 acme/mail:1";
    assert_eq!(of(stack, "k3d")[0], format!("{IMAGES}: k3d image import {images} --cluster shop"));
}

#[test]
fn a_database_alone_has_nothing_to_load_or_to_open() {
    assert_eq!(of("stack.name = \"x\"\n[db.postgres]\nengine = \"postgres\"", "k3d"), [""; 0]);
}

#[test]
fn a_cluster_of_another_name_is_named() {
    let stack = "stack.name = \"x\"\ncluster.name = \"dev\"\n[worker.w]\nimage = \"a:1\"";
    assert_eq!(of(stack, "k3d"), [format!("{IMAGES}: k3d image import a:1 --cluster dev")]);
}

#[test]
fn a_certificate_is_no_value_to_type() {
    let stack = "stack.name = \"x\"
        [secret.web-tls]
        type = \"kubernetes.io/tls\"
        [api.web]
        image = \"a:1\"
        port = 80
        mounts.\"/tls\" = { secret = \"web-tls\" }";
    let command = "kubectl create secret tls web-tls --cert=tls.crt --key=tls.key";
    assert_eq!(of(stack, "cloud")[0], format!("the Secret `web-tls` must exist: {command}"));
}
