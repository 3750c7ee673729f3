//! The databases of a stack that run in its cluster.

use super::Context;
use crate::check::place::At;
use crate::component::db::Db;
use crate::shape::{Switch, Written};
use crate::value::Name;
use std::collections::BTreeMap;

/// What is called with each database: the object that runs it, where that has its name, and its table.
pub type Look<'l> = dyn FnMut(usize, &At, (&Written<Name>, &Db)) + 'l;

/// Looks at the databases that keep data in this cluster without an operator, each with the name of the object that runs it.
pub fn look_at_hosted(context: &Context, look: &mut Look) {
    let Some(stack) = context.stack else { return };
    let databases: BTreeMap<&str, (&Written<Name>, &Db)> =
        stack.file.tables.db.iter().map(|(name, db)| (name.value.as_str(), (name, db))).collect();
    for (index, object) in context.objects().filter(|(_, object)| object.kind_name() == "StatefulSet") {
        let Some((name, db)) = databases.get(&*object.identity.component) else { continue };
        let is_cache = matches!(db.storage, Some(Switch::Off(_)));
        if !object.identity.is_given() && db.managed.is_none() && db.via.is_none() && !is_cache {
            let root = At::root(&object.root);
            look(index, &root.key("metadata").key("name"), (name, db));
        }
    }
}
