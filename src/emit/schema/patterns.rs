//! Regular expressions for texts whose form is simple to say. Each takes every text that its type takes, and may take more.

use crate::shape::TextForm;
use serde_json::{Value, json};

/// What a text is, in the words of its type, and the expression, in the dialect of ECMA-262. Types that a row does not name,
/// because their form is no regular one, take any text here.
pub const PATTERNS: &[(&str, &str)] = &[
    ("a name such as \"web\"", "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"),
    ("the name of a rule such as \"single-replica\"", "^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$"),
    ("a component's name", "^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$"),
    ("the name of an object such as \"web-config\"", "^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$"),
    ("the name of a port such as \"http\"", "^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$"),
    ("a key such as \"nginx.conf\"", "^[-._a-zA-Z0-9]{1,253}$"),
    ("the name of an environment variable such as \"LOG_LEVEL\"", "^[-._a-zA-Z][-._a-zA-Z0-9]*$"),
    ("a variable's name such as \"tag\"", "^[a-zA-Z_][-a-zA-Z0-9_]*$"),
    ("the name of a label such as \"app.kubernetes.io/name\"", LABEL),
    ("the name of an annotation such as \"example.com/owner\"", LABEL),
    ("the value of a label such as \"v1.2\"", "^([a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?)?$"),
    ("a duration such as \"10s\"", "^([0-9]+h([0-9]+m)?([0-9]+s)?|[0-9]+m([0-9]+s)?|[0-9]+s)$"),
    ("an amount such as \"512Mi\"", "^[+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]+)?$"),
    ("the number of a port such as \"8080\"", "^[1-9][0-9]{0,4}$"),
    ("a node port such as \"30080\"", "^3[0-2][0-9]{3}$"),
    ("a port's number or name", "^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$"),
    ("a port such as \"80:3000\"", "^[0-9]{1,5}(:[0-9]{1,5})?(/(tcp|udp|sctp))?$"),
    ("a count or a percentage such as \"25%\"", "^[0-9]+%?$"),
    ("a file mode such as \"0644\"", "^[0-7]{3,5}$"),
    ("an absolute path such as \"/data\"", "^/"),
    ("a path such as \"/\"", "^/[!-~]*$"),
    ("a path such as \"/healthz\"", "^/[!-~]*$"),
    ("a path beside the stack file such as \"config/nginx.conf\"", "^[^/~]"),
    ("a version such as \"16-alpine\"", "^[a-zA-Z0-9_][-._a-zA-Z0-9]{0,127}$"),
    ("a version of Kubernetes such as \"1.34\"", "^v?1[.][0-9]{1,2}([.][0-9]+([-+].*)?)?$"),
    ("a domain such as \"example.com\"", "^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$"),
    ("a host such as \"todo\" or \"todo.example.com\"", "^(@|[*a-z0-9]([-.a-z0-9]*[a-z0-9])?)$"),
    ("a component such as \"api\" or \"api:metrics\"", "^[a-z]([-a-z0-9]{0,61}[a-z0-9])?(:[-a-z0-9]{1,15})?$"),
    ("a field such as \"host\"", "^(host|fqdn|port|address|url|user|password|database|sslmode)(:[-a-z0-9]{1,15})?$"),
    ("a config or secret such as \"config.app\"", "^(config|secret)[.]"),
    ("an image such as \"nginx:1.27\"", "^[^ \\t]+$"),
    ("a schedule such as \"0 6 * * *\"", "^(@[a-z]+|@every .+|[^ \\t]+([ \\t]+[^ \\t]+){4})$"),
];

const LABEL: &str = "^([-.a-zA-Z0-9]{1,253}/)?[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$";

/// The expression for a text, where its form is simple.
pub fn pattern(form: &TextForm) -> Option<&'static str> {
    PATTERNS.iter().find(|(what, _)| *what == form.what).map(|(_, pattern)| *pattern)
}

/// A text with an expression in it, of which nothing more is known before it is evaluated.
pub fn is_expression() -> Value {
    json!({ "type": "string", "pattern": "\\{\\{", "description": "A text with `{{ }}` in it, evaluated before it is read." })
}
