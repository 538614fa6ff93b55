//! A Sigstore instance of our own, in memory: everything that a real one would sign.
//!
//! An [`Instance`] is a certificate authority as Fulcio is, a transparency log as Rekor v1 is, and,
//! where a test asks for them, a certificate transparency log and a timestamp authority. Its keys
//! are fresh in every run. [`Instance::sign`] and [`Instance::attest`] make a bundle, step by step:
//! a test states only what it is about, and everything else is as it has to be.
//!
//! ```
//! use lockgate_tests::forge::Instance;
//!
//! let instance = Instance::new();
//! let root = instance.trusted_root();
//! let bundle = instance.sign(b"the artifact").at("2026-10-01T12:00:00Z").bundle();
//! assert!(root.contains("trustedroot") && bundle.json().contains("messageSignature"));
//! ```
//!
//! What is written here follows RFC 5280 (certificates), RFC 6962 (SCTs and Merkle trees), RFC 3161
//! and RFC 5652 (timestamps), and Sigstore's protobuf-specs (bundles and trusted roots). That it
//! is right is tested with a verifier that is not ours: `tests/tests/forge.rs`.

mod authority;
mod bundle;
mod certificate;
mod ct;
mod der;
mod instance;
mod key;
mod log;
mod older;
mod signing;
mod timestamp;

pub use bundle::Bundle;
pub use certificate::{CLAIMS, GITHUB, WORKFLOW};
pub use instance::Instance;
pub use key::Key;
pub use older::simple_payload;
pub use signing::{Signing, Version};

use jiff::Timestamp;

/// A moment as a test writes it, in RFC 3339.
///
/// # Panics
///
/// If it is none.
fn moment(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|why| panic!("`{text}` is no moment: {why}"))
}
