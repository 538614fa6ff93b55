//! Members of JSON that are read in passing: handed on one by one, or only looked at.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::json::{Object, Words};

/// Reads a list and hands on each element, which is an object, when it is read.
pub(super) struct Each<T, F>(F, PhantomData<T>);

pub(super) fn each<T, F: FnMut(T)>(then: F) -> Each<T, F> {
    Each(then, PhantomData)
}

impl<'de, T: Deserialize<'de>, F: FnMut(T)> DeserializeSeed<'de> for Each<T, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(T)> Visitor<'de> for Each<T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        while let Some(Object(element)) = seq.next_element()? {
            (self.0)(element);
        }
        Ok(())
    }
}

/// Whether something is stated: null, blank text, numbers and truth values (nothing that is asked
/// for is one), and lists and objects of nothing but those state nothing.
#[derive(Default)]
pub(super) struct Stated(pub(super) bool);

impl<'de> Deserialize<'de> for Stated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyStated).map(Self)
    }
}

struct AnyStated;

impl<'de> Visitor<'de> for AnyStated {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_str<E>(self, text: &str) -> Result<bool, E> {
        Ok(!text.trim().is_empty())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        let mut any = false;
        while !any {
            match seq.next_element::<Stated>()? {
                Some(stated) => any = stated.0,
                None => return Ok(false),
            }
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(true)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut any = false;
        while !any {
            match map.next_key::<Words>()? {
                // A name for others to call it by says nothing of it.
                Some(name) if name.0 == "bom-ref" => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some(_) => any = map.next_value::<Stated>()?.0,
                None => return Ok(false),
            }
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(true)
    }
}
