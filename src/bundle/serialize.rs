//! From a typed value to a tree of fields, with the trail of causes walked alongside.

use super::cause::CauseId;
use super::field::{Field, FieldValue, Key};
use super::traced::{Step, Traced, Trail};
use serde::ser::{self, Impossible, Serialize};
use std::fmt;

impl<T: Serialize> Traced<T> {
    /// The value as a tree: each field has the cause that was traced for it, else that of the field it stands in.
    ///
    /// # Panics
    /// Where the type has a shape that no Kubernetes object has: a tuple, bytes, an enum with contents, keys that are no text.
    pub fn into_field(self) -> Field {
        let reader = Reader { trail: Some(self.trail()), cause: self.cause() };
        self.value.serialize(reader).expect("the types of Kubernetes objects have only the shapes of JSON")
    }
}

/// The place in the trail that belongs to the value being serialized.
#[derive(Clone, Copy)]
struct Reader<'t> {
    trail: Option<&'t Trail>,
    cause: CauseId,
}

impl<'t> Reader<'t> {
    fn children(self) -> &'t [(Step, Trail)] {
        self.trail.map_or(&[], |trail| &trail.children)
    }

    fn inherit(self) -> Self {
        Self { trail: None, cause: self.cause }
    }

    fn descend(self, trail: &'t Trail) -> Self {
        Self { trail: Some(trail), cause: trail.cause }
    }

    fn field(self, value: FieldValue) -> Result<Field, ShapeError> {
        Ok(Field { value, cause: self.cause })
    }
}

/// Whether `field`, a name in Rust, is the field that is serialized as `key`: `cluster_ip` and `clusterIP`, `type_` and `type`.
fn spells(field: &str, key: &str) -> bool {
    // Most names are told apart by their first letter.
    let starts_alike = match (field.as_bytes().first(), key.as_bytes().first()) {
        (Some(own), Some(other)) => own.eq_ignore_ascii_case(other),
        _ => false,
    };
    starts_alike && spells_throughout(field, key)
}

fn spells_throughout(field: &str, key: &str) -> bool {
    let mut letters = key.bytes().filter(u8::is_ascii_alphanumeric);
    let mut own = field.bytes().filter(|byte| *byte != b'_');
    own.all(|byte| letters.next().is_some_and(|letter| letter.eq_ignore_ascii_case(&byte))) && letters.next().is_none()
}

/// A struct, list or map on its way to a field.
struct Fields<'t> {
    reader: Reader<'t>,
    entries: Vec<(Key, Field)>,
}

struct Items<'t> {
    reader: Reader<'t>,
    rest: &'t [(Step, Trail)],
    items: Vec<Field>,
}

struct Entries<'t> {
    reader: Reader<'t>,
    rest: &'t [(Step, Trail)],
    key: Option<Box<str>>,
    entries: Vec<(Key, Field)>,
}

impl<'t> ser::Serializer for Reader<'t> {
    type Ok = Field;
    type Error = ShapeError;
    type SerializeSeq = Items<'t>;
    type SerializeTuple = Impossible<Field, ShapeError>;
    type SerializeTupleStruct = Impossible<Field, ShapeError>;
    type SerializeTupleVariant = Impossible<Field, ShapeError>;
    type SerializeMap = Entries<'t>;
    type SerializeStruct = Fields<'t>;
    type SerializeStructVariant = Impossible<Field, ShapeError>;

    fn serialize_bool(self, value: bool) -> Result<Field, ShapeError> {
        self.field(FieldValue::Boolean(value))
    }

    fn serialize_i8(self, value: i8) -> Result<Field, ShapeError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<Field, ShapeError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<Field, ShapeError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<Field, ShapeError> {
        self.field(FieldValue::Integer(value))
    }

    fn serialize_u8(self, value: u8) -> Result<Field, ShapeError> {
        self.serialize_i64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<Field, ShapeError> {
        self.serialize_i64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<Field, ShapeError> {
        self.serialize_i64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<Field, ShapeError> {
        self.field(i64::try_from(value).map_or(FieldValue::Float(value as f64), FieldValue::Integer))
    }

    fn serialize_f32(self, value: f32) -> Result<Field, ShapeError> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<Field, ShapeError> {
        self.field(FieldValue::Float(value))
    }

    fn serialize_char(self, value: char) -> Result<Field, ShapeError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<Field, ShapeError> {
        self.field(FieldValue::String(value.into()))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Field, ShapeError> {
        Err(ShapeError)
    }

    fn serialize_none(self) -> Result<Field, ShapeError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Field, ShapeError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Field, ShapeError> {
        self.field(FieldValue::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Field, ShapeError> {
        Err(ShapeError)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Field, ShapeError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Field, ShapeError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Field, ShapeError> {
        Err(ShapeError)
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items<'t>, ShapeError> {
        Ok(Items { reader: self, rest: self.children(), items: Vec::with_capacity(length.unwrap_or(0)) })
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, ShapeError> {
        Err(ShapeError)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, ShapeError> {
        Err(ShapeError)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, ShapeError> {
        Err(ShapeError)
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Entries<'t>, ShapeError> {
        let entries = Vec::with_capacity(length.unwrap_or(0));
        Ok(Entries { reader: self, rest: self.children(), key: None, entries })
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Fields<'t>, ShapeError> {
        Ok(Fields { reader: self, entries: Vec::with_capacity(length) })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, ShapeError> {
        Err(ShapeError)
    }
}

impl ser::SerializeStruct for Fields<'_> {
    type Ok = Field;
    type Error = ShapeError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), ShapeError> {
        let own =
            self.reader.children().iter().find(|(step, _)| matches!(step, Step::Field(name) if spells(name, key)));
        let reader = own.map_or(self.reader.inherit(), |(_, trail)| self.reader.descend(trail));
        self.entries.push((Key::Borrowed(key), value.serialize(reader)?));
        Ok(())
    }

    fn end(self) -> Result<Field, ShapeError> {
        self.reader.field(FieldValue::Map(self.entries))
    }
}

impl ser::SerializeSeq for Items<'_> {
    type Ok = Field;
    type Error = ShapeError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ShapeError> {
        let reader = match self.rest {
            [(Step::Index(index), trail), rest @ ..] if *index as usize == self.items.len() => {
                self.rest = rest;
                self.reader.descend(trail)
            }
            _ => self.reader.inherit(),
        };
        self.items.push(value.serialize(reader)?);
        Ok(())
    }

    fn end(self) -> Result<Field, ShapeError> {
        self.reader.field(FieldValue::List(self.items))
    }
}

impl ser::SerializeMap for Entries<'_> {
    type Ok = Field;
    type Error = ShapeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ShapeError> {
        let FieldValue::String(text) = key.serialize(self.reader.inherit())?.value else { return Err(ShapeError) };
        self.key = Some(text);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ShapeError> {
        let key = self.key.take().ok_or(ShapeError)?;
        // An entry that was removed after tracing leaves its step behind: pass it by.
        while let [(Step::Key(step), _), rest @ ..] = self.rest
            && *step < key
        {
            self.rest = rest;
        }
        let reader = match self.rest {
            [(Step::Key(step), trail), ..] if *step == key => self.reader.descend(trail),
            _ => self.reader.inherit(),
        };
        self.entries.push((Key::Owned(key.into_string()), value.serialize(reader)?));
        Ok(())
    }

    fn end(self) -> Result<Field, ShapeError> {
        self.reader.field(FieldValue::Map(self.entries))
    }
}

/// The type has a shape that JSON has not.
#[derive(Debug)]
struct ShapeError;

impl fmt::Display for ShapeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a shape that no Kubernetes object has")
    }
}

impl std::error::Error for ShapeError {}

impl ser::Error for ShapeError {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::{Pointer, traced};
    use crate::document::OriginId;
    use k8s_openapi::ByteString;
    use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec};
    use k8s_openapi::api::core::v1::{
        Container, EnvVar, HTTPGetAction, PodSpec, PodTemplateSpec, Probe, Secret, ServiceSpec,
    };
    use k8s_openapi::api::core::v1::{EmptyDirVolumeSource, ResourceRequirements, Volume};
    use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
    use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
    use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
    use std::collections::BTreeMap;

    const OWNER: OriginId = OriginId(1);

    fn at<'f>(field: &'f Field, pointer: &str) -> Option<&'f Field> {
        field.find(&pointer.parse::<Pointer>().unwrap())
    }

    fn cause(field: &Field, pointer: &str) -> CauseId {
        at(field, pointer).unwrap_or_else(|| panic!("{pointer} is there")).cause
    }

    fn json(field: &Field) -> serde_json::Value {
        match &field.value {
            FieldValue::Null => serde_json::Value::Null,
            FieldValue::Boolean(truth) => (*truth).into(),
            FieldValue::Integer(number) => (*number).into(),
            FieldValue::Float(number) => (*number).into(),
            FieldValue::String(text) => (**text).into(),
            FieldValue::List(items) => items.iter().map(json).collect(),
            FieldValue::Map(entries) => entries.iter().map(|(key, field)| (key.to_string(), json(field))).collect(),
        }
    }

    fn keys(field: &Field) -> Vec<&str> {
        field.entries().iter().map(|(key, _)| &**key).collect()
    }

    #[test]
    fn a_field_has_its_own_cause_and_passes_it_down() {
        let probe = crate::traced!(
            OWNER,
            Probe {
                http_get: crate::traced!(
                    OriginId(2),
                    HTTPGetAction { path: traced("/healthz", OriginId(3)), port: IntOrString::Int(8080) }
                ),
                period_seconds: traced(10, OriginId(4)),
                timeout_seconds: 1,
                failure_threshold: None::<i32>,
            }
        );
        let field = probe.into_field();
        assert_eq!(
            json(&field),
            serde_json::json!({
                "httpGet": { "path": "/healthz", "port": 8080 }, "periodSeconds": 10, "timeoutSeconds": 1,
            })
        );
        assert_eq!(field.cause, OWNER.into());
        assert_eq!(cause(&field, "httpGet"), OriginId(2).into());
        assert_eq!(cause(&field, "httpGet.path"), OriginId(3).into());
        assert_eq!(cause(&field, "httpGet.port"), OriginId(2).into());
        assert_eq!(cause(&field, "periodSeconds"), OriginId(4).into());
        assert_eq!(cause(&field, "timeoutSeconds"), OWNER.into());
    }

    #[test]
    fn a_plain_struct_inside_has_the_cause_of_the_outer_one() {
        let template = PodTemplateSpec {
            spec: Some(PodSpec { host_pid: Some(true), ..Default::default() }),
            ..Default::default()
        };
        let spec =
            crate::traced!(OWNER, DeploymentSpec { template: template, replicas: traced(2, OriginId(2)) }).into_field();
        assert_eq!(cause(&spec, "template.spec.hostPID"), OWNER.into());
        assert_eq!(cause(&spec, "replicas"), OriginId(2).into());
    }

    #[test]
    fn names_match_however_the_api_spells_them() {
        let spec = crate::traced!(
            OWNER,
            ServiceSpec {
                cluster_ip: traced("None", OriginId(2)),
                cluster_ips: vec![traced("None".to_owned(), OriginId(3))],
                external_ips: traced(vec!["192.0.2.1".to_owned()], OriginId(4)),
                type_: traced("ClusterIP", OriginId(5)),
                load_balancer_ip: traced("192.0.2.2", OriginId(6)),
            }
        )
        .into_field();
        assert_eq!(cause(&spec, "clusterIP"), OriginId(2).into());
        assert_eq!(cause(&spec, "clusterIPs"), OWNER.into());
        assert_eq!(cause(&spec, "clusterIPs[0]"), OriginId(3).into());
        assert_eq!(cause(&spec, "externalIPs[0]"), OriginId(4).into());
        assert_eq!(cause(&spec, "type"), OriginId(5).into());
        assert_eq!(cause(&spec, "loadBalancerIP"), OriginId(6).into());
        assert!(spells("x_kubernetes_int_or_string", "x-kubernetes-int-or-string"));
        assert!(!spells("port", "ports") && !spells("ports", "port") && !spells("host_ip", "hostPID"));
    }

    #[test]
    fn entries_of_lists_keep_their_causes() {
        let variable = |name: &str, origin| crate::traced!(OriginId(origin), EnvVar { name: name });
        let container = crate::traced!(
            OWNER,
            Container {
                name: "api",
                env: vec![variable("A", 1), variable("B", 2), variable("C", 1), variable("D", 3)],
                args: Traced::list(
                    [traced("a".to_owned(), OriginId(8)), traced("b".to_owned(), OriginId(7))],
                    OriginId(7)
                ),
            }
        )
        .into_field();
        let causes: Vec<_> = container.get("env").unwrap().items().iter().map(|item| item.cause).collect();
        assert_eq!(causes, [1, 2, 1, 3].map(|origin| CauseId::from(OriginId(origin))));
        assert_eq!(cause(&container, "env"), OWNER.into());
        assert_eq!(cause(&container, "env[3].name"), OriginId(3).into());
        assert_eq!(cause(&container, "args"), OriginId(7).into());
        assert_eq!(cause(&container, "args[0]"), OriginId(8).into());
        assert_eq!(cause(&container, "args[1]"), OriginId(7).into());
    }

    #[test]
    fn entries_of_maps_keep_their_causes_and_the_last_of_equal_keys_counts() {
        let label = |key: &str, value: &str, origin| (key.to_owned(), traced(value.to_owned(), OriginId(origin)));
        let labels = vec![label("z", "1", 2), label("a", "2", 3), label("m", "3", 1), label("z", "4", 4)];
        let metadata = crate::traced!(
            OWNER,
            ObjectMeta { labels: labels, annotations: Traced::entries(vec![label("x", "y", 5)], OriginId(6)) }
        );
        let field = metadata.into_field();
        assert_eq!(json(field.get("labels").unwrap()), serde_json::json!({"a": "2", "m": "3", "z": "4"}));
        assert_eq!(cause(&field, "labels"), OWNER.into());
        assert_eq!(cause(&field, "labels.a"), OriginId(3).into());
        assert_eq!(cause(&field, "labels.m"), OWNER.into());
        assert_eq!(cause(&field, "labels.z"), OriginId(4).into());
        assert_eq!(cause(&field, "annotations"), OriginId(6).into());
        assert_eq!(cause(&field, "annotations.x"), OriginId(5).into());
    }

    #[test]
    fn an_entry_added_or_removed_after_tracing_confuses_no_other() {
        let entry = |key: &str, origin| (key.to_owned(), traced(key.to_owned(), OriginId(origin)));
        let mut map = Traced::entries([entry("a", 2), entry("c", 3), entry("d", 4)], OWNER);
        map.value.remove("a");
        map.value.insert("b".to_owned(), String::new());
        let field = map.into_field();
        assert_eq!(cause(&field, "b"), OWNER.into());
        assert_eq!(cause(&field, "c"), OriginId(3).into());
        assert_eq!(cause(&field, "d"), OriginId(4).into());
    }

    #[test]
    fn empty_lists_and_maps_are_left_out_unless_they_have_a_cause() {
        let strings = Vec::<Traced<String>>::new;
        let container = crate::traced!(
            OWNER,
            Container {
                args: strings(),
                command: Some(strings()),
                env: None::<Vec<Traced<EnvVar>>>,
                ports: Traced::list([], OriginId(2)),
                resources: crate::traced!(
                    OWNER,
                    ResourceRequirements {
                        limits: Vec::<(String, Traced<Quantity>)>::new(),
                        requests: Traced::entries([], OriginId(3)),
                    }
                ),
            }
        )
        .into_field();
        assert_eq!(keys(&container), ["command", "name", "ports", "resources"]);
        assert_eq!(
            json(&container),
            serde_json::json!({ "command": [], "name": "", "ports": [], "resources": { "requests": {} } })
        );
        assert_eq!(cause(&container, "ports"), OriginId(2).into());
        assert_eq!(cause(&container, "resources.requests"), OriginId(3).into());
        let volume =
            crate::traced!(OWNER, Volume { name: "tmp", empty_dir: EmptyDirVolumeSource::default() }).into_field();
        assert_eq!(json(&volume), serde_json::json!({ "name": "tmp", "emptyDir": {} }));
    }

    #[test]
    fn newtypes_are_their_contents() {
        let memory = traced("128Mi".to_owned(), OriginId(2)).map(Quantity);
        let resources =
            crate::traced!(OWNER, ResourceRequirements { limits: vec![("memory".to_owned(), memory)] }).into_field();
        assert_eq!(at(&resources, "limits.memory").and_then(Field::as_str), Some("128Mi"));
        assert_eq!(cause(&resources, "limits.memory"), OriginId(2).into());
        let data = BTreeMap::from([("key".to_owned(), ByteString(b"text".to_vec()))]);
        let secret = crate::traced!(OWNER, Secret { data: traced(data, OriginId(3)) }).into_field();
        assert_eq!(at(&secret, "data.key").and_then(Field::as_str), Some("dGV4dA=="));
        assert_eq!(cause(&secret, "data.key"), OriginId(3).into());
    }

    #[test]
    fn an_object_begins_with_its_version_and_kind() {
        let deployment = crate::traced!(OWNER, Deployment {}).into_field();
        assert_eq!(keys(&deployment)[..2], ["apiVersion", "kind"]);
        assert_eq!(at(&deployment, "apiVersion").and_then(Field::as_str), Some("apps/v1"));
    }

    #[test]
    #[should_panic(expected = "only the shapes of JSON")]
    fn a_tuple_is_a_mistake_of_ours() {
        let _ = traced((1, 2), OWNER).into_field();
    }
}
