//! How little the processes of a Pod may do: the measures by which rights are given up, one after the other.

use super::Context;
use super::origin::is_companion;
use super::pods::look_at_template;
use crate::bundle::Object;
use crate::check::place::At;
use crate::component::words::Level;

/// A measure, in the order in which they are taken: each of them is asked for once those before it hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Any of them at all.
    Any,
    /// Processes do not run as root.
    NonRoot,
    /// Processes cannot gain rights.
    NoEscalation,
    /// Capabilities are dropped.
    NoCapabilities,
    /// System calls are filtered.
    Seccomp,
    /// The file system of the container is read-only.
    ReadOnlyRoot,
}

const IN_ORDER: [Measure; 6] = [
    Measure::Any,
    Measure::NonRoot,
    Measure::NoEscalation,
    Measure::NoCapabilities,
    Measure::Seccomp,
    Measure::ReadOnlyRoot,
];

/// Looks at the containers of Pods for which this measure is the next one: the first container of each that lacks it. A stack
/// whose cluster asks for less than the level `restricted` has taken enough of them.
pub fn look_at_next(context: &Context, measure: Measure, look: &mut dyn FnMut(usize, &Object, &At)) {
    let goal = context.stack.and_then(|stack| stack.cluster.pod_security.as_ref());
    if goal.is_some_and(|goal| goal.value != Level::Restricted) {
        return;
    }
    for (index, object) in context.objects() {
        look_at_template(object, &mut |template| {
            let spec = template.key("spec");
            // The measure itself is the cheapest of these questions, and rules ask for each Pod.
            let is_next =
                || IN_ORDER.into_iter().take_while(|other| *other != measure).all(|other| holds(other, &spec));
            if !holds(measure, &spec) && is_next() && !is_other(&spec) && !is_companion(context, object) {
                look_at_first(measure, &spec, &mut |container| look(index, object, container));
            }
        });
    }
}

/// Whether the Pod is one of Windows, where other things hold, or a privileged one, of which that is said.
fn is_other(spec: &At) -> bool {
    let is_privileged = |container: At| container.key("securityContext").key("privileged").is_true();
    let lists = ["initContainers", "containers"];
    spec.key("os").key("name").is_text("windows") || lists.iter().any(|list| spec.key(list).items().any(is_privileged))
}

fn holds(measure: Measure, spec: &At) -> bool {
    let lists = ["containers", "initContainers"].map(|list| spec.key(list));
    let mut containers = lists.iter().flat_map(At::items);
    match measure {
        Measure::Any => containers.any(|container| takes_any(&container, spec)),
        _ => containers.all(|container| takes(measure, &container, spec)),
    }
}

fn look_at_first(measure: Measure, spec: &At, look: &mut dyn FnMut(&At)) {
    let lists = ["containers", "initContainers"].map(|list| spec.key(list));
    let first = lists.iter().flat_map(At::items).find(|container| !takes(measure, container, spec));
    if let Some(container) = first {
        look(&container);
    }
}

fn takes_any(container: &At, spec: &At) -> bool {
    IN_ORDER[1..].iter().any(|measure| takes(*measure, container, spec))
}

fn takes(measure: Measure, container: &At, spec: &At) -> bool {
    let (own, common) = (container.key("securityContext"), spec.key("securityContext"));
    match measure {
        Measure::Any => takes_any(container, spec),
        Measure::NonRoot => {
            let (own_rule, own_user) = (own.key("runAsNonRoot"), own.key("runAsUser"));
            let (rule, user) = (common.key("runAsNonRoot"), common.key("runAsUser"));
            let rule = if own_rule.is_set() { own_rule } else { rule };
            let user = own_user.integer().or(user.integer());
            let has_own_users = spec.key("hostUsers");
            rule.is_true() || user.is_some_and(|user| user > 0) || has_own_users.is_set() && !has_own_users.is_true()
        }
        Measure::NoEscalation => {
            let escalation = own.key("allowPrivilegeEscalation");
            escalation.is_set() && !escalation.is_true()
        }
        Measure::NoCapabilities => {
            let capabilities = own.key("capabilities");
            let dropped = capabilities.key("drop");
            dropped.items().any(|name| name.text().eq_ignore_ascii_case("all"))
        }
        Measure::Seccomp => {
            let kind = |context: &At| {
                matches!(context.key("seccompProfile").key("type").text(), "RuntimeDefault" | "Localhost")
            };
            kind(&own) || !own.key("seccompProfile").is_set() && kind(&common)
        }
        Measure::ReadOnlyRoot => own.key("readOnlyRootFilesystem").is_true(),
    }
}
