//! The classes of disks and of routes, for a cluster that does not have them: StorageClass, IngressClass, GatewayClass.

use super::cluster::{ClassParameters, Cluster, Expose, ExposeApi, ExposeDefinition, Storage, StorageDefinition};
use super::gateway::{GatewayClass, GatewayClassSpec, ParametersReference};
use super::world::{Subject, World, add, entries, text};
use crate::bundle::{Bundle, Field, Traced, traced};
use crate::diagnostic::Diagnostic;
use crate::document::OriginId;
use crate::document::checking::Checking;
use crate::shape::mistake::invalid_value;
use crate::shape::{Attempt, Written};
use crate::traced;
use crate::value::{Controller, ObjectName, Provisioner, Scalar};
use k8s_openapi::api::networking::v1 as networking;
use k8s_openapi::api::storage::v1 as storage;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

/// Reports classes that are to be emitted and lack a part.
pub fn check(cluster: &Cluster, checking: &mut Checking) {
    if let Some((storage, create)) = storage_to_create(cluster) {
        let class = Class { table: "storage", key: "provisioner", example: Provisioner::EXAMPLE, create };
        class.check_name(&storage.class, checking);
        class.check_server(&storage.definition, |definition| (&definition.provisioner, definition.origin), checking);
    }
    let Some((expose, create)) = expose_to_create(cluster) else { return };
    if let (ExposeApi::None, Some(api)) = (cluster.expose_api(), expose.api) {
        let diagnostic = Diagnostic::error("no-class", "`create` has no class to make: `api` is \"none\"")
            .at(checking.span(create), "")
            .at(checking.span(api.origin), "nothing is exposed")
            .help("remove `create`, or write `api = \"ingress\"` or `api = \"gateway\"`");
        return checking.report.push(diagnostic);
    }
    let class = Class { table: "expose", key: "controller", example: Controller::EXAMPLE, create };
    class.check_name(&expose.class, checking);
    class.check_server(&expose.definition, |definition| (&definition.controller, definition.origin), checking);
}

/// Adds the classes that the stack, or a profile of one's own, asks for.
pub fn lower(world: &World, bundle: &mut Bundle) {
    if let Some((storage, create)) = storage_to_create(world.cluster)
        && let (Some(class), Some(definition)) = (storage.class.as_ref(), storage.definition.as_ref())
    {
        let subject = subject(world, create);
        let metadata = world.cluster_metadata(subject, text(class));
        add(bundle, subject, "storage-class", storage_class(metadata, definition));
    }
    if let Some((expose, create)) = expose_to_create(world.cluster)
        && let (Some(class), Some(definition)) = (expose.class.as_ref(), expose.definition.as_ref())
    {
        let subject = subject(world, create);
        match world.cluster.expose_api() {
            ExposeApi::Ingress => {
                add(bundle, subject, "ingress-class", ingress_class(class, definition, subject, world))
            }
            ExposeApi::Gateway => {
                add(bundle, subject, "gateway-class", gateway_class(class, definition, subject, world))
            }
            ExposeApi::None => {}
        }
    }
}

/// The StorageClass that the profile describes, for a cluster that lacks it.
pub fn described_storage(cluster: &Cluster) -> Option<Field> {
    let storage = cluster.storage.as_ref()?;
    let (class, definition) = (storage.class.as_ref()?, storage.definition.as_ref()?);
    let metadata = traced!(class.origin, ObjectMeta { name: text(class) });
    Some(storage_class(metadata, definition).into_field()).filter(|_| !class.value.is_empty())
}

fn storage_to_create(cluster: &Cluster) -> Option<(&Storage, OriginId)> {
    let storage = cluster.storage.as_ref()?;
    Some((storage, storage.create.filter(|create| create.value)?.origin))
}

fn expose_to_create(cluster: &Cluster) -> Option<(&Expose, OriginId)> {
    let expose = cluster.expose.as_ref()?;
    Some((expose, expose.create.filter(|create| create.value)?.origin))
}

/// A class belongs to the cluster, and its labels say which stack made it.
fn subject<'a>(world: &'a World<'a>, origin: OriginId) -> Subject<'a> {
    let stack = world.stack_name().value;
    Subject { table: "cluster", component: stack, name: stack, origin }
}

fn storage_class(metadata: Traced<ObjectMeta>, definition: &StorageDefinition) -> Traced<storage::StorageClass> {
    let word = |word: &str, origin| traced(word.to_owned(), origin);
    traced!(
        definition.origin,
        storage::StorageClass {
            metadata: metadata,
            provisioner: definition.provisioner.as_ref().map_or_else(|| word("", definition.origin), text),
            parameters: entries(&definition.parameters),
            reclaim_policy: definition.reclaim_policy.map(|policy| word(policy.value.as_str(), policy.origin)),
            allow_volume_expansion: definition.expansion.map(|expansion| traced(expansion.value, expansion.origin)),
            volume_binding_mode: definition.binding.map(|mode| word(mode.value.as_str(), mode.origin)),
            mount_options: definition.mount_options.iter().map(text).collect::<Vec<_>>(),
        }
    )
}

fn ingress_class(
    class: &Written<String>,
    definition: &ExposeDefinition,
    subject: Subject,
    world: &World,
) -> Traced<networking::IngressClass> {
    let parameters = |parameters: &ClassParameters| {
        traced!(
            parameters.origin,
            networking::IngressClassParametersReference {
                api_group: parameters.group.as_ref().map(text),
                kind: text(&parameters.kind),
                name: text(&parameters.name),
                scope: parameters.namespace.as_ref().map(|namespace| traced("Namespace".to_owned(), namespace.origin)),
                namespace: parameters.namespace.as_ref().map(text),
            }
        )
    };
    let spec = traced!(
        definition.origin,
        networking::IngressClassSpec {
            controller: definition.controller.as_ref().map(text),
            parameters: definition.parameters.as_ref().map(parameters),
        }
    );
    let metadata = world.cluster_metadata(subject, text(class));
    traced!(definition.origin, networking::IngressClass { metadata: metadata, spec: spec })
}

fn gateway_class(
    class: &Written<String>,
    definition: &ExposeDefinition,
    subject: Subject,
    world: &World,
) -> Traced<GatewayClass> {
    let none = |origin: OriginId| traced(String::new(), origin);
    let parameters = |parameters: &ClassParameters| {
        traced!(
            parameters.origin,
            ParametersReference {
                group: parameters.group.as_ref().map_or_else(|| none(parameters.origin), text),
                kind: text(&parameters.kind),
                name: text(&parameters.name),
                namespace: parameters.namespace.as_ref().map(text),
            }
        )
    };
    let spec = traced!(
        definition.origin,
        GatewayClassSpec {
            controller_name: definition.controller.as_ref().map_or_else(|| none(definition.origin), text),
            parameters_ref: definition.parameters.as_ref().map(parameters),
        }
    );
    traced!(definition.origin, GatewayClass { metadata: world.cluster_metadata(subject, text(class)), spec: spec })
}

/// A class that is to be emitted, for messages.
struct Class {
    /// `storage` or `expose`.
    table: &'static str,
    /// The key of the definition that says who serves it.
    key: &'static str,
    /// A value of that key.
    example: &'static str,
    /// Where it is asked for.
    create: OriginId,
}

impl Class {
    fn check_name(&self, class: &Attempt<Written<String>>, checking: &mut Checking) {
        let class = match class {
            Attempt::Wrong => return,
            class => class.as_ref().filter(|class| !class.value.is_empty()),
        };
        let Some(class) = class else {
            let diagnostic = Diagnostic::error("missing-key", "`create` needs a name for the class")
                .at(checking.span(self.create), "")
                .help(format!("add `class = \"NAME\"` to `cluster.{}`", self.table));
            return checking.report.push(diagnostic);
        };
        if let Err(invalid) = ObjectName::parse(&class.value) {
            let diagnostic = invalid_value("bad-value", invalid, checking.span(class.origin), checking.sources);
            checking.report.push(diagnostic);
        }
    }

    /// Reports that nobody serves the class; `server` is who does, and where it is described.
    fn check_server<D, T>(
        &self,
        definition: &Attempt<D>,
        server: impl Fn(&D) -> (&Attempt<T>, OriginId),
        checking: &mut Checking,
    ) {
        let is_told = match definition {
            Attempt::LeftOut => false,
            Attempt::Wrong => true,
            Attempt::Right(definition) => match server(definition) {
                (Attempt::LeftOut, origin) => checking.is_reported(origin),
                (Attempt::Wrong | Attempt::Right(_), _) => true,
            },
        };
        if is_told {
            return;
        }
        let Self { table, key, example, create } = self;
        let diagnostic = Diagnostic::error("missing-key", format!("`create` needs the `{key}` of the class"))
            .at(checking.span(*create), "")
            .help(format!(
                "add `definition.{key} = \"{example}\"` to `cluster.{table}`, with the {key} of your cluster"
            ));
        checking.report.push(diagnostic);
    }
}
