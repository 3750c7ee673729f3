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
    if found.is_empty() { Err(Box::new(none(&pattern, objects, profile))) } else { Ok(found) }
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
    let components = objects.iter().map(|object| &*object.identity.component);
    let title = format!("no component and no object is called `{word}` on the profile `{profile}`");
    let help = match nearest(word, components.chain(objects.iter().map(Object::stable_name))) {
        Some(near) => format!("did you mean `{near}`?"),
        None => there_are(objects),
    };
    Err(Box::new(Diagnostic::error("unknown-object", title).help(help)))
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
        None if namesakes().next().is_some() => {
            format!("write one of the objects that are called so: {}", titles(&mut namesakes()))
        }
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

fn there_are(objects: &[Object]) -> String {
    format!("there are {}", titles(&mut objects.iter()))
}

fn titles(objects: &mut dyn Iterator<Item = &Object>) -> String {
    enumerate(objects.map(title))
}
