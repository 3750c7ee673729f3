//! S9: every kind of Service.

use crate::reading::{container, holds, leads_to, variables};
use crate::rendered::{Rendered, at};

#[test]
fn r11_load_balancer() {
    for profile in ["cloud", "eks", "gke", "aks", "digitalocean"] {
        let objects = Rendered::of_example("service-kinds", profile).objects();
        holds(objects.get("Service/example-loadbalancer"), "spec: {type: LoadBalancer, ports: [{port: 80}]}");
        assert_eq!(leads_to(&objects, "example-loadbalancer", 80), 8080);
    }
}

#[test]
fn r24_external_name() {
    let objects = Rendered::of_example("service-kinds", "kind").objects();
    let service = objects.get("Service/legacy");
    holds(service, "spec: {type: ExternalName, externalName: legacy.example.org}");
    assert!(at(service, "spec.selector").is_null());
    let variables = variables(container(objects.get("Deployment/caller")));
    assert_eq!(variables[..2], ["LEGACY_HOST=legacy", "LEGACY_PORT=8080"]);
    assert_eq!(variables[2], "INTERNAL_URL=http://internal");
}

#[test]
fn headless_service_governs_the_set_of_the_same_name() {
    let objects = Rendered::of_example("service-kinds", "kind").objects();
    holds(objects.get("Service/members"), "spec: {clusterIP: \"None\"}");
    holds(objects.get("StatefulSet/members"), "spec: {serviceName: members, replicas: 3}");
    assert!(!objects.names().contains(&"Service/members-headless".to_owned()));
}
