//! The forms that the API server asks texts to have, as its validation reads them.
//!
//! They are not those of `value`, which also refuse what a server takes and no cluster can use.
//! <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/>

/// A form of text.
pub struct Format {
    /// With its article: "a DNS label".
    pub what: &'static str,
    /// A text that has it.
    pub example: &'static str,
    /// Says what a text breaks, as in "has more than 63 characters"; sizes are bytes.
    pub check: fn(&str) -> Result<(), &'static str>,
}

impl Format {
    /// Whether a text has the form.
    pub fn accepts(&self, text: &str) -> bool {
        (self.check)(text).is_ok()
    }
}

/// Name of a container, volume, namespace: RFC 1123.
pub const DNS_LABEL: Format = Format { what: "a DNS label", example: "my-app", check: dns_label };
/// Name of most objects: labels joined by dots, each of which may be longer than a label elsewhere.
pub const DNS_SUBDOMAIN: Format = Format { what: "a DNS subdomain", example: "my-app.example", check: dns_subdomain };
/// Name of a Service before 1.36: RFC 1035.
pub const DNS_LABEL_1035: Format = Format { what: "a DNS label of RFC 1035", example: "my-app", check: dns_label_1035 };
/// Host of an Ingress that stands for all below it.
pub const WILDCARD_SUBDOMAIN: Format =
    Format { what: "a wildcard DNS subdomain", example: "*.example.com", check: wildcard_subdomain };
/// Key of a label.
pub const QUALIFIED_NAME: Format =
    Format { what: "a qualified name", example: "example.com/name", check: qualified_name };
/// Value of a label.
pub const LABEL_VALUE: Format = Format { what: "the value of a label", example: "v1.2", check: label_value };
/// Key of an annotation.
pub const ANNOTATION_KEY: Format =
    Format { what: "the key of an annotation", example: "example.com/name", check: annotation_key };
/// Key of a ConfigMap or Secret.
pub const CONFIG_KEY: Format =
    Format { what: "a key of a ConfigMap or Secret", example: "app.toml", check: config_key };
/// Name of a port of a container: an IANA service name.
pub const PORT_NAME: Format = Format { what: "the name of a port", example: "http", check: port_name };
/// Name of an environment variable since 1.32.
pub const ENV_NAME: Format =
    Format { what: "the name of an environment variable", example: "LOG_LEVEL", check: env_name };
/// Name of an environment variable before 1.32.
pub const STRICT_ENV_NAME: Format =
    Format { what: "the name of an environment variable", example: "LOG_LEVEL", check: strict_env_name };
/// Name of an HTTP header of a probe.
pub const HEADER_NAME: Format = Format { what: "the name of an HTTP header", example: "X-Probe", check: header_name };
/// Name of a Role, a PodDisruptionBudget: what may stand in a URL between slashes.
pub const PATH_SEGMENT: Format = Format { what: "a segment of a path", example: "my-app", check: path_segment };
/// Name of a metric of an autoscaler, which stands in the URL that it is asked for by.
pub const METRIC_NAME: Format = Format { what: "the name of a metric", example: "queries", check: path_segment };
/// Path that does not lead out of its directory by `..`.
pub const FORWARD_PATH: Format = Format { what: "a plain path", example: "/var/lib/app", check: forward_path };
/// Path that stays below a directory.
pub const DESCENDING_PATH: Format =
    Format { what: "a relative path", example: "config/app.toml", check: descending_path };
/// Path that stays below a directory, and does not begin as hidden files of Kubernetes do.
pub const NON_RESERVED_PATH: Format =
    Format { what: "a relative path", example: "config/app.toml", check: non_reserved_path };
/// Name of a controller: a domain, and a path behind it.
pub const DOMAIN_PREFIXED_PATH: Format =
    Format { what: "a path behind a domain", example: "example.com/controller", check: domain_prefixed_path };
/// Percentage.
pub const PERCENT: Format = Format { what: "a percentage", example: "25%", check: percent };
/// Domain in which names are looked up, since 1.33: labels may begin with `_` and hold it.
pub const SEARCH_DOMAIN: Format =
    Format { what: "a DNS subdomain", example: "_sip._tcp.example.com", check: search_domain };
/// Name of a parameter of the kernel.
pub const SYSCTL: Format = Format { what: "the name of a sysctl", example: "net.ipv4.tcp_syncookies", check: sysctl };

fn dns_label(text: &str) -> Result<(), &'static str> {
    label_characters(text)?;
    if text.len() > 63 { Err("has more than 63 characters") } else { Ok(()) }
}

/// One label of a name, whatever its length.
fn label_characters(text: &str) -> Result<(), &'static str> {
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if text.is_empty() {
        Err("is empty")
    } else if !text.bytes().all(known) {
        Err("has other characters than a-z, 0-9 and `-`")
    } else if text.starts_with('-') || text.ends_with('-') {
        Err("begins or ends with `-`")
    } else {
        Ok(())
    }
}

fn dns_subdomain(text: &str) -> Result<(), &'static str> {
    if !is_joined_labels(text.as_bytes()) {
        Err("is not made of labels of a-z, 0-9 and `-`, joined by dots")
    } else if text.len() > 253 {
        Err("has more than 253 characters")
    } else {
        Ok(())
    }
}

/// Whether all between dots is a label, whatever its length.
fn is_joined_labels(bytes: &[u8]) -> bool {
    let is_alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut previous = b'.';
    for byte in bytes.iter().copied().chain([b'.']) {
        match (previous, byte) {
            (b'.' | b'-', b'.') | (b'.', b'-') => return false,
            (_, b'.' | b'-') => {}
            (_, byte) if is_alphanumeric(byte) => {}
            _ => return false,
        }
        previous = byte;
    }
    true
}

fn dns_label_1035(text: &str) -> Result<(), &'static str> {
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        return Err("begins with a digit");
    }
    dns_label(text)
}

fn wildcard_subdomain(text: &str) -> Result<(), &'static str> {
    let Some(rest) = text.strip_prefix("*.") else { return Err("does not begin with `*.`") };
    dns_subdomain(rest)?;
    if text.len() > 253 { Err("has more than 253 characters") } else { Ok(()) }
}

/// The prefix of nearly all keys of labels, which is a DNS subdomain.
const RECOMMENDED: &str = "app.kubernetes.io";

fn qualified_name(text: &str) -> Result<(), &'static str> {
    let name = match text.bytes().position(|byte| byte == b'/') {
        Some(slash) => {
            let (prefix, name) = (&text[..slash], &text[slash + 1..]);
            if name.bytes().any(|byte| byte == b'/') {
                return Err("has more than one `/`");
            }
            if prefix != RECOMMENDED && dns_subdomain(prefix).is_err() {
                return Err("has no DNS subdomain before its `/`");
            }
            name
        }
        None => text,
    };
    qualified_part(name)
}

/// A name of letters, digits, `-`, `_` and `.`, which begins and ends with a letter or digit.
fn qualified_part(text: &str) -> Result<(), &'static str> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let ends = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    if text.is_empty() {
        Err("is empty")
    } else if !text.bytes().all(known) {
        Err("has other characters than letters, digits, `-`, `_` and `.`")
    } else if !ends(text.as_bytes().first()) || !ends(text.as_bytes().last()) {
        Err("does not begin and end with a letter or digit")
    } else if text.len() > 63 {
        Err("has more than 63 characters")
    } else {
        Ok(())
    }
}

fn label_value(text: &str) -> Result<(), &'static str> {
    if text.is_empty() { Ok(()) } else { qualified_part(text) }
}

fn annotation_key(text: &str) -> Result<(), &'static str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return qualified_name(&text.to_ascii_lowercase());
    }
    qualified_name(text)
}

fn config_key(text: &str) -> Result<(), &'static str> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if text.is_empty() {
        Err("is empty")
    } else if !text.bytes().all(known) {
        Err("has other characters than letters, digits, `-`, `_` and `.`")
    } else if text == "." || text.starts_with("..") {
        Err("is `.` or begins with `..`")
    } else if text.len() > 253 {
        Err("has more than 253 characters")
    } else {
        Ok(())
    }
}

fn port_name(text: &str) -> Result<(), &'static str> {
    label_characters(text)?;
    if text.len() > 15 {
        Err("has more than 15 characters")
    } else if !text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        Err("has no letter")
    } else if text.contains("--") {
        Err("has two `-` in a row")
    } else {
        Ok(())
    }
}

fn env_name(text: &str) -> Result<(), &'static str> {
    let known = |byte: u8| (0x20..=0x7e).contains(&byte) && byte != b'=';
    if text.is_empty() {
        Err("is empty")
    } else if !text.bytes().all(known) {
        Err("has other characters than printable ASCII without `=`")
    } else {
        Ok(())
    }
}

fn strict_env_name(text: &str) -> Result<(), &'static str> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if text.is_empty() {
        Err("is empty")
    } else if !text.bytes().all(known) || text.starts_with(|first: char| first.is_ascii_digit()) {
        Err("has other characters than letters, digits, `-`, `_` and `.`, or begins with a digit")
    } else if text == "." || text.starts_with("..") {
        Err("is `.` or begins with `..`")
    } else {
        Ok(())
    }
}

fn header_name(text: &str) -> Result<(), &'static str> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if text.is_empty() || !text.bytes().all(known) {
        Err("has other characters than letters, digits and `-`")
    } else {
        Ok(())
    }
}

fn path_segment(text: &str) -> Result<(), &'static str> {
    if text == "." || text == ".." {
        Err("is `.` or `..`")
    } else if text.contains(['/', '%']) {
        Err("has a `/` or a `%`")
    } else {
        Ok(())
    }
}

fn forward_path(text: &str) -> Result<(), &'static str> {
    if text.split('/').any(|part| part == "..") { Err("has a part `..`") } else { Ok(()) }
}

fn descending_path(text: &str) -> Result<(), &'static str> {
    if text.starts_with('/') { Err("begins with `/`") } else { forward_path(text) }
}

fn non_reserved_path(text: &str) -> Result<(), &'static str> {
    descending_path(text)?;
    if text.starts_with("..") { Err("begins with `..`") } else { Ok(()) }
}

fn domain_prefixed_path(text: &str) -> Result<(), &'static str> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:".contains(&byte);
    match text.split_once('/') {
        Some((domain, path)) if !domain.is_empty() && !path.is_empty() => {
            if dns_subdomain(domain).is_err() {
                Err("has no DNS subdomain before its `/`")
            } else if !path.bytes().all(known) {
                Err("has characters behind its `/` that no path has")
            } else {
                Ok(())
            }
        }
        _ => Err("has no `/` between a domain and a path"),
    }
}

fn percent(text: &str) -> Result<(), &'static str> {
    match text.strip_suffix('%') {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => Ok(()),
        _ => Err("is not digits with a `%` behind them"),
    }
}

fn search_domain(text: &str) -> Result<(), &'static str> {
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    let end = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let fits = |label: &str| {
        let label = label.strip_prefix('_').unwrap_or(label).as_bytes();
        end(label.first()) && end(label.last()) && label.iter().copied().all(known)
    };
    if !text.split('.').all(fits) {
        Err("is not made of labels of a-z, 0-9, `-` and `_`, joined by dots")
    } else if text.len() > 253 {
        Err("has more than 253 characters")
    } else {
        Ok(())
    }
}

fn sysctl(text: &str) -> Result<(), &'static str> {
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    let end = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let fits = |part: &str| end(part.as_bytes().first()) && end(part.as_bytes().last()) && part.bytes().all(known);
    if !text.split(['.', '/']).all(fits) {
        Err("is not made of parts of a-z, 0-9, `-` and `_`, joined by `.` or `/`")
    } else if text.len() > 253 {
        Err("has more than 253 characters")
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(format: &Format, accepted: &[&str], refused: &[&str]) {
        for text in accepted {
            assert_eq!((format.check)(text), Ok(()), "{text:?} is {}", format.what);
        }
        for text in refused {
            assert!(!format.accepts(text), "{text:?} is not {}", format.what);
        }
        assert!(format.accepts(format.example));
    }

    #[test]
    fn names_at_their_boundaries() {
        let (long, longer) = ("a".repeat(63), "a".repeat(64));
        verdicts(&DNS_LABEL, &["1", "0-a", &long], &["Web", "a_b", "-a", "a.b", &longer, ""]);
        verdicts(&DNS_LABEL_1035, &["web-1", &long], &["1web", "web.", &longer]);
        let (wide, wider) = ("a".repeat(253), "a".repeat(254));
        verdicts(&DNS_SUBDOMAIN, &["a.b-c.0", &wide, &longer], &["a..b", ".a", "A.b", "a.-b", &wider, ""]);
        verdicts(&WILDCARD_SUBDOMAIN, &["*.com"], &["*", "*.*.com", "foo.*.com", "*foo.com"]);
        verdicts(&PATH_SEGMENT, &["system:admin", "Äpfel"], &["a/b", "100%", ".", ".."]);
    }

    #[test]
    fn labels_and_keys_at_their_boundaries() {
        let prefixed = format!("{}/{}", "a".repeat(253), "b".repeat(63));
        let strange = ["app/", "/x", "a/b/c", "-x", "Ex.com/x", &"a".repeat(64)];
        verdicts(&QUALIFIED_NAME, &["A", "x.y_z-1", &prefixed], &strange);
        verdicts(&LABEL_VALUE, &["", "1.0.0"], &["a b", "v1+build", "@x", "-a", "a/b", "a:b", &"a".repeat(64)]);
        verdicts(&ANNOTATION_KEY, &["Example.COM/Foo"], &["a b", "x/y/z"]);
        verdicts(&CONFIG_KEY, &[".env", "tls.crt", "-", "_"], &["a/b", "a b", "..x", "...", ""]);
    }

    #[test]
    fn search_domains_and_names_of_the_kernel_at_their_boundaries() {
        verdicts(&SEARCH_DOMAIN, &["a_b", "_a.b-c"], &["a_.b", "__a", "A", "", "a..b", &"a".repeat(254)]);
        verdicts(&SYSCTL, &["net/ipv4/ip_forward", "a"], &["Net.x", "a..b", "", "_a", &"a".repeat(254)]);
    }

    #[test]
    fn ports_variables_and_paths_at_their_boundaries() {
        verdicts(
            &PORT_NAME,
            &["1a", "http-api", "metrics-endpoin"],
            &["8080", "HTTP", "a--b", "-a", "metrics-endpoint"],
        );
        verdicts(&ENV_NAME, &["1ABC", "my var", "..x", "a/b"], &["A=B", "é", "\t", ""]);
        verdicts(&STRICT_ENV_NAME, &["my.env-name", "_X"], &["1ABC", "a b", "..x", ""]);
        verdicts(&HEADER_NAME, &["X-Foo"], &["X_Foo", "", "X:Y"]);
        verdicts(&FORWARD_PATH, &["/a", "a..b", "..a", ""], &["..", "/a/../b"]);
        verdicts(&DESCENDING_PATH, &["a..b", "..a/b", "./a"], &["/a", "a/../b", ".."]);
        verdicts(&NON_RESERVED_PATH, &[".a", "a/..b"], &["..a"]);
        verdicts(&DOMAIN_PREFIXED_PATH, &["k8s.io/a", "a/b/c~%"], &["foo", "/foo", "acme.io/", "A.io/x", "a/b c", ""]);
        verdicts(&PERCENT, &["0%", "007%"], &["25", "-5%", "2.5%", "25 %", "%"]);
    }
}
