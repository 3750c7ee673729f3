//! Volumes are no directories of the node.
//!
//! What a Pod writes there stays on that node, and the next Pod on another one does not find it. What it reads there belongs to the node
//! or to other Pods. The socket of the container runtime is more: whoever reaches it starts a privileged container.
//!
//! ```yaml fail
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web}}
//!     spec:
//!       containers:
//!       - name: web
//!         image: "nginx:1.27.3"
//!         volumeMounts: [{name: data, mountPath: /data}]
//!       volumes:
//!       - name: data
//!         hostPath: {path: /srv/data}
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [volume.uploads]
//! storage = "5Gi"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! mounts."/data" = { volume = "uploads" }
//! ```
//!
//! For data write a `[volume]`, for what may be lost `{ scratch = "1Gi" }`, for files a `[config]`. An agent that reads logs or devices of
//! its node is meant: `allow = { host-path = "REASON" }`.

use super::origin::table;
use super::pods::look_at_template;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "host-path",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Warning),
    source: include_str!("host_path.rs"),
    check,
};

/// What paths of sockets end in by which containers are started.
const RUNTIMES: [&str; 4] = ["/docker.sock", "/containerd.sock", "/crio.sock", "/cri-dockerd.sock"];

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        look_at_template(object, &mut |template| {
            let spec = template.key("spec");
            for volume in spec.key("volumes").items() {
                let source = volume.key("hostPath");
                let path = source.key("path");
                if path.is_empty() {
                    continue;
                }
                let text = path.text();
                let title = if RUNTIMES.iter().any(|socket| text.ends_with(socket)) {
                    format!("`{text}` is the socket of the container runtime: whoever reaches it is root on the node")
                } else {
                    format!("`{text}` is a directory of the node that the Pod happens to run on")
                };
                let help = match table(context, object) {
                    Some(_) => {
                        "mount `{ volume = \"NAME\" }` with a `[volume.NAME]`, or `{ scratch = \"1Gi\" }` for what may be lost"
                    }
                    None => "use a `persistentVolumeClaim`, or an `emptyDir` for what may be lost",
                };
                findings.add(index, &path, title, help);
            }
        });
    }
}
