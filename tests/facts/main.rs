//! The applications as their authors describe them, fact by fact, read back by another reader of YAML.
//!
//! `r01` to `r29` are the rows of the table of systems; where what we make differs, a fault of the original is the reason, and a
//! test named after that fault shows that it cannot happen here.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

mod faults;
mod hello;
mod myapp;
mod nginx;
mod operated;
mod prevented;
mod reading;
#[path = "../rendered/mod.rs"]
mod rendered;
mod service_kinds;
mod slack_metrics;
mod todo;
mod voting_app;
