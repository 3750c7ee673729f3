//! What `uses` gives: the bindings, the variables of each kind of target, and the fields for variables of one's own.

use super::on_one_line;
use crate::component::engines::{ENGINES, EngineFacts};
use crate::component::parts::edges::Fact;
use crate::component::words::BindingWord;

/// Rows of two columns under a heading.
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// A name, and what is said of it.
    pub rows: Vec<(String, String)>,
}

/// All that is known of edges.
pub fn sections() -> [Section; 3] {
    let said = |(word, doc): &(&str, &str)| ((*word).to_owned(), on_one_line(doc));
    let engines = ENGINES.iter().map(|engine| (engine.name.to_owned(), variables(engine)));
    let others = ["api", "external"].map(|table| {
        let nothing = "nothing by default, but the edge; url: NAME_URL, with the target's name in capitals".to_owned();
        (table.to_owned(), nothing)
    });
    [
        Section { title: "Bindings", rows: BindingWord::WORDS.iter().map(said).collect() },
        Section { title: "Variables, by the engine or table of the target", rows: engines.chain(others).collect() },
        Section {
            title: "Fields, for variables of your own as in `uses.postgres = { DB_HOST = \"host\" }`; `host:PORT` names a port",
            rows: Fact::WORDS.iter().map(said).collect(),
        },
    ]
}

fn variables(engine: &EngineFacts) -> String {
    let url = format!("{} ({}://…)", engine.url_variable, engine.scheme);
    let mut bindings = match engine.binding {
        BindingWord::Libpq => {
            vec!["libpq, the default: PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE".to_owned(), format!("url: {url}")]
        }
        _ => vec![format!("url, the default: {url}")],
    };
    if let Some(jdbc) = engine.jdbc {
        bindings.push(format!("jdbc: JDBC_DATABASE_URL ({jdbc}://…), JDBC_DATABASE_USERNAME, JDBC_DATABASE_PASSWORD"));
    }
    bindings.join("; ")
}
