//! `[volume.NAME]`: a disk with a name of its own.

use crate::shape::Written;
use crate::{table, words};
use crate::value::{ObjectName, Quantity};

words! {
    /// How many may mount a disk.
    pub enum Access("an access mode") {
        /// One node.
        ReadWriteOnce = "ReadWriteOnce",
        /// One Pod.
        ReadWriteOncePod = "ReadWriteOncePod",
        /// Many nodes.
        ReadWriteMany = "ReadWriteMany",
        /// Many nodes, to read.
        ReadOnlyMany = "ReadOnlyMany",
    }
}

table! {
    /// A disk with a name of its own. A PersistentVolumeClaim.
    pub struct Volume("volume") {
        /// Its size: "10Gi".
        storage: Written<Quantity>,
        /// How many may mount it; `ReadWriteOnce` where it is left out.
        access: Option<Written<Access>>,
        /// The storage class; `cluster.storage.class` where it is left out.
        class: Option<Written<ObjectName>>,
    }
}
