//! Job.

pub mod completions;
pub mod failure_policy;
pub mod success_policy;
pub mod specification;

use super::name::{final_name, place_of_name};
use super::selection::{label, refuse_labels, unmet};
use crate::check::api::labels::selector;
use crate::check::api::metadata::metadata;
use crate::check::format::{DNS_LABEL, DNS_SUBDOMAIN};
use crate::check::{At, Checker, Reason, api_rules};
use crate::value::quote;
use completions::{Completions, Owner};
use specification::specification;

api_rules! {
    /// The name of a Job, which is a label of its Pods, has at most 63 characters.
    NAME_006 = "NAME-006";
    /// The names of the Pods of an indexed Job, `NAME-INDEX`, are DNS labels.
    NAME_007 = "NAME-007";
    /// The server makes the selector; one that is written needs `manualSelector`, and the labels of the template meet it.
    JOB_010 = "JOB-010";
    /// The labels that the server gives the template are not set to other values.
    JOB_011 = "JOB-011";
}

/// The labels that the server gives the Pods of a Job: its name and its uid, each with the prefix and as of old.
const NAME_LABELS: [&str; 2] = ["batch.kubernetes.io/job-name", "job-name"];
const UID_LABELS: [&str; 2] = ["batch.kubernetes.io/controller-uid", "controller-uid"];

/// What stands here for the uid, which only the server knows: no label can have this value.
const UID: &str = "the uid of the Job";

/// The most characters of the value of a label.
const LABEL: usize = 63;

/// A Job.
pub fn job(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let (head, spec) = (object.key("metadata"), object.key("spec"));
    let name = final_name(&head);
    let manual = spec.key("manualSelector").is_true();
    if !manual {
        generated_labels(&spec, &name, checker);
    }
    selection(&spec, &name, checker);
    specification(&spec, Owner::Job, checker);
    if !DNS_SUBDOMAIN.accepts(&name) {
        return;
    }
    let place = place_of_name(&head);
    if name.len() > LABEL && !manual {
        let title = format!("the name {} has {} characters, and is a label of the Pods", quote(&name), name.len());
        let pods = spec.key("template");
        let labels = pods.key_unspelled("metadata");
        let labels = labels.key("labels").with_cause_of(&place);
        checker.refuse(&labels, &NAME_006, Reason::Invalid, title, "shorten it to 63 characters");
    } else if let Some(last) =
        Completions::new(&spec, Owner::Job).indexed().filter(|count| *count > 0).map(|count| count - 1)
    {
        names_of_pods(&place, &format!("{name}-{last}"), checker);
    }
}

/// Asks that labels which the server would add are not set to other values.
fn generated_labels(spec: &At, name: &str, checker: &mut Checker) {
    let template = spec.key("template");
    let metadata = template.key("metadata");
    let labels = metadata.key("labels");
    for (key, value) in labels.entries() {
        let wanted = generated(key, name);
        if wanted.is_some_and(|wanted| wanted != value.text()) {
            let title = format!("the label `{key}` is set by Kubernetes, and not to {}", value.value());
            checker.refuse(&value, &JOB_011, Reason::Invalid, title, format!("remove the label `{key}`"));
        }
    }
}

/// The value of a label that the server gives the Pods.
fn generated<'v>(key: &str, name: &'v str) -> Option<&'v str> {
    if NAME_LABELS.contains(&key) {
        Some(name)
    } else if UID_LABELS.contains(&key) {
        Some(UID)
    } else {
        None
    }
}

fn selection(spec: &At, name: &str, checker: &mut Checker) {
    let (at, manual) = (spec.key("selector"), spec.key("manualSelector"));
    if manual.is_true() && !at.is_set() {
        let title = "`manualSelector` asks for a selector";
        let help = "write `selector`, or remove `manualSelector`";
        checker.refuse(&at.with_cause_of(&manual), &JOB_010, Reason::Required, title, help);
    }
    if !at.is_set() || !checker.passes(|checker| selector(&at, checker)) {
        return;
    }
    let template = spec.key("template");
    let metadata = template.key("metadata");
    let labels = metadata.key("labels");
    let unmet_labels = if manual.is_true() {
        unmet(&at, |key| label(&labels, key))
    } else if unmet(&at, |key| generated(key, name)).is_some() {
        let title = "the selector of a Job is made by the server";
        let help = "remove `selector`; `manualSelector: true` would keep it, where no other Job's Pods have the labels";
        checker.refuse(&at, &JOB_010, Reason::Invalid, title, help);
        None
    } else {
        unmet(&at, |key| label(&labels, key).or_else(|| generated(key, name)))
    };
    if let Some(unmet) = unmet_labels {
        refuse_labels(&labels, &JOB_010, unmet, checker);
    }
}

fn names_of_pods(name: &At, last: &str, checker: &mut Checker) {
    let Err(problem) = (DNS_LABEL.check)(last) else { return };
    let title = format!("the Pods of this indexed Job would be named as in {}, which {problem}", quote(last));
    let help = match last.len().saturating_sub(LABEL) {
        0 => "write its name with a-z, 0-9 and `-` only".to_owned(),
        surplus => format!("shorten its name by {surplus}: to it `-` and the number of the Pod are added"),
    };
    checker.refuse(name, &NAME_007, Reason::Invalid, title, help);
}
