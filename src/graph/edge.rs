//! One reference of an object, and where it leads.

use super::selector::Selector;
use crate::bundle::CauseId;

/// What an object is to the one that it refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// A Service or a workload means Pods by their labels.
    Selects,
    /// A port of a Service leads to a port of Pods.
    Forwards,
    /// An Ingress, a route or a webhook sends requests to a port of a Service.
    Routes,
    /// A route hangs on a listener of a Gateway, a StatefulSet takes the names of its Pods from a Service, endpoints belong
    /// to one.
    Joins,
    /// A Pod sees a ConfigMap, a Secret or a disk as files.
    Mounts,
    /// A Pod has a ConfigMap or a Secret, or a key of it, as variables; an Ingress or Gateway has its certificate from one.
    Reads,
    /// Images are pulled with a Secret.
    Pulls,
    /// A HorizontalPodAutoscaler sets how many Pods a workload has.
    Scales,
    /// A PodDisruptionBudget or NetworkPolicy protects Pods.
    Guards,
    /// A NetworkPolicy lets Pods connect, or be connected to.
    Admits,
    /// Rights are given to an account, a Pod runs under it, a claim is tied to a volume.
    Binds,
    /// An object is of a class: StorageClass, IngressClass, GatewayClass, PriorityClass, RuntimeClass.
    Chooses,
    /// A component of the stack talks to another: `uses` and `wait`.
    Uses,
}

impl Relation {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Selects,
        Self::Forwards,
        Self::Routes,
        Self::Joins,
        Self::Mounts,
        Self::Reads,
        Self::Pulls,
        Self::Scales,
        Self::Guards,
        Self::Admits,
        Self::Binds,
        Self::Chooses,
        Self::Uses,
    ];

    /// One lower-case word: `selects`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Selects => "selects",
            Self::Forwards => "forwards",
            Self::Routes => "routes",
            Self::Joins => "joins",
            Self::Mounts => "mounts",
            Self::Reads => "reads",
            Self::Pulls => "pulls",
            Self::Scales => "scales",
            Self::Guards => "guards",
            Self::Admits => "admits",
            Self::Binds => "binds",
            Self::Chooses => "chooses",
            Self::Uses => "uses",
        }
    }
}

/// Where a reference is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The path in the server's spelling; empty for an edge between components, which no field holds.
    pub field: String,
    /// Why the field is as it is: this leads to the line that the user wrote.
    pub cause: CauseId,
}

/// Whether an object can do without what it refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It cannot.
    Required,
    /// It says `optional: true`.
    Optional,
}

/// A part of an object that a reference asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Nothing in particular.
    Whole,
    /// A key of a ConfigMap or Secret.
    Key(&'a str),
    /// A port by its name.
    PortName(&'a str),
    /// A port by its number.
    PortNumber(i64),
    /// A listener of a Gateway, by its name, its port or both.
    Listener(Option<&'a str>, Option<i64>),
}

/// What a reference names.
#[derive(Debug, Clone, PartialEq)]
pub enum Target<'a> {
    /// An object by its name.
    Object {
        /// Its kind, as in `ConfigMap`.
        kind: &'a str,
        /// Its namespace, the default one filled in; empty for what belongs to the whole cluster.
        namespace: &'a str,
        /// Its name.
        name: &'a str,
        /// What of it.
        part: Part<'a>,
    },
    /// Pods by their labels.
    Pods {
        /// In which namespace; `None` for several.
        namespace: Option<&'a str>,
        /// By which labels.
        selector: Selector<'a>,
        /// What of them.
        part: Part<'a>,
    },
    /// Something outside the cluster, which a component of the stack talks to.
    Outside {
        /// Its host.
        host: &'a str,
        /// Its port, where it is known.
        port: Option<u16>,
    },
}

/// Who makes what is there without being one of the objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// The object with this index makes it: an ExternalSecret, a Certificate.
    Object(usize),
    /// The object with this index, of a kind that is not known here, may make it.
    Perhaps(usize),
    /// The stack says that it exists.
    Stack,
    /// Every cluster has it.
    Cluster,
}

/// Whether there is what a reference names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is there, with the part that is asked for.
    Found,
    /// It is there, without that part.
    WithoutPart,
    /// It is not one of the objects, and somebody else provides it.
    Provided(Provider),
    /// It is not there.
    Missing,
}

/// One reference of an object.
#[derive(Debug, Clone)]
pub struct Edge<'a> {
    /// What the object is to the other.
    pub relation: Relation,
    /// The object that refers, as an index into the bundle.
    pub from: usize,
    /// Where it says so.
    pub place: Place,
    /// What it names.
    pub target: Target<'a>,
    /// Whether it can do without.
    pub need: Need,
    /// The objects that are meant, as indices into the bundle, in their order; those with the part, where there are any.
    pub found: Vec<usize>,
    /// Whether there is what it names.
    pub outcome: Outcome,
}

impl<'a> Edge<'a> {
    /// Whether an object is needed that is not there.
    pub fn is_missing(&self) -> bool {
        self.need == Need::Required && self.outcome == Outcome::Missing
    }

    /// Whether a part of an object is needed, and the object is there without it.
    pub fn is_without_part(&self) -> bool {
        self.need == Need::Required && self.outcome == Outcome::WithoutPart
    }

    /// Kind and name of the object that is named; none where Pods are meant by labels, or something outside.
    pub fn named(&self) -> Option<(&'a str, &'a str)> {
        match self.target {
            Target::Object { kind, name, .. } => Some((kind, name)),
            _ => None,
        }
    }

    /// What of the target is asked for.
    pub fn part(&self) -> Part<'a> {
        match self.target {
            Target::Object { part, .. } | Target::Pods { part, .. } => part,
            Target::Outside { .. } => Part::Whole,
        }
    }

    /// The labels by which Pods are meant.
    pub fn selector(&self) -> Option<&Selector<'a>> {
        match &self.target {
            Target::Pods { selector, .. } => Some(selector),
            _ => None,
        }
    }
}
