//! ConfigMap.

use super::metadata::metadata;
use crate::check::format::{CONFIG_KEY, DNS_SUBDOMAIN};
use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// The keys of `data` and `binaryData` are letters, digits, `-`, `_` and `.`.
    CM_001 = "CM-001";
    /// A key stands in `data` or in `binaryData`, not in both.
    CM_002 = "CM-002";
    /// The values together have at most 1 MiB.
    CM_003 = "CM-003";
}

/// The size of all values of a ConfigMap, in bytes.
const SIZE: usize = 1024 * 1024;

/// A ConfigMap.
pub fn config_map(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let (data, binary) = (object.key("data"), object.key("binaryData"));
    let mut size = 0;
    for (key, value) in data.entries() {
        size += value.text().len();
        checker.follow_key(&value, key, &CM_001, &CONFIG_KEY);
        if let Some((_, other)) = binary.entries().find(|(other, _)| *other == key) {
            let finding = checker.refuse(
                &value,
                &CM_002,
                Reason::Invalid,
                format!("`{key}` stands in `data` and in `binaryData`"),
                "remove it from one of them",
            );
            finding.related.push((other.cause(), "the other one".to_owned()));
        }
    }
    for (key, value) in binary.entries() {
        // Three bytes are written as four characters.
        let encoded = value.text();
        size += encoded.len() / 4 * 3 - encoded.bytes().rev().take_while(|byte| *byte == b'=').count();
        checker.follow_key(&value, key, &CM_001, &CONFIG_KEY);
    }
    if size > SIZE {
        // The server names no field.
        let title = format!("the values have {size} bytes, {SIZE} are allowed");
        checker.refuse(
            object,
            &CM_003,
            Reason::TooLong,
            title,
            "mount large files from a volume, or bake them into the image",
        );
    }
}
