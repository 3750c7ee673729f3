//! stowplan compiles one TOML file and a cluster profile to Kubernetes manifests.
//!
//! Nothing in here reads a file, a variable or the clock but [`cli`]: a stack is a text, and what it refers to comes from
//! [`source::Inputs`]. A [`profile::Session`] holds the texts, the places in them, and everything that was said.
//!
//! ```
//! use stowplan::emit::manifests::yaml::yaml;
//! use stowplan::pipeline;
//! use stowplan::profile::{Request, Session};
//! use stowplan::source::Files;
//!
//! let mut session = Session::default();
//! let stack = session.sources.add("stack.toml", "[api.hello]\nimage = \"kicbase/echo-server:1.0\"\nport = 8080\n");
//! let request = Request { stack, profile: Some("k3d"), set: &[] };
//! let rendering = pipeline::render(&mut session, &request, &Files::default()).expect("the stack is right");
//! assert!(!session.report.has_errors());
//! let manifests = yaml(&rendering.bundle);
//! assert!(manifests.starts_with("apiVersion: v1\nkind: Service\nmetadata:\n  name: hello\n"));
//! ```
//!
//! [`pipeline`] is the stages in a row: [`document`] reads TOML as a tree with places, [`shape`] knows the language, [`profile`] lays
//! the layers over each other, [`component`] and [`stack`] make valid values of the tree, [`lower`] makes objects of those, in which
//! every field knows its cause ([`bundle`]), [`mod@patch`] changes them, [`seal`] finishes them, [`graph`] follows their references,
//! [`check`] asks what an API server would refuse and what is not wise. [`emit`] writes everything that comes out.
//!
//! What the commands do are functions: [`pipeline::render`], [`lint::stack`] and [`lint::streams`], [`mod@diff`], [`why::answer`],
//! [`snapshot::snapshots`], [`emit::cluster`], [`emit::docs`], [`emit::schema`]. `examples/rust` has a program for each.
//!
//! The modules stand in the order of the pipeline; each imports only those above it.

mod parallel;
pub mod source;
pub mod value;
pub mod diagnostic;
pub mod document;
pub mod bundle;
pub mod shape;
pub mod profile;
pub mod component;
pub mod stack;
pub mod lower;
pub mod patch;
pub mod graph;
pub mod check;
pub mod seal;
pub mod change;
pub mod drift;
pub mod provenance;
pub mod picture;
pub mod emit;
pub mod pipeline;
pub mod lint;
pub mod diff;
pub mod why;
pub mod snapshot;
pub mod cli;
