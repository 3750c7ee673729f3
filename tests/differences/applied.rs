//! Random pairs of stacks: the changes, made on the first one's objects, give the second one's.

#[path = "../../fuzz/src/laws/json_patch.rs"]
mod json_patch;

use super::{PLAIN, Two};
use json_patch::patch;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use stowplan::bundle::Bundle;
use stowplan::change::Changes;
use stowplan::emit::changes::Format;
use stowplan::emit::manifests::json::json as manifests;
use stowplan::value::Quantity;

/// A stack of few words, so that two of them have much in common.
fn stack() -> impl Strategy<Value = String> {
    let env = prop::collection::vec((0..5_usize, 0..6_usize), 0..6);
    let args = prop::collection::vec(0..4_usize, 0..5);
    let amounts = prop::sample::select(vec!["1", "1000m", "500m", "0.5", "2"]);
    let names = prop::sample::subsequence(vec!["one", "two", "three"], 0..=3).prop_shuffle();
    let ports = prop::sample::subsequence(vec!["http = 80", "http = 81", "metrics = 9090", "admin = 8081"], 1..=3)
        .prop_shuffle();
    (env, args, amounts, names, ports, 1..4_usize, any::<[bool; 5]>()).prop_map(
        |(env, args, amount, init, ports, replicas, parts)| {
            let values = ["\"1\"", "\"$(V0)\"", "\"$(V1)-$(V2)\"", "\"$$(V0)\"", "\"x\"", "\"$(V4)\""];
            let env: BTreeMap<usize, (usize, usize)> = env.iter().enumerate().map(|(at, (name, value))| (*name, (at, *value))).collect();
            let mut env: Vec<_> = env.into_iter().collect();
            env.sort_by_key(|(_, (at, _))| *at);
            let env: Vec<_> = env.iter().map(|(name, (_, value))| format!("V{name} = {}", values[*value])).collect();
            let args: Vec<_> = args.iter().map(|arg| format!("\"--{arg}\"")).collect();
            let mut seen = Vec::new();
            let ports: Vec<_> = ports.into_iter().filter(|port| {
                let name = port.split(' ').next().unwrap();
                let is_new = !seen.contains(&name);
                seen.push(name);
                is_new
            }).collect();
            let mut text = format!(
                "[stack]\nname = \"s\"\n[api.web]\nimage = \"acme/web:{replicas}\"\nports = {{ {} }}\nreplicas = {replicas}\nenv = {{ {} }}\nargs = [{}]\nresources.cpu = \"{amount}\"\n",
                ports.join(", "), env.join(", "), args.join(", "),
            );
            if parts[0] {
                text.push_str("mounts.\"/data\" = { scratch = \"1Gi\" }\n");
            }
            if parts[1] {
                text.push_str("mounts.\"/etc/app\" = { config = \"app\" }\n");
            }
            for name in init {
                text.push_str(&format!("[api.web.init.{name}]\nimage = \"acme/{name}:1\"\n"));
            }
            if parts[1] || parts[2] {
                text.push_str(&format!("[config.app]\ndata = {{ \"a.conf\" = \"one\\ntwo {replicas}\\n\", b = \"{amount}\" }}\n"));
            }
            if parts[3] {
                text.push_str(&format!("[job.migrate]\nimage = \"acme/web:{replicas}\"\nargs = [{}]\n", args.join(", ")));
            }
            if parts[4] {
                text.push_str("[worker.w]\nimage = \"acme/w:1\"\n[hpa.web]\nmax = 5\ncpu = 70\n");
            }
            text
        },
    )
}

/// The objects of a bundle as another reader of JSON sees them.
fn objects(bundle: &Bundle) -> Vec<Value> {
    let list: Value = serde_json::from_str(&manifests(bundle)).unwrap();
    list["items"].as_array().unwrap().clone()
}

fn name(object: &Value) -> (String, String) {
    (object["kind"].as_str().unwrap().to_owned(), object["metadata"]["name"].as_str().unwrap().to_owned())
}

/// What an object says, whatever the order of lists that are told apart by names; variables with what they expand to.
fn meaning(value: &Value, key: &str) -> Value {
    match value {
        Value::Object(map) => {
            let amounts = matches!(key, "requests" | "limits");
            let entries = map.iter().map(|(key, child)| {
                let amount = child.as_str().filter(|_| amounts).and_then(Quantity::thousandths);
                (key.clone(), amount.map_or_else(|| meaning(child, key), |amount| json!(amount.to_string())))
            });
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Value::Array(items) if key == "env" => {
            let mut known: BTreeMap<String, String> = BTreeMap::new();
            for item in items {
                let mut text = item["value"].as_str().unwrap_or_default().replace("$$(", "\0");
                for (name, value) in &known {
                    text = text.replace(&format!("$({name})"), value);
                }
                known.insert(item["name"].as_str().unwrap().to_owned(), text);
            }
            json!(known)
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(|item| meaning(item, "")).collect();
            if key != "initContainers" && items.iter().all(Value::is_object) {
                items.sort_by_key(ToString::to_string);
            }
            Value::Array(items)
        }
        other => other.clone(),
    }
}

fn as_json(changes: &Changes) -> Value {
    serde_json::from_str(&(Format::find("json").unwrap().print)(changes, PLAIN)).unwrap()
}

/// What the changes make of the first objects.
fn applied(before: &Bundle, changes: &Changes) -> Vec<Value> {
    let mut all = objects(before);
    for object in as_json(changes)["objects"].as_array().unwrap() {
        let wanted = (object["kind"].as_str().unwrap().to_owned(), object["name"].as_str().unwrap().to_owned());
        match object["act"].as_str().unwrap() {
            "added" => all.push(object["value"].clone()),
            "removed" => all.retain(|other| name(other) != wanted),
            _ => {
                let found = all.iter_mut().find(|other| name(other) == wanted).unwrap();
                patch(found, object["changes"].as_array().unwrap());
            }
        }
    }
    sorted(all)
}

fn sorted(objects: Vec<Value>) -> Vec<Value> {
    let mut objects: Vec<Value> = objects.iter().map(|object| meaning(object, "")).collect();
    objects.sort_by_key(name);
    objects
}

/// Where each change is in both objects.
fn places(changes: &Changes, flip: bool) -> Vec<String> {
    let mut all = Vec::new();
    for object in &changes.objects {
        let mut both = [object.before.map(|object| object.name()), object.after.map(|object| object.name())];
        if flip {
            both.reverse();
        }
        all.push(format!("{both:?}"));
        for change in &object.changes {
            let mut places = [&change.before, &change.after].map(|pointer| pointer.as_ref().map(ToString::to_string));
            if flip {
                places.reverse();
            }
            all.push(format!("{both:?} {places:?}"));
        }
    }
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_changes_make_the_second_of_the_first(before in stack(), after in stack()) {
        let two = Two::stacks(&before, &after, "cloud");
        let changes = two.changes();
        prop_assert_eq!(applied(&two.both[0].bundle, &changes), sorted(objects(&two.both[1].bundle)), "{}", two.text());
        prop_assert!(two.between(0, 0).is_empty());
        prop_assert_eq!(places(&changes, false), places(&two.mirrored(), true));
        for object in &changes.objects {
            prop_assert!(object.changes.iter().all(|change| !change.reasons.is_empty()));
        }
    }
}
