//! The graph: every reference of the objects, and what it found.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::collections::BTreeSet;
use stowplan::bundle::yaml::{self, Place, Stream};
use stowplan::bundle::{Bundle, Identity, Object};
use stowplan::graph::{Graph, Outcome, Provider, Relation};
use stowplan::profile::{Role, Session};
use stowplan::source::Span;

/// The objects of a stream.
fn bundle(text: &str) -> Bundle {
    let mut session = Session::default();
    let file = session.sources.add("input.yaml", text);
    let layer = session.layer("input.yaml", Role::Stack);
    let place = Place::Verbatim(Span::new(file, 0..text.len()));
    let Session { origins, report, .. } = &mut session;
    let roots = yaml::read(Stream { text, place, layer }, origins, report);
    assert!(session.report.diagnostics.is_empty(), "{:?}", session.report);
    let objects = roots.into_iter().map(|root| Object::from_field(Identity::new("", "foreign"), root));
    Bundle { objects: objects.collect(), ..Bundle::default() }
}

/// The edges of a graph in words: `web selects web at spec.selector`.
fn words(graph: &Graph) -> Vec<String> {
    let name = |index: usize| graph.bundle().objects[index].name();
    let spell = |edge: &stowplan::graph::Edge| {
        let found: Vec<&str> = edge.found.iter().map(|found| name(*found)).collect();
        let found = match edge.outcome {
            Outcome::Found => found.join("+"),
            Outcome::WithoutPart => format!("{} in part", found.join("+")),
            Outcome::Provided(_) => "what is provided".to_owned(),
            Outcome::Missing => "nothing".to_owned(),
        };
        format!("{} {} {found} at {}", name(edge.from), edge.relation.as_str(), edge.place.field)
    };
    graph.edges().iter().map(spell).collect()
}

#[test]
fn every_reference_of_pods_is_an_edge() {
    let bundle = bundle(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\ndata: {a.conf: x, B: b}\n---\n\
         apiVersion: v1\nkind: Secret\nmetadata: {name: secret}\nstringData: {K: v}\n---\n\
         apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: disk}\nspec: {storageClassName: fast}\n---\n\
         apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: account}\nimagePullSecrets: [{name: registry}]\n---\n\
         apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: run}\nspec:\n  schedule: '@daily'\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          \
         serviceAccountName: account\n          priorityClassName: high\n          runtimeClassName: gvisor\n          imagePullSecrets: [{name: registry}]\n          \
         volumes:\n          - {name: a, configMap: {name: config, items: [{key: a.conf, path: a}]}}\n          - {name: b, persistentVolumeClaim: {claimName: disk}}\n          \
         - {name: c, projected: {sources: [{secret: {name: secret, optional: true}}]}}\n          - {name: d, configMap: {name: config}}\n          \
         containers:\n          - name: run\n            image: nginx:1.27.3\n            envFrom: [{secretRef: {name: secret}}]\n            \
         env: [{name: B, valueFrom: {configMapKeyRef: {name: config, key: C}}}]\n            volumeMounts: [{name: d, mountPath: /b, subPath: B}]\n",
    );
    let pod = "spec.jobTemplate.spec.template.spec";
    let expected = [
        "disk chooses nothing at spec.storageClassName".to_owned(),
        "account pulls nothing at imagePullSecrets[0].name".to_owned(),
        format!("run mounts config at {pod}.volumes[0].configMap.name"),
        format!("run mounts config at {pod}.volumes[0].configMap.items[0].key"),
        format!("run mounts disk at {pod}.volumes[1].persistentVolumeClaim.claimName"),
        format!("run mounts secret at {pod}.volumes[2].projected.sources[0].secret.name"),
        format!("run mounts config at {pod}.volumes[3].configMap.name"),
        format!("run mounts config at {pod}.containers[0].volumeMounts[0].subPath"),
        format!("run reads config in part at {pod}.containers[0].env[0].valueFrom.configMapKeyRef.key"),
        format!("run reads secret at {pod}.containers[0].envFrom[0].secretRef.name"),
        format!("run pulls nothing at {pod}.imagePullSecrets[0].name"),
        format!("run binds account at {pod}.serviceAccountName"),
        format!("run chooses nothing at {pod}.priorityClassName"),
        format!("run chooses nothing at {pod}.runtimeClassName"),
    ];
    assert_eq!(words(&Graph::of(&bundle, None)), expected);
}

const SERVED: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: http}, {port: 81}]}\n---\n\
                      apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchExpressions: [{key: app, operator: In, values: [web, api]}]}\n  \
                      template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers: [{name: web, image: 'nginx:1.27.3', ports: [{name: http, containerPort: 80}]}]\n---\n\
                      apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec:\n  ingressClassName: traefik\n  tls: [{secretName: web-tls}]\n  \
                      defaultBackend: {service: {name: web, port: {number: 8080}}}\n---\n\
                      apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: web}\nspec:\n  parentRefs: [{name: edge, namespace: infra}]\n  \
                      rules: [{backendRefs: [{name: web, port: 80}]}]\n---\n\
                      apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\nspec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}\n---\n\
                      apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {selector: {matchLabels: {app: web}}}\n---\n\
                      apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\nspec: {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]}\n";

#[test]
fn what_leads_to_pods_is_an_edge() {
    let bundle = bundle(SERVED);
    let graph = Graph::of(&bundle, None);
    assert_eq!(
        words(&graph),
        [
            "web selects web at spec.selector",
            "web forwards web at spec.ports[0].targetPort",
            "web forwards web in part at spec.ports[1].port",
            "web selects web at spec.selector",
            "web routes web in part at spec.defaultBackend.service.port.number",
            "web reads nothing at spec.tls[0].secretName",
            "web chooses nothing at spec.ingressClassName",
            "web routes web at spec.rules[0].backendRefs[0].name",
            "web joins nothing at spec.parentRefs[0].name",
            "web scales web at spec.scaleTargetRef.name",
            "web guards web at spec.selector",
            "web guards web at spec.podSelector",
            "web admits nothing at spec.ingress[0].from[0].podSelector",
        ]
    );
    let deployment = graph.find("Deployment", None, "web").unwrap().0;
    let to: BTreeSet<_> = graph.edges_to(deployment).map(|edge| edge.relation).collect();
    assert_eq!(to, [Relation::Selects, Relation::Forwards, Relation::Scales, Relation::Guards].into());
    assert_eq!(graph.services_of(deployment).count(), 1, "a port is no second Service");
    assert_eq!(graph.edges_from(deployment).len(), 1);
}

/// Whether a reference of the second object finds the first.
fn finds(first: &str, second: &str) -> bool {
    let bundle = bundle(&format!("{first}\n---\n{second}"));
    let graph = Graph::of(&bundle, None);
    graph.edges().iter().all(|edge| edge.outcome == Outcome::Found)
}

#[test]
fn objects_without_a_namespace_are_in_the_default_one() {
    let config =
        |namespace: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{namespace}}}\ndata: {{}}");
    let pod = |namespace: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p{namespace}}}\nspec: {{volumes: [{{name: v, configMap: {{name: c}}}}]}}"
        )
    };
    assert!(finds(&config(""), &pod("")));
    assert!(finds(&config(", namespace: default"), &pod("")) && finds(&config(""), &pod(", namespace: default")));
    assert!(finds(&config(", namespace: shop"), &pod("")), "the only namespace that is named is where the rest goes");
    assert!(!finds(&config(", namespace: shop"), &pod(", namespace: other")));
    let third = format!(
        "{}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: x, namespace: b}}",
        config(", namespace: a")
    );
    assert!(!finds(&third, &pod("")), "with two namespaces nobody knows which is meant");
}

#[test]
fn labels_that_controllers_add_are_known() {
    let set = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec: {template: {metadata: {labels: {app: db}}, spec: {containers: []}}}";
    let service = |key: &str, value: &str| {
        format!("apiVersion: v1\nkind: Service\nmetadata: {{name: s}}\nspec: {{selector: {{app: db, {key}: {value}}}}}")
    };
    assert!(finds(set, &service("statefulset.kubernetes.io/pod-name", "db-0")));
    assert!(!finds(set, &service("statefulset.kubernetes.io/pod-name", "web-0")));
    assert!(!finds(set, &service("pod-template-hash", "x")), "a StatefulSet adds no such label");
}

/// How the reference to a Secret `db-app` ends beside another object.
fn provided_by(object: &str) -> Outcome {
    let bundle = bundle(&format!(
        "{object}\n---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {{volumes: [{{name: v, secret: {{secretName: db-app, items: [{{key: password, path: p}}]}}}}]}}"
    ));
    let graph = Graph::of(&bundle, None);
    graph.related(Relation::Mounts).last().unwrap().outcome
}

#[test]
fn others_may_make_a_secret() {
    let external = |keys: &str| {
        format!(
            "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {{name: x}}\nspec: {{target: {{name: db-app}}, data: [{{secretKey: {keys}}}]}}"
        )
    };
    assert_eq!(provided_by(&external("password")), Outcome::Provided(Provider::Object(0)));
    assert_eq!(provided_by(&external("user")), Outcome::WithoutPart, "its keys are known");
    let sealed = "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: db-app}\nspec: {encryptedData: {password: x}}";
    assert_eq!(provided_by(sealed), Outcome::Provided(Provider::Object(0)));
    let cluster = "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: db}\nspec: {}";
    assert_eq!(provided_by(cluster), Outcome::Provided(Provider::Object(0)));
    let unknown = |name: &str| format!("apiVersion: example.com/v1\nkind: Database\nmetadata: {{name: {name}}}");
    assert_eq!(provided_by(&unknown("db")), Outcome::Provided(Provider::Perhaps(0)), "operators derive names");
    assert_eq!(provided_by(&unknown("cache")), Outcome::Missing);
    let monitor = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: db}\nspec: {}";
    assert_eq!(provided_by(monitor), Outcome::Missing, "a ServiceMonitor makes nothing");
}

#[test]
fn a_claim_template_takes_the_place_of_a_volume() {
    let set = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  volumeClaimTemplates: [{metadata: {name: data}}]\n  \
               template: {spec: {containers: [], volumes: [{name: data, persistentVolumeClaim: {claimName: nothing}}]}}";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {volumes: [{name: v, persistentVolumeClaim: {claimName: data-db-0}}]}";
    let bundle = bundle(&format!("{set}\n---\n{pod}"));
    assert_eq!(
        words(&Graph::of(&bundle, None)),
        ["p mounts what is provided at spec.volumes[0].persistentVolumeClaim.claimName"]
    );
}

#[test]
fn each_relation_has_a_word_of_its_own() {
    let words: BTreeSet<&str> = Relation::ALL.iter().map(|relation| relation.as_str()).collect();
    assert_eq!(words.len(), Relation::ALL.len());
}
