//! Expressions of any length: whatever reads, evaluates and frees a chain takes some of the stack for each of its links.

#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

mod support;

use serde_yaml::Value;
use stowplan::document::expression::measure;
use support::{container, object, render};

/// More links than any person writes, and fewer than are refused.
const MANY: usize = 140;

/// A stack with an expression, and with more tables behind it.
fn stack(expression: &str, tables: &str) -> String {
    format!(
        "[stack]\nname = \"shop\"\n[vars]\na = \"a-b\"\nn = 101\n[api.web]\nimage = \"nginx:1.27\"\nport = 80\nenv.X = \"\"\"{expression}\"\"\"\n{tables}\n"
    )
}

/// What the variable X sees.
#[track_caller]
fn gives(expression: &str) -> Value {
    let objects = render(&stack(expression, ""), "k3d", &[], &[]).unwrap_or_else(|messages| panic!("{messages}"));
    container(object(&objects, "Deployment", "web"))["env"][0]["value"].clone()
}

/// The one message about a stack has this part.
#[track_caller]
fn refuses(stack: &str, part: &str) {
    let Err(messages) = render(stack, "k3d", &[], &[]) else { panic!("it renders") };
    assert!(messages.contains(part), "{:.2000}", messages);
    assert_eq!(messages.matches("error[").count(), 1, "{:.2000}", messages);
}

#[test]
fn a_long_one_is_evaluated() {
    assert_eq!(gives(&format!("{{{{ 1{} }}}}", "+1".repeat(MANY))), (MANY + 1).to_string());
    assert_eq!(gives(&format!("{{{{ vars.a{} }}}}", "|upper".repeat(MANY))), "A-B");
    assert_eq!(gives(&format!("{{{{ '{}' }}}}", "+1".repeat(10_000))), "+1".repeat(10_000));
}

#[test]
fn an_endless_one_is_refused_in_texts_and_in_templates() {
    const SAID: &str = "this expression cannot be evaluated: it has more than 300 words and signs";
    for link in ["+1", "~1", "|upper", " if 1 else 1", "()", "[0]", " is odd", " and 1", ".a"] {
        let expression = format!("{{{{ 1{} }}}}", link.repeat(50_000));
        refuses(&stack(&expression, ""), SAID);
        let manifest = format!("[manifest.m]\ntemplate = true\nyaml = \"\"\"a: {expression}\"\"\"");
        refuses(&stack("", &manifest), SAID);
    }
    for opening in ["-", "not ", "(", "["] {
        refuses(&stack(&format!("{{{{ {}1 }}}}", opening.repeat(50_000)), ""), SAID);
    }
}

#[test]
fn replacing_makes_no_more_text_than_there_is_room_for() {
    refuses(
        &stack("{{ ('x' * 100000) | replace('x', 'x' * 100000) | length }}", ""),
        "replace makes more than 1048576 bytes",
    );
    assert_eq!(gives("{{ vars.a | replace('-', '_') }}"), "a_b");
    assert_eq!(gives("{{ vars.n | replace(1, '') }}"), "0");
}

/// Whatever its links are, the longest that is read is answered, on the small stack of a test in a build without optimization.
#[test]
fn the_longest_one_is_answered() {
    let links = ["+1", "|upper", " if 1 else 1", "()", "[0]", " is odd", " and 1", ".a"].map(|link| ("", link));
    let openings = ["-", "not ", "(", "[", "[-", "{'a':", "1 if "].map(|opening| (opening, ""));
    for (opening, link) in links.into_iter().chain(openings) {
        let all = (1..300).rev().map(|count| format!(" {}1{} ", opening.repeat(count), link.repeat(count)));
        let longest = all.into_iter().find(|expression| measure(expression).is_ok()).unwrap();
        let manifest = format!("[manifest.m]\ntemplate = true\nyaml = \"\"\"a: {{{{{longest}}}}}\"\"\"");
        let answer = render(&stack(&format!("{{{{{longest}}}}}"), ""), "k3d", &[], &[]);
        assert!(answer.is_ok() || answer.is_err_and(|messages| !messages.contains("words and signs")), "{longest}");
        // A bracket that is never closed reaches to the end of a template, so that it may be too long there.
        drop(render(&stack("", &manifest), "k3d", &[], &[]));
    }
}
