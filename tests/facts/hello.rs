//! S5: hello-server on kind, configured in every way. S6: hello-minikube, the smallest stack.

use crate::reading::{container, extended, holds, leads_to, pod, workloads};
use crate::rendered::{Objects, Rendered, at, root};

fn hello(profile: &str) -> Objects {
    Rendered::of_example("hello-server", profile).objects()
}

#[test]
fn r19_hello_server_inside_and_on_the_nodes() {
    let objects = hello("kind");
    holds(objects.get("Deployment/hello-server"), "spec: {replicas: 3}");
    holds(objects.get("Service/hello-server-service"), "spec: {ports: [{port: 8080}]}");
    assert!(at(objects.get("Service/hello-server-service"), "spec.type").is_null());
    let external = "spec: {type: NodePort, ports: [{port: 8080, nodePort: 30599}]}";
    holds(objects.get("Service/hello-server-external"), external);
    for service in ["hello-server-service", "hello-server-external"] {
        // Pods are found by a selector that cannot be misspelt: it is made from the same name as their labels.
        assert_eq!(leads_to(&objects, service, 8080), 8081);
    }
    assert!(!objects.names().contains(&"Service/hello-server".to_owned()));
}

#[test]
fn r20_hello_server_configured_by_a_variable() {
    let objects = hello("kind");
    holds(objects.get("ConfigMap/hello-server-configmap"), "data: {PORT: \"8081\", HOST: localhost}");
    let variables = "env: [{name: PORT, valueFrom: {configMapKeyRef: {name: hello-server-configmap, key: PORT}}}, \
        {name: HOST, valueFrom: {configMapKeyRef: {name: hello-server-configmap, key: HOST}}}]";
    let server = container(objects.get("Deployment/hello-server"));
    holds(server, &format!("image: blux2/hello-server:1.4\nports: [{{containerPort: 8081}}]\n{variables}"));
    let file = root().join("examples/hello-server/stack.toml");
    let changed = Rendered::of_file(&file, "kind", &["vars.port=5555"]).objects();
    assert_eq!(at(changed.get("ConfigMap/hello-server-configmap"), "data.PORT"), "5555");
    assert_eq!(leads_to(&changed, "hello-server-service", 8080), 5555);
}

#[test]
fn r21_hello_server_configured_by_a_file() {
    let objects = hello("kind");
    let data = at(objects.get("ConfigMap/hello-server-files"), "data");
    assert_eq!(data.get("myconfig.txt").unwrap(), "I am hungry.", "no line break is added");
    let server = objects.get("Deployment/hello-file");
    holds(server, "spec: {replicas: 3}");
    holds(container(server), "image: blux2/hello-server:1.5");
    let mounts = at(container(server), "volumeMounts").as_sequence().unwrap();
    let mount = mounts.iter().find(|mount| at(mount, "mountPath") == "/etc/config").unwrap();
    let volumes = at(pod(server), "spec.volumes").as_sequence().unwrap();
    let volume = volumes.iter().find(|volume| at(volume, "name") == at(mount, "name")).unwrap();
    assert_eq!(at(volume, "configMap.name"), "hello-server-files");
}

/// A variable that no key stands behind is refused; a strategy that may add no Pod is written as it was asked for.
#[test]
fn r22_missing_key_and_a_surge_of_zero() {
    let strategy = "[profile.kind.api.hello-server]\nstrategy = { surge = 0 }\nreplicas = 1";
    let objects = extended("hello-server", strategy, "kind");
    let rolling = "spec: {replicas: 1, strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 0}}}";
    holds(objects.get("Deployment/hello-server"), rolling);
    let missing = "[profile.kind]\nunset = [\"config.hello-server-configmap.data.HOST\"]";
    let refused = std::panic::catch_unwind(|| extended("hello-server", missing, "kind"));
    let said = *refused.err().unwrap().downcast::<String>().unwrap();
    assert!(said.contains("`hello-server-configmap` has no key `HOST`"), "{said}");
}

#[test]
fn r23_secret_by_variable_and_by_file() {
    for profile in ["kind", "cloud"] {
        let objects = hello(profile);
        let server = objects.get("Deployment/hello-file");
        let variable = "env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: hello-server-secret, key: token}}}]\n\
            args: [--greeting=$(TOKEN)]";
        holds(container(server), variable);
        let volumes = at(pod(server), "spec.volumes").as_sequence().unwrap();
        let secret = volumes.iter().find(|volume| !at(volume, "secret").is_null()).unwrap();
        holds(secret, "secret: {secretName: hello-server-secret}");
    }
    let keys = hello("kind").get("Secret/hello-server-secret").get("stringData").unwrap().as_mapping().unwrap().len();
    assert_eq!(keys, 2, "a local cluster gets values that show what they are");
    assert!(!hello("cloud").has_kind("Secret"), "on a cloud it exists already");
}

#[test]
fn r25_hello_minikube() {
    let objects = Rendered::of_example("hello-minikube", "minikube").objects();
    assert_eq!(objects.names(), ["Service/hello-minikube", "Deployment/hello-minikube"]);
    let service = objects.get("Service/hello-minikube");
    holds(service, "spec: {type: NodePort, ports: [{port: 8080}]}");
    assert!(at(service, "spec.ports.0.nodePort").is_null(), "the cluster chooses");
    holds(objects.get("Deployment/hello-minikube"), "spec: {replicas: 1}");
    holds(container(workloads(&objects)[0]), "image: kicbase/echo-server:1.0");
}
