//! What holds whatever the layers say: laws of merging, on small generated tables.

use proptest::prelude::*;
use stowplan::component::file::LANGUAGE;
use stowplan::document::{Node, Table, Value};
use stowplan::profile::merge::merge;
use stowplan::profile::{Role, Session};

/// What a layer may say of the api `web`. Several rows of one key are of one form: see `merging_is_associative`.
const LINES: [&str; 22] = [
    "image = \"a:1\"",
    "image = \"b:1\"",
    "replicas = 1",
    "replicas = 2",
    "args = [\"x\"]",
    "args = [\"...\", \"y\"]",
    "args = [\"z\", \"...\"]",
    "env.A = 1",
    "env.A = \"two\"",
    "env.B = { field = \"status.podIP\" }",
    "env.B = { resource = \"limits.cpu\" }",
    "env.C = \"c\"",
    "port = 80",
    "port = \"80:3000\"",
    "ports.http.host-port = 8080",
    "health = \"/up\"",
    "probes.live.period = \"3s\"",
    "probes.ready = { http = \"/ready\", delay = \"1s\" }",
    "resources.cpu = 1",
    "resources = { memory = \"1Gi\", limits = { memory = \"2Gi\" } }",
    "labels.a = \"b\"",
    "uses.db = { HOST = \"host\" }",
];

/// What may stand here only where layers are laid from the lowest up.
const EXCLUSIVE: [&str; 8] = [
    "probes.live.exec = [\"x\"]",
    "probes.live.tcp = true",
    "stop.sleep = \"1s\"",
    "stop.exec = [\"...\", \"x\"]",
    "strategy = \"recreate\"",
    "strategy.surge = 1",
    "pdb = false",
    "pdb = { unavailable = 1 }",
];

/// A layer in which lines neither exclude nor repeat each other.
fn layer(lines: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(lines, 0..=lines.len().min(10)).prop_shuffle().prop_map(|mut lines| {
        let mut keys: Vec<&str> = Vec::new();
        lines.retain(|line| {
            let key = match line.split(['.', ' ']).next().unwrap_or_default() {
                "port" | "ports" => "ports",
                "env" => line.split(' ').next().unwrap_or_default(),
                key => key,
            };
            let fresh = !keys.contains(&key);
            keys.push(key);
            fresh
        });
        lines
    })
}

fn all() -> &'static [&'static str] {
    static ALL: std::sync::LazyLock<Vec<&'static str>> =
        std::sync::LazyLock::new(|| [&LINES[..], &EXCLUSIVE[..]].concat());
    &ALL
}

/// The checked tree of a layer.
fn tree(session: &mut Session, lines: &[&str]) -> Node {
    let text = if lines.is_empty() { String::new() } else { format!("[api.web]\n{}\n", lines.join("\n")) };
    tree_of(session, &text)
}

fn tree_of(session: &mut Session, text: &str) -> Node {
    let file = session.sources.add("layer", text);
    let layer = session.layer("layer", Role::Stack);
    let mut node = session.parse(file, layer).expect("the lines are TOML");
    session.check(&mut node, LANGUAGE.stack_kind);
    assert!(session.report.diagnostics.is_empty(), "{:?} {text}", session.report);
    node
}

fn laid(session: &mut Session, mut lower: Node, upper: Node) -> Node {
    merge(&mut lower, upper, LANGUAGE.stack_kind, session);
    lower
}

/// A tree as text, keys in their order, without places.
fn shown(node: &Node) -> String {
    match &node.value {
        Value::Table(table) => {
            let entries: Vec<_> = table.iter().map(|(key, child)| format!("{key} = {}", shown(child))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        value => format!("{value:?}"),
    }
}

fn keys(table: Option<&Table>) -> Vec<&str> {
    table.into_iter().flat_map(Table::keys).map(|key| &**key).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn an_empty_layer_changes_nothing(lines in layer(all())) {
        let session = &mut Session::default();
        let tree_of_lines = tree(session, &lines);
        let empty = tree(session, &[]);
        let over = laid(session, tree_of_lines.clone(), empty.clone());
        prop_assert_eq!(shown(&over), shown(&tree_of_lines));
        let under = laid(session, empty, tree_of_lines.clone());
        prop_assert_eq!(shown(&under), shown(&tree_of_lines));
    }

    #[test]
    fn a_layer_over_itself_changes_nothing_but_lists_that_grow(lines in layer(all())) {
        let lines: Vec<_> = lines.into_iter().filter(|line| !line.contains("...")).collect();
        let session = &mut Session::default();
        let once = tree(session, &lines);
        let twice = laid(session, once.clone(), once.clone());
        prop_assert_eq!(shown(&twice), shown(&once));
    }

    /// `"..."` keeps it so, because it stays in a list until there is something before it. Lines that exclude others, and values
    /// of another form, are left out: see `layers_must_be_laid_from_the_lowest_up`. `unset` is carried out, not merged.
    #[test]
    fn merging_is_associative(low in layer(&LINES), middle in layer(&LINES), high in layer(&LINES)) {
        let session = &mut Session::default();
        let [low, middle, high] = [low, middle, high].map(|lines| tree(session, &lines));
        let from_below = laid(session, low.clone(), middle.clone());
        let from_below = laid(session, from_below, high.clone());
        let upper = laid(session, middle, high);
        let from_above = laid(session, low, upper);
        prop_assert_eq!(shown(&from_below), shown(&from_above));
    }

    #[test]
    fn the_last_layers_scalars_win(low in layer(all()), high in layer(all())) {
        let session = &mut Session::default();
        let [low, high] = [low, high].map(|lines| tree(session, &lines));
        let laid = laid(session, low, high.clone());
        prop_assert!(has_scalars(&laid, &high), "{} over {}", shown(&high), shown(&laid));
    }

    #[test]
    fn keys_keep_their_place_and_new_ones_follow(low in layer(&LINES), high in layer(&LINES)) {
        let session = &mut Session::default();
        let [low, high] = [low, high].map(|lines| tree(session, &lines));
        let laid = laid(session, low.clone(), high.clone());
        prop_assert!(in_order(&low, &high, &laid), "{} then {} gives {}", shown(&low), shown(&high), shown(&laid));
    }

    #[test]
    fn of_exclusive_keys_one_stands(layers in proptest::collection::vec(layer(&EXCLUSIVE), 1..5)) {
        let session = &mut Session::default();
        let mut laid_over = tree(session, &[]);
        for lines in layers {
            let upper = tree(session, &lines);
            laid_over = laid(session, laid_over, upper);
        }
        let at = |path: &[&str]| keys(laid_over.at(path).and_then(Node::as_table));
        prop_assert!(at(&["api", "web", "probes", "live"]).len() <= 1);
        prop_assert!(at(&["api", "web", "stop"]).len() <= 1);
        prop_assert!(at(&["api", "web", "strategy"]).len() <= 1);
    }
}

/// Where an upper layer takes something away without `unset`, merging is not associative: the middle layer's `sleep` removes the
/// first `exec` before the third layer comes, but laid over each other first, the upper two have no `sleep` any more. So it is
/// with a value of another form in between (`tls = false` between two tables).
#[test]
fn layers_must_be_laid_from_the_lowest_up() {
    let tls = |tls: &str| format!("[ingress.i]\ntls = {tls}\n");
    let stop = |stop: &str| format!("[api.web]\nstop.{stop}\n");
    let cases = [
        ["exec = [\"a\"]", "sleep = \"1s\"", "exec = [\"...\", \"b\"]"].map(stop),
        ["{ secret = \"s\" }", "false", "{ issuer = \"i\" }"].map(tls),
    ];
    for texts in cases {
        let session = &mut Session::default();
        let [low, middle, high] = texts.each_ref().map(|text| tree_of(session, text));
        let from_below = laid(session, low.clone(), middle.clone());
        let from_below = laid(session, from_below, high.clone());
        assert_eq!(shown(&from_below), shown(&high), "nothing of the lowest is left");
        let upper = laid(session, middle, high);
        assert_ne!(shown(&laid(session, low, upper)), shown(&from_below));
    }
}

fn has_scalars(laid: &Node, high: &Node) -> bool {
    match (&laid.value, &high.value) {
        (Value::Table(laid), Value::Table(high)) => {
            high.iter().all(|(key, high)| laid.get(key).is_some_and(|laid| has_scalars(laid, high)))
        }
        (Value::Array(_), Value::Array(_)) => true,
        _ => shown(laid) == shown(high),
    }
}

/// Tables that are replaced whole have the keys of the upper one.
fn in_order(low: &Node, high: &Node, laid: &Node) -> bool {
    let (Some(low), Some(high), Some(laid)) = (low.as_table(), high.as_table(), laid.as_table()) else { return true };
    let mut expected = keys(Some(low));
    expected.extend(keys(Some(high)).into_iter().filter(|key| !low.contains_key(key)));
    let ordered = keys(Some(laid)) == expected || keys(Some(laid)) == keys(Some(high));
    ordered
        && laid.iter().all(|(key, laid)| match (low.get(key), high.get(key)) {
            (Some(low), Some(high)) => in_order(low, high, laid),
            _ => true,
        })
}
