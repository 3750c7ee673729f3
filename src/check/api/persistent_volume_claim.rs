//! PersistentVolumeClaim, and the claims that StatefulSets and ephemeral volumes make.

use super::labels::selector;
use super::metadata::metadata;
use crate::check::format::{DNS_LABEL, DNS_SUBDOMAIN};
use crate::check::{At, Checker, Reason, Rule, api_rules};

api_rules! {
    /// A claim has an access mode.
    PVC_001 = "PVC-001";
    /// An access mode is `ReadWriteOnce`, `ReadOnlyMany`, `ReadWriteMany` or `ReadWriteOncePod`.
    PVC_002 = "PVC-002";
    /// `ReadWriteOncePod` is the only access mode where it stands.
    PVC_003 = "PVC-003";
    /// A claim requests an amount of storage.
    PVC_004 = "PVC-004";
    /// The amount of storage is more than zero.
    PVC_005 = "PVC-005";
    /// The name of the storage class is a DNS subdomain.
    PVC_006 = "PVC-006";
    /// The mode of the volume is `Filesystem` or `Block`.
    PVC_007 = "PVC-007";
    /// A data source has a kind and a name; the server forgets a `dataSource` that is neither a claim nor a snapshot.
    PVC_008 = "PVC-008";
    /// A data source without API group is a claim.
    PVC_009 = "PVC-009";
    /// `dataSource` and `dataSourceRef` mean the same.
    PVC_010 = "PVC-010";
    /// The API group of a data source is a DNS subdomain, its namespace a DNS label.
    PVC_011 = "PVC-011";
    /// The name of the class of volume attributes is a DNS subdomain; before 1.34 it is dropped.
    PVC_013 = "PVC-013";
}

/// How volumes are mounted, as the server lists it.
const ACCESS_MODES: [&str; 4] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

/// What people write for them.
const SHORT_MODES: [(&str, &str); 4] =
    [("ROX", "ReadOnlyMany"), ("RWX", "ReadWriteMany"), ("RWO", "ReadWriteOnce"), ("RWOP", "ReadWriteOncePod")];

/// A PersistentVolumeClaim.
pub fn persistent_volume_claim(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let spec = object.key("spec");
    request(&spec, checker);
    let (source, reference) = (spec.key("dataSource"), spec.key("dataSourceRef"));
    // A source in another namespace is alpha, so dropped; and without a reference only a source of the old kinds is kept.
    if reference.is_set() && reference.key("namespace").is_empty() {
        sources(&spec, checker);
    } else if is_claim_or_snapshot(&source) {
        source_of_data(&source, checker);
    }
}

/// The specification of a claim that a StatefulSet or an ephemeral volume makes.
pub fn claim_spec(at: &At, checker: &mut Checker) {
    request(at, checker);
    sources(at, checker);
}

/// Access modes of a claim or a volume; `given` is the rule that asks for one, `known` that for their words, `alone` that for
/// `ReadWriteOncePod`. The server names the list, not the entry.
pub fn access_modes(at: &At, [given, known, alone]: [&Rule; 3], checker: &mut Checker) {
    checker.require(at, given, "a list of access modes");
    for mode in at.items_unspelled() {
        match SHORT_MODES.iter().find(|(short, _)| mode.is_text(short)) {
            Some((short, long)) => {
                let title = format!("`{short}` is how `kubectl get` shows `{long}`");
                checker.refuse(&mode, known, Reason::NotSupported, title, format!("write `{long}`"));
            }
            None => {
                checker.choose_text(&mode, mode.text(), known, &ACCESS_MODES);
            }
        }
    }
    let is_other = |mode: &str| mode != "ReadWriteOncePod" && ACCESS_MODES.contains(&mode);
    if at.items().any(|mode| mode.is_text("ReadWriteOncePod")) && at.items().any(|mode| is_other(mode.text())) {
        let title = "`ReadWriteOncePod` stands beside another access mode";
        let help = "keep `ReadWriteOncePod` alone: the volume is for one Pod then; or remove it";
        checker.refuse(at, alone, Reason::Forbidden, title, help);
    }
}

/// `Filesystem` or `Block`; the empty text is none of them.
pub fn volume_mode(at: &At, rule: &Rule, checker: &mut Checker) {
    if at.is_set() {
        checker.choose_text(at, at.text(), rule, &["Block", "Filesystem"]);
    }
}

/// What is asked of storage.
fn request(at: &At, checker: &mut Checker) {
    access_modes(&at.key("accessModes"), [&PVC_001, &PVC_002, &PVC_003], checker);
    selector(&at.key("selector"), checker);
    storage(at, checker);
    checker.follow(&at.key("storageClassName"), &PVC_006, &DNS_SUBDOMAIN);
    volume_mode(&at.key("volumeMode"), &PVC_007, checker);
    if checker.since(34) {
        checker.follow(&at.key("volumeAttributesClassName"), &PVC_013, &DNS_SUBDOMAIN);
    }
}

fn storage(at: &At, checker: &mut Checker) {
    let resources = at.key("resources");
    // The server leaves `requests` out of the path.
    let requests = resources.key_unspelled("requests");
    let storage = requests.entry("storage");
    if !requests.has("storage") {
        let title = "the claim requests no storage";
        let help = "write `storage` below `resources` and `requests`, such as `storage: 10Gi`";
        checker.refuse(&storage, &PVC_004, Reason::Required, title, help);
    } else if storage.thousandths().is_some_and(|amount| amount <= 0) {
        let title = format!("the amount of storage is {}", storage.value());
        checker.refuse(&storage, &PVC_005, Reason::Invalid, title, "write an amount above zero, such as `10Gi`");
    }
}

fn sources(at: &At, checker: &mut Checker) {
    let (source, reference) = (at.key("dataSource"), at.key("dataSourceRef"));
    source_of_data(&source, checker);
    source_of_data(&reference, checker);
    if !reference.key("namespace").is_empty() {
        checker.follow(&reference.key("namespace"), &PVC_011, &DNS_LABEL);
    }
    let same = |key| {
        let (left, right) = (source.key(key), reference.key(key));
        left.text() == right.text() && (key != "apiGroup" || left.is_set() == right.is_set())
    };
    let elsewhere = !reference.key("namespace").is_empty();
    if source.is_set() && reference.is_set() && (elsewhere || !["apiGroup", "kind", "name"].into_iter().all(same)) {
        let title = "`dataSource` and `dataSourceRef` are not the same";
        let help = "remove `dataSource`: the server fills it in from `dataSourceRef`";
        let finding = checker.refuse(&at.with_cause_of(&source), &PVC_010, Reason::Invalid, title, help);
        finding.related.push((reference.cause(), "the other one".to_owned()));
    }
}

fn source_of_data(at: &At, checker: &mut Checker) {
    if !at.is_set() {
        return;
    }
    checker.require(&at.key("name"), &PVC_008, "the name of the source");
    let (kind, group) = (at.key("kind"), at.key("apiGroup"));
    checker.require(&kind, &PVC_008, "the kind of the source");
    if group.is_empty() && !kind.is_text("PersistentVolumeClaim") {
        let title = "a data source without `apiGroup` is a PersistentVolumeClaim, and this is another kind";
        let help = "write the `apiGroup` of its kind, such as `snapshot.storage.k8s.io` for a VolumeSnapshot";
        checker.refuse(at, &PVC_009, Reason::Invalid, title, help);
    }
    checker.follow(&group, &PVC_011, &DNS_SUBDOMAIN);
}

fn is_claim_or_snapshot(source: &At) -> bool {
    matches!(
        (source.key("kind").text(), source.key("apiGroup").text()),
        ("PersistentVolumeClaim", "") | ("VolumeSnapshot", "snapshot.storage.k8s.io")
    )
}
