//! What can be wrong between ingresses, and between all of them and the cluster.

use super::Scene;
use super::certificates::Certificate;
use super::facts::ingress_certificate_annotation;
use super::gateway::Entrances;
use super::routes::{group, redirect_name};
use crate::component::cluster::{Cluster, ExposeApi, TlsMode};
use crate::component::ingress::{Ingress, PathType};
use crate::diagnostic::Diagnostic;
use crate::document::OriginId;
use crate::document::checking::Checking;
use crate::shape::mistake::invalid_value;
use crate::shape::{Keyed, Written};
use crate::value::{Name, ObjectName, Scalar};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// How many hosts an HTTPRoute takes. This limit and the next four are those of the Gateway API's definitions, release 1.6.
const MOST_HOSTS: usize = 16;
/// How many rules an HTTPRoute takes.
const MOST_RULES: usize = 16;
/// How many matches a rule of an HTTPRoute takes.
const MOST_MATCHES: usize = 64;
/// How many matches all rules of an HTTPRoute take.
const MOST_MATCHES_IN_ALL: usize = 128;
/// How many listeners a Gateway takes.
const MOST_LISTENERS: usize = 64;

/// What one route answers.
#[derive(PartialEq, Eq, Hash)]
struct Request {
    host: Option<String>,
    path: String,
    kind: &'static str,
}

impl Scene<'_> {
    /// Reports facts about the cluster with which no ingress can work.
    pub fn check_cluster(&self, ingresses: &Keyed<Name, Ingress>, checking: &mut Checking) {
        let cluster = self.world.cluster;
        let Some((_, first)) = ingresses.iter().next() else { return };
        if let Some(Err(invalid)) = cluster.expose_class().map(|class| ObjectName::parse(&class.value)) {
            let origin = cluster.expose_class().map_or(first.origin, |class| class.origin);
            checking.report.push(invalid_value("bad-value", invalid, checking.span(origin), checking.sources));
        }
        match cluster.expose_api() {
            ExposeApi::None => {
                let title = format!("profile `{}` exposes nothing: ingresses are left out", self.profile);
                let diagnostic = Diagnostic::info("not-exposed", title)
                    .at(checking.key_span(first.origin), "not rendered")
                    .help(self.add("cluster.expose.api = \"ingress\""));
                checking.report.push(diagnostic);
            }
            ExposeApi::Ingress | ExposeApi::Gateway => self.check_provider_certificate(ingresses, first, checking),
        }
    }

    /// Reports a provider's certificate that is missing, or that the class is not told.
    fn check_provider_certificate(&self, ingresses: &Keyed<Name, Ingress>, first: &Ingress, checking: &mut Checking) {
        let cluster = self.world.cluster;
        if cluster.lacks_gateway_certificate() && ingresses.iter().any(|(_, ingress)| ingress.tls.is_none()) {
            let title =
                format!("no HTTPS: profile `{}` leaves certificates to the provider and names none", self.profile);
            let diagnostic = Diagnostic::warning("missing-certificate", title)
                .at(checking.key_span(first.origin), "answers HTTP only")
                .help(format!(
                    "{}, with the name of your certificate map",
                    self.add("cluster.tls.certificate = \"web\"")
                ));
            checking.report.push(diagnostic);
        }
        if let Some(own) = cluster.provider_certificate().filter(|_| !knows_certificate(cluster)) {
            let class = cluster.expose_class().map_or("", |class| class.value.as_str());
            let title = format!("`cluster.tls.certificate` has no effect: class `{class}` is not told of certificates");
            let diagnostic = Diagnostic::warning("unused-key", title).at(checking.span(own.origin), "").help(
                "remove it, and put the annotation that your controller reads below `cluster.expose.annotations`",
            );
            checking.report.push(diagnostic);
        }
    }

    /// Reports two routes for one host and path.
    pub fn check_conflicts(&self, ingresses: &Keyed<Name, Ingress>, checking: &mut Checking) {
        let mut seen: IndexMap<Request, (OriginId, &Name), FxBuildHasher> = IndexMap::default();
        for (name, ingress) in ingresses.iter() {
            let hosts = ingress.hosts(name, self.world.cluster).unwrap_or_default();
            for (path, route) in ingress.routes.0.iter() {
                let kind = route.kind.map_or(PathType::Prefix, |kind| kind.value);
                let meant = meant_path(path.value.as_str(), kind);
                for host in &hosts {
                    let key = Request { host: host.name.clone(), path: meant.to_owned(), kind: kind.as_str() };
                    let first = *seen.entry(key).or_insert((path.origin, &name.value));
                    // One message for each pair of paths, however many hosts they share.
                    if first.0 != path.origin {
                        let title = format!("`{}{}` is routed twice", host.shown(), path.value);
                        let diagnostic = Diagnostic::error("route-conflict", title)
                            .at(checking.key_span(path.origin), format!("routed here by `{}`", name.value))
                            .at(checking.key_span(first.0), format!("and here by `{}`", first.1))
                            .help("remove one of the two, or give one ingress another `host`");
                        checking.report.push(diagnostic);
                        break;
                    }
                }
            }
        }
    }

    /// Reports what a Gateway and its routes cannot hold.
    pub fn check_gateway(&self, ingresses: &Keyed<Name, Ingress>, checking: &mut Checking) {
        self.check_class(ingresses, checking);
        for (name, ingress) in ingresses.iter() {
            self.check_unused(name, ingress, checking);
            self.check_size(name, ingress, checking);
        }
        if self.world.cluster.shared_gateway_text().is_none() {
            self.check_redirects(ingresses, checking);
            self.check_listeners(ingresses, checking);
            self.check_issuers(ingresses, checking);
            self.check_secrets(ingresses, checking);
        }
    }

    fn check_class(&self, ingresses: &Keyed<Name, Ingress>, checking: &mut Checking) {
        let cluster = self.world.cluster;
        if let Some(text) = cluster.shared_gateway_text() {
            let valid = cluster.shared_gateway().is_some_and(|shared| {
                Name::parse(shared.value.namespace).is_ok() && ObjectName::parse(shared.value.name).is_ok()
            });
            if !valid {
                let title = format!("`{}` is not a Gateway of a namespace", text.value);
                let diagnostic = Diagnostic::error("bad-value", title)
                    .at(checking.span(text.origin), "")
                    .help("write \"NAMESPACE/NAME\", as in \"infra/web\"");
                checking.report.push(diagnostic);
            }
        } else if cluster.expose_class().is_none() {
            let api = cluster.expose.as_ref().and_then(|expose| expose.api);
            let origin = api.map_or(ingresses.origin.unwrap_or(self.world.origin), |api| api.origin);
            let title = format!("a Gateway needs a class, and profile `{}` has none", self.profile);
            let diagnostic = Diagnostic::error("missing-class", title)
                .at(checking.span(origin), "makes a Gateway")
                .help(format!("{}, with the name of your GatewayClass", self.add("cluster.expose.class = \"cilium\"")));
            checking.report.push(diagnostic);
        }
    }

    /// Reports keys of an ingress that mean something on an Ingress alone.
    fn check_unused(&self, name: &Written<Name>, ingress: &Ingress, checking: &mut Checking) {
        let shared = self.world.cluster.shared_gateway_text().is_some();
        let annotations = ingress.annotations.origin.filter(|_| !ingress.annotations.is_empty());
        let unset = format!(
            "write `unset = [\"ingress.{}.annotations\"]` below `[profile.{}]`, or remove them; those of the Gateway are `cluster.expose.annotations`",
            name.value, self.profile
        );
        let unused = [
            (annotations, "`annotations` has no effect under Gateway API: it is for an Ingress", unset.as_str()),
            (
                ingress.class.as_ref().map(|class| class.origin),
                "`class` has no effect under Gateway API: a stack has one Gateway",
                "write `cluster.expose.class` for the profile instead",
            ),
            (
                ingress.tls_table().filter(|_| shared).map(|table| table.origin),
                "`tls` has no effect: the shared Gateway has the certificates",
                "remove it, or remove `cluster.expose.gateway`",
            ),
        ];
        for (origin, title, help) in unused {
            if let Some(origin) = origin {
                checking
                    .report
                    .push(Diagnostic::warning("unused-key", title).at(checking.key_span(origin), "").help(help));
            }
        }
    }

    fn check_size(&self, name: &Written<Name>, ingress: &Ingress, checking: &mut Checking) {
        let hosts = ingress.hosts(name, self.world.cluster).unwrap_or_default().len();
        let groups = group(ingress, self.backends);
        let most = groups.iter().map(|group| group.routes.len()).max().unwrap_or_default();
        let redirects = ingress.uses_tls(self.world.cluster) && self.world.cluster.shared_gateway_text().is_none();
        let matches = if redirects { ingress.routes.0.entries.len() } else { most };
        let sizes = [
            (hosts, MOST_HOSTS, "hosts"),
            (groups.len(), MOST_RULES, "ports that routes lead to"),
            (matches, MOST_MATCHES, "routes that one rule must hold"),
            (ingress.routes.0.entries.len(), MOST_MATCHES_IN_ALL, "routes"),
        ];
        for (size, most, what) in sizes {
            if size > most {
                let title = format!("`{}` has {size} {what}, and an HTTPRoute takes {most}", name.value);
                let diagnostic = Diagnostic::error("too-many", title)
                    .at(checking.key_span(ingress.origin), "")
                    .help("move some of them to another ingress");
                checking.report.push(diagnostic);
            }
        }
    }

    /// The HTTPRoute that redirects has a name of its own.
    fn check_redirects(&self, ingresses: &Keyed<Name, Ingress>, checking: &mut Checking) {
        let names: IndexMap<&str, OriginId, FxBuildHasher> =
            ingresses.iter().map(|(name, _)| (name.value.as_str(), name.origin)).collect();
        for (name, _) in ingresses.iter().filter(|(_, ingress)| ingress.uses_tls(self.world.cluster)) {
            let redirect = redirect_name(name.value.as_str());
            if let Some(taken) = names.get(redirect.as_str()) {
                let diagnostic = Diagnostic::error("name-conflict", format!("the name `{redirect}` is taken"))
                    .at(checking.key_span(*taken), "an ingress has it")
                    .at(checking.key_span(name.origin), "its redirect to HTTPS needs it")
                    .help("rename one of the two ingresses");
                checking.report.push(diagnostic);
            }
        }
    }

    fn check_listeners(&self, ingresses: &Keyed<Name, Ingress>, checking: &mut Checking) {
        let listeners = Entrances::collect(ingresses, self.world).listener_count();
        if listeners > MOST_LISTENERS {
            let title =
                format!("the hosts of this stack need {listeners} listeners, and a Gateway takes {MOST_LISTENERS}");
            let diagnostic = Diagnostic::error("too-many", title)
                .at(checking.key_span(ingresses.origin.unwrap_or(self.world.origin)), "")
                .help("put several hosts into one, as in \"*.example.com\"");
            checking.report.push(diagnostic);
        }
    }

    /// A Gateway has one issuer for all its listeners, those with a Secret of one's own too.
    fn check_issuers(&self, ingresses: &Keyed<Name, Ingress>, checking: &mut Checking) {
        let mut first: Option<(Option<&str>, OriginId)> = None;
        for (name, ingress) in ingresses.iter() {
            let found = match ingress.certificate(name, self.world) {
                Some(Certificate::CertManager { issuer, .. }) => (Some(issuer.value.as_str()), ingress.origin),
                Some(Certificate::Secret(_)) => (None, ingress.origin),
                Some(Certificate::Provider) | None => continue,
            };
            let known = *first.get_or_insert(found);
            if known.0 != found.0 {
                let describe = |issuer: Option<&str>| issuer.map_or("none".to_owned(), |issuer| format!("`{issuer}`"));
                let diagnostic = Diagnostic::error("issuer-conflict", "one Gateway cannot have two issuers")
                    .at(checking.key_span(found.1), format!("issuer: {}", describe(found.0)))
                    .at(checking.key_span(known.1), format!("issuer: {}", describe(known.0)))
                    .help("write the same `tls.issuer` in both, or `tls = false` in one");
                return checking.report.push(diagnostic);
            }
        }
    }

    /// A host has one listener, and a listener one certificate.
    fn check_secrets(&self, ingresses: &Keyed<Name, Ingress>, checking: &mut Checking) {
        let mut seen: IndexMap<Option<String>, &Written<ObjectName>, FxBuildHasher> = IndexMap::default();
        for (name, ingress) in ingresses.iter() {
            let Some(secret) = ingress.tls_table().and_then(|table| table.secret.as_ref()) else { continue };
            for host in ingress.hosts(name, self.world.cluster).unwrap_or_default() {
                let shown = host.shown().to_owned();
                let first = *seen.entry(host.name).or_insert(secret);
                if first.value != secret.value {
                    let diagnostic =
                        Diagnostic::error("certificate-conflict", format!("two certificates for the host `{shown}`"))
                            .at(checking.span(secret.origin), "the second")
                            .at(checking.span(first.origin), "the first")
                            .help("write the same `tls.secret` in both: a host has one listener");
                    checking.report.push(diagnostic);
                    break;
                }
            }
        }
    }
}

/// Whether the class is told of the provider's certificate; where the provider has none to give, nothing is amiss.
fn knows_certificate(cluster: &Cluster) -> bool {
    let class = cluster.expose_class().map_or("", |class| class.value.as_str());
    cluster.tls_mode() != TlsMode::Provider
        || match cluster.expose_api() {
            ExposeApi::Ingress => ingress_certificate_annotation(class).is_some(),
            ExposeApi::Gateway => cluster.gateway_certificate_annotation().is_some(),
            ExposeApi::None => true,
        }
}

/// `/a/` and `/a` are one prefix, but two exact paths.
fn meant_path(path: &str, kind: PathType) -> &str {
    match kind {
        PathType::Prefix => path.trim_end_matches('/'),
        PathType::Exact => path,
    }
}
