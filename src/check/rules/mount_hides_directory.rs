//! Configuration is not mounted over a directory that the image needs.
//!
//! A mount takes the place of the whole directory: what the image has there cannot be seen any more. A ConfigMap at `/etc` leaves no users
//! and no certificates, one at `/app` no application.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [config.settings]
//! data = { "settings.json" = "{}" }
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! mounts."/app" = { config = "settings" }
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [config.settings]
//! data = { "settings.json" = "{}" }
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! mounts."/app/settings.json" = { config = "settings", file = "settings.json" }
//! ```
//!
//! Mount a single file (`file = "NAME"`, in Kubernetes `subPath`), or a directory of its own such as `/etc/mails`.

use super::origin::table;
use super::pods::{look_at_containers, look_at_template};
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "mount-hides-directory",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Info),
    source: include_str!("mount_hides_directory.rs"),
    check,
};

/// Directories that hold the system or, by custom, the application of an image.
const OF_THE_IMAGE: [&str; 20] = [
    "/",
    "/app",
    "/bin",
    "/etc",
    "/etc/nginx",
    "/etc/ssl",
    "/home",
    "/lib",
    "/lib64",
    "/opt",
    "/root",
    "/sbin",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/local",
    "/usr/local/bin",
    "/usr/share",
    "/usr/src/app",
    "/var",
];

/// Volumes that hold what somebody wrote, and nothing of the image.
const WRITTEN: [&str; 4] = ["configMap", "secret", "projected", "downwardAPI"];

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        let mut written: Vec<String> = Vec::new();
        look_at_template(object, &mut |template| {
            let spec = template.key("spec");
            for volume in spec.key("volumes").items() {
                if WRITTEN.iter().any(|kind| volume.key(kind).is_set()) {
                    written.push(volume.key("name").text().to_owned());
                }
            }
        });
        look_at_containers(object, &mut |container, _| {
            for mount in container.key("volumeMounts").items() {
                let path = mount.key("mountPath");
                let place = if path.text() == "/" { "/" } else { path.text().trim_end_matches('/') };
                let is_file = mount.key("subPath").is_set() || mount.key("subPathExpr").is_set();
                let is_written = written.iter().any(|name| mount.key("name").is_text(name));
                if !is_file && is_written && OF_THE_IMAGE.contains(&place) {
                    let name = container.key("name").text();
                    let title = format!("what the image of `{name}` has in `{place}` is hidden by this mount");
                    let help = match table(context, object) {
                        Some(_) => {
                            "mount single files (`\"/PATH/FILE\" = { config = \"NAME\", file = \"FILE\" }`), or another directory"
                        }
                        None => "mount single files by `subPath`, or another directory",
                    };
                    findings.add(index, &path, title, help);
                }
            }
        });
    }
}
