//! What can be wrong with a database that an operator runs.

use super::{LIBRARIES, PASSWORD_KEY, TITLE, USER_KEY, Via};
use crate::component::db::Db;
use crate::component::engines::configuration::flattened;
use crate::component::world::World;
use crate::diagnostic::Diagnostic;
use crate::document::OriginId;
use crate::document::checking::Checking;
use crate::shape::{Switch, Written};
use crate::value::Name;

/// The longest name of a Cluster: `cluster_webhook.go` of CloudNativePG.
const LONGEST_NAME: usize = 50;

/// What the operator's image has as the ending of a script.
const SCRIPT: &str = ".sql";

/// The settings that the operator decides. Source: `FixedConfigurationParameters` of CloudNativePG 1.30, in the order of the
/// alphabet; the libraries have a field of their own.
const FIXED: &[&str] = &[
    "allow_system_table_mods",
    "archive_cleanup_command",
    "archive_command",
    "archive_mode",
    "bonjour",
    "bonjour_name",
    "cluster_name",
    "config_file",
    "data_directory",
    "data_sync_retry",
    "event_source",
    "external_pid_file",
    "hba_file",
    "hot_standby",
    "ident_file",
    "jit_provider",
    "listen_addresses",
    "log_destination",
    "log_directory",
    "log_file_mode",
    "log_filename",
    "log_rotation_age",
    "log_rotation_size",
    "log_truncate_on_rotation",
    "logging_collector",
    "pg_failover_slots.primary_dsn",
    "pg_failover_slots.standby_slot_names",
    "port",
    "primary_conninfo",
    "primary_slot_name",
    "promote_trigger_file",
    "recovery_end_command",
    "recovery_min_apply_delay",
    "recovery_target",
    "recovery_target_action",
    "recovery_target_inclusive",
    "recovery_target_lsn",
    "recovery_target_name",
    "recovery_target_time",
    "recovery_target_timeline",
    "recovery_target_xid",
    "restart_after_crash",
    "restore_command",
    "ssl",
    "ssl_ca_file",
    "ssl_cert_file",
    "ssl_crl_file",
    "ssl_dh_params_file",
    "ssl_ecdh_curve",
    "ssl_key_file",
    "ssl_passphrase_command",
    "ssl_passphrase_command_supports_reload",
    "ssl_prefer_server_ciphers",
    "stats_temp_directory",
    "synchronized_standby_slots",
    "synchronous_standby_names",
    "syslog_facility",
    "syslog_ident",
    "syslog_sequence_numbers",
    "syslog_split_messages",
    "temp_tablespaces",
    "unix_socket_directories",
    "unix_socket_group",
    "unix_socket_permissions",
];

impl Db {
    /// Reports what the operator does not take.
    pub(in crate::component::db) fn check_operator(
        &self,
        name: &Written<Name>,
        via: Written<Via>,
        world: &World,
        checking: &mut Checking,
    ) {
        let mut findings = Findings { via: via.origin, checking };
        if !self.engine.value.has_operator() {
            let title = format!("`{}` is {}, and {TITLE} runs PostgreSQL", name.value, self.engine.value.facts().title);
            findings.report("bad-value", title, self.engine.origin, "remove `via`, or write `engine = \"postgres\"`");
            return;
        }
        if name.value.as_str().len() > LONGEST_NAME {
            let title = format!("`{}` is too long for the name of a Cluster of {TITLE}", name.value);
            let help = format!("shorten it to at most {LONGEST_NAME} characters");
            findings.report_key("name-too-long", title, name.origin, &help);
        }
        self.check_operand(&mut findings);
        self.check_credentials(&mut findings);
        self.check_cluster_disk(&mut findings);
        self.check_parameters(&mut findings);
        self.check_variables(&mut findings);
        self.check_scripts(&mut findings);
        self.check_unused(world, &mut findings);
    }

    /// The operator reads the version from the tag.
    fn check_operand(&self, findings: &mut Findings) {
        if let Some(image) = &self.image {
            let has_version =
                image.value.tag().is_some_and(|tag| tag.starts_with(|first: char| first.is_ascii_digit()));
            if !has_version {
                let title = format!("the image `{}` has no tag that begins with a version", image.value);
                let help =
                    "write the version in the tag, as in \"docker.io/me/postgres:17.5\": the operator reads it there";
                findings.report("bad-value", title, image.origin, help);
            }
            return;
        }
        let Some(version) = &self.version else { return };
        match version.value.major() {
            None => {
                let title = format!("`{}` does not tell {TITLE} the version", version.value);
                findings.report("bad-value", title, version.origin, "write a number, such as `version = \"17\"`");
            }
            Some(_) if version.value.as_str().contains("alpine") => {
                let number = version.value.as_str().split('-').next().unwrap_or_default();
                let title = format!("`{}` is not an image of {TITLE}, whose images are made of Debian", version.value);
                findings.report("bad-value", title, version.origin, &format!("write `version = \"{number}\"`"));
            }
            Some(_) => {}
        }
    }

    fn check_credentials(&self, findings: &mut Findings) {
        let Some(keys) = &self.keys else { return };
        for (written, part, read) in [(&keys.user, "user", USER_KEY), (&keys.password, "password", PASSWORD_KEY)] {
            if let Some(key) = written.as_ref().filter(|key| key.value.as_str() != read) {
                let title = format!("`{}` is not the key of the {part}: {TITLE} reads `{read}`", key.value);
                let help = format!("write `keys = {{ user = \"{USER_KEY}\", password = \"{PASSWORD_KEY}\" }}`");
                findings.report("bad-value", title, key.origin, &help);
            }
        }
    }

    fn check_cluster_disk(&self, findings: &mut Findings) {
        let (origin, what) = match &self.storage {
            Some(Switch::Off(origin)) => (*origin, "`storage` cannot be `false`"),
            Some(Switch::On(disk)) => match (&disk.volume, &disk.claim) {
                (Some(volume), _) => (volume.origin, "`storage` cannot be a `[volume]`"),
                (None, Some(claim)) => (claim.origin, "`storage` cannot name a claim"),
                (None, None) => return,
            },
            None => return,
        };
        let title = format!("{what}: {TITLE} makes a disk for each server");
        findings.report("bad-value", title, origin, "write the size of each disk, as in `storage = \"10Gi\"`");
    }

    fn check_parameters(&self, findings: &mut Findings) {
        for (name, setting) in flattened(&self.settings) {
            let folded = name.to_lowercase();
            if folded != LIBRARIES && FIXED.contains(&folded.as_str()) {
                let title = format!("`{name}` is set by {TITLE}");
                findings.report_key("bad-setting", title, setting.origin(), "remove it");
            }
        }
    }

    fn check_variables(&self, findings: &mut Findings) {
        const RESERVED: [&str; 3] = ["POD_NAME", "NAMESPACE", "CLUSTER_NAME"];
        for (name, value) in self.env.iter() {
            let upper = name.value.as_str().to_uppercase();
            if upper.starts_with("PG") || upper.starts_with("CNPG_") || RESERVED.contains(&upper.as_str()) {
                let title = format!("the variable `{}` is set by {TITLE}", name.value);
                let help = match upper.as_str() {
                    "PGTZ" => "write `settings = { timezone = \"UTC\" }` in its place",
                    _ => "remove it; what the server is to do stands in `settings`",
                };
                findings.report_key("bad-value", title, value.origin(), help);
            }
        }
    }

    fn check_scripts(&self, findings: &mut Findings) {
        for (key, _) in self.scripts.iter().filter(|(key, _)| !key.value.as_str().ends_with(SCRIPT)) {
            let title = format!("`{}` does not end in `{SCRIPT}`, and {TITLE} runs nothing else", key.value);
            let help = "write it as SQL, or run it in a `[job.NAME]` that `uses` this database";
            findings.report_key("bad-script", title, key.origin, help);
        }
    }

    /// Keys of a StatefulSet that the stack itself writes; those of a profile's defaults are passed over.
    fn check_unused(&self, world: &World, findings: &mut Findings) {
        let args = self.args.as_ref().and_then(|args| args.first()).map(|word| word.origin);
        let port = self.port.filter(|port| port.value.get() != self.engine.value.facts().port);
        let budget = match &self.pdb {
            Some(Switch::On(budget)) => Some(budget.origin),
            _ => None,
        };
        let keys = [
            ("args", args),
            ("port", port.map(|port| port.origin)),
            ("probes", self.probes.as_ref().map(|probes| probes.origin)),
            ("security", self.security.as_ref().map(|security| security.origin)),
            ("stop", self.stop.as_ref().map(|stop| stop.origin)),
            ("mounts", self.mounts.origin.filter(|_| !self.mounts.is_empty())),
            ("host-aliases", self.host_aliases.origin.filter(|_| !self.host_aliases.is_empty())),
            ("service", self.service.as_ref().map(|service| service.origin)),
            ("pdb", budget),
            ("service-links", self.service_links.map(|links| links.origin)),
        ];
        for (key, origin) in keys {
            let Some(origin) = origin.filter(|origin| world.is_written_in_stack(*origin)) else { continue };
            let title = format!("`{key}` has no effect where {TITLE} runs the database");
            let help = format!("remove it, or write `unset = [\"{key}\"]` beside `via` where another profile needs it");
            findings.report_key("unused-key", title, origin, &help);
        }
    }
}

/// Where messages go that point at the operator too.
struct Findings<'c, 'a> {
    via: OriginId,
    checking: &'c mut Checking<'a>,
}

impl Findings<'_, '_> {
    /// A message at a value.
    fn report(&mut self, code: &'static str, title: String, origin: OriginId, help: &str) {
        let span = self.checking.span(origin);
        self.push(Diagnostic::error(code, title).at(span, ""), help);
    }

    /// A message at a key.
    fn report_key(&mut self, code: &'static str, title: String, origin: OriginId, help: &str) {
        let span = self.checking.key_span(origin);
        self.push(Diagnostic::error(code, title).at(span, ""), help);
    }

    fn push(&mut self, diagnostic: Diagnostic, help: &str) {
        let via = self.checking.span(self.via);
        self.checking.report.push(diagnostic.at(via, "the operator").help(help));
    }
}
