//! The policies that come with Lockgate, as WebAssembly components.
//!
//! Their sources are in `plugins/`. The build script compiles them, and the same sources give the
//! same bytes wherever that happens (`tests/reproducible.rs`). They run in the same sandbox as
//! any other plugin: being built in gives them no right. With the feature `precompiled` they come as
//! machine code, too, so that a run over them has nothing to compile.
//!
//! ```
//! let sbom = lockgate_builtins::builtin("sbom").unwrap();
//! assert!(sbom.component.starts_with(b"\0asm"));
//! assert!(lockgate_builtins::builtin("hostile").is_none());
//! ```
#![forbid(unsafe_code)]

use std::fmt;

/// A policy that comes with Lockgate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Builtin {
    /// What a policy file writes after `builtin:`.
    pub name: &'static str,
    /// The bytes of the component.
    pub component: &'static [u8],
    /// SHA-256 of the component.
    pub digest: [u8; 32],
    /// What the component was compiled to.
    pub compiled: Compiled,
}

/// Machine code that the build script made; empty if it made none.
///
/// Whoever runs machine code has to trust it. So only this module can make one: the field is private,
/// and there is no constructor.
// INVARIANT: what the build script wrote, whole and unchanged. `lockgate-runtime` rests on it where it
// is unsafe not to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Compiled(&'static [u8]);

impl Compiled {
    /// An object file, in wasmtime's form.
    #[must_use]
    pub fn bytes(self) -> &'static [u8] {
        self.0
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Compiled({} bytes)", self.0.len())
    }
}

macro_rules! builtins {
    ($($name:literal),* $(,)?) => {
        /// All of them, in the order of their names.
        pub const ALL: &[Builtin] = &[$(Builtin {
            name: $name,
            component: include_bytes!(concat!(
                env!("OUT_DIR"), "/lockgate-policy-", $name, ".wasm"
            )),
            digest: *include_bytes!(concat!(
                env!("OUT_DIR"), "/lockgate-policy-", $name, ".sha256"
            )),
            compiled: Compiled(include_bytes!(concat!(
                env!("OUT_DIR"), "/lockgate-policy-", $name, ".cwasm"
            ))),
        }),*];
    };
}

builtins![
    "cel",
    "contents",
    "dependencies",
    "freeze",
    "immutability",
    "provenance",
    "rego",
    "reproducible",
    "sbom",
    "signatures",
    "tests",
    "vulnerabilities"
];

/// The one of this name.
#[must_use]
pub fn builtin(name: &str) -> Option<&'static Builtin> {
    ALL.iter().find(|builtin| builtin.name == name)
}
