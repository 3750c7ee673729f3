//! Says where a value comes from: `cargo run --example why -- examples/todo/stack.toml cloud hpa/api spec.minReplicas`.
#![allow(clippy::print_stdout, reason = "an example prints what it finds")]

use stowplan::profile::{Request, Session};
use stowplan::source::Files;
use stowplan::why::{Question, answer};

/// Every writing of a field, the winner first: the place, the layer, and what stands there.
pub fn writings(stack: &str, profile: &str, object: &str, field: &str) -> Vec<String> {
    let mut session = Session::default();
    let stack = session.sources.add("stack.toml", stack);
    let request = Request { stack, profile: Some(profile), set: &[] };
    let question = Question { request, object, field: Some(field) };
    let Some(answer) = answer(&question, &mut session, &Files::default()) else {
        return session.report.diagnostics.into_iter().map(|diagnostic| diagnostic.title).collect();
    };
    let asked = answer.objects.iter().filter_map(|object| object.fields.first());
    let writings = asked.flat_map(|field| field.origins.iter().flatten());
    writings.map(|writing| format!("{}:{} {}: {}", writing.file, writing.line, writing.layer, writing.text)).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, profile, object, field] = &arguments[..] else {
        return Err("name a stack file, a profile, an object and a field".into());
    };
    for line in writings(&std::fs::read_to_string(path)?, profile, object, field) {
        println!("{line}");
    }
    Ok(())
}
