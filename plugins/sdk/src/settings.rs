//! From the settings' JSON text to a policy.
//!
//! The text becomes values first, and serde reads those: so whoever fails knows where, and a policy of a
//! few kilobytes carries no reader of floating-point numbers.

use std::fmt;

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Expected, IntoDeserializer,
    MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use crate::json::{self, Value};
use crate::{Policy, Problem};

/// The policy that settings in JSON ask for: the way in that the host uses, and tests may.
///
/// # Errors
///
/// What is wrong with the settings: either their form, or all that [`Policy::new`] refuses.
pub fn from_json<P: Policy>(settings: &str) -> Result<P, Vec<Problem>> {
    P::new(read(settings).map_err(|problem| vec![problem])?)
}

/// Settings in JSON as their type, for tests that make a policy in another way than [`Policy::new`].
///
/// # Errors
///
/// What is wrong with the form of the settings.
pub fn read<S: DeserializeOwned>(settings: &str) -> Result<S, Problem> {
    let value = json::parse(settings)
        .map_err(|error| Problem::new("", format!("the settings are {error}")))?;
    S::deserialize(Reading(&value)).map_err(|wrong| {
        let mut pointer = String::new();
        for segment in wrong.0.path.iter().rev() {
            pointer.push('/');
            pointer.push_str(segment);
        }
        Problem::new(pointer, wrong.0.message)
    })
}

/// A member's name as a token of a JSON pointer.
#[must_use]
pub fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// What does not fit its type. In a box, for every step of the way down may fail, and a policy is as large
/// as what it hands up.
#[derive(Debug)]
struct Wrong(Box<Told>);

#[derive(Debug)]
struct Told {
    message: String,
    /// The tokens of the pointer to it, the last first.
    path: Vec<String>,
}

impl Wrong {
    #[cold]
    fn within(mut self, token: String) -> Self {
        self.0.path.push(token);
        self
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Wrong {}

impl de::Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(Box::new(Told { message: message.to_string(), path: Vec::new() }))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::custom(format_args!("`{field}` is missing")).within(field.to_owned())
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let known = expected.join("`, `");
        Self::custom(format_args!("`{field}` is not known here: `{known}` is"))
    }

    // As serde says it, but for floating-point numbers, which there are none of here.
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("invalid type: {}, expected {expected}", Found(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("invalid value: {}, expected {expected}", Found(found)))
    }
}

/// What was there, in serde's words.
struct Found<'a>(Unexpected<'a>);

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Unexpected::Bool(is) => write!(f, "boolean `{is}`"),
            Unexpected::Unsigned(number) => write!(f, "integer `{number}`"),
            Unexpected::Signed(number) => write!(f, "integer `{number}`"),
            Unexpected::Str(text) => write!(f, "string \"{text}\""),
            Unexpected::Other(what) => f.write_str(what),
            Unexpected::Unit | Unexpected::Option => f.write_str("null"),
            Unexpected::Seq => f.write_str("sequence"),
            Unexpected::Map => f.write_str("map"),
            _ => f.write_str("something else"),
        }
    }
}

/// Methods that do what another does.
macro_rules! alike {
    ($($one:ident: $($alike:ident)*;)*) => {$($(
        fn $alike<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            self.$one(visitor)
        }
    )*)*};
}

/// A value that is being read.
#[derive(Clone, Copy)]
struct Reading<'v>(&'v Value);

impl<'v> Reading<'v> {
    /// The members of an object.
    fn object(self, expected: &dyn Expected) -> Result<Members<'v>, Wrong> {
        match self.0 {
            Value::Object(members) => Ok(Members { members, value: None }),
            _ => Err(self.unexpected(expected)),
        }
    }

    /// The elements of a list.
    fn array(self, expected: &dyn Expected) -> Result<Elements<'v>, Wrong> {
        match self.0 {
            Value::Array(elements) => Ok(Elements { elements, at: 0 }),
            _ => Err(self.unexpected(expected)),
        }
    }

    /// A string.
    fn text(self, expected: &dyn Expected) -> Result<&'v str, Wrong> {
        match self.0 {
            Value::String(text) => Ok(text),
            _ => Err(self.unexpected(expected)),
        }
    }

    /// A whole number: where it is not negative, and where it is.
    fn number(self, expected: &dyn Expected) -> Result<Result<u64, i64>, Wrong> {
        match self.0 {
            Value::Number(number) => match (number.parse(), number.parse()) {
                (Ok(number), _) => Ok(Ok(number)),
                (_, Ok(number)) => Ok(Err(number)),
                _ => Err(self.unexpected(expected)),
            },
            _ => Err(self.unexpected(expected)),
        }
    }

    #[cold]
    fn unexpected(self, expected: &dyn Expected) -> Wrong {
        let found = match self.0 {
            Value::Null => Unexpected::Unit,
            Value::Bool(is) => Unexpected::Bool(*is),
            Value::Number(number) => {
                let is_whole = !number.contains(['.', 'e', 'E']);
                let kind = if is_whole { "integer" } else { "floating point" };
                let what = format!("{kind} `{number}`");
                return de::Error::invalid_type(Unexpected::Other(&what), expected);
            }
            Value::String(text) => Unexpected::Str(text),
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
        };
        de::Error::invalid_type(found, expected)
    }
}

impl<'de> Deserializer<'de> for Reading<'_> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(is) => visitor.visit_bool(*is),
            Value::Number(_) => self.deserialize_u64(visitor),
            Value::String(text) => visitor.visit_str(text),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(_) => self.deserialize_map(visitor),
        }
    }

    // What each type asks for has a way of its own: by way of `deserialize_any` each would carry the
    // code for all.

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Bool(is) => visitor.visit_bool(*is),
            _ => Err(self.unexpected(&visitor)),
        }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.number(&visitor)? {
            Ok(number) => visitor.visit_u64(number),
            Err(number) => visitor.visit_i64(number),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let text = self.text(&visitor)?;
        visitor.visit_str(text)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let mut elements = self.array(&visitor)?;
        let read = visitor.visit_seq(&mut elements)?;
        elements.end().map(|()| read)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let members = self.object(&visitor)?;
        visitor.visit_map(members)
    }

    /// A number with a fraction is read only here, where the type asks for one.
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Number(number) => match number.parse() {
                Ok(number) => visitor.visit_f64(number),
                Err(_) => Err(self.unexpected(&visitor)),
            },
            _ => Err(self.unexpected(&visitor)),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::String(variant) => visitor.visit_enum(Variant { variant, value: None }),
            Value::Object(members) => match members.as_slice() {
                [(variant, value)] => visitor.visit_enum(Variant { variant, value: Some(value) }),
                _ => {
                    let expected = "map with a single key";
                    Err(de::Error::invalid_value(Unexpected::Map, &expected))
                }
            },
            _ => Err(self.unexpected(&"string or map")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_map(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_seq(visitor)
    }

    alike! {
        deserialize_u64: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
            deserialize_u8 deserialize_u16 deserialize_u32;
        deserialize_str: deserialize_char deserialize_string deserialize_identifier;
    }

    forward_to_deserialize_any! {
        i128 u128 bytes byte_buf unit unit_struct tuple_struct
    }
}

struct Elements<'v> {
    elements: &'v [Value],
    at: usize,
}

impl Elements<'_> {
    /// Nothing is passed over.
    fn end(&self) -> Result<(), Wrong> {
        if self.at == self.elements.len() {
            return Ok(());
        }
        Err(de::Error::invalid_length(self.elements.len(), &"fewer elements in sequence"))
    }
}

impl<'de> SeqAccess<'de> for &mut Elements<'_> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Wrong> {
        let Some(element) = self.elements.get(self.at) else { return Ok(None) };
        let at = self.at;
        self.at += 1;
        let read = seed.deserialize(Reading(element));
        read.map(Some).map_err(|wrong| wrong.within(at.to_string()))
    }
}

struct Members<'v> {
    members: &'v [(String, Value)],
    /// The one whose name was read last.
    value: Option<&'v (String, Value)>,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Wrong> {
        let Some((next, rest)) = self.members.split_first() else { return Ok(None) };
        (self.members, self.value) = (rest, Some(next));
        let name = next.0.as_str().into_deserializer();
        seed.deserialize(name).map(Some).map_err(|wrong: Wrong| wrong.within(escaped(&next.0)))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Wrong> {
        let Some((name, value)) = self.value.take() else {
            return Err(de::Error::custom("a value is asked for before its name"));
        };
        seed.deserialize(Reading(value)).map_err(|wrong| wrong.within(escaped(name)))
    }
}

/// A variant of an enum: a word, or a member whose name it is.
struct Variant<'v> {
    variant: &'v str,
    value: Option<&'v Value>,
}

impl<'de> EnumAccess<'de> for Variant<'_> {
    type Error = Wrong;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), Wrong> {
        let name = self.variant.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl Variant<'_> {
    fn within(&self, wrong: Wrong) -> Wrong {
        wrong.within(escaped(self.variant))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        match self.value {
            None | Some(Value::Null) => Ok(()),
            Some(value) => Err(self.within(Reading(value).unexpected(&"unit"))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        let value = self.value.unwrap_or(&Value::Null);
        seed.deserialize(Reading(value)).map_err(|wrong| self.within(wrong))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        let value = self.value.unwrap_or(&Value::Null);
        Reading(value).deserialize_any(visitor).map_err(|wrong| self.within(wrong))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.tuple_variant(0, visitor)
    }
}

#[cfg(test)]
mod tests;
