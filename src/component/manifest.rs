//! `[manifest.NAME]`: objects that the user gives as they are.

use super::lint::Allowances;
use super::parts::objects::YamlText;
use super::world::{MANAGED_BY_LABEL, PART_OF_LABEL, World};
use crate::bundle::{Bundle, Field, FieldValue, Identity, Object, Scope};
use crate::diagnostic::Diagnostic;
use crate::shape::{Decoder, Written};
use crate::table;
use crate::value::{Name, RelativePath};

table! {
    /// Objects of any kind, as YAML or JSON, one or several. They are checked like the rest and keep their names; those without a
    /// namespace get the stack's, and all get the labels of the stack.
    pub struct Manifest("manifest") {
        /// The objects, best between `'''`; `---` stands between several.
        yaml: Option<Written<YamlText>>,
        /// A file with the objects, or a folder whose `.yaml`, `.yml` and `.json` files hold them, relative to the stack file.
        file: Option<Written<RelativePath>>,
        /// Renders the text with minijinja first: `{{ }}`, loops and conditions.
        template: Option<Written<bool>>,
        /// Findings of `lint` that are meant, each with the reason: `{ host-path = "an agent of the node" }`.
        allow: Allowances,
    }
    form { exclusive: &[&["yaml", "file"]] }
    validate check_source;
}

/// An object that a `[manifest]` holds.
#[derive(Debug, Clone)]
pub struct Given {
    /// The manifest.
    pub manifest: Written<Name>,
    /// The object as it was written: a map with `apiVersion`, `kind` and `metadata.name`.
    pub root: Field,
    /// Whether its kind lives in a namespace, as far as is known.
    pub scope: Scope,
}

impl Given {
    /// `metadata.name`.
    pub fn name(&self) -> &str {
        self.text(&["metadata", "name"])
    }

    /// `kind`.
    pub fn kind(&self) -> &str {
        self.text(&["kind"])
    }

    fn text(&self, path: &[&str]) -> &str {
        self.root.follow(path).and_then(Field::as_str).unwrap_or_default()
    }

    /// Adds the object, with the namespace and the labels of the stack where it has none of its own.
    pub fn lower(&self, world: &World, bundle: &mut Bundle) {
        let identity = Identity::given(self.manifest.value.as_str(), self.kind(), self.name());
        let mut root = self.root.clone();
        if let Some(metadata) = root.get_mut("metadata") {
            self.complete(metadata, world);
        }
        bundle.objects.push(Object::from_field(identity, root));
    }

    fn complete(&self, metadata: &mut Field, world: &World) {
        let origin = self.manifest.origin;
        if let (Scope::Namespaced, Some(namespace)) = (self.scope, world.namespace()) {
            let rule = "an object of a manifest is in the namespace of the stack unless it names another one";
            let cause = world.derive(rule, &[namespace.origin, origin]);
            add(metadata, "namespace", Field::text(namespace.value, cause));
        }
        let stack = world.stack_name();
        let rule = "every object carries the recommended labels";
        add(metadata, "labels", Field::new(FieldValue::Map(Vec::new()), world.derive(rule, &[origin])));
        if let Some(labels) = metadata.get_mut("labels") {
            add(labels, MANAGED_BY_LABEL, Field::text("stowplan", world.derive(rule, &[origin])));
            add(labels, PART_OF_LABEL, Field::text(stack.value, world.derive(rule, &[stack.origin, origin])));
        }
    }
}

/// Adds an entry to a map that does not have it; one that is null counts as missing.
fn add(map: &mut Field, key: &'static str, entry: Field) {
    let FieldValue::Map(entries) = &mut map.value else { return };
    match entries.iter_mut().find(|(known, _)| known == key) {
        Some((_, known)) if matches!(known.value, FieldValue::Null) => *known = entry,
        Some(_) => {}
        None => entries.push((key.into(), entry)),
    }
}

fn check_source(manifest: &Manifest, decoder: &mut Decoder) {
    if manifest.yaml.is_none() && manifest.file.is_none() && !decoder.is_doubtful(&["yaml", "file"]) {
        let diagnostic = Diagnostic::error("missing-key", "this manifest holds nothing")
            .at(decoder.span(manifest.origin), "needs `yaml` or `file`")
            .help("add `file = \"manifests/app.yaml\"`, or the objects themselves: `yaml = '''…'''`");
        decoder.report.push(diagnostic);
    }
}
