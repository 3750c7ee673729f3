//! Words for what runs to its end, and for what scales.

use super::{Row, Show, Tables, Word, same, say, seconds};
use crate::document::inline::inline;

/// The words.
pub const ROWS: &[Row] = &[
    same(&["backoffLimit", "maxRetries", "attempts"], "retries"),
    seconds(&["activeDeadlineSeconds", "timeout", "timeoutSeconds"], "deadline"),
    seconds(&["ttlSecondsAfterFinished"], "ttl"),
    seconds(&["startingDeadlineSeconds"], "starting-deadline"),
    Row { words: &["concurrencyPolicy"], tables: Tables::WithKey, key: "concurrency", show: Show::Of(concurrency) },
    Row { words: &["restartPolicy"], tables: BATCH, key: "restart", show: Show::Of(restart) },
    same(&["succeeded", "success", "succeed"], "successful"),
    same(&["failures", "failure"], "failed"),
    same(&["successfulJobsHistoryLimit"], "history.successful"),
    same(&["failedJobsHistoryLimit"], "history.failed"),
    same(&["cron", "crontab", "cronExpression", "scedule", "shedule", "when", "every"], "schedule"),
    same(&["tz", "timeZone"], "timezone"),
    same(&["suspended", "paused"], "suspend"),
    say(
        &["completionMode"],
        BATCH,
        "indexed",
        "write `indexed = true` for the mode Indexed; the other one is the default",
    ),
    say(
        &["port", "ports", "service"],
        Tables::Named(&["cronjob", "job"]),
        "",
        "remove it, or make it an `[api.NAME]`: nothing connects to a job",
    ),
    say(&["replicas"], Tables::Named(&["cronjob", "job"]), "", "write `parallelism = VALUE` for Pods that run at once"),
    same(&["minReplicas", "minimum"], "min"),
    same(&["maxReplicas", "maximum"], "max"),
    same(&["targetCPUUtilizationPercentage", "averageUtilization", "cpuPercent", "targetCPU"], "cpu"),
    same(&["targetMemoryUtilizationPercentage", "targetMemory"], "memory"),
    say(
        &["scaleTargetRef", "component"],
        HPA,
        "target",
        "write `target = \"COMPONENT\"`, or call the table like the component",
    ),
    say(&["metrics"], HPA, "cpu", "write `cpu = 70`, `memory = 80` or both: percent of the request"),
    say(&["replicas"], HPA, "", "write `min = VALUE` and `max`: an HPA keeps a number between them"),
];

const BATCH: Tables = Tables::Named(&["cronjob", "job", "template", "workload defaults"]);
const HPA: Tables = Tables::Named(&["hpa"]);

fn concurrency(word: &Word) -> Option<String> {
    Some(format!("write `concurrency = {}`", inline(word.value).to_lowercase()))
}

fn restart(word: &Word) -> Option<String> {
    let policy = match inline(word.value).as_str() {
        "\"OnFailure\"" => "on-failure",
        _ => "never",
    };
    Some(format!("write `restart = \"{policy}\"`"))
}
