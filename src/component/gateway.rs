//! GatewayClass, Gateway and HTTPRoute of the Gateway API, as far as an ingress needs them; k8s-openapi does not have them.
//!
//! Source: gateway.networking.k8s.io/v1, release 1.6. What is left out here is left out of the output.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::{ClusterResourceScope, NamespaceResourceScope, Resource};
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// A kind of Gateway, and who serves it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GatewayClass {
    /// Name and labels.
    pub metadata: ObjectMeta,
    /// Who serves it.
    pub spec: GatewayClassSpec,
}

/// Who serves a GatewayClass.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GatewayClassSpec {
    /// A domain and a path, at most 253 characters.
    pub controller_name: String,
    /// The object that holds its settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters_ref: Option<ParametersReference>,
}

/// An object that holds settings.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct ParametersReference {
    /// Its API group; empty for the core group.
    pub group: String,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its namespace, where it lives in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// A place where requests enter the cluster.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gateway {
    /// Name, labels, annotations.
    pub metadata: ObjectMeta,
    /// What it listens on.
    pub spec: GatewaySpec,
}

/// What a Gateway listens on.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GatewaySpec {
    /// The GatewayClass.
    pub gateway_class_name: String,
    /// 1 to 64 listeners.
    pub listeners: Vec<Listener>,
}

/// A port and a host that a Gateway answers.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listener {
    /// Unique in its Gateway; what a route names as `sectionName`.
    pub name: String,
    /// 1 to 65535.
    pub port: i32,
    /// `HTTP` or `HTTPS`.
    pub protocol: String,
    /// The host; every host where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// The certificate. May be left out with `HTTPS` where the provider has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<ListenerTls>,
}

/// The certificate of a listener.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListenerTls {
    /// `Terminate`.
    pub mode: String,
    /// The Secret, in the Gateway's namespace; one, because more are not supported everywhere.
    pub certificate_refs: Vec<SecretReference>,
}

/// A Secret in the same namespace.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct SecretReference {
    /// Its name.
    pub name: String,
}

/// Requests and where they go.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HTTPRoute {
    /// Name, labels, annotations.
    pub metadata: ObjectMeta,
    /// The requests.
    pub spec: HTTPRouteSpec,
}

/// Which requests go where.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HTTPRouteSpec {
    /// The listeners whose requests these are, at most 32.
    pub parent_refs: Vec<ParentReference>,
    /// The hosts, at most 16; those of the listeners where they are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostnames: Option<Vec<String>>,
    /// 1 to 16 rules with at most 128 matches in all.
    pub rules: Vec<HTTPRouteRule>,
}

/// A Gateway, or one listener of it.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParentReference {
    /// The Gateway.
    pub name: String,
    /// The Gateway's namespace; the route's where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The listener; every one that takes the route where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section_name: Option<String>,
}

/// What happens to the requests that match.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HTTPRouteRule {
    /// Requests, at most 64; one match is enough.
    pub matches: Vec<HTTPRouteMatch>,
    /// What is done to them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filters: Option<Vec<HTTPRouteFilter>>,
    /// Who answers them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backend_refs: Option<Vec<BackendReference>>,
}

/// A kind of request.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct HTTPRouteMatch {
    /// Its path.
    pub path: HTTPPathMatch,
}

/// A path, or all paths below it.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct HTTPPathMatch {
    /// `PathPrefix` or `Exact`.
    #[serde(rename = "type")]
    pub type_: String,
    /// At most 1024 bytes.
    pub value: String,
}

/// Something that is done to a request.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HTTPRouteFilter {
    /// `RequestRedirect`.
    #[serde(rename = "type")]
    pub type_: String,
    /// Where to.
    pub request_redirect: RequestRedirect,
}

/// Sends the client elsewhere.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestRedirect {
    /// `https`.
    pub scheme: String,
    /// The port; that of the scheme where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<i32>,
    /// 301, 302, 303, 307 or 308.
    pub status_code: i32,
}

/// A port of a Service in the same namespace.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct BackendReference {
    /// The Service.
    pub name: String,
    /// The number of its port, 1 to 65535: the Gateway API takes no names here.
    pub port: i32,
}

const GROUP: &str = "gateway.networking.k8s.io";
const VERSION: &str = "v1";
const API_VERSION: &str = "gateway.networking.k8s.io/v1";

impl Resource for GatewayClass {
    const API_VERSION: &'static str = API_VERSION;
    const GROUP: &'static str = GROUP;
    const KIND: &'static str = "GatewayClass";
    const VERSION: &'static str = VERSION;
    const URL_PATH_SEGMENT: &'static str = "gatewayclasses";
    type Scope = ClusterResourceScope;
}

impl Resource for Gateway {
    const API_VERSION: &'static str = API_VERSION;
    const GROUP: &'static str = GROUP;
    const KIND: &'static str = "Gateway";
    const VERSION: &'static str = VERSION;
    const URL_PATH_SEGMENT: &'static str = "gateways";
    type Scope = NamespaceResourceScope;
}

impl Resource for HTTPRoute {
    const API_VERSION: &'static str = API_VERSION;
    const GROUP: &'static str = GROUP;
    const KIND: &'static str = "HTTPRoute";
    const VERSION: &'static str = VERSION;
    const URL_PATH_SEGMENT: &'static str = "httproutes";
    type Scope = NamespaceResourceScope;
}

impl Serialize for GatewayClass {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_object::<Self, _, _>(&self.metadata, &self.spec, serializer)
    }
}

impl Serialize for Gateway {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_object::<Self, _, _>(&self.metadata, &self.spec, serializer)
    }
}

impl Serialize for HTTPRoute {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_object::<Self, _, _>(&self.metadata, &self.spec, serializer)
    }
}

fn serialize_object<T: Resource, P: Serialize, S: Serializer>(
    metadata: &ObjectMeta,
    spec: &P,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_struct(T::KIND, 4)?;
    object.serialize_field("apiVersion", T::API_VERSION)?;
    object.serialize_field("kind", T::KIND)?;
    object.serialize_field("metadata", metadata)?;
    object.serialize_field("spec", spec)?;
    object.end()
}
