//! Kinds of which the metadata is checked, and few fields if any.

use super::labels::labels;
use super::metadata::{generic_metadata, metadata};
use super::pod::{resources, scheduling};
use crate::bundle::FieldValue;
use crate::check::address::{CANONICAL_IP_ADDRESS, CIDR};
use crate::check::format::{DNS_LABEL, DNS_LABEL_1035, DNS_SUBDOMAIN, PATH_SEGMENT};
use crate::check::{At, Checker, Reason, api_rules, repeated};

api_rules! {
    /// The duration of a Lease is a second or more, and it was not handed over less than 0 times.
    LEASE_001 = "LEASE-001";
    /// The revision of a ControllerRevision is 0 or more, and has data.
    REV_001 = "REV-001";
    /// The handler of a RuntimeClass is a DNS label.
    RTC_001 = "RTC-001";
    /// The nodes of a RuntimeClass are chosen by labels, and it tolerates each taint once.
    RTC_002 = "RTC-002";
    /// An APIService is named `VERSION.GROUP`.
    APIS_001 = "APIS-001";
    /// The group and the version of an APIService have their form.
    APIS_002 = "APIS-002";
    /// The priorities of an APIService are between 1 and 20000, and 1 and 1000.
    APIS_003 = "APIS-003";
    /// The Service of an APIService has a name, a namespace and a port; without one nothing is said of its certificate.
    APIS_004 = "APIS-004";
    /// An IPAddress is named by the address, and says to what it belongs.
    IPA_001 = "IPA-001";
    /// A ServiceCIDR has one or two ranges, of different families.
    SCIDR_001 = "SCIDR-001";
}

/// A kind named by a DNS subdomain.
pub fn subdomain(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
}

/// A kind named by a DNS subdomain, of which the server asks no more than of a custom one.
pub fn generic_subdomain(object: &At, checker: &mut Checker) {
    generic_metadata(object, &DNS_SUBDOMAIN, checker);
}

/// A kind named by a segment of a path.
pub fn segment(object: &At, checker: &mut Checker) {
    metadata(object, &PATH_SEGMENT, checker);
}

/// A Lease.
pub fn lease(object: &At, checker: &mut Checker) {
    generic_subdomain(object, checker);
    let spec = object.key("spec");
    checker.bound(&spec.key("leaseDurationSeconds"), &LEASE_001, 1..=i64::MAX);
    checker.bound(&spec.key("leaseTransitions"), &LEASE_001, 0..=i64::MAX);
}

/// A ControllerRevision.
pub fn controller_revision(object: &At, checker: &mut Checker) {
    subdomain(object, checker);
    checker.bound(&object.key("revision"), &REV_001, 0..=i64::MAX);
    let data = object.key("data");
    let is_map = data.field().is_some_and(|field| matches!(field.value, FieldValue::Map(_)));
    // Since 1.31 anything but a map is none.
    if !data.is_set() || (checker.since(31) && !is_map) {
        let help = "write the fields of the revision below `data`";
        checker.refuse(&data, &REV_001, Reason::Required, "the revision has no data", help);
    }
}

/// A RuntimeClass.
pub fn runtime_class(object: &At, checker: &mut Checker) {
    generic_subdomain(object, checker);
    let handler = object.key("handler");
    // Before 1.37 the server calls the empty one invalid.
    if !checker.since(37) || checker.require(&handler, &RTC_001, "the handler") {
        checker.follow_text(&handler, handler.text(), &RTC_001, &DNS_LABEL);
    }
    let overhead = object.key_unspelled("overhead");
    resources::overhead_amounts(&overhead.key_spelled("podFixed", "overhead.limits"), checker);
    let nodes = object.key("scheduling");
    labels(&nodes.key("nodeSelector"), &RTC_002, &RTC_002, checker);
    let tolerations = nodes.key("tolerations");
    // Before 1.37 the server names the list twice where an entry of it is wrong.
    let spelled = if checker.since(37) { "tolerations" } else { "tolerations.tolerations" };
    scheduling::tolerations(&nodes.key_spelled("tolerations", spelled), checker);
    for (toleration, first) in repeated(tolerations.items(), |item| Some(tolerated(item))) {
        let title = "this taint is tolerated for the second time";
        let finding = checker.refuse(&toleration, &RTC_002, Reason::Duplicate, title, "remove one of the two");
        finding.related.push((first.cause(), "the first one".to_owned()));
    }
}

/// What a toleration says.
fn tolerated<'f>(toleration: &At<'_, 'f>) -> ([&'f str; 4], Option<i64>) {
    let texts = ["key", "operator", "value", "effect"].map(|key| toleration.key(key).text());
    (texts, toleration.key("tolerationSeconds").integer())
}

/// An APIService.
pub fn api_service(object: &At, checker: &mut Checker) {
    generic_metadata(object, &PATH_SEGMENT, checker);
    let (spec, at) = (object.key("spec"), object.key("metadata"));
    let (group, version, name) = (spec.key("group"), spec.key("version"), at.key("name"));
    let wanted = format!("{}.{}", version.text(), group.text());
    if !name.is_empty() && name.text() != wanted {
        let title = format!("the name {} is not made of version and group", name.value());
        checker.refuse(&name, &APIS_001, Reason::Invalid, title, format!("write `name: {wanted}`"));
    }
    let prefix = at.key("generateName");
    if !prefix.is_empty() {
        let title = "the name is made of version and group, so the server cannot make one";
        checker.refuse(&prefix, &APIS_001, Reason::Invalid, title, format!("write `name: {wanted}` instead"));
    }
    if group.is_empty() && version.text() != "v1" {
        checker.require(&group, &APIS_002, "a group");
    }
    checker.follow(&group, &APIS_002, &DNS_SUBDOMAIN);
    checker.follow_text(&version, version.text(), &APIS_002, &DNS_LABEL_1035);
    for (key, most) in [("groupPriorityMinimum", 20000), ("versionPriority", 1000)] {
        let priority = spec.key(key);
        if priority.integer().unwrap_or(0) == 0 {
            let title = format!("`{key}` is missing, or 0");
            checker.refuse(&priority, &APIS_003, Reason::Invalid, title, format!("write a number from 1 to {most}"));
        } else {
            checker.bound(&priority, &APIS_003, 1..=most);
        }
    }
    service(&spec, checker);
}

fn service(spec: &At, checker: &mut Checker) {
    let (service, bundle, insecure) = (spec.key("service"), spec.key("caBundle"), spec.key("insecureSkipTLSVerify"));
    if service.is_set() {
        checker.require(&service.key("namespace"), &APIS_004, "the namespace of the Service");
        checker.require(&service.key("name"), &APIS_004, "the name of the Service");
        checker.bound(&service.key("port"), &APIS_004, 1..=65535);
        if insecure.is_true() && !bundle.is_empty() {
            let title = "a certificate authority is named that nobody asks";
            checker.refuse(&insecure, &APIS_004, Reason::Invalid, title, "remove `insecureSkipTLSVerify`");
        }
        return;
    }
    if !bundle.is_empty() {
        let title = "an API of the server itself has no `caBundle`";
        checker.refuse(&bundle, &APIS_004, Reason::Invalid, title, "remove it, or write `service`");
    }
    if insecure.is_true() {
        let title = "an API of the server itself has no `insecureSkipTLSVerify`";
        checker.refuse(&insecure, &APIS_004, Reason::Invalid, title, "remove it, or write `service`");
    }
}

/// An IPAddress.
pub fn ip_address(object: &At, checker: &mut Checker) {
    metadata(object, &CANONICAL_IP_ADDRESS, checker);
    let spec = object.key("spec");
    let parent = spec.key("parentRef");
    if !parent.is_set() {
        checker.require(&parent, &IPA_001, "what the address belongs to");
        return;
    }
    checker.follow(&parent.key("group"), &IPA_001, &DNS_SUBDOMAIN);
    for (key, what) in [("resource", "a resource"), ("name", "a name")] {
        let part = parent.key(key);
        if checker.require(&part, &IPA_001, what) {
            checker.follow(&part, &IPA_001, &PATH_SEGMENT);
        }
    }
    checker.follow(&parent.key("namespace"), &IPA_001, &PATH_SEGMENT);
}

/// A ServiceCIDR.
pub fn service_cidr(object: &At, checker: &mut Checker) {
    subdomain(object, checker);
    let spec = object.key("spec");
    let ranges = spec.key("cidrs");
    if !checker.require(&ranges, &SCIDR_001, "a range of IP addresses") {
        return;
    }
    if ranges.len() > 2 {
        let title = format!("{} ranges are too many: two are allowed", ranges.len());
        checker.refuse(&ranges, &SCIDR_001, Reason::Invalid, title, "keep one range of each family");
        return;
    }
    let mut families = Vec::new();
    for item in ranges.items() {
        if checker.follow_text(&item, item.text(), &SCIDR_001, &CIDR) {
            families.push(item.text().contains(':'));
        }
    }
    if matches!(families.as_slice(), [first, second] if first == second) {
        let title = "both ranges are of one family";
        checker.refuse(&ranges, &SCIDR_001, Reason::Invalid, title, "keep one, or write one of IPv4 and one of IPv6");
    }
}
