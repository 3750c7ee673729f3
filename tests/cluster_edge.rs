//! What load balancers and ingress controllers are told, so that an application answers where the stack says it does.

mod support;

use serde_yaml::Value;
use stowplan::emit::provenance::human::human;
use stowplan::emit::report::human::{Color, Style};
use stowplan::profile::{Request, Session};
use stowplan::why::{Question, answer};
use support::{Files, object, render};

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
