//! How far the files of a snapshot are from what they should be.

use crate::bundle::yaml::{self, Place, Stream};
use crate::bundle::{Bundle, Field, FieldValue, Object};
use crate::change::{Changes, Ground, Grounds, compare_files};
use crate::diagnostic::Report;
use crate::profile::{Resolved, Role, Session};
use crate::source::Span;

/// A file of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name in the folder of the profile.
    pub name: String,
    /// Its whole text.
    pub text: String,
}

/// What is wrong with the files of one profile.
#[derive(Debug, Default)]
pub struct Drift {
    /// Files that are not there.
    pub missing: Vec<String>,
    /// Files that say something else than they should.
    pub stale: Vec<String>,
    /// Files of objects that are not made any more.
    pub orphaned: Vec<String>,
    /// The objects of stale files as they are there.
    before: Bundle,
    /// The same objects as they should be.
    after: Bundle,
}

impl Drift {
    /// Compares the files that should be there, one for each object, with those that are. `path` is the folder for messages.
    pub fn between(present: &[File], wanted: &[File], bundle: &Bundle, path: &str, session: &mut Session) -> Self {
        let mut drift = Self::default();
        drift.before.causes = bundle.causes.clone();
        drift.after.causes = bundle.causes.clone();
        for (file, object) in wanted.iter().zip(&bundle.objects) {
            match present.iter().find(|known| known.name == file.name) {
                None => drift.missing.push(file.name.clone()),
                Some(known) if is_same(&known.text, &file.text) => {}
                Some(known) => {
                    drift.stale.push(file.name.clone());
                    let before = read(known, object, path, session);
                    drift.before.objects.extend(before);
                    drift.after.objects.push(object.clone());
                }
            }
        }
        let orphaned = present.iter().filter(|known| wanted.iter().all(|file| file.name != known.name));
        drift.orphaned = orphaned.map(|known| known.name.clone()).collect();
        drift
    }

    /// Whether all is as it should be.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.stale.is_empty() && self.orphaned.is_empty()
    }

    /// What differs in the objects of stale files, and why.
    pub fn changes<'d>(&'d self, profile: &str, resolved: &'d Resolved, session: &'d Session) -> Changes<'d> {
        let before = Ground { bundle: &self.before, resolved: None, revision: None };
        let after = Ground { bundle: &self.after, resolved: Some(resolved), revision: None };
        compare_files(("the snapshot", profile), &Grounds::new(session, before, after))
    }
}

/// Whether two texts are the same but for the ends of their lines, which git changes on some systems.
fn is_same(one: &str, other: &str) -> bool {
    one == other || one.contains('\r') && one.lines().eq(other.lines())
}

/// The object in a file, as what the stack makes it now; none where the file holds no object.
fn read(file: &File, object: &Object, path: &str, session: &mut Session) -> Option<Object> {
    let id = session.sources.add(format!("{path}/{}", file.name), file.text.as_str());
    let layer = session.layer(format!("{path}/{}", file.name), Role::Stack);
    let span = Span::new(id, 0..file.text.len());
    let stream = Stream { text: &file.text, place: Place::Verbatim(span), layer };
    let documents = yaml::read(stream, &mut session.origins, &mut Report::default());
    let is_object = |root: &Field| matches!(root.value, FieldValue::Map(_));
    let root = documents.into_iter().find(is_object)?;
    Some(Object::from_field(object.identity.clone(), root))
}
