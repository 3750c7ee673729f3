//! The faults of the originals that cannot happen here.

use crate::reading::*;
use crate::rendered::{Objects, Rendered, at, examples, profiles};
use serde_yaml::Value;

/// The sets that run PostgreSQL.
fn postgres_servers(objects: &Objects) -> Vec<&Value> {
    let sets = workloads(objects).into_iter().filter(|workload| at(workload, "kind") == "StatefulSet");
    sets.filter(|set| at(container(set), "image").as_str().unwrap().starts_with("postgres:")).collect()
}

/// Runs a check for every example on every profile.
fn everywhere(check: impl Fn(&Objects, &str)) {
    for example in examples() {
        for profile in profiles() {
            check(&Rendered::of_example(&example, profile).objects(), profile);
        }
    }
}

/// R29: every example renders on every profile, and what is said about it is known.
#[test]
fn r29_every_row_on_every_profile() {
    for example in examples() {
        for profile in profiles() {
            let rendered = Rendered::of_example(&example, profile);
            assert!(!rendered.objects().0.is_empty());
            assert!(rendered.warnings().is_empty(), "{example} on {profile}: {:?}", rendered.warnings());
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
            if names.iter().any(|name| name.starts_with("PG")) {
                assert_eq!(names[..5], ["PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE"]);
            }
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
    let notes = rendered.rendering.notes();
    let commands = notes.iter().filter_map(|note| match note {
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
                    if image.starts_with("dockersamples/") {
                        continue; // published without versions
                    }
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
        for set in postgres_servers(objects) {
            let probe = at(container(set), "readinessProbe");
            assert!(at(probe, "exec.command.2").as_str().unwrap().contains("pg_isready"));
        }
    });
    assert_eq!(postgres_servers(&todo("k3d")).len(), 1);
}

#[test]
fn fault_046_a_startup_probe_gives_a_database_time_to_recover() {
    everywhere(|objects, _| {
        for database in postgres_servers(objects).into_iter().map(container) {
            let number = |probe: &str, key: &str| at(database, &format!("{probe}.{key}")).as_u64();
            if number("livenessProbe", "failureThreshold").is_none() {
                continue; // the stack has a probe of its own there
            }
            let seconds =
                |probe: &str| number(probe, "periodSeconds").unwrap() * number(probe, "failureThreshold").unwrap();
            assert!(seconds("startupProbe") >= 600, "{}", seconds("startupProbe"));
            assert!(seconds("livenessProbe") >= 60, "{}", seconds("livenessProbe"));
        }
    });
}

#[test]
fn fault_047_probes_that_run_a_command_have_five_seconds() {
    everywhere(|objects, _| {
        for database in postgres_servers(objects).into_iter().map(container) {
            for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
                holds(at(database, probe), "timeoutSeconds: 5");
            }
        }
    });
}

#[test]
fn fault_048_apis_wait_until_routers_have_seen_that_they_go() {
    everywhere(|objects, _| {
        let is_api = |workload: &&Value| at(workload, "metadata.labels")["app.kubernetes.io/component"] == "api";
        for api in workloads(objects).into_iter().filter(is_api) {
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
        for database in postgres_servers(objects).into_iter().map(container) {
            let mount = at(database, "volumeMounts.0.mountPath").as_str().unwrap();
            assert!(variables(database).contains(&format!("PGDATA={mount}/pgdata")), "{:?}", variables(database));
        }
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
        for set in workloads(objects).into_iter().filter(|workload| at(workload, "kind") == "StatefulSet") {
            let name = at(set, "spec.serviceName").as_str().unwrap();
            holds(objects.get(&format!("Service/{name}")), "spec: {clusterIP: \"None\"}");
        }
    });
}

#[test]
fn fault_074_clients_have_an_address_that_stays() {
    everywhere(|objects, _| {
        for set in postgres_servers(objects) {
            let service = objects.get(&format!("Service/{}", at(set, "metadata.name").as_str().unwrap()));
            assert!(at(service, "spec.clusterIP").is_null(), "the client Service is not headless");
        }
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
            holds(cronjob, "spec: {concurrencyPolicy: Forbid}");
            assert!(at(cronjob, "spec.startingDeadlineSeconds").is_u64());
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
        let services = objects.0.iter().filter(|object| at(object, "kind") == "Service");
        for service in services.filter(|service| at(service, "spec.type") != "ExternalName") {
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
    const ORDER: [&str; 18] = [
        "Namespace",
        "StorageClass",
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
        "NetworkPolicy",
        "Gateway",
        "Ingress",
        "HTTPRoute",
        "Cluster",
        "HealthCheckPolicy",
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
                let stack = if example == "hello-minikube" { "app" } else { example.as_str() };
                assert_eq!(labels["app.kubernetes.io/part-of"], stack);
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
