//! The faults of the originals around backups, metrics and policies that cannot happen here.

use crate::reading::{container, pod, variables};
use crate::rendered::{Objects, Rendered, at, profiles};

fn myapp(profile: &str) -> Objects {
    Rendered::of_example("myapp", profile).objects()
}

fn script(objects: &Objects, name: &str) -> String {
    objects.get("ConfigMap/postgres-backup").get("data").unwrap()[name].as_str().unwrap().to_owned()
}

#[test]
fn fault_080_a_backup_has_the_password_where_its_tool_looks_for_it() {
    for profile in profiles() {
        let variables = variables(container(myapp(profile).get("CronJob/postgres-backup")));
        assert!(variables.contains(&"PGPASSWORD=postgres-secret/password".to_owned()), "{variables:?}");
    }
}

#[test]
fn fault_081_a_backup_that_fails_says_so() {
    let script = script(&myapp("k3d"), "backup.sh");
    let place = |text: &str| script.find(text).unwrap_or_else(|| panic!("{text} is not in the script"));
    assert!(place("set -eu") < place("dump \"$partial\""));
    assert!(
        place("dump \"$partial\"") < place("check \"$partial\"")
            && place("check \"$partial\"") < place("mv \"$partial\"")
    );
}

#[test]
fn fault_082_a_backup_keeps_the_newest_and_no_more() {
    let variables = variables(container(myapp("k3d").get("CronJob/postgres-backup")));
    assert!(variables.contains(&"BACKUP_KEEP=14".to_owned()), "{variables:?}");
    assert!(script(&myapp("k3d"), "backup.sh").contains("-gt \"$BACKUP_KEEP\""));
}

#[test]
fn fault_086_a_backup_comes_with_its_restore() {
    for profile in profiles() {
        assert_eq!(at(myapp(profile).get("Job/postgres-restore-*"), "spec.suspend").as_bool(), Some(true), "{profile}");
    }
}

#[test]
fn fault_087_a_dump_is_made_by_the_version_of_the_server() {
    let objects = myapp("k3d");
    let image = |name: &str| at(container(objects.get(name)), "image").clone();
    assert_eq!(image("CronJob/postgres-backup"), image("StatefulSet/postgres"));
    assert_eq!(image("Job/postgres-restore-*"), image("StatefulSet/postgres"));
}

#[test]
fn fault_097_the_plain_name_is_not_the_public_one() {
    let objects = Rendered::of_example("hello-server", "kind").objects();
    assert!(at(objects.get("Service/hello-server-service"), "spec.type").is_null());
    assert_eq!(at(objects.get("Service/hello-server-external"), "spec.type"), "NodePort");
}

#[test]
fn fault_099_a_database_is_reached_by_its_clients_alone() {
    let objects = myapp("cloud");
    let rules = at(objects.get("NetworkPolicy/postgres"), "spec.ingress").as_sequence().unwrap();
    assert!(rules.iter().all(|rule| !at(rule, "from").is_null()), "no rule is for everybody");
}

#[test]
fn fault_105_a_user_that_is_not_root_is_a_number() {
    for profile in profiles() {
        let exporter = myapp(profile).get("Deployment/postgres-exporter").clone();
        let security = at(pod(&exporter), "spec.securityContext");
        assert!(
            at(security, "runAsNonRoot").as_bool() == Some(true) && at(security, "runAsUser").is_u64(),
            "{profile}"
        );
    }
}

#[test]
fn fault_108_an_exporter_is_found_by_what_scrapes() {
    let objects = myapp("k3d");
    let service = objects.get("Service/postgres-exporter");
    assert_eq!(at(service, "spec.ports.0.name"), "metrics");
    let annotations = at(service, "metadata.annotations");
    assert_eq!(
        (&annotations["prometheus.io/scrape"], &annotations["prometheus.io/port"]),
        (&"true".into(), &"9187".into())
    );
}
