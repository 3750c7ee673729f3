//! S2: an API, a batch and a database with a disk of its own, on minikube.

use crate::reading::{LOCAL, container, holds, leads_to, pod, slack, storage_class, variables};
use crate::rendered::at;

#[test]
fn r05_slack_metrics_database() {
    for profile in LOCAL {
        let objects = slack(profile);
        holds(objects.get("Service/postgres-headless"), "spec: {clusterIP: \"None\"}");
        assert_eq!(leads_to(&objects, "postgres-headless", 5432), 5432);
        let set = objects.get("StatefulSet/postgres");
        holds(set, "spec: {serviceName: postgres-headless, replicas: 1}");
        holds(container(set), "name: postgres\nimage: postgres:15\nenvFrom: [{configMapRef: {name: postgres-config}}]");
        holds(at(pod(set), "spec"), "volumes: [{persistentVolumeClaim: {claimName: postgres-pvc}}]");
        let claim = objects.get("PersistentVolumeClaim/postgres-pvc");
        holds(claim, "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 5Gi}}}");
        assert_eq!(at(claim, "spec.storageClassName"), storage_class(profile));
        assert_eq!(at(objects.get("ConfigMap/postgres-config"), "data.TZ"), "Asia/Tokyo");
        holds(objects.get("Secret/postgres-secret"), "stringData: {POSTGRES_USER: slack-metrics}");
        assert!(!objects.has_kind("Namespace"), "this stack names no namespace");
    }
}

#[test]
fn r06_slack_metrics_api() {
    for profile in LOCAL {
        let objects = slack(profile);
        let internal = objects.get("Service/slack-metrics-api-internal");
        assert!(at(internal, "spec.type").is_null());
        assert!(at(internal, "spec.ports.0.nodePort").is_null());
        holds(
            objects.get("Service/slack-metrics-api"),
            "spec: {type: NodePort, ports: [{port: 8080, nodePort: 32432}]}",
        );
        for service in ["slack-metrics-api", "slack-metrics-api-internal"] {
            assert_eq!(leads_to(&objects, service, 8080), 8080);
        }
        let deployment = objects.get("Deployment/slack-metrics-api");
        let expected = "image: slack-metrics-api:1.0.0\nports: [{containerPort: 8080}]\n\
            envFrom: [{configMapRef: {name: slack-metrics-config}}]\n\
            resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}\n\
            livenessProbe: {httpGet: {path: /health}}\nreadinessProbe: {httpGet: {path: /health}}";
        holds(container(deployment), expected);
        holds(objects.get("ConfigMap/slack-metrics-config"), "data: {LOG_LEVEL: info}");
    }
}

#[test]
fn r07_slack_metrics_ingress() {
    for profile in LOCAL {
        let objects = slack(profile);
        let ingress = objects.get("Ingress/slack-metrics-api-ingress");
        assert_eq!(at(ingress, "apiVersion"), "networking.k8s.io/v1");
        let rules = "spec: {rules: [{host: sm-api.local, http: {paths: [{path: /, pathType: Prefix, backend: \
            {service: {name: slack-metrics-api-internal, port: {name: http}}}}]}}]}";
        holds(ingress, rules);
        let port = "spec: {ports: [{name: http, port: 8080}]}";
        holds(objects.get("Service/slack-metrics-api-internal"), port);
        assert!(at(ingress, "spec.tls").is_null());
    }
}

#[test]
fn r08_slack_metrics_migration() {
    for profile in LOCAL {
        let objects = slack(profile);
        let job = objects.get("Job/migration-job-*");
        holds(container(job), "image: slack-metrics-api:1.0.0\nargs: [npm, run, migrate]");
        let expected = [
            "PGHOST=postgres",
            "PGPORT=5432",
            "PGUSER=postgres-secret/POSTGRES_USER",
            "PGPASSWORD=postgres-secret/POSTGRES_PASSWORD",
            "PGDATABASE=slack_metrics",
        ];
        assert_eq!(variables(container(job)), expected);
    }
}

#[test]
fn r09_slack_metrics_batch() {
    for profile in LOCAL {
        let objects = slack(profile);
        let cronjob = objects.get("CronJob/slack-metrics-cronjob");
        holds(cronjob, "apiVersion: batch/v1\nspec: {schedule: 0 * * * *}");
        let expected = "image: slack-metrics-batch:1.0.0\nenvFrom: [{configMapRef: {name: slack-metrics-config}}]";
        holds(container(cronjob), expected);
    }
}

#[test]
fn r10_slack_metrics_autoscaler() {
    for profile in LOCAL {
        let objects = slack(profile);
        let expected = "apiVersion: autoscaling/v2\nspec: {minReplicas: 1, maxReplicas: 4, \
            scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: slack-metrics-api}, \
            metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}]}";
        holds(objects.get("HorizontalPodAutoscaler/slack-metrics-api-hpa"), expected);
    }
}
