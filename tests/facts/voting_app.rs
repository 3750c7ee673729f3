//! S8: the voting app, whose images know their neighbours by name.

use crate::reading::{container, holds, leads_to, variables, workloads};
use crate::rendered::{Rendered, at};

#[test]
fn r27_voting_app() {
    let objects = Rendered::of_example("voting-app", "minikube").objects();
    for (name, image, port) in [
        ("vote", "dockersamples/examplevotingapp_vote", 31000),
        ("result", "dockersamples/examplevotingapp_result", 31001),
    ] {
        holds(
            container(objects.get(&format!("Deployment/{name}"))),
            &format!("image: {image}\nports: [{{containerPort: 80}}]"),
        );
        let service = format!("spec: {{type: NodePort, ports: [{{port: 80, nodePort: {port}}}]}}");
        holds(objects.get(&format!("Service/{name}")), &service);
        assert_eq!(leads_to(&objects, name, 80), 80);
        let rule = format!("spec: {{rules: [{{http: {{paths: [{{backend: {{service: {{name: {name}}}}}}}]}}}}]}}");
        let ingress = if name == "vote" { "Ingress/voting" } else { "Ingress/result" };
        holds(objects.get(ingress), &rule);
    }
    let worker = objects.get("Deployment/worker");
    holds(container(worker), "image: dockersamples/examplevotingapp_worker");
    assert!(at(container(worker), "ports").is_null());
    assert!(!objects.names().contains(&"Service/worker".to_owned()), "nothing asks the worker");
    assert_eq!(leads_to(&objects, "redis", 6379), 6379);
    assert_eq!(leads_to(&objects, "db", 5432), 5432);
    holds(container(objects.get("StatefulSet/redis")), "image: redis:alpine");
    let database = container(objects.get("StatefulSet/db"));
    holds(database, "image: postgres:15-alpine");
    let expected = ["POSTGRES_USER=postgres", "POSTGRES_PASSWORD=db/password", "POSTGRES_DB=postgres"];
    assert_eq!(variables(database)[..3], expected);
    holds(objects.get("Secret/db"), "stringData: {password: postgres}");
    assert_eq!(workloads(&objects).len(), 5);
}
