//! What a cluster of a provider must have: objects to apply, and commands above them in comments.

use super::classes::objects;
use super::facts::Facts;
use super::steps::{Step, comments};
use crate::emit::manifests::yaml::document_as_written as document;

/// The stream; where nothing is to be applied it holds comments alone.
pub fn needs(facts: &Facts, steps: &[Step]) -> String {
    let objects = objects(facts);
    let mut stream =
        format!("# What the profile `{}` needs of its cluster. {}\n", facts.profile, facts.version_remark());
    if !steps.is_empty() {
        stream.push_str("#\n# What must be there, and the commands that see to it:\n");
        stream.push_str(&comments(steps));
    }
    if objects.is_empty() {
        return stream;
    }
    stream.push_str(&format!("#\n# The objects below are applied with\n#\n#   {} | kubectl apply -f -\n", facts.call));
    for object in objects {
        stream.push_str("---\n");
        stream.push_str(&document(&object));
    }
    stream
}
