//! Two streams: the changes between them, made on the first, give the second, and the JSON format says so as a JSON Patch.

use super::reading::{PLAIN, halves, plain};
use serde_json::Value;
use stowplan::bundle::{Bundle, Identity, Object};
use stowplan::change::{Changes, Ground, Grounds, apply, assess, compare};
use stowplan::diff;
use stowplan::emit::changes::FORMATS;
use stowplan::profile::Session;

/// Compares both ways.
pub fn check(bytes: &[u8]) {
    let Some((one, other)) = halves(bytes) else { return };
    let mut session = Session::default();
    let [one, other] = [("one.yaml", one), ("other.yaml", other)].map(|(name, text)| {
        let file = session.sources.add(name, text);
        given(diff::read(&[file], &mut session))
    });
    holds(&one, &other, &session);
    holds(&other, &one, &session);
    assert!(between(&one, &one.clone(), &session, |changes| changes.objects.is_empty()));
}

/// The objects as those of a `[manifest]`, which are the same one where kind and name are.
fn given(mut bundle: Bundle) -> Bundle {
    for object in &mut bundle.objects {
        let identity = Identity::given("all", object.kind_name(), object.name());
        *object = Object::from_field(identity, object.root.clone());
    }
    bundle
}

fn between<R>(before: &Bundle, after: &Bundle, session: &Session, look: impl FnOnce(&Changes) -> R) -> R {
    let ground = |bundle| Ground { bundle, resolved: None, revision: None };
    let grounds = Grounds::new(session, ground(before), ground(after));
    let mut changes = compare(("one", "other"), &grounds);
    assess(&mut changes, &grounds);
    look(&changes)
}

fn holds(before: &Bundle, after: &Bundle, session: &Session) {
    between(before, after, session, |changes| {
        for format in FORMATS {
            let printed = (format.print)(changes, PLAIN);
            if format.name == "json" {
                patches(changes, &printed);
            }
        }
        for object in &changes.objects {
            let (Some(old), Some(new)) = (object.before, object.after) else { continue };
            let [made, wanted] = [apply(&old.root, &object.changes), new.root.clone()].map(|root| {
                given(Bundle { objects: vec![Object::from_field(new.identity.clone(), root)], ..Bundle::default() })
            });
            let left: Vec<String> = between(&made, &wanted, session, |changes| {
                changes.objects.iter().flat_map(|object| &object.changes).map(|change| change.field.clone()).collect()
            });
            assert!(left.is_empty(), "{left:?} is left of {} and {}", plain(&old.root), plain(&new.root));
        }
    });
}

/// The JSON Patch of each object that is no Secret makes what the changes make.
fn patches(changes: &Changes, printed: &str) {
    let document: Value = serde_json::from_str(printed).expect("the format is JSON");
    let entries = document["objects"].as_array().expect("it lists objects");
    assert_eq!(entries.len(), changes.objects.len());
    for (object, entry) in changes.objects.iter().zip(entries) {
        let (Some(old), Some(_), Some(steps)) = (object.before, object.after, entry["changes"].as_array()) else {
            continue;
        };
        if steps.iter().all(|step| step["secret"].is_null()) {
            let mut patched = plain(&old.root);
            super::json_patch::patch(&mut patched, steps);
            assert_eq!(patched, plain(&apply(&old.root, &object.changes)), "{printed}");
        }
    }
}
