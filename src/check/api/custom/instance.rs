//! A value of a custom kind, held against its schema as the API server holds it.

use super::format;
use super::schema::{Additional, Bounds, Edge, ListType, Schema, Sizes, Type, number};
use crate::bundle::FieldValue;
use crate::check::{At, Checker, Finding, Part, Reason, Verdict, api_rules, repeated};
use crate::value::{nearest, quote};

api_rules! {
    /// An object of a custom kind has only fields that its definition names.
    CR_001 = "CR-001";
    /// A field of a custom kind has the type that its definition says.
    CR_002 = "CR-002";
    /// A field that the definition requires is there.
    CR_003 = "CR-003";
    /// A value is one of those that the definition lists.
    CR_004 = "CR-004";
    /// A number is within the bounds of the definition.
    CR_005 = "CR-005";
    /// A text has as many characters as the definition allows.
    CR_006 = "CR-006";
    /// A text has the pattern or format of the definition.
    CR_007 = "CR-007";
    /// A list or map has as many entries as the definition allows.
    CR_008 = "CR-008";
    /// The entries of a list differ where the definition tells them apart.
    CR_009 = "CR-009";
    /// Of alternatives in a definition as many hold as it asks for.
    CR_010 = "CR-010";
}

/// Names that a message lists, at most.
const LISTED: usize = 8;

/// Says what a value breaks of its schema.
pub fn instance(at: &At, schema: &Schema, checker: &mut Checker) {
    let Some(field) = at.field() else {
        if schema.drops_null() && !schema.types.is_empty() {
            let title = format!("the entry is null where {} is wanted", describe(&schema.types));
            checker.refuse(at, &CR_002, Reason::TypeInvalid, title, "remove the entry, or write its value");
        } else if !schema.choices.is_empty() && !schema.choices.iter().any(|choice| matches!(choice, FieldValue::Null))
        {
            choose(at, &schema.choices, checker);
        }
        return;
    };
    if !schema.types.is_empty() && !schema.types.iter().any(|wanted| is_of(&field.value, *wanted)) {
        refuse_type(at, schema, checker);
        return;
    }
    conditions(at, schema, checker);
    match &field.value {
        FieldValue::String(text) => self::text(at, text, &schema.bounds, checker),
        FieldValue::Integer(_) | FieldValue::Float(_) => range(at, &schema.bounds, checker),
        FieldValue::List(_) => list(at, schema, checker),
        FieldValue::Map(_) => map(at, schema, checker),
        FieldValue::Null | FieldValue::Boolean(_) => {}
    }
    if !schema.choices.is_empty() && !schema.choices.iter().any(|choice| are_equal(choice, &field.value)) {
        choose(at, &schema.choices, checker);
    }
}

/// Whether two values are equal; maps whatever their order.
pub fn are_equal(left: &FieldValue, right: &FieldValue) -> bool {
    match (left, right) {
        (FieldValue::Null, FieldValue::Null) => true,
        (FieldValue::Boolean(left), FieldValue::Boolean(right)) => left == right,
        (FieldValue::Integer(left), FieldValue::Integer(right)) => left == right,
        (FieldValue::Float(left), FieldValue::Float(right)) => left == right,
        (FieldValue::Integer(whole), FieldValue::Float(number))
        | (FieldValue::Float(number), FieldValue::Integer(whole)) => *whole as f64 == *number,
        (FieldValue::String(left), FieldValue::String(right)) => left == right,
        (FieldValue::List(left), FieldValue::List(right)) => {
            left.len() == right.len()
                && left.iter().zip(right).all(|(left, right)| are_equal(&left.value, &right.value))
        }
        (FieldValue::Map(left), FieldValue::Map(right)) => {
            let same = |key: &str, value: &FieldValue| {
                right.iter().any(|(other, field)| other == key && are_equal(value, &field.value))
            };
            left.len() == right.len() && left.iter().all(|(key, field)| same(key, &field.value))
        }
        _ => false,
    }
}

fn is_of(value: &FieldValue, wanted: Type) -> bool {
    match (value, wanted) {
        (FieldValue::Map(_), Type::Object)
        | (FieldValue::List(_), Type::Array)
        | (FieldValue::String(_), Type::String)
        | (FieldValue::Integer(_), Type::Integer | Type::Number)
        | (FieldValue::Float(_), Type::Number)
        | (FieldValue::Boolean(_), Type::Boolean) => true,
        (FieldValue::Float(number), Type::Integer) => number.fract() == 0.0,
        _ => false,
    }
}

fn describe(types: &[Type]) -> String {
    let word = |wanted: &Type| match wanted {
        Type::Object => "a map",
        Type::Array => "a list",
        Type::String => "a text",
        Type::Integer => "a whole number",
        Type::Number => "a number",
        Type::Boolean => "true or false",
    };
    types.iter().map(word).collect::<Vec<_>>().join(" or ")
}

fn refuse_type(at: &At, schema: &Schema, checker: &mut Checker) {
    let wanted = describe(&schema.types);
    let title = format!("{} stands where {wanted} is wanted", at.value());
    let help = match (at.field().map(|field| &field.value), schema.types.as_slice()) {
        (Some(FieldValue::String(text)), [Type::Integer | Type::Number]) if text.parse::<f64>().is_ok() => {
            format!("write it without quotes: `{text}`")
        }
        (Some(FieldValue::String(text)), [Type::Boolean]) if ["true", "false"].contains(&&**text) => {
            format!("write it without quotes: `{text}`")
        }
        (Some(FieldValue::Integer(_) | FieldValue::Float(_) | FieldValue::Boolean(_)), [Type::String]) => {
            "put it in quotes".to_owned()
        }
        _ => format!("write {wanted}"),
    };
    checker.refuse(at, &CR_002, Reason::TypeInvalid, title, help);
}

fn choose(at: &At, choices: &[FieldValue], checker: &mut Checker) {
    let words: Vec<&str> = choices.iter().filter_map(word).collect();
    if words.len() == choices.len() && matches!(at.field().map(|field| &field.value), Some(FieldValue::String(_))) {
        checker.choose_text(at, at.text(), &CR_004, &words);
    } else {
        let title = format!("{} is none of the values that the definition lists", at.value());
        checker.refuse(at, &CR_004, Reason::NotSupported, title, "write one of them");
    }
}

fn word(value: &FieldValue) -> Option<&str> {
    match value {
        FieldValue::String(text) => Some(text),
        _ => None,
    }
}

/// The server stops at the first thing that is wrong with a text.
fn text(at: &At, text: &str, bounds: &Bounds, checker: &mut Checker) {
    let count = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let (least, most) = bounds.length;
    if let Some(most) = most.filter(|most| count > *most) {
        let title = format!("the text has {count} characters, {most} are allowed");
        checker.refuse(at, &CR_006, Reason::TooLong, title, format!("shorten it by {}", count - most));
    } else if let Some(least) = least.filter(|least| count < *least) {
        let title = if count == 0 {
            "the text is empty".to_owned()
        } else {
            format!("the text has {count} characters, at least {least} are wanted")
        };
        checker.refuse(at, &CR_006, Reason::Invalid, title, format!("write {least} characters or more"));
    } else if let Some(pattern) = bounds.pattern.as_ref().filter(|pattern| !pattern.matches(text)) {
        let title = format!("{} does not match the pattern of the definition", quote(text));
        checker.refuse(at, &CR_007, Reason::Invalid, title, format!("write a text that matches `{}`", pattern.text));
    }
    if let Some(what) = format::broken(&bounds.format, text) {
        let title = format!("{} is not {what}", quote(text));
        checker.refuse(at, &CR_007, Reason::TypeInvalid, title, format!("write {what}"));
    }
}

fn range(at: &At, bounds: &Bounds, checker: &mut Checker) {
    let Some(value) = at.field().and_then(number) else { return };
    let mut refuse = |phrase: &str, help: String| {
        checker.refuse(at, &CR_005, Reason::Invalid, format!("{} is {phrase}", at.value()), help);
    };
    match bounds.minimum {
        Some((least, Edge::Included)) if value < least => {
            refuse("too small", format!("write a number from {least} on"))
        }
        Some((least, Edge::Excluded)) if value <= least => refuse("too small", format!("write a number above {least}")),
        _ => {}
    }
    match bounds.maximum {
        Some((most, Edge::Included)) if value > most => refuse("too large", format!("write a number up to {most}")),
        Some((most, Edge::Excluded)) if value >= most => refuse("too large", format!("write a number below {most}")),
        _ => {}
    }
    match bounds.multiple_of {
        Some(factor) if factor > 0.0 && (value / factor).fract() != 0.0 => {
            refuse("no multiple", format!("write a multiple of {factor}"));
        }
        _ => {}
    }
}

fn list(at: &At, schema: &Schema, checker: &mut Checker) {
    for item in at.items() {
        match &schema.items {
            Some(items) if item.field().is_none() && items.default.is_some() => {}
            Some(items) => instance(&item, items, checker),
            None => below_nothing(&item, schema, checker),
        }
    }
    count(at, at.len(), schema.bounds.items, "entries", checker);
    match &schema.list {
        ListType::Atomic => {}
        ListType::Set => {
            let key = |item: &At| item.field().map(|field| canonical(&field.value));
            for (item, first) in repeated(at.items(), key) {
                checker.duplicate(&item, &CR_009, "entry", &first);
            }
        }
        ListType::Map(keys) => {
            for (item, first) in repeated(at.items(), |item| Some(key_of(item, keys, schema))) {
                let names = keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
                let title = format!("an entry with the same {names} stands above");
                let finding = checker.refuse(&item, &CR_009, Reason::Duplicate, title, format!("change {names}"));
                finding.related.push((first.cause(), "the first one".to_owned()));
            }
        }
    }
}

/// The values of an entry's keys as one text, those that are filled in included.
fn key_of(item: &At, keys: &[Box<str>], schema: &Schema) -> String {
    let default = |key: &str| Some(&schema.items.as_ref()?.properties.get(key)?.default.as_ref()?.value);
    let value = |key: &str| item.key(key).field().map(|field| &field.value).or_else(|| default(key)).map(canonical);
    keys.iter().map(|key| value(key).unwrap_or_default() + "\n").collect()
}

/// A text that is the same for equal values and for no others.
fn canonical(value: &FieldValue) -> String {
    match value {
        FieldValue::Null => "null".to_owned(),
        FieldValue::Boolean(truth) => truth.to_string(),
        FieldValue::Integer(number) => number.to_string(),
        FieldValue::Float(number) => format!("{number:e}"),
        FieldValue::String(text) => format!("{text:?}"),
        FieldValue::List(items) => {
            format!("[{}]", items.iter().map(|item| canonical(&item.value)).collect::<Vec<_>>().join(","))
        }
        FieldValue::Map(entries) => {
            let mut entries: Vec<_> =
                entries.iter().map(|(key, field)| format!("{key:?}:{}", canonical(&field.value))).collect();
            entries.sort();
            format!("{{{}}}", entries.join(","))
        }
    }
}

fn count(at: &At, count: usize, (least, most): Sizes, what: &str, checker: &mut Checker) {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    if let Some(least) = least.filter(|least| count < *least) {
        let title = format!("{count} {what} are too few: at least {least} are wanted");
        checker.refuse(at, &CR_008, Reason::Invalid, title, format!("write {least} or more"));
    }
    if let Some(most) = most.filter(|most| count > *most) {
        let title = format!("{count} {what} are too many: {most} are allowed");
        checker.refuse(at, &CR_008, Reason::TooMany, title, format!("remove {} of them", count - most));
    }
}

fn map(at: &At, schema: &Schema, checker: &mut Checker) {
    for (key, value) in at.fields() {
        let known = schema.properties.get(key);
        match (known, &schema.additional) {
            (Some(schema), _) => property(&value, schema, checker),
            (None, Additional::Schema(schema)) => property(&value, schema, checker),
            (None, Additional::Scalars) => below_nothing(&value, schema, checker),
            (None, Additional::None) => {
                let of_object = schema.is_embedded && ["apiVersion", "kind", "metadata"].contains(&key);
                if !schema.keeps_unknown && !of_object {
                    refuse_unknown(&value, key, schema, checker);
                }
            }
        }
    }
    for key in &schema.required {
        let is_null = || schema.properties.get(&**key).is_some_and(|schema| !schema.drops_null()) && at.has(key);
        let has_default = || schema.properties.get(&**key).is_some_and(|schema| schema.default.is_some());
        let value = at.key(key);
        if !value.is_set() && !has_default() && !is_null() {
            let help = format!("write `{key}`{}", below(at));
            checker.refuse(&value, &CR_003, Reason::Required, format!("`{key}` is missing"), help);
        }
    }
    let kept = at.fields().filter(|(key, value)| value.is_set() || keeps_null(schema, key)).count();
    count(at, kept, schema.bounds.properties, "fields", checker);
}

/// Whether a null at this key of a map is not taken away.
fn keeps_null(schema: &Schema, key: &str) -> bool {
    let known = schema.properties.get(key).or(match &schema.additional {
        Additional::Schema(schema) => Some(schema),
        Additional::None | Additional::Scalars => None,
    });
    known.is_none_or(|schema| !schema.drops_null() || schema.default.is_some())
}

/// A field of a map. A null is taken away, or replaced by the default, where the schema does not allow it.
fn property(at: &At, schema: &Schema, checker: &mut Checker) {
    if at.is_set() || !schema.drops_null() {
        instance(at, schema, checker);
    }
}

fn below(at: &At) -> String {
    let path = at.to_string();
    if path.is_empty() { String::new() } else { format!(" below `{path}`") }
}

/// A value of which the schema says nothing: maps lose all fields there.
fn below_nothing(at: &At, schema: &Schema, checker: &mut Checker) {
    if schema.keeps_unknown {
        return;
    }
    for item in at.items() {
        below_nothing(&item, schema, checker);
    }
    for (key, value) in at.fields() {
        refuse_unknown(&value, key, &Schema::default(), checker);
    }
}

fn refuse_unknown(at: &At, key: &str, schema: &Schema, checker: &mut Checker) {
    let names: Vec<&str> = schema.properties.keys().map(|name| &**name).collect();
    let help = match (nearest(key, names.iter().copied()), names.len()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, 0) => format!("remove `{key}`"),
        (None, count) if count > LISTED => format!("remove `{key}`, or name a field that is there"),
        (None, _) => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("remove `{key}`; known here: {}", names.join(", "))
        }
    };
    let title = format!("`{key}` is not known here");
    checker.refuse(at, &CR_001, Reason::BadRequest, title, help).part = Part::Key;
}

fn conditions(at: &At, schema: &Schema, checker: &mut Checker) {
    let conditions = &schema.conditions;
    let breaches = |condition: &Schema, checker: &Checker| trial(at, condition, schema, checker);
    for condition in &conditions.all_of {
        let found = breaches(condition, checker);
        checker.adopt(found);
    }
    let holds = |condition: &&Schema| breaches(condition, checker).is_empty();
    let any = conditions.any_of.is_empty() || conditions.any_of.iter().any(|condition| holds(&condition));
    let one: Vec<&Schema> = conditions.one_of.iter().filter(holds).collect();
    let excluded = conditions.not.as_deref().is_some_and(|condition| holds(&condition));
    if !any {
        refuse_alternatives(at, &conditions.any_of, schema, checker);
    }
    match one.as_slice() {
        [_] => {}
        [] if conditions.one_of.is_empty() => {}
        [] => refuse_alternatives(at, &conditions.one_of, schema, checker),
        several => {
            let help = match fields_of(several) {
                Some(names) => format!("keep one of {names}"),
                None => "change it so that only one of the alternatives of the definition holds".to_owned(),
            };
            let title = "alternatives that exclude each other are both there";
            checker.refuse(at, &CR_010, Reason::Invalid, title, help);
        }
    }
    if excluded {
        let title = format!("{} is what the definition excludes", at.value());
        checker.refuse(at, &CR_010, Reason::Invalid, title, "write something else");
    }
}

/// What a value would break of a condition of its schema, which fills in what is missing.
fn trial(at: &At, condition: &Schema, schema: &Schema, checker: &Checker) -> Vec<Finding> {
    let mut trial = checker.trial();
    instance(at, condition, &mut trial);
    for (key, below) in &condition.properties {
        let default = schema.properties.get(key).and_then(|property| property.default.as_ref());
        if let Some(default) = default.filter(|_| !at.key(key).is_set()) {
            instance(&At::root(default), below, &mut trial);
        }
    }
    trial.into_findings()
}

/// Says that no alternative holds, and what is wrong with the one that nearly does.
fn refuse_alternatives(at: &At, alternatives: &[Schema], schema: &Schema, checker: &mut Checker) {
    let all: Vec<&Schema> = alternatives.iter().collect();
    let help = match fields_of(&all) {
        Some(names) => format!("write one of {names}{}", below(at)),
        None => "write what one of the alternatives of the definition asks for".to_owned(),
    };
    // What is there tells more of what was meant than what is missing.
    let distance = |found: &Vec<Finding>| {
        (found.len(), found.iter().filter(|finding| finding.verdict == Verdict::Refused(Reason::Required)).count())
    };
    let trials = alternatives.iter().map(|condition| trial(at, condition, schema, checker));
    let nearest = trials.min_by_key(distance).unwrap_or_default();
    checker.refuse(at, &CR_010, Reason::Invalid, "none of the alternatives of the definition holds", help);
    // Of alternatives that only ask for a field the message has told everything.
    if fields_of(&all).is_none() {
        checker.adopt(nearest);
    }
}

/// The names of the fields of which alternatives ask for one, where that is all that they do.
fn fields_of(alternatives: &[&Schema]) -> Option<String> {
    let names = alternatives.iter().map(|schema| schema.required_only()).collect::<Option<Vec<_>>>()?;
    let one = |names: &[Box<str>]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" with ");
    Some(names.into_iter().map(one).collect::<Vec<_>>().join(", "))
}
