//! What those who read the documentation for the first time wrote, and what they are told.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

#[path = "support/program.rs"]
mod program;

use program::Folder;

const POOLED: &str = "[stack]\nname = \"a\"\nnamespace = \"a\"\nprofiles = [\"eks\"]\n\n[db.postgres]\nengine = \"postgres\"\npooler = POOLER\n\n[api.web]\nimage = \"x/web:1.0\"\nport = 80\nuses = [\"postgres\"]\n";

#[test]
fn a_pooler_reads_its_host_from_its_settings() {
    for pooler in ["true", "{ mode = \"session\", size = 20 }"] {
        let folder = Folder::of_stack("pooler", &POOLED.replace("POOLER", pooler));
        folder.run(&["lint"]).ends(0).never(&["db-env-convention", "error"]);
        let rendered = folder.run(&["render"]).ends(0).out;
        folder.run_on(&rendered, &["lint", "-"]).never(&["db-env-convention"]);
    }
}

#[test]
fn settings_that_name_no_host_are_no_answer() {
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a.ini: TEXT}\n";
    let pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  volumes: [{name: a, configMap: {name: a}}]\n  containers: [{name: a, image: \"x/web:1.0\", env: [{name: PGUSER, value: web}]}]\n";
    let folder = Folder::new("settings", &[]);
    let lint = |text: &str| folder.run_on(&format!("{}{pod}", config.replace("TEXT", text)), &["lint", "-"]);
    for text in ["'host=db'", "'host = db'", "'db_host: db'", "'{\"host\": \"db\"}'"] {
        lint(text).never(&["db-env-convention"]);
    }
    for text in ["'port=5432'", "'hosts are many'", "'proxy_set_header Host $host;'"] {
        lint(text).prints(&["db-env-convention"]);
    }
}

/// A profile of one's own says something about a component beside what a rule finds of it.
#[test]
fn a_header_overrides_nothing() {
    let stack = "[stack]\nname = \"shop\"\nnamespace = \"shop\"\nprofiles = [\"production\"]\n\n[api.web]\nimage = \"x/web:1.0\"\nport = 80\n";
    let profile = "extends = \"eks\"\n\n[api.web]\nreplicas = 4\n";
    let folder = Folder::new("header", &[("stack.toml", stack), ("profiles/production.toml", profile)]);
    folder.run(&["lint"]).prints(&["run-as-root"]).never(&["this is overridden", "profiles/production"]);
}
