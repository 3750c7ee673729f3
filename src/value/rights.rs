//! What rules of rights are made of: API groups, paths, resources, verbs.

use super::{Invalid, Pattern, Scalar, Subdomain, is_lower_alphanumeric, literal, quote, text_scalar};

/// An API group as rules name it: empty for the core group, `*` for every group, else a DNS subdomain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiGroup(Box<str>);
text_scalar!(ApiGroup);

impl Scalar for ApiGroup {
    const WHAT: &'static str = "an API group such as \"apps\"";
    const EXAMPLE: &'static str = "apps";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if matches!(text, "resources" | "verbs" | "names") {
            return Err(Invalid::new(format!(
                "{} is a key of a rule, and a rule stands below its API group",
                quote(text)
            ))
            .at(0..text.len())
            .help("write `access.\"\" = { resources = [\"pods\"], verbs = [\"get\"] }`: \"\" is the group of Pods"));
        }
        if is_group(text) {
            return Ok(Self(text.into()));
        }
        if text.starts_with('/') {
            return Err(Invalid::new(format!("{} is a path, and paths belong to the whole cluster", quote(text)))
                .at(0..text.len())
                .help(format!("write it below `cluster-access`: `cluster-access.{} = …`", literal(text))));
        }
        if is_core(text) {
            return Err(Invalid::new(format!("{} is not the name of a group", quote(text)))
                .at(0..text.len())
                .help("write \"\" for the group of Pods, Services and Secrets")
                .replace_by(""));
        }
        if let Some((group, _)) = text.split_once('/') {
            return Err(Invalid::new(format!("{} is a group with its version", quote(text)))
                .at(group.len()..text.len())
                .help("write the group alone, as in \"apps\"")
                .replace_if(is_group, group));
        }
        Err(GROUP.refuse(text).replace_if(is_group, text.to_ascii_lowercase()))
    }
}

/// What a rule for the whole cluster is about: an API group, or a path of the API server such as `/metrics`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiScope(Box<str>);
text_scalar!(ApiScope);

impl ApiScope {
    /// Whether it is a path and no group.
    pub fn is_path(&self) -> bool {
        self.0.starts_with('/')
    }
}

impl Scalar for ApiScope {
    const WHAT: &'static str = "an API group or a path such as \"/metrics\"";
    const EXAMPLE: &'static str = "/metrics";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if !text.starts_with('/') {
            return ApiGroup::parse(text).map(|group| Self(group.0));
        }
        if let Some(blank) = text.find(|character: char| character.is_whitespace() || character.is_control()) {
            let end = blank + text[blank..].chars().next().map_or(1, char::len_utf8);
            return Err(Invalid::new(format!("{} is not a path: it has a blank in it", quote(text)))
                .at(blank..end)
                .help("write it as in \"/metrics\""));
        }
        match text.find('*').filter(|star| star + 1 < text.len()) {
            Some(star) => Err(Invalid::new(format!("{} is not a path: a `*` stands only at its end", quote(text)))
                .at(star..star + 1)
                .help("write it as in \"/healthz/*\"")),
            None => Ok(Self(text.into())),
        }
    }
}

/// A resource as rules name it: a plural such as `pods`, with a subresource such as `pods/log`, or with `*` for all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiResource(Box<str>);
text_scalar!(ApiResource);

impl ApiResource {
    /// The resource without its subresource.
    pub fn base(&self) -> &str {
        self.0.split('/').next().unwrap_or(&self.0)
    }
}

const RESOURCE: Pattern = Pattern {
    what: "a resource of the Kubernetes API",
    characters: "a-z, 0-9, `-`, `.`, `/` and `*`",
    allowed: |byte| is_lower_alphanumeric(byte) || matches!(byte, b'-' | b'.' | b'/' | b'*'),
    first: (|byte| is_lower_alphanumeric(byte) || byte == b'*', "a letter or `*`"),
    last: (|byte| is_lower_alphanumeric(byte) || byte == b'*', "a letter or `*`"),
    maximum: 253,
    example: ApiResource::EXAMPLE,
};

impl Scalar for ApiResource {
    const WHAT: &'static str = "a resource such as \"pods\"";
    const EXAMPLE: &'static str = "pods";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if RESOURCE.accepts(text) {
            return Ok(Self(text.into()));
        }
        Err(RESOURCE.refuse(text).replace_if(|text| RESOURCE.accepts(text), text.to_ascii_lowercase()))
    }
}

/// A verb as rules name it: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, others, or `*` for all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Verb(Box<str>);
text_scalar!(Verb);

const VERB: Pattern = Pattern {
    what: "a verb of the Kubernetes API",
    characters: "a-z, 0-9, `-`, `.`, `:`, `/` and `*`",
    allowed: |byte| is_lower_alphanumeric(byte) || matches!(byte, b'-' | b'.' | b':' | b'/' | b'*'),
    example: Verb::EXAMPLE,
    ..RESOURCE
};

impl Scalar for Verb {
    const WHAT: &'static str = "a verb such as \"get\"";
    const EXAMPLE: &'static str = "get";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if VERB.accepts(text) {
            return Ok(Self(text.into()));
        }
        Err(VERB.refuse(text).replace_if(|text| VERB.accepts(text), text.to_ascii_lowercase()))
    }
}

const GROUP: Subdomain = Subdomain::new("an API group", ApiGroup::EXAMPLE, 253);

fn is_group(text: &str) -> bool {
    matches!(text, "" | "*") || (GROUP.accepts(text) && !is_core(text))
}

/// Words for the core group, whose name is empty: as names of groups they would match nothing.
fn is_core(text: &str) -> bool {
    matches!(text, "core" | "v1" | "core/v1")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{accepts, refuses, replacement};
    use super::*;

    #[test]
    fn groups_have_no_version() {
        accepts::<ApiGroup>(&["", "*", "apps", "rbac.authorization.k8s.io"]);
        refuses::<ApiGroup>(&[
            "resources",
            "verbs",
            "names",
            "core",
            "v1",
            "apps/v1",
            "Apps",
            "/metrics",
            "a b",
            "core/v1",
        ]);
        for (slip, meant) in [("core", ""), ("v1", ""), ("core/v1", ""), ("batch/v1", "batch"), ("Apps", "apps")] {
            assert_eq!(replacement::<ApiGroup>(slip).as_deref(), Some(meant), "{slip}");
        }
        assert!(ApiGroup::parse("/metrics").unwrap_err().help.unwrap().contains("cluster-access.\"/metrics\""));
    }

    #[test]
    fn scopes_are_groups_or_paths() {
        accepts::<ApiScope>(&["", "apps", "/metrics", "/healthz/*", "/"]);
        refuses::<ApiScope>(&["core", "/a b", "/*/x", "apps/v1"]);
        assert!(ApiScope::parse("/metrics").unwrap().is_path());
        assert!(!ApiScope::parse("").unwrap().is_path());
    }

    #[test]
    fn resources_and_verbs_are_lower_case() {
        accepts::<ApiResource>(&["pods", "pods/log", "*", "*/scale", "deployments"]);
        refuses::<ApiResource>(&["", "Pods", "pods/", "my pods", "pods,secrets"]);
        accepts::<Verb>(&["get", "*", "deletecollection", "impersonate:user-info"]);
        refuses::<Verb>(&["", "Get", "get,list", "get list"]);
        assert_eq!(replacement::<Verb>("Get").as_deref(), Some("get"));
        assert_eq!(replacement::<ApiResource>("Pods").as_deref(), Some("pods"));
        assert_eq!(ApiResource::parse("pods/log").unwrap().base(), "pods");
    }
}
