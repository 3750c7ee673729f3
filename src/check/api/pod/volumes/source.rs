//! Where the content of a volume comes from.

use super::super::{Owner, PULL_POLICIES};
use super::driver;
use super::projection::{downward_api, items, mode, projected};
use crate::check::api::metadata::claim_metadata;
use crate::check::api::persistent_volume_claim::claim_spec;
use crate::check::format::{DESCENDING_PATH, DNS_SUBDOMAIN, FORWARD_PATH, Format};
use crate::check::{At, Checker, Reason, api_rules};
use crate::value::Quantity;

api_rules! {
    /// A volume names its ConfigMap, Secret or claim.
    VOL_004 = "VOL-004";
    /// The `sizeLimit` of an `emptyDir` is not negative.
    VOL_008 = "VOL-008";
    /// A `hostPath` has a path without `..`.
    VOL_010 = "VOL-010";
    /// The type of a `hostPath` is one that Kubernetes knows.
    VOL_011 = "VOL-011";
    /// An `ephemeral` volume has a claim template, with no metadata but labels and annotations.
    VOL_022 = "VOL-022";
    /// A `csi` volume has a driver: a DNS subdomain, in any case, of at most 63 characters.
    VOL_024 = "VOL-024";
    /// An `nfs` volume has a server and an absolute path.
    VOL_025 = "VOL-025";
    /// An `image` volume has a reference (before 1.37 only that of a bare Pod), and a pull policy as containers have it; before 1.35 it is dropped.
    VOL_026 = "VOL-026";
    /// A `gitRepo` volume has a repository, and a directory below the volume.
    VOL_027 = "VOL-027";
}

/// Name of a CSI driver, in any case.
pub const DRIVER_NAME: Format =
    Format { what: "the name of a CSI driver", example: "disk.csi.example.com", check: driver_name };

fn driver_name(text: &str) -> Result<(), &'static str> {
    (DNS_SUBDOMAIN.check)(&text.to_lowercase())
}

/// A kind of source.
pub struct SourceKind {
    /// The key of a volume.
    pub key: &'static str,
    /// The key as the server spells it before what is below.
    pub content: &'static str,
    /// The key as the server spells it where another source stands before it.
    pub surplus: &'static str,
    /// What is asked of it, of its volume, and of whose Pod it is.
    pub check: fn(&At, &At, Owner, &mut Checker),
}

const fn kind(key: &'static str, check: fn(&At, &At, Owner, &mut Checker)) -> SourceKind {
    SourceKind { key, content: key, surplus: key, check }
}

/// All kinds, in the order in which the server looks for them.
pub const SOURCES: &[SourceKind] = &[
    kind("emptyDir", empty_dir),
    kind("hostPath", host_path),
    kind("gitRepo", git_repo),
    SourceKind { content: "persistentDisk", ..kind("gcePersistentDisk", driver::gce_persistent_disk) },
    kind("awsElasticBlockStore", driver::aws_elastic_block_store),
    kind("secret", secret),
    kind("nfs", nfs),
    kind("iscsi", driver::iscsi),
    kind("glusterfs", driver::glusterfs),
    kind("flocker", driver::flocker),
    kind("persistentVolumeClaim", persistent_volume_claim),
    kind("rbd", driver::rbd),
    kind("cinder", driver::cinder),
    SourceKind { surplus: "cephFS", ..kind("cephfs", driver::cephfs) },
    kind("quobyte", driver::quobyte),
    SourceKind { surplus: "downwarAPI", ..kind("downwardAPI", downward) },
    kind("fc", driver::fibre_channel),
    kind("flexVolume", driver::flex_volume),
    kind("configMap", config_map),
    kind("azureFile", driver::azure_file),
    kind("vsphereVolume", driver::vsphere),
    kind("photonPersistentDisk", driver::photon_persistent_disk),
    kind("portworxVolume", driver::portworx),
    kind("azureDisk", driver::azure_disk),
    kind("storageos", driver::storage_os),
    kind("projected", projection),
    kind("scaleIO", driver::scale_io),
    kind("csi", csi),
    kind("ephemeral", ephemeral),
    kind("image", image),
];

fn empty_dir(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    let limit = at.key("sizeLimit");
    let zero = Quantity::signed("0").expect("a constant is an amount");
    if limit.quantity().is_some_and(|amount| amount < zero) {
        let title = format!("the limit {} is negative", limit.value());
        checker.refuse(&limit, &VOL_008, Reason::Forbidden, title, "write an amount such as `1Gi`, or remove it");
    }
}

/// `hostPath`.
pub fn host_path(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    let path = at.key("path");
    if checker.require(&path, &VOL_010, "the path on the node") {
        checker.follow(&path, &VOL_010, &FORWARD_PATH);
        let types = ["DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"];
        checker.choose(&at.key("type"), &VOL_011, &types);
    }
}

fn git_repo(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    checker.require(&at.key("repository"), &VOL_027, "the address of a repository");
    checker.follow(&at.key("directory"), &VOL_027, &DESCENDING_PATH);
}

fn secret(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    checker.require(&at.key("secretName"), &VOL_004, "the name of a Secret");
    mode(&at.key("defaultMode"), checker);
    items(at, checker);
}

fn config_map(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    checker.require(&at.key("name"), &VOL_004, "the name of a ConfigMap");
    mode(&at.key("defaultMode"), checker);
    items(at, checker);
}

/// `nfs`.
pub fn nfs(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    checker.require(&at.key("server"), &VOL_025, "the host of the server");
    let path = at.key("path");
    if checker.require(&path, &VOL_025, "the path on the server") && !path.text().starts_with('/') {
        let title = format!("the path {} is not absolute", path.value());
        checker.refuse(&path, &VOL_025, Reason::Invalid, title, format!("write `/{}`", path.text()));
    }
}

fn persistent_volume_claim(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    checker.require(&at.key("claimName"), &VOL_004, "the name of a claim");
}

fn downward(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    downward_api(at, checker);
}

fn projection(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    projected(at, checker);
}

fn csi(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    let driver = at.key("driver");
    if checker.require(&driver, &VOL_024, "the name of a driver") {
        if driver.text().len() > 63 {
            let title = format!("the name {} has more than 63 characters", driver.value());
            checker.refuse(
                &driver,
                &VOL_024,
                Reason::TooLong,
                title,
                "write the name that the driver is installed under",
            );
        }
        checker.follow(&driver, &VOL_024, &DRIVER_NAME);
    }
    let secret = at.key("nodePublishSecretRef");
    if secret.is_set() {
        let name = secret.key("name");
        if checker.require(&name, &VOL_024, "the name of a Secret") {
            // The server leaves the reference out of the path.
            checker.follow_text(&at.key("name").with_cause_of(&name), name.text(), &VOL_024, &DNS_SUBDOMAIN);
        }
    }
}

fn ephemeral(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    let template = at.key("volumeClaimTemplate");
    if !template.is_set() {
        let title = "an `ephemeral` volume has no claim template";
        let help = "write `volumeClaimTemplate` with the `spec` of a claim";
        checker.refuse(&template, &VOL_022, Reason::Required, title, help);
        return;
    }
    claim_spec(&template.key("spec"), checker);
    let metadata = template.key("metadata");
    claim_metadata(&metadata, checker);
    for (key, value) in metadata.entries() {
        let is_zero = !value.is_set() || value.integer() == Some(0) || value.is_text("");
        if !is_zero && !matches!(key, "labels" | "annotations") {
            let title = format!("the claim of an `ephemeral` volume gets its `{key}` from the server");
            let place = metadata.key_spelled(key, if key == "uid" { "uID" } else { key });
            checker.refuse(&place, &VOL_022, Reason::Forbidden, title, format!("remove `{key}`"));
        }
    }
}

fn image(at: &At, _: &At, owner: Owner, checker: &mut Checker) {
    if matches!(owner, Owner::Pod(_)) || checker.since(37) {
        checker.require(&at.key("reference"), &VOL_026, "the name of an image");
    }
    checker.choose(&at.key("pullPolicy"), &VOL_026, &PULL_POLICIES);
}
