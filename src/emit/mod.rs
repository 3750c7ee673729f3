//! What stowplan writes, one file per format.

pub mod report;
