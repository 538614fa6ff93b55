//! The digest by which an artifact is named.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Text;

/// The SHA-256 digest of some bytes. Equality of digests is equality of things.
///
/// It is written `sha256:` and 64 lower-case hexadecimal digits, and nothing else is read: one
/// spelling for one thing.
///
/// ```
/// use lockgate_model::Digest;
///
/// let text = "sha256:e34a28afa7c81ab972cc515040e53c4a9a2d62f5a927de6b314c4897bd1b90ca";
/// assert_eq!(text.parse::<Digest>().unwrap().to_string(), text);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// From the 32 bytes that SHA-256 yields.
    #[must_use]
    pub const fn from_sha256(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// 64 lower-case hexadecimal digits, without the algorithm.
    #[must_use]
    pub fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Text::deserialize(deserializer)?.as_str().parse().map_err(D::Error::custom)
    }
}

/// Why a text is no [`Digest`].
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DigestError {
    /// It does not begin with `sha256:`.
    #[error("a digest begins with `sha256:`")]
    Algorithm,
    /// What follows is not 64 digits long.
    #[error("a sha256 digest has 64 hexadecimal digits, and this has {0}")]
    Length(usize),
    /// What follows has a character that is no lower-case hexadecimal digit.
    #[error("`{0}` is not a lower-case hexadecimal digit")]
    Digit(char),
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let hex = text.strip_prefix("sha256:").ok_or(DigestError::Algorithm)?;
        if let Some(odd) = hex.chars().find(|c| !matches!(c, '0'..='9' | 'a'..='f')) {
            return Err(DigestError::Digit(odd));
        }
        if hex.len() != 64 {
            return Err(DigestError::Length(hex.len()));
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            *byte = (nibble(pair[0]) << 4) | nibble(pair[1]);
        }
        Ok(Self(bytes))
    }
}

/// The value of a digit that was already found to be one.
const fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => digit - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_has_one_spelling() {
        let upper = format!("sha256:{}", "A".repeat(64));
        assert_eq!(upper.parse::<Digest>(), Err(DigestError::Digit('A')));
        assert_eq!("sha256:ab".parse::<Digest>(), Err(DigestError::Length(2)));
        assert_eq!("sha512:ab".parse::<Digest>(), Err(DigestError::Algorithm));
        assert_eq!("sha256:é".parse::<Digest>(), Err(DigestError::Digit('é')));
    }
}
