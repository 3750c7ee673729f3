//! Files that are made of what the cluster knows: the keys of ConfigMaps and Secrets, fields of the Pod, tokens, certificates.

use super::super::downward::{divisor, field_ref, resource_ref};
use crate::bundle::CauseId;
use crate::check::api::labels::selector;
use crate::check::format::{ANNOTATION_KEY, DNS_LABEL, DNS_SUBDOMAIN, NON_RESERVED_PATH};
use crate::check::{At, Checker, Reason, Rule, api_rules};
use std::collections::BTreeMap;

api_rules! {
    /// The mode of a file is 0 to 511, which is 0777 in octal.
    VOL_005 = "VOL-005";
    /// A file is made from a key.
    VOL_006 = "VOL-006";
    /// A file has a path below the volume, which does not begin with `..`.
    VOL_007 = "VOL-007";
    /// A file of a `downwardAPI` has a path below the volume, which does not begin with `..`.
    VOL_012 = "VOL-012";
    /// A file of a `downwardAPI` has a `fieldRef` or a `resourceFieldRef`, not both.
    VOL_013 = "VOL-013";
    /// A file of a `downwardAPI` holds the name, namespace, uid, labels or annotations of the Pod.
    VOL_014 = "VOL-014";
    /// A `resourceFieldRef` of a volume names a container.
    VOL_015 = "VOL-015";
    /// A source of a `projected` volume is of one kind.
    VOL_016 = "VOL-016";
    /// A source of a `projected` volume names its ConfigMap or Secret.
    VOL_017 = "VOL-017";
    /// The files of a `projected` volume have different paths.
    VOL_018 = "VOL-018";
    /// A token lives 600 to 4294967296 seconds.
    VOL_019 = "VOL-019";
    /// A token has a path below the volume; before 1.30 any path.
    VOL_020 = "VOL-020";
    /// From 1.37 on a bundle of certificates has a `name` or a `signerName`, and a certificate a signer, a type of key and a path; before, they are dropped.
    VOL_028 = "VOL-028";
}

/// The fields of a Pod that a file may hold.
const FIELDS: [&str; 5] =
    ["metadata.name", "metadata.namespace", "metadata.uid", "metadata.labels", "metadata.annotations"];

/// The types of key of a certificate.
const KEY_TYPES: [&str; 6] = ["RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"];

/// The longest life of a certificate, and of one that Kubernetes itself signs, in seconds.
const LIFETIMES: (i64, i64) = (91 * 24 * 60 * 60, 24 * 60 * 60);

/// The mode of a file.
pub fn mode(at: &At, checker: &mut Checker) {
    let Some(number) = at.integer().filter(|number| !(0..=0o777).contains(number)) else { return };
    let title = format!("{number} is no mode of a file: it is a decimal number from 0 to 511, which is 0777 in octal");
    let octal = i64::from_str_radix(&number.to_string(), 8).ok().filter(|mode| (0..=0o777).contains(mode));
    let help = match octal {
        Some(mode) => format!("write `{mode}`, which is 0{number} in octal"),
        None => "write a number such as `420`, which is 0644 in octal".to_owned(),
    };
    checker.refuse(at, &VOL_005, Reason::Invalid, title, help);
}

/// The `items` of a ConfigMap or Secret: keys that become files.
pub fn items(source: &At, checker: &mut Checker) {
    for item in source.key("items").items() {
        checker.require(&item.key("key"), &VOL_006, "a key");
        path(&item.key("path"), &VOL_007, checker);
        mode(&item.key("mode"), checker);
    }
}

/// The path of a file below its volume.
fn path(at: &At, rule: &Rule, checker: &mut Checker) {
    if checker.require(at, rule, "the path of a file") {
        checker.follow(at, rule, &NON_RESERVED_PATH);
    }
}

/// A volume of fields of the Pod.
pub fn downward_api(at: &At, checker: &mut Checker) {
    mode(&at.key("defaultMode"), checker);
    downward_files(at, checker);
}

/// Files of fields of the Pod; the server leaves `items` and their numbers out of its paths.
fn downward_files(at: &At, checker: &mut Checker) {
    let list = at.key_unspelled("items");
    for file in list.items_unspelled() {
        path(&file.key("path"), &VOL_012, checker);
        mode(&file.key("mode"), checker);
        let (field, resource) = (file.key("fieldRef"), file.key("resourceFieldRef"));
        if field.is_set() {
            field_ref(&field, &FIELDS, &VOL_014, checker);
            if resource.is_set() {
                let title = "`fieldRef` and `resourceFieldRef` exclude each other";
                let finding = checker.refuse(&file, &VOL_013, Reason::Invalid, title, "make two files of it");
                finding.related.push((resource.cause(), "the second one".to_owned()));
            }
        } else if resource.is_set() {
            if checker.require(&resource.key("containerName"), &VOL_015, "the name of a container") {
                resource_ref(&resource, checker);
            }
            divisor(&resource, checker);
        } else {
            let title = "the file has no content";
            checker.refuse(&file, &VOL_013, Reason::Required, title, "write `fieldRef` or `resourceFieldRef`");
        }
    }
}

/// A volume of several sources.
pub fn projected(at: &At, checker: &mut Checker) {
    mode(&at.key("defaultMode"), checker);
    let mut files = Files { volume: *at, paths: BTreeMap::new() };
    let list = at.key("sources");
    for source in list.items() {
        files.objects(&source, checker);
        files.downward(&source, checker);
        token(at, &source, checker);
        if checker.since(37) {
            files.trust_bundle(&source, checker);
            files.certificate(&source, checker);
        }
        one_kind(&source, checker);
    }
}

fn one_kind(source: &At, checker: &mut Checker) {
    let keys = ["secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate"];
    let known = if checker.since(37) { &keys[..] } else { &keys[..4] };
    let mut kinds = known.iter().filter(|key| source.key(key).is_set());
    if let (Some(first), Some(second)) = (kinds.next(), kinds.next()) {
        let title = format!("`{first}` and `{second}` stand in one source");
        checker.refuse(source, &VOL_016, Reason::Forbidden, title, "make two sources of it, each an entry of the list");
    }
}

/// The token of a service account. The server names its path below the volume.
///
/// That a bare Pod with a token has a `serviceAccountName` is not asked here: the server fills it in before it looks.
fn token(volume: &At, source: &At, checker: &mut Checker) {
    let token = source.key("serviceAccountToken");
    if !token.is_set() {
        return;
    }
    checker.bound(&token.key("expirationSeconds"), &VOL_019, 600..=1 << 32);
    let path = token.key("path");
    let place = volume.key("path").with_cause_of(&path);
    if path.is_empty() {
        let help = "write `path`, as in `path: token`";
        checker.refuse(&place, &VOL_020, Reason::Required, "the path of a token is missing", help);
    } else if checker.since(30) {
        checker.follow_text(&place, path.text(), &VOL_020, &NON_RESERVED_PATH);
    }
}

/// The paths of the files of a projected volume.
struct Files<'p, 'f> {
    volume: At<'p, 'f>,
    paths: BTreeMap<&'f str, CauseId>,
}

impl<'f> Files<'_, 'f> {
    /// Asks that no file before has this path; the server names the volume.
    fn insert(&mut self, path: &At<'_, 'f>, checker: &mut Checker) {
        if path.is_empty() {
            return;
        }
        if let Some(first) = self.paths.get(path.text()) {
            let title = format!("two files of the volume have the path {}", path.value());
            let place = self.volume.with_cause_of(path);
            let finding = checker.refuse(&place, &VOL_018, Reason::Invalid, title, "give each a path of its own");
            finding.related.push((*first, "the first one".to_owned()));
        } else {
            self.paths.insert(path.text(), path.cause());
        }
    }

    fn objects(&mut self, source: &At<'_, 'f>, checker: &mut Checker) {
        for (key, what) in [("secret", "the name of a Secret"), ("configMap", "the name of a ConfigMap")] {
            let object = source.key(key);
            if object.is_set() {
                checker.require(&object.key("name"), &VOL_017, what);
                items(&object, checker);
                for item in object.key("items").items() {
                    self.insert(&item.key("path"), checker);
                }
            }
        }
    }

    fn downward(&mut self, source: &At<'_, 'f>, checker: &mut Checker) {
        let downward = source.key("downwardAPI");
        downward_files(&downward, checker);
        for item in downward.key("items").items() {
            self.insert(&item.key("path"), checker);
        }
    }

    fn trust_bundle(&mut self, source: &At<'_, 'f>, checker: &mut Checker) {
        let bundle = source.key("clusterTrustBundle");
        if !bundle.is_set() {
            return;
        }
        let (name, signer) = (bundle.key("name"), bundle.key("signerName"));
        match (name.is_set(), signer.is_set()) {
            (true, true) => {
                let title = "`name` and `signerName` exclude each other";
                checker.refuse(&bundle, &VOL_028, Reason::Invalid, title, "keep one of the two");
            }
            (true, false) => bundle_name(&name, &bundle.key("labelSelector"), checker),
            (false, true) => {
                signer_name(&signer, checker);
                selector(&bundle.key("labelSelector"), checker);
            }
            (false, false) => {
                let title = "the bundle of certificates has no name";
                checker.refuse(&bundle, &VOL_028, Reason::Required, title, "write `name` or `signerName`");
            }
        }
        path(&bundle.key("path"), &VOL_028, checker);
        self.insert(&bundle.key("path"), checker);
    }

    fn certificate(&mut self, source: &At<'_, 'f>, checker: &mut Checker) {
        let certificate = source.key("podCertificate");
        if !certificate.is_set() {
            return;
        }
        let (signer, key_type) = (certificate.key("signerName"), certificate.key("keyType"));
        signer_name(&signer, checker);
        checker.choose_text(&key_type, key_type.text(), &VOL_028, &KEY_TYPES);
        let host = signer.text().split('/').next().unwrap_or_default();
        let own = host == "kubernetes.io" || host.ends_with(".kubernetes.io");
        let longest = if own { LIFETIMES.1 } else { LIFETIMES.0 };
        checker.bound(&certificate.key("maxExpirationSeconds"), &VOL_028, 3600..=longest);
        let annotations = certificate.key("userAnnotations");
        for (key, value) in annotations.entries() {
            let place = annotations.with_cause_of(&value);
            if checker.follow_text(&place, key, &VOL_028, &ANNOTATION_KEY) && !key.contains('/') {
                let title = format!("the key `{key}` has no domain before a `/`");
                checker.refuse(&place, &VOL_028, Reason::Invalid, title, "write it as `example.com/name`");
            }
        }
        let paths = ["credentialBundlePath", "keyPath", "certificateChainPath"].map(|key| certificate.key(key));
        if paths.iter().all(At::is_empty) {
            let title = "the certificate has no path";
            let help = "write `credentialBundlePath`, or `keyPath` and `certificateChainPath`";
            checker.refuse(&certificate, &VOL_028, Reason::Required, title, help);
        }
        for path in paths {
            checker.follow(&path, &VOL_028, &NON_RESERVED_PATH);
            self.insert(&path, checker);
        }
    }
}

/// The name of a bundle of certificates: an object's, behind its signer where it has one, with `:` for `/` and between the two.
fn bundle_name(at: &At, label_selector: &At, checker: &mut Checker) {
    if checker.require(at, &VOL_028, "the name of a bundle") {
        match at.text().rsplit_once(':') {
            Some((signer, _)) if signer.contains('/') => {
                let title = format!("{} has a `/` in the name of its signer", at.value());
                checker.refuse(
                    at,
                    &VOL_028,
                    Reason::Invalid,
                    title,
                    format!("write `{}`", at.text().replace('/', ":")),
                );
            }
            Some(("", name)) => {
                let title = format!("{} has no signer before its `:`", at.value());
                checker.refuse(at, &VOL_028, Reason::Invalid, title, format!("write `{name}`"));
            }
            Some((_, name)) => drop(checker.follow_text(at, name, &VOL_028, &DNS_SUBDOMAIN)),
            None => drop(checker.follow(at, &VOL_028, &DNS_SUBDOMAIN)),
        }
    }
    if label_selector.is_set() {
        let title = "a bundle that is named is not selected by labels";
        checker.refuse(
            label_selector,
            &VOL_028,
            Reason::Invalid,
            title,
            "remove `labelSelector`, or write `signerName`",
        );
    }
}

/// The name of a signer: a domain of at least two labels, a `/`, and DNS subdomains joined by dots.
fn signer_name(at: &At, checker: &mut Checker) {
    if !checker.require(at, &VOL_028, "the name of a signer") {
        return;
    }
    let well_formed = at.text().split_once('/').is_some_and(|(domain, name)| {
        let labels = domain.split('.').all(|label| DNS_LABEL.accepts(label));
        labels && domain.contains('.') && domain.len() <= 253 && name.split('.').all(|part| DNS_SUBDOMAIN.accepts(part))
    });
    if !well_formed || at.text().len() > 571 {
        let title = format!("{} is no name of a signer", at.value());
        checker.refuse(at, &VOL_028, Reason::Invalid, title, "write it as `example.com/my-signer`");
    }
}
