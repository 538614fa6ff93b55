#![doc = include_str!("../README.md")]

pub mod assignment;
pub mod bindings;
pub mod boms;
pub mod contents;
pub mod data;
pub mod duration;
mod evidence;
pub mod exceptions;
pub mod expressions;
pub mod form;
pub mod glob;
#[doc(hidden)]
pub mod guest;
pub mod history;
pub mod instant;
pub mod json;
pub mod notes;
pub mod packages;
mod pages;
pub mod pattern;
mod policy;
mod report;
pub mod scans;
mod settings;
pub mod tally;
pub mod test_results;

/// The question itself: the artifact's digest, the stage, the moment, and the policy's log.
pub use bindings::lockgate::policy::context;
/// Why the host did not answer a question.
pub use bindings::lockgate::policy::types::Refusal;
pub use evidence::{
    Attestation, Bom, Component, Document, License, Predicate, Query, Signature, Signed, Signer,
    attestations, components, licenses, sboms, signatures,
};
pub use policy::{Description, Failure, Policy, Problem, Rule, reason};
pub use report::{Finding, Level, Report, State, brief};
pub use settings::{escaped, from_json, read};

/// Makes a [`Policy`] the policy of this component. Once in a crate.
///
/// Outside WebAssembly it only checks the type, for the names of a component's exports do not
/// link natively: so the policy's logic is tested by a plain `cargo test`.
#[macro_export]
macro_rules! export {
    ($policy:ty) => {
        #[cfg(target_family = "wasm")]
        type LockgateExported = $crate::guest::Exported<$policy>;
        #[cfg(target_family = "wasm")]
        $crate::bindings::export_raw!(LockgateExported with_types_in $crate::bindings);

        const _: fn() = || {
            fn is_a_policy<P: $crate::Policy>() {}
            is_a_policy::<$policy>();
        };
    };
}
