//! Draws a stack from a text as Mermaid: `cargo run --example graph`.

use std::io;
use std::path::{Path, PathBuf};
use stowplan::emit::picture::mermaid::mermaid;
use stowplan::picture::{Extent, Picture};
use stowplan::pipeline;
use stowplan::profile::{Request, Session};
use stowplan::source::Inputs;

const STACK: &str = r#"
[stack]
name = "shop"

[db.postgres]
engine = "postgres"
storage = "1Gi"
keys.password = "password"

[api.web]
image = "acme/web:1"
port = 80
uses = ["postgres"]
"#;

/// This stack reads no files and no variables.
struct Nothing;

impl Inputs for Nothing {
    fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn list(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn variable(&self, _: &str) -> Option<String> {
        None
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut session = Session::default();
    let stack = session.sources.add("stack.toml", STACK);
    let request = Request { stack, profile: Some("k3d"), set: &[] };
    let Some(rendering) = pipeline::compile(&mut session, &request, &Nothing) else {
        return Err(format!("{:?}", session.report.diagnostics).into());
    };
    let picture = Picture::of(&rendering.made_of.0, &rendering.bundle, &session, Extent::Components);
    io::Write::write_all(&mut io::stdout(), mermaid(&picture).as_bytes())?;
    Ok(())
}
