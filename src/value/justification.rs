//! Why something is as it is, for whoever reads the stack later.

use super::{Invalid, Scalar, text_scalar};

/// A reason in words; not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Justification(Box<str>);
text_scalar!(Justification);

impl Scalar for Justification {
    const WHAT: &'static str = "a reason such as \"a batch tool\"";
    const EXAMPLE: &'static str = "a batch tool";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if text.trim().is_empty() {
            let invalid = Invalid::new("an empty text is no reason");
            return Err(invalid.help("write why it is meant, so that nobody has to guess later"));
        }
        Ok(Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_says_something() {
        assert_eq!(Justification::parse("two would run every job twice").map(|reason| reason.as_str().len()), Ok(29));
        assert!(Justification::parse("  ").is_err());
    }
}
