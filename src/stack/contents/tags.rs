//! Finds the tags of a template, to measure what is in them before it is read.

use crate::document::expression::measure;
use minijinja::Error;
use std::ops::Range;

/// The first tag that is too long to be read: its bytes, and what is wrong.
///
/// # Errors
/// There is one.
pub fn measure_all(text: &str) -> Result<(), (Range<usize>, Error)> {
    let mut at = 0;
    while let Some(found) = text[at..].find('{') {
        let start = at + found;
        let rest = &text[start..];
        at = start
            + match rest.as_bytes().get(1) {
                Some(b'{' | b'%') => {
                    let inner = end_of_inner(rest);
                    let end = (inner + 2).min(rest.len());
                    measure(&rest[2..inner]).map_err(|error| (start..start + end, error))?;
                    if names(rest, "raw") { end + end_of_raw(&rest[end..]) } else { end }
                }
                Some(b'#') => rest.find("#}").map_or(rest.len(), |end| end + 2),
                _ => 1,
            };
    }
    Ok(())
}

/// Where what is in the tag that begins a text ends; what closes it is not inside quotes or brackets.
fn end_of_inner(text: &str) -> usize {
    let bytes = text.as_bytes();
    let closing = if bytes[1] == b'{' { b'}' } else { b'%' };
    let (mut quote, mut depth, mut at) = (None, 0_usize, 2);
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (None, byte) if depth == 0 && byte == closing && bytes.get(at + 1) == Some(&b'}') => return at,
            (None, byte @ (b'"' | b'\'')) => quote = Some(byte),
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            (Some(_), b'\\') => at += 1,
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// Whether the tag that begins a text is a statement of this name: `{%- raw %}`.
fn names(text: &str, name: &str) -> bool {
    let inner = text.strip_prefix("{%").map(|inner| inner.trim_start_matches(['-', '+']).trim_start());
    inner.is_some_and(|inner| inner.starts_with(name))
}

/// Where text that is taken as it stands ends.
fn end_of_raw(text: &str) -> usize {
    let mut ends = text.match_indices("{%").map(|(at, _)| at);
    ends.find(|at| names(&text[*at..], "endraw")).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Option<usize> {
        measure_all(text).err().map(|(range, _)| range.start)
    }

    #[test]
    fn only_what_is_in_one_tag_counts() {
        let long = "+1".repeat(200);
        assert_eq!(place(&format!("a: {{{{ 1{long} }}}}")), Some(3));
        assert_eq!(place(&format!("{{% if 1{long} %}}{{% endif %}}")), Some(0));
        assert_eq!(place(&format!("{long}{long}{{{{ '{long}{long}' }}}}{{# 1{long} #}}")), None);
        assert_eq!(place(&format!("{{% raw %}}{{{{ '{long}{long} {{% endraw %}}")), None);
        assert_eq!(place(&"{{ 1 + 1 }}".repeat(1000)), None);
    }

    #[test]
    fn what_is_never_closed_ends_with_the_text() {
        for text in ["{", "{{", "{{}", "{%", "{% raw %}", "{#", "{{ 'é", "{% raw %}{% é", "{{ '\\"] {
            assert_eq!(place(text), None, "{text}");
        }
    }

    #[test]
    fn nothing_hides_the_rest_of_a_tag() {
        let long = "+1".repeat(200);
        for before in
            ["{{ '}}'", "{{ {'a': {}}['a']", "{{ 'a\\'}}'", "{# ' #}{{ 1", "{%- raw %}{{ ' {%- endraw %}{{ 1", "{ {{ 1"]
        {
            assert!(place(&format!("{before}{long}")).is_some(), "{before}");
        }
    }
}
