//! Versions of images and of Kubernetes, and names of variables.

use super::{Bare, Invalid, Scalar};
use std::fmt;

/// A version as the tag of an image spells it: `16-alpine`, `8.0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(Box<str>);

impl Version {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number in front, such as 16 of `16-alpine`; none for `latest`.
    pub fn major(&self) -> Option<u32> {
        let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
        self.0[..digits].parse().ok()
    }
}

impl Scalar for Version {
    const WHAT: &'static str = "a version such as \"16-alpine\"";
    const EXAMPLE: &'static str = "16-alpine";

    fn parse(text: &str) -> Result<Self, Invalid> {
        // the grammar of tags: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
        let first = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let rest = |byte: u8| first(byte) || byte == b'.' || byte == b'-';
        let fits = text.len() <= 128 && text.bytes().next().is_some_and(first) && text.bytes().all(rest);
        if fits {
            return Ok(Self(text.into()));
        }
        Err(Invalid {
            title: format!("`{text}` is not a version"),
            help: Some("write the tag of the image, such as \"16-alpine\"; another image goes into `image`".into()),
            at: None,
            replacement: None,
        })
    }

    fn bare(bare: Bare) -> Option<Result<Box<str>, Invalid>> {
        match bare {
            Bare::Integer(_, text) | Bare::Float(text) => Some(Ok(text.into())),
            _ => None,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A minor version of Kubernetes, such as 1.34.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KubernetesVersion {
    /// The second number; the first is 1.
    pub minor: u8,
}

impl KubernetesVersion {
    /// The oldest that stowplan knows.
    pub const OLDEST: Self = Self { minor: 25 };
    /// The newest that stowplan knows.
    pub const NEWEST: Self = Self { minor: 37 };
    /// The one that is meant where nobody names one, as `profiles/base.toml` says it.
    pub const USUAL: Self = Self { minor: 34 };
}

impl Scalar for KubernetesVersion {
    const WHAT: &'static str = "a version of Kubernetes such as \"1.34\"";
    const EXAMPLE: &'static str = "1.34";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let minor = text.strip_prefix('v').unwrap_or(text).strip_prefix("1.").and_then(|rest| {
            let (minor, patch) = rest.split_once('.').map_or((rest, None), |(minor, patch)| (minor, Some(patch)));
            // `1.31.5+k3s1` is how a distribution calls its build.
            let digits = patch.map(|patch| patch.split(['+', '-']).next().unwrap_or_default());
            let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            minor.parse().ok().filter(|_| digits.is_none_or(is_number)).map(|minor| Self { minor })
        });
        minor.filter(|version| (Self::OLDEST..=Self::NEWEST).contains(version)).ok_or_else(|| Invalid {
            title: format!("`{text}` is not a version of Kubernetes that stowplan knows"),
            help: Some(format!("write one from \"{}\" to \"{}\"", Self::OLDEST, Self::NEWEST)),
            at: None,
            replacement: None,
        })
    }

    fn bare(bare: Bare) -> Option<Result<Box<str>, Invalid>> {
        match bare {
            Bare::Float(text) => Some(Ok(text.into())),
            _ => None,
        }
    }
}

impl fmt::Display for KubernetesVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "1.{}", self.minor)
    }
}

/// Versions of Kubernetes from one to another, both included, such as `1.31..1.37`; one alone is a range too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KubernetesRange {
    /// The first.
    pub oldest: KubernetesVersion,
    /// The last; it is not older than the first.
    pub newest: KubernetesVersion,
}

impl KubernetesRange {
    /// The versions, the oldest first.
    pub fn versions(self) -> impl Iterator<Item = KubernetesVersion> {
        (self.oldest.minor..=self.newest.minor).map(|minor| KubernetesVersion { minor })
    }
}

impl From<KubernetesVersion> for KubernetesRange {
    fn from(version: KubernetesVersion) -> Self {
        Self { oldest: version, newest: version }
    }
}

impl Scalar for KubernetesRange {
    const WHAT: &'static str = "versions of Kubernetes such as \"1.31..1.37\"";
    const EXAMPLE: &'static str = "1.31..1.37";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let (oldest, newest) = text.split_once("..").unwrap_or((text, text));
        let range = Self { oldest: KubernetesVersion::parse(oldest)?, newest: KubernetesVersion::parse(newest)? };
        if range.oldest <= range.newest {
            return Ok(range);
        }
        Err(Invalid::new(format!("`{text}` begins with the newer version"))
            .help(format!("write \"{}..{}\"", range.newest, range.oldest)))
    }
}

impl fmt::Display for KubernetesRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.oldest == self.newest {
            true => self.oldest.fmt(formatter),
            false => write!(formatter, "{}..{}", self.oldest, self.newest),
        }
    }
}

/// The name of a variable in `[vars]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableName(Box<str>);

impl VariableName {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Scalar for VariableName {
    const WHAT: &'static str = "a variable's name such as \"tag\"";
    const EXAMPLE: &'static str = "tag";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let first = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        if first && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-') {
            return Ok(Self(text.into()));
        }
        Err(Invalid {
            title: format!("`{text}` is not a name that `{{{{ vars.NAME }}}}` can hold"),
            help: Some("begin with a letter, and use letters, digits, `_` and `-`".into()),
            at: None,
            replacement: None,
        })
    }
}

impl fmt::Display for VariableName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_the_number_in_front() {
        assert_eq!(Version::parse("16-alpine").unwrap().major(), Some(16));
        assert_eq!(Version::parse("8.0").unwrap().major(), Some(8));
        assert_eq!(Version::parse("latest").unwrap().major(), None);
        assert!(Version::parse("postgres:16").is_err());
    }

    #[test]
    fn kubernetes_is_known_from_1_25_to_1_37() {
        assert_eq!(KubernetesVersion::parse("v1.34.2").unwrap().to_string(), "1.34");
        for text in ["1.24", "1.38", "2.0", "1", "34", ""] {
            assert!(KubernetesVersion::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_range_has_both_its_ends() {
        let range = |text| KubernetesRange::parse(text).map(|range| range.to_string()).map_err(|invalid| invalid.title);
        assert_eq!(range("1.31..1.33"), Ok("1.31..1.33".into()));
        assert_eq!(range("v1.31.4"), Ok("1.31".into()));
        assert_eq!(range("1.33..1.31"), Err("`1.33..1.31` begins with the newer version".into()));
        assert_eq!(range("1.31.."), Err("`` is not a version of Kubernetes that stowplan knows".into()));
        let minors = KubernetesRange::parse("1.31..1.33").unwrap().versions().map(|version| version.minor);
        assert_eq!(minors.collect::<Vec<_>>(), [31, 32, 33]);
    }
}
