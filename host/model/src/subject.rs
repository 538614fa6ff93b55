//! What is judged, and where it wants to go.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{Digest, Text};

/// The artifact that is judged. Its identity is its digest; the name is a label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The file's name, or the digest itself where only that was given; for an image in an OCI layout
    /// the layout's name with the tag or the digest.
    pub name: Text,
    /// SHA-256 of its bytes; for an image, of its manifest's.
    pub digest: Digest,
}

/// The name of a stage, for example `production`: lower-case letters, digits and single dashes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Stage(String);

impl Stage {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Stage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Text::deserialize(deserializer)?.as_str().parse().map_err(D::Error::custom)
    }
}

/// A text that is no name of a stage.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a stage's name is lower-case letters, digits and single dashes, for example `production`")]
pub struct StageError;

impl std::str::FromStr for Stage {
    type Err = StageError;

    fn from_str(text: &str) -> Result<Self, StageError> {
        if is_kebab_case(text) { Ok(Self(text.to_owned())) } else { Err(StageError) }
    }
}

/// Lower-case letters and digits in words that single dashes join, at most 64 bytes.
pub(crate) fn is_kebab_case(text: &str) -> bool {
    text.len() <= 64
        && text.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9'))
        })
}
