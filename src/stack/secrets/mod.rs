//! Decides for every secret where its values come from, which keys it has and what they hold.

mod values;

use crate::component::cluster::Cluster;
use crate::component::parts::content::MAXIMUM_BYTES;
use crate::component::secret::{
    ACCOUNT_TOKEN, BASIC_AUTH, DOCKER_CONFIG, DeclaredSecret, Remote, Secret, SecretKey, SecretPlan, Stated, TLS,
    demanded_keys,
};
use crate::component::words::Source;
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::document::path::quoted;
use crate::shape::{Keyed, Written};
use crate::source::{Inputs, SecretValues};
use crate::value::{ConfigKey, ObjectName, nearest, unmistakable};

/// What a stack says of its secrets, and the world that they come from.
pub struct Secrets<'a> {
    /// `[secret]`.
    pub tables: &'a Keyed<ObjectName, Secret>,
    /// Those that databases and external services declare.
    pub declared: &'a [DeclaredSecret],
    /// Every place of the stack that needs a secret; those that nobody declares are reported elsewhere.
    pub references: &'a [Reference],
    /// The default source and store, and whether the cluster is local.
    pub cluster: &'a Cluster,
    /// Files and the environment.
    pub inputs: &'a dyn Inputs,
    /// Whether values are wanted.
    pub values: SecretValues,
}

/// A place of the stack that needs a secret.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The secret, and where it is named.
    pub secret: Written<String>,
    /// What is needed of it.
    pub need: Need,
}

/// What a place needs of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// One key.
    Key(Written<String>),
    /// Whatever is in it.
    All,
    /// A certificate and its key: the type `kubernetes.io/tls`.
    Tls,
    /// User and password: the type `kubernetes.io/basic-auth`.
    Login,
    /// Credentials of a registry: the type `kubernetes.io/dockerconfigjson`.
    Pull,
}

/// The secrets of `[secret]` in the order written, then those that only components declare. Mistakes are reported.
pub fn plan(secrets: &Secrets, checking: &mut Checking) -> Vec<SecretPlan> {
    let tables = secrets.tables.iter().map(|(name, table)| (name.as_ref().map(ObjectName::as_str), Some(table)));
    let mut all: Vec<(Written<&str>, Option<&Secret>)> = tables.collect();
    for declared in secrets.declared {
        if !all.iter().any(|(name, _)| name.value == declared.name.value) {
            all.push((declared.name.as_ref().map(String::as_str), None));
        }
    }
    let plan = |(name, table)| Draft::new(name, table, secrets, checking).plan(checking);
    all.into_iter().map(plan).collect()
}

/// The keys that a secret has according to `keys` and the components that declare it, by which references are checked;
/// empty where the references are the list.
pub fn listed_keys(name: &str, table: Option<&Secret>, declared: &[DeclaredSecret]) -> Vec<Written<String>> {
    let written = table.map_or(&[][..], |table| &table.keys).iter().map(|key| key.as_ref().map(ToString::to_string));
    let of_components = declared.iter().filter(|declared| declared.name.value == name);
    let of_components = of_components.flat_map(|declared| declared.keys.iter().map(|(key, _)| key.clone()));
    let mut keys = Vec::new();
    add_new(&mut keys, written.chain(of_components));
    keys
}

/// Adds the keys that are not there yet.
fn add_new(keys: &mut Vec<Written<String>>, more: impl IntoIterator<Item = Written<String>>) {
    for key in more {
        if !keys.iter().any(|known| known.value == key.value) {
            keys.push(key);
        }
    }
}

/// One secret on its way to a plan.
struct Draft<'a> {
    name: Written<&'a str>,
    table: Option<&'a Secret>,
    secrets: &'a Secrets<'a>,
    kind: Option<Stated<String>>,
    source: Written<Source>,
    store: Option<Written<String>>,
}

impl<'a> Draft<'a> {
    fn new(
        name: Written<&'a str>,
        table: Option<&'a Secret>,
        secrets: &'a Secrets<'a>,
        checking: &mut Checking,
    ) -> Self {
        let existing = Written { value: Source::Existing, origin: name.origin };
        let own = table.and_then(|table| table.source);
        let source = own.or(secrets.cluster.secrets).unwrap_or(existing);
        let mut draft = Self { name, table, secrets, kind: None, source, store: None };
        draft.kind = draft.kind();
        if source.value == Source::External {
            draft.store = draft.store(checking);
        }
        draft
    }

    fn plan(self, checking: &mut Checking) -> SecretPlan {
        self.check(checking);
        let listed = listed_keys(self.name.value, self.table, self.secrets.declared);
        self.check_references(&listed, checking);
        let keys = self.keys(listed);
        if keys.is_empty() && self.source.value != Source::Existing {
            self.report_no_keys(checking);
        }
        let keys = keys.into_iter().map(|name| SecretKey {
            value: self.value(&name, checking),
            remote: (self.source.value == Source::External).then(|| self.remote(&name)),
            name,
        });
        let keys: Vec<_> = keys.collect();
        self.check_size(&keys, checking);
        SecretPlan {
            name: self.name.map(ToOwned::to_owned),
            origin: self.name.origin,
            kind: self.kind,
            source: self.source,
            keys,
            store: self.store,
        }
    }

    /// The type that is written, else the one that the first reference wants.
    fn kind(&self) -> Option<Stated<String>> {
        if let Some(kind) = self.table.and_then(|table| table.kind.clone()) {
            return Some(kind.into());
        }
        self.references().find_map(|reference| {
            let (kind, rule) = match reference.need {
                Need::Tls => (TLS, "a Secret that is named for TLS has the type for certificates"),
                Need::Pull => (DOCKER_CONFIG, "a Secret that is named for pulling images has the type for registries"),
                Need::Login => (BASIC_AUTH, "a Secret that an operator reads has the type for user and password"),
                Need::Key(_) | Need::All => return None,
            };
            Some(Stated::made(kind.to_owned(), rule, reference.secret.origin))
        })
    }

    fn references(&self) -> impl Iterator<Item = &'a Reference> + use<'a> {
        let name = self.name.value;
        self.secrets.references.iter().filter(move |reference| reference.secret.value == name)
    }

    fn store(&self, checking: &mut Checking) -> Option<Written<String>> {
        let own =
            self.table.and_then(|table| table.store.as_ref()).map(|store| store.as_ref().map(ToString::to_string));
        let store = own.or_else(|| self.secrets.cluster.secret_store.clone());
        if store.is_none() {
            let title = format!("secret `{}` does not say which store holds it", self.name.value);
            let diagnostic = Diagnostic::error("missing-key", title)
                .at(checking.span(self.source.origin), "an ExternalSecret needs a store")
                .help(format!(
                    "add `store = \"NAME\"` to `{}`, or `cluster.secret-store = \"NAME\"` for all secrets",
                    self.header()
                ));
            checking.report.push(diagnostic);
        }
        store
    }

    /// `[secret.NAME]` as it is typed.
    fn header(&self) -> String {
        format!("[secret.{}]", quoted(self.name.value))
    }

    fn check(&self, checking: &mut Checking) {
        let is_made = self.source.value != Source::Existing;
        if is_made {
            checking.label_length("secret", self.name.value, self.name.origin);
        }
        let is_local = self.secrets.cluster.local.is_some_and(|local| local.value);
        if self.source.value == Source::Dev && !is_local {
            self.report_dev(checking);
        }
        if let Some(kind) = self.kind.as_ref().filter(|kind| is_made && kind.value == ACCOUNT_TOKEN) {
            let diagnostic =
                Diagnostic::error("bad-value", format!("a Secret of type `{ACCOUNT_TOKEN}` is filled by the cluster"))
                    .at(checking.span(kind.origin), "")
                    .help(format!(
                        "write `source = \"existing\"` in `{}`, and make it in a `[manifest]`",
                        self.header()
                    ));
            checking.report.push(diagnostic);
        }
    }

    fn report_dev(&self, checking: &mut Checking) {
        let diagnostic = Diagnostic::error("dev-secret", "secrets of source `dev` are for local clusters only")
            .at(checking.span(self.source.origin), "everybody can read such a secret");
        let diagnostic = match self.secrets.cluster.local {
            Some(local) => diagnostic.at(checking.span(local.origin), "this cluster is not local"),
            None => diagnostic,
        };
        let help = "write \"existing\", \"env\", \"file\" or \"external\"; for local clusters alone, \
                    write \"dev\" in their overlays, as in `[profile.k3d.cluster] secrets = \"dev\"`";
        checking.report.push(diagnostic.help(help));
    }

    /// A reference to a key that is not in the list.
    fn check_references(&self, listed: &[Written<String>], checking: &mut Checking) {
        let Some(first) = listed.first() else { return };
        let known = self.keys(listed.to_vec());
        for reference in self.references() {
            let Need::Key(key) = &reference.need else { continue };
            if known.iter().any(|known| known.value == key.value) {
                continue;
            }
            let add = format!("add \"{}\" to `keys` of `{}`", key.value, self.header());
            let help = match nearest(&key.value, known.iter().map(|known| known.value.as_str())) {
                Some(near) => format!("did you mean \"{near}\"? Otherwise {add}"),
                None => add,
            };
            let diagnostic = Diagnostic::error(
                "unknown-reference",
                format!("secret `{}` has no key `{}`", self.name.value, key.value),
            )
            .at(checking.name_span(&key.value, key.origin), "")
            .at(checking.span(first.origin), "its keys are listed here")
            .help(help);
            let meant = unmistakable(&key.value, known.iter().map(|known| known.value.as_str()));
            let span = checking.name_span(&key.value, key.origin);
            checking.report.push(diagnostic.renamed(span, checking.sources, &key.value, meant));
        }
    }

    /// The list, the keys of all sources, those that the type demands; the references where there is no list.
    fn keys(&self, listed: Vec<Written<String>>) -> Vec<Written<String>> {
        let is_open = listed.is_empty();
        let mut keys = listed;
        if let Some(table) = self.table {
            add_new(
                &mut keys,
                names(&table.env).chain(names(&table.files)).chain(names(&table.remote)).chain(names(&table.dev)),
            );
        }
        if is_open {
            let referenced = self.references().filter_map(|reference| match &reference.need {
                Need::Key(key) => Some(key.clone()),
                Need::All | Need::Tls | Need::Login | Need::Pull => None,
            });
            add_new(&mut keys, referenced);
        }
        if let Some(kind) = &self.kind {
            let demanded = demanded_keys(&kind.value);
            let one_is_enough =
                kind.value == BASIC_AUTH && keys.iter().any(|key| demanded.contains(&key.value.as_str()));
            let demanded = if one_is_enough { &[] } else { demanded };
            add_new(&mut keys, demanded.iter().map(|key| Written { value: (*key).to_owned(), origin: kind.origin }));
        }
        keys
    }

    fn report_no_keys(&self, checking: &mut Checking) {
        if checking.report.has_errors() {
            // a reference that was reported as wrong may name the keys
            return;
        }
        let title =
            format!("nothing in this stack says which keys secret `{}` has, so it stays empty", self.name.value);
        let diagnostic = Diagnostic::warning("empty-secret", title)
            .at(checking.key_span(self.name.origin), "")
            .help(format!("add `keys = [\"password\"]` to `{}`, with the keys that it shall have", self.header()));
        checking.report.push(diagnostic);
    }

    fn remote(&self, key: &Written<String>) -> Stated<Remote> {
        match self.table.and_then(|table| find(&table.remote, key)) {
            Some(remote) => remote.clone().into(),
            None => {
                let remote = Remote { path: self.name.value.to_owned(), property: Some(key.value.clone()) };
                Stated::made(remote, "a store keeps a secret under its name, each key as a property", key.origin)
            }
        }
    }

    fn check_size(&self, keys: &[SecretKey], checking: &mut Checking) {
        let size: usize = keys.iter().filter_map(|key| key.value.as_ref()).map(|value| value.value.size()).sum();
        if size > MAXIMUM_BYTES {
            let title = format!("secret `{}` holds {size} bytes, and a Secret takes {MAXIMUM_BYTES}", self.name.value);
            let diagnostic = Diagnostic::error("too-large", title)
                .at(checking.key_span(self.name.origin), "")
                .help("split it in two");
            checking.report.push(diagnostic);
        }
    }
}

fn names<V>(values: &Keyed<ConfigKey, Written<V>>) -> impl Iterator<Item = Written<String>> {
    values.iter().map(|(key, _)| key.as_ref().map(ToString::to_string))
}

fn find<'a, V>(values: &'a Keyed<ConfigKey, Written<V>>, key: &Written<String>) -> Option<&'a Written<V>> {
    values.iter().find(|(name, _)| name.value.as_str() == key.value).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::fixture::Fixture;
    use crate::component::parts::content::Content;
    use crate::document::OriginId;

    /// The plan of the text's secrets, with references as `(secret, need)` at the place of that text.
    struct Case {
        fixture: Fixture,
        declared: Vec<DeclaredSecret>,
        references: Vec<Reference>,
        values: SecretValues,
    }

    const PLACE: OriginId = OriginId(0);

    fn written(value: &str) -> Written<String> {
        Written { value: value.to_owned(), origin: PLACE }
    }

    impl Case {
        fn new(text: &str) -> Self {
            Self::of(Fixture::new(text))
        }

        fn of(fixture: Fixture) -> Self {
            Self { fixture, declared: Vec::new(), references: Vec::new(), values: SecretValues::Read }
        }

        fn needs(mut self, secret: &str, key: &str) -> Self {
            self.references.push(Reference { secret: written(secret), need: Need::Key(written(key)) });
            self
        }

        fn wants(mut self, secret: &str, need: Need) -> Self {
            self.references.push(Reference { secret: written(secret), need });
            self
        }

        fn declares(mut self, secret: &str, keys: &[(&str, Option<&str>)]) -> Self {
            let keys = keys.iter().map(|(key, text)| (written(key), text.map(written)));
            self.declared.push(DeclaredSecret { name: written(secret), keys: keys.collect() });
            self
        }

        fn plans(&mut self) -> Vec<SecretPlan> {
            let tables = self.fixture.decode(&["secret"]);
            let cluster = self.fixture.decode(&["cluster"]);
            let inputs = self.fixture.inputs();
            let secrets = Secrets {
                tables: &tables,
                declared: &self.declared,
                references: &self.references,
                cluster: &cluster,
                inputs: &inputs,
                values: self.values,
            };
            plan(&secrets, &mut self.fixture.checking())
        }

        /// Keys and values of the only secret.
        fn values(&mut self) -> Vec<(String, Option<Content>)> {
            let mut plans = self.plans();
            assert_eq!(plans.len(), 1);
            let plan = plans.remove(0);
            plan.keys.into_iter().map(|key| (key.name.value, key.value.map(|value| value.value))).collect()
        }

        fn quiet(self) -> Self {
            assert!(self.fixture.report.diagnostics.is_empty(), "{:#?}", self.fixture.report.diagnostics);
            self
        }
    }

    fn held(key: &str, text: &str) -> (String, Option<Content>) {
        (key.to_owned(), Some(Content::Text(text.to_owned())))
    }

    const LOCAL: &str = "cluster = { local = true, secrets = \"dev\" }\n";

    #[test]
    fn a_dev_secret_shows_what_it_is() {
        let mut case =
            Case::new(&format!("{LOCAL}[secret.db]\nkeys = [\"user\", \"password\"]\ndev = {{ user = \"me\" }}"));
        assert_eq!(case.values(), [held("user", "me"), held("password", "dev-only-db-password")]);
        case.quiet();
    }

    #[test]
    fn what_a_database_declares_holds_what_the_database_says() {
        let mut case = Case::new(LOCAL).declares("pg", &[("user", Some("todo")), ("password", None)]);
        assert_eq!(case.values(), [held("user", "todo"), held("password", "dev-only-pg-password")]);
        let text = format!("{LOCAL}[secret.pg]\ndev = {{ user = \"me\" }}");
        let mut written = Case::new(&text).declares("pg", &[("user", Some("todo"))]);
        assert_eq!(written.values(), [held("user", "me")]);
        case.quiet();
    }

    #[test]
    fn without_a_list_the_references_are_the_keys() {
        let mut case =
            Case::new(&format!("{LOCAL}[secret.slack]\nenv = {{ A = \"X\" }}")).needs("slack", "B").needs("slack", "B");
        assert_eq!(case.values(), [held("A", "dev-only-slack-A"), held("B", "dev-only-slack-B")]);
        case.quiet();
    }

    #[test]
    fn a_key_that_is_not_in_the_list_is_an_error() {
        let mut case = Case::new("[secret.slack]\nkeys = [\"TOKEN\"]\ndev = { EXTRA = \"x\" }")
            .needs("slack", "TOKNE")
            .needs("slack", "EXTRA");
        case.plans();
        assert_eq!(case.fixture.labelled()[1], "\"TOKEN\"");
        let (title, help) = case.fixture.only_message();
        assert_eq!(title, "secret `slack` has no key `TOKNE`");
        assert_eq!(help, "did you mean \"TOKEN\"? Otherwise add \"TOKNE\" to `keys` of `[secret.slack]`");
    }

    #[test]
    fn dev_is_for_local_clusters() {
        let mut case = Case::new("cluster.local = false\n[secret.db]\nsource = \"dev\"\nkeys = [\"a\"]");
        case.plans();
        assert_eq!(case.fixture.labelled(), ["\"dev\"", "false"]);
        assert_eq!(case.fixture.only_message().0, "secrets of source `dev` are for local clusters only");
        let mut unused = Case::new("cluster.local = false\n[secret.db]\nkeys = [\"a\"]\ndev = { a = \"x\" }");
        assert_eq!(unused.plans()[0].source.value, Source::Existing);
        unused.quiet();
    }

    #[test]
    fn values_come_from_the_environment() {
        let stack = "[secret.app]\nsource = \"env\"\nkeys = [\"slack-token\"]\nenv = { other = \"OTHER\" }";
        let mut case = Case::of(Fixture::new(stack).variable("SLACK_TOKEN", "s3cret").variable("OTHER", "x"));
        assert_eq!(case.values(), [held("slack-token", "s3cret"), held("other", "x")]);
        case.quiet();
        let mut unset = Case::of(Fixture::new(stack).variable("SLACK_TOKEN", "s3cret"));
        assert_eq!(unset.values()[1], ("other".into(), None));
        assert_eq!(unset.fixture.labelled(), ["\"OTHER\""]);
        assert_eq!(unset.fixture.only_message().1, "type `export OTHER='…'` before `stowplan render`");
    }

    #[test]
    fn placeholders_read_nothing_and_fit_the_type() {
        let text = "[secret.a]\nsource = \"env\"\nkeys = [\"token\"]\n[secret.b]\nsource = \"file\"\nfiles.key = \"f\"\n[secret.c]\nsource = \"env\"";
        let mut case =
            Case::of(Fixture::new(text).variable("TOKEN", "s3cret").file("f", "s3cret")).wants("c", Need::Pull);
        case.values = SecretValues::Placeholder;
        let plans = case.plans();
        let contents: Vec<_> = plans.iter().map(|plan| plan.keys[0].value.clone().map(|value| value.value)).collect();
        let expected = ["<$TOKEN>", "<f>", r#"{"auths":{}}"#].map(|text| Some(Content::Text(text.to_owned())));
        assert_eq!(contents, expected);
        case.quiet();
    }

    #[test]
    fn values_come_from_files() {
        let mut case = Case::of(Fixture::new("[secret.a]\nsource = \"file\"\nfiles.key = \"f\"").file("f", [0xff]));
        assert_eq!(case.values(), [("key".to_owned(), Some(Content::Bytes(vec![0xff])))]);
        case.quiet();
        let mut missing = Case::new("[secret.a]\nsource = \"file\"\nkeys = [\"key\"]");
        missing.values();
        assert_eq!(missing.fixture.only_message().1, "add `files.key = \"PATH\"` to `[secret.a]`");
    }

    #[test]
    fn an_external_secret_needs_a_store() {
        let text = "[secret.a]\nsource = \"external\"\nkeys = [\"x\", \"y\"]\nremote = { x = \"team/app#token\" }";
        let mut case = Case::new(&format!("cluster.secret-store = \"vault\"\n{text}"));
        let plan = case.plans().remove(0);
        let remotes: Vec<_> = plan
            .keys
            .into_iter()
            .filter_map(|key| key.remote)
            .map(|remote| (remote.value.path, remote.value.property))
            .collect();
        assert_eq!(
            remotes,
            [("team/app".to_owned(), Some("token".to_owned())), ("a".to_owned(), Some("y".to_owned()))]
        );
        assert_eq!(plan.store.map(|store| store.value).as_deref(), Some("vault"));
        case.quiet();
        let mut without = Case::new(text);
        without.plans();
        assert!(without.fixture.only_message().1.starts_with("add `store = \"NAME\"` to `[secret.a]`"));
    }

    #[test]
    fn a_use_gives_the_type_and_the_type_its_keys() {
        let mut case = Case::new(&format!("{LOCAL}[secret.web-tls]")).wants("web-tls", Need::Tls);
        assert_eq!(
            case.values(),
            [held("tls.crt", "dev-only-web-tls-tls.crt"), held("tls.key", "dev-only-web-tls-tls.key")]
        );
        let plan = case.plans().remove(0);
        assert_eq!(plan.kind.map(|kind| kind.value).as_deref(), Some(TLS));
        let mut one = Case::new(&format!("{LOCAL}[secret.a]\ntype = \"{BASIC_AUTH}\"\nkeys = [\"password\"]"));
        assert_eq!(one.values(), [held("password", "dev-only-a-password")]);
        case.quiet();
    }

    #[test]
    fn the_form_of_a_type_is_checked_without_showing_the_value() {
        let text = format!(
            "[secret.a]\nsource = \"env\"\ntype = \"{DOCKER_CONFIG}\"\nenv = {{ \".dockerconfigjson\" = \"X\" }}"
        );
        let mut case = Case::of(Fixture::new(&text).variable("X", "hunter2"));
        case.plans();
        assert!(!format!("{:?}", case.fixture.report).contains("hunter2"));
        assert!(case.fixture.only_message().0.contains("is no JSON object"));
    }

    #[test]
    fn a_secret_without_keys_is_a_warning() {
        let mut case = Case::new(&format!("{LOCAL}[secret.a]")).wants("a", Need::All);
        case.plans();
        assert!(case.fixture.only_message().1.starts_with("add `keys"));
        let mut existing = Case::new("[secret.a]").wants("a", Need::All);
        existing.plans();
        existing.quiet();
    }

    #[test]
    fn a_token_of_an_account_is_not_made() {
        let mut case = Case::new(&format!("{LOCAL}[secret.a]\ntype = \"{ACCOUNT_TOKEN}\"\nkeys = [\"token\"]"));
        case.plans();
        assert!(case.fixture.only_message().0.ends_with("is filled by the cluster"));
    }
}
