//! The Pod Security Standards: what each level asks of a Pod, by the version of Kubernetes.
//!
//! <https://kubernetes.io/docs/concepts/security/pod-security-standards/>

use crate::check::place::At;
use crate::check::rule::{Rule, api_rules};
use crate::component::words::Level;
use crate::value::KubernetesVersion;

api_rules! {
    /// `baseline`: a Pod does not use network, processes or IPC of its node.
    PSS_001 = "PSS-001";
    /// `baseline`: no container is privileged.
    PSS_002 = "PSS-002";
    /// `baseline`: containers add only capabilities that are given to every container.
    PSS_003 = "PSS-003";
    /// `baseline`: no volume is a directory of the node.
    PSS_004 = "PSS-004";
    /// `baseline`: no container uses a port of the node.
    PSS_005 = "PSS-005";
    /// `baseline` since 1.34: probes and hooks ask no other host.
    PSS_006 = "PSS-006";
    /// `baseline`: the AppArmor profile is `RuntimeDefault` or `Localhost`, or there is none.
    PSS_007 = "PSS-007";
    /// `baseline`: SELinux options have a type of containers, and neither user nor role.
    PSS_008 = "PSS-008";
    /// `baseline`: `procMount` is `Default`; since 1.35 a Pod with users of its own may have another one, but not under `restricted`.
    PSS_009 = "PSS-009";
    /// `baseline`: the seccomp profile is not `Unconfined`.
    PSS_010 = "PSS-010";
    /// `baseline`: sysctls are those that concern the Pod alone.
    PSS_011 = "PSS-011";
    /// `baseline`: no container is a process of a node of Windows.
    PSS_012 = "PSS-012";
    /// `restricted`: volumes are none that a node or an administrator provides.
    PSS_013 = "PSS-013";
    /// `restricted`: no container may gain rights.
    PSS_014 = "PSS-014";
    /// `restricted`: no container may run as root; since 1.35 it may in a Pod with users of its own.
    PSS_015 = "PSS-015";
    /// `restricted`: no user is 0; since 1.35 it may in a Pod with users of its own.
    PSS_016 = "PSS-016";
    /// `restricted`: every container has a seccomp profile.
    PSS_017 = "PSS-017";
    /// `restricted`: containers drop all capabilities, and add at most `NET_BIND_SERVICE`.
    PSS_018 = "PSS-018";
}

/// The label of a namespace that says which level it enforces.
pub const ENFORCE: &str = "pod-security.kubernetes.io/enforce";
/// The label that says by the standards of which version.
const ENFORCE_VERSION: &str = "pod-security.kubernetes.io/enforce-version";

/// A rule that a Pod breaks.
pub struct Breach {
    /// It.
    pub rule: &'static Rule,
    /// What is wrong; `{}` stands for the value.
    pub problem: &'static str,
    /// What to type, in the imperative.
    pub help: &'static str,
}

const fn breach(rule: &'static Rule, problem: &'static str, help: &'static str) -> Breach {
    Breach { rule, problem, help }
}

/// What is called with each field that breaks a rule.
pub type Report<'a> = dyn FnMut(&At, &Breach) + 'a;

/// The capabilities that the level `baseline` lets a container add.
const CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// The kinds of volume that the level `restricted` allows.
const VOLUMES: [&str; 9] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

/// The sysctls that the level `baseline` allows, and the minor version since when.
const SYSCTLS: [(&str, u8); 14] = [
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_wmem", 32),
    ("net.ipv4.tcp_slow_start_after_idle", 37),
    ("net.ipv4.tcp_notsent_lowat", 37),
];

/// Whether a parameter of the kernel concerns the Pod alone, by the knowledge of this minor version.
pub fn is_safe_sysctl(name: &str, minor: u8) -> bool {
    SYSCTLS.iter().any(|(safe, since)| *safe == name && minor >= *since)
}

const APP_ARMOR_ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";

const NAMESPACES: Breach = breach(&PSS_001, "the Pod uses network, processes or IPC of its node", "remove it");
const PRIVILEGED: Breach = breach(&PSS_002, "a container is privileged", "remove `privileged`");
const ADDED: Breach = breach(&PSS_003, "a container adds the capability {}", "remove it");
const HOST_PATH: Breach =
    breach(&PSS_004, "a volume is a directory of the node (`hostPath`)", "use a persistentVolumeClaim or an emptyDir");
const HOST_PORT: Breach =
    breach(&PSS_005, "a container uses port {} of the node", "remove `hostPort` and reach it by a Service");
const HOST: Breach = breach(&PSS_006, "a probe or hook asks the host {}", "remove `host`");
const APP_ARMOR: Breach = breach(&PSS_007, "the AppArmor profile is {}", "write `RuntimeDefault`, or remove it");
const SELINUX: Breach = breach(&PSS_008, "SELinux is given {}", "remove it");
const PROC_MOUNT: Breach = breach(&PSS_009, "`procMount` is {}", "remove `procMount`");
const UNCONFINED: Breach = breach(&PSS_010, "the seccomp profile is {}", "write `RuntimeDefault`");
const SYSCTL: Breach = breach(&PSS_011, "the sysctl {} is not a safe one", "remove it");
const HOST_PROCESS: Breach = breach(&PSS_012, "a container is a process of the node", "remove `hostProcess`");
const VOLUME: Breach = breach(
    &PSS_013,
    "a volume is of a kind that only administrators use",
    "use a persistentVolumeClaim, a configMap, a secret or an emptyDir",
);
const ESCALATION: Breach = breach(
    &PSS_014,
    "`allowPrivilegeEscalation` of a container is not `false`",
    "write `allowPrivilegeEscalation: false` into its `securityContext`",
);
const ROOT: Breach = breach(
    &PSS_015,
    "`runAsNonRoot` of a container is not `true`",
    "write `runAsNonRoot: true` into the `securityContext` of the Pod",
);
const ROOT_USER: Breach = breach(&PSS_016, "the user is 0, which is root", "write another user");
const NO_SECCOMP: Breach = breach(
    &PSS_017,
    "a container has no seccomp profile",
    "write `seccompProfile: { type: RuntimeDefault }` into the `securityContext` of the Pod",
);
const KEPT: Breach = breach(
    &PSS_018,
    "a container keeps capabilities that it could drop",
    "write `capabilities: { drop: [ALL] }` into its `securityContext`",
);
const ADDED_ANY: Breach = Breach { rule: &PSS_018, ..ADDED };

/// A level by the standards of a minor version.
#[derive(Clone, Copy)]
pub struct Standard {
    /// The level.
    pub level: Level,
    /// The version of the server.
    pub kubernetes: KubernetesVersion,
    /// The second number of the version whose standards count: that of the server or an older one.
    pub minor: u8,
}

impl Standard {
    /// What the labels of a namespace enforce; none where that is nothing.
    pub fn of(labels: &At, kubernetes: KubernetesVersion) -> Option<Self> {
        let level = match labels.key(ENFORCE).text() {
            "baseline" => Level::Baseline,
            "restricted" => Level::Restricted,
            _ => return None,
        };
        let wanted = labels.key(ENFORCE_VERSION).text().strip_prefix("v1.").and_then(|minor| minor.parse().ok());
        Some(Self {
            level,
            kubernetes,
            minor: wanted.map_or(kubernetes.minor, |minor: u8| minor.min(kubernetes.minor)),
        })
    }

    /// Reports every rule that the Pods of this template break, with the field that breaks it, or the one around a missing one.
    pub fn look(self, template: &At, report: &mut Report) {
        let (metadata, spec) = (template.key("metadata"), template.key("spec"));
        for (key, value) in metadata.key("annotations").entries() {
            let allowed = matches!(value.text(), "" | "runtime/default") || value.text().starts_with("localhost/");
            if key.starts_with(APP_ARMOR_ANNOTATION) && !allowed {
                report(&value, &APP_ARMOR);
            }
        }
        for key in ["hostNetwork", "hostPID", "hostIPC"] {
            let field = spec.key(key);
            if field.is_true() {
                report(&field, &NAMESPACES);
            }
        }
        self.pod_context(&spec, report);
        for volume in spec.key("volumes").items() {
            self.volume(&volume, report);
        }
        for list in ["initContainers", "containers"] {
            for container in spec.key(list).items() {
                self.container(&container, &spec, report);
            }
        }
    }

    fn is_restricted(self) -> bool {
        self.level == Level::Restricted
    }

    /// Whether the Pod has users of its own, which the standards count since 1.35.
    fn has_own_users(self, spec: &At) -> bool {
        let users = spec.key("hostUsers");
        self.minor >= 35 && users.is_set() && !users.is_true()
    }

    fn pod_context(self, spec: &At, report: &mut Report) {
        let context = spec.key("securityContext");
        self.context(&context, spec, report);
        for sysctl in context.key("sysctls").items() {
            let name = sysctl.key("name");
            if !is_safe_sysctl(name.text(), self.minor) {
                report(&name, &SYSCTL);
            }
        }
    }

    fn volume(self, volume: &At, report: &mut Report) {
        let path = volume.key("hostPath");
        if path.is_set() {
            report(&path, &HOST_PATH);
        } else if self.is_restricted() && !VOLUMES.iter().any(|kind| volume.key(kind).is_set()) && has_source(volume) {
            report(volume, &VOLUME);
        }
    }

    /// What stands in the security context of a Pod as in that of a container.
    fn context(self, context: &At, spec: &At, report: &mut Report) {
        let (seccomp, app_armor) = (context.key("seccompProfile"), context.key("appArmorProfile"));
        // A server before 1.30 does not know AppArmor profiles as fields.
        let known = self.kubernetes.minor >= 30;
        for (profile, known, breach) in [(seccomp, true, &UNCONFINED), (app_armor, known, &APP_ARMOR)] {
            let kind = profile.key("type");
            if known && profile.is_set() && !matches!(kind.text(), "RuntimeDefault" | "Localhost") {
                report(&kind, breach);
            }
        }
        let options = context.key("seLinuxOptions");
        for key in ["type", "user", "role"] {
            let option = options.key(key);
            let allowed = option.is_empty() || key == "type" && self.allows_type(option.text());
            if !allowed {
                report(&option, &SELINUX);
            }
        }
        let windows = context.key("windowsOptions");
        let process = windows.key("hostProcess");
        if process.is_true() {
            report(&process, &HOST_PROCESS);
        }
        let (non_root, user) = (context.key("runAsNonRoot"), context.key("runAsUser"));
        if self.is_restricted() && !self.has_own_users(spec) {
            if non_root.is_set() && !non_root.is_true() {
                report(&non_root, &ROOT);
            }
            if self.minor >= 23 && user.integer() == Some(0) {
                report(&user, &ROOT_USER);
            }
        }
    }

    fn allows_type(self, kind: &str) -> bool {
        matches!(kind, "container_t" | "container_init_t" | "container_kvm_t")
            || kind == "container_engine_t" && self.minor >= 31
    }

    fn container(self, container: &At, spec: &At, report: &mut Report) {
        let context = container.key("securityContext");
        self.context(&context, spec, report);
        let (privileged, mount) = (context.key("privileged"), context.key("procMount"));
        if privileged.is_true() {
            report(&privileged, &PRIVILEGED);
        }
        let excused = !self.is_restricted() && self.has_own_users(spec);
        // A server before 1.33 makes it `Default`.
        if mount.is_set() && mount.text() != "Default" && !excused && self.kubernetes.minor >= 33 {
            report(&mount, &PROC_MOUNT);
        }
        for port in container.key("ports").items() {
            let host = port.key("hostPort");
            if host.integer().is_some_and(|number| number != 0) {
                report(&host, &HOST_PORT);
            }
        }
        if self.minor >= 34 {
            hosts(container, report);
        }
        let capabilities = context.key("capabilities");
        let allowed = if self.is_restricted() { &["NET_BIND_SERVICE"][..] } else { &CAPABILITIES };
        for added in capabilities.key("add").items().filter(|added| !allowed.contains(&added.text())) {
            report(&added, if self.is_restricted() { &ADDED_ANY } else { &ADDED });
        }
        if self.is_restricted() {
            self.restricted_container(&context, spec, report);
        }
    }

    /// What a container must say, or its Pod for it.
    fn restricted_container(self, context: &At, spec: &At, report: &mut Report) {
        let of_pod = spec.key("securityContext");
        if !self.has_own_users(spec) && !context.key("runAsNonRoot").is_set() && !of_pod.key("runAsNonRoot").is_set() {
            report(&context.key("runAsNonRoot"), &ROOT);
        }
        if spec.key("os").key("name").text() == "windows" {
            return;
        }
        if !context.key("seccompProfile").is_set() && !of_pod.key("seccompProfile").is_set() {
            report(&context.key("seccompProfile"), &NO_SECCOMP);
        }
        let escalation = context.key("allowPrivilegeEscalation");
        if !escalation.is_set() || escalation.is_true() {
            report(&escalation, &ESCALATION);
        }
        let capabilities = context.key("capabilities");
        let dropped = capabilities.key("drop");
        if !dropped.items().any(|capability| capability.text() == "ALL") {
            report(&dropped, &KEPT);
        }
    }
}

/// Whether a volume says what it is; the server makes an emptyDir of one that does not.
fn has_source(volume: &At) -> bool {
    volume.entries().any(|(key, value)| key != "name" && value.is_set())
}

/// Probes and hooks that ask another host than the Pod itself.
fn hosts(container: &At, report: &mut Report) {
    let lifecycle = container.key("lifecycle");
    let probes = ["livenessProbe", "readinessProbe", "startupProbe"].map(|probe| container.key(probe));
    for handler in probes.into_iter().chain(["postStart", "preStop"].map(|hook| lifecycle.key(hook))) {
        for way in ["httpGet", "tcpSocket"] {
            let action = handler.key(way);
            let host = action.key("host");
            if !host.is_empty() {
                report(&host, &HOST);
            }
        }
    }
}
