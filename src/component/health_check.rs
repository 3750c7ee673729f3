//! The HealthCheckPolicy of GKE's Gateways, as far as we write it; k8s-openapi has no kinds of other projects.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::{NamespaceResourceScope, Resource};
use serde::Serialize;

/// Says how the load balancer asks the Pods of a Service. Source: the API reference of GKE's Gateway API 1.4, `networking.gke.io/v1`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HealthCheckPolicy {
    /// `networking.gke.io/v1`.
    pub api_version: &'static str,
    /// `HealthCheckPolicy`.
    pub kind: &'static str,
    /// Name, namespace and labels.
    pub metadata: ObjectMeta,
    /// What is asked, and of whom.
    pub spec: HealthCheckPolicySpec,
}

impl Default for HealthCheckPolicy {
    fn default() -> Self {
        Self {
            api_version: Self::API_VERSION,
            kind: Self::KIND,
            metadata: ObjectMeta::default(),
            spec: HealthCheckPolicySpec::default(),
        }
    }
}

impl Resource for HealthCheckPolicy {
    const API_VERSION: &'static str = "networking.gke.io/v1";
    const GROUP: &'static str = "networking.gke.io";
    const KIND: &'static str = "HealthCheckPolicy";
    const VERSION: &'static str = "v1";
    const URL_PATH_SEGMENT: &'static str = "healthcheckpolicies";
    type Scope = NamespaceResourceScope;
}

/// What is asked, and of whom.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HealthCheckPolicySpec {
    /// What holds for the whole Service.
    pub default: HealthCheckDefault,
    /// The Service.
    pub target_ref: TargetReference,
}

/// What holds for the whole Service.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct HealthCheckDefault {
    /// What is asked.
    pub config: HealthCheckConfig,
}

/// What is asked: a type, and the one field that belongs to it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HealthCheckConfig {
    /// `HTTP`, `HTTPS`, `GRPC` or `TCP`.
    #[serde(rename = "type")]
    pub type_: String,
    /// For `HTTP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_health_check: Option<PortCheck>,
    /// For `HTTPS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub https_health_check: Option<PortCheck>,
    /// For `GRPC`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grpc_health_check: Option<PortCheck>,
    /// For `TCP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tcp_health_check: Option<PortCheck>,
}

/// What is asked of one port.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PortCheck {
    /// `USE_SERVING_PORT`, or `USE_FIXED_PORT` with `port`.
    pub port_specification: String,
    /// The port of the Pods, 1 to 65535.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<i32>,
    /// The path, for HTTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_path: Option<String>,
    /// The service, for gRPC; the whole server where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grpc_service_name: Option<String>,
}

/// A Service in the same namespace.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct TargetReference {
    /// Empty: the core group.
    pub group: String,
    /// `Service`.
    pub kind: String,
    /// Its name.
    pub name: String,
}
