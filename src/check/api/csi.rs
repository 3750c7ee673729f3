//! What drivers of volumes say of themselves and of their volumes.

use super::labels::selector;
use super::metadata::metadata;
use crate::check::format::{DNS_SUBDOMAIN, QUALIFIED_NAME};
use crate::check::{At, Checker, Reason, Rule, api_rules, repeated};

api_rules! {
    /// The words of a CSIDriver are those that the server knows.
    CSI_001 = "CSI-001";
    /// The tokens of a CSIDriver are for different audiences, and live 10 minutes or longer.
    CSI_002 = "CSI-002";
    /// A CSIDriver has the numbers of volumes told again after 10 seconds or more, from 1.35 on.
    CSI_003 = "CSI-003";
    /// The drivers of a CSINode have names, each its own, and an id of at most 256 characters.
    CSI_004 = "CSI-004";
    /// The topology of a driver is made of qualified names, each once.
    CSI_005 = "CSI-005";
    /// A capacity belongs to a storage class and is not negative.
    CSI_006 = "CSI-006";
    /// A VolumeAttachment names its driver, its node, and one source.
    CSI_007 = "CSI-007";
    /// A VolumeAttributesClass names its driver and has parameters.
    CSI_008 = "CSI-008";
}

/// A CSIDriver.
pub fn csi_driver(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let spec = object.key("spec");
    let policy = spec.key("fsGroupPolicy");
    if policy.is_set() {
        checker.choose_text(&policy, policy.text(), &CSI_001, &["File", "None", "ReadWriteOnceWithFSType"]);
    }
    let modes = spec.key("volumeLifecycleModes");
    for mode in modes.items_unspelled() {
        checker.choose_text(&mode, mode.text(), &CSI_001, &["Persistent", "Ephemeral"]);
    }
    let tokens = spec.key("tokenRequests");
    for (item, first) in repeated(tokens.items(), |item| Some(item.key("audience").text().to_owned())) {
        checker.duplicate(&item.key("audience"), &CSI_002, "audience", &first.key("audience"));
    }
    for item in tokens.items() {
        checker.bound(&item.key("expirationSeconds"), &CSI_002, 600..=1 << 32);
    }
    // Before 1.35 the server drops it.
    if checker.since(35) {
        checker.bound(&spec.key("nodeAllocatableUpdatePeriodSeconds"), &CSI_003, 10..=i64::MAX);
    }
}

/// A CSINode.
pub fn csi_node(object: &At, checker: &mut Checker) {
    const ID: usize = 256;
    metadata(object, &DNS_SUBDOMAIN, checker);
    let spec = object.key("spec");
    let drivers = spec.key("drivers");
    for driver in drivers.items() {
        let id = driver.key("nodeID");
        driver_name(&driver.key("name"), &CSI_004, checker);
        checker.require(&id, &CSI_004, "the id of the node");
        if id.text().len() > ID {
            let title = format!("the id has {} characters, {ID} are allowed", id.text().len());
            checker.refuse(&id, &CSI_004, Reason::Invalid, title, "shorten it");
        }
        checker.bound(&driver.key("allocatable").key("count"), &CSI_004, 0..=i64::MAX);
        let keys = driver.key("topologyKeys");
        for key in keys.items() {
            if checker.require(&driver.with_cause_of(&key), &CSI_005, "the key of a label") || key.is_empty() {
                checker.follow_text(&driver.with_cause_of(&key), key.text(), &CSI_005, &QUALIFIED_NAME);
            }
        }
        for (key, first) in repeated(keys.items(), |key| Some(key.text().to_owned())) {
            let title = format!("the key {} stands here for the second time", key.value());
            let finding = checker.refuse(&driver, &CSI_005, Reason::Duplicate, title, "remove it");
            finding.related.push((first.cause(), "the first one".to_owned()));
        }
    }
    for (driver, first) in repeated(drivers.items(), |driver| Some(driver.key("name").text().to_owned())) {
        checker.duplicate(&driver.key("name"), &CSI_004, "driver name", &first.key("name"));
    }
}

/// A CSIStorageCapacity.
pub fn csi_storage_capacity(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    selector(&object.key("nodeTopology"), checker);
    let (class, capacity) = (object.key("storageClassName"), object.key("capacity"));
    checker.follow_text(&class, class.text(), &CSI_006, &DNS_SUBDOMAIN);
    if capacity.thousandths().is_some_and(|amount| amount < 0) {
        let title = format!("the capacity {} is negative", capacity.value());
        checker.refuse(&capacity, &CSI_006, Reason::Invalid, title, "write an amount from 0 on");
    }
}

/// A VolumeAttachment.
pub fn volume_attachment(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let spec = object.key("spec");
    let source = spec.key("source");
    driver_name(&spec.key("attacher"), &CSI_007, checker);
    let node = spec.key("nodeName");
    checker.follow_text(&node, node.text(), &CSI_007, &DNS_SUBDOMAIN);
    let (inline, volume) = (source.key("inlineVolumeSpec"), source.key("persistentVolumeName"));
    match (inline.is_set(), volume.is_set()) {
        (false, false) => {
            let help = "write `persistentVolumeName`";
            checker.refuse(&source, &CSI_007, Reason::Required, "the attachment names no volume", help);
        }
        (true, true) => {
            let title = "`inlineVolumeSpec` and `persistentVolumeName` exclude each other";
            checker.refuse(&source, &CSI_007, Reason::Forbidden, title, "keep one of the two");
        }
        (false, true) => {
            if checker.require(&volume, &CSI_007, "the name of a PersistentVolume") {
                checker.follow(&volume, &CSI_007, &DNS_SUBDOMAIN);
            }
        }
        (true, false) => {}
    }
}

/// A VolumeAttributesClass.
pub fn volume_attributes_class(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let driver = object.key("driverName");
    if checker.require(&driver, &CSI_008, "the name of a driver") {
        checker.follow_text(&driver, &driver.text().to_lowercase(), &CSI_008, &QUALIFIED_NAME);
    }
    let parameters = object.key("parameters");
    checker.require(&parameters, &CSI_008, "a parameter");
    for (_, value) in parameters.entries().filter(|(key, _)| key.is_empty()) {
        let place = parameters.with_cause_of(&value);
        checker.refuse(&place, &CSI_008, Reason::Invalid, "a parameter has no name", "name it");
    }
}

fn driver_name(at: &At, rule: &Rule, checker: &mut Checker) {
    const NAME: usize = 63;
    if at.text().len() > NAME {
        let title = format!("the name of the driver has {} characters, {NAME} are allowed", at.text().len());
        checker.refuse(at, rule, Reason::TooLong, title, "shorten it");
    }
    if checker.require(at, rule, "the name of a driver") {
        checker.follow_text(at, &at.text().to_lowercase(), rule, &DNS_SUBDOMAIN);
    }
}
