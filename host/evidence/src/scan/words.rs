//! What reports say, as it stands in their JSON.

use std::borrow::Cow;
use std::fmt;

use lockgate_model::Instant;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde_json::value::RawValue;

use crate::json::Object;
pub(super) use crate::json::Words;

/// What a member says; none where it is missing, null or blank.
pub(super) fn said(words: Option<Words<'_>>) -> Option<Cow<'_, str>> {
    words.and_then(Words::said)
}

/// What each of some words says, without the blank ones.
pub(super) fn each_said<'a>(words: Option<Vec<Words<'a>>>) -> impl Iterator<Item = Cow<'a, str>> {
    words.into_iter().flatten().filter_map(Words::said)
}

/// What the members of a list are; nothing where there is no list.
pub(super) fn each<T>(list: Option<Vec<Object<T>>>) -> impl Iterator<Item = T> {
    list.into_iter().flatten().map(|object| object.0)
}

/// The moment that a member gives; none where it is no RFC 3339 instant, or the one that programs
/// in Go write for none (the first of January of the year 1).
pub(super) fn moment(words: Option<&Words>) -> Option<Instant> {
    const NONE_IN_GO: i64 = -62_135_596_800;
    let instant: Instant = words?.0.trim().parse().ok()?;
    Some(instant).filter(|instant| instant.unix() != NONE_IN_GO)
}

/// A score, written as a number or in a string; none where it lies outside of 0 to 10.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Score(pub(super) Option<u32>);

impl Score {
    pub(super) fn of(score: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it lies between 0 and 100"
        )]
        let tenths = (0.0..=10.0).contains(&score).then(|| (score * 10.0).round() as u32);
        Self(tenths)
    }

    /// Of a text, which may be anything.
    pub(super) fn read(text: &str) -> Self {
        text.trim().parse().map_or(Self(None), Self::of)
    }
}

impl<'de> Deserialize<'de> for Score {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;

        impl Visitor<'_> for Written {
            type Value = Score;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a score, as a number or in a string")
            }

            fn visit_f64<E>(self, score: f64) -> Result<Score, E> {
                Ok(Score::of(score))
            }

            fn visit_u64<E>(self, score: u64) -> Result<Score, E> {
                Ok(u32::try_from(score).map_or(Score(None), |score| Score::of(f64::from(score))))
            }

            fn visit_i64<E>(self, _: i64) -> Result<Score, E> {
                Ok(Score(None))
            }

            fn visit_str<E>(self, text: &str) -> Result<Score, E> {
                Ok(Score::read(text))
            }

            fn visit_unit<E>(self) -> Result<Score, E> {
                Ok(Score(None))
            }
        }

        deserializer.deserialize_any(Written)
    }
}

/// A string in a place where the format lets anything stand; what is no string says nothing.
#[derive(Debug, Default, Clone)]
pub(super) struct Loose<'a>(Option<Cow<'a, str>>);

impl<'a> Loose<'a> {
    /// None where it says nothing.
    pub(super) fn said(&self) -> Option<&Cow<'a, str>> {
        self.0.as_ref().filter(|text| !text.trim().is_empty())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Loose<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        let words = serde_json::from_str::<Words>(raw.get());
        Ok(Self(words.ok().map(|words| words.0)))
    }
}

/// A list of objects, or one of them by itself.
#[derive(Debug)]
pub(super) struct OneOrMany<T>(pub(super) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object or a list of objects")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<T>, A::Error> {
                Ok(vec![T::deserialize(MapAccessDeserializer::new(map))?])
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
                let mut all = Vec::new();
                while let Some(Object(one)) = seq.next_element()? {
                    all.push(one);
                }
                Ok(all)
            }
        }

        deserializer.deserialize_any(Either(std::marker::PhantomData)).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_kept_in_tenths_and_only_between_0_and_10() {
        let score = |text: &str| serde_json::from_str::<Score>(text).unwrap().0;
        for (text, expected) in [
            ("9.8", Some(98)),
            ("5", Some(50)),
            ("0", Some(0)),
            ("10.0", Some(100)),
            ("\"7.5\"", Some(75)),
            ("\" 7.5 \"", Some(75)),
            ("10.1", None),
            ("11", None),
            ("-1", None),
            ("-0.1", None),
            ("99999999999999", None),
            ("\"high\"", None),
            ("\"NaN\"", None),
            ("\"inf\"", None),
            ("\"\"", None),
            ("null", None),
        ] {
            assert_eq!(score(text), expected, "{text}");
        }
        assert!(serde_json::from_str::<Score>("[9.8]").is_err());
    }

    #[test]
    fn the_moment_that_means_none_is_none() {
        let moment = |text: &str| moment(Some(&Words(text.into())));
        assert!(moment("0001-01-01T00:00:00Z").is_none());
        assert!(moment("").is_none() && moment("2021-08-25").is_none());
        assert_eq!(moment("2021-08-25T12:20:30.000000005Z").unwrap().unix(), 1_629_894_030);
        assert_eq!(moment("2021-08-25T14:20:30+02:00").unwrap().unix(), 1_629_894_030);
    }
}
