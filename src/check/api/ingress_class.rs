//! IngressClass.

use super::ingress::typed_reference;
use super::metadata::metadata;
use crate::check::format::{DNS_LABEL, DNS_SUBDOMAIN, DOMAIN_PREFIXED_PATH};
use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// The controller is a path behind a domain, of at most 250 characters.
    IC_001 = "IC-001";
    /// Parameters have a kind and a name, and a group that is one.
    IC_002 = "IC-002";
    /// The scope of parameters is `Cluster` or `Namespace`.
    IC_003 = "IC-003";
    /// Parameters of scope `Namespace` have a namespace, others have none.
    IC_004 = "IC-004";
}

/// The length of the name of a controller, in bytes.
const CONTROLLER: usize = 250;

/// An IngressClass.
pub fn ingress_class(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let spec = object.key("spec");
    let controller = spec.key("controller");
    if controller.text().len() > CONTROLLER {
        let title = format!("the controller has {} characters, {CONTROLLER} are allowed", controller.text().len());
        checker.refuse(&controller, &IC_001, Reason::TooLong, title, "shorten it");
    }
    if checker.require(&controller, &IC_001, "a controller such as `k8s.io/ingress-nginx`") {
        checker.follow(&controller, &IC_001, &DOMAIN_PREFIXED_PATH);
    }
    let parameters = spec.key("parameters");
    if parameters.is_set() {
        typed_reference(&parameters, &IC_002, checker);
        scope(&parameters, checker);
    }
}

fn scope(parameters: &At, checker: &mut Checker) {
    let (scope, namespace) = (parameters.key("scope"), parameters.key("namespace"));
    if scope.is_set() && !checker.choose_text(&scope, scope.text(), &IC_003, &["Cluster", "Namespace"]) {
        return;
    }
    if scope.text() != "Namespace" {
        checker.forbid(&namespace, &IC_004, "where the scope is Cluster");
    } else if namespace.is_set() {
        checker.follow_text(&namespace, namespace.text(), &IC_004, &DNS_LABEL);
    } else {
        checker.require(&namespace, &IC_004, "the namespace of the parameters");
    }
}
