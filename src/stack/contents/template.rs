//! Renders a whole text with minijinja, within limits, and says where it goes wrong.

use super::tags;
use crate::component::parts::content::MAXIMUM_BYTES;
use crate::diagnostic::Report;
use crate::value::nearest;
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value};
use std::borrow::Cow;
use std::io;
use std::ops::Range;

/// Gives the names that `{{ }}` knows.
pub trait Context {
    /// The names as a map; what is wrong with a fact that they need is reported.
    fn context(&self, report: &mut Report) -> Value;
}

/// Why a template cannot be rendered.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// Lower-case phrase that names the value.
    pub title: String,
    /// What to type.
    pub help: String,
    /// Bytes of the template: the expression, or its line.
    pub at: Range<usize>,
}

/// The text with everything in it evaluated.
///
/// # Errors
/// What is wrong with the template; an undefined name is an error too.
pub fn render(text: &str, context: &Value) -> Result<String, Fault> {
    let environment = environment();
    let mut output = Bounded(Vec::new());
    tags::measure_all(text).map_err(|(at, error)| {
        let title = format!("this expression cannot be evaluated: {}", error.detail().unwrap_or_default());
        Fault { title, help: "keep a part of it in a name: `{% set part = … %}`".to_owned(), at }
    })?;
    let template = environment.template_from_str(text).map_err(|error| fault(&error, text, context))?;
    template.render_captured_to(context.clone(), &mut output).map_err(|error| fault(&error, text, context))?;
    Ok(String::from_utf8_lossy(&output.0).into_owned())
}

/// Steps after which a template is taken for endless; a page of text takes some hundreds.
const MAXIMUM_STEPS: u64 = 1_000_000;

/// Filters that make as much text as their arguments ask for, and so could ask for more memory than there is.
const UNBOUNDED_FILTERS: [&str; 3] = ["format", "batch", "slice"];

/// The widest `indent`, in columns.
const MAXIMUM_INDENT: usize = 200;

/// minijinja as templates and expressions use it: strict, and within limits of time and memory.
pub fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    let syntax = SyntaxConfig::builder().keep_trailing_newline(true).build();
    environment.set_syntax(syntax.expect("the delimiters are those of minijinja"));
    environment.set_fuel(Some(MAXIMUM_STEPS));
    // Without it errors know no place.
    environment.set_debug(true);
    for filter in UNBOUNDED_FILTERS {
        environment.remove_filter(filter);
    }
    environment.add_filter("indent", indent);
    environment.add_filter("replace", replace);
    environment
}

/// minijinja's `replace` for as much text as a ConfigMap takes.
fn replace(text: Cow<str>, old: Cow<str>, new: Cow<str>) -> Result<String, minijinja::Error> {
    let most = text.len().saturating_add(text.matches(&*old).count().saturating_mul(new.len()));
    if most > MAXIMUM_BYTES {
        let title = format!("replace makes more than {MAXIMUM_BYTES} bytes");
        return Err(minijinja::Error::new(ErrorKind::InvalidOperation, title));
    }
    Ok(text.replace(&*old, &new))
}

/// minijinja's `indent` for widths that fit a page.
fn indent(
    text: String,
    width: Option<usize>,
    first: Option<bool>,
    blank: Option<bool>,
) -> Result<String, minijinja::Error> {
    let width = width.unwrap_or(4);
    if width > MAXIMUM_INDENT {
        let title = format!("indent takes at most {MAXIMUM_INDENT} columns, not {width}");
        return Err(minijinja::Error::new(ErrorKind::InvalidOperation, title));
    }
    let space = " ".repeat(width);
    let line = |(number, line): (usize, &str)| {
        let indented = (number > 0 || first == Some(true)) && (!line.is_empty() || blank == Some(true));
        if indented { format!("{space}{line}") } else { line.to_owned() }
    };
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(text.split('\n').enumerate().map(line).collect::<Vec<_>>().join("\n"))
}

/// Takes as much as a ConfigMap takes.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAXIMUM_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn fault(error: &minijinja::Error, text: &str, context: &Value) -> Fault {
    let at = error.range().filter(|at| text.get(at.clone()).is_some_and(|part| !part.is_empty()));
    let at = at.unwrap_or_else(|| line_range(text, error.line().unwrap_or(1)));
    let (title, help) = match error.kind() {
        ErrorKind::UndefinedError => undefined(&text[at.clone()], context),
        ErrorKind::SyntaxError => {
            let title = error.detail().unwrap_or("this is no template").to_owned();
            (title, "close every `{{`, `{%` and `{#`; to write braces themselves, type `{{ '{{' }}`".to_owned())
        }
        ErrorKind::OutOfFuel => {
            let title = format!("the template takes more than {MAXIMUM_STEPS} steps");
            (title, "loop over less".to_owned())
        }
        ErrorKind::WriteFailure => {
            let title = format!("the template makes more than {MAXIMUM_BYTES} bytes, the most that a ConfigMap takes");
            (title, "loop over less".to_owned())
        }
        ErrorKind::UnknownFilter => {
            let title = error.detail().unwrap_or("there is no such filter").to_owned();
            (title, "use another filter: default, replace, join, indent, upper, lower, trim, …".to_owned())
        }
        kind => {
            let title = error.detail().map_or_else(|| kind.to_string(), ToOwned::to_owned);
            (title, "correct the expression, or leave `template` out if this is no template".to_owned())
        }
    };
    Fault { title, help, at }
}

/// Title and help for a name that is not there.
fn undefined(expression: &str, context: &Value) -> (String, String) {
    let expression = expression.trim();
    let title = format!("`{expression}` is not defined");
    let mut known = context.clone();
    let mut path = String::new();
    for name in expression.split('.') {
        match known.get_attr(name) {
            Ok(value) if !value.is_undefined() => known = value,
            _ => {
                let names: Vec<String> =
                    known.try_iter().map(|names| names.map(|name| name.to_string()).collect()).unwrap_or_default();
                if let Some(near) = nearest(name, names.iter().map(String::as_str)) {
                    return (title, format!("did you mean `{path}{near}`?"));
                }
                break;
            }
        }
        path = format!("{path}{name}.");
    }
    let help = match expression.strip_prefix("vars.") {
        Some(name) => format!("add `{name} = \"…\"` below `[vars]`, or write `{expression} | default(\"…\")`"),
        None => format!("use a name that is defined, or write `{expression} | default(\"…\")`"),
    };
    (title, help)
}

/// The bytes of a line, counted from 1, without its end.
fn line_range(text: &str, line: usize) -> Range<usize> {
    let start = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    let length = text[start..].lines().next().map_or(0, str::len);
    start..start + length
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::context;

    fn fails(text: &str) -> (String, String, &str) {
        let context = context! { vars => context! { port => "80", host => "web" } };
        let fault = render(text, &context).expect_err("the template is wrong");
        (fault.title, fault.help, &text[fault.at])
    }

    #[test]
    fn loops_and_the_last_newline_are_kept() {
        let context = context! { vars => context! { hosts => vec!["a", "b"], markup => "<&>" } };
        let text = "{% for host in vars.hosts %}server {{ host }};\n{% endfor %}{{ vars.markup }}\n";
        assert_eq!(render(text, &context).as_deref(), Ok("server a;\nserver b;\n<&>\n"));
    }

    #[test]
    fn an_undefined_name_is_found_with_its_place() {
        let (title, help, at) = fails("listen {{ vars.port }};\nname {{ vars.hots }};\n");
        assert_eq!((title.as_str(), at), ("`vars.hots` is not defined", "vars.hots"));
        assert_eq!(help, "did you mean `vars.host`?");
        assert_eq!(fails("{{ vasr.port }}").1, "did you mean `vars`?");
        assert_eq!(
            fails("{{ vars.domain }}").1,
            "add `domain = \"…\"` below `[vars]`, or write `vars.domain | default(\"…\")`"
        );
        assert_eq!(fails("{% if vars.debug %}x{% endif %}").0, "`vars.debug` is not defined");
    }

    #[test]
    fn what_is_no_template_is_found() {
        assert!(fails("a\n{% if vars.port %}\nb").1.starts_with("close every"));
        assert_eq!(fails("{{ vars.port | nosuch }}").2, "nosuch");
        assert!(fails("a {{").0.starts_with("unexpected end"));
    }

    #[test]
    fn no_template_runs_without_end() {
        let endless = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}";
        assert!(fails(endless).0.contains("steps"));
        assert!(fails("{% for a in range(99999) %}{{ 'twelve bytes' }}{% endfor %}").0.contains("bytes"));
        assert!(fails("{{ vars.port | indent(18446744073709551615) }}").0.starts_with("indent takes"));
        assert!(fails("{{ '%999999999999d' | format(1) }}").0.contains("format"));
        fails("{{ '%999999999999d' % 1 }}");
        fails("{{ '{:999999999999}'.format(1) }}");
        fails("{{ 'x' * 999999999999 }}");
    }

    #[test]
    fn indent_is_that_of_minijinja() {
        let context = Value::UNDEFINED;
        let text = "{{ 'a\n\nb\n' | indent(2) }}|{{ 'a\nb' | indent(2, true) }}|{{ 'a\n\nb' | indent(1, true, true) }}";
        let plain = Environment::new().render_str(text, ()).unwrap();
        assert_eq!(render(text, &context).as_ref(), Ok(&plain));
    }
}
