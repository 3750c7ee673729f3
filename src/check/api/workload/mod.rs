//! Workloads: what makes Pods from a template.

mod selection;
mod template;
mod amount;
mod name;
pub mod deployment;
pub mod replica_set;
pub mod replication_controller;
pub mod daemon_set;
pub mod stateful_set;
pub mod job;
pub mod cron_job;

#[cfg(test)]
mod tests;
