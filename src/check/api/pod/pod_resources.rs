//! What a Pod as a whole asks for and may use at most, beside what its containers do.

use super::resources::{is_huge_pages, refuse_name, requirements};
use crate::check::api::resource_name::RESOURCE;
use crate::check::format::QUALIFIED_NAME;
use crate::check::{At, Checker, Reason, api_rules};
use crate::value::quote;
use std::collections::BTreeMap;

api_rules! {
    /// Since 1.34 a Pod as a whole asks for `cpu`, `memory` and `hugepages-SIZE`, not for claims, and not on Windows.
    RES_010 = "RES-010";
    /// A Pod requests at least what its containers request together.
    RES_011 = "RES-011";
    /// No container has a higher limit than its Pod, nor all together one of huge pages.
    RES_012 = "RES-012";
}

/// Amounts by the name of their resource, in thousandths.
type Amounts<'f> = BTreeMap<&'f str, i128>;

/// The resources of a whole Pod. `metadata` is there for a bare Pod, whose requests the server completes first.
pub fn pod_resources(spec: &At, metadata: Option<&At>, checker: &mut Checker) {
    let at = spec.key("resources");
    if !at.is_set() || !checker.since(34) {
        return;
    }
    if spec.key("os").key("name").text() == "windows" {
        checker.forbid(&at, &RES_010, "for a Pod of Windows");
        return;
    }
    checker.forbid(&at.key("claims"), &RES_010, "for a whole Pod");
    requirements(&at, pod_name, checker);
    requests(spec, &at, metadata, checker);
    limits(spec, &at, checker);
}

/// The name of a resource of a whole Pod.
fn pod_name(name: &str, at: &At, checker: &mut Checker) -> bool {
    let known = matches!(name, "cpu" | "memory") || is_huge_pages(name);
    if known && !is_huge_pages(name) {
        return true;
    }
    if !checker.follow_text(at, name, &RES_010, &QUALIFIED_NAME) {
        return false;
    }
    if !RESOURCE.accepts(name) {
        refuse_name(name, at, &RES_010, checker);
    } else if !known {
        let title = format!("{} cannot be asked for by a whole Pod", quote(name));
        let help = "write it at the container that needs it; a Pod asks for `cpu`, `memory` and `hugepages-SIZE`";
        checker.refuse(at, &RES_010, Reason::NotSupported, title, help);
    }
    known
}

fn requests(spec: &At, at: &At, metadata: Option<&At>, checker: &mut Checker) {
    let (limits, requests) = (at.key("limits"), at.key("requests"));
    for (name, together) in together(spec, |container| asked(container, metadata)) {
        let (request, limit) = (requests.entry(name), limits.entry(name));
        let too_much = |list: &At| list.thousandths_of(name).is_some_and(|most| together > most);
        if too_much(&requests) {
            let title = format!(
                "the containers together request more {name} than their Pod, which requests {}",
                request.value()
            );
            let help =
                format!("request at least {} of {name} for the Pod, or less for its containers", spell(together));
            checker.refuse(&request, &RES_011, Reason::Invalid, title, help);
        } else if metadata.is_some() && !requests.has(name) && !is_huge_pages(name) && too_much(&limits) {
            // The server completes the requests of the Pod, and then compares them with its limits.
            let title =
                format!("the containers together request more {name} than the limit of their Pod, {}", limit.value());
            let help = format!("raise the limit of the Pod to {} of {name}, or request less", spell(together));
            checker.refuse(&requests.with_cause_of(&limit), &RES_011, Reason::Invalid, title, help);
        }
    }
}

fn limits(spec: &At, at: &At, checker: &mut Checker) {
    let limits = at.key("limits");
    for (name, together) in together(spec, |container| amounts(&container.key("resources").key("limits"))) {
        let limit = limits.entry(name);
        if is_huge_pages(name) && limits.thousandths_of(name).is_some_and(|most| together > most) {
            let title = format!("the containers together may use more {name} than their Pod, {}", limit.value());
            let help = format!("raise the limit of the Pod to {}", spell(together));
            checker.refuse(&limit, &RES_012, Reason::Invalid, title, help);
        }
    }
    // The server names a field that is not there.
    let containers = at.key("containers");
    for (index, container) in spec.key("containers").items().enumerate() {
        let place = containers.item(index);
        for (name, limit) in container.key("resources").key("limits").entries() {
            let of_pod = limits.entry(name);
            if limit.thousandths().zip(limits.thousandths_of(name)).is_some_and(|(most, of_pod)| most > of_pod) {
                let title =
                    format!("the limit {} of {name} is more than that of the Pod, {}", limit.value(), of_pod.value());
                let help = format!("write at most {}, or raise the limit of the Pod", of_pod.value());
                let entry = place.entry(name);
                let finding =
                    checker.refuse(&entry.key("limits").with_cause_of(&limit), &RES_012, Reason::Invalid, title, help);
                finding.related.push((of_pod.cause(), "the limit of the Pod".to_owned()));
            }
        }
    }
}

/// What a container requests; of a bare Pod, limits count where there is no request.
fn asked<'f>(container: &At<'_, 'f>, metadata: Option<&At>) -> Amounts<'f> {
    let resources = container.key("resources");
    let mut asked = amounts(&resources.key("requests"));
    if metadata.is_some() {
        for (name, amount) in amounts(&resources.key("limits")) {
            asked.entry(name).or_insert(amount);
        }
    }
    asked
}

fn amounts<'f>(list: &At<'_, 'f>) -> Amounts<'f> {
    list.entries().filter_map(|(name, amount)| Some((name, amount.thousandths()?))).collect()
}

/// What the containers of a Pod need at the same time: all regular ones and sidecars, or an init container and the sidecars
/// before it, whichever is more.
fn together<'f>(spec: &At<'_, 'f>, of: impl Fn(&At<'_, 'f>) -> Amounts<'f>) -> Amounts<'f> {
    let (mut sum, mut sidecars, mut most) = (Amounts::new(), Amounts::new(), Amounts::new());
    for container in spec.key("containers").items() {
        add(&mut sum, of(&container));
    }
    for container in spec.key("initContainers").items() {
        let amounts = of(&container);
        let mut now = sidecars.clone();
        add(&mut now, amounts.clone());
        if container.key("restartPolicy").text() == "Always" {
            add(&mut sum, amounts);
            sidecars.clone_from(&now);
        }
        raise(&mut most, now);
    }
    raise(&mut sum, most);
    sum
}

fn add<'f>(sum: &mut Amounts<'f>, amounts: Amounts<'f>) {
    for (name, amount) in amounts {
        let entry = sum.entry(name).or_default();
        *entry = entry.saturating_add(amount);
    }
}

fn raise<'f>(most: &mut Amounts<'f>, amounts: Amounts<'f>) {
    for (name, amount) in amounts {
        let entry = most.entry(name).or_insert(amount);
        *entry = amount.max(*entry);
    }
}

/// An amount as one writes it.
fn spell(thousandths: i128) -> String {
    const SUFFIXES: [(&str, u32); 4] = [("Ti", 40), ("Gi", 30), ("Mi", 20), ("Ki", 10)];
    if thousandths % 1000 != 0 {
        return format!("`{thousandths}m`");
    }
    let whole = thousandths / 1000;
    match SUFFIXES.iter().find(|(_, twos)| whole != 0 && whole % (1_i128 << twos) == 0) {
        Some((suffix, twos)) => format!("`{}{suffix}`", whole >> twos),
        None => format!("`{whole}`"),
    }
}
