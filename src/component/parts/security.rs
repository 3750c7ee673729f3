//! Under which user and with which rights the processes of a Pod run.

use crate::bundle::{Traced, traced};
use crate::component::words::Level;
use crate::component::world::text;
use crate::document::OriginId;
use crate::shape::{Leaf, Short, Whole, Written, entry};
use crate::table;
use crate::traced;
use k8s_openapi::api::core::v1 as core;

/// A numeric user or group.
pub type UserId = Whole<0, 0x7fff_ffff>;

table! {
    /// Linux capabilities.
    pub struct Capabilities("capabilities") {
        /// To add, such as `NET_BIND_SERVICE`.
        add: Vec<Written<String>>,
        /// To drop; `ALL` drops all.
        drop: Vec<Written<String>>,
    }
}

table! {
    /// The rights of a Pod's processes.
    pub struct Security("security") {
        /// `baseline` (the default), `restricted` or `privileged`.
        level: Option<Written<Level>>,
        /// The numeric user; other than 0 it also forbids root.
        user: Option<Written<UserId>>,
        /// The numeric group.
        group: Option<Written<UserId>>,
        /// Makes the container's own file system read-only; mount `scratch` where it writes.
        read_only_root: Option<Written<bool>>,
        /// Linux capabilities.
        capabilities: Option<Capabilities>,
        /// Makes the container a privileged one, root on the node; in a component it means the main container alone.
        privileged: Option<Written<bool>>,
    }
    form {
        short: Some(Short {
            what: "a level such as \"restricted\"",
            kind: <Level as Leaf>::KIND,
            expand: |node| entry(node, "level"),
        }),
    }
}

impl Security {
    /// The level in force.
    pub fn level(&self) -> Level {
        self.level.map_or(Level::Baseline, |level| level.value)
    }

    fn level_origin(&self) -> OriginId {
        self.level.map_or(self.origin, |level| level.origin)
    }

    /// What stands on the Pod: user, group, seccomp; `disk_group` is the group that owns the Pod's disks.
    pub fn lower_pod(&self, disk_group: Option<Traced<i64>>) -> Option<Traced<core::PodSecurityContext>> {
        self.lower_pod_with(Implied { disk_group, ..Implied::default() })
    }

    /// The same, with a user and a group for where none is written.
    pub fn lower_pod_with(&self, implied: Implied) -> Option<Traced<core::PodSecurityContext>> {
        let level = self.level();
        let seccomp = (level != Level::Privileged)
            .then(|| traced!(self.level_origin(), core::SeccompProfile { type_: "RuntimeDefault" }));
        let context = traced!(
            self.origin,
            core::PodSecurityContext {
                run_as_user: self.user.map(|user| traced(user.value.0, user.origin)).or(implied.user),
                run_as_group: self.group.map(|group| traced(group.value.0, group.origin)).or(implied.group),
                run_as_non_root: self.non_root(),
                fs_group: self.group.map(|group| traced(group.value.0, group.origin)).or(implied.disk_group),
                seccomp_profile: seccomp,
            }
        );
        (context.value != core::PodSecurityContext::default()).then_some(context)
    }

    /// What stands on each container; only the main one can be `privileged`.
    pub fn lower_container(&self, main: MainContainer) -> Option<Traced<core::SecurityContext>> {
        let privileged = self.privileged.filter(|privileged| main == MainContainer::Yes && privileged.value);
        self.context(privileged, Deviation::default())
    }

    /// What stands on a container whose rights may differ from those of its Pod, which `pod` describes.
    pub fn lower_beside(&self, pod: &Self) -> Option<Traced<core::SecurityContext>> {
        self.context(self.privileged.filter(|privileged| privileged.value), self.deviation(pod))
    }

    /// What the Pod says of all its containers and this one must say otherwise.
    fn deviation(&self, pod: &Self) -> Deviation {
        let changed = |own: Option<Written<UserId>>, other: Option<Written<UserId>>| {
            let is_changed = own.map(|id| id.value) != other.map(|id| id.value);
            own.filter(|_| is_changed).map(|id| traced(id.value.0, id.origin))
        };
        let origin = self.user.map_or_else(|| self.level_origin(), |user| user.origin);
        let non_root = match (self.non_root(), pod.non_root()) {
            (Some(own), None) => Some(own),
            (None, Some(_)) => Some(traced(false, origin)),
            (Some(_), Some(_)) | (None, None) => None,
        };
        let seccomp = match (self.level(), pod.level()) {
            (Level::Privileged, Level::Privileged) => None,
            // to say nothing would leave it with the Pod's profile
            (Level::Privileged, _) => Some("Unconfined"),
            (_, Level::Privileged) => Some("RuntimeDefault"),
            _ => None,
        };
        Deviation {
            user: changed(self.user, pod.user),
            group: changed(self.group, pod.group),
            non_root,
            seccomp: seccomp.map(|profile| traced!(self.level_origin(), core::SeccompProfile { type_: profile })),
        }
    }

    fn context(
        &self,
        privileged: Option<Written<bool>>,
        deviation: Deviation,
    ) -> Option<Traced<core::SecurityContext>> {
        let level = self.level();
        let escalation =
            (level != Level::Privileged && privileged.is_none()).then(|| traced(false, self.level_origin()));
        let context = traced!(
            self.origin,
            core::SecurityContext {
                run_as_user: deviation.user,
                run_as_group: deviation.group,
                run_as_non_root: deviation.non_root,
                seccomp_profile: deviation.seccomp,
                privileged: privileged.map(|privileged| traced(true, privileged.origin)),
                allow_privilege_escalation: escalation,
                read_only_root_filesystem: self
                    .read_only_root
                    .map(|read_only| traced(read_only.value, read_only.origin)),
                capabilities: self.capabilities(),
            }
        );
        (context.value != core::SecurityContext::default()).then_some(context)
    }

    fn non_root(&self) -> Option<Traced<bool>> {
        let by_user = self.user.filter(|user| user.value.0 != 0).map(|user| traced(true, user.origin));
        by_user.or((self.level() == Level::Restricted).then(|| traced(true, self.level_origin())))
    }

    fn capabilities(&self) -> Option<Traced<core::Capabilities>> {
        let written = |list: &[Written<String>]| list.iter().map(text).collect::<Vec<_>>();
        let restricted = self.level() == Level::Restricted;
        let (add, mut drop) = match &self.capabilities {
            Some(capabilities) => (written(&capabilities.add), written(&capabilities.drop)),
            None => (Vec::new(), Vec::new()),
        };
        if restricted && drop.is_empty() {
            drop.push(traced("ALL".to_owned(), self.level_origin()));
        }
        let origin = self.capabilities.as_ref().map_or(self.level_origin(), |capabilities| capabilities.origin);
        (!add.is_empty() || !drop.is_empty()).then(|| traced!(origin, core::Capabilities { add: add, drop: drop }))
    }
}

/// What a container says otherwise than its Pod.
#[derive(Default)]
struct Deviation {
    user: Option<Traced<i64>>,
    group: Option<Traced<i64>>,
    non_root: Option<Traced<bool>>,
    seccomp: Option<Traced<core::SeccompProfile>>,
}

/// What a rule says of a Pod where the stack says nothing.
#[derive(Default)]
pub struct Implied {
    /// The user of its processes.
    pub user: Option<Traced<i64>>,
    /// Their group.
    pub group: Option<Traced<i64>>,
    /// The group that owns its disks.
    pub disk_group: Option<Traced<i64>>,
}

/// Which container of a Pod a security context is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MainContainer {
    /// The component's own.
    Yes,
    /// One beside it.
    No,
}
