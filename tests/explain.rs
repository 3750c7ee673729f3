//! `explain` and the lists, as a reader meets them: what comes first, where colors are, what a shell completes.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "support/program.rs"]
mod program;

use program::Folder;
use std::process::Command;

/// What a call prints on stdout, with these variables.
fn printed(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let call = Folder::of_repository(".").call(arguments);
    call.with(|command| command.envs(variables.iter().copied())).run().out
}

const ESCAPE: char = '\u{1b}';

fn stripped(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    first + &parts.map(|part| part.split_once('m').unwrap().1).collect::<String>()
}

#[test]
fn colors_follow_the_one_choice_and_change_nothing_else() {
    let calls: [&[&str]; 7] = [
        &["explain"],
        &["explain", "api"],
        &["explain", "rules"],
        &["explain", "unknown-key"],
        &["explain", "floating-image-tag"],
        &["explain", "POD"],
        &["profiles", "show", "eks"],
    ];
    for call in calls {
        let plain = printed(call, &[]);
        assert!(!plain.contains(ESCAPE) && !plain.contains("```"), "{call:?}");
        let colored = printed(&[&["--color", "always"], call].concat(), &[]);
        assert!(colored.contains("\u{1b}[1m") && colored.contains("\u{1b}[36m"), "{call:?}: {colored}");
        assert_eq!(stripped(&colored), plain, "{call:?}");
        assert_eq!(printed(call, &[("CLICOLOR_FORCE", "1")]), colored, "{call:?}");
        assert_eq!(printed(call, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), plain, "{call:?}");
        assert_eq!(printed(&[&["--color", "never"], call].concat(), &[("CLICOLOR_FORCE", "1")]), plain, "{call:?}");
    }
}

#[test]
fn a_check_of_snapshots_marks_what_is_wrong() {
    let text = "[stack]\nname = \"shop\"\nprofiles = [\"k3d\"]\n\n[api.web]\nimage = \"nginx:1.27.3\"\nport = 80\n";
    let folder = Folder::of_stack("snapshots", text);
    folder.below("snapshots/k3d");
    let plain = folder.run(&["snapshot", "--check"]).out;
    assert!(plain.contains("missing   ") && !plain.contains(ESCAPE), "{plain}");
    let colored = folder.run(&["--color", "always", "snapshot", "--check"]).out;
    assert!(colored.contains("\u{1b}[31mmissing "), "{colored:?}");
    assert_eq!(stripped(&colored), plain);
}

#[test]
fn a_key_of_many_tables_is_first_that_of_an_api() {
    for (word, first) in [
        ("resources", "api.NAME.resources\n"),
        ("image", "api.NAME.image\n"),
        ("env", "api.NAME.env\n"),
        ("ports", "api.NAME.ports\n"),
        ("probes.live.http", "api.NAME.probes.live.http\n"),
        ("allow", "api.NAME.allow\n"),
        ("schedule", "cronjob.NAME.schedule\n"),
        ("engine", "db.NAME.engine\n"),
    ] {
        let text = printed(&["explain", word], &[]);
        assert!(text.starts_with(first), "{word}: {text}");
    }
}

#[test]
fn what_a_key_takes_is_said_once_and_fits_it() {
    let cpu = printed(&["explain", "api.resources.cpu"], &[]);
    assert!(cpu.contains("250m") && !cpu.contains("512Mi"), "{cpu}");
    let files = printed(&["explain", "config.files"], &[]);
    assert_eq!(files.matches("config/nginx.conf").count(), 1, "{files}");
    assert!(printed(&["explain", "api.allow"], &[]).contains("name of a rule such as \"single-replica\""));
    let rules = printed(&["explain", "rules"], &[]);
    assert!(rules.contains("(warning, info in YAML of others)") && !rules.contains("fit each other"), "{rules}");
}

#[test]
fn a_number_with_a_zero_before_it_is_mended_as_a_number() {
    for (line, help) in [("port = 080", "write `80`"), ("mode = 0644", "put a text such as a file mode between quotes")]
    {
        let folder = Folder::of_stack("numbers", &format!("[api.web]\nimage = \"nginx:1.27.3\"\n{line}\n"));
        folder.run(&["lint", "-p", "k3d"]).prints(&[help]);
    }
}

/// What bash offers behind these words; `None` where there is no bash.
fn offered(words: &[&str]) -> Option<Vec<String>> {
    let script = "eval \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); \
                  _stowplan stowplan \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD-1]}\"; printf '%s\\n' \"${COMPREPLY[@]}\"";
    let completions = printed(&["completions", "bash"], &[]);
    let output =
        Command::new("bash").args(["-c", script, "bash", &completions, "stowplan"]).args(words).output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect())
}

#[test]
fn bash_offers_what_can_be_explained_and_the_commands_that_have_a_page() {
    for (words, wanted) in [
        (&["explain", "unknown-k"][..], &["unknown-key", "unknown-kind"][..]),
        (&["explain", "floating"], &["floating-image-tag"]),
        (&["explain", "cron"], &["cronjob"]),
        (&["explain", "immutable-c"], &["immutable-claim-templates", "immutable-cluster-ip", "immutable-claim"]),
        (&["man", "re"], &["render"]),
        (&["lint", "-p", "k"], &["k3d", "kind"]),
        (&["profiles", "show", "di"], &["digitalocean"]),
    ] {
        let Some(offered) = offered(words) else { return };
        for word in wanted {
            assert!(offered.iter().any(|offer| offer == word), "{words:?}: {word} in {offered:?}");
        }
    }
    let script = printed(&["completions", "zsh"], &[]);
    for word in ["unknown-key", "floating-image-tag", "cronjob", "minikube"] {
        assert!(script.contains(word), "{word} for zsh");
    }
}
