//! The fuzz targets: what must hold, and how inputs are made that get past the readers.

pub mod laws;
pub mod mutation;
