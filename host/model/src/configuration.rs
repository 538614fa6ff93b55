//! By which configuration a report was made.

use serde::de::Error as _;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Digest;

/// By which configuration a report was made, and whether the caller had pinned it.
///
/// There is no report by a configuration that differs from its pin, so none can be said. In JSON it
/// is `{ digest, pin }`, each a digest or null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Configuration {
    /// By none: nobody is trusted.
    None,
    /// By the one with this digest, whoever wrote it.
    Unpinned(Digest),
    /// By the one with this digest, which the caller asked for.
    Pinned(Digest),
}

impl Configuration {
    /// The digest over all files of the configuration; none where there is no configuration.
    #[must_use]
    pub const fn digest(&self) -> Option<Digest> {
        match self {
            Self::None => None,
            Self::Unpinned(digest) | Self::Pinned(digest) => Some(*digest),
        }
    }

    /// The digest that the caller asked for, if any.
    #[must_use]
    pub const fn pin(&self) -> Option<Digest> {
        match self {
            Self::None | Self::Unpinned(_) => None,
            Self::Pinned(digest) => Some(*digest),
        }
    }
}

impl Serialize for Configuration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_struct("Configuration", 2)?;
        record.serialize_field("digest", &self.digest())?;
        record.serialize_field("pin", &self.pin())?;
        record.end()
    }
}

impl<'de> Deserialize<'de> for Configuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Pair {
            digest: Option<Digest>,
            pin: Option<Digest>,
        }
        match Pair::deserialize(deserializer)? {
            Pair { digest: None, pin: None } => Ok(Self::None),
            Pair { digest: Some(digest), pin: None } => Ok(Self::Unpinned(digest)),
            Pair { digest, pin: Some(pin) } if digest == Some(pin) => Ok(Self::Pinned(pin)),
            Pair { .. } => Err(D::Error::custom("the configuration is not the one of its pin")),
        }
    }
}
