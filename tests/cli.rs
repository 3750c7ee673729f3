//! The command as a shell sees it: exit codes, pipes, files, help.

#[path = "support/program.rs"]
mod program;

use program::Folder;
use std::fs;
use std::io::pipe;

const HELLO: &str = "[api.hello]\nimage = \"kicbase/echo-server:1.0\"\nport = 8080\n";

#[test]
fn help_is_there_for_every_command_and_ends_with_an_example() {
    let folder = Folder::new("help", &[]);
    let lines = ["stowplan init", "stowplan render -p k3d | kubectl apply -f -", "stowplan explain api", "Exit codes"];
    let top = folder.run(&["--help"]).ends(0).prints(&lines);
    assert!(top.out.lines().count() <= 40, "more than a screen:\n{}", top.out);
    for name in ["render", "init", "profiles", "explain", "completions", "man"] {
        assert!(top.out.contains(&format!("  {name} ")), "{}", top.out);
        let help = folder.run(&[name, "--help"]).ends(0).prints(&["Example", &format!("  stowplan {name}")]);
        assert_eq!(help.err, "");
    }
    assert_eq!(folder.run(&["--version"]).ends(0).out, format!("stowplan {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_wrong_call_is_refused() {
    let folder = Folder::new("call", &[]);
    folder.run(&[]).refused(&["Usage: stowplan"]);
    folder.run(&["rendr"]).refused(&["rendr", "render"]);
    folder.run(&["render", "--output", "toml"]).refused(&["dir:PATH"]);
    folder.run(&["render", "--color", "green"]).refused(&["green"]);
    folder.run(&["completions", "cmd"]).refused(&["bash"]);
    folder.run(&["man", "rendr"]).refused(&["there is no command `rendr`", "did you mean `render`?"]);
}

#[test]
fn a_stack_file_that_is_not_there_is_refused() {
    let folder = Folder::new("missing", &[]);
    folder
        .run(&["render", "-p", "k3d"])
        .refused(&["there is no stack.toml here or in a folder above", "stowplan init"]);
    folder.run(&["render", "-f", "app.toml"]).refused(&["there is no file `app.toml`"]);
    folder.run(&["render", "-f", "."]).refused(&["the folder `.` holds no stack.toml", "-f ./NAME.toml"]);
    folder.below("stack.toml");
    folder.run(&["render"]).refused(&["`stack.toml` is a folder here, and a stack is a file"]);
    folder.run(&["render", "-f", "."]).refused(&["`./stack.toml` cannot be read: is a directory"]);
}

#[test]
fn what_is_no_stack_is_refused_without_a_panic() {
    let huge = format!("[config.big.data]\ntext = \"{}\"\n", "x".repeat(50 << 20));
    Folder::of_stack("huge", &format!("{huge}x = [")).run(&["render", "-p", "k3d"]).refused(&["error", "stack.toml"]);
    let cases: [(&str, &[u8]); 6] = [
        ("brackets", &b"[".repeat(1 << 16)),
        ("bytes", b"[stack]\nname = \"\xff\xfe\"\n"),
        ("zeros", &[0; 1000]),
        ("deep", &[b"a = ".as_slice(), &b"[".repeat(1000), &b"]".repeat(1000)].concat()),
        ("utf16", b"\xff\xfea\0"),
        ("unknown", b"[apii.web]\nimage = \"a:1\"\n"),
    ];
    for (name, bytes) in cases {
        let folder = Folder::new(name, &[]);
        folder.write("stack.toml", bytes);
        let run = folder.run(&["render", "-p", "k3d"]).refused(&["error[", "stack.toml"]);
        assert!(run.err.ends_with("nothing was rendered\n"), "{name}: {}", run.err);
    }
}

#[test]
fn an_empty_stack_makes_nothing_and_says_so() {
    let run = Folder::of_stack("empty", "").run(&["render", "-p", "k3d"]).ends(0);
    let run = run.says(&["`stack.toml` makes no object for the profile `k3d`"]);
    assert_eq!(run.out, "");
}

#[test]
fn mistakes_are_counted() {
    let folder = Folder::of_stack("count", "[api.web]\nimage = 3\nport = 80\nreplica = 2\nrepilcas = 1\n");
    folder.run(&["render", "-p", "k3d"]).refused(&["error: 3 mistakes in stack.toml; nothing was rendered\n"]);
}

#[test]
fn the_profile_comes_from_the_call_the_environment_or_the_stack() {
    let folder = Folder::of_stack("profile", "[stack]\nname = \"a\"\nprofiles = [\"nope\"]\n");
    folder.run(&["render"]).refused(&["there is no profile `nope`"]);
    folder.write("stack.toml", HELLO);
    folder.run(&["render"]).refused(&["stowplan render -p k3d"]);
    folder.run(&["render", "-p", "k3"]).refused(&["there is no profile `k3`", "did you mean `k3d`?"]);
    folder.run(&["-p", "k3", "render"]).refused(&["there is no profile `k3`"]);
    folder.run(&["render", "-p", ""]).refused(&["there is no profile ``"]);
    let variable = |value: &str| folder.call(&["render"]).variable("STOWPLAN_PROFILE", value).run();
    variable("k3").refused(&["there is no profile `k3`"]);
    variable("").refused(&["stowplan render -p k3d"]);
    variable("k3d").ends(0);
    folder.call(&["render", "-p", "k3d"]).variable("STOWPLAN_PROFILE", "k3").run().ends(0);
}

#[test]
fn every_set_counts_wherever_it_stands() {
    let folder = Folder::of_stack("set", HELLO);
    let run = folder.run(&["--set", "api.hello.repilcas=1", "render", "-p", "k3d", "--set", "api.hello.prots=1"]);
    run.refused(&["repilcas", "prots", "error: 2 mistakes; nothing was rendered"]);
}

#[test]
fn a_stack_is_found_upwards_in_a_folder_and_on_stdin() {
    let folder = Folder::of_stack("upwards", "[apii.x]\n");
    let deep = folder.below("a/b");
    deep.run(&["render", "-p", "k3d"]).refused(&["../../stack.toml:1:"]);
    deep.run(&["render", "-p", "k3d", "-f", "../.."]).refused(&["../../stack.toml:1:"]);
    deep.run_on("[apii.y]\n", &["render", "-p", "k3d", "-f", "-"]).refused(&["<stdin>:1:"]);
    deep.run_on(HELLO, &["-f", "-", "render", "-p", "k3d"]).ends(0);
}

#[test]
fn paths_are_relative_to_the_stack() {
    let folder = Folder::of_stack("relative", HELLO);
    folder.write("profiles/own.toml", "# Ours.\nextends = \"k3d\"\n");
    folder.below("elsewhere").run(&["render", "-p", "own", "-f", "../stack.toml"]).ends(0);
}

#[test]
fn nobody_reads_the_output() {
    let folder = Folder::of_stack("pipe", HELLO);
    for arguments in
        [&["-q", "render", "-p", "k3d"][..], &["explain", "api"], &["completions", "zsh"], &["man"], &["--help"]]
    {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let run = folder.call(arguments).with(|command| command.stdout(writer)).run().ends(0);
        assert_eq!(run.err, "", "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let folder = Folder::of_stack("full", HELLO);
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    for arguments in
        [&["-q", "render", "-p", "k3d"][..], &["explain", "api"], &["completions", "zsh"], &["man"], &["--help"]]
    {
        let run = folder.call(arguments).with(|command| command.stdout(full())).run();
        run.ends(2).says(&["stdout cannot be written: no space left on device"]);
    }
    folder.call(&["render", "-p", "k3"]).with(|command| command.stderr(full())).run().refused(&[]);
}

#[test]
fn colors_are_for_terminals_unless_they_are_asked_for() {
    let folder = Folder::of_stack("color", "[apii.x]\n");
    let arguments = ["render", "-p", "k3d"];
    assert!(!folder.run(&arguments).err.contains('\u{1b}'));
    assert!(folder.run(&["--color", "always", "render", "-p", "k3d"]).err.contains('\u{1b}'));
    assert!(folder.call(&arguments).variable("CLICOLOR_FORCE", "1").run().err.contains('\u{1b}'));
    let forced = folder.call(&["render", "-p", "k3d", "--color=never"]).variable("CLICOLOR_FORCE", "1").run();
    assert!(!forced.err.contains('\u{1b}'));
}

#[test]
fn quiet_leaves_errors_alone() {
    let folder = Folder::of_stack("quiet", "");
    assert_eq!(folder.run(&["-q", "render", "-p", "k3d"]).ends(0).err, "");
    folder.run(&["render", "-q", "-p", "k3"]).refused(&["there is no profile `k3`"]);
}

#[test]
fn manifests_come_out_as_yaml_json_and_files() {
    let folder = Folder::of_stack("formats", HELLO);
    let yaml = folder.run(&["render", "-p", "k3d"]).ends(0).out;
    assert!(yaml.contains("kind: Deployment\n") && yaml.contains("kind: Service\n"), "{yaml}");
    let json = folder.run(&["render", "-p", "k3d", "-o", "json"]).ends(0).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["kind"], "List");
    let run = folder.run(&["render", "-p", "k3d", "-o", "dir:out/k3d"]).ends(0);
    assert_eq!(run.out, "");
    assert!(folder.path("out/k3d/deployment-hello.yaml").is_file(), "{}", run.err);
}

#[test]
fn a_folder_of_manifests_loses_what_is_stale_and_keeps_what_is_foreign() {
    let folder = Folder::of_stack("stale", &format!("{HELLO}\n[worker.old]\nimage = \"busybox:1.37\"\n"));
    let render = ["render", "-p", "k3d", "-o", "dir:out"];
    folder.run(&render).ends(0);
    let out = folder.below("out");
    assert!(out.path("deployment-old.yaml").is_file());
    out.write("kustomization.yaml", "resources: []\n");
    folder.write("stack.toml", HELLO);
    let told = "out: 0 written, 2 unchanged, 1 removed\nrun   kubectl apply -k out\n";
    assert!(folder.run(&render).ends(0).err.ends_with(told));
    assert!(!out.path("deployment-old.yaml").exists() && out.path("kustomization.yaml").is_file());
    out.write("service-hello.yaml", "kind: Service\n");
    folder.run(&render).refused(&["`out/service-hello.yaml` is in the way", "nothing was changed"]);
    assert_eq!(out.read("service-hello.yaml"), "kind: Service\n");
}

#[test]
fn init_writes_a_stack_once() {
    let folder = Folder::new("init", &[]);
    let first = folder.run(&["init", "shop", "--with", "db,ingress"]).ends(0);
    let first = first.says(&["stowplan render -p k3d | kubectl apply -f -"]);
    assert_eq!(first.out, "");
    let text = folder.read("stack.toml");
    assert!(text.contains("name = \"shop\"") && text.contains("[db.postgres]") && text.contains("[ingress.web]"));
    folder.run(&["init"]).refused(&["there is a stack.toml here already", "mv stack.toml old.toml"]);
    assert_eq!(folder.read("stack.toml"), text);
    folder.run(&["init", "--with", "dbb"]).refused(&["dbb", "db"]);
    folder.run(&["init", "My Shop"]).refused(&["My Shop"]);
}

#[test]
fn every_starter_renders_on_every_profile_that_it_names() {
    let parts = ["db", "worker", "cronjob", "job", "ingress", "hpa"];
    for bits in 0..1_u32 << parts.len() {
        let with: Vec<&str> =
            parts.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, part)| *part).collect();
        let folder = Folder::new(&format!("starter-{bits}"), &[]);
        let list = with.join(",");
        let arguments = if with.is_empty() { vec!["init"] } else { vec!["init", "--with", &list] };
        folder.run(&arguments).ends(0);
        for profile in ["k3d", "cloud"] {
            let manifests = folder.run(&["-q", "render", "-p", profile]).ends(0).out;
            assert!(manifests.contains("kind: Deployment\n"), "--with {list} on {profile}:\n{manifests}");
            for (part, kind) in [("db", "StatefulSet"), ("cronjob", "CronJob"), ("job", "Job"), ("ingress", "Ingress")]
            {
                let is_there = manifests.contains(&format!("\nkind: {kind}\n"));
                assert_eq!(is_there, with.contains(&part), "{kind} of --with {list} on {profile}:\n{manifests}");
            }
        }
    }
}

#[test]
fn profiles_are_listed_and_shown() {
    let folder =
        Folder::of_stack("profiles", "[profile.staging]\nextends = \"eks\"\n\n[profile.staging.cluster]\nnodes = 2\n");
    let names = "k3d\nminikube\nkind\ncloud\neks\ngke\naks\ndigitalocean\n";
    folder.write("profiles/lab.toml", "# A rack in the cellar.\nextends = \"cloud\"\n");
    for arguments in
        [&["profiles"][..], &["profiles", "list"], &["profiles", "list", "-q"], &["-f", "stack.toml", "profiles"]]
    {
        assert_eq!(folder.run(arguments).ends(0).out, format!("{names}lab\nstaging\n"));
    }
    assert_eq!(folder.below("profiles").run(&["profiles", "-f", "-"]).ends(0).out, names);
    let show = |name| folder.run(&["profiles", "show", name]);
    assert_eq!(show("k3d").ends(0).out, include_str!("../profiles/k3d.toml"));
    assert_eq!(show("base").ends(0).out, include_str!("../profiles/base.toml"));
    assert!(show("eks").ends(0).out.starts_with("# Laid over base, cloud.\n"));
    assert!(show("lab").ends(0).out.starts_with("# Laid over base, cloud.\n# A rack"));
    let staging =
        "# Laid over base, cloud, eks.\n[profile.staging]\nextends = \"eks\"\n\n[profile.staging.cluster]\nnodes = 2\n";
    assert_eq!(show("staging").ends(0).out, staging);
    show("ekz").refused(&["there is no profile `ekz`", "did you mean `eks`?"]);
    // What can be told is told where something else is wrong.
    folder.write("profiles/broken.toml", "extends = cloud\n");
    let listed = folder.run(&["profiles"]).ends(2).says(&["profiles/broken.toml:1:11"]);
    assert_eq!(listed.out, format!("{names}broken\nlab\nstaging\n"));
    show("staging").ends(0);
    folder.write("stack.toml", "[profile.staging\n");
    let listed = folder.run(&["profiles"]).ends(2).says(&["stack.toml:1"]);
    assert_eq!(listed.out, format!("{names}broken\nlab\n"));
    show("k3d").ends(0);
    show("lab").ends(0);
    show("staging").refused(&["stack.toml:1", "profiles/broken.toml:1:11"]);
    folder.run(&["profiles", "-f", "no.toml"]).refused(&["there is no file `no.toml`"]);
}

#[test]
fn explain_knows_the_language() {
    let folder = Folder::new("explain", &[]);
    assert!(folder.run(&["explain"]).ends(0).out.contains("\n  cronjob "));
    let one = folder.run(&["explain", "api.probes.live"]).ends(0).out;
    assert_eq!(folder.run(&["explain", "api", "probes", "live"]).ends(0).out, one);
    assert!(folder.run(&["explain", "cluster.storage.class"]).ends(0).out.contains("\"gp3\""));
    folder
        .run(&["explain", "prots"])
        .refused(&["there is no table, key, rule or code `prots`", "did you mean `ports`?"]);
}

#[test]
fn completions_and_manual_are_there() {
    let folder = Folder::new("shells", &[]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(folder.run(&["completions", shell]).ends(0).out.contains("render"), "{shell}");
    }
    assert!(folder.run(&["man"]).ends(0).out.contains(".TH stowplan 1"));
    assert!(folder.run(&["man", "render"]).ends(0).out.contains(".TH stowplan-render 1"));
}
