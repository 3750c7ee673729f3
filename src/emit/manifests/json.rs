//! One JSON document: a `v1` List, as `kubectl apply -f -` reads it too.

use crate::bundle::customary::{Keys, arrange};
use crate::bundle::{Bundle, Field, FieldValue, Key};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// All objects as one `List`, indented by two spaces, with a line break at the end.
pub fn json(bundle: &Bundle) -> String {
    let items = bundle.objects.iter().map(|object| Node { field: &object.root, keys: Keys::Customary });
    let list = List { api_version: "v1", kind: "List", items: items.collect() };
    let mut text = serde_json::to_string_pretty(&list).expect("keys are text, and a String takes every character");
    text.push('\n');
    text
}

#[derive(serde::Serialize)]
struct List<'a> {
    #[serde(rename = "apiVersion")]
    api_version: &'static str,
    kind: &'static str,
    items: Vec<Node<'a>>,
}

/// One object, or a part of one, its keys in customary order.
pub fn value(field: &Field) -> impl Serialize {
    Node { field, keys: Keys::Customary }
}

/// A field, and how its keys are ordered where it is a map.
struct Node<'a> {
    field: &'a Field,
    keys: Keys,
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.field.value {
            FieldValue::Null => serializer.serialize_unit(),
            FieldValue::Boolean(truth) => serializer.serialize_bool(*truth),
            FieldValue::Integer(number) => serializer.serialize_i64(*number),
            FieldValue::Float(number) => serializer.serialize_f64(*number),
            FieldValue::String(text) => serializer.serialize_str(text),
            FieldValue::List(items) => {
                serializer.collect_seq(items.iter().map(|field| Node { field, keys: Keys::Customary }))
            }
            FieldValue::Map(entries) => serialize_entries(entries, self.keys, serializer),
        }
    }
}

fn serialize_entries<S: Serializer>(entries: &[(Key, Field)], keys: Keys, serializer: S) -> Result<S::Ok, S::Error> {
    let mut places = Vec::with_capacity(entries.len());
    arrange(entries, keys, &mut places);
    let mut map = serializer.serialize_map(Some(entries.len()))?;
    for place in places {
        let (key, field) = &entries[place.index as usize];
        map.serialize_entry(key, &Node { field, keys: Keys::below(key) })?;
    }
    map.end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::{Identity, Object};
    use crate::document::OriginId;

    fn field(value: FieldValue) -> Field {
        Field::new(value, OriginId(0))
    }

    #[test]
    fn all_objects_are_one_list_in_customary_order() {
        let data = vec![("b".into(), Field::text("1", OriginId(0))), ("a".into(), Field::text("\"\n", OriginId(0)))];
        let root = FieldValue::Map(vec![
            ("data".into(), field(FieldValue::Map(data))),
            ("extra".into(), field(FieldValue::List(vec![field(FieldValue::Float(1e21)), field(FieldValue::Null)]))),
            ("kind".into(), Field::text("ConfigMap", OriginId(0))),
            ("empty".into(), field(FieldValue::Map(vec![]))),
        ]);
        let object = Object::from_field(Identity::new("a", "manifest"), field(root));
        let bundle = Bundle { objects: vec![object], ..Bundle::default() };
        let expected = r#"{
  "apiVersion": "v1",
  "kind": "List",
  "items": [
    {
      "kind": "ConfigMap",
      "data": {
        "b": "1",
        "a": "\"\n"
      },
      "extra": [
        1e+21,
        null
      ],
      "empty": {}
    }
  ]
}
"#;
        assert_eq!(json(&bundle), expected);
    }
}
