//! Each `[ingress]` as an HTTPRoute, and one that redirects to HTTPS where it uses TLS.

use super::destination::{Backends, Destination};
use super::facts::Web;
use super::gateway::Entrances;
use super::hosts::ServedHost;
use super::ingress::path_type;
use crate::bundle::{Bundle, CauseId, Traced, traced};
use crate::component::gateway::{
    BackendReference, HTTPPathMatch, HTTPRoute, HTTPRouteFilter, HTTPRouteMatch, HTTPRouteRule, HTTPRouteSpec,
    ParentReference, RequestRedirect,
};
use crate::component::ingress::{Ingress, PathType, Route};
use crate::component::world::{Subject, World, add, text};
use crate::document::OriginId;
use crate::shape::{Keyed, Written};
use crate::traced;
use crate::value::{HttpPath, Name};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// Adds the Gateway, unless a shared one is named, and the routes.
pub fn lower(ingresses: &Keyed<Name, Ingress>, backends: &Backends, world: &World, bundle: &mut Bundle) {
    let entrances = Entrances::collect(ingresses, world);
    if world.cluster.shared_gateway_text().is_none() && !entrances.hosts.is_empty() {
        entrances.add_gateway(bundle);
    }
    for (name, ingress) in ingresses.iter() {
        Routing { entrances: &entrances, world, ingress, subject: Subject::new("ingress", name) }
            .add(name, backends, bundle);
    }
}

/// The name of the HTTPRoute that sends clients of an ingress from HTTP to HTTPS.
pub fn redirect_name(ingress: &str) -> String {
    format!("{ingress}-redirect")
}

/// Routes of an ingress that lead to one port of one Service.
pub struct Group<'a> {
    /// Where the first of them was written.
    origin: OriginId,
    destination: Destination<'a>,
    /// Their paths, in the order written.
    pub routes: Vec<&'a (Written<HttpPath>, Route)>,
}

/// The routes of an ingress by where they lead, because an HTTPRoute has at most 16 rules. The order of rules says nothing:
/// the longest path wins.
pub fn group<'a>(ingress: &'a Ingress, backends: &Backends<'a>) -> Vec<Group<'a>> {
    let mut groups: IndexMap<(&str, &str), Group<'a>, FxBuildHasher> = IndexMap::default();
    for entry in ingress.routes.0.iter() {
        let Ok(destination) = entry.1.destination(backends) else { continue };
        let key = (destination.service.value, destination.port.value.as_str());
        let new = || Group { origin: entry.1.origin, destination, routes: Vec::new() };
        groups.entry(key).or_insert_with(new).routes.push(entry);
    }
    groups.into_values().collect()
}

/// One ingress on its way to routes.
struct Routing<'a> {
    entrances: &'a Entrances<'a>,
    world: &'a World<'a>,
    ingress: &'a Ingress,
    subject: Subject<'a>,
}

impl Routing<'_> {
    fn add(&self, name: &Written<Name>, backends: &Backends, bundle: &mut Bundle) {
        let (world, ingress, subject) = (self.world, self.ingress, self.subject);
        let hosts = ingress.hosts(name, world.cluster).unwrap_or_default();
        let secure = ingress.uses_tls(world.cluster) && world.cluster.shared_gateway_text().is_none();
        let spec = traced!(
            ingress.origin,
            HTTPRouteSpec {
                parent_refs: self.parents(&hosts, if secure { Web::Https } else { Web::Http }),
                hostnames: self.hostnames(&hosts),
                rules: group(ingress, backends).into_iter().map(|group| self.rule(group)).collect::<Vec<_>>(),
            }
        );
        let metadata = world.metadata(subject, subject.name);
        add(bundle, subject, "route", traced!(ingress.origin, HTTPRoute { metadata: metadata, spec: spec }));
        if !secure {
            return;
        }
        let cause = world.derive("where an ingress uses TLS, HTTP redirects to HTTPS", &[ingress.origin]);
        let spec = traced!(
            cause,
            HTTPRouteSpec {
                parent_refs: self.parents(&hosts, Web::Http),
                hostnames: self.hostnames(&hosts),
                rules: vec![self.redirect(cause)],
            }
        );
        let own = traced(redirect_name(subject.name), cause);
        let metadata = world.metadata_with(subject, own, Vec::new(), Vec::new());
        add(bundle, subject, "redirect", traced!(cause, HTTPRoute { metadata: metadata, spec: spec }));
    }

    /// The listeners of the hosts; all of a shared Gateway, whose listeners are not known here.
    fn parents(&self, hosts: &[ServedHost], web: Web) -> Vec<Traced<ParentReference>> {
        if let Some(shared) = self.world.cluster.shared_gateway() {
            return vec![traced!(
                shared.origin,
                ParentReference { name: shared.value.name, namespace: shared.value.namespace }
            )];
        }
        let stack = self.world.stack_name();
        let parent = |host: &ServedHost| {
            traced!(
                host.cause(self.world),
                ParentReference {
                    name: traced(stack.value.to_owned(), stack.origin),
                    section_name: self.entrances.listener_name(host.name.as_deref(), web),
                }
            )
        };
        hosts.iter().map(parent).collect()
    }

    /// None where every host is served: a route without hosts takes those of its listeners.
    fn hostnames(&self, hosts: &[ServedHost]) -> Vec<Traced<String>> {
        let named = hosts.iter().map(|host| Some(traced(host.name.clone()?, host.cause(self.world))));
        named.collect::<Option<Vec<_>>>().unwrap_or_default()
    }

    fn rule(&self, group: Group) -> Traced<HTTPRouteRule> {
        let backend = traced!(
            group.origin,
            BackendReference { name: group.destination.service_name(), port: group.destination.port_number() }
        );
        let matches = group.routes.into_iter().map(|route| self.path_match(route));
        traced!(group.origin, HTTPRouteRule { matches: matches.collect::<Vec<_>>(), backend_refs: vec![backend] })
    }

    /// The client is sent to the port at which a person reaches the cluster, not to that of the listener.
    fn redirect(&self, cause: CauseId) -> Traced<HTTPRouteRule> {
        let redirect = traced!(
            cause,
            RequestRedirect {
                scheme: "https",
                port: self.world.cluster.public_port(Web::Https).map(|port| traced(i32::from(port.value), port.origin)),
                status_code: 301,
            }
        );
        let filter = traced!(cause, HTTPRouteFilter { type_: "RequestRedirect", request_redirect: redirect });
        let matches = self.ingress.routes.0.iter().map(|route| self.path_match(route));
        traced!(cause, HTTPRouteRule { matches: matches.collect::<Vec<_>>(), filters: vec![filter] })
    }

    fn path_match(&self, (path, route): &(Written<HttpPath>, Route)) -> Traced<HTTPRouteMatch> {
        let kind = path_type(path, route, self.world).map(|kind| match kind {
            PathType::Prefix => "PathPrefix".to_owned(),
            PathType::Exact => "Exact".to_owned(),
        });
        let path_match = traced!(path.origin, HTTPPathMatch { type_: kind, value: text(path) });
        traced!(path.origin, HTTPRouteMatch { path: path_match })
    }
}
