//! The variables of a container.

use crate::check::place::At;

/// Looks at the variables of a container that have a text, with name and text.
pub fn look_at_texts(container: &At, look: &mut dyn FnMut(&At, &str, &str)) {
    for variable in container.key("env").items() {
        let value = variable.key("value");
        if value.is_set() {
            look(&value, variable.key("name").text(), value.text());
        }
    }
}

/// Whether a container has one of these variables, whatever gives its value.
pub fn has_any(container: &At, names: &[&str]) -> bool {
    container.key("env").items().any(|variable| names.contains(&variable.key("name").text()))
}

/// The text of a variable; empty where it is not written there.
pub fn text_of<'f>(container: &At<'_, 'f>, name: &str) -> &'f str {
    let env = container.key("env");
    let found = env.items().find(|variable| variable.key("name").is_text(name));
    found.map_or("", |variable| variable.key("value").text())
}

/// Whether a container may have variables that are not to be seen: whole ConfigMaps or Secrets of them.
pub fn is_open(container: &At) -> bool {
    !container.key("envFrom").is_empty()
}

/// Looks at the words of command and arguments.
pub fn look_at_words(container: &At, look: &mut dyn FnMut(&At, &str)) {
    for list in ["command", "args"] {
        for word in container.key(list).items() {
            look(&word, word.text());
        }
    }
}

/// Looks at the words of command and arguments that no shell reads: what stands behind the name of a shell, or behind `-c`, may be
/// a script.
pub fn look_at_plain_words(container: &At, look: &mut dyn FnMut(&At, &str)) {
    let mut is_script = false;
    look_at_words(container, &mut |word, text| {
        is_script |= is_shell(text) || text == "-c";
        if !is_script {
            look(word, text);
        }
    });
}

/// Whether a word calls a shell, wherever that is.
fn is_shell(word: &str) -> bool {
    let program = word.rsplit('/').next().unwrap_or(word);
    matches!(program, "sh" | "ash" | "bash" | "busybox" | "dash" | "fish" | "ksh" | "zsh")
}
