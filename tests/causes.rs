//! Every field of every object of every example knows why it is as it is.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

mod rendered;

use rendered::{Rendered, examples, profiles, root};
use std::collections::BTreeMap;
use stowplan::bundle::{Cause, CauseId, Field, FieldValue, Object};
use stowplan::document::OriginId;

#[test]
fn every_cause_leads_somewhere() {
    for example in examples() {
        for profile in profiles() {
            let rendered = Rendered::of_example(&example, profile);
            for object in &rendered.rendering.bundle.objects {
                walk(&object.root, String::new(), &mut |path, field| {
                    if let Err(why) = leads_somewhere(&rendered, field.cause) {
                        panic!("{example} on {profile}: {path} of {}/{}: {why}", object.kind_name(), object.name());
                    }
                });
            }
        }
    }
}

/// A header says why an object is there, of which kind, and how it is called; for all else it says too little.
#[test]
fn a_whole_component_is_the_cause_of_names_and_kinds_only() {
    for example in examples() {
        let mut vague: BTreeMap<String, usize> = BTreeMap::new();
        for profile in profiles() {
            let rendered = Rendered::of_example(&example, profile);
            for object in &rendered.rendering.bundle.objects {
                walk(&object.root, String::new(), &mut |path, field| {
                    let is_scalar = !matches!(field.value, FieldValue::Map(_) | FieldValue::List(_));
                    let is_kind = ["apiVersion", "kind"].contains(&path);
                    let component = component_of(&rendered, field.cause);
                    if is_scalar && !is_kind && component.is_some_and(|component| field.as_str() != Some(component)) {
                        *vague.entry(format!("{}: {path}", object.kind_name())).or_default() += 1;
                    }
                });
            }
        }
        assert_eq!(vague, BTreeMap::new(), "{example}");
    }
}

#[test]
fn written_values_lead_to_their_line() {
    let k3d = Traced::of("todo", "k3d");
    let pod = "spec.template.spec.containers[0]";
    k3d.line("Deployment/api", &format!("{pod}.image"), "image = \"docker.io/yourusername/todo-api:sha-e432059\"");
    k3d.line("Deployment/api", &format!("{pod}.ports[0].containerPort"), "port = \"80:3000\"");
    k3d.line("Service/api", "spec.ports[0].port", "port = \"80:3000\"");
    k3d.line("Deployment/api", &format!("{pod}.env[5].value"), "env = { NODE_ENV = \"production\", PORT = 3000 }");
    let ready = "probes.ready = { http = \"/healthz\", delay = \"3s\", period = \"5s\" }";
    k3d.line("Deployment/api", &format!("{pod}.readinessProbe.initialDelaySeconds"), ready);
    k3d.line("CronJob/report", "spec.schedule", "schedule = \"0 6 * * *\"");
    k3d.line("CronJob/report", "spec.timeZone", "timezone = \"Asia/Tokyo\"");
    let storage = "storage = { size = \"5Gi\", claim = \"postgres-data\" }";
    let claim = "spec.volumeClaimTemplates[0]";
    k3d.line("StatefulSet/postgres", &format!("{claim}.spec.resources.requests.storage"), storage);
    k3d.line("StatefulSet/postgres", &format!("{claim}.metadata.name"), storage);
    k3d.line("HorizontalPodAutoscaler/api", "spec.maxReplicas", "max = 10");
    k3d.line("HorizontalPodAutoscaler/api", "spec.minReplicas", "min = 2");
    k3d.line("HorizontalPodAutoscaler/api", "spec.metrics[0].resource.target.averageUtilization", "cpu = 70");
    k3d.line("Namespace/app", "metadata.name", "namespace = \"app\"");
    k3d.line("Deployment/api", "metadata.labels[app.kubernetes.io/part-of]", "name = \"todo\"");
    Traced::of("todo", "kind").line("Deployment/api", "spec.replicas", "replicas = 2");
}

#[test]
fn an_edge_gives_the_name_and_the_target_the_value() {
    let todo = Traced::of("todo", "k3d");
    let env = "spec.template.spec.containers[0].env";
    todo.line("Deployment/api", &format!("{env}[0].name"), "uses = [\"postgres\"]");
    todo.line("Deployment/api", &format!("{env}[0].value"), "[db.postgres]");
    todo.line("Deployment/api", &format!("{env}[1].value"), "engine = \"postgres\"");
    let keys = "keys = { user = \"POSTGRES_USER\", password = \"POSTGRES_PASSWORD\", database = \"POSTGRES_DB\" }";
    todo.line("Deployment/api", &format!("{env}[2].valueFrom.secretKeyRef.key"), keys);
    todo.line("Deployment/api", &format!("{env}[2].valueFrom.secretKeyRef.name"), "secret = \"postgres-secret\"");
}

#[test]
fn overlays_lead_to_their_own_line() {
    let cloud = Traced::of("todo", "cloud");
    let requests = "spec.template.spec.containers[0].resources.requests";
    let overlay = "resources = { cpu = \"500m\", memory = \"512Mi\" }";
    cloud.line("Deployment/api", &format!("{requests}.cpu"), overlay);
    cloud.line("Deployment/api", &format!("{requests}.memory"), overlay);
    cloud.line("HorizontalPodAutoscaler/api", "spec.minReplicas", "min = 4");
    let gke = Traced::of("todo", "gke");
    let certificate = "cluster.tls.certificate = \"todo\" # a certificate map";
    gke.line("Gateway/todo", "metadata.annotations[networking.gke.io/certmap]", certificate);
}

#[test]
fn facts_and_defaults_lead_to_the_profile_and_the_base() {
    let k3d = Traced::of("todo", "k3d");
    let pod = "spec.template.spec";
    let of_k3d = "profiles/k3d.toml (built in)";
    k3d.file("Deployment/api", &format!("{pod}.containers[0].imagePullPolicy"), of_k3d);
    k3d.file("Deployment/api", &format!("{pod}.containers[0].resources.requests.cpu"), of_k3d);
    k3d.file("StatefulSet/postgres", "spec.volumeClaimTemplates[0].spec.storageClassName", of_k3d);
    k3d.file("Ingress/web", "spec.ingressClassName", of_k3d);
    k3d.file("Namespace/app", "metadata.labels[pod-security.kubernetes.io/warn]", of_k3d);
    let base = "stowplan's defaults";
    k3d.file("Deployment/api", &format!("{pod}.securityContext.seccompProfile.type"), base);
    k3d.file("Deployment/api", &format!("{pod}.containers[0].securityContext.allowPrivilegeEscalation"), base);
    k3d.file("Deployment/api", &format!("{pod}.containers[0].lifecycle.preStop.sleep.seconds"), base);
    k3d.file("Deployment/api", &format!("{pod}.enableServiceLinks"), base);
    k3d.file("CronJob/report", "spec.concurrencyPolicy", base);
    let eks = Traced::of("todo", "eks");
    let scheme = "metadata.annotations[alb.ingress.kubernetes.io/scheme]";
    eks.file("Ingress/web", scheme, "profiles/eks.toml (built in)");
    let cloud = Traced::of("todo", "cloud");
    let of_cloud = "profiles/cloud.toml (built in)";
    cloud.file("Deployment/api", &format!("{pod}.topologySpreadConstraints[0].topologyKey"), of_cloud);
    cloud.file("PodDisruptionBudget/api", "spec.maxUnavailable", of_cloud);
}

#[test]
fn what_a_rule_makes_names_the_rule_and_what_it_was_made_of() {
    let k3d = Traced::of("todo", "k3d");
    let header = ["[api.api]"];
    let managed = "metadata.labels[app.kubernetes.io/managed-by]";
    k3d.rule("Deployment/api", managed, "every object carries the recommended labels", &header);
    let both = ["[api.api]", "name = \"todo\""];
    let selectors = "selectors hold the names of the component and the stack";
    k3d.rule("Service/api", "spec.selector[app.kubernetes.io/name]", selectors, &both);
    k3d.rule("Deployment/api", "spec.selector.matchLabels[app.kubernetes.io/part-of]", selectors, &both);
    let token = "a Pod gets a token for the Kubernetes API only where it asks for an account";
    k3d.rule("Deployment/api", "spec.template.spec.automountServiceAccountToken", token, &header);
    let secret = ["secret = \"postgres-secret\""];
    let told = "on a local cluster a Secret holds what the component that declares it says";
    let user = "user = \"myuser\"               # database and user on the developer's machine; in a cloud the Secret says them";
    k3d.rule("Secret/postgres-secret", "stringData.POSTGRES_USER", told, &[user]);
    let rolls = "a change of a config or secret rolls the Pods that read it";
    let sum = "spec.template.metadata.annotations[stowplan/checksum]";
    k3d.rule("StatefulSet/postgres", sum, rolls, &["secret = \"postgres-secret\""]);
    Traced::of("slack-metrics", "minikube").rule(
        "StatefulSet/postgres",
        sum,
        rolls,
        &["[config.postgres-config.data]", secret[0]],
    );
    let governs = "a headless Service gives the Pods of a StatefulSet their names";
    k3d.rule("StatefulSet/postgres", "spec.serviceName", governs, &["[db.postgres]"]);
    let completed = "a bare host is completed by the domain of the cluster";
    k3d.rule("Ingress/web", "spec.rules[0].host", completed, &["host = \"todo\"", "domain = \"localhost\""]);
    Traced::of("todo", "cloud").rule(
        "Ingress/web",
        "spec.rules[0].host",
        completed,
        &["host = \"todo\"", "cluster.domain = \"example.com\""],
    );
    let named = "an HPA scales the component of its own name where it names none";
    k3d.rule("HorizontalPodAutoscaler/api", "spec.scaleTargetRef.name", named, &["[hpa.api]"]);
    let minikube = Traced::of("slack-metrics", "minikube");
    minikube.line(
        "HorizontalPodAutoscaler/slack-metrics-api-hpa",
        "spec.scaleTargetRef.name",
        "target = \"slack-metrics-api\"",
    );
    let hashed = "a Job's name ends in a hash of its content, so that a changed Job applies again";
    minikube.rule("Job/migration-job", "metadata.name", hashed, &["[job.migration-job]"]);
    let waits = "a wait tries to connect until it succeeds";
    let script = "spec.template.spec.initContainers[0].command[2]";
    minikube.rule(
        "Job/migration-job",
        script,
        waits,
        &["wait = [\"postgres\"]", "[db.postgres]", "engine = \"postgres\""],
    );
}

#[test]
fn what_set_says_leads_to_the_argument() {
    let path = root().join("examples/todo/stack.toml");
    let rendered = Rendered::of_file(&path, "k3d", &["api.api.image=a/b:2"]);
    let traced = Traced { rendered };
    traced.line("Deployment/api", "spec.template.spec.containers[0].image", "api.api.image=a/b:2");
}

/// Calls `see` with every field and its path.
fn walk(field: &Field, path: String, see: &mut dyn FnMut(&str, &Field)) {
    see(&path, field);
    match &field.value {
        FieldValue::Map(entries) => entries.iter().for_each(|(key, entry)| walk(entry, below(&path, key), see)),
        FieldValue::List(items) => {
            items.iter().enumerate().for_each(|(at, item)| walk(item, format!("{path}[{at}]"), see));
        }
        _ => {}
    }
}

fn below(path: &str, key: &str) -> String {
    match (path, key.contains('.')) {
        ("", _) => key.to_owned(),
        (path, true) => format!("{path}[{key}]"),
        (path, false) => format!("{path}.{key}"),
    }
}

/// A place must hold text; a derivation must say its rule and come from places.
fn leads_somewhere(rendered: &Rendered, cause: CauseId) -> Result<(), String> {
    if let Cause::Derived(id) = cause.view() {
        let derivation = rendered.rendering.bundle.causes.get(id);
        if derivation.rule.trim().is_empty() {
            return Err("its rule is empty".into());
        }
    }
    for origin in rendered.rendering.bundle.causes.origins(cause) {
        let session = &rendered.session;
        let span = session.origins.get(origin).span;
        let file = session.sources.file(span.file);
        if file.name.is_empty() || session.sources.text(span).trim().is_empty() {
            return Err(format!("nothing stands at {:?} of `{}`", span.bytes(), file.name));
        }
    }
    Ok(())
}

/// The name of the component whose header a cause is; none where it is something else.
fn component_of(rendered: &Rendered, cause: CauseId) -> Option<&str> {
    let Cause::Key(origin) = cause.view() else { return None };
    let text = rendered.session.sources.text(rendered.session.origins.get(origin).span);
    let (table, name) = text.split_once('.')?;
    ["db", "api", "worker", "cronjob", "job", "hpa", "ingress", "config", "secret", "volume"]
        .contains(&table)
        .then_some(name)
}

/// A rendered example that is asked for causes.
struct Traced {
    rendered: Rendered,
}

impl Traced {
    fn of(example: &str, profile: &str) -> Self {
        Self { rendered: Rendered::of_example(example, profile) }
    }

    /// The object `Kind/name`; the hash of a Job's name is left out.
    #[track_caller]
    fn object(&self, name: &str) -> &Object {
        let is_meant = |object: &&Object| {
            let name_of = if object.kind_name() == "Job" { &*object.identity.component } else { object.name() };
            format!("{}/{name_of}", object.kind_name()) == name
        };
        self.rendered.rendering.bundle.objects.iter().find(is_meant).unwrap_or_else(|| panic!("there is no {name}"))
    }

    #[track_caller]
    fn cause(&self, object: &str, field: &str) -> CauseId {
        let pointer = field.parse().unwrap();
        self.object(object).root.find(&pointer).unwrap_or_else(|| panic!("{object} has no {field}")).cause
    }

    /// The file and the line of a place.
    fn place(&self, origin: OriginId) -> (&str, &str) {
        let span = self.rendered.session.origins.get(origin).span;
        let file = self.rendered.session.sources.file(span.file);
        let (line, _) = file.line_column(span.start as usize);
        (&file.name, file.text.lines().nth(line - 1).unwrap_or_default().trim())
    }

    #[track_caller]
    fn key(&self, object: &str, field: &str) -> (&str, &str) {
        match self.cause(object, field).view() {
            Cause::Key(origin) => self.place(origin),
            Cause::Derived(id) => panic!("{field} is derived: {}", self.rendered.rendering.bundle.causes.get(id).rule),
        }
    }

    /// Fails unless the field was written in this line.
    #[track_caller]
    fn line(&self, object: &str, field: &str, line: &str) {
        assert_eq!(self.key(object, field).1, line, "{object} {field}");
    }

    /// Fails unless the field was written in this file.
    #[track_caller]
    fn file(&self, object: &str, field: &str, file: &str) {
        assert_eq!(self.key(object, field).0, file, "{object} {field}");
    }

    /// Fails unless a rule made the field of what stands in these lines; of a line, its beginning is enough.
    #[track_caller]
    fn rule(&self, object: &str, field: &str, rule: &str, lines: &[&str]) {
        let Cause::Derived(id) = self.cause(object, field).view() else { panic!("{field} was written") };
        let derivation = self.rendered.rendering.bundle.causes.get(id);
        assert_eq!(derivation.rule, rule, "{object} {field}");
        let from: Vec<&str> = derivation.from.iter().map(|origin| self.place(*origin).1).collect();
        assert_eq!(from, lines, "{object} {field}");
    }
}
