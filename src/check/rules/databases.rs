//! The databases of a stack that run in its cluster.

use super::Context;
use crate::check::place::At;
use crate::component::db::Db;
use crate::shape::{Switch, Written};
use crate::value::Name;

/// Looks at the databases that keep data in this cluster without an operator, each with the object that runs it and the object's
/// name.
pub fn look_at_hosted(context: &Context, look: &mut dyn FnMut(usize, &At, (&Written<Name>, &Db))) {
    let Some(stack) = context.stack else { return };
    for (name, db) in stack.file.tables.db.iter() {
        let is_cache = matches!(db.storage, Some(Switch::Off(_)));
        if db.managed.is_some() || db.via.is_some() || is_cache {
            continue;
        }
        let is_server = |kind: &str, component: &str| kind == "StatefulSet" && component == name.value.as_str();
        let mut objects = context.objects();
        let server = objects.find(|(_, object)| is_server(object.kind_name(), &object.identity.component));
        if let Some((index, object)) = server {
            let root = At::root(&object.root);
            look(index, &root.key("metadata").key("name"), (name, db));
        }
    }
}
