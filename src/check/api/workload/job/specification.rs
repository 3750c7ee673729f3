//! The specification of a Job, its own or in a CronJob.

use super::completions::{Completions, Mode, Owner};
use super::failure_policy::failure_policy;
use super::success_policy::success_policy;
use crate::check::api::pod::{self, pod_template};
use crate::check::format::DOMAIN_PREFIXED_PATH;
use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// `restartPolicy` of the template is written, as `OnFailure` or `Never`.
    JOB_001 = "JOB-001";
    /// Counts and seconds are at least 0.
    JOB_002 = "JOB-002";
    /// `completionMode` is `NonIndexed` or `Indexed`.
    JOB_003 = "JOB-003";
    /// An indexed Job has `completions`.
    JOB_004 = "JOB-004";
    /// `parallelism` of an indexed Job is at most 100000.
    JOB_005 = "JOB-005";
    /// `backoffLimitPerIndex` and `maxFailedIndexes` belong to indexed Jobs.
    JOB_006 = "JOB-006";
    /// `maxFailedIndexes` needs `backoffLimitPerIndex`.
    JOB_007 = "JOB-007";
    /// `maxFailedIndexes` is at most 100000, and not more than `completions`.
    JOB_008 = "JOB-008";
    /// With `backoffLimitPerIndex` and more than 100000 `completions`, `maxFailedIndexes` is written, and it and `parallelism`
    /// are at most 10000.
    JOB_009 = "JOB-009";
    /// With a `podFailurePolicy` `restartPolicy` is `Never`.
    JOB_012 = "JOB-012";
    /// `podReplacementPolicy` is `TerminatingOrFailed` or `Failed`; with a `podFailurePolicy` it is `Failed`.
    JOB_020 = "JOB-020";
    /// `managedBy` is a path behind a domain, of at most 63 characters; before 1.32 that of a Job is dropped.
    JOB_025 = "JOB-025";
}

/// Fields that count something or are seconds.
const AMOUNTS: [&str; 7] = [
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
];

/// The most of anything that is counted by index; with more completions the bounds of `MANY` hold.
const INDEXES: i64 = 100_000;

/// The most Pods at once, and failed indexes, where there are more than `INDEXES` completions.
const MANY: i64 = 10_000;

/// The most bytes of `managedBy`.
const MANAGER: usize = 63;

/// The specification of a Job.
pub fn specification(spec: &At, owner: Owner, checker: &mut Checker) {
    let completions = Completions::new(spec, owner);
    for key in AMOUNTS {
        checker.bound(&spec.key(key), &JOB_002, 0..=i64::MAX);
    }
    match completions.mode {
        Mode::NonIndexed => not_indexed(spec, checker),
        Mode::Indexed => indexed(spec, &completions, checker),
        Mode::Unknown => {
            let mode = spec.key("completionMode");
            checker.choose_text(&mode, mode.text(), &JOB_003, &["NonIndexed", "Indexed"]);
        }
    }
    if owner == Owner::CronJob || checker.since(32) {
        managed_by(&spec.key("managedBy"), checker);
    }
    failure_policy(spec, owner, checker);
    if owner == Owner::CronJob || checker.since(31) {
        success_policy(spec, &completions, checker);
    }
    replacement(spec, checker);
    restart_policy(spec, checker);
    pod_template(&spec.key("template"), pod::Owner::Template, checker);
}

fn not_indexed(spec: &At, checker: &mut Checker) {
    for key in ["backoffLimitPerIndex", "maxFailedIndexes"] {
        let at = spec.key(key);
        if at.is_set() {
            let title = format!("`{key}` counts indexes, and this Job has none");
            let help = format!(
                "write `completionMode: Indexed`, or remove `{key}`, in a stack write `indexed = true` in the table of the job, or remove `{key}`"
            );
            checker.refuse(&at, &JOB_006, Reason::Invalid, title, help);
        }
    }
}

fn indexed(spec: &At, completions: &Completions, checker: &mut Checker) {
    if completions.count.is_none() {
        let title = "an indexed Job needs `completions`";
        let help = "add `completions: 5`, with the number of indexes, in a stack add `completions = 5`, with the number of indexes";
        let place = spec.key("completions").with_cause_of(&spec.key("completionMode"));
        checker.refuse(&place, &JOB_004, Reason::Required, title, help);
    }
    let (limit, failed) = (spec.key("backoffLimitPerIndex"), spec.key("maxFailedIndexes"));
    let many = limit.is_set() && completions.count.is_some_and(|count| count > INDEXES);
    let (rule, most) = if many { (&JOB_009, MANY) } else { (&JOB_005, INDEXES) };
    checker.bound(&spec.key("parallelism"), rule, i64::MIN..=most);
    if many && !failed.is_set() {
        let title = format!("with more than {INDEXES} completions `maxFailedIndexes` is needed");
        let help = format!("write `maxFailedIndexes`, at most {MANY}");
        checker.refuse(&failed.with_cause_of(&limit), &JOB_009, Reason::Required, title, help);
    }
    if failed.is_set() && !limit.is_set() {
        let title = "`maxFailedIndexes` needs `backoffLimitPerIndex`";
        let help = "write `backoffLimitPerIndex`, how often an index may fail";
        checker.refuse(&limit.with_cause_of(&failed), &JOB_007, Reason::Required, title, help);
    }
    let rule = if many { &JOB_009 } else { &JOB_008 };
    if !checker.bound(&failed, rule, i64::MIN..=most) {
        return;
    }
    if let (Some(failed_count), Some(count)) = (failed.integer(), completions.count)
        && failed_count > count
    {
        let title = format!("{failed_count} failed indexes are more than the {count} that there are");
        let help = format!("write a number up to {count}");
        let finding = checker.refuse(&failed, &JOB_008, Reason::Invalid, title, help);
        finding.related.push((spec.key("completions").cause(), "`completions` is here".to_owned()));
    }
}

fn managed_by(at: &At, checker: &mut Checker) {
    if at.is_set() && at.is_empty() {
        let help = "write the controller as `example.com/name`, or remove `managedBy`";
        checker.refuse(at, &JOB_025, Reason::Required, "`managedBy` is empty", help);
    }
    checker.follow(at, &JOB_025, &DOMAIN_PREFIXED_PATH);
    if at.text().len() > MANAGER {
        let title = format!("{} has {} characters, {MANAGER} are allowed", at.value(), at.text().len());
        checker.refuse(at, &JOB_025, Reason::TooLong, title, "shorten the name of the controller");
    }
}

fn replacement(spec: &At, checker: &mut Checker) {
    let (at, policy) = (spec.key("podReplacementPolicy"), spec.key("podFailurePolicy"));
    if !at.is_set() {
        return;
    }
    if policy.is_set() && at.text() == "TerminatingOrFailed" {
        let title = "`TerminatingOrFailed` does not go with a `podFailurePolicy`";
        let help = "write `podReplacementPolicy: Failed`, or remove it";
        let finding = checker.refuse(&at, &JOB_020, Reason::NotSupported, title, help);
        finding.related.push((policy.cause(), "`podFailurePolicy` is here".to_owned()));
    } else {
        checker.choose_text(&at, at.text(), &JOB_020, &["TerminatingOrFailed", "Failed"]);
    }
}

fn restart_policy(spec: &At, checker: &mut Checker) {
    let (template, policy) = (spec.key("template"), spec.key("podFailurePolicy"));
    let pods = template.key("spec");
    let at = pods.key("restartPolicy");
    match at.text() {
        "" | "Always" => {
            let title = match at.text() {
                "" => "the Pods of a Job end, and their `restartPolicy` is missing",
                _ => "the Pods of a Job end, and `Always` restarts them for ever",
            };
            let help = "write `restartPolicy: Never`, or `OnFailure`";
            checker.refuse(&at, &JOB_001, Reason::Required, title, help);
        }
        "OnFailure" if policy.is_set() => {
            let title = "`OnFailure` does not go with a `podFailurePolicy`";
            let finding = checker.refuse(&at, &JOB_012, Reason::Invalid, title, "write `restartPolicy: Never`");
            finding.related.push((policy.cause(), "`podFailurePolicy` is here".to_owned()));
        }
        _ => {}
    }
}
