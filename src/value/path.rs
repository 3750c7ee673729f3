//! Paths in containers, in URLs and beside the stack file.

use super::{Invalid, Scalar, first_character, literal, place, quote, text_scalar};

/// Path in a container or on a node: begins with `/`, without `:`, `..` and control characters.
///
/// The API server takes nearly anything here; a kubelet or a container runtime fails later, because it separates what
/// it mounts by `:`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AbsolutePath(Box<str>);
text_scalar!(AbsolutePath);

impl Scalar for AbsolutePath {
    const WHAT: &'static str = "an absolute path such as \"/data\"";
    const EXAMPLE: &'static str = "/data";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if is_absolute(text) {
            return Ok(Self(text.into()));
        }
        let value = quote(text);
        let wrong = |reason: &str| Invalid::new(format!("{value} is not an absolute path: {reason}"));
        Err(if text.is_empty() {
            refuse_empty("an absolute path", Self::WHAT)
        } else if text.starts_with('~') {
            wrong("a container has no `~`")
                .at(first_character(text))
                .help("write the whole path, as in \"/root/.config\"")
        } else if let Some(colon) = text.find(':') {
            wrong("a `:` may not stand in it").at(colon..colon + 1).help(format!("write {}", Self::WHAT))
        } else if let Some(climbing) = text.split('/').find(|part| *part == "..") {
            wrong("a `..` may not stand in it").at(place(climbing, text)).help("write the path that it leads to")
        } else if text.starts_with('/') {
            refuse_control(wrong("a control character may not stand in it"), text)
        } else {
            let below = text.trim().strip_prefix("./").unwrap_or(text.trim());
            wrong("it does not begin with `/`")
                .at(first_character(text))
                .help(format!("write {}", Self::WHAT))
                .replace_if(is_absolute, format!("/{below}"))
        })
    }
}

/// Path in a URL: begins with `/`, printable ASCII without blanks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpPath(Box<str>);
text_scalar!(HttpPath);

impl Scalar for HttpPath {
    const WHAT: &'static str = "a path such as \"/healthz\"";
    const EXAMPLE: &'static str = "/healthz";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if is_http(text) {
            return Ok(Self(text.into()));
        }
        let value = quote(text);
        let wrong = |reason: &str| Invalid::new(format!("{value} is not a path in a URL: {reason}"));
        Err(if text.is_empty() {
            refuse_empty("a path in a URL", Self::WHAT)
        } else if let Some((before, after)) = text.split_once("://") {
            let host = after.find('/').unwrap_or(after.len());
            let path = if host < after.len() { &after[host..] } else { "/" };
            wrong("it has a scheme and a host")
                .at(0..before.len() + 3 + host)
                .help("write only the path")
                .replace_if(is_http, path)
        } else if let Some(strange) = text.trim().chars().find(|character| !character.is_ascii_graphic()) {
            let at = text.len() - text.trim_start().len() + text.trim().find(strange).unwrap_or_default();
            wrong("only printable characters of ASCII, without blanks")
                .at(at..at + strange.len_utf8())
                .help("write other characters in percent encoding")
                .replace_if(is_http, encode(&rooted(text.trim())))
        } else {
            let reason = if text.trim() == text { "it does not begin with `/`" } else { "it has a blank beside it" };
            wrong(reason)
                .at(first_character(text))
                .help(format!("write {}", Self::WHAT))
                .replace_if(is_http, rooted(text.trim()))
        })
    }
}

/// Path of a file or a folder, counted from the folder of the stack file: not empty, without control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelativePath(Box<str>);
text_scalar!(RelativePath);

impl Scalar for RelativePath {
    const WHAT: &'static str = "a path beside the stack file such as \"config/nginx.conf\"";
    const EXAMPLE: &'static str = "config/nginx.conf";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if is_relative(text) {
            return Ok(Self(text.into()));
        }
        let value = quote(text);
        let wrong = |reason: &str| Invalid::new(format!("{value} is not a path beside the stack file: {reason}"));
        Err(if text.is_empty() {
            refuse_empty("a path beside the stack file", Self::WHAT)
        } else if text.starts_with(['/', '~']) {
            wrong("it holds on one machine only")
                .at(first_character(text))
                .help("write it as seen from the stack file, as in \"../shared/app.conf\"")
        } else if let Some(slash) = text.find('\\') {
            wrong("folders are separated by `/`")
                .at(slash..slash + 1)
                .help("write `/` instead of `\\`")
                .replace_if(is_relative, text.replace('\\', "/"))
        } else {
            refuse_control(wrong("a control character may not stand in it"), text)
        })
    }
}

/// Path of a file in a volume, counted from where it is mounted: no `..` as a part or at the start, no control characters.
///
/// `validateLocalNonReservedPath` of the Kubernetes API server; control characters are refused because no file is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VolumePath(Box<str>);
text_scalar!(VolumePath);

impl Scalar for VolumePath {
    const WHAT: &'static str = "a path in the volume such as \"conf.d/app.conf\"";
    const EXAMPLE: &'static str = "conf.d/app.conf";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if is_in_volume(text) {
            return Ok(Self(text.into()));
        }
        let value = quote(text);
        let wrong = |reason: &str| Invalid::new(format!("{value} is not a path in a volume: {reason}"));
        Err(if text.is_empty() {
            refuse_empty("a path in a volume", Self::WHAT)
        } else if text.starts_with('/') {
            wrong("it begins with `/`")
                .at(first_character(text))
                .help("write it as seen from the path of the mount")
                .replace_if(is_in_volume, text.trim_start_matches('/'))
        } else if text.contains("..") {
            let inner = text.split('/').filter(|part| !matches!(*part, ".." | "." | "")).collect::<Vec<_>>().join("/");
            let help = if inner.is_empty() { "mode" } else { inner.as_str() };
            wrong("`..` leads out of it").help(format!("write a path below the mount, as in {}", literal(help)))
        } else {
            refuse_control(wrong("a control character may not stand in it"), text)
        })
    }
}

fn is_absolute(text: &str) -> bool {
    text.starts_with('/')
        && !text.contains(|character: char| character == ':' || character.is_control())
        && text.split('/').all(|part| part != "..")
}

fn is_http(text: &str) -> bool {
    text.starts_with('/') && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_relative(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(['/', '~'])
        && !text.contains(|character: char| character == '\\' || character.is_control())
}

fn is_in_volume(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('/')
        && !text.starts_with("..")
        && !text.contains(char::is_control)
        && text.split('/').all(|part| part != "..")
}

fn refuse_empty(what: &str, expected: &str) -> Invalid {
    Invalid::new(format!("an empty text is not {what}")).help(format!("write {expected}"))
}

fn refuse_control(invalid: Invalid, text: &str) -> Invalid {
    let invalid = invalid.help(format!("leave it out, as in {}", literal(&text.replace(char::is_control, ""))));
    match text.char_indices().find(|(_, character)| character.is_control()) {
        Some((at, character)) => invalid.at(at..at + character.len_utf8()),
        None => invalid,
    }
}

fn rooted(path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("/{}", path.strip_prefix("./").unwrap_or(path)) }
}

/// Percent encoding of everything that is not printable ASCII (RFC 3986 section 2.1).
fn encode(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len() + 8);
    for byte in path.bytes() {
        if byte.is_ascii_graphic() {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::super::tests::{accepts, refuses, replacement};
    use super::*;

    #[test]
    fn absolute_paths() {
        accepts::<AbsolutePath>(&["/", "/data", "/etc/app/", "/a b", "/..a", "/a..b/c", "/é", "//a"]);
        refuses::<AbsolutePath>(&[
            "", "data", "./data", "~/x", "/a:b", "C:\\x", "/a/../b", "/..", "..", "/a\0b", "/a\nb",
        ]);
        assert_eq!(replacement::<AbsolutePath>("etc/config").as_deref(), Some("/etc/config"));
        assert_eq!(replacement::<AbsolutePath>("./data").as_deref(), Some("/data"));
        let invalid = AbsolutePath::parse("/data:ro").unwrap_err();
        assert_eq!(invalid.title, "`/data:ro` is not an absolute path: a `:` may not stand in it");
        assert_eq!(invalid.at, Some(5..6));
        assert_eq!(AbsolutePath::parse("/a/../b").unwrap_err().at, Some(3..5));
    }

    #[test]
    fn paths_in_urls() {
        accepts::<HttpPath>(&["/", "/healthz", "/a%20b", "/a?b=c&d#e", "/~x"]);
        refuses::<HttpPath>(&["", "healthz", "/a b", "/é", "http://x/y", "/a\n", " /a"]);
        assert_eq!(replacement::<HttpPath>("healthz").as_deref(), Some("/healthz"));
        assert_eq!(replacement::<HttpPath>("http://localhost:8080/healthz").as_deref(), Some("/healthz"));
        assert_eq!(replacement::<HttpPath>("http://localhost").as_deref(), Some("/"));
        assert_eq!(replacement::<HttpPath>("/a b").as_deref(), Some("/a%20b"));
        assert_eq!(replacement::<HttpPath>("/é").as_deref(), Some("/%C3%A9"));
        assert_eq!(replacement::<HttpPath>(" /a ").as_deref(), Some("/a"));
    }

    #[test]
    fn paths_beside_the_stack() {
        accepts::<RelativePath>(&["a", "config/nginx.conf", "./a", "../shared/x", "a b", "é", "."]);
        refuses::<RelativePath>(&["", "/etc/passwd", "~/x", "a\\b", "a\0b", "a\nb"]);
        assert_eq!(replacement::<RelativePath>("config\\nginx.conf").as_deref(), Some("config/nginx.conf"));
        assert_eq!(RelativePath::parse("a\0b").unwrap_err().at, Some(1..2));
    }

    #[test]
    fn paths_in_volumes() {
        accepts::<VolumePath>(&["a", "a/b", ".a", "a/..b", "a..b", "token"]);
        refuses::<VolumePath>(&["", "/a", "..", "../a", "..a", "a/../b", "a/..", "a\nb"]);
        assert_eq!(replacement::<VolumePath>("/tls.crt").as_deref(), Some("tls.crt"));
        assert_eq!(replacement::<VolumePath>("../a"), None);
    }
}
