//! JSON that has one meaning.

use std::fmt;

use lockgate_plugin::Failure;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// How many characters of a name a message repeats.
const MAX_SHOWN: usize = 100;

/// The least whole number of 64 bits, -2^63. It comes as one; as a double come those below it.
const LEAST: f64 = -9_223_372_036_854_775_808.0;

/// The first that none is, 2^64.
const PAST_ALL: f64 = 18_446_744_073_709_551_616.0;

/// The value that a text in JSON is.
///
/// # Errors
///
/// It is none, has a member twice or a number beyond those of 64 bits, or is nested deeper than 128 times.
pub fn json(bytes: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(bytes).map(|Strict(value)| value).map_err(|why| why.to_string())
}

/// The same where it has to be one; `what` says what it is.
pub(crate) fn parse(bytes: &[u8], what: &str) -> Result<Value, Failure> {
    json(bytes).map_err(|why| Failure::from(format!("{what} cannot be read as JSON: {why}")))
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

    /// A whole number that does not fit into 64 bits comes as a double, as all do that are larger: two
    /// that differ in their last digits would be one.
    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        if value <= LEAST || value >= PAST_ALL {
            return Err(E::custom("a number does not fit into 64 bits"));
        }
        let number = Number::from_f64(value);
        number.map(Value::Number).ok_or_else(|| E::custom("a number is out of range"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(Strict(element)) = sequence.next_element()? {
            elements.push(element);
        }
        Ok(Value::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let Strict(value) = map.next_value()?;
            if members.contains_key(&name) {
                let shown: String = name.chars().take(MAX_SHOWN).collect();
                return Err(A::Error::custom(format!("the member `{shown}` stands twice")));
            }
            members.insert(name, value);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        parse(text.as_bytes(), "`a.json`").unwrap_err().to_string()
    }

    #[test]
    fn a_value_is_what_it_says() {
        let text = r#"{"b":[1,-2,3.5,null,true,"x",18446744073709551615],"a":{}}"#;
        let value = parse(text.as_bytes(), "it").unwrap();
        assert_eq!(value, serde_json::from_str::<Value>(text).unwrap());
    }

    #[test]
    fn what_has_two_meanings_is_refused() {
        assert_eq!(
            refused(r#"{"a":{"b":1,"b":2}}"#),
            "`a.json` cannot be read as JSON: the member `b` stands twice at line 1 column 18"
        );
        assert!(refused("{").contains("EOF"));
        // Of two such numbers nobody could tell whether they are the same.
        for number in
            ["18446744073709551616", "18446744073709551617", "-9223372036854775809", "1e30"]
        {
            let why = "a number does not fit into 64 bits";
            assert!(refused(&format!("{{\"a\":{number}}}")).contains(why), "{number}");
        }
        for number in ["18446744073709551615", "-9223372036854775808", "1e19", "0.1", "-1e-30"] {
            parse(number.as_bytes(), "it").unwrap();
        }
        assert!(refused("1 2").contains("trailing"));
        assert!(refused("1e999").contains("out of range"));
        assert!(refused(&"[".repeat(200)).contains("recursion"));
    }
}
