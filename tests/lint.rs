//! Streams of YAML that others wrote, each a folder in `snapshots/lint`: what is found, and where.
//!
//! In an `input.yaml` the comment `#~ CODE` (several codes are possible) at the end of a line marks that a finding with this
//! code has its place on that line. Where no comment can stand, a line `# finds: LINE CODE` at the top says the same, and
//! `# kubernetes: 1.31..1.37` there names the versions. The marks are written by hand; `STOWPLAN_BLESS=1 cargo test --test
//! lint` writes only the wording.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use stowplan::check::rules;
use stowplan::diagnostic::{Report, Severity};
use stowplan::document::parse::text_of;
use stowplan::emit::report::human::{Color, Style};
use stowplan::emit::report::{Findings, Format, LookedAt, Remark};
use stowplan::lint::streams;
use stowplan::profile::Session;
use stowplan::value::{KubernetesRange, KubernetesVersion, Scalar};

const STYLE: Style = Style { color: Color::Never, width: 120 };

/// What was found in a text.
struct Found {
    session: Session,
    findings: Findings,
    objects: usize,
}

impl Found {
    fn of(text: &str, kubernetes: KubernetesRange) -> Self {
        let mut session = Session::default();
        let file = session.sources.add("input.yaml", text);
        let found = streams(&[file], kubernetes, &mut session);
        // Rules with pages have their tests there; here they would hide how streams are read.
        let (mut remarks, looked_at) = (found.remarks, vec![LookedAt { file, with: Vec::new() }]);
        remarks.retain(|remark| rules::find(remark.diagnostic.code).is_none());
        let findings = Findings { remarks, looked_at, refusals: Vec::new(), fail_on: Severity::Error };
        Self { findings, objects: found.objects, session }
    }

    fn usual(text: &str) -> Self {
        Self::of(text, KubernetesVersion::USUAL.into())
    }

    fn print(&self, format: &str) -> String {
        (Format::find(format).unwrap().print)(&self.findings, &self.session.sources, STYLE)
    }

    fn json(&self) -> Vec<Value> {
        let report: Value = serde_json::from_str(&self.print("json")).unwrap();
        report["findings"].as_array().unwrap().clone()
    }

    /// Line and code of each finding, sorted.
    fn marks(&self) -> Vec<(usize, String)> {
        let mark = |remark: &Remark| {
            let place = remark.diagnostic.place().expect("what others wrote has places");
            let (line, _) = self.session.sources.file(place.file).line_column(place.start as usize);
            (line, remark.diagnostic.code.to_owned())
        };
        let mut marks: Vec<_> = self.findings.remarks.iter().map(mark).collect();
        marks.sort();
        marks
    }
}

#[test]
fn every_stream_is_explained_at_its_places() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/lint");
    let mut cases: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 15, "only {} cases", cases.len());
    let problems: Vec<String> = cases.iter().flat_map(|case| check(case)).collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// Everything that is wrong with a case.
fn check(case: &Path) -> Vec<String> {
    let text = fs::read_to_string(case.join("input.yaml")).unwrap();
    let versions = header(&text, "# kubernetes: ").next().map(|versions| KubernetesRange::parse(versions).unwrap());
    let found = Found::of(&text, versions.unwrap_or(KubernetesVersion::USUAL.into()));
    let mut problems = Vec::new();
    let (expected, said) = (expected(&text), found.marks());
    if expected != said {
        problems.push(format!("expected {expected:?}, found {said:?}"));
    }
    for remark in &found.findings.remarks {
        let diagnostic = &remark.diagnostic;
        if diagnostic.help.as_ref().is_none_or(String::is_empty) {
            problems.push(format!("`{}` has no help: {}", diagnostic.code, diagnostic.title));
        }
    }
    for (name, format) in [("report.txt", "human"), ("report.json", "json")] {
        let (path, printed) = (case.join(name), found.print(format));
        if std::env::var_os("STOWPLAN_BLESS").is_some() {
            fs::write(&path, &printed).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != printed {
            problems.push(format!("other words than in {name} (BLESS=1 writes them):\n{printed}"));
        }
    }
    let name = case.file_name().unwrap().to_string_lossy().into_owned();
    problems.into_iter().map(|problem| format!("{name}: {problem}")).collect()
}

fn header<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = &'t str> {
    text.lines().take_while(|line| line.starts_with('#')).filter_map(move |line| line.strip_prefix(word))
}

fn expected(text: &str) -> Vec<(usize, String)> {
    let mut marks: Vec<(usize, String)> = header(text, "# finds: ")
        .map(|line| line.split_once(' ').unwrap())
        .map(|(line, code)| (line.parse().unwrap(), code.to_owned()))
        .collect();
    for (at, line) in text.lines().enumerate() {
        let codes = line.split_once("#~").map_or("", |(_, codes)| codes).split_whitespace();
        marks.extend(codes.map(|code| (at + 1, code.to_owned())));
    }
    marks.sort();
    marks
}

#[test]
fn the_json_report_has_the_keys_that_are_promised() {
    let text = "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n---\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\nspec: {replicass: 3, selector: {}, template: {}}\n";
    let findings = Found::usual(text).json();
    let finding = findings.iter().find(|finding| finding["rule"] == "DEC-010").unwrap();
    let expected = serde_json::json!({
        "rule": "DEC-010",
        "class": "api",
        "level": "error",
        "message": "DeploymentSpec has no field `replicass`",
        "help": "did you mean `replicas`?",
        "place": { "file": "input.yaml", "line": 11, "column": 8, "end_line": 11, "end_column": 17 },
        "object": { "index": 2, "apiVersion": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "web" },
        "field": "spec.replicass",
        "profiles": [],
    });
    assert_eq!(*finding, expected);
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for finding in &findings {
        assert_eq!(keys(finding), keys(&expected));
    }
}

#[test]
fn documents_are_counted_as_yaml_counts_them() {
    let indices = |text: &str| -> Vec<u64> {
        Found::usual(text).json().iter().map(|finding| finding["object"]["index"].as_u64().unwrap()).collect()
    };
    let bad = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: A}\n";
    let other = bad.replace('A', "B");
    assert_eq!(indices(bad), [0]);
    assert_eq!(indices(&format!("# Source: a\n---\n{bad}---\n{other}")), [0, 1]);
    assert_eq!(indices(&format!("{bad}---\n# nothing\n---\na: [\n---\n{other}---\n")), [0, 2, 3]);
    let list = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: C}}\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: B}}\n";
    assert_eq!(indices(&format!("{bad}---\n{list}")), [0, 1, 1]);
    assert_eq!(
        indices("{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"A\"}}\n{\"a\": 1}"),
        [0, 1]
    );
}

#[test]
fn the_same_mistake_behind_an_alias_is_found_in_each_object() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a, labels: &l {x: a b}}\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: b, labels: *l}\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: b, labels: *l}\n";
    let named = |finding: &Value| format!("{}/{}", finding["object"]["kind"], finding["object"]["name"]);
    let objects: Vec<_> = Found::usual(text).json().iter().map(named).collect();
    assert_eq!(objects, ["\"ConfigMap\"/\"a\"", "\"ConfigMap\"/\"b\"", "\"Secret\"/\"b\""]);
}

#[test]
fn no_value_of_a_secret_is_said() {
    let head = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n";
    for body in [
        "data: {password: hunter2!}",
        "data:\n  password: hunter2!",
        "data: hunter2!",
        "stringData: [hunter2!]",
        "stringData: {password: *hunter2!}",
        "stringData: {password: @hunter2!}",
        "stringData: {password: 'hunter2!}",
        "stringData: {password: a: hunter2!}",
        "stringData:\n  password: |hunter2!",
        "stringData:\n\tpassword: hunter2!",
        "stringData: {password: !!int hunter2!}",
        "stringData: {password: hunter2!}\ntype: kubernetes.io/tls",
        "data: {a: [hunter2!], password: {hunter2!: 1}}",
        "immutable: hunter2!\nstringData: {a: hunter2!}",
        "type: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: hunter2!}",
        "--- hunter2!",
    ] {
        for text in [format!("{head}{body}\n"), format!("{head}{body}\n---\n{head}")] {
            let found = Found::usual(&text);
            assert!(!found.findings.remarks.is_empty(), "{text}");
            for printed in [found.print("human"), found.print("json")] {
                assert!(!printed.contains("hunter2"), "{text}\n{printed}");
            }
        }
    }
}

#[test]
fn huge_and_hostile_streams_are_answered() {
    let laughs: String =
        (1..12).map(|level| format!("l{level}: &l{level} [{}]\n", format!("*l{},", level - 1).repeat(10))).collect();
    let hostile = [
        format!("l0: &l0 lol\n{laughs}"),
        "[".repeat(2_000),
        "{a: ".repeat(2_000),
        "- ".repeat(2_000),
        format!("{}1{}", "{\"a\":".repeat(2_000), "}".repeat(2_000)),
        "a: \"".to_owned(),
        "\u{0}".to_owned(),
        "a: 1\n".repeat(3_000),
    ];
    for text in hostile {
        let found = Found::usual(&text);
        assert!(
            found.findings.remarks.iter().any(|remark| remark.diagnostic.severity == Severity::Error),
            "{text:.40}"
        );
        assert!(!found.print("human").is_empty() && !found.print("json").is_empty());
    }
    let mut report = Report::default();
    assert!(text_of("big.yaml", vec![b'a'; 17 << 20], &Session::default().sources, &mut report).is_none());
    assert_eq!(report.diagnostics[0].code, "too-large");
}

#[test]
fn findings_say_from_which_version_on_they_hold() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: a, image: 'b:1', resizePolicy: []}]\n";
    let titles = |text: &str, range| -> Vec<String> {
        let found = Found::of(text, KubernetesRange::parse(range).unwrap());
        found.findings.remarks.into_iter().map(|remark| remark.diagnostic.title).collect()
    };
    assert_eq!(titles(pod, "1.27..1.37"), [""; 0]);
    let [title] = &titles(pod, "1.25..1.31")[..] else { panic!("one finding") };
    assert!(title.ends_with("(up to Kubernetes 1.26)"), "{title}");
    assert!(!titles(pod, "1.25..1.26")[0].contains("(up to"), "it holds for all that were asked");
    let schedule = "apiVersion: flowcontrol.apiserver.k8s.io/v1beta3\nkind: FlowSchema\nmetadata: {name: a}\nspec: {priorityLevelConfiguration: {name: b}}\n";
    let [title] = &titles(schedule, "1.31..1.34")[..] else { panic!("one finding") };
    assert!(title.ends_with("(from Kubernetes 1.32 on)"), "{title}");
}

#[test]
fn lists_are_unpacked_and_counted() {
    let found = Found::usual(
        "apiVersion: v1\nkind: List\nitems: []\n---\napiVersion: v1\nkind: ConfigMapList\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n",
    );
    assert_eq!((found.objects, found.findings.remarks.len()), (1, 0), "{}", found.print("human"));
}
