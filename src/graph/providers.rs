//! What is there without being one of the objects: what others make, what the stack promises, what every cluster has.

use super::edge::Provider;
use super::names::Names;
use super::selector::Selector;
use crate::bundle::schema::ServedKind;
use crate::bundle::{Bundle, Field, FieldValue, KindId, Object};
use crate::stack::Stack;
use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxBuildHasher;

/// Who provides what is not one of the objects.
pub struct Providers<'a> {
    stack: Option<&'a Stack>,
    /// What objects of known kinds make, by kind, namespace and name with slashes between them.
    made: IndexMap<String, Made<'a>, FxBuildHasher>,
    /// Objects of kinds that are not known, by every text in them.
    mentioned: IndexMap<&'a str, usize, FxBuildHasher>,
    /// Claims that exist, as the stack says.
    claims: IndexSet<&'a str, FxBuildHasher>,
}

/// What an object makes.
struct Made<'a> {
    by: usize,
    /// The keys of a Secret, where they are known.
    keys: Option<Vec<&'a str>>,
}

/// Kinds that are not built in and make nothing that others refer to.
const BARREN: [&str; 12] = [
    "ServiceMonitor",
    "PodMonitor",
    "Probe",
    "PrometheusRule",
    "ClusterIssuer",
    "Issuer",
    "SecretStore",
    "ClusterSecretStore",
    "HTTPRoute",
    "GRPCRoute",
    "ReferenceGrant",
    "GatewayClass",
];

/// ClusterRoles that every cluster has. <https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles>
const ROLES: [&str; 4] = ["cluster-admin", "admin", "edit", "view"];

impl<'a> Providers<'a> {
    /// Those among these objects, and in the stack that they come from.
    pub fn of(bundle: &'a Bundle, names: &Names<'a>, stack: Option<&'a Stack>) -> Self {
        let (made, mentioned) = (IndexMap::default(), IndexMap::default());
        let claims = stack.map(claims).unwrap_or_default();
        let mut providers = Self { stack, made, mentioned, claims };
        for (index, object) in bundle.objects.iter().enumerate() {
            let namespace = names.namespace(object);
            for (kind, name, keys) in products(object) {
                providers.made.entry(full_name(kind, namespace, &name)).or_insert(Made { by: index, keys });
            }
            if may_make_anything(object) {
                mention(&object.root, index, &mut providers.mentioned);
            }
        }
        providers
    }

    /// Who provides an object that is not among the objects.
    pub fn of_object(&self, kind: &str, namespace: &str, name: &str) -> Option<Provider> {
        let made = || self.made(kind, namespace, name).map(|made| Provider::Object(made.by));
        let promised = || self.is_promised(kind, name).then_some(Provider::Stack);
        let everywhere = || is_everywhere(kind, namespace, name).then_some(Provider::Cluster);
        let perhaps = || self.maker(name).map(Provider::Perhaps);
        made().or_else(promised).or_else(everywhere).or_else(perhaps)
    }

    /// The keys of an object that is not among the objects, where they are known.
    pub fn keys(&self, kind: &str, namespace: &str, name: &str) -> Option<Vec<&str>> {
        if let Some(made) = self.made(kind, namespace, name) {
            return made.keys.clone();
        }
        let secrets = self.stack.map(|stack| stack.secrets.iter()).filter(|_| kind == "Secret")?;
        let mut plans = secrets.filter(|plan| plan.name.value == name);
        plans.next().map(|plan| plan.keys.iter().map(|key| key.name.value.as_str()).collect())
    }

    /// An object that may make Pods with such labels, though it has no Pod template that is known.
    pub fn of_pods(&self, selector: &Selector) -> Option<Provider> {
        let values = selector.labels.iter().map(|(_, value)| *value);
        let values = values.chain(selector.expressions.iter().flat_map(|expression| expression.values.iter().copied()));
        let mut makers = values.filter_map(|value| self.maker(value));
        makers.next().map(Provider::Perhaps)
    }

    /// Whether an object of an unknown kind has this text in it.
    pub fn is_mentioned(&self, name: &str) -> bool {
        self.mentioned.contains_key(name)
    }

    fn made(&self, kind: &str, namespace: &str, name: &str) -> Option<&Made<'a>> {
        if self.made.is_empty() {
            return None;
        }
        let numbered = || {
            // claims of a StatefulSet end in the number of their Pod
            let (stem, number) = name.rsplit_once('-').filter(|_| kind == "PersistentVolumeClaim")?;
            let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            self.made.get(&full_name(kind, namespace, stem)).filter(|_| is_number)
        };
        self.made.get(&full_name(kind, namespace, name)).or_else(numbered)
    }

    /// Whether the stack or its profile says that something exists.
    fn is_promised(&self, kind: &str, name: &str) -> bool {
        let Some(stack) = self.stack else { return false };
        let external = stack.file.tables.lint.iter().flat_map(|lint| &lint.external);
        let named = match kind {
            "Secret" => {
                let images = stack.cluster.images.as_ref();
                let pulled =
                    images.is_some_and(|images| images.pull_secrets.iter().any(|own| own.value.as_str() == name));
                pulled || stack.names.secrets.contains_key(name)
            }
            "PersistentVolumeClaim" => self.claims.contains(name),
            "ServiceAccount" => stack.file.tables.workloads().any(|(_, _, workload)| {
                let account = workload.service_account.as_ref();
                let exists = account.filter(|account| account.create.is_some_and(|create| !create.value));
                exists.and_then(|account| account.name.as_ref()).is_some_and(|own| own.value.as_str() == name)
            }),
            "StorageClass" => stack.cluster.storage.as_ref().is_some_and(|storage| {
                let own = storage.class.as_ref().map(|class| class.value.as_str());
                let shared = storage.rwx_class.as_ref().map(|class| class.value.as_str());
                own == Some(name) || shared == Some(name)
            }),
            "IngressClass" | "GatewayClass" => {
                let class = stack.cluster.expose.as_ref().and_then(|expose| expose.class.as_ref());
                class.is_some_and(|class| class.value == name)
            }
            "Gateway" => {
                let gateway = stack.cluster.expose.as_ref().and_then(|expose| expose.gateway.as_ref());
                gateway.is_some_and(|gateway| gateway.value.rsplit('/').next() == Some(name))
            }
            _ => false,
        };
        named || external.into_iter().any(|pattern| pattern.value.covers(kind, name))
    }

    /// An object of an unknown kind that has this name in it, or whose name the name begins or ends with: operators derive
    /// names so.
    fn maker(&self, name: &str) -> Option<usize> {
        let dashes = || name.char_indices().filter(|(_, character)| *character == '-').map(|(at, _)| at);
        let beginnings = dashes().map(|at| &name[..at]);
        let ends = dashes().map(|at| &name[at + 1..]);
        let whole = self.mentioned.get(name).filter(|_| !name.is_empty());
        whole.or_else(|| beginnings.chain(ends).find_map(|part| self.mentioned.get(part))).copied()
    }
}

fn full_name(kind: &str, namespace: &str, name: &str) -> String {
    format!("{kind}/{namespace}/{name}")
}

/// What an object of a known kind makes: kind, name, and the keys where they are known.
fn products(object: &Object) -> Vec<(&'static str, String, Option<Vec<&str>>)> {
    let text = |path: &[&str]| object.root.follow(path).and_then(Field::as_str).filter(|text| !text.is_empty());
    let name = object.name();
    let secret = |name: &str, keys| ("Secret", name.to_owned(), keys);
    match object.kind_name() {
        "ExternalSecret" => {
            vec![secret(text(&["spec", "target", "name"]).unwrap_or(name), external_keys(&object.root))]
        }
        "SealedSecret" => {
            let keys = object.root.follow(&["spec", "encryptedData"]).map(|data| keys(data).collect());
            let is_whole = object.root.follow(&["spec", "template", "data"]).is_none();
            let target = text(&["spec", "template", "metadata", "name"]).unwrap_or(name);
            vec![secret(target, keys.filter(|_| is_whole))]
        }
        "Certificate" => {
            let is_plain = object.root.follow(&["spec", "keystores"]).is_none();
            let keys = || vec!["tls.crt", "tls.key", "ca.crt"];
            text(&["spec", "secretName"]).map(|name| secret(name, is_plain.then(keys))).into_iter().collect()
        }
        "Cluster" if object.api_version().starts_with("postgresql.cnpg.io/") => {
            let secrets = ["app", "superuser", "ca", "server", "replication"];
            let services = ["rw", "ro", "r"].map(|end| ("Service", format!("{name}-{end}"), None));
            let secrets = secrets.map(|end| secret(&format!("{name}-{end}"), None));
            let account = ("ServiceAccount", name.to_owned(), None);
            secrets.into_iter().chain(services).chain([account]).collect()
        }
        "Ingress" | "Gateway" if has_issuer(object) => {
            let lists = [object.root.follow(&["spec", "tls"]), object.root.follow(&["spec", "listeners"])];
            let entries = lists.into_iter().flatten().flat_map(Field::items);
            let references = entries.flat_map(|entry| {
                let listed = entry.follow(&["tls", "certificateRefs"]).map_or(&[][..], Field::items);
                listed.iter().filter_map(|reference| reference.get("name")).chain(entry.get("secretName"))
            });
            references.filter_map(Field::as_str).map(|name| secret(name, None)).collect()
        }
        "StatefulSet" => {
            let templates = object.root.follow(&["spec", "volumeClaimTemplates"]).map_or(&[][..], Field::items);
            let names = templates.iter().filter_map(|template| template.follow(&["metadata", "name"])?.as_str());
            names.map(|disk| ("PersistentVolumeClaim", format!("{disk}-{name}"), None)).collect()
        }
        _ => Vec::new(),
    }
}

/// The keys of the Secret that an ExternalSecret makes; none where a template or a whole entry of the store decides.
fn external_keys(root: &Field) -> Option<Vec<&str>> {
    let spec = root.get("spec")?;
    if spec.get("dataFrom").is_some() || spec.follow(&["target", "template"]).is_some() {
        return None;
    }
    let entries = spec.get("data").map_or(&[][..], Field::items);
    Some(entries.iter().filter_map(|entry| entry.get("secretKey")?.as_str()).collect())
}

/// Whether cert-manager is asked for the certificates.
fn has_issuer(object: &Object) -> bool {
    let annotations = object.root.follow(&["metadata", "annotations"]).map_or(&[][..], Field::entries);
    annotations.iter().any(|(key, _)| key.starts_with("cert-manager.io/") || key == "kubernetes.io/tls-acme")
}

fn keys(map: &Field) -> impl Iterator<Item = &str> {
    map.entries().iter().map(|(key, _)| &**key)
}

/// Whether nothing is known of what an object makes.
fn may_make_anything(object: &Object) -> bool {
    let group = object.api_version().rsplit_once('/').map_or("", |(group, _)| group);
    let is_known = object.kind != KindId::OTHER && !group.contains("cnpg.io");
    !is_known
        && !object.kind_name().is_empty()
        && !BARREN.contains(&object.kind_name())
        && !ServedKind::all().any(|served| served.group() == group)
}

/// Notes every text below a field.
fn mention<'a>(field: &'a Field, index: usize, mentioned: &mut IndexMap<&'a str, usize, FxBuildHasher>) {
    match &field.value {
        FieldValue::String(text) => drop(mentioned.entry(text).or_insert(index)),
        FieldValue::List(items) => items.iter().for_each(|item| mention(item, index, mentioned)),
        FieldValue::Map(entries) => entries.iter().for_each(|(_, value)| mention(value, index, mentioned)),
        _ => {}
    }
}

/// The claims of which the stack says that they exist.
fn claims(stack: &Stack) -> IndexSet<&str, FxBuildHasher> {
    let tables = &stack.file.tables;
    let workloads = tables.workloads();
    let of_workloads =
        workloads.flat_map(|(_, name, workload)| workload.containers(name.as_ref().map(|name| name.as_str())));
    let mounts = of_workloads.map(|container| container.mounts).chain(tables.db.iter().map(|(_, db)| &db.mounts));
    mounts
        .flat_map(|mounts| mounts.iter())
        .filter_map(|(_, mount)| Some(mount.claim.as_ref()?.value.as_str()))
        .collect()
}

/// Whether every cluster has it.
fn is_everywhere(kind: &str, namespace: &str, name: &str) -> bool {
    match kind {
        "ServiceAccount" => name == "default" || namespace == "kube-system",
        "ConfigMap" => name == "kube-root-ca.crt" || namespace == "kube-system",
        "Service" => (namespace, name) == ("default", "kubernetes") || (namespace, name) == ("kube-system", "kube-dns"),
        "PriorityClass" => name.starts_with("system-"),
        "ClusterRole" => ROLES.contains(&name) || name.starts_with("system:"),
        "Role" => name.starts_with("system:") || name == "extension-apiserver-authentication-reader",
        "Namespace" => name == "default" || name.starts_with("kube-"),
        _ => false,
    }
}
