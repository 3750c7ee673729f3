//! The fields of objects of built-in kinds with their types, for rules.

use crate::bundle::Object;
use crate::bundle::schema::{FieldRow, ServedKind, TypeId, Value};
use crate::check::place::At;
use crate::value::KubernetesVersion;

/// Is told a field that is there, the type that has it, and how it is declared.
pub type Look<'a> = dyn FnMut(&At, TypeId, &'static FieldRow) + 'a;

/// Looks at each field of an object that this Kubernetes knows, but for its status; at none of a kind that is not built in.
pub fn look_at_fields(object: &Object, version: KubernetesVersion, look: &mut Look) {
    let (group, api_version) = object.api_version().rsplit_once('/').unwrap_or(("", object.api_version()));
    if let Some(kind) = ServedKind::find(group, api_version, object.kind_name()) {
        fields(&At::root(&object.root), kind.type_id(), version, &mut |at, owner, row| {
            if owner != kind.type_id() || row.name() != "status" {
                look(at, owner, row);
                return true;
            }
            false
        });
    }
}

/// Looks at the fields of a type, and below those of which `look` says so.
fn fields(
    at: &At,
    owner: TypeId,
    version: KubernetesVersion,
    look: &mut dyn FnMut(&At, TypeId, &'static FieldRow) -> bool,
) {
    for (name, field) in at.fields() {
        let Some(row) = owner.field_in(name, version).filter(|row| field.is_set() && row.is_in(version)) else {
            continue;
        };
        if !look(&field, owner, row) {
            continue;
        }
        let Some(id) = row.value().item().1.type_id() else { continue };
        match row.value() {
            Value::One(_) => fields(&field, id, version, look),
            Value::List(_) => field.items().for_each(|item| fields(&item, id, version, look)),
            Value::Map(_) => field.entries().for_each(|(_, entry)| fields(&entry, id, version, look)),
            Value::MapOfLists(_) => {
                for (_, entry) in field.entries() {
                    entry.items().for_each(|item| fields(&item, id, version, look));
                }
            }
        }
    }
}
