//! What `stowplan cluster` prints: files that another reader of YAML finds whole and in the words of their tools, scripts that a
//! shell takes, and the ports that a stack wants to be reached by.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "support/program.rs"]
mod program;
mod rendered;

use program::Folder;
use rendered::{Rendered, at, documents, examples, profiles, root};
use serde_yaml::Value;
use std::io::Write;
use std::process::{Command, Stdio};
use stowplan::component::cluster::Tool;
use stowplan::diagnostic::Report;
use stowplan::document::checking::Checking;
use stowplan::emit::cluster::{self, Facts, Plan};

/// The keys of k3d's file, by the path of their map. Source: the JSON Schema of `k3d.io/v1alpha5`, k3d 5.9, which closes each.
const K3D: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "apiVersion",
            "kind",
            "metadata",
            "servers",
            "agents",
            "kubeAPI",
            "image",
            "network",
            "subnet",
            "token",
            "volumes",
            "ports",
            "files",
            "options",
            "env",
            "registries",
            "hostAliases",
        ],
    ),
    ("metadata", &["name"]),
    ("ports", &["port", "nodeFilters"]),
    ("files", &["source", "destination", "description", "nodeFilters"]),
];

/// The keys of kind's file. Source: `pkg/apis/config/v1alpha4/types.go` of kind 0.33; unknown ones are refused.
const KIND: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "apiVersion",
            "kind",
            "name",
            "nodes",
            "networking",
            "featureGates",
            "runtimeConfig",
            "kubeadmConfigPatches",
            "kubeadmConfigPatchesJSON6902",
            "containerdConfigPatches",
            "containerdConfigPatchesJSON6902",
        ],
    ),
    (
        "nodes",
        &[
            "role",
            "image",
            "labels",
            "extraMounts",
            "extraPortMappings",
            "kubeadmConfigPatches",
            "kubeadmConfigPatchesJSON6902",
        ],
    ),
    ("nodes.labels", &["ingress-ready"]),
    ("nodes.extraPortMappings", &["containerPort", "hostPort", "listenAddress", "protocol"]),
];

fn facts(stack: &str, profile: &str, set: &[&str]) -> Facts {
    let rendered = Rendered::of_text(stack, &root().join("examples/todo"), profile, set);
    let rendering = &rendered.rendering;
    Facts::collect(&rendering.made_of.0, &rendering.bundle, format!("stowplan cluster -p {profile}"))
}

fn plan(stack: &str, profile: &str, set: &[&str]) -> Plan {
    cluster::plan(&facts(stack, profile, set))
}

/// The one document of a file.
fn file(stack: &str, profile: &str, set: &[&str]) -> Value {
    let text = plan(stack, profile, set).text;
    let mut documents = documents(&text);
    assert_eq!(documents.len(), 1, "{text}");
    documents.remove(0)
}

/// Every map of a value has known keys only.
fn check_keys(value: &Value, path: &str, known: &[(&str, &[&str])]) {
    match value {
        Value::Mapping(map) => {
            let keys = known.iter().find(|(known, _)| *known == path).unwrap_or_else(|| panic!("a map at {path}")).1;
            for (key, value) in map {
                let key = key.as_str().expect("keys are texts");
                assert!(keys.contains(&key), "{path}: {key}");
                check_keys(value, format!("{path}.{key}").trim_start_matches('.'), known);
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| check_keys(item, path, known)),
        _ => {}
    }
}

fn texts(value: &Value) -> Vec<String> {
    let items = value.as_sequence().map(Vec::as_slice).unwrap_or_default();
    items.iter().map(|item| item.as_str().unwrap_or_default().to_owned()).collect()
}

/// A shell reads the script without running it.
fn check_shell(script: &str) {
    let mut shell = Command::new("sh").arg("-n").stdin(Stdio::piped()).spawn().expect("every system has sh");
    shell.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    assert!(shell.wait().unwrap().success(), "{script}");
}

const SHOP: &str = r#"
[stack]
name = "shop"

[api.web]
image = "shop-web:1"
port = 8080
service = { type = "node-port", node-port = 30080 }

[api.dns]
image = "shop-dns:1"
ports = { dns = "53:53/udp" }
service = { type = "node-port", node-port = 30053 }

[api.mail]
image = "shop-mail:1"
ports = { smtp = 2525 }
service = "load-balancer"
"#;

#[test]
fn every_file_of_every_example_is_in_the_words_of_its_tool() {
    for example in examples() {
        let text = std::fs::read_to_string(root().join("examples").join(&example).join("stack.toml")).unwrap();
        for profile in profiles() {
            let rendered = Rendered::of_text(&text, &root().join("examples").join(&example), profile, &[]);
            let rendering = &rendered.rendering;
            let facts = Facts::collect(&rendering.made_of.0, &rendering.bundle, "stowplan cluster".to_owned());
            let plan = cluster::plan(&facts);
            match facts.tool {
                Tool::K3d => check_keys(&documents(&plan.text)[0], "", K3D),
                Tool::Kind => check_keys(&documents(&plan.text)[0], "", KIND),
                Tool::Minikube => check_shell(&plan.text),
                Tool::None => drop(documents(&plan.text)),
            }
        }
    }
    check_keys(&file(SHOP, "k3d", &["cluster.expose.api=gateway", "cluster.kubernetes=1.36"]), "", K3D);
    check_keys(&file(SHOP, "kind", &["cluster.nodes=3", "cluster.kubernetes=1.37"]), "", KIND);
}

#[test]
fn k3d_maps_the_ports_of_the_profile_and_of_the_stack() {
    let config = file(SHOP, "k3d", &[]);
    assert_eq!((at(&config, "apiVersion"), at(&config, "kind")), (&"k3d.io/v1alpha5".into(), &"Simple".into()));
    assert_eq!(at(&config, "metadata.name"), "shop");
    let ports: Vec<(String, Vec<String>)> = at(&config, "ports")
        .as_sequence()
        .unwrap()
        .iter()
        .map(|port| (at(port, "port").as_str().unwrap().to_owned(), texts(at(port, "nodeFilters"))))
        .collect();
    let expected = [
        ("127.0.0.1:8080:80", "loadbalancer"),
        ("127.0.0.1:8443:443", "loadbalancer"),
        ("127.0.0.1:30080:30080", "server:0"),
        ("127.0.0.1:30053:30053/udp", "server:0"),
        ("127.0.0.1:2525:2525", "loadbalancer"),
    ];
    assert_eq!(ports, expected.map(|(port, filter)| (port.to_owned(), vec![filter.to_owned()])));
    assert_eq!((at(&config, "servers"), at(&config, "agents")), (&1.into(), &0.into()));
    assert!(at(&config, "image").is_null(), "1.34 is the oldest, and no image of it is known");
    let newer = file(SHOP, "k3d", &["cluster.kubernetes=1.36", "cluster.nodes=3", "cluster.name=other"]);
    assert_eq!(at(&newer, "image"), "rancher/k3s:v1.36.3-k3s1");
    assert_eq!((at(&newer, "agents"), at(&newer, "metadata.name")), (&2.into(), &"other".into()));
}

#[test]
fn on_k3d_traefik_serves_gateways_where_the_profile_asks_for_them() {
    assert!(at(&file(SHOP, "k3d", &[]), "files").is_null());
    let config = file(SHOP, "k3d", &["cluster.expose.api=gateway"]);
    let source = at(&config, "files.0.source").as_str().unwrap();
    let chart = &documents(source)[0];
    assert_eq!(at(chart, "kind"), "HelmChartConfig");
    let values = &documents(at(chart, "spec.valuesContent").as_str().unwrap())[0];
    assert_eq!(at(values, "providers.kubernetesGateway.enabled"), &Value::Bool(true));
    assert!(!source.contains('$'), "k3d expands variables");
}

#[test]
fn kind_maps_ports_on_its_first_node() {
    let config = file(SHOP, "kind", &["cluster.nodes=2"]);
    let nodes = at(&config, "nodes").as_sequence().unwrap();
    let roles: Vec<&Value> = nodes.iter().map(|node| at(node, "role")).collect();
    assert_eq!(roles, [&Value::from("control-plane"), &Value::from("worker")]);
    let mappings = at(&nodes[0], "extraPortMappings").as_sequence().unwrap();
    let number = |mapping: &Value, key: &str| at(mapping, key).as_u64().unwrap();
    let ports: Vec<_> = mappings
        .iter()
        .map(|mapping| {
            assert_eq!(at(mapping, "listenAddress"), "127.0.0.1");
            (number(mapping, "hostPort"), number(mapping, "containerPort"), at(mapping, "protocol").as_str().unwrap())
        })
        .collect();
    // a Service of type LoadBalancer gets no address on kind, so its port is not mapped
    assert_eq!(ports, [(8080, 80, "TCP"), (8443, 443, "TCP"), (30080, 30080, "TCP"), (30053, 30053, "UDP")]);
    assert!(nodes[1].get("extraPortMappings").is_none());
    let text = plan(SHOP, "kind", &["cluster.nodes=2"]).text;
    for needed in [
        "--set 'args={--kubelet-insecure-tls}'",
        "--set ports.web.hostPort=80",
        "--set-string nodeSelector.ingress-ready=true",
        "#     cloud-provider-kind",
        "#     kind load docker-image shop-web:1 shop-dns:1 shop-mail:1 --name shop",
    ] {
        assert!(text.contains(needed), "{needed} in\n{text}");
    }
    assert!(!plan(SHOP, "kind", &[]).text.contains("ingress-ready=true"), "one node needs no selector");
    let pinned = file(SHOP, "kind", &["cluster.kubernetes=1.37"]);
    assert!(at(&pinned, "nodes.0.image").as_str().unwrap().starts_with("kindest/node:v1.37.0@sha256:"));
}

#[test]
fn minikube_is_started_by_a_script() {
    let script = plan(SHOP, "minikube", &["cluster.nodes=2", "cluster.kubernetes=1.36"]).text;
    check_shell(&script);
    assert!(script.starts_with("#!/bin/sh\n"), "{script}");
    for needed in [
        "--profile=shop",
        "--nodes=2",
        "--kubernetes-version=v1.36.2",
        "--ports=127.0.0.1:8080:80,127.0.0.1:8443:443,127.0.0.1:30080:30080,127.0.0.1:30053:30053/udp",
        "--addons=traefik,metrics-server",
        "for image in shop-web:1 shop-dns:1 shop-mail:1; do",
        "minikube image load \"$image\" --profile shop",
        "#     minikube tunnel --profile shop",
    ] {
        assert!(script.contains(needed), "{needed} in\n{script}");
    }
    // the addon serves no Gateways, so there the chart is installed instead
    let gateway = plan(SHOP, "minikube", &["cluster.expose.api=gateway"]).text;
    check_shell(&gateway);
    assert!(gateway.contains("--addons=metrics-server\n"), "{gateway}");
    assert!(gateway.contains("\nhelm upgrade --install traefik "), "{gateway}");
    assert!(gateway.contains("--set providers.kubernetesGateway.enabled=true"), "{gateway}");
}

/// With stand-ins for docker and minikube the script runs to its end, and loads only what this machine has.
#[test]
fn the_script_loads_the_images_that_are_here() {
    let script = plan(SHOP, "minikube", &[]).text;
    let stand_ins = "docker() { [ \"$3\" = shop-web:1 ]; }\nminikube() { echo \"minikube $*\"; }\n";
    let output = Command::new("sh").args(["-c", &format!("{stand_ins}{script}")]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].starts_with("minikube start --profile=shop --driver=docker --ports="), "{said}");
    assert_eq!(lines[1..], ["minikube image load shop-web:1 --profile shop"]);
}

#[test]
fn a_cloud_gets_the_class_that_no_provider_makes() {
    let objects = documents(&plan(SHOP, "eks", &[]).text);
    let objects: Vec<&Value> = objects.iter().filter(|object| !object.is_null()).collect();
    assert_eq!(objects.len(), 1);
    let class = objects[0];
    assert_eq!((at(class, "kind"), at(class, "metadata.name")), (&"StorageClass".into(), &"gp3".into()));
    assert_eq!((at(class, "provisioner"), at(class, "parameters.type")), (&"ebs.csi.aws.com".into(), &"gp3".into()));
    assert_eq!(at(class, "volumeBindingMode"), "WaitForFirstConsumer");
    let text = plan(SHOP, "eks", &["cluster.expose.api=gateway", "cluster.expose.class=web"]).text;
    let gateway = documents(&text).into_iter().find(|object| at(object, "kind") == "GatewayClass").unwrap();
    assert_eq!(at(&gateway, "spec.controllerName"), "gateway.k8s.aws/alb");
    assert_eq!(at(&gateway, "metadata.name"), "web");
}

#[test]
fn a_cloud_is_told_what_must_be_there() {
    let text = plan(SHOP, "digitalocean", &["cluster.tls.issuer=letsencrypt"]).text;
    assert!(text.lines().all(|line| line.starts_with('#')), "nothing is to be applied: {text}");
    for needed in [
        "#     helm upgrade --install cert-manager ",
        "--set config.enableGatewayAPI=true",
        "#     helm upgrade --install metrics-server ",
        "#     kubectl get clusterissuer letsencrypt",
        "#     kubectl get storageclass do-block-storage",
        "#     kubectl get gatewayclass cilium",
        "standard-install.yaml",
    ] {
        assert!(text.contains(needed), "{needed} in\n{text}");
    }
    let gke = plan(SHOP, "gke", &[]).text;
    assert!(gke.contains("--gateway-api=standard\n") && !gke.contains("standard-install.yaml"), "{gke}");
}

#[test]
fn logins_to_registries_are_made_before_anything_is_pulled() {
    let stack = format!("{SHOP}\n[cluster]\nimages.pull-secrets = [\"pull\"]\n");
    let text = plan(&stack.replace("name = \"shop\"", "name = \"shop\"\nnamespace = \"shop-ns\""), "cloud", &[]).text;
    let login = "#     kubectl create secret docker-registry pull --namespace shop-ns --docker-server=REGISTRY";
    let place = |needle: &str| text.find(needle).unwrap_or_else(|| panic!("{needle} in\n{text}"));
    assert!(place("kubectl create namespace shop-ns") < place(login));
}

#[test]
fn what_cannot_be_mapped_is_said() {
    let remarks = |stack: &str, set: &[&str]| plan(stack, "k3d", set).remarks;
    assert!(remarks(SHOP, &[]).is_empty(), "{:?}", remarks(SHOP, &[]));
    let free = remarks(&SHOP.replace(", node-port = 30053", ""), &[]);
    assert!(free.len() == 1 && free[0].contains("`dns`") && free[0].contains("service.node-port = 30080"), "{free:?}");
    let taken = remarks(SHOP, &["cluster.ports.http=30080"]);
    assert!(taken.len() == 1 && taken[0].contains("port 30080 of `web`"), "{taken:?}");
    let taken = remarks(&SHOP.replace("smtp = 2525", "smtp = 80"), &[]);
    assert!(taken.len() == 1 && taken[0].contains("127.0.0.1:8080 leads to port 80"), "{taken:?}");
}

#[test]
fn a_name_that_the_tool_refuses_is_refused_first() {
    let messages = |name: &str, profile: &str| {
        let stack = SHOP.replace("name = \"shop\"", &format!("name = \"{name}\""));
        let rendered = Rendered::of_text(&stack, &root().join("examples/todo"), profile, &[]);
        let session = &rendered.session;
        let mut report = Report::default();
        let mut checking = Checking { sources: &session.sources, origins: &session.origins, report: &mut report };
        cluster::check(&rendered.rendering.made_of.0, &mut checking);
        report.diagnostics
    };
    let long = "a-name-of-thirty-three-characters";
    let said = messages(long, "k3d");
    assert_eq!((said.len(), said[0].code), (1, "bad-cluster-name"));
    assert!(said[0].place().is_some() && said[0].help.as_ref().unwrap().contains("cluster.name"));
    assert!(messages(&long[..32], "k3d").is_empty() && messages(long, "kind").is_empty());
    assert_eq!((messages("s", "minikube").len(), messages("s", "k3d").len(), messages(long, "cloud").len()), (1, 0, 0));
}

#[test]
fn a_cluster_can_be_made_before_there_is_a_stack() {
    let folder = Folder::new("no-stack", &[]);
    let made = folder.run(&["cluster", "-p", "kind"]).ends(0);
    assert_eq!(made.err, "");
    assert_eq!(at(&documents(&made.out)[0], "name"), "stowplan");
    made.prints(&["stowplan cluster -p kind | kind create cluster --config -"]);
    folder.run(&["cluster"]).refused(&["stowplan cluster -p k3d"]);
    folder.write("stack.toml", "[api.web]\nimage = \"web:1\"\nport = 80\n");
    folder.run(&["cluster"]).says(&["`stowplan cluster -p k3d`"]);
}

/// Facts are texts of anybody's choice; none of them ends a comment or a word of a script.
#[test]
fn no_fact_becomes_a_command() {
    let hostile = "[cluster]\nrequires = [\"a\\nexit 7\"]\naddons = [\"x;exit 8\", \"$(exit 9)\"]\ntls = { mode = \"cert-manager\", issuer = \"i\\nexit 10\" }\n";
    let stack = format!("{SHOP}\n{hostile}");
    let script = plan(&stack, "minikube", &[]).text;
    let stand_ins = "docker() { false; }\nminikube() { :; }\nhelm() { :; }\n";
    let output = Command::new("sh").args(["-c", &format!("{stand_ins}{script}")]).output().unwrap();
    assert!(output.status.success(), "{output:?}\n{script}");
    assert!(script.contains("--addons='x;exit 8,$(exit 9)'"), "{script}");
    for profile in ["k3d", "kind", "cloud"] {
        let text = plan(&stack, profile, &[]).text;
        assert!(text.lines().all(|line| !line.starts_with("exit")), "{text}");
    }
}
