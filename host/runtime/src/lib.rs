//! The sandbox.
//!
//! Runs policies, which are components written by strangers, against facts that were verified
//! elsewhere. A plugin gets a fresh instance for every call, reaches nothing but the interfaces in
//! `wit/`, and spends budgets that are counted, not timed. Whatever it does, the result is an
//! [`Evaluation`]; nothing that a plugin does is an `Err` of the host.
//!
//! This is the only crate that names wasmtime. It never reads a file and knows no policy file; to
//! see who calls it, read the crate `lockgate`.
//!
//! Unsafe code is denied here, as everywhere, and not forbidden: loading machine code needs one call
//! of wasmtime's that is unsafe, and an exception for it in a module of its own, `precompiled`.

mod account;
mod bindings;
mod budget;
mod configuration;
#[expect(unreachable_pub, reason = "the generated bindings export the types behind resources")]
mod host;
mod interfaces;
mod plugin;
mod precompiled;
mod question;
mod sandbox;
mod state;
mod ticker;

pub use account::{Evaluation, Observed};
pub use budget::{Budget, Limits};
pub use interfaces::{SERVED, ability};
pub use plugin::{Brief, Code, Description, Plugin, Rule, Scope, SettingsProblem, Withheld};
pub use question::{Decided, History, Question};
pub use sandbox::{LoadError, MAX_COMPONENT_BYTES, Sandbox};
