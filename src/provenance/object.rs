//! The objects that a person means: `deployment/api`, `svc/*`, or the name of a component.

use crate::bundle::{KindId, Object, ObjectPattern};
use crate::diagnostic::Diagnostic;
use crate::value::{Scalar, enumerate, nearest};

/// The objects that `asked` means, as places in the list, one at least: KIND/NAME as kubectl takes it, where `*` stands for anything and a Job is meant with or without
/// its hash; else the objects of the component of that name, those of that name, those of that kind.
///
/// # Errors
/// What to say where there is none.
pub fn find(asked: &str, objects: &[Object], profile: &str) -> Result<Vec<usize>, Box<Diagnostic>> {
    if !asked.contains('/') {
        return by_word(asked, objects, profile);
    }
    let pattern = ObjectPattern::parse(asked).map_err(|invalid| {
        let diagnostic = Diagnostic::error("bad-object", invalid.title);
        Box::new(match invalid.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        })
    })?;
    let found = all(objects, |object| pattern.matches_sealed(object));
    match asked.split_once('/') {
        _ if !found.is_empty() => Ok(found),
        // As the stack calls it: no kind is called so.
        Some((table, name)) if COMPONENTS.contains(&table) && !name.is_empty() => by_word(name, objects, profile),
        _ => Err(Box::new(none(&pattern, objects, profile))),
    }
}

/// `Deployment/web`, by which an object can be asked for.
pub fn title(object: &Object) -> String {
    format!("{}/{}", object.kind_name(), object.stable_name())
}

fn all(objects: &[Object], is_meant: impl Fn(&Object) -> bool) -> Vec<usize> {
    objects.iter().enumerate().filter(|(_, object)| is_meant(object)).map(|(at, _)| at).collect()
}

fn by_word(word: &str, objects: &[Object], profile: &str) -> Result<Vec<usize>, Box<Diagnostic>> {
    let of_component = all(objects, |object| *object.identity.component == *word);
    if !of_component.is_empty() {
        return Ok(of_component);
    }
    let named = all(objects, |object| object.name() == word || object.stable_name() == word);
    if !named.is_empty() {
        return Ok(named);
    }
    let kind = ObjectPattern::parse(&format!("{word}/*")).ok();
    let of_kind = all(objects, |object| kind.as_ref().is_some_and(|kind| kind.matches_kind(object)));
    if !of_kind.is_empty() {
        return Ok(of_kind);
    }
    // `api.web`, as the stack calls it.
    if let Some(asked) = word.split_once('.').and_then(|(table, name)| of_table(table, name)) {
        return find(&asked, objects, profile);
    }
    if let Some(diagnostic) = key_of_component(word, objects) {
        return Err(Box::new(diagnostic));
    }
    let components = objects.iter().map(|object| &*object.identity.component);
    let title = format!("no component and no object is called `{word}` on the profile `{profile}`");
    let help = match nearest(word, components.chain(objects.iter().map(Object::stable_name))) {
        Some(near) => format!("did you mean `{near}`?"),
        None => there_are(objects),
    };
    Err(Box::new(Diagnostic::error("unknown-object", title).help(help)))
}

/// `web.replicas` of `api.web.replicas`: a key as the stack has it, where a field is asked for behind the object.
fn key_of_component(word: &str, objects: &[Object]) -> Option<Diagnostic> {
    let (component, key) = word.split_once('.')?;
    let mut own = objects.iter().filter(|object| *object.identity.component == *component).peekable();
    own.peek()?;
    let title = format!("`{key}` is a key of `{component}` in the stack, not an object");
    let field = key.rsplit('.').next().unwrap_or(key);
    let call = match own.find(|object| object.root.follow(&["spec", field]).is_some()) {
        Some(object) => format!("`stowplan why {} spec.{field}`", title_of_call(object)),
        None => format!(
            "`stowplan why {component} FIELD`, as Kubernetes spells it; `stowplan why {component}` lists its objects"
        ),
    };
    Some(Diagnostic::error("unknown-object", title).help(format!("type the field behind the object: {call}")))
}

/// `deployment/web`, as it is typed.
fn title_of_call(object: &Object) -> String {
    format!("{}/{}", object.kind_name().to_lowercase(), object.stable_name())
}

/// Tables whose names are those of no kind.
const COMPONENTS: [&str; 3] = ["api", "worker", "db"];

/// Tables whose names are those of kinds, and the kinds.
const KINDS: [(&str, &str); 7] = [
    ("cronjob", "CronJob"),
    ("job", "Job"),
    ("ingress", "Ingress"),
    ("hpa", "HorizontalPodAutoscaler"),
    ("config", "ConfigMap"),
    ("secret", "Secret"),
    ("volume", "PersistentVolumeClaim"),
];

/// What an entry of a table of the stack is called here.
fn of_table(table: &str, name: &str) -> Option<String> {
    let name = name.trim_matches(['"', '\'']);
    let kind = KINDS.iter().find(|(known, _)| *known == table).map(|(_, kind)| format!("{kind}/{name}"));
    kind.or_else(|| COMPONENTS.contains(&table).then(|| name.to_owned())).filter(|_| !name.is_empty())
}

fn none(pattern: &ObjectPattern, objects: &[Object], profile: &str) -> Diagnostic {
    let of_kind = || objects.iter().filter(|object| pattern.matches_kind(object));
    let title = match of_kind().next() {
        Some(object) => format!("no {} is called `{}` on the profile `{profile}`", object.kind_name(), pattern.name()),
        None => format!("the stack makes no {} on the profile `{profile}`", pattern.kind()),
    };
    let namesakes = || objects.iter().filter(|object| object.stable_name() == pattern.name());
    let help = match nearest(pattern.name(), of_kind().map(Object::stable_name)) {
        Some(near) => format!("did you mean `{}/{near}`?", pattern.kind()),
        None if stem(pattern.name()).is_some_and(|stem| of_kind().any(|object| object.stable_name() == stem)) => {
            let stem = stem(pattern.name()).unwrap_or_default();
            format!("leave the hash out, which is another one on each profile: `{}/{stem}`", pattern.kind())
        }
        None if namesakes().next().is_some() => {
            format!("write one of the objects that are called so: {}", titles(&mut namesakes()))
        }
        None if of_kind().count() == 1 => format!("there is only {}", titles(&mut of_kind())),
        None if of_kind().next().is_some() => format!("there are {}", titles(&mut of_kind())),
        None => match nearest(pattern.kind(), KindId::all().map(|id| id.row().kind)) {
            Some(near) if !near.eq_ignore_ascii_case(pattern.kind()) => {
                format!("did you mean `{near}/{}`?", pattern.name())
            }
            _ => there_are(objects),
        },
    };
    Diagnostic::error("unknown-object", title).help(help)
}

/// A name without the digits of a hash at its end, as names of Jobs have them.
fn stem(name: &str) -> Option<&str> {
    let (stem, hash) = name.rsplit_once('-')?;
    (hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(stem)
}

fn there_are(objects: &[Object]) -> String {
    format!("there are {}", titles(&mut objects.iter()))
}

fn titles(objects: &mut dyn Iterator<Item = &Object>) -> String {
    enumerate(objects.map(title))
}
