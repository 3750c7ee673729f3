//! Fields of Kubernetes that no key of a component sets: the patch that does, ready to be pasted.

use super::TableForm;
use super::around::Around;
use crate::bundle::schema::{ServedKind, TypeId};
use crate::document::inline::literal;
use crate::document::quoted;

/// How a word must be spelled to be taken for a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// As Kubernetes spells it, with a capital in it: nobody writes that for a key of ours.
    Exact,
    /// Case, `-` and `_` do not count.
    Any,
}

/// What to write for a key that no table has, where it is a field of what the component becomes. `form` is the table in which the
/// key was written, `keys` lead to that table from the component, `value` is the value as it is typed.
pub fn help(
    form: &TableForm,
    keys: &[&str],
    name: &str,
    value: &str,
    around: &Around,
    how: Spelling,
) -> Option<String> {
    if how == Spelling::Exact && !name.contains(|letter: char| letter.is_ascii_uppercase()) {
        return None;
    }
    let kinds = workload_kinds(around);
    let (usual, others) = kinds.split_first()?;
    if let Some(patch) = Target::of(form, usual, around).find_map(|target| target.patch(keys, name, value, how)) {
        return Some(patch.help(&format!("no key sets `{}`: patch the field", patch.field), around));
    }
    others.iter().find_map(|kind| {
        let patch = Target::of(form, kind, around).find_map(|target| target.patch(keys, name, value, how))?;
        let why = format!("a {kind} alone has `{}`: write `kind = \"{kind}\"` and patch the field", patch.field);
        Some(patch.help(&why, around))
    })
}

/// What to write for a field of the Pods of a component, to which these keys lead; `why` is said before it.
pub fn pod_field(why: &str, path: &[&str], value: &str, around: &Around) -> Option<String> {
    let kinds = workload_kinds(around);
    let kind = kinds.first()?;
    let path = pod_spec(kind).iter().chain(path).map(|key| Step::Key((*key).to_owned())).collect();
    let field = String::new();
    Some(Patch { kind: (*kind).to_owned(), path, field, value: value.to_owned() }.help(why, around))
}

/// The header, the object and one field, below a sentence.
pub fn pasted(why: &str, on: &str, line: &str, around: &Around) -> String {
    let depth = around.path.len().saturating_sub(2);
    let layer: String = around.path[..depth].iter().map(|key| format!("{key}.")).collect();
    let name = around.name().unwrap_or("NAME");
    format!("{why}\n[{layer}patch.{}]\non = {}\n{line}", quoted(name), literal(on))
}

/// The kinds of workload that a component may become, the one that it becomes first.
fn workload_kinds(around: &Around) -> Vec<&str> {
    match around.table {
        "cronjob" => vec!["CronJob"],
        "job" => vec!["Job"],
        "db" => vec!["StatefulSet"],
        "hpa" => vec!["HorizontalPodAutoscaler"],
        "volume" => vec!["PersistentVolumeClaim"],
        _ => {
            let own = around.kind.as_deref().filter(|kind| REPLICATED.contains(kind)).unwrap_or(REPLICATED[0]);
            let others = REPLICATED.into_iter().filter(|kind| *kind != own);
            [own].into_iter().chain(others).collect()
        }
    }
}

const REPLICATED: [&str; 3] = ["Deployment", "StatefulSet", "DaemonSet"];

/// The keys that lead to what describes the Pods of a kind.
fn pod_spec(kind: &str) -> &'static [&'static str] {
    match kind {
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        _ => &["spec", "template", "spec"],
    }
}

/// A step on the way to a field.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// Into a key of an object.
    Key(String),
    /// Into the list of this name, to the item whose `key` is `value`.
    Item { list: &'static str, key: &'static str, value: String },
}

/// A part of an object that the fields of a table end in.
struct Target {
    kind: String,
    path: Vec<Step>,
}

impl Target {
    /// Where the keys of a table end, the outermost first.
    fn of(form: &TableForm, kind: &str, around: &Around) -> impl Iterator<Item = Self> {
        let keys = |keys: &[&str]| keys.iter().map(|key| Step::Key((*key).to_owned())).collect::<Vec<_>>();
        let spec = || vec![keys(&["spec"])];
        let pod = keys(pod_spec(kind));
        let inside = |outer: &[Step], key: &str| [outer, &[Step::Key(key.to_owned())]].concat();
        let main = around.name().map(|name| item(&pod, "containers", name));
        let with_rights = |container: &Option<Vec<Step>>| {
            container.iter().flat_map(|path| [path.clone(), inside(path, "securityContext")]).collect::<Vec<_>>()
        };
        let service = || (around.name().is_some() && matches!(around.table, "api" | "db")).then(spec);
        let (paths, others) = match form.name {
            "hpa" | "volume" => (spec(), None),
            "disruption budget" => (Vec::new(), around.name().map(|_| ("PodDisruptionBudget", spec()))),
            "service" => (Vec::new(), service().map(|paths| ("Service", paths))),
            "security" => {
                let container = main.iter().map(|path| inside(path, "securityContext"));
                ([inside(&pod, "securityContext")].into_iter().chain(container).collect(), None)
            }
            "strategy" => (spec(), None),
            "mount" | "probe" => (main.into_iter().collect(), None),
            "init container" | "sidecar" => (vec![pod.clone()], None),
            name if name == around.table => {
                let of_job = (kind == "CronJob").then(|| keys(&["spec", "jobTemplate", "spec"]));
                let own = spec().into_iter().chain(of_job).chain([pod.clone(), inside(&pod, "securityContext")]);
                (own.chain(with_rights(&main)).collect(), service().map(|paths| ("Service", paths)))
            }
            _ => (Vec::new(), None),
        };
        let kind = kind.to_owned();
        let own = paths.into_iter().map(move |path| Self { kind: kind.clone(), path });
        let others = others.into_iter().flat_map(|(kind, paths)| paths.into_iter().map(move |path| (kind, path)));
        own.chain(others.map(|(kind, path)| Self { kind: kind.to_owned(), path }))
    }

    /// The patch of a field below, where there is one of this name.
    fn patch(mut self, keys: &[&str], name: &str, value: &str, how: Spelling) -> Option<Patch> {
        let last = keys.last().map(|key| key.trim_matches(['"', '\'']));
        match (keys.first().copied(), last) {
            (Some("mounts"), Some(path)) => self.path = item_by(&self.path, "volumeMounts", "mountPath", path),
            (Some("probes"), Some(probe)) => {
                let field = match probe {
                    "live" => "livenessProbe",
                    "ready" => "readinessProbe",
                    _ => "startupProbe",
                };
                self.path.push(Step::Key(field.to_owned()));
            }
            (Some("init" | "sidecar"), Some(container)) if keys.len() == 2 => {
                self.path = item(&self.path, "initContainers", container);
            }
            (Some("init" | "sidecar"), _) => return None,
            _ => {}
        }
        let owner = self.owner()?;
        let mut fields = owner.fields().iter();
        let field = fields.find(|row| match how {
            Spelling::Exact => row.name() == name,
            Spelling::Any => folded(row.name()) == folded(name),
        })?;
        let mut path = self.path;
        path.push(Step::Key(field.name().to_owned()));
        Some(Patch { kind: self.kind, path, field: field.name().to_owned(), value: value.to_owned() })
    }

    /// The type of the object at its path.
    fn owner(&self) -> Option<TypeId> {
        let group = match &*self.kind {
            "CronJob" | "Job" => "batch",
            "HorizontalPodAutoscaler" => "autoscaling",
            "PodDisruptionBudget" => "policy",
            "Service" | "PersistentVolumeClaim" => "",
            _ => "apps",
        };
        let version = if group == "autoscaling" { "v2" } else { "v1" };
        let root = ServedKind::find(group, version, &self.kind)?.type_id();
        self.path.iter().try_fold(root, |owner, step| {
            let name = match step {
                Step::Key(key) => key,
                Step::Item { list, .. } => *list,
            };
            owner.field(name)?.value().item().1.type_id()
        })
    }
}

fn item(pod: &[Step], list: &'static str, name: &str) -> Vec<Step> {
    item_by(pod, list, "name", name)
}

fn item_by(outer: &[Step], list: &'static str, key: &'static str, value: &str) -> Vec<Step> {
    [outer, &[Step::Item { list, key, value: value.to_owned() }]].concat()
}

/// A field of an object with its value.
struct Patch {
    kind: String,
    path: Vec<Step>,
    /// The field, as Kubernetes spells it.
    field: String,
    value: String,
}

impl Patch {
    fn help(&self, why: &str, around: &Around) -> String {
        let name = around.name().unwrap_or("*");
        pasted(why, &format!("{}/{name}", self.kind), &assignment(&self.path, &self.value), around)
    }
}

/// `set.spec.replicas = 3`; an item of a list is named by a table.
fn assignment(path: &[Step], value: &str) -> String {
    let first_list = path.iter().position(|step| matches!(step, Step::Item { .. })).unwrap_or(path.len());
    let (keys, rest) = path.split_at(first_list);
    let mut line = String::from("set");
    for step in keys {
        if let Step::Key(key) = step {
            line.push('.');
            line.push_str(key);
        }
    }
    match rest.split_first() {
        Some((Step::Item { list, key, value: named }, below)) => {
            format!("{line}.{list} = [{{ {key} = {}, {} }}]", literal(named), inside(below, value))
        }
        _ => format!("{line} = {value}"),
    }
}

fn inside(path: &[Step], value: &str) -> String {
    match path.split_first() {
        None => value.to_owned(),
        Some((Step::Key(key), [])) => format!("{key} = {value}"),
        Some((Step::Key(key), below)) => format!("{key} = {{ {} }}", inside(below, value)),
        Some((Step::Item { list, key, value: named }, below)) => {
            format!("{list} = [{{ {key} = {}, {} }}]", literal(named), inside(below, value))
        }
    }
}

/// Case, `-` and `_` do not count in a word.
pub fn folded(word: &str) -> String {
    word.chars().filter(|character| !matches!(character, '-' | '_')).flat_map(char::to_lowercase).collect()
}
