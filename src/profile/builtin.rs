//! The profiles that are part of the binary.

/// What every profile is laid over: every default, as data.
pub const BASE: &str = include_str!("../../profiles/base.toml");

/// A profile that is part of the binary.
pub struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// All of them, the local ones first.
pub const BUILTIN: &[Builtin] = &[
    Builtin { name: "k3d", text: include_str!("../../profiles/k3d.toml") },
    Builtin { name: "minikube", text: include_str!("../../profiles/minikube.toml") },
    Builtin { name: "kind", text: include_str!("../../profiles/kind.toml") },
    Builtin { name: "cloud", text: include_str!("../../profiles/cloud.toml") },
    Builtin { name: "eks", text: include_str!("../../profiles/eks.toml") },
    Builtin { name: "gke", text: include_str!("../../profiles/gke.toml") },
    Builtin { name: "aks", text: include_str!("../../profiles/aks.toml") },
    Builtin { name: "digitalocean", text: include_str!("../../profiles/digitalocean.toml") },
];

/// The one with this name.
pub fn find(name: &str) -> Option<&'static Builtin> {
    BUILTIN.iter().find(|builtin| builtin.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::KubernetesVersion;

    #[test]
    fn the_usual_version_is_that_of_the_base() {
        assert!(BASE.contains(&format!("\nkubernetes = \"{}\"\n", KubernetesVersion::USUAL)));
    }
}
