//! What to type where a call is that of another tool: Helm's, Compose's, kubectl's.

use crate::profile::builtin;
use crate::value::nearest;
use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// What to type in place of a call that clap refuses; nothing where that is not known. `command` is the subcommand of the call.
pub fn help(error: &Error, command: Option<&str>) -> Option<String> {
    let word = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => Some(word.as_str()),
        _ => None,
    };
    match error.kind() {
        ErrorKind::InvalidSubcommand if command == Some("profiles") => profiles(word(ContextKind::InvalidSubcommand)?),
        ErrorKind::InvalidSubcommand => subcommand(word(ContextKind::InvalidSubcommand)?),
        ErrorKind::UnknownArgument if command == Some("profiles") => profiles(word(ContextKind::InvalidArg)?),
        ErrorKind::UnknownArgument => argument(word(ContextKind::InvalidArg)?, command?),
        _ => None,
    }
}

/// Words of other tools, and the call that does the same here.
const COMMANDS: &[(&[&str], &str)] = &[
    (&["template", "generate", "build", "compile", "synth", "manifests", "convert"], "stowplan render -p k3d"),
    (
        &["apply", "up", "deploy", "install", "upgrade", "run", "start", "sync"],
        "stowplan render -p k3d | kubectl apply -f -",
    ),
    (&["delete", "down", "destroy", "uninstall", "remove"], "stowplan render -p k3d | kubectl delete -f -"),
    (&["new", "create"], "stowplan init"),
    (&["docs", "doc", "describe"], "stowplan explain"),
    (&["list", "ls"], "stowplan profiles"),
    (&["check", "verify", "test", "validate", "scan"], "stowplan lint --all-profiles"),
    (&["rules", "rule"], "stowplan explain rules"),
];

fn subcommand(word: &str) -> Option<String> {
    if builtin::find(word).is_some() {
        return Some(format!("`{word}` is a profile: type `stowplan render -p {word}`"));
    }
    match word {
        "help" => return Some("type `stowplan --help`, or `stowplan lint --help` for one of the commands".to_owned()),
        "version" => return Some("type `stowplan --version`".to_owned()),
        _ => {}
    }
    let (_, call) = COMMANDS.iter().find(|(words, _)| words.contains(&word))?;
    Some(format!("type `{call}`"))
}

/// `stowplan profiles gke` asks for one of them.
fn profiles(word: &str) -> Option<String> {
    let near = nearest(word, builtin::BUILTIN.iter().map(|builtin| builtin.name))?;
    Some(format!("type `stowplan profiles show {near}`"))
}

/// Options of other tools, and how the same is said here.
const OPTIONS: &[(&[&str], &str)] = &[
    (
        &["--values", "--set-string", "--set-file"],
        "what differs between clusters stands in `[profile.NAME]` of the stack; one value is `--set vars.tag=1.2.3`",
    ),
    (&["--namespace", "-n"], "write `namespace = \"NAME\"` below `[stack]`, or `--set stack.namespace=NAME`"),
    (
        &["--context", "--kubeconfig", "--kube-context", "--dry-run", "--wait"],
        "stowplan talks to no cluster; give that to kubectl: `stowplan render -p k3d | kubectl apply -f -`",
    ),
    (&["--env", "--environment", "--overlay", "--target"], "name the profile with `-p NAME`"),
    (&["--out", "--output-dir", "--dir"], "write a file for each object with `-o dir:PATH`"),
    (&["--format"], "choose how the manifests come out with `-o yaml`, `-o json` or `-o dir:PATH`"),
    (
        &["--all-profiles", "--all"],
        "one call is for one profile; `stowplan snapshot` writes the manifests of every profile into files",
    ),
];

/// What `init --with` takes.
const PARTS: [&str; 6] = ["db", "worker", "cronjob", "job", "ingress", "hpa"];

fn argument(word: &str, command: &str) -> Option<String> {
    match (command, word) {
        ("graph", "--all-profiles") => {
            return Some(
                "name them for a page with all of them: `stowplan graph --format html -p k3d,cloud`".to_owned(),
            );
        }
        ("init", "--name") => return Some("name the stack without an option: `stowplan init shop`".to_owned()),
        ("init", part) if PARTS.contains(&part.trim_start_matches("--")) => {
            return Some(format!(
                "name what it has in a list: `stowplan init --with {}`",
                part.trim_start_matches("--")
            ));
        }
        ("render" | "cluster", _) => {}
        _ => return None,
    }
    let option = word.split('=').next().unwrap_or(word);
    if let Some((_, help)) = OPTIONS.iter().find(|(words, _)| words.contains(&option)) {
        return Some((*help).to_owned());
    }
    match word {
        option if option.starts_with('-') => None,
        value if value.contains('=') => Some(format!("set a value with `--set`: `stowplan {command} --set {value}`")),
        file if file.contains(['/', '.']) => {
            Some(format!("name the stack file with `-f`: `stowplan {command} -f {file}`"))
        }
        profile => Some(format!("name the profile with `-p`: `stowplan {command} -p {profile}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Call;
    use clap::{CommandFactory, Parser};

    #[test]
    fn every_part_of_a_starter_can_be_asked_for() {
        for part in PARTS {
            assert!(Call::try_parse_from(["stowplan", "init", "--with", part]).is_ok(), "{part}");
            let error = Call::try_parse_from(["stowplan", "init", &format!("--{part}")]).err().unwrap();
            assert!(help(&error, Some("init")).unwrap().contains(&format!("--with {part}`")), "{error}");
        }
    }

    #[test]
    fn the_calls_that_are_proposed_can_be_made() {
        for (words, call) in COMMANDS {
            let own = call.split(" | ").next().unwrap();
            assert!(Call::try_parse_from(own.split(' ')).is_ok(), "{call}");
            for word in *words {
                let error = Call::try_parse_from(["stowplan", word]).err().unwrap_or_else(|| panic!("{word} is ours"));
                assert_eq!(help(&error, None), Some(format!("type `{call}`")), "{word}");
            }
        }
    }

    #[test]
    fn options_of_other_tools_are_none_of_ours() {
        let mut call = Call::command();
        call.build();
        let render = call.find_subcommand("render").unwrap();
        let own: Vec<String> =
            render.get_arguments().filter_map(|own| own.get_long().map(|long| format!("--{long}"))).collect();
        assert!(own.iter().any(|own| own == "--output"));
        for (words, _) in OPTIONS {
            for word in *words {
                assert!(!own.iter().any(|own| own == word), "{word}");
                let error = Call::try_parse_from(["stowplan", "render", word, "x"]).err().unwrap();
                assert!(help(&error, Some("render")).is_some(), "{word}: {error}");
            }
        }
    }
}
