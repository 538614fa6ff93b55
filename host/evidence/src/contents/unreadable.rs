//! Why an artifact has no contents that can be listed.

use std::io;

use lockgate_model::{Digest, Text};

/// Why an artifact has no contents that can be listed. Each is the same in every run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// There are no bytes.
    #[error("only the artifact's digest is known: name its file to see what is inside")]
    OnlyDigest,
    /// It begins like none that is read.
    #[error("the artifact is no archive: a tar, with gzip or without, a zip or an image is read")]
    NoArchive,
    /// An archive of another format, or compressed in another way.
    #[error("the artifact is {what}, which is not read: a tar, with gzip or without, or a zip is")]
    Unsupported {
        /// Which, with its article.
        what: &'static str,
    },
    /// It is two things at once, and readers may take it for either.
    #[error("the artifact is a tar and {other} at once, so it has no one meaning")]
    TwoFormats {
        /// The other, with its article.
        other: &'static str,
    },
    /// It contradicts its format at some place, or ends too early.
    #[error("the archive is damaged at byte {at}: {reason}")]
    Damaged {
        /// The place, in bytes: of a tar that is compressed, inflated.
        at: u64,
        /// A clause.
        reason: String,
    },
    /// It inflates to more than is looked at.
    #[error("the archive inflates to more than {cap} bytes, which is the cap")]
    Bomb {
        /// The cap, in bytes.
        cap: u64,
    },
    /// It inflates out of all proportion.
    #[error("the archive inflates to more than {ratio} times its size, as no honest one does")]
    Ratio {
        /// How many times.
        ratio: u64,
    },
    /// It has more of something than is listed.
    #[error("the archive has more than {cap} {what}, which is the cap")]
    TooMany {
        /// Of what, in the plural.
        what: &'static str,
        /// The cap.
        cap: u64,
    },
    /// An index of images for several platforms.
    #[error(
        "the artifact is an index of images: name one of its manifests by `@sha256:HEX` to see what \
         is inside"
    )]
    Index,
    /// A layer of an image.
    #[error("the layer {layer} {reason}")]
    Layer {
        /// Its digest as it is written.
        layer: Text,
        /// What is wrong, as a predicate.
        reason: String,
    },
    /// The tar in a layer of an image.
    #[error("the layer {layer} cannot be read: {reason}")]
    InLayer {
        /// Its digest.
        layer: Digest,
        /// Why; never again a layer's.
        reason: Box<Unreadable>,
    },
}

/// Why reading stops.
#[derive(Debug)]
pub(super) enum Stop {
    /// The platform failed.
    Broke(io::Error),
    /// The archive is to blame.
    Unreadable(Unreadable),
}

impl From<Unreadable> for Stop {
    fn from(unreadable: Unreadable) -> Self {
        Self::Unreadable(unreadable)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Broke(error)
    }
}

/// An archive contradicts its format at this byte.
pub(super) fn damaged(at: u64, reason: impl Into<String>) -> Unreadable {
    Unreadable::Damaged { at, reason: reason.into() }
}
