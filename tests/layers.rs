//! Layers and profiles as design.md 2.2 tells them, through the front door: text in, objects or messages out.

#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

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

mod unset {
    use super::*;

    fn container_of(stack: &str, profile: &str) -> Value {
        container(&web(stack, profile, &[])).clone()
    }

    #[test]
    fn a_whole_component_is_removed_with_its_hpa() {
        let stack = format!(
            "{WEB}port = 80\n[worker.w]\nimage = \"a:1\"\n[hpa.w]\nmax = 3\ncpu = 70\n[profile.k3d]\nunset = [\"worker.w\", \"hpa.w\"]\n"
        );
        let objects = render(&stack, "k3d", &[], &[]).unwrap_or_else(|messages| panic!("{messages}"));
        assert!(
            find(&objects, "Deployment", "w").is_none() && find(&objects, "HorizontalPodAutoscaler", "w").is_none()
        );
        let objects = render(&stack, "cloud", &[], &[]).unwrap_or_else(|messages| panic!("{messages}"));
        assert!(
            find(&objects, "Deployment", "w").is_some() && find(&objects, "HorizontalPodAutoscaler", "w").is_some()
        );
    }

    #[test]
    fn paths_in_a_component_are_relative_to_it() {
        let stack = format!(
            "{WEB}port = 80\nargs = [\"a\"]\nenv = {{ A = 1, B = 2 }}\n[profile.k3d.api.web]\nunset = [\"args\", \"env.A\"]\n"
        );
        let web = web(&stack, "k3d", &[]);
        assert_eq!(container(&web)["args"], Value::Null);
        assert_eq!(env(&web), [("B", "2")]);
    }

    #[test]
    fn a_path_may_have_quoted_keys() {
        let stack = format!(
            "{WEB}port = 80\nmounts.\"/a.b\" = {{ scratch = \"1Gi\" }}\nmounts.\"/c\" = {{ scratch = \"1Gi\" }}\n[profile.k3d]\nunset = ['api.web.mounts.\"/a.b\"']\n"
        );
        let mounts = container_of(&stack, "k3d")["volumeMounts"].clone();
        assert_eq!(mounts.as_sequence().unwrap().len(), 1);
        assert_eq!(mounts[0]["mountPath"], "/c");
    }

    #[test]
    fn it_acts_on_lower_layers_defaults_and_templates() {
        let base = format!("{WEB}port = 80\nunset = [\"stop\"]\n");
        assert_eq!(container_of(&base, "k3d")["lifecycle"], Value::Null, "the base's default");
        let template = "[stack]\nname = \"shop\"\n[template.t]\nargs = [\"t\"]\ncommand = [\"c\"]\n[api.web]\nimage = \"a:1\"\nport = 80\nextends = \"t\"\nunset = [\"args\"]\n";
        let container = container_of(template, "k3d");
        assert_eq!((&container["args"], container["command"][0].as_str()), (&Value::Null, Some("c")));
        let layer = "[stack]\nname = \"shop\"\n[template.t]\nargs = [\"t\"]\n[api.web]\nimage = \"a:1\"\nport = 80\nextends = \"t\"\n[profile.k3d]\nunset = [\"api.web.args\", \"api.web.stop\"]\n";
        let container = container_of(layer, "k3d");
        assert_eq!((&container["args"], &container["lifecycle"]), (&Value::Null, &Value::Null));
        assert_eq!(container_of(layer, "cloud")["args"][0], "t");
    }

    #[test]
    fn it_never_acts_on_the_tables_own_keys() {
        let stack = "[stack]\nname = \"shop\"\n[template.t]\nenv = { A = 1, B = 2 }\n[api.web]\nimage = \"a:1\"\nport = 80\nextends = \"t\"\nunset = [\"env\"]\nenv = { B = 3 }\n";
        assert_eq!(env(&web(stack, "k3d", &[])), [("B", "3")]);
    }

    #[test]
    fn an_overlay_may_remove_and_write_again() {
        let stack = format!(
            "{WEB}port = 80\nenv = {{ A = 1, B = 2 }}\n[profile.k3d]\nunset = [\"api.web.env\"]\n[profile.k3d.api.web.env]\nB = 3\n"
        );
        assert_eq!(env(&web(&stack, "k3d", &[])), [("B", "3")]);
        let whole = format!(
            "{WEB}port = 80\nenv = {{ A = 1 }}\nunset = [\"stop\"]\n[profile.k3d]\nunset = [\"api.web\"]\n[profile.k3d.api.web]\nimage = \"new:1\"\nport = 81\n"
        );
        let web = web(&whole, "k3d", &[]);
        assert_eq!((env(&web), container(&web)["image"].as_str()), (Vec::new(), Some("new:1")));
        assert_eq!(container(&web)["lifecycle"]["preStop"]["sleep"]["seconds"], 5, "its unset went with it");
    }

    #[test]
    fn moved_keys_are_found_by_either_name() {
        for path in ["port", "ports.http"] {
            let stack =
                format!("{WEB}ports = {{ http = 80, metrics = 9090 }}\n[profile.k3d.api.web]\nunset = [\"{path}\"]\n");
            assert_eq!(container_of(&stack, "k3d")["ports"][0]["name"], "metrics");
            let stack = format!(
                "{WEB}port = 80\n[profile.k3d]\nunset = [\"api.web.{path}\"]\n[profile.k3d.api.web]\nports = {{ metrics = 9090 }}\n"
            );
            assert_eq!(container_of(&stack, "k3d")["ports"].as_sequence().unwrap().len(), 1);
        }
        for path in ["health", "probes"] {
            let stack = format!("{WEB}port = 80\nhealth = \"/up\"\n[profile.k3d.api.web]\nunset = [\"{path}\"]\n");
            assert_eq!(container_of(&stack, "k3d")["livenessProbe"], Value::Null);
        }
    }

    #[test]
    fn defaults_are_removed_for_a_kind_or_for_every_workload() {
        let worker = "[worker.w]\nimage = \"a:1\"\n";
        let requests = |unset: &str| {
            let stack = format!("unset = [\"{unset}\"]\n{WEB}port = 80\n{worker}");
            let objects = render(&stack, "k3d", &[], &[]).unwrap_or_else(|messages| panic!("{messages}"));
            ["web", "w"].map(|name| {
                container(object(&objects, "Deployment", name))["resources"]["requests"]["cpu"]
                    .as_str()
                    .map(str::to_owned)
            })
        };
        assert_eq!(requests("defaults.workload.resources"), [None, None]);
        assert_eq!(requests("defaults.api.resources"), [None, Some("50m".into())]);
    }

    #[test]
    fn facts_variables_and_templates_are_removed_too() {
        let stack = format!(
            "{WEB}port = 80\n[ingress.shop]\nroutes = {{ \"/\" = \"web\" }}\n[profile.k3d]\nunset = [\"cluster.domain\"]\n"
        );
        says(&messages(&stack, "k3d", &[]), &["cluster.domain"]);
        let stack = format!(
            "[vars]\ntag = \"1\"\n{}port = 80\n[profile.k3d]\nunset = [\"vars.tag\"]\n",
            WEB.replace("1.27", "{{ vars.tag }}")
        );
        says(&messages(&stack, "k3d", &[]), &["undefined-name", "`vars.tag`"]);
        let stack = format!(
            "[template.t]\nargs = []\n{WEB}port = 80\nextends = \"t\"\n[profile.k3d]\nunset = [\"template.t\"]\n"
        );
        says(&messages(&stack, "k3d", &[]), &["unknown-template", "`t`"]);
    }

    #[test]
    fn removing_what_is_not_there_is_an_error_with_the_nearest_path() {
        let with = |lines: &str| messages(&format!("{WEB}port = 80\nenv = {{ LEVEL = 1 }}\n{lines}\n"), "k3d", &[]);
        says(
            &with("[profile.k3d]\nunset = [\"hpa.web\"]"),
            &["unset-nothing", "`hpa.web` is not there", "unset = [\"hpa.web\"]"],
        );
        says(&with("[profile.k3d]\nunset = [\"api.wbe.env\"]"), &["unset-nothing", "did you mean `api.web.env`?"]);
        says(&with("[profile.k3d]\nunset = [\"api.web.env.LEVLE\"]"), &["unset-nothing", "`api.web.env.LEVLE`"]);
        says(&with("[profile.k3d.api.web]\nunset = [\"env.LEVLE\"]"), &["unset-nothing", "`env.LEVLE`"]);
        says(&with("[profile.k3d.api.web]\nunset = [\"stpo\"]"), &["unset-nothing", "did you mean `stop`?"]);
        says(&with("unset = [\"args\"]"), &["unset-nothing", "`args` is not there"]);
    }

    #[test]
    fn removing_twice_is_an_error_showing_the_first() {
        let stack = format!(
            "{WEB}port = 80\n[profile.cloud]\nunset = [\"api.web.stop\"]\n[profile.eks]\nunset = [\"api.web.stop\"]\n"
        );
        assert_eq!(container_of(&stack, "cloud")["lifecycle"], Value::Null);
        says(
            &messages(&stack, "eks", &[]),
            &["unset-nothing", "9 | unset = [\"api.web.stop\"]", "removed here already", "7 | unset"],
        );
        let stack = format!(
            "{WEB}port = 80\n[hpa.web]\nmax = 2\ncpu = 70\n[profile.cloud]\nunset = [\"hpa.web\"]\n[profile.eks]\nunset = [\"hpa.web\"]\n"
        );
        says(
            &messages(&stack, "eks", &[]),
            &["unset-nothing", "12 | unset = [\"hpa.web\"]", "removed here already", "10 | unset"],
        );
    }

    #[test]
    fn it_stands_in_layers_and_components_only() {
        says(
            &messages(&format!("[template.t]\nunset = [\"args\"]\n{WEB}port = 80\n"), "k3d", &[]),
            &["misplaced-key", "2 | unset"],
        );
        says(
            &messages(&format!("[defaults.api]\nunset = [\"stop\"]\n{WEB}port = 80\n"), "k3d", &[]),
            &["misplaced-key", "2 | unset"],
        );
        says(
            &messages(&format!("[defaults.api]\nextends = \"t\"\n{WEB}port = 80\n"), "k3d", &[]),
            &["misplaced-key", "2 | extends"],
        );
    }

    #[test]
    fn paths_in_overlays_that_are_not_rendered_are_checked_for_shape() {
        let with = |lines: &str| messages(&format!("{WEB}port = 80\n{lines}\n"), "k3d", &[]);
        says(&with("[profile.cloud]\nunset = [\"api.web.replcias\"]"), &["unset-nothing", "did you mean `replicas`?"]);
        says(&with("[profile.cloud.api.web]\nunset = [\"replcias\"]"), &["unset-nothing", "did you mean `replicas`?"]);
        says(&with("[profile.cloud]\nunset = [\"api.web.image.tag\"]"), &["unset-nothing", "there is no key `tag`"]);
        let fine =
            "[profile.cloud]\nunset = [\"api.web.port\", \"hpa.no\", \"defaults.workload.stop\", \"api.web.env.X\"]";
        assert!(render(&format!("{WEB}port = 80\n{fine}\n"), "k3d", &[], &[]).is_ok());
    }

    #[test]
    fn a_path_is_no_place_for_an_expression() {
        says(
            &messages(&format!("unset = [\"{{{{ vars.a }}}}\"]\n{WEB}port = 80\n"), "k3d", &[]),
            &["bad-value", "is not a path"],
        );
    }

    #[test]
    fn set_may_remove() {
        let stack = format!("{WEB}port = 80\n[hpa.web]\nmax = 2\ncpu = 70\n");
        let objects =
            render(&stack, "k3d", &["unset=[\"hpa.web\"]"], &[]).unwrap_or_else(|messages| panic!("{messages}"));
        assert!(find(&objects, "HorizontalPodAutoscaler", "web").is_none());
    }
}

mod defaults {
    use super::*;

    const BOTH: &str = "[worker.w]\nimage = \"a:1\"\n[cronjob.c]\nimage = \"a:1\"\nschedule = \"0 6 * * *\"\n";

    fn stop(stack: &str, name: &str) -> Option<u64> {
        let objects = render(stack, "k3d", &[], &[]).unwrap_or_else(|messages| panic!("{messages}"));
        container(object(&objects, "Deployment", name))["lifecycle"]["preStop"]["sleep"]["seconds"].as_u64()
    }

    #[test]
    fn defaults_of_a_kind_hold_for_what_its_components_leave_out() {
        let stack = format!("[defaults.worker]\nstop.sleep = \"7s\"\n{WEB}port = 80\n{BOTH}");
        assert_eq!((stop(&stack, "web"), stop(&stack, "w")), (Some(5), Some(7)));
        let stack = format!("[defaults.worker]\nstop.sleep = \"7s\"\n{WEB}port = 80\nstop.sleep = \"1s\"\n{BOTH}");
        assert_eq!((stop(&stack, "web"), stop(&stack, "w")), (Some(1), Some(7)));
    }

    #[test]
    fn workload_is_short_for_four_kinds_under_what_the_layer_says_of_each() {
        let stack = format!(
            "[defaults.workload]\nstop.sleep = \"8s\"\n[defaults.worker]\nstop.sleep = \"7s\"\n{WEB}port = 80\n{BOTH}"
        );
        assert_eq!((stop(&stack, "web"), stop(&stack, "w")), (Some(8), Some(7)), "over the base's default of an api");
        let stack = format!("[defaults.workload]\nlabels.a = \"b\"\n{WEB}port = 80\n{BOTH}[job.j]\nimage = \"a:1\"\n");
        let objects = render(&stack, "k3d", &[], &[]).unwrap_or_else(|messages| panic!("{messages}"));
        for kind in ["Deployment", "CronJob", "Job"] {
            assert!(
                objects
                    .iter()
                    .filter(|object| object["kind"] == kind)
                    .all(|object| object["metadata"]["labels"]["a"] == "b"),
                "{kind}"
            );
        }
    }

    #[test]
    fn workload_and_kind_of_one_layer_keep_exclusive_keys_apart() {
        let stack = format!(
            "[defaults.workload]\nstop.exec = [\"a\"]\n[defaults.worker]\nstop.sleep = \"7s\"\n{WEB}port = 80\n{BOTH}"
        );
        assert_eq!((stop(&stack, "web"), stop(&stack, "w")), (None, Some(7)));
    }

    #[test]
    fn keys_that_a_kind_does_not_take_are_passed_over() {
        let stack = format!("[defaults.workload]\nreplicas = 2\nretries = 4\nport = 9999\n{WEB}port = 80\n{BOTH}");
        let objects = render(&stack, "k3d", &[], &[]).unwrap_or_else(|messages| panic!("{messages}"));
        assert_eq!(object(&objects, "Deployment", "w")["spec"]["replicas"], 2);
        assert_eq!(container(object(&objects, "Deployment", "w"))["ports"], Value::Null, "a worker takes no `port`");
        let job = &object(&objects, "CronJob", "c")["spec"]["jobTemplate"]["spec"];
        assert_eq!((job["backoffLimit"].as_u64(), &job["replicas"]), (Some(4), &Value::Null));
    }

    #[test]
    fn defaults_of_later_layers_win() {
        let stack = format!(
            "[defaults.api]\nstop.sleep = \"7s\"\n{WEB}port = 80\n[profile.k3d.defaults.workload]\nstop.sleep = \"9s\"\n"
        );
        assert_eq!(stop(&stack, "web"), Some(9));
    }

    #[test]
    fn an_unknown_key_in_defaults_is_an_error() {
        says(
            &messages(&format!("[defaults.api]\nstpo.sleep = \"7s\"\n{WEB}port = 80\n"), "k3d", &[]),
            &["unknown-key", "did you mean `stop`?"],
        );
    }
}

mod templates {
    use super::*;

    const ROOTED: &str = "[stack]\nname = \"shop\"\n[template.root]\nargs = [\"root\"]\ncommand = [\"root\"]\nenv = { A = \"root\", B = \"root\" }\n[template.leaf]\nextends = \"root\"\nargs = [\"leaf\"]\nenv = { B = \"leaf\" }\n";

    #[test]
    fn templates_are_laid_root_first_over_defaults_and_under_the_component() {
        let stack = format!(
            "{ROOTED}[defaults.api]\ncommand = [\"default\"]\nlabels.from = \"default\"\nenv = {{ Z = \"default\" }}\n[api.web]\nextends = \"leaf\"\nimage = \"a:1\"\nport = 80\nenv = {{ C = \"own\" }}\n"
        );
        let web = web(&stack, "k3d", &[]);
        assert_eq!(container(&web)["args"][0], "leaf");
        assert_eq!(container(&web)["command"][0], "root");
        assert_eq!(web["metadata"]["labels"]["from"], "default");
        assert_eq!(env(&web), [("Z", "default"), ("A", "root"), ("B", "leaf"), ("C", "own")]);
    }

    #[test]
    fn a_template_may_come_from_a_lower_or_an_upper_layer() {
        let files: &[(&str, &str)] = &[("profiles/mine.toml", "extends = \"k3d\"\n[template.low]\nargs = [\"low\"]\n")];
        let stack = format!("{WEB}port = 80\nextends = \"low\"\n");
        let args = |stack: &str, profile| {
            let objects = render(stack, profile, &[], files).unwrap_or_else(|messages| panic!("{messages}"));
            container(object(&objects, "Deployment", "web"))["args"][0].as_str().unwrap().to_owned()
        };
        assert_eq!(args(&stack, "mine"), "low");
        let upper = format!("{stack}[profile.mine.template.low]\nargs = [\"upper\"]\n");
        assert_eq!(args(&upper, "mine"), "upper");
        let new = format!(
            "{WEB}port = 80\n[profile.k3d.template.new]\nargs = [\"new\"]\n[profile.k3d.api.web]\nextends = \"new\"\n"
        );
        assert_eq!(args(&new, "k3d"), "new");
    }

    #[test]
    fn a_key_that_the_kind_does_not_take_is_an_error_naming_both_places() {
        let stack = "[stack]\nname = \"shop\"\n[template.t]\nservice = \"headless\"\n[worker.w]\nextends = \"t\"\nimage = \"a:1\"\n";
        says(
            &messages(stack, "k3d", &[]),
            &[
                "inherited-key",
                "`t` sets `service`, which `worker` does not take",
                "6 | extends = \"t\"",
                "4 | service",
            ],
        );
        let stack = "[stack]\nname = \"shop\"\n[template.t]\nport = 80\n[worker.w]\nextends = \"t\"\nimage = \"a:1\"\n";
        says(&messages(stack, "k3d", &[]), &["inherited-key", "`t` sets `port`, which `worker` does not take"]);
    }

    #[test]
    fn circles_and_unknown_templates_are_errors_even_where_nothing_uses_them() {
        let circle = format!("[template.a]\nextends = \"b\"\n[template.b]\nextends = \"a\"\n{WEB}port = 80\n");
        says(&messages(&circle, "k3d", &[]), &["cycle", "2 | extends", "4 | extends"]);
        says(&messages(&format!("{circle}extends = \"a\"\n"), "k3d", &[]), &["cycle"]);
        says(&messages(&format!("[template.a]\nextends = \"a\"\n{WEB}port = 80\n"), "k3d", &[]), &["cycle", "a → a"]);
        says(
            &messages(&format!("[template.base]\nargs = []\n{WEB}port = 80\nextends = \"bsae\"\n"), "k3d", &[]),
            &["unknown-template", "did you mean \"base\"?"],
        );
        says(
            &messages(&format!("[template.a]\nextends = \"b\"\n{WEB}port = 80\nextends = \"a\"\n"), "k3d", &[]),
            &["unknown-template", "2 | extends"],
        );
    }

    #[test]
    fn unused_templates_are_checked_for_shape() {
        says(
            &messages(&format!("[template.t]\nreplcias = 2\n{WEB}port = 80\n"), "k3d", &[]),
            &["unknown-key", "did you mean `replicas`?"],
        );
    }
}

mod profiles {
    use super::*;

    fn ready() -> String {
        format!("{WEB}port = 80\n")
    }

    #[test]
    fn a_file_beside_the_stack_makes_a_profile() {
        let files: &[(&str, &str)] = &[(
            "profiles/lab.toml",
            "extends = \"cloud\"\n[cluster]\nstorage.class = \"lab\"\n[defaults.api]\nreplicas = 4\n",
        )];
        let objects = render(&ready(), "lab", &[], files).unwrap_or_else(|messages| panic!("{messages}"));
        assert_eq!(object(&objects, "Deployment", "web")["spec"]["replicas"], 4);
        let alone: &[(&str, &str)] = &[("profiles/lab.toml", "[cluster]\nlocal = true\n")];
        assert!(render(&ready(), "lab", &[], alone).is_ok(), "a profile may extend none");
    }

    #[test]
    fn mistakes_in_a_profiles_file_show_there() {
        let files: &[(&str, &str)] = &[("profiles/lab.toml", "extends = \"cloud\"\n[clutser]\nnodes = 3\n")];
        says(
            &render(&ready(), "lab", &[], files).unwrap_err(),
            &["unknown-key", "profiles/lab.toml:2:2", "did you mean `cluster`?"],
        );
        let files: &[(&str, &str)] = &[("profiles/lab.toml", "extends = cloud\n")];
        assert!(render(&ready(), "lab", &[], files).unwrap_err().contains("profiles/lab.toml:1"));
    }

    #[test]
    fn circles_of_profiles_are_errors_showing_every_place() {
        let files: &[(&str, &str)] =
            &[("profiles/a.toml", "extends = \"b\"\n"), ("profiles/b.toml", "extends = \"a\"\n")];
        says(
            &render(&ready(), "a", &[], files).unwrap_err(),
            &["cycle", "a → b → a", "profiles/a.toml:1", "profiles/b.toml:1"],
        );
        let stack = format!("{}[profile.x]\nextends = \"x\"\n", ready());
        says(&messages(&stack, "x", &[]), &["cycle", "x → x", "7 | extends"]);
    }

    #[test]
    fn unknown_profiles_are_errors() {
        says(&messages(&ready(), "k3", &[]), &["unknown-profile", "`k3`", "did you mean `k3d`?"]);
        says(&messages(&ready(), "nowhere", &[]), &["unknown-profile", "profiles/nowhere.toml", "k3d, minikube"]);
        says(
            &messages(&format!("{}[profile.x]\nextends = \"clod\"\n", ready()), "x", &[]),
            &["unknown-profile", "did you mean `cloud`?", "7 | extends"],
        );
        says(
            &messages(&format!("{}[profile.clod.api.web]\nreplicas = 2\n", ready()), "k3d", &[]),
            &["unknown-profile", "never applies", "did you mean `[profile.cloud]`?"],
        );
        let declared = ready().replace("name = \"shop\"", "name = \"shop\"\nprofiles = [\"k3d\", \"clod\"]");
        says(&messages(&declared, "k3d", &[]), &["unknown-profile", "did you mean `cloud`?", "3 | profiles"]);
    }

    #[test]
    fn extends_stands_neither_on_a_built_in_profile_nor_on_one_with_a_file() {
        says(
            &messages(&format!("{}[profile.k3d]\nextends = \"cloud\"\n", ready()), "k3d", &[]),
            &["profile-exists", "7 | extends"],
        );
        let files: &[(&str, &str)] = &[("profiles/lab.toml", "extends = \"cloud\"\n")];
        let stack = format!("{}[profile.lab]\nextends = \"k3d\"\n", ready());
        says(&render(&stack, "k3d", &[], files).unwrap_err(), &["profile-exists", "7 | extends"]);
    }

    #[test]
    fn a_file_named_like_a_built_in_profile_is_an_error() {
        let files: &[(&str, &str)] = &[("profiles/k3d.toml", "[cluster]\nnodes = 2\n")];
        says(
            &render(&ready(), "k3d", &[], files).unwrap_err(),
            &["profile-exists", "profiles/my-k3d.toml", "[profile.k3d]"],
        );
        says(&render(&ready(), "cloud", &[], files).unwrap_err(), &["profile-exists"]);
    }

    #[test]
    fn the_first_of_the_stacks_profiles_is_the_default() {
        let stack = ready().replace("name = \"shop\"", "name = \"shop\"\nprofiles = [\"cloud\", \"k3d\"]");
        assert_eq!(container(&web(&stack, "", &[]))["resources"]["requests"]["cpu"], "100m");
    }

    #[test]
    fn a_profile_that_the_stack_does_not_declare_is_a_finding() {
        let stack = ready().replace("name = \"shop\"", "name = \"shop\"\nprofiles = [\"cloud\"]");
        let said = run(&stack, "k3d", &[], &[]).messages;
        assert!(
            said.contains("warning[undeclared-profile]") && said.contains("profiles = [\"cloud\", \"k3d\"]"),
            "{said}"
        );
        assert_eq!(run(&stack, "eks", &[], &[]).messages, "", "a refinement of a declared one");
        assert_eq!(run(&ready(), "k3d", &[], &[]).messages, "", "nothing is declared");
    }

    #[test]
    fn without_a_profile_the_whole_command_is_printed() {
        says(&messages(&ready(), "", &[]), &["no-profile", "`stowplan render -p k3d`", "digitalocean"]);
        says(&messages(&ready(), "", &["vars.a=b c"]), &["`stowplan render -p k3d --set 'vars.a=b c'`"]);
    }

    #[test]
    fn overlays_of_other_profiles_are_checked_for_shape() {
        says(
            &messages(&format!("{}[profile.cloud.api.web]\nreplcias = 2\n", ready()), "k3d", &[]),
            &["unknown-key", "did you mean `replicas`?", "7 | replcias"],
        );
        says(
            &messages(&format!("{}[profile.cloud.api.web]\nreplicas = -1\n", ready()), "k3d", &[]),
            &["bad-value", "7 | replicas"],
        );
        says(
            &messages(&format!("{}[profile.cloud.stack]\nname = \"x\"\n", ready()), "k3d", &[]),
            &["unknown-key", "7 | name"],
        );
    }

    #[test]
    fn an_overlay_of_no_component_is_a_mistake_rendered_or_not() {
        let stack = format!("{}[profile.cloud.api.new]\nreplicas = 2\n", ready());
        for profile in ["k3d", "cloud"] {
            says(&messages(&stack, profile, &[]), &["unknown-component", "`api.new`", "6 | [profile.cloud.api.new]"]);
        }
        let whole = format!("{}[profile.cloud.api.new]\nimage = \"new:1\"\nport = 80\n", ready());
        assert!(render(&whole, "k3d", &[], &[]).is_ok() && render(&whole, "cloud", &[], &[]).is_ok());
    }

    #[test]
    fn a_missing_key_is_reported_in_the_stack_and_not_in_an_overlay() {
        let stack = "[stack]\nname = \"shop\"\n[api.web]\nport = 80\n[profile.k3d.api.web]\nreplicas = 2\n";
        says(&messages(stack, "k3d", &[]), &["missing-key", "stack.toml:3:2"]);
        let stack = format!("{}[api.web.probes.live]\ndelay = \"1s\"\n[profile.lab]\nextends = \"k3d\"\n", ready());
        let files: &[(&str, &str)] =
            &[("profiles/low.toml", "extends = \"k3d\"\n[defaults.api.probes.live]\nperiod = \"3s\"\n")];
        says(
            &render(&stack.replace("\"k3d\"", "\"low\""), "lab", &[], files).unwrap_err(),
            &["missing-key", "stack.toml:6:2"],
        );
    }
}

mod set {
    use super::*;

    fn ready() -> String {
        format!("[vars]\ntag = \"0\"\n{}port = 80\nenv = {{ TAG = \"{{{{ vars.tag }}}}\" }}\n", WEB)
    }

    #[test]
    fn a_value_is_text_and_then_read_as_its_key_demands() {
        let tag = |value: &str| {
            let argument = format!("vars.tag={value}");
            env(&web(&ready(), "k3d", &[&argument]))[0].1.to_owned()
        };
        for value in [
            "1.10",
            "1.20.0",
            "007",
            "1e3",
            "true",
            "0x1F",
            "a=b",
            "[draft]",
            "{x}",
            "\"quoted\"",
            " spaced ",
            "",
            "2026-01-01",
            "1_000",
        ] {
            assert_eq!(tag(value), value);
        }
        let web = web(
            &ready(),
            "k3d",
            &["api.web.replicas=3", "api.web.service-links=true", "api.web.resources.cpu=2", "api.web.env.N=1.50"],
        );
        assert_eq!(web["spec"]["replicas"], 3);
        assert_eq!(web["spec"]["template"]["spec"]["enableServiceLinks"], true);
        assert_eq!(container(&web)["resources"]["requests"]["cpu"], "2");
        assert_eq!(env(&web)[1], ("N", "1.50"));
    }

    #[test]
    fn lists_and_tables_are_toml() {
        let with = |argument: &str| web(&ready(), "k3d", &[argument]);
        assert_eq!(strings(&container(&with("api.web.args=[\"a\", \"b\"]"))["args"]), ["a", "b"]);
        assert_eq!(env(&with("api.web.env={ A = 1, TAG = \"x\" }")), [("TAG", "x"), ("A", "1")]);
        assert_eq!(
            container(&with("api.web.env.IP={ field = \"status.podIP\" }"))["env"][1]["valueFrom"]["fieldRef"]["fieldPath"],
            "status.podIP"
        );
        assert_eq!(
            env(&with("api.web.env.JSON={\"a\": [1]}"))[1],
            ("JSON", "{\"a\": [1]}"),
            "no TOML, and the key takes text"
        );
        assert_eq!(env(&with("api.web.env.LIST=[1]"))[1], ("LIST", "[1]"), "the key takes no list");
    }

    #[test]
    fn short_forms_and_moved_keys_work() {
        let web = web(&ready(), "k3d", &["api.web.port=81:3000", "api.web.security=privileged", "api.web.health=/up"]);
        assert_eq!(container(&web)["ports"][0]["containerPort"], 3000);
        assert_eq!(container(&web)["livenessProbe"]["httpGet"]["path"], "/up");
    }

    #[test]
    fn several_are_laid_over_each_other_and_the_last_wins() {
        let web = web(&ready(), "k3d", &["api.web.replicas=3", "vars.tag=a", "vars.tag=b", "api.web.replicas=4"]);
        assert_eq!((web["spec"]["replicas"].as_u64(), env(&web)[0].1), (Some(4), "b"));
    }

    #[test]
    fn a_path_may_have_quoted_segments() {
        let web = web(
            &ready(),
            "k3d",
            &["api.web.annotations.\"example.com/a\"=x=y", "api.web.mounts.'/tmp'={ scratch = \"1Gi\" }"],
        );
        assert_eq!(web["metadata"]["annotations"]["example.com/a"], "x=y");
        assert_eq!(container(&web)["volumeMounts"][0]["mountPath"], "/tmp");
    }

    #[test]
    fn a_whole_component_can_be_added() {
        for set in [&["api.new={ image = \"new:1\", port = 81 }"][..], &["api.new.image=new:1", "api.new.port=81"]] {
            let objects = render(&ready(), "k3d", set, &[]).unwrap_or_else(|messages| panic!("{messages}"));
            assert_eq!(container(object(&objects, "Deployment", "new"))["image"], "new:1");
            assert!(find(&objects, "Service", "new").is_some());
        }
    }

    #[test]
    fn expressions_are_evaluated() {
        assert_eq!(env(&web(&ready(), "k3d", &["vars.tag={{ profile.name }}-1"]))[0].1, "k3d-1");
        assert_eq!(web(&ready(), "k3d", &["vars.tag=2", "api.web.replicas={{ vars.tag }}"])["spec"]["replicas"], 2);
    }

    #[test]
    fn messages_show_the_argument_itself() {
        let with = |argument: &str| messages(&ready(), "k3d", &[argument]);
        says(
            &with("api.web.replcias=3"),
            &["unknown-key", "--set:1:9", "api.web.replcias=3", "did you mean `replicas`?"],
        );
        says(&with("apo.web.replicas=3"), &["unknown-key", "--set:1:1", "did you mean `api`?"]);
        says(&with("api.web.replicas=many"), &["wrong-type", "--set:1:18", "not `many`"]);
        says(&with("api.web.service-links=yes"), &["wrong-type", "not `yes`"]);
        says(&with("api.web.image=a b"), &["bad-value", "--set:1:16"]);
        says(&with("api.web.args=a"), &["wrong-type", "`api.web.args` takes a list", "not `a`"]);
        says(&with("api.web.kind=Deploymnt"), &["did you mean \"Deployment\"?", "--set:1:14"]);
        says(&with("vars.tag={{ vars.tga }}"), &["undefined-name", "--set:1:13", "did you mean `vars.tag`?"]);
        says(&with("vars.tag={{ vars.tga"), &["bad-expression", "--set:1:10"]);
    }

    #[test]
    fn a_list_that_is_no_toml_says_why() {
        let said = messages(&ready(), "k3d", &["api.web.args=[a, b]"]);
        assert!(said.contains("--set:1:15"), "{said}");
    }

    #[test]
    fn what_is_no_setting_is_refused() {
        let with = |argument: &str| messages(&ready(), "k3d", &[argument]);
        says(&with("api.web.replicas"), &["bad-set", "has no `=`"]);
        says(&with("=3"), &["bad-set", "is not a path"]);
        says(&with("api web=3"), &["bad-set", "`api web` is not a path"]);
        says(&with("api.web.=3"), &["bad-set", "is not a path"]);
        says(&with("profile.k3d.api.web.replicas=3"), &["bad-set", "api.web.replicas=3"]);
        says(&with("stack.profiles=[\"k3d\"]"), &["bad-set", "`-p`"]);
    }

    #[test]
    fn every_mistake_among_several_is_said() {
        let said = messages(&ready(), "k3d", &["nothing", "api.web.replcias=3", "api.web.image=\"\""]);
        assert!(said.contains("bad-set") && said.contains("unknown-key") && said.contains("bad-value"), "{said}");
    }

    #[test]
    fn the_name_of_the_stack_can_be_set() {
        assert_eq!(
            web(&ready(), "k3d", &["stack.name=other"])["metadata"]["labels"]["app.kubernetes.io/part-of"],
            "other"
        );
    }
}

mod causes {
    use super::*;
    use support::{history, resolve};

    /// The history of the value at a path of keys, newest first.
    #[track_caller]
    fn of(stack: &str, profile: &str, set: &[&str], path: &[&str]) -> Vec<String> {
        let (root, session) = resolve(stack, profile, set, &[]);
        history(&session, root.at(path).expect("the value is there").origin)
    }

    const LAYERS: &str = "[stack]\nname = \"shop\"\n[template.t]\nreplicas = 2\nargs = [\"t\"]\n[api.web]\nextends = \"t\"\nimage = \"a:1\"\nport = 80\nreplicas = 3\n[profile.cloud.api.web]\nreplicas = 4\n[profile.eks.api.web]\nreplicas = 5\n[defaults.api]\nreplicas = 1\n";

    #[test]
    fn a_value_knows_every_writing_that_it_replaced_newest_first() {
        assert_eq!(
            of(LAYERS, "eks", &["api.web.replicas=6"], &["api", "web", "replicas"]),
            [
                "--set api.web.replicas=6: 6",
                "[profile.eks]: 5",
                "[profile.cloud]: 4",
                "stack.toml: 3",
                "stack.toml: 2",
                "stack.toml: 1"
            ]
        );
        assert_eq!(
            of(LAYERS, "k3d", &[], &["api", "web", "replicas"]),
            ["stack.toml: 3", "stack.toml: 2", "stack.toml: 1"]
        );
    }

    #[test]
    fn profiles_and_the_base_are_layers_by_name() {
        let stack = format!("{WEB}port = 80\nresources.cpu = \"1\"\nstop.sleep = \"1s\"\n");
        assert_eq!(
            of(&stack, "eks", &[], &["api", "web", "resources", "cpu"]),
            ["stack.toml: \"1\"", "profile cloud: \"100m\""]
        );
        assert_eq!(
            of(&stack, "eks", &[], &["api", "web", "stop", "sleep"]),
            ["stack.toml: \"1s\"", "defaults of stowplan: \"5s\""]
        );
        assert_eq!(
            of(&stack, "eks", &[], &["cluster", "tls", "mode"]),
            ["profile eks: \"provider\"", "profile cloud: \"none\"", "defaults of stowplan: \"none\""]
        );
    }

    #[test]
    fn a_writing_in_several_places_has_a_history_in_each() {
        let stack = "[stack]\nname = \"shop\"\n[template.t]\nreplicas = 2\n[defaults.api]\nreplicas = 7\n[defaults.worker]\nreplicas = 8\n[api.web]\nextends = \"t\"\nimage = \"a:1\"\nport = 80\n[worker.w]\nextends = \"t\"\nimage = \"a:1\"\n";
        assert_eq!(of(stack, "k3d", &[], &["api", "web", "replicas"]), ["stack.toml: 2", "stack.toml: 7"]);
        assert_eq!(of(stack, "k3d", &[], &["worker", "w", "replicas"]), ["stack.toml: 2", "stack.toml: 8"]);
        let health = format!(
            "{WEB}port = 80\nprobes.live.http = \"/live\"\nprobes.ready.http = \"/ready\"\n[profile.k3d.api.web]\nhealth = \"/up\"\n"
        );
        let http = |probe| of(&health, "k3d", &[], &["api", "web", "probes", probe, "http"]);
        assert_eq!(http("live"), ["[profile.k3d]: \"/up\"", "stack.toml: \"/live\""]);
        assert_eq!(http("ready"), ["[profile.k3d]: \"/up\"", "stack.toml: \"/ready\""]);
        assert_eq!(http("start"), ["[profile.k3d]: \"/up\""]);
    }

    #[test]
    fn what_unset_removed_stays_in_the_history() {
        let stack = format!(
            "{WEB}port = 80\nenv = {{ A = 1, B = 2 }}\n[profile.cloud]\nunset = [\"api.web.env\"]\n[profile.cloud.api.web.env]\nB = 3\n[profile.eks.api.web.env]\nB = 4\nA = 5\n"
        );
        assert_eq!(
            of(&stack, "cloud", &[], &["api", "web", "env", "B"]),
            ["[profile.cloud]: 3", "[profile.cloud]: unset", "stack.toml: 2"]
        );
        assert_eq!(
            of(&stack, "eks", &[], &["api", "web", "env", "B"]),
            ["[profile.eks]: 4", "[profile.cloud]: 3", "[profile.cloud]: unset", "stack.toml: 2"]
        );
        let later = format!(
            "{WEB}port = 80\nargs = [\"a\"]\n[profile.cloud]\nunset = [\"api.web.args\"]\n[profile.eks.api.web]\nargs = [\"b\"]\n"
        );
        assert_eq!(
            of(&later, "eks", &[], &["api", "web", "args"]),
            ["[profile.eks]: [\"b\"]", "[profile.cloud]: unset", "stack.toml: [\"a\"]"]
        );
    }

    #[test]
    fn what_unset_removed_of_defaults_and_templates_stays_too() {
        let stack = format!("{WEB}port = 80\nunset = [\"stop\"]\nstop.sleep = \"1s\"\n");
        assert_eq!(
            of(&stack, "k3d", &[], &["api", "web", "stop", "sleep"]),
            ["stack.toml: \"1s\"", "stack.toml: unset", "defaults of stowplan: \"5s\""]
        );
        let stack = "[stack]\nname = \"shop\"\n[template.t]\nargs = [\"t\"]\n[api.web]\nextends = \"t\"\nimage = \"a:1\"\nport = 80\nargs = [\"w\"]\n[profile.k3d.api.web]\nunset = [\"args\"]\nargs = [\"o\"]\n";
        assert_eq!(
            of(stack, "k3d", &[], &["api", "web", "args"]),
            ["[profile.k3d]: [\"o\"]", "[profile.k3d]: unset", "stack.toml: [\"w\"]", "stack.toml: [\"t\"]"]
        );
    }

    #[test]
    fn of_exclusive_keys_and_whole_values_the_history_goes_on() {
        let stack = format!(
            "{WEB}port = 80\nprobes.live.exec = [\"a\"]\nenv.A = {{ field = \"status.podIP\" }}\n[profile.k3d.api.web]\nprobes.live.http = \"/\"\nenv.A = {{ field = \"status.hostIP\" }}\n"
        );
        assert_eq!(
            of(&stack, "k3d", &[], &["api", "web", "probes", "live", "http"]),
            ["[profile.k3d]: \"/\"", "stack.toml: [\"a\"]"]
        );
        assert_eq!(
            of(&stack, "k3d", &[], &["api", "web", "env", "A", "field"]),
            ["[profile.k3d]: \"status.hostIP\"", "stack.toml: \"status.podIP\""]
        );
    }
}

mod paths {
    use stowplan::component::file::LANGUAGE;
    use stowplan::document::path::KeyPath;
    use stowplan::profile::target::targets;
    use stowplan::value::Scalar;

    fn ends(path: &str) -> Vec<String> {
        let path = KeyPath::parse(path).unwrap();
        targets(&path, LANGUAGE.stack_kind).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn short_forms_end_where_they_are_kept() {
        assert_eq!(ends("api.web.port"), ["api.web.ports.http"]);
        assert_eq!(ends("api.web.port.protocol"), ["api.web.ports.http.protocol"]);
        assert_eq!(ends("worker.w.health"), ["worker.w.probes"]);
        assert_eq!(ends("defaults.api.port"), ["defaults.api.ports.http"]);
        let workload = ["api", "worker", "cronjob", "job"].map(|kind| format!("defaults.{kind}.stop"));
        assert_eq!(ends("defaults.workload.stop"), workload);
    }

    #[test]
    fn other_paths_stay_as_they_are() {
        for path in
            ["api.web", "hpa.web", "api.web.mounts.\"/etc/config\".mode", "cluster.tls", "no.such.thing", "vars.a"]
        {
            assert_eq!(ends(path), [path]);
        }
    }
}

/// Design 2.1: where a literal and a key both stand, env reads the Secret, and the literal is what `dev` writes.
#[test]
fn a_user_beside_its_key_is_what_dev_writes() {
    let stack = "[stack]\nname = \"shop\"\n[db.main]\nengine = \"postgres\"\nuser = \"clerk\"\nkeys = { user = \"LOGIN\", password = \"PASS\" }\n";
    let objects = render(stack, "k3d", &[], &[]).unwrap();
    assert_eq!(object(&objects, "Secret", "main")["stringData"]["LOGIN"], "clerk");
    let env = &container(object(&objects, "StatefulSet", "main"))["env"][0];
    assert_eq!(env["valueFrom"]["secretKeyRef"]["key"], "LOGIN");
}
