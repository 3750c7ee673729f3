//! Differences that a cluster refuses, or that hurt, where the first bundle is applied and the second one follows.

mod databases;

use super::changes::{Act, Change, Changes, ObjectChange};
use super::reason::Grounds;
use super::remark::{Harm, Risk};
use crate::bundle::{Bundle, Field, Object};
use crate::value::Quantity;

/// What happens, and what to do.
type Found = (Harm, String, String);

/// A rule over one object.
struct RiskRule {
    /// In kebab-case.
    name: &'static str,
    find: fn(&Situation) -> Option<Found>,
}

/// All rules; an object may break several.
const RULES: &[RiskRule] = &[
    RiskRule { name: "immutable-selector", find: selector },
    RiskRule { name: "immutable-claim-templates", find: claim_templates },
    RiskRule { name: "immutable-stateful-set", find: stateful_set },
    RiskRule { name: "immutable-job", find: job_template },
    RiskRule { name: "immutable-cluster-ip", find: cluster_ip },
    RiskRule { name: "service-address-lost", find: service_type },
    RiskRule { name: "immutable-claim", find: claim_fields },
    RiskRule { name: "smaller-claim", find: smaller_claim },
    RiskRule { name: "larger-claim", find: larger_claim },
    RiskRule { name: "deleted-claim", find: deleted_claim },
    RiskRule { name: "database-version", find: databases::version },
    RiskRule { name: "database-moved", find: databases::moved },
    RiskRule { name: "database-password", find: databases::password },
    RiskRule { name: "immutable-role-reference", find: role_reference },
    RiskRule { name: "immutable-content", find: immutable_content },
    RiskRule { name: "immutable-secret-type", find: secret_type },
    RiskRule { name: "immutable-class", find: class_fields },
    RiskRule { name: "other-namespace", find: other_namespace },
    RiskRule { name: "deleted-namespace", find: deleted_namespace },
    RiskRule { name: "left-running", find: left_running },
];

/// The names of all rules.
pub fn names() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.name)
}

/// Marks every object that breaks a rule.
pub fn assess<'b>(changes: &mut Changes<'b>, grounds: &Grounds<'b>) {
    let (before, after) = grounds.bundles();
    for object in &mut changes.objects {
        let situation = Situation { object, before, after };
        let risk = |rule: &RiskRule| {
            let (harm, message, help) = (rule.find)(&situation)?;
            Some(Risk { rule: rule.name, harm, message, help })
        };
        object.risks = RULES.iter().filter_map(risk).collect();
    }
}

/// An object that differs, among all others.
struct Situation<'s, 'b> {
    object: &'s ObjectChange<'b>,
    before: &'b Bundle,
    after: &'b Bundle,
}

impl<'b> Situation<'_, 'b> {
    fn is(&self, kinds: &[&str]) -> bool {
        kinds.contains(&self.object.object().kind_name())
    }

    /// `statefulset/postgres`, as kubectl takes it: the object as it is in the cluster.
    fn name(&self) -> String {
        let object = self.object.before.unwrap_or_else(|| self.object.object());
        format!("{}/{}", object.kind_name().to_lowercase(), object.name())
    }

    /// `-n app `, where the object has a namespace.
    fn namespace(&self) -> String {
        self.object.object().namespace().map(|namespace| format!("-n {namespace} ")).unwrap_or_default()
    }

    /// The first change at or below one of these paths.
    fn changed(&self, paths: &[&str]) -> Option<&Change<'b>> {
        let is_below = |field: &str, path: &str| {
            field.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        self.object.changes.iter().find(|change| paths.iter().any(|path| is_below(&change.field, path)))
    }

    fn is_kept(&self) -> bool {
        self.object.before.is_some() && self.object.after.is_some()
    }

    fn refused(&self, what: &str, help: String) -> Option<Found> {
        let message = format!("{what} of {} cannot change", self.name());
        Some((Harm::Refused, message, help))
    }
}

fn hurts(message: String, help: String) -> Option<Found> {
    Some((Harm::Hurts, message, help))
}

fn delete(situation: &Situation, options: &str) -> String {
    format!("`kubectl delete {}{}{options}`", situation.namespace(), situation.name())
}

fn selector(situation: &Situation) -> Option<Found> {
    let is_fixed = situation.is(&["Deployment", "DaemonSet", "ReplicaSet"]);
    situation.changed(&["spec.selector"]).filter(|_| is_fixed)?;
    let delete = delete(situation, " --cascade=orphan");
    let help = format!("run {delete}, apply, then delete the Pods that nobody owns any more");
    situation.refused("the selector", help)
}

fn claim_templates(situation: &Situation) -> Option<Found> {
    situation.changed(&["spec.volumeClaimTemplates"]).filter(|_| situation.is(&["StatefulSet"]))?;
    if situation.object.changes.iter().any(shrinks) {
        let help = "keep the size: disks that exist never shrink; for a smaller one make a dump, delete the StatefulSet and its claims, apply, and load it";
        return situation.refused("the claim templates", help.to_owned());
    }
    let delete = delete(situation, " --cascade=orphan");
    let help = format!(
        "run {delete} and apply: Pods and disks stay; disks that exist keep class and size, so grow each by \
         `kubectl {}patch pvc NAME -p '{{\"spec\":{{\"resources\":{{\"requests\":{{\"storage\":\"SIZE\"}}}}}}}}'`",
        situation.namespace()
    );
    situation.refused("the claim templates", help)
}

/// Whether a disk of a claim template becomes smaller.
fn shrinks(change: &Change) -> bool {
    let Act::Changed(old, new) = change.act else { return false };
    let size = |field: &Field| field.spelled().and_then(|text| Quantity::signed(&text).ok());
    change.field.ends_with(".requests.storage") && size(new).zip(size(old)).is_some_and(|(new, old)| new < old)
}

fn stateful_set(situation: &Situation) -> Option<Found> {
    let fixed = ["spec.serviceName", "spec.podManagementPolicy", "spec.selector"];
    let change = situation.changed(&fixed).filter(|_| situation.is(&["StatefulSet"]))?;
    let help = format!("run {} and apply: Pods and disks stay", delete(situation, " --cascade=orphan"));
    situation.refused(&format!("`{}`", change.field), help)
}

fn job_template(situation: &Situation) -> Option<Found> {
    let fixed = [
        "spec.template",
        "spec.selector",
        "spec.completions",
        "spec.completionMode",
        "spec.podFailurePolicy",
        "spec.backoffLimitPerIndex",
        "spec.managedBy",
        "spec.successPolicy",
    ];
    let change = situation.changed(&fixed).filter(|_| situation.is(&["Job"]))?;
    // A Job whose name ends in another hash is another one.
    let is_renamed = situation.changed(&["metadata.name"]).is_some();
    let help = format!("run {} first, or give the Job another name", delete(situation, ""));
    (!is_renamed).then(|| situation.refused(&format!("`{}`", change.field), help)).flatten()
}

fn cluster_ip(situation: &Situation) -> Option<Found> {
    situation.changed(&["spec.clusterIP", "spec.clusterIPs"]).filter(|_| situation.is(&["Service"]))?;
    let help =
        format!("run {} and apply; clients that know the old address must look it up again", delete(situation, ""));
    situation.refused("the cluster IP", help)
}

fn service_type(situation: &Situation) -> Option<Found> {
    let (old, new) = (situation.object.before?, situation.object.after);
    let kind = |object: &'_ Object| {
        let kind = object.root.follow(&["spec", "type"]).and_then(Field::as_str);
        kind.unwrap_or("ClusterIP").to_owned()
    };
    let was = situation.is(&["Service"]).then(|| kind(old))?;
    let is = new.map_or_else(|| "removed".to_owned(), kind);
    let lost = match (&*was, &*is) {
        (was, is) if was == is => return None,
        ("LoadBalancer", _) => "the address of the load balancer is given back",
        ("NodePort", "ClusterIP" | "ExternalName" | "removed") => "the port on the nodes closes",
        (_, "ExternalName") => "the cluster IP is given back",
        _ => return None,
    };
    let message = format!("{lost}: {} becomes {is}", situation.name());
    let help = "move whoever uses it first: DNS records, firewalls, clients outside the cluster".to_owned();
    hurts(message, help)
}

fn claim_fields(situation: &Situation) -> Option<Found> {
    let fixed = ["spec.storageClassName", "spec.accessModes", "spec.volumeName", "spec.volumeMode", "spec.selector"];
    let change = situation.changed(&fixed).filter(|_| situation.is(&["PersistentVolumeClaim"]))?;
    let help =
        "make a claim of another name, copy the data into it by a Job that mounts both, then mount it".to_owned();
    situation.refused(&format!("`{}`", change.field), help)
}

/// The size that a claim asks for, before and after.
fn sizes(situation: &Situation) -> Option<(Quantity, Quantity)> {
    let change = situation.changed(&["spec.resources.requests.storage"]);
    let Act::Changed(old, new) = change.filter(|_| situation.is(&["PersistentVolumeClaim"]))?.act else { return None };
    let size = |field: &Field| Quantity::signed(&field.spelled()?).ok();
    Some((size(old)?, size(new)?))
}

fn smaller_claim(situation: &Situation) -> Option<Found> {
    let (old, new) = sizes(situation)?;
    let help = "keep the size; for a smaller disk make a claim of another name and copy the data into it".to_owned();
    let what =
        format!("a claim never shrinks, and `spec.resources.requests.storage` ({} → {})", old.as_str(), new.as_str());
    (new < old).then(|| situation.refused(&what, help)).flatten()
}

fn larger_claim(situation: &Situation) -> Option<Found> {
    let (old, new) = sizes(situation)?;
    let class = situation.object.after?.root.follow(&["spec", "storageClassName"]).and_then(Field::as_str);
    let class = class.map_or_else(|| "the default class".to_owned(), |class| format!("the class `{class}`"));
    let message = format!("{} grows only where {class} allows expansion", situation.name());
    let help =
        "look first: `kubectl get storageclass -o custom-columns=NAME:.metadata.name,EXPANDS:.allowVolumeExpansion`";
    (new > old).then(|| hurts(message, help.to_owned())).flatten()
}

fn deleted_claim(situation: &Situation) -> Option<Found> {
    let is_gone = situation.object.after.is_none() && situation.is(&["PersistentVolumeClaim"]);
    let message =
        format!("the data of {} goes with it, where it is pruned and its class deletes disks", situation.name());
    let help = "copy the data first, or set the disk to stay: `kubectl patch pv NAME -p '{\"spec\":{\"persistentVolumeReclaimPolicy\":\"Retain\"}}'`";
    is_gone.then(|| hurts(message, help.to_owned())).flatten()
}

fn role_reference(situation: &Situation) -> Option<Found> {
    situation.changed(&["roleRef"]).filter(|_| situation.is(&["RoleBinding", "ClusterRoleBinding"]))?;
    situation.refused("the role", format!("run {} and apply", delete(situation, "")))
}

fn immutable_content(situation: &Situation) -> Option<Found> {
    let is_immutable = situation.object.before?.root.get("immutable").and_then(Field::as_boolean) == Some(true);
    let change = situation.changed(&["data", "binaryData", "stringData", "immutable"]);
    change.filter(|_| is_immutable && situation.is(&["ConfigMap", "Secret"]))?;
    let help = format!("give it another name, or run {} and apply", delete(situation, ""));
    situation.refused("the content", help)
}

fn secret_type(situation: &Situation) -> Option<Found> {
    situation.changed(&["type"]).filter(|_| situation.is(&["Secret"]))?;
    situation.refused("the type", format!("run {} and apply", delete(situation, "")))
}

fn class_fields(situation: &Situation) -> Option<Found> {
    let fixed: &[&str] = match situation.object.object().kind_name() {
        "StorageClass" => &["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"],
        "PriorityClass" => &["value", "preemptionPolicy"],
        "IngressClass" => &["spec.controller"],
        _ => return None,
    };
    let change = situation.changed(fixed)?;
    let help = format!("run {} and apply, or give the class another name", delete(situation, ""));
    situation.refused(&format!("`{}`", change.field), help)
}

fn other_namespace(situation: &Situation) -> Option<Found> {
    let change = situation.changed(&["metadata.namespace"])?;
    let Act::Changed(old, _) = change.act else { return None };
    let message = format!("{} is made anew in the other namespace, and the old one stays", situation.name());
    let help = format!("once the new one serves, run `kubectl delete -n {} {}`", old.as_str()?, situation.name());
    hurts(message, help)
}

fn deleted_namespace(situation: &Situation) -> Option<Found> {
    let is_gone = situation.object.after.is_none() && situation.is(&["Namespace"]);
    let message = format!("everything in {} goes with it, disks too", situation.name());
    let help = "write `namespace = { name = \"NAME\", create = false }` below `[stack]` to leave it alone".to_owned();
    is_gone.then(|| hurts(message, help)).flatten()
}

fn left_running(situation: &Situation) -> Option<Found> {
    let runs = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "CronJob"];
    let is_gone = situation.object.after.is_none() && situation.is(&runs);
    let message = format!("{} runs on: `kubectl apply` deletes nothing", situation.name());
    let disks = if situation.is(&["StatefulSet"]) { "; its claims stay with their data" } else { "" };
    let help = format!("run {} once nobody needs it{disks}", delete(situation, ""));
    is_gone.then(|| hurts(message, help)).flatten()
}
