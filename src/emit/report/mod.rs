//! Messages as text, one file per format.

pub mod human;
