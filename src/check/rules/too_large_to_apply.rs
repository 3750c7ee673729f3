//! An object fits into the annotation in which `kubectl apply` keeps a copy of it.
//!
//! An API server takes a ConfigMap of a MiB, and 256 KiB of annotations. `kubectl apply` writes the whole object, as JSON, into the
//! annotation `kubectl.kubernetes.io/last-applied-configuration` of the same object, and the server refuses that:
//! `metadata.annotations: Too long`. A server-side apply, as Argo CD and Flux can do it, needs no copy.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [config.dashboards]
//! template = true
//! data = { "orders.json" = "{% for number in range(9000) %}a line of a dashboard, thirty-two\n{% endfor %}" }
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! mounts."/dashboards" = { config = "dashboards" }
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [config.dashboards]
//! template = true
//! data = { "orders.json" = "{% for number in range(900) %}a line of a dashboard, thirty-two\n{% endfor %}" }
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! mounts."/dashboards" = { config = "dashboards" }
//! ```
//!
//! Apply it with `kubectl apply --server-side`, or divide it. Of ConfigMaps, Secrets and definitions of custom kinds only, which are
//! the kinds that grow so large.

use super::{Context, Findings, Levels, LintRule};
use crate::bundle::{At, Field, FieldValue};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "too-large-to-apply",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("too_large_to_apply.rs"),
    check,
};

/// The size of all annotations that a server takes of an object, in bytes: `must have at most 262144 bytes`, it says.
const ANNOTATIONS: usize = 256 * 1024;

/// Where the copy is kept.
const COPY: &str = "kubectl.kubernetes.io/last-applied-configuration";

fn check(context: &Context, findings: &mut Findings) {
    let grows = |kind: &str| matches!(kind, "ConfigMap" | "Secret" | "CustomResourceDefinition");
    for (index, object) in context.objects().filter(|(_, object)| grows(object.kind_name())) {
        let root = At::root(&object.root);
        let metadata = root.key("metadata");
        let annotations = metadata.key("annotations");
        let others: usize = annotations.entries().map(|(key, value)| key.len() + value.text().len()).sum();
        let mut size = json_size(&object.root) + "\n".len();
        // kubectl fills in what is left out
        if annotations.is_empty() {
            size += r#""annotations":{},"#.len();
        }
        if object.namespace().is_none() {
            size += r#""namespace":"default","#.len();
        }
        if size + COPY.len() + others <= ANNOTATIONS {
            continue;
        }
        let title = format!(
            "{} `{}` has {size} bytes, and `kubectl apply` keeps a copy of it in an annotation, which is refused over {ANNOTATIONS}",
            object.kind_name(),
            object.name()
        );
        let data = root.key("data");
        // what a Secret holds is not pointed at
        let texts = data.entries().filter(|_| object.kind_name() == "ConfigMap");
        let largest = texts.max_by_key(|(_, value)| value.text().len());
        let place = largest.map_or_else(|| metadata.key("name"), |(_, value)| value);
        findings.add(index, &place, title, "type `kubectl apply --server-side -f -`, or divide it");
    }
}

/// How many bytes kubectl's JSON of a field has.
fn json_size(field: &Field) -> usize {
    match &field.value {
        FieldValue::String(text) => text_size(text),
        FieldValue::List(items) => 1 + items.len().max(1) + items.iter().map(json_size).sum::<usize>(),
        FieldValue::Map(entries) => {
            let sizes = entries.iter().map(|(key, value)| text_size(key) + 1 + json_size(value));
            1 + entries.len().max(1) + sizes.sum::<usize>()
        }
        _ => field.spelled().map_or("null".len(), |spelled| spelled.len()),
    }
}

/// The size of a text with its quotes; Go writes the signs of HTML by their numbers.
fn text_size(text: &str) -> usize {
    let sizes = text.chars().map(|letter| match letter {
        '"' | '\\' | '\n' | '\r' | '\t' => 2,
        '<' | '>' | '&' | '\0'..='\x1f' | '\u{2028}' | '\u{2029}' => 6,
        _ => letter.len_utf8(),
    });
    2 + sizes.sum::<usize>()
}
