//! NetworkPolicies from edges: who may connect to a component.

use crate::bundle::{Bundle, CauseId, Field, FieldValue, Identity, Object, Traced, traced};
use crate::component::cluster::ExposeApi;
use crate::component::expose::backends;
use crate::component::file::Tables;
use crate::component::stack::NetworkPolicies;
use crate::component::world::{NAME_LABEL, Subject, World};
use crate::document::OriginId;
use crate::shape::Written;
use crate::traced;
use crate::value::{Name, PortName};
use indexmap::IndexMap;
use k8s_openapi::api::networking::v1 as networking;
use k8s_openapi::apimachinery::pkg::apis::meta::v1 as meta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use rustc_hash::FxBuildHasher;
use std::collections::BTreeSet;

/// The label by which every cluster marks a Namespace with its name.
/// <https://kubernetes.io/docs/concepts/services-networking/network-policies/>
const NAMESPACE_LABEL: &str = "kubernetes.io/metadata.name";

/// Adds a policy for every database and for every api that an edge or a route leads to, where the stack asks for them.
/// It looks at the Pods and Services that were made, so that whatever is derived from a component is seen.
pub fn lower(tables: &Tables, world: &World, bundle: &mut Bundle) {
    let Some(asked) = world.stack.policies() else { return };
    let scene = Scene {
        world,
        asked,
        headless: bundle.objects.iter().filter_map(behind_headless).collect(),
        pods: bundle.objects.iter().filter_map(Pods::of).collect(),
        services: bundle.objects.iter().flat_map(service_ports).collect(),
        edges: edges(tables, world),
        routed: routed(tables, world),
        probed: probed(tables, world),
    };
    let databases = tables.db.iter().map(|(name, _)| Subject::new("db", name));
    let is_led_to = |name: &Name| {
        scene.edges.keys().any(|(_, target)| *target == name.as_str()) || scene.routed.contains_key(name.as_str())
    };
    let apis = tables.api.iter().filter(|(name, _)| is_led_to(&name.value)).map(|(name, _)| Subject::new("api", name));
    let policies: Vec<Object> = databases.chain(apis).flat_map(|subject| scene.policies(subject)).collect();
    bundle.objects.extend(policies);
}

/// Who leads to what, and what there is to lead to.
struct Scene<'a> {
    world: &'a World<'a>,
    /// What the stack asks of policies.
    asked: &'a NetworkPolicies,
    /// The labels of the Pods with the name that a headless Service leads to: they find each other by it.
    headless: BTreeSet<&'a str>,
    pods: Vec<Pods<'a>>,
    services: Vec<ServicePort<'a>>,
    /// By client and target.
    edges: IndexMap<(&'a str, &'a str), Edge<'a>, FxBuildHasher>,
    /// The ports to which routes lead, by component.
    routed: IndexMap<&'a str, Vec<&'a PortName>, FxBuildHasher>,
    /// The ports that load balancers ask beside those, by component.
    probed: BTreeSet<(&'a str, i64)>,
}

/// The Pods of one object.
struct Pods<'a> {
    /// What they belong to.
    identity: &'a Identity,
    /// The kind of the object.
    kind: &'a str,
    /// Their label with the name.
    name: &'a str,
    /// The ports of their containers.
    ports: Vec<&'a Field>,
}

/// A port that a Service offers, and where it leads.
struct ServicePort<'a> {
    /// The label of the Pods with the name.
    pods: &'a str,
    /// The port of the Pods: its name or its number.
    target: &'a Field,
    reach: Reach,
}

/// From where a Service is reached.
#[derive(PartialEq)]
enum Reach {
    Inside,
    Outside,
}

/// One component leads to another.
struct Edge<'a> {
    client: Subject<'a>,
    origin: OriginId,
    /// The names of the ports; none where the edge does not say.
    ports: Option<BTreeSet<String>>,
}

impl<'a> Scene<'a> {
    /// The policy of a component, and that of what stands before it where clients are led there.
    fn policies(&self, subject: Subject<'a>) -> Vec<Object> {
        let hosts = self.world.connections.get(subject.component).map_or(&[][..], |connection| &connection.hosts);
        let own = self.pods.iter().filter(|pods| &*pods.identity.component == subject.component);
        let guarded = own.filter(|pods| pods.name == subject.name || hosts.iter().any(|host| host.value == pods.name));
        guarded.map(|pods| self.policy(pods, subject)).collect()
    }

    fn policy(&self, pods: &Pods<'a>, subject: Subject<'a>) -> Object {
        let subject = Subject { name: pods.name, ..subject };
        let cause = self.derive("a NetworkPolicy lets in those alone who are led here", subject.origin);
        let spec = traced!(
            cause,
            networking::NetworkPolicySpec {
                pod_selector: self.world.selector(subject),
                policy_types: vec![traced("Ingress".to_owned(), cause)],
                ingress: self.rules(pods, subject),
            }
        );
        let metadata = self.world.metadata(subject, subject.name);
        let role = match subject.name == subject.component {
            true => "network-policy".to_owned(),
            false => format!("network-policy {}", subject.name),
        };
        let policy = traced!(cause, networking::NetworkPolicy { metadata: metadata, spec: spec });
        Object::new(Identity::new(subject.component, role), policy)
    }

    fn rules(&self, pods: &Pods<'a>, subject: Subject<'a>) -> Vec<Traced<networking::NetworkPolicyIngressRule>> {
        let mut rules = Vec::new();
        let open: Vec<_> = pods.ports.iter().copied().filter(|port| self.is_open(port, pods, subject)).collect();
        if !open.is_empty() {
            let cause = self.derive("what is exposed stays open to everybody", subject.origin);
            rules.push(rule(Vec::new(), &open, cause));
        }
        for ((_, _), edge) in self.edges.iter().filter(|((_, target), _)| *target == subject.component) {
            let cause = self.derive("an edge lets its component in", edge.origin);
            rules.push(self.rule_for(edge.client, &self.led_to(edge, pods), cause));
        }
        let served = self.served(pods);
        // they talk to the component itself, not to what stands before it for others
        let derived = self.pods.iter().filter(|other| &*other.identity.component == pods.name);
        for other in derived.filter(|other| other.name != pods.name) {
            let cause = self.derive("what is made for a component may connect to it", subject.origin);
            rules.push(self.rule_for(Subject { name: other.name, ..subject }, &served, cause));
        }
        // a database that the stack runs itself has one Pod
        let are_peers = pods.kind == "StatefulSet" || self.headless.contains(pods.name);
        if subject.table == "api" && are_peers {
            let cause = self.derive("Pods that find each other by name may connect to each other", subject.origin);
            rules.push(self.rule_for(subject, &[], cause));
        }
        // without a port the rule would be for all of them
        if !pods.ports.is_empty() && !self.asked.from.is_empty() {
            rules.push(self.rule_for_namespaces(&pods.ports, subject));
        }
        rules
    }

    fn rule_for(
        &self,
        client: Subject,
        ports: &[&Field],
        cause: CauseId,
    ) -> Traced<networking::NetworkPolicyIngressRule> {
        let peer = traced!(cause, networking::NetworkPolicyPeer { pod_selector: self.world.selector(client) });
        rule(vec![peer], ports, cause)
    }

    fn rule_for_namespaces(&self, ports: &[&Field], subject: Subject) -> Traced<networking::NetworkPolicyIngressRule> {
        let says = "the stack lets in the Pods of these namespaces";
        let peer = |name: &Written<Name>| {
            let cause = self.derive(says, name.origin);
            let labels = vec![(NAMESPACE_LABEL.to_owned(), traced(name.value.to_string(), name.origin))];
            let selector = traced!(cause, meta::LabelSelector { match_labels: labels });
            traced!(cause, networking::NetworkPolicyPeer { namespace_selector: selector })
        };
        rule(self.asked.from.iter().map(peer).collect(), ports, self.derive(says, subject.origin))
    }

    /// The ports of an edge; all that Services lead to where it does not say, or says what these Pods do not have.
    fn led_to(&self, edge: &Edge, pods: &Pods<'a>) -> Vec<&'a Field> {
        let is_named = |port: &&&Field| {
            let name = port.get("name").and_then(Field::as_str);
            edge.ports.as_ref().is_some_and(|ports| name.is_some_and(|name| ports.contains(name)))
        };
        let named: Vec<_> = pods.ports.iter().filter(is_named).copied().collect();
        if named.is_empty() { self.served(pods) } else { named }
    }

    /// The ports to which Services lead; all where there is no Service.
    fn served(&self, pods: &Pods<'a>) -> Vec<&'a Field> {
        let served: Vec<_> = pods.ports.iter().copied().filter(|port| self.is_served(port, pods, |_| true)).collect();
        if served.is_empty() { pods.ports.clone() } else { served }
    }

    fn is_served(&self, port: &Field, pods: &Pods, counts: impl Fn(&ServicePort) -> bool) -> bool {
        let leads_here = |service: &&ServicePort| service.pods == pods.name && is_target(service.target, port);
        self.services.iter().filter(leads_here).any(counts)
    }

    /// Whether a port is reached from outside: by a route, by a Service, or on the node.
    fn is_open(&self, port: &Field, pods: &Pods, subject: Subject) -> bool {
        let routed = self.routed.get(subject.component).filter(|_| pods.name == subject.component);
        let name = port.get("name").and_then(Field::as_str);
        let number = port.get("containerPort").and_then(Field::as_integer);
        let is_probed = |_: &_| number.is_some_and(|number| self.probed.contains(&(subject.component, number)));
        routed.is_some_and(|ports| ports.iter().any(|routed| Some(routed.as_str()) == name))
            || routed.is_some_and(is_probed)
            || port.get("hostPort").is_some()
            || self.is_served(port, pods, |service| service.reach == Reach::Outside)
    }

    fn derive(&self, rule: &'static str, origin: OriginId) -> CauseId {
        self.world.derive(rule, &[origin, self.asked.origin])
    }
}

/// No peer is everybody, no port is all of them.
fn rule(
    peers: Vec<Traced<networking::NetworkPolicyPeer>>,
    ports: &[&Field],
    cause: CauseId,
) -> Traced<networking::NetworkPolicyIngressRule> {
    let port = |port: &&Field| {
        let number = port.get("containerPort")?;
        let protocol =
            port.get("protocol").and_then(|protocol| Some(traced(protocol.as_str()?.to_owned(), protocol.cause)));
        let value = i32::try_from(number.as_integer()?).ok()?;
        let port = traced(IntOrString::Int(value), number.cause);
        Some(traced!(cause, networking::NetworkPolicyPort { port: port, protocol: protocol }))
    };
    let ports: Vec<_> = ports.iter().filter_map(port).collect();
    traced!(cause, networking::NetworkPolicyIngressRule { from: peers, ports: ports })
}

impl<'a> Pods<'a> {
    fn of(object: &'a Object) -> Option<Self> {
        let template = object.pod_template()?;
        let name = template.follow(&["metadata", "labels", NAME_LABEL])?.as_str()?;
        let containers =
            ["containers", "initContainers"].into_iter().filter_map(|list| template.follow(&["spec", list]));
        let ports =
            containers.flat_map(Field::items).filter_map(|container| container.get("ports")).flat_map(Field::items);
        Some(Self { identity: &object.identity, kind: object.kind_name(), name, ports: ports.collect() })
    }
}

/// The label of the Pods with the name that a headless Service leads to.
fn behind_headless(object: &Object) -> Option<&str> {
    let spec = object.root.get("spec").filter(|_| object.kind_name() == "Service")?;
    let is_headless = spec.get("clusterIP")?.as_str()? == "None";
    spec.follow(&["selector", NAME_LABEL])?.as_str().filter(|_| is_headless)
}

fn service_ports(object: &Object) -> impl Iterator<Item = ServicePort<'_>> {
    let spec = object.root.get("spec").filter(|_| object.kind_name() == "Service");
    let pods = spec.and_then(|spec| spec.follow(&["selector", NAME_LABEL])?.as_str());
    let kind = spec.and_then(|spec| spec.get("type")?.as_str());
    let outside = matches!(kind, Some("NodePort" | "LoadBalancer"));
    let ports = spec.and_then(|spec| spec.get("ports")).map_or(&[][..], Field::items);
    ports.iter().filter_map(move |port| {
        let target = port.get("targetPort").or_else(|| port.get("port"))?;
        let reach = if outside { Reach::Outside } else { Reach::Inside };
        Some(ServicePort { pods: pods?, target, reach })
    })
}

/// Whether the `targetPort` of a Service means a port of a container, by name or by number.
fn is_target(target: &Field, port: &Field) -> bool {
    match &target.value {
        FieldValue::String(name) => port.get("name").and_then(Field::as_str) == Some(name),
        FieldValue::Integer(number) => port.get("containerPort").and_then(Field::as_integer) == Some(*number),
        _ => false,
    }
}

/// The edges of `uses` and `wait`, by client and target.
fn edges<'a>(tables: &'a Tables, world: &World) -> IndexMap<(&'a str, &'a str), Edge<'a>, FxBuildHasher> {
    let mut edges: IndexMap<_, Edge, _> = IndexMap::default();
    for (table, name, workload) in tables.workloads() {
        let client = Subject::new(table, name);
        let containers = workload.containers(name.as_ref().map(Name::as_str));
        let uses = containers.iter().flat_map(|container| container.uses.0.iter());
        let uses = uses.map(|(target, binding)| (target, Some(binding)));
        for (target, binding) in uses.chain(workload.wait.iter().map(|target| (target, None))) {
            let Some(connection) = world.connections.get(target.value.as_str()) else { continue };
            let ports = binding.map_or_else(
                || Some(BTreeSet::from_iter(connection.first_port())),
                |binding| binding.ports(connection),
            );
            match edges.get_mut(&(client.name, target.value.as_str())) {
                // a wait says only where it tries; what is used may be more
                Some(edge) => {
                    edge.ports =
                        edge.ports.take().zip(ports).map(|(known, more)| known.into_iter().chain(more).collect())
                }
                None => {
                    let ports = ports.filter(|_| binding.is_some());
                    edges.insert((client.name, target.value.as_str()), Edge { client, origin: target.origin, ports });
                }
            }
        }
    }
    edges
}

/// The ports to which routes lead, by component; none where the cluster exposes nothing.
fn routed<'a>(tables: &'a Tables, world: &World) -> IndexMap<&'a str, Vec<&'a PortName>, FxBuildHasher> {
    let mut routed: IndexMap<&str, Vec<&PortName>, _> = IndexMap::default();
    if world.cluster.expose_api() == ExposeApi::None {
        return routed;
    }
    let backends = backends(&tables.api);
    for (_, route) in tables.ingress.iter().flat_map(|(_, ingress)| ingress.routes.0.iter()) {
        if let Ok(destination) = route.destination(&backends) {
            routed.entry(route.to.value.name.as_str()).or_default().push(&destination.port.value);
        }
    }
    routed
}

/// The ports of Pods that load balancers ask beside those that routes lead to, each with its component.
fn probed<'a>(tables: &'a Tables, world: &World) -> BTreeSet<(&'a str, i64)> {
    let backends = backends(&tables.api);
    let routes = tables.ingress.iter().flat_map(|(_, ingress)| ingress.routes.0.iter());
    let probed = routes.filter_map(|(_, route)| {
        let approach = world.approaches.get(route.destination(&backends).ok()?.service.value)?;
        Some((route.to.value.name.as_str(), i64::from(approach.asked_port?)))
    });
    probed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::file::StackFile;
    use crate::component::fixture::{Fixture, json};
    use crate::component::world::add;
    use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec};
    use k8s_openapi::api::core::v1::PodTemplateSpec;
    use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

    #[test]
    fn what_is_made_for_a_database_may_connect_to_it() {
        let mut fixture =
            Fixture::new("stack.network-policy = true\n[db.main]\nengine = \"postgres\"\nstorage = \"1Gi\"");
        let file: StackFile = fixture.decode(&[]);
        let bundle = fixture.lower(|world, _, bundle| {
            let (name, db) = &file.tables.db.entries[0];
            db.lower(name, world, bundle);
            let subject = Subject { name: "main-exporter", ..Subject::new("db", name) };
            let metadata = traced!(subject.origin, ObjectMeta { labels: world.labels(subject) });
            let template = traced!(subject.origin, PodTemplateSpec { metadata: metadata });
            let spec = traced!(subject.origin, DeploymentSpec { template: template });
            add(bundle, subject, "exporter", traced!(subject.origin, Deployment { spec: spec }));
            lower(&file.tables, world, bundle);
        });
        let policies: Vec<_> = bundle.objects.iter().filter(|object| object.kind_name() == "NetworkPolicy").collect();
        assert_eq!(policies.len(), 1, "the exporter itself stays open to who reads it");
        let rules = json(&policies[0].root, &["spec", "ingress"]);
        assert_eq!(rules[0]["from"][0]["podSelector"]["matchLabels"][NAME_LABEL], "main-exporter");
        assert_eq!(rules[0]["ports"], serde_json::json!([{ "port": 5432 }]));
        assert_eq!(rules.as_array().map(Vec::len), Some(1));
    }
}
