//! The tables of the stack: one file each, with its keys and what it becomes.

pub mod words;
pub mod stack;
pub mod cluster;
pub mod approach;
pub mod world;
pub mod lint;
pub mod parts;
pub mod config;
pub mod secret;
pub mod volume;
pub mod manifest;
pub mod patch;
pub mod external;
pub mod engines;
pub mod db;
pub mod api;
pub mod worker;
pub mod cronjob;
pub mod job;
pub mod hpa;
pub mod ingress;
pub mod gateway;
pub mod health_check;
pub mod expose;
pub mod classes;
pub mod defaults;
pub mod file;
#[cfg(test)]
pub(crate) mod fixture;
