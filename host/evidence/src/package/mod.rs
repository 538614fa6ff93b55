//! What packages are called, and which of their versions come before which.

pub(crate) mod purl;

pub use purl::{NotAPurl, Wanted};
