//! The operations of a JSON Patch (RFC 6902) as another reader of it makes them; one that cannot be made fails.

use serde_json::Value;

/// Makes them one after the other.
pub fn patch(object: &mut Value, changes: &[Value]) {
    for change in changes {
        let path = change["path"].as_str().expect("each has a path");
        match change["op"].as_str().expect("each has an operation") {
            "add" => add(object, path, change["value"].clone()),
            "remove" => drop(remove(object, path)),
            "replace" => *object.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = change["value"].clone(),
            "move" => {
                let value = remove(object, change["from"].as_str().expect("a move has an origin"));
                add(object, path, value);
            }
            other => panic!("{other}"),
        }
    }
}

fn parent<'v>(object: &'v mut Value, path: &str) -> (&'v mut Value, String) {
    let (parent, last) = path.rsplit_once('/').unwrap_or_else(|| panic!("{path:?} is the whole object"));
    (object.pointer_mut(parent).unwrap_or_else(|| panic!("{path}")), last.replace("~1", "/").replace("~0", "~"))
}

fn add(object: &mut Value, path: &str, value: Value) {
    match parent(object, path) {
        (Value::Array(items), last) => items.insert(index(&last), value),
        (Value::Object(map), last) => drop(map.insert(last, value)),
        _ => panic!("{path}"),
    }
}

fn remove(object: &mut Value, path: &str) -> Value {
    match parent(object, path) {
        (Value::Array(items), last) => items.remove(index(&last)),
        (Value::Object(map), last) => map.remove(&last).unwrap_or_else(|| panic!("{path}")),
        _ => panic!("{path}"),
    }
}

fn index(last: &str) -> usize {
    last.parse().unwrap_or_else(|error| panic!("{last:?}: {error}"))
}
