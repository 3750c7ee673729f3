//! Scalars that are right by construction: once parsed, no later code checks them again.
