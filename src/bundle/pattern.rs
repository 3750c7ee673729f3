//! Which objects are meant: `Deployment/web`, `svc/*`, `certificates.cert-manager.io/web`.

use super::{KindId, Object};
use crate::value::{Invalid, Scalar};
use std::fmt;

/// Objects by kind and name. The kind is its name, its plural or its short name as kubectl takes them, in any case, with
/// `.GROUP` where several groups have it. `*` stands for any kind, and for anything in a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectPattern {
    kind: Box<str>,
    name: Box<str>,
}

impl ObjectPattern {
    /// Whether an object is meant. The name of a Job is the one that the stack gives it, without the hash.
    pub fn matches(&self, object: &Object) -> bool {
        self.matches_kind(object) && is_like(&self.name, object.name())
    }

    /// Whether a sealed object is meant: a Job by its name with or without the hash.
    pub fn matches_sealed(&self, object: &Object) -> bool {
        self.matches(object) || self.matches_kind(object) && is_like(&self.name, object.stable_name())
    }

    /// Whether objects of this one's kind are meant.
    pub fn matches_kind(&self, object: &Object) -> bool {
        let (word, group) = match self.kind.split_once('.') {
            Some((word, group)) => (word, Some(group)),
            None => (&*self.kind, None),
        };
        let own_group = object.api_version().rsplit_once('/').map_or("", |(group, _)| group);
        let is_in_group = group.is_none_or(|group| group.eq_ignore_ascii_case(own_group));
        is_in_group && (word == "*" || names(object).any(|name| name.eq_ignore_ascii_case(word)))
    }

    /// Whether an object of this kind with this name is meant, which need not be at hand. `kind` is spelled as in `Deployment`.
    pub fn covers(&self, kind: &str, name: &str) -> bool {
        let word = self.kind.split('.').next().unwrap_or_default();
        let rows = KindId::all().map(KindId::row).filter(|row| row.kind == kind);
        let mut known = rows.flat_map(|row| [row.plural].into_iter().chain(row.short.iter().copied()));
        let is_of_kind =
            word == "*" || word.eq_ignore_ascii_case(kind) || known.any(|name| name.eq_ignore_ascii_case(word));
        is_of_kind && is_like(&self.name, name)
    }

    /// The kind as it was typed.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The name as it was typed.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// What the kind of an object is called; of one that is not known, the plural is the regular one.
fn names(object: &Object) -> impl Iterator<Item = String> {
    let (kind, row) = (object.kind_name(), object.kind.row());
    let plural = if row.plural.is_empty() { format!("{kind}s") } else { row.plural.to_owned() };
    [kind.to_owned(), plural].into_iter().chain(row.short.iter().map(|short| (*short).to_owned()))
}

/// Whether a text is like a pattern, in which `*` stands for any characters.
fn is_like(pattern: &str, text: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut rest) = text.strip_prefix(before) else { return false };
    let mut parts = after.split('*');
    let last = parts.next_back().unwrap_or_default();
    for part in parts {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

impl fmt::Display for ObjectPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.kind, self.name)
    }
}

impl Scalar for ObjectPattern {
    const WHAT: &'static str = "a kind and a name such as \"Deployment/web\"";
    const EXAMPLE: &'static str = "Deployment/web";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let wrong = |reason: &str| Invalid::new(format!("`{text}` names no objects: {reason}"));
        let kind_is_right =
            |kind: &str| kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"*.-".contains(&byte));
        match text.split_once('/') {
            None if text.is_empty() => Err(wrong("it is empty").help(format!("write {}", Self::WHAT))),
            None => Err(wrong("the kind is missing").help(format!(
                "write KIND/NAME, as in \"Deployment/{text}\"; \"*/{text}\" means the objects of every kind with this name"
            ))),
            Some((_, "")) => Err(wrong("the name is missing").help(format!("write \"{text}*\" for all of them"))),
            Some((kind, name)) if kind.is_empty() || !kind_is_right(kind) || name.contains(['/', ' ']) => {
                Err(wrong("it is not KIND/NAME").help(
                    "write the kind without its version, as in \"Deployment/web\", or with its group, \"deployments.apps/web\"",
                ))
            }
            Some((kind, name)) => Ok(Self { kind: kind.into(), name: name.into() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::{Field, FieldValue, Identity};
    use crate::document::OriginId;

    fn object(api_version: &str, kind: &str, name: &str) -> Object {
        let text = |text: &str| Field::text(text, OriginId(0));
        let map = |entries: Vec<(&'static str, Field)>| {
            let entries = entries.into_iter().map(|(key, value)| (key.into(), value)).collect();
            Field::new(FieldValue::Map(entries), OriginId(0))
        };
        let root = map(vec![
            ("apiVersion", text(api_version)),
            ("kind", text(kind)),
            ("metadata", map(vec![("name", text(name))])),
        ]);
        Object::from_field(Identity::new("x", "workload"), root)
    }

    fn matches(pattern: &str, object: &Object) -> bool {
        ObjectPattern::parse(pattern).unwrap().matches(object)
    }

    #[test]
    fn kinds_are_named_as_kubectl_takes_them() {
        let web = object("apps/v1", "Deployment", "web");
        for kind in
            ["Deployment", "deployment", "deployments", "deploy", "DEPLOY", "deployments.apps", "Deployment.apps", "*"]
        {
            assert!(matches(&format!("{kind}/web"), &web), "{kind}");
        }
        for kind in ["Deploymen", "deployments.batch", "dep", "svc"] {
            assert!(!matches(&format!("{kind}/web"), &web), "{kind}");
        }
        let widget = object("example.com/v1", "Widget", "web");
        assert!(matches("widgets.example.com/web", &widget) && matches("widget/web", &widget));
    }

    #[test]
    fn a_sealed_job_has_two_names() {
        let job = object("batch/v1", "Job", "migrate-8e4c8d54");
        let pattern = |text: &str| ObjectPattern::parse(text).unwrap();
        assert!(pattern("job/migrate").matches_sealed(&job) && pattern("job/migrate-8e4c8d54").matches_sealed(&job));
        assert!(!pattern("job/migrate").matches(&job) && !pattern("deploy/migrate").matches_sealed(&job));
    }

    #[test]
    fn a_star_stands_for_anything_in_a_name() {
        let object = |name| object("v1", "Service", name);
        for pattern in ["*", "a-*", "*-b", "a*b", "*a*b*", "a-x-b", "**"] {
            assert!(matches(&format!("svc/{pattern}"), &object("a-x-b")), "{pattern}");
        }
        for pattern in ["b*", "*a", "a*c", "a-x", "a-x-b-*", "*x*x*"] {
            assert!(!matches(&format!("svc/{pattern}"), &object("a-x-b")), "{pattern}");
        }
        assert!(!matches("svc/ab*ba", &object("aba")));
    }

    #[test]
    fn what_names_no_objects_is_refused() {
        for text in ["", "web", "Deployment/", "/web", "apps/v1/Deployment/web", "my kind/web", "Deployment/my web"] {
            assert!(ObjectPattern::parse(text).is_err(), "{text}");
        }
        let invalid = ObjectPattern::parse("web").unwrap_err();
        assert!(invalid.help.unwrap().starts_with("write KIND/NAME, as in \"Deployment/web\""));
    }
}
