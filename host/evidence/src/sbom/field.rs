//! The words for what a document or a component may state.

use std::str::FromStr;

macro_rules! fields {
    ($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $case:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$case_doc])* $case,)* }

        impl $name {
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();
            /// Every one, in order.
            pub const ALL: &[Self] = &[$(Self::$case),*];

            /// The word for it in WIT.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$case => $word),* }
            }
        }

        impl FromStr for $name {
            type Err = UnknownField;

            fn from_str(word: &str) -> Result<Self, UnknownField> {
                let known = Self::ALL.iter().find(|field| field.as_str() == word);
                known.copied().ok_or_else(|| UnknownField(word.to_owned()))
            }
        }
    };
}

fields! {
    /// What a document may state about itself.
    DocumentField {
        /// A serial number.
        SerialNumber = "serial-number",
        /// When it was made.
        Timestamp = "timestamp",
        /// Who made it.
        Authors = "authors",
        /// Who supplies what it describes.
        Supplier = "supplier",
        /// What it was made with.
        Tools = "tools",
        /// What it describes.
        Component = "component",
        /// What depends on what.
        Dependencies = "dependencies",
    }
}

fields! {
    /// What a document may state of a component.
    ComponentField {
        /// A name that is not blank.
        Name = "name",
        /// A version.
        Version = "version",
        /// A version that names one release: no range, and no name that may be moved.
        ExactVersion = "exact-version",
        /// A package URL, valid or not.
        Purl = "purl",
        /// What databases know it by: a valid package URL, a CPE, a SWID tag, a SWHID.
        Identifier = "identifier",
        /// Who supplies it.
        Supplier = "supplier",
        /// At least one license statement.
        License = "license",
        /// At least one hash.
        Hash = "hash",
        /// At least one hash that names one file for good: by SHA-2, SHA-3 or BLAKE, of its length.
        StrongHash = "strong-hash",
        /// When it was released.
        Released = "released",
        /// Where it comes from: see [`super::Bom::origins`].
        Origin = "origin",
    }
}

/// A word that stands for no field.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a field")]
pub struct UnknownField(pub String);
