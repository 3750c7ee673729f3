//! The faults of the originals that one object, or the stack itself, shows: each is found by a rule, at the line that holds it.
//!
//! A mark `#~ LEVEL RULE` behind a line says what is expected there, and that the rules that are marked say nothing elsewhere.
//! `fault_29_…` is the fault with this number in the table of faults.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use stowplan::emit::report::Remark;
use stowplan::lint::{self, Profiles, Question};
use stowplan::profile::Session;
use stowplan::value::KubernetesVersion;
use support::Files;

/// A line, counted from 1, with a level and a rule.
type Expected = (usize, String, String);

/// The marks of a text.
fn marks(text: &str) -> Vec<Expected> {
    let lines = text.lines().enumerate();
    let marked = lines.filter_map(|(line, text)| Some((line + 1, text.split_once("#~ ")?.1)));
    let expected = marked.flat_map(|(line, marks)| {
        let words: Vec<&str> = marks.split_whitespace().collect();
        let pairs: Vec<Expected> = words.chunks(2).map(|pair| (line, pair[0].to_owned(), pair[1].to_owned())).collect();
        pairs
    });
    expected.collect()
}

/// Compares what was found with the marks of the text.
#[track_caller]
fn compare(text: &str, remarks: &[Remark], session: &Session) {
    let expected = marks(text);
    let rules: Vec<&str> = expected.iter().map(|(_, _, rule)| rule.as_str()).collect();
    let mut found: Vec<Expected> = Vec::new();
    for Remark { diagnostic, .. } in remarks {
        if rules.contains(&diagnostic.code) {
            let place = diagnostic.place().unwrap();
            let line = session.sources.file(place.file).text[..place.bytes().start].matches('\n').count() + 1;
            found.push((line, diagnostic.severity.as_str().to_owned(), diagnostic.code.to_owned()));
            assert!(diagnostic.help.as_ref().is_some_and(|help| !help.is_empty()), "{diagnostic:?}");
        }
    }
    found.sort();
    let all: Vec<_> = remarks.iter().map(|remark| (remark.diagnostic.code, &remark.diagnostic.title)).collect();
    assert_eq!(found, expected, "{all:#?}");
}

/// YAML of others, as the originals have it.
#[track_caller]
fn yaml(text: &str) -> Vec<Remark> {
    let mut session = Session { command: "lint", ..Session::default() };
    let file = session.sources.add("input.yaml", text);
    let remarks = lint::streams(&[file], KubernetesVersion::USUAL.into(), &mut session).remarks;
    compare(text, &remarks, &session);
    remarks
}

/// A stack with a profile.
#[track_caller]
fn stack(profile: &str, text: &str) -> Vec<Remark> {
    let mut session = Session { command: "lint", ..Session::default() };
    let stack = session.sources.add("stack.toml", text);
    let profiles = Profiles::Named(vec![profile.to_owned()]);
    let question = Question { stack, profiles: &profiles, set: &[], kubernetes: None };
    let linted = lint::stack(&question, &mut session, &Files::new(&[]));
    assert!(linted.refusals.is_empty(), "{:?}", linted.refusals);
    compare(text, &linted.remarks, &session);
    linted.remarks
}

/// The messages of a rule.
fn titles<'r>(remarks: &'r [Remark], rule: &str) -> Vec<&'r str> {
    let of_rule = remarks.iter().filter(|remark| remark.diagnostic.code == rule);
    of_rule.map(|remark| remark.diagnostic.title.as_str()).collect()
}

#[test]
fn fault_07_fields_that_no_object_has() {
    let remarks = yaml(
        "apiVersion: v1
kind: Pod
metadata:
  name: myapp-pod
  labls: #~ error DEC-010
    app: myapp
spec:
  containers:
  - {name: nginx-container, image: 'nginx:1.27.3'}
---
apiVersion: v1
kind: Pod
metaData: #~ error DEC-010
  name: nginx
spec:
  containers:
  - {name: nginx, image: 'nginx:1.27.3'}
",
    );
    let helps: Vec<_> = remarks.iter().filter(|remark| remark.diagnostic.code == "DEC-010").collect();
    let help = |remark: &Remark| remark.diagnostic.help.clone().unwrap();
    assert!(help(helps[0]).contains("`labels`") && help(helps[1]).contains("`metadata`"), "{helps:#?}");
}

#[test]
fn fault_09_names_in_templates_of_pods() {
    yaml(
        "apiVersion: v1
kind: ReplicationController
metadata: {name: myapp-rc}
spec:
  replicas: 3
  template:
    metadata:
      name: nginx #~ info template-name-ignored
      labels: {app: nginx}
    spec:
      containers:
      - {name: nginx-container, image: 'nginx:1.27.3'}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: same}
spec:
  selector: {matchLabels: {app: same}}
  template:
    metadata: {name: same, labels: {app: same}}
    spec:
      containers:
      - {name: nginx-container, image: 'nginx:1.27.3'}
---
apiVersion: v1
kind: Pod
metadata: {name: nginx}
spec:
  containers:
  - {name: nginx, image: 'nginx:1.27.3'}
",
    );
}

#[test]
fn fault_13_files_of_a_config_that_do_not_reload() {
    let deployment = |annotations: &str, name: &str, mark: &str| {
        format!(
            "apiVersion: apps/v1
kind: Deployment
metadata: {{name: hello-server}}
spec:
  selector: {{matchLabels: {{app: hello-server}}}}
  template:
    metadata: {{labels: {{app: hello-server}}, annotations: {annotations}}}
    spec:
      containers:
      - name: hello-server
        image: blux2/hello-server:1.5
        volumeMounts:
        - {{name: files, mountPath: /etc/config}}
        - name: files
          mountPath: /etc/myconfig.txt
          subPath: myconfig.txt{mark}
      volumes:
      - {{name: files, configMap: {{name: {name}}}}}
"
        )
    };
    yaml(&deployment("{}", "hello-server-files", " #~ info config-volume-reload"));
    for (annotations, name) in [("{checksum/config: abc}", "hello-server-files"), ("{}", "files-2bf84g6dth")] {
        let remarks = yaml(&deployment(annotations, name, ""));
        assert_eq!(titles(&remarks, "config-volume-reload"), [""; 0]);
    }
}

#[test]
fn fault_14_a_port_in_a_variable_and_another_at_the_container() {
    stack(
        "k3d",
        "[stack]
name = 'hello'

[config.hello-server-configmap]
data = { PORT = '8081' }

[api.hello-server]
image = 'blux2/hello-server:1.4'
port = 8080
env.PORT = { config = 'hello-server-configmap', key = 'PORT' } #~ error port-mismatch

[api.right]
image = 'blux2/hello-server:1.4'
ports = { admin = 9000, http = 8081 }
env.PORT = { config = 'hello-server-configmap', key = 'PORT' }
",
    );
    yaml(
        "apiVersion: apps/v1
kind: Deployment
metadata: {name: hello-server}
spec:
  selector: {matchLabels: {app: hello-server}}
  template:
    metadata: {labels: {app: hello-server}}
    spec:
      containers:
      - name: hello-server
        image: blux2/hello-server:1.4
        env:
        - name: PORT
          valueFrom:
            configMapKeyRef: {name: hello-server-configmap, key: PORT} #~ info port-mismatch
---
apiVersion: v1
kind: ConfigMap
metadata: {name: hello-server-configmap}
data: {PORT: '8081'}
",
    );
}

#[test]
fn fault_15_a_connection_in_words_that_the_client_does_not_read() {
    let remarks = stack(
        "k3d",
        "[stack]
name = 'todo'

[patch.env]
on = 'Deployment/api'
yaml = '''
spec:
  template:
    spec:
      containers:
      - name: api
        env:
        - {name: DB_HOST, value: postgres}
        - {name: DB_PORT, value: \"5432\"}
        - {name: PGUSER, value: todo} #~ error db-env-convention
        - {name: PGDATABASE, value: todos}
'''

[api.api]
image = 'docker.io/yourusername/todo-api:sha-e432059'
port = '80:3000'

[worker.whole]
image = 'docker.io/yourusername/todo-api:sha-e432059'
env = { PGUSER = 'todo', PGHOST = 'postgres' }

[worker.by-argument]
image = 'postgres:16'
args = ['psql', '-h', 'postgres']
env = { PGUSER = 'todo' }
",
    );
    let titles = titles(&remarks, "db-env-convention");
    assert_eq!(titles, ["container `api` has `PGUSER` and no `PGHOST`: libpq does not read `DB_HOST`"]);
}

#[test]
fn fault_18_an_address_without_the_login_beside_it() {
    yaml(
        "apiVersion: apps/v1
kind: Deployment
metadata: {name: web-app}
spec:
  selector: {matchLabels: {app: web-app}}
  template:
    metadata: {labels: {app: web-app}}
    spec:
      containers:
      - name: app
        image: myapp:1.0.0
        env:
        - name: DATABASE_URL
          value: postgresql://postgres:5432/myapp #~ warning dsn-incomplete
        - name: DB_USERNAME
          valueFrom: {secretKeyRef: {name: postgres-secret, key: username}}
        - name: DB_PASSWORD
          valueFrom: {secretKeyRef: {name: postgres-secret, key: password}}
        - name: SPRING_DATASOURCE_URL
          value: jdbc:postgresql://postgres:5432/myapp
        - name: WHOLE_URL
          value: postgresql://$(DB_USERNAME):$(DB_PASSWORD)@postgres:5432/myapp
",
    );
}

#[test]
fn fault_19_a_mount_over_what_the_image_has() {
    stack(
        "k3d",
        "[stack]
name = 'hello'

[config.files]
data = { 'a.txt' = 'a' }

[worker.hidden]
image = 'blux2/hello-server:1.5'
mounts.'/etc' = { config = 'files' } #~ info mount-hides-directory

[worker.beside]
image = 'blux2/hello-server:1.5'
mounts.'/etc/config' = { config = 'files' }
mounts.'/app/a.txt' = { config = 'files', file = 'a.txt' }
mounts.'/app' = { scratch = '1Gi' }
",
    );
}

#[test]
fn fault_20_a_variable_before_its_source() {
    let remarks = stack(
        "k3d",
        "[stack]
name = 'shop'

[worker.mails]
image = 'ghcr.io/example/mails:1.4.0'
env.URL = 'amqp://$(HOST):5672/$$(NOT)' #~ warning env-ref-undefined
env.HOST = 'queue'
env.PATHS = '$(PATH):/opt/bin' #~ warning env-ref-undefined
env.SHELL_TEXT = 'echo $(hostname)'
env.RIGHT = '$(HOST) and $(KUBERNETES_SERVICE_HOST)'
",
    );
    let titles = titles(&remarks, "env-ref-undefined");
    assert!(titles[0].contains("defined after it") && titles[1].contains("is not defined"), "{titles:?}");
}

#[test]
fn fault_21_a_password_in_a_variable() {
    let remarks = yaml(
        "apiVersion: apps/v1
kind: Deployment
metadata: {name: postgres-exporter}
spec:
  selector: {matchLabels: {app: postgres-exporter}}
  template:
    metadata: {labels: {app: postgres-exporter}}
    spec:
      containers:
      - name: postgres-exporter
        image: prometheuscommunity/postgres-exporter:v0.20.1
        args: ['--log.level=info', '--auth-token=abc12345DEF'] #~ warning plaintext-credential
        env:
        - name: DATA_SOURCE_NAME
          value: postgresql://postgres:hunter22@postgres:5432/myapp?sslmode=disable #~ error plaintext-credential
        - {name: SMTP_PASSWORD, value: hunter22} #~ error plaintext-credential
        - {name: SESSION_SECRET, value: 5up3rS3cret} #~ warning plaintext-credential
        - {name: SECRETS_DIR, value: /run/secrets}
        - {name: DB_PASSWORD_FILE, value: /run/secrets/db}
        - {name: TLS_SECRET, value: web-tls}
        - {name: ALLOW_EMPTY_PASSWORD, value: 'yes'}
        - {name: EMPTY_PASSWORD, value: ''}
        - name: FROM_PASSWORD
          valueFrom: {secretKeyRef: {name: db, key: password}}
        - {name: URL, value: 'postgresql://me:$(FROM_PASSWORD)@postgres/myapp'}
",
    );
    let said = format!("{remarks:?}");
    assert!(!said.contains("hunter22") && !said.contains("5up3rS3cret"), "values of credentials are not repeated");
    stack(
        "cloud",
        "[stack]
name = 'shop'

[worker.mails]
image = 'ghcr.io/example/mails:1.4.0'
env.SMTP_PASSWORD = 'correct horse' #~ error plaintext-credential
",
    );
    let local = stack("k3d", "[worker.mails]\nimage = 'ghcr.io/example/mails:1.4.0'\nenv.SMTP_PASSWORD = 'horse'\n");
    assert_eq!(titles(&local, "plaintext-credential"), [""; 0]);
}

#[test]
fn fault_22_a_secret_in_a_file() {
    let text = |level: &str| {
        format!(
            "[stack]
name = 'myapp'

[manifest.postgres-secret]
yaml = '''
apiVersion: v1
kind: Secret
metadata: {{name: postgres-secret}}
type: Opaque
data:
  username: cG9zdGdyZXM= #~ {level} secret-in-manifest
  password: bXlzZWNyZXRwYXNzd29yZA==
'''

[worker.app]
image = 'myapp:1.0.0'
env-from = ['secret.postgres-secret']
"
        )
    };
    let remarks = stack("cloud", &text("error"));
    stack("k3d", &text("warning"));
    assert!(!format!("{remarks:?}").contains("mysecret"));
    yaml(
        "apiVersion: v1
kind: Secret
metadata: {name: a}
stringData: {password: x} #~ warning secret-in-manifest
---
apiVersion: v1
kind: Secret
metadata: {name: empty}
---
apiVersion: v1
kind: Secret
metadata: {name: token, annotations: {kubernetes.io/service-account.name: a}}
type: kubernetes.io/service-account-token
",
    );
}

#[test]
fn fault_25_a_password_that_everybody_tries() {
    let remarks = yaml(
        "apiVersion: v1
kind: Secret
metadata: {name: postgres-secret}
data:
  username: cG9zdGdyZXM=
  password: bXlzZWNyZXRwYXNzd29yZA== #~ warning weak-default-password
---
apiVersion: v1
kind: Secret
metadata: {name: other}
stringData:
  POSTGRES_PASSWORD: mypassword #~ warning weak-default-password
  API_TOKEN: 8f7d6s87f6s8d76f
",
    );
    let said = format!("{remarks:?}");
    assert!(!said.contains("mysecretpassword") && !said.contains("bXlz"), "{said}");
}

#[test]
fn fault_26_an_application_that_owns_the_server() {
    stack(
        "cloud",
        "[stack]
name = 'myapp'

[external.postgres]
host = 'db.example.com'
port = 5432
user = 'postgres' #~ warning app-uses-db-superuser
database = 'myapp'
secret = 'db'
keys = { password = 'password' }

[worker.app]
image = 'myapp:1.0.0'
uses.postgres = { DB_HOST = 'host', DB_USERNAME = 'user' }

[db.own]
engine = 'postgres'
user = 'postgres'
backup = { schedule = '0 2 * * *', timezone = 'Etc/UTC', storage = '1Gi' }
exporter = true
",
    );
    yaml(
        "apiVersion: batch/v1
kind: Job
metadata: {name: a}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: a
        image: myapp:1.0.0
        env:
        - {name: URL, value: 'postgresql://postgres:$(P)@db/x'} #~ warning app-uses-db-superuser
        - {name: PGUSER, value: mails}
",
    );
}

#[test]
fn fault_29_an_image_that_changes() {
    yaml(
        "apiVersion: apps/v1
kind: Deployment
metadata: {name: web-app}
spec:
  selector: {matchLabels: {app: web-app}}
  template:
    metadata: {labels: {app: web-app}}
    spec:
      containers:
      - name: app
        image: myapp:latest #~ error floating-image-tag
      - name: nginx
        image: nginx #~ error floating-image-tag
      - name: right
        image: nginx:1.27.3
",
    );
    stack("k3d", "[worker.a]\nimage = 'myapp:latest' #~ warning floating-image-tag\n");
}

#[test]
fn fault_32_a_pod_without_the_pull_secret_of_its_registry() {
    stack(
        "cloud",
        "[stack]
name = 'todo'

[secret.dockerhub-secret]
type = 'kubernetes.io/dockerconfigjson'

[api.api]
image = 'docker.io/yourusername/todo-api:sha-e432059'
port = '80:3000'
pull-secrets = ['dockerhub-secret']

[cronjob.report]
image = 'docker.io/yourusername/todo-report:1.4.0' #~ warning image-pull-secret-missing
schedule = '0 6 * * *'

[worker.public]
image = 'nginx:1.27.3'
",
    );
    yaml(
        "apiVersion: v1
kind: ServiceAccount
metadata: {name: default}
imagePullSecrets: [{name: dockerhub-secret}]
---
apiVersion: v1
kind: Pod
metadata: {name: by-account}
spec:
  containers:
  - {name: a, image: 'docker.io/yourusername/todo-api:1'}
---
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  serviceAccountName: other
  containers:
  - name: a
    image: docker.io/yourusername/todo-report:1 #~ warning image-pull-secret-missing
",
    );
}

#[test]
fn fault_39_an_update_that_leaves_no_pod() {
    let remarks = yaml(
        "apiVersion: apps/v1
kind: Deployment
metadata: {name: hello-server}
spec:
  replicas: 1
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 0 #~ error rollout-no-surge
      maxUnavailable: 25%
  selector: {matchLabels: {app: hello-server}}
  template:
    metadata: {labels: {app: hello-server}}
    spec:
      containers:
      - {name: hello-server, image: 'blux2/hello-server:1.4'}
",
    );
    let title = titles(&remarks, "rollout-no-surge")[0];
    assert!(title.ends_with("takes its only Pod away before a new one is ready"), "{title}");
    let text = |level: &str| {
        format!(
            "[stack]
name = 'hello'

[api.hello-server]
image = 'blux2/hello-server:1.4'
port = 8080
strategy = {{ surge = 0, unavailable = 1 }} #~ {level} rollout-no-surge

[worker.may-be-missing]
image = 'blux2/hello-server:1.4'
strategy = {{ unavailable = 1 }} #~ warning rollout-no-surge

[worker.one-disk]
image = 'blux2/hello-server:1.4'
strategy = {{ surge = 0 }}
mounts.'/data' = {{ volume = 'data' }}

[volume.data]
storage = '1Gi'
"
        )
    };
    stack("cloud", &text("error"));
    stack("k3d", &text("warning"));
}

#[test]
fn fault_40_a_percentage_that_comes_to_no_pod() {
    let remarks = stack(
        "kind",
        "[stack]
name = 'hello'

[api.hello-server]
image = 'blux2/hello-server:1.4'
port = 8080
replicas = 3
strategy = { surge = 0, unavailable = '25%' } #~ warning rollout-rounding

[worker.four]
image = 'blux2/hello-server:1.4'
replicas = 4
strategy = { surge = 0, unavailable = '25%' }
",
    );
    let title = titles(&remarks, "rollout-rounding")[0];
    assert_eq!(title, "25% of 3 Pods rounds down to 0, and none may be added: an update takes one away all the same");
}

#[test]
fn fault_41_less_capacity_than_thought() {
    let remarks = stack(
        "cloud",
        "[stack]
name = 'nginx'

[worker.nginx]
image = 'nginx:1.25.3'
replicas = 10
strategy = { surge = '100%' } #~ info rollout-capacity-dip info rollout-surge-capacity

[worker.usual]
image = 'nginx:1.25.3'
replicas = 10
",
    );
    let title = titles(&remarks, "rollout-capacity-dip")[0];
    assert_eq!(title, "an update of Deployment `nginx` takes 2 of 10 Pods away before one of the 10 new ones is ready");
}

#[test]
fn fault_42_twice_the_pods_at_once() {
    let remarks = stack(
        "cloud",
        "[stack]
name = 'nginx'

[worker.nginx]
image = 'nginx:1.25.3'
replicas = 10
strategy = { surge = '100%', unavailable = 0 } #~ info rollout-surge-capacity

[worker.half]
image = 'nginx:1.25.3'
replicas = 10
strategy = { surge = '50%', unavailable = 0 }
",
    );
    let title = titles(&remarks, "rollout-surge-capacity")[0];
    assert!(title.ends_with("starts 10 Pods beside 10, which ask for 1000m cpu and 1280Mi of memory more"), "{title}");
}

#[test]
fn fault_43_all_pods_end_before_a_new_one_starts() {
    let text = "[stack]
name = 'nginx'

[worker.nginx]
image = 'nginx:1.25.3'
replicas = 10
strategy = 'recreate' #~ info recreate-downtime

[worker.one]
image = 'nginx:1.25.3'
strategy = 'recreate'
";
    stack("cloud", text);
    assert_eq!(titles(&stack("k3d", &text.replace("#~", "#")), "recreate-downtime"), [""; 0]);
}

#[test]
fn fault_44_a_rollout_that_asks_no_pod_whether_it_is_ready() {
    let text = |probe: &str, mark: &str| {
        format!(
            "apiVersion: v1
kind: Service
metadata: {{name: web-app}}
spec: {{selector: {{app: web-app}}, ports: [{{port: 8080}}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web-app}}
spec:
  selector: {{matchLabels: {{app: web-app}}}}
  template:
    metadata: {{labels: {{app: web-app}}}}
    spec:
      containers:
      - {{name: web-app, image: 'myapp:1.0.0', ports: [{{containerPort: 8080}}]{probe}}}{mark}
"
        )
    };
    yaml(&text("", " #~ warning missing-readiness-probe"));
    let asked = yaml(&text(", readinessProbe: {httpGet: {path: /, port: 8080}}", ""));
    assert!(titles(&asked, "missing-readiness-probe").is_empty());
    stack(
        "cloud",
        "[stack]\nname = 'shop'\n\n[api.web] #~ warning missing-readiness-probe\nimage = 'web:1.0.0'\nport = 8080\n",
    );
}

#[test]
fn fault_45_one_page_decides_readiness_and_restarts() {
    stack(
        "cloud",
        "[stack]
name = 'todo'

[api.api]
image = 'docker.io/yourusername/todo-api:sha-e432059'
port = '80:3000'
probes.live = { http = '/healthz', delay = '10s', period = '10s' } #~ info probe-same-endpoint
probes.ready = { http = '/healthz', delay = '3s', period = '5s' }

[api.patient]
image = 'docker.io/yourusername/todo-api:sha-e432059'
port = '80:3000'
health = '/healthz'

[api.two]
image = 'docker.io/yourusername/todo-api:sha-e432059'
port = '80:3000'
probes.live = { http = '/livez' }
probes.ready = { http = '/readyz' }
",
    );
}

#[test]
fn fault_52_a_pod_without_a_controller() {
    yaml(
        "apiVersion: v1
kind: Pod #~ warning bare-pod
metadata: {name: myapp-pod, labels: {app: myapp, type: front-end}}
spec:
  containers:
  - {name: nginx-container, image: 'nginx:1.27.3'}
---
apiVersion: v1
kind: Pod
metadata: {name: test, annotations: {helm.sh/hook: test}}
spec:
  containers:
  - {name: nginx-container, image: 'nginx:1.27.3'}
",
    );
    stack(
        "k3d",
        "[stack]
name = 'nginx'

[manifest.pod]
yaml = '''
apiVersion: v1
kind: Pod #~ warning bare-pod
metadata: {name: nginx}
spec:
  containers:
  - {name: nginx, image: \"nginx:1.27.3\"}
'''
",
    );
}

#[test]
fn fault_53_a_replication_controller() {
    yaml(
        "apiVersion: v1
kind: ReplicationController #~ warning obsolete-kind
metadata: {name: myapp-rc}
spec:
  replicas: 3
  template:
    metadata: {labels: {app: nginx, type: frontend}}
    spec:
      containers:
      - {name: nginx-container, image: 'nginx:1.27.3'}
",
    );
}

#[test]
fn fault_54_a_replica_set_of_its_own() {
    yaml(
        "apiVersion: apps/v1
kind: ReplicaSet #~ warning direct-replicaset
metadata: {name: httpserver, labels: {app: httpserver}}
spec:
  replicas: 3
  selector: {matchLabels: {app: httpserver}}
  template:
    metadata: {labels: {app: httpserver}}
    spec:
      containers:
      - {name: nginx, image: 'nginx:1.25.3'}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: of-a-deployment
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: 1f9a}]
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: nginx, image: 'nginx:1.25.3'}
",
    );
}

#[test]
fn fault_55_containers_that_ask_for_nothing() {
    yaml(
        "apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
      - name: api #~ warning missing-resources
        image: docker.io/yourusername/todo-api:sha-e432059
      - {name: second, image: 'nginx:1.27.3'}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: backup}
spec:
  schedule: 0 2 * * *
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
          - name: limited
            image: busybox:1.37
            resources: {limits: {cpu: 1, memory: 1Gi}}
          - name: half
            image: busybox:1.37
            resources:
              requests: {cpu: 1} #~ warning missing-resources
",
    );
    let remarks = stack(
        "cloud",
        "[stack]
name = 'todo'

[api.api]
image = 'docker.io/yourusername/todo-api:sha-e432059'
port = '80:3000'

[api.api.sidecar.proxy] #~ warning missing-resources
image = 'envoyproxy/envoy:v1.33.0'
",
    );
    assert_eq!(
        titles(&remarks, "missing-resources"),
        ["container `proxy` does not say how much cpu and memory it needs"]
    );
    let range = yaml(
        "apiVersion: v1
kind: LimitRange
metadata: {name: usual}
spec:
  limits: [{type: Container, defaultRequest: {cpu: 100m, memory: 128Mi}}]
---
apiVersion: batch/v1
kind: Job
metadata: {name: a}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: a, image: 'busybox:1.37'}]
",
    );
    assert_eq!(titles(&range, "missing-resources"), [""; 0]);
}

#[test]
fn fault_66_a_provisioner_that_is_gone() {
    yaml(
        "apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast-ssd}
provisioner: kubernetes.io/aws-ebs #~ error removed-provisioner
parameters: {type: gp3, iops: '3000', throughput: '125'}
reclaimPolicy: Retain
allowVolumeExpansion: true
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: gp2}
provisioner: kubernetes.io/aws-ebs #~ warning removed-provisioner
parameters: {type: gp2, fsType: ext4}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: local}
provisioner: kubernetes.io/no-provisioner
",
    );
    stack(
        "eks",
        "[stack]
name = 'myapp'

[cluster.storage]
class = 'fast-ssd'
create = true

[cluster.storage.definition]
provisioner = 'kubernetes.io/aws-ebs' #~ error removed-provisioner
parameters = { type = 'gp3', iops = '3000' }

[db.postgres]
engine = 'postgres'
",
    );
}

#[test]
fn fault_69_a_disk_that_goes_with_its_claim() {
    let text = |policy: &str, mark: &str| {
        format!(
            "[stack]
name = 'todo'

[cluster.storage]
class = 'fast-ssd'
create = true

[cluster.storage.definition]
provisioner = 'ebs.csi.aws.com'
reclaim-policy = '{policy}'{mark}

[db.postgres]
engine = 'postgres'
"
        )
    };
    stack("eks", &text("Delete", " #~ warning reclaim-delete-on-db"));
    assert_eq!(titles(&stack("eks", &text("Retain", "")), "reclaim-delete-on-db"), [""; 0]);
    assert_eq!(titles(&stack("k3d", &text("Delete", "")), "reclaim-delete-on-db"), [""; 0]);
}

#[test]
fn fault_73_a_server_without_a_password() {
    yaml(
        "apiVersion: apps/v1
kind: StatefulSet
metadata: {name: postgres-ha}
spec:
  serviceName: postgres-ha-headless
  replicas: 3
  selector: {matchLabels: {app: postgres-ha}}
  template:
    metadata: {labels: {app: postgres-ha}}
    spec:
      initContainers:
      - {name: postgres-init, image: 'postgres:15', command: [bash, -c, 'echo primary > /shared/role']}
      containers:
      - name: postgres #~ error db-password-missing
        image: postgres:15
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: others}
spec:
  selector: {matchLabels: {app: others}}
  template:
    metadata: {labels: {app: others}}
    spec:
      containers:
      - {name: client, image: 'postgres:15', command: [sleep, infinity]}
      - {name: open, image: 'postgres:15', envFrom: [{secretRef: {name: db}}]}
      - {name: trusting, image: 'postgres:15', env: [{name: POSTGRES_HOST_AUTH_METHOD, value: trust}]}
      - {name: filed, image: 'mysql:8.4', env: [{name: MYSQL_ROOT_PASSWORD_FILE, value: /run/p}]}
      - name: mariadb #~ error db-password-missing
        image: docker.io/library/mariadb:11.4
",
    );
}

#[test]
fn fault_79_a_database_without_backups() {
    let remarks = stack(
        "cloud",
        "[stack]
name = 'todo'

[db.postgres]
engine = 'postgres' #~ info db-without-backup info self-hosted-database

[db.cache]
engine = 'redis'
storage = false

[db.saved]
engine = 'postgres' #~ info self-hosted-database
backup = { schedule = '0 2 * * *', timezone = 'Etc/UTC', storage = '10Gi' }

[db.elsewhere]
engine = 'postgres'
managed = 'db.example.com'
",
    );
    assert_eq!(titles(&remarks, "db-without-backup"), ["nobody makes backups of the database `postgres`"]);
}

#[test]
fn fault_81_a_backup_that_hides_its_failure() {
    yaml(
        "apiVersion: batch/v1
kind: CronJob
metadata: {name: postgres-backup}
spec:
  schedule: 0 2 * * *
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
          - name: postgres-backup
            image: postgres:15
            command:
            - /bin/bash
            - -c
            - |
              BACKUP_FILE=backup-$(date +%Y%m%d_%H%M%S).sql #~ error backup-hides-failure
              pg_dump -h postgres -U $POSTGRES_USER -d $POSTGRES_DB > /backup/$BACKUP_FILE
              echo \"Backup completed: $BACKUP_FILE\"
---
apiVersion: batch/v1
kind: Job
metadata: {name: others}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - {name: strict, image: 'postgres:15', command: [sh, -ec, 'pg_dump > /a; echo done']}
      - {name: joined, image: 'postgres:15', command: [sh, -c, 'pg_dump > /a && echo done']}
      - name: no-dump
        image: busybox:1.37
        command: [sh, -c]
        args: ['wget http://example.com/a; echo done'] #~ warning backup-hides-failure
",
    );
}

#[test]
fn fault_90_a_fixed_port_of_the_nodes() {
    yaml(
        "apiVersion: v1
kind: Service
metadata: {name: slack-metrics-api}
spec:
  type: NodePort
  selector: {app: slack-metrics-api}
  ports:
  - port: 8080
    targetPort: 8080
    nodePort: 32432 #~ warning fixed-nodeport
---
apiVersion: v1
kind: Service
metadata: {name: open}
spec:
  type: NodePort
  selector: {app: slack-metrics-api}
  ports: [{port: 8080}]
",
    );
    let text = "[stack]
name = 'slack'

[api.slack-metrics-api]
image = 'slack-metrics-api:1.0.0'
port = 8080
service = { type = 'node-port', node-port = 32432 } #~ warning fixed-nodeport
";
    stack("cloud", text);
    assert_eq!(titles(&stack("k3d", &text.replace("#~", "#")), "fixed-nodeport"), [""; 0]);
}

#[test]
fn fault_93_an_ingress_without_tls() {
    yaml(
        "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: slack-metrics-api-ingress}
spec:
  ingressClassName: nginx
  rules:
  - host: sm-api.local #~ warning ingress-without-tls
    http:
      paths:
      - path: /
        pathType: Prefix
        backend: {service: {name: slack-metrics-api-internal, port: {number: 8080}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: of-a-provider, annotations: {alb.ingress.kubernetes.io/certificate-arn: 'arn:aws:acm:a'}}
spec:
  defaultBackend: {service: {name: slack-metrics-api-internal, port: {number: 8080}}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: plain}
spec:
  gatewayClassName: a
  listeners:
  - name: http
    port: 80
    protocol: HTTP #~ warning ingress-without-tls
",
    );
    let text = "[stack]
name = 'slack'

[api.api]
image = 'slack-metrics-api:1.0.0'
port = 8080

[ingress.web]
host = 'api.example.com' #~ warning ingress-without-tls
routes = { '/' = 'api' }
";
    stack("cloud", text);
    let quiet = text.replace("#~", "#");
    assert_eq!(titles(&stack("k3d", &quiet), "ingress-without-tls"), [""; 0]);
    assert_eq!(titles(&stack("eks", &quiet), "ingress-without-tls"), [""; 0], "the provider's controller has it");
}

#[test]
fn fault_101_a_stack_without_a_namespace() {
    let text = "[stack]
name = 'todo' #~ info default-namespace

[worker.a]
image = 'nginx:1.25.3'

[worker.b]
image = 'nginx:1.25.3'
";
    stack("cloud", text);
    assert_eq!(titles(&stack("k3d", &text.replace("#~", "#")), "default-namespace"), [""; 0]);
    yaml(
        "apiVersion: v1
kind: ConfigMap
metadata: {name: helm-does-not-say}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: said
  namespace: default #~ info default-namespace
---
apiVersion: v1
kind: ConfigMap
metadata: {name: again, namespace: default}
",
    );
}

#[test]
fn fault_104_pods_that_keep_every_right() {
    yaml(
        "apiVersion: apps/v1
kind: Deployment
metadata: {name: nothing}
spec:
  selector: {matchLabels: {app: nothing}}
  template:
    metadata: {labels: {app: nothing}}
    spec:
      containers:
      - name: a #~ warning missing-security-context
        image: nginx:1.27.3
      - {name: b, image: 'nginx:1.27.3'}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: by-the-pod}
spec:
  selector: {matchLabels: {app: by-the-pod}}
  template:
    metadata: {labels: {app: by-the-pod}}
    spec:
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: a #~ warning privilege-escalation
        image: nginx:1.27.3
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: capable}
spec:
  selector: {matchLabels: {app: capable}}
  template:
    metadata: {labels: {app: capable}}
    spec:
      securityContext: {runAsNonRoot: true}
      containers:
      - name: a #~ warning undropped-capabilities
        image: nginx:1.27.3
        securityContext: {allowPrivilegeEscalation: false}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: unfiltered}
spec:
  selector: {matchLabels: {app: unfiltered}}
  template:
    metadata: {labels: {app: unfiltered}}
    spec:
      securityContext: {runAsUser: 101}
      containers:
      - name: a #~ info missing-seccomp
        image: nginx:1.27.3
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: all}
spec:
  selector: {matchLabels: {app: all}}
  template:
    metadata: {labels: {app: all}}
    spec:
      securityContext: {runAsUser: 101, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: a
        image: nginx:1.27.3
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, readOnlyRootFilesystem: true}
",
    );
    let text = "[stack]
name = 'shop'

[api.usual] #~ warning run-as-root
image = 'nginx:1.27.3'
port = 80

[api.restricted] #~ info writable-root-filesystem
image = 'nginxinc/nginx-unprivileged:1.27.3'
port = 8080
security = { level = 'restricted', user = 101 }
";
    stack("cloud", text);
    let quiet = text.replace("#~", "#");
    assert_eq!(titles(&stack("k3d", &quiet), "run-as-root"), [""; 0]);
    let enough = format!("{quiet}\n[cluster]\npod-security = 'baseline'\n");
    assert_eq!(titles(&stack("cloud", &enough), "run-as-root"), [""; 0]);
}

#[test]
fn fault_107_a_connection_without_tls() {
    yaml(
        "apiVersion: apps/v1
kind: Deployment
metadata: {name: postgres-exporter}
spec:
  selector: {matchLabels: {app: postgres-exporter}}
  template:
    metadata: {labels: {app: postgres-exporter}}
    spec:
      containers:
      - name: postgres-exporter
        image: prometheuscommunity/postgres-exporter:v0.20.1
        env:
        - name: DATA_SOURCE_NAME
          value: postgresql://$(USER):$(PASSWORD)@postgres:5432/myapp?sslmode=disable #~ warning db-tls-disabled
        - {name: PGSSLMODE, value: disable} #~ warning db-tls-disabled
        - {name: BESIDE, value: 'postgresql://me@localhost/myapp?sslmode=disable'}
        - {name: DB_SSL_MODE, value: require}
",
    );
    let own = "[stack]
name = 'myapp'

[db.postgres]
engine = 'postgres'
exporter = true
";
    assert_eq!(titles(&stack("cloud", own), "db-tls-disabled"), [""; 0]);
}
