//! The tables of the stack: one file each, with its keys and what it becomes.

pub mod parts;
pub mod world;
#[cfg(test)]
mod bench;
pub mod api;
pub mod cluster;
pub mod config;
pub mod cronjob;
pub mod db;
pub mod engines;
pub mod defaults;
pub mod expose;
pub mod external;
pub mod file;
pub mod gateway;
pub mod hpa;
pub mod ingress;
pub mod job;
pub mod secret;
pub mod stack;
pub mod volume;
pub mod worker;
