//! The policies that come with Lockgate, as WebAssembly components.
//!
//! Their sources are in `plugins/`. The build script compiles them, and the same sources give the
//! same bytes wherever that happens (`tests/reproducible.rs`). They run in the same sandbox as
//! any other plugin: being built in gives them no right.
//!
//! ```
//! let sbom = lockgate_builtins::builtin("sbom").unwrap();
//! assert!(sbom.component.starts_with(b"\0asm"));
//! assert!(lockgate_builtins::builtin("hostile").is_none());
//! ```
#![forbid(unsafe_code)]

/// A policy that comes with Lockgate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Builtin {
    /// What a policy file writes after `builtin:`.
    pub name: &'static str,
    /// The bytes of the component.
    pub component: &'static [u8],
}

macro_rules! builtins {
    ($($name:literal),* $(,)?) => {
        /// All of them, in the order of their names.
        pub const ALL: &[Builtin] = &[$(Builtin {
            name: $name,
            component: include_bytes!(concat!(
                env!("OUT_DIR"), "/lockgate-policy-", $name, ".wasm"
            )),
        }),*];
    };
}

builtins!["cel", "provenance", "sbom", "signatures"];

/// The one of this name.
#[must_use]
pub fn builtin(name: &str) -> Option<&'static Builtin> {
    ALL.iter().find(|builtin| builtin.name == name)
}
