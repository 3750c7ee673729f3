//! What a server asks of the form of an object, before it looks at what the object says.

use crate::check::Rule;

/// All that the messages of this module have as codes.
pub const RULES: &[Rule] = &[
    rule(
        "DEC-001",
        "The entries of labels, annotations, `data` and other maps of texts are texts: `\"1.0\"`, not 1.0.",
    ),
    rule("DEC-002", "A field that takes a text takes no number or truth value: quote it, as in `value: \"8080\"`."),
    rule("DEC-003", "A field such as `replicas` or `port` takes a whole number of 32 bits, without quotes."),
    rule("DEC-004", "A field such as `runAsUser` takes a whole number of 64 bits, without quotes."),
    rule("DEC-005", "A field that takes true or false takes them without quotes."),
    rule("DEC-006", "An amount is a number with one of m, k, M, G, T, Ki, Mi, Gi, Ti behind it, as in \"512Mi\"."),
    rule(
        "DEC-007",
        "A field such as `targetPort` or `maxSurge` takes a whole number or a text, as in \"25%\" or \"http\".",
    ),
    rule(
        "DEC-008",
        "The `data` of a Secret and the `binaryData` of a ConfigMap are in base64; `stringData` takes plain text.",
    ),
    rule("DEC-009", "The entries of `stringData` are texts: quote numbers and truth values."),
    rule("DEC-010", "An object has no other fields than its kind has in this version of Kubernetes."),
    rule("DEC-012", "An object has an `apiVersion` and a `kind` that the cluster serves together."),
    rule("DEC-014", "A time is written as in \"2026-01-31T12:00:00Z\"."),
    rule("DEC-016", "Where a list, a map or an object is wanted, nothing else may stand."),
    rule("REQ-001", "An object has the fields without which its kind cannot be read."),
];

const fn rule(id: &'static str, sentence: &'static str) -> Rule {
    Rule { id, sentence }
}
