//! Words for what runs to its end, and for what scales.

use super::{Row, Show, Tables, Word, same, say, seconds};
use crate::document::inline::{inline, whole};
use crate::document::{Node, Value};
use crate::shape::patched::pasted;

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
    Row { words: &["metrics"], tables: HPA, key: "cpu", show: Show::Of(metrics) },
    say(&["replicas"], HPA, "", "write `min = VALUE` and `max`: an HPA keeps a number between them"),
];

const BATCH: Tables = Tables::Named(&["cronjob", "job", "template", "workload defaults"]);
const HPA: Tables = Tables::Named(&["hpa"]);

/// What an HPA of ours can count, or else all of the list by a patch.
fn metrics(word: &Word) -> Option<String> {
    let Value::Array(items) = word.value else { return None };
    let kind = |item: &Node| item.get("type").and_then(Node::as_str).map(str::to_owned);
    let is_other = |item: &Node| kind(item).is_some_and(|kind| kind != "Resource");
    let others: Vec<&Node> = items.iter().filter(|item| is_other(item)).collect();
    if others.is_empty() {
        return Some("write `cpu = 70`, `memory = 80` or both: percent of the request".to_owned());
    }
    let around = word.around?;
    let on = format!("HorizontalPodAutoscaler/{}", around.name().unwrap_or("NAME"));
    let written = others.iter().map(|item| whole(&item.value)).collect::<Vec<_>>().join(", ");
    let line = format!("set.spec.metrics = [\"...\", {written}]");
    Some(pasted("`cpu` and `memory` are keys of an hpa, beside which a patch adds other metrics", &on, &line, around))
}

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
