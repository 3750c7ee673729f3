//! Words of Compose for what the kernel and the resolver give to the processes of a Pod.

use super::{Row, Show, WORKLOADS, Word, binary, say, scalar, texts};
use crate::document::Value;
use crate::document::inline::{list, literal, table, whole};

/// The words.
pub const ROWS: &[Row] = &[
    Row { words: &["shm_size"], tables: WORKLOADS, key: "mounts", show: Show::Of(shared_memory) },
    Row { words: &["sysctls", "sysctl"], tables: WORKLOADS, key: "", show: Show::Of(kernel_settings) },
    say(
        &["stdin_open"],
        WORKLOADS,
        "",
        "remove it: nobody types into a container of a cluster; `kubectl debug -it` and `kubectl exec -it` open a shell",
    ),
    Row { words: &["dns"], tables: WORKLOADS, key: "", show: Show::Of(name_servers) },
    Row { words: &["dns_search"], tables: WORKLOADS, key: "", show: Show::Of(searches) },
];

fn shared_memory(word: &Word) -> Option<String> {
    let mount = table([("scratch", literal(&binary(scalar(word.value)?))), ("memory", "true".to_owned())]);
    Some(match word.beside.contains_key("mounts") {
        true => format!("add to `mounts`: `\"/dev/shm\" = {mount}`"),
        false => format!("write `mounts = {{ \"/dev/shm\" = {mount} }}`"),
    })
}

/// Compose's table or list, or Kubernetes' list of tables.
fn kernel_settings(word: &Word) -> Option<String> {
    let entry = |name: &str, value: &str| table([("name", literal(name)), ("value", literal(value))]);
    let entries: Vec<String> = match word.value {
        Value::Table(settings) => {
            settings.iter().map(|(name, value)| Some(entry(name, scalar(&value.value)?))).collect::<Option<_>>()?
        }
        Value::Array(items) => items
            .iter()
            .map(|item| match item.as_str().and_then(|text| text.split_once('=')) {
                Some((name, value)) => entry(name, value),
                None => whole(&item.value),
            })
            .collect(),
        _ => return None,
    };
    let value = format!("[{}]", entries.join(", "));
    word.pod_field("no key sets it: patch the field", &["securityContext", "sysctls"], &value)
}

fn name_servers(word: &Word) -> Option<String> {
    word.pod_field("no key sets it: patch the field", &["dnsConfig", "nameservers"], &one_or_more(word.value)?)
}

fn searches(word: &Word) -> Option<String> {
    word.pod_field("no key sets it: patch the field", &["dnsConfig", "searches"], &one_or_more(word.value)?)
}

fn one_or_more(value: &Value) -> Option<String> {
    texts(value).or_else(|| Some(vec![scalar(value)?])).map(list)
}
