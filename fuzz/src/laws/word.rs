//! One text as every scalar, path, pattern and expression: what is printed parses again to the same, and a correction is right.

use std::fmt::{Debug, Display};
use stowplan::bundle::{FieldPath, ObjectPattern, Pointer};
use stowplan::diagnostic::Report;
use stowplan::document::expression::{self, Piece};
use stowplan::document::path::{KeyPath, quoted};
use stowplan::document::{LayerId, Origins, inline, parse};
use stowplan::source::Sources;
use stowplan::value::*;

/// Reads the text as each of them.
pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    scalars(text);
    paths(text);
    expressions(text);
    is_toml(text);
}

macro_rules! each {
    ($text:expr, $($scalar:ty),* $(,)?) => { $(again::<$scalar>($text, stringify!($scalar));)* };
}

fn scalars(text: &str) {
    each!(
        text,
        Controller,
        KindName,
        ParameterName,
        Provisioner,
        CountOrPercent,
        FileMode,
        Duration,
        Address,
        Domain,
        Host,
        Hostname,
        Image,
        IpAddress,
        Justification,
        ConfigKey,
        EnvName,
        AnnotationName,
        LabelName,
        LabelValue,
        DnsLabel,
        Name,
        ObjectName,
        PortName,
        AbsolutePath,
        HttpPath,
        RelativePath,
        VolumePath,
        NodePort,
        PortMapping,
        PortNumber,
        Protocol,
        TaintEffect,
        Quantity,
        ResourceName,
        ApiGroup,
        ApiResource,
        ApiScope,
        Verb,
        Schedule,
        Taint,
        KubernetesRange,
        KubernetesVersion,
        VariableName,
        Version,
        String,
    );
    // What is none is compared with every zone there is, which takes longer than all the others.
    if text.contains('/') {
        again::<TimeZone>(text, "TimeZone");
    }
    if let Ok(quantity) = Quantity::signed(text) {
        assert_eq!(Quantity::signed(&quantity.to_string()).ok(), Some(quantity.clone()));
        quantity.whole();
        Quantity::thousandths(text);
    }
}

/// What is read is printed so that it reads the same; of what is refused the place is in the text, and the correction is taken.
fn again<T: Scalar + Display + Debug + PartialEq>(text: &str, name: &str) {
    match T::parse(text) {
        Ok(value) => {
            let printed = value.to_string();
            match T::parse(&printed) {
                Ok(read) => assert_eq!(read, value, "{name} {text:?} is printed as {printed:?}"),
                Err(refusal) => panic!("{name} {text:?} is printed as {printed:?}: {refusal:?}"),
            }
        }
        Err(refusal) => {
            let is_inside = refusal.at.clone().is_none_or(|bytes| text.get(bytes).is_some());
            assert!(is_inside, "{name} {text:?}: {refusal:?}");
            let is_right = refusal.replacement.as_deref().is_none_or(|better| T::parse(better).is_ok());
            assert!(is_right, "{name} {text:?}: {refusal:?}");
        }
    }
}

fn paths(text: &str) {
    again::<KeyPath>(text, "KeyPath");
    again::<FieldPath>(text, "FieldPath");
    again::<ObjectPattern>(text, "ObjectPattern");
    let _ = FieldPath::read(text);
    if let Ok(pointer) = text.parse::<Pointer>() {
        let printed = pointer.to_string();
        assert_eq!(printed.parse::<Pointer>().ok(), Some(pointer), "{text:?} is printed as {printed:?}");
    }
    if !text.contains(['\n', '\r']) {
        let path = KeyPath::of(["a", text]);
        assert_eq!(KeyPath::parse(&path.to_string()).ok(), Some(path.clone()), "{path}");
    }
}

fn expressions(text: &str) {
    let Ok(pieces) = expression::cut(text) else { return };
    let mut behind = 0;
    for piece in &pieces {
        match piece {
            Piece::Text(part) => {
                assert_eq!(&text[behind..behind + part.len()], *part);
                behind += part.len();
            }
            Piece::Expression { source, range } => {
                assert_eq!((range.start, &text[range.start + 2..range.end - 2]), (behind, *source));
                behind = range.end;
                let references = expression::references(source);
                assert!(references.iter().all(|reference| source.get(reference.range.clone()).is_some()));
                expression::with_variables(source, &references);
            }
        }
    }
    assert_eq!(behind, text.len());
    if let Err(all) = expression::check(text) {
        assert!(all.iter().all(|malformed| text.get(malformed.range.clone()).is_some()), "{text:?}: {all:?}");
    }
}

/// A text and a key as we print them are TOML, and mean the same.
fn is_toml(text: &str) {
    let sources = Sources::default();
    let line = format!("{} = {}\n", quoted(text), inline::literal(text));
    let (file, mut report) = (sources.add("printed", line.as_str()), Report::default());
    let root = parse::parse(file, &sources, LayerId(0), &mut Origins::default(), &mut report);
    let read = root.as_ref().and_then(|root| root.get(text)).and_then(|node| node.as_str());
    assert_eq!(read, Some(text), "{line} {:?}", report.diagnostics);
}
