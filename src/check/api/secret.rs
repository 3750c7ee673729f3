//! Secret.

use super::metadata::metadata;
use crate::check::format::{CONFIG_KEY, DNS_SUBDOMAIN};
use crate::check::{At, Checker, Finding, Part, Reason, Rule, api_rules};
use serde::de::IgnoredAny;
use std::borrow::Cow;

api_rules! {
    /// The keys of `data` and `stringData` are letters, digits, `-`, `_` and `.`.
    SEC_001 = "SEC-001";
    /// The values together have at most 1 MiB.
    SEC_002 = "SEC-002";
    /// A token of a ServiceAccount names the account in an annotation.
    SEC_003 = "SEC-003";
    /// A Secret of type `kubernetes.io/dockercfg` has the key `.dockercfg`.
    SEC_004 = "SEC-004";
    /// A Secret of type `kubernetes.io/dockerconfigjson` has the key `.dockerconfigjson`.
    SEC_005 = "SEC-005";
    /// Credentials of an image registry are a JSON object.
    SEC_006 = "SEC-006";
    /// A Secret of type `kubernetes.io/basic-auth` has a `username` or a `password`.
    SEC_007 = "SEC-007";
    /// A Secret of type `kubernetes.io/ssh-auth` has an `ssh-privatekey` that is not empty.
    SEC_008 = "SEC-008";
    /// A Secret of type `kubernetes.io/tls` has `tls.crt` and `tls.key`.
    SEC_009 = "SEC-009";
}

/// The size of all values of a Secret, in bytes.
const SIZE: usize = 1024 * 1024;

/// The annotation of a token that names its account.
const ACCOUNT: &str = "kubernetes.io/service-account.name";

/// A Secret.
pub fn secret(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let contents = Contents { object, data: object.key("data"), texts: object.key("stringData") };
    contents.keys_and_sizes(checker);
    match object.key("type").text() {
        "kubernetes.io/service-account-token" => account(object, checker),
        "kubernetes.io/dockercfg" => contents.credentials(".dockercfg", &SEC_004, checker),
        "kubernetes.io/dockerconfigjson" => contents.credentials(".dockerconfigjson", &SEC_005, checker),
        "kubernetes.io/basic-auth" if !contents.has("username") && !contents.has("password") => {
            contents.require("username", &SEC_007, checker).help.push_str("; or `password`, one of them is enough");
        }
        "kubernetes.io/ssh-auth" if contents.find("ssh-privatekey").is_none_or(|value| value.size() == 0) => {
            contents.require("ssh-privatekey", &SEC_008, checker);
        }
        "kubernetes.io/tls" => {
            for key in ["tls.crt", "tls.key"].into_iter().filter(|key| !contents.has(key)) {
                contents.require(key, &SEC_009, checker);
            }
        }
        _ => {}
    }
}

fn account(object: &At, checker: &mut Checker) {
    let metadata = object.key("metadata");
    let annotations = metadata.key("annotations");
    let account = annotations.entry(ACCOUNT);
    if account.is_empty() {
        let title = "the token names no ServiceAccount";
        let help = format!("write the annotation `{ACCOUNT}` with the name of the account");
        checker.refuse(&account, &SEC_003, Reason::Required, title, help);
    }
}

/// What a Secret holds: `stringData` is laid over `data` before anybody looks.
struct Contents<'p, 'f> {
    object: &'p At<'p, 'f>,
    data: At<'p, 'f>,
    texts: At<'p, 'f>,
}

impl<'f> Contents<'_, 'f> {
    fn keys_and_sizes(&self, checker: &mut Checker) {
        let mut size = 0;
        for (key, value) in self.data.entries().filter(|(key, _)| !self.texts.has(key)) {
            checker.follow_key(&value, key, &SEC_001, &CONFIG_KEY);
            size += Value::Data(value).size();
        }
        for (key, value) in self.texts.entries() {
            checker.follow_key(&self.data.entry(key).with_cause_of(&value), key, &SEC_001, &CONFIG_KEY);
            size += Value::Text(value).size();
        }
        if size > SIZE {
            let title = format!("the values have {size} bytes, {SIZE} are allowed");
            checker.refuse(&self.data, &SEC_002, Reason::TooLong, title, "keep large files outside of the cluster");
        }
    }

    fn has(&self, key: &str) -> bool {
        self.texts.has(key) || self.data.has(key)
    }

    fn find<'q>(&'q self, key: &'q str) -> Option<Value<'q, 'f>> {
        if self.texts.has(key) {
            return Some(Value::Text(self.texts.entry(key)));
        }
        self.data.has(key).then(|| Value::Data(self.data.entry(key)))
    }

    /// Says that a key is missing, or empty.
    fn require<'c>(&self, key: &str, rule: &Rule, checker: &'c mut Checker) -> &'c mut Finding {
        let kind = self.object.key("type");
        let title = format!("a Secret of type `{}` needs `{key}`", kind.text());
        let help = format!("write `{key}` below `stringData`, or below `data` in base64");
        let map = [&self.data, &self.texts].into_iter().find(|map| map.is_set()).unwrap_or(&self.data);
        let at = self.data.entry(key).with_cause_of(map);
        let finding = checker.refuse(&at, rule, Reason::Required, title, help);
        finding.part = Part::Key;
        finding.related.push((kind.cause(), "its type".to_owned()));
        finding
    }

    /// Asks for a key with the credentials of image registries.
    fn credentials(&self, key: &str, rule: &Rule, checker: &mut Checker) {
        match self.find(key) {
            None => {
                self.require(key, rule, checker);
            }
            Some(value) if !is_json_object(&value.bytes()) => {
                let title = format!("the value of `{key}` is no JSON object");
                let help = match key {
                    ".dockercfg" => r#"write it as `{"HOST": {"username": "NAME", "password": "WORD"}}`"#,
                    _ => r#"write it as `{"auths": {"HOST": {"username": "NAME", "password": "WORD"}}}`"#,
                };
                let at = self.data.entry(key).with_cause_of(value.at());
                checker.refuse(&at, &SEC_006, Reason::Invalid, title, help);
            }
            Some(_) => {}
        }
    }
}

/// A value of a Secret.
enum Value<'p, 'f> {
    /// In base64, or as a list of bytes.
    Data(At<'p, 'f>),
    /// As it is.
    Text(At<'p, 'f>),
}

impl<'p, 'f> Value<'p, 'f> {
    fn at(&self) -> &At<'p, 'f> {
        match self {
            Self::Data(at) | Self::Text(at) => at,
        }
    }

    /// In bytes.
    fn size(&self) -> usize {
        match self {
            // Four characters are three bytes; line breaks do not count.
            Self::Data(at) => at.text().bytes().filter(|byte| digit(*byte).is_some()).count() * 3 / 4 + at.len(),
            Self::Text(at) => at.text().len(),
        }
    }

    fn bytes(&self) -> Cow<'f, [u8]> {
        match self {
            Self::Data(at) if at.text().is_empty() => {
                Cow::Owned(at.items().filter_map(|item| u8::try_from(item.integer()?).ok()).collect())
            }
            Self::Data(at) => Cow::Owned(decode(at.text())),
            Self::Text(at) => Cow::Borrowed(at.text().as_bytes()),
        }
    }
}

/// What a text in base64 means: RFC 4648, section 4. That it is one, the strict reader has seen to.
pub fn decode(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter_map(digit).collect();
    let mut bytes = Vec::with_capacity(digits.len());
    for group in digits.chunks(4) {
        let bits = group.iter().fold(0_u32, |bits, digit| bits << 6 | u32::from(*digit)) << (6 * (4 - group.len()));
        bytes.extend(bits.to_be_bytes().into_iter().skip(1).take(group.len() * 3 / 4));
    }
    bytes
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// Whether a text is a JSON object, or `null`.
fn is_json_object(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii();
    (text.starts_with(b"{") || text == b"null") && serde_json::from_slice::<IgnoredAny>(bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_decoded_with_and_without_padding() {
        for (text, meant) in [("", ""), ("YQ==", "a"), ("YWI=", "ab"), ("YWJj", "abc"), ("YWJj\nZA==\n", "abcd")] {
            assert_eq!(decode(text), meant.as_bytes(), "{text}");
        }
        assert_eq!(decode("//79"), [0xff, 0xfe, 0xfd]);
    }

    #[test]
    fn credentials_are_objects() {
        for accepted in ["{}", " {\"auths\": {}}\n", "null", "{\"a\": {\"b\": [1, \"\\ud800\"]}}"] {
            assert!(is_json_object(accepted.as_bytes()), "{accepted}");
        }
        for refused in ["", "[]", "x", "{", "{} {}", "\"a\"", "nullx", "{'a': 1}"] {
            assert!(!is_json_object(refused.as_bytes()), "{refused}");
        }
    }
}
