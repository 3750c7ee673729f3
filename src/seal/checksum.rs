//! A change of a ConfigMap or Secret rolls the Pods that read it: they carry a checksum of its content.

use super::{hexadecimal, set};
use crate::bundle::{Bundle, Field, Object};
use crate::stack::Stack;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// The annotation on the Pod template.
pub const ANNOTATION: &str = "stowplan/checksum";

/// Digits of the checksum.
const DIGITS: usize = 16;

/// The workloads whose Pods are rolled; Jobs and cron jobs read anew at each run.
const ROLLED: [&str; 3] = ["Deployment", "StatefulSet", "DaemonSet"];

/// ConfigMaps and Secrets of the bundle by kind and name.
type Sources = IndexMap<(&'static str, String), usize, FxBuildHasher>;

/// Annotates the Pod templates that read something that the bundle holds.
pub fn annotate(bundle: &mut Bundle, stack: &Stack) {
    let sources = sources(bundle, stack);
    if sources.is_empty() {
        return;
    }
    let mut sums = Vec::new();
    for (at, object) in bundle.objects.iter().enumerate() {
        if !ROLLED.contains(&object.kind_name()) || object.identity.is_given() {
            continue;
        }
        let read = read(object);
        let present: Vec<_> = read.iter().filter_map(|key| Some((key, *sources.get(key)?))).collect();
        if !present.is_empty() {
            sums.push((at, checksum(bundle, &present), present.iter().map(|(_, index)| *index).collect::<Vec<_>>()));
        }
    }
    for (at, sum, read) in sums {
        let Bundle { objects, causes } = bundle;
        let from: Vec<_> = read.iter().flat_map(|index| causes.origins(objects[*index].root.cause)).collect();
        let cause = causes.derive("a change of a config or secret rolls the Pods that read it", &from);
        set(
            &mut objects[at].root,
            &["spec", "template", "metadata", "annotations"],
            ANNOTATION,
            Field::text(sum, cause),
        );
    }
}

/// What a checksum may be taken of: a hash of a weak password from the environment or a file could be guessed.
fn sources(bundle: &Bundle, stack: &Stack) -> Sources {
    let mut sources = Sources::default();
    for (at, object) in bundle.objects.iter().enumerate() {
        let kind = match object.kind_name() {
            "ConfigMap" => "ConfigMap",
            "Secret" if !stack.holds_private_values(object.name()) => "Secret",
            _ => continue,
        };
        sources.insert((kind, object.name().to_owned()), at);
    }
    sources
}

/// Kinds and names of everything that the Pods of a workload read.
pub fn read(object: &Object) -> BTreeSet<(&'static str, String)> {
    let mut read = BTreeSet::new();
    let Some(spec) = object.pod_template().and_then(|template| template.get("spec")) else { return read };
    let mut note = |kind: &'static str, name: Option<&Field>| {
        if let Some(name) = name.and_then(Field::as_str) {
            read.insert((kind, name.to_owned()));
        }
    };
    for list in ["initContainers", "containers"] {
        for container in spec.get(list).map(Field::items).unwrap_or_default() {
            for variable in container.get("env").map(Field::items).unwrap_or_default() {
                note("ConfigMap", variable.follow(&["valueFrom", "configMapKeyRef", "name"]));
                note("Secret", variable.follow(&["valueFrom", "secretKeyRef", "name"]));
            }
            for source in container.get("envFrom").map(Field::items).unwrap_or_default() {
                note("ConfigMap", source.follow(&["configMapRef", "name"]));
                note("Secret", source.follow(&["secretRef", "name"]));
            }
        }
    }
    for volume in spec.get("volumes").map(Field::items).unwrap_or_default() {
        note("ConfigMap", volume.follow(&["configMap", "name"]));
        note("Secret", volume.follow(&["secret", "secretName"]));
        for source in volume.follow(&["projected", "sources"]).map(Field::items).unwrap_or_default() {
            note("ConfigMap", source.follow(&["configMap", "name"]));
            note("Secret", source.follow(&["secret", "name"]));
        }
    }
    read
}

/// SHA-256 over kind, name and sorted data of each.
fn checksum(bundle: &Bundle, present: &[(&(&'static str, String), usize)]) -> String {
    let mut hash = Sha256::new();
    let mut feed = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    for ((kind, name), at) in present {
        feed(kind);
        feed(name);
        for part in ["data", "stringData", "binaryData"] {
            let entries = bundle.objects[*at].root.get(part).map(Field::entries).unwrap_or_default();
            let mut entries: Vec<_> =
                entries.iter().map(|(key, value)| (&**key, value.as_str().unwrap_or_default())).collect();
            entries.sort_unstable();
            for (key, value) in entries {
                feed(key);
                feed(value);
            }
        }
    }
    hexadecimal(&hash.finalize(), DIGITS)
}
