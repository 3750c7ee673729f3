//! Layers and profiles as design.md 2.2 tells them, through the front door: text in, objects or messages out.

mod support;

use serde_yaml::Value;
use support::{container, find, object, render, run};

/// An api that renders by itself; tests add lines below its header.
const WEB: &str = "[stack]\nname = \"shop\"\n[api.web]\nimage = \"nginx:1.27\"\n";

/// The Deployment `web` of a stack that must render.
#[track_caller]
fn web(stack: &str, profile: &str, set: &[&str]) -> Value {
    match render(stack, profile, set, &[]) {
        Ok(objects) => object(&objects, "Deployment", "web").clone(),
        Err(messages) => panic!("{messages}"),
    }
}

/// The messages about a stack that must not render.
#[track_caller]
fn messages(stack: &str, profile: &str, set: &[&str]) -> String {
    match render(stack, profile, set, &[]) {
        Err(messages) => messages,
        Ok(_) => panic!("it renders:\n{}", run(stack, profile, set, &[]).messages),
    }
}

#[track_caller]
fn says(messages: &str, parts: &[&str]) {
    for part in parts {
        assert!(messages.contains(part), "not said: {part}\n{messages}");
    }
    assert_eq!(messages.matches("error[").count(), 1, "one mistake, one message:\n{messages}");
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_sequence().into_iter().flatten().map(|item| item.as_str().unwrap()).collect()
}

/// Names and values of the variables of a workload.
fn env(workload: &Value) -> Vec<(&str, &str)> {
    let env = container(workload)["env"].as_sequence();
    env.into_iter()
        .flatten()
        .map(|entry| (entry["name"].as_str().unwrap(), entry["value"].as_str().unwrap_or("-")))
        .collect()
}

mod order {
    use super::*;

    /// `priority` is a label that every layer may set.
    fn layer_of(stack: &str, profile: &str, set: &[&str], files: &[(&str, &str)]) -> String {
        let objects = render(stack, profile, set, files).unwrap_or_else(|messages| panic!("{messages}"));
        object(&objects, "Deployment", "web")["metadata"]["labels"]["layer"].as_str().unwrap().to_owned()
    }

    #[test]
    fn later_layers_win_from_the_base_to_set() {
        let files: &[(&str, &str)] = &[
            ("profiles/low.toml", "extends = \"cloud\"\n[defaults.workload.labels]\nlayer = \"root-profile\"\n"),
            ("profiles/high.toml", "extends = \"low\"\n[defaults.workload.labels]\nlayer = \"profile\"\n"),
        ];
        let profile_only = format!("{WEB}port = 80\n");
        assert_eq!(layer_of(&profile_only, "low", &[], files), "root-profile");
        assert_eq!(layer_of(&profile_only, "high", &[], files), "profile");
        let stack = format!("{WEB}port = 80\n[defaults.workload.labels]\nlayer = \"stack\"\n");
        assert_eq!(layer_of(&stack, "high", &[], files), "stack");
        let low = format!("{stack}[profile.low.defaults.workload.labels]\nlayer = \"root-overlay\"\n");
        assert_eq!(layer_of(&low, "high", &[], files), "root-overlay");
        let high = format!("{low}[profile.high.defaults.workload.labels]\nlayer = \"overlay\"\n");
        assert_eq!(layer_of(&high, "high", &[], files), "overlay");
        assert_eq!(layer_of(&high, "low", &[], files), "root-overlay");
        assert_eq!(layer_of(&high, "high", &["defaults.workload.labels.layer=set"], files), "set");
    }

    #[test]
    fn the_base_holds_every_default() {
        let web = web(&format!("{WEB}port = 80\n"), "k3d", &[]);
        assert_eq!(web["spec"]["template"]["spec"]["enableServiceLinks"], false);
        assert_eq!(container(&web)["lifecycle"]["preStop"]["sleep"]["seconds"], 5);
    }

    #[test]
    fn an_overlay_holds_for_the_profiles_that_extend_its_profile() {
        let stack = format!("{WEB}port = 80\n[profile.cloud.api.web]\nreplicas = 7\n");
        assert_eq!(web(&stack, "eks", &[])["spec"]["replicas"], 7);
        assert_eq!(web(&stack, "k3d", &[])["spec"]["replicas"], 1);
    }

    #[test]
    fn overlays_are_laid_root_first_wherever_they_stand() {
        let stack =
            format!("{WEB}port = 80\n[profile.eks.api.web]\nreplicas = 5\n[profile.cloud.api.web]\nreplicas = 7\n");
        assert_eq!(web(&stack, "eks", &[])["spec"]["replicas"], 5);
        assert_eq!(web(&stack, "cloud", &[])["spec"]["replicas"], 7);
    }

    #[test]
    fn a_profile_made_in_the_stack_is_laid_over_the_one_it_extends() {
        let stack = format!(
            "{WEB}port = 80\n[profile.staging]\nextends = \"cloud\"\n[profile.staging.api.web]\nreplicas = 3\n"
        );
        let staging = web(&stack, "staging", &[]);
        assert_eq!(staging["spec"]["replicas"], 3);
        assert_eq!(container(&staging)["resources"]["requests"]["cpu"], "100m");
    }

    #[test]
    fn a_stack_and_an_overlay_correct_facts_about_the_cluster() {
        let host = |stack: &str, profile| {
            let objects = render(stack, profile, &[], &[]).unwrap_or_else(|messages| panic!("{messages}"));
            object(&objects, "Ingress", "shop")["spec"]["rules"][0]["host"].as_str().unwrap().to_owned()
        };
        let stack = format!("{WEB}port = 80\n[ingress.shop]\nroutes = {{ \"/\" = \"web\" }}\n");
        assert_eq!(host(&stack, "k3d"), "shop.localhost");
        let stack =
            format!("{stack}[cluster]\ndomain = \"example.com\"\n[profile.minikube]\ncluster.domain = \"mini.test\"\n");
        assert_eq!(host(&stack, "k3d"), "shop.example.com");
        assert_eq!(host(&stack, "minikube"), "shop.mini.test");
    }
}

mod short_forms {
    use super::*;

    fn rendered(lower: &str, upper: &str) -> Value {
        web(&format!("{WEB}{lower}\n[profile.k3d.api.web]\n{upper}\n"), "k3d", &[])
    }

    #[test]
    fn a_security_word_is_its_level() {
        let web = rendered("port = 80\nsecurity = { level = \"baseline\", user = 1000 }", "security = \"restricted\"");
        let pod = &web["spec"]["template"]["spec"]["securityContext"];
        assert_eq!(pod["runAsUser"], 1000);
        assert_eq!(strings(&container(&web)["securityContext"]["capabilities"]["drop"]), ["ALL"]);
        let web = rendered("port = 80\nsecurity = \"restricted\"", "security.user = 7");
        assert_eq!(web["spec"]["template"]["spec"]["securityContext"]["runAsUser"], 7);
        assert_eq!(strings(&container(&web)["securityContext"]["capabilities"]["drop"]), ["ALL"]);
    }

    #[test]
    fn a_list_of_uses_is_a_table() {
        let targets = "[api.one]\nimage = \"a:1\"\nport = 81\n[api.two]\nimage = \"a:1\"\nport = 82\n";
        let stack = format!(
            "{WEB}port = 80\nuses = [\"one\"]\n{targets}[profile.k3d.api.web]\nuses.two = {{ TWO = \"address\" }}\n[profile.k3d.api.web.uses.one]\nONE = \"port\"\n"
        );
        assert_eq!(env(&web(&stack, "k3d", &[])), [("ONE", "81"), ("TWO", "two:82")]);
        let stack = format!(
            "{WEB}port = 80\nuses.one = {{ ONE = \"host\" }}\n{targets}[profile.k3d.api.web]\nuses = [\"...\", \"two\"]\n"
        );
        assert_eq!(env(&web(&stack, "k3d", &[])), [("ONE", "one")]);
    }

    #[test]
    fn a_port_is_ports_http_in_every_layer() {
        let ports = |web: &Value| container(web)["ports"].clone();
        let web = rendered("port = \"80:3000\"", "ports.http = \"80:4000\"");
        assert_eq!(ports(&web)[0]["containerPort"], 4000);
        let web = rendered("ports = { http = 80, metrics = 9090 }", "port = \"80:3000\"");
        assert_eq!(ports(&web)[0]["containerPort"], 3000);
        assert_eq!(ports(&web)[1]["containerPort"], 9090);
        let web = rendered("port = \"80:3000\"", "ports.metrics = 9090");
        assert_eq!(ports(&web)[0]["name"], "http");
        assert_eq!(ports(&web)[1]["name"], "metrics");
    }

    #[test]
    fn a_port_number_is_both_numbers_and_a_port_table_adds_to_it() {
        let web = rendered("port = \"80:3000\"", "port = 81");
        assert_eq!(container(&web)["ports"][0]["containerPort"], 81);
        let web = rendered("port = \"80:3000\"", "ports.http = { host-port = 8080 }");
        assert_eq!(container(&web)["ports"][0]["containerPort"], 3000);
        assert_eq!(container(&web)["ports"][0]["hostPort"], 8080);
        let web = rendered("port = \"80:3000\"", "ports.http.target = 3001");
        assert_eq!(container(&web)["ports"][0]["containerPort"], 3001);
    }

    #[test]
    fn a_port_over_ports_without_http_is_an_error_showing_both() {
        let stack = format!("{WEB}ports = {{ grpc = 9090 }}\n[profile.k3d.api.web]\nport = 80\n");
        says(
            &messages(&stack, "k3d", &[]),
            &["exclusive-keys", "5 | ports = { grpc", "7 | port = 80", "unset = [\"ports\"]"],
        );
        let mended = format!("{WEB}ports = {{ grpc = 9090 }}\n[profile.k3d.api.web]\nunset = [\"ports\"]\nport = 80\n");
        assert_eq!(container(&web(&mended, "k3d", &[]))["ports"].as_sequence().unwrap().len(), 1);
        let template = "[stack]\nname = \"shop\"\n[template.t]\nports = { grpc = 9090 }\n[api.web]\nextends = \"t\"\nimage = \"a:1\"\nport = 80\n";
        says(&messages(template, "k3d", &[]), &["exclusive-keys", "4 | ports", "8 | port = 80"]);
        says(&messages(&format!("{WEB}ports = {{ grpc = 9090 }}\nport = 80\n"), "k3d", &[]), &["exclusive-keys"]);
    }

    #[test]
    fn a_protocol_in_port_is_an_error_that_shows_the_ports_form() {
        says(
            &messages(&format!("{WEB}port = \"53:53/udp\"\n"), "k3d", &[]),
            &["port-protocol", "ports = { main = \"53:53/udp\" }"],
        );
    }

    #[test]
    fn health_is_three_probes_and_a_probe_beside_it_wins() {
        let web =
            web(&format!("{WEB}port = 80\nhealth = \"/up\"\nprobes.ready = {{ exec = [\"true\"] }}\n"), "k3d", &[]);
        let container = container(&web);
        assert_eq!(container["livenessProbe"]["httpGet"]["path"], "/up");
        assert_eq!(container["startupProbe"]["httpGet"]["path"], "/up");
        assert_eq!(container["readinessProbe"]["httpGet"], Value::Null);
        assert_eq!(strings(&container["readinessProbe"]["exec"]["command"]), ["true"]);
        assert_eq!(container["readinessProbe"]["periodSeconds"], Value::Null);
    }

    #[test]
    fn a_probe_in_a_later_layer_wins_over_health() {
        let web = rendered("port = 80\nhealth = \"/up\"", "probes.ready = { exec = [\"true\"] }");
        let container = container(&web);
        assert_eq!(container["livenessProbe"]["httpGet"]["path"], "/up");
        assert_eq!(container["readinessProbe"]["httpGet"], Value::Null);
        assert_eq!(strings(&container["readinessProbe"]["exec"]["command"]), ["true"]);
    }

    #[test]
    fn health_in_a_later_layer_wins_over_a_probe() {
        let web = rendered("port = 80\nprobes.ready = { exec = [\"true\"], delay = \"9s\" }", "health = \"/up\"");
        let ready = &container(&web)["readinessProbe"];
        assert_eq!(ready["httpGet"]["path"], "/up");
        assert_eq!(ready["exec"], Value::Null);
        assert_eq!(ready["initialDelaySeconds"], 9, "tables merge by key");
    }

    #[test]
    fn an_expression_in_a_short_form_is_evaluated_later() {
        let vars = "[vars]\nlevel = \"restricted\"\nport = \"80:3000\"\n";
        let stack = format!(
            "{vars}{WEB}port = \"{{{{ vars.port }}}}\"\nsecurity = \"{{{{ vars.level }}}}\"\n[profile.k3d.api.web]\nsecurity.user = 5\n"
        );
        let web = web(&stack, "k3d", &[]);
        assert_eq!(container(&web)["ports"][0]["containerPort"], 3000);
        assert_eq!(strings(&container(&web)["securityContext"]["capabilities"]["drop"]), ["ALL"]);
    }
}

mod merging {
    use super::*;

    fn overlaid(lower: &str, upper: &str) -> Value {
        web(&format!("{WEB}port = 80\n{lower}\n[profile.k3d.api.web]\n{upper}\n"), "k3d", &[])
    }

    #[test]
    fn tables_merge_by_key_and_overridden_keys_keep_their_place() {
        let web = overlaid("env = { A = 1, B = 2, C = 3 }", "env = { D = 4, B = 5 }");
        assert_eq!(env(&web), [("A", "1"), ("B", "5"), ("C", "3"), ("D", "4")]);
    }

    #[test]
    fn keys_of_templates_stand_before_a_components_own() {
        let stack = "[stack]\nname = \"shop\"\n[template.t.env]\nA = 1\nB = 2\n[api.web]\nimage = \"a:1\"\nport = 80\nextends = \"t\"\nenv = { C = 3, A = 9 }\n";
        assert_eq!(env(&web(stack, "k3d", &[])), [("A", "9"), ("B", "2"), ("C", "3")]);
    }

    #[test]
    fn of_exclusive_keys_the_later_layers_wins() {
        let probe = |lower, upper| {
            let web = overlaid(&format!("probes.live = {lower}"), &format!("probes.live = {upper}"));
            let probe = container(&web)["livenessProbe"].clone();
            let asks = ["httpGet", "tcpSocket", "grpc", "exec"].into_iter().filter(|key| !probe[*key].is_null());
            asks.collect::<Vec<_>>()
        };
        let forms = [
            ("httpGet", "{ http = \"/\" }"),
            ("tcpSocket", "{ tcp = true }"),
            ("grpc", "{ grpc = true, port = 80 }"),
            ("exec", "{ exec = [\"a\"] }"),
        ];
        for (_, lower) in forms {
            for (asked, upper) in forms {
                assert_eq!(probe(lower, upper), [asked], "{upper} over {lower}");
            }
        }
        let stop = |lower, upper| {
            container(&overlaid(lower, upper))["lifecycle"]["preStop"]
                .as_mapping()
                .unwrap()
                .keys()
                .map(|key| key.as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(stop("", "stop.exec = [\"a\"]"), ["exec"], "over the sleep of the base");
        assert_eq!(stop("stop.exec = [\"a\"]", "stop.sleep = \"3s\""), ["sleep"]);
        let strategy = |lower, upper| overlaid(lower, upper)["spec"]["strategy"].clone();
        let recreated = strategy("strategy = { surge = 1, unavailable = 0 }", "strategy = \"recreate\"");
        assert_eq!((recreated["type"].as_str(), &recreated["rollingUpdate"]), (Some("Recreate"), &Value::Null));
        let rolling = strategy("strategy = \"recreate\"", "strategy.surge = \"25%\"");
        assert_eq!(
            (rolling["type"].as_str(), rolling["rollingUpdate"]["maxSurge"].as_str()),
            (Some("RollingUpdate"), Some("25%"))
        );
    }

    #[test]
    fn exclusive_keys_in_one_layer_are_an_error_showing_both() {
        let stack = format!("{WEB}port = 80\n[api.web.probes.live]\nhttp = \"/\"\ntcp = true\n");
        says(&messages(&stack, "k3d", &[]), &["exclusive-keys", "7 | http", "8 | tcp"]);
    }

    #[test]
    fn a_word_and_a_table_under_one_key_replace_each_other() {
        let tls = |lower: &str, upper: &str| {
            let stack = format!(
                "{WEB}port = 80\n[ingress.shop]\nhost = \"shop.test\"\nroutes = {{ \"/\" = \"web\" }}\ntls = {lower}\n[profile.k3d.ingress.shop]\ntls = {upper}\n"
            );
            let objects = render(&stack, "k3d", &[], &[]).unwrap_or_else(|messages| panic!("{messages}"));
            object(&objects, "Ingress", "shop")["spec"]["tls"][0]["secretName"].as_str().map(str::to_owned)
        };
        assert_eq!(tls("{ secret = \"cert\" }", "false"), None);
        assert_eq!(tls("false", "{ secret = \"cert\" }").as_deref(), Some("cert"));
        let objects = |upper: &str| {
            let stack = format!(
                "{WEB}port = 80\nreplicas = 3\npdb = {{ unavailable = 1 }}\n[cluster]\nnodes = 3\n[profile.k3d.api.web]\npdb = {upper}\n"
            );
            render(&stack, "k3d", &[], &[]).unwrap_or_else(|messages| panic!("{messages}"))
        };
        assert!(find(&objects("false"), "PodDisruptionBudget", "web").is_none());
        assert_eq!(object(&objects("{ unavailable = 2 }"), "PodDisruptionBudget", "web")["spec"]["maxUnavailable"], 2);
    }

    #[test]
    fn an_env_value_is_replaced_whole() {
        let web = overlaid("env.A = { field = \"status.podIP\", optional = true }", "env.A = \"text\"");
        assert_eq!(env(&web), [("A", "text")]);
        let web = overlaid("env.A = \"text\"", "env.A = { field = \"status.podIP\" }");
        assert_eq!(container(&web)["env"][0]["valueFrom"]["fieldRef"]["fieldPath"], "status.podIP");
        let web = overlaid("env.A = { resource = \"limits.memory\" }", "env.A = { field = \"status.podIP\" }");
        assert_eq!(container(&web)["env"][0]["valueFrom"].as_mapping().unwrap().len(), 1);
    }

    #[test]
    fn a_mount_is_replaced_whole() {
        let web = overlaid(
            "mounts.\"/tmp\" = { scratch = \"1Gi\", memory = true, read-only = true }",
            "mounts.\"/tmp\" = { scratch = \"2Gi\" }",
        );
        let empty = &web["spec"]["template"]["spec"]["volumes"][0]["emptyDir"];
        assert_eq!((empty["sizeLimit"].as_str(), &empty["medium"]), (Some("2Gi"), &Value::Null));
        assert_eq!(container(&web)["volumeMounts"][0]["readOnly"], Value::Null);
        let web = overlaid("mounts.\"/tmp\" = { scratch = \"1Gi\" }", "mounts.\"/tmp\" = { claim = \"disk\" }");
        assert_eq!(web["spec"]["template"]["spec"]["volumes"][0]["persistentVolumeClaim"]["claimName"], "disk");
    }

    #[test]
    fn a_list_is_replaced() {
        let web = overlaid("args = [\"a\", \"b\"]", "args = [\"c\"]");
        assert_eq!(strings(&container(&web)["args"]), ["c"]);
        let web = overlaid("args = [\"a\", \"b\"]", "args = []");
        assert_eq!(strings(&container(&web)["args"]), Vec::<&str>::new());
    }

    #[test]
    fn three_dots_stand_for_what_was_there() {
        let args = |lower: &str, upper: &str| {
            let web = overlaid(lower, upper);
            strings(&container(&web)["args"]).join(" ")
        };
        assert_eq!(args("args = [\"a\", \"b\"]", "args = [\"...\", \"c\"]"), "a b c");
        assert_eq!(args("args = [\"a\", \"b\"]", "args = [\"c\", \"...\"]"), "c a b");
        assert_eq!(args("args = [\"a\", \"b\"]", "args = [\"c\", \"...\", \"d\"]"), "c a b d");
        assert_eq!(
            args("args = [\"a\", \"b\"]", "args = [\"...\", \"c\", \"...\"]"),
            "a b c a b",
            "each stands for it"
        );
        assert_eq!(args("", "args = [\"...\", \"c\"]"), "c", "nothing was there");
        assert_eq!(args("args = [\"...\", \"b\"]", "args = [\"...\", \"c\"]"), "b c");
    }

    #[test]
    fn three_dots_reach_through_templates_and_defaults() {
        let stack = "[stack]\nname = \"shop\"\n[defaults.api]\nargs = [\"d\"]\n[template.t]\nargs = [\"...\", \"t\"]\n[api.web]\nimage = \"a:1\"\nport = 80\nextends = \"t\"\nargs = [\"...\", \"w\"]\n[profile.k3d.api.web]\nargs = [\"...\", \"o\"]\n";
        assert_eq!(strings(&container(&web(stack, "k3d", &[]))["args"]), ["d", "t", "w", "o"]);
    }

    #[test]
    fn three_dots_behind_a_single_value_stand_for_it() {
        let stack = format!(
            "{WEB}port = 80\n[ingress.shop]\nhost = \"a.test\"\nroutes = {{ \"/\" = \"web\" }}\n[profile.k3d.ingress.shop]\nhost = [\"...\", \"b.test\"]\n"
        );
        let objects = render(&stack, "k3d", &[], &[]).unwrap_or_else(|messages| panic!("{messages}"));
        let rules = object(&objects, "Ingress", "shop")["spec"]["rules"].as_sequence().unwrap();
        assert_eq!(rules.iter().map(|rule| rule["host"].as_str().unwrap()).collect::<Vec<_>>(), ["a.test", "b.test"]);
    }

    #[test]
    fn a_namespace_of_an_overlay_takes_the_place_of_the_stacks() {
        let stack = format!(
            "{}port = 80\n[profile.k3d.stack]\nnamespace = {{ create = false }}\n",
            WEB.replace("name = \"shop\"", "name = \"shop\"\nnamespace = \"one\"")
        );
        let objects = render(&stack, "k3d", &[], &[]).unwrap_or_else(|messages| panic!("{messages}"));
        assert!(find(&objects, "Namespace", "one").is_none());
        assert_eq!(object(&objects, "Deployment", "web")["metadata"]["namespace"], "one");
    }
}
