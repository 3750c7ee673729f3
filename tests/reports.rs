//! The reports of `lint` for other tools, as these read them.
#![allow(clippy::print_stderr, reason = "a test that needs another program says when it is missing")]
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

#[path = "support/program.rs"]
mod program;

use program::{Folder, Run};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const STACK: &str = "\
[stack]
name = \"shop\"
namespace = \"shop\"
profiles = [\"k3d\", \"cloud\"]

[api.web]
imgae = \"a%b:1\"
image = \"nginx:1.27\"
port = 8080
env = { \"日本\" = 1, KEY = { config = \"settings\", key = \"a\" } }

[hpa.web]
min = 4
max = 2
cpu = 70
";

/// Wrong on `cloud` alone.
const OVERLAY: &str = "
[profile.cloud.api.web]
replicas = -1
";

/// Without an error on any profile.
const SOUND: &str =
    "[stack]\nname = \"shop\"\nprofiles = [\"k3d\", \"cloud\"]\n\n[api.web]\nimage = \"nginx:1.27\"\nport = 80\n";

/// Of which nothing is to be said on local clusters.
const CLEAN: &str = "[stack]\nname = \"shop\"\nnamespace = \"shop\"\nprofiles = [\"k3d\", \"minikube\"]\n\n[worker.mail]\nimage = \"mailer:1.27\"\n";

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: prod}
spec:
  replica: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: 'nginx:1.27', ports: [{containerPort: 80}, {containerPort: 99999}]}]
";

impl Folder {
    fn lint(&self, arguments: &[&str]) -> Run {
        self.run(&[&["lint"], arguments].concat())
    }

    fn sarif(&self, arguments: &[&str]) -> Value {
        self.lint(&[&["--format", "sarif"], arguments].concat()).json()["runs"][0].take()
    }

    fn gitlab(&self, arguments: &[&str]) -> Vec<Value> {
        self.lint(&[&["--format", "gitlab"], arguments].concat()).json().as_array().unwrap().clone()
    }
}

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a reader that we have no part in says of each file; nothing where python3 cannot do it.
fn read(format: &str, schema: Option<&Path>, files: &[PathBuf]) -> Option<Vec<Value>> {
    let needs = if schema.is_some() { "import jsonschema" } else { "import xml" };
    let has = Command::new("python3").args(["-c", needs]).stderr(Stdio::null()).status();
    if !has.is_ok_and(|status| status.success()) {
        eprintln!("note: python3 cannot `{needs}`; no other reader is tried");
        return None;
    }
    let script = root().join("tests/reports/validate.py");
    let output = Command::new("python3").arg(script).arg(format).args(schema).args(files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().lines().map(parse).collect())
}

/// Every stack that is wrong in a way of its own, right ones, YAML of others, and calls that go wrong.
#[test]
fn every_sarif_log_follows_the_schema() {
    let folder = Folder::new(
        "schema",
        &[("stack.toml", &format!("{STACK}{OVERLAY}")), ("clean.toml", CLEAN), ("web.yaml", DEPLOYMENT)],
    );
    let mut logs = Vec::new();
    let mut keep = |run: &Run| {
        let path = folder.path(&format!("{}.sarif", logs.len()));
        fs::write(&path, &run.out).unwrap();
        logs.push(path);
    };
    for arguments in [
        &["-f", "stack.toml", "--all-profiles"][..],
        &["-f", "clean.toml", "--all-profiles"],
        &["web.yaml", "-f", "clean.toml"],
        &["-f", "gone.toml"],
        &["-f", "clean.toml", "--set", "api.web.prot=1"],
        &["-"],
    ] {
        keep(&folder.lint(&[&["--format", "sarif"], arguments].concat()));
    }
    let mut results = 0;
    for case in fs::read_dir(root().join("snapshots/errors")).unwrap() {
        let stack = case.unwrap().path().join("stack.toml");
        if !stack.is_file() {
            continue;
        }
        let run = folder.lint(&["--format", "sarif", "-p", "k3d", "-f", stack.to_str().unwrap()]);
        results += run.json()["runs"][0]["results"].as_array().unwrap().len();
        keep(&run);
    }
    assert!(results > 300, "{results}");
    let schema = root().join("tests/data/sarif/sarif-schema-2.1.0.json");
    let Some(verdicts) = read("sarif", Some(&schema), &logs) else { return };
    assert_eq!(verdicts.len(), logs.len());
    for (verdict, log) in verdicts.iter().zip(&logs) {
        assert_eq!(verdict, &json!([]), "{}: {}", log.display(), fs::read_to_string(log).unwrap());
    }
}

#[test]
fn a_sarif_result_says_where_what_and_what_else() {
    let folder = Folder::of_stack("sarif", STACK);
    let run = folder.sarif(&["--all-profiles"]);
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: Vec<_> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["bad-name", "bad-value", "unknown-key", "unknown-reference"]);
    assert!(rules.iter().all(|rule| rule["help"]["text"].as_str().unwrap().len() > 40));
    let results = run["results"].as_array().unwrap();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    let of = |rule: &str| results.iter().find(|result| result["ruleId"] == rule).unwrap();
    let typo = of("unknown-key");
    let stack = json!({ "uri": "stack.toml", "uriBaseId": "%SRCROOT%" });
    let place = &typo["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"], stack);
    assert_eq!(place["region"], json!({ "startLine": 7, "startColumn": 1, "endLine": 7, "endColumn": 6 }));
    assert_eq!(typo["properties"], json!({ "class": "stack", "profiles": ["k3d", "cloud"] }));
    assert_eq!(typo["level"], "error");
    // The columns behind two characters of three bytes each.
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let reference = &of("unknown-reference")["locations"][0]["physicalLocation"]["region"];
    assert_eq!(*reference, json!({ "startLine": 10, "startColumn": 36, "endLine": 10, "endColumn": 46 }));
    let range = of("bad-value");
    assert_eq!(range["locations"][0]["message"]["text"], "the fewest Pods");
    assert_eq!(
        range["relatedLocations"],
        json!([{ "id": 1, "message": { "text": "the most Pods" }, "physicalLocation": {
            "artifactLocation": stack,
            "region": { "startLine": 14, "startColumn": 7, "endLine": 14, "endColumn": 8 },
        } }])
    );
    let text = range["message"]["text"].as_str().unwrap();
    assert!(
        text.starts_with("`min` 4 is more than `max` 2\n") && text.ends_with("\nhelp: write a `max` of at least 4"),
        "{text}"
    );
}

#[test]
fn sarif_of_foreign_yaml_names_the_object_and_the_sentence_of_the_rule() {
    let folder = Folder::new("foreign", &[("deploy/a b.yaml", DEPLOYMENT)]);
    let run = folder.sarif(&["./deploy"]);
    let all = run["results"].as_array().unwrap();
    let results: Vec<&Value> = all.iter().filter(|result| result["properties"]["class"] == "api").collect();
    let logical: Vec<_> =
        results.iter().map(|result| &result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]).collect();
    assert_eq!(
        logical,
        [
            "Deployment/prod/web/spec.replica",
            "Deployment/prod/web/spec.template.spec.containers[0].ports[1].containerPort"
        ]
    );
    assert_eq!(results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "deploy/a%20b.yaml");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let sentence = |code: &str| {
        let rule = rules.iter().find(|rule| rule["id"] == code).unwrap();
        rule["shortDescription"]["text"].as_str().unwrap()
    };
    assert_eq!(sentence("DEC-010"), "An object has no other fields than its kind has in this version of Kubernetes.");
    let ports = results[1]["ruleId"].as_str().unwrap();
    assert!(sentence(ports).contains("port"), "{}", sentence(ports));
}

/// A rule of ours is told by its page, which `explain` prints too.
#[test]
fn sarif_tells_a_rule_by_its_page() {
    let folder = Folder::new("page", &[("stack.toml", &SOUND.replace(":1.27", ":latest"))]);
    let run = folder.sarif(&["-p", "cloud"]);
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let rule = rules.iter().find(|rule| rule["id"] == "floating-image-tag").unwrap();
    let page = stowplan::check::rules::Page::of(stowplan::check::rules::find("floating-image-tag").unwrap());
    assert_eq!(rule["shortDescription"]["text"], page.summary);
    assert_eq!((&rule["help"]["text"], &rule["help"]["markdown"]), (&json!(page.text), &json!(page.text)));
    let tagged = run["results"].as_array().unwrap().iter().find(|result| result["ruleId"] == "floating-image-tag");
    assert_eq!(tagged.unwrap()["properties"]["class"], "rule");
}

/// All keys of a report, so that two runs can be compared.
fn fingerprints(run: &Value) -> Vec<String> {
    let results = run["results"].as_array().unwrap();
    results.iter().map(|result| result["partialFingerprints"]["stowplan/v1"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn fingerprints_stay_when_lines_move_and_differ_between_findings() {
    let folder = Folder::new("fingerprints", &[("stack.toml", STACK), ("web.yaml", DEPLOYMENT)]);
    let arguments = ["-f", "stack.toml", "web.yaml"];
    let before = fingerprints(&folder.sarif(&arguments));
    assert_eq!(before.len(), before.iter().collect::<BTreeSet<_>>().len(), "{before:?}");
    assert!(before.len() >= 5 && before.iter().all(|print| print.len() == 32), "{before:?}");
    folder.write("stack.toml", format!("# more\n\n{}", STACK.replace("min = 4", "# why\nmin =  5")));
    let moved = format!("# more\n---\n{}", DEPLOYMENT.replace("spec:\n  replica:", "spec:\n  # why\n  replica:"));
    folder.write("web.yaml", moved);
    assert_eq!(fingerprints(&folder.sarif(&arguments)), before);
    let of_gitlab: Vec<_> =
        folder.gitlab(&arguments).iter().map(|entry| entry["fingerprint"].as_str().unwrap().to_owned()).collect();
    assert_eq!(of_gitlab, before);
    // The same mistake of another component is another one.
    folder.write("stack.toml", STACK.replace("api.web", "api.shop").replace("hpa.web", "hpa.shop"));
    let other = fingerprints(&folder.sarif(&["-f", "stack.toml"]));
    assert!(other.iter().all(|print| !before.contains(print)), "{other:?} {before:?}");
}

#[test]
fn what_is_no_toml_has_fingerprints_of_its_lines() {
    let text = "[api.web]\nimage = nginx\nport = 80:80\nport = 80:80\n";
    let folder = Folder::of_stack("no-toml", text);
    let before = fingerprints(&folder.sarif(&["-p", "k3d"]));
    assert!(before.len() >= 3 && before.len() == before.iter().collect::<BTreeSet<_>>().len(), "{before:?}");
    folder.write("stack.toml", format!("# more\n{text}"));
    assert_eq!(fingerprints(&folder.sarif(&["-p", "k3d"])), before);
}

#[test]
fn a_call_that_goes_wrong_is_an_invocation_that_failed() {
    let folder = Folder::new("refused", &[]);
    let log = folder.lint(&["--format", "sarif", "-f", "gone.toml"]).ends(2).json();
    assert_eq!(log["runs"][0]["results"], json!([]));
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let told = invocation["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap();
    assert!(told.starts_with("there is no file `gone.toml`\nhelp: "), "{told}");
}

#[test]
fn github_reads_a_command_for_each_finding() {
    let stack = "[stack]\nname = \"a\"\n[api.web]\nimage = \"nginx:1.27\"\nport = 80\nargs = [\"100%\"]\n\"a,b:c%\" = 1\nreplicas = \"2\"\n";
    let folder = Folder::new("github", &[("dir/my,stack.toml", stack)]);
    let run = folder.lint(&["--format", "github", "-p", "k3d", "-f", "./dir/my,stack.toml"]).ends(1);
    let lines: Vec<_> = run.out.lines().collect();
    let unknown = "::error file=dir/my%2Cstack.toml,line=7,endLine=7,col=1,endColumn=9,title=unknown-key::`a,b:c%25` is not a key of `api.web`%0Ahelp: ";
    assert!(lines[0].starts_with(unknown), "{}", run.out);
    let number = "::error file=dir/my%2Cstack.toml,line=8,endLine=8,col=12,endColumn=15,title=wrong-type::`api.web.replicas` takes ";
    assert!(lines[1].starts_with(number), "{}", run.out);
    assert_eq!(lines.len(), 2, "{}", run.out);
    assert!(!run.err.contains("::"), "{}", run.err);
}

/// Columns count within one line, and what is in no file of the repository has no place there.
#[test]
fn github_leaves_out_what_it_cannot_show() {
    let folder = Folder::new(
        "github-places",
        &[
            ("empty.toml", "[stack]\nname = \"a\"\n"),
            ("long.toml", "[stack]\nname = \"a\"\n[worker.w]\nimage = \"a:1\"\nreplicas = [1,\n2]\n"),
        ],
    );
    let out = folder.lint(&["--format", "github", "-f", "empty.toml", "-p", "k3d"]).out;
    assert!(out.starts_with("::warning file=empty.toml,title=empty-stack::"), "{out}");
    let out = folder.lint(&["--format", "github", "-f", "empty.toml", "-p", "k3d", "--set", "vars.a b=1"]).out;
    assert!(!out.contains("file=--set"), "{out}");
    let out = folder.lint(&["--format", "github", "-p", "k3d", "-f", "long.toml"]).out;
    let whole = out.lines().find(|line| line.contains("line=5,endLine=6")).unwrap_or_else(|| panic!("{out}"));
    assert!(!whole.contains("col="), "{whole}");
}

#[test]
fn gitlab_reads_a_list_of_places() {
    let folder = Folder::new("gitlab", &[("stack.toml", STACK), ("empty.toml", "[stack]\nname = \"a\"\n")]);
    let entries = folder.gitlab(&["-p", "k3d", "-f", "./stack.toml"]);
    let typo = entries.iter().find(|entry| entry["check_name"] == "unknown-key").unwrap();
    assert_eq!(typo["location"], json!({ "path": "stack.toml", "lines": { "begin": 7, "end": 7 } }));
    assert_eq!(
        typo["description"],
        "`imgae` is not a key of `api.web`\nhelp: did you mean `image`? It stands there already: remove one of the two"
    );
    assert_eq!(typo["severity"], "major");
    let entries = folder.gitlab(&["-p", "k3d", "-f", "empty.toml"]);
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["location"], json!({ "path": "empty.toml", "lines": { "begin": 1, "end": 1 } }));
    assert_eq!(entries[0]["severity"], "minor");
}

/// The JUnit document that a call prints, as another reader sees it.
fn junit(folder: &Folder, arguments: &[&str]) -> Option<Value> {
    let path = folder.path("junit.xml");
    fs::write(&path, folder.lint(&[&["--format", "junit"], arguments].concat()).out).unwrap();
    read("junit", None, &[path]).map(|mut documents| documents.remove(0))
}

fn attributes(node: &Value, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| node["attributes"][name].as_str().unwrap_or("-").to_owned()).collect()
}

#[test]
fn junit_has_a_test_for_each_profile() {
    let folder = Folder::new("junit", &[("stack.toml", &format!("{SOUND}{OVERLAY}")), ("web.yaml", DEPLOYMENT)]);
    let Some(document) = junit(&folder, &["--all-profiles", "-f", "stack.toml", "web.yaml"]) else { return };
    let counts = ["name", "tests", "failures", "errors"];
    assert_eq!(attributes(&document, &counts), ["stowplan", "3", "3", "0"]);
    let [stack, yaml] = &document["inner"].as_array().unwrap()[..] else { panic!("{document}") };
    assert_eq!(attributes(stack, &counts), ["stack.toml", "2", "2", "0"]);
    let cases: Vec<_> =
        stack["inner"].as_array().unwrap().iter().map(|case| attributes(case, &["name", "classname"])).collect();
    assert_eq!(cases, [["k3d", "stack.toml"], ["cloud", "stack.toml"]]);
    let failure = &stack["inner"][1]["inner"][0];
    assert_eq!(
        (&failure["name"], &failure["attributes"]["message"]),
        (&json!("failure"), &json!("`replicas` is -1, less than 0"))
    );
    assert!(
        failure["text"]
            .as_str()
            .unwrap()
            .starts_with("stack.toml:10:12: error[bad-value]: `replicas` is -1, less than 0\n"),
        "{failure}"
    );
    let failure = &yaml["inner"][0]["inner"][0];
    assert_eq!(yaml["inner"][0]["attributes"]["name"], "Kubernetes 1.34");
    assert_eq!(failure["attributes"]["message"], "DeploymentSpec has no field `replica`, and 1 more");
}

#[test]
fn junit_fails_where_the_command_does() {
    let folder = Folder::new("junit-levels", &[("stack.toml", "[stack]\nname = \"a\"\nprofiles = [\"k3d\"]\n")]);
    let Some(document) = junit(&folder, &["-p", "k3d"]) else { return };
    let case = &document["inner"][0]["inner"][0];
    assert_eq!(attributes(&document, &["tests", "failures"]), ["1", "0"]);
    assert_eq!(case["inner"][0]["name"], "system-out");
    assert!(case["inner"][0]["text"].as_str().unwrap().starts_with("warning[empty-stack]: "), "{case}");
    let document = junit(&folder, &["-p", "k3d", "--fail-on", "warning"]).unwrap();
    assert_eq!(attributes(&document, &["tests", "failures"]), ["1", "1"]);
    let document = junit(&folder, &["-f", "gone.toml"]).unwrap();
    assert_eq!(attributes(&document, &["tests", "failures", "errors"]), ["1", "0", "1"]);
    assert_eq!(document["inner"][0]["inner"][0]["inner"][0]["attributes"]["message"], "there is no file `gone.toml`");
}

/// A name with all that means something in XML, and with what no XML may hold.
#[test]
fn junit_escapes_what_a_user_wrote() {
    let stack = "[stack]\nname = \"a\"\n[api.web]\nimage = \"nginx:1.27\"\nport = 80\n\"<&\\\"'>]]>\\t\\u0001\\u001b\\uFFFE\" = 1\n";
    let folder = Folder::new("junit-escapes", &[("<&\"'>.toml", stack)]);
    let Some(document) = junit(&folder, &["-p", "k3d", "-f", "<&\"'>.toml"]) else { return };
    let suite = &document["inner"][0];
    assert_eq!(suite["attributes"]["name"], "<&\"'>.toml");
    let message = suite["inner"][0]["inner"][0]["attributes"]["message"].as_str().unwrap();
    assert!(message.starts_with("`<&\"'>]]>\t"), "{message}");
    assert!(!message.contains(['\u{1}', '\u{1b}', '\u{fffe}']), "{message}");
}

/// Nothing found is a whole document of its kind, and with `-q` nothing else is said.
#[test]
fn a_clean_run_is_a_valid_document_and_quiet() {
    let folder = Folder::of_stack("clean", CLEAN);
    for (format, expected) in [
        ("human", ""),
        ("json", "{\n  \"findings\": []\n}\n"),
        ("github", ""),
        ("gitlab", "[]\n"),
        (
            "junit",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <testsuites name=\"stowplan\" tests=\"2\" failures=\"0\" errors=\"0\">\n\
             \x20 <testsuite name=\"stack.toml\" tests=\"2\" failures=\"0\" errors=\"0\">\n\
             \x20   <testcase name=\"k3d\" classname=\"stack.toml\"/>\n\
             \x20   <testcase name=\"minikube\" classname=\"stack.toml\"/>\n\
             \x20 </testsuite>\n\
             </testsuites>\n",
        ),
    ] {
        folder.lint(&["-q", "--all-profiles", "--format", format]).ends(0).is(expected, "");
    }
    let run = folder.sarif(&["--all-profiles"]);
    assert_eq!((&run["results"], &run["invocations"][0]["executionSuccessful"]), (&json!([]), &json!(true)));
}
