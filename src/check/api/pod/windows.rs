//! The operating system of a Pod, and what only Windows has.

use super::lists::every_container;
use crate::check::format::DNS_SUBDOMAIN;
use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// The operating system of a Pod is `linux` or `windows`.
    SCX_017 = "SCX-017";
    /// A Pod of Windows has no settings of Linux; one of Linux has no `windowsOptions`.
    SCX_018 = "SCX-018";
    /// All containers of a Pod are processes of the node or none is, and then it uses the network of the node.
    SCX_019 = "SCX-019";
    /// The names and credentials in `windowsOptions` are well-formed.
    SCX_021 = "SCX-021";
}

/// What a Pod of Windows has not, below its `securityContext`.
const POD_CONTEXT: [&str; 10] = [
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "fsGroup",
    "fsGroupChangePolicy",
    "runAsUser",
    "runAsGroup",
    "supplementalGroups",
    "supplementalGroupsPolicy",
    "seLinuxChangePolicy",
];

/// What a container of Windows has not, below its `securityContext`.
const CONTAINER_CONTEXT: [&str; 10] = [
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "capabilities",
    "readOnlyRootFilesystem",
    "privileged",
    "allowPrivilegeEscalation",
    "procMount",
    "runAsUser",
    "runAsGroup",
];

/// The largest credential specification, in bytes.
const CREDENTIALS: usize = 64 * 1024;

/// The operating system of a Pod and what goes with it.
pub fn operating_system(spec: &At, checker: &mut Checker) {
    host_process(spec, checker);
    let at = spec.key("os");
    let name = at.key("name");
    match name.text() {
        _ if !at.is_set() => {}
        "" => drop(checker.require(&name, &SCX_017, "the name of the operating system")),
        "linux" => linux(spec, checker),
        "windows" => windows(spec, checker),
        // The server names `os`, not the name in it.
        text => drop(checker.choose_text(&at.with_cause_of(&name), text, &SCX_017, &["linux", "windows"])),
    }
}

/// `windowsOptions` of a security context.
pub fn windows_options(context: &At, checker: &mut Checker) {
    let at = context.key("windowsOptions");
    let (name, specification, user) =
        (at.key("gmsaCredentialSpecName"), at.key("gmsaCredentialSpec"), at.key("runAsUserName"));
    if name.is_set() {
        checker.follow_text(&name, name.text(), &SCX_021, &DNS_SUBDOMAIN);
    }
    if specification.is_set() && !(1..=CREDENTIALS).contains(&specification.text().len()) {
        let title =
            format!("the credentials have {} bytes, 1 to {CREDENTIALS} are allowed", specification.text().len());
        let help = "write the contents of the credential specification, or name it by `gmsaCredentialSpecName`";
        checker.refuse(&specification, &SCX_021, Reason::Invalid, title, help);
    }
    if let Some(problem) = Some(&user).filter(|user| user.is_set()).and_then(|user| user_problem(user.text())) {
        let title = format!("{} is no user of Windows: {problem}", user.value());
        checker.refuse(&user, &SCX_021, Reason::Invalid, title, "write `USER` or `DOMAIN\\USER`");
    }
}

fn linux(spec: &At, checker: &mut Checker) {
    checker.forbid(&spec.key("securityContext").key("windowsOptions"), &SCX_018, "for a Pod of Linux");
    for list in every_container(spec) {
        for container in list.items() {
            checker.forbid(&container.key("securityContext").key("windowsOptions"), &SCX_018, "for a Pod of Linux");
        }
    }
}

fn windows(spec: &At, checker: &mut Checker) {
    const WHY: &str = "for a Pod of Windows";
    let context = spec.key("securityContext");
    for name in POD_CONTEXT {
        if kept(name, checker) {
            checker.forbid(&context.key(name), &SCX_018, WHY);
        }
    }
    if !context.key("sysctls").is_empty() {
        checker.forbid(&context.key("sysctls"), &SCX_018, WHY);
    }
    if checker.since(33) {
        checker.forbid(&spec.key("hostUsers"), &SCX_018, WHY);
    }
    for name in ["hostPID", "hostIPC"] {
        if spec.key(name).is_true() {
            checker.forbid(&spec.key(name), &SCX_018, WHY);
        }
    }
    checker.forbid(&spec.key("shareProcessNamespace"), &SCX_018, WHY);
    for list in every_container(spec) {
        for container in list.items() {
            let context = container.key("securityContext");
            for name in CONTAINER_CONTEXT {
                if kept(name, checker) {
                    checker.forbid(&context.key(name), &SCX_018, WHY);
                }
            }
        }
    }
}

/// Whether the server keeps a field; an older one drops what it has not enabled yet.
fn kept(name: &str, checker: &Checker) -> bool {
    match name {
        "appArmorProfile" => checker.since(30),
        "supplementalGroupsPolicy" | "seLinuxChangePolicy" => checker.since(33),
        _ => true,
    }
}

/// Containers that are processes of the node.
fn host_process(spec: &At, checker: &mut Checker) {
    let path = |context: &At| {
        let options = context.key("windowsOptions");
        let process = options.key("hostProcess");
        process.is_set().then(|| process.is_true())
    };
    let of_pod = path(&spec.key("securityContext"));
    let (mut all, mut processes) = (0, 0);
    for list in every_container(spec) {
        for container in list.items() {
            let context = container.key("securityContext");
            let own = path(&context);
            if own.zip(of_pod).is_some_and(|(own, of_pod)| own != of_pod) {
                let options = context.key("windowsOptions");
                let title = "`hostProcess` of the container is not that of the Pod";
                let help = "remove it from the container";
                checker.refuse(&options.key("hostProcess"), &SCX_019, Reason::Invalid, title, help);
            }
            all += 1;
            processes += usize::from(own.or(of_pod) == Some(true));
        }
    }
    if processes == 0 {
        return;
    }
    if processes != all {
        let title = "some containers are processes of the node, others are not";
        let help = "write `hostProcess` once, in `securityContext.windowsOptions` of the Pod";
        checker.refuse(spec, &SCX_019, Reason::Invalid, title, help);
    }
    let network = spec.key("hostNetwork");
    if !network.is_true() {
        let title = "a container that is a process of the node uses the network of the node";
        checker.refuse(&network, &SCX_019, Reason::Invalid, title, "write `hostNetwork: true`");
    }
}

/// What is wrong with `USER` or `DOMAIN\USER`.
fn user_problem(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("it is empty");
    }
    if text.bytes().any(|byte| byte.is_ascii_control()) {
        return Some("it has control characters");
    }
    if text.matches('\\').count() > 1 {
        return Some("it has more than one `\\`");
    }
    let (domain, user) = text.split_once('\\').map_or((None, text), |(domain, user)| (Some(domain), user));
    if domain.is_some_and(|domain| domain.len() >= 256 || !is_net_bios(domain) && !is_domain(domain)) {
        Some("its domain is neither a NetBIOS nor a DNS name")
    } else if user.is_empty() || user.len() > 104 {
        Some("the user has not 1 to 104 characters")
    } else if user.bytes().all(|byte| matches!(byte, b'.' | b' ')) {
        Some("the user has only dots and blanks")
    } else if user.contains(['"', '/', '\\', ':', ';', '|', '=', ',', '+', '*', '?', '<', '>', '@', '[', ']']) {
        Some("the user has one of the characters \" / \\ [ ] : ; | = , + * ? < > @")
    } else {
        None
    }
}

fn is_net_bios(text: &str) -> bool {
    let forbidden = ['\\', '/', ':', '*', '?', '"', '<', '>', '|'];
    (1..=15).contains(&text.chars().count()) && !text.starts_with('.') && !text.contains(forbidden)
}

fn is_domain(text: &str) -> bool {
    text.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}
