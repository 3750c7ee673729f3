//! Where the certificate of an ingress comes from.

use crate::bundle::{Traced, traced};
use crate::component::cluster::{Cluster, TlsMode};
use crate::component::ingress::{Ingress, Tls, TlsTable};
use crate::component::world::{World, text};
use crate::shape::Written;
use crate::value::{Name, ObjectName, Scalar};

/// Where the certificate of an ingress comes from.
#[derive(Debug, Clone)]
pub enum Certificate<'a> {
    /// A Secret that exists.
    Secret(Traced<String>),
    /// A Secret that cert-manager fills.
    CertManager {
        /// The Secret.
        secret: Traced<String>,
        /// Who signs it.
        issuer: &'a Written<String>,
    },
    /// The provider's load balancer has it.
    Provider,
}

/// An issuer of cert-manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issuer<'a> {
    /// One for the whole cluster, by its name.
    OfCluster(&'a str),
    /// One of the namespace, by its name.
    OfNamespace(&'a str),
}

impl<'a> Issuer<'a> {
    /// Reads `NAME` or `Issuer/NAME`; `None` where it is neither.
    pub fn parse(text: &'a str) -> Option<Self> {
        let issuer = match text.split_once('/') {
            None => Self::OfCluster(text),
            Some(("ClusterIssuer", name)) => Self::OfCluster(name),
            Some(("Issuer", name)) => Self::OfNamespace(name),
            Some(_) => return None,
        };
        let (Self::OfCluster(name) | Self::OfNamespace(name)) = issuer;
        ObjectName::parse(name).is_ok().then_some(issuer)
    }

    /// The annotation that asks cert-manager for a certificate (cert-manager 1.21, on Ingresses and Gateways alike).
    pub fn annotation(self) -> (&'static str, &'a str) {
        match self {
            Self::OfCluster(name) => ("cert-manager.io/cluster-issuer", name),
            Self::OfNamespace(name) => ("cert-manager.io/issuer", name),
        }
    }
}

impl Ingress {
    /// Whether it answers HTTPS: as written, else where the cluster provides certificates.
    pub fn uses_tls(&self, cluster: &Cluster) -> bool {
        match &self.tls {
            Some(Tls::Word(word)) => word.value,
            Some(Tls::Table(_)) => true,
            None => cluster.tls_mode() != TlsMode::None && !cluster.lacks_gateway_certificate(),
        }
    }

    /// Its certificate; `None` where it answers HTTP only.
    ///
    /// An issuer on the ingress always counts. Where cert-manager provides certificates it fills the Secret, unless the
    /// stack declares that Secret itself. A Secret that is written wins over the provider.
    pub fn certificate<'a>(&'a self, name: &Written<Name>, world: &'a World) -> Option<Certificate<'a>> {
        if !self.uses_tls(world.cluster) {
            return None;
        }
        let table = self.tls_table();
        let written = table.and_then(|table| table.secret.as_ref());
        let secret = match written {
            Some(secret) => text(secret),
            None => traced(
                format!("{}-tls", name.value),
                world.derive("a certificate is kept in a Secret named after its ingress", &[name.origin]),
            ),
        };
        if let Some(issuer) = table.and_then(|table| table.issuer.as_ref()) {
            return Some(Certificate::CertManager { secret, issuer });
        }
        Some(match world.cluster.tls_mode() {
            TlsMode::Provider if written.is_none() => Certificate::Provider,
            TlsMode::CertManager if !world.names.secrets.contains_key(secret.value.as_str()) => {
                match world.cluster.issuer() {
                    Some(issuer) => Certificate::CertManager { secret, issuer },
                    None => Certificate::Secret(secret),
                }
            }
            _ => Certificate::Secret(secret),
        })
    }

    /// `tls` in its long form.
    pub fn tls_table(&self) -> Option<&TlsTable> {
        match &self.tls {
            Some(Tls::Table(table)) => Some(table),
            _ => None,
        }
    }
}

impl Certificate<'_> {
    /// The Secret that holds it; `None` where the provider has it.
    pub fn secret(&self) -> Option<&Traced<String>> {
        match self {
            Self::Secret(secret) | Self::CertManager { secret, .. } => Some(secret),
            Self::Provider => None,
        }
    }

    /// The annotation that asks cert-manager for it.
    pub fn issuer_annotation(&self) -> Option<(String, Traced<String>)> {
        let Self::CertManager { issuer, .. } = self else { return None };
        let (key, name) = Issuer::parse(&issuer.value)?.annotation();
        Some((key.to_owned(), traced(name.to_owned(), issuer.origin)))
    }
}
