//! References to container images.

use super::{Invalid, Scalar, literal, place, quote};
use std::fmt;
use std::ops::Range;

/// Reference to a container image: `[registry[:port]/]path[:tag][@digest]`.
///
/// The grammar is that of the Go module distribution/reference, with which container runtimes read the text; the API
/// server only asks that it is not empty. Two things that a runtime would take are refused: a registry with an
/// underscore in its name, and one that is a registry only because it has an upper-case letter (`MyOrg/app`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Image {
    text: Box<str>,
    ends: Ends,
}

/// Offsets into the text of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Ends {
    /// Where the path begins: 0 without a registry, else behind its `/`.
    path_start: usize,
    /// Where the path ends; a `:` and the tag follow, if there is one.
    path_end: usize,
    /// Where the tag ends, or the path without one; an `@` and the digest follow, if there is one.
    tag_end: usize,
}

impl Image {
    /// The reference, as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The registry with its port, where one is written; the runtime's default, mostly `docker.io`, where not.
    pub fn registry(&self) -> Option<&str> {
        (self.ends.path_start > 0).then(|| &self.text[..self.ends.path_start - 1])
    }

    /// The path in the registry, as written: `nginx`, `library/nginx`.
    pub fn repository(&self) -> &str {
        &self.text[self.ends.path_start..self.ends.path_end]
    }

    /// The tag, where one is written.
    pub fn tag(&self) -> Option<&str> {
        (self.ends.tag_end > self.ends.path_end).then(|| &self.text[self.ends.path_end + 1..self.ends.tag_end])
    }

    /// The digest with its algorithm, `sha256:…`, where one is written.
    pub fn digest(&self) -> Option<&str> {
        (self.text.len() > self.ends.tag_end).then(|| &self.text[self.ends.tag_end + 1..])
    }
}

impl Scalar for Image {
    const WHAT: &'static str = "an image such as \"nginx:1.27\"";
    const EXAMPLE: &'static str = "nginx:1.27";

    fn parse(text: &str) -> Result<Self, Invalid> {
        match read(text) {
            Ok(ends) => Ok(Self { text: text.into(), ends }),
            Err(problem) => Err(explain(text, &problem)),
        }
    }
}

impl fmt::Display for Image {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.text)
    }
}

/// What breaks the grammar and where.
struct Problem {
    reason: &'static str,
    at: Range<usize>,
}

/// The longest path, counted with the `library/` that Docker Hub puts before a single name.
const LONGEST_PATH: usize = 255;
const LONGEST_TAG: usize = 128;

fn read(text: &str) -> Result<Ends, Problem> {
    let problem = |reason, part: &str| Problem { reason, at: place(part, text) };
    if text.len() == 64 && text.bytes().all(is_lower_hexadecimal) {
        return Err(problem("64 hexadecimal digits are the id of an image, not its name", text));
    }
    let (body, digest) = split_once(text, '@');
    let (registry, rest) = match body.split_once('/') {
        Some((head, rest)) if is_registry(head) => (Some(head), rest),
        _ => (None, body),
    };
    let (path, tag) = split_once(rest, ':');
    if let Some(registry) = registry {
        read_registry(registry).map_err(|reason| problem(reason, registry))?;
    }
    if let Some(part) = path.split('/').find(|part| !is_path_component(part)) {
        return Err(problem(
            "each part of its path is made of a-z and 0-9, with single `.`, `_` or `-` between them",
            part,
        ));
    }
    let on_docker_hub = registry.is_none_or(|registry| matches!(registry, "docker.io" | "index.docker.io"));
    let implied = if on_docker_hub && !path.contains('/') { "library/".len() } else { 0 };
    if path.len() + implied > LONGEST_PATH {
        return Err(problem("its path has more than 255 characters", path));
    }
    if let Some(tag) = tag.filter(|tag| !is_tag(tag)) {
        return Err(problem(
            "a tag is 1 to 128 of a-z, A-Z, 0-9, `_`, `.` and `-`, not beginning with `.` or `-`",
            tag,
        ));
    }
    if let Some(digest) = digest.filter(|digest| !is_digest(digest)) {
        return Err(problem("a digest is `sha256:` and 64 of 0-9 and a-f", digest));
    }
    let path_end = place(path, text).end;
    Ok(Ends { path_start: place(path, text).start, path_end, tag_end: body.len() })
}

fn split_once(text: &str, separator: char) -> (&str, Option<&str>) {
    match text.split_once(separator) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// Whether what stands before the first `/` is a registry and no part of the path.
fn is_registry(head: &str) -> bool {
    head == "localhost" || head.contains(['.', ':']) || head.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn read_registry(registry: &str) -> Result<(), &'static str> {
    if registry != "localhost" && !registry.contains(['.', ':']) {
        return Err("a path is written in lower case");
    }
    let (is_host, port) = match registry.strip_prefix('[') {
        Some(bracketed) => match bracketed.split_once(']') {
            Some((address, "")) => (is_address(address), None),
            Some((address, port)) => (is_address(address), Some(port.strip_prefix(':').unwrap_or_default())),
            None => (false, None),
        },
        None => {
            let (host, port) = split_once(registry, ':');
            (host.split('.').all(is_host_label), port)
        }
    };
    if !is_host {
        return Err("its registry is no host name");
    }
    if port.is_some_and(|port| port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err("the port of its registry is no number");
    }
    Ok(())
}

fn is_address(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':')
}

fn is_host_label(label: &str) -> bool {
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
fn is_path_component(part: &str) -> bool {
    let is_inner = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = part.as_bytes();
    bytes.first().is_some_and(is_inner)
        && bytes.last().is_some_and(is_inner)
        && bytes.split(is_inner).all(|separator| {
            matches!(separator, b"" | b"." | b"_" | b"__") || separator.iter().all(|byte| *byte == b'-')
        })
}

fn is_tag(tag: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    tag.len() <= LONGEST_TAG
        && tag.bytes().next().is_some_and(is_word)
        && tag.bytes().all(|byte| is_word(byte) || matches!(byte, b'.' | b'-'))
}

/// The algorithms are those that go-digest knows.
fn is_digest(digest: &str) -> bool {
    let (algorithm, hash) = split_once(digest, ':');
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return false,
    };
    hash.is_some_and(|hash| hash.len() == length && hash.bytes().all(is_lower_hexadecimal))
}

fn is_lower_hexadecimal(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn explain(text: &str, problem: &Problem) -> Invalid {
    if text.is_empty() {
        return Invalid::new("an empty text is not an image")
            .help(format!("write an image such as {}", literal(Image::EXAMPLE)));
    }
    let value = quote(text);
    let whole = |title: String| Invalid::new(title).at(0..text.len());
    if let Some((scheme, rest)) = text.split_once("://") {
        return whole(format!("{value} is not an image: it begins with {}", quote(&format!("{scheme}://"))))
            .at(0..scheme.len() + 3)
            .help("leave out what stands before the registry")
            .replace_if(is_image, rest.trim_end_matches('/'));
    }
    if let Some(blank) = text.find(char::is_whitespace) {
        let words: Vec<&str> = text.split_whitespace().collect();
        let is_version =
            words.get(1).is_some_and(|word| word.starts_with(|first: char| first == 'v' || first.is_ascii_digit()));
        return whole(format!("{value} is not an image: it has a blank in it"))
            .at(blank..blank + text[blank..].chars().next().map_or(0, char::len_utf8))
            .help(if words.len() == 2 && is_image(&words.join(":")) {
                format!("write {}, with the tag behind `:`", literal(&words.join(":")))
            } else {
                "leave out the blank".to_owned()
            })
            .replace_if(|text| (words.len() == 1 || is_version) && is_image(text), words.join(":"));
    }
    if let Some(name) = text.strip_suffix(':') {
        return whole(format!("{value} is not an image: its tag is empty"))
            .at(name.len()..text.len())
            .help(format!("write the version after the `:`, as in {}", literal(Image::EXAMPLE)));
    }
    explain_spelling(text, Invalid::new(format!("{value} is not an image: {}", problem.reason)).at(problem.at.clone()))
}

/// Adds to `invalid` the help for a text that is nearly right.
fn explain_spelling(text: &str, invalid: Invalid) -> Invalid {
    let body = text.len() - text.split_once('@').map_or(0, |(_, digest)| digest.len() + 1);
    let tag_start = text[..body].rfind(':').filter(|colon| !text[*colon..body].contains('/')).unwrap_or(body);
    let (path, rest) = text.split_at(tag_start);
    let lower = path.to_ascii_lowercase();
    if lower != path && is_image(&format!("{lower}{rest}")) {
        return Invalid {
            title: format!("{} is not an image: a path is written in lower case", quote(text)),
            ..invalid
        }
        .replace_by(format!("{lower}{rest}"));
    }
    if let Some((name, version)) = text.split_once('@').filter(|(_, version)| is_tag(version)) {
        return invalid.help("write a tag after `:`").replace_if(is_image, format!("{name}:{version}"));
    }
    if rest.contains('+') {
        let candidate = format!("{path}{}", rest.replace('+', "-"));
        if is_image(&candidate) {
            return invalid.help(format!("write the tag as it is in the registry, mostly {}", literal(&candidate)));
        }
    }
    invalid.help(format!("write it as in {}", literal("registry.example.com/team/app:1.2")))
}

fn is_image(text: &str) -> bool {
    read(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{accepts, refuses, replacement};
    use super::*;

    const SHA256: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn parts(text: &str) -> (Option<String>, String, Option<String>, Option<String>) {
        let image = Image::parse(text).unwrap();
        let owned = |part: Option<&str>| part.map(str::to_owned);
        (owned(image.registry()), image.repository().to_owned(), owned(image.tag()), owned(image.digest()))
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn parts_are_found() {
        assert_eq!(parts("nginx"), (None, "nginx".to_owned(), None, None));
        assert_eq!(parts("library/nginx:1.27"), (None, "library/nginx".to_owned(), some("1.27"), None));
        assert_eq!(parts("localhost/a"), (some("localhost"), "a".to_owned(), None, None));
        assert_eq!(parts("localhost:5000/a/b:v1"), (some("localhost:5000"), "a/b".to_owned(), some("v1"), None));
        assert_eq!(parts("[::1]:5000/a"), (some("[::1]:5000"), "a".to_owned(), None, None));
        assert_eq!(parts("GHCR.io/x/y"), (some("GHCR.io"), "x/y".to_owned(), None, None));
        let pinned = format!("quay.io/x/y:v1@{SHA256}");
        assert_eq!(parts(&pinned), (some("quay.io"), "x/y".to_owned(), some("v1"), some(SHA256)));
        let digest_only = format!("a@{SHA256}");
        assert_eq!(parts(&digest_only), (None, "a".to_owned(), None, some(SHA256)));
    }

    #[test]
    fn the_grammar_is_that_of_the_runtimes() {
        accepts::<Image>(&[
            "a",
            "1",
            "a__b",
            "a---b",
            "a.b_c-d",
            "a:_",
            "a:1",
            "10.0.0.1/a",
            "a.b:1/c:D",
            "a:v1.2-rc.1_x",
        ]);
        accepts::<Image>(&[&"a".repeat(247), &format!("x/{}", "a".repeat(253)), &format!("a:{}", "t".repeat(128))]);
        refuses::<Image>(&[
            "", ":1", "/a", "a/", "a//b", "a..b", "a___b", "a_-b", "-a", "a-", "a:", "a:-1", "a:.1", "a@", "é",
        ]);
        refuses::<Image>(&["a:1:2", "a.b:x/c", "a.b:/c", "-a.b/c", "a..b/c", "[::1/a", "[]/a", "[::1]5/a", "a:b/c:d"]);
        refuses::<Image>(&[&"a".repeat(248), &format!("a:{}", "t".repeat(129)), &"0a".repeat(32), &SHA256[7..]]);
        refuses::<Image>(&[
            "a@sha256:12",
            "a@md5:0123456789abcdef0123456789abcdef",
            &format!("a@{}", SHA256.to_uppercase()),
        ]);
    }

    #[test]
    fn usual_slips_are_mended() {
        assert_eq!(replacement::<Image>("NGINX:1.27").as_deref(), Some("nginx:1.27"));
        assert_eq!(replacement::<Image>("ghcr.io/MyOrg/App:V1").as_deref(), Some("ghcr.io/myorg/app:V1"));
        assert_eq!(replacement::<Image>("MyOrg/app").as_deref(), Some("myorg/app"));
        assert_eq!(replacement::<Image>("https://ghcr.io/a/b:1").as_deref(), Some("ghcr.io/a/b:1"));
        assert_eq!(replacement::<Image>("docker://nginx").as_deref(), Some("nginx"));
        assert_eq!(replacement::<Image>(" nginx:1 ").as_deref(), Some("nginx:1"));
        assert_eq!(replacement::<Image>("nginx 1.27").as_deref(), Some("nginx:1.27"));
        assert_eq!(replacement::<Image>("my image"), None);
        assert_eq!(replacement::<Image>("nginx@1.27").as_deref(), Some("nginx:1.27"));
    }

    #[test]
    fn messages_point_at_the_part() {
        let invalid = Image::parse("ghcr.io/a/B$/c:1").unwrap_err();
        assert_eq!(invalid.at, Some(10..12));
        let invalid = Image::parse("nginx:").unwrap_err();
        assert_eq!(invalid.title, "`nginx:` is not an image: its tag is empty");
        assert_eq!(invalid.at, Some(5..6));
        let invalid = Image::parse("app:1.0+build").unwrap_err();
        assert_eq!(invalid.at, Some(4..13));
        assert_eq!(invalid.help.as_deref(), Some("write the tag as it is in the registry, mostly \"app:1.0-build\""));
    }
}
