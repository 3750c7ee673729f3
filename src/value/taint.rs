//! Taints of nodes, as `kubectl taint` spells them.

use super::label::check_qualified;
use super::{Invalid, LabelName, LabelValue, Scalar, literal, nearest, place, quote};
use std::fmt;
use std::ops::Range;

/// What a node does with Pods that do not tolerate its taint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaintEffect {
    /// It takes no new ones.
    NoSchedule,
    /// It takes new ones only where no other node does.
    PreferNoSchedule,
    /// It takes no new ones and sends those away that it has.
    NoExecute,
}

impl TaintEffect {
    const ALL: [Self; 3] = [Self::NoSchedule, Self::PreferNoSchedule, Self::NoExecute];

    /// As Kubernetes spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoSchedule => "NoSchedule",
            Self::PreferNoSchedule => "PreferNoSchedule",
            Self::NoExecute => "NoExecute",
        }
    }
}

impl fmt::Display for TaintEffect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl Scalar for TaintEffect {
    const WHAT: &'static str = "an effect such as \"NoSchedule\"";
    const EXAMPLE: &'static str = "NoSchedule";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if let Some(effect) = Self::ALL.into_iter().find(|effect| effect.as_str() == text) {
            return Ok(effect);
        }
        let invalid = Invalid::new(format!("{} is not an effect of a taint", quote(text)))
            .at(0..text.len())
            .help("write one of \"NoSchedule\", \"PreferNoSchedule\", \"NoExecute\"");
        Err(match nearest(text, Self::ALL.into_iter().map(Self::as_str)) {
            Some(near) => invalid.replace_by(near),
            None => invalid,
        })
    }
}

/// A taint, or several: `KEY=VALUE:EFFECT`, of which value and effect may be left out; `*` is every key.
///
/// What is left out stands for any.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Taint {
    /// The key; every key where it is none.
    pub key: Option<LabelName>,
    /// The value; every value where it is none.
    pub value: Option<LabelValue>,
    /// The effect; every effect where it is none.
    pub effect: Option<TaintEffect>,
}

impl fmt::Display for Taint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.key.as_ref().map_or("*", LabelName::as_str))?;
        if let Some(value) = &self.value {
            write!(formatter, "={value}")?;
        }
        match self.effect {
            Some(effect) => write!(formatter, ":{effect}"),
            None => Ok(()),
        }
    }
}

impl Scalar for Taint {
    const WHAT: &'static str = "a taint such as \"dedicated=db:NoSchedule\"";
    const EXAMPLE: &'static str = "dedicated=db:NoSchedule";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let (matched, effect) = split(text, ':');
        let (key, value) = split(matched, '=');
        let effect = effect.map(|effect| read(text, effect)).transpose()?;
        let value: Option<LabelValue> = value.map(|value| read(text, value)).transpose()?;
        if key == "*" {
            return match value {
                Some(_) => Err(Invalid::new(format!("{} gives a value to `*`, which is every key", quote(text)))
                    .at(0..1)
                    .help(format!("write the key in place of `*`, as in {}", literal(Self::EXAMPLE)))),
                None => Ok(Self { key: None, value: None, effect }),
            };
        }
        if key.is_empty() {
            return Err(Invalid::new(format!("{} is not a taint: it has no key", quote(text)))
                .at(0..text.len())
                .help(format!("write it as in {}; \"*\" is every taint", literal(Self::EXAMPLE))));
        }
        let key = place(key, text);
        check_qualified(&text[key.clone()], &text[key.clone()], "the key of a taint")
            .map_err(|invalid| of_whole(text, key.clone(), invalid))?;
        Ok(Self { key: Some(read(text, &text[key])?), value, effect })
    }
}

fn split(text: &str, separator: char) -> (&str, Option<&str>) {
    text.split_once(separator).map_or((text, None), |(before, behind)| (before, Some(behind)))
}

/// Reads a part of a taint; what is wrong with it is told of the whole text.
fn read<T: Scalar>(text: &str, part: &str) -> Result<T, Invalid> {
    T::parse(part).map_err(|invalid| of_whole(text, place(part, text), invalid))
}

fn of_whole(text: &str, part: Range<usize>, invalid: Invalid) -> Invalid {
    let at = invalid.at.map_or(0..text.len(), |at| at.start + part.start..at.end + part.start);
    let title = format!("{} is not a taint: {}", quote(text), invalid.title);
    let whole = Invalid { title, help: invalid.help, at: None, replacement: None }.at(at);
    match invalid.replacement {
        Some(mended) => {
            let mended = format!("{}{mended}{}", &text[..part.start], &text[part.end..]);
            whole.replace_if(|text| Taint::parse(text).is_ok(), mended)
        }
        None => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{accepts, refuses, replacement};
    use super::*;

    fn parts(text: &str) -> (Option<String>, Option<String>, Option<&'static str>) {
        let taint = Taint::parse(text).unwrap();
        (
            taint.key.map(|key| key.to_string()),
            taint.value.map(|value| value.to_string()),
            taint.effect.map(TaintEffect::as_str),
        )
    }

    #[test]
    fn taints_are_spelled_as_kubectl_spells_them() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(parts("gpu"), (some("gpu"), None, None));
        assert_eq!(parts("dedicated=db"), (some("dedicated"), some("db"), None));
        assert_eq!(parts("dedicated=db:NoSchedule"), (some("dedicated"), some("db"), Some("NoSchedule")));
        assert_eq!(parts("dedicated=:NoSchedule"), (some("dedicated"), some(""), Some("NoSchedule")));
        assert_eq!(parts("node.kubernetes.io/not-ready:NoExecute").2, Some("NoExecute"));
        assert_eq!(parts("*"), (None, None, None));
        assert_eq!(parts("*:PreferNoSchedule"), (None, None, Some("PreferNoSchedule")));
    }

    #[test]
    fn what_is_no_taint_is_refused_at_its_place() {
        accepts::<Taint>(&["a/b", "A=B_c.d"]);
        refuses::<Taint>(&["", ":NoSchedule", "=x", "a:", "a:NoSchedule-", "a b", "*=x", "a=b=c", "a:NoSchedule:x"]);
        let invalid = Taint::parse("dedicated=d b:NoSchedule").unwrap_err();
        assert_eq!(invalid.at, Some(11..12));
        assert_eq!(replacement::<Taint>("gpu:noschedule").as_deref(), Some("gpu:NoSchedule"));
        assert_eq!(replacement::<Taint>("gpu=a:NoExecut").as_deref(), Some("gpu=a:NoExecute"));
        assert_eq!(replacement::<TaintEffect>("no-execute").as_deref(), Some("NoExecute"));
        assert!(TaintEffect::parse("Evict").unwrap_err().help.unwrap().contains("NoExecute"));
    }
}
