//! TOML text to a tree of nodes, with all syntax errors at once, each in the user's terms.
