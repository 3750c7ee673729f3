//! What a key takes, in words.

use crate::shape::{KeyForm, Kind, MapForm, TextForm};

/// The kinds of value, complete where the words of a message would leave out a choice: `"never" or "on-failure"`.
pub fn describe(kind: &Kind) -> String {
    join(choices(kind))
}

/// What a key takes; without an example where the sentence of the key has one, which is a better one.
pub fn takes(key: &KeyForm, kind: &Kind) -> String {
    match kind {
        Kind::Text(form) if examples(key.doc).any(|example| (form.check)(example).is_ok()) => {
            form.what.split(" such as ").next().unwrap_or(form.what).to_owned()
        }
        kind => describe(kind),
    }
}

/// The texts between quotes in a sentence, but for those in its code, which may be those of another key.
fn examples(doc: &str) -> impl Iterator<Item = &str> {
    doc.split('`').step_by(2).flat_map(|prose| prose.split('"').skip(1).step_by(2))
}

fn join(mut choices: Vec<String>) -> String {
    // A list or table of texts, or one such text.
    let is_told = |known: &[String], choice: &String| known.iter().any(|known| known.ends_with(choice.as_str()));
    if let Some((last, known)) = choices.split_last_mut()
        && is_told(known, last)
    {
        *last = "one alone".to_owned();
    }
    let last = choices.pop().unwrap_or_default();
    if choices.is_empty() { last } else { format!("{} or {last}", choices.join(", ")) }
}

fn choices(kind: &Kind) -> Vec<String> {
    match kind {
        Kind::Integer { minimum, maximum, .. } if *maximum >= i64::from(i32::MAX) => {
            vec![format!("a whole number, {minimum} or more")]
        }
        Kind::Integer { minimum, maximum, .. } => vec![format!("a whole number from {minimum} to {maximum}")],
        Kind::Text(form) => vec![describe_text(form)],
        Kind::Word { words, .. } => words.iter().map(|word| format!("\"{word}\"")).collect(),
        Kind::List(item) => vec![format!("a list, each {}", describe(item))],
        Kind::Map(form) => vec![describe_map(form)],
        Kind::Table(form) => {
            std::iter::once("a table").chain(form.short.as_ref().map(|short| short.what)).map(str::to_owned).collect()
        }
        Kind::OneOf(kinds) => kinds.iter().flat_map(|kind| choices(kind)).collect(),
        kind => vec![kind.what()],
    }
}

fn describe_text(form: &TextForm) -> String {
    let says_enough = form.what.contains("such as") || form.what.contains('"') || form.what == "a text";
    if says_enough { form.what.to_owned() } else { format!("{} such as \"{}\"", form.what, form.example) }
}

fn describe_map(form: &MapForm) -> String {
    let key = form.key.what;
    let key = key.strip_prefix("a ").or_else(|| key.strip_prefix("an ")).unwrap_or(key);
    let each = match form.value {
        Kind::Table(_) | Kind::Any => String::new(),
        value => format!(", each {}", join(choices_below(value, form))),
    };
    let table = format!("a table keyed by {key}{each}");
    match &form.short {
        Some(short) => format!("{table}; or {}", short.what),
        None => table,
    }
}

/// What stands under a key of a table; the same table again is not told again.
fn choices_below(kind: &Kind, outer: &MapForm) -> Vec<String> {
    match kind {
        Kind::OneOf(kinds) => kinds.iter().flat_map(|kind| choices_below(kind, outer)).collect(),
        Kind::Map(form) if form.key.what == outer.key.what => vec!["such a table again".to_owned()],
        kind => choices(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::api::Api;
    use crate::component::cronjob::CronJob;
    use crate::component::db::Db;

    fn api(key: &str) -> String {
        describe(Api::FORM.key(key).unwrap().kind)
    }

    #[test]
    fn choices_are_complete() {
        assert_eq!(api("kind"), "\"Deployment\", \"StatefulSet\" or \"DaemonSet\"");
        assert_eq!(api("replicas"), "a whole number, 0 or more");
        assert_eq!(api("health"), "a table or a path such as \"/healthz\"");
        assert_eq!(describe(CronJob::FORM.key("suspend").unwrap().kind), "true or false");
        assert_eq!(api("pdb"), "a table or false");
        let settings = describe(Db::FORM.key("settings").unwrap().kind);
        assert!(settings.ends_with("or such a table again") && settings.matches("keyed by").count() == 1, "{settings}");
        assert!(api("env").starts_with("a table keyed by "), "{}", api("env"));
    }
}
