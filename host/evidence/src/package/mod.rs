//! What packages are called, and which of their versions come before which.

mod parts;
pub(crate) mod purl;
mod rules;
mod version;

pub use parts::{NotAPurl, Purl};
pub use purl::Wanted;
pub use version::{NotARange, NotAVersion, Range, Scheme};

/// The canonical text of a package URL: the same for all spellings of it.
///
/// # Errors
///
/// The text is no package URL.
pub fn canonical(text: &str) -> Result<String, NotAPurl> {
    purl::read(text).map(|(text, _)| text).map_err(|why| NotAPurl::of(text, why))
}
