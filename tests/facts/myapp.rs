//! S3: a database that is guarded, backed up and measured, and its application, on AWS.

use crate::reading::{container, holds, leads_to, pod, variables};
use crate::rendered::{Objects, Rendered, at, profiles};
use serde_yaml::Value;

fn myapp(profile: &str) -> Objects {
    Rendered::of_example("myapp", profile).objects()
}

#[test]
fn r12_myapp_database_with_a_storage_class() {
    let objects = myapp("eks");
    let class = "provisioner: ebs.csi.aws.com\nparameters: {type: gp3, iops: \"3000\", throughput: \"125\"}\n\
        reclaimPolicy: Retain\nallowVolumeExpansion: true\nvolumeBindingMode: WaitForFirstConsumer";
    holds(objects.get("StorageClass/fast-ssd"), class);
    let set = objects.get("StatefulSet/postgres");
    holds(set, "spec: {serviceName: postgres-headless, replicas: 1}");
    let server = container(set);
    holds(server, "name: postgres\nimage: postgres:15\nports: [{name: postgres, containerPort: 5432}]");
    let expected = [
        "POSTGRES_USER=postgres-secret/username",
        "POSTGRES_PASSWORD=postgres-secret/password",
        "POSTGRES_DB=myapp",
        "PGDATA=/var/lib/postgresql/data/pgdata",
    ];
    assert_eq!(variables(server), expected);
    holds(server, "volumeMounts: [{name: postgres-storage, mountPath: /var/lib/postgresql/data}]");
    holds(server, "resources: {requests: {memory: 512Mi, cpu: 250m}, limits: {memory: 1Gi, cpu: 500m}}");
    let command = "[/bin/sh, \"-c\", \"pg_isready -U $POSTGRES_USER -d $POSTGRES_DB\"]";
    let probe = |delay, period| {
        format!("{{initialDelaySeconds: {delay}, periodSeconds: {period}, exec: {{command: {command}}}}}")
    };
    holds(server, &format!("readinessProbe: {}\nlivenessProbe: {}", probe(15, 5), probe(45, 10)));
    let claim = "metadata: {name: postgres-storage}\nspec: {accessModes: [ReadWriteOnce], storageClassName: fast-ssd, \
        resources: {requests: {storage: 20Gi}}}";
    holds(at(set, "spec.volumeClaimTemplates.0"), claim);
    assert!(at(objects.get("Service/postgres"), "spec.clusterIP").is_null());
    holds(objects.get("Service/postgres-headless"), "spec: {clusterIP: \"None\"}");
    for service in ["postgres", "postgres-headless"] {
        assert_eq!(leads_to(&objects, service, 5432), 5432);
    }
    let secret = "stringData: {username: postgres, password: dev-only-postgres-secret-password}";
    holds(myapp("k3d").get("Secret/postgres-secret"), secret);
}

/// What had no Service and no version has both; the connection is as its author wrote it.
#[test]
fn r13_myapp_web_app() {
    let objects = myapp("eks");
    let deployment = objects.get("Deployment/web-app");
    holds(deployment, "spec: {replicas: 3}");
    let app = container(deployment);
    holds(
        app,
        "ports: [{containerPort: 8080}]\nresources: {requests: {memory: 256Mi, cpu: 100m}, limits: {memory: 512Mi, cpu: 200m}}",
    );
    let expected = [
        "DB_USERNAME=postgres-secret/username",
        "DB_PASSWORD=postgres-secret/password",
        "DATABASE_URL=postgresql://postgres:5432/myapp",
    ];
    assert_eq!(variables(app), expected);
    assert_eq!(leads_to(&objects, "web-app", 8080), 8080);
}

#[test]
fn r14_myapp_backup() {
    let objects = myapp("eks");
    let cronjob = objects.get("CronJob/postgres-backup");
    holds(cronjob, "spec: {schedule: \"0 2 * * *\", timeZone: Asia/Tokyo, concurrencyPolicy: Forbid}");
    holds(pod(cronjob), "spec: {restartPolicy: OnFailure}");
    // The version of the server, or the dump would be refused.
    holds(container(cronjob), "name: postgres-backup\nimage: postgres:15");
    let variables = variables(container(cronjob));
    for expected in [
        "PGHOST=postgres",
        "PGUSER=postgres-secret/username",
        "PGPASSWORD=postgres-secret/password",
        "PGDATABASE=myapp",
    ] {
        assert!(variables.contains(&expected.to_owned()), "{expected} in {variables:?}");
    }
    let claim =
        "spec: {accessModes: [ReadWriteOnce], storageClassName: fast-ssd, resources: {requests: {storage: 100Gi}}}";
    holds(objects.get("PersistentVolumeClaim/postgres-backup"), claim);
    let volumes = at(pod(cronjob), "spec.volumes").as_sequence().unwrap();
    assert!(volumes.iter().any(|volume| at(volume, "persistentVolumeClaim.claimName") == "postgres-backup"));
}

/// A backup by hand is a Job of the CronJob; a restore is there, suspended until somebody wants it.
#[test]
fn r15_myapp_backup_by_hand_and_restore() {
    let objects = myapp("eks");
    let restore = objects.get("Job/postgres-restore-*");
    holds(restore, "spec: {suspend: true, backoffLimit: 0}");
    holds(container(restore), "image: postgres:15");
    let volumes = at(pod(restore), "spec.volumes").as_sequence().unwrap();
    assert!(volumes.iter().any(|volume| at(volume, "persistentVolumeClaim.claimName") == "postgres-backup"));
    let rendered = Rendered::of_example("myapp", "eks");
    let notes = rendered.rendering.notes();
    let commands: Vec<_> = notes.iter().filter_map(command).collect();
    assert!(commands.iter().any(|command| command.contains("--from=cronjob/postgres-backup")), "{commands:?}");
    assert!(commands.iter().any(|command| command.contains("\"suspend\":false")), "{commands:?}");
}

fn command(note: &stowplan::pipeline::Note) -> Option<&String> {
    match note {
        stowplan::pipeline::Note::Command { command, .. } => Some(command),
        _ => None,
    }
}

/// Three plain servers would be three databases; an operator makes one of them.
#[test]
fn r16_myapp_database_with_three_members() {
    let objects = myapp("eks");
    let cluster = objects.get("Cluster/postgres-ha");
    let expected =
        "apiVersion: postgresql.cnpg.io/v1\nspec: {instances: 3, storage: {size: 20Gi, storageClass: fast-ssd}}";
    holds(cluster, expected);
    assert!(at(cluster, "spec.imageName").as_str().unwrap().ends_with(":15"));
    assert!(!objects.names().iter().any(|name| name == "StatefulSet/postgres-ha"));
}

#[test]
fn r17_myapp_exporter() {
    let objects = myapp("eks");
    let deployment = objects.get("Deployment/postgres-exporter");
    holds(deployment, "spec: {replicas: 1}");
    let exporter = container(deployment);
    holds(exporter, "name: postgres-exporter\nports: [{name: metrics, containerPort: 9187}]");
    holds(exporter, "resources: {requests: {memory: 64Mi, cpu: 50m}, limits: {memory: 128Mi, cpu: 100m}}");
    assert!(at(exporter, "image").as_str().unwrap().starts_with("prometheuscommunity/postgres-exporter:v"));
    let expected = ["DATA_SOURCE_USER=postgres-secret/username", "DATA_SOURCE_PASS=postgres-secret/password"];
    assert_eq!(variables(exporter)[..2], expected);
    assert!(variables(exporter)[2].starts_with("DATA_SOURCE_URI=postgres:5432/myapp"));
    holds(objects.get("Service/postgres-exporter"), "metadata: {annotations: {prometheus.io/scrape: \"true\"}}");
    assert_eq!(leads_to(&objects, "postgres-exporter", 9187), 9187);
}

/// Only its clients reach the database: the application, and what is made beside it.
#[test]
fn r28_policy_around_the_myapp_database() {
    for profile in profiles() {
        let objects = myapp(profile);
        let policy = objects.get("NetworkPolicy/postgres");
        holds(policy, "spec: {policyTypes: [Ingress]}");
        let rules = at(policy, "spec.ingress").as_sequence().unwrap();
        let clients: Vec<_> = rules.iter().flat_map(clients).collect();
        assert_eq!(clients, ["web-app", "postgres-backup", "postgres-restore", "postgres-exporter"]);
        for rule in rules {
            holds(rule, "ports: [{port: 5432}]");
        }
        let selected = at(policy, "spec.podSelector.matchLabels");
        assert_eq!(selected, at(objects.get("StatefulSet/postgres"), "spec.selector.matchLabels"));
    }
}

fn clients(rule: &Value) -> Vec<&str> {
    let peers = at(rule, "from").as_sequence().unwrap();
    let labels = peers.iter().map(|peer| at(peer, "podSelector.matchLabels"));
    labels.map(|labels| labels["app.kubernetes.io/name"].as_str().unwrap()).collect()
}
