//! What is typed to ask about a stack: an object, a field of it, and `--set` arguments, one in each line.

use super::reading::{PLAIN, tell};
use stowplan::bundle::FieldPath;
use stowplan::emit::provenance;
use stowplan::profile::{Request, Session};
use stowplan::source::Files;
use stowplan::why;

/// A stack with most tables.
const STACK: &str = include_str!("../../../examples/todo/stack.toml");

/// Asks; of what is answered, each path is an answer too.
pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut lines = text.lines();
    let object = lines.next().unwrap_or_default();
    let field = lines.next().filter(|field| !field.is_empty());
    let set: Vec<String> = lines.map(str::to_owned).collect();
    for profile in ["k3d", "cloud"] {
        let mut session = Session::default();
        let stack = session.sources.add("stack.toml", STACK);
        let request = Request { stack, profile: Some(profile), set: &set };
        let answer = why::answer(&why::Question { request, object, field }, &mut session, &Files::default());
        tell(&session.report, &session.sources);
        let Some(answer) = answer else { continue };
        for format in provenance::FORMATS {
            (format.print)(&answer, PLAIN);
        }
        let fields = answer.objects.iter().flat_map(|object| &object.fields);
        for path in fields.map(|field| &field.path).filter(|path| !path.is_empty()) {
            assert!(FieldPath::read(path).is_ok(), "{path:?}");
        }
    }
}
