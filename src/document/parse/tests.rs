//! Tests of parsing: what is right keeps its places, what is wrong is explained at its place.

use super::*;
use crate::document::Value;
use proptest::prelude::*;

/// The stack of the design's section 2.
const STACK: &str = r#"
[stack]
name = "todo"                  # app.kubernetes.io/part-of
namespace = "app"
profiles = ["k3d", "cloud"]

[db.postgres]
engine = "postgres"
version = "16-alpine"
storage = "5Gi"
secret = "postgres-secret"
keys = { user = "POSTGRES_USER", password = "POSTGRES_PASSWORD", database = "POSTGRES_DB" }

[api.api]
image = "docker.io/yourusername/todo-api:sha-e432059"
port = "80:3000"
replicas = 2
uses = ["postgres"]
env = { NODE_ENV = "production", PORT = 3000 }
probes.live  = { http = "/healthz", delay = "10s", period = "10s" }
probes.ready = { http = "/healthz", delay = "3s", period = "5s" }

[cronjob.report]
image = "docker.io/yourusername/todo-report:1.4.0"
schedule = "0 6 * * *"
timezone = "Asia/Tokyo"
args = [
  "-c",   # one line
  '''
echo "[x]"
y = 1
''',
]

[ingress.web]
host = "todo"
routes = { "/" = "api" }

[profile.cloud]
cluster.domain = "example.com"

[profile.cloud.api.api]
resources = { cpu = "500m", memory = "512Mi" }
"#;

struct Parsed {
    sources: Sources,
    origins: Origins,
    report: Report,
    root: Option<Node>,
}

fn parsed(text: &str) -> Parsed {
    let (sources, mut origins, mut report) = (Sources::default(), Origins::default(), Report::default());
    let file = sources.add("stack.toml", text);
    let root = parse(file, &sources, LayerId(3), &mut origins, &mut report);
    Parsed { sources, origins, report, root }
}

impl Parsed {
    fn root(&self) -> &Node {
        self.root.as_ref().unwrap_or_else(|| panic!("{:?}", self.report))
    }

    /// The texts at the places of a value's key and of the value.
    fn places(&self, path: &[&str]) -> (Option<&str>, &str) {
        let origin = self.origins.get(self.root().at(path).expect("the path exists").origin);
        assert_eq!(origin.layer, LayerId(3));
        (origin.key.map(|key| self.sources.text(key)), self.sources.text(origin.span))
    }

    /// Code and place of every message.
    fn codes(&self) -> Vec<(&'static str, String)> {
        let place = |message: &Diagnostic| {
            let span = message.place().expect("every message has a place");
            let (line, column) = self.sources.file(span.file).line_column(span.start as usize);
            format!("{line}:{column}")
        };
        self.report.diagnostics.iter().map(|message| (message.code, place(message))).collect()
    }
}

#[test]
fn origins_are_the_texts_of_keys_and_values() {
    let text = "a = 1\n'b c' = \"x\"\n[ d . e.f ]\n\"g\".h = [ 1, { i = 2 } ]\nj = 0x1F\n[[k.l]]\nm = true\n[[k.l]]\n";
    let parsed = parsed(text);
    assert_eq!(parsed.places(&["a"]), (Some("a"), "1"));
    assert_eq!(parsed.places(&["b c"]), (Some("'b c'"), "\"x\""));
    assert_eq!(parsed.places(&["d"]), (Some("d"), "d"), "an implied table has the place of its name");
    assert_eq!(parsed.places(&["d", "e"]), (Some("e"), "e"));
    assert_eq!(parsed.places(&["d", "e", "f"]), (Some("f"), "d . e.f"), "a header is its key path");
    assert_eq!(parsed.places(&["d", "e", "f", "g"]), (Some("\"g\""), "\"g\""));
    assert_eq!(parsed.places(&["d", "e", "f", "g", "h"]), (Some("h"), "[ 1, { i = 2 } ]"));
    assert_eq!(parsed.places(&["d", "e", "f", "j"]), (Some("j"), "0x1F"));
    assert_eq!(parsed.places(&["k", "l"]), (Some("l"), "k.l"));
    let Value::Array(entries) = &parsed.root().at(&["k", "l"]).expect("it exists").value else { panic!("no list") };
    let starts: Vec<u32> = entries.iter().map(|entry| parsed.origins.get(entry.origin).span.start).collect();
    assert_eq!(starts, [text.find("k.l").unwrap() as u32, text.rfind("k.l").unwrap() as u32]);
    assert!(entries.iter().all(|entry| parsed.origins.get(entry.origin).key.is_none()));
    let Value::Array(items) = &parsed.root().at(&["d", "e", "f", "g", "h"]).expect("it exists").value else {
        panic!("no list")
    };
    let table = parsed.origins.get(items[1].origin);
    assert_eq!((table.key, parsed.sources.text(table.span)), (None, "{ i = 2 }"));
}

#[test]
fn keys_keep_their_order() {
    let parsed = parsed("[z]\nb = 1\na = 2\nc.y = 3\n[a]\n[z.d]\n[z.0]\n");
    let keys = |path: &[&str]| -> Vec<String> {
        parsed.root().at(path).and_then(Node::as_table).expect("a table").keys().map(|key| key.to_string()).collect()
    };
    assert_eq!(keys(&[]), ["z", "a"]);
    assert_eq!(keys(&["z"]), ["b", "a", "c", "d", "0"]);
}

#[test]
fn values_keep_their_spelling() {
    let parsed = parsed(
        "i = 1_000\nx = 0xff\nn = -9223372036854775808\nf = 1.50e+3\ninf = -inf\nd = 1979-05-27 07:32:00\nt = 07:32\n\
         s = \"a\\tb\\u00e9\"\nl = 'a\\t'\nm = '''\nx\n  y'''\nb = false\ne = []\n",
    );
    let value = |key: &str| &parsed.root().get(key).expect("it exists").value;
    assert!(matches!(value("i"), Value::Integer(1000, spelling) if **spelling == *"1_000"));
    assert!(matches!(value("x"), Value::Integer(255, spelling) if **spelling == *"0xff"));
    assert!(matches!(value("n"), Value::Integer(i64::MIN, _)));
    assert!(matches!(value("f"), Value::Float(spelling) if **spelling == *"1.50e+3"));
    assert!(matches!(value("inf"), Value::Float(spelling) if **spelling == *"-inf"));
    assert!(matches!(value("d"), Value::Date(spelling) if **spelling == *"1979-05-27 07:32:00"));
    assert!(matches!(value("t"), Value::Date(spelling) if **spelling == *"07:32"));
    assert!(matches!(value("s"), Value::String(text) if **text == *"a\tbé"));
    assert!(matches!(value("l"), Value::String(text) if **text == *"a\\t"));
    assert!(matches!(value("m"), Value::String(text) if **text == *"x\n  y"));
    assert!(matches!(value("b"), Value::Boolean(false)));
    assert!(matches!(value("e"), Value::Array(items) if items.is_empty()));
}

#[test]
fn tables_between_braces_may_go_over_lines() {
    let parsed = parsed("a = {\n  b = 1, # one\n  c.d = 2,\n}\n");
    assert_eq!(parsed.places(&["a", "c"]), (Some("c"), "c"));
    assert_eq!(parsed.places(&["a", "c", "d"]), (Some("d"), "2"));
}

#[test]
fn nothing_is_an_empty_table() {
    for text in ["", "\n", "# only a comment", " \t\r\n"] {
        let parsed = parsed(text);
        assert_eq!(parsed.root().as_table().expect("a table").len(), 0, "{text:?}");
        assert_eq!(parsed.origins.len(), 1);
    }
}

/// A broken text, the code and the place of its one message, and the text with the fix of that message, which is sound.
const FIXED: &[(&str, &str, &str, &str)] = &[
    ("image = nginx:1.25", "missing-quotes", "1:9", "image = \"nginx:1.25\""),
    ("port = 80:3000", "missing-quotes", "1:8", "port = \"80:3000\""),
    ("schedule = 0 6 * * * # six", "missing-quotes", "1:12", "schedule = \"0 6 * * *\" # six"),
    ("schedule = 0,30 * * * *", "missing-quotes", "1:12", "schedule = \"0,30 * * * *\""),
    ("schedule = */5 * * * *", "missing-quotes", "1:12", "schedule = \"*/5 * * * *\""),
    ("host = todo.localhost", "missing-quotes", "1:8", "host = \"todo.localhost\""),
    ("cpu = 500m", "missing-quotes", "1:7", "cpu = \"500m\""),
    ("delay = 10s", "missing-quotes", "1:9", "delay = \"10s\""),
    ("surge = 25%", "missing-quotes", "1:9", "surge = \"25%\""),
    ("version = 1.2.3", "missing-quotes", "1:11", "version = \"1.2.3\""),
    ("http = /healthz", "missing-quotes", "1:8", "http = \"/healthz\""),
    ("image = nginx\"", "missing-quotes", "1:9", "image = \"nginx\""),
    ("args = [a]", "missing-quotes", "1:9", "args = [\"a\"]"),
    ("args = [\n  '-c',\n  run it,\n]", "missing-quotes", "3:3", "args = [\n  '-c',\n  \"run it\",\n]"),
    ("a = { image = nginx:1, b = 2 }", "missing-quotes", "1:15", "a = { image = \"nginx:1\", b = 2 }"),
    ("image = {{ vars.image }}", "missing-quotes", "1:9", "image = \"{{ vars.image }}\""),
    ("image = {{ vars.r }}/api:1", "missing-quotes", "1:9", "image = \"{{ vars.r }}/api:1\""),
    ("a = [\"x\", {{ vars.y }}]", "missing-quotes", "1:11", "a = [\"x\", \"{{ vars.y }}\"]"),
    ("channel = #general", "missing-quotes", "1:11", "channel = \"#general\""),
    ("a = True", "bad-boolean", "1:5", "a = true"),
    ("a = yes", "bad-boolean", "1:5", "a = true"),
    ("a = { b = off }", "bad-boolean", "1:11", "a = { b = false }"),
    ("a = “x y”", "smart-quotes", "1:5", "a = \"x y\""),
    ("a = `x`", "smart-quotes", "1:5", "a = \"x\""),
    ("mode = 0644", "bad-number", "1:8", "mode = \"0644\""),
    ("a = .5", "bad-number", "1:5", "a = 0.5"),
    ("a = 5.", "bad-number", "1:5", "a = 5.0"),
    ("a = 0X1F", "bad-number", "1:5", "a = 0x1f"),
    ("a = \"nginx", "unclosed-quote", "1:5", "a = \"nginx\""),
    ("a = 'nginx\r\nb = 1", "unclosed-quote", "1:5", "a = 'nginx'\r\nb = 1"),
    ("a = \"one\ntwo\"\nb = 1", "unclosed-quote", "1:5", "a = \"\"\"one\ntwo\"\"\"\nb = 1"),
    ("a = [1, 2\nb = 1", "unclosed-bracket", "1:5", "a = [1, 2]\nb = 1"),
    ("a = [\n  1,\n  2,\n[b]\nc = 1", "unclosed-bracket", "1:5", "a = [\n  1,\n  2,]\n[b]\nc = 1"),
    ("a = { b = 1 # c\n[d]", "unclosed-bracket", "1:5", "a = { b = 1} # c\n[d]"),
    ("[api.web\na = 1", "unclosed-bracket", "1:1", "[api.web]\na = 1"),
    ("a = \"\\d+\"", "bad-escape", "1:6", "a = '\\d+'"),
    ("a = \"C:\\Users\"", "bad-escape", "1:8", "a = 'C:\\Users'"),
    ("a = \"it's \\d\"", "bad-escape", "1:11", "a = \"it's \\\\d\""),
    ("a = \"C:\\data\\\"", "bad-escape", "1:5", "a = 'C:\\data\\'"),
    ("a = 'it's'", "quote-in-text", "1:5", "a = \"it's\""),
    ("a = \"say \"hi\"\"", "quote-in-text", "1:5", "a = 'say \"hi\"'"),
    ("image: nginx", "yaml-syntax", "1:6", "image = \"nginx\""),
    ("image:nginx:1.25", "yaml-syntax", "1:6", "image = \"nginx:1.25\""),
    ("replicas : 2", "yaml-syntax", "1:10", "replicas = 2"),
    ("\"a\": true,", "yaml-syntax", "1:4", "\"a\" = true"),
    ("a = { \"b\": 1 }", "json-syntax", "1:10", "a = { \"b\" = 1 }"),
    ("a = {\"b\":\"c d\",\"e\":{\"f\":g}}", "json-syntax", "1:9", "a = {\"b\" = \"c d\",\"e\" = {\"f\" = \"g\"}}"),
    ("a = { b: 1, c: x }", "json-syntax", "1:8", "a = { b = 1, c = \"x\" }"),
    ("[api]web", "bad-header", "1:6", "[api.web]"),
    ("[api web]", "bad-header", "1:2", "[api.web]"),
    ("[api:web]", "bad-header", "1:2", "[api.web]"),
    ("[api.“web”]", "bad-header", "1:2", "[api.web]"),
    ("[api.]", "bad-header", "1:2", "[api]"),
    ("[[api.web]", "bad-header", "1:1", "[api.web]"),
    ("[api.web]]", "bad-header", "1:1", "[api.web]"),
    ("[api.web]:", "bad-header", "1:10", "[api.web]"),
    ("api.web]", "bad-header", "1:1", "[api.web]"),
    ("a = [1 2]", "missing-comma", "1:8", "a = [1, 2]"),
    ("a = [\n  \"b\"\n  \"c\"\n]", "missing-comma", "3:3", "a = [\n  \"b\",\n  \"c\"\n]"),
    ("a = { b = 1 c = 2 }", "missing-comma", "1:13", "a = { b = 1, c = 2 }"),
    ("a = { b = 1\nc = 2 }", "missing-comma", "2:1", "a = { b = 1,\nc = 2 }"),
    ("a = [1,,2]", "toml-syntax", "1:8", "a = [1,2]"),
    ("a = \"b\", \"c\"", "toml-syntax", "1:5", "a = [\"b\", \"c\"]"),
    ("a = \"b\";", "toml-syntax", "1:8", "a = \"b\""),
    ("a = 1,", "toml-syntax", "1:6", "a = 1"),
    ("a == 1", "toml-syntax", "1:4", "a = 1"),
    ("a := 1", "toml-syntax", "1:3", "a = 1"),
    ("// note", "toml-syntax", "1:1", "# note"),
    ("image \"nginx\"", "missing-equals", "1:6", "image = \"nginx\""),
    ("image nginx", "missing-equals", "1:6", "image = \"nginx\""),
    ("a = { b 1 }", "missing-equals", "1:8", "a = { b = 1 }"),
    ("my key = 1", "bad-key", "1:1", "\"my key\" = 1"),
    ("example.com/x = 1", "bad-key", "1:1", "\"example.com/x\" = 1"),
    ("env.FOÖ = 1", "bad-key", "1:1", "env.\"FOÖ\" = 1"),
    ("a = { /etc = 1 }", "bad-key", "1:7", "a = { \"/etc\" = 1 }"),
    ("a..b = 1", "bad-key", "1:1", "a.b = 1"),
];

#[test]
fn a_fix_mends_what_is_wrong() {
    for (text, code, place, fixed) in FIXED {
        let broken = parsed(text);
        assert_eq!(broken.codes(), [(*code, (*place).to_owned())], "{text}\n{:?}", broken.report);
        let message = &broken.report.diagnostics[0];
        assert!(message.help.is_some(), "{text}");
        let fix = message.fix.as_ref().unwrap_or_else(|| panic!("no fix for {text}: {message:?}"));
        let mut mended = (*text).to_owned();
        mended.replace_range(fix.span.bytes(), &fix.replacement);
        assert_eq!(mended, *fixed, "{text}");
        assert!(parsed(&mended).root.is_some(), "{mended}");
    }
}

/// A broken text, the code and the place of its one message, and words of its title or its help.
const HELPED: &[(&str, &str, &str, &str)] = &[
    ("a = null", "no-null", "1:5", "leave the key out"),
    ("a = { b = None }", "no-null", "1:11", "leave the key out"),
    ("a = 99999999999999999999", "number-range", "1:5", "between quotes"),
    ("a = { b = [0xFFFFFFFFFFFFFFFFFF] }", "number-range", "1:12", "between quotes"),
    ("a = 1e999", "number-range", "1:5", "1.8e308"),
    ("a = 0x", "bad-number", "1:5", "digits"),
    ("- a", "yaml-syntax", "1:1", "write the list as `key = [\"a\", …]`"),
    ("env:", "yaml-syntax", "1:1", "[env.name]"),
    ("command: |", "yaml-syntax", "1:1", "command = value"),
    ("---", "yaml-syntax", "1:1", "delete the line"),
    ("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: x\n", "yaml-syntax", "1:11", "stowplan init"),
    ("{\n  \"a\": 1,\n  \"b\": [2]\n}\n", "json-syntax", "1:1", "key = value"),
    ("a = \"\"\"x\n[b]\n", "unclosed-quote", "1:5", "close it with `\"\"\"`"),
    ("a = [\"b, c]", "unclosed-quote", "1:6", "each needs a partner"),
    ("a = ['b, 'c']", "quote-in-text", "1:6", "a `'` inside"),
    ("a = { b = [1 }", "unclosed-bracket", "1:11", "add `]`"),
    ("a = 1]", "toml-syntax", "1:6", "delete `]`"),
    ("}", "toml-syntax", "1:1", "delete `}`"),
    ("a = 1 b = 2", "toml-syntax", "1:7", "a new line before it"),
    ("a = 1, b = 2", "toml-syntax", "1:8", "a new line before it"),
    ("a = \"x\" + \"y\"", "toml-syntax", "1:9", "one pair of quotes"),
    ("a = ]", "toml-syntax", "1:5", "delete `]`"),
    ("a = { b = 1 = 2 }", "toml-syntax", "1:13", "`=` does not belong here"),
    ("a = { [1] }", "toml-syntax", "1:7", "`[` does not belong here"),
    ("a = { = 1 }", "missing-key", "1:7", "key = value"),
    ("[", "bad-header", "1:2", "[table.name]"),
    ("env = [A=1]", "toml-syntax", "1:8", "write a table, `{ A=1 }`"),
    ("[]", "bad-header", "1:2", "[table.name]"),
    ("[api.web] image = \"x\"", "bad-header", "1:11", "a line of its own"),
    ("= 1", "missing-key", "1:1", "key = value"),
    ("image =", "missing-value", "1:8", "image = \"…\""),
    ("image = # later\nport = 1", "missing-value", "1:8", "delete the line"),
    ("image", "missing-value", "1:1", "image = value"),
    ("a = {b = }", "missing-value", "1:6", "b = value"),
    ("a = \"\u{7}\"", "control-character", "1:6", "\\u0007"),
    ("a = 1 # \u{0}", "control-character", "1:9", "delete it"),
    ("# \u{1b}", "control-character", "1:3", "delete it"),
    ("a = 1\rb = 2", "control-character", "1:6", "delete it"),
    ("a = 1\n<<<<<<< HEAD\n", "merge-conflict", "2:1", "delete the marks"),
    ("a = 1\na = 2", "duplicate-key", "2:1", "the key `a` is written twice"),
    ("[api.web]\n[b]\n[api.web]", "duplicate-key", "3:6", "the table `[api.web]` is written twice"),
    ("a = 1\n[a]", "duplicate-key", "2:2", "`a` is written both as a key and as a header"),
    ("a = 1\n[a.b]", "duplicate-key", "2:2", "`a` has its value already"),
    ("a.b = 1\n[a]", "duplicate-key", "2:2", "`a` is written both"),
    ("[a.b]\n[a]\nb.c = 1", "duplicate-key", "3:1", "`a.b` is written both"),
    ("a = { b = 1 }\na.c = 2", "duplicate-key", "2:1", "`a` has its value already"),
    ("a = { b = 1, b = 2 }", "duplicate-key", "1:14", "the key `a.b` is written twice"),
    ("[[a]]\n[a]", "duplicate-key", "2:2", "`[a]` is written twice"),
    ("[[a]]\n[a.b]\n[[a]]\n[a.b]\n[a.b]", "duplicate-key", "5:4", "`[a.b]` is written twice"),
    ("a = [{ b = 1 }, { b = 1, b = 2 }]", "duplicate-key", "1:26", "the key `a.b` is written twice"),
];

#[test]
fn help_says_what_to_type() {
    for (text, code, place, words) in HELPED {
        let broken = parsed(text);
        assert_eq!(broken.codes(), [(*code, (*place).to_owned())], "{text}\n{:?}", broken.report);
        let message = &broken.report.diagnostics[0];
        let help = message.help.as_deref().unwrap_or_else(|| panic!("no help for {text}"));
        assert!(message.title.contains(words) || help.contains(words), "{text}: {message:?}");
    }
}

#[test]
fn the_first_writing_is_the_second_label() {
    let cases = [
        ("a = 1\nb = 2\na = 3", "a", 0),
        ("[x.a.b]\n[x.a]\nc = 1\n[x.a]", "a", 11),
        ("[x]\na.b = 1\na.b = 2", "b", 6),
        ("a = { b = 1 }\n[a.c]", "a", 0),
        ("'a' = 1\na = 2", "'a'", 0),
    ];
    for (text, first, start) in cases {
        let broken = parsed(text);
        let labels = &broken.report.diagnostics[0].labels;
        assert_eq!((labels.len(), broken.report.diagnostics.len()), (2, 1), "{text}: {labels:?}");
        assert_eq!((broken.sources.text(labels[1].span), labels[1].span.start), (first, start), "{text}");
    }
}

#[test]
fn all_mistakes_are_found_in_one_run() {
    let text = "a = x y\n[b\nc = 1\nc = 1\n[d]\ne = [1,\nf = True\nf = 2\ng = 1\ng = 0644\nh = 99999999999999999999\nh = 1\ni = { j = k:1, l = m:2 }\n";
    let broken = parsed(text);
    let expected = [
        ("missing-quotes", "1:5"),
        ("unclosed-bracket", "2:1"),
        ("unclosed-bracket", "6:5"),
        ("bad-boolean", "7:5"),
        ("bad-number", "10:5"),
        ("number-range", "11:5"),
        ("duplicate-key", "12:1"),
        ("missing-quotes", "13:11"),
        ("missing-quotes", "13:20"),
    ]
    .map(|(code, place)| (code, place.to_owned()));
    assert_eq!(broken.codes(), expected, "{:#?}", broken.report);
}

#[test]
fn hostile_texts_are_refused_without_harm() {
    let dots = vec!["a"; 79].join(".");
    let texts = [
        "[".repeat(1_000_000),
        format!("a = {}", "[".repeat(1_000_000)),
        format!("a = {}", "{a=".repeat(100_000)),
        format!("a = {}1{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("a = {}1{}", "[".repeat(79), "]".repeat(79)),
        format!("a{} = 1", ".a".repeat(100_000)),
        format!("[a{}]", ".a".repeat(100_000)),
        format!("[{dots}]\n{}1{}", format!("{dots} = {{ ").repeat(78), "}".repeat(78)).replace("{ 1", "{ a = 1"),
        format!("[{dots}]\n{dots} = {}1", format!("{{ {dots} = ").repeat(78)),
        "x".repeat(1_000_000),
        "=\n".repeat(10_000),
        "a = 1\n".repeat(10_000),
        format!("a = [{}]", "0x,".repeat(10_000)),
    ];
    for text in texts {
        let broken = parsed(&text);
        assert!(broken.root.is_none() && broken.report.has_errors());
        assert!(broken.report.diagnostics.len() <= 1001);
        let longest = broken.report.diagnostics.iter().map(|message| message.title.len()).max();
        assert!(longest < Some(500), "a title shows the beginning of a value");
    }
}

#[test]
fn texts_that_are_not_utf8_are_refused_at_their_line() {
    let sources = Sources::default();
    let mut report = Report::default();
    let refused = text_of("stack.toml", b"a = 1\nb = \"caf\xe9\"\n".to_vec(), &sources, &mut report);
    assert_eq!(refused, None);
    let message = &report.diagnostics[0];
    assert_eq!((message.code, message.title.contains("line 2")), ("not-utf8", true));
    let place = message.place().expect("it has a place");
    assert_eq!(sources.file(place.file).line_column(place.start as usize), (2, 9));
    assert_eq!(sources.text(place), "\u{fffd}");

    let refused = text_of("stack.toml", b"\xff\xfea\0=\x001\0".to_vec(), &sources, &mut report);
    assert_eq!(refused, None);
    assert!(report.diagnostics[1].title.contains("UTF-16"), "{:?}", report.diagnostics[1]);
    assert_eq!(report.diagnostics.len(), 2);

    let read = text_of("stack.toml", b"\xef\xbb\xbfa = 1".to_vec(), &sources, &mut report);
    assert_eq!(read.map(|file| sources.file(file).text.as_str()), Some("a = 1"));
    let read = text_of("stack.toml", b"a = 1".to_vec(), &sources, &mut report);
    assert_eq!(read.map(|file| sources.file(file).text.as_str()), Some("a = 1"));
    assert_eq!(report.diagnostics.len(), 2);
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let sources = Sources::default();
    let mut report = Report::default();
    assert_eq!(text_of("stack.toml", vec![b' '; MAXIMUM_BYTES + 1], &sources, &mut report), None);
    assert_eq!(report.diagnostics[0].code, "too-large");
}

/// What mutations insert: everything that TOML gives a meaning, and some that it does not.
const PIECES: [&str; 32] = [
    "\"", "'", "\"\"\"", "'''", "[", "]", "[[", "{", "}", "{{", "=", ",", ".", ":", "#", "\n", "\r", "\r\n", " ", "\t",
    "\\", "-", "+", "_", "0", "1e9", "true", "nginx", "é", "“", "\u{0}", "a = ",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn mutations_never_panic_and_every_place_is_in_the_text(
        edits in proptest::collection::vec((0_usize..STACK.len(), 0_usize..20, 0_usize..PIECES.len()), 1..12)
    ) {
        let mut text = STACK.to_owned();
        for (start, length, piece) in edits {
            let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let start = boundary(start);
            let end = boundary(start + length).max(start);
            text.replace_range(start..end, PIECES[piece]);
        }
        let parsed = parsed(&text);
        prop_assert_eq!(parsed.root.is_none(), parsed.report.has_errors());
        let places: Vec<_> = parsed.report.diagnostics.iter().map(Diagnostic::place).collect();
        prop_assert!(places.is_sorted(), "{:?}", places);
        for message in &parsed.report.diagnostics {
            let fix = message.fix.iter().map(|fix| fix.span);
            for span in message.labels.iter().map(|label| label.span).chain(fix) {
                prop_assert!(text.get(span.bytes()).is_some(), "{:?}", message);
            }
        }
    }
}

#[test]
fn the_stack_of_the_design_is_sound() {
    let parsed = parsed(STACK);
    assert_eq!(parsed.places(&["api", "api", "env", "PORT"]), (Some("PORT"), "3000"));
    assert_eq!(parsed.places(&["profile", "cloud", "api", "api"]), (Some("api"), "profile.cloud.api.api"));
}
