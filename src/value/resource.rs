//! Names of what a container can ask for: cores, memory, huge pages, devices.

use super::label::check_qualified;
use super::{Invalid, Quantity, Scalar, literal, quote, text_scalar};

/// Name of a resource of a container: `cpu`, `memory`, `ephemeral-storage`, `hugepages-SIZE`, or a name with a domain,
/// as device plugins make them.
///
/// These are the rules of `validateContainerResourceName` of the Kubernetes API server.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceName(Box<str>);
text_scalar!(ResourceName);

impl ResourceName {
    /// Whether it is one that device plugins make, of which there are only whole ones.
    pub fn is_extended(&self) -> bool {
        self.0.contains('/') && !self.0.contains("kubernetes.io/")
    }

    /// The size of its pages in bytes, where it stands for huge pages.
    pub fn page_size(&self) -> Option<u128> {
        page_size(&self.0)
    }

    /// Whether a container cannot use more than it asked for, so that request and limit must be equal.
    pub fn is_fixed(&self) -> bool {
        self.is_extended() || self.page_size().is_some()
    }
}

impl Scalar for ResourceName {
    const WHAT: &'static str = "a resource such as \"nvidia.com/gpu\"";
    const EXAMPLE: &'static str = "nvidia.com/gpu";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if matches!(text, "cpu" | "memory" | "ephemeral-storage") || page_size(text).is_some() {
            return Ok(Self(text.into()));
        }
        if text.starts_with(HUGE_PAGES) {
            return Err(Invalid::new(format!("{} does not name the size of a page", quote(text)))
                .at(0..text.len())
                .help("write it as in \"hugepages-2Mi\""));
        }
        if text.contains('/') {
            return check_extended(text).map(|()| Self(text.into()));
        }
        Err(Invalid::new(format!("{} is not a resource of a container", quote(text)))
            .at(0..text.len())
            .help("write cpu, memory, ephemeral-storage, hugepages-2Mi, or a device with its domain, as in \"nvidia.com/gpu\""))
    }
}

const HUGE_PAGES: &str = "hugepages-";

/// What the API server puts before a name to count it in quotas.
const QUOTA_PREFIX: &str = "requests.";

/// The longest domain, in characters: with [`QUOTA_PREFIX`] before it, it must be a DNS subdomain still.
const LONGEST_DOMAIN: usize = 253 - QUOTA_PREFIX.len();

fn page_size(text: &str) -> Option<u128> {
    Quantity::parse(text.strip_prefix(HUGE_PAGES)?).ok()?.whole().filter(|size| *size > 0)
}

fn check_extended(text: &str) -> Result<(), Invalid> {
    check_qualified(text, text, "the name of a resource")?;
    if let Some(rest) = text.strip_prefix(QUOTA_PREFIX).filter(|_| !text.contains("kubernetes.io/")) {
        return Err(Invalid::new(format!("{} begins as the names in quotas do", quote(text)))
            .at(0..QUOTA_PREFIX.len())
            .help(format!("write {}", literal(rest)))
            .replace_if(|rest| check_extended(rest).is_ok(), rest));
    }
    match text.find('/') {
        Some(slash) if slash > LONGEST_DOMAIN => {
            Err(Invalid::new(format!("the domain of {} has more than {LONGEST_DOMAIN} characters", quote(text)))
                .at(LONGEST_DOMAIN..slash)
                .help("shorten it"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{accepts, refuses, replacement};
    use super::*;

    #[test]
    fn names_are_those_that_the_server_takes() {
        accepts::<ResourceName>(&["cpu", "memory", "ephemeral-storage", "hugepages-2Mi", "hugepages-1Gi"]);
        accepts::<ResourceName>(&["nvidia.com/gpu", "a/b", "x.kubernetes.io/y", "smarter-devices/fuse"]);
        refuses::<ResourceName>(&["", "gpu", "storage", "pods", "CPU", "hugepages-", "hugepages-x", "hugepages-0"]);
        refuses::<ResourceName>(&["nvidia.com/", "/gpu", "a/b/c", "Nvidia.com/gpu", "requests.nvidia.com/gpu"]);
        refuses::<ResourceName>(&[&format!("{}/x", "a".repeat(245))]);
        assert_eq!(replacement::<ResourceName>("requests.nvidia.com/gpu").as_deref(), Some("nvidia.com/gpu"));
        assert_eq!(replacement::<ResourceName>("Nvidia.com/gpu").as_deref(), Some("nvidia.com/gpu"));
    }

    #[test]
    fn what_cannot_be_shared_is_fixed() {
        let fixed = |text: &str| ResourceName::parse(text).unwrap().is_fixed();
        assert!(fixed("nvidia.com/gpu") && fixed("hugepages-2Mi"));
        assert!(!fixed("cpu") && !fixed("memory") && !fixed("x.kubernetes.io/y"));
        assert_eq!(ResourceName::parse("hugepages-2Mi").unwrap().page_size(), Some(2 << 20));
    }
}
