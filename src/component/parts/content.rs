//! What stands under one key of a ConfigMap or a Secret.

use std::fmt;

/// The most bytes that the values of a ConfigMap or a Secret may have together.
///
/// `MaxSecretSize` of the Kubernetes API; keys are not counted.
pub const MAXIMUM_BYTES: usize = 1_048_576;

/// A text, or bytes that are none.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// UTF-8.
    Text(String),
    /// Anything else.
    Bytes(Vec<u8>),
}

impl Content {
    /// How many bytes it has.
    pub fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        String::from_utf8(bytes).map_or_else(|error| Self::Bytes(error.into_bytes()), Self::Text)
    }
}

/// Says how long it is and not what it is: it may be secret.
impl fmt::Debug for Content {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Self::Text(_) => "Text",
            Self::Bytes(_) => "Bytes",
        };
        write!(formatter, "{kind}({} bytes)", self.size())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_utf8_is_text() {
        assert_eq!(Content::from(b"caf\xc3\xa9".to_vec()), Content::Text("café".into()));
        assert_eq!(Content::from(vec![0xff, 0xfe]), Content::Bytes(vec![0xff, 0xfe]));
    }

    #[test]
    fn debug_output_shows_no_value() {
        assert_eq!(format!("{:?}", Content::Text("hunter2".into())), "Text(7 bytes)");
    }
}
