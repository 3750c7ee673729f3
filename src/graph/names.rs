//! Objects by what others call them.

use crate::bundle::{Bundle, KindId, Object, Scope};
use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxBuildHasher;

/// The namespace of what belongs to the whole cluster.
pub const CLUSTER: &str = "";

/// The namespace that kubectl takes where none is said.
const DEFAULT: &str = "default";

/// Objects by kind, namespace and name.
pub struct Names<'a> {
    by_name: IndexMap<Name<'a>, usize, FxBuildHasher>,
    unsaid: &'a str,
}

/// Kind, namespace and name.
type Name<'a> = (&'a str, &'a str, &'a str);

impl<'a> Names<'a> {
    /// The names of these objects; of two with one name the first counts.
    pub fn of(bundle: &'a Bundle) -> Self {
        let mut names = Self { by_name: IndexMap::default(), unsaid: unsaid(bundle) };
        names.by_name.reserve(bundle.objects.len());
        for (index, object) in bundle.objects.iter().enumerate().filter(|(_, object)| !is_namesake(object)) {
            let name = (object.kind_name(), names.namespace(object), object.name());
            names.by_name.entry(name).or_insert(index);
        }
        names
    }

    /// The namespace of an object, the default one filled in; [`CLUSTER`] for what has none.
    pub fn namespace(&self, object: &'a Object) -> &'a str {
        match object.kind.row().scope {
            Scope::Cluster => CLUSTER,
            Scope::Namespaced => self.resolve(object.namespace()),
        }
    }

    /// The namespace that is meant where this is said, or nothing.
    pub fn resolve(&self, namespace: Option<&'a str>) -> &'a str {
        namespace.filter(|namespace| !namespace.is_empty()).unwrap_or(self.unsaid)
    }

    /// The object that is called so. `default` is also where objects are that name no namespace.
    pub fn find(&self, kind: &str, namespace: &str, name: &str) -> Option<usize> {
        let at = |namespace| self.by_name.get(&(kind, namespace, name)).copied();
        at(namespace).or_else(|| at(self.unsaid).filter(|_| namespace == DEFAULT))
    }

    /// The names of the objects of a kind in a namespace.
    pub fn all<'n>(&'n self, kind: &'n str, namespace: &'n str) -> impl Iterator<Item = &'a str> + 'n {
        let names = self.by_name.keys().filter(move |(of, place, _)| *of == kind && *place == namespace);
        names.map(|(_, _, name)| *name)
    }
}

/// Whether an object has the kind of a well-known one in another group, as a Service of Knative.
fn is_namesake(object: &Object) -> bool {
    object.kind == KindId::OTHER && KindId::all().any(|kind| kind.row().kind == object.kind_name())
}

/// The namespace of objects that name none: the only one that others of the set name, else `default`.
fn unsaid(bundle: &Bundle) -> &str {
    let named: IndexSet<&str, FxBuildHasher> = bundle.objects.iter().filter_map(Object::namespace).collect();
    if named.len() == 1 { named[0] } else { DEFAULT }
}
