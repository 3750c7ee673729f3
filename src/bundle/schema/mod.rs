//! The fields of every built-in kind of Kubernetes, by version: which there are, of what type, and how their lists merge.
//!
//! Source: the OpenAPI definitions of Kubernetes 1.25 to 1.37, see `kubernetes.txt`. Fields of disabled features and APIs that a
//! server does not serve by default are in them too.

mod tables;

use super::pointer::{Pointer, Segment};
use crate::value::KubernetesVersion;
use tables::{Interval, Name, TABLES, TEXT};

/// A built-in kind in one version of its API, such as `autoscaling/v2` HorizontalPodAutoscaler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServedKind(u8);

/// The type of an object or of a part of it, such as `core.v1.PodSpec`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(u16);

/// A field of a type. Where its value changed from one version to the next there is a row for each.
#[derive(Debug, Clone, Copy)]
pub struct FieldRow {
    name: Name,
    interval: Interval,
    required: Interval,
    is_demanded: bool,
    value: Value,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// One of it.
    One(Item),
    /// A list of it.
    List(Item),
    /// A map from texts to it.
    Map(Item),
    /// A map from texts to lists of it.
    MapOfLists(Item),
}

/// What a field, an item of a list or an entry of a map is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// A text.
    Text,
    /// Base64 in a text.
    Bytes,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits.
    Int64,
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// An amount: a text such as `512Mi`, or a number.
    Quantity,
    /// A whole number of 32 bits, or a text.
    IntOrText,
    /// A time as in RFC 3339.
    Time,
    /// A time as in RFC 3339, with exactly six digits behind the point.
    MicroTime,
    /// Anything that JSON can hold.
    Any,
    /// An object of this type.
    Object(TypeId),
    /// An object of this type, or `true` or `false`. These three are in CustomResourceDefinitions; unknown fields in them are dropped.
    ObjectOrBoolean(TypeId),
    /// An object of this type, or a list of such.
    ObjectOrList(TypeId),
    /// An object of this type, or a list of texts.
    ObjectOrTexts(TypeId),
}

/// How a list takes over changes: server-side apply's `x-kubernetes-list-type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListMerge {
    /// It is replaced as a whole.
    Atomic,
    /// Its items are values, each of which stands once.
    Set,
    /// Its items are objects, told apart by the values of these fields together.
    Map(ListKeys),
}

/// The fields by which the items of a list are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListKeys(&'static str);

impl ServedKind {
    /// The kind, where any version of Kubernetes that we know serves it; the core group is empty.
    pub fn find(group: &str, version: &str, kind: &str) -> Option<Self> {
        let found = TABLES.kinds.binary_search_by(|row| {
            row.kind.text().cmp(kind).then_with(|| split(row.api_version.text()).cmp(&(group, version)))
        });
        found.ok().map(Self::at)
    }

    /// All of them: by kind, then by group and version.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..TABLES.kinds.len()).map(Self::at)
    }

    /// `apps`; empty for the core group.
    pub fn group(self) -> &'static str {
        split(self.api_version()).0
    }

    /// `v1`.
    pub fn version(self) -> &'static str {
        split(self.api_version()).1
    }

    /// `apps/v1`, or `v1` for the core group.
    pub fn api_version(self) -> &'static str {
        self.row().api_version.text()
    }

    /// `Deployment`.
    pub fn kind(self) -> &'static str {
        self.row().kind.text()
    }

    /// The type of its objects.
    pub fn type_id(self) -> TypeId {
        self.row().type_id
    }

    /// The oldest Kubernetes that has it; 1.25 may stand for an older one.
    pub fn first(self) -> KubernetesVersion {
        KubernetesVersion { minor: self.row().interval.first }
    }

    /// The newest Kubernetes that has it.
    pub fn last(self) -> KubernetesVersion {
        KubernetesVersion { minor: self.row().interval.last }
    }

    /// Whether this Kubernetes has it.
    pub fn is_in(self, version: KubernetesVersion) -> bool {
        self.row().interval.contains(version.minor)
    }

    /// The same kind in every version of its API, this one included.
    pub fn versions(self) -> impl Iterator<Item = Self> {
        Self::all().filter(move |other| (other.kind(), other.group()) == (self.kind(), self.group()))
    }

    fn at(index: usize) -> Self {
        Self(u8::try_from(index).expect("there are fewer than 256 kinds, as a test says"))
    }
}

impl TypeId {
    /// `core.v1.PodSpec`.
    pub fn name(self) -> &'static str {
        self.row().name.text()
    }

    /// Its fields in the order of the alphabet, in whichever versions; a name stands twice where its value changed.
    pub fn fields(self) -> &'static [FieldRow] {
        let row = self.row();
        &TABLES.fields[usize::from(row.start)..usize::from(row.end)]
    }

    /// How many of its fields servers refuse objects without, see [`FieldRow::is_demanded`].
    pub fn demanded(self) -> usize {
        usize::from(self.row().demanded)
    }

    /// The field of this name, as the newest Kubernetes that has it declares it.
    pub fn field(self, name: &str) -> Option<&'static FieldRow> {
        self.rows(name)?.last()
    }

    /// The field of this name as this Kubernetes declares it; as another does, where this one does not have it.
    pub fn field_in(self, name: &str, version: KubernetesVersion) -> Option<&'static FieldRow> {
        let rows = self.rows_from(name)?;
        let (first, others) = rows.split_first()?;
        if first.is_in(version) {
            return Some(first);
        }
        let others = || others.iter().take_while(|row| row.name() == name);
        others().find(|row| row.is_in(version)).or_else(|| others().last()).or(Some(first))
    }

    /// The field that the last key of a pointer into an object of this type names: for `spec.ports[0]` it is `ports`. `None` for
    /// the object itself, and where the pointer leads into what is no object of a known type.
    pub fn find(self, pointer: &Pointer) -> Option<&'static FieldRow> {
        let mut owner = Some(self);
        let mut found = None;
        let mut inside = 0;
        for segment in pointer.segments() {
            if inside > 0 {
                inside -= 1;
                continue;
            }
            let Segment::Key(name) = segment else { return None };
            let row = owner?.field(name)?;
            let (depth, item) = row.value.item();
            inside = depth;
            owner = item.type_id();
            found = Some(row);
        }
        found
    }

    /// The rows of a name, the oldest first; none where there is no field of this name.
    fn rows(self, name: &str) -> Option<impl Iterator<Item = &'static FieldRow>> {
        Some(self.rows_from(name)?.iter().take_while(move |row| row.name() == name))
    }

    /// The rows of the type from the first of this name on; none where there is no field of this name.
    fn rows_from(self, name: &str) -> Option<&'static [FieldRow]> {
        let row = self.row();
        let mut slot = tables::slot(self.0, name.as_bytes());
        loop {
            let index = TABLES.slots[slot].checked_sub(1)?;
            if (row.start..row.end).contains(&index) && TABLES.fields[usize::from(index)].name() == name {
                return Some(&TABLES.fields[usize::from(index)..usize::from(row.end)]);
            }
            slot = (slot + 1) % TABLES.slots.len();
        }
    }
}

impl FieldRow {
    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name.text()
    }

    /// The oldest Kubernetes that has it; 1.25 may stand for an older one.
    pub fn first(&self) -> KubernetesVersion {
        KubernetesVersion { minor: self.interval.first }
    }

    /// The newest Kubernetes that has it.
    pub fn last(&self) -> KubernetesVersion {
        KubernetesVersion { minor: self.interval.last }
    }

    /// Whether this Kubernetes has it.
    pub fn is_in(&self, version: KubernetesVersion) -> bool {
        self.interval.contains(version.minor)
    }

    /// What it holds.
    pub fn value(&self) -> Value {
        self.value
    }

    /// Whether the definitions of this Kubernetes call it required. That is less and more than what a server demands.
    pub fn is_required(&self, version: KubernetesVersion) -> bool {
        self.required.contains(version.minor)
    }

    /// Whether servers refuse objects without it, in whichever version: a server was asked.
    pub fn is_demanded(&self) -> bool {
        self.is_demanded
    }

    /// How it takes over changes, where it is a list.
    pub fn list(&self) -> ListMerge {
        let mut words = self.words();
        words.find_map(ListMerge::read).unwrap_or(ListMerge::Atomic)
    }

    /// The field by which kubectl's strategic merge tells the items of the list apart, where it does; one only, unlike [`FieldRow::list`].
    pub fn merge_key(&self) -> Option<&'static str> {
        self.words().find_map(|word| word.strip_prefix("merge="))
    }

    /// The words of its line behind its name.
    fn words(&self) -> impl Iterator<Item = &'static str> {
        let rest = &TEXT[self.name.span().1..];
        rest.lines().next().unwrap_or_default().split(' ').skip(2)
    }
}

impl Value {
    /// What it holds in the end, and how many steps into lists and maps lead there.
    pub fn item(self) -> (usize, Item) {
        match self {
            Self::One(item) => (0, item),
            Self::List(item) | Self::Map(item) => (1, item),
            Self::MapOfLists(item) => (2, item),
        }
    }
}

impl Item {
    /// Its type, where it is an object of one, or may be.
    pub fn type_id(self) -> Option<TypeId> {
        match self {
            Self::Object(id) | Self::ObjectOrBoolean(id) | Self::ObjectOrList(id) | Self::ObjectOrTexts(id) => Some(id),
            _ => None,
        }
    }
}

impl ListMerge {
    fn read(word: &'static str) -> Option<Self> {
        match word.split_once('=') {
            Some(("map", keys)) => Some(Self::Map(ListKeys(keys))),
            None if word == "set" => Some(Self::Set),
            _ => None,
        }
    }
}

impl ListKeys {
    /// Their names, the most telling first.
    pub fn iter(self) -> impl Iterator<Item = &'static str> {
        self.0.split(',')
    }
}

/// Group and version.
fn split(api_version: &'static str) -> (&'static str, &'static str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::KindId;

    fn type_of(group: &str, version: &str, kind: &str) -> TypeId {
        ServedKind::find(group, version, kind).unwrap().type_id()
    }

    fn pod_spec() -> TypeId {
        object(type_of("", "v1", "Pod").field("spec").unwrap())
    }

    fn object(row: &FieldRow) -> TypeId {
        row.value().item().1.type_id().unwrap()
    }

    fn versions(owner: TypeId, name: &str) -> (u8, u8) {
        let row = owner.field(name).unwrap_or_else(|| panic!("{} has no {name}", owner.name()));
        (row.first().minor, row.last().minor)
    }

    #[test]
    fn fields_came_and_went() {
        let pod = pod_spec();
        let container = object(pod.field("containers").unwrap());
        let security = object(pod.field("securityContext").unwrap());
        let job = object(type_of("batch", "v1", "Job").field("spec").unwrap());
        let service = object(type_of("", "v1", "Service").field("spec").unwrap());
        for (owner, name, expected) in [
            (pod, "containers", (25, 37)),
            (pod, "resources", (32, 37)),
            (pod, "hostnameOverride", (34, 37)),
            (pod, "workloadRef", (35, 35)),
            (pod, "schedulingGroup", (36, 37)),
            (pod, "evictionResponders", (37, 37)),
            (container, "resizePolicy", (27, 37)),
            (container, "restartPolicy", (28, 37)),
            (container, "restartPolicyRules", (34, 37)),
            (security, "appArmorProfile", (30, 37)),
            (security, "supplementalGroupsPolicy", (31, 37)),
            (security, "seLinuxChangePolicy", (32, 37)),
            (job, "backoffLimitPerIndex", (28, 37)),
            (job, "podReplacementPolicy", (28, 37)),
            (job, "managedBy", (30, 37)),
            (job, "successPolicy", (30, 37)),
            (service, "trafficDistribution", (30, 37)),
        ] {
            assert_eq!(versions(owner, name), expected, "{name}");
        }
    }

    #[test]
    fn kinds_came_and_went() {
        for (group, version, kind, expected) in [
            ("apps", "v1", "Deployment", (25, 37)),
            ("autoscaling", "v2beta2", "HorizontalPodAutoscaler", (25, 25)),
            ("flowcontrol.apiserver.k8s.io", "v1beta2", "FlowSchema", (25, 28)),
            ("flowcontrol.apiserver.k8s.io", "v1beta3", "FlowSchema", (26, 31)),
            ("flowcontrol.apiserver.k8s.io", "v1", "FlowSchema", (29, 37)),
            ("resource.k8s.io", "v1alpha2", "ResourceClaim", (27, 30)),
            ("networking.k8s.io", "v1beta1", "IPAddress", (31, 36)),
        ] {
            let found = ServedKind::find(group, version, kind).unwrap_or_else(|| panic!("no {group}/{version} {kind}"));
            assert_eq!((found.first().minor, found.last().minor), expected, "{group}/{version} {kind}");
        }
        assert!(ServedKind::find("apps", "v1beta2", "Deployment").is_none());
        assert!(ServedKind::find("", "v1", "DeploymentList").is_none());
        let scaler = ServedKind::find("autoscaling", "v2", "HorizontalPodAutoscaler").unwrap();
        assert_eq!(scaler.versions().map(ServedKind::version).collect::<Vec<_>>(), ["v1", "v2", "v2beta2"]);
    }

    #[test]
    fn every_row_is_found_by_its_name() {
        let mut rows = 0;
        for index in 0..TABLES.types.len() {
            let owner = TypeId(u16::try_from(index).unwrap());
            let fields = owner.fields();
            rows += fields.len();
            for row in fields {
                let found = owner.field_in(row.name(), row.first()).unwrap();
                assert!(std::ptr::eq(found, row), "{} {}", owner.name(), row.name());
            }
            assert!(fields.is_sorted_by_key(FieldRow::name), "{}", owner.name());
            assert!(owner.field("").is_none() && owner.field("imagee").is_none() && owner.field("é").is_none());
        }
        assert_eq!(rows, TABLES.fields.len());
    }

    #[test]
    fn every_kind_is_found_by_its_names() {
        assert!(TABLES.kinds.len() < 256, "a ServedKind is a byte");
        for kind in ServedKind::all() {
            assert_eq!(ServedKind::find(kind.group(), kind.version(), kind.kind()), Some(kind));
            assert!(kind.type_id().field("metadata").is_some() && kind.type_id().field("kind").is_some());
        }
    }

    /// Kinds that the table of kinds has are built in, or their group is somebody else's.
    #[test]
    fn the_table_of_kinds_knows_the_same() {
        for row in KindId::all().map(KindId::row) {
            let built_in = ServedKind::all().any(|kind| kind.group() == row.group);
            assert_eq!(ServedKind::find(row.group, row.version, row.kind).is_some(), built_in, "{}", row.kind);
        }
    }

    #[test]
    fn values_are_read_from_their_spelling() {
        let pod = pod_spec();
        let container = object(pod.field("containers").unwrap());
        let port = object(container.field("ports").unwrap());
        let value = |owner: TypeId, name: &str| owner.field(name).unwrap().value();
        assert_eq!(value(pod, "nodeName"), Value::One(Item::Text));
        assert_eq!(value(pod, "nodeSelector"), Value::Map(Item::Text));
        assert_eq!(value(pod, "hostNetwork"), Value::One(Item::Boolean));
        assert_eq!(value(pod, "activeDeadlineSeconds"), Value::One(Item::Int64));
        assert_eq!(value(container, "command"), Value::List(Item::Text));
        assert_eq!(value(port, "containerPort"), Value::One(Item::Int32));
        assert_eq!(value(type_of("", "v1", "Secret"), "data"), Value::Map(Item::Bytes));
        assert_eq!(object(pod.field("containers").unwrap()).name(), "core.v1.Container");
        let review = object(type_of("authorization.k8s.io", "v1", "SubjectAccessReview").field("spec").unwrap());
        assert_eq!(value(review, "extra"), Value::MapOfLists(Item::Text));
        let limits = object(container.field("resources").unwrap()).field("limits").unwrap();
        assert_eq!(limits.value(), Value::Map(Item::Quantity));
    }

    #[test]
    fn a_value_may_change_with_the_version() {
        let claim = object(type_of("", "v1", "PersistentVolumeClaim").field("spec").unwrap());
        let of = |minor| object(claim.field_in("resources", KubernetesVersion { minor }).unwrap()).name();
        assert_eq!((of(28), of(29)), ("core.v1.ResourceRequirements", "core.v1.VolumeResourceRequirements"));
        assert_eq!(object(claim.field("resources").unwrap()).name(), "core.v1.VolumeResourceRequirements");
    }

    #[test]
    fn required_is_told_by_version() {
        let stateful = object(type_of("apps", "v1", "StatefulSet").field("spec").unwrap());
        let name = stateful.field("serviceName").unwrap();
        let required = |minor| name.is_required(KubernetesVersion { minor });
        assert!(required(32) && !required(33));
        assert!(stateful.field("selector").unwrap().is_required(KubernetesVersion::OLDEST));
        assert!(!stateful.field("replicas").unwrap().is_required(KubernetesVersion::NEWEST));
    }

    #[test]
    fn lists_say_how_they_merge() {
        let keys = |pointer: &str| {
            let row = type_of("apps", "v1", "Deployment").find(&pointer.parse().unwrap())?;
            match row.list() {
                ListMerge::Map(keys) => Some(keys.iter().collect::<Vec<_>>()),
                _ => None,
            }
        };
        assert_eq!(keys("spec.template.spec.containers"), Some(vec!["name"]));
        assert_eq!(keys("spec.template.spec.containers[0].ports"), Some(vec!["containerPort", "protocol"]));
        assert_eq!(keys("spec.template.spec.containers[0].ports[3]"), Some(vec!["containerPort", "protocol"]));
        assert_eq!(keys("spec.template.spec.containers[0].volumeMounts"), Some(vec!["mountPath"]));
        assert_eq!(keys("spec.template.spec.tolerations"), None);
        assert_eq!(keys("spec.template.spec.containers[0].image.tag"), None);
        assert_eq!(keys("spec.nothing"), None);
        assert_eq!(keys(""), None);
        let metadata = object(type_of("", "v1", "Pod").field("metadata").unwrap());
        assert_eq!(metadata.field("finalizers").unwrap().list(), ListMerge::Set);
        assert_eq!(pod_spec().field("tolerations").unwrap().list(), ListMerge::Atomic);
        let ports = object(pod_spec().field("containers").unwrap()).field("ports").unwrap();
        assert_eq!(ports.merge_key(), Some("containerPort"));
        assert_eq!(pod_spec().field("tolerations").unwrap().merge_key(), None);
    }

    #[test]
    fn keys_of_maps_are_passed_over() {
        let deployment = type_of("apps", "v1", "Deployment");
        let find = |pointer: &str| deployment.find(&pointer.parse().unwrap()).map(FieldRow::name);
        assert_eq!(find("metadata.labels[app.kubernetes.io/name]"), Some("labels"));
        assert_eq!(find("spec.template.spec.containers[0].resources.limits.cpu"), Some("limits"));
        assert_eq!(find("metadata.labels.a.b"), None);
    }
}
