//! The script that starts minikube, which reads no file.

use super::facts::{Facts, Load, Mapping};
use super::steps::{By, Step, comes_with_the_tool, comments, on_one_line};
use crate::component::cluster::ExposeApi;
use crate::component::secret::shell_word;
use crate::value::{KubernetesVersion, Protocol};

/// The shortest name of a profile in characters. Source: minikube 1.39, `RestrictedNameChars`.
pub const SHORTEST_NAME: usize = 2;

/// Versions that minikube is known to have, by the minor version of Kubernetes.
const VERSIONS: [(u8, &str); 2] = [(35, "v1.35.1"), (36, "v1.36.2")];

/// The script, for any POSIX shell.
pub fn script(facts: &Facts, steps: &[Step]) -> String {
    let mut script = format!(
        "#!/bin/sh\n# The cluster `{}` of the profile `{}`. Create it with\n#\n#   {} | sh\n#\n# {}\nset -eu\n\n",
        facts.name,
        facts.profile,
        facts.call,
        facts.version_remark()
    );
    script.push_str(&start(facts));
    let (own, foreign): (Vec<&Step>, Vec<&Step>) = steps.iter().partition(|step| step.by == By::Script);
    for step in own {
        let command = step.command.as_deref().unwrap_or("true");
        script.push_str(&format!("\n# {}\n{command}\n", on_one_line(&step.purpose)));
    }
    script.push_str(&load_images(facts));
    let load = facts.load.as_ref().map(Load::line);
    let foreign = foreign.into_iter().filter(|step| load.is_none() || step.command != load);
    let rest = comments(foreign);
    if !rest.is_empty() {
        script.push_str(&format!("\n# What remains to be done by hand:\n{rest}"));
    }
    script
}

fn start(facts: &Facts) -> String {
    // only in a container can ports of the node be mapped
    let mut options = vec![format!("--profile={}", facts.name), "--driver=docker".to_owned()];
    let version = |version: KubernetesVersion| VERSIONS.iter().find(|(minor, _)| *minor == version.minor);
    options.extend(facts.kubernetes.and_then(version).map(|(_, version)| format!("--kubernetes-version={version}")));
    if facts.nodes > 1 {
        options.push(format!("--nodes={}", facts.nodes));
    }
    if !facts.ports.is_empty() {
        let ports: Vec<String> = facts.ports.iter().map(port).collect();
        options.push(format!("--ports={}", ports.join(",")));
    }
    let addons: Vec<&str> =
        facts.addons.iter().map(String::as_str).filter(|addon| comes_with_the_tool(addon, facts)).collect();
    let is_exposed = facts.expose != ExposeApi::None;
    let addons: Vec<&str> = addons.into_iter().filter(|addon| *addon != "traefik" || is_exposed).collect();
    if !addons.is_empty() {
        options.push(format!("--addons={}", shell_word(&on_one_line(&addons.join(",")))));
    }
    format!("minikube start \\\n  {}\n", options.join(" \\\n  "))
}

/// As `docker run --publish` spells it.
fn port(mapping: &Mapping) -> String {
    let Mapping { host, node, protocol, .. } = mapping;
    match protocol {
        Protocol::Tcp => format!("127.0.0.1:{host}:{node}"),
        other => format!("127.0.0.1:{host}:{node}/{other}"),
    }
}

/// Images that this machine does not have are of a registry, and the nodes pull them.
fn load_images(facts: &Facts) -> String {
    let Some(Load { command, images, place }) = &facts.load else { return String::new() };
    format!(
        "\n# Images that were built on this machine; the others are pulled.\nfor image in {}; do\n  if docker image inspect \"$image\" >/dev/null 2>&1; then\n    {command} \"$image\"{place}\n  fi\ndone\n",
        images.join(" ")
    )
}
