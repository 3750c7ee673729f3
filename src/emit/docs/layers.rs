//! Which layer is laid over which.

use super::edges::Section;

/// The layers of a stack in their order.
pub fn section() -> Section {
    Section {
        title: "The layers, each laid over those above it, so that the last one that says something has the last word",
        rows: LAYERS.map(|(name, says)| (name.to_owned(), says.to_owned())).into(),
    }
}

/// What each layer is called, and what it is for. `Session::resolve` lays them over each other in this order.
const LAYERS: [(&str, &str); 5] = [
    ("base", "the defaults of stowplan: `stowplan profiles show base`"),
    (
        "profiles/NAME.toml",
        "the profile that is asked for, over those that it extends; built in, or a file beside the stack",
    ),
    (
        "stack.toml",
        "what the stack says holds on every profile, and so over what a profile's file says of the same key",
    ),
    (
        "[profile.NAME]",
        "overlays in the stack, that of the profile that is asked for over those of the profiles that it extends",
    ),
    ("--set", "what a call says, in its order"),
];
