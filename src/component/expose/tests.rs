use super::{check_all, lower_all};
use crate::bundle::{Bundle, Cause, Object};
use crate::component::cluster::Cluster;
use crate::component::file::StackFile;
use crate::component::fixture::{Fixture, json};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::document::checking::Checking;
use crate::value::{DnsLabel, Scalar};

const API: &str = r#"
[stack]
name = "shop"
[api.api]
image = "a:1"
port = "80:3000"
[api.admin]
image = "a:1"
ports = { http = 8080, metrics = 9090 }
service = { ports = ["http"] }
services.admin-metrics = { ports = ["metrics"] }
[worker.mail]
image = "a:1"
"#;

/// A stack with ingresses, and what decoding said of it.
struct Bench {
    fixture: Fixture,
    file: StackFile,
    decoding: Vec<Diagnostic>,
}

fn stack(rest: &str) -> Bench {
    let mut fixture = Fixture::new(&format!("{API}{rest}"));
    let file = fixture.decode(&[]);
    let decoding = std::mem::take(&mut fixture.report.diagnostics);
    Bench { fixture, file, decoding }
}

impl Bench {
    fn cluster(&self) -> &Cluster {
        self.file.tables.cluster.as_ref().expect("every test says something of the cluster")
    }

    fn check(&self) -> Vec<Diagnostic> {
        let mut report = Report::default();
        let tables = &self.file.tables;
        let Fixture { sources, origins, .. } = &self.fixture;
        let mut checking = Checking { sources, origins, report: &mut report };
        self.fixture.with_world(|world| check_all(&tables.ingress, &tables.api, "cloud", world, &mut checking));
        report.diagnostics
    }

    /// The one message of the checks: title, the text at each label, help.
    fn message(&self) -> (String, Vec<String>, String) {
        let found = self.check();
        assert_eq!(found.len(), 1, "{found:#?}");
        self.fixture.describe(&found[0])
    }

    /// The objects of the ingresses; there must be no error.
    fn lower(&self) -> Vec<Object> {
        assert_eq!(self.decoding, []);
        let errors: Vec<_> = self.check().into_iter().filter(|found| found.severity == Severity::Error).collect();
        assert_eq!(errors, []);
        let mut bundle = Bundle::default();
        let tables = &self.file.tables;
        self.fixture.with_world(|world| lower_all(&tables.ingress, &tables.api, world, &mut bundle));
        bundle.objects
    }
}

const LOCAL: &str = "[cluster]\ndomain = \"localhost\"\nports = { http = 8080, https = 8443 }\nexpose = { api = \"ingress\", class = \"traefik\" }\n";
const GKE: &str =
    "[cluster]\ndomain = \"example.com\"\nexpose = { api = \"gateway\", class = \"gke-l7-global-external-managed\" }\n";
const GATEWAY: &str = "[cluster]\ndomain = \"localhost\"\nports = { http = 8080, https = 8443 }\nexpose = { api = \"gateway\", class = \"traefik\", listeners = { http = 8000, https = 8443 } }\n";

fn json_of(object: &Object) -> serde_json::Value {
    json(&object.root, &[])
}

#[test]
fn hosts_are_completed_and_urls_made() {
    let url = |host: &str, cluster: &str| {
        let bench = stack(&format!("{cluster}[ingress.web]\n{host}\nroutes = {{ \"/\" = \"api\" }}\n"));
        let (name, ingress) = &bench.file.tables.ingress.entries[0];
        ingress.url(name, bench.cluster())
    };
    assert_eq!(url("", LOCAL).as_deref(), Some("http://web.localhost:8080"));
    assert_eq!(url("host = \"todo\"", LOCAL).as_deref(), Some("http://todo.localhost:8080"));
    assert_eq!(url("host = \"@\"", LOCAL).as_deref(), Some("http://localhost:8080"));
    assert_eq!(url("host = \"*\"", LOCAL).as_deref(), Some("http://localhost:8080"));
    assert_eq!(url("host = [\"*.a.b\", \"c.d\"]", LOCAL).as_deref(), Some("http://c.d:8080"));
    assert_eq!(url("host = \"*.a.b\"", LOCAL), None);
    assert_eq!(url("tls = true", LOCAL).as_deref(), Some("https://web.localhost:8443"));
    assert_eq!(url("", GKE).as_deref(), Some("http://web.example.com"));
    assert_eq!(url("host = \"todo\"", "[cluster]\nlocal = false\n"), None);
    let provider = format!("{GKE}tls = {{ mode = \"provider\", certificate = \"web\" }}\n");
    assert_eq!(url("", &provider).as_deref(), Some("https://web.example.com"));
}

#[test]
fn a_missing_domain_says_which_line_to_add() {
    let bench = stack("[cluster]\nlocal = false\n[ingress.web]\nhost = \"todo\"\nroutes = { \"/\" = \"api\" }\n");
    let (title, places, help) = bench.message();
    assert_eq!(title, "the host `todo` needs a domain, and profile `cloud` has none");
    assert_eq!(places, ["\"todo\""]);
    assert!(help.contains("add `cluster.domain = \"example.com\"` below `[profile.cloud]`"), "{help}");
}

#[test]
fn an_ingress_leads_paths_to_ports_of_services() {
    let routes = r#"
[ingress.web]
host = ["todo", "shop.example.org"]
annotations = { "example.com/a" = "b" }
[ingress.web.routes]
"/" = "api"
"/admin" = { to = "admin", type = "exact" }
"/metrics" = { to = "admin:metrics", service = "admin-metrics" }
"#;
    let objects = stack(&format!("{LOCAL}{routes}")).lower();
    let ingress = json_of(&objects[0]);
    assert_eq!(ingress["metadata"]["annotations"], serde_json::json!({ "example.com/a": "b" }));
    let backend = |name: &str, port: &str| serde_json::json!({ "service": { "name": name, "port": { "name": port } } });
    let paths = serde_json::json!([
        { "path": "/", "pathType": "Prefix", "backend": backend("api", "http") },
        { "path": "/admin", "pathType": "Exact", "backend": backend("admin", "http") },
        { "path": "/metrics", "pathType": "Prefix", "backend": backend("admin-metrics", "metrics") },
    ]);
    let expected = serde_json::json!({
        "ingressClassName": "traefik",
        "rules": [
            { "host": "todo.localhost", "http": { "paths": paths.clone() } },
            { "host": "shop.example.org", "http": { "paths": paths } },
        ],
    });
    assert_eq!(ingress["spec"], expected);
}

#[test]
fn certificates_follow_the_cluster_and_the_ingress() {
    let ingress = |cluster: &str, tls: &str| {
        let text = format!("{cluster}[ingress.web]\n{tls}\nroutes = {{ \"/\" = \"api\" }}\n");
        json_of(&stack(&text).lower()[0])
    };
    let manager = format!("{LOCAL}tls = {{ mode = \"cert-manager\", issuer = \"letsencrypt\" }}\n");
    let found = ingress(&manager, "");
    assert_eq!(
        found["metadata"]["annotations"],
        serde_json::json!({ "cert-manager.io/cluster-issuer": "letsencrypt" })
    );
    assert_eq!(found["spec"]["tls"], serde_json::json!([{ "hosts": ["web.localhost"], "secretName": "web-tls" }]));
    let found = ingress(&manager, "tls = { issuer = \"Issuer/own\", secret = \"mine\" }");
    assert_eq!(found["metadata"]["annotations"], serde_json::json!({ "cert-manager.io/issuer": "own" }));
    assert_eq!(found["spec"]["tls"][0]["secretName"], "mine");
    assert_eq!(ingress(&manager, "tls = false")["spec"].get("tls"), None);
    assert_eq!(ingress(LOCAL, "")["spec"].get("tls"), None);
    assert_eq!(ingress(LOCAL, "tls = true")["spec"]["tls"][0]["secretName"], "web-tls");
    let declared = format!("[secret.web-tls]\nkeys = [\"tls.crt\"]\n{manager}");
    assert_eq!(ingress(&declared, "")["metadata"].get("annotations"), None);
}

#[test]
fn providers_are_told_by_annotations() {
    let eks = "[cluster]\ndomain = \"example.com\"\nexpose = { class = \"alb\", annotations = { \"alb.ingress.kubernetes.io/scheme\" = \"internet-facing\" } }\ntls = { mode = \"provider\", certificate = \"arn:aws:acm:x\" }\n";
    let found = json_of(&stack(&format!("{eks}[ingress.web]\nroutes = {{ \"/\" = \"api\" }}\n")).lower()[0]);
    let expected = serde_json::json!({
        "alb.ingress.kubernetes.io/certificate-arn": "arn:aws:acm:x",
        "alb.ingress.kubernetes.io/listen-ports": "[{\"HTTP\": 80}, {\"HTTPS\": 443}]",
        "alb.ingress.kubernetes.io/scheme": "internet-facing",
        "alb.ingress.kubernetes.io/ssl-redirect": "443",
    });
    assert_eq!(found["metadata"]["annotations"], expected);
    assert_eq!(found["spec"].get("tls"), None);
    let gce = "[cluster]\ndomain = \"example.com\"\nexpose = { class = \"gce\", class-via = \"annotation\" }\ntls = { mode = \"provider\", certificate = \"web\" }\n";
    let found = json_of(&stack(&format!("{gce}[ingress.web]\nroutes = {{ \"/\" = \"api\" }}\n")).lower()[0]);
    let expected =
        serde_json::json!({ "kubernetes.io/ingress.class": "gce", "networking.gke.io/managed-certificates": "web" });
    assert_eq!(found["metadata"]["annotations"], expected);
    assert_eq!(found["spec"].get("ingressClassName"), None);
}

#[test]
fn ingresses_share_a_gateway() {
    let routes = r#"
[ingress.web]
host = "@"
tls = true
routes = { "/" = "api", "/admin" = "admin", "/v2" = "api" }
[ingress.open]
host = "*"
routes = { "/" = "admin" }
"#;
    let objects = stack(&format!("{GATEWAY}{routes}")).lower();
    let roles: Vec<_> =
        objects.iter().map(|object| (object.kind_name(), object.name(), &*object.identity.role)).collect();
    let expected = [
        ("Gateway", "shop", "gateway"),
        ("HTTPRoute", "web", "route"),
        ("HTTPRoute", "web-redirect", "redirect"),
        ("HTTPRoute", "open", "route"),
    ];
    assert_eq!(roles, expected);
    assert_eq!(json_of(&objects[0])["apiVersion"], "gateway.networking.k8s.io/v1");
    let tls = serde_json::json!({ "mode": "Terminate", "certificateRefs": [{ "name": "web-tls" }] });
    let gateway = serde_json::json!({ "gatewayClassName": "traefik", "listeners": [
        { "name": "http-localhost", "port": 8000, "protocol": "HTTP", "hostname": "localhost" },
        { "name": "https-localhost", "port": 8443, "protocol": "HTTPS", "hostname": "localhost", "tls": tls },
        { "name": "http", "port": 8000, "protocol": "HTTP" },
    ] });
    assert_eq!(json_of(&objects[0])["spec"], gateway);
    let path = |value: &str| serde_json::json!({ "path": { "type": "PathPrefix", "value": value } });
    let route = serde_json::json!({
        "parentRefs": [{ "name": "shop", "sectionName": "https-localhost" }],
        "hostnames": ["localhost"],
        "rules": [
            { "matches": [path("/"), path("/v2")], "backendRefs": [{ "name": "api", "port": 80 }] },
            { "matches": [path("/admin")], "backendRefs": [{ "name": "admin", "port": 8080 }] },
        ],
    });
    assert_eq!(json_of(&objects[1])["spec"], route);
    let redirect = serde_json::json!({ "scheme": "https", "port": 8443, "statusCode": 301 });
    let rule = serde_json::json!({
        "matches": [path("/"), path("/admin"), path("/v2")],
        "filters": [{ "type": "RequestRedirect", "requestRedirect": redirect }],
    });
    assert_eq!(json_of(&objects[2])["spec"]["rules"], serde_json::json!([rule]));
    assert_eq!(json_of(&objects[2])["spec"]["parentRefs"][0]["sectionName"], "http-localhost");
    assert_eq!(json_of(&objects[3])["spec"].get("hostnames"), None);
    assert_eq!(json_of(&objects[3])["spec"]["parentRefs"][0]["sectionName"], "http");
}

#[test]
fn listener_names_are_labels_and_unique() {
    let long = "a".repeat(60);
    let routes = format!(
        "[ingress.web]\nhost = [\"a-b.c.d\", \"a.b-c.d\", \"*.e.f\", \"{long}.x.y\"]\nroutes = {{ \"/\" = \"api\" }}\n"
    );
    let gateway = json_of(&stack(&format!("{GATEWAY}{routes}")).lower()[0]);
    let names: Vec<_> = gateway["spec"]["listeners"]
        .as_array()
        .unwrap()
        .iter()
        .map(|listener| listener["name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), 4);
    assert_eq!(names[2], "http-any-e-f");
    assert!(names.iter().all(|name| name.len() <= 63 && DnsLabel::parse(name).is_ok()), "{names:?}");
    assert!(names[0].starts_with("http-a-b-c-d-") && names[1].starts_with("http-a-b-c-d-") && names[0] != names[1]);
}

#[test]
fn a_shared_gateway_is_named_and_not_made() {
    let cluster = "[cluster]\ndomain = \"example.com\"\nexpose = { api = \"gateway\", gateway = \"infra/web\" }\ntls = { mode = \"secret\" }\n";
    let objects = stack(&format!("{cluster}[ingress.web]\nroutes = {{ \"/\" = \"api\" }}\n")).lower();
    assert_eq!(objects.len(), 1);
    let parents = serde_json::json!([{ "name": "web", "namespace": "infra" }]);
    assert_eq!(json_of(&objects[0])["spec"]["parentRefs"], parents);
    let wrong = stack(
        "[cluster]\ndomain = \"example.com\"\nexpose = { api = \"gateway\", gateway = \"web\" }\n[ingress.web]\nroutes = { \"/\" = \"api\" }\n",
    );
    assert_eq!(wrong.message().0, "`web` is not a Gateway of a namespace");
}

#[test]
fn gke_finds_certificates_by_their_map() {
    let route = "[ingress.web]\nroutes = { \"/\" = \"api\" }\n";
    let known = stack(&format!("{GKE}tls = {{ mode = \"provider\", certificate = \"store\" }}\n{route}"));
    let gateway = json_of(&known.lower()[0]);
    assert_eq!(gateway["metadata"]["annotations"], serde_json::json!({ "networking.gke.io/certmap": "store" }));
    let https = serde_json::json!({ "name": "https-web-example-com", "port": 443, "protocol": "HTTPS", "hostname": "web.example.com" });
    assert_eq!(gateway["spec"]["listeners"][1], https);
    let unknown = stack(&format!("{GKE}tls = {{ mode = \"provider\" }}\n{route}"));
    assert_eq!(unknown.message().0, "no HTTPS: profile `cloud` leaves certificates to the provider and names none");
    assert_eq!(unknown.lower().len(), 2);
    let asked = stack(&format!(
        "{GKE}tls = {{ mode = \"provider\" }}\n[ingress.web]\ntls = true\nroutes = {{ \"/\" = \"api\" }}\n"
    ));
    let (title, places, _) = asked.message();
    assert_eq!((title.as_str(), &*places[0]), ("`web` uses TLS without a certificate", "true"));
}

#[test]
fn routes_to_nowhere_are_explained() {
    let message = |route: &str| stack(&format!("{LOCAL}[ingress.web]\nroutes = {{ \"/\" = {route} }}\n")).message();
    let (title, places, help) = message("\"apo\"");
    assert_eq!(title, "there is no component `apo` in this stack");
    assert_eq!(places, ["\"apo\""]);
    assert!(help.starts_with("did you mean `api`?"), "{help}");
    let (title, places, help) = message("\"mail\"");
    assert_eq!(title, "`mail` cannot be routed to: a worker has no Service");
    assert_eq!(places, ["\"mail\"", "mail"]);
    assert_eq!(help, "make it an `[api.mail]` with a `port`, or route to an api");
    assert_eq!(message("\"admin:metric\"").2, "did you mean `metrics`?");
    assert_eq!(message("\"admin:metrics\"").0, "the Service does not offer the port `metrics`");
    assert_eq!(message("{ to = \"admin\", service = \"metrics\" }").0, "there is no service `metrics` in this stack");
}

#[test]
fn a_switched_off_service_and_other_protocols_are_explained() {
    let api = "[api.quiet]\nimage = \"a:1\"\nport = 80\nservice = \"none\"\n[api.dns]\nimage = \"a:1\"\nports = { dns = \"53/udp\" }\n";
    let message =
        |route: &str| stack(&format!("{api}{LOCAL}[ingress.web]\nroutes = {{ \"/\" = {route} }}\n")).message();
    let (title, places, _) = message("\"quiet\"");
    assert_eq!(title, "`quiet` cannot be routed to: it has no Service");
    assert_eq!(places, ["\"quiet\"", "\"none\""]);
    assert_eq!(message("\"dns\"").0, "the port `dns` of `dns` speaks UDP, not HTTP");
}

#[test]
fn one_host_and_path_has_one_route() {
    let routes = "[ingress.a]\nhost = \"x\"\nroutes = { \"/api\" = \"api\" }\n[ingress.b]\nhost = \"x.localhost\"\nroutes = { \"/api/\" = \"admin\", \"/\" = \"api\" }\n";
    let (title, places, _) = stack(&format!("{LOCAL}{routes}")).message();
    assert_eq!(title, "`x.localhost/api/` is routed twice");
    assert_eq!(places, ["\"/api/\"", "\"/api\""]);
}

#[test]
fn what_a_gateway_cannot_do_is_said() {
    let check = |cluster: &str, rest: &str| {
        stack(&format!("{cluster}[ingress.web]\n{rest}\nroutes = {{ \"/\" = \"api\" }}\n")).message()
    };
    let (title, _, help) = check("[cluster]\ndomain = \"a.b\"\nexpose = { api = \"gateway\", class = \"\" }\n", "");
    assert_eq!(title, "a Gateway needs a class, and profile `cloud` has none");
    assert!(help.starts_with("add `cluster.expose.class = \"cilium\"` below `[profile.cloud]`"), "{help}");
    let (title, places, _) = check(GATEWAY, "annotations = { a = \"b\" }");
    assert_eq!(title, "`annotations` has no effect under Gateway API: it is for an Ingress");
    assert_eq!(places, ["annotations"]);
    assert!(check(GATEWAY, "class = \"x\"").0.starts_with("`class` has no effect"));
    let many = (0..17).map(|at| format!("\"h{at}\"")).collect::<Vec<_>>().join(", ");
    assert_eq!(check(GATEWAY, &format!("host = [{many}]")).0, "`web` has 17 hosts, and an HTTPRoute takes 16");
}

#[test]
fn one_gateway_has_one_issuer_and_one_certificate_for_a_host() {
    let two = |first: &str, second: &str| {
        let text = format!(
            "{GATEWAY}[ingress.a]\nhost = \"x\"\ntls = {first}\nroutes = {{ \"/\" = \"api\" }}\n[ingress.b]\nhost = \"x\"\ntls = {second}\nroutes = {{ \"/b\" = \"api\" }}\n"
        );
        stack(&text).message().0
    };
    assert_eq!(two("{ issuer = \"x\" }", "{ issuer = \"y\" }"), "one Gateway cannot have two issuers");
    assert_eq!(two("{ secret = \"x\" }", "{ secret = \"y\" }"), "two certificates for the host `x.localhost`");
}

#[test]
fn certificates_from_nobody_are_refused() {
    let manager = "[cluster]\ndomain = \"a.b\"\ntls = { mode = \"cert-manager\" }\n";
    let (title, _, help) = stack(&format!("{manager}[ingress.web]\nroutes = {{ \"/\" = \"api\" }}\n")).message();
    assert_eq!(title, "`web` uses TLS, and profile `cloud` names no issuer");
    assert!(help.contains("`cluster.tls.issuer = \"letsencrypt\"` below `[profile.cloud]`"), "{help}");
    let bad =
        stack(&format!("{manager}[ingress.web]\ntls = {{ issuer = \"Foo/x\" }}\nroutes = {{ \"/\" = \"api\" }}\n"));
    assert_eq!(bad.message().0, "`Foo/x` is not an issuer of cert-manager");
}

#[test]
fn nothing_is_exposed_where_the_profile_says_so() {
    let bench = stack("[cluster]\nexpose = { api = \"none\" }\n[ingress.web]\nroutes = { \"/\" = \"api\" }\n");
    assert_eq!(bench.check()[0].severity, Severity::Info);
    assert_eq!(bench.lower().len(), 0);
}

#[test]
fn paths_that_no_server_takes_are_refused() {
    let titles = |routes: &str| {
        let bench = stack(&format!("{LOCAL}[ingress.web]\nroutes = {{ {routes} }}\n"));
        bench.decoding.iter().map(|found| found.title.clone()).collect::<Vec<_>>()
    };
    for path in ["/a//b", "/a/../b", "/a/..", "/a/.", "/a%2Fb", "/a%zz", "/a?b", "/{id}"] {
        assert_eq!(titles(&format!("\"{path}\" = \"api\"")).len(), 1, "{path}");
    }
    assert_eq!(titles("\"/a%20b.c/~d\" = \"api\""), [""; 0]);
    assert_eq!(titles("\"/api/*\" = \"api\""), ["`/api/*` matches only a path that has a `*` in it"]);
    assert_eq!(titles(""), ["this ingress has no route"]);
    assert_eq!(
        titles("\"/\" = { to = \"api:http\", port = \"http\" }"),
        ["the route names two ports, `http` and `http`"]
    );
}

#[test]
fn causes_lead_to_what_was_written() {
    let bench = stack(&format!("{GATEWAY}[ingress.web]\nhost = \"todo\"\nroutes = {{ \"/\" = \"api\" }}\n"));
    let objects = bench.lower();
    let port = objects[0].root.follow(&["spec", "listeners"]).unwrap().items()[0].get("port").unwrap();
    let Cause::Key(origin) = port.cause.view() else { panic!("the port was written") };
    assert_eq!(bench.fixture.sources.text(bench.fixture.origins.get(origin).span), "8000");
    let number = objects[1].root.follow(&["spec", "rules"]).unwrap().items()[0].get("backendRefs").unwrap().items()[0]
        .get("port");
    let Cause::Key(origin) = number.unwrap().cause.view() else { panic!("the port was written") };
    assert_eq!(bench.fixture.sources.text(bench.fixture.origins.get(origin).span), "\"80:3000\"");
}
