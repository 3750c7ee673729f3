//! What load balancers and ingress controllers are told, so that an application answers where the stack says it does.

mod support;

use serde_yaml::Value;
use stowplan::emit::provenance::human::human;
use stowplan::emit::report::human::{Color, Style};
use stowplan::profile::{Request, Session};
use stowplan::why::{Question, answer};
use support::{Files, object, render, run};

const HEAD: &str = "[stack]\nname = \"a\"\nnamespace = \"a\"\nprofiles = [\"eks\"]\n";
const NLB: &str = "service.beta.kubernetes.io/aws-load-balancer";

/// The objects of a stack that begins with [`HEAD`].
fn objects(stack: &str, profile: &str) -> Vec<Value> {
    render(&format!("{HEAD}{stack}"), profile, &[], &[]).unwrap_or_else(|messages| panic!("{messages}"))
}

/// An annotation of an object; nothing where it has none of this name.
fn annotation<'o>(objects: &'o [Value], kind: &str, name: &str, key: &str) -> Option<&'o str> {
    object(objects, kind, name)["metadata"]["annotations"].get(key)?.as_str()
}

#[test]
fn a_load_balancer_of_eks_is_reached_from_outside() {
    let stack = "[api.ssh]\nimage = \"x/ssh:1\"\nports = { ssh = 22 }\nservice = \"load-balancer\"\n";
    let made = objects(stack, "eks");
    assert_eq!(annotation(&made, "Service", "ssh", &format!("{NLB}-scheme")), Some("internet-facing"));
    assert_eq!(annotation(&made, "Service", "ssh", &format!("{NLB}-nlb-target-type")), Some("ip"));

    let inside = format!(
        "{}service = {{ type = \"load-balancer\", annotations = {{ \"{NLB}-scheme\" = \"internal\" }} }}\n",
        stack.replace("service = \"load-balancer\"\n", "")
    );
    assert_eq!(annotation(&objects(&inside, "eks"), "Service", "ssh", &format!("{NLB}-scheme")), Some("internal"));

    let within = objects("[api.web]\nimage = \"x/web:1\"\nport = 80\n", "eks");
    assert!(object(&within, "Service", "web")["metadata"].get("annotations").is_none());
}

/// Why a field has its value, as a person reads it.
fn reasons(stack: &str, object: &str, field: &str) -> String {
    let mut session = Session::default();
    let file = session.sources.add("stack.toml", format!("{HEAD}{stack}"));
    let request = Request { stack: file, profile: Some("eks"), set: &[] };
    let answer = answer(&Question { request, object, field: Some(field) }, &mut session, &Files::new(&[]));
    human(&answer.expect("the field is there"), Style { color: Color::Never, width: 200 })
}

#[test]
fn what_switches_tls_on_is_why_an_alb_listens_to_https() {
    let stack = "[api.web]\nimage = \"x/web:1\"\nport = 80\n[ingress.web]\nhost = \"a.example.com\"\nroutes = { \"/\" = \"web\" }\n";
    let field = "metadata.annotations.\"alb.ingress.kubernetes.io/listen-ports\"";
    let reason = reasons(stack, "Ingress/web", field);
    assert!(reason.contains("profiles/eks.toml") && reason.contains("tls = { mode = \"provider\" }"), "{reason}");
    assert!(!reason.contains("[ingress.web]"), "{reason}");

    let reason = reasons(&format!("{stack}tls = true\n"), "Ingress/web", field);
    assert!(reason.contains("tls = true") && !reason.contains("profiles/eks.toml"), "{reason}");

    let other = format!("{stack}[profile.eks.cluster.expose.listeners]\nhttps = 8443\n");
    let reason = reasons(&other, "Ingress/web", field);
    assert!(reason.contains("https = 8443") && reason.contains("mode = \"provider\""), "{reason}");
}

const RPC: &str = "[api.rpc]\nimage = \"x/rpc:1\"\nports = { main = 50051 }\n";
const RPC_ROUTE: &str = "[ingress.i]\nhost = \"a.example.com\"\nroutes = { \"/\" = \"rpc\" }\n";
const ALB_PROTOCOL: &str = "alb.ingress.kubernetes.io/backend-protocol-version";
const TRAEFIK_PROTOCOL: &str = "traefik.ingress.kubernetes.io/service.serversscheme";

/// What the Service of [`RPC`] says of its first port, where `more` says something of it.
fn protocol_of(more: &str, profile: &str) -> (Option<String>, Vec<Value>) {
    let made = objects(&format!("{RPC}{more}{RPC_ROUTE}"), profile);
    let spoken = object(&made, "Service", "rpc")["spec"]["ports"][0].get("appProtocol");
    (spoken.map(|spoken| spoken.as_str().unwrap_or_default().to_owned()), made)
}

#[test]
fn a_routed_port_speaks_grpc_where_a_probe_its_name_or_its_protocol_says_so() {
    for more in ["probes.ready = { grpc = true }\n", "probes.live = { grpc = \"acme.Shop\", port = \"main\" }\n"] {
        let (spoken, made) = protocol_of(more, "eks");
        assert_eq!(spoken.as_deref(), Some("kubernetes.io/h2c"), "{more}");
        assert_eq!(annotation(&made, "Service", "rpc", ALB_PROTOCOL), Some("GRPC"), "{more}");
        let (_, made) = protocol_of(more, "k3d");
        assert_eq!(annotation(&made, "Service", "rpc", TRAEFIK_PROTOCOL), Some("h2c"), "{more}");
        let (_, made) = protocol_of(more, "kind");
        assert_eq!(annotation(&made, "Service", "rpc", TRAEFIK_PROTOCOL), Some("h2c"), "the addon: {more}");
        let (spoken, made) = protocol_of(more, "gke");
        assert_eq!(spoken.as_deref(), Some("kubernetes.io/h2c"), "{more}");
        assert!(object(&made, "Service", "rpc")["metadata"].get("annotations").is_none(), "GKE reads the port");
    }
    for (ports, spoken) in [
        ("{ grpc = 50051 }", Some("kubernetes.io/h2c")),
        ("{ grpc-api = 50051 }", Some("kubernetes.io/h2c")),
        ("{ grpc-web = 50051 }", None),
        ("{ grpcx = 50051 }", None),
        ("{ main = { port = 50051, app-protocol = \"grpc\" } }", Some("grpc")),
        ("{ grpc = { port = 50051, app-protocol = \"http\" } }", Some("http")),
    ] {
        let stack = format!("{}{RPC_ROUTE}", RPC.replace("{ main = 50051 }", ports));
        let made = objects(&stack, "eks");
        let port = &object(&made, "Service", "rpc")["spec"]["ports"][0];
        assert_eq!(port.get("appProtocol").and_then(Value::as_str), spoken, "{ports}");
        let told = annotation(&made, "Service", "rpc", ALB_PROTOCOL);
        assert_eq!(told, spoken.filter(|spoken| *spoken != "http").map(|_| "GRPC"), "{ports}");
    }
}

#[test]
fn a_port_that_no_route_leads_to_or_that_answers_http_is_left_alone() {
    let grpc = RPC.replace("main", "grpc");
    assert!(object(&objects(&grpc, "eks"), "Service", "rpc")["spec"]["ports"][0].get("appProtocol").is_none());
    let gateway = format!("{grpc}probes.ready = {{ http = \"/healthz\" }}\n{RPC_ROUTE}");
    let made = objects(&gateway, "eks");
    assert!(object(&made, "Service", "rpc")["spec"]["ports"][0].get("appProtocol").is_none());
    assert_eq!(annotation(&made, "Service", "rpc", ALB_PROTOCOL), None);

    let word = "{ main = { port = 50051, app-protocol = \"kubernetes.io/h2c\" } }\nprobes.ready = { http = \"/up\" }";
    let made = objects(&format!("{}{RPC_ROUTE}", RPC.replace("{ main = 50051 }", word)), "eks");
    assert_eq!(annotation(&made, "Service", "rpc", ALB_PROTOCOL), Some("HTTP2"), "what is probed by HTTP is no gRPC");
}

#[test]
fn ingress_nginx_is_told_by_the_ingress() {
    let key = "nginx.ingress.kubernetes.io/backend-protocol";
    let nginx = "[cluster]\nexpose.class = \"nginx\"\ntls.mode = \"secret\"\n";
    let stack = format!("{nginx}{}{RPC_ROUTE}", RPC.replace("main", "grpc"));
    let made = objects(&stack, "cloud");
    assert_eq!(annotation(&made, "Ingress", "i", key), Some("GRPC"));
    let own = format!("{stack}annotations = {{ \"{key}\" = \"GRPCS\" }}\n");
    assert_eq!(annotation(&objects(&own, "cloud"), "Ingress", "i", key), Some("GRPCS"));
    // a class of one's own whose controller is defined
    let own = "[cluster.expose]\nclass = \"public-web\"\ndefinition.controller = \"k8s.io/ingress-nginx\"\n[cluster]\ntls.mode = \"secret\"\n";
    let made = objects(&stack.replace(nginx, own), "cloud");
    assert_eq!(annotation(&made, "Ingress", "i", key), Some("GRPC"));
}

#[test]
fn what_the_stack_says_of_the_protocol_wins() {
    let grpc = RPC.replace("main", "grpc");
    let on_service = format!("{grpc}service.annotations = {{ \"{ALB_PROTOCOL}\" = \"HTTP2\" }}\n{RPC_ROUTE}");
    assert_eq!(annotation(&objects(&on_service, "eks"), "Service", "rpc", ALB_PROTOCOL), Some("HTTP2"));
    // the controller lets the Service win over the Ingress
    let on_ingress = format!("{grpc}{RPC_ROUTE}annotations = {{ \"{ALB_PROTOCOL}\" = \"HTTP2\" }}\n");
    assert_eq!(annotation(&objects(&on_ingress, "eks"), "Service", "rpc", ALB_PROTOCOL), None);
}

/// What is said of a stack that begins with [`HEAD`], which is rendered all the same.
fn said(stack: &str, profile: &str) -> String {
    let run = run(&format!("{HEAD}{stack}"), profile, &[], &[]);
    assert!(run.objects.is_some(), "{}", run.messages);
    run.messages
}

#[test]
fn grpc_beside_http_is_told_and_the_help_works_as_it_is_typed() {
    let api = "[api.shop]\nimage = \"x/shop:1\"\nports = { http = 8080, grpc = 50051 }\n";
    let route =
        "[ingress.i]\nhost = \"a.example.com\"\nroutes = { \"/\" = \"shop\", \"/acme.Shop\" = \"shop:grpc\" }\n";
    for (profile, controller) in [("k3d", "Traefik"), ("eks", "the AWS Load Balancer Controller")] {
        let messages = said(&format!("{api}{route}"), profile);
        assert!(messages.contains("warning[mixed-protocols]") && messages.contains(controller), "{messages}");
        assert!(messages.contains("7 | ports = { http = 8080, grpc = 50051 }"), "{messages}");
        let help = "add `services.shop-grpc = { ports = [\"grpc\"] }` below `[api.shop]`, and route to it: \
            `{ to = \"shop\", service = \"shop-grpc\" }`";
        assert!(messages.contains(help), "{messages}");

        let mended = format!(
            "{api}services.shop-grpc = {{ ports = [\"grpc\"] }}\n{}",
            route.replace("\"shop:grpc\"", "{ to = \"shop\", service = \"shop-grpc\" }")
        );
        assert!(!said(&mended, profile).contains("mixed-protocols"));
        let key = if profile == "k3d" { TRAEFIK_PROTOCOL } else { ALB_PROTOCOL };
        let made = objects(&mended, profile);
        assert!(annotation(&made, "Service", "shop-grpc", key).is_some());
        assert!(object(&made, "Service", "shop")["metadata"]["annotations"].get(key).is_none());
        assert!(
            object(&made, "Service", "shop")["spec"]["ports"][1].get("appProtocol").is_none(),
            "no route leads there"
        );
    }
    assert!(!said(&format!("{api}{route}"), "gke").contains("mixed-protocols"), "GKE reads each port");

    let nginx = "[cluster]\nexpose.class = \"nginx\"\ntls.mode = \"secret\"\n";
    let messages = said(&format!("{nginx}{api}{route}"), "cloud");
    assert!(messages.contains("move the routes to gRPC to an ingress of their own, `[ingress.i-grpc]`"), "{messages}");
    let mended = format!(
        "{nginx}{api}{}[ingress.i-grpc]\nhost = \"a.example.com\"\nroutes = {{ \"/acme.Shop\" = \"shop:grpc\" }}\n",
        route.replace(", \"/acme.Shop\" = \"shop:grpc\"", "")
    );
    assert!(!said(&mended, "cloud").contains("mixed-protocols"));
    let key = "nginx.ingress.kubernetes.io/backend-protocol";
    let made = objects(&mended, "cloud");
    assert_eq!(annotation(&made, "Ingress", "i-grpc", key), Some("GRPC"));
    assert!(object(&made, "Ingress", "i")["metadata"].get("annotations").is_none());
}

#[test]
fn grpc_without_tls_is_told_where_it_needs_it() {
    let stack = format!("{}{RPC_ROUTE}", RPC.replace("main", "grpc"));
    assert!(!said(&stack, "eks").contains("grpc-without-tls"));
    let messages = said(&format!("{stack}tls = false\n"), "eks");
    assert!(messages.contains("warning[grpc-without-tls]") && messages.contains("remove `tls = false`"), "{messages}");
    assert!(!said(&stack, "k3d").contains("grpc-without-tls"), "Traefik takes HTTP/2 in clear text");
    let messages = said(&format!("[cluster]\nexpose.class = \"nginx\"\n{stack}"), "cloud");
    assert!(messages.contains("write `tls = { secret = \"NAME\" }` below `[ingress.i]`"), "{messages}");
}

#[test]
fn the_probe_is_why_a_controller_is_told_of_grpc() {
    let stack = format!("{RPC}probes.ready = {{ grpc = true }}\n{RPC_ROUTE}");
    for field in ["spec.ports[name=main].appProtocol".to_owned(), format!("metadata.annotations.\"{ALB_PROTOCOL}\"")] {
        let reason = reasons(&stack, "Service/rpc", &field);
        assert!(reason.contains("probes.ready = { grpc = true }") && reason.contains("a gRPC probe asks"), "{reason}");
    }
    let reason = reasons(&stack, "Service/rpc", &format!("metadata.annotations.\"{ALB_PROTOCOL}\""));
    assert!(reason.contains("class = \"alb\""), "who asks is a reason too: {reason}");
}

const WEB: &str = "[api.web]\nimage = \"x/web:1\"\nports = { http = 8080, management = 9000 }\n";
const WEB_ROUTE: &str = "[ingress.web]\nhost = \"a.example.com\"\nroutes = { \"/\" = \"web\" }\n";

/// What an ALB is told of the health of [`WEB`]: path, port, protocol, codes.
fn alb_health(made: &[Value]) -> [Option<&str>; 4] {
    let keys = ["healthcheck-path", "healthcheck-port", "healthcheck-protocol", "success-codes"];
    let metadata = &object(made, "Service", "web")["metadata"];
    keys.map(|key| metadata.get("annotations")?.get(format!("alb.ingress.kubernetes.io/{key}"))?.as_str())
}

#[test]
fn an_alb_asks_as_the_readiness_probe_does() {
    let told = |probe: &str| objects(&format!("{WEB}{probe}\n{WEB_ROUTE}"), "eks");
    let path = Some("/up");
    assert_eq!(alb_health(&told("health = \"/up\"")), [path, None, None, Some("200-399")]);
    assert_eq!(
        alb_health(&told("probes.ready = { http = \"/up\", port = 8080 }")),
        [path, None, None, Some("200-399")]
    );
    let other = told("probes.ready = { http = \"/up\", port = \"management\", scheme = \"https\" }");
    assert_eq!(alb_health(&other), [path, Some("9000"), Some("HTTPS"), Some("200-399")]);
    assert_eq!(
        alb_health(&told("probes.live = { http = \"/up\" }")),
        [None; 4],
        "only readiness says who gets requests"
    );
    assert_eq!(alb_health(&objects(&format!("{WEB}health = \"/up\"\n"), "eks")), [None; 4], "no route leads here");
    assert_eq!(alb_health(&objects(&format!("{WEB}health = \"/up\"\n{WEB_ROUTE}"), "k3d")), [None; 4]);

    let own = format!(
        "{WEB}health = \"/up\"\n{WEB_ROUTE}annotations = {{ \"alb.ingress.kubernetes.io/healthcheck-path\" = \"/x\" }}\n"
    );
    assert_eq!(alb_health(&objects(&own, "eks")), [None; 4], "the Service would win over what the ingress says");
}

#[test]
fn the_sidecar_that_listens_is_asked() {
    let stack = "[api.web]\nimage = \"x/web:1\"\nports = { fpm = 9000 }\nprobes.ready = { tcp = true }\nservice = { ports = [\"http\"] }\n\
        [api.web.sidecar.nginx]\nimage = \"nginx:1.27.3\"\nports = { http = 8080 }\nprobes.ready = { http = \"/status\" }\n";
    let made = objects(&format!("{stack}{WEB_ROUTE}"), "eks");
    assert_eq!(alb_health(&made), [Some("/status"), None, None, Some("200-399")]);
}

/// `spec.default.config` of the HealthCheckPolicy that GKE gets of [`WEB`], as JSON; nothing where there is none.
fn gke_health(stack: &str) -> Option<String> {
    let made = objects(stack, "gke");
    let policy = support::find(&made, "HealthCheckPolicy", "web")?;
    let target = serde_json::to_value(&policy["spec"]["targetRef"]).ok()?;
    assert_eq!(target, serde_json::json!({ "group": "", "kind": "Service", "name": "web" }));
    assert_eq!(policy["apiVersion"], "networking.gke.io/v1");
    assert_eq!(policy["metadata"]["namespace"], "a");
    Some(serde_json::to_string(&policy["spec"]["default"]["config"]).expect("YAML of texts and numbers"))
}

#[test]
fn gke_asks_as_the_readiness_probe_does() {
    let told = |probe: &str| gke_health(&format!("{WEB}{probe}\n{WEB_ROUTE}"));
    for (probe, expected) in [
        (
            "health = \"/up\"",
            r#"{"type":"HTTP","httpHealthCheck":{"portSpecification":"USE_SERVING_PORT","requestPath":"/up"}}"#,
        ),
        (
            "probes.ready = { http = \"/\", port = 9000 }",
            r#"{"type":"HTTP","httpHealthCheck":{"portSpecification":"USE_FIXED_PORT","port":9000,"requestPath":"/"}}"#,
        ),
        (
            "probes.ready = { http = \"/up\", scheme = \"https\" }",
            r#"{"type":"HTTPS","httpsHealthCheck":{"portSpecification":"USE_SERVING_PORT","requestPath":"/up"}}"#,
        ),
        (
            "probes.ready = { grpc = \"acme.Shop\" }",
            r#"{"type":"GRPC","grpcHealthCheck":{"portSpecification":"USE_SERVING_PORT","grpcServiceName":"acme.Shop"}}"#,
        ),
        (
            "probes.ready = { tcp = true }",
            r#"{"type":"TCP","tcpHealthCheck":{"portSpecification":"USE_SERVING_PORT"}}"#,
        ),
    ] {
        let found = told(probe).map(|found| serde_json::from_str::<serde_json::Value>(&found).expect("JSON"));
        assert_eq!(found, serde_json::from_str(expected).ok(), "{probe}");
    }
    assert_eq!(told("health = \"/\""), None, "GKE asks for this anyway");
    assert_eq!(told("probes.ready = { exec = [\"check\"] }"), None);
    assert_eq!(gke_health(&format!("{WEB}health = \"/up\"\n")), None, "no route leads here");
}

#[test]
fn a_policy_of_the_stack_is_the_only_one() {
    let stack = format!(
        "{WEB}health = \"/up\"\n{WEB_ROUTE}[manifest.check]\nyaml = '''\napiVersion: networking.gke.io/v1\nkind: HealthCheckPolicy\n\
         metadata: {{ name: own }}\nspec:\n  default: {{ config: {{ type: HTTP, httpHealthCheck: {{ requestPath: /x }} }} }}\n  \
         targetRef: {{ group: '', kind: Service, name: web }}\n'''\n"
    );
    assert_eq!(gke_health(&stack), None);
    let messages =
        run(&format!("{HEAD}{}", stack.replace("requestPath: /x", "requestPaht: /x")), "gke", &[], &[]).messages;
    assert!(messages.contains("requestPaht"), "{messages}");
}

#[test]
fn a_policy_of_the_network_lets_the_load_balancer_ask() {
    let stack = format!("{WEB}probes.ready = {{ http = \"/up\", port = \"management\" }}\n{WEB_ROUTE}");
    let head = HEAD.replace("namespace = \"a\"\n", "namespace = \"a\"\nnetwork-policy = true\n");
    let made = render(&format!("{head}{stack}"), "gke", &[], &[]).unwrap_or_else(|messages| panic!("{messages}"));
    let ports = &object(&made, "NetworkPolicy", "web")["spec"]["ingress"][0]["ports"];
    let ports: Vec<_> = ports.as_sequence().into_iter().flatten().map(|port| port["port"].as_i64()).collect();
    assert_eq!(ports, [Some(8080), Some(9000)]);
}

#[test]
fn a_probe_that_no_load_balancer_can_make_is_told() {
    let stack = |probe: &str| format!("{WEB}{probe}\n{WEB_ROUTE}");
    let messages = said(&stack("probes.ready = { exec = [\"check\"] }"), "eks");
    assert!(messages.contains("info[load-balancer-health-check]") && messages.contains("runs a command"), "{messages}");
    assert!(
        said(&stack("probes.ready = { exec = [\"check\"] }"), "gke").contains("or add `probes.ready = { tcp = true }`")
    );
    assert!(said(&stack("probes.ready = { tcp = true }"), "eks").contains("load-balancer-health-check"));
    for (probe, profile) in [("tcp = true", "gke"), ("http = \"/up\"", "eks"), ("exec = [\"check\"]", "k3d")] {
        let messages = said(&stack(&format!("probes.ready = {{ {probe} }}")), profile);
        assert!(!messages.contains("load-balancer-health-check"), "{messages}");
    }
    // as the help says
    let told = "service.annotations.\"alb.ingress.kubernetes.io/healthcheck-path\" = \"/PATH\"";
    let messages = said(&stack(&format!("probes.ready = {{ tcp = true }}\n{told}")), "eks");
    assert!(!messages.contains("load-balancer-health-check"), "{messages}");
}

#[test]
fn annotations_for_another_controller_are_told() {
    let web =
        "[api.w]\nimage = \"x/y:1\"\nport = 80\n[ingress.i]\nhost = \"a.example.com\"\nroutes = { \"/\" = \"w\" }\n";
    let stack = format!(
        "{web}annotations = {{ \"nginx.ingress.kubernetes.io/proxy-body-size\" = \"50m\", \"example.com/owner\" = \"me\" }}\n"
    );
    for (profile, controller) in [("k3d", "Traefik"), ("kind", "Traefik"), ("eks", "the AWS Load Balancer Controller")]
    {
        let messages = said(&stack, profile);
        let title = format!(
            "warning[unused-key]: `nginx.ingress.kubernetes.io/proxy-body-size` has no effect: ingress-nginx reads it, and {controller} serves this ingress"
        );
        assert!(messages.contains(&title), "{messages}");
        assert!(
            messages.contains("move it to `[profile.NAME.ingress.i.annotations]` of a profile with ingress-nginx"),
            "{messages}"
        );
        assert!(!messages.contains("example.com/owner` has"), "{messages}");
    }
    let nginx = format!("[cluster]\nexpose.class = \"nginx\"\n{stack}");
    assert!(!said(&nginx, "cloud").contains("unused-key"));
    assert!(!said(&stack, "cloud").contains("unused-key"), "who serves it is not known");
    assert!(!said(&format!("{stack}class = \"nginx\"\n"), "k3d").contains("unused-key"), "a class of its own");
    let mended = format!(
        "{web}[profile.inner]\nextends = \"cloud\"\ncluster.expose.class = \"nginx\"\n\
         [profile.inner.ingress.i.annotations]\n\"nginx.ingress.kubernetes.io/proxy-body-size\" = \"50m\"\n"
    );
    for profile in ["eks", "inner"] {
        assert!(!said(&mended, profile).contains("unused-key"), "{profile}");
    }
}

#[test]
fn annotations_of_an_ingress_are_unset_for_a_gateway_as_the_help_says() {
    let stack = format!("{WEB}{WEB_ROUTE}annotations = {{ \"example.com/owner\" = \"me\" }}\n");
    let messages = said(&stack, "gke");
    assert!(messages.contains("write `unset = [\"ingress.web.annotations\"]` below `[profile.gke]`"), "{messages}");
    let mended = format!("{stack}[profile.gke]\nunset = [\"ingress.web.annotations\"]\n");
    assert!(!said(&mended, "gke").contains("unused-key"));
}
