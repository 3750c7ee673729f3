//! The command as a shell sees it: exit codes, pipes, files, help.

use std::fs;
use std::io::{Write, pipe};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const HELLO: &str = "[api.hello]\nimage = \"kicbase/echo-server:1.0\"\nport = 8080\n";

struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    #[track_caller]
    fn fine(self) -> Self {
        assert_eq!(self.code, 0, "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }

    /// Exit code 2, nothing on stdout, every text on stderr.
    #[track_caller]
    fn refused(self, texts: &[&str]) -> Self {
        assert_eq!((self.code, self.out.as_str()), (2, ""), "stderr: {}", self.err);
        for text in texts {
            assert!(self.err.contains(text), "`{text}` is not in:\n{}", self.err);
        }
        self
    }
}

/// A fresh folder for one test.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("the target folder is writable");
    path
}

fn folder_with(name: &str, stack: impl AsRef<[u8]>) -> PathBuf {
    let path = folder(name);
    fs::write(path.join("stack.toml"), stack).expect("the target folder is writable");
    path
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stowplan"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    for variable in ["STOWPLAN_PROFILE", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command
}

fn finish(command: &mut Command) -> Run {
    let output = command.output().expect("stowplan starts");
    let text = |bytes| String::from_utf8(bytes).expect("what it says is text");
    Run { code: output.status.code().expect("no signal ends it"), out: text(output.stdout), err: text(output.stderr) }
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    finish(&mut command(folder, arguments))
}

fn run_with_stdin(folder: &Path, arguments: &[&str], stdin: &str) -> Run {
    let mut child = command(folder, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("stowplan starts");
    child.stdin.take().expect("it is a pipe").write_all(stdin.as_bytes()).expect("stdin is read");
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("what it says is text");
    Run { code: output.status.code().expect("no signal ends it"), out: text(output.stdout), err: text(output.stderr) }
}

#[test]
fn help_is_there_for_every_command_and_ends_with_an_example() {
    let folder = folder("help");
    let top = run(&folder, &["--help"]).fine();
    for line in ["stowplan init", "stowplan render -p k3d | kubectl apply -f -", "stowplan explain api", "Exit codes"] {
        assert!(top.out.contains(line), "{}", top.out);
    }
    assert!(top.out.lines().count() <= 40, "more than a screen:\n{}", top.out);
    for name in ["render", "init", "profiles", "explain", "completions", "man"] {
        assert!(top.out.contains(&format!("  {name} ")), "{}", top.out);
        let help = run(&folder, &[name, "--help"]).fine();
        assert!(help.out.contains("Example") && help.out.contains(&format!("  stowplan {name}")), "{}", help.out);
        assert_eq!(help.err, "");
    }
    assert_eq!(run(&folder, &["--version"]).fine().out, format!("stowplan {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_wrong_call_is_refused() {
    let folder = folder("call");
    run(&folder, &[]).refused(&["Usage: stowplan"]);
    run(&folder, &["rendr"]).refused(&["rendr", "render"]);
    run(&folder, &["render", "--output", "toml"]).refused(&["dir:PATH"]);
    run(&folder, &["render", "--color", "green"]).refused(&["green"]);
    run(&folder, &["completions", "cmd"]).refused(&["bash"]);
    run(&folder, &["man", "rendr"]).refused(&["there is no command `rendr`", "did you mean `render`?"]);
}

#[test]
fn a_stack_file_that_is_not_there_is_refused() {
    let folder = folder("missing");
    run(&folder, &["render", "-p", "k3d"])
        .refused(&["there is no stack.toml here or in a folder above", "stowplan init"]);
    run(&folder, &["render", "-f", "app.toml"]).refused(&["there is no file `app.toml`"]);
    run(&folder, &["render", "-f", "."]).refused(&["the folder `.` holds no stack.toml", "-f ./NAME.toml"]);
    fs::create_dir(folder.join("stack.toml")).unwrap();
    run(&folder, &["render"]).refused(&["`stack.toml` is a folder here, and a stack is a file"]);
    run(&folder, &["render", "-f", "."]).refused(&["`./stack.toml` cannot be read: is a directory"]);
}

#[test]
fn what_is_no_stack_is_refused_without_a_panic() {
    let huge = format!("[config.big.data]\ntext = \"{}\"\n", "x".repeat(50 << 20));
    run(&folder_with("huge", format!("{huge}x = [")), &["render", "-p", "k3d"]).refused(&["error", "stack.toml"]);
    let cases: [(&str, &[u8]); 6] = [
        ("brackets", &b"[".repeat(1 << 16)),
        ("bytes", b"[stack]\nname = \"\xff\xfe\"\n"),
        ("zeros", &[0; 1000]),
        ("deep", &[b"a = ".as_slice(), &b"[".repeat(1000), &b"]".repeat(1000)].concat()),
        ("utf16", b"\xff\xfea\0"),
        ("unknown", b"[apii.web]\nimage = \"a:1\"\n"),
    ];
    for (name, bytes) in cases {
        let run = run(&folder_with(name, bytes), &["render", "-p", "k3d"]);
        let run = run.refused(&["error[", "stack.toml"]);
        assert!(run.err.ends_with("nothing was rendered\n"), "{name}: {}", run.err);
    }
}

#[test]
fn an_empty_stack_makes_nothing_and_says_so() {
    let run = run(&folder_with("empty", ""), &["render", "-p", "k3d"]).fine();
    assert_eq!(run.out, "");
    assert!(run.err.contains("`stack.toml` makes no object for the profile `k3d`"), "{}", run.err);
}

#[test]
fn mistakes_are_counted() {
    let folder = folder_with("count", "[api.web]\nimage = 3\nport = 80\nreplica = 2\nrepilcas = 1\n");
    run(&folder, &["render", "-p", "k3d"]).refused(&["error: 3 mistakes in stack.toml; nothing was rendered\n"]);
}

#[test]
fn the_profile_comes_from_the_call_the_environment_or_the_stack() {
    let folder = folder_with("profile", "[stack]\nname = \"a\"\nprofiles = [\"nope\"]\n");
    run(&folder, &["render"]).refused(&["there is no profile `nope`"]);
    fs::write(folder.join("stack.toml"), HELLO).unwrap();
    run(&folder, &["render"]).refused(&["stowplan render -p k3d"]);
    run(&folder, &["render", "-p", "k3"]).refused(&["there is no profile `k3`", "did you mean `k3d`?"]);
    run(&folder, &["-p", "k3", "render"]).refused(&["there is no profile `k3`"]);
    run(&folder, &["render", "-p", ""]).refused(&["there is no profile ``"]);
    let variable = |value: &str| finish(command(&folder, &["render"]).env("STOWPLAN_PROFILE", value));
    variable("k3").refused(&["there is no profile `k3`"]);
    variable("").refused(&["stowplan render -p k3d"]);
    variable("k3d").fine();
    finish(command(&folder, &["render", "-p", "k3d"]).env("STOWPLAN_PROFILE", "k3")).fine();
}

#[test]
fn every_set_counts_wherever_it_stands() {
    let folder = folder_with("set", HELLO);
    let run = run(&folder, &["--set", "api.hello.repilcas=1", "render", "-p", "k3d", "--set", "api.hello.prots=1"]);
    run.refused(&["repilcas", "prots", "error: 2 mistakes; nothing was rendered"]);
}

#[test]
fn a_stack_is_found_upwards_in_a_folder_and_on_stdin() {
    let folder = folder_with("upwards", "[apii.x]\n");
    let deep = folder.join("a").join("b");
    fs::create_dir_all(&deep).unwrap();
    run(&deep, &["render", "-p", "k3d"]).refused(&["../../stack.toml:1:"]);
    run(&deep, &["render", "-p", "k3d", "-f", "../.."]).refused(&["../../stack.toml:1:"]);
    run_with_stdin(&deep, &["render", "-p", "k3d", "-f", "-"], "[apii.y]\n").refused(&["<stdin>:1:"]);
    run_with_stdin(&deep, &["-f", "-", "render", "-p", "k3d"], HELLO).fine();
}

#[test]
fn paths_are_relative_to_the_stack() {
    let folder = folder_with("relative", HELLO);
    fs::create_dir_all(folder.join("profiles")).unwrap();
    fs::create_dir_all(folder.join("elsewhere")).unwrap();
    fs::write(folder.join("profiles/own.toml"), "# Ours.\nextends = \"k3d\"\n").unwrap();
    run(&folder.join("elsewhere"), &["render", "-p", "own", "-f", "../stack.toml"]).fine();
}

#[test]
fn nobody_reads_the_output() {
    let folder = folder_with("pipe", HELLO);
    for arguments in
        [&["-q", "render", "-p", "k3d"][..], &["explain", "api"], &["completions", "zsh"], &["man"], &["--help"]]
    {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let run = finish(command(&folder, arguments).stdout(writer));
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let folder = folder_with("full", HELLO);
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    for arguments in
        [&["-q", "render", "-p", "k3d"][..], &["explain", "api"], &["completions", "zsh"], &["man"], &["--help"]]
    {
        let run = finish(command(&folder, arguments).stdout(full()));
        assert_eq!(run.code, 2, "{arguments:?}");
        assert!(run.err.contains("stdout cannot be written: no space left on device"), "{}", run.err);
    }
    let run = finish(command(&folder, &["render", "-p", "k3"]).stderr(full()));
    assert_eq!((run.code, run.out.as_str()), (2, ""));
}

#[test]
fn colors_are_for_terminals_unless_they_are_asked_for() {
    let folder = folder_with("color", "[apii.x]\n");
    let arguments = ["render", "-p", "k3d"];
    assert!(!run(&folder, &arguments).err.contains('\u{1b}'));
    assert!(run(&folder, &["--color", "always", "render", "-p", "k3d"]).err.contains('\u{1b}'));
    assert!(finish(command(&folder, &arguments).env("CLICOLOR_FORCE", "1")).err.contains('\u{1b}'));
    let forced = finish(command(&folder, &["render", "-p", "k3d", "--color=never"]).env("CLICOLOR_FORCE", "1"));
    assert!(!forced.err.contains('\u{1b}'));
}

#[test]
fn quiet_leaves_errors_alone() {
    let folder = folder_with("quiet", "");
    assert_eq!(run(&folder, &["-q", "render", "-p", "k3d"]).fine().err, "");
    run(&folder, &["render", "-q", "-p", "k3"]).refused(&["there is no profile `k3`"]);
}

#[test]
fn manifests_come_out_as_yaml_json_and_files() {
    let folder = folder_with("formats", HELLO);
    let yaml = run(&folder, &["render", "-p", "k3d"]).fine().out;
    assert!(yaml.contains("kind: Deployment\n") && yaml.contains("kind: Service\n"), "{yaml}");
    let json = run(&folder, &["render", "-p", "k3d", "-o", "json"]).fine().out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["kind"], "List");
    let run = run(&folder, &["render", "-p", "k3d", "-o", "dir:out/k3d"]).fine();
    assert_eq!(run.out, "");
    assert!(folder.join("out/k3d/deployment-hello.yaml").is_file(), "{}", run.err);
}

#[test]
fn a_folder_of_manifests_loses_what_is_stale_and_keeps_what_is_foreign() {
    let folder = folder_with("stale", format!("{HELLO}\n[worker.old]\nimage = \"busybox:1.37\"\n"));
    let render = ["render", "-p", "k3d", "-o", "dir:out"];
    run(&folder, &render).fine();
    let out = folder.join("out");
    assert!(out.join("deployment-old.yaml").is_file());
    fs::write(out.join("kustomization.yaml"), "resources: []\n").unwrap();
    fs::write(folder.join("stack.toml"), HELLO).unwrap();
    let told = "out: 0 written, 2 unchanged, 1 removed\nrun   kubectl apply -k out\n";
    assert!(run(&folder, &render).fine().err.ends_with(told));
    assert!(!out.join("deployment-old.yaml").exists() && out.join("kustomization.yaml").is_file());
    fs::write(out.join("service-hello.yaml"), "kind: Service\n").unwrap();
    run(&folder, &render).refused(&["`out/service-hello.yaml` is in the way", "nothing was changed"]);
    assert_eq!(fs::read_to_string(out.join("service-hello.yaml")).unwrap(), "kind: Service\n");
}

#[test]
fn init_writes_a_stack_once() {
    let folder = folder("init");
    let first = run(&folder, &["init", "shop", "--with", "db,ingress"]).fine();
    assert!(first.err.contains("stowplan render -p k3d | kubectl apply -f -"), "{}", first.err);
    assert_eq!(first.out, "");
    let text = fs::read_to_string(folder.join("stack.toml")).unwrap();
    assert!(text.contains("name = \"shop\"") && text.contains("[db.postgres]") && text.contains("[ingress.web]"));
    run(&folder, &["init"]).refused(&["there is a stack.toml here already", "mv stack.toml old.toml"]);
    assert_eq!(fs::read_to_string(folder.join("stack.toml")).unwrap(), text);
    run(&folder, &["init", "--with", "dbb"]).refused(&["dbb", "db"]);
    run(&folder, &["init", "My Shop"]).refused(&["My Shop"]);
}

#[test]
fn every_starter_renders_on_every_profile_that_it_names() {
    let parts = ["db", "worker", "cronjob", "job", "ingress", "hpa"];
    for bits in 0..1_u32 << parts.len() {
        let with: Vec<&str> =
            parts.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, part)| *part).collect();
        let folder = folder(&format!("starter-{bits}"));
        let list = with.join(",");
        let arguments = if with.is_empty() { vec!["init"] } else { vec!["init", "--with", &list] };
        run(&folder, &arguments).fine();
        for profile in ["k3d", "cloud"] {
            let manifests = run(&folder, &["-q", "render", "-p", profile]).fine().out;
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
        folder_with("profiles", "[profile.staging]\nextends = \"eks\"\n\n[profile.staging.cluster]\nnodes = 2\n");
    let names = "k3d\nminikube\nkind\ncloud\neks\ngke\naks\ndigitalocean\n";
    fs::create_dir(folder.join("profiles")).unwrap();
    fs::write(folder.join("profiles/lab.toml"), "# A rack in the cellar.\nextends = \"cloud\"\n").unwrap();
    for arguments in
        [&["profiles"][..], &["profiles", "list"], &["profiles", "list", "-q"], &["-f", "stack.toml", "profiles"]]
    {
        assert_eq!(run(&folder, arguments).fine().out, format!("{names}lab\nstaging\n"));
    }
    assert_eq!(run(&folder.join("profiles"), &["profiles", "-f", "-"]).fine().out, names);
    let show = |name| run(&folder, &["profiles", "show", name]);
    assert_eq!(show("k3d").fine().out, include_str!("../profiles/k3d.toml"));
    assert_eq!(show("base").fine().out, include_str!("../profiles/base.toml"));
    assert!(show("eks").fine().out.starts_with("# Laid over base, cloud.\n"));
    assert!(show("lab").fine().out.starts_with("# Laid over base, cloud.\n# A rack"));
    let staging =
        "# Laid over base, cloud, eks.\n[profile.staging]\nextends = \"eks\"\n\n[profile.staging.cluster]\nnodes = 2\n";
    assert_eq!(show("staging").fine().out, staging);
    show("ekz").refused(&["there is no profile `ekz`", "did you mean `eks`?"]);
    // What can be told is told where something else is wrong.
    fs::write(folder.join("profiles/broken.toml"), "extends = cloud\n").unwrap();
    let listed = run(&folder, &["profiles"]);
    assert_eq!((listed.code, listed.out), (2, format!("{names}broken\nlab\nstaging\n")));
    assert!(listed.err.contains("profiles/broken.toml:1:11"), "{}", listed.err);
    show("staging").fine();
    fs::write(folder.join("stack.toml"), "[profile.staging\n").unwrap();
    let listed = run(&folder, &["profiles"]);
    assert_eq!((listed.code, listed.out), (2, format!("{names}broken\nlab\n")));
    assert!(listed.err.contains("stack.toml:1"), "{}", listed.err);
    show("k3d").fine();
    show("lab").fine();
    show("staging").refused(&["stack.toml:1", "profiles/broken.toml:1:11"]);
    run(&folder, &["profiles", "-f", "no.toml"]).refused(&["there is no file `no.toml`"]);
}

#[test]
fn explain_knows_the_language() {
    let folder = folder("explain");
    assert!(run(&folder, &["explain"]).fine().out.contains("\n  cronjob "));
    let one = run(&folder, &["explain", "api.probes.live"]).fine().out;
    assert_eq!(run(&folder, &["explain", "api", "probes", "live"]).fine().out, one);
    assert!(run(&folder, &["explain", "cluster.storage.class"]).fine().out.contains("\"gp3\""));
    run(&folder, &["explain", "prots"])
        .refused(&["there is no table, key, rule or code `prots`", "did you mean `ports`?"]);
}

#[test]
fn completions_and_manual_are_there() {
    let folder = folder("shells");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(run(&folder, &["completions", shell]).fine().out.contains("render"), "{shell}");
    }
    assert!(run(&folder, &["man"]).fine().out.contains(".TH stowplan 1"));
    assert!(run(&folder, &["man", "render"]).fine().out.contains(".TH stowplan-render 1"));
}
