//! What makes a profile true: the file or script that creates its cluster, and what that cluster still needs.

mod facts;
mod tree;
mod classes;
mod steps;
mod k3d;
mod kind;
mod minikube;
mod cloud;
mod names;

pub use facts::{Facts, Load, cluster_name, tool};
pub use names::check;
pub use steps::{By, Step, on_one_line};

use crate::component::cluster::Tool;
use steps::comments;

/// What `stowplan cluster` prints.
pub struct Plan {
    /// For stdout: a file that the tool reads, or a script.
    pub text: String,
    /// What is typed once the cluster is there, in order; part of the text too.
    pub steps: Vec<Step>,
    /// What no file can give, for stderr.
    pub remarks: Vec<String>,
}

/// The cluster that the facts ask for.
pub fn plan(facts: &Facts) -> Plan {
    let steps = steps::steps(facts);
    let text = match facts.tool {
        Tool::K3d => format!("{}{}", preface(facts, &steps, "k3d cluster create --config -"), k3d::config(facts)),
        Tool::Kind => format!("{}{}", preface(facts, &steps, "kind create cluster --config -"), kind::config(facts)),
        Tool::Minikube => minikube::script(facts, &steps),
        Tool::None => cloud::needs(facts, &steps),
    };
    Plan { text, steps, remarks: facts.remarks.clone() }
}

/// How the text is used and what follows, as comments above a file that only its tool reads; `creation` takes it from a pipe.
fn preface(facts: &Facts, steps: &[Step], creation: &str) -> String {
    let mut text = format!(
        "# The cluster `{}` of the profile `{}`. Create it with\n#\n#   {} | {creation}\n#\n# {}\n",
        facts.name,
        facts.profile,
        facts.call,
        facts.version_remark()
    );
    if !steps.is_empty() {
        text.push_str("#\n# Once it is there:\n");
        text.push_str(&comments(steps));
    }
    text
}
