//! `{{ expression }}` as design.md 2.1 tells it, through the front door: text in, objects or messages out.

#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

mod support;

use serde_yaml::Value;
use support::{container, object, render};

/// A stack whose api `web` has these variables, with more lines below its own.
fn stack(vars: &str, lines: &str) -> String {
    format!("[stack]\nname = \"shop\"\n[vars]\n{vars}\n[api.web]\nimage = \"nginx:1.27\"\nport = 80\n{lines}\n")
}

#[track_caller]
fn objects(text: &str) -> Vec<Value> {
    render(text, "k3d", &[], &[]).unwrap_or_else(|messages| panic!("{messages}"))
}

/// What the variable X of the container sees, for this text between single quotes.
#[track_caller]
fn gives(vars: &str, text: &str) -> String {
    let objects = objects(&stack(vars, &format!("env.X = '''{text}'''")));
    container(object(&objects, "Deployment", "web"))["env"][0]["value"].as_str().unwrap().to_owned()
}

/// The one message about this text in the variable X.
#[track_caller]
fn refuses(vars: &str, text: &str, parts: &[&str]) {
    says(&stack(vars, &format!("env.X = '{text}'")), parts);
}

#[track_caller]
fn says(stack: &str, parts: &[&str]) {
    let Err(messages) = render(stack, "k3d", &[], &[]) else { panic!("it renders") };
    for part in parts {
        assert!(messages.contains(part), "not said: {part}\n{messages}");
    }
    assert_eq!(messages.matches("error[").count(), 1, "one mistake, one message:\n{messages}");
}

mod texts {
    use super::*;

    #[test]
    fn several_expressions_stand_in_one_text() {
        assert_eq!(gives("a = \"x\"\nb = \"y\"", "1{{ vars.a }}2{{vars.b}}3{{ vars.a }}"), "1x2y3x");
        assert_eq!(gives("a = \"x\"", "{{ vars.a }}"), "x");
        assert_eq!(gives("a = \"x\"", "line\n{{ vars.a }}\n"), "line\nx\n");
    }

    #[test]
    fn they_work_in_items_of_lists_ports_numbers_schedules_hosts_words_and_switches() {
        let text = stack(
            "n = 3\nport = 8080\nhour = 6\nlabel = \"shop\"\nrule = \"Always\"\noff = true\n\"my-name\" = \"v\"",
            "replicas = \"{{ vars.n }}\"\nargs = [\"--a={{ vars.my-name }}\", \"b\"]\npull-policy = \"{{ vars.rule }}\"\nports.admin = \"{{ vars.port }}\"\nservice-links = \"{{ vars.off }}\"\n[cronjob.c]\nimage = \"a:1\"\nschedule = \"0 {{ vars.hour }} * * *\"\n[ingress.i]\nhost = \"{{ vars.label }}.test\"\nroutes = { \"/\" = \"web\" }",
        )
        .replace("ports.admin", "#");
        let objects = objects(&text);
        let web = object(&objects, "Deployment", "web");
        assert_eq!(web["spec"]["replicas"], 3);
        assert_eq!(container(web)["args"][0], "--a=v");
        assert_eq!(container(web)["imagePullPolicy"], "Always");
        assert_eq!(web["spec"]["template"]["spec"]["enableServiceLinks"], true);
        assert_eq!(object(&objects, "CronJob", "c")["spec"]["schedule"], "0 6 * * *");
        assert_eq!(object(&objects, "Ingress", "i")["spec"]["rules"][0]["host"], "shop.test");
        let port = stack("port = 8080", "").replace("port = 80\n", "port = \"80:{{ vars.port }}\"\n");
        let objects = super::objects(&port);
        assert_eq!(container(object(&objects, "Deployment", "web"))["ports"][0]["containerPort"], 8080);
    }

    #[test]
    fn only_double_braces_are_special() {
        for shell in ["a ${#x} b #} c {% if %} {H} }} {# no #}", "{%H}", "$(date +%s)", "{.Name}"] {
            assert_eq!(gives("", shell), shell);
        }
    }

    #[test]
    fn quoted_braces_are_text() {
        assert_eq!(gives("", "{{ '{{' }} .Name {{ '}}' }}"), "{{ .Name }}");
        assert_eq!(gives("a = \"{{ '{{' }}\"", "{{ vars.a }} x"), "{{ x", "what a name gives is not evaluated again");
    }

    #[test]
    fn filters_and_operators_are_those_of_minijinja() {
        assert_eq!(gives("a = \"Ab\"", "{{ vars.a | upper }}"), "AB");
        assert_eq!(gives("a = \"x\"\nb = \"y\"", "{{ vars.a ~ '-' ~ vars.b }}"), "x-y");
        assert_eq!(gives("a = \"x\"", "{{ 'one' if vars.a == 'x' else 'two' }}"), "one");
        assert_eq!(gives("a = \"b,c\"", "{{ vars.a | replace(',', ';') }}"), "b;c");
    }

    #[test]
    fn numbers_and_booleans_count_as_what_they_are() {
        assert_eq!(gives("n = 3", "{{ vars.n + 1 }} {{ vars.n }}"), "4 3");
        assert_eq!(
            gives("off = false", "{{ 'on' if vars.off else 'off' }} {{ vars.off }} {{ not vars.off }}"),
            "off false true"
        );
        assert_eq!(gives("tag = 1.10", "{{ vars.tag }} {{ vars.tag ~ '-alpine' }}"), "1.10 1.10-alpine");
        let objects = render(
            &stack("off = true", "env.X = \"{{ 'on' if vars.off else 'off' }}\""),
            "k3d",
            &["vars.off=false"],
            &[],
        )
        .unwrap();
        assert_eq!(container(object(&objects, "Deployment", "web"))["env"][0]["value"], "off");
    }

    #[test]
    fn the_contents_of_a_config_and_keys_stay_as_they_are() {
        assert!(render(&stack("", "[config.c]\ndata = { a = \"{{ nothing }} {{\" }"), "k3d", &[], &[]).is_ok());
        says(&stack("a = \"b\"", "env.\"{{ vars.a }}\" = \"x\""), &["bad-name"]);
        says(&stack("a = \"b\"", "uses = [\"{{ vars.a }}\"]"), &["bad-value", "{{ vars.a }}"]);
    }
}

mod names {
    use super::*;

    #[test]
    fn the_stack_the_profile_and_the_cluster_are_known() {
        let text = stack(
            "",
            "env.X = '{{ stack.name }} {{ profile.name }} {{ cluster.domain }} {{ cluster.name }} {{ cluster.ports.http }} {{ cluster.local }} [{{ cluster.registry }}]'",
        );
        let objects = objects(&text);
        assert_eq!(
            container(object(&objects, "Deployment", "web"))["env"][0]["value"],
            "shop k3d localhost shop 8080 true []"
        );
        let namespace = text
            .replace("name = \"shop\"", "name = \"shop\"\nnamespace = \"ns\"")
            .replace("stack.name", "stack.namespace");
        let objects = super::objects(&namespace);
        assert!(
            container(object(&objects, "Deployment", "web"))["env"][0]["value"].as_str().unwrap().starts_with("ns ")
        );
        refuses("", "{{ stack.namespace }}", &["undefined-name", "namespace = \"NAME\"", "[stack]"]);
    }

    #[test]
    fn variables_may_ask_for_variables() {
        assert_eq!(gives("a = \"{{ vars.b }}1\"\nb = \"{{ vars.c }}2\"\nc = \"3\"", "{{ vars.a }}"), "321");
    }

    #[test]
    fn facts_of_components_are_evaluated_on_demand() {
        let api = "[api.my-api]\nimage = \"a:1\"\nport = \"8081:{{ vars.inner }}\"\n";
        let with = |text: &str| {
            let text = format!("{}{api}", stack("inner = 3000", &format!("env.X = '{text}'")));
            let objects = objects(&text);
            container(object(&objects, "Deployment", "web"))["env"][0]["value"].as_str().unwrap().to_owned()
        };
        assert_eq!(with("{{ api.my-api.port }}"), "8081");
        assert_eq!(with("{{ api.my-api.port + 1 }}"), "8082");
        assert_eq!(
            with("{{ api.my-api.host }} {{ api.my-api.address }} {{ api.my-api.url }}"),
            "my-api my-api:8081 http://my-api:8081"
        );
        assert_eq!(with("{{ api.web.url }}"), "http://web");
    }

    #[test]
    fn a_database_tells_everything_but_its_credentials() {
        let with = |text: &str| format!("{}[db.pg]\nengine = \"postgres\"\ndatabase = \"todos\"\n", stack("", text));
        let all = with("env.X = '{{ db.pg.address }} {{ db.pg.port }} {{ db.pg.database }} {{ db.pg.url }}'");
        let objects = objects(&all);
        let value = &container(object(&objects, "Deployment", "web"))["env"][0]["value"];
        assert_eq!(value, "pg:5432 5432 todos postgresql://pg:5432/todos");
        says(&with("env.X = '{{ db.pg.password }}'"), &["undefined-name", "stay in Secrets"]);
        let lines = "[config.c]\ntemplate = true\ndata.a = \"{% if vars.on %}{{ db.pg.host }}{% endif %}\"";
        let config = render(&with(lines).replace("[vars]\n", "[vars]\non = false\n"), "k3d", &[], &[]).unwrap();
        assert_eq!(object(&config, "ConfigMap", "c")["data"]["a"], "");
    }

    #[test]
    fn a_full_name_needs_a_namespace() {
        let text = stack("", "env.X = '{{ api.web.fqdn }}'");
        says(&text, &["undefined-name", "`api.web.fqdn`", "namespace = \"NAME\"", "[stack]"]);
        let objects = objects(&text.replace("name = \"shop\"", "name = \"shop\"\nnamespace = \"ns\""));
        assert_eq!(container(object(&objects, "Deployment", "web"))["env"][0]["value"], "web.ns.svc.cluster.local");
    }

    #[test]
    fn what_is_outside_and_what_routes_are_known() {
        let more =
            "[external.mail]\nhost = \"smtp.example.com\"\nport = 25\n[ingress.shop]\nroutes = { \"/\" = \"web\" }\n";
        let text = format!(
            "{}{more}",
            stack("", "env.X = '{{ external.mail.address }} {{ ingress.shop.host }} {{ ingress.shop.url }}'")
        );
        let objects = objects(&text);
        assert_eq!(
            container(object(&objects, "Deployment", "web"))["env"][0]["value"],
            "smtp.example.com:25 shop.localhost http://shop.localhost:8080"
        );
        says(&text.replace("mail.address", "mail.user"), &["undefined-name", "stay in Secrets"]);
        says(
            &text.replace("port = 25\n", ""),
            &["undefined-name", "`external.mail.address`", "add it below `[external.mail]`"],
        );
    }

    #[test]
    fn an_undefined_name_is_an_error_at_its_place_with_what_is_near() {
        refuses("tag = \"1\"", "a {{ vars.tga }}", &["undefined-name", "8:15", "did you mean `vars.tag`?"]);
        refuses("", "{{ vars.tag }}", &["undefined-name", "tag = \"…\"", "[vars]"]);
        refuses("tag = \"1\"", "{{ vars.tag | default(vars.no) }}", &["undefined-name", "`vars.no`"]);
        refuses("", "{{ tag }}", &["undefined-name", "names begin with vars"]);
        refuses("", "{{ var.tag }}", &["undefined-name", "did you mean `vars.tag`?"]);
        refuses("", "{{ stack.nam }}", &["undefined-name", "did you mean `stack.name`?"]);
        refuses("", "{{ profile.x }}", &["undefined-name", "`profile.name`"]);
        refuses("", "{{ cluster.domian }}", &["undefined-name", "did you mean `cluster.domain`?"]);
        refuses("", "{{ cluster.secret-store }}", &["undefined-name", "[profile.k3d]"]);
        refuses("", "{{ cluster.addons }}", &["undefined-name", "a list"]);
        refuses("", "{{ api.wbe.port }}", &["undefined-name", "did you mean `api.web.port`?"]);
        refuses("", "{{ api.web.prot }}", &["undefined-name", "did you mean `api.web.port`?"]);
        refuses("", "{{ api.web }}", &["undefined-name", "`api.NAME.host`"]);
        refuses("", "{{ ingress.no.url }}", &["undefined-name", "[ingress.no]"]);
    }

    #[test]
    fn every_place_of_an_undefined_name_is_said() {
        let Err(said) =
            render(&stack("", "env = { X = '{{ vars.a }} {{ vars.a }}', Y = '{{ vars.a }}' }"), "k3d", &[], &[])
        else {
            panic!()
        };
        assert_eq!(said.matches("undefined-name").count(), 3, "{said}");
    }

    #[test]
    fn an_api_without_a_service_has_no_address() {
        let text = format!(
            "{}[api.own]\nimage = \"a:1\"\nport = 81\nservice = \"none\"\n",
            stack("", "env.X = '{{ api.own.host }}'")
        );
        says(&text, &["undefined-name", "`api.own` has no Service"]);
    }

    #[test]
    fn a_mistake_in_a_component_is_not_said_again_where_it_is_asked() {
        let text = format!(
            "{}[api.own]\nimage = \"a:1\"\nports = {{ http = \"x\", more = 81 }}\n",
            stack("", "env.X = '{{ api.own.port }}'")
        );
        says(&text, &["bad-value", "`x`"]);
        let text = format!(
            "{}[api.own]\nimage = \"a:1\"\nports = {{ http = \"{{{{ vars.no }}}}\", more = 81 }}\n",
            stack("", "env.X = '{{ api.own.port }}'")
        );
        says(&text, &["undefined-name", "`vars.no`"]);
    }
}

mod mistakes {
    use super::*;

    #[test]
    fn braces_that_are_never_closed_are_found() {
        refuses("", "ab {{ vars.x", &["bad-expression", "`{{` is never closed", "8:13"]);
        refuses("", "{{ vars.x }", &["bad-expression", "never closed"]);
    }

    #[test]
    fn what_is_no_expression_is_found_in_its_place() {
        refuses("a = \"1\"", "ab {{ vars.a | }}", &["bad-expression", "8:13"]);
        refuses("", "{{ }}", &["bad-expression", "8:10"]);
        refuses("a = \"1\"", "{{ vars.a | nofilter }}", &["bad-expression", "nofilter"]);
        refuses("a = \"1\"", "{{ [vars.a] }}", &["bad-expression", "not a text"]);
    }

    #[test]
    fn a_malformed_expression_shows_in_layers_that_are_not_rendered() {
        says(&stack("", "[profile.cloud.api.web]\nenv.X = \"{{ vars.a\""), &["bad-expression", "9 | env.X"]);
        says(&stack("", "[profile.cloud.api.web]\nreplicas = \"{{ vars.a | }}\""), &["bad-expression", "9 | replicas"]);
        says(&stack("", "[template.t]\nargs = [\"{{ a b }}\"]"), &["bad-expression", "9 | args"]);
    }

    #[test]
    fn a_type_that_refuses_what_a_name_gives_says_it_at_the_texts_place() {
        says(&stack("n = \"many\"", "replicas = \"{{ vars.n }}\""), &["8:12", "`many`"]);
        says(&stack("n = -1", "replicas = \"{{ vars.n }}\""), &["8:12", "-1"]);
        says(&stack("g = \"A B\"", "node-selector.x = \"{{ vars.g }}\""), &["8:19", "gives `A B`"]);
        says(
            &stack("w = \"Sometimes\"", "pull-policy = \"{{ vars.w }}\""),
            &["8:15", "`Sometimes` is not a pull policy"],
        );
        says(&stack("f = \"yes\"", "service-links = \"{{ vars.f }}\""), &["8:17", "`yes`"]);
        let port = stack("p = \"eighty\"", "")
            .replace("port = 80\n", "port = \"{{ vars.p }}\"\nports.a = 1\n")
            .replace("ports.a = 1\n", "");
        let Err(said) = render(&port, "k3d", &[], &[]) else { panic!("it renders") };
        assert!(said.contains("gives `eighty`") && said.contains("7:8"), "{said}");
    }

    #[test]
    fn names_that_ask_for_each_other_are_an_error_showing_every_place() {
        says(
            &stack("a = \"{{ vars.b }}\"\nb = \"{{ vars.a }}\"", "env.X = \"{{ vars.a }}\""),
            &["cycle", "4 | a =", "5 | b ="],
        );
        says(&stack("a = \"{{ vars.a }}\"", ""), &["cycle", "`vars.a` is made of itself"]);
        says(
            &stack("", "").replace("name = \"shop\"", "name = \"shop\"\nnamespace = \"{{ stack.namespace }}\""),
            &["cycle"],
        );
    }

    #[test]
    fn facts_that_ask_for_each_other_are_an_error_showing_every_place() {
        let text = "[stack]\nname = \"shop\"\n[api.a]\nimage = \"a:1\"\nports = { http = \"{{ api.b.port }}\", x = 99 }\n[api.b]\nimage = \"a:1\"\nports = { http = \"{{ api.a.port }}\", x = 99 }\n";
        says(text, &["cycle", "api.a.port", "api.b.port", "5 | ports", "8 | ports"]);
    }

    #[test]
    fn many_names_in_a_row_and_texts_that_grow_are_refused() {
        let chain: String = (0..200).map(|n| format!("v{n} = \"{{{{ vars.v{} }}}}\"\n", n + 1)).collect();
        let Err(said) = render(&stack(&format!("{chain}v200 = \"end\""), "env.X = '{{ vars.v0 }}'"), "k3d", &[], &[])
        else {
            panic!("it renders")
        };
        assert!(said.contains("bad-expression") && said.contains("in a row"), "{said}");
        let laughs: String =
            (0..30).map(|n| format!("v{n} = \"{{{{ vars.v{0} }}}}{{{{ vars.v{0} }}}}\"\n", n + 1)).collect();
        let Err(said) = render(&stack(&format!("{laughs}v30 = \"ha\""), "env.X = '{{ vars.v0 }}'"), "k3d", &[], &[])
        else {
            panic!("it renders")
        };
        assert!(said.contains("gets longer than"), "{said}");
        let apis: String = (0..200).map(|n| format!("[api.a{n}]\nimage = \"a:1\"\nports = {{ x = \"{{{{ api.a{0}.port }}}}\", y = \"{{{{ api.a{0}.port }}}}\" }}\n", n + 1)).collect();
        let Err(said) = render(
            &format!("[stack]\nname = \"shop\"\n{apis}[api.a200]\nimage = \"a:1\"\nport = 80\n"),
            "k3d",
            &[],
            &[],
        ) else {
            panic!("it renders")
        };
        assert!(said.contains("in a row"), "{said}");
    }
}
