//! The scripts that make a database on its first start: files in a ConfigMap.

use super::Db;
use crate::bundle::{Bundle, traced};
use crate::component::config::{ConfigPlan, config_map};
use crate::component::parts::content::MAXIMUM_BYTES;
use crate::component::parts::files;
use crate::component::world::{Subject, World, add};
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::shape::{Decoder, Written};
use crate::source::Inputs;
use crate::value::Name;

/// What the name of the ConfigMap ends in.
pub const SUFFIX: &str = "-scripts";

/// The scripts of a database with their contents.
pub struct ScriptsPlan {
    /// The database.
    pub db: Written<Name>,
    /// The ConfigMap.
    pub config: ConfigPlan,
}

/// Reads the scripts; what cannot be read is reported. None where the database has no scripts, or is not made here.
pub fn read(db: &Db, name: &Written<Name>, inputs: &dyn Inputs, checking: &mut Checking) -> Option<ScriptsPlan> {
    let origin = db.scripts.origin.filter(|_| !db.scripts.is_empty() && db.managed.is_none())?;
    let mut data = Vec::new();
    for (key, path) in db.scripts.iter() {
        if let Some(bytes) = files::read(path, inputs, checking) {
            let content = Written { value: bytes.into(), origin: path.origin };
            data.push((key.as_ref().map(ToString::to_string), content));
        }
    }
    let config =
        ConfigPlan { name: Written { value: format!("{}{SUFFIX}", name.value), origin: name.origin }, origin, data };
    check_size(&config, name, checking);
    Some(ScriptsPlan { db: name.clone(), config })
}

/// Adds the ConfigMap.
pub fn lower(plan: &ScriptsPlan, world: &World, bundle: &mut Bundle) {
    let subject = Subject::new("db", &plan.db);
    let made = world.derive("scripts are files that the image runs on the first start", &[plan.config.origin]);
    let name = traced(plan.config.name.value.clone(), made);
    let metadata = world.metadata_with(subject, name, Vec::new(), Vec::new());
    add(bundle, subject, "scripts", config_map(metadata, &plan.config));
}

fn check_size(plan: &ConfigPlan, name: &Written<Name>, checking: &mut Checking) {
    let size: usize = plan.data.iter().map(|(_, content)| content.value.size()).sum();
    let largest = plan.data.iter().max_by_key(|(_, content)| content.value.size());
    let Some((key, content)) = largest.filter(|_| size > MAXIMUM_BYTES) else { return };
    let title = format!("the scripts of `{}` hold {size} bytes, and a ConfigMap takes {MAXIMUM_BYTES}", name.value);
    let diagnostic = Diagnostic::error("too-large", title)
        .at(checking.key_span(plan.origin), "")
        .at(checking.span(content.origin), format!("the largest, `{}`: {} bytes", key.value, content.value.size()))
        .help(format!(
            "load large data from a `[job.NAME]` with `uses = [\"{}\"]`, or compress the script",
            name.value
        ));
    checking.report.push(diagnostic);
}

/// Reports scripts that the image would pass over.
pub(super) fn check_names(db: &Db, decoder: &mut Decoder) {
    let facts = db.engine.value.facts();
    let Some(origin) = db.scripts.origin.filter(|_| !db.scripts.is_empty()) else { return };
    let Some(scripts) = &facts.scripts else {
        let diagnostic = Diagnostic::error("no-scripts", format!("the image of {} runs no scripts", facts.title))
            .at(decoder.key_span(origin), "")
            .help("remove it, and load the data from a `[job.NAME]` that `uses` this database");
        return decoder.report.push(diagnostic);
    };
    let endings = scripts.endings.iter().map(|ending| format!("`{ending}`")).collect::<Vec<_>>().join(", ");
    for (key, _) in db.scripts.iter() {
        let name = key.value.as_str();
        if scripts.endings.iter().any(|ending| name.ends_with(ending)) {
            continue;
        }
        let title = format!("the image of {} ignores `{name}`", facts.title);
        let diagnostic = Diagnostic::error("bad-script", title)
            .at(decoder.key_span(key.origin), format!("it runs what ends in {endings}"))
            .help(format!("write `\"{}{}\"`, or another of these endings", stem(name), scripts.endings[0]));
        decoder.report.push(diagnostic);
    }
}

fn stem(name: &str) -> &str {
    name.split_once('.').map_or(name, |(stem, _)| stem)
}
