//! One YAML stream in the order of the bundle, as `kubectl apply -f -` reads it.

use super::scalar::{indent, write_float, write_key, write_text};
use crate::bundle::customary::{Keys, Place, arrange};
use crate::bundle::{Bundle, Field, FieldValue, Key};
use crate::parallel;
use std::convert::Infallible;
use std::fmt::Write;

/// All objects, `---` between them.
pub fn yaml(bundle: &Bundle) -> String {
    let mut text = String::with_capacity(bundle.objects.len() * BYTES_PER_OBJECT);
    let written: Result<(), Infallible> = yaml_in_pieces(bundle, |piece| {
        text.push_str(piece);
        Ok(())
    });
    match written {
        Ok(()) => text,
        Err(never) => match never {},
    }
}

/// The same stream in pieces of whole documents, few of which are held at a time: a large stream would otherwise touch as many
/// fresh pages as it is long.
///
/// # Errors
/// The first one of `take`; nothing more is given to it then.
pub fn yaml_in_pieces<E>(bundle: &Bundle, mut take: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
    let pieces: Vec<_> = bundle.objects.chunks(PIECE).collect();
    let piece = |number: usize| {
        let out = String::with_capacity(pieces[number].len() * BYTES_PER_OBJECT);
        let mut writer = Writer { out, places: Vec::new(), keys: Keys::Customary };
        for (position, object) in pieces[number].iter().enumerate() {
            if number + position > 0 {
                writer.out.push_str("---\n");
            }
            writer.document(&object.root);
        }
        writer.out
    };
    match pieces.len() {
        ..MANY => (0..pieces.len()).try_for_each(|number| take(&piece(number))),
        count => parallel::in_turn(count, piece, |piece| take(&piece)),
    }
}

/// How many objects are a piece: about what a pipe takes at once.
const PIECE: usize = 64;

/// From so many pieces on a second thread takes less time to start than it saves.
const MANY: usize = 6;

/// One document that is no object, its keys as they stand.
pub fn document_as_written(root: &Field) -> String {
    let mut writer = Writer { out: String::new(), places: Vec::new(), keys: Keys::Free };
    writer.document(root);
    writer.out
}

/// One object, or a part of one, its keys in customary order.
pub fn document(root: &Field) -> String {
    let mut out = String::new();
    write_document(&mut out, root);
    out
}

/// Appends one document.
pub(super) fn write_document(out: &mut String, root: &Field) {
    let mut writer = Writer { out: std::mem::take(out), places: Vec::new(), keys: Keys::Customary };
    writer.document(root);
    *out = writer.out;
}

/// Room for an object of usual size, so that the text is seldom moved.
const BYTES_PER_OBJECT: usize = 1024;

/// Keys longer than this, in bytes, are written behind `? `: readers look for the colon in the first 1,024 characters only.
const LONGEST_SIMPLE_KEY: usize = 1000;

struct Writer {
    out: String,
    /// The order of the maps that are being written, the innermost last.
    places: Vec<Place>,
    /// The order of keys where the format has one.
    keys: Keys,
}

/// What a node stands behind, with the column of that.
#[derive(Clone, Copy)]
enum After {
    Nothing,
    Colon(usize),
    Dash(usize),
}

impl Writer {
    fn document(&mut self, root: &Field) {
        self.node(root, After::Nothing, self.keys);
    }

    fn node(&mut self, field: &Field, after: After, keys: Keys) {
        match &field.value {
            FieldValue::Map(entries) if !entries.is_empty() => {
                let column = self.begin_block(after, 2);
                self.map(entries, column, keys);
            }
            FieldValue::List(items) if !items.is_empty() => {
                // kubectl's own style: the dashes of a list stand below the key.
                let column = self.begin_block(after, 0);
                self.list(items, column);
            }
            scalar => {
                if let After::Colon(_) = after {
                    self.out.push(' ');
                }
                self.scalar(scalar, after);
                self.out.push('\n');
            }
        }
    }

    /// Goes to where the entries of a map or list begin, `deeper` columns in from a key above, and returns the column.
    fn begin_block(&mut self, after: After, deeper: usize) -> usize {
        match after {
            After::Nothing => 0,
            After::Dash(column) => column + 2,
            After::Colon(column) => {
                self.out.push('\n');
                indent(&mut self.out, column + deeper);
                column + deeper
            }
        }
    }

    fn map(&mut self, entries: &[(Key, Field)], column: usize, keys: Keys) {
        let start = self.places.len();
        arrange(entries, keys, &mut self.places);
        for position in 0..entries.len() {
            let place = self.places[start + position];
            let (key, field) = &entries[place.index as usize];
            if position > 0 {
                indent(&mut self.out, column);
            }
            if place.is_known() {
                self.out.push_str(key);
                self.out.push(':');
            } else {
                self.key(key, column);
            }
            let below = if self.keys == Keys::Free { Keys::Free } else { Keys::below(key) };
            self.node(field, After::Colon(column), below);
        }
        self.places.truncate(start);
    }

    fn key(&mut self, key: &str, column: usize) {
        let start = self.out.len();
        write_key(&mut self.out, key);
        if self.out.len() - start > LONGEST_SIMPLE_KEY {
            self.out.insert_str(start, "? ");
            self.out.push('\n');
            indent(&mut self.out, column);
        }
        self.out.push(':');
    }

    fn list(&mut self, items: &[Field], column: usize) {
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                indent(&mut self.out, column);
            }
            self.out.push_str("- ");
            self.node(item, After::Dash(column), self.keys);
        }
    }

    fn scalar(&mut self, value: &FieldValue, after: After) {
        let column = match after {
            After::Nothing => 2,
            After::Colon(column) | After::Dash(column) => column + 2,
        };
        match value {
            FieldValue::Null => self.out.push_str("null"),
            FieldValue::Boolean(true) => self.out.push_str("true"),
            FieldValue::Boolean(false) => self.out.push_str("false"),
            FieldValue::Integer(number) => write!(self.out, "{number}").expect("a String takes every digit"),
            FieldValue::Float(number) => write_float(&mut self.out, *number),
            FieldValue::String(text) => write_text(&mut self.out, text, column),
            FieldValue::List(_) => self.out.push_str("[]"),
            FieldValue::Map(_) => self.out.push_str("{}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::{Identity, Object, Traced, traced};
    use crate::document::OriginId;
    use crate::traced;
    use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec};
    use k8s_openapi::api::core::v1::{
        ConfigMap, Container, ContainerPort, EmptyDirVolumeSource, EnvFromSource, EnvVar, EnvVarSource, HTTPGetAction,
        PodSpec, PodTemplateSpec, Probe, ResourceRequirements, SecretEnvSource, SecretKeySelector, SecurityContext,
        Volume, VolumeMount,
    };
    use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
    use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
    use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

    const ORIGIN: OriginId = OriginId(0);

    fn own<T>(value: T) -> Traced<T> {
        traced(value, ORIGIN)
    }

    fn texts(texts: &[&str]) -> Vec<Traced<String>> {
        texts.iter().map(|text| own((*text).to_owned())).collect()
    }

    fn labels(entries: &[(&str, &str)]) -> Vec<(String, Traced<String>)> {
        entries.iter().map(|(key, value)| ((*key).to_owned(), own((*value).to_owned()))).collect()
    }

    fn field(value: FieldValue) -> Field {
        Field::new(value, ORIGIN)
    }

    fn document(entries: Vec<(&'static str, FieldValue)>) -> String {
        let entries = entries.into_iter().map(|(key, value)| (Key::Borrowed(key), field(value)));
        let mut out = String::new();
        write_document(&mut out, &field(FieldValue::Map(entries.collect())));
        out
    }

    fn container() -> Traced<Container> {
        let secret = traced!(ORIGIN, SecretKeySelector { key: "PASSWORD", name: "postgres" });
        let quantities =
            vec![("memory".to_owned(), own(Quantity("256Mi".into()))), ("cpu".to_owned(), own(Quantity("1".into())))];
        traced!(
            ORIGIN,
            Container {
                args: texts(&["--verbose", "serve"]),
                command: texts(&["sh", "-c", "set -e\nexec api \"$@\"\n"]),
                env: vec![
                    traced!(ORIGIN, EnvVar { name: "PORT", value: "3000" }),
                    traced!(
                        ORIGIN,
                        EnvVar {
                            name: "PGPASSWORD",
                            value_from: traced!(ORIGIN, EnvVarSource { secret_key_ref: secret })
                        }
                    ),
                ],
                env_from: vec![traced!(
                    ORIGIN,
                    EnvFromSource { secret_ref: traced!(ORIGIN, SecretEnvSource { name: "slack" }) }
                )],
                image: "docker.io/yourusername/todo-api:sha-e432059",
                name: "api",
                ports: vec![traced!(ORIGIN, ContainerPort { container_port: 3000, name: "http" })],
                readiness_probe: traced!(
                    ORIGIN,
                    Probe {
                        http_get: traced!(
                            ORIGIN,
                            HTTPGetAction { path: "/healthz", port: IntOrString::String("http".into()) }
                        ),
                        period_seconds: 5,
                        initial_delay_seconds: 3,
                    }
                ),
                resources: traced!(ORIGIN, ResourceRequirements { requests: quantities }),
                security_context: traced!(ORIGIN, SecurityContext { allow_privilege_escalation: false }),
                volume_mounts: vec![traced!(ORIGIN, VolumeMount { mount_path: "/tmp", name: "tmp" })],
            }
        )
    }

    fn deployment() -> Object {
        let selector = || labels(&[("app.kubernetes.io/name", "api"), ("app.kubernetes.io/part-of", "todo")]);
        let pod = traced!(
            ORIGIN,
            PodSpec {
                automount_service_account_token: false,
                containers: vec![container()],
                volumes: vec![traced!(ORIGIN, Volume { name: "tmp", empty_dir: EmptyDirVolumeSource::default() })],
            }
        );
        let template = traced!(
            ORIGIN,
            PodTemplateSpec { metadata: traced!(ORIGIN, ObjectMeta { labels: selector() }), spec: pod }
        );
        let metadata = traced!(
            ORIGIN,
            ObjectMeta {
                annotations: labels(&[("example.com/note", "yes")]),
                labels: selector(),
                name: "api",
                namespace: "app",
            }
        );
        let spec = traced!(
            ORIGIN,
            DeploymentSpec {
                replicas: 2,
                selector: traced!(ORIGIN, LabelSelector { match_labels: selector() }),
                template: template,
            }
        );
        Object::new(Identity::new("api", "workload"), traced!(ORIGIN, Deployment { metadata: metadata, spec: spec }))
    }

    const DEPLOYMENT: &str = r#"apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: app
  labels:
    app.kubernetes.io/name: api
    app.kubernetes.io/part-of: todo
  annotations:
    example.com/note: "yes"
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: api
      app.kubernetes.io/part-of: todo
  template:
    metadata:
      labels:
        app.kubernetes.io/name: api
        app.kubernetes.io/part-of: todo
    spec:
      automountServiceAccountToken: false
      containers:
      - name: api
        image: docker.io/yourusername/todo-api:sha-e432059
        command:
        - sh
        - "-c"
        - |
          set -e
          exec api "$@"
        args:
        - "--verbose"
        - serve
        ports:
        - name: http
          containerPort: 3000
        envFrom:
        - secretRef:
            name: slack
        env:
        - name: PORT
          value: "3000"
        - name: PGPASSWORD
          valueFrom:
            secretKeyRef:
              name: postgres
              key: PASSWORD
        resources:
          requests:
            cpu: "1"
            memory: 256Mi
        volumeMounts:
        - name: tmp
          mountPath: /tmp
        readinessProbe:
          httpGet:
            path: /healthz
            port: http
          initialDelaySeconds: 3
          periodSeconds: 5
        securityContext:
          allowPrivilegeEscalation: false
      volumes:
      - name: tmp
        emptyDir: {}
"#;

    #[test]
    fn a_deployment_looks_as_people_write_it() {
        let bundle = Bundle { objects: vec![deployment()], ..Bundle::default() };
        assert_eq!(yaml(&bundle), DEPLOYMENT);
    }

    #[test]
    fn documents_are_separated() {
        let config = || traced!(ORIGIN, ConfigMap { metadata: traced!(ORIGIN, ObjectMeta { name: "a" }) });
        let object = || Object::new(Identity::new("a", "config"), config());
        let bundle = Bundle { objects: vec![object(), object()], ..Bundle::default() };
        let one = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";
        assert_eq!(yaml(&bundle), format!("{one}---\n{one}"));
        assert_eq!(yaml(&Bundle::default()), "");
    }

    #[test]
    fn keys_that_the_user_chose_stay_as_they_are() {
        let map = |keys: &[&'static str]| {
            FieldValue::Map(keys.iter().map(|key| (Key::Borrowed(*key), field(FieldValue::Integer(1)))).collect())
        };
        assert_eq!(
            document(vec![("data", map(&["spec", "name", "on", "a b"])), ("other", map(&["spec", "name"]))]),
            "data:\n  spec: 1\n  name: 1\n  \"on\": 1\n  a b: 1\nother:\n  name: 1\n  spec: 1\n",
        );
    }

    #[test]
    fn every_shape_has_its_form() {
        let list = |items: Vec<FieldValue>| FieldValue::List(items.into_iter().map(field).collect());
        let pair =
            FieldValue::Map(vec![("a".into(), field(FieldValue::Null)), ("b".into(), field(FieldValue::Float(0.5)))]);
        let nested = list(vec![list(vec![FieldValue::Integer(1), FieldValue::Boolean(true)]), pair, list(vec![])]);
        assert_eq!(
            document(vec![("x", nested), ("y", FieldValue::Map(vec![])), ("z", FieldValue::String("\n a".into()))]),
            "x:\n- - 1\n  - true\n- a: null\n  b: 0.5\n- []\n\"y\": {}\nz: |2-\n\n   a\n",
        );
    }

    #[test]
    fn a_key_too_long_for_one_line_stands_behind_a_question_mark() {
        let key: &'static str = "k".repeat(1001).leak();
        let list = FieldValue::List(vec![field(FieldValue::Integer(1))]);
        assert_eq!(document(vec![(key, list)]), format!("? {key}\n:\n- 1\n"));
        assert_eq!(document(vec![(&key[1..], FieldValue::Integer(1))]), format!("{}: 1\n", &key[1..]));
    }
}
