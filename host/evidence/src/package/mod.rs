//! What packages are called, and which of their versions come before which.

mod location;
mod parts;
pub(crate) mod purl;
mod rules;
mod version;

pub use location::{Location, NotALocation, default_registries};
pub use parts::{NotAPurl, Purl};
pub use purl::Wanted;
pub use version::{NotARange, NotAVersion, Range, Scheme, inexact};

/// A glob over canonical package URLs, as packages are compared: in it the beginning stands in the form
/// of [`rules::folded`], for two spellings of one name are one package.
pub(crate) fn folded(glob: &str) -> std::borrow::Cow<'_, str> {
    let end = glob.find(['@', '?', '#']).unwrap_or(glob.len());
    let (name, rest) = glob.split_at_checked(end).unwrap_or((glob, ""));
    match rules::folded(name) {
        Some(folded) => format!("{folded}{rest}").into(),
        None => glob.into(),
    }
}

/// The canonical text of a package URL: the same for all spellings of it.
///
/// # Errors
///
/// The text is no package URL.
pub fn canonical(text: &str) -> Result<String, NotAPurl> {
    purl::read(text).map(|(text, _)| text).map_err(|why| NotAPurl::of(text, why))
}
