//! Package URLs, versions, and the places that packages come from.
//!
//! Knowledge and no evidence: it can be asked in [`Policy::new`](crate::Policy::new), too. The functions
//! are the host's as they are, for whoever asks wants to say why there is no answer.

pub use crate::bindings::lockgate::policy::packages::{
    Order, PackageUrl, Range, compare, inexact, lies_in, location, purl, registries, scheme, vers,
};
