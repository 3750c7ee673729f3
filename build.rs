//! How the program is linked.

use std::env;

/// On Linux a program may be loaded at any address, for which 16,600 pointers in our tables (the language, the API's fields) have to be
/// set at each start: an eighth of what a small stack takes. We let it have a fixed address, as kubectl and helm have, which Go links so. What
/// that gives up is a guard against memory errors, of which code without `unsafe` has none. Only with glibc: musl's start files are made for either.
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |part: &str| env::var(format!("CARGO_CFG_TARGET_{part}")).unwrap_or_default();
    if target("OS") == "linux" && target("ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
