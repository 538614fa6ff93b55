//! What VEX documents say, as it stands in their JSON.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use lockgate_model::Instant;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, de};

pub(super) use crate::json::Words;
use crate::reason::quoted;

/// What a member says; none where it is missing, null or blank.
pub(super) fn said(words: Option<Words>) -> Option<String> {
    let text = words?.0;
    (!text.trim().is_empty()).then(|| text.into_owned())
}

/// The moment that a member gives. The error quotes what is none.
pub(super) fn moment(words: Option<Words>) -> Result<Option<Instant>, String> {
    let Some(text) = said(words) else { return Ok(None) };
    text.trim().parse().map(Some).map_err(|_| quoted(&text))
}

/// Something that is written as its name, or as an object.
#[derive(Debug)]
pub(super) enum Named<'a, T> {
    Name(Cow<'a, str>),
    Object(T),
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for Named<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<'a, T>(PhantomData<(&'a (), T)>);

        impl<'de: 'a, 'a, T: Deserialize<'de>> Visitor<'de> for Either<'a, T> {
            type Value = Named<'a, T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an object")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Named::Name(Cow::Borrowed(text)))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Named::Name(Cow::Owned(text.to_owned())))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Named::Object)
            }
        }

        deserializer.deserialize_any(Either(PhantomData))
    }
}
