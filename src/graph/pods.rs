//! The Pods that objects describe, found by their labels.

use super::names::Names;
use super::selector::Selector;
use crate::bundle::{At, Bundle, Field, KindId, Object};
use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxBuildHasher;

/// The Pods of one object.
pub struct Pods<'a> {
    /// The object, as an index into the bundle.
    pub object: usize,
    /// Its kind.
    pub kind: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Where the Pods live.
    pub namespace: &'a str,
    /// A map with `metadata` and `spec`; a Pod is its own.
    pub template: &'a Field,
}

/// Labels that controllers add to Pods.
const ADDED: [&str; 9] = [
    "statefulset.kubernetes.io/pod-name",
    "apps.kubernetes.io/pod-index",
    "controller-revision-hash",
    "pod-template-hash",
    "pod-template-generation",
    "job-name",
    "batch.kubernetes.io/job-name",
    "batch.kubernetes.io/job-completion-index",
    "batch.kubernetes.io/controller-uid",
];

impl<'a> Pods<'a> {
    /// The value of a label that the template has.
    pub fn label(&self, key: &str) -> Option<&'a str> {
        self.labels().find(|(label, _)| *label == key).map(|(_, value)| value)
    }

    /// The labels of the template.
    pub fn labels(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let labels = self.template.follow(&["metadata", "labels"]).map_or(&[][..], Field::entries);
        labels.iter().map(|(key, value)| (&**key, value.as_str().unwrap_or_default()))
    }

    /// The containers that may listen: the main ones and those of `initContainers`.
    pub fn containers(&self) -> impl Iterator<Item = &'a Field> + use<'a> {
        let lists = ["containers", "initContainers"];
        let template = self.template;
        lists.into_iter().filter_map(move |list| template.follow(&["spec", list])).flat_map(Field::items)
    }

    /// The ports that containers declare.
    pub fn ports(&self) -> impl Iterator<Item = &'a Field> + use<'a> {
        self.containers().filter_map(|container| container.get("ports")).flat_map(Field::items)
    }

    /// Whether a selector means them, with the labels that their controller adds.
    pub fn are_selected(&self, selector: &Selector) -> bool {
        selector.accepts(|key, value| match self.label(key) {
            Some(own) => value.is_none_or(|value| value == own),
            None => ADDED.contains(&key) && self.may_be_added(key, value),
        })
    }

    /// Whether their controller may add this label with this value.
    fn may_be_added(&self, key: &str, value: Option<&str>) -> bool {
        let wanted = match (key, self.kind) {
            ("statefulset.kubernetes.io/pod-name", kind) => kind == "StatefulSet",
            ("apps.kubernetes.io/pod-index", kind) => return kind == "StatefulSet",
            ("controller-revision-hash", kind) => return matches!(kind, "StatefulSet" | "DaemonSet"),
            ("pod-template-hash", kind) => return matches!(kind, "Deployment" | "ReplicaSet"),
            ("pod-template-generation", kind) => return kind == "DaemonSet",
            ("job-name" | "batch.kubernetes.io/job-name", kind) => matches!(kind, "Job" | "CronJob"),
            (_, kind) => return matches!(kind, "Job" | "CronJob"),
        };
        let Some(value) = value.filter(|_| wanted) else { return wanted };
        let rest = value.strip_prefix(self.name);
        rest.is_some_and(|rest| if self.kind == "Job" { rest.is_empty() } else { rest.starts_with('-') })
    }
}

/// The keys that lead from an object to the description of its Pods. A kind that is not known has Pods where a Deployment has
/// them, as Rollouts do.
pub fn template_keys(object: &Object) -> Option<&'static [&'static str]> {
    let custom = || object.root.follow(&["spec", "template", "spec", "containers"]).map(|_| &["spec", "template"][..]);
    let is_custom = object.kind == KindId::OTHER;
    object.kind.row().pod_template.or_else(|| custom().filter(|_| is_custom))
}

/// Looks at the description of an object's Pods, where it has any: a map with `metadata` and `spec`.
pub fn look_at_template<'a>(object: &'a Object, look: &mut dyn FnMut(&At<'_, 'a>)) {
    if let Some(keys) = template_keys(object) {
        look_along(&At::root(&object.root), keys, look);
    }
}

/// Follows keys down and looks at what is there.
pub fn look_along<'a>(at: &At<'_, 'a>, keys: &[&str], look: &mut dyn FnMut(&At<'_, 'a>)) {
    match keys {
        [] => look(at),
        [key, rest @ ..] => look_along(&at.key(key), rest, look),
    }
}

/// All Pods, by namespace and label.
pub struct AllPods<'a> {
    /// In the order of their objects.
    pub pods: Vec<Pods<'a>>,
    by_label: IndexMap<(&'a str, &'a str, &'a str), Vec<usize>, FxBuildHasher>,
    by_namespace: IndexMap<&'a str, Vec<usize>, FxBuildHasher>,
}

impl<'a> AllPods<'a> {
    /// The Pods of these objects.
    pub fn of(bundle: &'a Bundle, names: &Names<'a>) -> Self {
        let mut all = Self { pods: Vec::new(), by_label: IndexMap::default(), by_namespace: IndexMap::default() };
        for (object, described) in bundle.objects.iter().enumerate() {
            let template = template_keys(described).and_then(|keys| described.root.follow(keys));
            // a PodTemplate describes Pods and makes none
            let Some(template) = template.filter(|_| described.kind_name() != "PodTemplate") else { continue };
            let (kind, name) = (described.kind_name(), described.name());
            all.add(Pods { object, kind, name, namespace: names.namespace(described), template });
        }
        all
    }

    fn add(&mut self, pods: Pods<'a>) {
        let index = self.pods.len();
        for (key, value) in pods.labels() {
            self.by_label.entry((pods.namespace, key, value)).or_default().push(index);
        }
        self.by_namespace.entry(pods.namespace).or_default().push(index);
        self.pods.push(pods);
    }

    /// The Pods in a namespace that a selector means, in order.
    pub fn selected<'s>(
        &'s self,
        namespace: &'s str,
        selector: &'s Selector<'a>,
    ) -> impl Iterator<Item = &'s Pods<'a>> + 's {
        let labels = selector.labels.iter().filter(|(key, _)| !ADDED.contains(key));
        let with_label = |(key, value): &(&'a str, &'a str)| {
            self.by_label.get(&(namespace, *key, *value)).map_or(&[][..], Vec::as_slice)
        };
        let fewest = labels.map(with_label).min_by_key(|pods| pods.len());
        let all = || self.by_namespace.get(namespace).map_or(&[][..], Vec::as_slice);
        let candidates = fewest.unwrap_or_else(all).iter().map(|index| &self.pods[*index]);
        candidates.filter(|pods| pods.are_selected(selector))
    }

    /// The namespaces that have Pods.
    pub fn namespaces(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.by_namespace.keys().copied()
    }

    /// The values that Pods of a namespace have for a label, each once, in order.
    pub fn values(&self, namespace: &str, key: &str) -> IndexSet<&'a str, FxBuildHasher> {
        let pods = self.by_namespace.get(namespace).map_or(&[][..], Vec::as_slice);
        pods.iter().filter_map(|index| self.pods[*index].label(key)).collect()
    }
}
