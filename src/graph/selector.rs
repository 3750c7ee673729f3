//! Pods by their labels: what a selector asks for.

use crate::bundle::At;
use std::fmt;

/// What labels must be like. One that asks for nothing means every Pod.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Selector<'a> {
    /// Labels that must be there with these values.
    pub labels: Vec<(&'a str, &'a str)>,
    /// What else is asked.
    pub expressions: Vec<Expression<'a>>,
}

/// One entry of `matchExpressions`.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression<'a> {
    /// The label.
    pub key: &'a str,
    /// What it must be like.
    pub operator: Operator,
    /// The values that are named.
    pub values: Vec<&'a str>,
}

/// How an expression asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// The label has one of the values.
    In,
    /// The label is missing, or has none of the values.
    NotIn,
    /// The label is there.
    Exists,
    /// The label is missing.
    DoesNotExist,
}

impl<'a> Selector<'a> {
    /// A map of labels, as a Service has it.
    pub fn of_labels(at: &At<'_, 'a>) -> Self {
        let labels = at.field().map_or(&[][..], |field| field.entries());
        let labels = labels.iter().map(|(key, value)| (&**key, value.as_str().unwrap_or_default()));
        Self { labels: labels.collect(), expressions: Vec::new() }
    }

    /// A map with `matchLabels` and `matchExpressions`, as most kinds have it.
    pub fn of(at: &At<'_, 'a>) -> Self {
        let expressions = at.key("matchExpressions").items().filter_map(|at| expression(&at)).collect();
        Self { expressions, ..Self::of_labels(&at.key("matchLabels")) }
    }

    /// Whether it asks for nothing, so that every Pod is meant.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.expressions.is_empty()
    }

    /// Whether labels are as it asks. `has` says whether a label has a value, or, without one, whether it is there.
    pub fn accepts(&self, has: impl Fn(&str, Option<&str>) -> bool) -> bool {
        let any = |expression: &Expression| expression.values.iter().any(|value| has(expression.key, Some(value)));
        self.labels.iter().all(|(key, value)| has(key, Some(value)))
            && self.expressions.iter().all(|expression| match expression.operator {
                Operator::In => any(expression),
                Operator::NotIn => !any(expression),
                Operator::Exists => has(expression.key, None),
                Operator::DoesNotExist => !has(expression.key, None),
            })
    }
}

fn expression<'a>(at: &At<'_, 'a>) -> Option<Expression<'a>> {
    let operator = match at.key("operator").text() {
        "In" => Operator::In,
        "NotIn" => Operator::NotIn,
        "Exists" => Operator::Exists,
        "DoesNotExist" => Operator::DoesNotExist,
        // the server refuses the object
        _ => return None,
    };
    let values = at.key("values").items().map(|value| value.text()).collect();
    Some(Expression { key: at.key("key").text(), operator, values })
}

/// As kubectl takes it: `app=web,tier in (a,b),!canary`.
impl fmt::Display for Selector<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels = self.labels.iter().map(|(key, value)| format!("{key}={value}"));
        let expressions = self.expressions.iter().map(|Expression { key, operator, values }| match operator {
            Operator::In => format!("{key} in ({})", values.join(",")),
            Operator::NotIn => format!("{key} notin ({})", values.join(",")),
            Operator::Exists => (*key).to_owned(),
            Operator::DoesNotExist => format!("!{key}"),
        });
        formatter.write_str(&labels.chain(expressions).collect::<Vec<_>>().join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operator_asks_as_the_server_does() {
        let has = |key: &str, value: Option<&str>| match key {
            "app" => value.is_none_or(|value| value == "web"),
            _ => false,
        };
        let asks = |key, operator, values: &[&'static str]| {
            let expression = Expression { key, operator, values: values.to_vec() };
            Selector { labels: Vec::new(), expressions: vec![expression] }.accepts(has)
        };
        assert!(asks("app", Operator::In, &["api", "web"]) && !asks("app", Operator::In, &["api"]));
        assert!(!asks("app", Operator::NotIn, &["web"]) && asks("app", Operator::NotIn, &["api"]));
        assert!(asks("tier", Operator::NotIn, &["web"]), "a missing label is none of the values");
        assert!(asks("app", Operator::Exists, &[]) && !asks("tier", Operator::Exists, &[]));
        assert!(asks("tier", Operator::DoesNotExist, &[]) && !asks("app", Operator::DoesNotExist, &[]));
        assert!(Selector::default().accepts(has), "nothing asked is everything");
    }
}
