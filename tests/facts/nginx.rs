//! S4: three ways to replace nginx on kind. S7: one Deployment in place of Pod, ReplicationController and ReplicaSet.

use crate::reading::{container, holds, leads_to, pod};
use crate::rendered::{Rendered, at};

#[test]
fn r18_nginx_strategies() {
    let objects = Rendered::of_example("nginx-strategies", "kind").objects();
    assert!(!objects.has_kind("Service"), "nothing asks for these Pods");
    let workload = |name: &str| objects.get(&format!("Deployment/{name}"));
    holds(workload("httpserver"), "spec: {replicas: 3}");
    holds(container(workload("httpserver")), "image: nginx:1.25.3");
    let port = "image: nginx:1.25.3\nports: [{name: http, containerPort: 80}]";
    for name in ["nginx-deployment", "nginx-recreate", "nginx-rolling"] {
        holds(container(workload(name)), port);
    }
    holds(workload("nginx-deployment"), "spec: {replicas: 3}");
    assert!(at(workload("nginx-deployment"), "spec.strategy").is_null(), "Kubernetes' own: 25% and 25%");
    holds(workload("nginx-recreate"), "spec: {replicas: 10, strategy: {type: Recreate}}");
    assert!(at(workload("nginx-recreate"), "spec.strategy.rollingUpdate").is_null());
    holds(container(workload("nginx-recreate")), "lifecycle: {preStop: {sleep: {seconds: 10}}}");
    let rolling = "spec: {replicas: 10, strategy: {type: RollingUpdate, \
        rollingUpdate: {maxSurge: 100%, maxUnavailable: 25%}}}";
    holds(workload("nginx-rolling"), rolling);
}

#[test]
fn r26_nginx_family_and_its_service() {
    let objects = Rendered::of_example("nginx-web", "minikube").objects();
    let deployment = objects.get("Deployment/myapp-deployment");
    holds(deployment, "metadata: {labels: {tier: frontend, type: front-end}}\nspec: {replicas: 6}");
    holds(pod(deployment), "metadata: {labels: {tier: frontend, type: front-end}}");
    let selector = at(deployment, "spec.selector.matchLabels").as_mapping().unwrap();
    assert_eq!(selector.len(), 2, "labels of the user are not what Pods are selected by");
    holds(deployment, "metadata: {annotations: {kubernetes.io/change-cause: nginx 1.27.3}}");
    holds(objects.get("Service/myapp-service"), "spec: {ports: [{port: 80}]}");
    assert!(at(objects.get("Service/myapp-service"), "spec.type").is_null());
    holds(objects.get("Service/myapp-nodeport"), "spec: {type: NodePort, ports: [{port: 80, nodePort: 30008}]}");
    for service in ["myapp-service", "myapp-nodeport"] {
        assert_eq!(leads_to(&objects, service, 80), 80);
    }
    for obsolete in ["Pod", "ReplicationController", "ReplicaSet"] {
        assert!(!objects.has_kind(obsolete));
    }
}
