//! The script of a Job ends with the failure of its work.
//!
//! A shell goes on after a command that failed, and a script ends as its last command does. With an `echo` at the end a Job is always
//! complete: a backup that writes an empty file every night looks like one that works.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [cronjob.backup]
//! image = "postgres:16"
//! schedule = "0 2 * * *"
//! command = ["sh", "-c", """
//! pg_dump -h postgres > /backup/shop.sql
//! echo "done"
//! """]
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [cronjob.backup]
//! image = "postgres:16"
//! schedule = "0 2 * * *"
//! command = ["sh", "-c", """
//! set -eu
//! pg_dump -h postgres > /backup/shop.partial
//! mv /backup/shop.partial /backup/shop.sql
//! echo "done"
//! """]
//! ```
//!
//! Begin with `set -eu`, and with `set -o pipefail` where a pipe is in it; or join the commands by `&&`. For a database of the stack write
//! `backup = { schedule = "0 2 * * *" }`, which also keeps the newest ones and can be restored. Where it is no dump, it is a warning.

use super::pods::look_at_containers;
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "backup-hides-failure",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("backup_hides_failure.rs"),
    check,
};

/// Programs that write backups.
const DUMPS: [&str; 8] =
    ["pg_dump", "pg_dumpall", "pg_basebackup", "mysqldump", "mariadb-dump", "mongodump", "mariabackup", "xtrabackup"];

/// Commands that do not fail.
const HARMLESS: [&str; 6] = ["echo", "printf", "true", ":", "date", "exit 0"];

fn check(context: &Context, findings: &mut Findings) {
    let jobs = context.objects().filter(|(_, object)| matches!(object.kind_name(), "Job" | "CronJob"));
    for (index, object) in jobs {
        look_at_containers(object, &mut |container, _| {
            let lists = ["command", "args"].map(|list| container.key(list));
            let words: Vec<At> = lists.iter().flat_map(At::items).collect();
            let Some(script) = script(&words) else { return };
            let Some(hidden) = hidden(script.text()) else { return };
            let name = container.key("name").text();
            let title = match hidden {
                Hidden::ByEnd(last) => format!(
                    "the script of container `{name}` ends with `{last}`, so it succeeds when what is before it failed"
                ),
                Hidden::ByPipe => {
                    format!("the script of container `{name}` pipes a dump on, so it succeeds when the dump failed")
                }
            };
            let most =
                if DUMPS.iter().any(|dump| script.text().contains(dump)) { Severity::Error } else { Severity::Warning };
            let help = match hidden {
                Hidden::ByEnd(_) => "write `set -eu` as its first line",
                Hidden::ByPipe => "write `set -euo pipefail` as its first line, and run it by `bash`",
            };
            findings.add_milder(most, index, script, (title, help));
        });
    }
}

/// The script that a shell is given as a word, unless an option tells the shell to end with the first failure.
fn script<'w, 'p, 'f>(words: &'w [At<'p, 'f>]) -> Option<&'w At<'p, 'f>> {
    const SHELLS: [&str; 4] = ["sh", "bash", "ash", "dash"];
    let shell = words.first()?.text().rsplit('/').next()?;
    let option = words.iter().position(|word| word.text().starts_with('-') && word.text().ends_with('c'))?;
    let ends = words[1..=option].iter().any(|word| word.text().trim_start_matches('-').contains('e'));
    if SHELLS.contains(&shell) && !ends { words.get(option + 1) } else { None }
}

/// What keeps a failure from being seen.
#[derive(Debug, PartialEq, Eq)]
enum Hidden<'a> {
    /// The last command, which does not fail.
    ByEnd(&'a str),
    /// A pipe behind a dump.
    ByPipe,
}

fn hidden(script: &str) -> Option<Hidden<'_>> {
    let is_strict = |line: &&str| line.starts_with("set -") && (line.contains("errexit") || option(line).contains('e'));
    let commands: Vec<&str> =
        script.split(['\n', ';']).map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let is_strict = commands.iter().any(is_strict);
    let is_piped = |line: &&str| DUMPS.iter().any(|dump| line.contains(dump)) && line.replace("||", "").contains('|');
    if commands.iter().any(is_piped) && !script.contains("pipefail") {
        return Some(Hidden::ByPipe);
    }
    let last = commands.last().filter(|last| commands.len() > 1 && !is_strict && is_harmless(last))?;
    let works = |line: &&str| !is_harmless(line) && !is_assignment(line);
    let is_hidden =
        commands[..commands.len() - 1].iter().any(works) && !script.contains("exit 1") && !script.contains("trap ");
    is_hidden.then(|| Hidden::ByEnd(last.split(' ').next().unwrap_or(last)))
}

fn option(line: &str) -> &str {
    line.split(' ').nth(1).unwrap_or_default()
}

fn is_harmless(line: &str) -> bool {
    HARMLESS
        .iter()
        .any(|command| line == *command || line.strip_prefix(command).is_some_and(|rest| rest.starts_with(' ')))
}

fn is_assignment(line: &str) -> bool {
    let name = line.split('=').next().unwrap_or_default();
    line.contains('=') && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_a_failure() {
        assert_eq!(hidden("F=a.sql\npg_dump > $F\necho done"), Some(Hidden::ByEnd("echo")));
        assert_eq!(hidden("pg_dump; true"), Some(Hidden::ByEnd("true")));
        assert_eq!(hidden("set -e\npg_dump | gzip > a"), Some(Hidden::ByPipe));
        for fine in [
            "set -eu\npg_dump > a\necho done",
            "pg_dump > a && echo done",
            "echo begin\npg_dump > a",
            "set -o errexit\npg_dump > a; echo",
            "set -euo pipefail\npg_dump | gzip > a\necho done",
            "if ! pg_dump > a; then exit 1; fi\necho done",
            "pg_dump || exit 1; echo",
            "echo a; echo b",
            "# pg_dump\necho b",
            "",
        ] {
            assert_eq!(hidden(fine), None, "{fine}");
        }
    }
}
