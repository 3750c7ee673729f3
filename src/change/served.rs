//! Compares what a server or another tool holds with our objects: what the server fills in is no difference.

use super::changes::{Act, Change, Disclosure};
use super::defaults::{ANNOTATIONS, COMPLETED, CUSTOM, CUSTOM_FILLED, DEFAULTS, FILLED, LABELS, OWNED};
use super::remark::Side;
use super::walk::{Tolerance, differences};
use crate::bundle::schema::Value;
use crate::bundle::{Bundle, Field, FieldValue, Object, Pointer, Slot};
use crate::check::api::decode;
use crate::document::quoted;
use crate::value::{Image, Scalar};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What differs between an object as it is somewhere else and ours.
pub fn served_differences<'b>(
    theirs: &'b Object,
    ours: &'b Object,
    bundle: &'b Bundle,
    values: Values,
) -> Vec<Change<'b>> {
    let served = Served { object: ours, bundle };
    let mut changes = differences(&theirs.root, &ours.root, Slot::of(ours), &served);
    if ours.kind_name() == "Secret" {
        changes.retain(|change| !is_content(change));
        changes.extend(contents(theirs, ours, values));
    }
    changes
}

/// Whether the values of a Secret of ours are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// They are.
    Known,
    /// They come from the environment or a file, and were not read.
    Unread,
}

/// Whether an object is made by a server or a controller, so that nobody misses it in a stack.
pub fn is_made_by_server(object: &Object, ours: &Bundle) -> bool {
    let owners = object.root.follow(&["metadata", "ownerReferences"]).map(Field::items).unwrap_or_default();
    let kind = object.root.get("type").and_then(Field::as_str).unwrap_or_default();
    match (object.kind_name(), object.name()) {
        _ if !owners.is_empty() => true,
        ("ConfigMap", "kube-root-ca.crt") | ("ServiceAccount", "default") | ("Service", "kubernetes") => true,
        ("Event" | "Endpoints" | "EndpointSlice" | "Lease" | "ControllerRevision", _) => true,
        ("Secret", _) => kind == "kubernetes.io/service-account-token" || kind.starts_with("helm.sh/release"),
        ("PersistentVolumeClaim", name) => ours.objects.iter().any(|set| is_claim_of(set, name)),
        _ => false,
    }
}

/// Whether a StatefulSet makes a claim of this name: `TEMPLATE-SET-0`.
fn is_claim_of(set: &Object, name: &str) -> bool {
    let templates = set.root.follow(&["spec", "volumeClaimTemplates"]).map(Field::items).unwrap_or_default();
    templates.iter().any(|template| {
        let template = template.follow(&["metadata", "name"]).and_then(Field::as_str).unwrap_or_default();
        let number = name.strip_prefix(&format!("{template}-{}-", set.name()));
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// What may be missing beside the object of a server.
struct Served<'b> {
    /// Ours.
    object: &'b Object,
    /// All of ours.
    bundle: &'b Bundle,
}

impl<'b> Tolerance<'b> for Served<'b> {
    fn is_tolerated(&self, field: &'b Field, slot: Slot, parent: (&'b Field, Slot), key: &str, side: Side) -> bool {
        if self.is_default(field, slot, parent.0, key) {
            return true;
        }
        if side == Side::Before && self.is_of_server(field, slot, parent, key) {
            return true;
        }
        let is_filled = match slot.value() {
            Some(Value::Map(_)) => true,
            Some(_) => slot.field().is_some_and(|field| FILLED.binary_search(&field).is_ok()),
            None => CUSTOM_FILLED.binary_search(&(self.group(), key)).is_ok() || key.is_empty(),
        };
        is_filled && self.says_nothing(field, slot, side)
    }
}

impl<'b> Served<'b> {
    fn group(&self) -> &'b str {
        self.object.api_version().rsplit_once('/').map_or("", |(group, _)| group)
    }

    /// Whether all in a map or list is tolerated.
    fn says_nothing(&self, field: &'b Field, slot: Slot, side: Side) -> bool {
        match &field.value {
            FieldValue::Map(entries) => {
                entries.iter().all(|(key, child)| self.is_tolerated(child, slot.key(key), (field, slot), key, side))
            }
            FieldValue::List(items) => {
                items.iter().all(|item| self.is_tolerated(item, slot.item(), (field, slot), "", side))
            }
            _ => false,
        }
    }

    /// Whether a value is the one that a server gives where none is written.
    fn is_default(&self, field: &Field, slot: Slot, parent: &Field, key: &str) -> bool {
        let spelled = field.spelled().unwrap_or_default();
        let has = |name: &str| parent.get(name).and_then(Field::spelled).is_some_and(|other| other == spelled);
        match slot.field() {
            Some(("core.v1.ServicePort", "targetPort")) => has("port"),
            Some(("core.v1.ContainerPort", "hostPort")) => has("containerPort"),
            Some(("core.v1.PodSpec", "serviceAccount")) if parent.get("serviceAccountName").is_some() => {
                has("serviceAccountName")
            }
            Some(("core.v1.Container", "imagePullPolicy")) => *spelled == *pull_policy(parent),
            Some(("networking.v1.NetworkPolicySpec", "policyTypes")) => is_policy_types(field, parent),
            Some(("autoscaling.v2.HPAScalingRules", "policies")) => field.items().iter().all(is_usual_scaling),
            Some((owner, name)) => {
                let is_plain = field.spelled().is_some();
                is_plain && DEFAULTS.binary_search(&(owner, name, &spelled)).is_ok()
            }
            None => field.spelled().is_some() && CUSTOM.binary_search(&(self.group(), key, &spelled)).is_ok(),
        }
    }

    /// Whether a server writes it, whatever its value.
    fn is_of_server(&self, field: &Field, slot: Slot, parent: (&Field, Slot), key: &str) -> bool {
        match (parent.1.field(), slot.field()) {
            (_, Some((_, "status"))) => true,
            (_, Some(("core.v1.ServiceSpec", "clusterIP"))) => field.as_str() != Some("None"),
            (_, Some((_, "replicas"))) => self.is_scaled(),
            (_, Some(field)) => OWNED.binary_search(&field).is_ok(),
            (Some(("meta.v1.ObjectMeta", "annotations")), None) => {
                ANNOTATIONS.iter().any(|beginning| key.starts_with(beginning))
            }
            (Some(("meta.v1.ObjectMeta", "labels")), None) => LABELS.binary_search(&key).is_ok(),
            (Some((_, "volumes" | "volumeMounts")), None) => {
                field.get("name").and_then(Field::as_str).is_some_and(|name| name.starts_with("kube-api-access-"))
            }
            (Some((_, "tolerations")), None) => {
                let key = field.get("key").and_then(Field::as_str).unwrap_or_default();
                matches!(key, "node.kubernetes.io/not-ready" | "node.kubernetes.io/unreachable")
            }
            (None, None) => {
                let is_metadata = OWNED.binary_search(&("meta.v1.ObjectMeta", key)).is_ok();
                let is_annotation = ANNOTATIONS.iter().any(|beginning| key.starts_with(beginning));
                is_metadata || is_annotation || key == "status" || COMPLETED.contains(&self.group())
            }
            _ => false,
        }
    }

    /// Whether an autoscaler of ours decides how many Pods there are.
    fn is_scaled(&self) -> bool {
        self.bundle.objects.iter().filter(|object| object.kind_name() == "HorizontalPodAutoscaler").any(|scaler| {
            let target = |key: &str| scaler.root.follow(&["spec", "scaleTargetRef", key]).and_then(Field::as_str);
            target("kind") == Some(self.object.kind_name()) && target("name") == Some(self.object.name())
        })
    }
}

/// The policy that a container without one gets.
fn pull_policy(container: &Field) -> &'static str {
    let image = container.get("image").and_then(Field::as_str).unwrap_or_default();
    match Image::parse(image) {
        Ok(image) if image.tag() == Some("latest") || image.tag().is_none() && image.digest().is_none() => "Always",
        _ => "IfNotPresent",
    }
}

/// `[Ingress]`, and `Egress` too where there are rules for it.
fn is_policy_types(field: &Field, policy: &Field) -> bool {
    let has_egress = policy.get("egress").is_some_and(|rules| !rules.items().is_empty());
    let types: Vec<_> = field.items().iter().filter_map(Field::as_str).collect();
    types == if has_egress { vec!["Ingress", "Egress"] } else { vec!["Ingress"] }
}

/// One of the steps by which an autoscaler scales where none are written: four Pods, or all of them again, in 15 seconds.
fn is_usual_scaling(policy: &Field) -> bool {
    let number = |key: &str| policy.get(key).and_then(Field::as_integer);
    let kind = policy.get("type").and_then(Field::as_str);
    matches!(
        (kind, number("value"), number("periodSeconds")),
        (Some("Pods"), Some(4), Some(15)) | (Some("Percent"), Some(100), Some(15))
    )
}

fn is_content(change: &Change) -> bool {
    ["data", "stringData"].iter().any(|part| change.field == *part || change.field.starts_with(&format!("{part}.")))
}

/// The values of a Secret, whether they are written as texts or in base64.
fn values(object: &Object) -> BTreeMap<&str, (&Field, Cow<'_, [u8]>)> {
    let mut values = BTreeMap::new();
    for (key, field) in object.root.get("data").map(Field::entries).unwrap_or_default() {
        values.insert(&**key, (field, Cow::Owned(decode(field.as_str().unwrap_or_default()))));
    }
    for (key, field) in object.root.get("stringData").map(Field::entries).unwrap_or_default() {
        values.insert(&**key, (field, Cow::Borrowed(field.as_str().unwrap_or_default().as_bytes())));
    }
    values
}

/// The keys of a Secret whose values differ.
fn contents<'b>(theirs: &'b Object, ours: &'b Object, known: Values) -> Vec<Change<'b>> {
    let (old, new) = (values(theirs), values(ours));
    let keys: std::collections::BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let change = |key: &str| {
        let act = match (old.get(key), new.get(key)) {
            (Some((_, one)), Some((_, other))) if one == other || known == Values::Unread => return None,
            (Some((one, _)), Some((other, _))) => Act::Changed(one, other),
            (Some((one, _)), None) => Act::Removed(one),
            (None, Some((other, _))) => Act::Added(other),
            (None, None) => return None,
        };
        let pointer = Pointer::from_iter(["data", key]);
        Some(Change {
            field: format!("data.{}", quoted(key)),
            before: act.before().map(|_| pointer.clone()),
            after: act.after().map(|_| pointer.clone()),
            at: pointer,
            act,
            disclosure: Disclosure::Secret,
            reasons: Vec::new(),
        })
    };
    keys.into_iter().filter_map(change).collect()
}
