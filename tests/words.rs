//! What is answered to words that people type: each answer is followed, and the stack is right then.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

#[path = "support/program.rs"]
mod program;

use program::Folder;

/// A component with more keys.
fn web(keys: &str) -> String {
    format!("[stack]\nname = \"a\"\nnamespace = \"a\"\n\n[api.web]\nimage = \"x/web:1.0\"\nport = 80\n{keys}\n")
}

/// The stack is refused with this help, and `--fix` touches nothing.
#[track_caller]
fn answered(name: &str, stack: &str, help: &str) {
    let folder = Folder::of_stack(name, stack);
    let run = folder.run(&["lint", "-p", "eks", "--fix"]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    assert!(run.out.contains(help), "{help}\nis not said:\n{}", run.out);
    assert_eq!(folder.read("stack.toml"), stack, "a person has to decide");
}

/// The stack renders, and these lines are in it.
#[track_caller]
fn renders(name: &str, stack: &str, lines: &[&str]) {
    let run = Folder::of_stack(name, stack).run(&["render", "-p", "eks"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for line in lines {
        assert!(run.out.contains(line), "{line}\nis not in\n{}", run.out);
    }
}

#[test]
fn a_budget_in_the_other_direction_is_turned_round_and_never_fixed() {
    let pdb = |replicas: &str, budget: &str| web(&format!("{replicas}\npdb = {{ {budget} }}"));
    for (name, replicas, budget, help) in [
        (
            "share",
            "replicas = 4",
            "minAvailable = \"80%\"",
            "missing, not how many must stay: write `unavailable = \"20%\"`",
        ),
        ("count", "replicas = 4", "min-available = 3", "with 4 replicas write `unavailable = 1`"),
        ("unknown", "", "minAvailable = 1", "write `unavailable = NUMBER`, the replicas less 1"),
        ("text", "replicas = 3", "min_available = \"1\"", "with 3 replicas write `unavailable = 2`"),
        (
            "all",
            "replicas = 2",
            "minAvailable = 2",
            "write `unavailable = 1`; with 2 replicas, 2 that must stay stop every drain",
        ),
        ("whole", "replicas = 2", "minAvailable = \"100%\"", "write `unavailable = 1`, because 0 stops every drain"),
        ("both", "replicas = 4", "unavailable = 1, minAvailable = 3", "with 4 replicas write `unavailable = 1`"),
        ("short", "replicas = 4", "min-avail = 3", "its keys are unavailable"),
    ] {
        answered(&format!("budget-{name}"), &pdb(replicas, budget), help);
    }
    renders("budget-followed", &pdb("replicas = 4", "unavailable = 1"), &["  maxUnavailable: 1\n"]);
}

/// The lines of a stack that a help shows to be pasted: all from the header on.
fn pasted(name: &str, stack: &str) -> String {
    let run = Folder::of_stack(name, stack).run(&["lint", "-p", "eks"]);
    let lines = run.out.lines().skip_while(|line| !line.trim_start().starts_with('[') || line.contains("[-]"));
    let patch: Vec<_> = lines.take_while(|line| !line.is_empty()).map(str::trim).take(3).collect();
    assert_eq!(patch.len(), 3, "{}", run.out);
    patch.join("\n")
}

/// The key is refused, the patch that is shown is pasted in its place, and the object has the field.
#[track_caller]
fn patched(name: &str, stack: &str, key: &str, lines: &[&str]) {
    let pasted = pasted(&format!("patch-{name}"), &stack.replace("KEY", key));
    let followed = format!("{}\n{pasted}\n", stack.replace("KEY", ""));
    renders(&format!("patched-{name}"), &followed, lines);
}

#[test]
fn a_field_of_kubernetes_is_answered_with_the_patch_to_paste() {
    let in_web = web("KEY");
    for (name, key, lines) in [
        ("host-network", "hostNetwork = true", &["      hostNetwork: true\n"][..]),
        ("lower", "hostpid = true", &["      hostPID: true\n"]),
        ("dns-policy", "dnsPolicy = \"Default\"", &["      dnsPolicy: Default\n"]),
        ("runtime", "runtimeClassName = \"gvisor\"", &["      runtimeClassName: gvisor\n"]),
        ("history", "revisionHistoryLimit = 3", &["  revisionHistoryLimit: 3\n"]),
        ("process", "shareProcessNamespace = true", &["      shareProcessNamespace: true\n"]),
        ("group", "fsGroup = 2000", &["        fsGroup: 2000\n"]),
        ("group-in-security", "security.fsGroup = 2000", &["        fsGroup: 2000\n"]),
        ("node", "nodeName = \"a\"", &["      nodeName: a\n"]),
        ("tty", "tty = true", &["tty: true\n"]),
        ("proc", "security.procMount = \"Default\"", &["procMount: Default\n"]),
        (
            "balancer",
            "service.loadBalancerSourceRanges = [\"10.0.0.0/8\"]",
            &["  loadBalancerSourceRanges:\n  - 10.0.0.0/8\n"],
        ),
        ("families", "ipFamilyPolicy = \"PreferDualStack\"", &["  ipFamilyPolicy: PreferDualStack\n"]),
        (
            "mount",
            "mounts.\"/d\" = { scratch = \"1Gi\", mountPropagation = \"HostToContainer\" }",
            &["mountPropagation: HostToContainer\n"],
        ),
        ("budget", "pdb = { unavailable = 1, unhealthyPodEvictionPolicy = \"AlwaysAllow\" }", &[]),
        (
            "sysctls",
            "sysctls = [\"net.core.somaxconn=1024\"]",
            &["        sysctls:\n        - name: net.core.somaxconn\n          value: \"1024\"\n"],
        ),
        ("dns", "dns = \"10.0.0.2\"", &["        nameservers:\n        - \"10.0.0.2\"\n"]),
    ] {
        let kept = match name {
            "mount" => in_web.replace("KEY", "mounts.\"/d\" = { scratch = \"1Gi\" }\nKEY"),
            "balancer" => in_web.replace("KEY", "service = \"load-balancer\"\nKEY"),
            "budget" => in_web.replace("KEY", "pdb = { unavailable = 1 }\nKEY"),
            _ => in_web.clone(),
        };
        let pasted = pasted(&format!("patch-{name}"), &in_web.replace("KEY", key));
        renders(&format!("patched-{name}"), &format!("{}\n{pasted}\n", kept.replace("KEY", "")), lines);
    }
    patched(
        "cron",
        "[cronjob.c]\nimage = \"x/y:1\"\nschedule = \"0 1 * * *\"\nKEY\n",
        "hostNetwork = true",
        &["          hostNetwork: true\n"],
    );
    patched(
        "overlay",
        "[worker.w]\nimage = \"x/y:1\"\n[profile.eks.worker.w]\nKEY\nreplicas = 2\n",
        "hostNetwork = true",
        &["      hostNetwork: true\n"],
    );
    patched(
        "init",
        "[worker.w]\nimage = \"x/y:1\"\n[worker.w.init.first]\ncommand = [\"a\"]\nKEY\n",
        "terminationMessagePolicy = \"FallbackToLogsOnError\"",
        &["terminationMessagePolicy: FallbackToLogsOnError\n"],
    );
    patched(
        "metrics",
        "[api.web]\nimage = \"x/web:1\"\nport = 80\nresources = { cpu = \"1\" }\n[hpa.web]\nmax = 3\ncpu = 70\nKEY\n",
        "metrics = [{ type = \"Pods\", pods = { metric = { name = \"rps\" }, target = { type = \"AverageValue\", averageValue = \"10\" } } }]",
        &["averageUtilization: 70\n", "averageValue: \"10\"\n"],
    );
}

#[test]
fn a_field_of_another_kind_is_shown_with_the_kind() {
    let stack = web("podManagementPolicy = \"Parallel\"");
    answered("kind", &stack, "a StatefulSet alone has `podManagementPolicy`: write `kind = \"StatefulSet\"`");
    answered("kind", &stack, "on = \"StatefulSet/web\"");
}

#[test]
fn what_exists_under_another_word_is_no_patch() {
    for (name, key, help) in [
        ("ready", "minReadySeconds = 10", "write `strategy.settle = \"10s\"`"),
        ("progress", "progressDeadlineSeconds = 600", "write `strategy.deadline = \"600s\"`"),
        ("service-name", "serviceName = \"web\"", "a StatefulSet gets its Service by itself"),
        ("selector", "nodeselector = { a = \"b\" }", "write `node-selector = { a = \"b\" }`"),
        ("type", "type = \"LoadBalancer\"", "write `service = \"load-balancer\"`"),
        (
            "inner",
            "externalTrafficPolicy = \"local\"",
            "it belongs to `service`: write `external-traffic = \"local\"` there",
        ),
        ("far", "wibble = 2", "`stowplan explain api` lists its keys"),
    ] {
        answered(&format!("word-{name}"), &web(key), help);
    }
}

#[test]
fn helps_are_taken_when_they_are_followed() {
    for (name, key, help, follow) in [
        (
            "user",
            "user = \"1000:1000\"",
            "write `security = { user = 1000, group = 1000 }`",
            "security = { user = 1000, group = 1000 }",
        ),
        (
            "user-within",
            "security = { user = \"1000:2000\" }",
            "write `user = 1000` and `group = 2000`",
            "security = { user = 1000, group = 2000 }",
        ),
        ("user-name", "security = { user = \"node\" }", "write the number of the user", ""),
        (
            "type",
            "serviceType = \"LoadBalancer\"",
            "write `service = \"load-balancer\"`",
            "service = \"load-balancer\"",
        ),
        ("init", "init = true", "remove it: where a program leaves children behind", ""),
        (
            "memory",
            "shm_size = \"1gb\"",
            "write `mounts = { \"/dev/shm\" = { scratch = \"1Gi\", memory = true } }`",
            "mounts = { \"/dev/shm\" = { scratch = \"1Gi\", memory = true } }",
        ),
        ("limits", "ulimits = { nofile = 65536 }", "call `ulimit` in the entry point", ""),
        ("profiles", "profiles = [\"debug\"]", "`unset = [\"TABLE.NAME\"]` below `[profile.NAME]`", ""),
        (
            "init-container",
            "initContainers = [{ name = \"migrate\", image = \"x/web:1.0\", command = [\"migrate\"] }]",
            "`init.migrate = { command = [\"migrate\"] }`; without `image` it is the component's own, with its env, uses and mounts",
            "init.migrate = { command = [\"migrate\"] }",
        ),
        (
            "other-image",
            "initContainers = [{ name = \"wait\", image = \"busybox:1\" }]",
            "write a table for each: `init.wait = { image = \"busybox:1\" }`",
            "init.wait = { image = \"busybox:1\" }",
        ),
    ] {
        answered(&format!("help-{name}"), &web(key), help);
        renders(&format!("followed-{name}"), &web(follow), &[]);
    }
    let routed =
        |target: &str| web(&format!("[ingress.web]\nhost = \"a.example.com\"\nroutes = {{ \"/\" = \"{target}\" }}"));
    answered("route", &routed("web:80"), "write \"web\" for its first port, or the name of another one: \"web:NAME\"");
    renders("route-followed", &routed("web:http"), &[]);
    let mail = web("env-from = [\"mail\"]\n[secret.mail]\nkeys = [\"A\"]");
    answered("env-from", &mail, "write \"secret.mail\"");
    renders(
        "env-from-followed",
        &mail.replace("[\"mail\"]", "[\"secret.mail\"]"),
        &["        - secretRef:\n            name: mail\n"],
    );
    answered("service", &web("[service.ssh]\ntype = \"LoadBalancer\""), "`services.ssh = { … }` for one more");
    renders("service-followed", &web("services.ssh = { type = \"load-balancer\" }"), &["  name: ssh\n"]);
}

#[test]
fn a_database_without_an_engine_of_ours_is_answered_once() {
    let stack = "[db.postgres]\nengine = \"postgres\"\n[db.clickhouse]\nengine = \"clickhouse\"\n[worker.w]\nimage = \"x/y:1\"\nuses = [\"postgres\", \"clickhouse\"]\n";
    answered(
        "engine",
        stack,
        "another database is an `[api.clickhouse]` with `image`, `port`, `kind = \"StatefulSet\"`",
    );
    let run = Folder::of_stack("engine-once", stack).run(&["lint", "-p", "eks"]);
    assert_eq!(run.out.matches("error[").count(), 1, "{}", run.out);
    let followed = "[api.clickhouse]\nimage = \"clickhouse/clickhouse-server:24.8\"\nport = 8123\nkind = \"StatefulSet\"\nmounts.\"/var/lib/clickhouse\" = { storage = \"50Gi\" }\n";
    renders("engine-followed", followed, &["kind: StatefulSet\n"]);
}

#[test]
fn a_short_name_of_a_profile_is_understood() {
    let stack = web("[profile.production]\nextends = \"eks\"");
    let run = Folder::of_stack("short-profile", &stack).run(&["render", "-p", "prod"]);
    run.refused(&["there is no profile `prod`", "help: did you mean `production`?"]);
}

#[test]
fn a_component_that_a_profiles_file_misspells_is_named_as_such() {
    let files = [
        ("stack.toml", &*web("")),
        ("profiles/staging.toml", "extends = \"eks\"\n[api.wbe]\nreplicas = 3\n[config.extra]\ndata = { A = \"1\" }\n"),
    ];
    let folder = Folder::new("misspelt-in-file", &files);
    let run = folder.run(&["render", "-p", "staging"]).refused(&[
        "there is no `api.wbe` in the stack for this to change",
        "did you mean `api.web`?",
        "profiles/staging.toml:2:6",
    ]);
    assert!(!run.err.contains("is missing"), "{}", run.err);
    folder.write(
        "profiles/staging.toml",
        "extends = \"eks\"\n[api.wbe]\nimage = \"a/b:1\"\nport = 1\n[api.web]\nreplicas = 3\n",
    );
    folder.run(&["render", "-p", "staging"]).ends(0);
}

#[test]
fn a_key_of_the_stack_is_asked_for_behind_its_object() {
    let folder = Folder::of_stack("why-key", &web("replicas = 2"));
    folder
        .run(&["why", "api.web.replicas", "-p", "eks"])
        .refused(&["`replicas` is a key of `web`", "`stowplan why deployment/web spec.replicas`"]);
    folder.run(&["why", "deployment/web", "spec.replicas", "-p", "eks"]).prints(&["stack.toml:8:12"]);
    folder.run(&["why", "api.web.image", "-p", "eks"]).refused(&["`stowplan why web FIELD`"]);
}

#[test]
fn words_of_other_tools_for_calls_are_answered() {
    let folder = Folder::of_stack("calls", &web(""));
    folder.run(&["plan"]).refused(&["type `stowplan render -p k3d | kubectl diff -f -`"]);
    folder.run(&["render", "-e", "prod"]).refused(&["name the profile with `-p NAME`"]);
}

#[test]
fn words_that_lint_knows_are_explained() {
    let folder = Folder::of_stack("explained", "");
    for (word, help) in [
        ("initContainers", "`initContainers` is `init` here: type `stowplan explain api.init`"),
        ("affinity", "`affinity` is `spread` here: type `stowplan explain api.spread`"),
        ("api.initContainers", "type `stowplan explain api.init`"),
        ("maxSurge", "type `stowplan explain api.strategy.surge`"),
        ("hostNetwork", "on = \"Deployment/NAME\""),
        ("hostNetwork", "set.spec.template.spec.hostNetwork = VALUE"),
        ("fsGroup", "set.spec.template.spec.securityContext.fsGroup = VALUE"),
        ("hpa.metrics", "`metrics` is `cpu` here: type `stowplan explain hpa.cpu`"),
        ("StatefulSet", "type `stowplan explain db`"),
        ("probse", "did you mean `probes`?"),
    ] {
        folder.run(&["explain", word]).refused(&[help]);
    }
    folder.run(&["explain", "api.init"]).ends(0);
}

#[test]
fn an_edge_to_the_outside_that_gives_nothing_is_said() {
    let outside = |table: &str, uses: &str| {
        format!(
            "[{table}\nport = 5432\nuser = \"app\"\ndatabase = \"app\"\nsecret = \"pg\"\nkeys = {{ password = \"PASS\" }}\n\n[worker.w]\nimage = \"x/y:1\"\nuses = {uses}\n"
        )
    };
    let external = "external.postgres]\nhost = \"pg.example.com\"";
    let said = |name: &str, stack: &str| Folder::of_stack(name, stack).run(&["lint", "-p", "eks"]);
    let run = said("outside", &outside(external, "[\"postgres\"]"));
    let title =
        "warning[binds-nothing]: this edge to `postgres` gives no variables, not even its user, password, database";
    for text in [
        title,
        "for a database write `[db.postgres]` with `engine` and `managed = { host = \"pg.example.com\" }`, its other keys stay",
        "uses.postgres = { POSTGRES_HOST = \"host\", POSTGRES_USER = \"user\", POSTGRES_PASSWORD = \"password\", POSTGRES_DATABASE = \"database\" }",
    ] {
        assert!(run.out.contains(text), "{text}\n{}", run.out);
    }
    for (name, uses) in [
        (
            "outside-named",
            "{ postgres = { POSTGRES_HOST = \"host\", POSTGRES_USER = \"user\", POSTGRES_PASSWORD = \"password\", POSTGRES_DATABASE = \"database\" } }",
        ),
        ("outside-alone", "{ postgres = {} }"),
    ] {
        let stack = outside(external, uses);
        assert!(!said(name, &stack).out.contains("binds-nothing"));
        renders(name, &stack, &[]);
    }
    let managed =
        outside("db.postgres]\nengine = \"postgres\"\nmanaged = { host = \"pg.example.com\" }", "[\"postgres\"]");
    renders("outside-managed", &managed, &["name: PGUSER\n", "name: PGPASSWORD\n"]);
}

#[test]
fn a_container_that_repeats_the_image_of_its_component_is_told_what_it_lacks() {
    let stack = |keys: &str| web(&format!("uses = [\"postgres\"]\n{keys}\n\n[db.postgres]\nengine = \"postgres\""));
    let said = |name: &str, keys: &str| Folder::of_stack(name, &stack(keys)).run(&["lint", "-p", "eks"]).out;
    let repeated = said("repeated", "init.migrate = { image = \"x/web:1.0\", command = [\"migrate\"] }");
    for text in [
        "warning[repeated-image]: container `migrate` has the image of the component, and none of its variables",
        "remove `init.migrate.image`: without it the container takes over the component's image, env, uses and mounts",
        "stack.toml:9:26",
    ] {
        assert!(repeated.contains(text), "{text}\n{repeated}");
    }
    for (name, keys) in [
        ("repeated-not", "init.migrate = { command = [\"migrate\"] }"),
        ("repeated-other", "init.migrate = { image = \"x/tool:1.0\" }"),
        ("repeated-uses", "init.migrate = { image = \"x/web:1.0\", uses = [\"postgres\"] }"),
        (
            "repeated-allowed",
            "init.migrate = { image = \"x/web:1.0\" }\nallow = { repeated-image = \"needs nothing\" }",
        ),
    ] {
        let said = said(name, keys);
        assert!(!said.contains("repeated-image"), "{said}");
    }
}
