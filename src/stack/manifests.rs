//! Reads the YAML of manifests and patches: first the texts, which may be templates, then the objects in them.

use super::Stack;
use super::contents::{Context, literal_start, refuse_template, render};
use crate::bundle::schema::ServedKind;
use crate::bundle::yaml::{self, Place, Stream};
use crate::bundle::{Cause, Field, FieldValue, KindId, Scope};
use crate::component::file::Tables;
use crate::component::manifest::{Given, Manifest};
use crate::component::parts::files;
use crate::component::parts::objects::YamlText;
use crate::component::patch::{Fields, PatchPlan};
use crate::component::world::Declared;
use crate::diagnostic::{Diagnostic, Report};
use crate::document::checking::Checking;
use crate::document::parse::text_of;
use crate::document::{OriginId, Origins};
use crate::shape::Written;
use crate::source::{FileId, Inputs, Span};
use crate::value::{Name, RelativePath, Scalar, nearest};
use std::collections::BTreeMap;
use std::path::Path;

/// The texts of all manifests and patches.
pub struct Texts {
    /// By manifest.
    manifests: Vec<(Written<Name>, Vec<Text>)>,
    /// In the order of the patches.
    patches: Vec<Option<Text>>,
}

/// A text in YAML.
struct Text {
    /// The value that holds it, or the path of its file.
    origin: OriginId,
    text: String,
    place: Place,
}

impl Texts {
    /// Reads the files and renders what is a template; what is wrong is reported and left out.
    pub fn gather(tables: &Tables, inputs: &dyn Inputs, context: &dyn Context, checking: &mut Checking) -> Self {
        let mut gathering = Gathering { inputs, context, names: None, checking };
        let manifests = tables.manifest.iter();
        let manifests = manifests.map(|(name, manifest)| (name.clone(), gathering.manifest(manifest))).collect();
        let patches = tables.patch.iter().map(|(_, patch)| {
            let is_template = patch.template.is_some_and(|template| template.value);
            gathering.value(patch.yaml.as_ref()?, is_template)
        });
        Self { manifests, patches: patches.collect() }
    }

    /// The objects of all manifests; what is no object is reported and left out.
    pub fn objects(&self, origins: &mut Origins, report: &mut Report) -> Vec<Given> {
        let mut all = Vec::new();
        for (manifest, texts) in &self.manifests {
            for text in texts {
                let before = report.diagnostics.len();
                let documents = text.read(origins, report);
                let objects: Vec<Field> = documents.into_iter().flat_map(unpacked).collect();
                if objects.is_empty() && report.diagnostics.len() == before {
                    let title = format!("the manifest `{}` holds no object here", manifest.value);
                    let diagnostic = Diagnostic::warning("empty-manifest", title).at(origins.get(text.origin).span, "");
                    report.push(diagnostic.help("write objects there, or remove the manifest"));
                }
                let sound = objects.into_iter().filter(|root| is_object(root, origins, report));
                all.extend(sound.map(|root| (manifest.clone(), root)));
            }
        }
        let definitions = definitions(all.iter().map(|(_, root)| root));
        let mut kinds = Kinds { definitions, told: BTreeMap::new() };
        let given = all.into_iter().filter_map(|(manifest, root)| {
            let scope = kinds.scope(&root, origins, report)?;
            Some(Given { manifest, root, scope })
        });
        given.collect()
    }

    /// All patches with their YAML.
    pub fn patches(&self, tables: &Tables, origins: &mut Origins, report: &mut Report) -> Vec<PatchPlan> {
        let patches = tables.patch.iter().zip(&self.patches);
        let plan = |((name, patch), text): (&(Written<Name>, _), &Option<Text>)| {
            let patch: &crate::component::patch::Patch = patch;
            PatchPlan {
                name: name.clone(),
                on: patch.on.clone(),
                remove: patch.remove.clone(),
                yaml: text.as_ref().and_then(|text| text.only_map(origins, report)),
                set: patch.set.as_ref().map(|Fields(node)| Fields(node.clone())),
                origin: patch.origin,
            }
        };
        patches.map(plan).collect()
    }
}

/// Adds the ConfigMaps, Secrets and claims that manifests hold to what the stack declares.
pub fn declare(stack: &mut Stack) {
    let namespace = stack.table.namespace.as_ref().map(|namespace| namespace.name.value.as_str());
    let names = &mut stack.names;
    for object in &stack.manifests {
        let own = object.root.follow(&["metadata", "namespace"]).and_then(Field::as_str);
        if own.is_some() && own != namespace {
            continue;
        }
        let (declared, parts) = match object.kind() {
            "ConfigMap" => (&mut names.configs, &["data", "binaryData"][..]),
            "Secret" => (&mut names.secrets, &["data", "stringData"][..]),
            "PersistentVolumeClaim" => (&mut names.volumes, &[][..]),
            _ => continue,
        };
        let entries = parts.iter().filter_map(|part| object.root.get(part)).flat_map(Field::entries);
        let keys = entries.map(|(key, _)| Box::from(&**key)).collect();
        let declaration = Declared { table: "manifest", origin: object.manifest.origin, keys: Some(keys) };
        declared.entry(object.name().into()).or_insert(declaration);
    }
}

/// What reading texts needs.
struct Gathering<'a, 'c> {
    inputs: &'a dyn Inputs,
    context: &'a dyn Context,
    /// What templates know, once one asks.
    names: Option<minijinja::Value>,
    checking: &'a mut Checking<'c>,
}

impl Gathering<'_, '_> {
    fn manifest(&mut self, manifest: &Manifest) -> Vec<Text> {
        let is_template = manifest.template.is_some_and(|template| template.value);
        let value = manifest.yaml.as_ref().and_then(|yaml| self.value(yaml, is_template));
        let files = manifest.file.as_ref().map(|path| self.files(path, is_template)).unwrap_or_default();
        value.into_iter().chain(files).collect()
    }

    fn value(&mut self, yaml: &Written<YamlText>, is_template: bool) -> Option<Text> {
        let Written { value: YamlText(text), origin } = yaml;
        if is_template {
            return self.rendered(text, *origin, None);
        }
        let span = self.checking.span(*origin);
        let start = literal_start(self.checking.sources.text(span), text);
        let place = start.map_or(Place::Made(*origin), |start| Place::Verbatim(span.part(start..start + text.len())));
        Some(Text { origin: *origin, text: text.clone(), place })
    }

    fn rendered(&mut self, text: &str, origin: OriginId, file: Option<FileId>) -> Option<Text> {
        let names = self.names.get_or_insert_with(|| self.context.context(self.checking.report));
        match render(text, names) {
            Ok(text) => Some(Text { origin, text, place: Place::Made(origin) }),
            Err(fault) => {
                let diagnostic = refuse_template(text, fault, self.checking.span(origin), file, self.checking);
                self.checking.report.push(diagnostic);
                None
            }
        }
    }

    /// A file, or those of a folder that kubectl would read.
    fn files(&mut self, path: &Written<RelativePath>, is_template: bool) -> Vec<Text> {
        let Ok(paths) = self.inputs.list(Path::new(path.value.as_str())) else {
            return self.file(path, is_template).into_iter().collect();
        };
        let is_read = |path: &&std::path::PathBuf| {
            path.extension().and_then(|end| end.to_str()).is_some_and(|end| ["yaml", "yml", "json"].contains(&end))
        };
        let paths = paths.iter().filter(is_read).filter_map(|path| RelativePath::parse(path.to_str()?).ok());
        let paths: Vec<_> = paths.map(|value| Written { value, origin: path.origin }).collect();
        if paths.is_empty() {
            let title = format!("the folder `{}` holds no file with objects", path.value);
            let diagnostic = Diagnostic::error("unreadable-file", title)
                .at(self.checking.span(path.origin), "")
                .help("put files that end in .yaml, .yml or .json directly into it");
            self.checking.report.push(diagnostic);
        }
        paths.iter().filter_map(|path| self.file(path, is_template)).collect()
    }

    fn file(&mut self, path: &Written<RelativePath>, is_template: bool) -> Option<Text> {
        let bytes = files::read(path, self.inputs, self.checking)?;
        let file = text_of(
            &self.inputs.name(Path::new(path.value.as_str())),
            bytes,
            self.checking.sources,
            self.checking.report,
        )?;
        let text = &self.checking.sources.file(file).text;
        if is_template {
            return self.rendered(text, path.origin, Some(file));
        }
        let place = Place::Verbatim(Span::new(file, 0..text.len()));
        Some(Text { origin: path.origin, text: text.clone(), place })
    }
}

impl Text {
    fn read(&self, origins: &mut Origins, report: &mut Report) -> Vec<Field> {
        let layer = origins.get(self.origin).layer;
        yaml::read(Stream { text: &self.text, place: self.place, layer }, origins, report)
    }

    /// The one map that it holds; anything else is reported.
    fn only_map(&self, origins: &mut Origins, report: &mut Report) -> Option<Field> {
        let before = report.diagnostics.len();
        let mut documents = self.read(origins, report);
        let first = (documents.len() == 1).then(|| documents.remove(0));
        let found = match first {
            Some(root) if matches!(root.value, FieldValue::Map(_)) => return Some(root),
            other => other.map(|root| root.value),
        };
        if report.diagnostics.len() == before {
            let title = match (documents.len(), found) {
                (0, Some(FieldValue::List(_))) => "this patch is a list; JSON Patch is not supported".to_owned(),
                (0, Some(value)) => format!("this patch is {}, and one map is expected", value.describe()),
                (0, None) => "this patch is empty".to_owned(),
                (count, _) => format!("this patch has {count} documents, and one map is expected"),
            };
            let diagnostic = Diagnostic::error("bad-patch", title).at(origins.get(self.origin).span, "").help(
                "write the fields to change, as in `spec: {replicas: 3}`; for several changes write several patches",
            );
            report.push(diagnostic);
        }
        None
    }
}

/// The objects in a list of kind `List` or `ConfigMapList`, as kubectl unpacks them; else the object itself.
pub fn unpacked(root: Field) -> Vec<Field> {
    let is_list = root.get("kind").and_then(Field::as_str).is_some_and(|kind| kind.ends_with("List"));
    match root.value {
        FieldValue::Map(entries) if is_list && entries.iter().any(|(key, _)| key == "items") => {
            let items = entries.into_iter().filter(|(key, _)| key == "items").map(|(_, items)| items.value);
            let items = items.flat_map(|items| if let FieldValue::List(items) = items { items } else { Vec::new() });
            items.flat_map(unpacked).collect()
        }
        value => vec![Field { value, cause: root.cause }],
    }
}

/// The place where a field was written.
pub fn place(field: &Field, origins: &Origins) -> Option<Span> {
    match field.cause.view() {
        Cause::Key(origin) => Some(origins.get(origin).span),
        Cause::Derived(_) => None,
    }
}

/// Whether a tree has what every object has; what is missing is reported.
pub fn is_object(root: &Field, origins: &Origins, report: &mut Report) -> bool {
    let missing = |path: &&[&str]| root.follow(path).and_then(Field::as_str).is_none_or(str::is_empty);
    let missing: Vec<_> = [&["apiVersion"][..], &["kind"], &["metadata", "name"]]
        .into_iter()
        .filter(missing)
        .map(|path| path.join("."))
        .collect();
    let (title, help) = match &missing[..] {
        _ if !matches!(root.value, FieldValue::Map(_)) => (
            format!("a manifest holds objects, and this is {}", root.value.describe()),
            "write `apiVersion`, `kind` and `metadata`".to_owned(),
        ),
        [] => return true,
        [only] if only == "metadata.name" && root.follow(&["metadata", "generateName"]).is_some() => (
            "`metadata.name` is missing".to_owned(),
            "write `name` in place of `generateName`: `kubectl apply` needs it".to_owned(),
        ),
        [_, _, _] => (
            "this is no object: it has no `apiVersion`, `kind` and `metadata.name`".to_owned(),
            "check where it comes from, or write `apiVersion`, `kind` and `metadata`".to_owned(),
        ),
        missing => {
            let verb = if missing.len() == 1 { "is" } else { "are" };
            let names = missing.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(" and ");
            let example = |path: &String| match path.as_str() {
                "apiVersion" => "`apiVersion: v1`",
                "kind" => "`kind: ConfigMap`",
                _ => "`metadata: {name: NAME}`",
            };
            let lines = missing.iter().map(example).collect::<Vec<_>>().join(" and ");
            (format!("{names} {verb} missing in this object"), format!("add what it is, as in {lines}"))
        }
    };
    let diagnostic = Diagnostic::error("no-object", title).help(help);
    report.push(match place(root, origins) {
        Some(span) => diagnostic.at(span, "the object begins here"),
        None => diagnostic,
    });
    false
}

/// Group and kind.
type Named = (String, String);

/// The scopes of the kinds that definitions among these objects make.
fn definitions<'f>(roots: impl Iterator<Item = &'f Field>) -> BTreeMap<Named, Scope> {
    let definition = |root: &Field| {
        let text = |path: &[&str]| root.follow(path).and_then(Field::as_str).map(str::to_owned);
        text(&["kind"]).filter(|kind| kind == "CustomResourceDefinition")?;
        let scope = if text(&["spec", "scope"])? == "Cluster" { Scope::Cluster } else { Scope::Namespaced };
        Some(((text(&["spec", "group"])?, text(&["spec", "names", "kind"])?), scope))
    };
    roots.filter_map(definition).collect()
}

/// What is known of the kinds of the objects in manifests.
struct Kinds {
    definitions: BTreeMap<Named, Scope>,
    /// Of which it was said that nothing is known.
    told: BTreeMap<Named, ()>,
}

impl Kinds {
    /// Whether objects of this one's kind live in a namespace; `None` where there is no such kind, which is reported.
    fn scope(&mut self, root: &Field, origins: &Origins, report: &mut Report) -> Option<Scope> {
        let text = |key: &str| root.get(key).and_then(Field::as_str).unwrap_or_default();
        let (group, kind) = (text("apiVersion").rsplit_once('/').map_or("", |(group, _)| group), text("kind"));
        let known = KindId::find(group, kind).map(|id| id.row().scope);
        if ServedKind::all().any(|served| served.group() == group) {
            if known.is_none() && !ServedKind::all().any(|served| (served.group(), served.kind()) == (group, kind)) {
                report.push(unknown_kind(root, group, kind, origins));
                return None;
            }
            return Some(known.unwrap_or(Scope::Namespaced));
        }
        let named = (group.to_owned(), kind.to_owned());
        if let Some(scope) = self.definitions.get(&named) {
            return Some(*scope);
        }
        if self.told.insert(named, ()).is_none() {
            report.push(passed_through(root, known, origins));
        }
        Some(known.unwrap_or(Scope::Namespaced))
    }
}

fn unknown_kind(root: &Field, group: &str, kind: &str, origins: &Origins) -> Diagnostic {
    let version = root.get("apiVersion").and_then(Field::as_str).unwrap_or_default();
    let elsewhere = ServedKind::all().find(|served| served.kind() == kind);
    let near = nearest(kind, ServedKind::all().filter(|served| served.group() == group).map(ServedKind::kind));
    let diagnostic = Diagnostic::error("unknown-kind", format!("there is no kind `{kind}` in `{version}`"));
    let diagnostic = match root.get("kind").and_then(|field| place(field, origins)) {
        Some(span) => diagnostic.at(span, ""),
        None => diagnostic,
    };
    diagnostic.help(match (elsewhere, near) {
        (Some(served), _) => format!("write `apiVersion: {}`", served.api_version()),
        (None, Some(near)) => format!("did you mean `{near}`?"),
        (None, None) => "correct `kind` or `apiVersion`: `kubectl api-resources` lists them".to_owned(),
    })
}

fn passed_through(root: &Field, known: Option<Scope>, origins: &Origins) -> Diagnostic {
    let text = |key: &str| root.get(key).and_then(Field::as_str).unwrap_or_default();
    let (version, kind) = (text("apiVersion"), text("kind"));
    let title = format!("objects of kind `{kind}` (`{version}`) are passed through: their fields are not known here");
    let diagnostic = Diagnostic::info("unknown-kind", title).help(match known {
        Some(_) => "let a server check them: `kubectl apply --dry-run=server`",
        None => {
            "they are taken for namespaced ones; if they are not, put their CustomResourceDefinition into a manifest too"
        }
    });
    match root.get("kind").and_then(|field| place(field, origins)) {
        Some(span) => diagnostic.at(span, ""),
        None => diagnostic,
    }
}
