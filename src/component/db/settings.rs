//! The settings of a database's server: a configuration file in a ConfigMap.

use super::Db;
use crate::bundle::{Bundle, traced};
use crate::component::config::{ConfigPlan, config_map};
use crate::component::engines::Server;
use crate::component::engines::configuration::Fault;
use crate::component::parts::content::Content;
use crate::component::parts::env::EnvValue;
use crate::component::world::{Subject, World, add};
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::shape::Written;
use crate::value::Name;

/// What the name of the ConfigMap ends in.
pub const SUFFIX: &str = "-settings";

/// The key of the file in the ConfigMap: its name in the container.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

impl Db {
    /// Adds the ConfigMap, where there are settings.
    pub(super) fn lower_settings(&self, subject: Subject, server: &Server, world: &World, bundle: &mut Bundle) {
        let Some(origin) = self.settings.origin.filter(|_| !self.settings.is_empty()) else { return };
        let configuration = &self.engine.value.facts().configuration;
        let name = Written { value: format!("{}{SUFFIX}", subject.name), origin };
        let key = Written { value: file_name(configuration.path).to_owned(), origin };
        let text = Written { value: Content::Text(configuration.write(&self.settings, server)), origin };
        let made = world.derive("settings are a file that the server reads", &[origin]);
        let metadata = world.metadata_with(subject, traced(name.value.clone(), made), Vec::new(), Vec::new());
        let plan = ConfigPlan { name, origin, data: vec![(key, text)] };
        add(bundle, subject, "settings", config_map(metadata, &plan));
    }

    /// Reports settings that the file cannot hold, or that other keys decide.
    pub(super) fn check_settings(&self, name: &Written<Name>, checking: &mut Checking) {
        let configuration = &self.engine.value.facts().configuration;
        // what an operator decides is reported with the operator
        let decided = if self.operator().is_none() { configuration.decided(&self.settings) } else { Vec::new() };
        let named = decided.into_iter().chain(configuration.misnamed(&self.settings));
        let named = named.map(|fault| (checking.key_span(fault.origin), fault)).collect::<Vec<_>>();
        let unwritable = configuration.unwritable(&self.settings).into_iter();
        let unwritable = unwritable.map(|fault| (checking.span(fault.origin), fault)).collect::<Vec<_>>();
        for (span, Fault { title, help, .. }) in named.into_iter().chain(unwritable) {
            let diagnostic = Diagnostic::error("bad-setting", title).at(span, "");
            checking.report.push(diagnostic.help(help.replace("NAME", name.value.as_str())));
        }
        self.check_data_directory(checking);
    }

    /// The settings of PostgreSQL include a file of the data directory, whose place must be known.
    fn check_data_directory(&self, checking: &mut Checking) {
        let Some(origin) = self.settings.origin.filter(|_| !self.settings.is_empty()) else { return };
        let moved = self.env.iter().find(|(name, _)| name.value.as_str() == "PGDATA");
        if let Some(value) = moved.map(|(_, value): &(_, EnvValue)| value.origin()) {
            let diagnostic = Diagnostic::error(
                "moved-data",
                "`PGDATA` moves the data directory, and `settings` need it where it is",
            )
            .at(checking.key_span(value), "")
            .at(checking.key_span(origin), "the settings")
            .help("remove `PGDATA`: the data directory is on the database's disk already");
            checking.report.push(diagnostic);
        }
    }
}
