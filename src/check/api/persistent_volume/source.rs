//! Where the content of a PersistentVolume is.

use crate::check::api::pod::Owner;
use crate::check::api::pod::volumes::driver;
use crate::check::api::pod::volumes::source::{DRIVER_NAME, SourceKind, host_path, nfs};
use crate::check::format::{DNS_LABEL, DNS_SUBDOMAIN, FORWARD_PATH};
use crate::check::{At, Checker, Reason, Rule, api_rules};

api_rules! {
    /// A volume has one source.
    PV_004 = "PV-004";
    /// A `local` volume has a path without `..`, and says by its affinity on which node it is.
    PV_006 = "PV-006";
    /// A `csi` volume has a driver, a handle, and Secrets by name and namespace.
    PV_009 = "PV-009";
    /// A Secret of a storage system is named, with its namespace; the namespace of Endpoints is a DNS label.
    PV_013 = "PV-013";
}

/// The most characters of the name of a driver.
const DRIVER: usize = 63;

const fn kind(key: &'static str, check: fn(&At, &At, Owner, &mut Checker)) -> SourceKind {
    SourceKind { key, content: key, surplus: key, check }
}

/// All kinds, in the order in which the server looks for them.
const SOURCES: [SourceKind; 22] = [
    kind("hostPath", host_path),
    SourceKind { content: "persistentDisk", ..kind("gcePersistentDisk", driver::gce_persistent_disk) },
    kind("awsElasticBlockStore", driver::aws_elastic_block_store),
    kind("glusterfs", glusterfs),
    kind("flocker", driver::flocker),
    kind("nfs", nfs),
    kind("rbd", driver::rbd),
    kind("quobyte", driver::quobyte),
    SourceKind { surplus: "cephFS", ..kind("cephfs", driver::cephfs) },
    kind("iscsi", iscsi),
    kind("cinder", cinder),
    kind("fc", driver::fibre_channel),
    kind("flexVolume", driver::flex_volume),
    kind("azureFile", azure_file),
    kind("vsphereVolume", driver::vsphere),
    kind("photonPersistentDisk", driver::photon_persistent_disk),
    kind("portworxVolume", driver::portworx),
    kind("azureDisk", driver::azure_disk),
    kind("scaleIO", driver::scale_io),
    kind("local", local),
    kind("storageos", storage_os),
    kind("csi", csi),
];

/// The source of a volume. The server looks at the first one only, and at a `flexVolume` wherever it stands.
pub fn sources(object: &At, spec: &At, checker: &mut Checker) {
    let metadata = object.key("metadata");
    let mut first = None;
    for source in &SOURCES {
        let at = spec.key_spelled(source.key, source.content);
        if !at.is_set() {
            continue;
        }
        let before = first.replace(at.cause()).filter(|_| source.key != "flexVolume");
        let Some(before) = before else {
            (source.check)(&at, &metadata, Owner::Template, checker);
            continue;
        };
        first = Some(before);
        let title = "a volume has more than one source";
        let surplus = spec.key_spelled(source.key, source.surplus);
        let finding = checker.refuse(&surplus, &PV_004, Reason::Forbidden, title, "keep one of them");
        finding.related.push((before, "the first one".to_owned()));
    }
    if first.is_none() {
        let title = "a volume has no source";
        let help = "write where its files are, such as `csi`, `nfs` or `local`";
        checker.refuse(spec, &PV_004, Reason::Required, title, help);
    } else if first == Some(spec.key("local").cause())
        && spec.key("local").is_set()
        && !spec.key("nodeAffinity").is_set()
    {
        let title = "a `local` volume does not say on which node it is";
        let help = "write `nodeAffinity` with a `required` term for `kubernetes.io/hostname`";
        checker.refuse(&spec.key("nodeAffinity"), &PV_006, Reason::Required, title, help);
    }
}

fn local(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    let path = at.key("path");
    if checker.require(&path, &PV_006, "the path on the node") {
        checker.follow(&path, &PV_006, &FORWARD_PATH);
    }
}

fn csi(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    let driver = at.key("driver");
    if checker.require(&driver, &PV_009, "the name of a driver") {
        if driver.text().len() > DRIVER {
            let title = format!("the name {} has more than {DRIVER} characters", driver.value());
            let help = "write the name that the driver is installed under";
            checker.refuse(&driver, &PV_009, Reason::TooLong, title, help);
        }
        checker.follow(&driver, &PV_009, &DRIVER_NAME);
    }
    checker.require(&at.key("volumeHandle"), &PV_009, "the id of the volume");
    // `nodeStageSecretRef` the server does not look at.
    let references =
        ["controllerPublishSecretRef", "controllerExpandSecretRef", "nodePublishSecretRef", "nodeExpandSecretRef"];
    for secret in references.map(|key| at.key(key)).iter().filter(|secret| secret.is_set()) {
        for (key, what, format) in
            [("name", "the name of a Secret", &DNS_SUBDOMAIN), ("namespace", "the namespace of a Secret", &DNS_LABEL)]
        {
            let part = secret.key(key);
            checker.require(&part, &PV_009, what);
            checker.follow(&part, &PV_009, format);
        }
    }
}

fn iscsi(at: &At, metadata: &At, owner: Owner, checker: &mut Checker) {
    driver::iscsi(at, metadata, owner, checker);
    let secret = at.key("secretRef");
    if secret.is_set() {
        checker.require(&secret.key("name"), &PV_013, "the name of a Secret");
    }
}

fn cinder(at: &At, metadata: &At, owner: Owner, checker: &mut Checker) {
    driver::cinder(at, metadata, owner, checker);
    namespace_of_secret(at, checker);
}

fn storage_os(at: &At, metadata: &At, owner: Owner, checker: &mut Checker) {
    driver::storage_os(at, metadata, owner, checker);
    namespace_of_secret(at, checker);
}

fn azure_file(at: &At, metadata: &At, owner: Owner, checker: &mut Checker) {
    driver::azure_file(at, metadata, owner, checker);
    given(&at.key("secretNamespace"), &PV_013, "the namespace of a Secret", checker);
}

fn glusterfs(at: &At, metadata: &At, owner: Owner, checker: &mut Checker) {
    driver::glusterfs(at, metadata, owner, checker);
    let namespace = at.key("endpointsNamespace");
    if namespace.is_set() {
        checker.follow_text(&namespace, namespace.text(), &PV_013, &DNS_LABEL);
    }
}

fn namespace_of_secret(at: &At, checker: &mut Checker) {
    let secret = at.key("secretRef");
    if secret.is_set() {
        checker.require(&secret.key("namespace"), &PV_013, "the namespace of a Secret");
    }
}

/// Asks that a text, where it is there, is not empty.
fn given(at: &At, rule: &Rule, what: &str, checker: &mut Checker) {
    if at.is_set() {
        checker.require(at, rule, what);
    }
}
