//! JSON that has one meaning, as a value of Rego.

use std::fmt;

use regorus::Value;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// The value that a document is.
///
/// # Errors
///
/// It is no JSON, has a member twice, or is nested deeper than 128 times.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(bytes).map(|Strict(value)| value).map_err(|why| why.to_string())
}

/// A value in whose objects each name stands once: of two members of a name, some readers take the
/// first and some the last.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor).map(Self)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(Strict(element)) = sequence.next_element()? {
            elements.push(element);
        }
        Ok(elements.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = std::collections::BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            let Strict(value) = map.next_value()?;
            let key = Value::from(name.as_str());
            if members.insert(key, value).is_some() {
                return Err(A::Error::custom(format!("the member `{name}` stands twice")));
            }
        }
        Ok(members.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_what_it_says() {
        let text = r#"{"a":{},"b":[1,-2,3.5,null,true,"x",18446744073709551615]}"#;
        assert_eq!(parse(text.as_bytes()).unwrap(), Value::from_json_str(text).unwrap());
    }

    #[test]
    fn what_has_two_meanings_is_refused() {
        let refused = |text: &str| parse(text.as_bytes()).unwrap_err();
        assert_eq!(
            refused(r#"{"a":{"b":1,"b":2}}"#),
            "the member `b` stands twice at line 1 column 18"
        );
        assert!(refused("{").contains("EOF"));
        assert!(refused("1 2").contains("trailing"));
        assert!(refused("1e999").contains("out of range"));
        assert!(refused(&"[".repeat(200)).contains("recursion"));
    }
}
