//! With which rights a Pod and its containers run.

use super::lists::every_container;
use super::profile::profiles;
use super::windows::windows_options;
use crate::check::format::SYSCTL;
use crate::check::{At, Checker, Reason, Rule, api_rules, repeated};

api_rules! {
    /// Users and groups are numbers, 0 to 2147483647.
    SCX_001 = "SCX-001";
    /// A privileged container cannot forbid that its processes gain rights.
    SCX_003 = "SCX-003";
    /// Nor can one that adds `CAP_SYS_ADMIN`.
    SCX_004 = "SCX-004";
    /// Since 1.33 `procMount` is `Default`, or with `hostUsers: false` also `Unmasked`; before it is dropped.
    SCX_006 = "SCX-006";
    /// `fsGroupChangePolicy` is `OnRootMismatch` or `Always`.
    SCX_011 = "SCX-011";
    /// Since 1.33 `supplementalGroupsPolicy` is `Merge` or `Strict`.
    SCX_012 = "SCX-012";
    /// Since 1.33 `seLinuxChangePolicy` is `Recursive`, since 1.37 `MountOption` too.
    SCX_013 = "SCX-013";
    /// The names of sysctls are well-formed, differ, and do not belong to a namespace that the Pod shares with its node.
    SCX_014 = "SCX-014";
    /// A Pod that uses the processes of its node does not share those of its containers.
    SCX_015 = "SCX-015";
    /// Since 1.33 a Pod with users of its own has network, processes and IPC of its own too; since 1.34 it uses no block devices.
    SCX_016 = "SCX-016";
}

/// The largest user or group.
const LARGEST: i64 = 2_147_483_647;

/// The security context of one container.
pub fn container_security(container: &At, spec: &At, checker: &mut Checker) {
    let at = container.key("securityContext");
    if !at.is_set() {
        return;
    }
    for name in ["runAsUser", "runAsGroup"] {
        checker.bound(&at.key(name), &SCX_001, 0..=LARGEST);
    }
    if checker.since(33) {
        proc_mount(&at.key("procMount"), spec, checker);
    }
    escalation(&at, checker);
    profiles(&at, checker);
    windows_options(&at, checker);
}

/// The security context of a Pod, and what else of it has to do with rights.
pub fn pod_security(spec: &At, checker: &mut Checker) {
    let at = spec.key("securityContext");
    if at.is_set() {
        pod_context(&at, spec, checker);
    }
    let share = spec.key("shareProcessNamespace");
    if share.is_true() && spec.key("hostPID").is_true() {
        // Servers before 1.37 have the field below `securityContext`.
        let place = at.key("shareProcessNamespace").with_cause_of(&share);
        let place = if checker.since(37) { share } else { place };
        let title = "a Pod that uses the processes of its node shares none among its containers";
        let finding = checker.refuse(&place, &SCX_015, Reason::Invalid, title, "remove `shareProcessNamespace`");
        finding.related.push((spec.key("hostPID").cause(), "the processes of the node".to_owned()));
    }
    users(spec, checker);
}

fn proc_mount(at: &At, spec: &At, checker: &mut Checker) {
    if !at.is_set() || !checker.choose_text(at, at.text(), &SCX_006, &["Default", "Unmasked"]) {
        return;
    }
    if at.text() == "Unmasked" && has_users_of_node(spec) {
        let title = "`Unmasked` is for a Pod with users of its own";
        checker.refuse(
            at,
            &SCX_006,
            Reason::Invalid,
            title,
            "write `hostUsers: false` at the Pod, or remove `procMount`",
        );
    }
}

fn has_users_of_node(spec: &At) -> bool {
    let users = spec.key("hostUsers");
    !users.is_set() || users.is_true()
}

/// Whether processes may gain rights that the container gives them anyway.
fn escalation(at: &At, checker: &mut Checker) {
    let escalation = at.key("allowPrivilegeEscalation");
    if !escalation.is_set() || escalation.is_true() {
        return;
    }
    let capabilities = at.key("capabilities");
    let added = capabilities.key("add");
    let admin = added.items().find(|item| item.text() == "CAP_SYS_ADMIN");
    let privileged = at.key("privileged");
    let rights = [
        (privileged.is_true().then_some(privileged), &SCX_003, "`privileged: true`"),
        (admin, &SCX_004, "`CAP_SYS_ADMIN`"),
    ];
    for (right, rule, name) in rights {
        let Some(right) = right else { continue };
        let title = format!("{name} gives what `allowPrivilegeEscalation: false` forbids");
        let help = format!(
            "remove {name} or `allowPrivilegeEscalation`, in a stack remove {name}, or write `security.level = \"privileged\"`"
        );
        let finding = checker.refuse(&at.with_cause_of(&right), rule, Reason::Invalid, title, help);
        finding.related.push((escalation.cause(), "this forbids it".to_owned()));
    }
}

fn pod_context(at: &At, spec: &At, checker: &mut Checker) {
    for name in ["fsGroup", "runAsUser", "runAsGroup"] {
        checker.bound(&at.key(name), &SCX_001, 0..=LARGEST);
    }
    let groups = at.key("supplementalGroups");
    for group in groups.items() {
        checker.bound(&group, &SCX_001, 0..=LARGEST);
    }
    choose(&at.key("fsGroupChangePolicy"), &SCX_011, &["OnRootMismatch", "Always"], checker);
    if checker.since(33) {
        choose(&at.key("supplementalGroupsPolicy"), &SCX_012, &["Merge", "Strict"], checker);
        se_linux(&at.key("seLinuxChangePolicy"), checker);
    }
    sysctls(&at.key("sysctls"), spec, checker);
    profiles(at, checker);
    windows_options(at, checker);
}

fn se_linux(at: &At, checker: &mut Checker) {
    if at.text() == "MountOption" && !checker.since(37) {
        let title = format!("`MountOption` needs Kubernetes 1.37, this is 1.{}", checker.kubernetes.minor);
        checker.refuse(at, &SCX_013, Reason::NotSupported, title, "write `Recursive`, or remove it");
    } else {
        choose(at, &SCX_013, &["Recursive", "MountOption"], checker);
    }
}

/// One of these words, where the field is there; the empty text is none of them.
fn choose(at: &At, rule: &Rule, words: &[&str], checker: &mut Checker) {
    if at.is_set() {
        checker.choose_text(at, at.text(), rule, words);
    }
}

fn sysctls(list: &At, spec: &At, checker: &mut Checker) {
    for entry in list.items() {
        let name = entry.key("name");
        if checker.require(&name, &SCX_014, "the name of a sysctl") {
            checker.follow(&name, &SCX_014, &SYSCTL);
        }
        if let Some(shared) = namespace(name.text()).filter(|namespace| spec.key(namespace).is_true()) {
            let title = format!("{} would change the node: the Pod has `{shared}`", name.value());
            let help = format!("remove the sysctl, or `{shared}`");
            let finding = checker.refuse(&name, &SCX_014, Reason::Invalid, title, help);
            finding.related.push((spec.key(shared).cause(), "shared with the node".to_owned()));
        }
    }
    let valid = |entry: &At<'_, '_>| SYSCTL.accepts(entry.key("name").text());
    for (entry, first) in repeated(list.items().filter(valid), |entry| Some(entry.key("name").text().to_owned())) {
        checker.duplicate(&entry.key("name"), &SCX_014, "sysctl", &first.key("name"));
    }
}

/// The key by which a Pod shares the namespace that a sysctl belongs to.
/// <https://man7.org/linux/man-pages/man7/ipc_namespaces.7.html>
fn namespace(sysctl: &str) -> Option<&'static str> {
    // The first of `.` and `/` divides the parts, the other belongs to them.
    let divider = sysctl.find(['.', '/']).map(|at| sysctl.as_bytes()[at]);
    let dotted = if divider == Some(b'/') {
        sysctl
            .chars()
            .map(|byte| {
                if byte == '/' {
                    '.'
                } else if byte == '.' {
                    '/'
                } else {
                    byte
                }
            })
            .collect()
    } else {
        sysctl.to_owned()
    };
    match dotted.as_str() {
        name if name.starts_with("net.") => Some("hostNetwork"),
        name if name.starts_with("fs.mqueue.") => Some("hostIPC"),
        "kernel.sem" | "kernel.shmall" | "kernel.shmmax" | "kernel.shmmni" | "kernel.shm_rmid_forced" => {
            Some("hostIPC")
        }
        "kernel.shm" | "kernel.msgmax" | "kernel.msgmnb" | "kernel.msgmni" | "kernel.msg" => Some("hostIPC"),
        _ => None,
    }
}

/// What a Pod with users of its own cannot use.
fn users(spec: &At, checker: &mut Checker) {
    if has_users_of_node(spec) || !checker.since(33) {
        return;
    }
    const HELP: &str = "remove it, or `hostUsers`";
    // The server spells two of them in its own way.
    for (name, spelled) in [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")] {
        let field = spec.key_spelled(name, spelled);
        if field.is_true() {
            let title = format!("`{name}` is not for a Pod with users of its own (`hostUsers: false`)");
            checker.refuse(&field, &SCX_016, Reason::Forbidden, title, HELP);
        }
    }
    if checker.since(34) {
        for list in every_container(spec) {
            for container in list.items() {
                let devices = container.key("volumeDevices");
                if !devices.is_empty() {
                    let title = "`volumeDevices` is not for a Pod with users of its own (`hostUsers: false`)";
                    checker.refuse(&devices, &SCX_016, Reason::Forbidden, title, HELP);
                }
            }
        }
    }
}
