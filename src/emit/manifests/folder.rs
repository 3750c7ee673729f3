//! A YAML file per object, for a folder that is kept in a repository.

use super::yaml::write_document;
use crate::bundle::{Bundle, Object};
use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxBuildHasher;

/// What a folder of files is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// kubectl applies it.
    Apply,
    /// It is compared with what a stack becomes later.
    Snapshot,
}

impl Purpose {
    /// The first line of every file: by it our own files are told from others when a folder is written again.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Apply => "# Made by stowplan; changes are lost.",
            Self::Snapshot => "# Made by `stowplan snapshot`; changes are lost.",
        }
    }
}

/// The name and contents of each file, in the order of the bundle.
///
/// A name is `KIND-NAME.yaml` (`00-namespace-NAME.yaml`, so that kubectl applies it first), with `_NAMESPACE` and then `_GROUP` behind the name where two objects would have the same one.
/// It does not change with the order of the objects. All names are lower-case, so they differ on every file system.
///
/// A snapshot has no `00-`, and names a Job without the hash in which its name ends, so that the file stays where the Job changes.
pub fn files(bundle: &Bundle, purpose: Purpose) -> Vec<(String, String)> {
    let names = file_names(&bundle.objects, purpose);
    names.into_iter().zip(&bundle.objects).map(|(name, object)| (name, contents(object, purpose))).collect()
}

fn contents(object: &Object, purpose: Purpose) -> String {
    let mut text = format!("{}\n", purpose.mark());
    write_document(&mut text, &object.root);
    text
}

/// The longest file name without its ending, in bytes: file systems take 255.
const LONGEST_STEM: usize = 200;

fn file_names(objects: &[Object], purpose: Purpose) -> Vec<String> {
    let stems = [stem_of_name, stem_with_namespace, stem_with_group]
        .map(|stem| objects.iter().map(|object| stem(object, purpose)).collect::<Vec<_>>());
    let counts = stems.each_ref().map(|stems| count(stems));
    let mut names: IndexSet<String, FxBuildHasher> = IndexSet::default();
    for object in 0..objects.len() {
        let level = (0..stems.len()).find(|level| counts[*level][stems[*level][object].as_str()] == 1);
        let stem = &stems[level.unwrap_or(stems.len() - 1)][object];
        let mut name = format!("{stem}.yaml");
        let mut copy = 2;
        while names.contains(&name) {
            name = format!("{stem}_{copy}.yaml");
            copy += 1;
        }
        names.insert(name);
    }
    names.into_iter().collect()
}

fn count(stems: &[String]) -> IndexMap<&str, u32, FxBuildHasher> {
    let mut counts = IndexMap::default();
    for stem in stems {
        *counts.entry(stem.as_str()).or_insert(0) += 1;
    }
    counts
}

/// kubectl applies the files of a folder in the order of their names, and everything else needs the namespace.
fn stem_of_name(object: &Object, purpose: Purpose) -> String {
    let first = if purpose == Purpose::Apply && object.kind_name() == "Namespace" { "00-" } else { "" };
    stem(&format!("{first}{}-{}", object.kind_name(), name(object, purpose)))
}

fn stem_with_namespace(object: &Object, purpose: Purpose) -> String {
    let namespace = object.namespace().unwrap_or_default();
    stem(&format!("{}-{}_{namespace}", object.kind_name(), name(object, purpose)))
}

fn stem_with_group(object: &Object, purpose: Purpose) -> String {
    let group = object.api_version().rsplit_once('/').map_or("", |(group, _)| group);
    let namespace = object.namespace().unwrap_or_default();
    stem(&format!("{}-{}_{namespace}_{group}", object.kind_name(), name(object, purpose)))
}

fn name(object: &Object, purpose: Purpose) -> &str {
    match purpose {
        Purpose::Apply => object.name(),
        Purpose::Snapshot => object.stable_name(),
    }
}

/// The text as part of a file name: names of some objects may hold what file systems take for something else (`system:x`).
fn stem(text: &str) -> String {
    let safe = |character: char| match character {
        'a'..='z' | '0'..='9' | '.' | '-' | '_' => character,
        'A'..='Z' => character.to_ascii_lowercase(),
        _ => '-',
    };
    text.chars().map(safe).take(LONGEST_STEM).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::{Field, FieldValue, Identity};
    use crate::document::OriginId;

    fn map(entries: Vec<(&'static str, Field)>) -> Field {
        let entries = entries.into_iter().map(|(key, field)| (key.into(), field));
        Field::new(FieldValue::Map(entries.collect()), OriginId(0))
    }

    fn object(api_version: &str, kind: &str, name: &str, namespace: Option<&str>) -> Object {
        let text = |text: &str| Field::text(text, OriginId(0));
        let mut metadata = vec![("name", text(name))];
        metadata.extend(namespace.map(|namespace| ("namespace", text(namespace))));
        let root = map(vec![("apiVersion", text(api_version)), ("kind", text(kind)), ("metadata", map(metadata))]);
        Object::from_field(Identity::new(name, "manifest"), root)
    }

    fn names(objects: Vec<Object>) -> Vec<String> {
        files(&Bundle { objects, ..Bundle::default() }, Purpose::Apply).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn the_namespace_is_applied_before_what_lives_in_it() {
        let mut names = names(vec![object("batch/v1", "CronJob", "a", None), object("v1", "Namespace", "shop", None)]);
        names.sort();
        assert_eq!(names, ["00-namespace-shop.yaml", "cronjob-a.yaml"]);
    }

    #[test]
    fn a_file_is_named_after_its_object_and_marked_as_ours() {
        let bundle = Bundle { objects: vec![object("apps/v1", "Deployment", "api", None)], ..Bundle::default() };
        let text =
            "# Made by stowplan; changes are lost.\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\n";
        assert_eq!(files(&bundle, Purpose::Apply), [("deployment-api.yaml".to_owned(), text.to_owned())]);
    }

    #[test]
    fn a_snapshot_keeps_its_names() {
        let objects =
            vec![object("v1", "Namespace", "shop", None), object("batch/v1", "Job", "migrate-8e4c8d54", None)];
        let bundle = Bundle { objects, ..Bundle::default() };
        let files = files(&bundle, Purpose::Snapshot);
        let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["namespace-shop.yaml", "job-migrate.yaml"]);
        let first = "# Made by `stowplan snapshot`; changes are lost.\napiVersion: batch/v1\n";
        assert!(files[1].1.starts_with(first), "{}", files[1].1);
    }

    #[test]
    fn only_what_would_meet_is_told_apart() {
        let ingress = |group: &str, namespace| object(&format!("{group}/v1"), "Ingress", "web", namespace);
        assert_eq!(
            names(vec![
                object("v1", "Service", "web", Some("a")),
                ingress("networking.k8s.io", Some("a")),
                ingress("networking.k8s.io", Some("b")),
                ingress("example.com", Some("b")),
            ]),
            [
                "service-web.yaml",
                "ingress-web_a.yaml",
                "ingress-web_b_networking.k8s.io.yaml",
                "ingress-web_b_example.com.yaml",
            ],
        );
    }

    #[test]
    fn no_name_leads_out_of_the_folder_or_is_too_long() {
        let role = |name: &str| object("rbac.authorization.k8s.io/v1", "ClusterRole", name, None);
        assert_eq!(names(vec![role("../../etc/passwd")]), ["clusterrole-..-..-etc-passwd.yaml"]);
        assert_eq!(
            names(vec![role("system:Node"), role("system-node")]),
            [
                "clusterrole-system-node__rbac.authorization.k8s.io.yaml",
                "clusterrole-system-node__rbac.authorization.k8s.io_2.yaml",
            ],
        );
        assert_eq!(names(vec![role(&"é".repeat(300))])[0].len(), 200 + ".yaml".len());
    }
}
