//! CronJob.

use super::job::completions::Owner;
use super::job::specification::specification;
use super::name::{final_name, place_of_name};
use crate::check::api::metadata::metadata;
use crate::check::format::DNS_SUBDOMAIN;
use crate::check::{At, Checker, Reason, Rule, api_rules};
use crate::value::{Invalid, Scalar, Schedule, TimeZone, quote};

api_rules! {
    /// The name of a CronJob has at most 52 characters: those of its Jobs get 11 more.
    CJ_001 = "CJ-001";
    /// There is a schedule, of five fields or a word such as `@daily`, as robfig/cron reads it.
    CJ_002 = "CJ-002";
    /// The schedule does not hold `TZ`.
    CJ_003 = "CJ-003";
    /// `timeZone`, where it is there, is not empty.
    CJ_004 = "CJ-004";
    /// `timeZone` is not `Local`, in any case.
    CJ_006 = "CJ-006";
    /// `timeZone` is a name of the IANA database, spelled as there.
    CJ_007 = "CJ-007";
    /// `concurrencyPolicy` is `Allow`, `Forbid` or `Replace`.
    CJ_008 = "CJ-008";
    /// `startingDeadlineSeconds` and the limits of the history are at least 0.
    CJ_009 = "CJ-009";
    /// The template of the Job has no selector.
    CJ_010 = "CJ-010";
    /// `manualSelector` of the template of the Job is not `true`.
    CJ_011 = "CJ-011";
}

/// The most characters of the name.
const NAME: usize = 52;

/// A CronJob.
pub fn cron_job(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    name(&object.key("metadata"), checker);
    let spec = object.key("spec");
    schedule(&spec.key("schedule"), checker);
    time_zone(&spec.key("timeZone"), checker);
    checker.choose(&spec.key("concurrencyPolicy"), &CJ_008, &["Allow", "Forbid", "Replace"]);
    for key in ["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
        checker.bound(&spec.key(key), &CJ_009, 0..=i64::MAX);
    }
    let template = spec.key("jobTemplate");
    let job = template.key("spec");
    selection(&job, checker);
    specification(&job, Owner::CronJob, checker);
}

fn name(metadata: &At, checker: &mut Checker) {
    let name = final_name(metadata);
    if name.len() > NAME {
        let title =
            format!("the name {} has {} characters, and those of its Jobs get 11 more", quote(&name), name.len());
        let help = if metadata.key("name").is_empty() {
            "shorten `generateName` to 47 characters"
        } else {
            "shorten the name to 52 characters"
        };
        checker.refuse(&place_of_name(metadata), &CJ_001, Reason::Invalid, title, help);
    }
}

fn schedule(at: &At, checker: &mut Checker) {
    if !checker.require(at, &CJ_002, "a schedule") {
        return;
    }
    let text = at.text();
    if text.contains("TZ") {
        let title = format!("{} has a time zone in it", at.value());
        let help = "write the zone beside the schedule, as in `timeZone: Asia/Tokyo`, in a stack write it beside the schedule: `timezone = \"Asia/Tokyo\"`";
        checker.refuse(at, &CJ_003, Reason::Invalid, title, help);
        return;
    }
    // The server takes a sign before an interval, which makes no difference.
    let signed = text.strip_prefix("@every ").and_then(|interval| interval.strip_prefix(['+', '-']));
    let parsed = match signed {
        Some(interval) => Schedule::parse(&format!("@every {interval}")),
        None => Schedule::parse(text),
    };
    if let Err(invalid) = parsed {
        refuse(at, &CJ_002, invalid, checker);
    }
}

fn time_zone(at: &At, checker: &mut Checker) {
    if !at.is_set() {
        return;
    }
    if let Err(invalid) = TimeZone::parse(at.text()) {
        let rule = match at.text() {
            "" => &CJ_004,
            text if text.eq_ignore_ascii_case("local") => &CJ_006,
            _ => &CJ_007,
        };
        refuse(at, rule, invalid, checker);
    }
}

fn refuse(at: &At, rule: &Rule, invalid: Invalid, checker: &mut Checker) {
    checker.refuse(at, rule, Reason::Invalid, invalid.title, invalid.help.unwrap_or_default());
}

fn selection(job: &At, checker: &mut Checker) {
    let (selector, manual) = (job.key("selector"), job.key("manualSelector"));
    if selector.is_set() {
        let title = "the selectors of the Jobs are made by the server";
        checker.refuse(&selector, &CJ_010, Reason::Invalid, title, "remove `selector`");
    }
    if manual.is_true() {
        let title = "the Jobs of a CronJob cannot share a selector";
        checker.refuse(&manual, &CJ_011, Reason::NotSupported, title, "remove `manualSelector`");
    }
}
