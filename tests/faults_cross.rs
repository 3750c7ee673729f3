//! The faults of the originals that are between objects: each is found by a rule, at the line that is wrong.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use stowplan::diagnostic::Severity;
use stowplan::emit::report::Remark;
use stowplan::lint::{self, Profiles, Question};
use stowplan::profile::Session;
use stowplan::value::KubernetesVersion;
use support::Files;

/// What was found, and the texts that it was found in.
struct Linted {
    session: Session,
    remarks: Vec<Remark>,
}

/// Looks at YAML that others wrote.
fn yaml(text: &str) -> Linted {
    let mut session = Session { command: "lint", ..Session::default() };
    let file = session.sources.add("input.yaml", text);
    let remarks = lint::streams(&[file], KubernetesVersion::USUAL.into(), &mut session).remarks;
    Linted { session, remarks }
}

/// Looks at a stack with one profile.
fn stack(text: &str, profile: &str) -> Linted {
    let mut session = Session { command: "lint", ..Session::default() };
    let stack = session.sources.add("stack.toml", text);
    let profiles = Profiles::Named(vec![profile.to_owned()]);
    let question = Question { stack, profiles: &profiles, set: &[], kubernetes: None };
    let remarks = lint::stack(&question, &mut session, &Files::new(&[])).remarks;
    Linted { session, remarks }
}

impl Linted {
    /// What a rule found: how bad, the text that it points at, the title and the help.
    fn of(&self, rule: &str) -> Vec<(Severity, &str, &str, &str)> {
        let own = self.remarks.iter().map(|remark| &remark.diagnostic).filter(|diagnostic| diagnostic.code == rule);
        own.map(|diagnostic| {
            let place = self.session.sources.text(diagnostic.place().unwrap());
            (diagnostic.severity, place, diagnostic.title.as_str(), diagnostic.help.as_deref().unwrap_or_default())
        })
        .collect()
    }

    /// The only thing that a rule found.
    fn only(&self, rule: &str) -> (Severity, &str, &str, &str) {
        let found = self.of(rule);
        assert_eq!(found.len(), 1, "{rule}: {found:?}, among {:?}", self.rules());
        found[0]
    }

    /// The line, from 1, at which the only finding of a rule is.
    fn line(&self, rule: &str) -> usize {
        let place =
            self.remarks.iter().find(|remark| remark.diagnostic.code == rule).unwrap().diagnostic.place().unwrap();
        let text = &self.session.sources.file(place.file).text;
        text[..place.start as usize].lines().count() + usize::from(text[..place.start as usize].ends_with('\n'))
    }

    fn rules(&self) -> Vec<&str> {
        self.remarks.iter().map(|remark| remark.diagnostic.code).collect()
    }
}

/// A Deployment of this name whose selector and Pods have these labels.
fn deployment(name: &str, labels: &str) -> String {
    format!(
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  selector: {{matchLabels: {{{labels}}}}}\n  \
         template:\n    metadata: {{labels: {{{labels}}}}}\n    spec:\n      containers: [{{name: {name}, image: 'nginx:1.27.3'}}]\n"
    )
}

#[test]
fn fault_01_a_service_for_a_label_that_no_pod_has() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: hello}\nspec:\n  selector:\n    app: hello-serve\n  ports: [{port: 8080}]\n";
    let linted = yaml(&format!("{service}{}", deployment("hello-server", "app: hello-server")));
    let (severity, place, _, help) = linted.only("service-selector-matches-nothing");
    assert_eq!(
        (severity, place, linted.line("service-selector-matches-nothing")),
        (Severity::Warning, "hello-serve", 6)
    );
    assert_eq!(help, "did you mean `app: hello-server`?");
}

#[test]
fn fault_01_in_a_stack_is_an_error_in_the_manifest() {
    let linted = stack(
        "[stack]\nname = \"hello\"\n\n[api.hello-server]\nimage = \"nginx:1.27.3\"\nport = 80\n\n[manifest.service]\nyaml = '''\n\
         apiVersion: v1\nkind: Service\nmetadata: {name: hello}\nspec:\n  selector: {app.kubernetes.io/name: hello-serve}\n  ports: [{port: 80}]\n'''\n",
        "k3d",
    );
    let (severity, place, _, help) = linted.only("service-selector-matches-nothing");
    assert_eq!((severity, place), (Severity::Error, "hello-serve"));
    assert_eq!(
        (linted.line("service-selector-matches-nothing"), help),
        (14, "did you mean `app.kubernetes.io/name: hello-server`?")
    );
}

#[test]
fn fault_02_names_the_label_that_does_not_match() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: myapp-service}\nspec:\n  selector: {app: myapp, type: backend}\n  ports: [{port: 80}]\n";
    let linted = yaml(&format!("{service}{}", deployment("myapp", "app: myapp, type: front-end")));
    let (_, place, title, _) = linted.only("service-selector-matches-nothing");
    assert_eq!(place, "backend");
    assert!(title.contains("`type: backend`") && !title.contains("app: myapp"), "{title}");
}

#[test]
fn fault_03_a_controller_takes_a_pod_made_by_hand() {
    let controller = "apiVersion: v1\nkind: ReplicationController\nmetadata: {name: myapp-rc}\nspec:\n  replicas: 3\n  selector: {app: nginx}\n  \
                      template:\n    metadata: {labels: {app: nginx}}\n    spec: {containers: [{name: nginx, image: 'nginx:1.27.3'}]}\n";
    let pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: nginx, labels: {app: nginx}}\nspec: {containers: [{name: nginx, image: 'nginx:1.27.3'}]}\n";
    let linted = yaml(&format!("{controller}{pod}"));
    let (severity, place, title, _) = linted.only("selector-overlap");
    assert_eq!((severity, place), (Severity::Error, "{app: nginx}"));
    assert_eq!(title, "the selector of ReplicationController `myapp-rc` also selects Pod `nginx`");
}

#[test]
fn fault_04_a_deployment_and_a_replica_set_with_one_selector() {
    let replica_set = deployment("myapp-rs", "app: myapp").replace("kind: Deployment", "kind: ReplicaSet");
    let linted = yaml(&format!("{replica_set}{}", deployment("myapp-deployment", "app: myapp")));
    let (severity, _, title, _) = linted.only("selector-overlap");
    assert_eq!(severity, Severity::Error);
    assert!(title.contains("ReplicaSet `myapp-rs`") && title.contains("Deployment `myapp-deployment`"), "{title}");
}

#[test]
fn fault_05_a_selector_that_means_any_front_end() {
    let replica_set = deployment("myapp-rs", "type: front-end").replace("kind: Deployment", "kind: ReplicaSet");
    let pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: myapp-pod, labels: {app: myapp, type: front-end}}\nspec: {containers: [{name: nginx, image: 'nginx:1.27.3'}]}\n";
    let linted = yaml(&format!("{replica_set}{pod}"));
    assert_eq!(linted.only("selector-overlap").1, "{matchLabels: {type: front-end}}");
}

#[test]
fn fault_08_one_name_for_two_contents() {
    let config = |port: u16| {
        format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: hello\ndata: {{PORT: '{port}'}}\n")
    };
    let linted = yaml(&format!("{}{}", config(8081), config(5555)));
    let (severity, place, ..) = linted.only("duplicate-object");
    assert_eq!((severity, place, linted.line("duplicate-object")), (Severity::Error, "hello", 11));
}

const ENV: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hello-server-configmap}\ndata: {PORT: '8081'}\n---\n\
                   apiVersion: v1\nkind: Pod\nmetadata: {name: hello}\nspec:\n  containers:\n  - name: hello\n    image: nginx:1.27.3\n    env:\n    \
                   - name: HOST\n      valueFrom:\n        configMapKeyRef:\n          name: hello-server-configmap\n          key: HOST\n";

#[test]
fn fault_10_a_key_that_the_config_does_not_have() {
    let linted = yaml(ENV);
    let (severity, place, title, _) = linted.only("config-key-missing");
    assert_eq!((severity, place, linted.line("config-key-missing")), (Severity::Error, "HOST", 18));
    assert_eq!(title, "ConfigMap `hello-server-configmap` has no key `HOST`");
    let optional = yaml(&format!("{ENV}          optional: true\n"));
    assert!(optional.of("config-key-missing").is_empty(), "what is optional may be missing");
}

#[test]
fn fault_11_a_key_that_the_secret_does_not_have() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: postgres-secret}\nstringData: {username: me, password: geheim}\n---\n\
                  apiVersion: v1\nkind: Pod\nmetadata: {name: api}\nspec:\n  containers:\n  - name: api\n    image: nginx:1.27.3\n    env:\n    \
                  - {name: PGPASSWORD, valueFrom: {secretKeyRef: {name: postgres-secret, key: POSTGRES_PASSWORD}}}\n";
    let linted = yaml(secret);
    let (severity, place, title, help) = linted.only("config-key-missing");
    assert_eq!((severity, place), (Severity::Error, "POSTGRES_PASSWORD"));
    assert!(!title.contains("geheim") && !help.contains("geheim"));
}

#[test]
fn fault_11_of_a_secret_that_is_declared_in_a_stack() {
    let linted = stack(
        "[stack]\nname = \"todo\"\n\n[secret.postgres-secret]\nkeys = [\"username\", \"password\"]\nsource = \"existing\"\n\n\
         [worker.mails]\nimage = \"nginx:1.27.3\"\n\n[patch.password]\non = \"Deployment/mails\"\nyaml = '''\nspec:\n  template:\n    spec:\n      containers:\n      \
         - name: mails\n        env: [{name: PGPASSWORD, valueFrom: {secretKeyRef: {name: postgres-secret, key: POSTGRES_PASSWORD}}}]\n'''\n",
        "k3d",
    );
    assert_eq!(linted.only("config-key-missing").1, "POSTGRES_PASSWORD");
}

const SCALED: &str = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: api}\nspec:\n  \
                      scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}\n  minReplicas: 2\n  maxReplicas: 4\n  \
                      metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}]\n";

#[test]
fn fault_56_an_autoscaler_of_what_requests_nothing() {
    let linted = yaml(&format!("{SCALED}{}", deployment("api", "app: api")));
    let (severity, _, title, help) = linted.only("hpa-without-requests");
    assert_eq!(severity, Severity::Error);
    assert_eq!(title, "container `api` requests no cpu, so the autoscaler `api` cannot compute a percentage of it");
    assert!(help.contains("requests: {cpu: 100m}"), "{help}");
    let range = "---\napiVersion: v1\nkind: LimitRange\nmetadata: {name: all}\nspec: {limits: [{type: Container, defaultRequest: {cpu: 50m}}]}\n";
    let given = yaml(&format!("{SCALED}{}{range}", deployment("api", "app: api")));
    assert!(given.of("hpa-without-requests").is_empty(), "the namespace gives requests");
}

#[test]
fn fault_58_an_autoscaler_beside_a_number_of_replicas() {
    let api = deployment("api", "app: api").replace("spec:\n  selector", "spec:\n  replicas: 2\n  selector");
    let linted = yaml(&format!("{SCALED}{api}"));
    let (severity, place, ..) = linted.only("hpa-replicas-conflict");
    assert_eq!((severity, place), (Severity::Warning, "2"));
}

#[test]
fn fault_60_a_budget_that_stops_every_drain() {
    let budget = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: db}\nspec:\n  minAvailable: 1\n  selector: {matchLabels: {app: db}}\n";
    let set = deployment("db", "app: db").replace("kind: Deployment", "kind: StatefulSet");
    let linted = yaml(&format!("{budget}{set}"));
    let (severity, place, ..) = linted.only("pdb-blocks-drain");
    assert_eq!((severity, place, linted.line("pdb-blocks-drain")), (Severity::Warning, "1", 5));
    for (amount, blocks) in
        [("minAvailable: 100%", 1), ("maxUnavailable: 0", 1), ("maxUnavailable: 0%", 1), ("maxUnavailable: 1%", 0)]
    {
        let linted = yaml(&format!("{}{set}", budget.replace("minAvailable: 1", amount)));
        assert_eq!(linted.of("pdb-blocks-drain").len(), blocks, "{amount}");
    }
}

const SHOP: &str = "[stack]\nname = \"shop\"\n\n[api.web]\nimage = \"nginx:1.27.3\"\nport = 80\n";

#[test]
fn fault_65_a_storage_class_of_another_cluster() {
    let disk =
        "mounts.\"/files\" = { volume = \"files\" }\n\n[volume.files]\nstorage = \"1Gi\"\nclass = \"fast-ssd\"\n";
    let linted = stack(&format!("{SHOP}{disk}"), "k3d");
    let (severity, place, title, help) = linted.only("storage-class-not-in-profile");
    assert_eq!((severity, place), (Severity::Error, "\"fast-ssd\""));
    assert!(title.contains("`fast-ssd`") && title.contains("`local-path`"), "{title}");
    assert_eq!(help, "remove `class`, and the profile's is taken");
    let elsewhere = stack(&format!("{SHOP}{disk}\n[lint]\nexternal = [\"StorageClass/fast-*\"]\n"), "k3d");
    assert!(elsewhere.of("storage-class-not-in-profile").is_empty(), "the stack says that it exists");
}

#[test]
fn fault_67_a_claim_that_nobody_mounts() {
    let linted = stack(&format!("{SHOP}\n[volume.postgres-pvc]\nstorage = \"5Gi\"\n"), "k3d");
    let (severity, _, title, _) = linted.only("orphan-claim");
    assert_eq!(
        (severity, title, linted.line("orphan-claim")),
        (Severity::Warning, "no Pod mounts the claim `postgres-pvc`", 8)
    );
}

#[test]
fn fault_72_a_stateful_set_without_its_service() {
    let set = deployment("postgres-ha", "app: postgres-ha").replace("kind: Deployment", "kind: StatefulSet");
    let set = set.replace("spec:\n  selector", "spec:\n  serviceName: postgres-ha-headless\n  selector");
    let linted = yaml(&set);
    let (severity, place, ..) = linted.only("missing-governing-service");
    assert_eq!((severity, place), (Severity::Warning, "postgres-ha-headless"));
    let service = |selector: &str, address: &str| {
        format!(
            "---\napiVersion: v1\nkind: Service\nmetadata: {{name: postgres-ha-headless}}\nspec: {{{address}selector: {{app: {selector}}}, ports: [{{port: 5432}}]}}\n"
        )
    };
    let found = |service: String| yaml(&format!("{set}{service}")).of("missing-governing-service").len();
    assert_eq!(found(service("postgres-ha", "clusterIP: None, ")), 0);
    assert_eq!(found(service("postgres", "clusterIP: None, ")), 1, "it leads to other Pods");
    assert_eq!(found(service("postgres-ha", "")), 1, "it is not headless");
}

#[test]
fn fault_72_in_a_stack_is_an_error() {
    let set = deployment("postgres-ha", "app: postgres-ha").replace("kind: Deployment", "kind: StatefulSet");
    let set = set.replace("spec:\n  selector", "spec:\n  serviceName: postgres-ha-headless\n  selector");
    let linted = stack(&format!("{SHOP}\n[manifest.ha]\nyaml = '''\n{set}'''\n"), "k3d");
    assert_eq!(linted.only("missing-governing-service").0, Severity::Error);
}

#[test]
fn fault_89_a_web_application_without_a_service() {
    let linted = stack(&format!("{SHOP}service = \"none\"\n"), "k3d");
    let (severity, _, title, _) = linted.only("workload-without-service");
    assert_eq!(
        (severity, title),
        (Severity::Warning, "Deployment `web` listens on port 80, and no Service leads there")
    );
    let exporter = deployment("exporter", "app: exporter").replace("image:", "ports: [{containerPort: 9187}], image:");
    assert_eq!(yaml(&exporter).only("workload-without-service").0, Severity::Info, "who knows what reads it");
}

#[test]
fn fault_92_an_ingress_class_of_another_cluster() {
    let ingress = "\n[ingress.web]\nclass = \"nginx\"\nroutes = { \"/\" = \"web\" }\n";
    let linted = stack(&format!("{SHOP}{ingress}"), "k3d");
    let (severity, place, title, _) = linted.only("ingress-class-not-in-profile");
    assert_eq!((severity, place), (Severity::Error, "\"nginx\""));
    assert!(title.contains("`k3d`") && title.contains("`traefik`"), "{title}");
}

#[test]
fn fault_96_a_load_balancer_that_never_gets_an_address() {
    let text = format!("{SHOP}service = \"load-balancer\"\n");
    let (kind, minikube, k3d) = (stack(&text, "kind"), stack(&text, "minikube"), stack(&text, "k3d"));
    assert_eq!(kind.only("loadbalancer-pending").0, Severity::Warning);
    assert_eq!(minikube.only("loadbalancer-pending").3, "run `minikube tunnel` in another terminal");
    assert!(k3d.of("loadbalancer-pending").is_empty());
}

#[test]
fn fault_61_servers_that_know_nothing_of_one_another() {
    let server = |replicas: usize, more: &str| {
        format!(
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: postgres-ha}}\nspec:\n  serviceName: postgres-ha\n  replicas: {replicas}\n  \
             selector: {{matchLabels: {{app: postgres-ha}}}}\n  template:\n    metadata: {{labels: {{app: postgres-ha}}}}\n    \
             spec: {{containers: [{{name: postgres, image: 'postgres:15'{more}}}]}}\n"
        )
    };
    let linted = yaml(&server(3, ""));
    let (severity, place, title, help) = linted.only("db-replicas-without-replication");
    assert_eq!((severity, place, linted.line("db-replicas-without-replication")), (Severity::Error, "3", 6));
    assert_eq!(title, "3 replicas of container `postgres` would be 3 separate databases");
    assert_eq!(help, "write `replicas: 1`, or let an operator run the servers");
    let replicating = [
        ", args: ['-c', 'primary_conninfo=host=postgres-ha-0']",
        ", volumeMounts: [{name: scripts, mountPath: /docker-entrypoint-initdb.d}]",
        "}, {name: replicator, image: 'replicator:1'",
    ];
    for (replicas, more) in replicating.into_iter().map(|more| (3, more)).chain([(1, "")]) {
        assert!(yaml(&server(replicas, more)).of("db-replicas-without-replication").is_empty(), "{replicas} {more}");
    }
}
