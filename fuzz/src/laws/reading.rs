//! What the targets share: reading texts as the commands do, trees as plain data, and messages as people and machines read them.

use serde_json::Value;
use stowplan::bundle::yaml::{Place, Stream, read};
use stowplan::bundle::{Bundle, Field, FieldPath, FieldValue, Object, Pointer};
use stowplan::diagnostic::{Diagnostic, Report, Severity};
use stowplan::document::{LayerId, Origins, parse};
use stowplan::emit::manifests::json::value;
use stowplan::emit::report::human::{self, Color, Style};
use stowplan::emit::report::{FORMATS, Findings, LookedAt, Remark};
use stowplan::profile::Session;
use stowplan::source::{FileId, Sources, Span};

/// How texts for people are drawn.
pub const PLAIN: Style = Style { color: Color::Never, width: 100 };

/// What separates two texts in one input.
const SEPARATOR: &str = "\n=====\n";

/// The bytes as the text of this name; `None` where they are none, which is a message.
pub fn text(name: &str, bytes: &[u8], session: &mut Session) -> Option<FileId> {
    let file = parse::text_of(name, bytes.to_vec(), &session.sources, &mut session.report);
    assert_eq!(file.is_none(), session.report.has_errors(), "a text that is not read is an error");
    file
}

/// The two texts of an input; the second is empty where there is one only.
pub fn halves(bytes: &[u8]) -> Option<(&str, &str)> {
    let text = std::str::from_utf8(bytes).ok()?;
    Some(text.split_once(SEPARATOR).unwrap_or((text, "")))
}

/// A tree without its causes, whatever the order of its keys.
pub fn plain(field: &Field) -> Value {
    serde_json::to_value(value(field)).expect("every tree is JSON")
}

/// The documents of a stream without their causes, and what was said of it.
pub fn documents(text: &str) -> (Vec<Value>, Report) {
    let (sources, mut origins, mut report) = (Sources::default(), Origins::default(), Report::default());
    let place = Place::Verbatim(Span::new(sources.add("stream", text), 0..text.len()));
    let roots = read(Stream { text, place, layer: LayerId(0) }, &mut origins, &mut report);
    (roots.iter().map(plain).collect(), report)
}

/// Reads what was printed: it is this, and nothing is said of it.
pub fn reads_as(printed: &str, meant: &[Value]) {
    let (read, report) = documents(printed);
    assert!(report.diagnostics.is_empty(), "{:?}\n{printed}", report.diagnostics);
    assert_eq!(read, meant, "\n{printed}");
}

/// What a bundle is printed as gives the same objects again, in each format.
pub fn reads_back(bundle: &Bundle) {
    let meant: Vec<Value> = bundle.objects.iter().map(|object| plain(&object.root)).collect();
    reads_as(&stowplan::emit::manifests::yaml::yaml(bundle), &meant);
    let list = stowplan::emit::manifests::json::json(bundle);
    let read: Value = serde_json::from_str(&list).expect("the list is JSON");
    assert_eq!(read["items"].as_array(), Some(&meant), "\n{list}");
    reads_as(&list, &[read]);
    for object in &bundle.objects {
        reads_as(&stowplan::emit::manifests::yaml::document(&object.root), &[plain(&object.root)]);
    }
}

/// Every field of the objects is found by its pointer, as it is printed for people.
pub fn is_found_again(objects: &[Object]) {
    for object in objects {
        visit(&object.root, &mut Pointer::default(), &object.root);
    }
}

fn visit(field: &Field, at: &mut Pointer, root: &Field) {
    let printed = at.to_string();
    let read: Pointer = printed.parse().unwrap_or_else(|error| panic!("{printed:?}: {error}"));
    assert_eq!(&read, at, "{printed:?}");
    let slashed: String = at.segments().iter().map(slashed).collect();
    let path = FieldPath::read(if slashed.is_empty() { "/" } else { &slashed });
    if !slashed.is_empty() {
        let found = path.expect("a JSON pointer is a path").resolve(root);
        assert_eq!(found.as_ref().ok(), Some(&*at), "{slashed:?}");
    }
    match &field.value {
        FieldValue::List(items) => below(items.iter().zip(0_u32..).map(|(item, at)| (at, item)), at, root),
        FieldValue::Map(entries) => below(entries.iter().map(|(key, value)| (&**key, value)), at, root),
        _ => {}
    }
}

fn slashed(segment: &stowplan::bundle::Segment) -> String {
    match segment {
        stowplan::bundle::Segment::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        stowplan::bundle::Segment::Index(index) => format!("/{index}"),
    }
}

fn below<'f>(
    parts: impl Iterator<Item = (impl Into<stowplan::bundle::Segment>, &'f Field)>,
    at: &mut Pointer,
    root: &Field,
) {
    for (segment, part) in parts {
        at.push(segment);
        visit(part, at, root);
        at.pop();
    }
}

/// Prints messages for people.
pub fn tell(report: &Report, sources: &Sources) {
    human::render(report, sources, PLAIN);
}

/// Prints what `lint` found in each format, and holds each message against its text.
pub fn report(remarks: Vec<Remark>, refusals: Vec<Diagnostic>, file: FileId, sources: &Sources) {
    for diagnostic in remarks.iter().map(|remark| &remark.diagnostic).chain(&refusals) {
        is_well_placed(diagnostic, sources);
    }
    let looked_at = vec![LookedAt { file, with: vec!["k3d".to_owned()] }];
    let findings = Findings { remarks, refusals, looked_at, fail_on: Severity::Error };
    for format in FORMATS {
        let printed = (format.print)(&findings, sources, PLAIN);
        if ["json", "sarif", "gitlab"].contains(&format.name) {
            let read: Result<Value, _> = serde_json::from_str(&printed);
            assert!(read.is_ok(), "{}: {printed}", format.name);
        }
    }
}

/// Its places are in their texts, between characters.
fn is_well_placed(diagnostic: &Diagnostic, sources: &Sources) {
    let fix = diagnostic.fix.iter().map(|fix| fix.span);
    for span in diagnostic.labels.iter().map(|label| label.span).chain(fix) {
        let text = &sources.file(span.file).text;
        assert!(text.get(span.bytes()).is_some(), "{span:?} of {} bytes: {diagnostic:?}", text.len());
    }
}
