//! The taints of nodes that Pods tolerate.

use crate::bundle::{Traced, traced};
use crate::component::world::text;
use crate::diagnostic::Diagnostic;
use crate::document::{Node, OriginId, Value};
use crate::shape::{Decoder, Kind, Leaf, Shape, Written};
use crate::value::{Duration, LabelName, LabelValue, Taint, TaintEffect};
use crate::{table, traced, words};
use k8s_openapi::api::core::v1 as core;

words! {
    /// How the value of a taint is compared.
    pub enum Operator("an operator of a toleration") {
        /// Any value is tolerated.
        Exists = "Exists",
        /// The value of the taint is the one that is written.
        Equal = "Equal",
    }
}

table! {
    /// Taints of nodes that the Pods tolerate. What is left out stands for any.
    pub struct TolerationTable("toleration") {
        /// The key of the taint; every key where it is left out.
        key: Option<Written<LabelName>>,
        /// `Exists`, where any value is meant, or `Equal`; it follows from `value`, and need not be written.
        operator: Option<Written<Operator>>,
        /// Its value; every value where it is left out.
        value: Option<Written<LabelValue>>,
        /// Its effect: `NoSchedule`, `PreferNoSchedule` or `NoExecute`; every effect where it is left out.
        effect: Option<Written<TaintEffect>>,
        /// How long a Pod stays on a node that gets the taint with the effect `NoExecute`; for ever where it is left out.
        seconds: Option<Written<Duration>>,
    }
    validate check_toleration;
}

/// One entry of `tolerations`: `"dedicated=db:NoSchedule"`, or a table.
#[derive(Debug, Clone)]
pub struct Toleration {
    key: Option<Written<LabelName>>,
    value: Option<Written<LabelValue>>,
    effect: Option<Written<TaintEffect>>,
    seconds: Option<Written<Duration>>,
    /// Where it stands.
    pub origin: OriginId,
}

impl Shape for Toleration {
    const KIND: &'static Kind = &Kind::OneOf(&[<Taint as Leaf>::KIND, <TolerationTable as Shape>::KIND]);

    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        if let Value::Table(_) = &node.value {
            let TolerationTable { key, value, effect, seconds, origin, .. } = TolerationTable::decode(node, decoder)?;
            return Some(Self { key, value, effect, seconds, origin });
        }
        let Written { value: taint, origin } = Written::<Taint>::decode(node, decoder)?;
        Some(Self {
            key: taint.key.map(|value| Written { value, origin }),
            value: taint.value.map(|value| Written { value, origin }),
            effect: taint.effect.map(|value| Written { value, origin }),
            seconds: None,
            origin,
        })
    }
}

/// The tolerations of a Pod.
pub fn lower_tolerations(tolerations: &[Toleration]) -> Vec<Traced<core::Toleration>> {
    let lower = |toleration: &Toleration| {
        let operator = match &toleration.value {
            Some(value) => traced("Equal".to_owned(), value.origin),
            None => traced("Exists".to_owned(), toleration.origin),
        };
        traced!(
            toleration.origin,
            core::Toleration {
                key: toleration.key.as_ref().map(text),
                operator: operator,
                value: toleration.value.as_ref().map(text),
                effect: toleration.effect.as_ref().map(text),
                toleration_seconds: toleration.seconds.map(|time| traced(time.value.seconds(), time.origin)),
            }
        )
    };
    tolerations.iter().map(lower).collect()
}

fn check_toleration(toleration: &TolerationTable, decoder: &mut Decoder) {
    check_operator(toleration, decoder);
    if let (None, Some(value)) = (&toleration.key, &toleration.value)
        && !decoder.is_doubtful(&["key"])
    {
        let diagnostic =
            Diagnostic::error("missing-key", format!("this toleration has the value `{}` and no `key`", value.value))
                .at(decoder.span(value.origin), "a taint is a key with a value")
                .help("add `key = \"KEY\"`, or remove `value`");
        decoder.report.push(diagnostic);
    }
    let stays = toleration.effect.is_some_and(|effect| effect.value == TaintEffect::NoExecute);
    if let Some(seconds) = toleration.seconds.filter(|_| !stays && !decoder.is_doubtful(&["effect"])) {
        let diagnostic = Diagnostic::error(
            "seconds-without-effect",
            "`seconds` needs the effect `NoExecute`: no other one sends Pods away",
        )
        .at(decoder.key_span(seconds.origin), "");
        let diagnostic = match toleration.effect {
            Some(effect) => diagnostic.at(decoder.span(effect.origin), "the effect"),
            None => diagnostic,
        };
        decoder.report.push(diagnostic.help("write `effect = \"NoExecute\"`, or remove `seconds`"));
    }
}

fn check_operator(toleration: &TolerationTable, decoder: &mut Decoder) {
    let Some(operator) = toleration.operator.filter(|_| !decoder.is_doubtful(&["value"])) else { return };
    let (title, help) = match (operator.value, &toleration.value) {
        (Operator::Exists, Some(_)) => ("`Exists` takes no value", "remove `value`, or write `operator = \"Equal\"`"),
        (Operator::Equal, None) => {
            ("`Equal` needs a value", "add `value = \"VALUE\"`, or write `operator = \"Exists\"`")
        }
        _ => return,
    };
    let diagnostic = Diagnostic::error("operator-and-value", title).at(decoder.span(operator.origin), "");
    let diagnostic = match &toleration.value {
        Some(value) => diagnostic.at(decoder.span(value.origin), "the value"),
        None => diagnostic,
    };
    decoder.report.push(diagnostic.help(help));
}
