//! A large text in pieces, each of which is a document by itself: two threads read them, and all use the same little memory.

use super::build::{build, discard};
use crate::document::{LayerId, Node, Origins, Table, Value};
use crate::parallel;
use crate::source::FileId;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// A piece has at least so many bytes, but for the last one. The reader of TOML takes fifty times as much while it reads.
const PIECE: usize = 32 << 10;

/// Reads a text of several pieces; `None` where it has only one or a mistake, and where its pieces cannot be read apart: it is
/// read as a whole then.
pub fn parse(text: &str, file: FileId, layer: LayerId, origins: &mut Origins) -> Option<Node> {
    parse_pieces(&pieces(text), text, file, layer, origins)
}

/// Where the pieces are. Each but the first begins at a header that is not about the component of the one before it.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    while let Some(end) = end_of_piece(start, text) {
        pieces.push(start..end);
        start = end;
    }
    pieces.push(start..text.len());
    pieces
}

fn end_of_piece(start: usize, text: &str) -> Option<usize> {
    let subject = |header: usize| {
        let line = text[header..].lines().next().unwrap_or_default();
        let path = line.split_once(']').map_or(line, |(path, _)| path);
        path.match_indices('.').nth(1).map_or(path, |(second, _)| &path[..second])
    };
    let least = start + text.as_bytes().get(start + PIECE..)?.iter().position(|byte| *byte == b'\n')? + PIECE;
    let before = subject(text[..least].rfind("\n[").map_or(0, |at| at + 1));
    let mut headers = text[least..].match_indices("\n[").map(|(at, _)| least + at + 1);
    headers.find(|header| subject(*header) != before)
}

/// A piece that has no mistake begins and ends where the whole text may be cut: in the middle of a text or of a list the one before
/// would have no end.
fn parse_pieces(
    pieces: &[Range<usize>],
    text: &str,
    file: FileId,
    layer: LayerId,
    origins: &mut Origins,
) -> Option<Node> {
    if pieces.len() < 2 {
        return None;
    }
    let read = parallel::map(pieces.len(), |piece| {
        let mut origins = Origins::default();
        let root = parse_piece(&pieces[piece], text, file, layer, &mut origins)?;
        Some((root, origins))
    });
    let mut read = read.into_iter();
    let (mut root, mut all) = read.next()??;
    for piece in read {
        let (other, others) = piece?;
        let (Value::Table(below), Value::Table(above)) = (&mut root.value, other.value) else { return None };
        // Where the document begins to say something is in the first piece, or it is not known here.
        if below.is_empty() || !are_apart((below, &all), (&above, &others), text) {
            return None;
        }
        join(below, above, all.append(others));
    }
    renumber(&mut root, origins.append(all));
    Some(root)
}

fn parse_piece(piece: &Range<usize>, text: &str, file: FileId, layer: LayerId, origins: &mut Origins) -> Option<Node> {
    let text = &text[piece.clone()];
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        discard(DeValue::Table(document.into_inner()));
        return None;
    }
    let (root, problems) = build(document.into_inner(), text, piece.start, file, layer, origins);
    problems.is_empty().then_some(root)
}

/// Whether two tables have no entry in common but tables that paths of headers go through, and these are apart too.
fn are_apart(one: (&Table, &Origins), other: (&Table, &Origins), text: &str) -> bool {
    other.0.iter().all(|(key, node)| match one.0.get(key) {
        Some(known) => match (known.as_table(), node.as_table()) {
            (Some(below), Some(above)) => {
                let are_implied = is_implied(known, one.1, text) && is_implied(node, other.1, text);
                are_implied && are_apart((below, one.1), (above, other.1), text)
            }
            _ => false,
        },
        None => true,
    })
}

/// Whether a table is there only because the path of a header goes through it: `api` in `[api.web]`. Others must not be added to
/// by a later header, or only under conditions.
fn is_implied(node: &Node, origins: &Origins, text: &str) -> bool {
    let place = origins.get(node.origin).span.bytes();
    let line = text[..place.start].rfind('\n').map_or(0, |at| at + 1);
    text[line..].trim_start_matches([' ', '\t']).starts_with('[')
        && text[place.end..].trim_start_matches([' ', '\t']).starts_with('.')
}

/// Adds the tables of a piece, the places of which now have ids that are higher by `count`.
fn join(below: &mut Table, above: Table, count: u32) {
    for (key, mut node) in above {
        match (below.get_mut(&key).and_then(Node::as_table_mut), &mut node.value) {
            (Some(known), Value::Table(table)) => join(known, std::mem::take(table), count),
            _ => {
                renumber(&mut node, count);
                below.insert(key, node);
            }
        }
    }
}

fn renumber(node: &mut Node, count: u32) {
    if count == 0 {
        return;
    }
    node.origin.0 += count;
    match &mut node.value {
        Value::Array(items) => items.iter_mut().for_each(|item| renumber(item, count)),
        Value::Table(table) => table.values_mut().for_each(|child| renumber(child, count)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Report;
    use crate::document::{Act, Origin};
    use crate::source::{Sources, Span};
    use proptest::prelude::*;
    use std::fmt::Write;

    const LAYER: LayerId = LayerId(3);

    /// Every value with its places.
    fn tell(node: &Node, origins: &Origins, depth: usize, told: &mut String) {
        let origin = origins.get(node.origin);
        let place = (origin.key.map(|key| key.bytes()), origin.span.bytes(), origin.act, origin.layer, origin.replaced);
        writeln!(told, "{place:?}").unwrap();
        match &node.value {
            Value::Table(table) => table.iter().for_each(|(key, child)| {
                write!(told, "{:depth$}{key} = ", "").unwrap();
                tell(child, origins, depth + 1, told);
            }),
            Value::Array(items) => items.iter().for_each(|item| tell(item, origins, depth + 1, told)),
            other => writeln!(told, "{:depth$}{other:?}", "").unwrap(),
        }
    }

    fn whole(text: &str) -> Option<String> {
        let (sources, mut origins, mut report) = (Sources::default(), Origins::default(), Report::default());
        let file = sources.add("stack.toml", text);
        let root = super::super::parse(file, &sources, LAYER, &mut origins, &mut report)?;
        let mut told = String::new();
        tell(&root, &origins, 0, &mut told);
        Some(told)
    }

    fn told(pieces: &[Range<usize>], text: &str) -> Option<String> {
        let file = Sources::default().add("stack.toml", text);
        // Some are known already.
        let mut origins = Origins::default();
        let place = Span::new(file, 0..0);
        origins.add(Origin { layer: LAYER, key: None, span: place, act: Act::Set, replaced: None });
        let root = parse_pieces(pieces, text, file, LAYER, &mut origins);
        assert!(root.is_some() || origins.len() == 1);
        let mut told = String::new();
        tell(&root?, &origins, 0, &mut told);
        Some(told)
    }

    /// The text cut before each line that looks like a header: how often both pieces could be read apart, and said the same. What it
    /// says cut before all of them is the same too, or is not read.
    fn cuts(text: &str) -> usize {
        let expected = whole(text);
        let mut apart = 0;
        for (at, _) in text.match_indices("\n[") {
            let told = told(&[0..at + 1, at + 1..text.len()], text);
            assert!(told.is_none() || told == expected, "{}: {told:?}", &text[..at]);
            apart += usize::from(told.is_some());
        }
        let starts = std::iter::once(0).chain(text.match_indices("\n[").map(|(at, _)| at + 1));
        let starts: Vec<_> = starts.chain([text.len()]).collect();
        let told = told(&starts.windows(2).map(|pair| pair[0]..pair[1]).collect::<Vec<_>>(), text);
        assert!(told.is_none() || told == expected, "{text}: {told:?}");
        apart
    }

    #[test]
    fn headers_of_different_components_are_read_apart() {
        assert_eq!(
            cuts("[stack]\nname = \"a\"\n[api.a]\nport = 80\n[api.b]\nport = [80,\n 81]\n[hpa.b]\nmax = 3\n"),
            3
        );
        assert_eq!(
            cuts("a = 1\n[ api . a ]\nx = 1\n[ api\t.b.c]\ny = 0x1F\n[api.'d']\nz = 1979-05-27\n[[x]]\n[[y]]\n"),
            5
        );
    }

    #[test]
    fn what_meets_in_a_table_is_read_as_a_whole() {
        for text in [
            "[api.a]\nx = 1\n[api.a.env]\ny = 1\n",
            "[api.a]\nx = 1\n[api]\ny = 1\n",
            "[api]\nx = 1\n[api.a]\ny = 1\n",
            "api.x = 1\n[api.a]\ny = 1\n",
            "api = { x = 1 }\n[api.a]\ny = 1\n",
            "[[api]]\nx = 1\n[[api]]\ny = 1\n",
            "[[api.a]]\nx = 1\n[[api.a]]\ny = 1\n",
            "[[api]]\nx = 1\n[api.a]\ny = 1\n",
            "[api.a]\nx = 1\n[api.a]\ny = 1\n",
            "[profile.cloud.api.a]\nx = 1\n[profile.cloud.api]\ny = 1\n",
            "[profile.cloud.api.a]\nx = 1\n[profile.cloud]\napi.b = 1\n",
            "[a.b]\nx = 1\n[a.\"b\"]\ny = 1\n",
        ] {
            assert_eq!(cuts(text), 0, "{text}");
        }
    }

    #[test]
    fn a_header_in_a_text_or_a_list_is_none() {
        for text in [
            "[config.a]\nx = \"\"\"\n[api.a]\n\"\"\"\n",
            "[config.a]\nx = '''\n[api.a]\n'''\n",
            "[config.a]\nx = [\n[1],\n[2] ]\n",
            "[config.a]\nx = '''\n[api.a]\ny = '''\n",
        ] {
            assert_eq!(cuts(text), 0, "{text}");
        }
        assert_eq!(cuts("[config.a]\nx = '''\n[api.a]\n'''\n[api.b]\n'''\n"), 0);
    }

    #[test]
    fn mistakes_in_a_piece_leave_it_to_the_whole() {
        for text in [
            "[api.a]\nx = \n[api.b]\ny = 1\n",
            "[api.a]\nx = 1\n[api.b]\ny = \n",
            "[api.a]\nx = 99999999999999999999\n[api.b]\ny = 1\n",
            "[api.a]\nx = 1\n[api.b]\ny = 1\ny = 2\n",
        ] {
            assert_eq!((cuts(text), whole(text)), (0, None), "{text}");
        }
    }

    #[test]
    fn each_piece_begins_with_another_component() {
        let padding = "# ".to_owned() + &"x".repeat(PIECE);
        let text = format!(
            "[api.a]\n{padding}\n[api.a.env]\n{padding}\n[api.a.probes.live]\n[api.b]\nport = 80\n{padding}\n[api.c]\n"
        );
        let starts: Vec<_> =
            pieces(&text).into_iter().map(|piece| text[piece].split('\n').next().unwrap().to_owned()).collect();
        assert_eq!(starts, ["[api.a]", "[api.b]", "[api.c]"]);
        assert_eq!((pieces("[a]\nx = 1").len(), pieces("").len()), (1, 1));
        assert_eq!(told(&pieces(&text), &text), whole(&text));
    }

    #[test]
    fn stacks_are_the_same_wherever_they_are_cut() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let folders = ["snapshots/errors", "examples", "examples/gallery"].map(|folder| root.join(folder));
        let stacks = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
        let texts = stacks.filter_map(|entry| std::fs::read_to_string(entry.unwrap().path().join("stack.toml")).ok());
        assert!(texts.map(|text| cuts(&text)).sum::<usize>() > 500);
    }

    const LINES: &[&str] = &[
        "[a]",
        "[a.b]",
        "[a.c]",
        "[a.b.c]",
        "[b]",
        "[b.a]",
        "[b.'a']",
        "[[c]]",
        "[[c.a]]",
        "[a . d]",
        "a = 1",
        "b.c = 2",
        "c = [",
        "[1],",
        "]",
        "d = \"\"\"",
        "\"\"\"",
        "e = , ",
        "# [a.b]",
        "f = { a.b = 1 }",
        "[a.b] # c",
        "\"[a]\" = 1",
        "",
        "g = 1e999",
        "[a.b",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn whatever_is_written_is_the_same_wherever_it_is_cut(lines in proptest::collection::vec(0..LINES.len(), 0..16)) {
            let text: String = lines.iter().flat_map(|line| [LINES[*line], "\n"]).collect();
            cuts(&text);
        }
    }
}
