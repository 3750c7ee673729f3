//! Draws a stack from a text as Mermaid: `cargo run --example graph`.

use std::io;
use stowplan::emit::picture::mermaid::mermaid;
use stowplan::picture::{Extent, Picture};
use stowplan::pipeline;
use stowplan::profile::{Request, Session};
use stowplan::source::Files;

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

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut session = Session::default();
    let stack = session.sources.add("stack.toml", STACK);
    let request = Request { stack, profile: Some("k3d"), set: &[] };
    let Some(rendering) = pipeline::compile(&mut session, &request, &Files::default()) else {
        return Err(format!("{:?}", session.report.diagnostics).into());
    };
    let picture = Picture::of(&rendering.made_of.0, &rendering.bundle, &session, Extent::Components);
    io::Write::write_all(&mut io::stdout(), mermaid(&picture).as_bytes())?;
    Ok(())
}
