//! What those who read the documentation for the first time wrote, and what they are told.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

#[path = "support/program.rs"]
mod program;

use program::Folder;

const POOLED: &str = "[stack]\nname = \"a\"\nnamespace = \"a\"\nprofiles = [\"eks\"]\n\n[db.postgres]\nengine = \"postgres\"\npooler = POOLER\n\n[api.web]\nimage = \"x/web:1.0\"\nport = 80\nuses = [\"postgres\"]\n";

#[test]
fn a_pooler_reads_its_host_from_its_settings() {
    for pooler in ["true", "{ mode = \"session\", size = 20 }"] {
        let folder = Folder::of_stack("pooler", &POOLED.replace("POOLER", pooler));
        folder.run(&["lint"]).ends(0).never(&["db-env-convention", "error"]);
        let rendered = folder.run(&["render"]).ends(0).out;
        folder.run_on(&rendered, &["lint", "-"]).never(&["db-env-convention"]);
    }
}

#[test]
fn settings_that_name_no_host_are_no_answer() {
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a.ini: TEXT}\n";
    let pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  volumes: [{name: a, configMap: {name: a}}]\n  containers: [{name: a, image: \"x/web:1.0\", env: [{name: PGUSER, value: web}]}]\n";
    let folder = Folder::new("settings", &[]);
    let lint = |text: &str| folder.run_on(&format!("{}{pod}", config.replace("TEXT", text)), &["lint", "-"]);
    for text in ["'host=db'", "'host = db'", "'db_host: db'", "'{\"host\": \"db\"}'"] {
        lint(text).never(&["db-env-convention"]);
    }
    for text in ["'port=5432'", "'hosts are many'", "'proxy_set_header Host $host;'"] {
        lint(text).prints(&["db-env-convention"]);
    }
}

/// A profile of one's own says something about a component beside what a rule finds of it.
#[test]
fn a_header_overrides_nothing() {
    let stack = "[stack]\nname = \"shop\"\nnamespace = \"shop\"\nprofiles = [\"production\"]\n\n[api.web]\nimage = \"x/web:1.0\"\nport = 80\n";
    let profile = "extends = \"eks\"\n\n[api.web]\nreplicas = 4\n";
    let folder = Folder::new("header", &[("stack.toml", stack), ("profiles/production.toml", profile)]);
    folder.run(&["lint"]).prints(&["run-as-root"]).never(&["this is overridden", "profiles/production"]);
}

const SHOP: &str = "[stack]\nname = \"shop\"\nnamespace = \"shop\"\nprofiles = [\"production\", \"eks\"]\n\n[api.web]\nimage = \"x/web:1.0\"\nport = 80\nhealth = \"/a\"\n\n[external.mail]\nhost = \"localhost\"\n\n[ingress.web]\nhost = \"shop\"\nroutes = { \"/\" = \"web\" }\n";

const PRODUCTION: &str = "extends = \"eks\"\n\n[stack]\nnamespace = \"shop-prod\"\n\n[cluster]\ndomain = \"example.com\"\n\n[ingress.web]\nhost = [\"@\", \"www\"]\n\n[api.web]\nreplicas = 4\nport = 8080\nimage = 'x/web:1.0'\nprobes.live.http = \"/b\"\n\n[external.mail]\nhost = \"mail.example.com\"\n";

#[test]
fn what_the_stack_overrides_of_a_profile_is_told_at_the_line_of_the_profile() {
    let files = [("stack.toml", SHOP), ("profiles/production.toml", PRODUCTION)];
    let folder = Folder::new("overridden", &files);
    let said = folder.run(&["lint"]).ends(0).prints(&[
        "the stack overrides `stack.namespace` of the profile `production`",
        "move it to `[profile.production.ingress.web]` in the stack file",
        "move it as `probes.live.http` to `[profile.production.api.web]`",
        "the stack overrides `api.web.port` of the profile",
        "the stack overrides `external.mail.host` of the profile",
    ]);
    assert_eq!(said.out.matches("[overridden-by-stack]").count(), 5, "{said}");
    folder.run(&["lint", "-p", "eks"]).never(&["overridden-by-stack"]);
    folder.run(&["lint", "--fail-on", "warning"]).ends(1);
}

/// Each line of the profile, moved as the help says, holds on the profile.
#[test]
fn what_is_moved_to_the_overlay_holds() {
    let overlay = "\n[profile.production.stack]\nnamespace = \"shop-prod\"\n[profile.production.ingress.web]\nhost = [\"@\", \"www\"]\n[profile.production.api.web]\nport = 8080\nprobes.live.http = \"/b\"\n[profile.production.external.mail]\nhost = \"mail.example.com\"\n";
    let stack = format!("{SHOP}{overlay}");
    let folder = Folder::new("moved", &[("stack.toml", &stack), ("profiles/production.toml", PRODUCTION)]);
    folder.run(&["lint"]).ends(0).never(&["overridden-by-stack"]);
    folder.run(&["render"]).ends(0).prints(&["namespace: shop-prod", "host: www.example.com", "port: 8080"]);
    let moved = PRODUCTION.split("[ingress.web]").next().unwrap();
    folder.write("profiles/production.toml", moved.replace("[stack]\nnamespace = \"shop-prod\"\n", ""));
    folder.run(&["lint"]).ends(0).never(&["overridden-by-stack"]);
}

#[test]
fn an_override_is_allowed_like_any_finding() {
    let profile = "extends = \"mine\"\n[api.web]\nreplicas = 4\n";
    let files = [(
        "profiles/mine.toml",
        "extends = \"eks\"\n[api.web]\nreplicas = 3\n[cluster]\ndomain = \"a.example.com\"\n[vars]\na = \"one\"\n",
    )];
    let stack =
        SHOP.replace("port = 80", "port = 80\nreplicas = 2").replace("host = \"shop\"", "host = \"{{ vars.a }}\"");
    let stack = format!("{stack}[vars]\na = \"two\"\n[cluster]\ndomain = \"b.example.com\"\n");
    let folder = Folder::new("allowed", &files);
    folder.write("profiles/production.toml", profile);
    folder.write("stack.toml", &stack);
    let said = folder.run(&["lint"]).ends(0);
    // each profile's own value is in vain, and nothing else is
    assert_eq!(said.out.matches("[overridden-by-stack]").count(), 2, "{said}");
    let allowed = stack.replace("replicas = 2", "replicas = 2\nallow = { overridden-by-stack = \"two are enough\" }");
    folder.write("stack.toml", allowed);
    folder.run(&["lint"]).ends(0).never(&["overridden-by-stack", "unused-allowance"]);
    folder.write("stack.toml", format!("{stack}[lint]\nlevel = {{ overridden-by-stack = \"error\" }}\n"));
    folder.run(&["lint"]).ends(1).prints(&["error[overridden-by-stack]"]);
    folder.run(&["lint", "--set", "api.web.replicas=5"]).ends(0).never(&["overridden-by-stack"]);
}

const VARIABLES: &str = "[stack]\nname = \"a\"\nprofiles = [\"k3d\"]\n\n[secret.db]\nkeys = [\"pass\"]\n\n[worker.w]\nimage = \"x/y:1.0\"\n";

/// What is said of a worker with these lines: the codes and titles of what is about its variables.
fn said_of_variables(name: &str, lines: &str) -> Vec<String> {
    let folder = Folder::of_stack(name, &format!("{VARIABLES}{lines}\n"));
    let found = folder.run(&["lint", "--format", "json"]).findings();
    let about = found
        .iter()
        .filter(|finding| ["shell-variable", "env-ref-undefined"].iter().any(|code| finding["rule"] == *code));
    about
        .map(|finding| {
            format!(
                "{} {}: {}",
                finding["level"].as_str().unwrap(),
                finding["rule"].as_str().unwrap(),
                finding["help"].as_str().unwrap()
            )
        })
        .collect()
}

#[test]
fn variables_as_a_shell_spells_them_are_told() {
    let env = "env = { DB_PASS = { secret = \"db\", key = \"pass\" }, URL = \"postgres://u:${DB_PASS}@db/x\", H = \"$DB_PASS\" }\n";
    let args = "args = [\"--p=$(NOPE)\", \"--q=$DB_PASS\", \"--r=${DB_PASS}\", \"--s=$(DB_PASS)\"]";
    let allowed = "write `$(DB_PASS)`; where the program itself expands it, write `allow = { shell-variable = \"REASON\" }` below `[worker.w]`";
    let said = said_of_variables("shell", &format!("{env}{args}"));
    assert_eq!(said.len(), 5, "{said:#?}");
    assert_eq!(
        said.iter().filter(|said| said.starts_with("warning shell-variable") && said.contains(allowed)).count(),
        4,
        "{said:#?}"
    );
    assert!(
        said.iter().any(|said| said.starts_with("warning env-ref-undefined: give the container a variable `NOPE`")),
        "{said:#?}"
    );
    assert_eq!(
        said_of_variables(
            "shell",
            &format!("{env}{args}")
                .replace("${DB_PASS}", "$(DB_PASS)")
                .replace("$DB_PASS", "$(DB_PASS)")
                .replace("$(NOPE)", "$$(NOPE)")
        ),
        [""; 0]
    );
}

#[test]
fn a_variable_that_is_not_known_is_a_remark_and_a_price_is_none() {
    let said = said_of_variables(
        "remark",
        "env = { A = \"${HOST}\", PATH = \"$PATH:/x\", B = \"$5 $host ^a$ $$C\", PASSWORD = \"a$BC\" }",
    );
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(
        said.iter().all(|said| said.starts_with("info shell-variable: give the container a variable")),
        "{said:#?}"
    );
    let later = said_of_variables("remark", "env = { A = \"${HOST}\", HOST = \"h\" }");
    assert!(matches!(&later[..], [only] if only.contains("write `$(HOST)`, and move `HOST` above `A`")), "{later:#?}");
}

#[test]
fn scripts_are_read_by_a_shell() {
    for words in [
        "command = [\"sh\", \"-c\", \"echo $A ${A} $(NOPE)\"]",
        "command = [\"/bin/bash\", \"-ec\"]\nargs = [\"echo $A $B $(NOPE)\"]",
        "command = [\"tini\", \"--\", \"sh\", \"-c\", \"echo $A\"]",
        "args = [\"-c\", \"echo $A $(NOPE)\"]",
    ] {
        assert_eq!(said_of_variables("scripts", &format!("env.A = \"a\"\n{words}")), [""; 0], "{words}");
    }
    assert_eq!(said_of_variables("scripts", "env.A = \"a\"\ncommand = [\"echo\", \"$A\"]").len(), 1);
}

const GUARDED: &str = "[stack]\nname = \"a\"\nnamespace = \"a\"\nprofiles = [\"k3d\"]\nnetwork-policy = ASKED\n\n[db.pg]\nengine = \"postgres\"\n\n[api.auth]\nimage = \"x/auth:1.0\"\nports = { http = 8080, management = 9000 }\nreplicas = 2\nuses = [\"pg\"]\nservices.auth-discovery = { type = \"headless\" }\n\n[api.plain]\nimage = \"x/plain:1.0\"\nport = 8080\nreplicas = 2\n\n[ingress.web]\nhost = \"a\"\nroutes = { \"/\" = \"auth:http\", \"/p\" = \"plain\" }\n";

/// The `ingress` of a policy, as YAML.
fn policy(rendered: &str, name: &str) -> String {
    let document = rendered
        .split("---\n")
        .find(|text| text.contains("kind: NetworkPolicy") && text.contains(&format!("\n  name: {name}\n")));
    document.unwrap().split("\n  ingress:\n").nth(1).unwrap_or_default().to_owned()
}

#[test]
fn pods_that_find_each_other_reach_each_other_on_all_ports() {
    let folder = Folder::of_stack("peers", &GUARDED.replace("ASKED", "true"));
    let rendered = folder.run(&["render"]).ends(0).out;
    let peers = "  - from:\n    - podSelector:\n        matchLabels:\n          app.kubernetes.io/name: auth\n          app.kubernetes.io/part-of: a\n";
    let auth = policy(&rendered, "auth");
    assert!(auth.ends_with(peers), "no port stands behind it, so all are open:\n{auth}");
    assert_eq!(policy(&rendered, "plain"), "  - ports:\n    - port: 8080\n");
}

#[test]
fn namespaces_that_are_let_in_reach_what_is_declared() {
    let folder = Folder::of_stack("namespaces", &GUARDED.replace("ASKED", "{ from = [\"monitoring\", \"ops\"] }"));
    let rendered = folder.run(&["render"]).ends(0).out;
    let peer = |name: &str| {
        format!("    - namespaceSelector:\n        matchLabels:\n          kubernetes.io/metadata.name: {name}\n")
    };
    let from = format!("  - from:\n{}{}    ports:\n", peer("monitoring"), peer("ops"));
    assert!(policy(&rendered, "auth").contains(&format!("{from}    - port: 8080\n    - port: 9000\n")), "{rendered}");
    assert!(policy(&rendered, "pg").ends_with(&format!("{from}    - port: 5432\n")), "{rendered}");
    folder.run(&["lint"]).ends(0).never(&["netpol", "from = ["]);
    folder.write("stack.toml", GUARDED.replace("ASKED", "{ from = [\"Monitoring\"] }"));
    folder.run(&["render"]).refused(&["Monitoring"]);
    folder.write(
        "stack.toml",
        GUARDED.replace("ASKED", "{ from = [\"ops\"] }") + "[profile.k3d.stack]\nnetwork-policy = false\n",
    );
    folder.run(&["render"]).ends(0).never(&["NetworkPolicy"]);
}

/// A Job that must end first: the way by `init` is one that works, and `wait` does not send back to where one came from.
#[test]
fn nothing_waits_for_a_job() {
    let stack = "[stack]\nname = \"a\"\nnamespace = \"ns\"\nprofiles = [\"k3d\"]\n\n[job.upgrade]\nimage = \"x/web:1.0\"\ncommand = [\"up\"]\n\n[api.web]\nimage = \"x/web:1.0\"\nport = 80\n";
    for key in ["wait", "uses"] {
        let folder = Folder::of_stack(key, &format!("{stack}{key} = [\"upgrade\"]\n"));
        folder
            .run(&["render"])
            .refused(&[
                "nothing listens in `job.upgrade`",
                "write `[api.web.init.upgrade]` with its `command`",
                "must bear running several times at once",
                "`kubectl wait -n ns --for=condition=complete job -l app.kubernetes.io/name=upgrade`",
            ])
            .never(&["make it an"]);
    }
    let written = stack.replace("[job.upgrade]\nimage = \"x/web:1.0\"\ncommand = [\"up\"]\n\n", "");
    let folder = Folder::of_stack("init", &format!("{written}[api.web.init.upgrade]\ncommand = [\"up\"]\n"));
    folder.run(&["render"]).ends(0).prints(&["initContainers:\n      - name: upgrade\n"]);
}

#[test]
fn what_belongs_to_the_cluster_is_named_with_the_namespace() {
    let stack = "[stack]\nname = \"m\"\nNAMESPACE\nprofiles = [\"k3d\"]\n\n[worker.state]\nimage = \"x/state:1.0\"\ncluster-access.\"\" = { resources = [\"nodes\"], verbs = [\"list\"] }\n";
    let rendered = |namespace: &str| {
        Folder::of_stack("cluster", &stack.replace("NAMESPACE", namespace)).run(&["render"]).ends(0).out
    };
    for namespace in ["monitoring", "monitoring2"] {
        let text = rendered(&format!("namespace = \"{namespace}\""));
        let name = format!("name: {namespace}-state\n");
        assert_eq!(text.matches(&name).count(), 3, "the role, the binding and what it refers to: {text}");
    }
}

#[test]
fn what_is_known_is_said() {
    let stack = "[stack]\nname = \"a\"\nnamespace = \"a\"\nprofiles = [\"eks\"]\n\n[db.pg]\nengine = \"postgres\"\nversion = \"16-alpine\"\n\n[api.web]\nimage = \"x/web:1.0\"\nport = 80\nuses = [\"pg\"]\nprobes.live = { http = \"/api/healthz\" }\n";
    let folder = Folder::of_stack("known", stack);
    let user = "security = \"restricted\"";
    let ready = "probes.ready = { http = \"/api/healthz\" }";
    folder.run(&["lint"]).prints(&[
        &format!("write `{user}` below `[db.pg]`; the user of the image is known\n"),
        &format!("write `{ready}` below `[api.web]`"),
    ]);
    let mended = stack.replace("16-alpine\"\n", &format!("16-alpine\"\n{user}\n")) + ready + "\n";
    folder.write("stack.toml", mended);
    let said = folder.run(&["lint"]).ends(0).never(&["missing-readiness-probe"]);
    assert_eq!(said.out.matches("[run-as-root]").count(), 1, "of web alone: {said}");
    folder.run(&["render"]).ends(0).prints(&["runAsUser: 70"]);
}

#[test]
fn a_route_to_the_port_of_a_sidecar_is_answered_with_the_port_of_the_service() {
    let stack = "[stack]\nname = \"a\"\nnamespace = \"a\"\nprofiles = [\"k3d\"]\n\n[api.app]\nimage = \"x/fpm:1.0\"\nports = { fpm = 9000 }\n\n[api.app.sidecar.nginx]\nimage = \"nginx:1.29\"\nports = { http = 8080 }\n\n[ingress.web]\nhost = \"a\"\nroutes = { \"/\" = \"app:http\" }\n";
    let folder = Folder::of_stack("sidecar-port", stack);
    let told = [
        "Service `app` has no port named `http`",
        "write `ports = [\"fpm\", \"http\"]` in `service` of `[api.app]`",
        "`sidecar.nginx`",
    ];
    folder.run(&["lint"]).ends(1).prints(&told);
    folder.write(
        "stack.toml",
        stack.replace("ports = { fpm = 9000 }", "ports = { fpm = 9000 }\nservice = { ports = [\"fpm\", \"http\"] }"),
    );
    folder.run(&["lint"]).ends(0).never(&["has no port"]);
}
