//! What the cluster says about exposing and TLS, with what it leaves out filled in.

use crate::component::cluster::{ClassVia, Cluster, ExposeApi, TlsMode};
use crate::shape::Written;

/// A Gateway that exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharedGateway<'a> {
    /// Its namespace.
    pub namespace: &'a str,
    /// Its name.
    pub name: &'a str,
}

/// A protocol that the edge of the cluster speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Web {
    /// HTTP.
    Http,
    /// HTTP over TLS.
    Https,
}

impl Web {
    /// What URLs begin with.
    pub fn scheme(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The port that URLs leave out (RFC 9110, section 4.2).
    pub fn usual_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl Cluster {
    /// What an ingress becomes; an Ingress where the cluster does not say.
    pub fn expose_api(&self) -> ExposeApi {
        self.expose.as_ref().and_then(|expose| expose.api).map_or(ExposeApi::Ingress, |api| api.value)
    }

    /// The class of Ingresses or of the Gateway; none where it is empty.
    pub fn expose_class(&self) -> Option<&Written<String>> {
        self.expose.as_ref()?.class.as_ref().filter(|class| !class.value.is_empty())
    }

    /// Where the class of an Ingress stands; in its field where the cluster does not say.
    pub fn class_via(&self) -> ClassVia {
        self.expose.as_ref().and_then(|expose| expose.class_via).map_or(ClassVia::Field, |via| via.value)
    }

    /// The text `namespace/name` of a Gateway that exists already.
    pub fn shared_gateway_text(&self) -> Option<&Written<String>> {
        self.expose.as_ref()?.gateway.as_ref().filter(|gateway| !gateway.value.is_empty())
    }

    /// The Gateway that exists already; none where its text is no `namespace/name`.
    pub fn shared_gateway(&self) -> Option<Written<SharedGateway<'_>>> {
        let text = self.shared_gateway_text()?;
        let (namespace, name) = text
            .value
            .split_once('/')
            .filter(|(namespace, name)| !namespace.is_empty() && !name.is_empty() && !name.contains('/'))?;
        Some(Written { value: SharedGateway { namespace, name }, origin: text.origin })
    }

    /// The port of a Gateway's listeners, 1 to 65535, where the cluster says it.
    pub fn listener_port(&self, web: Web) -> Option<Written<u16>> {
        let listeners = self.expose.as_ref()?.listeners.as_ref()?;
        let port = match web {
            Web::Http => listeners.http,
            Web::Https => listeners.https,
        };
        port.map(|port| port.map(|port| port.get()))
    }

    /// The port of the host by which the cluster is reached, where it is another than the usual one.
    pub fn public_port(&self, web: Web) -> Option<Written<u16>> {
        let ports = self.ports.as_ref()?;
        let port = match web {
            Web::Http => ports.http,
            Web::Https => ports.https,
        };
        port.map(|port| port.map(|port| port.get())).filter(|port| port.value != web.usual_port())
    }

    /// Who provides certificates; nobody where the cluster does not say.
    pub fn tls_mode(&self) -> TlsMode {
        self.tls.as_ref().and_then(|tls| tls.mode).map_or(TlsMode::None, |mode| mode.value)
    }

    /// The issuer of cert-manager.
    pub fn issuer(&self) -> Option<&Written<String>> {
        self.tls.as_ref()?.issuer.as_ref().filter(|issuer| !issuer.value.is_empty())
    }

    /// The provider's certificate.
    pub fn provider_certificate(&self) -> Option<&Written<String>> {
        self.tls.as_ref()?.certificate.as_ref().filter(|certificate| !certificate.value.is_empty())
    }

    /// The annotation by which a Gateway of this class learns of the provider's certificate.
    ///
    /// GKE reads a certificate map. The AWS controller finds certificates by host and has no annotation.
    pub fn gateway_certificate_annotation(&self) -> Option<&'static str> {
        self.expose_class().filter(|class| class.value.starts_with("gke-")).map(|_| "networking.gke.io/certmap")
    }

    /// Whether a Gateway of the stack can have HTTPS only by a provider's certificate that nobody has named.
    pub fn lacks_gateway_certificate(&self) -> bool {
        self.expose_api() == ExposeApi::Gateway
            && self.shared_gateway_text().is_none()
            && self.tls_mode() == TlsMode::Provider
            && self.gateway_certificate_annotation().is_some()
            && self.provider_certificate().is_none()
    }
}

/// The annotation by which an Ingress of this class learns of the provider's certificate.
pub fn ingress_certificate_annotation(class: &str) -> Option<&'static str> {
    match class {
        "alb" => Some("alb.ingress.kubernetes.io/certificate-arn"),
        "gce" | "gce-internal" => Some("networking.gke.io/managed-certificates"),
        _ => None,
    }
}
