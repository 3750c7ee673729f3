//! A container has each variable once.
//!
//! Of two variables with one name the last one counts, and Kubernetes says nothing of the first. Whoever reads the manifest, or changes
//! one of them, looks at the wrong line. A server-side apply, as Flux does it and Argo CD can, refuses the object.
//!
//! ```yaml fail
//! apiVersion: batch/v1
//! kind: Job
//! metadata: {name: import}
//! spec:
//!   ttlSecondsAfterFinished: 3600
//!   template:
//!     spec:
//!       restartPolicy: Never
//!       containers:
//!       - name: import
//!         image: "example/import:1.0"
//!         env:
//!         - {name: LEVEL, value: info}
//!         - {name: LEVEL, value: debug}
//! ```
//!
//! ```yaml pass
//! apiVersion: batch/v1
//! kind: Job
//! metadata: {name: import}
//! spec:
//!   ttlSecondsAfterFinished: 3600
//!   template:
//!     spec:
//!       restartPolicy: Never
//!       containers:
//!       - name: import
//!         image: "example/import:1.0"
//!         env:
//!         - {name: LEVEL, value: debug}
//! ```
//!
//! Remove one of them. In a stack this cannot happen: variables are keys of a table, and merge by their names.

use super::pods::look_at_containers;
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::{At, repeated};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "env-duplicate",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("env_duplicate.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        look_at_containers(object, &mut |container, _| check_container(index, container, findings));
    }
}

fn check_container<'f>(object: usize, container: &At<'_, 'f>, findings: &mut Findings) {
    let env = container.key("env");
    let name = |variable: &At<'_, 'f>| Some(variable.key("name").text()).filter(|name| !name.is_empty());
    for (second, first) in repeated(env.items(), name) {
        let (second, first) = (second.key("name"), first.key("name"));
        let title = format!(
            "container `{}` has the variable `{}` twice: the last one counts, and a server-side apply refuses it",
            container.key("name").text(),
            second.text()
        );
        let finding = findings.add(object, &second, title, "remove one of the two");
        finding.related.push((first.cause(), "this one has no effect".to_owned()));
    }
}
