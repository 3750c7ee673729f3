//! The first two applications as their authors describe them, fact by fact, read back by another reader of YAML.
//!
//! `r01` to `r10` are the rows of the table of systems; where what we make differs, a fault of the original is the reason, and a
//! test named after that fault shows that it cannot happen here.

mod rendered;

use rendered::{Objects, Rendered, at, examples, profiles, root};
use serde_yaml::Value;
use std::fs;

/// The profiles on which the rows are checked.
const LOCAL: [&str; 2] = ["k3d", "minikube"];

fn todo(profile: &str) -> Objects {
    Rendered::of_example("todo", profile).objects()
}

fn slack(profile: &str) -> Objects {
    Rendered::of_example("slack-metrics", profile).objects()
}

/// An example with more text behind it.
fn extended(example: &str, more: &str, profile: &str) -> Objects {
    let folder = root().join("examples").join(example);
    let stack = fs::read_to_string(folder.join("stack.toml")).unwrap();
    Rendered::of_text(&format!("{stack}\n{more}"), &folder, profile, &[]).objects()
}

/// Fails unless all of `expected`, written as YAML, is in the value: maps may hold more, lists may not.
#[track_caller]
fn holds(value: &Value, expected: &str) {
    let expected: Value = serde_yaml::from_str(expected).unwrap();
    if let Some(path) = missing(value, &expected) {
        panic!("`{path}` is not as expected in\n{}", serde_yaml::to_string(value).unwrap());
    }
}

/// The path of the first thing in `expected` that the value does not hold.
fn missing(value: &Value, expected: &Value) -> Option<String> {
    let below = |key: &str, value: &Value, expected: &Value| Some(format!("{key}.{}", missing(value, expected)?));
    match (value, expected) {
        (Value::Mapping(_), Value::Mapping(entries)) => entries.iter().find_map(|(key, expected)| {
            let key = key.as_str()?;
            below(key, value.get(key).unwrap_or(&Value::Null), expected)
        }),
        (Value::Sequence(items), Value::Sequence(wanted)) if items.len() == wanted.len() => {
            items.iter().zip(wanted).enumerate().find_map(|(at, (item, wanted))| below(&at.to_string(), item, wanted))
        }
        (value, expected) => (value != expected).then(String::new),
    }
}

/// The main container of a workload.
fn container(workload: &Value) -> &Value {
    at(pod(workload), "spec.containers.0")
}

/// The Pod template of a workload.
fn pod(workload: &Value) -> &Value {
    match at(workload, "spec.jobTemplate.spec.template") {
        Value::Null => at(workload, "spec.template"),
        template => template,
    }
}

/// The workloads of a stack.
fn workloads(objects: &Objects) -> Vec<&Value> {
    objects.0.iter().filter(|object| !pod(object).is_null()).collect()
}

/// Whether a map holds all entries of another.
fn includes(labels: &Value, wanted: &Value) -> bool {
    wanted.as_mapping().is_some_and(|wanted| wanted.iter().all(|(key, value)| labels.get(key) == Some(value)))
}

/// The number of the container's port to which a port of a Service leads: selector, then name.
#[track_caller]
fn leads_to(objects: &Objects, service: &str, port: u64) -> u64 {
    let service = objects.get(&format!("Service/{service}"));
    let ports = at(service, "spec.ports").as_sequence().unwrap();
    let name = at(ports.iter().find(|entry| at(entry, "port") == port).unwrap(), "targetPort");
    let selector = at(service, "spec.selector");
    let behind: Vec<_> = workloads(objects)
        .into_iter()
        .filter(|workload| includes(at(pod(workload), "metadata.labels"), selector))
        .collect();
    assert_eq!(behind.len(), 1, "one workload is behind a Service");
    let ports = at(container(behind[0]), "ports").as_sequence().unwrap();
    let found = ports.iter().find(|port| at(port, "name") == name).unwrap();
    at(found, "containerPort").as_u64().unwrap()
}

/// The variables of a container: `NAME=text`, `NAME=secret/key`.
fn variables(container: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let variable = |variable: &Value| {
        let reference = at(variable, "valueFrom.secretKeyRef");
        let value = text(at(variable, "value"))
            .or_else(|| Some(format!("{}/{}", text(at(reference, "name"))?, text(at(reference, "key"))?)));
        format!("{}={}", text(at(variable, "name")).unwrap(), value.unwrap())
    };
    at(container, "env").as_sequence().into_iter().flatten().map(variable).collect()
}

fn storage_class(profile: &str) -> &'static str {
    if profile == "k3d" { "local-path" } else { "standard" }
}

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

/// Runs a check for every example on every profile.
fn everywhere(check: impl Fn(&Objects, &str)) {
    for example in examples() {
        for profile in profiles() {
            check(&Rendered::of_example(&example, profile).objects(), profile);
        }
    }
}

#[test]
fn fault_006_labels_are_the_same_on_an_object_and_its_pods() {
    everywhere(|objects, _| {
        for workload in workloads(objects) {
            assert_eq!(at(workload, "metadata.labels"), at(pod(workload), "metadata.labels"));
        }
    });
}

#[test]
fn fault_012_a_changed_config_rolls_the_pods_that_read_it() {
    let sum = |objects: &Objects, workload: &str| {
        let sums = at(pod(objects.get(workload)), "metadata.annotations").get("stowplan/checksum").cloned();
        sums.expect("Pods that read a config carry its checksum")
    };
    let (before, after) = (
        slack("k3d"),
        extended("slack-metrics", "[profile.k3d.config.slack-metrics-config]\ndata.LOG_LEVEL = \"debug\"", "k3d"),
    );
    assert_ne!(sum(&before, "Deployment/slack-metrics-api"), sum(&after, "Deployment/slack-metrics-api"));
    assert_eq!(sum(&before, "StatefulSet/postgres"), sum(&after, "StatefulSet/postgres"));
}

#[test]
fn fault_014_one_port_reaches_container_service_and_probe() {
    let objects = extended("todo", "[profile.k3d.api.api]\nport = \"80:4000\"", "k3d");
    assert_eq!(leads_to(&objects, "api", 80), 4000);
    holds(container(objects.get("Deployment/api")), "livenessProbe: {httpGet: {port: http}}");
}

#[test]
fn fault_015_connections_follow_the_convention_of_the_client() {
    everywhere(|objects, _| {
        for workload in workloads(objects).into_iter().filter(|workload| at(workload, "kind") != "StatefulSet") {
            let variables = variables(container(workload));
            let names: Vec<_> = variables.iter().filter_map(|variable| variable.split('=').next()).collect();
            assert_eq!(names[..5], ["PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE"]);
        }
    });
}

#[test]
fn fault_017_a_value_of_the_database_is_written_once() {
    let objects = extended("slack-metrics", "[profile.k3d.db.postgres]\ndatabase = \"other\"\nport = 6543", "k3d");
    let server = variables(container(objects.get("StatefulSet/postgres")));
    assert!(
        server.contains(&"POSTGRES_DB=other".to_owned()) && server.contains(&"PGPORT=6543".to_owned()),
        "{server:?}"
    );
    for client in ["Deployment/slack-metrics-api", "Job/migration-job-*", "CronJob/slack-metrics-cronjob"] {
        let client = variables(container(objects.get(client)));
        assert!(
            client.contains(&"PGDATABASE=other".to_owned()) && client.contains(&"PGPORT=6543".to_owned()),
            "{client:?}"
        );
    }
    assert_eq!(leads_to(&objects, "postgres", 6543), 6543);
}

#[test]
fn fault_022_clouds_get_no_secret_in_a_manifest() {
    for profile in profiles().filter(|profile| !["k3d", "minikube", "kind"].contains(profile)) {
        for rendered in [Rendered::of_example("todo", profile), Rendered::of_example("slack-metrics", profile)] {
            assert!(!rendered.objects().has_kind("Secret"), "{profile}");
            assert!(!rendered.yaml.contains("dev-only"), "{profile}");
        }
    }
}

#[test]
fn fault_024_no_secret_is_typed_into_the_history_of_a_shell() {
    let rendered = Rendered::of_example("todo", "cloud");
    let commands = rendered.rendering.notes.iter().filter_map(|note| match note {
        stowplan::pipeline::Note::Command { command, .. } => Some(command),
        _ => None,
    });
    let creation: Vec<_> = commands.filter(|command| command.contains("create secret")).collect();
    assert_eq!(creation.len(), 1);
    for value in creation[0].split("--from-literal=").skip(1) {
        assert!(value.contains("=\"$(cat)\""), "{value}");
    }
}

#[test]
fn fault_030_an_image_that_was_loaded_is_used() {
    everywhere(|objects, _| {
        for workload in workloads(objects) {
            let spec = at(pod(workload), "spec");
            for list in ["initContainers", "containers"] {
                for container in at(spec, list).as_sequence().into_iter().flatten() {
                    assert_eq!(at(container, "imagePullPolicy"), "IfNotPresent");
                    let image = at(container, "image").as_str().unwrap();
                    assert!(image.rsplit('/').next().unwrap().contains(':') && !image.ends_with(":latest"), "{image}");
                }
            }
        }
    });
}

#[test]
fn fault_038_the_mount_moves_with_version_18() {
    let data = |version: &str| {
        let objects = extended("todo", &format!("[profile.k3d.db.postgres]\nversion = \"{version}\""), "k3d");
        let container = container(objects.get("StatefulSet/postgres")).clone();
        (at(&container, "volumeMounts.0.mountPath").clone(), variables(&container)[3].clone())
    };
    assert_eq!(data("17"), ("/var/lib/postgresql/data".into(), "PGDATA=/var/lib/postgresql/data/pgdata".into()));
    assert_eq!(data("18"), ("/var/lib/postgresql".into(), "PGDATA=/var/lib/postgresql/18/docker".into()));
}

#[test]
fn fault_044_a_database_has_a_readiness_probe_by_default() {
    everywhere(|objects, _| {
        let probe = at(container(objects.get("StatefulSet/postgres")), "readinessProbe");
        assert!(at(probe, "exec.command.2").as_str().unwrap().contains("pg_isready"));
    });
}

#[test]
fn fault_046_a_startup_probe_gives_a_database_time_to_recover() {
    everywhere(|objects, _| {
        let database = container(objects.get("StatefulSet/postgres"));
        let seconds = |probe: &str| {
            let number = |key: &str| at(database, &format!("{probe}.{key}")).as_u64().unwrap();
            number("periodSeconds") * number("failureThreshold")
        };
        assert!(seconds("startupProbe") >= 600, "{}", seconds("startupProbe"));
        assert!(seconds("livenessProbe") >= 60, "{}", seconds("livenessProbe"));
    });
}

#[test]
fn fault_047_probes_that_run_a_command_have_five_seconds() {
    everywhere(|objects, _| {
        for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
            let probe = at(container(objects.get("StatefulSet/postgres")), probe);
            holds(probe, "timeoutSeconds: 5");
        }
    });
}

#[test]
fn fault_048_apis_wait_until_routers_have_seen_that_they_go() {
    everywhere(|objects, _| {
        for api in workloads(objects).into_iter().filter(|workload| at(workload, "kind") == "Deployment") {
            holds(container(api), "lifecycle: {preStop: {sleep: {seconds: 5}}}");
        }
    });
}

#[test]
fn fault_055_every_container_asks_for_resources() {
    everywhere(|objects, _| {
        for workload in workloads(objects) {
            let spec = at(pod(workload), "spec");
            for list in ["initContainers", "containers"] {
                for container in at(spec, list).as_sequence().into_iter().flatten() {
                    assert!(at(container, "resources.requests.cpu").is_string());
                    assert!(at(container, "resources.requests.memory").is_string());
                }
            }
        }
    });
}

#[test]
fn fault_058_no_replicas_beside_an_autoscaler() {
    for profile in profiles().filter(|profile| *profile != "kind") {
        assert!(at(todo(profile).get("Deployment/api"), "spec.replicas").is_null(), "{profile}");
        assert!(at(slack(profile).get("Deployment/slack-metrics-api"), "spec.replicas").is_null(), "{profile}");
    }
}

#[test]
fn fault_059_a_drain_takes_one_pod_at_a_time_in_a_cloud() {
    holds(todo("cloud").get("PodDisruptionBudget/api"), "spec: {maxUnavailable: 1}");
    assert!(!todo("k3d").has_kind("PodDisruptionBudget"));
}

#[test]
fn fault_063_replicas_are_spread_over_zones_in_a_cloud() {
    let spread =
        "topologySpreadConstraints: [{topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway}]";
    holds(at(pod(todo("cloud").get("Deployment/api")), "spec"), spread);
    assert!(at(pod(todo("k3d").get("Deployment/api")), "spec.topologySpreadConstraints").is_null());
}

#[test]
fn fault_064_pgdata_in_a_subdirectory() {
    everywhere(|objects, _| {
        let database = container(objects.get("StatefulSet/postgres"));
        let mount = at(database, "volumeMounts.0.mountPath").as_str().unwrap();
        assert!(variables(database).contains(&format!("PGDATA={mount}/pgdata")), "{:?}", variables(database));
    });
}

#[test]
fn fault_065_storage_classes_come_from_the_profile() {
    let classes = [
        ("k3d", Some("local-path")),
        ("minikube", Some("standard")),
        ("kind", Some("standard")),
        ("cloud", None),
        ("eks", Some("gp3")),
        ("gke", Some("standard-rwo")),
        ("aks", Some("managed-csi")),
        ("digitalocean", Some("do-block-storage")),
    ];
    for (profile, class) in classes {
        let (todo, slack) = (todo(profile), slack(profile));
        let template = at(todo.get("StatefulSet/postgres"), "spec.volumeClaimTemplates.0.spec.storageClassName");
        assert_eq!(template.as_str(), class, "{profile}");
        let claim = at(slack.get("PersistentVolumeClaim/postgres-pvc"), "spec.storageClassName");
        assert_eq!(claim.as_str(), class, "{profile}");
    }
}

#[test]
fn fault_067_every_claim_is_mounted() {
    everywhere(|objects, _| {
        for claim in objects.0.iter().filter(|object| at(object, "kind") == "PersistentVolumeClaim") {
            let mounts = |workload: &&Value| {
                let volumes = at(pod(workload), "spec.volumes").as_sequence().into_iter().flatten();
                let mut claims = volumes.map(|volume| at(volume, "persistentVolumeClaim.claimName"));
                claims.any(|name| name == at(claim, "metadata.name"))
            };
            assert!(workloads(objects).iter().any(mounts));
        }
    });
}

#[test]
fn fault_072_the_governing_service_is_there() {
    everywhere(|objects, _| {
        let name = at(objects.get("StatefulSet/postgres"), "spec.serviceName").as_str().unwrap();
        holds(objects.get(&format!("Service/{name}")), "spec: {clusterIP: \"None\", publishNotReadyAddresses: true}");
    });
}

#[test]
fn fault_074_clients_have_an_address_that_stays() {
    everywhere(|objects, _| {
        let service = objects.get("Service/postgres");
        assert!(at(service, "spec.clusterIP").is_null(), "the client Service is not headless");
    });
}

#[test]
fn fault_076_the_migration_waits_for_the_database_and_comes_before_the_api() {
    for profile in profiles() {
        let objects = slack(profile);
        let wait = at(pod(objects.get("Job/migration-job-*")), "spec.initContainers.0");
        assert!(at(wait, "command.2").as_str().unwrap().contains("nc -z -w 2 postgres 5432"));
        let names = objects.names();
        let place = |kind: &str| names.iter().position(|name| name.starts_with(kind)).unwrap();
        assert!(place("Job/") < place("Deployment/"));
    }
}

#[test]
fn fault_077_a_changed_job_is_another_one() {
    let name = |objects: &Objects| at(objects.get("Job/migration-job-*"), "metadata.name").as_str().unwrap().to_owned();
    let changed =
        extended("slack-metrics", "[profile.k3d.job.migration-job]\nimage = \"slack-metrics-api:1.0.1\"", "k3d");
    assert_ne!(name(&slack("k3d")), name(&changed));
    assert_eq!(name(&slack("k3d")), name(&slack("k3d")));
    let digits = name(&changed).trim_start_matches("migration-job-").to_owned();
    assert!(digits.len() == 8 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()), "{digits}");
}

#[test]
fn fault_078_jobs_have_an_end() {
    for profile in profiles() {
        let objects = slack(profile);
        let job = "spec: {backoffLimit: 3, activeDeadlineSeconds: 3600, ttlSecondsAfterFinished: 86400}";
        holds(objects.get("Job/migration-job-*"), job);
        let cronjob = "spec: {successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1, \
            jobTemplate: {spec: {backoffLimit: 2, activeDeadlineSeconds: 3600}}}";
        holds(objects.get("CronJob/slack-metrics-cronjob"), cronjob);
    }
}

#[test]
fn fault_083_schedules_have_a_time_zone() {
    everywhere(|objects, _| {
        for cronjob in objects.0.iter().filter(|object| at(object, "kind") == "CronJob") {
            holds(cronjob, "spec: {timeZone: Asia/Tokyo}");
        }
    });
}

#[test]
fn fault_084_a_slow_run_meets_no_other() {
    everywhere(|objects, _| {
        for cronjob in objects.0.iter().filter(|object| at(object, "kind") == "CronJob") {
            holds(cronjob, "spec: {concurrencyPolicy: Forbid, startingDeadlineSeconds: 300}");
        }
    });
}

#[test]
fn fault_090_no_fixed_port_on_the_nodes_of_a_cloud() {
    for profile in profiles().filter(|profile| !["k3d", "minikube", "kind"].contains(profile)) {
        assert!(at(slack(profile).get("Service/slack-metrics-api"), "spec.type").is_null(), "{profile}");
    }
}

#[test]
fn fault_092_the_ingress_class_comes_from_the_profile() {
    for (profile, class) in
        [("k3d", Some("traefik")), ("minikube", Some("traefik")), ("kind", None), ("eks", Some("alb"))]
    {
        for (objects, name) in [(todo(profile), "Ingress/web"), (slack(profile), "Ingress/slack-metrics-api-ingress")] {
            assert_eq!(at(objects.get(name), "spec.ingressClassName").as_str(), class, "{profile}");
        }
    }
    for (profile, class) in
        [("gke", "gke-l7-global-external-managed"), ("aks", "approuting-istio"), ("digitalocean", "cilium")]
    {
        assert_eq!(at(todo(profile).get("Gateway/todo"), "spec.gatewayClassName"), class);
    }
}

#[test]
fn fault_093_refinements_of_the_cloud_answer_https() {
    for profile in ["gke", "aks", "digitalocean"] {
        let objects = todo(profile);
        holds(objects.get("Gateway/todo"), "spec: {listeners: [{protocol: HTTP}, {protocol: HTTPS}]}");
        let redirect = "spec: {rules: [{filters: [{requestRedirect: {scheme: https}}]}]}";
        holds(objects.get("HTTPRoute/web-redirect"), redirect);
    }
    let annotations = at(todo("eks").get("Ingress/web"), "metadata.annotations").clone();
    assert_eq!(annotations["alb.ingress.kubernetes.io/ssl-redirect"], "443");
}

#[test]
fn fault_098_every_port_has_a_name() {
    everywhere(|objects, _| {
        for service in objects.0.iter().filter(|object| at(object, "kind") == "Service") {
            for port in at(service, "spec.ports").as_sequence().unwrap() {
                assert!(at(port, "name").is_string() && at(port, "targetPort").is_string());
            }
        }
        for workload in workloads(objects) {
            for port in at(container(workload), "ports").as_sequence().into_iter().flatten() {
                assert!(at(port, "name").is_string());
            }
        }
    });
}

#[test]
fn fault_100_the_namespace_comes_first() {
    for profile in profiles() {
        assert_eq!(todo(profile).names()[0], "Namespace/app");
    }
}

#[test]
fn fault_102_objects_come_in_the_order_in_which_they_need_each_other() {
    const ORDER: [&str; 14] = [
        "Namespace",
        "Secret",
        "ConfigMap",
        "PersistentVolumeClaim",
        "Service",
        "StatefulSet",
        "Job",
        "Deployment",
        "CronJob",
        "HorizontalPodAutoscaler",
        "PodDisruptionBudget",
        "Gateway",
        "Ingress",
        "HTTPRoute",
    ];
    everywhere(|objects, profile| {
        let kinds: Vec<_> = objects.0.iter().map(|object| at(object, "kind").as_str().unwrap()).collect();
        let places: Vec<_> = kinds.iter().map(|kind| ORDER.iter().position(|known| known == kind).unwrap()).collect();
        assert!(places.is_sorted(), "{profile}: {kinds:?}");
    });
}

#[test]
fn fault_103_one_selector_finds_all_of_a_stack() {
    for example in examples() {
        for profile in profiles() {
            for object in Rendered::of_example(&example, profile).objects().0 {
                let labels = at(&object, "metadata.labels");
                assert_eq!(labels["app.kubernetes.io/part-of"], example.as_str());
                assert_eq!(labels["app.kubernetes.io/managed-by"], "stowplan");
                assert!(
                    labels["app.kubernetes.io/name"].is_string() && labels["app.kubernetes.io/component"].is_string()
                );
            }
        }
    }
}

#[test]
fn fault_106_no_pod_holds_a_token() {
    everywhere(|objects, _| {
        for workload in workloads(objects) {
            holds(pod(workload), "spec: {automountServiceAccountToken: false}");
        }
    });
}
