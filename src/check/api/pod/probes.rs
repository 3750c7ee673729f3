//! How the kubelet asks a container whether it is well, and what it does as the container starts and ends.

use crate::bundle::FieldValue;
use crate::check::format::{HEADER_NAME, PORT_NAME};
use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// A probe says how it asks: `exec`, `httpGet`, `tcpSocket` or `grpc`.
    PRB_001 = "PRB-001";
    /// A probe or a hook of the lifecycle has one way to ask.
    PRB_002 = "PRB-002";
    /// The numbers of a probe are not negative.
    PRB_003 = "PRB-003";
    /// One success is enough for a `livenessProbe` and a `startupProbe`.
    PRB_004 = "PRB-004";
    /// A `readinessProbe` ends nothing, so it has no `terminationGracePeriodSeconds`.
    PRB_005 = "PRB-005";
    /// The `terminationGracePeriodSeconds` of a probe is at least 1.
    PRB_006 = "PRB-006";
    /// `exec` has a command.
    PRB_007 = "PRB-007";
    /// The port of `httpGet` and `tcpSocket` is a number, 1 to 65535, or the name of a port.
    PRB_008 = "PRB-008";
    /// The scheme of `httpGet` is `HTTP` or `HTTPS`.
    PRB_009 = "PRB-009";
    /// The names of HTTP headers are letters, digits and `-`.
    PRB_010 = "PRB-010";
    /// The port of `grpc` is a number, 1 to 65535.
    PRB_012 = "PRB-012";
    /// `postStart` and `preStop` say what to do: `exec`, `httpGet`, `tcpSocket` or, since 1.30, `sleep`.
    PRB_013 = "PRB-013";
    /// A hook sleeps no longer than the Pod has to end; before 1.33 at least a second.
    PRB_014 = "PRB-014";
}

/// The seconds that a Pod has to end where it does not say.
const GRACE_PERIOD: i64 = 30;

/// The ways to ask, in the order in which the server looks at them.
const OF_PROBES: [&str; 4] = ["exec", "httpGet", "tcpSocket", "grpc"];
/// The ways to act, in the same order.
const OF_HOOKS: [&str; 4] = ["exec", "httpGet", "tcpSocket", "sleep"];

/// Probes and lifecycle of a container that runs beside others: a regular one or a sidecar.
pub fn probes(container: &At, spec: &At, checker: &mut Checker) {
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let probe = container.key(name);
        if probe.is_set() {
            handler(&probe, &OF_PROBES, spec, checker);
            numbers(&probe, checker);
            match name {
                "readinessProbe" => no_grace_period(&probe.key("terminationGracePeriodSeconds"), checker),
                _ => one_success(&probe.key("successThreshold"), checker),
            }
        }
    }
    let lifecycle = container.key("lifecycle");
    for name in ["postStart", "preStop"] {
        let hook = lifecycle.key(name);
        if hook.is_set() {
            // A server before 1.30 drops `sleep`.
            let ways = if checker.since(30) { &OF_HOOKS[..] } else { &OF_HOOKS[..3] };
            handler(&hook, ways, spec, checker);
        }
    }
}

fn numbers(probe: &At, checker: &mut Checker) {
    for name in ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] {
        checker.bound(&probe.key(name), &PRB_003, 0..=i64::MAX);
    }
    checker.bound(&probe.key("terminationGracePeriodSeconds"), &PRB_006, 1..=i64::MAX);
}

fn no_grace_period(at: &At, checker: &mut Checker) {
    if at.is_set() {
        let title = "a `readinessProbe` has no `terminationGracePeriodSeconds`: it ends nothing";
        checker.refuse(at, &PRB_005, Reason::Invalid, title, "remove it, or write it at the `livenessProbe`");
    }
}

fn one_success(at: &At, checker: &mut Checker) {
    // 0 is completed to 1.
    if at.integer().is_some_and(|number| number > 1) {
        let title = format!("{} successes are asked for, and this probe takes exactly 1", at.value());
        checker.refuse(at, &PRB_004, Reason::Invalid, title, "write 1, or remove it");
    }
}

/// What a probe or a hook does: one of these ways.
fn handler(at: &At, ways: &[&str], spec: &At, checker: &mut Checker) {
    let hook = ways[ways.len() - 1] != "grpc";
    let mut first: Option<&str> = None;
    for way in ways {
        let action = at.key(way);
        match first {
            _ if !action.is_set() => {}
            Some(first) => {
                let title = format!("`{first}` and `{way}` exclude each other");
                let finding = checker.refuse(&action, &PRB_002, Reason::Forbidden, title, "keep one of the two");
                finding.related.push((at.key(first).cause(), "the other one".to_owned()));
            }
            None => {
                first = Some(way);
                act(way, &action, spec, checker);
            }
        }
    }
    if first.is_none() {
        let rule = if hook { &PRB_013 } else { &PRB_001 };
        let (title, help) = if at.key("sleep").is_set() {
            let title = format!("`sleep` is known from Kubernetes 1.30 on, this is 1.{}", checker.kubernetes.minor);
            (title, "write `exec` with the command `sleep`".to_owned())
        } else {
            let all = ways.iter().map(|way| format!("`{way}`")).collect::<Vec<_>>().join(", ");
            (format!("`{at}` does not say what to do"), format!("write one of {all} in it"))
        };
        checker.refuse(at, rule, Reason::Required, title, help);
    }
}

fn act(way: &str, action: &At, spec: &At, checker: &mut Checker) {
    match way {
        "exec" => drop(checker.require(&action.key("command"), &PRB_007, "a command")),
        "httpGet" => http_get(action, checker),
        "tcpSocket" => port(&action.key("port"), checker),
        "grpc" => number(&action.key("port"), checker),
        _ => sleep(action, spec, checker),
    }
}

fn http_get(at: &At, checker: &mut Checker) {
    port(&at.key("port"), checker);
    checker.choose(&at.key("scheme"), &PRB_009, &["HTTP", "HTTPS"]);
    let headers = at.key("httpHeaders");
    for header in headers.items() {
        // The server names the list.
        let name = header.key("name");
        checker.follow_text(&headers.with_cause_of(&name), name.text(), &PRB_010, &HEADER_NAME);
    }
}

/// A port by number or by name.
fn port(at: &At, checker: &mut Checker) {
    if let Some(FieldValue::String(name)) = at.field().map(|field| &field.value) {
        if name.parse::<u16>().is_ok_and(|number| number > 0) {
            let title = format!("the port {} is a text, so it is the name of a port", at.value());
            checker.refuse(at, &PRB_008, Reason::Invalid, title, format!("write the number without quotes: `{name}`"));
        } else {
            checker.follow_text(at, name, &PRB_008, &PORT_NAME);
        }
    } else if at.is_set() {
        checker.bound(at, &PRB_008, 1..=65535);
    } else {
        let title = "the port is missing";
        checker.refuse(at, &PRB_008, Reason::Invalid, title, "write the number or the name of a port of the container");
    }
}

/// The port of `grpc`, which has no name.
fn number(at: &At, checker: &mut Checker) {
    if at.is_set() {
        checker.bound(at, &PRB_012, 1..=65535);
    } else {
        checker.refuse(at, &PRB_012, Reason::Invalid, "the port is missing", "write the number of a port");
    }
}

fn sleep(at: &At, spec: &At, checker: &mut Checker) {
    let seconds = at.key("seconds").integer().unwrap_or_default();
    let grace = spec.key("terminationGracePeriodSeconds");
    let most = grace.integer().unwrap_or(GRACE_PERIOD);
    let least = if checker.since(33) { 0 } else { 1 };
    if (least..=most).contains(&seconds) {
        return;
    }
    let place = at.with_cause_of(&at.key("seconds"));
    let title = format!("{seconds} is not between {least} and {most}, the seconds that the Pod has to end");
    let help = if seconds > most {
        {
            format!(
                "sleep for at most {most} seconds, or raise `terminationGracePeriodSeconds`, in a stack sleep for at most {most} seconds, or raise `stop.grace`"
            )
        }
    } else {
        format!("write a number from {least} to {most}")
    };
    let finding = checker.refuse(&place, &PRB_014, Reason::Invalid, title, help);
    if grace.is_set() {
        finding.related.push((grace.cause(), "the time that the Pod has to end".to_owned()));
    }
}
