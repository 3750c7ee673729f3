//! What classes are made of: provisioners of disks, controllers of routes, their parameters.

use super::label::check_qualified;
use super::{Invalid, Pattern, Scalar, Subdomain, is_alphanumeric, quote, text_scalar};

/// Name of a provisioner of disks: a qualified name of the Kubernetes API in which upper case is allowed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Provisioner(Box<str>);
text_scalar!(Provisioner);

impl Scalar for Provisioner {
    const WHAT: &'static str = "a provisioner such as \"ebs.csi.aws.com\"";
    const EXAMPLE: &'static str = "ebs.csi.aws.com";

    fn parse(text: &str) -> Result<Self, Invalid> {
        check_qualified(text, &text.to_ascii_lowercase(), "the name of a provisioner").map(|()| Self(text.into()))
    }
}

/// Name of the controller of an IngressClass or a GatewayClass: a domain, `/`, and a path, at most 250 characters.
///
/// This is the domain-prefixed path of the Kubernetes API reference; the Gateway API asks for the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Controller(Box<str>);
text_scalar!(Controller);

/// In bytes: `maxLenIngressClassController` of the Kubernetes API server.
const LONGEST: usize = 250;

impl Scalar for Controller {
    const WHAT: &'static str = "a controller such as \"k8s.io/ingress-nginx\"";
    const EXAMPLE: &'static str = "k8s.io/ingress-nginx";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let value = quote(text);
        let Some((domain, path)) = text.split_once('/').filter(|(_, path)| !path.is_empty()) else {
            return Err(Invalid::new(format!(
                "{value} is not the name of a controller, which is a domain, `/` and a path"
            ))
            .at(0..text.len())
            .help("write it as its documentation does, as in \"k8s.io/ingress-nginx\""));
        };
        let rules = Subdomain::new("a domain", "example.com", 253);
        if !rules.accepts(domain) {
            let invalid = rules.refuse(domain);
            let at = invalid.at.clone().unwrap_or(0..text.len());
            return Err(Invalid { title: format!("{value} is not a controller: {}", invalid.title), ..invalid }.at(at));
        }
        if let Some((at, strange)) = path.char_indices().find(|(_, character)| !is_path_character(*character)) {
            let start = domain.len() + 1 + at;
            return Err(Invalid::new(format!(
                "{value} is not a controller: {} has no place in it",
                quote(&strange.to_string())
            ))
            .at(start..start + strange.len_utf8())
            .help("write it as its documentation does, as in \"k8s.io/ingress-nginx\""));
        }
        if text.len() > LONGEST {
            return Err(Invalid::new(format!("{value} has {} characters, {LONGEST} are allowed", text.len()))
                .at(LONGEST..text.len())
                .help(format!("shorten it by {}", text.len() - LONGEST)));
        }
        Ok(Self(text.into()))
    }
}

/// Name of a parameter of a StorageClass, which the provisioner reads: any text without blanks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParameterName(Box<str>);
text_scalar!(ParameterName);

impl Scalar for ParameterName {
    const WHAT: &'static str = "the name of a parameter such as \"type\"";
    const EXAMPLE: &'static str = "type";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let is_strange = |character: &char| character.is_whitespace() || character.is_control();
        match text.char_indices().find(|(_, character)| is_strange(character)) {
            Some((at, strange)) => Err(Invalid::new(format!("{} has a blank in it", quote(text)))
                .at(at..at + strange.len_utf8())
                .help("write the name as the documentation of the provisioner does")),
            None if text.is_empty() => Err(Invalid::new("an empty text is not the name of a parameter")
                .help("write the name as the documentation of the provisioner does")),
            None => Ok(Self(text.into())),
        }
    }
}

/// Name of a kind of object: letters and digits, the first one a capital.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindName(Box<str>);
text_scalar!(KindName);

const KIND_NAME: Pattern = Pattern {
    what: "the name of a kind",
    characters: "letters and digits",
    allowed: is_alphanumeric,
    first: (|byte| byte.is_ascii_uppercase(), "a capital letter"),
    last: (is_alphanumeric, "a letter or a digit"),
    maximum: 63,
    example: KindName::EXAMPLE,
};

impl Scalar for KindName {
    const WHAT: &'static str = "the name of a kind such as \"IngressClassParams\"";
    const EXAMPLE: &'static str = "IngressClassParams";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if KIND_NAME.accepts(text) { Ok(Self(text.into())) } else { Err(KIND_NAME.refuse(text)) }
    }
}

fn is_path_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "/-._~%!$&'()*+,;=:".contains(character)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{accepts, refuses};
    use super::*;

    #[test]
    fn provisioners_are_qualified_names() {
        accepts::<Provisioner>(&["ebs.csi.aws.com", "kubernetes.io/no-provisioner", "rancher.io/local-path", "A.b/C"]);
        refuses::<Provisioner>(&["", "a/b/c", "a b", "/x"]);
    }

    #[test]
    fn parameters_have_names_and_kinds_are_capitalized() {
        accepts::<ParameterName>(&["type", "csi.storage.k8s.io/fstype", "tagSpecification_1"]);
        refuses::<ParameterName>(&["", "a b", "a\n"]);
        accepts::<KindName>(&["ConfigMap", "X1"]);
        refuses::<KindName>(&["", "configMap", "A/b", "A-b"]);
    }

    #[test]
    fn controllers_are_domains_with_paths() {
        accepts::<Controller>(&["k8s.io/ingress-nginx", "traefik.io/ingress-controller", "a.b/c/d:e"]);
        refuses::<Controller>(&[
            "",
            "nginx",
            "/nginx",
            "acme.io/",
            "A.io/x",
            "a.io/x y",
            &format!("a/{}", "x".repeat(249)),
        ]);
        assert_eq!(Controller::parse("a.io/x y").unwrap_err().at, Some(6..7));
    }
}
