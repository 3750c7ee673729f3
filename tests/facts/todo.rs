//! S1: a database and an API on k3d.

use crate::reading::{LOCAL, container, extended, holds, leads_to, pod, storage_class, todo, variables};
use crate::rendered::{Rendered, at, root};

#[test]
fn r01_todo_database() {
    for profile in LOCAL {
        let objects = todo(profile);
        holds(objects.get("Namespace/app"), "apiVersion: v1");
        let secret = "metadata: {namespace: app}\nstringData: {POSTGRES_USER: myuser, POSTGRES_DB: todos}";
        holds(objects.get("Secret/postgres-secret"), secret);
        let keys = at(objects.get("Secret/postgres-secret"), "stringData").as_mapping().unwrap();
        assert_eq!(keys.len(), 3);
        assert!(keys.contains_key("POSTGRES_PASSWORD"));
        holds(objects.get("Service/postgres"), "metadata: {namespace: app}");
        assert_eq!(leads_to(&objects, "postgres", 5432), 5432);
        let set = objects.get("StatefulSet/postgres");
        holds(set, "metadata: {namespace: app}\nspec: {replicas: 1}");
        holds(container(set), "name: postgres\nimage: postgres:16-alpine\nports: [{containerPort: 5432}]");
        holds(container(set), "volumeMounts: [{name: postgres-data, mountPath: /var/lib/postgresql/data}]");
        let expected = [
            "POSTGRES_USER=postgres-secret/POSTGRES_USER",
            "POSTGRES_PASSWORD=postgres-secret/POSTGRES_PASSWORD",
            "POSTGRES_DB=postgres-secret/POSTGRES_DB",
        ];
        assert_eq!(variables(container(set))[..3], expected);
        let claim = "metadata: {name: postgres-data}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 5Gi}}}";
        holds(at(set, "spec.volumeClaimTemplates.0"), claim);
        assert_eq!(at(set, "spec.volumeClaimTemplates.0.spec.storageClassName"), storage_class(profile));
    }
}

#[test]
fn r02_todo_api() {
    for profile in LOCAL {
        let objects = todo(profile);
        let service = objects.get("Service/api");
        holds(service, "metadata: {namespace: app}\nspec: {ports: [{port: 80}]}");
        assert!(at(service, "spec.type").is_null(), "a Service without a type is a ClusterIP");
        assert_eq!(leads_to(&objects, "api", 80), 3000);
        let deployment = objects.get("Deployment/api");
        holds(deployment, "metadata: {namespace: app}");
        let image = "name: api\nimage: docker.io/yourusername/todo-api:sha-e432059\nports: [{containerPort: 3000}]";
        holds(container(deployment), image);
        let live = "livenessProbe: {httpGet: {path: /healthz, port: http}, initialDelaySeconds: 10, periodSeconds: 10}";
        holds(container(deployment), live);
        let ready = "readinessProbe: {httpGet: {path: /healthz, port: http}, initialDelaySeconds: 3, periodSeconds: 5}";
        holds(container(deployment), ready);
        let expected = [
            "PGHOST=postgres",
            "PGPORT=5432",
            "PGUSER=postgres-secret/POSTGRES_USER",
            "PGPASSWORD=postgres-secret/POSTGRES_PASSWORD",
            "PGDATABASE=postgres-secret/POSTGRES_DB",
            "NODE_ENV=production",
            "PORT=3000",
        ];
        assert_eq!(variables(container(deployment)), expected);
    }
}

#[test]
fn r02_todo_api_with_the_full_name_of_the_database() {
    for profile in LOCAL {
        let edge = format!(
            "[profile.{profile}.api.api.uses.postgres]\nPGHOST = \"fqdn\"\nPGPORT = \"port\"\nPGUSER = \"user\"\n\
             PGPASSWORD = \"password\"\nPGDATABASE = \"database\""
        );
        let objects = extended("todo", &edge, profile);
        let variables = variables(container(objects.get("Deployment/api")));
        assert_eq!(variables[..2], ["PGHOST=postgres.app.svc.cluster.local", "PGPORT=5432"]);
        assert_eq!(variables[2], "PGUSER=postgres-secret/POSTGRES_USER");
    }
}

#[test]
fn r02_todo_runs_two_replicas_at_least() {
    for profile in LOCAL {
        holds(todo(profile).get("HorizontalPodAutoscaler/api"), "spec: {minReplicas: 2}");
    }
    holds(todo("kind").get("Deployment/api"), "spec: {replicas: 2}");
}

/// The same application pulled from a private registry: the Secret is promised, and every Pod that pulls names it.
#[test]
fn r03_todo_from_a_private_registry() {
    let more = "[secret.dockerhub-secret]\ntype = \"kubernetes.io/dockerconfigjson\"\nsource = \"existing\"\n\
        [defaults.workload]\npull-secrets = [\"dockerhub-secret\"]";
    for profile in ["k3d", "cloud"] {
        let objects = extended("todo", more, profile);
        for workload in ["Deployment/api", "CronJob/report"] {
            holds(at(pod(objects.get(workload)), "spec"), "imagePullSecrets: [{name: dockerhub-secret}]");
        }
        assert!(!objects.names().contains(&"Secret/dockerhub-secret".to_owned()), "it exists already");
    }
}

/// A new tag and five replicas by `--set`, as `kubectl set image` and `kubectl scale` did it; nothing else changes.
#[test]
fn r04_todo_rolled_to_a_new_version_and_scaled() {
    let file = root().join("examples/todo/stack.toml");
    // On kind the stack has no HPA, which elsewhere decides how many there are.
    let image = "api.api.image=docker.io/yourusername/todo-api:v1.1.0";
    let before = Rendered::of_file(&file, "kind", &[]);
    let after = Rendered::of_file(&file, "kind", &[image, "api.api.replicas=5"]);
    let expected = "spec: {replicas: 5, template: {spec: {containers: \
        [{image: \"docker.io/yourusername/todo-api:v1.1.0\"}]}}}";
    holds(after.objects().get("Deployment/api"), expected);
    let changed: Vec<_> = before.yaml.lines().zip(after.yaml.lines()).filter(|(old, new)| old != new).collect();
    assert_eq!(changed.len(), 2, "{changed:?}");
}
